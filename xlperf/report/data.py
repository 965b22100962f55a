"""Data in the master: every figure that was returned, judged, with where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from xlperf.catalogue import Kpi
from xlperf.ledger import Current
from xlperf.period import Period
from xlperf.report.facts import Facts, Judged, Row, date_of
from xlperf.returns.fields import FIELDS, Field, Holds
from xlperf.returns.figure import Answer
from xlperf.returns.words import target_words, tolerance_words


def data_rows(facts: Facts) -> list[Row]:
    """Every current figure, judged, with where it came from."""
    orgs = {org.code: org.name for org in facts.catalogue.orgs}
    last = {latest.series: latest.period for latest in facts.latest}
    kpis = facts.catalogue.kpi_by_id
    returned = ((row, facts.current(row)) for row in facts.rows)
    return [_datum(facts, row, current, kpis[row["kpi_id"]], orgs, last) for row, current in returned if current]


def _datum(
    facts: Facts,
    row: Judged,
    current: Current,
    kpi: Kpi,
    orgs: Mapping[str, str],
    last: Mapping[tuple[str, str], Period | None],
) -> Row:
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
        "Target": target_words(kpi, target),
        "Tolerance": tolerance_words(target),
        "Target since": target.from_ if target else "",
        "RAG": row["rag"],
        "Change": row["movement"],
        "Same period last year": row["last_year"],
        "Trend": row["trend"],
        "Figures": row["points"],
        "Escalation": facts.stage_words(key) if last.get(key) == period else "",
        "First reported": current.first.milestone or current.first.actual,
        "Restated": "yes" if current.is_restated else "",
        "Definition changed": figure.what_changed or ("yes" if figure.changed else ""),
        "Validated": "yes" if figure.validated else "no",
        "Note": f"printed rounded it would look another colour: {row['shown']}" if "(not " in row["shown"] else "",
        "File": figure.file,
        "Sheet": figure.sheet,
        "Cell": figure.cell,
        "Return": current.return_id or "imported",
        **{field.header: _shown(field, figure.answer(field.id)) for field in FIELDS if field.is_in_data},
    }


def _shown(field: Field, answer: Answer) -> Answer | date:
    match field.holds:
        case Holds.YES_NO | Holds.YES:
            return "yes" if answer else ""
        case Holds.DATE:
            return date_of(str(answer or ""))
        case Holds.NUMBER:
            return answer
        case _:
            return answer or ""
