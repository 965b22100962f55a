"""Checks that a KPI's figures can be meant: targets, tolerances, benchmark, material change and ranges, side by side.

A figure on another scale than the rest (0.80 beside a usual range of 60 to 95) is no fault of shape, and every colour
judged by it is wrong. What cannot be meant is an error and stops every command that judges; what may be meant and is
odd is a warning, never a stop. The factors are in docs/method.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.catalogue.field_path import LocationOf
from xlperf.catalogue.figures.amber import amber
from xlperf.catalogue.figures.compared import compared
from xlperf.catalogue.figures.levels import levels
from xlperf.catalogue.figures.material import material
from xlperf.catalogue.figures.problem import KpiTargets, Problem, is_backwards, targets_of
from xlperf.catalogue.figures.ranges import beyond_excel, is_in_fractions, possible_in_fractions, ranges
from xlperf.catalogue.figures.tolerances import tolerances
from xlperf.catalogue.kpi import Kind, Kpi
from xlperf.catalogue.model import Catalogue
from xlperf.findings import Finding, finding


def _figures(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    for i, kpi in enumerate(catalogue.kpis):
        for each in _problems(kpi, targets_of(catalogue, kpi)):
            yield finding(
                each.code, f"KPI {kpi.id}: {each.message}.", locate(("kpis", i, *each.path)), fix=f"{each.fix}."
            )


def _problems(kpi: Kpi, goals: KpiTargets) -> Iterator[Problem]:
    if is_backwards(kpi.possible) or kpi.kind is Kind.MILESTONE:
        return  # the one is said already; the other has no figures
    # Where one of these is found, it is the remedy of that which shows what else there is.
    first = [*beyond_excel(kpi)] or [*possible_in_fractions(kpi)]
    if first:
        yield from first
        return
    of_ranges = list(ranges(kpi))
    yield from of_ranges
    # A range that is wrong itself proves nothing of the other figures.
    is_sound = not is_backwards(kpi.usual) and not any(each.is_error for each in of_ranges)
    usual = kpi.usual if is_sound else None
    of_levels = list(levels(kpi, goals, usual, is_reported=not is_sound and is_in_fractions(kpi)))
    yield from of_levels
    wrong = {each.path[:-1] for each in of_levels if each.is_error}
    yield from compared(kpi, goals, usual)
    for series in (goals.own, goals.of_sums):
        yield from tolerances(kpi, series)
        # What a tolerance leaves Red can only be said of a target that is right itself.
        yield from amber(kpi, goals, series, usual, wrong)
    yield from material(kpi, goals, usual)


FIGURE_CHECKS = (_figures,)
