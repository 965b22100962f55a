"""KPIs in the master: the latest figure of every KPI and org, with all that is judged of it."""

from __future__ import annotations

from xlperf.digits import fifteen
from xlperf.report.facts import Facts, Judged, Latest, Row, head, number_of
from xlperf.report.quality import confidence, standing
from xlperf.report.verdicts import NOT_JUDGED, assurance, flag, process_of, variation
from xlperf.returns.words import BETTER_WORDS, target_words, tolerance_words
from xlperf.rules.rollup import target_of


def kpi_rows(facts: Facts) -> list[Row]:
    """The latest figure of every KPI and org, rolled-up ones too."""
    return [_kpi(facts, latest) for latest in facts.latest]


def _kpi(facts: Facts, latest: Latest) -> Row:
    kpi, row = latest.kpi, latest.row
    sections = {section.id: section.name for section in facts.catalogue.sections}
    told: Row = {
        **head(latest),
        "Section": sections[kpi.section],
        "Organisation": latest.org.name,
        "Reported by": latest.reported,
        "Frequency": str(kpi.frequency),
        "Unit": kpi.shown_unit,
        "Better": BETTER_WORDS[kpi.direction],
        "RAG": str(latest.rag),
        "Data quality": confidence(facts, latest).words,
        "Benchmark": fifteen(kpi.benchmark.value) if kpi.benchmark else None,
        "Benchmark source": kpi.benchmark.source if kpi.benchmark else "",
        "Escalation": facts.stage_words(latest.series),
        "Commentary": f"({latest.why})" if latest.why else "",
        "Responsible owner": facts.responsible_owner(latest),
        "Executive owner": facts.executive_owner(latest),
        "Directorate": facts.directorate(latest),
    }
    if row is None or latest.period is None:
        return told
    target = target_of(kpi, bool(latest.members), latest.period)
    told |= {
        "As at": latest.period.short,
        "Actual": number_of(row["actual"]),
        "Shown": "n/a" if row["not_applicable"] else row["shown"],
        "Numerator": number_of(row["numerator"]),
        "Denominator": number_of(row["denominator"]),
        "Target": target_words(kpi, target),
        "Tolerance": tolerance_words(target),
        "Target since": target.from_ if target else "",
        "Change": row["movement"],
        "Changed by": number_of(row["change"]),
        "Same period last year": row["last_year"],
        **_process(facts, latest),
        **_compared(facts, latest, row),
    }
    current = facts.current(row)
    if current is None:
        return told
    return told | {
        "Figure is": standing(current),
        "First reported": current.first.milestone or current.first.actual,
        "Forecast for year end": current.now.forecast,
        "Commentary": told["Commentary"] or current.now.commentary,
    }


def _compared(facts: Facts, latest: Latest, row: Judged) -> Row:
    """How the org stands among those that report the KPI for the same period."""
    among = facts.compared.get((latest.kpi.id, latest.org.code, row["period"]))
    if among is None:
        return {}
    said: Row = {"Rank": among["rank_words"], "Gap": float(among["gap"])}
    for end in ("best", "worst"):
        org = among[f"{end}_org"]
        if org:
            figures = facts.series[latest.kpi.id, org]
            said[end.capitalize()] = next(f"{of['shown']} ({org})" for of in figures if of["period"] == row["period"])
    return said


def _process(facts: Facts, latest: Latest) -> Row:
    """Trend and SPC verdicts; where there is no verdict, why."""
    process = process_of(facts, latest)
    if process is None:
        return {}
    judged = assurance(facts, latest)
    return {
        "Trend": process.trend,
        "Points": process.points_words,
        "Variation": variation(facts, latest) if process.variation else process.reason,
        "Assurance": None if judged == NOT_JUDGED else judged,
        "Process in words": process.words,
        "Flag": flag(facts, latest),
    }
