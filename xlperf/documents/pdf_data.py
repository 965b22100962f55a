"""A document as the data that typst lays out: text that the font has, drawn charts, columns and words that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

from xlperf.documents import palette
from xlperf.documents.chart_data import Chart
from xlperf.documents.column_widths import SIZE, widths_within
from xlperf.documents.document import (
    Document,
    FullChart,
    Icon,
    PageTable,
    SideBySide,
    TableRow,
    TextRun,
    Together,
)
from xlperf.documents.draw_chart import draw_figure
from xlperf.documents.draw_small_chart import draw_small_chart
from xlperf.documents.fonts import readable, width
from xlperf.documents.icons import draw_icon

FITS = 1800
"""Characters that surely fit half a page; what has more may be torn apart by its end, as nothing is lost then."""
_PAGE, _GUTTER, _EDGES, _INDENT, _ICON = 779.0, 14.0, 6.5, 8.0, 11.5
"""In points, as `pack.typ` has them: the width of the text, between two columns, both edges of a cell, beside words."""
_LINE, _LONG = 60, 500
"""Characters of a line, in the narrower places; and of a cell with which its row may be torn apart."""
_LARGEST = 15.0
"""The size of a heading, in points."""
_WORD = re.compile(r"[^ \n]+")
_MAY_END = re.compile(r"(?<=[-/?&._=\u00a0])")
_BREAK = "\u200b"


def as_data(document: Document) -> dict[str, Any]:
    """The document, and the palette and the icons that it is laid out with."""
    data: dict[str, Any] = {
        field.name: _value(getattr(document, field.name), _PAGE)
        for field in fields(document)
        if field.name not in ("logo", "parts", "title", "author", "logo_alt")
    }
    whole = {name: readable(getattr(document, name)) for name in ("title", "author", "logo_alt")}
    parts = [_value(part, _PAGE) for part in document.parts]
    return {
        **data, **whole, "parts": parts,
        "palette": dict(_palette()), "icons": {str(icon): draw_icon(icon) for icon in Icon},
    }  # fmt: skip


def _palette() -> Iterator[tuple[str, Any]]:
    for name in ("INK", "SOFT", "HEADING", "BAND", "RULE", "PAPER"):
        yield name.lower(), getattr(palette, name)
    yield "grounds", {str(tone): colour for tone, colour in palette.GROUNDS.items()}


def _fields(value: Any, room: float) -> dict[str, Any]:
    return {field.name: _value(getattr(value, field.name), room) for field in fields(value)}


def _fitting(text: str, room: float) -> str:
    """A text as the font has it; a word that is wider than the room for it may end anywhere, else it would be cut."""
    return _WORD.sub(lambda word: _broken(word[0], room / SIZE), readable(text))


def _broken(word: str, room: float) -> str:
    if len(word) <= room or width(word) <= room:  # no character is wider than the font is high
        return word
    return _BREAK.join(_BREAK.join(piece) if width(piece) > room else piece for piece in _MAY_END.split(word))


def _length(value: Any) -> int:
    """The characters of all texts within; the end of a line takes as much room as a line."""
    if isinstance(value, TextRun):
        return len(value.text) + _LINE * value.text.count("\n")
    if isinstance(value, tuple):
        return sum(map(_length, value))
    return sum(_length(getattr(value, field.name)) for field in fields(value)) if is_dataclass(value) else 0


def _value(value: Any, room: float) -> Any:
    """Anything in a document, for so many points of room; a text that stands on its own is a heading, or beside one."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return _fitting(value, room * SIZE / _LARGEST)
    if isinstance(value, TextRun):
        return {**_fields(value, room), "text": _fitting(value.text, room)}
    if isinstance(value, Chart):
        return {"svg": draw_small_chart(value), "alt": readable(value.alt)}
    if isinstance(value, tuple):
        return [_value(each, room) for each in value]
    if is_dataclass(value):
        return _block(value, room)
    return value if isinstance(value, int | float | bool | None) else str(value)


def _block(value: Any, room: float) -> dict[str, Any]:
    if isinstance(value, FullChart):
        return {"kind": value.kind, "svg": draw_figure(value), "alt": readable(value.chart.alt)}
    if isinstance(value, Together):
        return {**_fields(value, room), "fits": _length(value.blocks) <= FITS}
    if isinstance(value, SideBySide):
        left, right = ((room - _GUTTER) * share for share in (value.share, 1 - value.share))
        return {**_fields(value, room), "left": _value(value.left, left), "right": _value(value.right, right)}
    if isinstance(value, PageTable):
        widths = widths_within(value, room)
        columns = [
            {**_fields(column, wide), "header": _fitting(column.header, wide - _EDGES), "width": wide}
            for column, wide in zip(value.columns, widths, strict=True)
        ]
        return {**_fields(value, room), "columns": columns, "rows": [_row(row, widths) for row in value.rows]}
    return _fields(value, room)


def _row(row: TableRow, widths: Sequence[float]) -> dict[str, Any]:
    """A row; one with a long text may be torn apart by the end of a page, as what is longer than one would be lost."""
    cells, at = [], 0
    for cell in row.cells:
        taken = _EDGES + cell.indent * _INDENT + len(cell.icons) * _ICON
        cells.append(_fields(cell, sum(widths[at : at + cell.across]) - taken))
        at += cell.across
    return {"cells": cells, "is_band": row.is_band, "breaks": any(_length(cell.words) > _LONG for cell in row.cells)}
