"""Collating what lies in the received folders: nothing lost, nothing guessed, and one bad file is only one file."""

from __future__ import annotations

import io
import os
import re
import shutil
import threading
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import COLLATE_DAY, Q1, Q2, RETURN_DAY, Team, at, fill, filled, in_any_order, kpi_in, tree
from xlperf.errors import UsageError, WorkspaceError
from xlperf.ledger import Received
from xlperf.ledger.records import ACCEPTED, REJECTED, WITH_WARNINGS
from xlperf.report import results
from xlperf.returns import fields, layout
from xlperf.tables import CellKind
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.collate import Collated
from xlperf.workflow.incoming.received import Arrived, listing
from xlperf.workflow.workspace import Workspace

V1 = ("V1", "TRUST", Q1)
VIEWS = ("tbl_dashboard", "tbl_exceptions", "tbl_escalation", "tbl_kpis", "tbl_data", "tbl_returns", "tbl_findings")


def outcomes(done: Collated) -> dict[str, str]:
    return {name: received.outcome for name, received in done.judged}


def codes(received: Received) -> list[str]:
    return sorted(item.code for item in received.findings)


def only(done: Collated, name: str) -> Received:
    return next(received for file, received in done.judged if file == name)


def conserved(done: Collated, team: Team) -> None:
    """The two laws of every collation."""
    folders = (team.root / "returns").glob("*/received")
    assert done.listed == sum(len(list(folder.iterdir())) for folder in folders)
    assert done.listed == len(done.judged) + len(done.ignored)
    state, about = team.state, {row["Item"]: row["Value"] for row in team.sheet("tbl_about")}
    issued = [key for key in state.latest_issue if key[1] == str(done.period)]
    returned = [key for key in issued if key in state.in_use]
    assert about["Returns"] == (
        f"{len(issued)} issued = {len(returned)} returned + {len(issued) - len(returned)} missing"
    )
    assert about["Files"].startswith(f"{done.listed} listed = {len(done.judged) - len(done.rejected)} accepted")


def views(team: Team) -> dict[str, list[dict[str, str]]]:
    return {name: team.sheet(name) for name in VIEWS}


# ---- what is made of a file ----------------------------------------------------------------------------------------


