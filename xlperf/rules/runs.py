"""Runs: so many figures in a row that are on target, or off it.

What is not returned, not due, not applicable or without a target says nothing, so it neither ends a run nor lengthens
it: nobody comes off a list by not returning. It is said, though: a run of 3 figures over 5 periods is one of 3 of 5
periods. A roll-up that is on target only while an org's figure is missing does not end a run off target.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlperf.rules.escalation.case import OFF_TARGET, ON_TARGET, RATED
from xlperf.rules.rag import Rag

JudgedRow = Mapping[str, Any]
"""A row of `rules.assess.assess`."""


@dataclass(frozen=True, slots=True)
class RunOfFigures:
    """The run with which a series ends: its first row, its last, and how many figures it has.

    `incomplete` are roll-ups within it that say nothing, as an org's figure is missing. `in_colour` are those of its
    figures that have the colour of the last, without another in between. `is_from_first` says that there is no figure
    before it, so that it may be longer than anybody can tell.
    """

    first: JudgedRow
    last: JudgedRow
    figures: int
    incomplete: int = 0
    in_colour: int = 0
    is_from_first: bool = False

    @property
    def periods(self) -> int:
        """How many periods there are from the first to the last, with those that have no figure."""
        return int(self.last["period_number"] - self.first["period_number"]) + 1

    @property
    def words(self) -> str:
        """`3 periods`; `3 of 5 periods (2 without a figure)`; `2 of 3 periods (1 without every part)`."""
        if self.figures == self.periods:
            return f"{self.figures} period{'' if self.figures == 1 else 's'}"
        without = self.periods - self.figures - self.incomplete
        lacking = [f"{without} without a figure"] if without else []
        lacking += [f"{self.incomplete} without every part"] if self.incomplete else []
        return f"{self.figures} of {self.periods} periods ({', '.join(lacking)})"

    def since(self, short: Callable[[str], str]) -> str:
        """`since Apr 2024`; `since at least Apr 2024, the first figure`. `short` names a period as it is printed."""
        first = short(self.first["period"])
        return f"since at least {first}, the first figure" if self.is_from_first else f"since {first}"

    @property
    def colour_words(self) -> str:
        """How long it has had its colour, where that is less than all of the run: `Red for 7 periods`; else ""."""
        if not 0 < self.in_colour < self.figures:
            return ""
        what = "period" if self.figures == self.periods else "figure"
        return f"{self.last['rag']} for {self.in_colour} {what}{'' if self.in_colour == 1 else 's'}"


def off_target(rows: Sequence[JudgedRow]) -> RunOfFigures | None:
    """The run of Reds and Ambers with which the judged rows of a series end, oldest first; None where it is over.

    Args:
        rows: of which `rag`, `period_number`, `reported` and `expected` are read.
    """
    run, since_last, incomplete = [], 0, 0
    for row in reversed(rows):
        if row["rag"] in OFF_TARGET:
            run.append(row)
            incomplete += since_last if len(run) > 1 else 0
            since_last = 0
        elif row["rag"] in ON_TARGET and row["reported"] >= row["expected"]:
            break
        elif 0 < row["reported"] < row["expected"]:
            since_last += 1
    return _run(rows, run, incomplete)


def on_target(rows: Sequence[JudgedRow]) -> RunOfFigures | None:
    """The run of Greens and Blues with which a series ends, as `off_target`."""
    run = []
    for row in reversed(rows):
        if row["rag"] in ON_TARGET:
            run.append(row)
        elif row["rag"] in OFF_TARGET:
            break
    return _run(rows, run)


_FIGURES = RATED | {Rag.NO_TARGET}


def _run(rows: Sequence[JudgedRow], latest_first: Sequence[JudgedRow], incomplete: int = 0) -> RunOfFigures | None:
    if not latest_first:
        return None
    last, first = latest_first[0], latest_first[-1]
    in_colour = [row["rag"] == last["rag"] for row in latest_first]
    return RunOfFigures(
        first,
        last,
        len(latest_first),
        incomplete,
        in_colour=(*in_colour, False).index(False),
        is_from_first=next(row for row in rows if row["rag"] in _FIGURES) is first,
    )
