"""The notices that a decision about escalation asks for, and the letter after a review, as words for their templates.

What they say of a case are the sentences of its page and of the sheets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.case_standing import CaseStanding, CaseStep
from xlperf.catalogue import ExecutiveOwner, ResponsibleOwner
from xlperf.report.action_words import promise_words
from xlperf.report.case_words import (
    case_name,
    change_words,
    entries_words,
    leaves_words,
    review_words,
    stage_words,
    stands_words,
    step_sentence,
)
from xlperf.rules.cases import EntryKind
from xlperf.rules.escalation import StageChange
from xlperf.rules.escalation.phrases import capital, listed, sentence
from xlperf.rules.keys import SeriesKey


class NoticeKind(StrEnum):
    """What a notice is; its template is `notice_….txt` with this name."""

    DECISION = "decision"
    """To who returns the figures and who answers for them: a stage was decided, or confirmed."""
    INFORMATION = "information"
    """To whom the ladder says that they are told, such as the Chair: a stage was decided, or left."""
    GOOD_NEWS = "good_news"
    """To who returns the figures and who answers for them: a stage was left, perhaps for a milder one."""
    LETTER = "letter"
    """To an executive, after a review: what went well first, and then what is in escalation."""

    @property
    def template(self) -> str:
        """The name of its template."""
        return f"notice_{self}.txt"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to be drafted.

    Attributes:
        kind: what it is.
        key: what it is about; of a letter, the executive's id and "".
        made: when the decision was recorded; of a letter, the key of the reporting period.
        to: whom it is for, each with the address that the catalogue has.
        cc: who gets a copy, likewise.
        words: for the placeholders of its template.
    """

    kind: NoticeKind
    key: SeriesKey
    made: str
    to: Sequence[tuple[str, str]]
    cc: Sequence[tuple[str, str]]
    words: Mapping[str, object]

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """By which it is known whether it was drafted before."""
        return (str(self.kind), *self.key, self.made)


def notices(assessment: Assessment) -> list[Notice]:
    """The notices about the decisions that were made after the reporting period ended, and before the next one did.

    Of each case its last decision, if that is still in force and nobody else has decided otherwise without seeing it.
    """
    made: list[Notice] = []
    for case in assessment.cases.by_key.values():
        settled = assessment.state.settled.get(case.key)
        if settled is not None and not settled.disputed and case.steps and _is_of_period(assessment, case.steps[-1]):
            made += _of_decision(assessment, case, case.steps[-1], settled.history[-1].at)
    return made


def in_dispute(assessment: Assessment) -> list[str]:
    """The cases about which two people have decided, so that there is no notice until a person has chosen."""
    return [case_name(assessment, key) for key, settled in assessment.state.settled.items() if settled.disputed]


def letters(assessment: Assessment) -> list[Notice]:
    """A letter for each executive who answers for anything to celebrate, or in escalation."""
    made = []
    for executive in assessment.catalogue.executive_owners:
        mine = [latest for latest in assessment.latest if executive in _people(assessment, [latest])[1]]
        good = [latest for latest in mine if latest.series in assessment.good_news]
        keys = {latest.series for latest in mine}
        cases = [case for case in assessment.cases.open if case.stage and case.key in keys]
        if good or cases:
            made.append(_letter(assessment, executive, good, cases))
    return made


def _is_of_period(assessment: Assessment, step: CaseStep) -> bool:
    period = assessment.period
    later = [each.last_day for each in assessment.catalogue.entry_by_period if each > period]
    return step.day is not None and period.last_day < step.day <= min(later, default=date.max)


def _of_decision(assessment: Assessment, case: CaseStanding, step: CaseStep, at: str) -> Iterator[Notice]:
    change = step.step.change
    words = _words(assessment, case, step)
    owners, executives = _people_of(assessment, case)
    to = [(owner.name, owner.email) for owner in owners]
    cc = [(executive.title, executive.email) for executive in executives]
    if change.is_graver or change is StageChange.CONFIRMED:
        yield Notice(NoticeKind.DECISION, case.key, at, to, cc, words)
    if change.is_good_news:
        yield Notice(NoticeKind.GOOD_NEWS, case.key, at, to, cc, words)
    if case.tell and (change.is_graver or change.is_good_news):
        yield Notice(NoticeKind.INFORMATION, case.key, at, (), (), words)


