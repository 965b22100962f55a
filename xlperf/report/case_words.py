"""What is said of a case: the same sentences on the sheet, on its page and in the notices."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment import Assessment
from xlperf.assessment.case_standing import CaseStanding, CaseStep
from xlperf.report.exception_reasons import COLOURS
from xlperf.report.pages import figure_words as figures
from xlperf.report.subject_names import subject_name
from xlperf.rules.cases import CaseEntry, EntryKind
from xlperf.rules.cases.entry import KIND, ON
from xlperf.rules.escalation import RATED, StageChange, exit_words
from xlperf.rules.escalation.phrases import capital, day, listed, sentence, the, times
from xlperf.rules.keys import SeriesKey

BY_DECISION = "a decision of a person, as no figure says it"
"""What takes a case out of escalation that is about no KPI and no section."""


def case_name(assessment: Assessment, key: SeriesKey) -> str:
    """`DP1 GP specialty fill rate, North Wales`; `Money, North site`; with the title of one of its own."""
    latest = assessment.latest_by_series.get(key)
    if latest is not None:
        return f"{latest.kpi.id} {figures.name(assessment, latest)}"
    org = assessment.catalogue.org_by_code.get(key[1])
    name = case_title(assessment, key)
    section = next((each.name for each in assessment.catalogue.sections if each.id == key[0]), "")
    named = section or (f"{key[0]} {name}" if name and name.casefold() != key[0].casefold() else key[0])
    whose = "" if org in assessment.catalogue.top_orgs else org.name if org else key[1]
    return ", ".join(filter(None, (named, whose)))


def case_title(assessment: Assessment, key: SeriesKey) -> str:
    """What a case is about, where its Ref and Org stand beside it: the KPI, the section, or what it was opened as."""
    return subject_name(assessment.catalogue, key) or assessment.cases.about(key).title


def stands_words(assessment: Assessment, key: SeriesKey) -> str:
    """How its figure stands: `Red: 72.0 % against 90 %, Q2 26-27; off target for 3 periods, since Q4 25-26`.

    Of a section, what the ladder says of it; "" of anything else.
    """
    latest = assessment.latest_by_series.get(key)
    if latest is None:
        proposal = assessment.ladder.proposals.get(key)
        return capital(proposal.reason.removeprefix("Stays: ")) if proposal else ""
    shown, target = figures.shown(latest.kpi, latest.row), figures.target(latest)
    against = f" against {figures.each_with_unit(latest.kpi, target)}" if target else ""
    period = f", {latest.period.short}" if latest.period else ""
    run = latest.off_target
    long = ""
    if run is not None:
        was = "" if latest.rag in COLOURS else "last "
        long = f"; {was}off target for {run.words}, {run.since(lambda key: latest.kpi.period(key).short)}"
    said = f"{shown}{against}{period}" if latest.row and latest.rag in RATED else ""
    return f"{latest.rag}{': ' if said else ''}{said}{long}"


def stage_words(case: CaseStanding) -> str:
    """`Enhanced Support since 23 July 2026`; `left escalation on 5 November 2026`; `opened by the team on …`."""
    if case.stage:
        return f"{case.stage}{f' since {day(case.since)}' if case.since else ''}"
    if not case.is_open:
        left = case.was_escalated and not case.of_kind(EntryKind.CLOSED)
        when = f" on {day(case.closed)}" if case.closed else ""
        return f"{'left escalation' if left else 'closed'}{when}"
    return f"opened by the team{f' on {day(case.opened)}' if case.opened else ''}, in no stage"


def change_words(step: CaseStep) -> str:
    """What a decision changed: `from Enhanced Support to Targeted Support`; `stays in Enhanced Support`."""
    stage, was = step.step.stage, step.step.was
    return {
        StageChange.ENTERED: f"into {stage}",
        StageChange.GRAVER: f"from {was} to {stage}",
        StageChange.MILDER: f"from {was} to {stage}, which is milder",
        StageChange.LEFT: f"out of escalation, from {was}",
        StageChange.CONFIRMED: f"stays in {stage}",
        StageChange.DECLINED: "not put into escalation",
        StageChange.CLEARED: "the decision was cleared",
        StageChange.NO_STAGE: f"'{stage}', which is no stage here",
    }[step.step.change]


def decided_by(step: CaseStep) -> str:
    """`by the Chief Executive on 23 July 2026`; as much of it as is known."""
    by, on = step.step.decided.by, step.day
    return " ".join(filter(None, (f"by {the(by)}" if by else "", f"on {day(on)}" if on else "")))


def step_sentence(step: CaseStep) -> str:
    """A decision in a sentence: `Into Enhanced Support, decided by the Chief Executive on 23 July 2026: Red twice`."""
    by = decided_by(step)
    decided = f", decided {by}" if by and step.step.change is not StageChange.CLEARED else ""
    why = f": {step.rationale}" if step.rationale else ""
    return sentence(capital(f"{change_words(step)}{decided}{why}"))


def entry_words(case: CaseStanding, entry: CaseEntry) -> str:
    """`Weekly meetings (Director of Planning, 24 July 2026)`; as much of it as was typed."""
    when = case.day_of(entry)
    beside = ", ".join(filter(None, (entry.who, day(when) if when else "")))
    return f"{entry.what.rstrip('. ')} ({beside})" if entry.what and beside else entry.what or beside


def entries_words(case: CaseStanding, kind: EntryKind) -> str:
    """The entries of a kind, by day, one after the other; "" for none."""
    return "; ".join(entry_words(case, each) for each in case.of_kind(kind))


def last_words(case: CaseStanding, kind: EntryKind) -> str:
    """The last entry of a kind; "" for none."""
    entries = case.of_kind(kind)
    return entry_words(case, entries[-1]) if entries else ""


def told_words(case: CaseStanding) -> str:
    """Who was told of what was decided last, and of whom it is not recorded; "" where nobody is to be."""
    told = "; ".join(f"{each.who or each.what}{_on(case, each)}" for each in case.told)
    lacking = f"not recorded: {listed(case.not_told)}" if case.not_told else ""
    return "; ".join(filter(None, (told, lacking)))


def _on(case: CaseStanding, entry: CaseEntry) -> str:
    when = case.day_of(entry)
    return f" on {day(when)}" if when else ""


def leaves_words(assessment: Assessment, case: CaseStanding) -> str:
    """How far its exit test is met; where there is none by rule, that it takes a decision; "" for no stage."""
    if not case.stage:
        return ""
    proposal = assessment.ladder.proposals.get(case.key)
    return exit_words(case.exit_test) or (proposal.way_out if proposal else "") or BY_DECISION


def review_words(case: CaseStanding) -> str:
    """When it is looked at next: `23 October 2026`, `23 October 2026 (overdue)`; "" where that is not known."""
    if case.next_review is None:
        return ""
    return f"{day(case.next_review)}{' (overdue)' if case.is_review_overdue else ''}"


def actions_words(case: CaseStanding) -> str:
    """`2 to be done, 1 of them overdue`; "" for none."""
    overdue = sum(each.is_overdue for each in case.actions)
    if not case.actions:
        return ""
    return f"{len(case.actions)} to be done{f', {overdue} of them overdue' if overdue else ''}"


def doubts(assessment: Assessment, entry: CaseEntry) -> Iterator[str]:
    """What the team should look at in an entry."""
    today = assessment.produced.date()
    case = assessment.cases.about(entry.about)
    ref, org = entry.about
    if entry.kind is EntryKind.WITHDRAWN:
        return
    if entry.kind is None:
        typed = entry.cells[KIND]
        it = f"'{typed}' is no kind" if typed else "it has no kind"
        yield f"{it}, so it stands nowhere else"
    if not case.is_known and not case.is_own:
        named = " ".join(filter(None, (ref, org)))
        yield f"{named} is no KPI or section of an org, and no case was opened about it"
    if not org and case.is_own:
        yield "it has no Org, so no stage can be decided for it"
    if typed_on := entry.cells[ON]:
        if entry.on is None:
            yield f"'{typed_on}' is no date"
        elif entry.is_ahead(today) and entry.kind is not EntryKind.REVIEW:
            yield f"{day(entry.on)} has not come, so it counts as of the day on which it was recorded"
    if entry.kind is EntryKind.TOLD and not entry.who and not entry.what:
        yield "it does not say who was told"
    if entry.kind is EntryKind.CLOSED and case.stage:
        yield f"it is in {case.stage}, which only a decision on Escalation ends"


def cases_words(assessment: Assessment, cases: list[CaseStanding]) -> str:
    """`3 cases, of them 1 about no KPI and 1 closed since the last edition`."""
    own, closed = sum(case.is_own for case in cases), sum(not case.is_open for case in cases)
    parts = [f"{own} about no KPI"] if own else []
    parts += [f"{closed} closed since the last edition"] if closed else []
    return f"{times(len(cases), 'case')}{f', of them {listed(parts)}' if parts else ''}"
