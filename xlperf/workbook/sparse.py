"""A sparse, one-pass reader of named Excel tables from an untrusted .xlsx.

Only the sheets that hold a wanted table are read, and of them only the cells in the tables' columns; the
size that a sheet claims costs nothing. Checking and reading are one pass over the standard library's expat.
What is not as Excel writes it is refused with a finding, never guessed: a wrong figure is worse than a
second sending.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from xlperf.findings import Finding
from xlperf.tables import Book, Cell, CellKind, NumberStyle, Row, Table
from xlperf.workbook.gate import DEFAULT_LIMITS, Limits, Package, Reader, Refused, shown, too_large

MOST_STRAY = 50
"""Cells below one table that are reported; more say nothing new."""

__all__ = ["MOST_STRAY", "Limits", "read_tables"]

_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384
_LONGEST_NUMBER = 400  # characters; the longest that any program writes out is 1.8E308 without exponent, 309

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
_RELATIONSHIP_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_MODIFIED = "http://purl.org/dc/terms/ modified"
_SHEET_DATA, _ROW, _CELL, _MERGE = _MAIN + "sheetData", _MAIN + "row", _MAIN + "c", _MAIN + "mergeCell"
_VALUE, _FORMULA, _INLINE = _MAIN + "v", _MAIN + "f", _MAIN + "is"
_TEXT, _PHONETIC, _EXTENSIONS, _EXTENSION = _MAIN + "t", _MAIN + "rPh", _MAIN + "extLst", _MAIN + "ext"

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_ROW_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
_INDEX = re.compile(r"[0-9]{1,9}")
_RANGE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Of a number format: quoted text, [colour or locale], an escaped character, and the two that set a width.
_NOT_FORMAT = re.compile(r'"[^"]*"?|\[[^\]]*\]?|[\\_*].|General', re.DOTALL | re.IGNORECASE)
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENT_FORMATS = {9, 10}
_BOOLEANS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}


def read_tables(
    data: bytes, wanted: Collection[str] | None, *, file: str = "", limits: Limits = DEFAULT_LIMITS
) -> tuple[Book | None, list[Finding]]:
    """Read the `wanted` tables (None: all) of the workbook that `data` is.

    Returns the book with every wanted table, or None with the findings that say why not; it does not raise,
    whatever is in `data`. Table names match in any case, as in Excel, and come back as asked for.
    """
    try:
        package = Package(data, limits)
        workbook = _read_workbook(package)
        areas = _read_areas(package, workbook.sheets)
        missing = _choose(areas, wanted)
        if missing:
            return None, [_missing(name, areas).finding(file) for name in missing]
        return _read_book(package, workbook, areas), []
    except Refused as refused:
        return None, [refused.finding(file)]


# --- the workbook and its tables ---


class _Link(NamedTuple):
    kind: str
    target: str


class _Links(Reader):
    """The relationships of a part, by id; what points outside of the file is left out."""

    def __init__(self, base: str) -> None:
        self.links: dict[str, _Link] = {}
        self._base = base

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if tag != _RELATIONSHIP or attributes.get("TargetMode") == "External":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        if kind in ("xlMacrosheet", "xlIntlMacrosheet", "vbaProject"):
            raise Refused("F006", "The workbook contains macros.", expected="an .xlsx workbook without macros")
        if kind == "control":
            raise Refused("F006", "The workbook contains ActiveX controls.", expected="a workbook without controls")
        target = posixpath.normpath(posixpath.join("/", self._base, attributes.get("Target", "")))
        self.links[attributes.get("Id", "")] = _Link(kind, target.lstrip("/"))

    def all(self, kind: str) -> list[str]:
        """List the targets of one kind, in the order of the file."""
        return [link.target for link in self.links.values() if link.kind == kind]


class _SheetName(NamedTuple):
    name: str
    link: str


class _Workbook(Reader):
    """Sheets in order, and which day Excel counts from."""

    def __init__(self, limits: Limits) -> None:
        self.sheet_names: list[_SheetName] = []
        self.date_1904 = False
        self._limits = limits
        self._names = 0

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if depth == 1:
            _check_root(tag, "workbook")
        elif tag == _MAIN + "workbookPr":
            self.date_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == _MAIN + "sheet":
            self.sheet_names.append(_SheetName(attributes.get("name", ""), attributes.get(_RELATIONSHIP_ID, "")))
            _check_count("sheets", len(self.sheet_names), self._limits.sheets)
        elif tag == _MAIN + "definedName":
            self._names += 1
            _check_count("defined names", self._names, self._limits.names)


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the workbook part says: where the parts that matter are."""

    sheets: Sequence[tuple[str, str]]
    """Name and part of every worksheet, in order."""
    shared_strings: str
    styles: str
    core: str
    date_1904: bool


