"""What people attached to cells of an open workbook: notes, threads of comments, links."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlperf.workbook.a1 import Area
from xlperf.workbook.live.faults import native_list
from xlperf.workbook.live.places import Place, area_of
from xlperf.workbook.port import Attached

if TYPE_CHECKING:
    import xlwings as xw

Hanging = tuple[Area, str, str]
"""Where it hangs, what it is, what it says."""


def attached(place: Place) -> list[Attached]:
    """All that hangs on cells of a table's rows, row by row."""
    items = [
        Attached(row, place.columns[inside.left - place.area.left], what, text)
        for area, what, text in _hanging(place.sheet)
        if (inside := area.within(place.body)) is not None
        for row in range(inside.top, inside.bottom + 1)
    ]
    return sorted(items, key=lambda each: each.row)


def hangs_in(sheet: xw.Sheet, area: Area) -> bool:
    """Whether something hangs on a cell of an area, which may be blank itself."""
    return any(each.meets(area) for each, _, _ in _hanging(sheet))


def _hanging(sheet: xw.Sheet) -> Iterator[Hanging]:
    threads = dict(_threads(sheet))
    for note in sheet.notes:
        area = area_of(note.location)
        if area not in threads:  # beside a thread Excel may keep a note of it for older versions
            yield area, "note", note.text
    for area, text in threads.items():
        yield area, "comment", text
    for link in native_list(sheet, "Hyperlinks"):
        with contextlib.suppress(Exception):  # one on a drawing is on no cell
            yield _area(link.Range), "link", "#".join(filter(None, (link.Address, link.SubAddress)))


def _threads(sheet: xw.Sheet) -> Iterator[tuple[Area, str]]:
    with contextlib.suppress(NotImplementedError):  # Excel for Mac tells nobody
        for thread in sheet.comments:
            texts = [thread.text, *(reply.text for reply in thread.replies)]
            yield area_of(thread.location), " / ".join(texts)


def _area(cells: Any) -> Area:
    top, left = cells.Row, cells.Column
    return Area(left, top, left + cells.Columns.Count - 1, top + cells.Rows.Count - 1)
