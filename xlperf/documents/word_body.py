"""The parts of a document as paragraphs and tables of Word, in the template's own styles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from xlperf.documents import draw_chart
from xlperf.documents.document import (
    Block,
    Document,
    DocumentPart,
    FullChart,
    Heading,
    Items,
    PageTable,
    Paragraph,
    SideBySide,
    Size,
    Together,
)
from xlperf.documents.word_marks import (
    TWIPS,
    Placing,
    element,
    keep_with_next,
    paragraph,
    picture_run,
    run,
    start_page,
    tab,
)
from xlperf.documents.word_styles import Stationery, Style, soft_and_strong
from xlperf.documents.word_table import table

_GUTTER = 7.0
"""At each side between two columns, in points."""
_LEVELS = {2: Style.HEADING, 3: Style.SUBHEADING}


def body(document: Document, width: float, stationery: Stationery) -> Iterator[Any]:
    """Everything in a document, as wide as `width` in points."""
    for at, part in enumerate(document.parts):
        yield from _part(
            part, Placing(stationery.style(Style.PART), starts_page=at > 0 and part.starts_page), width, stationery
        )


def _part(part: DocumentPart, placing: Placing, width: float, stationery: Stationery) -> Iterator[Any]:
    yield paragraph(placing, run(part.title))
    if part.under or part.beside:
        line = Placing(stationery.style(Style.BODY), keeps_with_next=True, right_tab=width if part.beside else 0)
        beside = [tab(), run(part.beside, style=stationery.style(Style.BESIDE))] if part.beside else []
        yield paragraph(line, run(part.under), *beside)
    yield from _blocks(part.blocks, width, stationery)


def _blocks(blocks: Sequence[Block], width: float, stationery: Stationery) -> Iterator[Any]:
    for block in blocks:
        yield from _block(block, width, stationery)


def _block(block: Block, width: float, stationery: Stationery) -> Iterator[Any]:
    if isinstance(block, Heading):
        yield _heading(block, stationery)
    elif isinstance(block, Paragraph):
        style = Style.NOTE if block.size is Size.NOTE else Style.BODY
        yield paragraph(Placing(stationery.style(style)), *soft_and_strong(block.words, stationery))
    elif isinstance(block, Items):
        yield from _items(block, stationery)
    elif isinstance(block, PageTable):
        yield table(block, width, stationery)
        if block.key:
            yield paragraph(Placing(stationery.style(Style.NOTE)), *soft_and_strong(block.key, stationery))
        yield _gap(stationery)  # else Word would take the next table for its continuation
    elif isinstance(block, FullChart):
        yield _figure(block, width, stationery)
    elif isinstance(block, SideBySide):
        yield _side_by_side(block, width, stationery)
        yield _gap(stationery)
    else:
        yield from _together(block, width, stationery)


def _heading(block: Heading, stationery: Stationery) -> Any:
    beside = run(f"  {block.beside}", style=stationery.style(Style.BESIDE_HEADING)) if block.beside else None
    return paragraph(Placing(stationery.style(_LEVELS[block.level])), run(block.text), beside)


def _items(block: Items, stationery: Stationery) -> Iterator[Any]:
    style = stationery.style(Style.NUMBERED if block.is_numbered else Style.BULLET)
    number = stationery.new_list() if block.is_numbered and block.items else 0
    for item in block.items:
        yield paragraph(Placing(style, number=number), *soft_and_strong(item, stationery))


def _figure(block: FullChart, width: float, stationery: Stationery) -> Any:
    factor = min(1.0, width / draw_chart.WIDTH)
    drawn = draw_chart.draw_figure(block)
    picture = stationery.picture(drawn, draw_chart.WIDTH * factor, block.height * factor, block.chart.alt)
    return paragraph(Placing(stationery.style(Style.BODY)), picture_run(picture))


def _gap(stationery: Stationery) -> Any:
    return paragraph(Placing(stationery.style(Style.GAP)))


def _side_by_side(block: SideBySide, width: float, stationery: Stationery) -> Any:
    """A table of one row without lines, which only places what is in it."""
    widths = (width * block.share, width * (1 - block.share))
    cells = []
    for blocks, room in zip((block.left, block.right), widths, strict=True):
        content = [*_blocks(blocks, room - _GUTTER, stationery)]
        if not content or not content[-1].tag.endswith("}p"):
            content.append(_gap(stationery))  # a cell ends with a paragraph
        cells.append(element("tc", element("tcPr", element("tcW", w=round(room * TWIPS), type="dxa")), *content))
    margins = element(
        "tblCellMar", element("left", w=0, type="dxa"), element("right", w=round(_GUTTER * TWIPS), type="dxa")
    )
    properties = element(
        "tblPr", element("tblW", w=round(width * TWIPS), type="dxa"), element("tblLayout", type="fixed"), margins
    )
    grid = element("tblGrid", *(element("gridCol", w=round(each * TWIPS)) for each in widths))
    return element("tbl", properties, grid, element("tr", *cells))


def _together(block: Together, width: float, stationery: Stationery) -> Iterator[Any]:
    content = [*_blocks(block.blocks, width, stationery)]
    if block.starts_page:
        if not content or not content[0].tag.endswith("}p"):
            content.insert(0, _gap(stationery))
        start_page(content[0])
    for each in content[:-1]:
        keep_with_next(each)
    yield from content
