"""What was promised is worked out again from the returns as they were received, and from the ledger alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import BY, Q1, Q2, Team, at, copy_of, fill, new_team
from xlperf.findings import Severity
from xlperf.ledger.runfile import seal
from xlperf.report import layout
from xlperf.returns import action_fields, promise_fields
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.integrity.rebuild import rebuild
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace.run import Run

V1 = ("V1", "TRUST")
PROMISE: Mapping[str, CellValue] = {
    "Actual": 50, "Commentary": "Two posts are empty", "Action": "Hire two nurses", "Action owner": "Matron",
    "Action due": date(2026, 9, 30),
}  # fmt: skip
SHOWN = (layout.ACTIONS, layout.RECOVERY)


@pytest.fixture(scope="module")
def promised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which an owner followed up an action, and promised figures of what is in escalation."""
    team = new_team(tmp_path_factory.mktemp("promised") / "workspace")
    team.change_catalogue(lambda data: data["escalation"]["stages"][0].update(enter={"consecutive_red": 1}))
    fill(team.issue(now=at("2026-07-01"))["alpha"], {(*V1, Q1): PROMISE}, saved=at("2026-07-10"))
    team.collate(at("2026-07-10"))
    decided: dict[str, CellValue] = {
        layout.DECIDED: "Enhanced",
        layout.DECIDED_BY: "Chief Executive",
        layout.DECIDED_ON: date(2026, 7, 18),
    }
    team.type_in_master(layout.ESCALATION, "V1", decided)
    team.collate(at("2026-07-20"))
    back = fill(team.issue(Q2, at("2026-10-01"))["alpha"], {(*V1, Q2): {"Actual": 60}}, saved=at("2026-10-10"))
    book = FileWorkbook.open(back)
    answers: Mapping[str, Mapping[str, CellValue]] = {
        action_fields.TABLE: {
            "Progress": "One is in post", "New date": date(2026, 11, 30), "Why the date has moved": "No applicants",
        },
        promise_fields.TABLE: {"You promise": 75, "Why it has changed": "No applicants"},
    }  # fmt: skip
    for table, said in answers.items():
        book.write_cells(table, {book.read_table(table).rows[0].number: said})
    book.save(back)
    team.collate(at("2026-10-12"), Q2)
    return team.root


@pytest.fixture
def team(promised: Path, tmp_path: Path) -> Team:
    return copy_of(promised, tmp_path / "workspace")


def change_recorded(team: Team, change: Callable[[dict[str, Any]], None], version: str = "") -> None:
    """Change the record of the return with promises, and make its run's hash right again."""
    for path in (team.root / "ledger" / "runs").glob("*"):
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        for line in lines:
            if line["record"] == "return" and "promises" in line:
                change(line)
                lines[0]["xlperf"] = version or lines[0]["xlperf"]
                path.write_bytes(seal(lines[:-1]))
                return
    raise AssertionError("no return with promises was recorded")


def wrong(team: Team) -> list[tuple[str, str]]:
    found = verify(team.workspace).findings
    return [(item.code, item.message) for item in found if item.severity is not Severity.NOTE]


def test_what_the_returns_say_of_actions_and_promises_is_what_was_recorded(team: Team) -> None:
    assert wrong(team) == []


def _another_progress(record: dict[str, Any]) -> None:
    record["actions"][0]["given"]["progress"] = "Both are in post"


def _no_action(record: dict[str, Any]) -> None:
    del record["actions"]


def _done(record: dict[str, Any]) -> None:
    record["actions"][0]["given"]["status"] = "Done"


def _another_promise(record: dict[str, Any]) -> None:
    record["promises"][0]["figure"] = 65.0


@pytest.mark.parametrize("version", ["", "0.2.0rc1"])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_another_progress, "A-0001: progress 'Both are in post' was recorded, and the original says 'One is in post'"),
        (_no_action, "A-0001: due '' was recorded, and the original says '2026-11-30'"),
        (_done, "A-0001: status 'Done' was recorded, and the original says ''"),
        (
            _another_promise,
            "V1 TRUST 2026-27-Q3: 65 ('No applicants') promised was recorded, and the original says 75",
        ),
    ],
)
def test_a_record_that_says_what_the_return_does_not_is_named_whatever_version_wrote_it(
    change: Callable[[dict[str, Any]], None], words: str, version: str, team: Team
) -> None:
    change_recorded(team, change, version)
    ((code, message),) = wrong(team)
    assert code == "V006"
    assert words in message


def test_a_rebuilt_master_has_the_same_register_and_the_same_paths(team: Team) -> None:
    before = [team.sheet(name) for name in SHOWN]
    team.workspace.master.unlink()
    rebuild(team.workspace, Run(at("2026-10-12"), BY), period=Q2)
    assert [team.sheet(name) for name in SHOWN] == before
    assert before[0][0]["Progress"] == "One is in post"
    assert before[1][0]["Promised"] == "75"


def test_a_rebuild_keeps_what_was_typed_about_both_before(team: Team) -> None:
    team.type_in_master(layout.ACTIONS, "V1", {"Action owner": "Head of nursing"})
    team.type_in_master(layout.RECOVERY, "V1", {"Promised": 78})
    done = rebuild(team.workspace, Run(at("2026-10-13"), BY), period=Q2)
    assert (done.decisions, done.findings) == (2, ())
    assert team.sheet(layout.ACTIONS)[0]["Action owner"] == "Head of nursing"
    assert [team.sheet(layout.RECOVERY)[0][name] for name in ("Promised", "First promised")] == ["78", "75"]
