"""A master made by an earlier version grows: it is given the sheets and columns that came since."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xlperf import __version__
from xlperf.errors import WorkbookError
from xlperf.report import layout
from xlperf.report.columns import FIRST, MasterSheet
from xlperf.report.views import SHEET_OF, SHEETS
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import Look, WorkbookPort

PRODUCED = "Produced"
"""The item of About that says by which version the master was written."""
_VERSION = re.compile(r"with xlperf (\d+(?:\.\d+)*)\S*$")

Columns = dict[str, tuple[str, ...]]
"""The columns of each of our tables in the master, people's own among them."""


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
    version = _made_by(book)
    sheets = _grow_sheets(book, version, templates, words)
    table_names = book.table_names()
    columns = {sheet.table: columns_of(book, sheet.table, table_names) for sheet in SHEETS}
    columns_added = _grow_columns(book, version, columns)
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
        raise WorkbookError(
            f"the master's table {name} has no column '{gone[0]}' (it has {', '.join(columns)}). Give the column its "
            "name back, or bring back the latest copy from the backups folder"
        )
    return columns


def _grow_sheets(
    book: WorkbookPort, version: tuple[int, ...], templates: Sequence[Path], words: Mapping[str, object]
) -> list[str]:
    """Add the sheets whose tables the master lacks; returns their names."""
    name_by_folded = {name.casefold(): name for name in book.table_names()}
    after: str | None = None
    added: list[str] = []
    for sheet in SHEETS:
        table = name_by_folded.get(sheet.table.casefold())
        if table is not None and version and version < _numbers(sheet.since):
            raise WorkbookError(
                f"the master has a table {table} of your own, and this version of xlperf needs that name for a table "
                "of its own. Rename yours and collate again; its contents are kept"
            )
        if table is None and sheet.since != FIRST and sheet.name not in added:
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
    """Add the columns that the tables lack, in `columns` too; returns which, in words."""
    added = list[str]()
    for name, sheet in SHEET_OF.items():
        looks = {}
        for header, column in sheet.added.items():
            # Excel tells the columns of a table apart without regard to capitals.
            present = next((each for each in columns[name] if each.casefold() == header.casefold()), None)
            if present is None:
                looks[header] = Look(column.like, column.kind.number_format, column.width, column.rules_of)
            elif present != header or (version and version < _numbers(column.since)):
                raise WorkbookError(
                    f"the master's table {name} has a column '{present}' of your own, and this version of xlperf needs "
                    "that name for a column of its own. Rename yours and collate again; its contents are kept"
                )
        if looks:
            book.add_columns(name, looks)
            columns[name] = (*columns[name], *looks)
            added.append(f"{', '.join(looks)} in {name}")
    return added


def _made_by(book: WorkbookPort) -> tuple[int, ...]:
    """The version that last wrote the master, as numbers; () for a new one, which nothing has been written into."""
    columns_of(book, layout.ABOUT, book.table_names())
    rows = book.read_table(layout.ABOUT).rows
    produced = next((row["Value"].raw for row in rows if row["Item"].raw == PRODUCED), "")
    version = _VERSION.search(produced)
    return _numbers(version[1]) if version else ()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
