"""A table of a document in Word: header row on each page, rows in one piece, and what it holds said to who listens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from xlperf.documents import draw_small_chart, palette
from xlperf.documents.column_widths import widths_within
from xlperf.documents.document import Align, PageTable, TableCell, TableRow, Tone, plain
from xlperf.documents.icons import draw_icon
from xlperf.documents.word_marks import TWIPS, Placing, element, paragraph, picture_run, run
from xlperf.documents.word_styles import Stationery, Style, soft_and_strong
from xlperf.documents.written_text import written

_INDENT = 8.0
_LONG = 500
"""A row with a cell of more characters than this may go on to the next page; any other stands on one."""
_ICON = 8.8
_TIGHT = 10
"""Above and below a line, in twentieths of a point."""


def table(of: PageTable, width: float, stationery: Stationery) -> Any:
    """The table, as wide as `width`, in points."""
    widths = widths_within(of, width)
    summary = written(of.summary).replace("\n", " ")
    properties = element(
        "tblPr",
        element("tblStyle", val=stationery.style(Style.TABLE)),
        element("tblW", w=round(sum(widths) * TWIPS), type="dxa"),
        element("tblLayout", type="fixed"),
        _tight() if of.is_dense else None,
        element(
            "tblLook",
            val="04A0" if of.has_row_headers else "0420",
            firstRow=1,
            lastRow=0,
            firstColumn=int(of.has_row_headers),
            lastColumn=0,
            noHBand=0,
            noVBand=1,
        ),
        element("tblDescription", val=summary),
    )
    grid = element("tblGrid", *(element("gridCol", w=round(each * TWIPS)) for each in widths))
    rows = (_row(row, of, widths, stationery) for row in of.rows)
    return element("tbl", properties, grid, _header(of, widths, stationery), *rows)


def _tight() -> Any:
    """The margins of a cell in a table whose rows stand as close as can be read."""
    above, below = (element(side, w=_TIGHT, type="dxa") for side in ("top", "bottom"))
    return element("tblCellMar", above, below)


def _header(of: PageTable, widths: Sequence[float], stationery: Stationery) -> Any:
    style = stationery.style(Style.TABLE_HEADING)
    cells = (
        _cell(width, 1, None, paragraph(Placing(style, column.align, keeps_with_next=True), run(column.header)))
        for column, width in zip(of.columns, widths, strict=True)
    )
    return element("tr", element("trPr", element("cantSplit"), element("tblHeader")), *cells)


def _row(row: TableRow, of: PageTable, widths: Sequence[float], stationery: Stationery) -> Any:
    is_long = any(len(plain(cell.words)) > _LONG for cell in row.cells)
    properties = None if is_long else element("trPr", element("cantSplit"))
    cells = []
    for at, across, cell in _placed(row, len(widths)):
        align = cell.align or (Align.LEFT if row.is_band else of.columns[at].align)
        style = stationery.style(Style.TABLE_BAND if row.is_band else Style.TABLE_TEXT)
        placing = Placing(style, align, keeps_with_next=row.is_band, indent=cell.indent * _INDENT)
        fill = palette.BAND if row.is_band else palette.GROUNDS.get(cell.tone) if cell.tone is not Tone.PLAIN else None
        room = sum(widths[at : at + across])
        cells.append(_cell(room, across, fill, paragraph(placing, *_content(cell, room, stationery))))
    return element("tr", properties, *cells)


def _placed(row: TableRow, columns: int) -> Iterator[tuple[int, int, TableCell]]:
    """Each cell with the column that it begins in and how many it takes; what is missing at the end is empty."""
    at = 0
    for cell in row.cells:
        across = min(cell.across, columns - at)
        if across > 0:
            yield at, across, cell
        at += cell.across
    if at < columns:
        yield at, columns - at, TableCell()


def _cell(width: float, across: int, fill: str | None, content: Any) -> Any:
    properties = element(
        "tcPr",
        element("tcW", w=round(width * TWIPS), type="dxa"),
        element("gridSpan", val=across) if across > 1 else None,
        element("shd", val="clear", color="auto", fill=fill.removeprefix("#")) if fill else None,
        element("vAlign", val="center"),
    )
    return element("tc", properties, content)


def _content(cell: TableCell, room: float, stationery: Stationery) -> Iterator[Any]:
    for icon in cell.icons:
        yield picture_run(stationery.picture(draw_icon(icon), _ICON, _ICON, ""), lowered=2)
        yield run("\N{NO-BREAK SPACE}")
    yield from soft_and_strong(cell.words, stationery)
    if cell.chart is not None:
        width, height = draw_small_chart.WIDTH, draw_small_chart.HEIGHT
        factor = min(1.0, max(room - 2 * stationery.cell_margin, 1) / width)
        drawn = draw_small_chart.draw_small_chart(cell.chart)
        yield picture_run(stationery.picture(drawn, width * factor, height * factor, cell.chart.alt), lowered=1.5)
