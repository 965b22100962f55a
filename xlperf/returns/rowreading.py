"""A row of a return as it was read: its figures and findings, and the outcome of each of its cells."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from xlperf.findings import Finding, Severity
from xlperf.returns.counting import INPUTS, CellOutcome, CellOutcomes, filled, gravest, outcome_of
from xlperf.returns.fields import FIELDS, ReturnColumn, Use
from xlperf.returns.figure import Figure, FigureKey
from xlperf.tables import Cell, Row

_RESTATEMENT = frozenset(column.header for column in FIELDS if column.use is Use.RESTATEMENT)


@dataclass(frozen=True, slots=True)
class RowInReading(Row):
    """A row being read. `taken` has the headers of the cells that became part of a figure or its answers.

    `flagged` has those of cells that were not used and that a finding about another cell mentions.
    """

    taken: set[str] = field(default_factory=set)
    flagged: set[str] = field(default_factory=set)

    def take(self, column: ReturnColumn) -> Cell:
        """The cell of a column, marked as taken; `row[header]` returns it without the mark."""
        self.taken.add(column.header)
        return self[column.header]


@dataclass(frozen=True, slots=True)
class RowReading:
    """The figures and findings of the row of a key, and the row with the marks of its cells.

    `figures` are a restated figure of the previous period, if there is one, then the row's own figure, if there is one
    and it was not refused.
    """

    key: FigureKey
    figures: tuple[Figure, ...]
    findings: list[Finding]
    row: RowInReading
    sheet: str

    @property
    def is_refused(self) -> bool:
        """Whether a finding refuses the row; a restatement in it counts even so."""
        return any(each.severity is Severity.REJECT_ROW for each in self.findings)

    @property
    def own_figure(self) -> Figure | None:
        """The figure of the row's own key."""
        return next((figure for figure in self.figures if figure.key == self.key and not self.is_refused), None)

    @property
    def restatements(self) -> list[Figure]:
        """The earlier figures that the row restates."""
        return [figure for figure in self.figures if figure.restated]

    @property
    def outcomes(self) -> CellOutcomes:
        """The outcome of each filled cell; the cells of a restatement have one of their own."""
        of_figure = INPUTS - _RESTATEMENT if self.restatements else INPUTS
        if self.is_refused:
            outcomes = self._outcome("refused", of_figure)
        elif self.own_figure:
            outcomes = self._outcome("accepted", self.row.taken)
        else:
            outcomes = self._outcome("flagged", of_figure)
        restated = self._outcome("accepted", _RESTATEMENT) if self.restatements else {}
        return gravest(outcomes, restated, self._outcome("flagged", self.row.flagged))

    def _outcome(self, outcome: CellOutcome, headers: Collection[str]) -> CellOutcomes:
        return outcome_of(outcome, self.sheet, filled(self.row, headers))
