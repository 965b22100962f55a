"""How a figure compares: with a year before, with the other orgs, and with the benchmark."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment import Assessment, Latest
from xlperf.catalogue import Kind
from xlperf.period import Period
from xlperf.report.pages import figure_words as figures
from xlperf.report.sheets.exceptions import ListedKpi
from xlperf.returns.kpi_words import number_words
from xlperf.rules.shown import exact


def comparison(assessment: Assessment, row: ListedKpi) -> Iterator[str]:
    """Each comparison in words, as figures without a verdict."""
    kpi, judged, period = row.latest.kpi, row.judged, row.period
    if judged is None or period is None:
        return
    before = figures.earlier(assessment, row.latest, period.same_last_year())
    if before and kpi.kind is not Kind.MILESTONE:
        yield f"same period last year {figures.with_unit(kpi, before.removesuffix(figures.RESTATED_MARK))}"
    yield from among_orgs(assessment, row.latest, period)
    if kpi.benchmark:
        yield f"benchmark {figures.with_unit(kpi, number_words(kpi, kpi.benchmark.value))} ({kpi.benchmark.source})"


def among_orgs(assessment: Assessment, latest: Latest, period: Period) -> Iterator[str]:
    """Its place among the orgs that report the same KPI, and the best of them, in a period."""
    among = assessment.compared.get((*latest.series, str(period)))
    if among is None:
        return
    kpi, best = latest.kpi, among["best_org"]
    if among["rank_words"]:
        yield f"ranked {among['rank_words']}"
    if best and best != latest.org.code:
        shown = next(each["shown"] for each in assessment.series[kpi.id, best] if each["period"] == str(period))
        yield f"best {figures.with_unit(kpi, exact(shown))} ({assessment.catalogue.org_by_code[best].name})"
