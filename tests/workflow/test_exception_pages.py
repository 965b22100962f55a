"""What the pack says of exceptions, as a reader takes it: in what order, of which period, and where nobody spoke."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Q1, Q2, catalogue_data, kpi_in
from tests.workflow.test_pack import words_of
from tests.workflow.test_pack_edges import assessed, series, team_of
from xlperf.documents.document import Document, Heading, blocks_of, charts_of
from xlperf.ledger.records import Decision
from xlperf.report import layout
from xlperf.report.pages.board_pack import pack
from xlperf.report.pages.series_chart import series_chart
from xlperf.report.views import SHEET_OF
from xlperf.returns.figure import Figure

OF_V1 = Decision("V1", "TRUST", "Enhanced", "Chief Executive", "2026-07-01", "Agreed.")
TWO_SITES = {"orgs": "sum", "targets": [{"from": "2024-25", "target": 20, "tolerance": {"absolute": 10}}]}


def with_two_sites() -> dict[str, Any]:
    """A catalogue whose complaints are counted at two sites and added up."""
    data = catalogue_data()
    kpi_in(data, "C1").update(orgs=["NORTH", "SOUTH"], roll_up=TWO_SITES)
    return data


def pack_of(folder: Path, data: dict[str, Any], *figures: Figure, decided: Decision | None = None) -> Document:
    """The pack of Quarter 2 with these figures, and with a decision about one of them."""
    team = team_of(folder / "workspace", data, *figures)
    if decided:
        team.happens(decided)
    return pack(assessed(team), "an edition")


def headings(document: Document) -> list[str]:
    """The exceptions in the order of the pages, each as it is headed."""
    (part,) = [part for part in document.parts if part.title == "Exceptions"]
    within = Document("", "", "", document.produced, (part,))
    return [f"{block.text} · {block.beside}" for block in blocks_of(within) if isinstance(block, Heading)]


def told(document: Document, title: str) -> list[str]:
    """Every text of a part, its heading's line among them."""
    (part,) = [part for part in document.parts if part.title.startswith(title)]
    return [part.beside, part.under, *words_of(part.blocks)]


def test_a_figure_stands_where_its_gravest_part_belongs(tmp_path: Path) -> None:
    """A site in a stage is told with the whole, which is Amber, and still before a Red that is in none."""
    sites = [*series("C1", "NORTH", [11]), *series("C1", "SOUTH", [17])]
    decided = Decision("C1", "SOUTH", "Targeted", "Chief Executive", "2026-10-20", "Agreed.")
    document = pack_of(tmp_path, with_two_sites(), *series("V1", "TRUST", [50]), *sites, decided=decided)
    first, second = [line for line in headings(document) if line.startswith(("C1", "V1"))]
    assert first == "C1 Complaints · Amber · 28 against 20, tolerance 10, Q2 26-27"
    assert second.startswith("V1")
    assert any(text.startswith("Escalation of South site. Targeted, decided by") for text in told(document, "Except"))


def test_no_place_rests_on_a_stage_that_is_only_proposed_to_others(tmp_path: Path) -> None:
    figures = (*series("V1", "TRUST", [84] * 8), *series("L1", "TRUST", [25]))
    team = team_of(tmp_path / "workspace", catalogue_data(), *figures)
    assessment = assessed(team)
    of_the_team = [row["Ref"] for row in SHEET_OF[layout.EXCEPTIONS].rows(assessment) if row["Ref"] in ("V1", "L1")]
    of_the_board = [line[:2] for line in headings(pack(assessment, "an edition")) if line[:2] in ("V1", "L1")]
    assert (of_the_team, of_the_board) == (["V1", "L1"], ["L1", "V1"])


