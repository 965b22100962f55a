"""The way back to target that was promised: typed by the team, kept with its first version, shown beside the figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Q1, Q2, Q3, Q4, Team, add_below, at, copy_of, fill, kpi_in, new_team
from tests.workbook.open_xml_sdk import faults, has_open_xml_sdk
from xlperf.report import layout
from xlperf.returns import promise_fields
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.collate import Collated

JULY, DECIDED, AUGUST, OCTOBER, LATER = map(at, ("2026-07-10", "2026-07-20", "2026-08-03", "2026-10-12", "2026-10-20"))
NEXT = "2026-27-Q4"
V1 = ("V1", "TRUST")


@pytest.fixture(scope="module")
def in_escalation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which V1 was Red in Quarter 1 and is in the first stage."""
    team = new_team(tmp_path_factory.mktemp("recovery") / "workspace")
    team.change_catalogue(lambda data: data["escalation"]["stages"][0].update(enter={"consecutive_red": 1}))
    fill(team.issue(now=at("2026-07-01"))["alpha"], {(*V1, Q1): {"Actual": 50, "Commentary": "Posts are empty"}},
         saved=JULY)  # fmt: skip
    team.collate(JULY)
    decide(team, "Enhanced")
    team.collate(DECIDED)
    return team.root


@pytest.fixture
def team(in_escalation: Path, tmp_path: Path) -> Team:
    return copy_of(in_escalation, tmp_path / "workspace")


def decide(team: Team, stage: str) -> None:
    team.type_in_master(
        layout.ESCALATION, "V1",
        {layout.DECIDED: stage, layout.DECIDED_BY: "Chief Executive", layout.DECIDED_ON: date(2026, 7, 18),
         layout.RATIONALE: "As discussed"},
    )  # fmt: skip


def rows(team: Team) -> dict[str, dict[str, str]]:
    """The rows of Recovery about V1, by period."""
    return {row["Period"]: row for row in team.sheet(layout.RECOVERY) if (row["Ref"], row["Org"]) == V1}


def promise(team: Team, promised: Mapping[str, CellValue], reason: str = "", *, into: Path | None = None) -> None:
    """Play an analyst, who types figures into the rows of V1."""
    path = into or team.workspace.master
    book = FileWorkbook.open(path)
    numbers = {row["Period"].raw: row.number for row in book.read_table(layout.RECOVERY).rows if row["Ref"].raw == "V1"}
    said: dict[str, CellValue] = {"Why, or where agreed": reason} if reason else {}
    book.write_cells(
        layout.RECOVERY, {numbers[period]: {"Promised": each, **said} for period, each in promised.items()}
    )
    book.save(path)


def add_row(team: Team, values: Mapping[str, object]) -> None:
    add_below(team.workspace.master, "Recovery", layout.RECOVERY, values)


def said(team: Team, table: str) -> str:
    """What a sheet says of the path of V1."""
    (row,) = [row for row in team.sheet(table) if (row["Ref"], row["Org"]) == V1]
    return row["Recovery path"]


def codes(done: Collated) -> list[str]:
    return [item.code for item in done.findings]


def quarter_2(team: Team, actual: float) -> None:
    fill(team.issue(Q2, at("2026-10-01"))["alpha"], {(*V1, Q2): {"Actual": actual, "Commentary": "Still empty"}},
         saved=at("2026-10-09"))  # fmt: skip


def test_it_is_asked_for_what_is_red_and_in_escalation_and_for_nothing_else(team: Team) -> None:
    assert list(rows(team)) == [Q2, Q3, NEXT, "2027-28-Q1"]
    assert {(row["Ref"], row["Org"]) for row in team.sheet(layout.RECOVERY)} == {V1}
    assert [row["Promised"] for row in rows(team).values()] == [""] * 4
    decide(team, "None")
    team.collate(AUGUST)
    assert not any(row["Ref"] for row in team.sheet(layout.RECOVERY))


def test_it_is_shown_beside_the_figure_from_the_day_it_is_promised(team: Team) -> None:
    promise(team, {Q2: 70, Q3: 85, NEXT: 91})
    assert not codes(team.collate(AUGUST))
    words = "begins with 70.0 for Q2 26-27; back on target promised for Q4 26-27; first given on 3 August 2026, "
    assert said(team, layout.KPIS) == said(team, layout.EXCEPTIONS) == f"{words}not changed since"
    assert rows(team)[Q2]["Path in words"] == said(team, layout.KPIS)
    runs = len(team.state.runs)
    team.collate(at("2026-08-04"))
    assert len(team.state.runs) == runs  # it is told once


