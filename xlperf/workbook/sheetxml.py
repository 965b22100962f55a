"""A sheet part as rows of raw bytes; only the rows touched are taken apart, the rest stays as it came."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from xlperf.workbook.a1 import Area, column_letters, column_number, parse_area
from xlperf.workbook.plainrows import plain_rows
from xlperf.workbook.rowscan import RowScan
from xlperf.workbook.rowxml import CellXml, RowXml
from xlperf.workbook.xmlsplice import (
    attribute_edit,
    attributes_except,
    parse,
    splice,
    whole_number,
)
from xlperf.workbook.xmltree import Node, XmlDocument

_ONE_CELL = re.compile(rb"(<(?:[^\s>/:]+:)?c\s[^<>]*)(?:(?<=/)>|(?<!/)>.*?</(?:[^\s>/:]+:)?c\s*>)", re.DOTALL)

_UNREFERENCED = re.compile(rb"<(?:[^\s>/:]+:)?c(?=[\s/>])(?![^<>]*\sr\s*=)")

_ROWS = b"<?rows?>"
"""Where the rows are, in what is parsed of a sheet without them."""

_PLAIN_CELL = re.compile(
    rb'(?: s="[0-9]+")?(?: t="([A-Za-z]+)")?'
    rb'(?:/>|></c>|>(?:<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)</c>)'
)

_START_OF_CELL = b'<c r="'
_TOLD_CELL = re.compile(rb'[A-Z]+[0-9]+"' + _PLAIN_CELL.pattern)
"""What follows the start of a cell."""

_START_OF_TAG = re.compile(rb"<[^\s/>]+")


class SheetXml:
    """The rows and cells of one sheet part. Raises WorkbookError where their order makes no sense."""

    def __init__(self, data: bytes, where: str) -> None:
        self.where = where
        plain = plain_rows(data, where)
        self._data: bytes | None = None if plain else data  # which plain rows, put together, are
        self.is_changed = False
        self._new_rows: set[int] | None = set()
        scan = plain or RowScan(data, where)
        self.rows: dict[int, RowXml] = {row.number: row for row in scan.rows}
        self.prefix = scan.prefix
        self._frame = XmlDocument(scan.head + _ROWS + scan.tail, where)
        self._apart: tuple[RowXml, tuple[CellXml, ...]] | None = None  # the row last taken apart

    # -- reading --

    @property
    def frame(self) -> Node:
        """The sheet without its rows, for reading."""
        return self._frame.root

    @contextmanager
    def changing_frame(self) -> Iterator[Node]:
        """The sheet without its rows, to be changed; nothing is where the change fails."""
        before = self._frame.data
        with self._frame.changing() as frame:
            yield frame
        if self._frame.data is not before:
            self._note_change()

    def columns(self) -> list[tuple[int, int, Node]]:
        """What is set of columns: the first and the last of them, and the element that says it."""
        return [
            (whole_number(col.get("min", "0"), self.where), whole_number(col.get("max", "0"), self.where), col)
            for col in self.frame.iterfind("{*}cols/{*}col")
        ]

    def cells(self, row: RowXml) -> Iterator[CellXml]:
        """Return the cells of a row, left to right."""
        if self._apart is None or self._apart[0] is not row:
            self._apart = row, _taken_apart(row.raw, row.number, self.where)
        return iter(self._apart[1])

    def cells_in(self, row: RowXml, columns: Collection[int]) -> list[CellXml]:
        """Return the cells of a row in a few columns; of a long row much sooner than all of them."""
        raw = row.raw
        is_apart = self._apart is not None and self._apart[0] is row
        if is_apart or b"<!" in raw or _UNREFERENCED.search(raw):
            return [cell for cell in self.cells(row) if cell.column in columns]
        cells = (self._cell_at(raw, column, f"{column_letters(column)}{row.number}") for column in sorted(columns))
        return [cell for cell in cells if cell is not None]

    def simple_text(self, row: RowXml, column: int) -> tuple[str, str] | None:
        """Return (kind, text) of a cell that holds nothing but a value or a text, soon; None where it is not so plain.

        `kind` is its `t`; the text of one that is not there is "".
        """
        start = f'<c r="{column_letters(column)}{row.number}"'.encode()
        at = row.raw.find(start)
        if b"<!" in row.raw:
            return None
        if at < 0:
            return ("", "") if self._is_plain(row.raw) else None
        return _kind_and_text(_PLAIN_CELL.match(row.raw, at + len(start)))

    def plain_texts(self, row: RowXml, columns: Sequence[int]) -> list[tuple[str, str] | None]:
        """For each of some columns what `simple_text` returns, sooner where the cells of the row were told before."""
        if row.styled is None:
            return [self.simple_text(row, column) for column in columns]
        places, last = _places(row.styled[0], tuple(columns))
        cells = row.raw.split(_START_OF_CELL, last + 1)
        return [_plain_text(cells[place + 1]) if place is not None else ("", "") for place in places]

    @staticmethod
    def _is_plain(raw: bytes) -> bool:
        """Whether all cells of a row are written as most programs write them, with their address first."""
        return raw.count(b'<c r="') == raw.count(b"<c ") and b":c " not in raw

    def _cell_at(self, raw: bytes, column: int, reference: str) -> CellXml | None:
        wanted = reference.encode()
        at = raw.find(wanted)
        while at >= 0:  # the same may stand in a text or a formula
            cell = _ONE_CELL.match(raw, raw.rfind(b"<", 0, at))
            if cell is not None and cell.end(1) > at:
                elements = tuple(parse(cell[0], self.where))
                if elements[0].local == "c" and elements[0].attributes.get("r") == reference:
                    return CellXml(column, cell[0], elements)
            at = raw.find(wanted, at + 1)
        return None

    def cell(self, column: int, row: int) -> CellXml | None:
        """One cell, if it is there."""
        present_row = self.rows.get(row)
        if present_row is None or not present_row.first <= column <= present_row.last:
            return None
        return next(iter(self.cells_in(present_row, (column,))), None)

    def row_attributes(self, row: int, *, without: frozenset[str] = frozenset()) -> bytes:
        """Return a row's attributes as written; never its number and spans."""
        present_row = self.rows.get(row)
        if present_row is None:
            return b""
        return attributes_except(present_row.raw, 0, lambda name: name in without | {"r", "spans"})

    def style_of(self, column: int, row: int) -> str | None:
        """Return the style id of a cell; for one that is not there, its row's or its column's."""
        cell = self.cell(column, row)
        if cell is not None:
            return cell.attributes.get("s")
        present_row = self.rows.get(row)
        if present_row is not None:
            attributes = parse(present_row.raw, self.where)[0].attributes
            if attributes.get("customFormat") in {"1", "true"}:
                return attributes.get("s")
        return self._style_of_column(column)

    def column_style(self, column: int) -> int:
        """Return the style id of the cells of a column that are not there."""
        return int(self._style_of_column(column) or 0)

    def _style_of_column(self, column: int) -> str | None:
        return next((col.get("style") for first, last, col in self.columns() if first <= column <= last), None)

    def merged_areas(self) -> list[Area]:
        """Return the merged cells."""
        references = (merged.get("ref", "") for merged in self.frame.iterfind("{*}mergeCells/{*}mergeCell"))
        return [area for text in references if (area := parse_area(text))]

    # -- changing --

    def put(self, area: Area, cells: bytes, attributes: bytes | None = None, *, is_surely_plain: bool = False) -> None:
        """Replace a row's cells between two columns by `cells`; `area` is one row high.

        Cells outside the columns stay. `attributes` replace the row's own. A row that was given neither
        `attributes` nor `cells`, and has nothing else, goes. `is_surely_plain` says that `cells` hold no formula.
        """
        number = area.top
        old = self.rows.get(number)
        before = after = rest = b""
        columns = [area.left, area.right] if cells else []
        if old is not None and not _is_inside(old, area):
            outside = [cell for cell in self.cells(old) if not area.left <= cell.column <= area.right]
            before = b"".join(cell.raw for cell in outside if cell.column < area.left)
            after = b"".join(cell.raw for cell in outside if cell.column > area.right)
            columns += [cell.column for cell in outside]
            rest = self._after_cells(old)
        content = before + cells + after + rest
        if not content and attributes is None:
            self.rows.pop(number, None)
        else:
            if attributes is None:
                attributes = self.row_attributes(number)
            raw = self.rendered_row(number, attributes, content)
            gap = old.gap if old is not None else b""
            if self._new_rows is not None and (old is None or old.raw != raw):
                self._new_rows.add(number)
            first, last = min(columns, default=0), max(columns, default=0)
            is_plain = is_surely_plain and len(content) == len(cells)
            self.rows[number] = RowXml(number, raw, first, last, gap, is_surely_plain=is_plain)
        self._note_change()

    def changed(self) -> None:
        """Say that `rows` were changed from outside."""
        self._new_rows = None
        self._note_change()

    def _note_change(self) -> None:
        self.is_changed = True
        self._data = None

    def to_bytes(self) -> bytes:
        """Return the part as it stands now; the bytes it was made from while nothing has changed."""
        if self._data is not None:
            return self._data
        if self.is_changed:
            self._update_dimension()
            self.rows = dict(sorted(self.rows.items()))
        head, _, tail = self._frame.data.partition(_ROWS)
        data = b"".join([head, *self._numbered_rows(), tail])
        self._data = data if self.is_changed else None
        return data

    def without_old_rows(self) -> bytes:
        """The part without the rows that are as they were read: what has to be sound for all of it to be sound."""
        new, rows = self._new_rows, self.rows
        if new is None or len(new) >= len(rows) or not all(row.is_numbered for row in rows.values()):
            return self.to_bytes()
        head, _, tail = self._frame.data.partition(_ROWS)
        return b"".join([head, *(row.raw for number, row in rows.items() if number in new), tail])

    def _numbered_rows(self) -> Iterator[bytes]:
        previous = 0
        for row in self.rows.values():
            yield row.gap
            if row.is_numbered or row.number == previous + 1:
                yield row.raw
            else:  # its number followed from a row that has gone
                name = _START_OF_TAG.match(row.raw)
                end = name.end() if name else 0
                yield row.raw[:end] + f' r="{row.number}"'.encode() + row.raw[end:]
            previous = row.number

    def rendered_row(self, number: int, attributes: bytes, content: bytes) -> bytes:
        """A row as it is written here: its attributes each with the space before it, and its cells."""
        tag = f"{self.prefix}row"
        start = f'<{tag} r="{number}"'.encode() + attributes
        return start + b">" + content + f"</{tag}>".encode() if content else start + b"/>"

    def _after_cells(self, row: RowXml) -> bytes:
        """Return what a row holds besides cells (an extLst)."""
        elements = parse(row.raw, self.where)
        return b"".join(row.raw[e.start : e.end] for e in elements if e.depth == 2 and e.local != "c")

    def _update_dimension(self) -> None:
        filled = [row for row in self.rows.values() if row.first]
        used = Area(1, 1, 1, 1)
        if filled:
            used = Area(
                min(row.first for row in filled),
                min(row.number for row in filled),
                max(row.last for row in filled),
                max(row.number for row in filled),
            )
        with self._frame.changing() as frame:
            for dimension in frame.iterfind("{*}dimension"):
                dimension.set("ref", str(used))


