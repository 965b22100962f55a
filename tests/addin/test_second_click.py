"""A click where nothing is new says what the last one said and writes nothing; what was typed since is never missed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

import xlperf
from tests.addin.two_doors import click, said, waiting, waiting_once
from tests.calc_engine.fixture import Calc
from tests.calc_engine.ranges import Range
from tests.conftest import Team
from xlperf.report import layout
from xlperf.workbook.live import LiveWorkbook
from xlperf.workflow.cycle.collate import collate
from xlperf.workflow.cycle.collate_live import collate_live
from xlperf.workflow.cycle.unchanged import answer_again
from xlperf.workflow.workspace.run import Run, now

__all__ = ["waiting", "waiting_once"]
pytestmark = pytest.mark.libreoffice

AFTERWARDS = """
import sys
from tests.calc_engine import attached
sys.argv[0] = "attached"
try:
    attached.main()
finally:
    print(*sys.modules, sep="\\n")
"""


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of what this process writes into cells of an open workbook, in order."""
    addresses: list[str] = []
    write = Range._write

    def noted(self: Range, data: Any) -> None:
        addresses.append(f"{self.sheet.name}!{self.address.replace('$', '')}")
        write(self, data)

    monkeypatch.setattr(Range, "_write", noted)
    return addresses


def is_nothing_new(team: Team, book: xw.Book) -> bool:
    return answer_again(team.workspace, None, now().date(), LiveWorkbook(book)) is not None


def collated(team: Team, book: xw.Book) -> None:
    collate_live(team.workspace, LiveWorkbook(book), Run(now(), "tester"))


def test_a_second_click_says_the_same_and_loads_nothing_that_it_does_not_need(calc: Calc, waiting: Team) -> None:
    calc.open(waiting.workspace.master)
    first = said(click(calc, waiting, "collate"))
    report, office = waiting.root / "report.json", calc.impl.office
    arguments = ["collate", f"--workspace={waiting.root}", "--wb=master.xlsx", *calc.arguments]
    command = [sys.executable, "-c", AFTERWARDS, office.pipe, str(office.pid), str(report), "xlperf.addin", *arguments]
    runs = waiting.state.runs
    done = subprocess.run(
        [*command, f"--version={xlperf.__version__}"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    (alert,) = json.loads(report.read_text(encoding="utf-8"))["alerts"]
    assert alert["prompt"].splitlines()[0] == first.splitlines()[0]
    assert "Nothing new." in alert["prompt"]
    assert "Save the workbook when you are ready" in alert["prompt"]
    assert waiting.state.runs == runs
    assert not {"xlperf.catalogue", "xlperf.workflow.cycle.collate"} & set(done.stdout.split())


def test_what_stands_there_already_is_not_sent_again(calc: Calc, waiting: Team, written: list[str]) -> None:
    book = calc.open(waiting.workspace.master)
    collated(waiting, book)
    assert "Data" in {address.partition("!")[0] for address in written}
    written.clear()
    (waiting.received() / "note.txt").write_text("one more file, which is passed over", encoding="utf-8")
    collated(waiting, book)
    tables = {address.partition("!")[0] for address in written if ":" in address}
    assert not tables & {"Data", "KPIs", "Escalation", "Exceptions", "Glossary"}


TYPED = (
    (layout.ESCALATION, layout.DECIDED_BY, "Chief Executive"),
    (layout.ESCALATION, layout.TYPED_COLUMNS[-1], "as agreed in July"),
    (layout.KPIS, "Ref", "over what is ours"),
)


def test_what_somebody_typed_since_is_not_nothing_new_wherever_it_stands(calc: Calc, waiting: Team) -> None:
    book = calc.open(waiting.workspace.master)
    collated(waiting, book)
    assert answer_again(waiting.workspace, None, now().date()) is None, "the file is as it was before the click"
    assert is_nothing_new(waiting, book)
    for cell, text in typed_into(book):
        was = cell.value
        cell.value = text
        assert not is_nothing_new(waiting, book), text
        if was is None:
            cell.clear_contents()
        else:
            cell.value = was
        assert is_nothing_new(waiting, book), text
    (waiting.received() / "late.xlsx").write_bytes(b"late")
    assert not is_nothing_new(waiting, book)


def typed_into(book: xw.Book) -> Iterator[tuple[Any, str]]:
    """Cells of our tables, and cells below and beside one, each with what somebody types there."""
    for name, header, text in TYPED:
        table = LiveWorkbook(book).read_table(name)
        yield book.sheets[table.sheet].range(table.address(table.rows[0], header)), text
    table = LiveWorkbook(book).read_table(layout.KPIS)
    sheet, last = book.sheets[table.sheet], table.rows[-1].number
    yield sheet.range((last + 3, 2)), "our own below"
    yield sheet.range((3, len(table.columns) + 4)), "our own beside"


def test_what_is_typed_while_it_is_written_is_not_taken_for_read(
    calc: Calc, waiting: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = calc.open(waiting.workspace.master)
    keep = LiveWorkbook.write_name

    def typed_then(self: LiveWorkbook, name: str, value: Any) -> None:
        if name == layout.SUMMARY:
            table = self.read_table(layout.ESCALATION)
            cell = book.sheets[table.sheet].range(table.address(table.rows[0], layout.DECIDED_BY))
            cell.value = "typed at the last moment"
        keep(self, name, value)

    monkeypatch.setattr(LiveWorkbook, "write_name", typed_then)
    collated(waiting, book)
    assert not is_nothing_new(waiting, book)


def test_an_open_master_that_another_has_left_behind_is_not_taken_for_the_file(calc: Calc, waiting: Team) -> None:
    book = calc.open(waiting.workspace.master)
    collated(waiting, book)
    book.close()
    collate(waiting.workspace, Run(now(), "ann"))
    book = calc.open(waiting.workspace.master)
    assert not is_nothing_new(waiting, book), "not before this one has been looked through"
