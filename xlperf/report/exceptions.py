"""Exceptions: what to act on, and what to celebrate.

Nothing leaves the first list by not being returned: what is off target stays until a figure says that it is over, and
what is in escalation, or proposed for it, until it is out.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.catalogue import Section
from xlperf.report import layout
from xlperf.report.facts import Facts, Judged, Latest, Row, about_section, date_of, head
from xlperf.report.quality import confidence
from xlperf.report.verdicts import assurance, flag, variation
from xlperf.returns.words import target_words
from xlperf.rules.celebrate import celebrations
from xlperf.rules.escalation import RATED, Answer, Rated
from xlperf.rules.rag import Rag
from xlperf.rules.rollup import target_of

_COLOURS = (Rag.RED, Rag.AMBER)


def exception_rows(facts: Facts) -> list[Row]:
    """First what is off target, in escalation, or will be off target, worst first; then what went well."""

    def worst_first(latest: Latest) -> tuple[int, bool, int]:
        run = latest.off_target
        # What was Red and has no figure now stands with the Red ones, so that a missing figure does not sink.
        colour = _COLOURS.index(Rag(run.last["rag"])) if run else len(_COLOURS)
        return (colour, not facts.stage_words(latest.series), -run.figures if run else 0)

    to_act_on = sorted((latest for latest in facts.latest if _needs_attention(facts, latest)), key=worst_first)
    rows = [_exception(facts, latest, layout.TO_ACT_ON, "; ".join(_why(facts, latest))) for latest in to_act_on]
    rows += (_of_section(facts, key, section) for key, section in facts.sections.items() if facts.stage_words(key))
    for latest in facts.latest:
        good = () if _needs_attention(facts, latest) else _good_news(facts, latest)
        if good:
            rows.append(_exception(facts, latest, layout.TO_CELEBRATE, "; ".join(good)))
    return rows


def _needs_attention(facts: Facts, latest: Latest) -> bool:
    return latest.off_target is not None or bool(facts.stage_words(latest.series) or flag(facts, latest))


def _why(facts: Facts, latest: Latest) -> Iterator[str]:
    """Why it is to be acted on: how it stands, since when, and in which stage where nothing else tells."""
    run = latest.off_target
    if run is None:
        if not flag(facts, latest):
            yield _without_colour(facts, latest) or str(latest.rag)
        yield from filter(None, (flag(facts, latest), _stage(facts, latest.series)))
    elif latest.rag in _COLOURS:
        yield str(latest.rag)
        if run.figures > 1:
            yield f"off target for {run.figures} periods, since {_since(latest)}"
        yield from filter(None, [flag(facts, latest)])
    else:
        now = _without_colour(facts, latest)
        was = f"{run.last['rag']} in {latest.kpi.period(run.last['period']).short}"
        if run.figures > 1:
            was += f" and off target for {run.figures} periods, since {_since(latest)}"
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


def _of_section(facts: Facts, key: tuple[str, str], section: Section) -> Row:
    proposal = facts.proposals.get(key)
    why = (_stage(facts, key), proposal.reason if proposal else "")
    return {
        "List": layout.TO_ACT_ON,
        **about_section(key, section),
        "Why it is listed": "; ".join(filter(None, why)),
        "Escalation": facts.stage_words(key),
        "Section": section.name,
    }


def _since(latest: Latest) -> str:
    return latest.kpi.period(latest.off_target.first["period"]).short if latest.off_target else ""


def _good_news(facts: Facts, latest: Latest) -> tuple[str, ...]:
    process = facts.processes.get(latest.series)
    if latest.rag not in RATED or latest.lacks_orgs:
        return ()  # not while those who have not reported could undo it
    history = [_rated(latest, row) for row in facts.series.get(latest.series, ()) if row["rag"] in RATED]
    return celebrations(history, process.trend if process else "", facts.catalogue.rules.sustained_green)


def _rated(latest: Latest, row: Judged) -> Rated:
    period = latest.kpi.period(row["period"])
    return Rated(period.short, row["rag"], row["shown"], period.last_day)


def _exception(facts: Facts, latest: Latest, listed: str, why: str) -> Row:
    run = latest.off_target
    # What has no colour now is told by the figure that had one.
    row = run.last if run and latest.rag not in RATED else latest.row
    sections = {section.id: section.name for section in facts.catalogue.sections}
    told: Row = {
        "List": listed,
        **head(latest),
        "RAG": str(latest.rag),
        "Why it is listed": why,
        "Red or Amber since": _since(latest),
        "Periods": run.figures if run else None,
        "Variation": variation(facts, latest),
        "Assurance": assurance(facts, latest),
        "Data quality": confidence(facts, latest).letters,
        "Escalation": facts.stage_words(latest.series),
        "Responsible owner": facts.responsible_owner(latest),
        "Executive owner": facts.executive_owner(latest),
        "Directorate": facts.directorate(latest),
        "Section": sections[latest.kpi.section],
    }
    if row is None:
        return told
    period = latest.kpi.period(row["period"])
    told |= {
        "Latest": "n/a" if row["not_applicable"] else row["shown"],
        "Target": target_words(latest.kpi, target_of(latest.kpi, bool(latest.members), period)),
        "As at": period.short,
        "Change": row["movement"],
    }
    current = facts.current(row)
    if current is None:
        return told
    figure = current.now
    return told | {
        "Commentary": figure.commentary,
        "Cause": figure.cause,
        "Action": figure.action,
        "Action owner": figure.action_owner,
        "Action due": date_of(figure.action_due),
    }