def test_a_return_in_order_is_accepted_and_reaches_the_ledger_with_its_original(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"])
    done = issued_team.collate()
    received = only(done, sent.name)
    assert (received.outcome, received.owner, received.period) == (ACCEPTED, "alpha", Q1)
    assert done.is_clean
    assert issued_team.state.figures[V1].now.actual == 92
    kept = issued_team.root / "ledger" / "originals" / f"{received.sha256}.xlsx"
    assert kept.read_bytes() == sent.read_bytes()
    conserved(done, issued_team)


def test_a_return_with_something_owed_is_accepted_with_warnings(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"], {V1: {"Actual": 60}})
    done = issued_team.collate()
    assert outcomes(done) == {sent.name: WITH_WARNINGS}
    assert done.is_clean
    assert issued_team.state.figures[V1].now.actual == 60


def test_a_refused_row_is_not_clean_and_the_rest_of_the_return_is_taken(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"], {V1: {"Actual": "ninety"}})
    done = issued_team.collate()
    assert outcomes(done) == {sent.name: WITH_WARNINGS}
    assert not done.is_clean
    assert V1 not in issued_team.state.figures
    assert ("P1", "TRUST", Q1) in issued_team.state.figures


def test_bad_files_say_why_and_touch_no_good_one(issued_team: Team) -> None:
    issued, received = issued_team.issued(), issued_team.received()
    good = fill(issued["alpha"])
    whole = filled(issued["beta"])
    (received / "half.xlsx").write_bytes(whole[: len(whole) // 2])
    (received / "empty.xlsx").write_bytes(b"")
    (received / "really a csv.xlsx").write_text("kpi,org\nV1,TRUST\n")
    (received / "page.xlsx").write_text("<html><body>Sign in</body></html>")
    (received / "locked.xlsx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2000)
    (received / "noise.xlsx").write_bytes(os.urandom(4000))
    (received / "shopping.xlsx").write_bytes(plain_workbook())
    done = issued_team.collate()
    conserved(done, issued_team)
    assert outcomes(done).pop(good.name) == ACCEPTED
    bad = [received for name, received in done.judged if name != good.name]
    assert {received.outcome for received in bad} == {REJECTED}
    assert len(bad) == 7
    for each in bad:
        (fault, *_) = each.findings
        assert fault.severity == "reject return"
        assert fault.location.file == each.file
        assert fault.message
        assert fault.fix
    assert codes(only(done, "empty.xlsx")) == ["F002"]
    assert codes(only(done, "half.xlsx")) == ["F002"]
    assert set(codes(only(done, "shopping.xlsx"))) == {"F007"}


def plain_workbook() -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "milk"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_lock_files_mail_and_folders_are_ignored_by_name_and_said(issued_team: Team) -> None:
    received = issued_team.received()
    sent = fill(issued_team.issued()["alpha"])
    (received / f"~${sent.name}").write_bytes(b"\x03Ann")
    (received / "~$.xlsx").write_bytes(b"")
    (received / "covering letter.eml").write_text("Dear all")
    (received / "Thumbs.db").write_bytes(b"x")
    (received / ".hidden.xlsx").write_bytes(b"x")
    (received / "old.xlsx").mkdir()
    done = issued_team.collate()
    conserved(done, issued_team)
    assert outcomes(done) == {sent.name: ACCEPTED}
    assert len(done.ignored) == 6
    assert {entry.name: entry.why for entry in done.ignored}["old.xlsx"] == "a folder"
    assert all(entry.why for entry in done.ignored)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_and_a_link_are_named_and_never_opened(issued_team: Team, tmp_path: Path) -> None:
    outside = tmp_path / "outside.xlsx"
    outside.write_bytes(filled(issued_team.issued()["alpha"]))
    os.mkfifo(issued_team.received() / "pipe.xlsx")
    (issued_team.received() / "link.xlsx").symlink_to(outside)
    finished: list[Collated] = []
    worker = threading.Thread(target=lambda: finished.append(issued_team.collate()), daemon=True)
    worker.start()
    worker.join(30)
    assert finished, "collate waits for the pipe"
    assert outcomes(finished[0]) == {"pipe.xlsx": REJECTED, "link.xlsx": REJECTED}
    assert issued_team.state.figures == {}


def test_a_file_name_cannot_forge_a_line_of_the_report(issued_team: Team) -> None:
    name = "a\nb\N{RIGHT-TO-LEFT OVERRIDE}xslx.exe\x1b[31m.xlsx"
    (issued_team.received() / name).write_bytes(b"junk")
    (shown,) = outcomes(issued_team.collate())
    assert shown.isprintable()


# ---- whose return it is --------------------------------------------------------------------------------------------


def forge(issued: Path, **identity: str) -> bytes:
    """A filled return whose hidden identity somebody has edited."""
    book = FileWorkbook.open(filled(issued))
    rows = book.read_table(layout.IDENTITY_TABLE).rows
    changes: dict[int, Mapping[str, CellValue]] = {
        row.number: {"value": identity[row["item"].raw]} for row in rows if row["item"].raw in identity
    }
    book.write_cells(layout.IDENTITY_TABLE, changes)
    return book.to_bytes()


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        ({"owner": "beta"}, "I003"),
        ({"period": Q2}, "I003"),
        ({"serial": "7"}, "I003"),
        ({"return_id": "0123456789abcdef"}, "I002"),
        ({"return_id": ""}, "I001"),
        ({"serial": "one"}, "I001"),
        ({"serial": "²"}, "I001"),
        ({"return_id": "x" * 32_000}, "I001"),
    ],
)
def test_an_edited_identity_is_refused(identity: dict[str, str], code: str, issued_team: Team) -> None:
    (issued_team.received() / "forged.xlsx").write_bytes(forge(issued_team.issued()["alpha"], **identity))
    done = issued_team.collate()
    assert outcomes(done) == {"forged.xlsx": REJECTED}
    assert codes(only(done, "forged.xlsx")) == [code]
    assert issued_team.state.figures == {}


def test_a_return_is_matched_by_what_is_inside_never_by_its_name(issued_team: Team) -> None:
    issued = issued_team.issued()
    fill(issued["alpha"], name=issued["beta"].name)
    fill(issued["beta"], name="Copy of FINAL final.xlsx")
    done = issued_team.collate()
    assert only(done, issued["beta"].name).owner == "alpha"
    assert only(done, "Copy of FINAL final.xlsx").owner == "beta"


def test_a_return_of_another_ledger_is_refused(issued_team: Team, workspace: Workspace) -> None:
    stranger = Team(workspace).issue()["alpha"]
    (issued_team.received() / "stranger.xlsx").write_bytes(filled(stranger))
    assert codes(only(issued_team.collate(), "stranger.xlsx")) == ["I002"]


def test_a_superseded_return_is_taken_with_a_warning_until_the_newer_one_comes(issued_team: Team) -> None:
    old = issued_team.issued()["alpha"]
    kept = old.read_bytes()
    new = issued_team.issue(now=at("2026-07-03"))["alpha"]
    old.write_bytes(kept)
    late = fill(old, {V1: {"Actual": 91}}, saved=at("2026-07-09"))
    assert codes(only(issued_team.collate(), late.name)) == ["I004"]
    assert issued_team.state.figures[V1].now.actual == 91
    fill(new, {V1: {"Actual": 95}}, saved=at("2026-07-05"))
    issued_team.collate()
    assert issued_team.state.figures[V1].now.actual == 95


def test_a_return_filed_under_another_period_counts_for_its_own_and_moving_it_ends_the_warning(
    issued_team: Team,
) -> None:
    issued_team.issue(Q2, now=at("2026-10-01"))
    sent = fill(issued_team.issued()["alpha"])
    misfiled = issued_team.received(Q2) / sent.name
    sent.rename(misfiled)
    assert codes(only(issued_team.collate(), sent.name)) == ["I007"]
    assert issued_team.state.in_use[("alpha", Q1)].folder == Q2
    misfiled.rename(sent)
    done = issued_team.collate()
    assert codes(only(done, sent.name)) == []
    assert issued_team.state.in_use[("alpha", Q1)].outcome == ACCEPTED


def test_a_changed_catalogue_is_said_and_rows_it_dropped_are_left(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"])
    issued_team.change_catalogue(lambda data: data["kpis"].remove(kpi_in(data, "V1")))
    received = only(issued_team.collate(), sent.name)
    assert codes(received) == ["I005", "R025"]
    assert received.outcome == WITH_WARNINGS
    assert V1 not in issued_team.state.figures
    assert len(received.figures) == 4


def test_a_return_after_the_hard_close_is_taken_and_said(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"])
    assert codes(only(issued_team.collate(at("2026-07-24")), sent.name)) == ["I008"]


def test_a_return_in_time_is_not_late_because_it_is_looked_at_again(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"], {V1: {"Actual": "x"}})
    issued_team.collate(at("2026-07-10"))
    issued_team.change_catalogue(lambda data: data.update(version="2"))
    done = issued_team.collate(at("2026-08-20"))
    assert "I008" not in codes(only(done, sent.name))
    (row,) = [row for row in issued_team.sheet("tbl_returns") if row["File"] == sent.name]
    assert row["Days late"] == "0"


# ---- several returns of one owner ----------------------------------------------------------------------------------


def test_a_resubmission_counts_and_the_earlier_return_is_kept(issued_team: Team) -> None:
    issued = issued_team.issued()["alpha"]
    first = fill(issued, {V1: {"Actual": 91}})
    issued_team.collate()
    second = fill(issued, {V1: {"Actual": 95}}, name="again.xlsx", saved=at("2026-07-09"))
    done = issued_team.collate()
    assert outcomes(done) == {first.name: ACCEPTED, second.name: ACCEPTED}
    current = issued_team.state.figures[V1]
    assert (current.now.actual, current.first.actual) == (95, 91)
    standing = {row["File"]: row["Standing"] for row in issued_team.sheet("tbl_returns") if row["File"]}
    assert standing == {first.name: "Replaced by again.xlsx", second.name: "In use"}


def test_an_older_copy_arriving_later_does_not_win(issued_team: Team) -> None:
    issued = issued_team.issued()["alpha"]
    fill(issued, {V1: {"Actual": 95}}, name="b.xlsx", saved=at("2026-07-09"))
    issued_team.collate()
    fill(issued, {V1: {"Actual": 91}}, name="z older.xlsx", saved=at("2026-07-08"))
    issued_team.collate()
    assert issued_team.state.figures[V1].now.actual == 95


def test_the_file_system_clock_decides_nothing(issued_team: Team) -> None:
    issued = issued_team.issued()["alpha"]
    newer = fill(issued, {V1: {"Actual": 95}}, name="b.xlsx", saved=at("2026-07-09"))
    older = fill(issued, {V1: {"Actual": 91}}, name="a.xlsx", saved=at("2026-07-08"))
    os.utime(newer, (0, 0))
    os.utime(older, (2_000_000_000, 2_000_000_000))
    issued_team.collate()
    assert issued_team.state.figures[V1].now.actual == 95


def test_two_returns_saved_at_the_same_time_are_said(issued_team: Team) -> None:
    issued = issued_team.issued()["alpha"]
    fill(issued, {V1: {"Actual": 95}}, name="a.xlsx")
    fill(issued, {V1: {"Actual": 91}}, name="b.xlsx")
    issued_team.collate()
    assert "I006" in [row["Code"] for row in issued_team.sheet("tbl_findings")]


def test_a_blank_in_a_resubmission_leaves_the_figure_and_asks_nobody_for_it(issued_team: Team) -> None:
    issued = issued_team.issued()["alpha"]
    fill(issued)
    issued_team.collate()
    fill(issued, {V1: {"Actual": None}}, name="again.xlsx", saved=at("2026-07-09"))
    issued_team.collate()
    assert [row["Code"] for row in issued_team.sheet("tbl_findings")] == ["R027"]
    assert issued_team.state.figures[V1].now.actual == 92


# ---- the same result, however it is reached ------------------------------------------------------------------------


def arrivals(team: Team) -> dict[str, bytes]:
    """Six files: two owners, a resubmission with a blank, an older copy, a bad one, a refused row."""
    alpha, beta = team.issued()["alpha"], team.issued()["beta"]
    return {
        "1 beta.xlsx": filled(beta, {("T1", "TRUST", "2026-05"): {"Numerator": "x"}}),
        "2 alpha older.xlsx": filled(alpha, {V1: {"Actual": 80}}, saved=at("2026-07-02")),
        "3 alpha.xlsx": filled(alpha, {V1: {"Actual": 60}}, saved=at("2026-07-08")),
        "4 alpha again.xlsx": filled(
            alpha, {V1: {"Actual": 65}, ("C1", "TRUST", Q1): {"Actual": None}}, saved=at("2026-07-09")
        ),
        "5 bad.xlsx": b"PK\x03\x04 and so on",
    }


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 4, 0, 3, 1)])
def test_incrementally_in_any_order_or_from_scratch_it_is_the_same(
    order: tuple[int, ...], issued_team: Team, tmp_path: Path
) -> None:
    files = list(arrivals(issued_team).items())
    at_once = Team(Workspace(tmp_path / "at once"))
    shutil.copytree(issued_team.root, at_once.root)
    for name, data in files:
        (at_once.received() / name).write_bytes(data)
    at_once.collate()
    for index in order:
        name, data = files[index]
        (issued_team.received() / name).write_bytes(data)
        issued_team.collate()
    assert in_any_order(views(issued_team)) == in_any_order(views(at_once))
    one, other = issued_team.state, at_once.state
    assert one.figures == other.figures
    assert [(r.sha256, r.outcome, r.findings) for r in one.received] == [
        (r.sha256, r.outcome, r.findings) for r in other.received
    ]


def test_collating_twice_adds_no_run_and_changes_no_table(issued_team: Team) -> None:
    for name, data in arrivals(issued_team).items():
        (issued_team.received() / name).write_bytes(data)
    (issued_team.received() / "5 bad (1).xlsx").write_bytes(b"PK\x03\x04 and so on")
    (issued_team.received() / "1 beta (1).xlsx").write_bytes((issued_team.received() / "1 beta.xlsx").read_bytes())
    issued_team.collate()
    before, runs = views(issued_team), issued_team.state.runs
    about = [row for row in issued_team.sheet("tbl_about") if row["Item"] != "Produced"]
    done = issued_team.collate(at("2026-07-10 17:00"))
    assert done.new_records == 0
    assert issued_team.state.runs == runs
    assert views(issued_team) == before
    assert [row for row in issued_team.sheet("tbl_about") if row["Item"] != "Produced"] == about


def test_inputs_are_never_touched(issued_team: Team) -> None:
    for name, data in arrivals(issued_team).items():
        (issued_team.received() / name).write_bytes(data)
    before = tree(issued_team.root / "returns")
    issued_team.collate()
    assert tree(issued_team.root / "returns") == before


def test_a_rejected_file_put_right_is_taken_and_forgotten(issued_team: Team) -> None:
    issued = issued_team.issued()["alpha"]
    whole = filled(issued)
    target = issued_team.received() / "alpha.xlsx"
    target.write_bytes(whole[:5000])
    issued_team.collate()
    target.write_bytes(whole)
    done = issued_team.collate()
    assert outcomes(done) == {"alpha.xlsx": ACCEPTED}
    assert issued_team.sheet("tbl_findings") == []


def test_a_figure_refused_by_a_fault_of_the_catalogue_is_taken_once_that_is_right(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"], {V1: {"Actual": 120}})
    issued_team.collate()
    assert V1 not in issued_team.state.figures
    issued_team.change_catalogue(lambda data: kpi_in(data, "V1").update(possible=[0, 200]))
    issued_team.collate()
    assert issued_team.state.figures[V1].now.actual == 120
    assert issued_team.state.in_use[("alpha", Q1)].file == sent.name


# ---- what goes missing ---------------------------------------------------------------------------------------------


def test_an_accepted_file_that_was_deleted_leaves_its_figures_with_a_warning(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"])
    issued_team.collate()
    sent.unlink()
    done = issued_team.collate()
    assert [item.code for item in done.findings] == ["F011"]
    assert sent.name in str(done.findings[0])
    assert issued_team.state.figures[V1].now.actual == 92


@pytest.mark.parametrize("lost", ["returns", f"returns/{Q1}", f"returns/{Q1}/received"])
def test_a_folder_that_has_gone_is_an_error_and_never_no_returns(lost: str, issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"])
    issued_team.collate()
    shutil.rmtree(issued_team.root / lost)
    before = tree(issued_team.root)
    with pytest.raises(WorkspaceError, match="share connected"):
        issued_team.collate()
    assert tree(issued_team.root) == before


def test_a_file_taken_away_between_listing_and_reading_is_one_file(issued_team: Team) -> None:
    first, second = (
        fill(issued_team.issued()["alpha"], name="a.xlsx"),
        fill(issued_team.issued()["beta"], name="b.xlsx"),
    )
    entries = listing(issued_team.workspace)
    read = next(entries)
    second.unlink()
    gone = next(entries)
    assert isinstance(read, Arrived)
    assert isinstance(gone, Arrived)
    assert (read.path, read.problem) == (first, None)
    assert gone.problem is not None
    assert gone.problem.code == "F009"


def test_a_period_that_is_not_in_the_calendar_is_refused_before_anything_is_read(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"])
    before = tree(issued_team.root)
    with pytest.raises(UsageError, match="calendar"):
        issued_team.collate(period="2031-32-Q1")
    assert tree(issued_team.root) == before


# ---- restatements --------------------------------------------------------------------------------------------------


def test_a_restated_value_keeps_the_first_reported_one_beside_it(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"])
    issued_team.collate()
    issued_team.issue(Q2, now=at("2026-10-01"))
    restated: dict[str, CellValue] = {"Restated previous figure": 88, "Reason for restatement": "Late records"}
    fill(issued_team.issued(Q2)["alpha"], {("V1", "TRUST", Q2): restated}, saved=at("2026-10-08"))
    issued_team.collate(at("2026-10-10"))
    (row,) = [row for row in issued_team.sheet("tbl_data") if (row["Ref"], row["Period"]) == ("V1", Q1)]
    assert (row["Actual"], row["First reported"], row["Restated"]) == ("88", "92", "yes")
    assert row["Reason for restatement"] == "Late records"
    assert row["RAG"] == "Amber"


def test_months_come_filled_in_again_and_count_as_restated_only_if_changed(issued_team: Team) -> None:
    april, may = ("T1", "TRUST", "2026-04"), ("T1", "TRUST", "2026-05")
    fill(issued_team.issued()["beta"], {april: {"Commentary": "As planned"}})
    issued_team.collate()
    again = issued_team.issue(again=True, now=at("2026-07-11"))["beta"]
    rows = {
        (row["Ref"].raw, row["Org"].raw, row["Period"].raw): row
        for row in FileWorkbook.open(again).read_table(layout.TABLE).rows
    }
    assert (rows[april]["Numerator"].raw, rows[april]["Denominator"].raw) == ("170", "200")
    assert rows[april]["Commentary"].raw == "As planned"
    changes = {april: {"Numerator": 150}, may: {"Numerator": 170}}
    fill(again, changes, saved=at("2026-07-12"))
    issued_team.collate(at("2026-07-13"))
    restated = {key for key, current in issued_team.state.figures.items() if current.is_restated}
    assert restated == {april}


def test_text_that_looks_like_a_formula_stays_text_in_the_master(issued_team: Team) -> None:
    said = ["=1+1", "+44 29", "-see note", "@here", "=cmd|' /C calc'!A0"]
    keys = [(ref, "TRUST", Q1) for ref in ("P1", "V1", "L1", "C1", "M1")]
    fill(issued_team.issued()["alpha"], {key: {"Commentary": text} for key, text in zip(keys, said, strict=True)})
    issued_team.collate()
    rows = [row for row in issued_team.table("tbl_data").rows if not row["Commentary"].is_blank]
    assert [row["Commentary"].raw for row in rows] == said
    assert {row["Commentary"].kind for row in rows} == {CellKind.TEXT}
    assert not any(row["Commentary"].is_formula for row in rows)
    cells = (cell for row in openpyxl.load_workbook(issued_team.workspace.master)["Data"].iter_rows() for cell in row)
    formulas = [cell.coordinate for cell in cells if cell.data_type == "f" and cell.value in said]
    assert formulas == []


def test_a_master_that_cannot_be_read_stops_before_anything_is_recorded(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"])
    issued_team.workspace.master.write_bytes(b"not a workbook")
    before = tree(issued_team.root)
    with pytest.raises(Exception, match=r"master\.xlsx"):
        issued_team.collate()
    assert tree(issued_team.root) == before


def test_the_day_of_collation_is_the_day_returned(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"], saved=RETURN_DAY)
    issued_team.collate(COLLATE_DAY)
    (received,) = issued_team.state.received
    assert (received.at, received.saved_at) == ("2026-07-10T09:00:00Z", "2026-07-08T09:00:00+00:00")
    assert received.file == sent.name


# ---- nothing an owner types can stop the collation -----------------------------------------------------------------

ODD: list[CellValue] = [
    "1e400",
    "1e25",
    1e300,
    -1e300,
    5e-324,
    "31/03/0202",
    -1,
    10**9,
    True,
    date(9999, 12, 31),
    "\t\r\n",
    "{{ x }}{% y %}",
    "&amp;<c/>]]>_x0007_",
    "x" * 32_767,
    "=A1",
    "#N/A",
    "\N{RIGHT-TO-LEFT OVERRIDE}\N{ZERO WIDTH SPACE}\N{GRINNING FACE}",
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:20])
def test_no_odd_answer_stops_the_collation_or_the_page(odd: CellValue, issued_team: Team) -> None:
    inputs = [column.header for column in layout.COLUMNS if column.role is fields.Role.INPUT]
    figures = {"Numerator", "Denominator", "Actual", "Milestone", "Not applicable"}
    in_answers = {header: odd for header in inputs if header not in figures}
    everywhere = dict.fromkeys(inputs, odd)
    fill(issued_team.issued()["alpha"], {(ref, "TRUST", Q1): in_answers for ref in ("P1", "V1", "L1", "C1", "M1")})
    fill(issued_team.issued()["beta"], {("G1", "TRUST", Q1): {"Actual": odd}, ("S1", "NORTH", Q1): everywhere})
    done = issued_team.collate()
    assert len(done.judged) == 2
    conserved(done, issued_team)
    assert issued_team.collate().new_records == 0
    assert row_count(issued_team) == 9
    issued_team.issue(Q2, now=at("2026-10-01"))


def row_count(team: Team) -> int:
    return len([row for row in team.sheet("tbl_dashboard") if row["Row"] == "kpi"])


def test_text_longer_than_a_cell_of_excel_holds_is_cut_and_said(issued_team: Team) -> None:
    data = filled(issued_team.issued()["alpha"], {V1: {"Commentary": "LONG"}})
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info).replace(b">LONG<", b">" + b"long " * 8_000 + b"<"))
    (issued_team.received() / "long.xlsx").write_bytes(target.getvalue())
    received = only(issued_team.collate(), "long.xlsx")
    assert codes(received) == ["R018"]
    said = issued_team.state.figures[V1].now.commentary
    assert len(said) == 30_000
    assert said.startswith("long long")


def test_what_a_person_should_look_at_is_said_though_everything_was_taken(issued_team: Team) -> None:
    alpha, beta = issued_team.issued()["alpha"], issued_team.issued()["beta"]
    fill(alpha, {V1: {"Actual": 60}}, signed=False)  # Red, and nobody says why
    fill(beta, only=True)
    done = issued_team.collate()
    assert not done.is_clean  # a blank return counts as returned, but not in silence
    said = "\n".join(results.collated(done))
    assert re.search(r"Alpha team 0001.xlsx: 7 warnings on the Findings sheet: Not signed off \(3\)", said), said
    assert re.search(r"Beta team 0002.xlsx: \d+ warnings? on the Findings sheet:.*Nothing was filled in", said), said
