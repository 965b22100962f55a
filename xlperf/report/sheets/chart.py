"""Chart in the master: the series that its two lists offer, and where the formulas behind the chart find them.

The chart and the formulas are in the template; a collation writes this table and leaves all else on the sheet alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from xlperf.assessment import Assessment, Latest
from xlperf.catalogue import Kind
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.columns import Column, ColumnKind, MasterSheet
from xlperf.report.sheets.common import org_column, ref_column
from xlperf.returns.kpi_words import measure_words, target_words
from xlperf.rules.cumulative import drawn_column
from xlperf.rules.rollup import target_of

SINCE = "0.2.0"
KPI, ORGANISATION, KPI_LIST = "KPI", "Organisation", "KPIs to choose from"
MONTHS, FIRST_ENDS, LAST_ENDS, ADDED = "Months", "First period ends", "Last period ends", "Added in the period"
HEADLINE, IN_WORDS, NOTE = "Headline", "In words", "Note"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A series that can be drawn; `kpi_to_choose` is the next KPI of the list, "" after the last."""

    assessment: Assessment
    latest: Latest
    first: Period
    last: Period
    kpi_to_choose: str

    @property
    def kpi_words(self) -> str:
        """As the first list has it."""
        return kpi_words(self.latest)

    @property
    def is_added(self) -> bool:
        """Whether the chart is of what each period added to a figure to date."""
        return drawn_column(self.latest.kpi, self.assessment.series[self.latest.series]) != "actual"

    @property
    def in_words(self) -> str:
        """The latest figure with its target and colour, and what SPC says of the series."""
        latest = self.latest
        if latest.row is None or latest.period is None:
            return "No figure yet."
        shown = "not applicable" if latest.row["not_applicable"] else latest.row["shown"]
        target = target_words(latest.kpi, target_of(latest.kpi, bool(latest.members), latest.period))
        parts = [f"{shown} for {latest.period.label}", f"target {target}" if target else "no target"]
        now = f", {latest.rag}." if latest.is_current else f". Now: {latest.rag}."
        verdict = latest.verdicts.words if latest.verdicts else ""
        return f"{', '.join(parts)}{now} {verdict}".strip()

    @property
    def note(self) -> str:
        """What a reader must know of what is drawn."""
        kpi = self.latest.kpi
        if self.is_added:
            return "What each period added is drawn, without the target, which is for the figure to date."
        words = measure_words(kpi)
        if words and kpi.is_cumulative:
            return f"Each figure is {words}, and stands against the target of its period."
        if words:
            return f"Each figure is {words}; process limits do not fit figures that share months."
        return ""


def kpi_words(latest: Latest) -> str:
    """A KPI as the list offers it."""
    return f"{latest.kpi.id} {latest.kpi.name}"


def _series(assessment: Assessment) -> Iterator[Drawn]:
    """The series with a number to draw, in the order of the catalogue."""
    can_be_drawn = [
        (latest, periods)
        for latest in assessment.latest
        if latest.kpi.kind is not Kind.MILESTONE and (periods := _periods(assessment, latest))
    ]
    kpis = list(dict.fromkeys(kpi_words(latest) for latest, _ in can_be_drawn))
    for place, (latest, periods) in enumerate(can_be_drawn):
        to_choose = kpis[place] if place < len(kpis) else ""
        yield Drawn(assessment, latest, periods[0], periods[-1], to_choose)


def _periods(assessment: Assessment, latest: Latest) -> list[Period]:
    """The periods with a figure."""
    rows = assessment.series.get(latest.series, ())
    column = drawn_column(latest.kpi, rows)
    return [latest.kpi.period(row["period"]) for row in rows if row[column] == row[column] and not row["partial"]]


def _first_day(drawn: Drawn) -> date:
    return drawn.first.last_day


COLUMNS: tuple[Column[Drawn], ...] = (
    ref_column(lambda drawn: drawn.latest.kpi.id),
    Column("kpi", KPI, lambda drawn: drawn.kpi_words, 110, "the KPI, as the first list offers it"),
    org_column(lambda drawn: drawn.latest.org.code),
    Column("organisation", ORGANISATION, lambda drawn: f"{drawn.latest.org.code} {drawn.latest.org.name}", 24,
           "the org, as the second list offers it"),
    Column("months", MONTHS, lambda drawn: drawn.latest.kpi.frequency.months, 8, "how many months a period has",
           ColumnKind.NUMBER),
    Column("first_ends", FIRST_ENDS, _first_day, 12, "the last day of the first period with a figure", ColumnKind.DATE),
    Column("last_ends", LAST_ENDS, lambda drawn: drawn.last.last_day, 12,
           "the last day of the last period with a figure", ColumnKind.DATE),
    Column("added", ADDED, lambda drawn: int(drawn.is_added), 9,
           "1 where what each period added to a figure to date is drawn, else 0", ColumnKind.NUMBER),
    Column("headline", HEADLINE, lambda drawn: f"{drawn.latest.kpi.name}: {drawn.latest.org.name} "
           f"({drawn.latest.kpi.shown_unit})", 40, "what the chart is of, with its unit"),
    Column("in_words", IN_WORDS, lambda drawn: drawn.in_words, 40,
           "the latest figure, its target and colour, and what SPC says"),
    Column("note", NOTE, lambda drawn: drawn.note, 40, "what a reader must know of what is drawn"),
    Column("kpi_list", KPI_LIST, lambda drawn: drawn.kpi_to_choose, 40,
           "the KPIs of the first list, one below the other; no part of its row"),
)  # fmt: skip

SHEET = MasterSheet(
    layout.CHART,
    "Chart",
    "a KPI and org that the chart can show",
    COLUMNS,
    _series,
    wraps=False,
    since=SINCE,
    shows="The SPC chart of one KPI and organisation, which are chosen from two lists.",
)