def test_behind_it_by_how_much_and_what_was_first_promised_stays(team: Team) -> None:
    promise(team, {Q2: 70, Q3: 91})
    team.collate(AUGUST)
    quarter_2(team, 65)
    team.collate(OCTOBER, Q2)
    assert said(team, layout.KPIS).startswith("65.0 in Q2 26-27, 5.0 points behind the 70.0 promised; next 91.0 for Q3")
    promise(team, {Q3: 80, NEXT: 91}, "No applicants; Board, 15 October")
    team.collate(LATER, Q2)
    row = rows(team)[Q3]
    assert (row["Promised"], row["First promised"], row["Why, or where agreed"]) == (
        "80", "91", "No applicants; Board, 15 October",
    )  # fmt: skip
    assert said(team, layout.EXCEPTIONS) == (
        "65.0 in Q2 26-27, 5.0 points behind the 70.0 promised; next 80.0 for Q3 26-27; back on target promised for "
        "Q4 26-27, at first for Q3 26-27; changed once since it was first given on 3 August 2026"
    )


def test_ahead_of_it_and_still_red_is_no_reason_to_celebrate(team: Team) -> None:
    promise(team, {Q2: 60})
    team.collate(AUGUST)
    quarter_2(team, 72.5)
    team.collate(OCTOBER, Q2)
    listed = [row for row in team.sheet(layout.EXCEPTIONS) if (row["Ref"], row["Org"]) == V1]
    assert [(row["List"], row["RAG"]) for row in listed] == [(layout.TO_ACT_ON, "Red")]
    assert "72.5 in Q2 26-27, 12.5 points ahead of the 60.0 promised" in listed[0]["Recovery path"]


def test_a_figure_that_did_not_come_is_said(team: Team) -> None:
    promise(team, {Q2: 60})
    team.collate(AUGUST)
    team.issue(Q2, at("2026-10-01"))
    team.collate(at("2026-10-10"), Q2)
    assert said(team, layout.KPIS).startswith("begins with 60.0 for Q2 26-27; ")  # nobody waits before the deadline
    team.collate(at("2026-10-30"), Q2)
    assert said(team, layout.KPIS).startswith("no figure for Q2 26-27, for which 60.0 was promised; ")


def test_what_is_promised_after_the_period_has_ended_does_not_count_and_is_said(team: Team) -> None:
    promise(team, {Q2: 70, Q3: 85})
    team.collate(AUGUST)
    quarter_2(team, 65)
    team.collate(OCTOBER, Q2)
    promise(team, {Q2: 65})
    team.collate(LATER, Q2)
    row = rows(team)[Q2]
    assert (row["Promised"], row["Note"]) == (
        "70", "65.0 in master.xlsx (analyst@test) came after Q2 26-27 had ended, and does not count as a promise",
    )  # fmt: skip
    assert "5.0 points behind the 70.0 promised" in said(team, layout.KPIS)


def test_two_analysts_who_promise_two_figures_the_first_stands_until_a_person_chooses(team: Team) -> None:
    copy = team.root / "master (Kim's copy).xlsx"
    copy.write_bytes(team.workspace.master.read_bytes())
    promise(team, {Q2: 70, Q3: 85})
    promise(team, {Q2: 75, NEXT: 91}, into=copy)
    assert sorted(codes(team.collate(AUGUST))) == ["D006", "D013"]
    assert [rows(team)[each]["Promised"] for each in (Q2, Q3, NEXT)] == ["70", "85", "91"]
    assert "75.0 was typed in master (Kim's copy).xlsx" in rows(team)[Q2]["Note"]
    copy.unlink()
    promise(team, {Q2: 75})
    assert not codes(team.collate(at("2026-08-05")))
    assert (rows(team)[Q2]["Promised"], rows(team)[Q2]["Note"]) == ("75", "")


@pytest.mark.parametrize("typed", ["soon", 120, None])
def test_what_is_no_possible_figure_is_said_and_the_promise_stays(team: Team, typed: CellValue) -> None:
    promise(team, {Q2: 70})
    team.collate(AUGUST)
    promise(team, {Q2: typed})
    assert codes(team.collate(at("2026-08-05"))) == ["D012"]
    assert rows(team)[Q2]["Promised"] == "70"


def test_a_percentage_and_a_figure_in_words_are_read_as_in_a_return(team: Team) -> None:
    promise(team, {Q2: "70 %", Q3: "85.5"})
    assert not codes(team.collate(AUGUST))
    assert [rows(team)[each]["Promised"] for each in (Q2, Q3)] == ["70", "85.5"]


def test_the_team_adds_a_row_for_what_is_not_in_escalation(team: Team) -> None:
    add_row(team, {"Ref": "L1", "Org": "TRUST", "Period": Q2, "Promised": 12, "Why, or where agreed": "Board, 14 July"})
    assert not codes(team.collate(AUGUST))
    (row,) = [row for row in team.sheet(layout.RECOVERY) if row["Ref"] == "L1"]
    assert (row["Promised"], row["First promised"], row["Why, or where agreed"]) == ("12", "12", "Board, 14 July")


