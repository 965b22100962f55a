"""Whether a figure is possible and plausible: its parts, the KPI's possible range, and its usual range."""

from __future__ import annotations

from typing import Any

from xlperf.catalogue import Kind, Kpi
from xlperf.digits import SIGNIFICANT_DIGITS, fifteen, written
from xlperf.findings import Finding
from xlperf.returns.figure import Figure, FigureKey
from xlperf.rules.rag import actual_from_parts


def from_parts(
    key: FigureKey, kpi: Kpi, numerator: float, denominator: float, report: Any
) -> tuple[Figure | None, list[Finding]]:
    """The figure calculated from a numerator and a denominator, or None with the finding that refuses it."""
    if denominator <= 0:
        return None, [
            report("R007", f"{written(numerator)} out of {written(denominator)}.", found=written(denominator))
        ]
    actual = actual_from_parts(numerator, denominator, kpi.factor)
    refusal = impossible(kpi, actual, report, of=f" ({written(numerator)} out of {written(denominator)})")
    if refusal:
        return None, [refusal]
    return Figure(*key, actual, numerator, denominator), unusual(kpi, actual, report)


def impossible(kpi: Kpi, actual: float, report: Any, of: str = "") -> Finding | None:
    """The finding about an impossible figure; None for a possible one. `of` is put after the figure in the message."""
    low, high = kpi.possible_range
    if abs(actual) >= 10.0**SIGNIFICANT_DIGITS:
        expected = f"at most {SIGNIFICANT_DIGITS} digits"
        return report("R009", f"{written(actual)}{of} is impossible.", found=written(actual), expected=expected)  # type: ignore[no-any-return]
    # Compared as floats: the float nearest to 99.9 is slightly more than the decimal 99.9.
    if (low is not None and actual < fifteen(low)) or (high is not None and actual > fifteen(high)):
        expected = f"{'any' if low is None else low} to {'any' if high is None else high}"
        return report("R009", f"{written(actual)}{of} is impossible.", found=written(actual), expected=expected)  # type: ignore[no-any-return]
    if kpi.kind is Kind.COUNT and not actual.is_integer():
        return report("R011", f"found {written(actual)}.", found=written(actual), expected="a whole number")  # type: ignore[no-any-return]
    return None


def unusual(kpi: Kpi, actual: float, report: Any) -> list[Finding]:
    """The finding about a figure outside the KPI's usual range, if it is."""
    if kpi.usual and not fifteen(kpi.usual[0]) <= actual <= fifteen(kpi.usual[1]):
        expected = f"{kpi.usual[0]} to {kpi.usual[1]}"
        return [report("R010", f"{written(actual)} is outside {expected}.", found=written(actual), expected=expected)]
    return []


def is_without_parts(kpi: Kpi, figure: Figure) -> bool:
    """Whether it is the figure alone of a KPI that has parts."""
    return kpi.has_parts and figure.actual is not None and figure.denominator is None
