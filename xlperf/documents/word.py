"""A document in Word, from a template that people restyle: its styles by name, its placeholders by docxtpl.

What a document says never passes through the template's language: its body is put in place when that has been filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import xlperf
from xlperf.documents.document import Document, FullChart, PageTable, blocks_of
from xlperf.documents.draw_chart import draw_figure
from xlperf.documents.draw_small_chart import draw_small_chart
from xlperf.documents.extra import lacking
from xlperf.documents.icons import draw_icon
from xlperf.documents.logo import media_type
from xlperf.documents.png import as_png
from xlperf.documents.word_template import TemplateFault, check_template
from xlperf.errors import DocumentError

TEMPLATE = "pack.docx"
_FINE, _FULL = 300.0, 200.0
"""Dots per inch, of what is small and of what is not."""


def write_word(document: Document, template: Path | None, path: Path) -> None:
    """Write a document as a Word document.

    Args:
        document: what it says.
        template: the file that it is made from; None for the one that comes with xlperf.
        path: the file to make, whose name ends in `.docx`.

    Raises:
        DocumentError: the extra 'pack' is missing, the template cannot be used, or the logo is no picture; and then
            `path` is not made.
    """
    template = template or _shipped()
    try:
        data = template.read_bytes()
    except OSError as error:
        raise DocumentError(f"the Word template {template} cannot be read ({error})") from error
    try:
        from xlperf.documents.word_file import filled
    except ImportError as error:
        raise lacking("packs in Word") from error
    pictures = _pictures(document)
    try:
        check_template(data)
        made = filled(data, document, pictures)
    except TemplateFault as error:
        raise DocumentError(f"the Word template {template} cannot be used: {error}") from error
    path.write_bytes(made)


def _shipped() -> Path:
    package = Path(xlperf.__file__).parent
    places = [folder / "workbook_templates" / TEMPLATE for folder in (package / "shipped", package.parent)]
    return next((place for place in places if place.exists()), places[0])


def _pictures(document: Document) -> Mapping[str, bytes]:
    """Every picture of a document as PNG, by the SVG that it is drawn from."""
    full = {draw_figure(block): None for block in blocks_of(document) if isinstance(block, FullChart)}
    small: dict[str, None] = {}
    for block in blocks_of(document):
        for cell in (cell for row in block.rows for cell in row.cells) if isinstance(block, PageTable) else ():
            small |= {draw_icon(icon): None for icon in cell.icons}
            if cell.chart is not None:
                small[draw_small_chart(cell.chart)] = None
    if document.logo is not None and media_type(document.logo) != "image/png":
        full[document.logo.decode(errors="replace")] = None
    made = dict(zip(full, as_png([*full], _FULL), strict=True))
    return made | dict(zip(small, as_png([*small], _FINE), strict=True))
