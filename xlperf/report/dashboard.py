"""The dashboard: one row a KPI under its section, and the words above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from xlperf.catalogue import Kind
from xlperf.report import layout
from xlperf.report.facts import Facts, Judged, Latest, Row
from xlperf.report.quality import confidence, standing
from xlperf.report.spark import spark
from xlperf.report.verdicts import assurance, flag, variation
from xlperf.returns.words import target_words
from xlperf.rules.movement import BETTER, DOWN, SAME, UP, WORSE
from xlperf.rules.rag import MILESTONES, Rag
from xlperf.rules.rollup import target_of
from xlperf.rules.spc.rulesets import TRIAL_POINTS

SPARK_PERIODS = 12
ARROWS = {BETTER: "▲ better", WORSE: "▼ worse", SAME: "same", UP: "up", DOWN: "down", "": "–"}
_NO_FIGURE = (Rag.NOT_RETURNED, Rag.NOT_DUE)
_COUNTED = (
    Rag.RED,
    Rag.AMBER,
    Rag.GREEN,
    Rag.BLUE,
    Rag.NO_TARGET,
    Rag.NOT_APPLICABLE,
    *_NO_FIGURE,
)
KEY = """\
RAG: Green meets the target; Amber is within tolerance; Red is outside it; Blue is a milestone complete. \
Not due and Not returned show the last figure there is, with its date.
Data: sign-off, timeliness, audit, systems; each Green, Amber, Red or – not stated. Change: against the previous \
period. Last periods: up to {periods}, from the lowest ▁ to the highest █. A stage with ? is proposed, for decision.
Variation and assurance: Making Data Count (SPC, ruleset {ruleset}); H high, L low; P will, ? may not, F will not meet \
the target. Without a verdict, as with fewer than {points} points: {moves} changes running the same way, else steady."""


def dashboard_rows(facts: Facts) -> list[Row]:
    """The rows of the dashboard table: a band for each section, its KPIs, and the key."""
    rows: list[Row] = []
    for section in facts.catalogue.sections:
        members = [each for each in facts.latest if each.kpi.section == section.id and _is_printed(facts, each)]
        # Also without KPIs, where all have been retired: what the heading counts has to be on the page.
        if members or any(_section_stages(facts, section.id)):
            rows.append(_band(facts, section.id, section.name, members))
            rows += [_row(facts, latest) for latest in members]
    rules = facts.catalogue.rules
    key = KEY.format(
        moves=rules.short_trend_moves, periods=SPARK_PERIODS, ruleset=rules.spc_ruleset, points=TRIAL_POINTS
    )
    return rows + [{"Ref": line, layout.KIND: layout.KEY_ROW} for line in key.splitlines()]


def _is_printed(facts: Facts, latest: Latest) -> bool:
    """Of a KPI of many orgs those that are rolled up into another are not printed; Exceptions lists them."""
    if latest.members or len(facts.catalogue.orgs_of(latest.kpi)) <= facts.catalogue.rules.dashboard_orgs:
        return True
    return not any(latest.org.code in made_of for made_of in facts.members[latest.kpi.id].values())


def _band(facts: Facts, section: str, name: str, members: Sequence[Latest]) -> Row:
    question = next((question.text for question in facts.catalogue.questions if question.section == section), "")
    return {
        "Ref": name,
        "Unit": question,
        "Note": counts(members),
        "Escalation": "; ".join(_section_stages(facts, section)),
        layout.KIND: layout.SECTION_ROW,
    }


def _section_stages(facts: Facts, section: str) -> Iterator[str]:
    """The stage of the section, where the ladder has stages for sections: of each org that has one."""
    if not facts.catalogue.escalation.section_stages:
        return
    for org in facts.catalogue.orgs:
        words = facts.stage_words((section, org.code))
        if words:
            yield f"{org.code}: {words}" if len(facts.catalogue.orgs) > 1 else words


def _row(facts: Facts, latest: Latest) -> Row:
    kpi, row = latest.kpi, latest.row
    return {
        "Ref": kpi.id,
        "Indicator": _indicator(facts, latest),
        "Unit": kpi.shown_unit,
        "Latest": _latest_words(latest),
        "Target": target_words(kpi, target_of(kpi, bool(latest.members), latest.period)) if latest.period else "",
        "RAG": str(latest.rag),
        "Data": confidence(facts, latest).letters,
        "Change": ARROWS[row["movement"]] if row else ARROWS[""],
        "As at": latest.period.short if latest.period else "–",
        layout.LAST_PERIODS: _spark(facts, latest),
        "Variation": variation(facts, latest),
        "Assurance": assurance(facts, latest),
        "Note": "; ".join(_note(facts, latest)),
        "Escalation": facts.stage_words(latest.series),
        "Executive owner": facts.executive_owner(latest),
        layout.KIND: layout.KPI_ROW,
    }


_INDICATOR = 48
"""Characters that its column holds in print."""


def _indicator(facts: Facts, latest: Latest) -> str:
    """The KPI and whose figure it is; the orgs that a rolled-up figure is made of stand below it by name alone.

    Each dash is a level of the tree below the one that is rolled up.
    """
    rolled_up = facts.members[latest.kpi.id]
    parent = facts.catalogue.org_by_code.get(latest.org.parent or "")
    depth = 0
    while parent is not None and parent.code in rolled_up:
        depth, parent = depth + 1, facts.catalogue.org_by_code.get(parent.parent or "")
    if depth:
        return f"{'– ' * depth}{latest.org.name}"
    if not latest.members and len(facts.catalogue.orgs_of(latest.kpi)) == 1:
        return latest.kpi.name
    named = f"{latest.kpi.name}: {latest.org.name}"
    return named if len(named) <= _INDICATOR else f"{latest.kpi.name}: {latest.org.code}"


def _note(facts: Facts, latest: Latest) -> Iterator[str]:
    """What a reader must know beside the figure: a contradiction, who has not reported, a figure that may change."""
    if latest.was:
        yield f"was {latest.was}"
    if said := flag(facts, latest):
        yield said.replace(" the target", "")
    if latest.reported:
        yield latest.reported
    if latest.row and (mark := standing(facts.current(latest.row))):
        yield mark


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
    if row["partial"]:
        return None  # a sum that lacks an org would look like a fall
    if latest.kpi.kind is Kind.MILESTONE:
        order = list(MILESTONES)
        return -float(order.index(row["milestone"])) if row["milestone"] in order else None
    actual = float(row["actual"])
    return None if actual != actual else actual


def counts(members: Sequence[Latest]) -> str:
    """How many of each: `1 Red, 6 Green, 3 Not returned and 1 Not due (2 were Red)`.

    Of those without a colour it is said how many were Red when last rated, so that no Red is lost by not returning. Of
    those without a figure it is said together: the line has to fit the page.
    """
    number = Counter(latest.rag for latest in members)
    were_red = Counter(latest.rag for latest in members if latest.was == Rag.RED)
    counted = [f"{number[rag]} {rag}{_were_red(were_red[rag])}" for rag in _COUNTED if number[rag]]
    without = [f"{number[rag]} {rag}" for rag in _NO_FIGURE if number[rag]]
    red = sum(were_red[rag] for rag in _NO_FIGURE)
    if red:
        counted[-len(without) :] = [" and ".join(without) + _were_red(red)]
    return ", ".join(counted)


def _were_red(number: int) -> str:
    return f" ({number} {'was' if number == 1 else 'were'} Red)" if number else ""


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
    printed = [latest for latest in facts.latest if _is_printed(facts, latest)]
    kpis = len({latest.kpi.id for latest in printed})
    figures = f", {len(printed)} figures" if len(printed) > kpis else ""
    parts = [f"{kpis} indicators{figures}: {counts(printed)}"]
    issued = {owner for owner, period in facts.state.latest_issue if period == str(facts.period)}
    if issued:
        returned = {owner for owner, period in facts.state.in_use if period == str(facts.period)}
        parts.append(f"{len(issued & returned)} of {len(issued)} returns received")
    parts.append(" and ".join(_escalation_counts(facts)) or "none in escalation")
    return " · ".join(parts)


def _escalation_counts(facts: Facts) -> Iterator[str]:
    keys = [*facts.sections, *(latest.series for latest in facts.latest)]
    decided = sum(1 for key in keys if facts.decision(key).stage in facts.stages_of(key))
    proposed = sum(1 for key in keys if facts.answer(key).is_open)
    if decided:
        yield f"{decided} in escalation"
    if proposed:
        yield f"{proposed} proposal{'s' if proposed > 1 else ''} of escalation to decide"
