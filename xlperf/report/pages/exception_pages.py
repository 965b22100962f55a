"""The exceptions: for each its chart, what the data say, what its owner says, what was promised, and its stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlperf.assessment import Assessment, Latest, date_of
from xlperf.catalogue import Kind, Section
from xlperf.documents.document import (
    Align,
    Block,
    DocumentPart,
    FullChart,
    Heading,
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
    Words,
    words,
)
from xlperf.report import layout
from xlperf.report.exception_reasons import COLOURS
from xlperf.report.pages import figure_words as figures
from xlperf.report.pages.comparison import comparison
from xlperf.report.pages.escalation_page import decided_words
from xlperf.report.pages.series_chart import series_chart
from xlperf.report.pages.verdict_signs import without_verdict
from xlperf.report.sheets.exceptions import Listed, ListedKpi, ListedSection, exceptions
from xlperf.returns.figure import Figure as FigureAsReturned
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.rules.escalation.phrases import times
from xlperf.rules.forecast import forecast_rag
from xlperf.rules.keys import SeriesKey

_PARTS = (
    TableColumn("Part to act on", 1.5, grows=True),
    TableColumn("Latest", 50, Align.RIGHT),
    TableColumn("RAG", 54, Align.CENTRE),
    TableColumn("How long", 1.2, grows=True),
    TableColumn("Escalation", 60),
)
KEY = (
    "Each is about an issue and its process, not about the people who work on it. In the charts: solid line = mean, "
    "dotted = process limits, dashed = target; grey dot = no change, blue diamond = improvement, orange triangle = "
    "concern, dark dot = not judged."
)
MOST_PARTS, MOST_HEARD = 16, 8
"""Parts of one figure that the pack lists, and whose owners it lets speak, the gravest first; the sheet has all."""
_CHART_SHARE = 0.53


def to_act_on(assessment: Assessment, sections: Sequence[Section]) -> list[Listed]:
    """What is to act on in these sections, the gravest consequence first; orgs only where all sections are asked."""
    ids = {section.id for section in sections}
    is_whole = len(ids) == len(assessment.catalogue.sections)
    listed = [row for row in exceptions(assessment) if row.listed == layout.TO_ACT_ON and _is_told(assessment, row)]
    return [row for row in listed if (row.section.id in ids if row.section else is_whole)]


def _is_told(assessment: Assessment, row: Listed) -> bool:
    return not isinstance(row, ListedKpi | ListedSection) or _key(row) not in assessment.only_proposed


def _key(row: ListedKpi | ListedSection) -> SeriesKey:
    return row.latest.series if isinstance(row, ListedKpi) else row.key


def _why(row: Listed) -> str:
    """Why it is listed, without what is only proposed to others than the board."""
    return figures.without_sheets(_why_for_the_board(row))


def _why_for_the_board(row: Listed) -> str:
    if not isinstance(row, ListedKpi | ListedSection):
        return row.why
    ladder, key = row.assessment.ladder, _key(row)
    if ladder.is_for_the_board(key):
        return row.why
    if isinstance(row, ListedSection):
        return ladder.printed_sentence(key)
    return row.why.replace(ladder.sentence(key), ladder.printed_sentence(key)) if ladder.in_force(key) else row.why


def exception_pages(assessment: Assessment, sections: Sequence[Section], a_page: int) -> DocumentPart | None:
    """Every exception, so many on a page, each with its parts that are exceptions too; None where there is none."""
    listed = to_act_on(assessment, sections)
    if not listed:
        return None
    told = _parts_by_whole(listed)
    is_part = {part.latest.series for parts in told.values() for part in parts}
    shown = [row for row in listed if not isinstance(row, ListedKpi) or row.latest.series not in is_part]
    blocks = [
        Together(
            (*_exception(assessment, row, told.get(row.latest.series, ()) if isinstance(row, ListedKpi) else ()),),
            starts_page=place > 0 and place % a_page == 0,
        )
        for place, row in enumerate(shown)
    ]
    within = f", {len(is_part)} of them within the figure that they are part of" if is_part else ""
    return DocumentPart(
        "Exceptions",
        tuple(blocks),
        beside=f"{len(listed)} to act on{within}; the gravest first",
        under=KEY,
    )


def _parts_by_whole(listed: Sequence[Listed]) -> Mapping[SeriesKey, Sequence[ListedKpi]]:
    """The exceptions that are parts of a rolled-up figure that is one too, by the topmost of these."""
    rows = [row for row in listed if isinstance(row, ListedKpi)]
    parts: dict[SeriesKey, list[ListedKpi]] = {}
    for row in rows:
        above = [each for each in rows if _is_part(row.latest, each.latest)]
        if above:
            # A roll-up of roll-ups is made of all their members, so the topmost has the most.
            topmost = max(above, key=lambda each: len(each.latest.members))
            parts.setdefault(topmost.latest.series, []).append(row)
    return parts


def _is_part(latest: Latest, whole: Latest) -> bool:
    is_member = latest.org.code in whole.members
    is_roll_up_within = bool(latest.members) and set(latest.members) < set(whole.members)
    return latest.kpi is whole.kpi and (is_member or is_roll_up_within)


def _exception(assessment: Assessment, row: Listed, parts: Sequence[ListedKpi]) -> Iterator[Block]:
    if not isinstance(row, ListedKpi):
        org = assessment.catalogue.org_by_code[row.org].name
        yield Heading(row.name, beside=org if row.section else "")
        yield Paragraph(words(_sentence(_why(row))))
        return
    latest = row.latest
    yield Heading(
        f"{latest.kpi.id} {figures.name(assessment, latest)}", beside=f"{latest.rag} · {_against_target(row)}"
    )
    quality = assessment.confidence[latest.series].word
    about = (
        row.section.name,
        f"executive owner {latest.executive_owner}",
        f"returned by {latest.responsible_owner}" if latest.responsible_owner else "",
        f"data quality {quality}" if quality else "",
    )
    yield Paragraph(words(" · ".join(filter(None, about))), Size.NOTE)
    left = (*_drawn(assessment, row),)
    yield SideBySide(left, (*_said(assessment, row), *_parts(row, parts)), _CHART_SHARE)


def _parts(row: ListedKpi, parts: Sequence[ListedKpi]) -> Iterator[Block]:
    """The parts that are exceptions too: each with its figure and how long it has been off target."""
    if parts:
        rows = tuple(_part_row(part) for part in parts[:MOST_PARTS])
        yield PageTable(f"Parts of {row.latest.kpi.name} to act on", _PARTS, rows, has_row_headers=True)
    if more := parts[MOST_PARTS:]:
        yield Paragraph(words(f"{len(more)} more parts are on the sheet Exceptions of the edition."), Size.NOTE)
    for part in parts[:MOST_HEARD]:
        yield from _what_the_owner_says(part, f"{part.latest.org.name} says. ")
        if part.figure and part.figure.action:
            yield _action(part.assessment, part.figure)
    if parts[MOST_HEARD:]:
        yield Paragraph(
            words("What the owners of the other parts say is on the sheet Exceptions of the edition."), Size.NOTE
        )


def _part_row(part: ListedKpi) -> TableRow:
    latest = part.latest
    run = latest.off_target
    return TableRow((
        TableCell(words(latest.org.name)),
        TableCell(words(figures.shown(latest.kpi, part.judged))),
        TableCell(words(str(latest.rag)), figures.TONES.get(latest.rag, Tone.PLAIN)),
        TableCell(words(f"off target for {run.words}" if run and latest.rag in COLOURS else _sentence(_why(part)))),
        TableCell(words(part.assessment.ladder.printed(latest.series))),
    ))  # fmt: skip


def _against_target(row: ListedKpi) -> str:
    kpi = row.latest.kpi
    if row.judged is None or row.period is None:
        return "no figure yet"
    against = f" against {row.target}" if row.target and kpi.kind is not Kind.MILESTONE else ""
    due = f", due {row.target}" if row.target and kpi.kind is Kind.MILESTONE else ""
    return f"{figures.shown(kpi, row.judged)}{against}{due}, {row.period.short}"


def _drawn(assessment: Assessment, row: ListedKpi) -> Iterator[Block]:
    """Its chart; of what has none, what it is."""
    latest = row.latest
    chart = series_chart(assessment, latest)
    if chart is None:
        is_milestone = latest.kpi.kind is Kind.MILESTONE
        yield Paragraph(words("A milestone has a date and no chart." if is_milestone else "No figure yet."), Size.NOTE)
        yield Paragraph(words(latest.kpi.definition))
        return
    yield FullChart(chart)
    if latest.kpi.is_cumulative:
        said = "The chart shows what each period added; the figure above and its target are for the year to date."
        yield Paragraph(words(said), Size.NOTE)


def _said(assessment: Assessment, row: ListedKpi) -> Iterator[Block]:
    latest = row.latest
    process, lacking = latest.verdicts, without_verdict(latest)
    is_judged = process is not None and process.variation is not None
    judged = (
        process.words if process and is_judged else f"No SPC verdict: {process.reason}." if process and lacking else ""
    )
    yield _lead("What the data say. ", " ".join(filter(None, (_sentence(_why(row)), judged))))
    yield from _compared(assessment, row)
    figure = row.figure
    yield from _what_the_owner_says(row, "What the owner says. ")
    if figure and figure.action:
        yield _action(assessment, figure)
    if figure and figure.forecast is not None and row.period is not None:
        shown = figures.with_unit(latest.kpi, f"{figure.forecast:,.{latest.kpi.shown_decimals}f}")
        rag = forecast_rag(latest.kpi, row.period, figure.forecast)
        yield _lead("Forecast for the year end: ", ", ".join(filter(None, (shown, str(rag or "")))) + ".")
    yield from _stage(assessment, row)


def _what_the_owner_says(row: ListedKpi, lead: str) -> Iterator[Block]:
    figure = row.figure
    if figure and (figure.commentary or figure.cause):
        cause = (TextRun("Cause: ", strong=True), figure.cause) if figure.cause else ()
        yield Paragraph(words(TextRun(lead, strong=True), f"{figure.commentary} ".lstrip(), *cause))


def _compared(assessment: Assessment, row: ListedKpi) -> Iterator[Block]:
    said = "; ".join(comparison(assessment, row))
    if said:
        yield _lead("Compared. ", _sentence(said))


def _action(assessment: Assessment, figure: FigureAsReturned) -> Paragraph:
    due = date_of(figure.action_due)
    overdue = (assessment.produced.date() - due).days if due else 0
    parts = (
        figure.action.rstrip(". "),
        figure.action_owner,
        f"due {in_words(due)}" if due else "no date",
        f"{times(overdue, 'day')} overdue" if overdue > 0 else "",
    )
    return _lead("Action promised. ", _sentence("; ".join(filter(None, parts))))


def _stage(assessment: Assessment, row: ListedKpi) -> Iterator[Block]:
    """The stage in force, by whose decision, and what takes it out; what is only proposed is for whoever decides."""
    ladder, key = assessment.ladder, row.latest.series
    stage = ladder.in_force(key)
    if not stage:
        return
    proposal = ladder.proposals.get(key)
    by = decided_words(assessment, key)
    parts = [f"{stage}, decided {by}" if by else stage]
    if proposal and proposal.way_out and proposal.stage == stage:
        parts.append(f"it leaves when: {proposal.way_out}")
    if proposal and proposal.next_review:
        parts.append(f"next review {in_words(proposal.next_review)}")
    yield _lead("Escalation. ", _sentence("; ".join(parts)))


def _lead(title: str, text: str) -> Paragraph:
    spans: Words = words(TextRun(title, strong=True), text)
    return Paragraph(spans)


def _sentence(text: str) -> str:
    stripped = text.strip()
    return stripped if not stripped or stripped.endswith((".", "?", "!")) else f"{stripped}."