def _read_workbook(package: Package) -> _Layout:
    top = _links_of(package, "")
    book_part = _first(top.all("officeDocument"))
    if not book_part:
        raise Refused("F010", "The file does not say which of its parts is the workbook.")
    reader = _Workbook(package.limits)
    package.parse(book_part, reader)
    links = _links_of(package, book_part)
    sheets = [
        (name, links.links[link].target)
        for name, link in reader.sheet_names
        if link in links.links and links.links[link].kind == "worksheet"
    ]
    return _Layout(
        sheets,
        shared_strings=_first(links.all("sharedStrings")),
        styles=_first(links.all("styles")),
        core=_first(top.all("core-properties")),
        date_1904=reader.date_1904,
    )


def _links_of(package: Package, part: str) -> _Links:
    folder, name = posixpath.split(part)
    reader = _Links(folder)
    links_part = posixpath.join(folder, "_rels", name + ".rels")
    if links_part in package:
        package.parse(links_part, reader)
    return reader


class _Stored(NamedTuple):
    """A cell as it stands in the file; shared strings are still their index."""

    ref: str
    type: str
    value: str | None
    is_formula: bool
    style: NumberStyle


@dataclass(slots=True)
class _Area:
    """The range of a table on its sheet, and the cells found in it."""

    name: str
    sheet: str
    part: str
    columns: list[str]
    left: int
    top: int
    right: int
    bottom: int
    first_row: int
    """First row below the header."""
    last_row: int
    """Last row above the totals."""
    is_wanted: bool = True
    rows: dict[int, dict[int, _Stored]] = field(default_factory=dict)
    stray: list[_Stored] = field(default_factory=list)


class _TablePart(Reader):
    """A table part: its name, range and columns."""

    def __init__(self) -> None:
        self.attributes: dict[str, str] = {}
        self.columns: list[str] = []

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if depth == 1:
            _check_root(tag, "table")
            self.attributes = attributes
        elif tag == _MAIN + "tableColumn":
            self.columns.append(_unescaped(attributes.get("name", "")))


def _read_areas(package: Package, sheets: Iterable[tuple[str, str]]) -> list[_Area]:
    """All tables of the workbook, in sheet order."""
    areas: list[_Area] = []
    names: set[str] = set()
    for sheet, sheet_part in sheets:
        for table_part in _links_of(package, sheet_part).all("table"):
            area = _read_area(package, table_part, sheet, sheet_part)
            if area.name.casefold() in names:
                raise Refused("F010", "Two tables of the workbook have the same name.", sheet=sheet, found=area.name)
            names.add(area.name.casefold())
            areas.append(area)
            _check_count("tables", len(areas), package.limits.tables)
    return areas


def _read_area(package: Package, table_part: str, sheet: str, sheet_part: str) -> _Area:
    reader = _TablePart()
    package.parse(table_part, reader)
    name = reader.attributes.get("displayName") or reader.attributes.get("name", "")
    where = reader.attributes.get("ref", "")
    header, totals = (
        reader.attributes.get("headerRowCount", "1"),
        reader.attributes.get("totalsRowCount", "0"),
    )
    match = _RANGE.fullmatch(where)
    if not match or header not in ("0", "1") or totals not in ("0", "1"):
        raise _bad_table(name, sheet, where)
    left, right = _column_number(match[1]), _column_number(match[3])
    top, bottom = int(match[2]), int(match[4])
    first_row, last_row = top + int(header), bottom - int(totals)
    if not (0 < left <= right and top <= bottom <= _MAX_ROW and first_row <= last_row + 1):
        raise _bad_table(name, sheet, where)
    if len(reader.columns) != right - left + 1:
        raise _bad_table(name, sheet, f"{where} with {len(reader.columns)} columns")
    return _Area(name, sheet, sheet_part, reader.columns, left, top, right, bottom, first_row, last_row)


