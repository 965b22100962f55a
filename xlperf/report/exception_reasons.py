"""Why a KPI or a section is listed among the exceptions, in words."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment import Assessment, Latest
from xlperf.catalogue import Section
from xlperf.period import Period
from xlperf.rules.escalation import RATED, Answer
from xlperf.rules.rag import Rag

COLOURS = (Rag.RED, Rag.AMBER)
"""What is off target, the worst first."""


def why(assessment: Assessment, latest: Latest) -> Iterator[str]:
    """Why a KPI needs action: its RAG and since when, disagreeing verdicts, and its stage if it is not off target."""
    run = latest.off_target
    if run is None:
        if not latest.flag:
            yield _without_colour(assessment, latest) or str(latest.rag)
        yield from filter(None, (latest.flag, _stage(assessment, latest.series)))
    elif latest.rag in COLOURS:
        yield str(latest.rag)
        if run.figures > 1:
            yield f"off target for {run.words}, since {since(latest)}"
        yield from filter(None, [latest.flag])
    else:
        now = _without_colour(assessment, latest)
        was = f"{run.last['rag']} in {latest.kpi.period(run.last['period']).short}"
        if latest.row and run.last["period"] == latest.row["period"] and latest.row["not_applicable"]:
            was += f" ({run.last['shown']}) until a return said that it does not apply"
        if run.figures > 1:
            was += f" and off target for {run.words}, since {since(latest)}"
        yield from filter(None, (now or f"{latest.rag} without every org", was, latest.flag))
    if latest.reported:
        yield latest.reported
    # Last, as it is the owner's text and may be long.
    current = latest.current if latest.row and latest.rag == Rag.NOT_APPLICABLE else None
    if current is not None and current.now.reason_not_applicable:
        yield f"reason given: {current.now.reason_not_applicable}"


def _without_colour(assessment: Assessment, latest: Latest) -> str:
    """Why there is no figure to judge; "" if there is one."""
    if latest.rag in RATED:
        return ""
    if latest.due is None:
        return f"No figure due for {assessment.period.short}"
    period = latest.due.short
    if latest.rag == Rag.NOT_APPLICABLE:
        return f"Not applicable in {period}"
    if latest.rag == Rag.NO_TARGET:
        return f"No target in {period}"
    if latest.why:
        return f"No figure for {period} ({latest.why})"
    return f"No complete figure for {period}" if latest.lacks_orgs else f"No figure for {period}"


def _stage(assessment: Assessment, key: tuple[str, str]) -> str:
    """The stage it is in and the decision to be made about it; "" if there is neither."""
    no_stage, now, answered = assessment.ladder.no_stage, assessment.ladder.in_force(key), assessment.ladder.answer(key)
    proposal = assessment.ladder.proposals.get(key)
    words = []
    if now:
        is_stage = now in assessment.ladder.stages_of(key)
        words.append(f"in escalation: {now}" if is_stage else f"'{now}' is no stage here and counts as {no_stage}")
    if answered is Answer.DISPUTED:
        words.append("two people have decided: a person has to choose")
    elif answered.is_open and proposal is not None:
        to = "to leave escalation" if proposal.stage == no_stage else proposal.stage
        words.append(f"proposed, for decision: {to}")
    return "; ".join(words)


def why_section(assessment: Assessment, key: tuple[str, str]) -> str:
    """Why a section needs action."""
    proposal = assessment.ladder.proposals.get(key)
    return "; ".join(filter(None, (_stage(assessment, key), proposal.reason if proposal else "")))


def since(latest: Latest) -> str:
    """The first period of the run of Reds and Ambers, in words; "" if there is none."""
    period = off_target_from(latest)
    return period.short if period else ""


def off_target_from(latest: Latest) -> Period | None:
    """The first period of the run of Reds and Ambers; None if there is none."""
    return latest.kpi.period(latest.off_target.first["period"]) if latest.off_target else None


def section_name(section: Section) -> str:
    """A section's name in a column of KPI names."""
    return f"Section: {section.name}"
