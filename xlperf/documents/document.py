"""A document as plain data: parts of headings, paragraphs, tables and charts, for the writers of PDF, Word and HTML.

Text is text: no writer reads markup in it, so what an owner typed cannot change a document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from xlperf.documents.chart_data import Chart


class Tone(StrEnum):
    """The ground that a cell stands on; the word in it says the same."""

    PLAIN = "plain"
    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    BLUE = "blue"
    GOOD = "good"
    BAD = "bad"


class Icon(StrEnum):
    """A sign for an SPC verdict, after those of Making Data Count; it never stands without its word."""

    IMPROVING_HIGH = "improving_high"
    IMPROVING_LOW = "improving_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"
    COMMON = "common"
    WILL_MEET = "will_meet"
    MAY_OR_MAY_NOT = "may_or_may_not"
    WILL_MISS = "will_miss"


class Align(StrEnum):
    """Where in its column a cell stands."""

    LEFT = "left"
    RIGHT = "right"
    CENTRE = "centre"


class Size(StrEnum):
    """Of text: as everything, or as a note, which is smaller and grey."""

    BODY = "body"
    NOTE = "note"


class Audience(StrEnum):
    """Whether a part may stand in the public edition."""

    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of text in one look: bold if `strong`, grey if `soft`."""

    text: str
    strong: bool = False
    soft: bool = False


Words = tuple[TextRun, ...]
FULL_HEIGHT, LOW_HEIGHT = 196.0, 116.0
"""Of a chart in full width, in points; it is never lower than the second, so that what is beside its lines can be read.
"""


def words(*texts: str | TextRun) -> Words:
    """Texts and spans as words, without the empty ones."""
    spans = (TextRun(each) if isinstance(each, str) else each for each in texts)
    return tuple(span for span in spans if span.text)


def plain(all_words: Words) -> str:
    """Words as a text."""
    return "".join(span.text for span in all_words)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below that of the part; `level` is 2 or 3, the part's being 1. `beside` stands after it as a note."""

    text: str
    level: int = 2
    beside: str = ""
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    words: Words
    size: Size = Size.BODY
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered or not."""

    items: tuple[Words, ...]
    is_numbered: bool = False
    kind: str = field(default="items", init=False)


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table: an icon or a chart, and words; `indent` is in steps, `across` the columns that it takes."""

    words: Words = ()
    tone: Tone = Tone.PLAIN
    icons: tuple[Icon, ...] = ()
    chart: Chart | None = None
    align: Align | None = None
    indent: int = 0
    across: int = 1


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table. A band is the heading of the rows below it, and never the last on a page."""

    cells: tuple[TableCell, ...]
    is_band: bool = False


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: header, width in points, or as a share of what is left if it `grows`, and where its cells stand."""

    header: str
    width: float
    align: Align = Align.LEFT
    grows: bool = False


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table with one header row; `summary` says to people who listen what it holds.

    Attributes:
        has_row_headers: whether the first cell of a row is its heading.
        is_dense: whether its rows stand as close as can be read, so that more of them fit a page.
        key: what its signs and words mean, in a note that stands below it on every page that it goes on to.
    """

    summary: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    has_row_headers: bool = False
    is_dense: bool = False
    key: Words = ()
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class FullChart:
    """A chart in full width; what it shows is said by its `alt`, which everybody may read.

    `height` is in points; one that is lower leaves room for more of them on a page.
    """

    chart: Chart
    height: float = FULL_HEIGHT
    kind: str = field(default="figure", init=False)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two columns, where the page is wide enough; `share` is that of the left one."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]
    share: float = 0.5
    kind: str = field(default="side_by_side", init=False)


@dataclass(frozen=True, slots=True)
class Together:
    """What is not to be torn apart by the end of a page, as far as it fits one; `starts_page` puts it on a new one."""

    blocks: tuple[Block, ...]
    starts_page: bool = False
    kind: str = field(default="together", init=False)


Block = Heading | Paragraph | Items | PageTable | FullChart | SideBySide | Together


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A part.

    Attributes:
        title: its heading.
        blocks: what it holds.
        beside: stands at the right of the heading.
        under: a line below the heading.
        audience: whether it may stand in the public edition.
        starts_page: whether it begins on a new page, even if the one before has room for it.
    """

    title: str
    blocks: tuple[Block, ...]
    beside: str = ""
    under: str = ""
    audience: Audience = Audience.PUBLIC
    starts_page: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """A document.

    Attributes:
        title: for people and for the file.
        author: the organisation.
        footer: what it is, at the foot of every page.
        produced: the time it is of, with its time zone; nothing in it depends on when it is written.
        parts: in their order.
        language: of its text, as `en-GB`.
        logo: a picture at the top of the first page, as PNG or SVG; None for none.
        logo_alt: what that picture shows, in words.
        mark: what it is as long as it is not final, across every page of a PDF; "" for nothing. See `marked`.
    """

    title: str
    author: str
    footer: str
    produced: datetime
    parts: tuple[DocumentPart, ...]
    language: str = "en-GB"
    logo: bytes | None = None
    logo_alt: str = ""
    mark: str = ""


def marked(document: Document, mark: str) -> Document:
    """The document with what it is, as long as it is not final: at its head, at the foot of and across every page."""
    first, *others = document.parts
    under = "\n".join(filter(None, (mark, first.under)))
    return replace(
        document, mark=mark, footer=f"{mark} · {document.footer}", parts=(replace(first, under=under), *others)
    )


def charts_of(document: Document) -> Iterator[Chart]:
    """Every chart of a document, in full size or in a cell, in order."""
    for part in document.parts:
        yield from charts_within(part.blocks)


def charts_within(blocks: Sequence[Block]) -> Iterator[Chart]:
    """Every chart of these blocks, as `charts_of`."""
    for block in _within(blocks):
        if isinstance(block, FullChart):
            yield block.chart
        elif isinstance(block, PageTable):
            yield from (cell.chart for row in block.rows for cell in row.cells if cell.chart is not None)


def blocks_of(document: Document) -> Iterator[Block]:
    """Every block of a document, also of those within another."""
    for part in document.parts:
        yield from _within(part.blocks)


def _within(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, SideBySide):
            yield from _within((*block.left, *block.right))
        elif isinstance(block, Together):
            yield from _within(block.blocks)
