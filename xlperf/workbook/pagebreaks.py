"""The page breaks of a table's sheet in a file: ours, which are made anew, and a person's, which go with their rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from xlperf.workbook.a1 import LAST_ROW, Area, parse_sheet_area, parse_sheet_span, split_union
from xlperf.workbook.package import Package
from xlperf.workbook.parts import TablePart
from xlperf.workbook.printing.area import is_hidden
from xlperf.workbook.printing.paging import PageRoom, Paging, paging, read_record, recorded
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.stylesheet import StyleSheet
from xlperf.workbook.xmltree import Node, add, children, is_set, local, remove

_PAPER = {"1": (612.0, 792.0), "5": (612.0, 1008.0), "8": (841.9, 1190.6), "9": (595.3, 841.9)}
"""Width and height in points of Letter, Legal, A3 and A4 paper, by Excel's number of it."""
_SMALLEST = 8.1
"""Points; a meeting can read texts of 8, and programs make a page smaller by whole per cents."""
_SURE = 0.98
"""The part of a page that is filled: programs and printers differ by a little in how high their rows come out."""
_DIGIT = {"arial": 0.556, "liberation sans": 0.556, "helvetica": 0.556}
_NARROW_DIGIT = 0.5
"""How wide a digit is, in ems of the workbook's own font, in which widths of columns are counted."""
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 9.14, 15.0
_HEIGHT = re.compile(rb'^<[^>]*?\sht="([\d.]+)"')
_AFTER_BREAKS = frozenset({
    "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "drawingHF", "picture",
    "legacyDrawing", "legacyDrawingHF", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
})  # fmt: skip
_POINTS_PER_INCH = 72


def keep_together(
    package: Package, sheet: SheetXml, table: TablePart, with_next: Collection[int], moved: Mapping[int, int], note: str
) -> str | None:
    """Break the pages of a table's sheet so that none ends with a row that belongs with the next.

    Breaks and a fit to one page that a person set stay, and a person's breaks go with their rows.

    Args:
        package: the workbook.
        sheet: the table's, already as it is to be printed.
        table: as it is now.
        with_next: its rows, counted from 0, after which no page may end.
        moved: where rows of the sheet are that were there before.
        note: what was noted when this was last done; "" for never.

    Returns:
        What is to be noted now; None where the pages are a person's, or made in a way that we do not follow.
    """
    was = read_record(note)
    ours = was[1] if was else Paging()
    end = max([table.last_row, *moved, *(table.first_row + number for number in ours.breaks)])
    if _present(sheet, table, end) != ours:
        _follow(sheet, table.first_row, end, moved)
        return None
    room = page_room(package, sheet, table, ours)
    if room is None:
        return None
    made = paging([_height(sheet, row) for row in range(table.first_row, table.last_row + 1)], with_next, room)
    if made != ours:
        _write(sheet, table, ours, made)
    return recorded(room, made)


def page_room(package: Package, sheet: SheetXml, table: TablePart, ours: Paging) -> PageRoom | None:
    """The room on the pages of a table's sheet; None where its paper is not known, or it is fitted in another way."""
    setup, margins = sheet.frame.find("{*}pageSetup"), sheet.frame.find("{*}pageMargins")
    if setup is None or margins is None or setup.get("paperSize", "1") not in _PAPER:
        return None
    width, height = _PAPER[setup.get("paperSize", "1")]
    if setup.get("orientation") == "landscape":
        width, height = height, width
    left, right, top, bottom = (_number(margins.get(side)) * _POINTS_PER_INCH for side in (
        "left", "right", "top", "bottom"))  # fmt: skip
    area = _printed(package, table)
    name, size = StyleSheet.of(package).own_font()
    scale = _number(setup.get("scale"), 100.0) / 100
    if _is_fitted(sheet):
        if setup.get("fitToWidth", "1") != "1" or (_is_tall(setup) and not ours.is_one_page):
            return None
        digit = size * _DIGIT.get(name.casefold(), _NARROW_DIGIT)
        scale = min(1.0, (width - left - right) / (sum(_widths(sheet, area)) * digit or 1.0))
    page = (height - top - bottom) / scale
    above = sum(_height(sheet, row) for row in range(area.top, table.first_row))
    whole = (height - top - bottom) * size / _SMALLEST - above if _is_fitted(sheet) else 0.0
    return PageRoom(page * _SURE - above, page * _SURE - _repeated(package, sheet, table), whole)


def _printed(package: Package, table: TablePart) -> Area:
    """What is printed of the table's sheet: its print area where that has the table, or all from the first cell."""
    area = _built_in(package, table, "_xlnm.print_area")
    place = parse_sheet_area(area[0]) if len(area) == 1 else None
    if place is not None and place[1].top <= table.area.top and place[1].bottom >= table.last_row:
        return place[1]
    return Area(1, 1, table.area.right, table.area.bottom)