@pytest.mark.parametrize(
    "row",
    [
        {"Ref": "M1", "Org": "TRUST", "Period": Q2, "Promised": 1},
        {"Ref": "V9", "Org": "TRUST", "Period": Q2, "Promised": 1},
        {"Ref": "V1", "Org": "WEST", "Period": Q2, "Promised": 1},
        {"Ref": "V1", "Org": "TRUST", "Period": "next spring", "Promised": 1},
        {"Ref": "V1", "Org": "TRUST", "Period": Q2, "Promised": 1},
    ],
)
def test_a_row_that_is_about_no_kpi_and_period_or_is_there_twice_is_said(team: Team, row: Mapping[str, object]) -> None:
    add_row(team, row)
    assert codes(team.collate(AUGUST)) == ["D012"]
    assert [each["Promised"] for each in rows(team).values()] == [""] * 4


def test_a_kpi_on_target_again_goes_on_having_its_path_and_leaves_nothing_behind_in_the_list(team: Team) -> None:
    promise(team, {Q2: 70, Q3: 85})
    team.collate(AUGUST)
    quarter_2(team, 93)
    team.collate(OCTOBER, Q2)
    assert "23.0 points ahead of the 70.0 promised" in said(team, layout.KPIS)
    assert rows(team)[Q2]["Figure"] == "93"
    assert Q4 not in rows(team)


# ---- the return --------------------------------------------------------------------------------------------------


def asked(issued: Path) -> list[dict[str, str]]:
    """The rows of the sheet Recovery of a return."""
    table = FileWorkbook.open(issued).read_table(promise_fields.TABLE)
    return [{header: row[header].raw for header in table.columns} for row in table.rows]


def answer(team: Team, answers: Mapping[str, Mapping[str, CellValue]], name: str = "") -> Path:
    """Play Alpha's owner, who promises figures in the return of Quarter 2, and gives that of V1."""
    back = fill(team.issued(Q2)["alpha"], {(*V1, Q2): {"Actual": 65, "Commentary": "Still empty"}}, name=name,
                saved=at("2026-10-11" if name else "2026-10-09"))  # fmt: skip
    book = FileWorkbook.open(back)
    numbers = {row["Period"].raw: row.number for row in book.read_table(promise_fields.TABLE).rows}
    book.write_cells(promise_fields.TABLE, {numbers[period]: values for period, values in answers.items()})
    book.save(back)
    return back


def about_promises(done: Collated, file: Path) -> list[tuple[str, str]]:
    """The codes and periods of the findings about the sheet Recovery of a return."""
    (received,) = [each for _, each in done.judged if each.file == file.name]
    assert received.is_accepted
    return [(item.code, item.location.period) for item in received.findings if item.location.sheet == "Recovery"]


def test_a_return_asks_for_it_only_while_a_kpi_of_its_owner_is_in_escalation(team: Team) -> None:
    issued = team.issue(Q2, at("2026-10-01"))
    assert [(row["Ref"], row["For"], row["Target"]) for row in asked(issued["alpha"])] == [
        ("V1", each, "90.0") for each in ("Q3 26-27", "Q4 26-27", "Q1 27-28", "Q2 27-28")
    ]
    assert "Recovery" not in openpyxl.load_workbook(issued["beta"]).sheetnames
    decide(team, "None")
    team.collate(at("2026-10-02"), Q1)
    assert "Recovery" not in openpyxl.load_workbook(team.issue(Q2, at("2026-10-03"), again=True)["alpha"]).sheetnames


def test_what_its_owner_promises_is_kept_shown_and_asked_again_with_how_it_stands(team: Team) -> None:
    promise(team, {Q3: 85, NEXT: 92}, "Board, 14 July")
    team.collate(AUGUST)
    issued = team.issue(Q2, at("2026-10-01"))["alpha"]
    assert [(row["First promised"], row["Promised now"]) for row in asked(issued)][:3] == [
        ("85.0", "85.0"), ("92.0", "92.0"), ("", ""),
    ]  # fmt: skip
    assert asked(issued)[0]["How the path stands"].startswith("begins with 85.0 for Q3 26-27; back on target promised")
    assert asked(issued)[0]["Last figure"] == "50.0 in Q1 26-27"
    back = answer(
        team, {Q3: {"You promise": 75, "Why it has changed": "No applicants"}, "2027-28-Q1": {"You promise": 91}}
    )
    assert about_promises(team.collate(OCTOBER, Q2), back) == []
    row = rows(team)[Q3]
    assert (row["Promised"], row["First promised"], row["Why, or where agreed"]) == ("75", "85", "No applicants")
    assert said(team, layout.KPIS).endswith("changed once since it was first given on 3 August 2026")


