"""How many returns of a period were issued, count, are held, or are missing: told without judging a figure."""

from __future__ import annotations

from dataclasses import dataclass

from xlperf.catalogue import Catalogue
from xlperf.ledger import Issued, State
from xlperf.period import Period
from xlperf.returns.still_due import is_any_due


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


def expected_returns(catalogue: Catalogue, state: State, period: Period) -> tuple[Issued, ...]:
    """The newest return issued to each owner for a period; not to one who sent nothing, and owes nothing any more."""
    sent = {(received.owner, received.period) for received in state.received}
    return tuple(
        issued
        for key, issued in state.latest_issue.items()
        if key[1] == str(period) and (key in sent or is_any_due(catalogue, issued.asked))
    )


def returns_of(catalogue: Catalogue, state: State, period: Period) -> ReturnCounts:
    """How many returns of a period were issued, count, are held for the team, or are no longer due."""
    issued = sum(key[1] == str(period) for key in state.latest_issue)
    expected = {(each.owner, each.period) for each in expected_returns(catalogue, state, period)}
    missing = expected - state.in_use.keys()
    held = len(missing & state.held.keys())
    return ReturnCounts(issued, len(expected) - len(missing), held, issued - len(expected))