def test_the_heading_s_counts_add_up(tmp_path: Path) -> None:
    sites = [*series("C1", "NORTH", [11]), *series("C1", "SOUTH", [17])]
    document = pack_of(tmp_path, with_two_sites(), *sites, *series("V1", "TRUST", [50]))
    (whole, *_) = told(document, "Exceptions")
    entries, parts = len(headings(document)), 2
    assert whole.startswith(f"{entries + parts} to act on: {entries} figures and {parts} parts, each told with")


def test_that_nothing_was_said_of_a_red_is_said(tmp_path: Path) -> None:
    figures = (
        *series("V1", "TRUST", [50]),
        *series("L1", "TRUST", [25], commentary="Posts are vacant.", cause="Posts"),
    )
    team = team_of(tmp_path / "workspace", catalogue_data(), *figures)
    texts = told(pack(assessed(team), "an edition"), "Exceptions")
    assert texts.count("What the owner says. No commentary was given.") == 1
    assert texts.count("Action promised. No action was given.") == 2
    assert "What the owner says. Posts are vacant." in texts, "a cause that only repeats it is left out"
    rows = {row["Ref"]: row["Why it is listed"] for row in SHEET_OF[layout.EXCEPTIONS].rows(assessed(team))}
    assert rows["V1"].endswith("; no commentary or action was given")
    assert rows["L1"].endswith("; no action was given")


@pytest.mark.parametrize(("before", "is_missed"), [(Q1, False), ("2025-26-Q4", True)])
def test_what_was_said_before_a_period_without_a_figure_explains_nothing_now(
    tmp_path: Path, before: str, is_missed: bool
) -> None:
    data = catalogue_data()
    data.setdefault("rules", {}).update(commentary_when="new", commentary_needed=["Amber", "Red"])
    figures = (
        Figure("V1", "TRUST", before, actual=88, commentary="Posts are vacant."),
        Figure("V1", "TRUST", Q2, actual=88),
    )
    assessment = assessed(team_of(tmp_path / "workspace", data, *figures))
    (why,) = [row["Why it is listed"] for row in SHEET_OF[layout.EXCEPTIONS].rows(assessment) if row["Ref"] == "V1"]
    assert why.startswith("Amber")
    assert why.endswith("no commentary was given") == is_missed


def test_what_was_said_of_an_earlier_figure_says_of_which(tmp_path: Path) -> None:
    document = pack_of(tmp_path, catalogue_data(), Figure("V1", "TRUST", Q1, 50.0, commentary="Three rooms were shut."))
    assert "What the owner said of Q1 26-27. Three rooms were shut." in told(document, "Exceptions")


@pytest.mark.parametrize(("months", "is_overdue"), [(3, True), (6, False)])
def test_a_review_whose_day_has_passed_is_overdue_wherever_it_stands(
    months: int, is_overdue: bool, tmp_path: Path
) -> None:
    data = catalogue_data()
    data["escalation"]["review_months"] = months
    document = pack_of(tmp_path, data, *series("V1", "TRUST", [50] * 3), decided=OF_V1)
    due = "1 October 2026" if is_overdue else "1 January 2027"
    (exception,) = [text for text in told(document, "Exceptions") if text.startswith("Escalation. ")]
    assert exception.endswith(f"next review {due}{' (overdue)' if is_overdue else ''}.")
    assert f"{due}{' (overdue)' if is_overdue else ''}" in told(document, "Escalation register")
    noted = f"1 review of a stage overdue: V1 Reviews held on time, due {due}."
    assert (noted in told(document, "Performance dashboard")) is is_overdue


def test_a_key_explains_what_stands_in_the_charts_below_it(tmp_path: Path) -> None:
    document = pack_of(tmp_path, with_two_sites(), *series("V1", "TRUST", [50] * 3))
    assert "In the charts: dashed = target; dark dot = not judged." in told(document, "Exceptions")[1]


