"""Which reporting period is in hand."""

from __future__ import annotations

from xlperf.catalogue import Catalogue
from xlperf.ledger import State
from xlperf.period import Period


def latest_period(catalogue: Catalogue, state: State) -> Period:
    """The latest reporting period of which returns were issued; else the first of the calendar."""
    issued = (Period.parse(item.period) for item in state.issued.values())
    in_calendar = [period for period in issued if period in catalogue.entry_by_period]
    return max(in_calendar, default=min(catalogue.entry_by_period))
