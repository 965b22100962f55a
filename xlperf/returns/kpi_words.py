"""The target, tolerance and direction of a KPI in words, the same in returns, master and glossary."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import isfinite

from xlperf.catalogue import Catalogue, Direction, Kind, Kpi, Org, Target
from xlperf.period import Period
from xlperf.rules.rag import RagLimits
from xlperf.rules.target_in_force import is_phased

BETTER_WORDS = {
    Direction.HIGHER: "higher",
    Direction.LOWER: "lower",
    Direction.RANGE: "in range",
    Direction.NEUTRAL: "neither",
}


def target_words(kpi: Kpi, target: Target | None) -> str:
    """The target for a cell: `95.0`, `90.0 to 95.0`, `30 Jun 2026`; "" if there is none."""
    if target is None:
        return ""
    if kpi.kind is Kind.MILESTONE:
        return f"{target.due.day} {target.due:%b %Y}" if target.due else ""
    if target.low is not None and target.high is not None:
        return f"{number_words(kpi, target.low)} to {number_words(kpi, target.high)}"
    return number_words(kpi, target.target) if target.target is not None else ""


_MOST_PHASES = 4
"""Phases of a year whose targets are told; of more, that each has its own."""


def phase_words(kpi: Kpi, period: Period) -> str:
    """The target in force in a period; of phases of a year, that of each: `60.0 in H1, 98.0 in H2`; "" for none.

    The year is the one that begins with the period.
    """
    now = target_words(kpi, kpi.target_for(period))
    if not is_phased(kpi, org_is_rolled_up=False):
        return now
    phases = [period, *(each for each in map(period.next, range(1, 12)) if each.same_last_year() < period)]
    told = [(each.short.split(" ")[0], target_words(kpi, kpi.target_for(each))) for each in phases]
    if len({words for _, words in told}) == 1:
        return now
    if len(phases) > _MOST_PHASES:
        return f"{now} in {period.short}; each phase of the year has its own"
    return ", ".join(f"{words or 'none'} in {phase}" for phase, words in told)


def limit_words(kpi: Kpi, within: RagLimits) -> str:
    """The target as `target_words` prints it, from the limits of Green; "" if there is none."""
    ends = [Decimal(repr(end)) for end in (within.green_from, within.green_to) if isfinite(end)]
    return " to ".join(number_words(kpi, end) for end in ends)


def number_words(kpi: Kpi, value: Decimal) -> str:
    """A number of the catalogue with the KPI's decimals, or with more if the catalogue gives more."""
    decimals = -int(value.normalize().as_tuple().exponent)
    return f"{value:,.{max(kpi.shown_decimals, decimals)}f}"


def tolerance_words(target: Target | None) -> str:
    """The tolerance with its type: `2 (absolute)`, `5 % of the target (relative)`."""
    return str(target.tolerance) if target and target.tolerance else ""


def glossary_rows(
    catalogue: Catalogue, pairs: tuple[tuple[Kpi, Org], ...], reporting: Period
) -> tuple[dict[str, str], ...]:
    """One row for each KPI of `pairs`, by the headers of `layout.GLOSSARY_COLUMNS`; the target is the latest."""
    questions = {question.id: question.text for question in catalogue.questions}
    sections = {section.id: section.name for section in catalogue.sections}
    aims = {aim.id: aim.text for aim in catalogue.aims}
    orgs: dict[str, list[Org]] = {}  # by id: to hash a KPI is to hash every org that it lists
    for kpi, org in pairs:
        orgs.setdefault(kpi.id, []).append(org)
    rows = []
    for kpi_id, reporting_orgs in orgs.items():
        kpi = catalogue.kpi_by_id[kpi_id]
        period = Period.containing(reporting.last_day, kpi.frequency)
        target = kpi.target_for(period)
        row = {
            "Ref": kpi.id,
            "KPI": kpi.name,
            "Definition": kpi.definition,
            "Numerator": kpi.numerator,
            "Denominator": kpi.denominator,
            "Unit": kpi.shown_unit,
            "Better": BETTER_WORDS[kpi.direction],
            "Target": phase_words(kpi, period) or kpi.no_target_because or "none",
            "Tolerance": tolerance_words(target),
            "Frequency": "; ".join(filter(None, (str(kpi.frequency), measure_words(kpi)))),
            "Source": kpi.source,
            "Why it matters": kpi.rationale,
            "Key business question": questions.get(kpi.question or "", ""),
            "Section": sections[kpi.section],
            "Strategic aim": aims.get(kpi.aim or "", ""),
            "Benchmark": benchmark_words(kpi),
            "Rolled up": roll_up_words(kpi),
            "Rebased": "; ".join(
                f"{rebase.on:%d %b %Y}{' ' + ', '.join(rebase.orgs) if rebase.orgs else ''}: {rebase.reason}"
                for rebase in kpi.rebases
            ),
            "Responsible owner": _each_once(catalogue.owner_of(kpi, org).name for org in reporting_orgs),
            "Executive owner": _each_once(catalogue.executive_of(kpi, org).title for org in reporting_orgs),
        }
        rows.append(row)
    return tuple(rows)


METHODS = {
    "parts": "numerators and denominators are added",
    "sum": "figures are added",
    "weighted": "weighted mean",
    "worst": "the worst of them",
    "last": "the latest of them",
}


def roll_up_words(kpi: Kpi) -> str:
    """How a KPI's figures are rolled up: `orgs: figures are added; periods: the latest of them`."""
    methods = (("orgs", kpi.roll_up.orgs), ("periods", kpi.roll_up.time))
    return "; ".join(f"{axis}: {METHODS[method]}" for axis, method in methods if method != "none")


def measure_words(kpi: Kpi) -> str:
    """What a figure covers where it is not its period alone: `to date, from 1 April`, `over 12 months`; else ""."""
    if kpi.is_cumulative and kpi.restarts_in is not None:
        return f"to date, from {kpi.restarts_in.first_day}"
    return f"over {kpi.over_months} months" if kpi.overlaps else ""


def benchmark_words(kpi: Kpi) -> str:
    """The benchmark with its source; "" if there is none."""
    return f"{kpi.benchmark.value} ({kpi.benchmark.source})" if kpi.benchmark else ""


_MOST_NAMES = 50
"""Names in a cell of the glossary: thousands are not read, and are more than a cell of Excel can hold."""


def _each_once(names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    more = len(listed) - _MOST_NAMES
    return "; ".join([*listed[:_MOST_NAMES], *([f"and {more:,} more"] if more > 0 else [])])
