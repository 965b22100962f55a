"""What is said of KPIs that were never off target and that nobody has discussed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlperf.assessment.undiscussed import Undiscussed
from xlperf.rules.escalation.phrases import listed, times


def undiscussed_lines(undiscussed: Sequence[Undiscussed]) -> Iterator[str]:
    """One line that names them, each with for how long; none where there are none."""
    if undiscussed:
        named = listed([f"{each.kpi.id} {each.kpi.name} ({times(each.periods, 'period')})" for each in undiscussed])
        yield (
            f"On target for so many periods running, without an action, decision or enquiry about it: {named}. Do they "
            "still help to answer a question?"
        )
