"""The headings of the dashboard and of its sections: titles, counts, stages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.counts import OnLadder, colours
from xlperf.report.count_words import action_words, colour_words, escalation_words, figure_words, return_words
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rag import Rag


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


def question_of(assessment: Assessment, members: Iterable[Latest]) -> str:
    """The question that a section's KPIs answer, to stand beside its counts; "" where they answer several, or none.

    Beside counts of a whole section one of its questions would seem to be answered by all of them. `members` are all
    figures of the section, printed or not.
    """
    members = list(members)
    if any(assessment.is_selected(latest.series) for latest in members):
        return ""
    asked = {latest.kpi.question for latest in members}
    return next((each.text for each in assessment.catalogue.questions if asked == {each.id}), "")


def section_stages(assessment: Assessment, section: str) -> Iterator[str]:
    """The stage of the section for each org that has one, if the ladder has stages for sections."""
    if not assessment.catalogue.escalation.section_stages:
        return
    for org in assessment.catalogue.orgs:
        key = (section, org.code)
        words = assessment.ladder.printed(key) if key in assessment.ladder.sections else ""
        if words:
            yield f"{org.code}: {words}" if len(assessment.catalogue.orgs) > 1 else words


def counted(assessment: Assessment, members: Sequence[Latest]) -> str:
    """How many figures of each colour: of all of them, and of those that have no line here but are on KPIs."""
    elsewhere = [latest for latest in members if not is_printed(assessment, latest)]
    by_colour = replace(colours(elsewhere), were_red={})  # those are counted among all of them already
    only_there = f"; of them on KPIs only: {colour_words(by_colour)}" if elsewhere else ""
    return colour_words(colours(members)) + only_there


def title(assessment: Assessment) -> str:
    """The dashboard's heading."""
    return f"{assessment.catalogue.title} · {assessment.period.label}"


def subtitle(assessment: Assessment) -> str:
    """The organisation, board and date, the time it was produced, and the version of the catalogue."""
    catalogue = assessment.catalogue
    return (
        f"{catalogue.organisation} · for {meeting(assessment)} · produced {produced(assessment)} · "
        f"catalogue {catalogue.version}"
    )


def meeting(assessment: Assessment) -> str:
    """The board's meeting that the period is reported to."""
    entry = assessment.catalogue.entry_by_period[assessment.period]
    return f"the {assessment.catalogue.board} of {entry.board_date.day} {entry.board_date:%B %Y}"


def produced(assessment: Assessment) -> str:
    """The time it was produced."""
    return f"{assessment.produced.day} {assessment.produced:%B %Y %H:%M}"


def summary(assessment: Assessment) -> str:
    """The page in one line: counts of every figure, returns received, escalation."""
    counts = assessment.counts
    parts = [f"{figure_words(counts)}: {counted(assessment, assessment.latest)}", return_words(counts.returns)]
    if assessment.period.last_day >= assessment.produced.date():
        parts.append("the period has not ended")
    printed = {latest.series for latest in assessment.latest if is_printed(assessment, latest)}
    shown = {*printed, *assessment.ladder.sections}
    ladder = assessment.ladder
    asked = [key for key in ladder.to_decide if ladder.is_for_the_board(key)]
    beside = (_elsewhere(keys, shown) for keys in (ladder.in_a_stage, asked))
    parts.append(escalation_words(counts.in_escalation, counts.for_the_board, *beside))
    parts.append(action_words(counts.actions) if counts.actions.overdue else "")
    return " · ".join(filter(None, parts))


def _elsewhere(keys: Iterable[SeriesKey], shown: Collection[SeriesKey]) -> OnLadder:
    return OnLadder(sum(key not in shown for key in keys), 0)
