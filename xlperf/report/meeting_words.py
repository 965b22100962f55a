"""What is said of a meeting: what it covers, on which day it looks at a period, and where the rest stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xlperf.assessment import Assessment
from xlperf.catalogue import Catalogue, Meeting, Scope
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.rules.escalation.phrases import listed


def pack_title(assessment: Assessment) -> str:
    """What a pack is headed: the board's as the dashboard, another meeting's by its name."""
    meeting = assessment.meeting
    return f"{assessment.catalogue.title if meeting.is_board else meeting.name} · {assessment.period.label}"


def meeting_and_day(assessment: Assessment) -> str:
    """`Board of 24 September 2026`; the name alone where no day is known."""
    day = assessment.meeting_day
    return f"{assessment.meeting.name} of {in_words(day)}" if day else assessment.meeting.name


def coverage_words(catalogue: Catalogue, meeting: Meeting) -> str:
    """What a meeting covers, in words: `Surgery and Critical Care`; "" for everything."""
    named = [kpi.id for kpi in catalogue.kpis if kpi.committee == meeting.id]
    if Scope() in meeting.covers or not (meeting.covers or named):
        return ""
    lines = list(_lines(catalogue, meeting.covers))
    return "; and ".join([*lines, *([f"{listed(named)}, which name it as their committee"] if named else [])])


def _lines(catalogue: Catalogue, scopes: Iterable[Scope]) -> Iterator[str]:
    stages = {s.id: s.name for s in (*catalogue.escalation.stages, *catalogue.escalation.section_stages)}
    sections = {section.id: section.name for section in catalogue.sections}
    orgs, executives = catalogue.org_by_code, catalogue.executive_by_id
    for scope in scopes:
        has_below = any(org.parent in scope.orgs for org in catalogue.orgs)
        parts = (
            listed([orgs[code].name for code in scope.orgs]) + (" and all below" if has_below else ""),
            listed([sections[section] for section in scope.sections]),
            f"what the {_directorates(scope)} returned" if scope.directorates else "",
            f"what {listed([executives[each].title for each in scope.executive_owners])} answers for"
            if scope.executive_owners
            else "",
            f"whatever is in the stage {stages[scope.from_stage]} or a graver one" if scope.from_stage else "",
        )
        yield ", ".join(filter(None, parts))


def _directorates(scope: Scope) -> str:
    return f"{'directorate' if len(scope.directorates) == 1 else 'directorates'} {listed(scope.directorates)}"


def the_workbook(assessment: Assessment) -> str:
    """Which workbook has what a pack leaves out: that of the edition, or the team's master."""
    if assessment.is_public:
        return "the performance team's workbook of this edition"
    return "the edition's workbook" if assessment.meeting.is_board else "the performance team's master"


def last_shown_words(assessment: Assessment) -> str:
    """What a pack is compared with: `the last edition`, or `this meeting's last pack`."""
    return "the last edition" if assessment.meeting.is_board else "this meeting's last pack"
