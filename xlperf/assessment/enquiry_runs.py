"""How often running something was said in returns, or was not: a cause, provisional, not validated, no figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from xlperf.assessment.latest import Latest
from xlperf.period import Period
from xlperf.returns.figure import Figure
from xlperf.rules.actions.event import words_of

if TYPE_CHECKING:
    from xlperf.assessment.assessment import Assessment


@dataclass(frozen=True)
class Runs:
    """What is counted back from the latest figure; a period without one neither ends such a run nor lengthens it."""

    assessment: Assessment

    def of_cause(self, latest: Latest) -> tuple[str, tuple[str, ...]]:
        """The last cause, and the reporting periods, running up to the last, in whose returns it was given.

        Capitals, spaces and the full stop make no other cause.
        """
        text = latest.current.now.cause if latest.current is not None else ""
        same = words_of(text)
        return text, self.said(latest, lambda figure: bool(same) and words_of(figure.cause) == same)

    def said(self, latest: Latest, holds: Callable[[Figure], bool]) -> tuple[str, ...]:
        """The reporting periods, running up to the last, in whose returns something holds of the latest figure given.

        A return may give several figures of a KPI; it is asked of the last. Figures that were imported end the run, as
        nobody was asked about them.
        """
        if not latest.is_current:
            return ()
        returned: list[str] = []
        seen: set[str] = set()
        for row in reversed(self.assessment.series.get(latest.series, ())):
            current = self.assessment.current(row)
            received = self.assessment.state.received_by_sha256.get(current.source) if current is not None else None
            if current is None or received is None:
                break
            if received.period in seen:
                continue
            seen.add(received.period)
            if not holds(current.now):
                break
            returned.append(received.period)
        return tuple(reversed(returned))

    def not_returned(self, latest: Latest) -> tuple[str, ...]:
        """The reporting periods, running up to this one, for which the figure was asked in a return and has not come.

        Of several KPI periods that end in a reporting period it is asked of the last. It is about the figure, whatever
        became of the return: it may not have come, or have left the figure blank, or the figure may have been refused.
        """
        owner = self.assessment.catalogue.owner_of(latest.kpi, latest.org).id
        given = {row["period"] for row in self.assessment.series.get(latest.series, ())}
        missing = []
        for reporting in self._reporting:
            due = [each for each in reporting.ending_within(latest.kpi.frequency) if self._is_due(latest, each)]
            if not due:
                continue  # it is due less often than returns are made
            issued = self.assessment.state.latest_issue.get((owner, str(reporting)))
            is_asked = issued is not None and (*latest.series, str(due[-1])) in issued.asked
            if not is_asked or str(due[-1]) in given:
                break
            missing.append(str(reporting))
        return tuple(reversed(missing))

    def _is_due(self, latest: Latest, period: Period) -> bool:
        trees = self.assessment.trees[latest.kpi.id]
        return latest.kpi.is_reported_in(period) and trees.expects(latest.org.code, period)

    @cached_property
    def _reporting(self) -> tuple[Period, ...]:
        """The reporting periods up to this one, the last first."""
        periods = (each for each in self.assessment.catalogue.entry_by_period if each <= self.assessment.period)
        return tuple(sorted(periods, reverse=True))
