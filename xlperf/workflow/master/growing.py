"""A master made by an earlier version grows: it gets the sheets and columns that have been added since."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xlperf import __version__
from xlperf.errors import WorkbookError
from xlperf.report import layout
from xlperf.report.columns import FIRST, Column, MasterSheet
from xlperf.report.views import SHEET_OF, SHEETS
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import Look, WorkbookPort

PRODUCED = "Produced"
"""The item of About that says which version wrote the master."""
_NEWEST = "xlperf_newest_version"
"""The name in the master that says which is the newest version that has added to it.

An earlier version, which somebody may still use, writes its own number into About and leaves this name alone.
"""
_VERSION = re.compile(r"with xlperf (\S+)$")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")

Columns = dict[str, tuple[str, ...]]
"""The columns of each of our tables in the master, including people's own."""


def grow(
    book: WorkbookPort, templates: Sequence[Path], words: Mapping[str, object]
) -> tuple[Columns, list[tuple[str, str]]]:
    """Give a master the sheets and columns that it lacks because an earlier version made it.

    Args:
        book: the master.
        templates: of masters; each sheet comes from the first that has it.
        words: what the placeholders in them stand for.

    Returns:
        The columns of each table now, and what About says of it.

    Raises:
        WorkbookError: the master lacks what it had, or something stands in the way; it is named.
    """
    version = _numbers(written_by(book))
    if version < _numbers(__version__):  # an open Excel is slow to list its names
        version = max(version, _numbers(book.read_constant(_NEWEST)))
    sheets = _grow_sheets(book, version, templates, words)
    table_names = book.table_names()
    columns = {sheet.table: columns_of(book, sheet.table, table_names) for sheet in SHEETS}
    columns_added = _grow_columns(book, version, columns)
    if sheets or columns_added or not version:
        book.write_constant(_NEWEST, __version__)
    about = [("Sheets added", ", ".join(sheets))] if sheets else []
    about += [("Columns added", "; ".join(columns_added))] if columns_added else []
    return columns, [(item, f"{what}: new in xlperf {__version__}") for item, what in about]


def columns_of(book: WorkbookPort, name: str, table_names: Sequence[str]) -> tuple[str, ...]:
    """The columns of one of the master's tables.

    `table_names` are the master's tables, passed in because an open Excel is slow to list them.

    Raises WorkbookError where the table or one of our columns has gone; those that came after 0.1.0 need not be there.
    """
    if name.casefold() not in {each.casefold() for each in table_names}:
        raise WorkbookError(
            f"the master has no table {name} (it has {', '.join(table_names) or 'none'}). Where it was given another "
            f"name, give it its own back under Table Design. Where it was converted to a range, mark the range with "
            f"its headings, choose Insert, Table, and name it {name}. Or bring back the latest copy in the backups "
            "folder"
        )
    columns = book.columns(name)
    sheet = SHEET_OF[name]
    gone = [header for header in sheet.headers if header not in columns and header not in sheet.added]
    if gone:
        raise _gone(name, gone[0], columns)
    return columns


def _gone(table: str, header: str, columns: Sequence[str]) -> WorkbookError:
    return WorkbookError(
        f"the master's table {table} has no column '{header}' (it has {', '.join(columns)}). Give the column its name "
        "back, or bring back the latest copy from the backups folder"
    )


