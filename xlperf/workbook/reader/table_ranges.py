"""Where the tables of the workbook are: each one's range on its sheet, and the columns it says it has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from xlperf.tables import asked_for
from xlperf.workbook.a1 import LAST_COLUMN, LAST_ROW, column_number
from xlperf.workbook.reader.cells import Stored
from xlperf.workbook.reader.gate import CheckedPackage
from xlperf.workbook.reader.parsing import MAIN, Handler, check_root
from xlperf.workbook.reader.reading_limits import ReadingLimits, check_count
from xlperf.workbook.reader.refused import Refused, shown
from xlperf.workbook.reader.texts import unescaped
from xlperf.workbook.reader.workbook_part import WorksheetPart, read_links, targets

_CELL = r"([A-Z]{1,3})([1-9][0-9]{0,6})"
_RANGE = re.compile(f"{_CELL}(?::{_CELL})?")  # Excel names a table of one cell by that alone
_MOST_NAMED = 20  # tables named in a message


@dataclass(slots=True)
class TableRange:
    """The range of a table, and what is found there: cells by row and column, and filled cells around it."""

    name: str
    sheet: WorksheetPart
    columns: Sequence[str]
    left: int
    top: int
    right: int
    bottom: int
    first_row: int
    """First row below the header."""
    last_row: int
    """Last row above the totals."""
    is_wanted: bool = True
    rows: dict[int, dict[int, Stored]] = field(default_factory=dict)
    stray: list[Stored] = field(default_factory=list)
    """The first filled cells below it in its columns and beside it in its rows."""
    more_stray: int = 0
    """How many of the others hold something themselves."""
    more_stray_texts: Counter[int] = field(default_factory=Counter)
    """How often the others show each shared string, which may turn out blank."""

    def forget(self) -> None:
        """Forget what was found, as it is read anew."""
        self.rows.clear()
        self.stray.clear()
        self.more_stray = 0
        self.more_stray_texts.clear()

    def unread(self) -> TableRange:
        """The same range, in which nothing has been found yet."""
        return replace(self, rows={}, stray=[], more_stray_texts=Counter())


def read_ranges(package: CheckedPackage, sheets: Iterable[WorksheetPart]) -> list[TableRange]:
    """Read the ranges of all tables of the workbook, in sheet order."""
    tables: list[TableRange] = []
    names: set[str] = set()
    for sheet in sheets:
        for part in targets(read_links(package, sheet.part), "table"):
            table = _read_range(package, part, sheet)
            if table.name.casefold() in names:
                message = "Two tables of the workbook have the same name."
                raise Refused("F010", message, sheet=sheet.name, found=table.name)
            names.add(table.name.casefold())
            tables.append(table)
            check_count("tables", len(tables), package.limits.tables)
    return tables


def choose(tables: Sequence[TableRange], wanted: Collection[str] | None) -> list[Refused]:
    """Mark the wanted tables, under the name they were asked for; returns a refusal for each that must be there."""
    if wanted is None:
        return []
    must, may = asked_for(wanted)
    left = {name.casefold(): name for name in (*must, *may)}
    for table in tables:
        name = left.pop(table.name.casefold(), None)
        table.is_wanted = name is not None
        table.name = name or table.name
    return [_missing(name, tables) for name in left.values() if name in must]


class _TablePart(Handler):
    def __init__(self, limits: ReadingLimits) -> None:
        self.attributes: dict[str, str] = {}
        self.columns: list[str] = []
        self._limits = limits

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if depth == 1:
            check_root(tag, "table")
            self.attributes = attributes
        elif tag == MAIN + "tableColumn" and depth == 3:
            name = unescaped(attributes.get("name", ""))
            check_count("characters in the name of a column", len(name), self._limits.name_chars)
            self.columns.append(name)
            check_count("columns in one table", len(self.columns), self._limits.columns)


def _read_range(package: CheckedPackage, part: str, sheet: WorksheetPart) -> TableRange:
    handler = package.parsed(part, _TablePart, package.limits)
    attributes, columns = handler.attributes, handler.columns
    name = attributes.get("displayName") or attributes.get("name", "")
    check_count("characters in the name of a table", len(name), package.limits.name_chars)
    where = attributes.get("ref", "")
    header, totals = attributes.get("headerRowCount", "1"), attributes.get("totalsRowCount", "0")
    match = _RANGE.fullmatch(where)
    if not match or header not in ("0", "1") or totals not in ("0", "1"):
        raise _bad_range(name, sheet, where)
    left, right = column_number(match[1]), column_number(match[3] or match[1])
    top, bottom = int(match[2]), int(match[4] or match[2])
    first_row, last_row = top + int(header), bottom - int(totals)
    if not (left <= right <= LAST_COLUMN and top <= bottom <= LAST_ROW and first_row <= last_row + 1):
        raise _bad_range(name, sheet, where)
    if len(columns) != right - left + 1:
        raise _bad_range(name, sheet, f"{where} with {len(columns)} columns")
    return TableRange(name, sheet, columns, left, top, right, bottom, first_row, last_row)


def _bad_range(name: str, sheet: WorksheetPart, range_text: str) -> Refused:
    message = f"The range of the table {shown(name)} is not a possible one."
    return Refused("F010", message, sheet=sheet.name, found=range_text)


def _missing(name: str, tables: Sequence[TableRange]) -> Refused:
    table_names = ", ".join(shown(table.name) for table in tables[:_MOST_NAMED]) or "none"
    more = f" and {len(tables) - _MOST_NAMED} more" if len(tables) > _MOST_NAMED else ""
    message = f"The workbook has no table named {name}; the tables it has: {table_names}{more}."
    return Refused("F007", message, found=table_names, expected=name)
