"""Declared rebases: where the figures of a series begin a run of their own."""

from __future__ import annotations

from datetime import date

from xlperf.period import Frequency, Period


def first_from(day: date, frequency: Frequency) -> Period:
    """The period that a rebase on `day` opens: the first that begins on or after it.

    The period that the day falls into is partly of the old process, and stays with it.
    """
    period = Period.containing(day, frequency)
    return period if period.first_day == day else period.next()