def _grow_sheets(
    book: WorkbookPort, version: tuple[int, ...], templates: Sequence[Path], words: Mapping[str, object]
) -> list[str]:
    """Add the sheets whose tables the master lacks; returns their names."""
    name_by_folded = {name.casefold(): name for name in book.table_names()}
    ours = [name_by_folded[each] for sheet in SHEETS if (each := sheet.table.casefold()) in name_by_folded]
    # Never before all others: a workbook begins with the sheet that people know it by.
    after = book.body(ours[0])[0] if ours else None
    added: list[str] = []
    for sheet in SHEETS:
        table = name_by_folded.get(sheet.table.casefold())
        if table is not None and version and version < _numbers(sheet.since):
            raise WorkbookError(
                f"the master has a table {table} of your own, and this version of xlperf needs that name for a table "
                "of its own. Rename yours and collate again; its contents are kept"
            )
        # One that was there already has been renamed or taken away: `columns_of` asks about it.
        is_new = not version or version < _numbers(sheet.since)
        if table is None and is_new and sheet.since != FIRST and sheet.name not in added:
            book.add_sheet(_template_with(sheet, templates, words), sheet.name, after)
            added.append(sheet.name)
        after = sheet.name if table is None else book.body(table)[0]
    return added


def _template_with(sheet: MasterSheet[Any], templates: Sequence[Path], words: Mapping[str, object]) -> bytes:
    """The first template that has a table, with its placeholders filled, as a file."""
    for path in templates:
        template = FileWorkbook.open(path)
        if sheet.table in template.table_names() and template.body(sheet.table)[0] == sheet.name:
            template.fill(words)
            return template.to_bytes()
    raise WorkbookError(
        f"the master lacks the sheet '{sheet.name}', which is new in xlperf {sheet.since}, and so does every template; "
        "install xlperf again"
    )


def _grow_columns(book: WorkbookPort, version: tuple[int, ...], columns: Columns) -> list[str]:
    """Add the columns that the tables lack, also to `columns`. Returns which, in words."""
    lacking = {name: _lacking(name, version, columns[name]) for name in SHEET_OF}
    own = [
        f"'{header}' in {name} (sheet {SHEET_OF[name].name})"
        for name in SHEET_OF
        for header in _peoples(name, version, columns[name])
    ]
    if own:
        raise WorkbookError(
            f"the master has {'a column' if len(own) == 1 else 'columns'} of your own by a name that this version of "
            f"xlperf needs for its own: {', '.join(own)}. Rename yours and collate again; its contents are kept"
        )
    added = list[str]()
    for name, new in lacking.items():
        if new:
            book.add_columns(name, {each.header: _look(each) for each in new})
            columns[name] = (*columns[name], *(each.header for each in new))
            added.append(f"{', '.join(each.header for each in new)} in {name}")
    return added


def _lacking(name: str, version: tuple[int, ...], columns: Sequence[str]) -> list[Column[Any]]:
    """The columns that came since the version. Raises WorkbookError for one that was there already."""
    present = {each.casefold() for each in columns}
    lacking = [each for header, each in SHEET_OF[name].added.items() if header.casefold() not in present]
    for each in lacking:
        if version and version >= _numbers(each.since):
            raise _gone(name, each.header, columns)
    return lacking


def _peoples(name: str, version: tuple[int, ...], columns: Sequence[str]) -> list[str]:
    """People's own columns that have the name of one of ours, in any capitals, as Excel compares them."""
    ours = {header.casefold(): each for header, each in SHEET_OF[name].added.items()}
    return [
        header
        for header in columns
        if (column := ours.get(header.casefold())) is not None
        and (header != column.header or (version and version < _numbers(column.since)))
    ]


def _look(column: Column[Any]) -> Look:
    return Look(column.like, column.kind.number_format, column.width, column.rules_of)


def written_by(book: WorkbookPort) -> str:
    """The version that last wrote the master; "" for a new one, which nothing has been written into."""
    columns_of(book, layout.ABOUT, book.table_names())
    rows = book.read_table(layout.ABOUT).rows
    produced = next((row["Value"].raw for row in rows if row["Item"].raw == PRODUCED), "")
    version = _VERSION.search(produced)
    return version[1] if version else ""


def _numbers(version: str) -> tuple[int, ...]:
    """A version as numbers, without a suffix as in 0.3.0rc1; () if there are none."""
    numbers = _NUMBERS.match(version)
    return tuple(map(int, numbers[0].split("."))) if numbers else ()
