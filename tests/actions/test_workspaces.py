"""Each story of `workspaces.txt`, told to a whole workspace in order, ends as it says."""

from __future__ import annotations

import email
import re
from collections.abc import Callable, Mapping
from datetime import date
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import BY, at, fill, kpi_in, new_team
from xlperf.report import layout
from xlperf.returns import action_fields
from xlperf.returns import layout as form
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.chase import chase
from xlperf.workflow.cycle.collate import Collated
from xlperf.workflow.cycle.import_history import import_history
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace.run import Run

TEXT = (Path(__file__).parent / "workspaces.txt").read_text(encoding="utf-8")
STORIES = {
    part.splitlines()[0].strip(): [line for line in part.splitlines()[1:] if line.strip()]
    for part in re.split(r"(?m)^Story: ", TEXT)[1:]
}
NOTHING = "-"
AS_ISSUED = "as issued"
COPY = "master copy.xlsx"


class Telling:
    """A workspace to which the lines of a story are told."""

    def __init__(self, root: Path) -> None:
        self.team = new_team(root)
        self.team.change_catalogue(
            lambda data: data["escalation"]["stages"][0].update(enter={"action_overdue_days": 3})
        )
        self.last: Collated | None = None
        self.imported = ""

    def tell(self, line: str) -> None:
        """Do what a line says."""
        head, *cells = [part.strip() for part in line.split("|")]
        day, what, *rest = head.split()
        now = at(day)
        match what, rest:
            case "issue", [period]:
                self.team.issue(period, now)
            case "again", [period]:
                self.team.issue(period, now, again=True)
            case "return", [owner, period]:
                self._return(owner, period, cells, day)
            case "sheet", [owner, period]:
                self._sheet(owner, period, cells)
            case "import", []:
                self._import(cells, day)
            case "collate", [period]:
                self.last = self.team.collate(now, period)
            case "copied", []:
                (self.team.root / COPY).write_bytes(self.team.workspace.master.read_bytes())
            case "typed", ["in", "copy"]:
                self._typed(self.team.root / COPY, cells)
            case "typed", []:
                self._typed(self.team.workspace.master, cells)
            case "catalogue", []:
                self.team.change_catalogue(_change(cells[0]))
            case _:
                raise ValueError(line)

    def _return(self, owner: str, period: str, cells: list[str], day: str) -> None:
        subject, figure, action, who, due = cells
        said: dict[str, CellValue] = {}
        if figure:
            said = {"Actual": float(figure), "Commentary": "Two posts are empty"}
        if action and action != AS_ISSUED:
            said |= {"Action": action, "Action owner": who, "Action due": date.fromisoformat(due)}
        issued = self.team.issued(period)[owner]
        ref, _, org = subject.partition(" ")
        fill(issued, {(ref, org, period): said} if said else {}, saved=at(day))
        if action == AS_ISSUED:
            rows = FileWorkbook.open(issued).read_table(form.TABLE).rows
            assert any(row["Action"].raw for row in rows if row["Ref"].raw == ref), "it was issued without the action"

    def _sheet(self, owner: str, period: str, cells: list[str]) -> None:
        path = self.team.received(period) / self.team.issued(period)[owner].name
        book = FileWorkbook.open(path)
        rows = book.read_table(action_fields.TABLE).rows
        (number,) = [row.number for row in rows if row[action_fields.NUMBER.header].raw == cells[0]]
        book.write_cells(action_fields.TABLE, {number: _pairs(cells[1])})
        book.save(path)

    def _import(self, cells: list[str], day: str) -> None:
        key, figure, action, who, due = cells
        header = "kpi,org,period,actual,action,action owner,action due"
        path = self.team.root / "history.csv"
        path.write_text(f"{header}\n{','.join((*key.split(), figure, action, who, due))}\n", encoding="utf-8")
        done = import_history(self.team.workspace, path, Run(at(day), BY))
        self.imported = " ".join(item.message for item in done.findings)

    @staticmethod
    def _typed(path: Path, cells: list[str]) -> None:
        book = FileWorkbook.open(path)
        rows = book.read_table(layout.ACTIONS).rows
        (number,) = [row.number for row in rows if row[layout.ACTION_ID].raw == cells[0]]
        book.write_cells(layout.ACTIONS, {number: _pairs(cells[1])})
        book.save(path)

    # ---- what is seen --------------------------------------------------------------------------------------------

    def seen(self, head: str, cells: list[str]) -> list[str]:
        """What is seen of what a line is about, in the words of a story."""
        match head.split():
            case ["register"]:
                row = self._row(layout.ACTIONS, cells[0], layout.ACTION_ID)
                due = self.team.state.actions[int(cells[0][-4:]) - 1].due
                return [cells[0], row["Status"], str(due), row["Note"] or NOTHING]
            case ["owner"]:
                return [cells[0], self._row(layout.ACTIONS, cells[0], layout.ACTION_ID)["Action owner"]]
            case ["list"]:
                listed = [
                    f"{row['Why it is listed']}; {row['Reason for its place']}"
                    for row in self.team.sheet(layout.EXCEPTIONS)
                    if f"{row['Ref']} {row['Org']}" == cells[0] and row["List"] == layout.TO_ACT_ON
                ]
                found = next((cells[1] for words in listed if cells[1] in words), "; ".join(listed) or NOTHING)
                return [cells[0], found]
            case ["ladder"]:
                rows = self.team.sheet(layout.ESCALATION)
                stages = [row["Proposed stage"] for row in rows if f"{row['Ref']} {row['Org']}" == cells[0]]
                return [cells[0], "; ".join(filter(None, stages)) or NOTHING]
            case [day, "reminder", owner, period]:
                return [self._reminder(day, owner, period)]
            case ["return", owner, period]:
                table = FileWorkbook.open(self.team.issued(period)[owner]).read_table(action_fields.TABLE)
                shown = [
                    [row["Action no."].raw, row["How it stands"].raw] for row in table.rows if row["Action no."].raw
                ]
                return [each for row in shown for each in row] or [NOTHING]
            case ["import"]:
                return [self.imported]
            case ["findings"]:
                assert self.last is not None
                return [" ".join(sorted(item.code for item in self.last.findings))]
        raise ValueError(head)

    def _row(self, table: str, key: str, header: str) -> Mapping[str, str]:
        (row,) = [row for row in self.team.sheet(table) if row[header] == key]
        return row

    def _reminder(self, day: str, owner: str, period: str) -> str:
        """The lines about actions in the reminder to an owner; each promise is told there in a line of its own."""
        name = {"alpha": "Alpha", "beta": "Beta"}[owner]
        for path in chase(self.team.workspace, period, Run(at(day), BY)):
            message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(message, EmailMessage)
            body = message.get_body()
            assert body is not None
            if path.name.startswith(name):
                told = re.findall(r"- (A-\d{4}: .*?\.)(?= - | The figures|$)", " ".join(body.get_content().split()))
                return " ".join(told) or NOTHING
        return NOTHING


def _change(words: str) -> Callable[[dict[str, Any]], None]:
    """A change of the catalogue, in words."""
    if match := re.fullmatch(r"(\w+) retired after (\S+)", words):
        kpi, field, value = match[1], "retired_after", match[2]
    else:
        kpi, value = re.fullmatch(r"(\w+) returned by (\w+)", words).groups()  # type: ignore[union-attr]
        field = "responsible_owner"
    return lambda data: kpi_in(data, kpi).update({field: value})


def _pairs(text: str) -> dict[str, CellValue]:
    pairs = (pair.strip().split(" = ", 1) for pair in text.split(";"))
    return {
        header: date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else value
        for header, value in pairs
    }


@pytest.mark.parametrize("story", STORIES)
def test_it_ends_as_the_story_says(story: str, tmp_path: Path) -> None:
    telling, checked = Telling(tmp_path / "workspace"), 0
    for line in STORIES[story]:
        if line.startswith("then "):
            head, *cells = [part.strip() for part in line.removeprefix("then ").split("|")]
            assert telling.seen(head, cells) == cells, line
            checked += 1
        else:
            telling.tell(line)
    assert checked
    assert verify(telling.team.workspace).is_clean
