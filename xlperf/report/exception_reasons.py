"""Why a KPI or a section is listed among the exceptions, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xlperf.assessment import Assessment, Latest
from xlperf.period import Period
from xlperf.rules.escalation import RATED
from xlperf.rules.escalation.phrases import some
from xlperf.rules.milestones import ON_TRACK
from xlperf.rules.rag import Rag

COLOURS = (Rag.RED, Rag.AMBER)
"""What is off target, the worst first."""


def why(assessment: Assessment, latest: Latest, *, is_printed: bool = False) -> Iterator[str]:
    """Why a KPI needs action: its RAG, a forecast that misses, since when, what disagrees; its stage if on target.

    `is_printed`: without what is only proposed, where the board is not to see it; see `Ladder.printed`.
    """
    run, forecast = latest.off_target, forecast_to_miss(latest)
    if run is None:
        if not latest.flag:
            yield _without_colour(assessment, latest) or _with_forecast(latest)
        reasons = (latest.missed, latest.flag, assessment.ladder.sentence(latest.series, is_printed=is_printed))
        yield from filter(None, (*reasons, forecast if latest.flag or latest.rag not in RATED else ""))
    elif latest.rag in COLOURS:
        lacking = " without every part" if latest.lacks_orgs else ""
        long = f"off target for {run.words}, {run.since(_short(latest))}"
        if run.figures > 1 and run.colour_words and not lacking:
            yield ", ".join(filter(None, (run.colour_words, forecast_to_miss(latest), long)))
        else:
            yield from (f"{_with_forecast(latest)}{lacking}", *([long] if run.figures > 1 else []))
        yield from filter(None, (_said(latest), latest.flag))
    else:
        now = _without_colour(assessment, latest)
        was = f"{run.last['rag']} in {latest.kpi.period(run.last['period']).short}"
        if latest.row and run.last["period"] == latest.row["period"] and latest.row["not_applicable"]:
            was += f" ({run.last['shown']}) until a return said that it does not apply"
        if run.figures > 1:
            was += f" and off target for {run.words}, {run.since(_short(latest))}"
        yield from filter(None, (now or f"{latest.rag} without every part", was, latest.missed, latest.flag, forecast))
    if latest.is_current and latest.series in assessment.falls:
        yield f"early warning: {assessment.falls[latest.series]}"
    if change := assessment.redefinitions.get(latest.series):
        yield redefined(*change)
    yield from whose_before(assessment, latest)
    yield from made_of(assessment, latest)
    yield from _rolled_up(assessment, latest)
    # Last, as it is the owner's text and may be long.
    current = latest.current if latest.row and latest.rag == Rag.NOT_APPLICABLE else None
    if current is not None and current.now.reason_not_applicable:
        yield f"reason given: {current.now.reason_not_applicable}"


def _short(latest: Latest) -> Callable[[str], str]:
    return lambda period: latest.kpi.period(period).short


def forecast_to_miss(latest: Latest) -> str:
    """`forecast Red`, where the year end is still to come and the target is expected to be missed; else ""."""
    return latest.forecast.short if latest.forecast is not None and latest.forecast.misses else ""


def _with_forecast(latest: Latest) -> str:
    """`Green, forecast Red`; its colour alone where it is not forecast to miss."""
    return ", ".join(filter(None, (str(latest.rag), forecast_to_miss(latest))))


def _said(latest: Latest) -> str:
    """That the date of a milestone has passed, and that its owner says it is on track, where so it was said."""
    status = latest.row["milestone"] if latest.row and latest.missed else ""
    return f"{latest.missed}, though said to be '{status}'" if status == ON_TRACK else latest.missed


def _rolled_up(assessment: Assessment, latest: Latest) -> Iterator[str]:
    """The orgs that are off target by this one alone, and have no row of their own."""
    for each in assessment.roll_ups_listed_with.get(latest.series, ()):
        if each.off_target:
            row = each.off_target.last
            yield f"{each.org.code}, into which it rolls up, is {row['rag']} ({row['shown']}) by it alone"


def _without_colour(assessment: Assessment, latest: Latest) -> str:
    """Why there is no figure to judge; "" if there is one."""
    if latest.rag in RATED:
        return ""
    if latest.rag == Rag.CLOSED:
        return f"{latest.why[0].upper()}{latest.why[1:]}"
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


def redefined(since_when: str, what: str) -> str:
    """A change of definition in a sentence: `definition changed in Q1 26-27: agency staff are counted`."""
    return f"{since_when}: {what}" if what else since_when


def whose_before(assessment: Assessment, latest: Latest) -> Iterator[str]:
    """Whose the figures are that its series goes on from, where they are drawn or counted in its run."""
    join = assessment.joins.get(latest.series)
    if join is not None and join.is_seen:
        yield join.words


def made_of(assessment: Assessment, latest: Latest) -> Iterator[str]:
    """Of how many parts a rolled-up figure is made, and which are lacking; of an earlier figure, of which period.

    `made of the figures of 6 of 7 parts, without London`; `its figure of Aug 2026 is made of those of both parts`.
    """
    if not latest.reported or latest.row is None or latest.period is None:
        return
    parts = latest.row["expected"]
    is_of_now = latest.period == latest.due
    begins = "made of the figures of" if is_of_now else f"its figure of {latest.period.short} is made of those of"
    if latest.lacks_orgs:
        lacking = lacking_parts(assessment, latest)
        yield f"{begins} {latest.reported}{f', without {some(lacking)}' if lacking else ''}"
    else:
        yield f"{begins} {_ALL.get(parts, f'all {parts} parts')}"


_ALL = {1: "its one part", 2: "both parts"}


def lacking_parts(assessment: Assessment, latest: Latest) -> list[str]:
    """The names of the parts whose figures a rolled-up one lacks; [] where they cannot be told from the count."""
    if latest.row is None or latest.period is None:
        return []
    members = assessment.trees[latest.kpi.id].of(latest.period).get(latest.org.code, latest.members)
    period = str(latest.period)
    given = {
        org
        for org in members
        for row in assessment.series.get((latest.kpi.id, org), ())
        if row["period"] == period and (row["not_applicable"] or row["shown"])
    }
    lacking = [assessment.catalogue.org_by_code[org].name for org in members if org not in given]
    return lacking if len(lacking) == latest.row["expected"] - latest.row["reported"] else []


def why_section(assessment: Assessment, key: tuple[str, str], *, is_printed: bool = False) -> str:
    """Why a section needs action; `is_printed` as in `why`."""
    ladder = assessment.ladder
    proposal = ladder.proposals.get(key) if ladder.is_for_the_board(key) or not is_printed else None
    return "; ".join(filter(None, (ladder.sentence(key, is_printed=is_printed), proposal.reason if proposal else "")))


def why_org(assessment: Assessment, org: str) -> str:
    """Why an org is listed."""
    return f"Early warning: {assessment.last_on[org]}"


def since(latest: Latest) -> str:
    """The first period of the run of Reds and Ambers, in words; "" if there is none."""
    period = off_target_from(latest)
    return period.short if period else ""


def off_target_from(latest: Latest) -> Period | None:
    """The first period of the run of Reds and Ambers; None if there is none."""
    return latest.kpi.period(latest.off_target.first["period"]) if latest.off_target else None
