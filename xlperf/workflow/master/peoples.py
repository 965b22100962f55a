"""What people typed into columns that they added to the master's tables. It follows the row that it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from xlperf.findings import Finding, Location, finding
from xlperf.report.views import SHEET_OF
from xlperf.rows import ABSENT, RowsByColumn
from xlperf.tables import CellKind, NumberStyle, Row, Table
from xlperf.workbook.declaredformulas import declared_there
from xlperf.workbook.formulafill import Moves, filled_down, followed
from xlperf.workbook.port import Attached, Kept, TypedFormula, WorkbookPort
from xlperf.workflow.master.arranging import Arranged, RowKey, arranged, has_doubles


def with_peoples_columns(
    book: WorkbookPort, added: Mapping[str, Sequence[str]], tables: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[dict[str, Content], list[Finding]]:
    """The new rows of the tables, with what people wrote about each in their own columns. Nothing is written yet.

    A formula keeps its meaning: what it refers to in our tables is named where it will be. What cannot be kept is a
    finding with its text.

    Args:
        book: the master.
        added: people's columns, by table.
        tables: the new rows, by table.
    """
    pointers = [each for name, rows in tables.items() for each in book.make_room(name, len(rows))]
    moving = _moving(book, tables)
    content, findings = _content(moving, added)
    left = book.bring_rows({name: moving.moves(name) for name in tables})
    if left:  # nothing may be written as if their rows had moved
        moving.leave(left)
        content, findings = _content(moving, added)
        findings += [finding("D008", f"{why}.") for why in left.values()]
    pointers += book.follow(moving.on_sheet)
    findings += [finding("D007", f"{each.where}: '{each.text}'.") for each in pointers]
    return content, findings


def homeless_notes(
    book: WorkbookPort, added: Mapping[str, Sequence[str]], tables: Mapping[str, Sequence[Mapping[str, Any]]]
) -> list[Finding]:
    """The findings of `with_peoples_columns` about rows that will not be there any more; nothing is changed."""
    return _content(_moving(book, tables), added)[1]


def _moving(book: WorkbookPort, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> _Moving:
    return _Moving(book, {name: RowsByColumn.of(rows) for name, rows in tables.items()})


def _content(moving: _Moving, added: Mapping[str, Sequence[str]]) -> tuple[dict[str, Content], list[Finding]]:
    """What is written into each table, and what of people's own cannot be kept."""
    content: dict[str, Content] = {}
    findings: list[Finding] = []
    for name in moving.new:
        moves, rows = moving.moves(name), moving.rows(name)
        headers = added[name] if SHEET_OF[name].key else ()
        if headers:
            keeping = _Keeping(moving, name, moving.formulas(name, headers), findings)
            rows = keeping.rows(headers)
        content[name] = Content(rows, moves.rows)
        findings += _typed_rows(moving, name)
        findings += _detached(moving, name)
    return content, findings


def _detached(moving: _Moving, name: str) -> Iterator[Finding]:
    """What is attached to a row that will be gone."""
    rows = moving.moves(name).rows
    gone = [each for each in moving.attached(name) if each.row not in rows]
    if not gone:
        return
    table = moving.table(name)
    by_number = {row.number: row for row in table.rows}
    for each in gone:
        row = by_number.get(each.row)
        key = " ".join(filter(None, _key(row, SHEET_OF[name].key))) if row else ""
        letter = table.letters[table.columns.index(each.header)] if table.letters else ""
        where = Location(sheet=table.sheet, cell=f"{letter}{each.row}")
        about = f"{key}, column" if key else "a row without anything in it, column"
        yield finding("D003", f"{about} '{each.header}': the {each.what} '{each.text}'.", where)


