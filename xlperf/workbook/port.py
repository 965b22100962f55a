"""The port: all that the workflow may ask of a workbook. Tables by name, columns by header, never a cell address."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from xlperf.tables import Table
from xlperf.workbook.a1 import Area
from xlperf.workbook.formulafill import Moves

CellValue = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """In place of a value: the cell that stands in the same column of sheet row `row` before the table is written.

    It comes as it is, its kind and its look with it. `formula` is the text that its formula is to have, without the
    equals sign; None for a cell that holds no formula.
    """

    row: int
    formula: str | None = None


@dataclass(frozen=True, slots=True)
class TypedFormula:
    """A formula that stands in a cell, without its equals sign.

    `can_move` is False for one that is bound to its place, such as an array over several cells; `is_columns` says that
    it is what the table fills down in this column.
    """

    text: str
    can_move: bool = True
    is_columns: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """What a person attached to a cell of a table: `what` is a note, a link, a picture, …, `text` what it says."""

    row: int
    header: str
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Pointer:
    """What points at cells by their address: where it stands, in words, and its text."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Typing:
    """What people may type into a column: one of `choices`, a number, a date within `dates`, or anything.

    `title` and `hint` are shown beside the cell, `refusal` where something else is typed.
    """

    title: str = ""
    hint: str = ""
    refusal: str = ""
    choices: tuple[str, ...] = ()
    is_number: bool = False
    dates: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a new column looks like: the column of the table with the header `like`, but for what is said here.

    Attributes:
        like: the header of that column.
        number_format: Excel's code, as `dd mmm yyyy`; "" for the other column's.
        width: in characters; 0 for the other column's.
        rules_of: the header of the column whose conditional formats and lists of choices it has too; "" for none.
        typing: what may be typed into it, where that is of its own.
    """

    like: str
    number_format: str = ""
    width: float = 0
    rules_of: str = ""
    typing: Typing | None = None


TableRow = Mapping[str, CellValue | Kept]
"""What goes into a row of a table, by column header."""


class WorkbookPort(Protocol):
    """An open workbook."""

    def table_names(self) -> tuple[str, ...]:
        """The names of all Excel tables, in sheet order."""
        ...

    def columns(self, name: str) -> tuple[str, ...]:
        """The table's column headers, without reading its rows. Raises TableNotFound."""
        ...

    def read_table(self, name: str) -> Table:
        """The table as it stands, hidden and filtered rows included. Raises TableNotFound."""
        ...

    def body(self, name: str) -> tuple[str, Area]:
        """The table's sheet, and where on it its rows are, without header and totals. Raises TableNotFound."""
        ...

    def read_keys(
        self, name: str, headers: Sequence[str], rows: Collection[int] | None = None
    ) -> Mapping[int, tuple[str, ...]]:
        """What stands in some columns of each row that is not blank, as text, by sheet row; soon for a long table.

        `rows` are the sheet rows that are asked for; None for all of the table.

        Raises TableNotFound; WorkbookError for a header that the table does not have.
        """
        ...

    def read_formulas(self, name: str, headers: Collection[str]) -> Mapping[tuple[int, str], TypedFormula]:
        """The formulas in some of the table's columns, by sheet row and header. Raises TableNotFound."""
        ...

    def read_attached(self, name: str) -> Sequence[Attached]:
        """What people attached to cells of the table, row by row. Raises TableNotFound."""
        ...

    def totals(self, name: str) -> Area | None:
        """Where the table's totals row is; None where it has none. Raises TableNotFound."""
        ...

    def make_room(self, name: str, rows: int) -> Sequence[Pointer]:
        """Where something stands below a table that is to have so many rows: put in sheet rows, as Excel does.

        Returns what points there and cannot follow. Raises WorkbookError where that would tear another table.
        """
        ...

    def bring_rows(self, moves: Mapping[str, Moves]) -> Mapping[str, str]:
        """Before tables are written: in a workbook that a program has open, have it bring rows to where they will be.

        So what is attached to them goes along whatever it is, and what points at them follows by the program's own
        rules. What is written afterwards, with the same rows `moved`, names rows as they were before. In a file there
        is nothing to do, as rows are moved when they are written.

        `moves` says what moves in each table. Returns why a table was left as it was, in words, where the program
        would not; then it is not to be written.
        """
        ...

    def follow(self, moves: Callable[[str | None], Sequence[Moves]]) -> Sequence[Pointer]:
        """Before tables are written: make what points at their cells by address point where those will be.

        `moves` says what moves on a sheet, by its name in any case, or on all of them for None. Formulas inside the
        tables are not looked at. Returns what cannot follow, and stays as it is.
        """
        ...

    def write_table(self, name: str, rows: Sequence[TableRow], moved: Mapping[int, int] | None = None) -> None:
        """Replace the table's rows; the table grows or shrinks to fit (one blank row where `rows` is empty).

        A header missing from a row leaves the cell blank, or, in a column for which the table declares a formula, fills
        that formula down; what a person typed into single cells spreads nowhere. Text stays text, whatever it begins
        with.

        `moved` says of each sheet row that goes on being about the same where it will be; what a person did to its
        looks, and what is attached to its cells, goes there with it; what is attached to another row goes. Other cells
        look as most of their column does; without `moved` every row looks like the first.

        Raises TableNotFound; WorkbookError for a header the table does not have, or where growing would cover cells
        that somebody filled below the table.
        """
        ...

    def keep_together(self, name: str, with_next: Collection[int], moved: Mapping[int, int]) -> None:
        """End no printed page of a table's sheet with a row that belongs with the next, as soon as it is written.

        `with_next` are such rows, counted from 0; `moved` is what `write_table` was given. All is on one page where it
        can be read there. Pages that a person has broken, or fitted, in another way stay as they are, and the breaks of
        a person go with their rows. Raises TableNotFound.
        """
        ...

    def add_columns(self, name: str, looks: Mapping[str, Look]) -> None:
        """Add columns at the right end of a table, whatever a person has added there before.

        `looks` says of each new header what its column looks like. Raises TableNotFound; WorkbookError
        where something stands in the way, naming it, or where this kind of workbook cannot; then nothing has changed.
        """
        ...

    def add_sheet(self, source: bytes, name: str, after: str | None) -> None:
        """Add a sheet of another workbook, with all that is on it, behind the sheet `after`, or before all for None.

        `source` is that workbook as a file, its placeholders filled; the first row of the sheet's tables is a sample,
        as in a template. Raises WorkbookError where something of that name is there, naming it, or where this kind of
        workbook cannot; then nothing has changed.
        """
        ...

    def read_constant(self, name: str) -> str:
        """The text that a defined name stands for; "" where there is no such name, or it means a cell."""
        ...

    def write_constant(self, name: str, text: str) -> None:
        """Have a hidden name stand for a text. Raises WorkbookError where this kind of workbook cannot."""
        ...

    def read_name(self, name: str) -> CellValue:
        """The value of the one cell that a defined name points at. Raises WorkbookError if there is no such name."""
        ...

    def write_name(self, name: str, value: CellValue) -> None:
        """Put `value` into the one cell that a defined name points at. Raises WorkbookError if there is no such."""
        ...

    def set_title(self, title: str) -> None:
        """Have the workbook's properties say its title, unless a person gave it one, and its language.

        In a workbook that a program has open, both stay as they are.
        """
        ...

    def fill(self, context: Mapping[str, object]) -> None:
        """Render every `{{ placeholder }}` in cells, headers, footers. Raises TemplateError naming sheet and cell.

        What is filled is a template, in which the first row of a table is a sample: when the table is written, the
        formulas of that row become those that the table declares.
        """
        ...

    def save(self, path: Path) -> str | None:
        """Write the workbook to `path`, wholly or not at all. Raises WorkbookInUse, WorkbookError."""
        ...
