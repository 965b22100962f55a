"""The lists of the master, one function a sheet; each gives rows keyed by the headers of `report.layout`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlperf.catalogue import Kpi
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.dashboard import dashboard_rows
from xlperf.report.escalation import escalation_rows, typed_rows
from xlperf.report.facts import Facts, Judged, Latest, Row, date_of, head
from xlperf.report.returns import finding_rows, return_rows
from xlperf.returns.words import BETTER_WORDS, glossary_rows, target_words, tolerance_words
from xlperf.rules.rag import Rag

Tables = dict[str, list[Row]]


def master_tables(facts: Facts, about: Sequence[tuple[str, str]]) -> Tables:
    """Every table of the master; `about` are the (item, value) rows of the About sheet."""
    return {
        layout.DASHBOARD: dashboard_rows(facts),
        layout.EXCEPTIONS: exception_rows(facts),
        layout.ESCALATION: escalation_rows(facts),
        layout.KPIS: kpi_rows(facts),
        layout.DATA: data_rows(facts),
        layout.RETURNS: return_rows(facts),
        layout.FINDINGS: finding_rows(facts),
        layout.GLOSSARY: _glossary(facts),
        layout.ABOUT: [{"Item": item, "Value": value} for item, value in about],
        layout.TYPED: typed_rows(facts),
        layout.STAGES: [{"Stage": name} for name in facts.stage_names],
    }


def _glossary(facts: Facts) -> list[Row]:
    pairs = tuple((latest.kpi, latest.org) for latest in facts.latest)
    return [dict(row) for row in glossary_rows(facts.catalogue, pairs, facts.period)]


def exception_rows(facts: Facts) -> list[Row]:
    """Every Red and Amber of the period, worst first: Red, then in escalation, then the longest running."""
    off_target = [latest for latest in facts.latest if latest.rag in (Rag.RED, Rag.AMBER) and latest.row]

    def worst_first(latest: Latest) -> tuple[bool, bool, int]:
        in_escalation = bool(facts.stage_words(latest.series))
        return (latest.rag is not Rag.RED, not in_escalation, -latest.row["rag_run"] if latest.row else 0)

    return [_exception(facts, latest) for latest in sorted(off_target, key=worst_first)]


def _exception(facts: Facts, latest: Latest) -> Row:
    row = latest.row or {}
    figure = facts.current(row).now
    running, since = _off_target_since(facts, latest)
    sections = {section.id: section.name for section in facts.catalogue.sections}
    return {
        **head(latest),
        "RAG": str(latest.rag),
        "Latest": row["shown"],
        "Target": target_words(latest.kpi, latest.kpi.target_for(latest.kpi.period(row["period"]))),
        "As at": latest.kpi.period(row["period"]).short,
        "Red or Amber since": since,
        "Periods": running,
        "Change": row["movement"],
        "Trend": row["trend"],
        "Commentary": figure.commentary,
        "Cause": figure.cause,
        "Action": figure.action,
        "Action owner": figure.action_owner,
        "Action due": date_of(figure.action_due),
        "Escalation": facts.stage_words(latest.series),
        **_owners(facts, latest),
        "Section": sections[latest.kpi.section],
    }


def _off_target_since(facts: Facts, latest: Latest) -> tuple[int, str]:
    """For how many figures running it has been Red or Amber, and from which period on."""
    off = [str(Rag.RED), str(Rag.AMBER)]
    count, since = 0, ""
    for row in reversed(facts.series[latest.series]):
        if row["rag"] not in off:
            break
        count, since = count + 1, latest.kpi.period(row["period"]).short
    return count, since


def _owners(facts: Facts, latest: Latest) -> Row:
    return {
        "Responsible owner": facts.catalogue.owner_of(latest.kpi, latest.org).name,
        "Executive owner": facts.catalogue.executive_of(latest.kpi, latest.org).title,
    }


def kpi_rows(facts: Facts) -> list[Row]:
    """The latest figure of every KPI and org."""
    return [_kpi(facts, latest) for latest in facts.latest]


def _kpi(facts: Facts, latest: Latest) -> Row:
    kpi, row = latest.kpi, latest.row
    sections = {section.id: section.name for section in facts.catalogue.sections}
    told: Row = {
        **head(latest),
        "Section": sections[kpi.section],
        "Organisation": latest.org.name,
        "Frequency": str(kpi.frequency),
        "Unit": kpi.shown_unit,
        "Better": BETTER_WORDS[kpi.direction],
        "RAG": str(latest.rag),
        "Escalation": facts.stage_words((kpi.id, latest.org.code)),
        "Commentary": f"({latest.why})" if latest.why else "",
        **_owners(facts, latest),
    }
    if row is None or latest.period is None:
        return told
    figure = facts.current(row).now
    target = kpi.target_for(latest.period)
    return told | {
        "As at": latest.period.short,
        "Actual": figure.actual,
        "Shown": "n/a" if figure.not_applicable else row["shown"],
        "Numerator": figure.numerator,
        "Denominator": figure.denominator,
        "Target": target_words(kpi, target),
        "Tolerance": tolerance_words(target),
        "Change": row["movement"],
        "Trend": row["trend"],
        "Figures": row["points"],
        **_process(facts, latest),
        "Forecast for year end": figure.forecast,
        "Commentary": told["Commentary"] or figure.commentary,
    }


VARIATION = {
    "common_cause": "no significant change",
    "special_cause_improvement": "improving",
    "special_cause_concern": "concerning",
    "special_cause_neutral_high": "high",
    "special_cause_neutral_low": "low",
}
ASSURANCE = {
    "consistent_pass": "expected to meet",
    "consistent_fail": "expected to miss",
    "inconsistent": "may or may not meet",
}


def _process(facts: Facts, latest: Latest) -> Row:
    """The SPC verdicts in words; where there is none, why."""
    process = facts.processes.get(latest.series)
    if process is None:
        return {}
    return {
        "Variation": VARIATION[process.variation] if process.variation else process.reason,
        "Assurance": ASSURANCE[process.assurance] if process.assurance else None,
        "Process in words": process.words,
    }


def data_rows(facts: Facts) -> list[Row]:
    """Every current figure, judged, with where it came from."""
    orgs = {org.code: org.name for org in facts.catalogue.orgs}
    last = {latest.series: latest.period for latest in facts.latest}
    kpis = facts.catalogue.kpi_by_id
    return [_datum(facts, row, kpis[row["kpi_id"]], orgs, last) for row in facts.rows]


def _datum(
    facts: Facts,
    row: Judged,
    kpi: Kpi,
    orgs: Mapping[str, str],
    last: Mapping[tuple[str, str], Period | None],
) -> Row:
    current = facts.current(row)
    figure, key = current.now, (kpi.id, row["org"])
    period = kpi.period(row["period"])
    target = kpi.target_for(period)
    return {
        "Ref": kpi.id,
        "KPI": kpi.name,
        "Org": row["org"],
        "Organisation": orgs.get(row["org"], ""),
        "Period": row["period"],
        "Period ends": period.last_day,
        "Unit": kpi.shown_unit,
        "Actual": figure.actual,
        "Numerator": figure.numerator,
        "Denominator": figure.denominator,
        "Milestone": figure.milestone,
        "Target": target_words(kpi, target),
        "Tolerance": tolerance_words(target),
        "RAG": row["rag"],
        "Change": row["movement"],
        "Trend": row["trend"],
        "Figures": row["points"],
        "Escalation": facts.stage_words(key) if last.get(key) == period else "",
        "Commentary": figure.commentary,
        "Cause": figure.cause,
        "Action": figure.action,
        "Action owner": figure.action_owner,
        "Action due": date_of(figure.action_due),
        "Forecast for year end": figure.forecast,
        "Reason not applicable": figure.reason_not_applicable,
        "First reported": current.first.milestone or current.first.actual,
        "Restated": "yes" if current.is_restated else "",
        "Reason for restatement": figure.reason_restated,
        "Definition changed": figure.what_changed or ("yes" if figure.changed else ""),
        "Validated": "yes" if figure.validated else "no",
        "Note": f"printed rounded it would look another colour: {row['shown']}" if "(not " in row["shown"] else "",
        "File": figure.file,
        "Sheet": figure.sheet,
        "Cell": figure.cell,
        "Return": current.return_id or "imported",
    }
