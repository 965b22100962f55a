"""Days, periods with their figures, and lists, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xlperf.rules.escalation.case import Rated
from xlperf.rules.wording import capital as capital
from xlperf.rules.wording import often as often
from xlperf.rules.wording import times as times

_NAMED = 4
"""Periods named one by one; a longer run says how many came before."""
_LISTED = 6
"""KPIs named one by one."""
TO_STAGE, OUT_OF_STAGE = "to this stage", "out of it"
"""Where a run leads."""
PROPOSED = "proposed, for decision: "
"""Stands before a stage that is proposed."""


def day(when: date) -> str:
    """`5 July 2026`."""
    return f"{when.day} {when:%B %Y}"


def short_day(when: date) -> str:
    """`5 Jul 2026`, for a narrow column."""
    return f"{when.day} {when:%b %Y}"


def listed(items: Sequence[str], joined_by: str = "and") -> str:
    """`a, b and c`."""
    return f"{', '.join(items[:-1])} {joined_by} {items[-1]}" if len(items) > 1 else "".join(items)


def latest(periods: Sequence[str]) -> str:
    """`Q1 26-27 and Q2 26-27`; of a long run, `2 earlier periods and` the last four."""
    earlier = len(periods) - _NAMED
    if earlier <= 0:
        return listed(periods)
    return f"{earlier} earlier period{'' if earlier == 1 else 's'} and {listed(periods[-_NAMED:])}"


def with_figures(run: Sequence[Rated]) -> str:
    """`Q1 26-27 (72.2) and Q2 26-27 (70.1)`, as `latest`."""
    return latest([f"{figure.period} ({figure.shown})" for figure in run])


def with_compared(run: Sequence[Rated]) -> str:
    """As `with_figures`, with the figures that movement compares: `Aug 2026 (-300 in the period)`, if cumulative."""
    return latest([f"{figure.period} ({figure.added or figure.shown})" for figure in run])


def some(items: Sequence[str]) -> str:
    """`a, b and c`; of many, the first six `and 3 more`."""
    more = len(items) - _LISTED
    return listed([*items[:_LISTED], f"{more} more"]) if more > 0 else listed(items)


def lead(count: int, where: str) -> str:
    """What a run has to reach: `2 running lead to this stage`; a run of one is `1 leads to this stage`."""
    return f"{count} running lead {where}" if count > 1 else f"1 leads {where}"


def the(name: str) -> str:
    """`the Chief Executive`; of a name that has its article, `the partners concerned`."""
    return f"the {name.removeprefix('The ').removeprefix('the ')}"


def sentence(text: str) -> str:
    """A text that ends as a sentence does; "" stays so."""
    stripped = text.strip()
    return stripped if not stripped or stripped.endswith((".", "?", "!")) else f"{stripped}."
