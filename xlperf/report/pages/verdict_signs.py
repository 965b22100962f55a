"""The SPC verdicts as the pages print them: a sign and a word, or why there is no verdict."""

from __future__ import annotations

from dataclasses import dataclass

from xlperf.assessment import Latest
from xlperf.catalogue import Direction, Kind
from xlperf.documents.chart_data import PointKind
from xlperf.documents.document import Icon
from xlperf.rules.cumulative import not_comparable

POINTS = {
    "common_cause": PointKind.COMMON,
    "special_cause_improvement": PointKind.IMPROVEMENT,
    "special_cause_concern": PointKind.CONCERN,
    "special_cause_neutral_high": PointKind.NEUTRAL,
    "special_cause_neutral_low": PointKind.NEUTRAL,
}
"""By the name of a point of the SPC chart."""
IMPROVING, NO_CHANGE, CONCERN = "improving", "no change", "concern"
_SIGNS = {
    "common_cause": (Icon.COMMON, NO_CHANGE),
    "special_cause_neutral_high": (Icon.NEUTRAL_HIGH, "higher"),
    "special_cause_neutral_low": (Icon.NEUTRAL_LOW, "lower"),
}
_ASSURANCE = {
    "consistent_pass": (Icon.WILL_MEET, "will meet"),
    "inconsistent": (Icon.MAY_OR_MAY_NOT, "may or may not"),
    "consistent_fail": (Icon.WILL_MISS, "will miss"),
}


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """A verdict in a word, with its sign; without one, why there is none, in words."""

    words: str
    icon: Icon | None = None


def variation_words(latest: Latest) -> VerdictWords:
    """Whether the process is changing."""
    process = latest.verdicts
    if process is None:
        return VerdictWords("")
    if process.variation is not None:
        improves, is_higher_better = process.variation.endswith("improvement"), latest.kpi.direction is Direction.HIGHER
        if process.variation in _SIGNS:
            return VerdictWords(_SIGNS[process.variation][1], _SIGNS[process.variation][0])
        is_high = improves == is_higher_better
        if improves:
            return VerdictWords(IMPROVING, Icon.IMPROVING_HIGH if is_high else Icon.IMPROVING_LOW)
        return VerdictWords(CONCERN, Icon.CONCERN_HIGH if is_high else Icon.CONCERN_LOW)
    return VerdictWords(without_verdict(latest))


def without_verdict(latest: Latest) -> str:
    """Why there is no verdict, in a few words; "" where there is one, or no process to judge."""
    process = latest.verdicts
    if process is None or process.variation is not None or latest.kpi.kind is Kind.MILESTONE:
        return ""
    if not_comparable(latest.kpi):
        return "figures overlap"
    return process.points_words if " of " in process.points_words else "no verdict"


def assurance_words(latest: Latest) -> VerdictWords:
    """Whether the process as it stands will meet the target."""
    process = latest.verdicts
    if process is None or process.assurance is None:
        return VerdictWords("")
    icon, said = _ASSURANCE[process.assurance]
    return VerdictWords(said, icon)
