"""The dashboard: one row for each KPI and org, under its section."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from xlperf.assessment import Assessment, JudgedFigure, Latest
from xlperf.assessment.confidence import standing
from xlperf.catalogue import Kind, Section
from xlperf.report import layout
from xlperf.report.columns import Column, MasterSheet
from xlperf.report.dashboard_heading import counted, is_printed, question_of, section_stages
from xlperf.report.figure_notes import looking_ahead, not_alike, without_its_figure
from xlperf.report.sheets.common import ref_column
from xlperf.report.spark import spark
from xlperf.report.verdict_words import NO_VERDICT, assurance, short_change, variation
from xlperf.returns.kpi_words import target_words
from xlperf.rules.cumulative import IN_PERIOD, added_words, drawn_column
from xlperf.rules.disagreement import MEETS, MISSES
from xlperf.rules.movement import BETTER, WORSE
from xlperf.rules.shown import exact
from xlperf.rules.spc.rulesets import TRIAL_POINTS

SPARK_PERIODS = 12
ARROWS = {BETTER: "▲", WORSE: "▼"}
KEY = """\
RAG: Green meets the target, Amber is within tolerance, Red is outside it, Blue is a milestone complete. \
Not due and Not returned show the last figure there is, with its date, and in Note what it was. n/a: does not apply.
Data: good, fair or poor is the worst of sign-off, timeliness, audit and systems, as far as stated. \
Change: on the period before{added}; in range, as far off: as near to the range as before.{asked}
Last periods: bars from ▅ up are at or above the target, from ▃ down below it. Ranges, no target, and to date (what \
each added): lowest ▁ to highest █. Note: provisional may change; restated has.
Variation and assurance: Making Data Count (SPC, ruleset {ruleset}); whether the process as it is meets the target. \
No verdict, as below {points} points: how many figures, or "overlap" where they share months."""

_OF_ADDED = " (month better: what the month added, of a figure to date)"


@dataclass(frozen=True, slots=True)
class Band:
    """The band above the KPIs of a section; `members` are all its figures, printed or not."""

    assessment: Assessment
    section: Section
    members: Sequence[Latest]


@dataclass(frozen=True, slots=True)
class Printed:
    """A KPI and org."""

    assessment: Assessment
    latest: Latest


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A line of the key below the KPIs."""

    text: str


DashboardLine = Band | Printed | KeyLine


def _lines(assessment: Assessment) -> Iterator[DashboardLine]:
    """A band for each section, its KPIs, and the key."""
    for section in assessment.catalogue.sections:
        members = [each for each in assessment.latest if each.kpi.section == section.id]
        # A section with a stage is shown even if all its KPIs are retired, as the heading counts it.
        if members or any(section_stages(assessment, section.id)):
            yield Band(assessment, section, members)
            yield from (Printed(assessment, latest) for latest in members if is_printed(assessment, latest))
    rules = assessment.catalogue.rules
    key = KEY.format(
        ruleset=rules.spc_ruleset,
        points=TRIAL_POINTS,
        added=_OF_ADDED if any(each.kpi.is_cumulative for each in assessment.latest) else "",
        asked=" A stage with ? is for decision." if assessment.counts.for_the_board.total else "",
    )
    yield from map(KeyLine, key.splitlines())


_INDICATOR = 48
"""Characters that fit its column in print."""


def _indicator(assessment: Assessment, latest: Latest) -> str:
    """The names of KPI and org; orgs below a rolled-up figure show only their own name, indented by dashes.

    Each dash is one rolled-up org above it.
    """
    if depth := assessment.rolled_up_above(latest):
        return f"{'– ' * depth}{latest.org.name}"
    if not latest.members and assessment.trees[latest.kpi.id].open_in(assessment.period) == {latest.org.code}:
        return latest.kpi.name
    named = f"{latest.kpi.name}: {latest.org.name}"
    return named if len(named) <= _INDICATOR else f"{latest.kpi.name}: {latest.org.code}"


def _note(assessment: Assessment, latest: Latest) -> Iterator[str]:
    """Notes: its last colour, an expected miss, a contradiction, what it covers, missing orgs, what may change."""
    yield from without_its_figure(latest)
    yield from looking_ahead(latest)
    if flag := latest.flag:
        yield flag.replace(MISSES, "expected to miss").replace(MEETS, "expected to meet")
    if latest.row and latest.kpi.is_cumulative:
        yield "; ".join(filter(None, ("to date", added_words(latest.kpi, latest.row[IN_PERIOD[0]]))))
    yield from not_alike(assessment, latest)
    if latest.reported:
        yield latest.reported
    if latest.row and (mark := standing(latest.current)):
        yield mark


def _target(latest: Latest) -> str:
    return target_words(latest.kpi, latest.target)


def _latest_words(latest: Latest) -> str:
    if latest.row is None:
        return "–"
    # Of "8.02, shown 8.0" the exact figure alone: both would have to be printed too small to be read.
    return "n/a" if latest.row["not_applicable"] else exact(latest.row["shown"])


def _change(latest: Latest) -> str:
    word = short_change(latest.kpi, latest.row) if latest.row else ""
    arrow = ARROWS.get(str(latest.row["movement"])) if latest.row else None
    return " ".join(filter(None, (arrow, word))) or "–"


def _spark(assessment: Assessment, latest: Latest) -> str:
    if latest.period is None or latest.kpi.kind is Kind.MILESTONE:
        return ""  # where a milestone stands is no number, and bars of it have no meaning
    series = assessment.series[latest.series]
    column = drawn_column(latest.kpi, series)
    heights = {row["period_number"]: _height(row, column) for row in series}
    first = max(min(heights), latest.period.number - SPARK_PERIODS + 1)
    drawn = [heights.get(number) for number in range(first, latest.period.number + 1)]
    return spark(drawn, _target_drawn(latest))


