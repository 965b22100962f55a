"""Targets with their tolerances, and the benchmark beside them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from pydantic import Field

from xlperf.catalogue.fields import Amount, Model, PeriodText, Text
from xlperf.period import Frequency, Period


class Tolerance(Amount):
    """How far short of the target is still Amber."""

    @property
    def amount(self) -> str:
        """How much it is, in words: `2`, `5 % of the target`."""
        if self.absolute is not None:
            return f"{self.absolute.normalize():f}"
        return f"{(self.relative or Decimal(0)).normalize():f} % of the target"

    def __str__(self) -> str:
        return f"{self.amount} ({'relative' if self.absolute is None else 'absolute'})"


class Target(Model):
    """The standard in force from a period on, until the next one."""

    from_: PeriodText = Field(alias="from", description="First period the target is for.")
    target: Decimal | None = Field(
        None, description="What is to be reached, 95 for 95 %; for direction higher and lower."
    )
    low: Decimal | None = Field(None, description="Lower end of the wanted range; for direction range.")
    high: Decimal | None = Field(None, description="Upper end of the wanted range; for direction range.")
    tolerance: Tolerance | None = Field(None, description="How far short is still Amber; none means no Amber.")
    due: date | None = Field(None, description="Due date of a milestone.")
    agreed: Text = Field("", description="By whom and when it was agreed.")

    def amber_beyond(self, end: Decimal) -> Decimal:
        """How far beyond an end of what is wanted (target, low or high) is still Amber, in the KPI's unit."""
        if self.tolerance is None:
            return Decimal(0)
        if self.tolerance.absolute is not None:
            return self.tolerance.absolute
        return abs(end) * (self.tolerance.relative or Decimal(0)) / 100


class Benchmark(Model):
    """A figure from elsewhere to compare with."""

    value: Decimal
    source: Text


def in_force(targets: tuple[Target, ...], frequency: Frequency, period: Period) -> Target | None:
    """The last of `targets`, in order of time, whose first period begins no later than `period`; None before them."""
    begun = [target for target in targets if start_of(target.from_, frequency).first_day <= period.first_day]
    return begun[-1] if begun else None


@lru_cache(maxsize=4096)  # asked of every target of every row
def start_of(text: str, frequency: Frequency) -> Period:
    """The period of `text`, in the KPI's frequency or as a financial or academic year. Raises UsageError."""
    for text_frequency in (frequency, Frequency.ANNUAL, Frequency.ACADEMIC_YEAR, Frequency.QUARTERLY):
        try:
            return Period.parse(text, text_frequency)
        except ValueError:
            continue
    return Period.parse(text, frequency)
