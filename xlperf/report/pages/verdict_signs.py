"""The SPC verdicts as the pages print them: a sign and a word, or why there is no verdict."""

from __future__ import annotations

from dataclasses import dataclass

from xlperf.assessment import Latest
from xlperf.catalogue import Kind
from xlperf.documents.chart_data import PointKind
from xlperf.documents.document import Icon
from xlperf.report.verdict_words import ASSURANCE, VARIATION, is_high
from xlperf.rules.cumulative import not_comparable

POINTS = {
    "common_cause": PointKind.COMMON,
    "special_cause_improvement": PointKind.IMPROVEMENT,
    "special_cause_concern": PointKind.CONCERN,
    "special_cause_neutral_high": PointKind.NEUTRAL,
    "special_cause_neutral_low": PointKind.NEUTRAL,
}
"""By the name of a point of the SPC chart."""
_SIGNS = {
    "common_cause": (Icon.COMMON, Icon.COMMON),
    "special_cause_improvement": (Icon.IMPROVING_HIGH, Icon.IMPROVING_LOW),
    "special_cause_concern": (Icon.CONCERN_HIGH, Icon.CONCERN_LOW),
    "special_cause_neutral_high": (Icon.NEUTRAL_HIGH, Icon.NEUTRAL_HIGH),
    "special_cause_neutral_low": (Icon.NEUTRAL_LOW, Icon.NEUTRAL_LOW),
}
"""The sign of each verdict where the figures are high, and where they are low."""
_ASSURANCE = {
    "consistent_pass": Icon.WILL_MEET,
    "inconsistent": Icon.MAY_OR_MAY_NOT,
    "consistent_fail": Icon.WILL_MISS,
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
        high, low = _SIGNS[process.variation]
        return VerdictWords(VARIATION[process.variation], high if is_high(latest.kpi, process.variation) else low)
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
    return VerdictWords(ASSURANCE[process.assurance], _ASSURANCE[process.assurance])
