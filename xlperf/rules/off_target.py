"""For how long a series has been off target, which lasts until a figure says otherwise.

What is not returned, not due, not applicable or without a target says nothing, so it neither ends a run of Reds and
Ambers nor lengthens it: nobody comes off a list by not returning. Nor does a roll-up that is on target only while an
org's figure is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlperf.rules.escalation.case import OFF_TARGET, ON_TARGET
from xlperf.rules.rag import Rag


@dataclass(frozen=True, slots=True)
class OffTarget:
    """The run of figures off target at the end of a series: its last row, its first, and how many figures it has."""

    last: Mapping[str, Any]
    first: Mapping[str, Any]
    figures: int

    @property
    def is_red(self) -> bool:
        """Whether the last is Red."""
        return bool(self.last["rag"] == Rag.RED)


def off_target(rows: Sequence[Mapping[str, Any]]) -> OffTarget | None:
    """The run of Reds and Ambers with which the judged rows of a series end, oldest first; None where it is over.

    Args:
        rows: rows of `rules.assess.assess`, of which `rag`, `reported` and `expected` are read.
    """
    run = []
    for row in reversed(rows):
        if row["rag"] in OFF_TARGET:
            run.append(row)
        elif _says_so(row):
            break
    return OffTarget(run[0], run[-1], len(run)) if run else None


def _says_so(row: Mapping[str, Any]) -> bool:
    """Whether a row says that the target is met, by the figures of all who should be in it."""
    return row["rag"] in ON_TARGET and row["reported"] >= row["expected"]