def _choose(areas: Iterable[_Area], wanted: Collection[str] | None) -> list[str]:
    """Mark the wanted tables, under the name they were asked for; returns the names there is no table for."""
    if wanted is None:
        return []
    left = {name.casefold(): name for name in wanted}
    for area in areas:
        name = left.pop(area.name.casefold(), None)
        area.is_wanted = name is not None
        area.name = name or area.name
    return list(left.values())


# --- what the cells refer to ---


class _Styles(Reader):
    """How every cell format shows a number: {index of the format, as it is written on cells: style}."""

    def __init__(self) -> None:
        self.styles: dict[str, NumberStyle] = {}
        self._codes: dict[str, str] = {}
        self._group = ""

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        # Differential formats hold numFmt elements too, and cell styles hold xf: only the right group counts.
        if depth == 2:
            self._group = tag
        elif depth == 3 and tag == _MAIN + "numFmt" and self._group == _MAIN + "numFmts":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif depth == 3 and tag == _MAIN + "xf" and self._group == _MAIN + "cellXfs":
            self.styles[str(len(self.styles))] = self._style(attributes.get("numFmtId", "0"))

    def _style(self, format_id: str) -> NumberStyle:
        if format_id in self._codes:
            return _number_style(self._codes[format_id])
        built_in = int(format_id) if _INDEX.fullmatch(format_id) else 0
        if built_in in _PERCENT_FORMATS:
            return NumberStyle.PERCENT
        return NumberStyle.DATE if built_in in _DATE_FORMATS else NumberStyle.GENERAL


@lru_cache(maxsize=256)
def _number_style(code: str) -> NumberStyle:
    """Say what a number format code, such as `0.0%` or `dd/mm/yyyy`, shows."""
    code = _NOT_FORMAT.sub("", code)
    if "%" in code:
        return NumberStyle.PERCENT
    return NumberStyle.DATE if re.search("[dmyhs]", code, re.IGNORECASE) else NumberStyle.GENERAL


def _read_styles(package: Package, part: str) -> Mapping[str, NumberStyle]:
    reader = _Styles()
    return reader.styles if _parse_if_sound(package, part, reader) else {}


class _Core(Reader):
    """When the workbook was last saved, by its own account."""

    def __init__(self) -> None:
        self.modified = ""
        self._is_open = False

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        self._is_open = tag == _MODIFIED

    def end(self, tag: str, depth: int) -> None:
        self._is_open = False

    def text(self, text: str) -> None:
        if self._is_open:
            self.modified = (self.modified + text)[:64]


