"""The SPC verdicts as the sheets print them, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from xlperf.assessment import Latest
from xlperf.catalogue import Direction, Kind, Kpi
from xlperf.period import Frequency
from xlperf.rules.cumulative import not_comparable
from xlperf.rules.movement import SAME, difference
from xlperf.rules.rag import rounded

VARIATION = {
    "common_cause": "no change",
    "special_cause_improvement": "improving",
    "special_cause_concern": "concerning",
    "special_cause_neutral_high": "unusually high",
    "special_cause_neutral_low": "unusually low",
}
_HIGH_IS = {Direction.HIGHER: "special_cause_improvement", Direction.LOWER: "special_cause_concern"}
ASSURANCE = {
    "consistent_pass": "will meet",
    "consistent_fail": "will miss",
    "inconsistent": "may or may not",
}
NOT_JUDGED = "–"
NO_VERDICT = "no verdict: "
OVERLAP = f"{NO_VERDICT}overlap"
"""Of figures that share months with one another, however many there are."""


def variation(latest: Latest) -> str:
    """`no change`, `improving, high`, `concerning, low`; without a verdict, `9 of 13 points` or `no verdict (24)`.

    `no verdict: overlap` where figures share months with one another. High and low are the figures.
    "" if there is no figure at all, `–` if the KPI did not apply or is a milestone. The trend by the short-series rule
    is no verdict, and is not printed here.
    """
    process = latest.verdicts
    if process is None:
        return NOT_JUDGED if latest.row else ""
    if process.variation is not None:
        if process.variation not in ("special_cause_improvement", "special_cause_concern"):
            return VARIATION[process.variation]
        return f"{VARIATION[process.variation]}, {'high' if is_high(latest.kpi, process.variation) else 'low'}"
    if latest.kpi.kind is Kind.MILESTONE:
        return NOT_JUDGED
    if not_comparable(latest.kpi):
        return OVERLAP
    points = process.points_words.removesuffix("s").removesuffix(" point")
    return process.points_words if " of " in points else f"no verdict ({points})"


def is_high(kpi: Kpi, variation_name: str) -> bool:
    """Whether the figures of a special cause of improvement or concern are high, not low."""
    return _HIGH_IS.get(kpi.direction) == variation_name


def assurance(latest: Latest) -> str:
    """`will meet`, `will miss`, `may or may not` (the target), or `–`."""
    process = latest.verdicts
    if process is None or process.assurance is None:
        return NOT_JUDGED
    return ASSURANCE[process.assurance]


IN_RANGE, AS_FAR = "in range", "as far off"
"""The same distance from the range wanted, of a figure that has changed: none, or as far outside as before."""


_SPANS = {Frequency.MONTHLY: "month", Frequency.QUARTERLY: "quarter", Frequency.HALF_YEARLY: "half-year"}


def short_change(kpi: Kpi, row: Mapping[str, Any]) -> str:
    """The movement of a judged row in a word or two; not `same` where a figure of a range has changed.

    Of a figure to date, what its period added is compared, which may be better while the figure is worse: it says so,
    as `month better`.
    """
    movement = str(row["movement"])
    if kpi.is_cumulative:
        moved = "the same" if movement == SAME else movement
        return f"{_SPANS.get(kpi.frequency, 'year')} {moved}" if moved else ""
    if kpi.direction is not Direction.RANGE or movement != SAME or not row["change"] or row["change"] != row["change"]:
        return movement
    return _same_distance(row)


def year_change(kpi: Kpi, row: Mapping[str, Any]) -> str:
    """As `short_change`, against the same period of the year before, whose figure the row has not."""
    is_same_distance = kpi.direction is Direction.RANGE and row["last_year"] == SAME
    return _same_distance(row) if is_same_distance else str(row["last_year"])


def _same_distance(row: Mapping[str, Any]) -> str:
    return IN_RANGE if row["green_from"] <= row["actual"] <= row["green_to"] else AS_FAR


def change(kpi: Kpi, row: Mapping[str, Any]) -> str:
    """As `short_change`, with both figures where the distance is the same: `still in the range: was 62.0, now 38.0`."""
    word = short_change(kpi, row)
    if word not in (IN_RANGE, AS_FAR):
        return word
    before = float(difference(np.array(row["actual"]), np.array(row["change"])))
    was, now = (f"{rounded(value, kpi.shown_decimals):,}" for value in (before, float(row["actual"])))
    place = "still in the range" if word == IN_RANGE else "as far outside the range as before"
    return f"{place}: was {was}, now {now}"
