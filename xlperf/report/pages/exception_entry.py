"""One exception on the page: its chart, what the data and its owner say, what was promised, its stage, its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlperf.assessment import Assessment, Latest
from xlperf.catalogue import Kind
from xlperf.documents.document import (
    FULL_HEIGHT,
    LOW_HEIGHT,
    Align,
    Block,
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
    Tone,
    words,
)
from xlperf.report.case_words import review_words
from xlperf.report.exception_reasons import COLOURS, why, why_section
from xlperf.report.forecast_words import forecast_words
from xlperf.report.meeting_words import the_workbook
from xlperf.report.pages import figure_words as figures
from xlperf.report.pages.comparison import comparison
from xlperf.report.pages.escalation_page import decided_words
from xlperf.report.pages.executive_words import executive_words
from xlperf.report.pages.owner_words import owner_words, parts_words
from xlperf.report.pages.page_room import height_of
from xlperf.report.pages.series_chart import series_chart
from xlperf.report.pages.verdict_signs import without_verdict
from xlperf.report.recovery_words import recovery_words
from xlperf.report.sheets.exceptions import Listed, ListedKpi, ListedSection
from xlperf.rules.cumulative import drawn_column
from xlperf.rules.disagreement import IF_IT_STOPS
from xlperf.rules.escalation.phrases import capital, sentence, times
from xlperf.rules.keys import SeriesKey

_PARTS = (
    TableColumn("Part to act on", 1.5, grows=True),
    TableColumn("Latest", 50, Align.RIGHT),
    TableColumn("RAG", 54, Align.CENTRE),
    TableColumn("How long", 1.2, grows=True),
    TableColumn("Escalation", 60),
)
MOST_PARTS, MOST_HEARD = 16, 8
"""Parts of one figure that the pack lists, and whose owners it lets speak, the gravest first; the sheet has all."""
_CHART_SHARE = 0.53
_BESIDE = 359.0
"""Points of room beside the chart."""


def key_of(row: ListedKpi | ListedSection) -> SeriesKey:
    """What its stage is known by."""
    return row.latest.series if isinstance(row, ListedKpi) else row.key


def exception(row: Listed, parts: Sequence[ListedKpi], *, is_fitted: bool) -> Iterator[Block]:
    """An exception with its parts that are exceptions too; `is_fitted` draws the chart as high as its text."""
    assessment = row.assessment
    if not isinstance(row, ListedKpi):
        org = assessment.catalogue.org_by_code[row.org].name
        yield Heading(row.name, beside=org if row.section else "")
        yield Paragraph(words(sentence(_why(row))))
        return
    latest = row.latest
    yield Heading(f"{latest.kpi.id} {figures.name(assessment, latest)}", beside=f"{latest.rag} · {against_target(row)}")
    quality = assessment.confidence[latest.series].word
    about = (
        row.section.name,
        f"executive owner {latest.executive_owner}",
        f"returned by {latest.responsible_owner}" if latest.responsible_owner else "",
        f"data quality {quality}" if quality else "",
        f"risk {latest.kpi.risk}" if latest.kpi.risk else "",
    )
    yield Paragraph(words(" · ".join(filter(None, about))), Size.NOTE)
    said = (*_said(row), *_parts(row, parts))
    beside = min(FULL_HEIGHT, max(LOW_HEIGHT, height_of(said, _BESIDE)))
    yield SideBySide((*_drawn(row, beside if is_fitted else FULL_HEIGHT),), said, _CHART_SHARE)


def _why(row: Listed) -> str:
    """Why it is listed, without what is only proposed to others than the board."""
    return figures.without_sheets(_why_for_the_board(row))


def _why_for_the_board(row: Listed) -> str:
    if isinstance(row, ListedKpi):
        return "; ".join(why(row.assessment, row.latest, is_printed=True))
    return why_section(row.assessment, row.key, is_printed=True) if isinstance(row, ListedSection) else row.why


def against_target(row: ListedKpi) -> str:
    """`37 against 28, tolerance 14, Q2 26-27`, with the target and the tolerance that this figure is judged by."""
    kpi = row.latest.kpi
    if row.judged is None or row.period is None:
        return "no figure yet"
    shown = figures.shown(kpi, row.judged)
    if kpi.kind is Kind.MILESTONE:
        return ", ".join((shown, *([f"due {row.target}"] if row.target else []), row.period.short))
    against = f" against {figures.each_with_unit(kpi, row.target)}" if row.target else ""
    return ", ".join(filter(None, (f"{shown}{against}", figures.tolerance(kpi, row.judged), row.period.short)))


def _drawn(row: ListedKpi, height: float) -> Iterator[Block]:
    """Its chart; of what has none, what it is."""
    latest = row.latest
    chart = series_chart(row.assessment, latest)
    if chart is None:
        is_milestone = latest.kpi.kind is Kind.MILESTONE
        yield Paragraph(words("A milestone has a date and no chart." if is_milestone else "No figure yet."), Size.NOTE)
        yield Paragraph(words(latest.kpi.definition))
        return
    yield FullChart(chart, height)
    if latest.kpi.is_cumulative:
        column = drawn_column(latest.kpi, row.assessment.series[latest.series])
        told = "figures to date, each against the target of its period."
        if column != "actual":
            told = "what each period added; the figure above and its target are for the year to date."
        yield Paragraph(words(f"The chart shows {told}"), Size.NOTE)


def _said(row: ListedKpi) -> Iterator[Block]:
    assessment, latest = row.assessment, row.latest
    process, lacking = latest.verdicts, without_verdict(latest)
    is_judged = process is not None and process.variation is not None
    judged = (
        process.words if process and is_judged else f"No SPC verdict: {process.reason}." if process and lacking else ""
    )
    why = sentence(_why(row))
    if IF_IT_STOPS in why:
        judged = judged.replace(f", but {IF_IT_STOPS}", "")  # said once
    yield _lead("What the data say. ", " ".join(filter(None, (why, judged))))
    compared = "; ".join(comparison(assessment, row))
    if compared:
        yield _lead("Compared. ", sentence(capital(compared)))
    yield from executive_words(assessment, latest, row.period)
    for whole in assessment.roll_ups_listed_with.get(latest.series, ()):
        shown = figures.shown(whole.kpi, whole.row)
        yield from executive_words(assessment, whole, of=f"{whole.org.name} ({shown})")
    yield from owner_words(row)
    yield from _forecast(latest)
    yield from _stage(assessment, latest.series, "Escalation. ")
    yield from _recovery(row)


def _forecast(latest: Latest) -> Iterator[Block]:
    if latest.forecast is not None:
        shown = figures.with_unit(latest.kpi, latest.forecast.judged.shown)
        yield _lead("Forecast for the year end. ", sentence(forecast_words(latest.forecast, shown)))


def _recovery(row: ListedKpi, lead: str = "Recovery path. ") -> Iterator[Block]:
    """The way back to target that was promised, and how the figure stands against it."""
    if row.recovery is not None:
        yield _lead(lead, sentence(capital(recovery_words(row.latest.kpi, row.recovery, figures.with_unit))))


def _stage(assessment: Assessment, key: SeriesKey, lead: str) -> Iterator[Block]:
    """The stage in force, by whose decision, and what takes it out; what is only proposed is for whoever decides."""
    ladder = assessment.ladder
    stage = ladder.in_force(key)
    if not stage:
        return
    proposal = ladder.proposals.get(key)
    by = decided_words(assessment, key)
    said = [f"{stage}, decided {by}" if by else stage]
    if proposal and proposal.way_out and proposal.stage == stage:
        said.append(f"it leaves when: {proposal.way_out}")
    if review := review_words(assessment.cases.about(key)):
        said.append(f"next review {review}")
    yield _lead(lead, sentence("; ".join(said)))


def _parts(row: ListedKpi, parts: Sequence[ListedKpi]) -> Iterator[Block]:
    """The parts that are exceptions too: each with its figure and how long it has been off target."""
    if parts:
        has_stages = any(part.assessment.ladder.printed(part.latest.series) for part in parts)
        columns = _PARTS if has_stages else _PARTS[:-1]
        rows = tuple(TableRow((*_part_cells(part),)[: len(columns)]) for part in parts[:MOST_PARTS])
        yield PageTable(f"Parts of {row.latest.kpi.name} to act on", columns, rows, has_row_headers=True)
    if more := parts[MOST_PARTS:]:
        told = f"{times(len(more), 'more part')}: in {the_workbook(row.assessment)}, sheet Exceptions."
        yield Paragraph(words(told), Size.NOTE)
    for part in parts[:MOST_PARTS]:
        yield from _stage(part.assessment, part.latest.series, f"Escalation of {part.latest.org.name}. ")
        yield from _recovery(part, f"Recovery path of {part.latest.org.name}. ")
    yield from parts_words(parts[:MOST_HEARD])
    if parts[MOST_HEARD:]:
        told = f"What the owners of the other parts say is in {the_workbook(row.assessment)}, sheet Exceptions."
        yield Paragraph(words(told), Size.NOTE)


def _part_cells(part: ListedKpi) -> Iterator[TableCell]:
    latest = part.latest
    run = latest.off_target
    yield TableCell(words(latest.org.name))
    yield TableCell(words(figures.shown(latest.kpi, part.judged)))
    yield TableCell(words(str(latest.rag)), figures.TONES.get(latest.rag, Tone.PLAIN))
    yield TableCell(words(f"off target for {run.words}" if run and latest.rag in COLOURS else sentence(_why(part))))
    yield TableCell(words(part.assessment.ladder.printed(latest.series)))


def _lead(title: str, text: str) -> Paragraph:
    return Paragraph(words(TextRun(title, strong=True), text))
