"""KPIs that were never off target and that nobody has discussed: people may ask whether they are still needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from xlperf.assessment.assessment import Assessment
from xlperf.assessment.latest import Latest
from xlperf.catalogue import Kind, Kpi
from xlperf.period import Period
from xlperf.rules.actions import Action
from xlperf.rules.escalation.case import OFF_TARGET, ON_TARGET
from xlperf.rules.iso_day import day_of


@dataclass(frozen=True, slots=True)
class Undiscussed:
    """A KPI that was on target in all of its last periods, whoever reports it, and that nobody has discussed since.

    Attributes:
        kpi: the KPI.
        periods: how many periods running, up to its last, that is true of: those with a figure.
        first: the first of them.
    """

    kpi: Kpi
    periods: int
    first: Period


def undiscussed(assessment: Assessment) -> tuple[Undiscussed, ...]:
    """The KPIs of which that has been so for as many periods as the catalogue says, in its order.

    Discussed is what an action, a decision on escalation or a line of enquiry has been about. Milestones are left out,
    as are KPIs without a target.
    """
    return tuple(_undiscussed(assessment))


def _undiscussed(assessment: Assessment) -> Iterator[Undiscussed]:
    fewest = assessment.catalogue.enquiries.undiscussed_for
    of_kpi: dict[str, list[Latest]] = {}
    for latest in assessment.latest:
        of_kpi.setdefault(latest.kpi.id, []).append(latest)
    for kpi_id, listed in of_kpi.items():
        kpi = listed[0].kpi
        if kpi.kind is Kind.MILESTONE or any(latest.off_target is not None for latest in listed):
            continue
        on_target = _on_target(assessment, listed)
        if len(on_target) < fewest:
            continue
        discussed = max(_days_discussed(assessment, kpi_id), default=date.min)
        since = [period for period in on_target if period.first_day > discussed]
        if len(since) >= fewest:
            yield Undiscussed(kpi, len(since), since[0])


def _on_target(assessment: Assessment, listed: Iterable[Latest]) -> list[Period]:
    """The periods since any figure of a KPI, of parts too, was off target: those in which one is on target."""
    numbers: set[int] = set()
    last_off = -1
    for latest in listed:
        for row in reversed(assessment.series.get(latest.series, ())):
            if row["rag"] in OFF_TARGET:
                last_off = max(last_off, row["period_number"])
                break
            if row["rag"] in ON_TARGET:
                numbers.add(row["period_number"])
        frequency = latest.kpi.frequency
    return [Period(frequency, number) for number in sorted(numbers) if number > last_off]


def _days_discussed(assessment: Assessment, kpi_id: str) -> Iterator[date]:
    """The days on which it was discussed, as far as the ledger tells; today, where an action is still to be done."""
    state = assessment.state
    for action in state.actions:
        if action.about[0] == kpi_id:
            yield from _days_of(action, assessment.produced.date())
    for key, decisions in state.typed_decisions.items():
        if key[0] == kpi_id:
            yield from (day for _, decision in decisions if (day := day_of(decision.at[:10])))
    for asked in state.asked:
        if asked[3] == kpi_id:
            yield Period.parse(asked[1], assessment.catalogue.calendar.frequency).last_day


def _days_of(action: Action, today: date) -> Iterator[date]:
    yield from filter(None, (action.opened, action.last_spoken, action.closed))
    if action.is_open:
        yield today
