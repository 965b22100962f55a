"""A document with everything that a pack can hold, for the tests of its writers."""

from __future__ import annotations

from datetime import UTC, datetime

from xlperf.documents.chart_data import Chart, ChartPoint, PointKind
from xlperf.documents.document import (
    Align,
    Block,
    Document,
    DocumentPart,
    FullChart,
    Heading,
    Icon,
    Items,
    PageTable,
    Paragraph,
    SideBySide,
    Size,
    TableCell,
    TableColumn,
    TableRow,
    TextRun,
    Together,
    Tone,
    words,
)

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" width="120" height="40">'
    b'<rect width="120" height="40" fill="#005EB8"/></svg>'
)
DASHBOARD = (
    TableColumn("Ref", 30),
    TableColumn("Indicator", 1, grows=True),
    TableColumn("Latest", 44, Align.RIGHT),
    TableColumn("RAG", 44, Align.CENTRE),
    TableColumn("Last 24 periods", 88),
    TableColumn("Variation", 90),
)
TYPED = (
    "{{ 7*7 }} {% for x in y %} {_{ 7 }_}",
    '<b>not bold</b> & "quoted"',
    "=1+1 #let $x$ \\ `",
    "]]> <!-- --> <w:p>",
)
"""What an owner may type, and what is to be read as typed."""


def chart(count: int = 24, base: float = 3.0) -> Chart:
    """A chart of so many periods, with a gap, limits, a target and special causes."""
    kinds = (PointKind.COMMON, PointKind.IMPROVEMENT, PointKind.CONCERN)
    points = (
        ChartPoint(f"M{at}", None if at == 4 else base + at % 5, kinds[at % 3], 5.0, base, base + 5, target=base + 1)
        for at in range(count)
    )
    return Chart(f"Sickness & absence, {count} months: {base} %; no change", tuple(points), unit="%")


def band(text: str, columns: int = len(DASHBOARD)) -> TableRow:
    """The heading of the rows below it."""
    return TableRow(
        (TableCell(words(TextRun(text, strong=True), TextRun(" 1 of 2 Red", soft=True)), across=columns),), is_band=True
    )


def row(ref: str, base: float = 3.0) -> TableRow:
    """A row of the dashboard."""
    name = words(TextRun("Sickness absence", strong=True), TextRun("\nall staff", soft=True))
    return TableRow(
        (
            TableCell(words(ref)),
            TableCell(name, indent=1),
            TableCell(words("3.3 %")),
            TableCell(words("Red"), tone=Tone.RED),
            TableCell(chart=chart(base=base)),
            TableCell(words("Improving"), icons=(Icon.IMPROVING_LOW, Icon.WILL_MEET)),
        )
    )


def exception(number: int) -> Together:
    """A chart beside what its owner says."""
    actions = PageTable(
        f"Actions of {number}",
        (TableColumn("Action", 1, grows=True), TableColumn("Due", 60)),
        (TableRow((TableCell(words("Recruit")), TableCell(words("1 Dec 2026")))),),
    )
    left: tuple[Block, ...] = (FullChart(chart(36, 3.0 + number)), Paragraph(words("limits from 24 points"), Size.NOTE))
    right: tuple[Block, ...] = (Heading("What the owner says", 3), Items((words("first"),), is_numbered=True), actions)
    return Together((Heading(f"K{number}", 2, "Red"), SideBySide(left, right, 0.55)), starts_page=number > 0)


def document(*texts: str, rows: int = 3, exceptions: int = 2, logo: bytes | None = LOGO) -> Document:
    """A document of three parts; `texts` are paragraphs of the first."""
    body = (band("People"), *(row(f"P{at}", 3.0 + at) for at in range(rows)), band("Money"), row("M1"))
    summary: tuple[Block, ...] = (
        *(Paragraph(words(text)) for text in texts),
        Heading("What changed"),
        Items((words("one"), words(TextRun("two", strong=True)))),
        Items((words("first question"), words("second question")), is_numbered=True),
    )
    return Document(
        "Performance, September 2026",
        "Example Trust",
        "Example Trust · Board · Official",
        datetime(2026, 11, 26, 9, tzinfo=UTC),
        (
            DocumentPart("Summary", summary, beside="Edition 1", under="26 November 2026"),
            DocumentPart("Dashboard", (PageTable("28 indicators", DASHBOARD, body, has_row_headers=True),)),
            DocumentPart("Exceptions", tuple(exception(at) for at in range(exceptions))),
        ),
        logo=logo,
        logo_alt="Example Trust",
    )
