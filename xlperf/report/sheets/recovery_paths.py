"""Recovery in the master: the figures promised on the way back to target, which the team adds to and corrects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.recovery_standing import RecoveryNow, asked_for
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.columns import Column, ColumnKind, MasterSheet, RowOrder
from xlperf.report.recovery_words import not_taken_words, recovery_words, standing_words
from xlperf.report.sheets.common import org_column, ref_column
from xlperf.returns.kpi_words import target_words
from xlperf.rules.keys import SeriesKey
from xlperf.rules.recovery import Recovery
from xlperf.rules.recovery_path import FIGURE, NO_PATH, REASON, RecoveryPath
from xlperf.rules.target_in_force import target_of

SINCE = "0.2.0"


@dataclass(frozen=True)
class PromiseRow:
    """One period of a recovery path, or one for which a figure is asked."""

    assessment: Assessment
    series: SeriesKey
    period: Period
    path: RecoveryPath

    @property
    def latest(self) -> Latest | None:
        """How the KPI and org stands; None where it is reported no more."""
        return self.assessment.latest_by_series.get(self.series)

    @property
    def now(self) -> RecoveryNow | None:
        """The path as it stands; None where there is none, or the KPI is reported no more."""
        return self.assessment.recovery.get(self.series)

    @property
    def judged(self) -> Recovery | None:
        """How the figure of the period stands against the one promised."""
        return self.now.by_period.get(self.period) if self.now else None

    @property
    def name(self) -> str:
        """The KPI's name; "" where the catalogue has it no more."""
        kpi = self.assessment.catalogue.kpi_by_id.get(self.series[0])
        return kpi.name if kpi else ""

    @property
    def target(self) -> str | None:
        """The target of the period, in words."""
        if self.latest is None:
            return None
        kpi = self.latest.kpi
        return target_words(kpi, target_of(kpi, bool(self.latest.members), self.period))

    @property
    def standing(self) -> str:
        """How the figure of the period stands against the one promised, in words."""
        return standing_words(self.latest.kpi, self.judged) if self.latest and self.judged else ""

    @property
    def note(self) -> str:
        """What was given for the period and does not count."""
        kpi = self.assessment.catalogue.kpi_by_id.get(self.series[0])
        of_period = [each for each in self.path.not_taken if each.period == self.period]
        return "; ".join(not_taken_words(kpi, each) for each in of_period) if kpi else ""

    @property
    def words(self) -> str:
        """The whole path, in the row of its first period."""
        is_first = bool(self.path.promised) and self.period == min(self.path.promised)
        return recovery_words(self.latest.kpi, self.now) if self.latest and self.now and is_first else ""


def rows(assessment: Assessment) -> Iterator[PromiseRow]:
    """The periods of every path, and those for which a figure is asked, in the order of the catalogue."""
    paths, asked = assessment.state.recovery_paths, {latest.series: each for latest, each in asked_for(assessment)}
    known = [latest.series for latest in assessment.latest]
    for series in dict.fromkeys((*known, *paths)):
        path = paths.get(series, NO_PATH)
        for period in sorted({*asked.get(series, ()), *path.promised, *(each.period for each in path.not_taken)}):
            yield PromiseRow(assessment, series, period, path)


def _shown(row: PromiseRow, cell: str) -> str:
    return row.path.cells(row.period)[cell]


COLUMNS: tuple[Column[PromiseRow], ...] = (
    ref_column(lambda row: row.series[0]),
    org_column(lambda row: row.series[1], width=8),
    Column("period", layout.PROMISED_PERIOD, lambda row: str(row.period), 12,
           "the KPI period that a figure is promised for", ColumnKind.PERIOD, is_key=True),
    Column("kpi", "KPI", lambda row: row.name, 28, "the KPI's name"),
    Column("target", "Target", lambda row: row.target, 11, "the target of that period, in words"),
    Column(FIGURE, layout.PROMISE_CELLS[FIGURE], lambda row: row.path.promised.get(row.period), 11,
           "the figure that is promised for the period, in the KPI's unit; blank where one is asked and none is given",
           ColumnKind.NUMBER, is_typed=True),
    Column("first", "First promised", lambda row: row.path.first_promised.get(row.period), 11,
           "the figure that was first promised for it, which never changes", ColumnKind.NUMBER),
    Column(REASON, layout.PROMISE_CELLS[REASON], lambda row: _shown(row, REASON), 32,
           "why the figure was changed, or at which meeting it was agreed", is_typed=True),
    Column("came", "Figure", lambda row: row.judged and row.judged.came, 11,
           "the figure that came for the period", ColumnKind.NUMBER),
    Column("standing", "Against what was promised", lambda row: row.standing, 34,
           "ahead of what was promised or behind it, and by how much"),
    Column("path", "Path in words", lambda row: row.words, 46,
           "in the path's first row: how it stands now, when it is back on target, how often it was changed"),
    Column("note", "Note", lambda row: row.note, 34,
           "what was given after the period had ended, or typed by somebody who had not seen a later figure"),
    Column("rag", "RAG", lambda row: row.latest and str(row.latest.rag), 10,
           "the KPI's colour now, or why it has none"),
    Column("escalation", "Escalation", lambda row: row.assessment.ladder.words(row.series), 18,
           "the stage in force; one with ? is for decision"),
    Column("responsible_owner", "Responsible owner", lambda row: row.latest and row.latest.responsible_owner, 18,
           "who returns the KPI"),
    Column("executive_owner", "Executive owner", lambda row: row.latest and row.latest.executive_owner, 18,
           "who answers for it"),
)  # fmt: skip

SHEET = MasterSheet(
    layout.RECOVERY, "Recovery", "a figure that is promised, or asked for, on the way back to target", COLUMNS, rows,
    stay=RowOrder.IN_PLACE, header_height=38, printed_to="Against what was promised", kept=3, since=SINCE,
    shows="The way back to target promised for what is in escalation. Type figures into Promised, or add rows below.",
)  # fmt: skip