@lru_cache(maxsize=256)
def _places(letters: tuple[bytes, ...], columns: tuple[int, ...]) -> tuple[list[int | None], int]:
    """Where the cells of some columns are among those of a row, None for one that is not; and the last of them."""
    place_of = {each: place for place, each in enumerate(letters)}
    places = [place_of.get(column_letters(column).encode()) for column in columns]
    return places, max((place for place in places if place is not None), default=0)


def _plain_text(after_start: bytes) -> tuple[str, str] | None:
    return _kind_and_text(_TOLD_CELL.match(after_start))


def _kind_and_text(cell: re.Match[bytes] | None) -> tuple[str, str] | None:
    """What a cell that holds a value or a text says; None where it says it in another way."""
    if cell is None or b"&" in cell[0] or b"_x" in cell[0]:
        return None
    return (cell[1] or b"").decode(), (cell[2] or cell[3] or b"").decode()


def _is_inside(row: RowXml, area: Area) -> bool:
    return area.left <= row.first and row.last <= area.right


@lru_cache(maxsize=256)  # the rows of a template are those of every return that is made from it
def _taken_apart(row: bytes, number: int, where: str) -> tuple[CellXml, ...]:
    """The cells of the row of that number, left to right."""
    elements = parse(row, where)
    starts = [i for i, e in enumerate(elements) if e.local == "c" and e.parent is elements[0]]
    cells, column = list[CellXml](), 0
    for begin, end in zip(starts, [*starts, len(elements)][1:], strict=True):
        cell = elements[begin]
        reference = cell.attributes.get("r")
        column = column_number(reference.rstrip("0123456789")) if reference else column + 1
        raw = row[cell.start : cell.end]
        if not reference:
            raw = splice(row, [attribute_edit(row, cell, "r", f"{column_letters(column)}{number}")])
            raw = raw[cell.start : cell.end + len(raw) - len(row)]
        within = tuple(e for e in elements[begin:end] if e.start < cell.end)
        cells.append(CellXml(column, raw, within))
    return tuple(cells)