def _words(assessment: Assessment, case: CaseStanding, step: CaseStep) -> Mapping[str, object]:
    catalogue = assessment.catalogue
    ladder = catalogue.escalation
    stage = next((each for each in (*ladder.stages, *ladder.section_stages) if each.name == case.stage), None)
    return {
        "title": catalogue.title,
        "period": assessment.period.label,
        "issue": case_name(assessment, case.key),
        "change": change_words(step),
        "decision": step_sentence(step),
        "stands": stands_words(assessment, case.key).rstrip("."),
        "offers": list(stage.support) if stage else [],
        "begun": entries_words(case, EntryKind.BEGUN),
        "leaves": leaves_words(assessment, case),
        "review": review_words(case),
        "actions": [promise_words(each) for each in case.actions],
        "tell": listed(case.tell),
        "signed": step.step.decided.by or ladder.decided_by,
        "email": catalogue.contact.email,
        "team": catalogue.contact.team,
        "board": catalogue.board,
    }


def _letter(
    assessment: Assessment, executive: ExecutiveOwner, good: Iterable[Latest], cases: Sequence[CaseStanding]
) -> Notice:
    catalogue = assessment.catalogue
    why = assessment.good_news
    celebrated = [sentence(f"{case_name(assessment, each.series)}: {'; '.join(why[each.series])}") for each in good]
    words = {
        "title": catalogue.title,
        "period": assessment.period.label,
        "executive_owner": executive.title,
        "celebrated": celebrated,
        "escalated": [_in_escalation(assessment, case) for case in cases],
        "actions": [promise_words(each) for case in cases for each in case.actions],
        "signed": catalogue.escalation.decided_by,
        "email": catalogue.contact.email,
        "team": catalogue.contact.team,
        "board": catalogue.board,
    }
    to = [(executive.title, executive.email)]
    return Notice(NoticeKind.LETTER, (executive.id, ""), str(assessment.period), to, (), words)


def _in_escalation(assessment: Assessment, case: CaseStanding) -> str:
    said = (
        f"{case_name(assessment, case.key)}: {stage_words(case)}",
        capital(stands_words(assessment, case.key)),
        f"To leave this stage: {leaves_words(assessment, case)}",
    )
    return " ".join(sentence(each) for each in said if each)


def _people_of(
    assessment: Assessment, case: CaseStanding
) -> tuple[Sequence[ResponsibleOwner], Sequence[ExecutiveOwner]]:
    """Who returns the figures of a case, and who answers for them; of a section, who answers for its KPIs."""
    latest = assessment.latest_by_series.get(case.key)
    if latest is not None:
        return _people(assessment, [latest])
    ref, org = case.key
    of_section = [each for each in assessment.latest if (each.kpi.section, each.org.code) == (ref, org)]
    return (), _people(assessment, of_section)[1]


def _people(
    assessment: Assessment, figures_of: Iterable[Latest]
) -> tuple[Sequence[ResponsibleOwner], Sequence[ExecutiveOwner]]:
    """The owners and executives of some figures, each once; of a rolled-up one, those of all its members."""
    catalogue = assessment.catalogue
    owners: dict[str, ResponsibleOwner] = {}
    executives: dict[str, ExecutiveOwner] = {}
    for latest in figures_of:
        for code in latest.members or (latest.org.code,):
            org = catalogue.org_by_code[code]
            if code in catalogue.open_days[latest.kpi.id]:
                owner, executive = catalogue.owner_of(latest.kpi, org), catalogue.executive_of(latest.kpi, org)
                owners[owner.id], executives[executive.id] = owner, executive
    return tuple(owners.values()), tuple(executives.values())