def _target_drawn(latest: Latest) -> float | None:
    """The target in whose light the bars are drawn: that beside them, where it is one figure and of the same kind."""
    target = latest.target.target if latest.target is not None and not latest.kpi.is_cumulative else None
    return None if target is None else float(target)


def _height(row: JudgedFigure, column: str) -> float | None:
    if row["partial"]:
        return None  # a sum without every org would look like a fall
    actual = float(row[column])
    return None if actual != actual else actual


def _first(line: DashboardLine) -> str:
    """The first cell of a line: the section's name, the KPI's id, or the text of a line of the key."""
    if isinstance(line, KeyLine):
        return line.text
    return line.section.name if isinstance(line, Band) else line.latest.kpi.id


def _question(band: Band) -> str:
    """The question that all KPIs of the section answer, which starts in the column Unit and runs on to the right."""
    return question_of(band.assessment, band.members)


def _cell(
    of_kpi: Callable[[Assessment, Latest], Any], of_band: Callable[[Band], Any] = lambda band: None
) -> Callable[[DashboardLine], Any]:
    """The value of a cell for a KPI, and for the band of a section, which may be empty."""

    def value(line: DashboardLine) -> Any:
        if isinstance(line, Band):
            return of_band(line)
        return of_kpi(line.assessment, line.latest) if isinstance(line, Printed) else None

    return value


_KINDS = {Band: layout.SECTION_ROW, Printed: layout.KPI_ROW, KeyLine: layout.KEY_ROW}

COLUMNS: tuple[Column[DashboardLine], ...] = (
    replace(ref_column(_first), width=4.6),
    Column("indicator", "Indicator", _cell(_indicator), 33.4, "the KPI, and whose figure it is", is_key=True),
    Column("unit", "Unit", _cell(lambda _, latest: latest.kpi.shown_unit, _question), 7.6, "the unit of the figure"),
    Column("latest", "Latest", _cell(lambda _, latest: _latest_words(latest)), 9.1,
           "the last figure, with more decimals where it would look another colour rounded"),
    Column("target", "Target", _cell(lambda _, latest: _target(latest)), 11.9, "the target of its period, in words"),
    Column("rag", "RAG", _cell(lambda _, latest: str(latest.rag)), 10.9, "its colour, or why it has none"),
    Column("data_quality", "Data", _cell(lambda assessment, latest: assessment.confidence[latest.series].word), 5,
           "good, fair or poor: the worst of sign-off, timeliness, audit and systems, as far as stated"),
    Column("change", "Change", _cell(
        lambda _, latest: _change(latest), lambda band: counted(band.assessment, band.members)), 7.9,
        "against the period before; of a section, how many of each colour, running on to the right"),
    Column("as_at", "As at", _cell(lambda _, latest: latest.period.short if latest.period else "–"), 8.4,
           "the period of the figure"),
    Column("last_periods", layout.LAST_PERIODS, _cell(_spark), 15.1,
           f"the last {SPARK_PERIODS} periods, drawn: ▅ and higher is at or above the target"),
    Column("variation", "Variation", _cell(lambda _, latest: variation(latest).removeprefix(NO_VERDICT)), 13.9,
           "the SPC verdict on variation, or how many figures there are"),
    Column("assurance", "Assurance", _cell(lambda _, latest: assurance(latest)), 11.8, "the SPC verdict on the target"),
    Column("note", "Note", _cell(lambda assessment, latest: "; ".join(_note(assessment, latest))), 14.7,
           "what a reader must know beside the figure"),
    Column("escalation", "Escalation", _cell(
        lambda assessment, latest: assessment.ladder.printed(latest.series),
        lambda band: "; ".join(section_stages(band.assessment, band.section.id))), 9.6,
        "the stage decided; one with ?, which only a board that decides sees, is for decision"),
    Column("executive_owner", "Executive owner", _cell(lambda assessment, latest: latest.executive_owner), 23.3,
           "who answers for it"),
    Column("row", layout.KIND, lambda line: _KINDS[type(line)], 5, "hidden: section, kpi or key"),
)  # fmt: skip

_BEGINS_PAGE_AFTER = {
    layout.SECTION_ROW: frozenset[str](),
    layout.KPI_ROW: frozenset({layout.SECTION_ROW, layout.KPI_ROW}),
    layout.KEY_ROW: frozenset[str](),
}
"""The kinds of row that may stand on the next page where a page ends with a row of this kind."""


def with_next(rows: Sequence[Mapping[str, object]]) -> frozenset[int]:
    """The rows, counted from 0, that belong on the page of the next: a band, and the KPI above the key."""
    kinds = [str(row[layout.KIND]) for row in rows]
    return frozenset(
        number for number, (kind, next_kind) in enumerate(pairwise(kinds)) if next_kind not in _BEGINS_PAGE_AFTER[kind]
    )


ON_PAGE = tuple(column.header for column in COLUMNS)[:-2]
"""The columns on paper. Those that do not fit on A4 stay in the table, right of the print area."""

SHEET = MasterSheet(
    layout.DASHBOARD, "Dashboard", "a KPI, the band of a section, or a line of the key", COLUMNS, _lines,
    always=(layout.KIND,),  # a line of the key has no indicator, and its words change
    shows="The page for the board: the latest figure of each KPI with its target and colour, section by section.",
)  # fmt: skip
