"""The dashboard as a page: a line for each KPI, under its section, with a small chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlperf.assessment import Assessment, Latest
from xlperf.catalogue import Kind, Section
from xlperf.documents.document import (
    Align,
    DocumentPart,
    PageTable,
    TableCell,
    TableColumn,
    TableRow,
    TextRun,
    Together,
    Tone,
    Words,
    plain,
    words,
)
from xlperf.period import Period
from xlperf.report.count_words import figure_words
from xlperf.report.dashboard_heading import counted, is_printed, question_of, section_stages
from xlperf.report.pages import figure_words as figures
from xlperf.report.pages.chart_key import small_key
from xlperf.report.pages.page_room import PAGE, height_of, is_low
from xlperf.report.pages.series_chart import PERIODS, series_chart
from xlperf.report.pages.verdict_signs import VerdictWords, assurance_words, variation_words
from xlperf.rules.rag import Rag
from xlperf.rules.spc.rulesets import TRIAL_POINTS

_COLUMNS = (
    TableColumn("Ref", 24),
    TableColumn("Indicator", 1, grows=True),
    TableColumn("Latest", 42, Align.RIGHT),
    TableColumn("Before", 38, Align.RIGHT),
    TableColumn("Year ago", 38, Align.RIGHT),
    TableColumn("Target", 49, Align.RIGHT),
    TableColumn("RAG", 52, Align.CENTRE),
    TableColumn("As at", 40, Align.CENTRE),
    TableColumn("Latest periods", 67),
    TableColumn("Variation", 60),
    TableColumn("Assurance", 71),
    TableColumn("Escalation", 53),
    TableColumn("Data", 25),
    TableColumn("Executive", 66),
)
_INDICATOR = 46
"""Characters that fit its column; where the name of the org would be too long, its code stands there."""


KEY = """\
RAG: Green meets the target, Amber is within tolerance, Red is outside it, Blue is a milestone complete. \
Grey figures are the last there are, with their date.{closed}
Charts: at most {periods} periods; {charts}.
Variation: is it really changing (SPC, ruleset {ruleset})? A verdict needs {points} points: with fewer it says \
how many there are; where figures overlap, there is none.
Assurance: will the process as it stands meet the target?
Data: the poorest of sign-off, timeliness, audit and systems.{restated}{asked}"""


MOST_LINES = 33
"""Lines that surely fit one page; with more, the parts of rolled-up figures follow on pages of their own."""
_HEIGHT = 550.0
"""Points of the page that they fit: the parts follow too where stages make many lines too high for one page."""


def dashboard_page(assessment: Assessment, sections: Sequence[Section]) -> DocumentPart:
    """The dashboard of these sections of the catalogue, on one page."""
    members = figures.of_sections(assessment, sections)
    printed = _printed(assessment, members)
    is_whole = len(members) == len(assessment.latest)
    of_what = figure_words(assessment.counts) if is_whole else f"{len(members)} figures"
    lines = printed if _fits(assessment, sections, printed) else figures.of_the_whole(assessment, printed)
    table = _table(assessment, sections, lines, on_other_pages=len(printed) - len(lines))
    is_short = not assessment.meeting.is_board and is_low(table)
    return DocumentPart(
        f"Dashboard · {assessment.period.label}",
        (Together((table,)) if is_short else table,),
        beside=f"{of_what}: {counted(assessment, members)}",
        starts_page=not is_short,
    )


def parts_pages(assessment: Assessment, sections: Sequence[Section]) -> DocumentPart | None:
    """The rolled-up figures with their parts; None where the dashboard has them all."""
    printed = _printed(assessment, figures.of_sections(assessment, sections))
    with_parts = {latest.kpi.id for latest in printed if assessment.rolled_up_above(latest)}
    if not with_parts or _fits(assessment, sections, printed):
        return None
    lines = [latest for latest in printed if latest.kpi.id in with_parts]
    table = _table(assessment, sections, lines, is_counted=False)
    return DocumentPart("Rolled-up figures and their parts", (table,))


def _fits(assessment: Assessment, sections: Sequence[Section], printed: Sequence[Latest]) -> bool:
    """Whether all these figures fit one page."""
    return len(printed) <= MOST_LINES and height_of((_table(assessment, sections, printed),), PAGE) <= _HEIGHT


def _printed(assessment: Assessment, members: Sequence[Latest]) -> list[Latest]:
    return [latest for latest in members if is_printed(assessment, latest)]


def _table(
    assessment: Assessment,
    sections: Sequence[Section],
    lines: Sequence[Latest],
    *,
    is_counted: bool = True,
    on_other_pages: int = 0,
) -> PageTable:
    rows = [row for section in sections for row in _section(assessment, section, lines, is_counted=is_counted)]
    key = _key(assessment, rows, on_other_pages)
    return PageTable(
        "Every indicator with its latest figure, target, RAG and SPC verdicts, under its section",
        _COLUMNS, tuple(rows), has_row_headers=True, is_dense=True, key=key,
    )  # fmt: skip


def _section(
    assessment: Assessment, section: Section, lines: Sequence[Latest], *, is_counted: bool
) -> Iterator[TableRow]:
    """The band of a section and its lines; what is counted in the band are all its figures, printed or not."""
    members = [each for each in assessment.latest if each.kpi.section == section.id]
    listed = [latest for latest in lines if latest.kpi.section == section.id]
    stages = [*section_stages(assessment, section.id)]
    if not listed and not any(stages):
        return
    question = question_of(assessment, members)
    stage = f" · {'; '.join(stages)}" if stages else ""
    left = TableCell(words(TextRun(section.name, strong=True), f"   {question}" if question else "", stage), across=8)
    yield TableRow(
        (left, TableCell(words(counted(assessment, members) if is_counted else ""), align=Align.RIGHT, across=6)),
        is_band=True,
    )
    yield from (_line(assessment, latest) for latest in listed)


def _line(assessment: Assessment, latest: Latest) -> TableRow:
    period = latest.period
    chart = series_chart(assessment, latest)
    is_old = latest.row is not None and not latest.is_current
    is_milestone = latest.kpi.kind is Kind.MILESTONE
    year_ago = _earlier(assessment, latest, period.same_last_year() if period else None)
    return TableRow((
        TableCell(words(latest.kpi.id)),
        _indicator(assessment, latest),
        TableCell((TextRun(figures.shown(latest.kpi, latest.row), strong=not is_old, soft=is_old),)),
        TableCell(words(_earlier(assessment, latest, period.previous() if period else None))),
        TableCell(words("" if is_milestone else year_ago)),
        TableCell(words(figures.beside_latest(latest.kpi, figures.target(latest)) or ("" if is_milestone else "none"))),
        _rag(latest),
        TableCell((TextRun(period.short if period else "–", soft=is_old),)),
        TableCell(chart=chart),
        _verdict(variation_words(latest)),
        _verdict(assurance_words(latest)),
        TableCell(words(assessment.ladder.printed(latest.series))),
        TableCell(words(assessment.confidence[latest.series].word)),
        TableCell(words(figures.executive(assessment, latest))),
    ))  # fmt: skip


def _earlier(assessment: Assessment, latest: Latest, period: Period | None) -> str:
    return figures.beside_latest(latest.kpi, figures.earlier(assessment, latest, period))


def _rag(latest: Latest) -> TableCell:
    tone = figures.TONES.get(latest.rag, Tone.PLAIN)
    return TableCell((TextRun(str(latest.rag), strong=tone is not Tone.PLAIN),), tone)


def _indicator(assessment: Assessment, latest: Latest) -> TableCell:
    """The name of the KPI; below a rolled-up figure of the page that of the org alone, indented."""
    below = assessment.rolled_up_above(latest)
    org = figures.whose(assessment, latest)
    named = org if below else ": ".join(filter(None, (latest.kpi.name, org)))
    if not below and org and len(named) > _INDICATOR:
        named = f"{latest.kpi.name}: {latest.org.code}"
    unit = "" if below else figures.unit_beside(latest.kpi)
    beside = "; ".join(filter(None, (unit, *figures.marks(assessment, latest))))
    return TableCell(words(named, TextRun(f" ({beside})" if beside else "", soft=True)), indent=below)


def _verdict(verdict: VerdictWords) -> TableCell:
    icons = (verdict.icon,) if verdict.icon else ()
    return TableCell((TextRun(verdict.words, soft=not icons),), icons=icons)


def _key(assessment: Assessment, rows: Sequence[TableRow], parts: int) -> Words:
    """The key of these rows, of what is in them alone; `parts` figures stand on the pages that follow."""
    cells = [cell for row in rows if not row.is_band for cell in row.cells]
    said = KEY.format(
        periods=PERIODS,
        charts=small_key([cell.chart for cell in cells if cell.chart is not None]),
        restated=" r: restated." if any(plain(cell.words).endswith(figures.RESTATED_MARK) for cell in cells) else "",
        ruleset=assessment.catalogue.rules.spc_ruleset,
        points=TRIAL_POINTS,
        closed=" Closed: the organisation has closed." if assessment.counts.colours.by_rag.get(Rag.CLOSED) else "",
        asked=" A stage with ? is for decision." if assessment.counts.for_the_board.total else "",
    )
    entries = [line.split(": ", 1) for line in said.splitlines()]
    if parts:
        entries.append(
            ["Counts", f"of all figures; {parts} that are parts of a rolled-up one stand on the pages that follow."]
        )
    return words(*(span for term, text in entries for span in (TextRun(f"{term}: ", strong=True), f"{text} ")))
