"""The pack of every shipped meeting: what it covers is in it, nothing else is, and it counts as the master does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pdfplumber
import pytest

from tests.workflow import test_pack as of_a_pack
from tests.workflow.test_pack import PRODUCED, Printed, assessed, words_of
from xlperf.assessment import Assessment
from xlperf.assessment.meeting_assessment import MeetingAssessment
from xlperf.catalogue import Meeting, PackPart
from xlperf.documents.document import Document, PageTable, blocks_of, plain
from xlperf.documents.pdf import write_pdf
from xlperf.report import layout
from xlperf.report.pages import figure_words as figures
from xlperf.report.pages.board_pack import pack
from xlperf.report.views import SHEET_OF
from xlperf.rules.keys import SeriesKey
from xlperf.workflow.workspace.folder import FRAMEWORKS

Rows = Mapping[SeriesKey, Mapping[str, object]]
"""Rows of the master's KPIs, by Ref and Org."""


@dataclass(frozen=True)
class Whole:
    """A framework with made-up figures, and what its master says of each KPI and org."""

    framework: str
    assessment: Assessment
    folder: Path

    def rows(self, name: str = layout.KPIS) -> Rows:
        """The rows of a sheet of the master, as it has them for everything."""
        return {(str(row["Ref"]), str(row["Org"])): row for row in SHEET_OF[name].rows(self.assessment)}

    def read(self, meeting: str) -> MeetingAssessment:
        """The assessment as a meeting reads it, whether it is on or not."""
        named = next(each for each in self.assessment.catalogue.meetings if each.id == meeting)
        return MeetingAssessment.of(self.assessment, named, None)

    def all(self) -> Iterator[MeetingAssessment]:
        """As each of the meetings reads it."""
        yield from (self.read(each.id) for each in self.assessment.catalogue.meetings)


@pytest.fixture(scope="session", params=FRAMEWORKS)
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp(f"meetings-{request.param}")
    return Whole(request.param, assessed(request.param, folder), folder)


def should_have(whole: Whole, meeting: Meeting, row: Mapping[str, object]) -> bool | None:
    """Whether a row of the master's KPIs is a meeting's, by the columns of that row alone; None where they do not say.

    What a meeting covers from a stage on hangs on who decides, which those columns do not say.
    """
    catalogue = whole.assessment.catalogue
    names = {section.name: section.id for section in catalogue.sections}
    above = {org.code: org.parent for org in catalogue.orgs}
    answers: list[bool | None] = []
    for scope in meeting.covers:
        code: str | None = str(row["Org"])
        orgs = []
        while code:
            orgs.append(code)
            code = above[code]
        is_in = not scope.orgs or bool(set(orgs) & set(scope.orgs))
        is_in = is_in and (not scope.sections or names[str(row["Section"])] in scope.sections)
        is_in = is_in and (not scope.directorates or row["Directorate"] in scope.directorates)
        answers.append(None if is_in and scope.from_stage else is_in)
    if not meeting.covers or True in answers:
        return True
    return None if None in answers else False


def test_a_pack_has_every_figure_that_is_covered_and_no_other(whole: Whole) -> None:
    rows = whole.rows()
    assert len(rows) == len(whole.assessment.latest)
    assert len(whole.assessment.catalogue.meetings) >= 7
    for read in whole.all():
        mine = {latest.series for latest in read.latest}
        for key, row in rows.items():
            wanted = should_have(whole, read.meeting, row)
            assert wanted is None or wanted == (key in mine), f"{read.meeting.name}: {key}"
        if PackPart.DASHBOARD not in read.meeting.parts:
            continue
        on_page = refs_and_figures(read)
        assert len(on_page) == len([key for key in mine if rows[key]["RAG"] != "Closed"]), read.meeting.name


def refs_and_figures(read: MeetingAssessment) -> list[tuple[str, str]]:
    """Ref and latest figure of each line of the dashboard, on whichever page it stands."""
    document = pack(read, "a pack")
    parts = tuple(part for part in document.parts if part.title.startswith(("Dashboard", "Rolled-up")))
    lines = {
        tuple(plain(cell.words) for cell in row.cells)
        for block in blocks_of(replace(document, parts=parts))
        if isinstance(block, PageTable)
        for row in block.rows
        if not row.is_band
    }
    return [(line[0], line[2]) for line in lines]


def test_every_count_of_a_pack_is_that_of_the_master_s_rows_of_what_is_covered(whole: Whole) -> None:
    rows = whole.rows()
    listed = list(SHEET_OF[layout.EXCEPTIONS].rows(whole.assessment))
    for read in whole.all():
        mine = {latest.series for latest in read.latest}
        colours = Counter(str(rows[key]["RAG"]) for key in mine)
        said = summary(read)
        if mine:
            first = re.search(r"(\d+) figures?: ([^.]*)\.", said)
            assert first is not None, said
            assert int(first[1]) == len(mine)
            counted = {name: int(number) for number, name in re.findall(r"(\d+) ([A-Z][a-z ]+?)(?:,| \(|$)", first[2])}
            assert counted == colours, read.meeting.name
        celebrated = {
            (str(row["Ref"]), str(row["Org"])) for row in listed if row["List"] == layout.TO_CELEBRATE
        } & mine  # fmt: skip
        assert read.counts.to_celebrate == len(celebrated)
        in_stage = {key for key in whole.assessment.ladder.in_a_stage if key in mine}
        assert read.counts.in_escalation.figures == len(in_stage)
        assert read.counts.actions.open == sum(
            (row["Ref"], row["Org"]) in mine and row["Status"] == "Open"
            for row in SHEET_OF[layout.ACTIONS].rows(whole.assessment)
        )


