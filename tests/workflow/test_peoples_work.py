"""Whatever people do in the master's tables between collations stays with what it is about, and nothing is lost.

A person's hand is openpyxl here: it types, colours, notes, links, sorts, filters, adds and renames columns, ticks the
totals row, writes below a table. Between its moves figures arrive, and the master is shown anew.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.filters import FilterColumn, Filters
from openpyxl.worksheet.table import TableColumn

from tests.conftest import Q1, Q2, draws
from tests.workflow.test_lists import Book
from xlperf.findings import Finding
from xlperf.report import layout
from xlperf.report.views import SHEET_OF
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.master.refresh import MasterContent, show, template_words

Key = tuple[str, ...]
TEMPLATE = Path(__file__).parent.parent.parent / "workbook_templates" / "master.xlsx"
TABLES = (layout.KPIS, layout.EXCEPTIONS, layout.DATA)
COLOURS = ("FFEE00", "00CC66", "CC99FF")
SERIES = [(kpi, org) for kpi, org in (("V1", "TRUST"), ("L1", "TRUST"), ("C1", "TRUST"), ("P1", "TRUST"))]
PERIODS = ("2025-26-Q3", Q1, Q2)
OTHERS = ("add_a_column", "rename_a_column", "filter", "sort", "write_below", "tick_the_totals_row")
BELOW = "a note below the table"


@dataclass
class Mine:
    """What a person did about one row: by header in cells of their own columns, and on cells of any."""

    values: dict[str, Any] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


class Sheet:
    """A table as openpyxl sees it."""

    def __init__(self, book: Any, name: str) -> None:
        self.name = name
        self.sheet, self.table = next(
            (sheet, table) for sheet in book for table in sheet.tables.values() if table.name == name
        )
        self.left, self.top, self.right, self.bottom = range_boundaries(self.table.ref)
        self.headers = [self.sheet.cell(self.top, column).value for column in range(self.left, self.right + 1)]

    @property
    def last(self) -> int:
        """Its last row, above the totals."""
        return int(self.bottom - (self.table.totalsRowCount or 0))

    def cell(self, row: int, header: str) -> Any:
        return self.sheet.cell(row, self.left + self.headers.index(header))

    def rows(self) -> dict[Key, int]:
        """The row of each key; rows without one are left out."""
        key = SHEET_OF[self.name].key
        keys = {
            row: tuple(str(self.cell(row, header).value or "") for header in key)
            for row in range(self.top + 1, self.last + 1)
        }
        return {each: row for row, each in keys.items() if any(each)}

    def own(self) -> list[str]:
        """Headers that people added."""
        return [header for header in self.headers if header not in SHEET_OF[self.name].headers]

    def cells(self) -> Iterator[tuple[int, str, Any]]:
        for row in range(self.top + 1, self.last + 1):
            for header in self.headers:
                yield row, header, self.cell(row, header)


class Master(RuleBasedStateMachine):
    """The master, what people did in it, and what the ledger holds."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Book()
        self.mine: dict[str, dict[Key, Mine]] = {name: {} for name in TABLES}
        self.below: Counter[str] = Counter()
        self.open: Any = None
        """The master in a person's hands; None where nobody has touched it since it was collated."""
        self.looks = 0
        self.count = 0

    @initialize()
    def start(self) -> None:
        for kpi, actual in (("V1", 50.0), ("L1", 5.0), ("C1", 3.0)):
            self.ledger.series(kpi, "TRUST", {"2025-26-Q4": actual, Q1: actual})
        book = FileWorkbook.open(TEMPLATE)
        assessment = self._assessment()
        book.fill(template_words(assessment.catalogue))
        show(book, MasterContent(assessment, [("Item", "Value")]), ())
        self.data = book.to_bytes()

    def _assessment(self) -> Any:
        self.looks += 1
        assessment = self.ledger.assessment(Q2, "2026-11-01")
        return type(assessment)(
            assessment.catalogue,
            assessment.state,
            assessment.period,
            assessment.produced + timedelta(minutes=self.looks),
        )

    def _by_hand(self, change: Callable[[Any], None]) -> None:
        if self.open is None:
            self.open = openpyxl.load_workbook(io.BytesIO(self.data))
        change(self.open)

    def save(self) -> None:
        """Save what was done by hand since the last collation, and close the master."""
        if self.open is not None:
            out = io.BytesIO()
            self.open.save(out)
            self.data, self.open = out.getvalue(), None

    def _about(self, table: str, key: Key) -> Mine:
        return self.mine[table].setdefault(key, Mine())

    # -- what people do --

    def do_something_to_a_cell(self, table: str, pick: int, where: int, what: int) -> None:
        def change(book: Any) -> None:
            on = Sheet(book, table)
            rows = on.rows()
            if not rows:
                return
            key = sorted(rows)[pick % len(rows)]
            mine, row = self._about(table, key), rows[key]
            header = on.headers[where % len(on.headers)]
            cell = on.cell(row, header)
            self.count += 1
            kind = what % 5
            if kind == 0:
                mine.colours[header] = COLOURS[what % 3]
                cell.fill = PatternFill("solid", fgColor="FF" + COLOURS[what % 3])
            elif kind == 1:
                mine.notes[header] = f"note {self.count} about {' '.join(key)}"
                cell.comment = Comment(mine.notes[header], "Ann")
            elif kind == 2 and table != layout.DATA:
                mine.links[header] = f"https://example.org/{self.count}"
                cell.hyperlink = mine.links[header]
                if cell.value == mine.links[header]:  # openpyxl types the address into an empty cell
                    cell.value = None
            elif on.own():
                header = on.own()[where % len(on.own())]
                mine.values.pop(header, None)
                mine.formulas.pop(header, None)
                if kind == 3:
                    mine.values[header] = f"typed {self.count}"
                    on.cell(row, header).value = mine.values[header]
                else:
                    first = get_column_letter(on.left + on.headers.index("Ref"))
                    mine.formulas[header] = f'={first}{{row}}&" {self.count}"'
                    on.cell(row, header).value = mine.formulas[header].format(row=row)

        self._by_hand(change)

    def add_a_column(self, table: str) -> None:
        def change(book: Any) -> None:
            on = Sheet(book, table)
            if len(on.own()) >= 2:
                return
            header = f"Mine {self.count}"
            self.count += 1
            on.sheet.cell(on.top, on.right + 1).value = header
            on.table.ref = f"{get_column_letter(on.left)}{on.top}:{get_column_letter(on.right + 1)}{on.bottom}"
            if on.table.autoFilter:
                on.table.autoFilter.ref = (
                    f"{get_column_letter(on.left)}{on.top}:{get_column_letter(on.right + 1)}{on.last}"
                )
            on.table.tableColumns.append(TableColumn(id=max(c.id for c in on.table.tableColumns) + 1, name=header))

        self._by_hand(change)

    def rename_a_column(self, table: str) -> None:
        def change(book: Any) -> None:
            on = Sheet(book, table)
            if not on.own():
                return
            old, new = on.own()[0], f"Renamed {self.count}"
            self.count += 1
            on.cell(on.top, old).value = new
            next(column for column in on.table.tableColumns if column.name == old).name = new
            for mine in self.mine[table].values():
                every: tuple[dict[str, Any], ...] = (mine.values, mine.formulas, mine.colours, mine.notes, mine.links)
                for kept in every:
                    if old in kept:
                        kept[new] = kept.pop(old)

        self._by_hand(change)

    def filter(self, table: str) -> None:
        def change(book: Any) -> None:
            on = Sheet(book, table)
            on.table.autoFilter.filterColumn = [FilterColumn(colId=0, filters=Filters(filter=["V1"]))]
            for row in range(on.top + 1, on.last + 1):
                on.sheet.row_dimensions[row].hidden = on.sheet.cell(row, on.left).value != "V1"

        self._by_hand(change)

    def sort(self, table: str) -> None:
        """From last to first, as Excel sorts: cells with their looks, notes and links; formulas of their own row."""

        def change(book: Any) -> None:
            on = Sheet(book, table)
            was = {
                (row, header): (cell.value, copy(cell._style), cell.comment and cell.comment.text, cell.hyperlink)
                for row, header, cell in on.cells()
            }
            for row, header, cell in on.cells():
                old = on.top + 1 + on.last - row
                value, style, note, link = was[old, header]
                if isinstance(value, str) and value.startswith("="):
                    value = value.replace(f"{old}&", f"{row}&", 1)
                cell.value, cell._style = value, style
                cell.comment = Comment(note, "Ann") if note else None
                cell.hyperlink = None
                if link is not None:
                    cell.hyperlink = link.target
                    cell.value = value

        self._by_hand(change)

    def write_below(self, table: str) -> None:
        def change(book: Any) -> None:
            on = Sheet(book, table)
            below = on.sheet.cell(on.bottom + 1, on.left)
            if below.value is None:
                below.value = BELOW
                self.below[table] += 1

        self._by_hand(change)

    def tick_the_totals_row(self, table: str) -> None:
        def change(book: Any) -> None:
            on = Sheet(book, table)
            if on.table.totalsRowCount or on.sheet.cell(on.bottom + 1, on.left).value is not None:
                return
            on.sheet.cell(on.bottom + 1, on.left).value = "Total"
            on.table.tableColumns[0].totalsRowLabel = "Total"
            on.table.totalsRowCount = 1
            on.table.ref = f"{get_column_letter(on.left)}{on.top}:{get_column_letter(on.right)}{on.bottom + 1}"

        self._by_hand(change)

    # -- what happens meanwhile --

    def a_figure_arrives(self, series: tuple[str, str], period: str, actual: int) -> None:
        self.ledger.series(*series, {period: float(actual)})

    @rule(
        cells=st.lists(st.tuples(st.sampled_from(TABLES), *[st.integers(0, 99)] * 3), max_size=6),
        others=st.lists(st.tuples(st.sampled_from(OTHERS), st.sampled_from(TABLES)), max_size=2),
        figures=st.lists(st.tuples(st.sampled_from(SERIES), st.sampled_from(PERIODS), st.integers(0, 100)), max_size=3),
    )
    def a_week(
        self,
        cells: list[tuple[str, int, int, int]],
        others: list[tuple[str, str]],
        figures: list[tuple[tuple[str, str], str, int]],
    ) -> None:
        """People work in the master, figures arrive, and somebody collates."""
        for what, table in others:
            getattr(self, what)(table)
        for table, pick, where, kind in cells:
            self.do_something_to_a_cell(table, pick, where, kind)
        for series, period, actual in figures:
            self.a_figure_arrives(series, period, actual)
        self.collate()

    def collate(self) -> None:
        self.save()
        book = FileWorkbook.open(self.data)
        findings = show(book, MasterContent(self._assessment(), [("Item", "Value")]), ())[0]
        self.data = book.to_bytes()
        after = openpyxl.load_workbook(io.BytesIO(self.data))
        for table in TABLES:
            self._all_is_where_it_was_put(Sheet(after, table), findings)

    def _all_is_where_it_was_put(self, on: Sheet, findings: list[Finding]) -> None:
        rows = on.rows()
        told = " ".join(item.message for item in findings)
        for key in [key for key in self.mine[on.name] if key not in rows]:
            mine = self.mine[on.name].pop(key)
            for text in (*mine.values.values(), *mine.notes.values(), *mine.links.values()):
                assert str(text) in told, (on.name, key, text)
        of_row = {row: self.mine[on.name].get(key, Mine()) for key, row in rows.items()}
        for row, header, cell in on.cells():
            mine = of_row.get(row, Mine())
            where = (on.name, row, header)
            assert (cell.comment.text if cell.comment else None) == mine.notes.get(header), where
            assert (cell.hyperlink.target if cell.hyperlink else None) == mine.links.get(header), where
            colour = cell.fill.fgColor.rgb[2:] if cell.fill.fill_type else None
            assert (colour if colour in COLOURS else None) == mine.colours.get(header), where
            if header in on.own():
                formula = mine.formulas.get(header)
                wanted = formula.format(row=row) if formula else mine.values.get(header)
                assert cell.value == wanted, where
            assert not on.sheet.row_dimensions[row].hidden, where
        column = [on.sheet.cell(row, on.left).value for row in range(1, on.sheet.max_row + 1)]
        assert column.count(BELOW) == self.below[on.name], on.name
        if self.below[on.name]:
            assert column.index(BELOW) + 1 > on.bottom, on.name
        if on.table.totalsRowCount:
            assert column[on.bottom - 1] == "Total", on.name


TestMaster = Master.TestCase
TestMaster.settings = settings(
    draws(10), stateful_step_count=4, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
