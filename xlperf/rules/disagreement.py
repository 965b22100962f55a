"""RAG says whether the target is met now; trend and assurance say what is coming. Where they disagree, this says so.

Green and Blue meet the target, Red and Amber miss it, so the opposite assurance disagrees. A trend disagrees only with
the extremes: Green or Blue that deteriorates, Red that improves. Amber already means that the target is near.
"""

from __future__ import annotations

from xlperf.rules.rag import Rag
from xlperf.rules.trend import DETERIORATING, IMPROVING

MISSES, MEETS = "expected to miss the target", "expected to meet the target"
IF_IT_STOPS = "if it stops improving it is expected to miss the target"
STILL_RED = f"Red and improving, but {IF_IT_STOPS}"
STILL_GREEN = f"Green and improving, but {IF_IT_STOPS}"
_TREND = {
    (Rag.BLUE, DETERIORATING): DETERIORATING,
    (Rag.GREEN, DETERIORATING): DETERIORATING,
    (Rag.RED, IMPROVING): IMPROVING,
}
_ASSURANCE = {
    (Rag.GREEN, "consistent_fail"): MISSES,
    (Rag.AMBER, "consistent_pass"): MEETS,
    (Rag.RED, "consistent_pass"): MEETS,
}


def flag(rag: str, trend: str, assurance: str | None) -> str:
    """How a RAG and the verdicts on its process disagree: `Green, but deteriorating`; "" where they do not.

    Args:
        rag: of the latest figure; one that is not rated disagrees with nothing.
        trend: the word of `trend.trend_of`, so that of variation where there is one.
        assurance: as in `rules.spc`.
    """
    rated = Rag(rag)
    if trend == IMPROVING and assurance == "consistent_fail":
        words = {Rag.RED: STILL_RED, Rag.GREEN: STILL_GREEN}.get(rated)
        if words:
            return words
    sentences = (_TREND.get((rated, trend)), _ASSURANCE.get((rated, assurance or "")))
    but = " and ".join(words for words in sentences if words)
    return f"{rag}, but {but}" if but else ""
