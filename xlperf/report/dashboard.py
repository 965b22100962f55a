"""The dashboard: one row a KPI under its section, and the words above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from xlperf.catalogue import Kind
from xlperf.report import layout
from xlperf.report.facts import Facts, Judged, Latest, Row
from xlperf.report.spark import spark
from xlperf.returns.words import target_words
from xlperf.rules.escalation import NO_STAGE
from xlperf.rules.movement import BETTER, DOWN, SAME, UP, WORSE
from xlperf.rules.rag import MILESTONES, Rag
from xlperf.rules.trend import NOT_ENOUGH

SPARK_PERIODS = 12
ARROWS = {BETTER: "▲ better", WORSE: "▼ worse", SAME: "same", UP: "up", DOWN: "down", "": "–"}
_COUNTED = (
    Rag.RED,
    Rag.AMBER,
    Rag.GREEN,
    Rag.BLUE,
    Rag.NO_TARGET,
    Rag.NOT_APPLICABLE,
    Rag.NOT_RETURNED,
    Rag.NOT_DUE,
)
KEY = """\
RAG: Green meets the target; Amber is within tolerance; Red is outside it; Blue is a milestone complete. \
Not due and Not returned show the last figure there is, with its date.
Change: against the previous comparable period, judged by what is better. Trend: {moves} changes running the same way, \
else steady; – is not enough data. Last periods: up to {periods}, from the lowest ▁ to the highest █. \
A stage with ? is proposed, for decision."""


def dashboard_rows(facts: Facts) -> list[Row]:
    """The rows of the dashboard table: a band for each section, its KPIs, and the key."""
    rows: list[Row] = []
    for section in facts.catalogue.sections:
        members = [latest for latest in facts.latest if latest.kpi.section == section.id]
        if members:
            rows.append(_band(facts, section.id, section.name, members))
            rows += [_row(facts, latest) for latest in members]
    key = KEY.format(moves=facts.catalogue.rules.short_trend_moves, periods=SPARK_PERIODS)
    return rows + [{"Ref": line, layout.KIND: layout.KEY_ROW} for line in key.splitlines()]


def _band(facts: Facts, section: str, name: str, members: Sequence[Latest]) -> Row:
    question = next((question.text for question in facts.catalogue.questions if question.section == section), "")
    return {
        "Ref": name,
        "Unit": question,
        "Escalation": counts([latest.rag for latest in members]),
        layout.KIND: layout.SECTION_ROW,
    }


def _row(facts: Facts, latest: Latest) -> Row:
    kpi, row = latest.kpi, latest.row
    several = len(facts.catalogue.orgs_of(kpi)) > 1
    period = latest.period or facts.period
    key = (kpi.id, latest.org.code)
    trend = row["trend"] if row else NOT_ENOUGH
    return {
        "Ref": kpi.id,
        "Indicator": f"{kpi.name}: {latest.org.name}" if several else kpi.name,
        "Unit": kpi.shown_unit,
        "Latest": _latest_words(latest),
        "Target": target_words(kpi, kpi.target_for(period)) if latest.period else "",
        "RAG": str(latest.rag),
        "Change": ARROWS[row["movement"]] if row else ARROWS[""],
        "As at": latest.period.short if latest.period else "–",
        "Last periods": _spark(facts, latest),
        "Trend": "–" if trend == NOT_ENOUGH else trend,
        "Escalation": facts.stage_words(key),
        "Executive owner": facts.catalogue.executive_of(kpi, latest.org).title,
        layout.KIND: layout.KPI_ROW,
    }


def _latest_words(latest: Latest) -> str:
    if latest.row is None:
        return "–"
    return "n/a" if latest.row["not_applicable"] else latest.row["shown"]


def _spark(facts: Facts, latest: Latest) -> str:
    if latest.period is None:
        return ""
    series = facts.series[latest.series]
    known = {row["period_number"]: _height(latest, row) for row in series}
    first = max(min(known), latest.period.number - SPARK_PERIODS + 1)
    return spark([known.get(number) for number in range(first, latest.period.number + 1)])


def _height(latest: Latest, row: Judged) -> float | None:
    if latest.kpi.kind is Kind.MILESTONE:
        order = list(MILESTONES)
        return -float(order.index(row["milestone"])) if row["milestone"] in order else None
    actual = float(row["actual"])
    return None if actual != actual else actual


def counts(rags: Sequence[Rag]) -> str:
    """How many of each: `1 Red, 6 Green, 1 Not due`."""
    number = Counter(rags)
    return ", ".join(f"{number[rag]} {rag}" for rag in _COUNTED if number[rag])


def title(facts: Facts) -> str:
    """The dashboard's heading."""
    return f"{facts.catalogue.title} · {facts.period.label}"


def subtitle(facts: Facts) -> str:
    """For whom, from when, and on what it stands."""
    entry = facts.catalogue.entry_by_period[facts.period]
    board = f"{entry.board_date.day} {entry.board_date:%B %Y}"
    produced = f"{facts.produced.day} {facts.produced:%B %Y %H:%M}"
    return (
        f"{facts.catalogue.organisation} · for the {facts.catalogue.board} of {board} · produced {produced} · "
        f"catalogue {facts.catalogue.version}"
    )


def summary(facts: Facts) -> str:
    """The page in one line: counts, returns received, escalation."""
    parts = [f"{len(facts.latest)} indicators: {counts([latest.rag for latest in facts.latest])}"]
    issued = {owner for owner, period in facts.state.latest_issue if period == str(facts.period)}
    if issued:
        returned = {owner for owner, period in facts.state.in_use if period == str(facts.period)}
        parts.append(f"{len(issued & returned)} of {len(issued)} returns received")
    parts.append(" and ".join(_escalation_counts(facts)) or "none in escalation")
    return " · ".join(parts)


def _escalation_counts(facts: Facts) -> Iterator[str]:
    keys = [latest.series for latest in facts.latest]
    decided = sum(1 for key in keys if facts.decision(key).stage not in ("", NO_STAGE))
    proposed = sum(1 for key in keys if facts.stage_words(key).endswith("?"))
    if decided:
        yield f"{decided} in escalation"
    if proposed:
        yield f"{proposed} proposal{'s' if proposed > 1 else ''} of escalation to decide"