def _typed_rows(moving: _Moving, name: str) -> Iterator[Finding]:
    """Rows that somebody typed: Excel adds to a table what is typed right below it.

    None of our rows has only one cell, or lacks the cells that say what it is about. What stands in people's columns of
    such rows is reported elsewhere.
    """
    body, stay, sheet = moving.moves(name).body, moving.moves(name).rows, SHEET_OF[name]
    if len(stay) == body.bottom - body.top + 1 or len(sheet.columns) == 1:
        return
    typed = {column.header for column in sheet.columns if column.is_typed}
    # Not columns of later versions, which rows of an earlier one lack; nor those that are read, and told, on their own.
    ours = [header for header in sheet.headers if header not in sheet.added and header not in typed]
    must = sheet.always or sheet.key
    if _are_ours(moving.book, name, must, ours, {row for row in range(body.top, body.bottom + 1) if row not in stay}):
        return  # as when a figure is back on target: the whole of a long table need not be read to say nothing
    table = moving.table(name)
    for row in table.rows:
        cells = [cell for header in ours if not (cell := row[header]).is_blank]
        is_ours = len(cells) > 1 and not any(row[header].is_blank for header in must)
        if row.number not in stay and cells and not is_ours:
            text = ", ".join(f"'{cell.raw}'" for cell in cells)
            yield finding(
                "D003", f"a row typed into the table: {text}.", Location(sheet=table.sheet, cell=cells[0].ref)
            )


def _are_ours(book: WorkbookPort, name: str, must: Sequence[str], ours: Sequence[str], rows: Collection[int]) -> bool:
    """Whether each of some rows is surely one of ours, as `_typed_rows` tells them; of others it reads the table."""
    if not set(must) | set(ours) <= set(book.columns(name)):
        return False
    texts = book.read_keys(name, (*must, *ours), rows)
    full = (all(each[: len(must)]) and sum(map(bool, each[len(must) :])) > 1 for each in texts.values())
    return len(texts) == len(rows) and all(full)


class Content(NamedTuple):
    """What is written into a table: its rows, and, for rows that stay, in which sheet row each will be."""

    rows: RowsByColumn
    moved: Mapping[int, int]


@dataclass(slots=True)
class _Moving:
    """Where the rows of the master's tables are, and where they will be. A table is read when it is first asked for."""

    book: WorkbookPort
    new: Mapping[str, RowsByColumn]
    _tables: dict[str, Table] = field(default_factory=dict)
    _formulas: dict[str, Mapping[tuple[int, str], TypedFormula]] = field(default_factory=dict)
    _attached: dict[str, Sequence[Attached]] = field(default_factory=dict)
    _arranged: dict[str, tuple[Arranged, Moves]] = field(default_factory=dict)
    _sheets: dict[str, list[str]] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        """The table as it stands."""
        if name not in self._tables:
            self._tables[name] = self.book.read_table(name)
        return self._tables[name]

    def formulas(self, name: str, headers: Sequence[str]) -> Mapping[tuple[int, str], TypedFormula]:
        """The formulas in people's columns of a table, as it stands."""
        if name not in self._formulas:
            self._formulas[name] = self.book.read_formulas(name, headers)
        return self._formulas[name]

    def attached(self, name: str) -> Sequence[Attached]:
        """What is attached to cells of a table, as it stands."""
        if name not in self._attached:
            self._attached[name] = self.book.read_attached(name)
        return self._attached[name]

    def leave(self, names: Collection[str]) -> None:
        """Note that some tables are not written, so that their rows stay where they are."""
        self.new = {name: rows for name, rows in self.new.items() if name not in names}
        self._sheets.clear()

    def rows(self, name: str) -> RowsByColumn:
        """The new rows of a table, in the order in which they are written."""
        return self._arrange(name)[0].rows

    def moves(self, name: str) -> Moves:
        """Where the rows of a table will be."""
        return self._arrange(name)[1]

    def _arrange(self, name: str) -> tuple[Arranged, Moves]:
        if name not in self._arranged:
            of, (sheet, body) = SHEET_OF[name], self.book.body(name)
            headers = of.key or of.headers
            before, details = self.book.read_keys(name, headers), list[str]()
            if has_doubles(list(before.values()), self.new[name], headers):
                details = [each for each in of.headers if each not in headers and each not in of.added]
                before = self.book.read_keys(name, (*headers, *details))
            numbers = list(before)
            order = arranged(list(before.values()), self.new[name], headers, of.stay, details)
            rows = {numbers[old]: body.top + new for old, new in order.rows_now.items()}
            last = body.top + max(len(order.rows), 1) - 1
            totals = 1 if self.book.totals(name) else 0
            self._arranged[name] = order, Moves(sheet, body, rows, last, totals=totals)
        return self._arranged[name]

    def on_sheet(self, sheet: str | None) -> list[Moves]:
        """The moves of the tables on a sheet, whatever the case of its name; of all tables for None."""
        if not self._sheets:
            for name in self.new:
                self._sheets.setdefault(self.book.body(name)[0].casefold(), []).append(name)
        names = self.new if sheet is None else self._sheets.get(sheet.casefold(), [])
        return [self.moves(name) for name in names]


