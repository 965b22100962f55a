"""The two named rulesets. The NHS's own tools disagree, so what was used is always named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypedDict

from xlperf.errors import UsageError

LIMIT = 2.66
"""Average moving ranges between the mean and a process limit: three sigma of an XmR chart."""
NEAR_LIMIT = 2 * (LIMIT / 3)
"""The same for two sigma; a point beyond it is close to the limit."""
SCREEN = 3.267
"""A moving range of so many times the average or more is an outlier."""
SHORTEST_BASELINE = 12
"""The fewest points limits may be fixed after."""
TRIAL_POINTS = 13
"""Limits of a segment with fewer rows are trial limits."""
RUN_LENGTH = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """What one tool does where the tools differ."""

    name: str
    version: str
    screen_outliers: bool
    """Whether moving ranges that are outliers are left out of the limits."""
    two_of_three_counts_outside: bool
    """Whether two of three counts points beyond the limits, or only those close to them."""
    improvement_wins: bool
    """Whether improvement is shown where improvement and concern fire on one point; else the order of the rules."""
    min_points: int
    """Figures a segment needs before anything of it is judged."""
    refuses: bool
    """Whether constant, almost constant, rare-event and gappy series are refused in words."""
    target_moves: bool
    """Whether the latest of several targets is taken; else a target that moved gives no assurance."""
    rebase_needs_row: bool
    """Whether a rebase date without a row is left out (with a note); else it opens the segment at the next row."""
    slack: float
    """What lies beyond a limit by less, relative to the limits, lies on it: no float decides a verdict."""
    run_lengths: tuple[int, ...]
    """The run lengths the tool offers."""
    run_length: int = RUN_LENGTH

    @property
    def variant(self) -> str:
        """The name to print: the ruleset, its version and where its defaults were departed from."""
        parts = [f"{self.name} {self.version}"]
        named = RULESETS.get(self.name, self)
        if self.run_length != named.run_length:
            parts.append(f"runs of {self.run_length}")
        if self.screen_outliers != named.screen_outliers:
            parts.append("outliers screened" if self.screen_outliers else "outliers not screened")
        return ", ".join(parts)


MDC = Ruleset(
    name="mdc",
    version="2023-11",
    screen_outliers=False,
    two_of_three_counts_outside=True,
    improvement_wins=True,
    min_points=13,
    refuses=True,
    target_moves=True,
    rebase_needs_row=False,
    slack=1e-12,
    run_lengths=(7, 6),
)
"""Making Data Count's tool, as its analysts describe it, since the month in which two of three came to count more."""
NHSR = Ruleset(
    name="nhsr",
    version="0.2.2",
    screen_outliers=True,
    two_of_three_counts_outside=False,
    improvement_wins=False,
    min_points=0,
    refuses=False,
    target_moves=False,
    rebase_needs_row=True,
    slack=0.0,  # R compares strictly, and so must we to say what it says
    run_lengths=(7,),
)
"""NHSRplotthedots of that version."""

RULESETS = {rules.name: rules for rules in (MDC, NHSR)}


class SpcOptions(TypedDict, total=False):
    """Options of SPC that a caller may give."""

    ruleset: str | Ruleset
    """mdc or nhsr; mdc where it is not given."""
    fix_after_n_points: int | None
    """Limits are worked out from so many first rows of each segment; from all where it is None or not given."""
    screen_outliers: bool | None
    """Whether outliers among the moving ranges are left out; as the ruleset does where it is None or not given."""
    run_length: int
    """Points that make a shift or a trend; 7 where it is not given."""


def choose(ruleset: str | Ruleset, run_length: int, screen_outliers: bool | None) -> Ruleset:
    """The ruleset of that name, with the options asked for.

    Raises:
        UsageError: there is none of that name, or it has no runs of that length.
    """
    rules = ruleset if isinstance(ruleset, Ruleset) else RULESETS.get(ruleset)
    if rules is None:
        raise UsageError(f"no SPC ruleset '{ruleset}'; there are {' and '.join(RULESETS)}")
    if run_length not in rules.run_lengths:
        lengths = " or ".join(map(str, rules.run_lengths))
        raise UsageError(f"the SPC ruleset {rules.name} counts runs of {lengths}, not {run_length}")
    screen = rules.screen_outliers if screen_outliers is None else screen_outliers
    return replace(rules, run_length=run_length, screen_outliers=screen)
