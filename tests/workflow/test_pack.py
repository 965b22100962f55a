"""The board's pack of each shipped framework: it fits, can be read, and says what the sheets say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from tests.properties.test_invariants import Team, history, key_of
from xlperf.assessment import Assessment
from xlperf.catalogue import PackPart, PackSettings
from xlperf.documents.document import (
    Audience,
    Document,
    DocumentPart,
    Heading,
    Items,
    PageTable,
    Paragraph,
    SideBySide,
    Together,
    blocks_of,
    charts_of,
    plain,
)
from xlperf.documents.pdf import write_pdf
from xlperf.ledger.records import Decision, Imported
from xlperf.report import layout
from xlperf.report.dashboard_heading import is_printed
from xlperf.report.enquiry_lines import for_the_board
from xlperf.report.pages.board_pack import pack
from xlperf.report.pages.enquiries_page import TITLE
from xlperf.report.pages.series_chart import series_chart
from xlperf.report.views import SHEET_OF
from xlperf.rules.rag import Rag
from xlperf.workflow.master.last_shown import last_shown
from xlperf.workflow.workspace import init
from xlperf.workflow.workspace.folder import FRAMEWORKS

SHORT = "word " * 160 + "the end of what was said"
LONG = "word " * 1500 + "the end of what was said"
PRODUCED = datetime(2026, 11, 12, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Printed:
    """A pack, what it was made of, and its pages as they are printed."""

    assessment: Assessment
    document: Document
    pages: tuple[Any, ...]

    @property
    def texts(self) -> list[str]:
        """The text of each page."""
        return [page.extract_text() or "" for page in self.pages]

    def words(self) -> Iterator[str]:
        """Every text of the pack."""
        for part in self.document.parts:
            yield from (part.title, part.beside, part.under)
            yield from words_of(part.blocks)

    def part(self, title: str) -> DocumentPart | None:
        """The part whose heading begins so."""
        return next((part for part in self.document.parts if part.title.startswith(title)), None)


def assessed(framework: str, folder: Path) -> Assessment:
    """A framework with two and a half years of made-up figures, an edition, decisions and a very long commentary."""
    workspace = init(folder / "workspace", framework)
    team, catalogue = Team(workspace), workspace.catalogue()
    last = max(each for each in catalogue.entry_by_period if each.last_day < date(2026, 10, 31))
    made = [*history(catalogue, last, 10 if last.frequency == "quarterly" else 30)]
    late = {each.key for each in made if catalogue.kpi_by_id[each.kpi_id].period(each.period).last_day > last.first_day}
    team.happens(Imported("0" * 64, "history.csv", tuple(each for each in made if each.key not in late)))
    team.published(str(last.previous()))
    new = [each for each in made if each.key in late]
    said = tuple(replace(each, commentary=SHORT if at % 9 else LONG) for at, each in enumerate(new))
    team.happens(Imported("1" * 64, "latest.csv", said))
    proposed = team.collated(str(last))[layout.ESCALATION]
    for row, stage in zip(proposed, (True, False), strict=False):
        decided = row["Proposed stage"] if stage else "None"
        team.happens(Decision(*key_of(row), decided, "Chief Executive", "2026-11-01", "Agreed."))
    ledger = workspace.ledger()
    state = ledger.state()
    return Assessment(catalogue, state, last, PRODUCED, frozenset(), last_shown(ledger, state, last))


@pytest.fixture(scope="session", params=FRAMEWORKS)
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printed]:
    """The pack of a framework, with every part that there is, also those that it has only where they are named."""
    folder = tmp_path_factory.mktemp(f"pack-{request.param}")
    assessment = assessed(request.param, folder)
    every_part = assessment.catalogue.model_copy(update={"pack": PackSettings(parts=tuple(PackPart))})
    assessment = replace(assessment, catalogue=every_part)
    document = pack(assessment, "an edition")
    write_pdf(document, folder / "pack.pdf")
    with pdfplumber.open(folder / "pack.pdf") as pdf:
        yield Printed(assessment, document, tuple(pdf.pages))


def words_of(blocks: tuple[Any, ...]) -> Iterator[str]:
    """Every text of these blocks, a cell or a paragraph at a time."""
    for block in blocks:
        if isinstance(block, Heading):
            yield f"{block.text} {block.beside}"
        elif isinstance(block, Paragraph):
            yield plain(block.words)
        elif isinstance(block, Items):
            yield from map(plain, block.items)
        elif isinstance(block, PageTable):
            yield from (plain(cell.words) for row in block.rows for cell in row.cells)
            yield plain(block.key)
        elif isinstance(block, SideBySide):
            yield from words_of((*block.left, *block.right))
        elif isinstance(block, Together):
            yield from words_of(block.blocks)


def test_no_text_is_smaller_than_people_can_read(printed: Printed) -> None:
    for page in printed.pages:
        assert any(char["size"] >= 8 for char in page.chars)
        letters = {char["text"] for char in page.chars if char["size"] < 7.7}
        assert letters <= {"P", "F", "?"}, "only the letter of a sign, whose word stands beside it"


def test_nothing_runs_over_the_edge_of_the_paper(printed: Printed) -> None:
    for page in printed.pages:
        assert all(char["x0"] >= 0 and char["x1"] <= page.width for char in page.chars)
        assert all(char["top"] >= 0 and char["bottom"] <= page.height - 10 for char in page.chars)


def test_a_long_commentary_is_there_to_its_end(printed: Printed) -> None:
    in_document = sum(text.count("the end of what was said") for text in printed.words())
    in_print = " ".join(" ".join(printed.texts).split()).count("the end of what was said")
    assert in_document == in_print > 0


def test_the_dashboard_is_one_page_with_its_key(printed: Printed) -> None:
    with_title = [text for text in printed.texts if "Dashboard · " in text]
    assert len(with_title) == 1
    assert "RAG: Green meets the target" in with_title[0]
    refs = {line.split()[0] for line in with_title[0].splitlines() if line.strip()}
    whole = {each.kpi.id for each in printed.assessment.latest if is_printed(printed.assessment, each)}
    assert whole <= refs


def test_no_page_has_a_key_or_a_band_alone(printed: Printed) -> None:
    bands = {section.name for section in printed.assessment.catalogue.sections}
    for text in printed.texts:
        lines = [line for line in text.splitlines() if line.strip()]
        assert len(lines) > 2
        assert not any(lines[-2].startswith(band) for band in bands)
        has_key = any(line.startswith("RAG: Green") for line in lines)
        assert has_key == any("Latest periods Variation" in line for line in lines)


def test_the_page_says_what_the_sheet_says(printed: Printed) -> None:
    assessment = printed.assessment
    rows = SHEET_OF[layout.DASHBOARD].rows(assessment)
    dashboard = printed.part("Dashboard")
    assert dashboard is not None
    parts = printed.part("Rolled-up")
    tables = [block for part in (dashboard, parts) if part for block in part.blocks if isinstance(block, PageTable)]
    cells = [[plain(cell.words) for cell in row.cells] for table in tables for row in table.rows if not row.is_band]
    on_page = {(each[0], each[2], each[6], each[7], _without_unit(each[5].removeprefix("none"))) for each in cells}
    for row in rows:
        if row[layout.KIND] == layout.KPI_ROW:
            shown, as_at = str(row["Latest"]).split(", shown")[0].removeprefix("-"), str(row["As at"])
            assert any(
                (ref, rag, when, target) == (row["Ref"], row["RAG"], as_at, row["Target"] or "") and shown in figure
                for ref, figure, rag, when, target in on_page
            ), row


def _without_unit(target: str) -> str:
    """A target as the sheet has it, without the signs of money."""
    return re.sub(r"£([\d,.]+)k?", r"\1", target).replace("−", "-")


def test_counts_are_the_heading_s_counts(printed: Printed) -> None:
    assessment = printed.assessment
    rags = [latest.rag for latest in assessment.latest]
    dashboard, exceptions = printed.part("Dashboard"), printed.part("Exceptions")
    assert dashboard is not None
    assert exceptions is not None
    for rag in (Rag.RED, Rag.AMBER, Rag.GREEN):
        assert f"{rags.count(rag)} {rag}" in dashboard.beside
    told = assessment.counts.to_act_on.total - len(assessment.only_proposed)
    assert exceptions.beside.startswith(f"{told} to act on")


def test_every_exception_is_told_once(printed: Printed) -> None:
    """As a heading, or in the table of parts of the figure that it is part of."""
    exceptions = printed.part("Exceptions")
    assert exceptions is not None
    headings = [
        block for block in blocks_of(Document("", "", "", PRODUCED, (exceptions,))) if isinstance(block, Heading)
    ]
    tables = [
        block for block in blocks_of(Document("", "", "", PRODUCED, (exceptions,))) if isinstance(block, PageTable)
    ]
    parts = sum(len(table.rows) for table in tables if table.summary.startswith("Parts of"))
    told = printed.assessment.counts.to_act_on.total - len(printed.assessment.only_proposed)
    assert len(headings) + parts == told


def test_a_chart_has_a_point_for_each_figure(printed: Printed) -> None:
    assessment = printed.assessment
    for latest in assessment.latest:
        chart = series_chart(assessment, latest)
        if chart is None:
            continue
        rows = assessment.series[latest.series][-len(chart.points) :]
        figures = [
            row for row in rows if row["actual"] == row["actual"] and not row["partial"] and not row["not_applicable"]
        ]
        of_chart = [point for point in chart.points if point.value is not None]
        assert latest.period is not None
        assert (
            chart.points[-1].label == max(filter(None, (latest.period, latest.due)), key=lambda each: each.number).short
        )
        if len(assessment.series[latest.series]) <= len(chart.points):
            assert len(of_chart) == len(figures) or latest.kpi.is_cumulative


def test_every_chart_says_in_words_what_it_shows(printed: Printed) -> None:
    for chart in charts_of(printed.document):
        assert re.search(r": .+(target|no target)", chart.alt), chart.alt


def test_no_verdict_rests_on_two_or_three_points(printed: Printed) -> None:
    catalogue = printed.assessment.catalogue
    asked = {text for each in catalogue.questions for text in (each.text, f"   {each.text}")}
    parts = [part for part in printed.document.parts if not part.title.startswith(("Glossary", "Escalation"))]
    for text in (text for part in parts for text in words_of(part.blocks) if text not in asked):
        assert not re.search(r"\b(better than|worse than|worse for|deteriorating|steady)\b", text), text


def test_what_is_undecided_stands_only_before_those_who_decide(printed: Printed) -> None:
    assessment = printed.assessment
    ladder = assessment.ladder
    hidden = [key for key in ladder.to_decide if not ladder.is_for_the_board(key)]
    asked = any("asked to decide" in text for text in printed.texts)
    assert asked == bool(assessment.counts.for_the_board.total)
    if hidden and not assessment.counts.for_the_board.total:
        everything = " ".join(printed.words())
        assert "proposed, for decision" not in everything
        assert not re.search(r"(Support|escalation|review)\?", everything)


def test_nothing_of_the_file_system_and_no_person_is_in_it(printed: Printed) -> None:
    everything = " ".join(printed.words())
    assert "@" not in everything
    assert not re.search(r"[A-Za-z]:\\|/(home|work|Users)/", everything)


def test_the_summary_is_one_page(printed: Printed) -> None:
    """Two lines of it alone on the next page would be all that a reader finds there."""
    assert printed.document.parts[1].title in printed.texts[1]


def test_each_line_of_enquiry_is_on_its_page_with_its_evidence_and_who_is_to_answer(printed: Printed) -> None:
    part = printed.part(TITLE)
    assert part is not None
    assert part.audience is Audience.INTERNAL
    lines = for_the_board(printed.assessment)
    (table,) = [block for block in part.blocks if isinstance(block, PageTable)]
    rows = [[plain(cell.words) for cell in row.cells] for row in table.rows]
    assert [row[1:3] for row in rows] == [[line.question, line.put.evidence] for line in lines]
    assert all(row[3] and not row[4] for row in rows)
    flat = re.sub(r"\s+", "", "".join(printed.texts))
    assert all(re.sub(r"\s+", "", line.question)[:20] in flat for line in lines)


def test_what_a_question_rests_on_is_what_another_page_of_the_pack_says(printed: Printed) -> None:
    """How long off target, the verdict in words and the rank stand on the page of the exception too."""
    part = printed.part("Exceptions")
    assert part is not None
    told = " ".join(words_of(part.blocks))
    for line in for_the_board(printed.assessment):
        if line.put.kind == "compared":
            ranked = re.search(r"anked (.*?);", line.put.evidence)
            latest = printed.assessment.latest_by_series[line.about]
            assert ranked
            assert ranked[0] in told or printed.assessment.rolled_up_above(latest), "told with the whole it is part of"
        elif line.put.kind == "process":
            verdicts = printed.assessment.latest_by_series[line.about].verdicts
            assert verdicts
            assert re.split(";|, but ", verdicts.words)[0] in told
