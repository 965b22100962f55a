"""Roll-up in the master: figures of the organisation tree and of quarters and years, and how many each stands on."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.report.facts import Facts, Judged, Latest, Row, head, number_of
from xlperf.returns.words import METHODS, limit_words, target_words
from xlperf.rules.rag import Limits
from xlperf.rules.rollup import roll_up_time, target_of


def roll_up_rows(facts: Facts) -> list[Row]:
    """For each KPI and org: the latest rolled-up figure, then the quarter and the year to date."""
    rows: list[Row] = []
    spans: dict[tuple[str, str], list[Judged]] = {}
    for span in roll_up_time(facts.catalogue, facts.figures, facts.period).to_dict("records"):
        spans.setdefault((span["kpi_id"], span["org"]), []).append({str(key): value for key, value in span.items()})
    for latest in facts.latest:
        rows += _of_orgs(latest)
        rows += (_of_time(facts, latest, span) for span in spans.get(latest.series, ()))
    return rows


def _of_orgs(latest: Latest) -> Iterator[Row]:
    row = latest.row
    if not latest.members or row is None or latest.period is None:
        return
    yield {
        **_about(latest, row),
        "Span": "Latest period",
        "Covers": latest.period.label,
        "How": METHODS[latest.kpi.roll_up.orgs],
        "Reported": latest.reported,
        "Shown": "n/a" if row["not_applicable"] else row["shown"],
        "Target": target_words(latest.kpi, target_of(latest.kpi, True, latest.period)),
    }


def _of_time(facts: Facts, latest: Latest, span: Judged) -> Row:
    within = [latest.kpi.period(span[end]).number for end in ("first_period", "last_period")]
    rows = [row for row in facts.series[latest.series] if within[0] <= row["period_number"] <= within[1]]
    lacking = sum(row["reported"] < row["expected"] for row in rows)
    return {
        **_about(latest, span),
        "Span": span["span"],
        "Covers": span["span_label"],
        "How": METHODS[latest.kpi.roll_up.time],
        "Reported": f"{span['reported_periods']} of {span['expected_periods']} periods"
        + (f", {lacking} without every org" if lacking else ""),
        "Shown": span["shown"],
        "Target": limit_words(latest.kpi, Limits(*(span[name] for name in Limits.__slots__))),
    }


def _about(latest: Latest, row: Judged) -> Row:
    return {
        **head(latest),
        "Organisation": latest.org.name,
        "Actual": number_of(row["actual"]),
        "Numerator": number_of(row["numerator"]),
        "Denominator": number_of(row["denominator"]),
        "RAG": str(row["rag"]),
    }
