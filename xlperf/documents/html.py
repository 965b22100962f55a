"""One HTML page of a document, which needs nothing beside it: no network, no script, its own font and pictures."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from xlperf.documents import palette
from xlperf.documents.chart_data import Chart
from xlperf.documents.column_widths import SIZE, fixed_widths
from xlperf.documents.document import Document, Icon, PageTable, TableCell, TableRow
from xlperf.documents.draw_chart import draw_figure
from xlperf.documents.draw_small_chart import draw_small_chart
from xlperf.documents.fonts import FOLDER
from xlperf.documents.icons import draw_icon
from xlperf.documents.logo import media_type
from xlperf.documents.written_text import written
from xlperf.errors import DocumentError

_PAGE = Path(__file__).with_name("page.html.jinja")
_FACES = ((400, "SourceSans3-Regular.woff2"), (700, "SourceSans3-Bold.woff2"))
_NARROWEST = 8.0
"""How narrow a column that grows may become, in widths of an `m`, before a table is scrolled."""


def write_html(document: Document, path: Path) -> None:
    """Write a document as one HTML page. Raises DocumentError, and then `path` is not made."""
    page = _template().render(
        document=document,
        palette=palette,
        fonts=_fonts(),
        logo=None if document.logo is None else _data_uri(media_type(document.logo), document.logo),
        next_number=count(1).__next__,
    )
    path.write_bytes(page.encode())


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {
        "figure": lambda block: _picture(draw_figure(block), block.chart),
        "small_chart": lambda chart: _picture(draw_small_chart(chart), chart),
        "icon": _icon,
        "groups": _groups,
        "widths": _widths,
        "in_css": _in_css,
        "alignment": _alignment,
    }
    return environment.from_string(_PAGE.read_text(encoding="utf-8"))


def _finalized(value: Any) -> Any:
    return written(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _picture(svg: str, chart: Chart) -> Markup:
    # Drawn by us, with every text in it escaped; said by `alt`, so that what is in it is not read out piece by piece.
    said = escape(written(chart.alt))
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{said}" ', 1))  # noqa: S704


def _icon(icon: Icon) -> Markup:
    # It says nothing that the word beside it does not say.
    return Markup(draw_icon(icon).replace("<svg ", '<svg class="icon" aria-hidden="true" ', 1))  # noqa: S704


def _groups(table: PageTable) -> list[list[TableRow]]:
    """The rows of a table, parted at its bands: each band with the rows below it."""
    groups: list[list[TableRow]] = []
    for row in table.rows:
        if row.is_band or not groups:
            groups.append([])
        groups[-1].append(row)
    return groups


def _widths(table: PageTable) -> tuple[str, ...]:
    """How wide each column is: as it says, or its share of what the others leave (`cqw`: of what it is scrolled in)."""
    widths = fixed_widths(table)
    fixed = sum(width for width in widths if width is not None) / SIZE
    shares = sum(column.width for column in table.columns if column.grows)
    return tuple(
        f"max({_NARROWEST}em, (100cqw - {fixed:.2f}em) * {column.width / shares:.4f})"
        if width is None
        else f"{width / SIZE:.2f}em"
        for column, width in zip(table.columns, widths, strict=True)
    )


def _alignment(table: PageTable, row: TableRow, at: int) -> str:
    """Where the cell at a place stands: as it says, else as the column that it begins in."""
    cell: TableCell = row.cells[at]
    if cell.align is not None:
        return cell.align.value
    column = sum(each.across for each in row.cells[:at])
    return "left" if row.is_band or column >= len(table.columns) else table.columns[column].align.value


def _in_css(text: str) -> Markup:
    """A text as a string of CSS: whatever is not a letter or a digit is written by its number."""
    said = "".join(each if each.isascii() and each.isalnum() else f"\\{ord(each):06x}" for each in written(text))
    return Markup(f'"{said}"')  # noqa: S704


@cache
def _fonts() -> tuple[tuple[int, Markup], ...]:
    try:
        return tuple((weight, _data_uri("font/woff2", (FOLDER / name).read_bytes())) for weight, name in _FACES)
    except OSError as error:
        raise DocumentError(f"the font of the documents cannot be read ({error}); install xlperf again") from error


def _data_uri(kind: str, data: bytes) -> Markup:
    return Markup(f"data:{kind};base64,{b64encode(data).decode()}")  # noqa: S704