def test_the_same_return_again_with_another_figure_is_a_correction_and_no_change(team: Team) -> None:
    team.issue(Q2, at("2026-10-01"))
    answer(team, {Q3: {"You promise": 58}})
    team.collate(OCTOBER, Q2)
    answer(team, {Q3: {"You promise": 85}}, name="again.xlsx")
    team.collate(at("2026-10-13"), Q2)
    assert (rows(team)[Q3]["Promised"], rows(team)[Q3]["First promised"]) == ("85", "85")
    assert said(team, layout.KPIS).endswith("not changed since")


def test_a_return_that_came_again_without_it_takes_nothing_back(team: Team) -> None:
    team.issue(Q2, at("2026-10-01"))
    answer(team, {Q3: {"You promise": 85}})
    team.collate(OCTOBER, Q2)
    answer(team, {}, name="again.xlsx")
    team.collate(at("2026-10-13"), Q2)
    assert rows(team)[Q3]["Promised"] == "85"


@pytest.mark.parametrize(
    ("typed", "codes_of"),
    [
        ({"You promise": "much better"}, ["A015"]),
        ({"You promise": 140}, ["A015"]),
        ({"Why it has changed": "We shall see"}, ["A015"]),
        ({"You promise": 85, "Period": "2031-32-Q1"}, ["A015"]),
        ({"You promise": "85 %"}, ["R015"]),
    ],
)
def test_what_cannot_be_taken_is_said_and_no_cell_is_lost(
    team: Team, typed: Mapping[str, CellValue], codes_of: list[str]
) -> None:
    team.issue(Q2, at("2026-10-01"))
    back = answer(team, {Q3: typed})
    done = team.collate(OCTOBER, Q2)  # which looks at the cells
    assert [code for code, _ in about_promises(done, back)] == codes_of
    assert rows(team)[Q3]["Promised"] == ("85" if codes_of == ["R015"] else "")


@pytest.mark.openxmlsdk
@has_open_xml_sdk
def test_a_return_with_it_and_a_master_with_it_are_sound_workbooks(team: Team) -> None:
    promise(team, {Q3: 85}, "Board, 14 July")
    team.collate(AUGUST)
    issued = team.issue(Q2, at("2026-10-01"))["alpha"]
    audit = pytest.importorskip("openxml_audit").OpenXmlValidator()
    assert audit.validate(str(issued)).errors == []
    assert audit.validate(str(team.workspace.master)).errors == []
    assert faults(issued, team.workspace.master) == [[], []]


def test_what_was_promised_stays_though_the_kpi_leaves_the_catalogue(team: Team) -> None:
    team.issue(Q2, at("2026-10-01"))
    back = answer(team, {Q3: {"You promise": 85}})
    team.collate(OCTOBER, Q2)
    team.change_catalogue(lambda data: data["kpis"].remove(kpi_in(data, "V1")))
    back.rename(back.with_name("renamed.xlsx"))  # it is judged again
    team.collate(at("2026-10-14"), Q2, accepts=True)
    assert [each for path in team.state.recovery_paths.values() for each in path.promised.values()] == [85.0]
    (row,) = [row for row in team.sheet(layout.RECOVERY) if row["Ref"] == "V1"]
    assert (row["Promised"], row["KPI"]) == ("85", "")


def test_of_many_rows_that_were_not_asked_the_first_are_named_and_the_others_counted(team: Team) -> None:
    team.issue(Q2, at("2026-10-01"))
    back = answer(team, {})
    book = openpyxl.load_workbook(back)
    sheet = book["Recovery"]
    table = sheet.tables[promise_fields.TABLE]
    headers = [cell.value for cell in sheet[4]]
    for number in range(9, 59):
        for header, value in {"Ref": "V9", "Org": "TRUST", "Period": Q3, "You promise": number}.items():
            sheet.cell(number, headers.index(header) + 1, value)
    table.ref = f"{table.ref.split(':')[0]}:{table.ref.split(':')[1].rstrip('0123456789')}58"
    book.save(back)
    found = about_promises(team.collate(OCTOBER, Q2), back)
    assert [code for code, _ in found] == ["A015"] * 21


def test_a_return_sent_in_time_and_collated_late_still_promises(team: Team) -> None:
    team.issue(Q2, at("2026-10-01"))
    answer(team, {Q3: {"You promise": 85}})  # saved on 9 October
    team.collate(at("2027-01-05"), Q2)
    assert rows(team)[Q3]["Promised"] == "85"
    assert "first given on 9 October 2026" in said(team, layout.KPIS)
