"""What a reader must know beside a figure, in words that the dashboard's sheet and the pack share."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment import Assessment, Latest
from xlperf.report.forecast_words import turns_off_target


def without_its_figure(latest: Latest) -> Iterator[str]:
    """That its org has closed, the colour that it had before it lost it, or that the date of a milestone has passed."""
    if latest.closed is not None:
        yield latest.why
    if latest.was:
        yield f"was {latest.was}"
    if latest.missed:
        yield latest.missed


def looking_ahead(latest: Latest) -> Iterator[str]:
    """That a figure that is on target is forecast to miss it at the year end."""
    if turns := turns_off_target(latest):
        yield turns


def not_alike(assessment: Assessment, latest: Latest) -> Iterator[str]:
    """Where the figures of its series are not all alike: since when it is counted otherwise, whose the earlier are."""
    if change := assessment.redefinitions.get(latest.series):
        yield change[0]
    if (join := assessment.joins.get(latest.series)) and join.is_seen:
        yield join.whose
