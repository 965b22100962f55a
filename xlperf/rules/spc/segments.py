"""Where declared rebases restart a series, and what its dates show: a season, absent periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

import numpy as np

from xlperf.errors import UsageError
from xlperf.rules.arrays import Ints
from xlperf.rules.spc.rulesets import Ruleset

YEARLY = 300
"""Days from one period to the next from which on a series can have no season."""
ABSENT = 1.6
"""Where two dates are more than so many usual steps apart, a period between them is absent."""


def to_date(value: object) -> date:
    """A date, or text that is one as 2024-07-01.

    Raises:
        UsageError: the value is not a date.
    """
    if isinstance(value, np.datetime64) and not np.isnat(value):
        value = value.astype("datetime64[D]").item()
    if isinstance(value, datetime) and value == value:  # pandas' NaT is a datetime that is not itself
        return value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise UsageError(f"{value!r} is not a date; give dates as 2024-07-01") from None


def segments(dates: Sequence[date], rebase: Sequence[date], rules: Ruleset) -> tuple[Ints, list[str]]:
    """The segment of each row, from 0, and a note for each rebase that begins no row.

    Args:
        dates: of the rows, rising.
        rebase: dates from which on the limits are worked out anew. A rebase on the first row makes that segment 1.
        rules: whether a rebase between two rows opens the segment at the next, or is left out.
    """
    opens = np.zeros(len(dates), dtype=bool)
    notes = []
    for start in sorted(set(rebase)):
        row = next((row for row, day in enumerate(dates) if day >= start), None)
        if row is None:
            notes.append(f"The rebase of {start} comes after the last period and restarts nothing.")
        elif dates[row] == start:
            opens[row] = True
        elif row == 0:
            notes.append(f"The rebase of {start} comes before the first period and restarts nothing.")
        elif rules.rebase_needs_row:
            notes.append(f"The rebase of {start} is no period's date; the ruleset {rules.name} leaves it out.")
        else:
            opens[row] = True
            notes.append(f"The rebase of {start} is no period's date; limits restart at {dates[row]}.")
    return opens.cumsum(dtype=np.int64), notes


def may_have_season(dates: Sequence[date]) -> bool:
    """Whether the periods are shorter than a year."""
    return bool(np.median(_steps(dates)) < YEARLY) if len(dates) > 1 else True


def absent_periods(dates: Sequence[date]) -> list[str]:
    """A note for each pair of rows between which a period seems absent; the two are treated as neighbours."""
    steps = _steps(dates)
    if len(steps) < 2:
        return []
    wide = steps > ABSENT * np.median(steps)
    return [
        f"No row between {day} and {following}: they are treated as neighbours."
        for (day, following), absent in zip(pairwise(dates), wide, strict=True)
        if absent
    ]


def _steps(dates: Sequence[date]) -> Ints:
    return np.array([(following - day).days for day, following in pairwise(dates)], dtype=np.int64)