def test_a_figure_without_every_part_has_a_mark_of_its_own_and_says_which_are_lacking(tmp_path: Path) -> None:
    data = with_two_sites()
    kpi_in(data, "C1")["roll_up"] = {"orgs": "worst"}
    figures = (*series("C1", "NORTH", [14, 14]), Figure("C1", "SOUTH", Q1, 8.0))
    team = team_of(tmp_path / "workspace", data, *figures)
    assessment = assessed(team)
    chart = series_chart(assessment, assessment.latest_by_series["C1", "TRUST"])
    assert chart is not None
    assert [point.lacks_parts for point in chart.points] == [False, True]
    assert "14 (1 of 2 parts)" in chart.alt
    document = pack(assessment, "an edition")
    texts = told(document, "Exceptions")
    assert "hollow mark = not every part is in the figure" in texts[1]
    assert any("made of the figures of 1 of 2 parts, without South site" in text for text in texts)
    assert any(point.lacks_parts for drawn in charts_of(document) for point in drawn.points)


@pytest.mark.parametrize(("decides", "is_said"), [("Chief Executive", True), ("Board", False)])
def test_who_has_what_is_undecided_before_them_is_said_without_a_word_of_what_it_is(
    decides: str, is_said: bool, tmp_path: Path
) -> None:
    data = catalogue_data()
    data["escalation"]["decided_by"] = decides
    document = pack_of(
        tmp_path, data, *series("V1", "TRUST", [50] * 3), *series("L1", "TRUST", [25] * 3), decided=OF_V1
    )
    (_, under, *_) = told(document, "Escalation register")
    assert ("what is proposed stands before those who decide on it (the Chief Executive)" in under) is is_said
    assert Q2 not in under
    assert "Vacancy" not in under


def test_a_question_says_how_many_are_on_target_of_all_that_are_to_answer_it(tmp_path: Path) -> None:
    answers = told(pack_of(tmp_path, catalogue_data(), *series("V1", "TRUST", [95])), "Performance dashboard")
    answered = next(text for text in answers if "1 Green, " in text and " on target: " in text)
    assert re.match(r"1 of (\d+) on target: 1 Green, .*Not returned", answered)
    assert not answered.startswith("1 of 1 ")
    assert any(text.startswith("no figure to judge: ") and "Not returned" in text for text in answers)


def test_a_question_counts_a_rolled_up_figure_once_and_not_its_parts(tmp_path: Path) -> None:
    data = with_two_sites()
    data["questions"].append({"id": "q-sites", "section": kpi_in(data, "C1")["section"], "text": "Are we heard?"})
    kpi_in(data, "C1")["question"] = "q-sites"
    figures = (*series("C1", "NORTH", [6]), *series("C1", "SOUTH", [7]))
    answers = told(pack_of(tmp_path, data, *figures), "Performance dashboard")
    assert answers[answers.index("Are we heard?") + 1] == "1 of 1 on target: 1 Green; 2 of 2 parts on target"
    lacking = told(pack_of(tmp_path / "lacking", data, *figures[:1]), "Performance dashboard")
    assert lacking[lacking.index("Are we heard?") + 1] == "no figure to judge: 1 Not returned; 1 of 2 parts on target"


def test_a_forecast_stands_with_its_colour_on_the_exception_the_summary_and_the_dashboard(tmp_path: Path) -> None:
    document = pack_of(tmp_path, catalogue_data(), *series("V1", "TRUST", [95, 95, 95, 95], forecast=80.0))
    told_of = " ".join(told(document, "Exceptions"))
    assert "Green, forecast Red." in told_of
    forecast = "Forecast for the year end. 80.0 %, Red, 10.0 points below target, 2.0 times its tolerance."
    assert forecast in told_of
    assert "forecast Red" in " ".join(told(document, "Dashboard"))
    summary = " ".join(told(document, "Performance dashboard"))
    expected = "1 figure forecast to miss the target at the year end: V1 Reviews held on time, Green now, forecast Red."
    assert expected in summary
    assert not any(part.title == "To celebrate" for part in document.parts)
