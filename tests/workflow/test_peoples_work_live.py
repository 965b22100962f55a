"""The same as in a file, with the master open in Excel: see `test_peoples_work`. LibreOffice Calc stands for Excel."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from tests.calc_engine.a1 import LAST_COLUMN
from tests.calc_engine.comerror import refusal
from tests.calc_engine.fixture import Calc
from tests.calc_engine.ranges import Range
from tests.conftest import Q2
from tests.workflow.test_peoples_work import TABLES, Master, Sheet
from xlperf.findings import Finding
from xlperf.report import layout
from xlperf.workbook.live import LiveWorkbook
from xlperf.workflow.master.refresh import MasterContent, show

pytestmark = [pytest.mark.libreoffice, pytest.mark.long]
_COLOUR, _NOTE, _LINK, _VALUE = range(4)


class OpenMaster(Master):
    """The master, into which is collated while it is open."""

    def __init__(self, calc: Calc, path: Path) -> None:
        super().__init__()
        self.calc, self.path = calc, path
        self.findings: list[Finding] = []

    def collate(self) -> None:
        self.save()
        self.path.write_bytes(self.data)
        book = LiveWorkbook(self.calc.open(self.path))
        self.findings = show(book, MasterContent(self._assessment(), [("Item", "Value")]), ())[0]
        book.save(self.path)
        book.book.close()
        self.data = self.path.read_bytes()

    def check(self) -> None:
        """Check that all is where it was put, or was told."""
        workbook = openpyxl.load_workbook(io.BytesIO(self.data))
        for table in TABLES:
            self._all_is_where_it_was_put(Sheet(workbook, table), self.findings)


@pytest.fixture
def master(calc: Calc, tmp_path: Path) -> OpenMaster:
    """A master in which people worked, and after which figures came in that put *Exceptions* into another order."""
    master = OpenMaster(calc, tmp_path / "master.xlsx")
    master.start()
    for table in TABLES:
        master.add_a_column(table)
        master.do_something_to_a_cell(table, 0, 1, _COLOUR)
        for pick in range(4):
            for what in (_NOTE, _VALUE):
                master.do_something_to_a_cell(table, pick, what, what)
    master.do_something_to_a_cell(layout.KPIS, 1, 0, _LINK)
    master.sort(layout.KPIS)
    master.tick_the_totals_row(layout.KPIS)
    master.write_below(layout.EXCEPTIONS)
    for series, actual in ((("V1", "TRUST"), 99), (("L1", "TRUST"), 0), (("C1", "TRUST"), 90), (("P1", "TRUST"), 50)):
        master.a_figure_arrives(series, Q2, actual)
    master.save()
    return master


def test_peoples_work_goes_with_its_row_in_an_open_excel(master: OpenMaster) -> None:
    master.collate()
    assert [item.code for item in master.findings if item.code == "D008"] == []
    master.check()


def test_a_table_whose_rows_excel_does_not_move_is_left_and_the_others_are_written(
    master: OpenMaster, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Range.insert

    def refuses(cells: Range, shift: str | None = None, copy_origin: str | None = None) -> None:
        if cells.sheet.name == "Exceptions" and cells.shape[1] < LAST_COLUMN:
            raise refusal("We can't do that to a merged cell.")
        plain(cells, shift, copy_origin)

    before = Sheet(openpyxl.load_workbook(io.BytesIO(master.data)), layout.EXCEPTIONS)
    monkeypatch.setattr(Range, "insert", refuses)
    master.collate()
    (told,) = [item.message for item in master.findings if item.code == "D008"]
    assert told.startswith("sheet 'Exceptions', table 'tbl_exceptions': its rows could not be brought to their places")
    assert told.endswith("(We can't do that to a merged cell), so it was left as it was.")
    workbook = openpyxl.load_workbook(io.BytesIO(master.data))
    assert Sheet(workbook, layout.EXCEPTIONS).rows() == before.rows()
    for table in TABLES:
        master._all_is_where_it_was_put(Sheet(workbook, table), master.findings)
    assert ("P1", "TRUST", Q2) in Sheet(workbook, layout.DATA).rows()
