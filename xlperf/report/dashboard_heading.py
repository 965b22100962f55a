"""The headings of the dashboard and of its sections: titles, counts, stages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from xlperf.assessment import Assessment, Latest
from xlperf.rules.rag import Rag

_NO_FIGURE = (Rag.NOT_RETURNED, Rag.NOT_DUE, Rag.CLOSED)
_COUNTED = (
    Rag.RED,
    Rag.AMBER,
    Rag.GREEN,
    Rag.BLUE,
    Rag.NO_TARGET,
    Rag.NOT_APPLICABLE,
    *_NO_FIGURE,
)


def is_printed(assessment: Assessment, latest: Latest) -> bool:
    """Whether the dashboard has a line for it.

    If a KPI has many orgs, those rolled up into another are left out. An org that has closed is, unless it is still in
    a stage: people have to see that.
    """
    if latest.rag == Rag.CLOSED:
        return bool(assessment.ladder.words(latest.series))
    open_orgs = assessment.trees[latest.kpi.id].open_in(assessment.period)
    if latest.members or len(open_orgs) <= assessment.catalogue.rules.dashboard_orgs:
        return True
    return not any(latest.org.code in made_of for made_of in assessment.members_now(latest.kpi).values())


def section_stages(assessment: Assessment, section: str) -> Iterator[str]:
    """The stage of the section for each org that has one, if the ladder has stages for sections."""
    if not assessment.catalogue.escalation.section_stages:
        return
    for org in assessment.catalogue.orgs:
        words = assessment.ladder.printed((section, org.code))
        if words:
            yield f"{org.code}: {words}" if len(assessment.catalogue.orgs) > 1 else words


def counts(members: Sequence[Latest]) -> str:
    """How many of each: `1 Red, 6 Green, 3 Not returned and 1 Not due (2 were Red)`.

    For those without a colour it adds how many were Red when last rated, so that no Red disappears because a figure is
    missing. Not returned and Not due share one such count, as the line has to fit the page.
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


def title(assessment: Assessment) -> str:
    """The dashboard's heading."""
    return f"{assessment.catalogue.title} · {assessment.period.label}"


def subtitle(assessment: Assessment) -> str:
    """The organisation, board and date, the time it was produced, and the version of the catalogue."""
    entry = assessment.catalogue.entry_by_period[assessment.period]
    board = f"{entry.board_date.day} {entry.board_date:%B %Y}"
    produced = f"{assessment.produced.day} {assessment.produced:%B %Y %H:%M}"
    catalogue = assessment.catalogue
    return (
        f"{catalogue.organisation} · for the {catalogue.board} of {board} · produced {produced} · "
        f"catalogue {catalogue.version}"
    )


def summary(assessment: Assessment) -> str:
    """The page in one line: counts, returns received, escalation."""
    printed = [latest for latest in assessment.latest if is_printed(assessment, latest)]
    kpis = len({latest.kpi.id for latest in printed})
    figures = f", {len(printed)} figures" if len(printed) > kpis else ""
    parts = [f"{kpis} indicators{figures}: {counts(printed)}"]
    issued = {owner for owner, period in assessment.state.latest_issue if period == str(assessment.period)}
    if issued:
        returned = {owner for owner, period in assessment.state.in_use if period == str(assessment.period)}
        parts.append(f"{len(issued & returned)} of {len(issued)} returns received")
    if assessment.period.last_day >= assessment.produced.date():
        parts.append("the period has not ended")
    parts.append(" and ".join(_escalation_counts(assessment)) or "none in escalation")
    return " · ".join(parts)


def _escalation_counts(assessment: Assessment) -> Iterator[str]:
    keys = _stage_keys(assessment)
    decided = sum(1 for key in keys if assessment.ladder.decision(key).stage in assessment.ladder.stages_of(key))
    asked = sum(1 for key in _open(assessment) if assessment.ladder.printed(key).endswith("?"))
    if decided:
        yield f"{decided} in escalation"
    if asked:
        yield f"{_proposals(asked)} of escalation to decide"


def to_decide(assessment: Assessment) -> str:
    """What there is to decide of escalation, whoever decides it: `7 proposals, on the sheet Escalation`."""
    count = len(_open(assessment))
    return f"{_proposals(count)}, on the sheet Escalation" if count else "nothing"


def _proposals(count: int) -> str:
    return f"{count} proposal{'s' if count > 1 else ''}"


def _stage_keys(assessment: Assessment) -> list[tuple[str, str]]:
    return [*assessment.ladder.sections, *(latest.series for latest in assessment.latest)]


def _open(assessment: Assessment) -> list[tuple[str, str]]:
    return [key for key in _stage_keys(assessment) if assessment.ladder.answer(key).is_open]