def summary(read: MeetingAssessment) -> str:
    document = pack(read, "a pack")
    part = next(part for part in document.parts if part.title == f"{read.meeting.name} · {read.period.label}")
    return " ".join(words_of(part.blocks))


def test_an_exception_of_a_pack_says_of_a_figure_what_the_sheet_says(whole: Whole) -> None:
    """No verdict, run or rank is another one because fewer figures are read."""
    sheet = {
        (row["Ref"], row["Org"]): row
        for row in SHEET_OF[layout.EXCEPTIONS].rows(whole.assessment)
        if row["List"] == layout.TO_ACT_ON
    }
    for read in whole.all():
        for row in SHEET_OF[layout.EXCEPTIONS].rows(read):
            if row["List"] == layout.TO_ACT_ON and (row["Ref"], row["Org"]) in sheet:
                same = sheet[row["Ref"], row["Org"]]
                for header in ("RAG", "Latest", "Target", "Red or Amber since", "Periods", "Variation", "Commentary"):
                    assert row[header] == same[header], (read.meeting.name, row["Ref"], header)


def test_a_pack_says_whose_it_is_what_it_is_about_and_asks_nobody_else(whole: Whole) -> None:
    board = whole.assessment.catalogue.board
    for read in whole.all():
        document = pack(read, "a pack")
        everything = " ".join(text for part in document.parts for text in words_of(part.blocks))
        assert document.title == f"{read.meeting.name} · {read.period.label}"
        assert read.meeting.name in document.footer
        assert f"The {board} is asked" not in everything
        assert "edition" not in everything.replace("expedition", "").replace(
            "A figure that differs from what an edition", ""
        )


def test_what_is_proposed_stands_before_the_meeting_that_decides_on_its_stage_and_no_other(whole: Whole) -> None:
    ladder = whole.assessment.ladder
    names = {stage.id: stage.name for stage in whole.assessment.catalogue.escalation.stages}
    for read in whole.all():
        own = {names[stage] for stage in read.meeting.decides if stage in names}
        for key in read.ladder.to_decide:
            proposal = ladder.proposals.get(key)
            if proposal and key not in ladder.sections and not ladder.in_force(key):
                assert read.ladder.is_for_the_board(key) == (proposal.stage in own), (read.meeting.name, key)


@pytest.mark.parametrize(
    ("framework", "meetings"),
    [
        ("trust", ("dpm-med", "finance-performance", "governors")),
        ("heiw", ("review-medical", "executive", "audit")),
        ("hee", ("region-lon", "assurance")),
        ("ics", ("east", "oversight", "east-2")),
    ],
)
def test_a_printed_pack_can_be_read(framework: str, meetings: tuple[str, ...], tmp_path: Path) -> None:
    whole = Whole(framework, assessed(framework, tmp_path), tmp_path)
    for meeting in meetings:
        read = whole.read(meeting)
        document = pack(read, "a pack")
        write_pdf(document, tmp_path / "pack.pdf")
        with pdfplumber.open(tmp_path / "pack.pdf") as pdf:
            printed = Printed(read, document, tuple(pdf.pages))
            of_a_pack.test_no_text_is_smaller_than_people_can_read(printed)
            of_a_pack.test_nothing_runs_over_the_edge_of_the_paper(printed)
            of_a_pack.test_nothing_of_the_file_system_and_no_person_is_in_it(printed)
            if PackPart.DASHBOARD in read.meeting.parts:
                of_a_pack.test_the_dashboard_is_one_page_with_its_key(printed)
            content = (tmp_path / "pack.pdf").read_bytes()
            assert b"/MarkInfo" in content
            assert pdf.metadata["Title"] == f"{read.meeting.name} · {read.period.label}"


def test_sister_organisations_stand_beside_with_the_figures_that_the_master_has_of_them(tmp_path: Path) -> None:
    whole = Whole("trust", assessed("trust", tmp_path), tmp_path)
    read = whole.read("dpm-med")
    part = next(part for part in pack(read, "a pack").parts if part.title.startswith("Beside"))
    of_part = Document("", "", "", PRODUCED, (part,))
    (table,) = [block for block in blocks_of(of_part) if isinstance(block, PageTable)]
    names = [column.header for column in table.columns]
    assert names[2] == "Medicine and Emergency Care", "its own first"
    codes = {org.name: org.code for org in whole.assessment.catalogue.orgs}
    shown = {latest.series: latest for latest in whole.assessment.latest}
    told = 0
    for row in table.rows:
        ref, *_ = cells = [plain(cell.words) for cell in row.cells]
        for name, cell in zip(names[2:], cells[2:], strict=True):
            if name == "Rank" or cell == "–":
                continue
            latest = shown[ref, codes[name]]
            figure = figures.shown(latest.kpi, latest.row)
            if latest.row is None or latest.row["not_applicable"]:
                assert cell == str(latest.rag)
            elif latest.is_current:
                assert cell.startswith(f"{figure} {latest.rag}")
            else:
                assert cell == f"{figure} in {latest.period.short if latest.period else None}"
            told += codes[name] != "MED"
    assert told > 15