def _read_saved_at(package: Package, part: str) -> datetime | None:
    reader = _Core()
    if not _parse_if_sound(package, part, reader):
        return None
    try:
        saved_at = datetime.fromisoformat(reader.modified.strip())
        return (saved_at if saved_at.tzinfo else saved_at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parse_if_sound(package: Package, part: str, reader: Reader) -> bool:
    """Parse a part that the figures do not depend on: damage is not worth a refusal, but an attack is."""
    if part not in package:
        return False
    try:
        package.parse(part, reader)
    except Refused as refused:
        if refused.code not in ("F002", "F010"):
            raise
        return False
    return True


class _RichText(Reader):
    """Collects the text of a string item: its runs joined, without the phonetic guide."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.is_open = False
        self._in_phonetic = False

    def start_text(self, tag: str) -> None:
        """Take the opening of an element within the item."""
        if tag == _PHONETIC:
            self._in_phonetic = True
        elif tag == _TEXT:
            self.is_open = not self._in_phonetic

    def end_text(self, tag: str) -> None:
        """Take the closing of an element within the item."""
        self.is_open = False
        if tag == _PHONETIC:
            self._in_phonetic = False

    def text(self, text: str) -> None:
        if self.is_open:
            self.pieces.append(text)

    def take(self) -> str:
        """Give the text collected since the last time."""
        text = "".join(self.pieces)
        self.pieces.clear()
        return text


class _SharedStrings(_RichText):
    """The shared strings whose index is needed."""

    def __init__(self, needed: set[int]) -> None:
        super().__init__()
        self.strings: dict[int, str] = {}
        self._needed = needed
        self._index = -1

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if depth == 1:
            _check_root(tag, "sst")
        elif depth == 2:
            self._index += tag == _MAIN + "si"
        elif self._index in self._needed:
            self.start_text(tag)

    def end(self, tag: str, depth: int) -> None:
        if depth > 2:
            self.end_text(tag)
        elif tag == _MAIN + "si" and self._index in self._needed:
            self.strings[self._index] = _unescaped(self.take())


# --- the sheet ---


class _Sheet(_RichText):
    """One pass over a sheet: every place is checked, and only cells in or below a wanted table are kept.

    Rows come in order, so the table that a column belongs to is the last one whose top was passed.
    """

    def __init__(self, name: str, areas: Iterable[_Area], styles: Mapping[str, NumberStyle], limits: Limits) -> None:
        super().__init__()
        self.needed: set[int] = set()
        self.has_data = False
        self._name = name
        self._coming = sorted(areas, key=lambda area: area.top, reverse=True)
        self._owners: dict[int, _Area] = {}
        self._styles = styles
        self._limits = limits
        self._merges = 0
        self._in_data = False
        self._row = 0
        self._row_text = ""
        self._column = 0
        self._owner: _Area | None = None
        self._ref = ""
        self._attributes: dict[str, str] = {}
        self._value: str | None = None
        self._is_formula = False
        self._in_inline = False

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if not self._in_data:
            self._start_outside(tag, depth)
        elif depth == 5:
            self._start_content(tag)
        elif depth == 4:
            self._start_cell(tag, attributes)
        elif depth == 3:
            self._start_row(tag, attributes)
        elif self._in_inline:
            self.start_text(tag)
        elif self.is_open:
            raise self._strange(tag)

    def end(self, tag: str, depth: int) -> None:
        if not self._in_data:
            return
        if depth == 5:
            self._end_content(tag)
        elif depth == 4:
            self._end_cell()
        elif depth == 2:
            self._in_data = False
        elif depth > 5 and self._in_inline:
            self.end_text(tag)

    def _start_outside(self, tag: str, depth: int) -> None:
        if depth == 1:
            _check_root(tag, "worksheet")
        elif tag == _SHEET_DATA:
            # Data anywhere else, or twice, would be read by some programs and not by others.
            if depth != 2 or self.has_data:
                raise self._strange(tag)
            self._in_data = self.has_data = True
        elif tag == _MERGE:
            self._merges += 1
            _check_count("merged cells", self._merges, self._limits.merges)

    def _start_row(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != _ROW:
            raise self._strange(tag)
        text = attributes.get("r")
        if text is None:
            row, text = self._row + 1, str(self._row + 1)
        else:
            row = int(text) if _ROW_NUMBER.fullmatch(text) else 0
        if not 0 < row <= _MAX_ROW:
            raise self._misplaced(f"row {text}")
        if row <= self._row:
            raise self._unordered(f"row {row} after row {self._row}")
        self._row, self._row_text, self._column = row, text, 0
        while self._coming and self._coming[-1].top <= row:
            self._enter(self._coming.pop())

    def _enter(self, area: _Area) -> None:
        for column in range(area.left, area.right + 1):
            above = self._owners.get(column)
            if above is not None and above.bottom >= area.top:
                raise Refused("F010", "Two tables of a sheet lie over one another.", sheet=self._name, found=area.name)
            self._owners[column] = area

    def _start_cell(self, tag: str, attributes: dict[str, str]) -> None:
        self._owner = None
        if tag != _CELL:
            if tag != _EXTENSIONS:
                raise self._strange(tag)
            return
        ref = attributes.get("r")
        if ref is None:
            column = self._column + 1
        else:
            column = _column_number(ref.removesuffix(self._row_text)) if ref.endswith(self._row_text) else 0
        if not 0 < column <= _MAX_COLUMN:
            raise self._misplaced(ref or f"a cell after XFD{self._row}")
        if column <= self._column:
            raise self._unordered(f"cell {ref}")
        self._column = column
        owner = self._owners.get(column)
        if owner is not None and owner.is_wanted:
            self._owner = owner
            self._ref = ref or _column_letters(column) + self._row_text
            self._attributes = attributes
            self._value = None
            self._is_formula = False

    def _start_content(self, tag: str) -> None:
        if tag in (_VALUE, _INLINE):
            if self._owner is None:
                return
            is_inline = tag == _INLINE
            if self._value is not None or (is_inline and self._attributes.get("t") != "inlineStr"):
                raise self._strange(tag)
            self._value, self._in_inline, self.is_open = "", is_inline, not is_inline
        elif tag == _FORMULA:
            self._is_formula = True
        elif tag not in (_EXTENSIONS, _EXTENSION):
            raise self._strange(tag)

    def _end_content(self, tag: str) -> None:
        if self._owner is not None and tag in (_VALUE, _INLINE):
            self._value = self.take()
            self.is_open = self._in_inline = False

    def _end_cell(self) -> None:
        owner = self._owner
        if owner is None or (self._value is None and not self._is_formula):
            return
        kind = self._attributes.get("t", "n")
        if kind == "n" and not self._value and not self._is_formula:
            return
        style = self._styles.get(self._attributes.get("s", "0"), NumberStyle.GENERAL)
        stored = _Stored(self._ref, kind, self._value, self._is_formula, style)
        if self._row <= owner.last_row:
            owner.rows.setdefault(self._row, {})[self._column] = stored
        elif self._row > owner.bottom and len(owner.stray) < MOST_STRAY:
            owner.stray.append(stored)
        else:
            return
        if kind == "s" and (self._value or not self._is_formula):
            self.needed.add(_shared_index(stored, self._name))

    def _strange(self, tag: str) -> Refused:
        return Refused(
            "F010", "A sheet is not built as Excel builds it.", sheet=self._name, found=tag.rpartition(" ")[2]
        )

    def _misplaced(self, found: str) -> Refused:
        return Refused(
            "F010",
            "A row or cell of a sheet has an address that is not possible there.",
            sheet=self._name,
            found=found,
            expected="A1 to XFD1048576, every cell in its own row",
        )

    def _unordered(self, found: str) -> Refused:
        return Refused(
            "F010",
            "Rows or cells of a sheet are out of order or there twice.",
            sheet=self._name,
            found=found,
            expected="rows from top to bottom, cells from left to right",
        )


# --- from stored cells to the book ---


def _read_book(package: Package, layout: _Layout, areas: Sequence[_Area]) -> Book:
    styles = _read_styles(package, layout.styles)
    needed: set[int] = set()
    for sheet, part in layout.sheets:
        here = [area for area in areas if area.sheet == sheet and area.part == part]
        if any(area.is_wanted for area in here):
            reader = _Sheet(sheet, here, styles, package.limits)
            package.parse(part, reader)
            if not reader.has_data:
                raise Refused("F010", "A sheet of the workbook has no cells at all.", sheet=sheet)
            needed |= reader.needed
    strings = _read_strings(package, layout.shared_strings, needed)
    wanted = [area for area in areas if area.is_wanted]
    _check_rows(wanted, package.limits.rows)
    return Book(
        {area.name: _table(area, strings) for area in wanted},
        saved_at=_read_saved_at(package, layout.core),
        date_1904=layout.date_1904,
        stray={area.name: stray for area in wanted if (stray := _stray(area, strings))},
    )


def _read_strings(package: Package, part: str, needed: set[int]) -> Mapping[int, str]:
    if not needed or not part:
        return {}
    reader = _SharedStrings(needed)
    package.parse(part, reader)
    return reader.strings


def _check_rows(areas: Iterable[_Area], limit: int) -> None:
    """Rows without a cell cost no bytes in the file, but one object each here."""
    _check_count("rows in tables", sum(max(area.rows, default=0) - area.top for area in areas if area.rows), limit)


def _table(area: _Area, strings: Mapping[int, str]) -> Table:
    headers = _headers(area, strings)
    rows = [
        Row(
            number,
            {
                headers[column - area.left]: _cell(stored, strings, area.sheet)
                for column, stored in area.rows.get(number, _NOTHING).items()
            },
        )
        for number in range(area.first_row, max(area.rows, default=0) + 1)
    ]
    area.rows.clear()
    return Table(area.name, area.sheet, headers, tuple(rows))


_NOTHING: Mapping[int, _Stored] = {}


def _headers(area: _Area, strings: Mapping[int, str]) -> tuple[str, ...]:
    """Take the headers that the sheet shows; where it shows none, the column names of the table."""
    headers = list(area.columns)
    if area.first_row > area.top:
        for column, stored in area.rows.get(area.top, _NOTHING).items():
            cell = _cell(stored, strings, area.sheet)
            if not cell.is_blank and cell.kind is not CellKind.UNCALCULATED:
                headers[column - area.left] = cell.raw
    if len(set(headers)) < len(headers):
        twice = Counter(headers).most_common(1)[0][0]
        raise Refused(
            "F010",
            f"Two columns of the table {shown(area.name)} have the same header.",
            sheet=area.sheet,
            found=twice,
        )
    return tuple(headers)


def _stray(area: _Area, strings: Mapping[int, str]) -> tuple[Cell, ...]:
    cells = (_cell(stored, strings, area.sheet) for stored in area.stray)
    return tuple(cell for cell in cells if not cell.is_blank)


def _cell(stored: _Stored, strings: Mapping[int, str], sheet: str) -> Cell:
    ref, kind, value, is_formula, style = stored
    if is_formula and (value is None or (value == "" and kind not in ("str", "inlineStr"))):
        return Cell(CellKind.UNCALCULATED, "", ref, style, is_formula=True)
    value = value or ""
    if kind == "n":
        if len(value) > _LONGEST_NUMBER or not _NUMBER.fullmatch(value) or not isfinite(float(value)):
            raise _bad_cell("A number is not written as Excel writes it.", stored, sheet)
        return Cell(CellKind.NUMBER, value, ref, style, is_formula)
    if kind == "s":
        text = strings.get(_shared_index(stored, sheet))
        if text is None:
            raise _no_text(stored, sheet)
        return Cell(CellKind.TEXT, text, ref, style, is_formula)
    if kind in ("str", "inlineStr"):
        return Cell(CellKind.TEXT, _unescaped(value), ref, style, is_formula)
    if kind == "d":
        return Cell(CellKind.TEXT, value, ref, NumberStyle.DATE, is_formula)
    if kind == "e":
        return Cell(CellKind.ERROR, value, ref, style, is_formula)
    if kind == "b" and value in _BOOLEANS:
        return Cell(CellKind.BOOLEAN, _BOOLEANS[value], ref, style, is_formula)
    raise _bad_cell("A cell is of a kind that Excel does not write.", stored, sheet)


def _shared_index(stored: _Stored, sheet: str) -> int:
    value = stored.value or ""
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise _no_text(stored, sheet)
    return int(value)


# --- small things ---


@lru_cache(maxsize=_MAX_COLUMN)
def _column_number(letters: str) -> int:
    """Give the number of a column, A = 1; 0 where there is no such column."""
    if not 0 < len(letters) <= 3 or not (letters.isascii() and letters.isalpha() and letters.isupper()):
        return 0
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number if number <= _MAX_COLUMN else 0


def _column_letters(number: int) -> str:
    """Give the letters of a column, 1 = A."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _unescaped(text: str) -> str:
    """Decode Excel's _xHHHH_ escapes; half a surrogate pair, which no file can hold, is replaced."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _first(targets: Sequence[str]) -> str:
    return targets[0] if targets else ""


def _check_root(tag: str, expected: str) -> None:
    if tag != _MAIN + expected:
        raise Refused(
            "F010",
            "A part of the workbook is not what it should be.",
            found=tag.rpartition(" ")[2],
            expected=expected,
        )


def _check_count(what: str, count: int, limit: int) -> None:
    if count > limit:
        raise too_large(what, limit)


def _bad_table(name: str, sheet: str, found: str) -> Refused:
    return Refused("F010", f"The range of the table {shown(name)} is not a possible one.", sheet=sheet, found=found)


def _bad_cell(message: str, stored: _Stored, sheet: str) -> Refused:
    return Refused("F010", message, sheet=sheet, cell=stored.ref, found=stored.value or "")


def _no_text(stored: _Stored, sheet: str) -> Refused:
    return _bad_cell("A text is missing from the workbook's list of texts.", stored, sheet)


def _missing(name: str, areas: Sequence[_Area]) -> Refused:
    there = ", ".join(shown(area.name) for area in areas[:20]) or "none"
    more = f" and {len(areas) - 20} more" if len(areas) > 20 else ""
    return Refused(
        "F007",
        f"The workbook has no table named {name}; the tables it has: {there}{more}.",
        found=there,
        expected=name,
    )
