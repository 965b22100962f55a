"""Why a KPI is listed among the exceptions: what is to be acted on, and what to celebrate.

Nothing leaves the first list by not being returned: what is off target stays until a figure says that it is over, and
what is in escalation, or proposed for it, until it is out.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.period import Period
from xlperf.report.facts import Facts, Judged, Latest
from xlperf.report.verdicts import flag
from xlperf.rules.celebrate import celebrations
from xlperf.rules.escalation import RATED, Answer, Rated
from xlperf.rules.rag import Rag

COLOURS = (Rag.RED, Rag.AMBER)
"""What is off target, the worst first."""


def needs_attention(facts: Facts, latest: Latest) -> bool:
    """Whether it is to be acted on: off target, in escalation or proposed for it, or on its way off target."""
    return latest.off_target is not None or bool(facts.stage_words(latest.series) or flag(facts, latest))


def why(facts: Facts, latest: Latest) -> Iterator[str]:
    """Why it is to be acted on: how it stands, since when, and in which stage where nothing else tells."""
    run = latest.off_target
    if run is None:
        if not flag(facts, latest):
            yield _without_colour(facts, latest) or str(latest.rag)
        yield from filter(None, (flag(facts, latest), _stage(facts, latest.series)))
    elif latest.rag in COLOURS:
        yield str(latest.rag)
        if run.figures > 1:
            yield f"off target for {run.figures} periods, since {since(latest)}"
        yield from filter(None, [flag(facts, latest)])
    else:
        now = _without_colour(facts, latest)
        was = f"{run.last['rag']} in {latest.kpi.period(run.last['period']).short}"
        if run.figures > 1:
            was += f" and off target for {run.figures} periods, since {since(latest)}"
        yield from filter(None, (now or f"{latest.rag} without every org", was, flag(facts, latest)))
    if latest.reported:
        yield latest.reported
    # Last, as it is the owner's text, of any length.
    current = facts.current(latest.row) if latest.row and latest.rag == Rag.NOT_APPLICABLE else None
    if current is not None and current.now.reason_not_applicable:
        yield f"reason given: {current.now.reason_not_applicable}"


def _without_colour(facts: Facts, latest: Latest) -> str:
    """Why there is no figure to judge; "" where there is one."""
    if latest.rag in RATED:
        return ""
    if latest.due is None:
        return f"No figure due for {facts.period.short}"
    period = latest.due.short
    if latest.rag == Rag.NOT_APPLICABLE:
        return f"Not applicable in {period}"
    if latest.rag == Rag.NO_TARGET:
        return f"No target in {period}"
    if latest.why:
        return f"No figure for {period} ({latest.why})"
    return f"No complete figure for {period}" if latest.lacks_orgs else f"No figure for {period}"


def _stage(facts: Facts, key: tuple[str, str]) -> str:
    """In which stage it is, and what is to be decided about it; "" where there is nothing."""
    no_stage, now, answered = facts.catalogue.escalation.no_stage, facts.in_force(key), facts.answer(key)
    proposal = facts.proposals.get(key)
    said = []
    if now:
        is_stage = now in facts.stages_of(key)
        said.append(f"in escalation: {now}" if is_stage else f"'{now}' is no stage here and counts as {no_stage}")
    if answered is Answer.DISPUTED:
        said.append("two people have decided: a person has to choose")
    elif answered.is_open and proposal is not None:
        to = "to leave escalation" if proposal.stage == no_stage else proposal.stage
        said.append(f"proposed, for decision: {to}")
    return "; ".join(said)


def why_section(facts: Facts, key: tuple[str, str]) -> str:
    """Why a section is to be acted on."""
    proposal = facts.proposals.get(key)
    return "; ".join(filter(None, (_stage(facts, key), proposal.reason if proposal else "")))


def since(latest: Latest) -> str:
    """The period with which the run of Reds and Ambers began, in words; "" where there is none."""
    period = off_target_from(latest)
    return period.short if period else ""


def off_target_from(latest: Latest) -> Period | None:
    """The period with which the run of Reds and Ambers began."""
    return latest.kpi.period(latest.off_target.first["period"]) if latest.off_target else None


def good_news(facts: Facts, latest: Latest) -> tuple[str, ...]:
    """What there is to celebrate."""
    process = facts.processes.get(latest.series)
    if latest.rag not in RATED or latest.lacks_orgs:
        return ()  # not while those who have not reported could undo it
    history = [_rated(latest, row) for row in facts.series.get(latest.series, ()) if row["rag"] in RATED]
    return celebrations(history, process.trend if process else "", facts.catalogue.rules.sustained_green)


def _rated(latest: Latest, row: Judged) -> Rated:
    period = latest.kpi.period(row["period"])
    return Rated(period.short, row["rag"], row["shown"], period.last_day)
