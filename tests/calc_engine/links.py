"""Links on cells: Excel's stay when something else is put into the cell, Calc's are part of a text and go with it.

So while a workbook is open here, a link is a property of its cell, as Calc has it where no text is; for saving it is
made part of the text again, or Calc would not save it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lxml import etree

from tests.calc_engine.structs import cells_of

_TEXTS = 4  # com.sun.star.sheet.CellFlags
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_URL = "com.sun.star.text.TextField.URL"


@dataclass(frozen=True, slots=True)
class _Count:
    Count: int


@dataclass(frozen=True, slots=True)
class _Cell:
    Row: int
    Column: int
    Rows: _Count = _Count(1)
    Columns: _Count = _Count(1)


@dataclass(frozen=True, slots=True)
class Link:
    """A Hyperlink of Excel's object model."""

    Range: _Cell
    Address: str
    SubAddress: str


def links_of(sheet: Any) -> list[Link]:
    """All links on cells of a UNO sheet."""
    return [_link(row, column, url) for row, column, url in _linked(sheet)]


def off_the_texts(document: Any, path: str) -> None:
    """Make links properties of their cells, in a document just read from a file."""
    if not zipfile.is_zipfile(path):
        return
    for name, refs in _links_in_file(path).items():
        sheet = document.Sheets.getByName(name)
        for ref in refs:
            area = sheet.getCellRangeByName(ref)
            for row, column in cells_of(area.queryContentCells(_TEXTS).getRangeAddresses()):
                cell = sheet.getCellByPosition(column, row)
                fields = cell.getTextFields()
                if fields.Count:
                    url = fields.getByIndex(0).URL
                    cell.setString(cell.getString())
                    cell.setPropertyValue("Hyperlink", url)


def _links_in_file(path: str) -> dict[str, list[str]]:
    """Where a workbook's file has links, by sheet: to ask each cell of a master whether it is one takes seconds."""
    refs = {}
    with zipfile.ZipFile(path) as package:
        if "xl/workbook.xml" not in package.namelist():
            return {}
        relations = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        target = {each.get("Id"): each.get("Target") for each in relations}
        for sheet in etree.fromstring(package.read("xl/workbook.xml")).iterfind("{*}sheets/{*}sheet"):
            part = target[sheet.get(_RELATION)]
            content = package.read(part.removeprefix("/") if part.startswith("/") else f"xl/{part}")
            if b"hyperlink" in content:
                links = etree.fromstring(content).iterfind("{*}hyperlinks/{*}hyperlink")
                refs[sheet.get("name")] = [link.get("ref") for link in links]
    return refs


def onto_the_texts(document: Any) -> None:
    """Make links part of the texts that they are on, for a moment."""
    for sheet in _sheets(document):
        for row, column, url in list(_linked(sheet)):
            cell = sheet.getCellByPosition(column, row)
            if cell.Type.value == "TEXT":
                field = document.createInstance(_URL)
                field.URL, field.Representation = url, cell.getString()
                cell.setString("")
                cell.insertTextContent(cell.createTextCursor(), field, False)


def off_again(document: Any) -> None:
    """Take links off the texts again; the property is still there."""
    for sheet in _sheets(document):
        for row, column, _ in list(_linked(sheet)):
            cell = sheet.getCellByPosition(column, row)
            if cell.Type.value == "TEXT":
                cell.setString(cell.getString())


@contextmanager
def kept(cells: Any) -> Iterator[None]:
    """Keep what is done to the looks of some cells from their links, which Calc takes for a part of the look."""
    before = list(_linked(cells))
    yield
    take_off(cells)
    for row, column, url in before:
        _set(cells, row, column, url)


def take_off(cells: Any) -> None:
    """Take all links off some cells."""
    for row, column, _ in list(_linked(cells)):
        _set(cells, row, column, "")


def _set(cells: Any, row: int, column: int, url: str) -> None:
    top, left = cells.RangeAddress.StartRow, cells.RangeAddress.StartColumn
    cells.getCellByPosition(column - left, row - top).setPropertyValue("Hyperlink", url)


def _sheets(document: Any) -> Iterator[Any]:
    for index in range(document.Sheets.Count):
        yield document.Sheets.getByIndex(index)


def _linked(cells: Any) -> Iterator[tuple[int, int, str]]:
    groups = cells.getUniqueCellFormatRanges()
    for index in range(groups.Count):
        group = groups.getByIndex(index)
        url = group.getPropertyValue("Hyperlink")
        if url:
            for row, column in cells_of(group.getRangeAddresses()):
                yield row, column, str(url)


def _link(row: int, column: int, url: str) -> Link:
    address, _, inside = url.partition("#")
    sheet, dot, cell = inside.rpartition(".")
    return Link(_Cell(row + 1, column + 1), address, f"{sheet}!{cell}" if dot else inside)
