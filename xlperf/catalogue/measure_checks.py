"""Checks of what a KPI's figure measures: a figure to date, or over several months, is never added to another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlperf.catalogue.field_path import LocationOf
from xlperf.catalogue.kpi import Kind, Kpi, OverTime
from xlperf.catalogue.measure import Measure, Restart
from xlperf.catalogue.model import Catalogue
from xlperf.findings import Finding, finding
from xlperf.period import Frequency

MeasureFault = tuple[str, str, str, str]
"""Code, the field that is meant, what is wrong, and the remedy."""

_NOT_ADDED = (OverTime.LAST, OverTime.NONE)
_A_YEAR = (Frequency.ANNUAL, Frequency.ACADEMIC_YEAR)
_TO_DATE = re.compile(
    r"\bcumulative\w*|\b(?:financial |academic )?year[ -]to[ -]date\b|\bYTD\b|\brunning total\b"
    r"|\b(?:so far (?:this|in the) (?:financial |academic )?year|year so far)\b"
    r"|\b(?:since|from) (?:the start of the (?:financial |academic )?year|1(?:st)? (?:April|September))\b",
    re.IGNORECASE,
)
"""Words for a figure that has the earlier periods of its year in it."""
_OVER_MONTHS = re.compile(r"\brolling\b|\btrailing\b|\b(?:12|twelve)[ -]months?\b", re.IGNORECASE)
"""Words for a figure over several months, though "within 12 months of" may be said of what happens in one."""


def _measures(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    for i, kpi in enumerate(catalogue.kpis):
        for code, field, problem, fix in (*_fields(kpi), *_roll_up(kpi), *_worth_a_look(kpi), *_words(kpi)):
            yield finding(code, f"KPI {kpi.id}: {problem}.", locate(("kpis", i, field)), fix=fix)


def _fields(kpi: Kpi) -> Iterator[MeasureFault]:
    """What does not go together."""
    if kpi.measure is not Measure.PERIOD and kpi.kind is Kind.MILESTONE:
        yield "C020", "measure", f"a milestone cannot be {kpi.measure}, as it has no figure", "Remove 'measure'."
        return
    if kpi.is_cumulative and kpi.restarts_in is None:
        fix = "Write 'restarts_in: financial' (1 April) or 'restarts_in: academic' (1 September)."
        yield "C020", "measure", "it is cumulative, and nothing says in which year it restarts", fix
    if kpi.measure is Measure.ROLLING and kpi.over_months is None:
        fix = "Write how many months, as in 'over_months: 12'."
        yield "C020", "measure", "it is rolling, and nothing says over how many months", fix
    if kpi.restarts_in is not None and not kpi.is_cumulative:
        fix = "Write 'measure: cumulative', or remove 'restarts_in'."
        yield "C020", "restarts_in", f"'restarts_in' is for cumulative figures, and its measure is {kpi.measure}", fix
    if kpi.over_months is not None and kpi.measure is not Measure.ROLLING:
        fix = "Write 'measure: rolling', or remove 'over_months'."
        yield "C020", "over_months", f"'over_months' is for rolling figures, and its measure is {kpi.measure}", fix
    if kpi.is_cumulative and kpi.restarts_in is Restart.ACADEMIC and kpi.frequency in _FINANCIAL_PARTS:
        problem = f"no {kpi.frequency} period begins on 1 September, so a figure to date cannot restart then"
        yield "C020", "restarts_in", problem, "Write 'restarts_in: financial', or report it each month."


_FINANCIAL_PARTS = (Frequency.QUARTERLY, Frequency.HALF_YEARLY)


def _roll_up(kpi: Kpi) -> Iterator[MeasureFault]:
    over = kpi.roll_up.time
    if kpi.kind is Kind.MILESTONE or kpi.measure is Measure.PERIOD or over in _NOT_ADDED:
        return
    if kpi.is_cumulative:
        problem = f"a figure to date already has the earlier periods in it, and '{over}' over time counts them again"
    elif kpi.overlaps:
        problem = f"rolling figures share months with one another, and '{over}' over time counts these again"
    else:
        return
    yield "C013", "roll_up", problem, "Write 'time: last' in 'roll_up', or leave 'time' out."


def _worth_a_look(kpi: Kpi) -> Iterator[MeasureFault]:
    if kpi.kind is Kind.MILESTONE:
        return
    if kpi.is_cumulative and kpi.frequency in _A_YEAR:
        problem = "it is reported once a year, so cumulative figures are the same as those of the period"
        yield "C010", "measure", problem, "Remove 'measure' and 'restarts_in'."
    elif kpi.is_cumulative and not kpi.has_own_parts:
        problem = (
            f"what each period added cannot be worked out from a cumulative {kpi.kind} without parts, so there will be "
            "no change, trend or variation"
        )
        yield "C010", "measure", problem, "Give 'numerator' and 'denominator', if there are any."
    if kpi.measure is Measure.ROLLING and kpi.over_months is not None and not kpi.overlaps:
        problem = f"its {kpi.frequency} periods are no shorter than the {kpi.over_months} months of 'over_months'"
        yield "C010", "over_months", problem, "Remove 'measure' and 'over_months', or correct them."


def _words(kpi: Kpi) -> Iterator[MeasureFault]:
    """What the catalogue says in words of a figure that `measure` has as one of the period alone."""
    if kpi.measure is not Measure.PERIOD or kpi.kind is Kind.MILESTONE or kpi.frequency in _A_YEAR:
        return
    text = " ".join((kpi.name, kpi.definition, kpi.numerator, kpi.denominator))
    adds = kpi.roll_up.time not in _NOT_ADDED
    to_date, over_months = _TO_DATE.search(text), _OVER_MONTHS.search(text)
    found = to_date or (over_months if adds else None)
    if found is None or (not adds and "measure" in kpi.model_fields_set):
        return
    measure = "'measure: cumulative' with 'restarts_in'" if to_date else "'measure: rolling' with 'over_months'"
    if adds:
        effect = f"'{kpi.roll_up.time}' over time counts months twice"
        fix = f"Write {measure}, and 'time: last' in 'roll_up'; or say it in other words."
    else:
        effect = "its change, trend and variation are not those of the periods"
        fix = f"Write {measure}; or 'measure: period', if each figure is of its period alone."
    problem = f"it says '{found.group()}', yet its measure is 'period'; if figures overlap, {effect}"
    yield "C010", "definition", problem, fix


MEASURE_CHECKS = (_measures,)