@dataclass(frozen=True, slots=True)
class _Keeping:
    """One table, into whose new rows people's cells are put."""

    moving: _Moving
    name: str
    formulas: Mapping[tuple[int, str], TypedFormula]
    findings: list[Finding]

    def rows(self, headers: Sequence[str]) -> RowsByColumn:
        """The new rows, with what people have in columns of these headers."""
        moves, rows = self.moving.moves(self.name), self.moving.rows(self.name)
        theirs: dict[str, list[Any]] = {header: [ABSENT] * len(rows) for header in headers}
        for old in self.moving.table(self.name).rows:
            lost: list[str] = []
            for header in headers:
                formula = self.formulas.get((old.number, header))
                if old.number not in moves.rows:
                    if formula is None or not formula.is_columns:
                        lost += self._lost(old, header, formula)
                    continue
                at = moves.rows[old.number]
                text = self._text(formula, old.number, at) if formula is not None else None
                kept = formula is None or text is not None
                theirs[header][at - moves.body.top] = Kept(old.number, text) if kept else None
                if not kept:
                    lost += self._lost(old, header, formula, ", which refers to rows that have changed place or gone")
            if lost:
                self._tell(old, headers, lost)
        return rows.with_columns(theirs)

    def _text(self, formula: TypedFormula, old: int, new: int) -> str | None:
        """How a formula reads in its new row; None if it cannot go there and keep its meaning."""
        sheet, on_sheet = self.moving.moves(self.name).sheet, self.moving.on_sheet
        if (
            formula.is_columns and formula.can_move
        ):  # where it cannot follow, that is told of the column, not of each row
            return filled_down(declared_there(formula.text, sheet, on_sheet) or formula.text, new - old)
        text = followed(formula.text, sheet, on_sheet)
        is_as_it_was = old == new and text == formula.text
        return text if formula.can_move or is_as_it_was else None

    def _lost(self, row: Row, header: str, formula: TypedFormula | None, why: str = "") -> list[str]:
        """What was in a cell and cannot be kept, in words; nothing if the cell was empty."""
        cell = row[header]
        if formula is None and cell.is_blank:
            return []
        text = f"={formula.text}" if formula is not None else cell.raw
        if formula is None and cell.kind is CellKind.NUMBER and cell.style is NumberStyle.DATE:
            why += ", a date or time in days as Excel counts them"
        return [f"column '{header}': '{text}'{why}"]

    def _tell(self, row: Row, headers: Sequence[str], lost: Sequence[str]) -> None:
        """One finding about everything that a row had in people's columns."""
        table, key = self.moving.table(self.name), " ".join(_key(row, SHEET_OF[self.name].key))
        first = next(header for header in headers if f"column '{header}'" in lost[0])
        where = Location(sheet=table.sheet, cell=table.address(row, first))
        self.findings.append(finding("D003", f"{key}, {'; '.join(lost)}.", where))


def _key(row: Row, headers: Sequence[str]) -> RowKey:
    return tuple(row[header].raw.strip() for header in headers)
