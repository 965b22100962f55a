"""Whether a figure can be: parts that make one, the KPI's possible range, and its usual one."""

from __future__ import annotations

from typing import Any

from xlperf.catalogue import Kind, Kpi
from xlperf.digits import SIGNIFICANT_DIGITS, fifteen, written
from xlperf.findings import Finding
from xlperf.returns.figure import Figure, Key
from xlperf.rules.rag import actual_from_parts


def from_parts(
    key: Key, kpi: Kpi, numerator: float, denominator: float, report: Any
) -> tuple[Figure | None, list[Finding]]:
    """The figure that a numerator and a denominator make, or None with the finding that says why not."""
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
    """The finding about a figure that cannot be; None for one that can."""
    low, high = kpi.possible_range
    if abs(actual) >= 10.0**SIGNIFICANT_DIGITS:
        expected = f"at most {SIGNIFICANT_DIGITS} digits"
        return report("R009", f"{written(actual)}{of} cannot be.", found=written(actual), expected=expected)  # type: ignore[no-any-return]
    # As floats, both of them: the float nearest to 99.9 is a little more than the decimal 99.9.
    if (low is not None and actual < fifteen(low)) or (high is not None and actual > fifteen(high)):
        expected = f"{'any' if low is None else low} to {'any' if high is None else high}"
        return report("R009", f"{written(actual)}{of} cannot be.", found=written(actual), expected=expected)  # type: ignore[no-any-return]
    if kpi.kind is Kind.COUNT and not actual.is_integer():
        return report("R011", f"found {written(actual)}.", found=written(actual), expected="a whole number")  # type: ignore[no-any-return]
    return None


def unusual(kpi: Kpi, actual: float, report: Any) -> list[Finding]:
    """The finding about a figure outside the KPI's usual range."""
    if kpi.usual and not fifteen(kpi.usual[0]) <= actual <= fifteen(kpi.usual[1]):
        expected = f"{kpi.usual[0]} to {kpi.usual[1]}"
        return [report("R010", f"{written(actual)} is outside {expected}.", found=written(actual), expected=expected)]
    return []
