"""Each key business question has one answer, which summary and section page share; it names what is furthest off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import catalogue_data, make_kpi
from xlperf.assessment import Assessment
from xlperf.catalogue import Catalogue, load_catalogue
from xlperf.documents.document import Document, PageTable, Paragraph, blocks_of, plain
from xlperf.ledger import Imported, LedgerRun, state_of
from xlperf.period import Period
from xlperf.report.pages.board_pack import pack
from xlperf.report.question_answers import answers
from xlperf.returns.figure import Figure

Q2 = "2026-27-Q2"
REGIONS = {"R1": 96.0, "R2": 94.0, "R3": 88.0, "R4": 71.0}


def catalogue(*, parts: tuple[str, ...] = ("summary", "questions")) -> Catalogue:
    data = catalogue_data()
    data["pack"] = {"parts": list(parts)}
    data["orgs"] = [{"code": "TRUST", "name": "Small Trust"}] + [
        {"code": code, "name": f"Region {code[1]}", "parent": "TRUST", "responsible_owner": "alpha"} for code in REGIONS
    ]
    data["questions"].append({"id": "q-none", "section": "money", "text": "Does nobody know?"})
    rolled = make_kpi(
        id="R1", name="Reviews in regions", orgs=[*REGIONS], roll_up={"orgs": "worst"}, question="q-quality"
    )
    alone = make_kpi(id="B1", name="Bills paid", section="money", question="q-money", responsible_owner="beta")
    other = make_kpi(id="B2", name="Other bills", section="money", question="q-money", responsible_owner="beta")
    free = make_kpi(id="B3", name="Free of questions", section="money", question=None, responsible_owner="beta")
    data["kpis"] = [rolled, alone, other, free]
    return Catalogue.model_validate(data)


def assessed(figures: dict[tuple[str, str], float], **how: Any) -> Assessment:
    given = tuple(Figure(kpi, org, Q2, actual=actual) for (kpi, org), actual in figures.items())
    run = LedgerRun("1", "import", "2026-10-01T00:00:00Z", "t", (Imported("0" * 64, "a.csv", given, at="2026-10-01"),))
    return Assessment(catalogue(**how), state_of([run]), Period.parse(Q2), datetime(2026, 11, 1, tzinfo=UTC))


ALL = {**{("R1", org): actual for org, actual in REGIONS.items()}, ("B1", "TRUST"): 84.0, ("B2", "TRUST"): 60.0,
       ("B3", "TRUST"): 95.0}  # fmt: skip


def sentences(assessment: Assessment) -> dict[str, str]:
    return {each.question.id: each.sentence for each in answers(assessment, assessment.latest)}


def test_a_rolled_up_figure_says_how_many_of_its_parts_are_on_target_and_which_is_furthest_off() -> None:
    assert sentences(assessed(ALL))["q-quality"] == (
        "0 of 1 on target: 1 Red; off target is R1 Reviews in regions, 71.0 %; 2 of 4 parts on target, furthest off "
        "target is Region 4, 71.0 %."
    )


def test_the_furthest_off_is_so_in_tolerances_and_the_only_one_is_not_called_furthest() -> None:
    assert (
        sentences(assessed(ALL))["q-money"] == "0 of 2 on target: 2 Red; furthest off target is B2 Other bills, 60.0 %."
    )
    one = assessed({**ALL, ("B2", "TRUST"): 93.0})
    assert sentences(one)["q-money"] == "1 of 2 on target: 1 Red, 1 Green; off target is B1 Bills paid, 84.0 %."
    none = assessed({("B1", "TRUST"): 92.0, ("B2", "TRUST"): 93.0})
    assert sentences(none)["q-money"] == "2 of 2 on target: 2 Green."


def texts(document: Document) -> Iterator[str]:
    for block in blocks_of(document):
        if isinstance(block, Paragraph):
            yield plain(block.words)
        elif isinstance(block, PageTable):
            yield from (" | ".join(plain(cell.words) for cell in row.cells) for row in block.rows)


def test_the_summary_and_the_page_of_a_section_say_the_same() -> None:
    assessment = assessed(ALL)
    said = [*texts(pack(assessment, "an edition"))]
    for sentence in sentences(assessment).values():
        assert sum(sentence.removesuffix(".") in each for each in said) == 2, sentence


def test_below_a_question_stand_its_figures_with_their_parts_and_what_answers_none_is_said() -> None:
    document = pack(assessed(ALL, parts=("questions",)), "an edition")
    assert [part.title for part in document.parts] == [
        "Quality: questions and answers", "Money and people: questions and answers",
    ]  # fmt: skip
    tables = [block for block in blocks_of(document) if isinstance(block, PageTable)]
    assert [plain(row.cells[1].words).split(" (")[0] for row in tables[0].rows] == [
        "Reviews in regions", "Region 1", "Region 2", "Region 3", "Region 4",
    ]  # fmt: skip
    assert [row.cells[1].indent for row in tables[0].rows] == [0, 1, 1, 1, 1]
    said = [*texts(document)]
    assert "No indicator answers it." in said
    assert any("Free of questions" in plain(row.cells[1].words) for row in tables[-1].rows)
    assert "These answer no question of the catalogue." in said


def test_a_board_has_neither_page_unless_its_catalogue_names_it() -> None:
    data = catalogue_data()
    parts = Catalogue.model_validate(data).pack.parts
    assert not {"questions", "enquiries"} & set(map(str, parts))


@pytest.mark.parametrize(
    "framework", ["kpi_catalogue.yaml", *(f"catalogues/{each}.yaml" for each in ("trust", "hee", "ics"))]
)
def test_questions_for_the_meeting_are_in_no_pack_of_a_board_that_is_shipped(framework: str) -> None:
    shipped = load_catalogue(Path(__file__).parent.parent.parent / framework)
    assert "enquiries" not in shipped.pack.parts
    assert ("questions" in shipped.pack.parts) == (shipped.framework == "hee")
