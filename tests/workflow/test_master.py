"""The master: it says what the ledger says, and loses nothing that a person has put into it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.table import TableColumn, TableFormula

from tests.conftest import Q1, Q4, Team, at, copy_of, fill, new_team, tree
from xlperf.errors import LedgerError, WorkbookError
from xlperf.report import layout as master
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.collate import collate
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.workspace.run import Run

V1 = ("V1", "TRUST", Q1)
DECISION: Mapping[str, CellValue] = {
    "Decided stage": "Enhanced",
    "Decided by": "Chief Executive",
    "Decided on": date(2026, 7, 20),
    "Rationale": "Agreed, with \"help\" & a plan",
}  # fmt: skip
SAID = ("Enhanced", "Chief Executive", "2026-07-20", "Agreed, with \"help\" & a plan")  # fmt: skip


@pytest.fixture(scope="module")
def _red_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    team = new_team(tmp_path_factory.mktemp("red") / "workspace")
    team.issue(Q4, now=at("2026-04-01"))
    for issued in team.issued(Q4).values():
        fill(issued, {("V1", "TRUST", Q4): RED} if "Alpha" in issued.name else None, saved=at("2026-04-10"))
    team.collate(at("2026-04-12"))
    team.issue(Q1)
    for issued in team.issued().values():
        fill(issued, {V1: RED} if "Alpha" in issued.name else None)
    team.collate()
    return team.root


@pytest.fixture
def red_twice(tmp_path: Path, _red_once: Path) -> Team:
    """V1 was Red in Quarter 4 and in Quarter 1, so the ladder proposes Enhanced; everything else is Green."""
    return copy_of(_red_once, tmp_path / "workspace")


RED: Mapping[str, CellValue] = {
    "Actual": 60,
    "Commentary": "Two reviewers left",
    "Cause": "Vacancies",
    "Action": "Recruit",
    "Action owner": "Head of service",
    "Action due": date(2026, 12, 1),
}


def row(team: Team, table: str, ref: str, **more: str) -> dict[str, str]:
    found = [r for r in team.sheet(table) if r["Ref"] == ref and all(r[k] == v for k, v in more.items())]
    assert len(found) == 1, found
    return found[0]


def decided(team: Team, ref: str = "V1") -> tuple[str, ...]:
    said = row(team, "tbl_escalation", ref)
    return said["Decided stage"], said["Decided by"], said["Decided on"], said["Rationale"]


SERIAL = "46223"  # 20 July 2026 as Excel keeps it


# ---- what it says --------------------------------------------------------------------------------------------------


def test_the_dashboard_of_a_scenario_small_enough_to_work_out_by_hand(red_twice: Team) -> None:
    dashboard = red_twice.sheet("tbl_dashboard")
    bands = [r for r in dashboard if r["Row"] == "section"]
    assert [(r["Ref"], r["Unit"]) for r in bands] == [
        ("Quality", "Is it good?"),
        ("Money and people", "Is it affordable?"),
    ]
    assert bands[0]["Change"] == "1 Red, 4 Green"
    assert bands[1]["Change"] == "4 Green"
    v1 = row(red_twice, "tbl_dashboard", "V1")
    assert (v1["Indicator"], v1["Latest"], v1["Target"], v1["RAG"]) == ("Reviews held on time", "60.0", "90.0", "Red")
    assert (v1["As at"], v1["Change"], v1["Escalation"]) == ("Q1 26-27", "same", "")
    assert (v1["Variation"], v1["Assurance"]) == ("2 of 13 points", "–")
    assert v1["Executive owner"] == "Director of Quality"
    assert row(red_twice, "tbl_dashboard", "P1")["Latest"] == "97.0"
    assert row(red_twice, "tbl_dashboard", "M1")["Latest"] == "On track"
    assert row(red_twice, "tbl_dashboard", "T1")["As at"] == "Jun 2026"
    sites = [r["Indicator"] for r in dashboard if r["Ref"] == "S1"]
    assert sites == ["Sickness absence: North site", "Sickness absence: South site"]
    summary = red_twice.master.read_name(master.SUMMARY)
    # The chief executive decides here, so the board's page has no proposals; the team's sheets have.
    assert summary == "8 indicators, 9 figures: 1 Red, 8 Green · 2 of 2 returns received · none in escalation"
    about = {each["Item"]: each["Value"] for each in red_twice.sheet("tbl_about")}
    assert about["Escalation"].startswith("1 proposal of escalation to decide, out of ")
    assert "24 September 2026" in str(red_twice.master.read_name(master.SUBTITLE))
    assert "Quarter 1 2026-27" in str(red_twice.master.read_name(master.TITLE))


def test_the_exceptions_are_the_red_and_amber_with_what_the_owner_says(red_twice: Team) -> None:
    (only,) = [r for r in red_twice.sheet("tbl_exceptions") if r["List"] == master.TO_ACT_ON]
    assert only["Why it is listed"] == "Red; off target for 2 periods, since at least Q4 25-26, the first figure"
    assert (only["Ref"], only["RAG"], only["Latest"], only["Target"]) == ("V1", "Red", "60.0", "90.0")
    assert (only["Red or Amber since"], only["Periods"]) == ("Q4 25-26", "2")
    assert (only["Commentary"], only["Cause"], only["Action"]) == ("Two reviewers left", "Vacancies", "Recruit")
    assert (only["Action owner"], only["Action due"]) == ("Head of service", "46357")
    assert only["Responsible owner"] == "Alpha team"


def test_escalation_proposes_with_the_reason_in_words_and_what_would_take_it_out(red_twice: Team) -> None:
    (only,) = red_twice.sheet("tbl_escalation")
    assert only["Proposed stage"] == "Enhanced"
    assert "Q4 25-26 (60.0) and Q1 26-27 (60.0)" in only["Reason"]
    assert only["What would take it out"] == "Green or Amber in 2 periods running"
    assert only["Status"] == "No decision yet"
    assert decided(red_twice) == ("", "", "", "")


def test_not_returned_not_due_refused_and_blank_are_told_apart(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"], {V1: {"Actual": "x"}, ("C1", "TRUST", Q1): {"Actual": None}})
    issued_team.collate()
    said = {r["Ref"] + r["Org"]: (r["RAG"], r["Commentary"]) for r in issued_team.sheet("tbl_kpis")}
    assert said["V1TRUST"] == ("Not returned", "(refused, see Findings)")
    assert said["C1TRUST"] == ("Not returned", "(left blank in the return)")
    assert said["G1TRUST"] == ("Not returned", "(no accepted return)")
    assert said["P1TRUST"] == ("Green", "")


def test_a_figure_that_rounds_into_another_colour_says_so(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"], {("P1", "TRUST", Q1): {"Numerator": 9496, "Denominator": 10000}})
    issued_team.collate()
    p1 = row(issued_team, "tbl_dashboard", "P1")
    assert (p1["Latest"], p1["RAG"]) == ("94.96", "Amber")  # the page has room for the exact figure alone
    assert row(issued_team, "tbl_kpis", "P1")["Shown"] == "94.96, shown 95.0"


def test_the_returns_sheet_names_the_late_first_with_their_days(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"], saved=at("2026-07-20"))
    issued_team.collate(at("2026-07-22"))
    missing, returned = issued_team.sheet("tbl_returns")
    assert (missing["Responsible owner"], missing["Outcome"], missing["Standing"], missing["Days late"]) == (
        "Beta team",
        "Not returned",
        "Late",
        "6",
    )
    assert missing["Executive owner"] == "Director of Finance"
    assert (returned["Responsible owner"], returned["Outcome"], returned["Standing"], returned["Days late"]) == (
        "Alpha team",
        "Accepted",
        "In use",
        "4",
    )
    assert (returned["Asked"], returned["Accepted"], returned["Refused"], returned["Blank"]) == ("5", "5", "0", "0")
    assert (returned["Completed by"], returned["Signed off by"]) == ("Team manager", "Executive owner")


def test_before_the_deadline_nobody_is_late(issued_team: Team) -> None:
    issued_team.collate()
    assert {r["Standing"] for r in issued_team.sheet("tbl_returns")} == {"Awaited"}


def test_the_findings_sheet_names_file_cell_owner_and_remedy_gravest_first(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"], {V1: {"Actual": "ninety"}, ("P1", "TRUST", Q1): {"Numerator": 94}})
    issued_team.collate()
    first, second = issued_team.sheet("tbl_findings")
    assert (first["Severity"], first["Code"], first["Found"], first["Expected"]) == (
        "reject row",
        "R001",
        "ninety",
        "a number",
    )
    assert (first["File"], first["Sheet"], first["Responsible owner"]) == (sent.name, "Return", "Alpha team")
    assert (first["Ref"], first["Org"], first["Period"]) == V1
    assert re.fullmatch(r"[A-Z]+\d+", first["Cell"])
    assert first["What to do"]
    assert (second["Severity"], second["Code"]) == ("warning", "A001")


def test_a_figure_leads_back_to_its_file_sheet_and_cell(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"])
    issued_team.collate()
    datum = row(issued_team, "tbl_data", "V1")
    cell = openpyxl.load_workbook(sent)[datum["Sheet"]][datum["Cell"]]
    assert (datum["File"], str(cell.value)) == (sent.name, datum["Actual"])


def test_a_master_for_an_earlier_period_shows_nothing_later(red_twice: Team) -> None:
    red_twice.collate(period=Q4)
    assert row(red_twice, "tbl_dashboard", "V1")["As at"] == "Q4 25-26"
    assert row(red_twice, "tbl_dashboard", "V1")["Escalation"] == ""
    assert {r["Period"] for r in red_twice.sheet("tbl_data")} <= {Q4, "2026-01", "2026-02", "2026-03"}


# ---- decisions -----------------------------------------------------------------------------------------------------


def test_a_decision_typed_in_the_master_survives_and_reaches_the_ledger(red_twice: Team) -> None:
    red_twice.type_in_master("tbl_escalation", "V1", DECISION)
    for _ in range(2):
        red_twice.collate()
        assert red_twice.state.decision_in_force[("V1", "TRUST")].cells == SAID
        assert decided(red_twice) == (SAID[0], SAID[1], SERIAL, SAID[3])
    assert row(red_twice, "tbl_dashboard", "V1")["Escalation"] == "Enhanced"
    assert row(red_twice, "tbl_escalation", "V1")["Status"] == "As proposed"


def test_a_decision_is_recorded_once(red_twice: Team) -> None:
    red_twice.type_in_master("tbl_escalation", "V1", DECISION)
    red_twice.collate()
    assert red_twice.collate().new_records == 0


def test_a_cleared_decision_is_a_decision_too(red_twice: Team) -> None:
    red_twice.type_in_master("tbl_escalation", "V1", DECISION)
    red_twice.collate()
    red_twice.type_in_master("tbl_escalation", "V1", dict.fromkeys(DECISION))
    red_twice.collate()
    assert red_twice.state.decision_in_force[("V1", "TRUST")].cells == ("", "", "", "")
    assert decided(red_twice) == ("", "", "", "")


def test_an_older_master_brought_back_does_not_undo_newer_decisions(red_twice: Team) -> None:
    red_twice.type_in_master("tbl_escalation", "V1", DECISION)
    red_twice.collate()
    backup = red_twice.workspace.master.read_bytes()
    red_twice.type_in_master("tbl_escalation", "V1", {"Decided stage": "Targeted", "Rationale": "Worse"})
    red_twice.collate()
    red_twice.workspace.master.write_bytes(backup)
    red_twice.collate()
    assert red_twice.state.decision_in_force[("V1", "TRUST")].stage == "Targeted"
    assert decided(red_twice)[0] == "Targeted"


def test_a_master_that_was_deleted_is_made_again_with_the_decisions(red_twice: Team) -> None:
    red_twice.type_in_master("tbl_escalation", "V1", DECISION)
    red_twice.collate()
    red_twice.workspace.master.unlink()
    red_twice.collate()
    assert decided(red_twice) == (SAID[0], SAID[1], SERIAL, SAID[3])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"Decided stage": "Intensive care", "Decided by": "CE", "Decided on": date(2026, 7, 20)}, "D001"),
        ({"Decided stage": "Enhanced"}, "D002"),
        ({"Decided stage": "Enhanced", "Decided by": "Board", "Decided on": date(2036, 7, 1)}, "D009"),
        ({"Rationale": "to be discussed"}, "D002"),
        ({"Decided stage": "Enhanced", "Decided by": "CE", "Decided on": "after the board"}, "D009"),
        ({"Decided stage": "Enhanced", "Decided by": "CE", "Decided on": "01/01/0202"}, "D009"),
        ({"Decided stage": "Enhanced", "Decided by": "CE", "Decided on": "0202-01-01"}, "D009"),
        ({"Decided stage": "Enhanced", "Decided by": "CE", "Decided on": "20260720"}, "D009"),
    ],
)
def test_whatever_was_typed_is_kept_word_for_word_and_a_fault_is_said(
    typed: dict[str, CellValue], code: str | None, red_twice: Team
) -> None:
    red_twice.type_in_master("tbl_escalation", "V1", typed)
    red_twice.collate()
    kept = red_twice.state.decision_in_force[("V1", "TRUST")]
    now = row(red_twice, "tbl_escalation", "V1")
    for header, value in typed.items():
        if not isinstance(value, date):
            assert now[header] == value
            assert value in kept.cells
    found = [r["Code"] for r in red_twice.sheet("tbl_findings")]
    assert (code in found) if code else (found == [])
    assert red_twice.collate().new_records == 0


def add_row(team: Team, values: Mapping[str, CellValue]) -> None:
    """Play a person who adds a row below the table of decisions."""
    book = team.master
    table = book.read_table("tbl_escalation")
    kept = [{header: r[header].raw for header in table.columns} for r in table.rows]
    book.write_table("tbl_escalation", [*kept, values])
    book.save(team.workspace.master)


def test_a_decision_about_a_kpi_nothing_is_proposed_for(red_twice: Team) -> None:
    add_row(red_twice, {"Ref": "C1", "Org": "TRUST", **DECISION})
    red_twice.collate()
    assert red_twice.state.decision_in_force[("C1", "TRUST")].stage == "Enhanced"
    assert decided(red_twice, "C1")[0] == "Enhanced"


def test_a_decision_about_what_the_catalogue_does_not_have_stays_to_be_seen(red_twice: Team) -> None:
    add_row(red_twice, {"Ref": "c-1", "Org": "TRUST", **DECISION})
    red_twice.collate()
    stranger = row(red_twice, "tbl_escalation", "c-1")
    assert (stranger["Decided stage"], stranger["Status"]) == ("Enhanced", "Not in the catalogue")
    red_twice.type_in_master("tbl_escalation", "c-1", dict.fromkeys(DECISION))
    red_twice.collate()
    assert [r["Ref"] for r in red_twice.sheet("tbl_escalation")] == ["V1"]


def test_a_decision_in_a_row_without_a_kpi_is_pointed_out(red_twice: Team) -> None:
    add_row(red_twice, DECISION)
    done = red_twice.collate()
    assert [item.code for item in done.findings] == ["D003"]
    assert "Enhanced" in done.findings[0].message


def test_a_renamed_column_of_decisions_is_not_taken_for_cleared_decisions(red_twice: Team) -> None:
    red_twice.type_in_master("tbl_escalation", "V1", DECISION)
    red_twice.collate()
    path = red_twice.workspace.master
    with zipfile.ZipFile(path) as zipped:
        parts = {info.filename: zipped.read(info) for info in zipped.infolist()}
    with zipfile.ZipFile(path, "w") as zipped:
        for name, data in parts.items():
            zipped.writestr(name, data.replace(b">Rationale<", b">Reasons<").replace(b'"Rationale"', b'"Reasons"'))
    with pytest.raises(WorkbookError, match="Rationale"):
        red_twice.collate()
    assert red_twice.state.decision_in_force[("V1", "TRUST")].cells == SAID


# ---- what people put into the workbook -----------------------------------------------------------------------------


def add_columns(sheet: Any, name: str, columns: Mapping[str, str]) -> None:
    """Play a person who adds columns to a table and types into their first row, a formula where it begins with `=`."""
    table = sheet.tables[name]
    left, top, right, bottom = (end or 0 for end in range_boundaries(table.ref))
    table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right + len(columns))}{bottom}"
    if table.autoFilter:
        table.autoFilter.ref = table.ref
    highest = max(column.id for column in table.tableColumns)
    for index, (header, typed) in enumerate(columns.items(), start=1):
        formula = TableFormula(attr_text=typed[1:]) if typed.startswith("=") else None
        table.tableColumns.append(TableColumn(id=highest + index, name=header, calculatedColumnFormula=formula))
        sheet.cell(top, right + index).value, sheet.cell(top + 1, right + index).value = header, typed


def personalise(team: Team) -> None:
    """Play a person who adds a sheet with a chart, widens a column, and adds two columns to the exceptions."""
    book = openpyxl.load_workbook(team.workspace.master)
    own = book.create_sheet("My notes")
    own["A1"], own["B1"] = "Meeting", 3
    chart = BarChart()
    chart.add_data(Reference(own, min_col=2, min_row=1, max_row=1))
    own.add_chart(chart, "D2")
    add_columns(book["Exceptions"], "tbl_exceptions", {"Who follows up": "Ann", "Length": "=1+1"})
    book["Exceptions"].column_dimensions["C"].width = 77
    book.save(team.workspace.master)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        return {info.filename: zipped.read(info) for info in zipped.infolist()}


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_a_persons_sheet_chart_widths_and_columns_survive_byte_for_byte(red_twice: Team) -> None:
    path = red_twice.workspace.master
    personalise(red_twice)
    before = parts(path.read_bytes())
    red_twice.type_in_master("tbl_escalation", "V1", DECISION)
    red_twice.collate()
    after = parts(path.read_bytes())
    assert before.keys() - after.keys() <= {"xl/calcChain.xml"}
    own = {sheet.part for sheet in FileWorkbook.open(path).package.sheets if sheet.name == "My notes"}
    ours = re.compile(
        r"xl/(worksheets/sheet\d+|tables/table\d+|workbook)\.xml|\[Content_Types\]\.xml|docProps/.*|.*\.rels"
    )
    untouched = {name for name in before if not ours.fullmatch(name)} | own
    assert any("chart" in name for name in untouched)
    assert any("drawing" in name for name in untouched)
    assert any("styles" in name for name in untouched)
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}
    only = row(red_twice, "tbl_exceptions", "V1", List=master.TO_ACT_ON)
    assert only["Who follows up"] == "Ann"
    first = red_twice.table("tbl_exceptions").rows[0]
    assert first["Length"].is_formula
    exceptions = openpyxl.load_workbook(path)["Exceptions"]
    assert exceptions.column_dimensions["C"].width == 77


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_a_note_goes_along_when_its_kpi_comes_from_one_list_of_exceptions_into_the_other(red_twice: Team) -> None:
    personalise(red_twice)
    fill(red_twice.issued()["alpha"], {V1: {"Actual": 95}}, name="again.xlsx", saved=at("2026-07-12"))
    done = red_twice.collate()
    assert [item for item in done.findings if item.code == "D003"] == []
    (v1,) = [each for each in red_twice.sheet("tbl_exceptions") if each["Ref"] == "V1"]
    assert (v1["List"], v1["Who follows up"]) == ("To celebrate", "Ann")


def test_a_column_added_to_the_findings_keeps_its_notes(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"], {V1: {"Actual": "ninety"}, ("C1", "TRUST", Q1): {"Actual": None}})
    issued_team.collate()
    path = issued_team.workspace.master
    book = openpyxl.load_workbook(path)
    add_columns(book["Findings"], "tbl_findings", {"Done": "rang Alpha"})
    book.save(path)
    issued_team.collate()
    assert [r["Done"] for r in issued_team.sheet("tbl_findings")] == ["rang Alpha", ""]


def test_a_rejected_resubmission_hides_no_finding_of_the_return_that_counts(issued_team: Team) -> None:
    issued = issued_team.issued()["alpha"]
    fill(issued, {V1: {"Actual": 60}})
    issued_team.collate()
    bad = fill(issued, name="again.xlsx", saved=at("2026-07-09"))
    book = openpyxl.load_workbook(bad)
    sheet = book["Return"]
    for cell in [cell for line in sheet.iter_rows() for cell in line if cell.value == "Denominator"]:
        cell.value = "Out of"
    for column in sheet.tables["tbl_return"].tableColumns:
        column.name = "Out of" if column.name == "Denominator" else column.name
    book.properties.modified = at("2026-07-09").replace(tzinfo=None)
    book.save(bad)
    issued_team.collate()
    said = {r["Code"] for r in issued_team.sheet("tbl_findings")}
    assert said == {"R026", "A001", "A002", "A003"}


def test_commentary_without_a_figure_is_read_in_the_findings(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"], {V1: {"Actual": None, "Commentary": "System down until August"}})
    issued_team.collate()
    (only,) = issued_team.sheet("tbl_findings")
    assert (only["Code"], only["Found"]) == ("R005", "System down until August")


@pytest.mark.parametrize("lost", ["all", "last"])
def test_a_ledger_that_lacks_what_the_master_shows_is_not_taken_for_an_empty_one(lost: str, red_twice: Team) -> None:
    red_twice.type_in_master("tbl_escalation", "V1", DECISION)
    red_twice.collate()
    for path in sorted((red_twice.root / "ledger" / "runs").iterdir())[0 if lost == "all" else -1 :]:
        path.unlink()
    before = tree(red_twice.root)
    with pytest.raises(LedgerError, match="share connected"):
        red_twice.collate()
    assert tree(red_twice.root) == before


# ---- saving --------------------------------------------------------------------------------------------------------


def owner_file(name: str) -> bytes:
    """What Excel lays beside a workbook that somebody has open."""
    return bytes([len(name)]) + name.encode("cp1252").ljust(54) + bytes([len(name), 0]) + name.encode("utf-16-le")


def test_a_master_somebody_has_open_is_left_and_the_news_saved_beside_it(issued_team: Team) -> None:
    issued_team.collate()
    path = issued_team.workspace.master
    beside, before = path.with_name("~$master.xlsx"), path.read_bytes()
    beside.write_bytes(owner_file("Ann Analyst"))
    fill(issued_team.issued()["alpha"])
    done = issued_team.collate(at("2026-07-10 15:00"))
    assert "Ann Analyst" in done.written.pending
    assert done.written.path.name == "master (pending 2026-07-10 150000).xlsx"
    assert path.read_bytes() == before
    assert FileWorkbook.open(done.written.path).table_names() == issued_team.master.table_names()
    assert issued_team.state.figures[V1].now.actual == 92
    beside.unlink()
    assert issued_team.collate(at("2026-07-10 16:00")).written.path == path
    assert row(issued_team, "tbl_dashboard", "V1")["Latest"] == "92.0"


# ---- what people type, however they type it ------------------------------------------------------------------------


def codes_of(team: Team) -> list[str]:
    return [row["Code"] for row in team.sheet("tbl_findings")]


def escalation_row(team: Team) -> int:
    return next(row.number for row in team.table("tbl_escalation").rows if row["Ref"].raw == "V1")


def in_openpyxl(team: Team, edit: Any) -> None:
    """Edit the Escalation sheet in another program."""
    book = openpyxl.load_workbook(team.workspace.master)
    edit(book["Escalation"])
    book.save(team.workspace.master)


def test_a_stage_counts_whatever_its_capitals_and_stays_as_typed(red_twice: Team) -> None:
    red_twice.type_in_master("tbl_escalation", "V1", dict(DECISION) | {"Decided stage": "enhanced"})
    red_twice.collate()
    (row,) = [row for row in red_twice.sheet("tbl_escalation") if row["Ref"] == "V1"]
    assert (row["Decided stage"], row["Status"]) == ("enhanced", "As proposed")
    (shown,) = [row["Escalation"] for row in red_twice.sheet("tbl_kpis") if row["Ref"] == "V1"]
    assert shown == "Enhanced"
    assert "D001" not in codes_of(red_twice)


def test_a_decision_typed_below_the_table_is_pointed_out(red_twice: Team) -> None:
    last = max(row.number for row in red_twice.table("tbl_escalation").rows)

    def below(sheet: Any) -> None:
        heads = {cell.value: cell.column for cell in sheet[3]}
        sheet.cell(last + 1, 1, "V1")
        sheet.cell(last + 1, heads["Decided stage"], "Enhanced")
        sheet.cell(last + 3, 1, "Agreed with the board on 9 July")  # a note

    in_openpyxl(red_twice, below)
    done = red_twice.collate()
    (below_table,) = [item for item in done.findings if item.code == "D003"]
    assert below_table.message == "'Enhanced' stands below the table, so it was not recorded."
    assert "'Enhanced' stands below the table" in red_twice.sheet("tbl_findings")[-1]["What"]


def test_a_note_beside_the_decisions_is_the_teams_own_business(red_twice: Team) -> None:
    number = escalation_row(red_twice)
    beyond = len(red_twice.table("tbl_escalation").columns) + 2
    in_openpyxl(red_twice, lambda sheet: sheet.cell(number, beyond, "ask Ann first"))
    assert [item.code for item in red_twice.collate().findings] == []


def test_a_formula_without_a_result_changes_no_decision(red_twice: Team) -> None:
    red_twice.type_in_master("tbl_escalation", "V1", DECISION)
    red_twice.collate()
    number = escalation_row(red_twice)
    column = red_twice.table("tbl_escalation").columns.index("Rationale") + 1
    in_openpyxl(red_twice, lambda sheet: sheet.cell(number, column, "=1+1"))
    done = red_twice.collate()
    assert any("formula without a result" in item.message for item in done.findings)
    assert red_twice.state.decision_in_force[("V1", "TRUST")].cells == SAID


def test_a_note_about_an_owner_stays_when_the_return_arrives(team: Team) -> None:
    team.issue(Q1)
    issued = team.issued()
    fill(issued["alpha"])
    team.collate()
    book = openpyxl.load_workbook(team.workspace.master)
    sheet = book["Returns"]
    table = sheet.tables["tbl_returns"]
    left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(table.ref))
    sheet.cell(top, right + 1, "Note")
    for row in range(top + 1, bottom + 1):
        sheet.cell(row, right + 1, f"about {sheet.cell(row, 2).value}")
    table.tableColumns.append(TableColumn(id=right + 1, name="Note"))
    table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right + 1)}{bottom}"
    table.autoFilter.ref = table.ref
    book.save(team.workspace.master)
    fill(issued["beta"])
    team.collate()
    notes = {row["Responsible owner"]: row["Note"] for row in team.sheet("tbl_returns")}
    assert all(note == f"about {owner}" for owner, note in notes.items())
    assert len(notes) == 2


# ---- when the catalogue changes under the figures ------------------------------------------------------------------


def test_figures_of_a_renamed_kpi_are_counted_and_nobody_is_blamed(red_twice: Team) -> None:
    red_twice.change_catalogue(lambda data: next(k for k in data["kpis"] if k["id"] == "V1").update(id="V1b"))
    red_twice.collate(accepts=True)
    assert "R032" in codes_of(red_twice)
    (row,) = [row for row in red_twice.sheet("tbl_kpis") if row["Ref"] == "V1b"]
    assert row["Commentary"] == "(not asked in the return that was issued)"
    assert "Alpha team" not in [name for name, _ in generate_again(red_twice)]


def generate_again(team: Team) -> tuple[tuple[str, str], ...]:
    return generate(team.workspace, Q1, Run(at("2026-07-20"), "team")).left_out


def test_another_frequency_leaves_the_old_figures_out_and_says_so(red_twice: Team) -> None:
    def yearly(data: dict[str, Any]) -> None:
        next(k for k in data["kpis"] if k["id"] == "V1").update(frequency="annual")

    red_twice.change_catalogue(yearly)
    red_twice.collate(accepts=True)
    assert "R032" in codes_of(red_twice)
    assert [row for row in red_twice.sheet("tbl_data") if row["Ref"] == "V1"] == []


def test_a_calendar_of_another_frequency_does_not_stop_the_collation(red_twice: Team) -> None:
    def monthly(data: dict[str, Any]) -> None:
        dates = {"return_deadline": "2027-09-20", "hard_close": "2027-09-21", "board_date": "2027-09-22"}
        months = [f"2026-{month:02d}" for month in range(3, 13)] + [f"2027-{month:02d}" for month in range(1, 9)]
        data["calendar"] = {"frequency": "monthly", "periods": [{"period": month, **dates} for month in months]}

    red_twice.change_catalogue(monthly)
    red_twice.collate(period="2026-06")
    assert {row["Deadline"] for row in red_twice.sheet("tbl_returns")} == {""}
    assert [row["Actual"] for row in red_twice.sheet("tbl_data") if row["Ref"] == "V1"] == ["60", "60"]


def test_what_was_recorded_before_the_master_stopped_is_said(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"])
    issued_team.collate()
    book = openpyxl.load_workbook(issued_team.workspace.master)
    sheet = book["KPIs"]
    next(cell for cell in sheet[3] if cell.value == "RAG").value = "Colour"
    next(each for each in sheet.tables["tbl_kpis"].tableColumns if each.name == "RAG").name = "Colour"
    book.save(issued_team.workspace.master)
    fill(issued_team.issued()["beta"])
    told: list[str] = []
    with pytest.raises(WorkbookError, match="has no column 'RAG'"):
        collate(issued_team.workspace, Run(at("2026-07-12"), "ann", tell=told.append))
    assert told == ["what was received and decided is in the ledger (new records: 1)"]
    assert ("beta", Q1) in issued_team.state.in_use
