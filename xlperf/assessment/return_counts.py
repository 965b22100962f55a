"""How many returns of a period were issued, count, are held, or are missing: told without judging a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xlperf.catalogue import Catalogue
from xlperf.ledger import Issued, State
from xlperf.period import Period
from xlperf.returns.still_due import is_any_due
from xlperf.rules.keys import SeriesKey

Covers = Callable[[SeriesKey], bool]
"""Whether a meeting looks at the figures of a KPI and org."""


def everything(_: SeriesKey) -> bool:
    """That whatever there is is covered."""
    return True


@dataclass(frozen=True, slots=True)
class ReturnCounts:
    """Owners to whom a return of the period was issued.

    Attributes:
        issued: all of them.
        returned: those whose return counts.
        held: those without one, whose return is held for the team.
        no_longer_due: those who sent nothing, and of whom nothing is due any more, as their orgs have closed.
    """

    issued: int
    returned: int
    held: int
    no_longer_due: int = 0

    @property
    def expected(self) -> int:
        """Owners who have returned, or should: what the others are out of."""
        return self.issued - self.no_longer_due

    @property
    def missing(self) -> int:
        """Owners who should have returned, without a return that counts; the held are among them."""
        return self.expected - self.returned


def expected_returns(
    catalogue: Catalogue, state: State, period: Period, covers: Covers = everything
) -> tuple[Issued, ...]:
    """The newest return issued to each owner for a period; not to one who sent nothing, and owes nothing any more.

    Of those alone that ask for a figure which is covered.
    """
    sent = {(received.owner, received.period) for received in state.received}
    return tuple(
        issued
        for issued in _issued(state, period, covers)
        if (issued.owner, issued.period) in sent or is_any_due(catalogue, issued.asked)
    )


def _issued(state: State, period: Period, covers: Covers) -> tuple[Issued, ...]:
    of_period = (issued for key, issued in state.latest_issue.items() if key[1] == str(period))
    if covers is everything:
        return tuple(of_period)
    return tuple(each for each in of_period if any(covers((kpi, org)) for kpi, org, _ in each.asked))


def returns_of(catalogue: Catalogue, state: State, period: Period, covers: Covers = everything) -> ReturnCounts:
    """How many returns of a period were issued, count, are held for the team, or are no longer due.

    Of those alone that ask for a figure which is covered.
    """
    issued = len(_issued(state, period, covers))
    expected = {(each.owner, each.period) for each in expected_returns(catalogue, state, period, covers)}
    missing = expected - state.in_use.keys()
    held = len(missing & state.held.keys())
    return ReturnCounts(issued, len(expected) - len(missing), held, issued - len(expected))
