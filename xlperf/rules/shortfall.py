"""How far a figure is off target, measured against its tolerance, so that KPIs of any unit can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf, isnan
from typing import Any

import numpy as np

from xlperf.catalogue import Kind, Kpi
from xlperf.rules.movement import difference
from xlperf.rules.rag import Rag, rounded
from xlperf.rules.ratings import OFF_TARGET

_OF_TARGET = 0.05
"""Without a tolerance distances are counted in twentieths of the target: as large as tolerances usually are."""
_MOST_DECIMALS = 6
_CLOSE = 0.05
_AMBER, _RED = 0.5, 1.5
"""Of a milestone, which has no distance: within its tolerance, and beyond it."""
MISSED_DATE = _RED
"""Of a milestone whose date has passed, though no figure of it is Red yet."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """How far a figure is outside Green.

    Args:
        tolerances: in tolerances; up to 1 is Amber, more is Red. Without a tolerance it is 1 and the distance in
            twentieths of the target, as whatever misses the target is beyond it; infinite for a target of 0.
        words: `3.2 points below target, 1.6 times its tolerance`; "" for a milestone.
    """

    tolerances: float
    words: str = ""


ON_TARGET = Shortfall(0.0)


def shortfall(kpi: Kpi, row: Mapping[str, Any]) -> Shortfall:
    """How far off target a row of `rules.assess.assess` is; `ON_TARGET` where it is not Amber or Red."""
    if row["rag"] not in OFF_TARGET:
        return ON_TARGET
    if kpi.kind is Kind.MILESTONE or isnan(row["actual"]):
        return Shortfall(_RED if row["rag"] == Rag.RED else _AMBER)
    is_below = row["actual"] < row["green_from"]
    target, amber_end = (row[f"{band}_{'from' if is_below else 'to'}"] for band in ("green", "amber"))
    distance, tolerance = _apart(row["actual"], target), _apart(target, amber_end)
    is_range = np.isfinite(row["green_from"]) and np.isfinite(row["green_to"])
    where = f"{'below' if is_below else 'above'} {'the range wanted' if is_range else 'target'}"
    return Shortfall(
        _tolerances(distance, tolerance, target),
        f"{amount_words(kpi, distance)} {where}{_against(distance, tolerance)}",
    )


@lru_cache(maxsize=65_536)  # the same target and tolerance stand in many rows, and so do figures of a few digits
def _apart(one: float, other: float) -> float:
    return abs(float(difference(np.array(one), np.array(other))))


def _tolerances(distance: float, tolerance: float, target: float) -> float:
    if tolerance:
        return distance / tolerance
    return 1 + distance / (abs(target) * _OF_TARGET) if target else inf


def amount_words(kpi: Kpi, distance: float) -> str:
    """A distance with its unit, `3.2 points`, and with as many decimals as it takes to be right to a twentieth."""
    decimals = kpi.shown_decimals
    while decimals < _MOST_DECIMALS and abs(float(rounded(distance, decimals)) - distance) > distance * _CLOSE:
        decimals += 1
    unit = {Kind.PERCENTAGE: "points", Kind.DURATION: kpi.shown_unit, Kind.MONEY: kpi.shown_unit}.get(kpi.kind, "")
    return f"{rounded(distance, decimals):,} {unit}".rstrip()


def _against(distance: float, tolerance: float) -> str:
    if not tolerance:
        return ", with no tolerance"
    if distance <= tolerance:
        return ", within its tolerance"
    times = rounded(distance / tolerance, 1)
    return f", {times:,} times its tolerance" if times > 1 else ", just beyond its tolerance"
