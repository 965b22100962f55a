"""A row of a return as it was read: its figures and findings, and the outcome of each of its cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from xlperf.findings import Finding, Severity
from xlperf.returns.counting import INPUTS, CellOutcome, CellOutcomes, filled, gravest, outcome_of
from xlperf.returns.fields import FIELDS, ReturnColumn, Use
from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.typed_row import TypedRow

_RESTATEMENT = frozenset(column.header for column in FIELDS if column.use is Use.RESTATEMENT)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PartReading(Generic[T]):
    """What was read from some of the cells of a row, and what became of these cells.

    `taken` has the headers of the cells that `value` was read from. `flagged` has those of cells that were not used and
    that a finding about another cell mentions.
    """

    value: T
    findings: list[Finding]
    taken: frozenset[str] = frozenset()
    flagged: frozenset[str] = frozenset()


def headers_of(columns: Iterable[ReturnColumn]) -> frozenset[str]:
    """The headers of some columns."""
    return frozenset(column.header for column in columns)


@dataclass(frozen=True, slots=True)
class RowReading:
    """The figures and findings of a row, and what became of its cells.

    `figures` are a restated figure of the previous period, if there is one, then the row's own figure, if there is one
    and it was not refused. `taken` and `flagged` are those of its parts together, see `PartReading`.
    """

    typed: TypedRow
    figures: tuple[Figure, ...]
    findings: list[Finding]
    taken: frozenset[str]
    flagged: frozenset[str]

    @property
    def key(self) -> FigureKey:
        """What the row's own figure is about."""
        return self.typed.key

    @property
    def is_refused(self) -> bool:
        """Whether a finding refuses the row; a restatement in it counts even so."""
        return any(item.severity is Severity.REJECT_ROW for item in self.findings)

    @property
    def own_figure(self) -> Figure | None:
        """The figure of the row's own key."""
        if self.is_refused:
            return None
        return next((figure for figure in self.figures if figure.key == self.key), None)

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
            outcomes = self._outcome("accepted", self.taken)
        else:
            outcomes = self._outcome("flagged", of_figure)
        restated = self._outcome("accepted", _RESTATEMENT) if self.restatements else {}
        return gravest(outcomes, restated, self._outcome("flagged", self.flagged))

    def _outcome(self, outcome: CellOutcome, headers: Collection[str]) -> CellOutcomes:
        return outcome_of(outcome, self.typed.table.sheet, filled(self.typed.row, headers))