def _repeated(package: Package, sheet: SheetXml, table: TablePart) -> float:
    """How high the rows are that are repeated on every page."""
    spans = [parse_sheet_span(part) for part in _built_in(package, table, "_xlnm.print_titles")]
    rows = [span[1] for span in spans if span is not None and span[1].bottom < table.last_row]
    return sum(_height(sheet, row) for area in rows for row in range(area.top, area.bottom + 1))


def _built_in(package: Package, table: TablePart, name: str) -> list[str]:
    texts = (n.text for n in package.defined_names if (n.name.casefold(), n.sheet_index) == (name, table.sheet.index))
    return [part for text in texts for part in split_union(text)]


def _widths(sheet: SheetXml, area: Area) -> Iterator[float]:
    """The widths of the columns of an area, in digits, without those that are hidden."""
    by_column = {
        number: 0.0 if is_set(col, "hidden") else _number(col.get("width"), _DEFAULT_WIDTH)
        for first, last, col in sheet.columns()
        for number in range(max(first, area.left), min(last, area.right) + 1)
    }
    return (by_column.get(column, _DEFAULT_WIDTH) for column in range(area.left, area.right + 1))


def _height(sheet: SheetXml, row: int) -> float:
    attributes = sheet.rows[row].raw if row in sheet.rows else b""
    if is_hidden(attributes):
        return 0.0
    height = _HEIGHT.search(attributes)
    if height is not None:
        return float(height[1])
    usual = sheet.frame.find("{*}sheetFormatPr")
    return _DEFAULT_HEIGHT if usual is None else _number(usual.get("defaultRowHeight"), _DEFAULT_HEIGHT)


def _present(sheet: SheetXml, table: TablePart, end: int) -> Paging:
    """How the pages of a table are made now; `end` is the last row that it has, or had."""
    setup = sheet.frame.find("{*}pageSetup")
    is_one_page = setup is not None and _is_fitted(sheet) and _is_tall(setup)
    inside = _breaks(sheet, table.first_row, end)
    return Paging(is_one_page, tuple(sorted(row - table.first_row + 1 for row in inside)))


def _breaks(sheet: SheetXml, first: int, end: int) -> dict[int, Node]:
    """The breaks between rows of the sheet, by the row above."""
    breaks = {int(_number(each.get("id"))): each for each in sheet.frame.iterfind("{*}rowBreaks/{*}brk")}
    return {row: each for row, each in breaks.items() if first <= row < end}


def _is_fitted(sheet: SheetXml) -> bool:
    page = sheet.frame.find("{*}sheetPr/{*}pageSetUpPr")
    return page is not None and is_set(page, "fitToPage")


def _is_tall(setup: Node) -> bool:
    return str(setup.get("fitToHeight", "1")) != "0"


def _write(sheet: SheetXml, table: TablePart, old: Paging, made: Paging) -> None:
    above = table.first_row - 1
    with sheet.changing_frame() as frame:
        for setup in children(frame, {"pageSetup"}) if _is_fitted(sheet) else ():
            setup.set("fitToHeight", str(int(made.is_one_page)))
        gone = {above + number for number in old.breaks}
        remove([each for row, each in _breaks(sheet, table.first_row, LAST_ROW).items() if row in gone])
        rows = [above + number for number in made.breaks]
        _put(frame, {row: {"id": str(row), "max": "16383", "man": "1"} for row in rows})


def _follow(sheet: SheetXml, first: int, end: int, moved: Mapping[int, int]) -> None:
    """Have a person's breaks stand above the rows that they stood above; those of rows that have gone go."""
    old = _breaks(sheet, first, end)
    new = {moved[row + 1] - 1: dict(each.attrib) for row, each in old.items() if row + 1 in moved}
    if new.keys() == old.keys():
        return
    with sheet.changing_frame() as frame:
        remove(list(old.values()))
        _put(frame, {row: {**attributes, "id": str(row)} for row, attributes in new.items() if row >= first})


def _put(frame: Node, breaks: Mapping[int, Mapping[str, str]]) -> None:
    """Put in breaks below rows of the sheet; see to the order, and to how many there are."""
    holder = frame.find("{*}rowBreaks")
    if holder is None:
        if not breaks:
            return
        before = next((each for each in children(frame) if local(each) in _AFTER_BREAKS), None)
        holder = add(frame, "rowBreaks", before=before)
    for attributes in breaks.values():
        add(holder, "brk", dict(attributes))
    holder[:] = sorted(children(holder), key=lambda each: int(_number(each.get("id"))))
    count = len(children(holder))
    if not count:
        remove([holder])
        return
    holder.set("count", str(count))
    holder.set("manualBreakCount", str(sum(is_set(each, "man") for each in children(holder))))


def _number(text: str | None, otherwise: float = 0.0) -> float:
    try:
        return float(text or otherwise)
    except ValueError:
        return otherwise
