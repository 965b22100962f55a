"""Checks of the catalogue's meetings: what they name, what they cover, when they meet, and what they decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from xlperf.catalogue.coverage import Coverage, Subject
from xlperf.catalogue.field_path import FieldPath, LocationOf
from xlperf.catalogue.meetings import Meeting
from xlperf.catalogue.model import Catalogue
from xlperf.catalogue.pack import PackSettings
from xlperf.errors import UsageError
from xlperf.findings import Finding, Location, finding

_MOST_NAMED = 12
"""Ids named in a message of what there is."""


def _references(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    ladder = catalogue.escalation
    stages = [stage.id for stage in (*ladder.stages, *ladder.section_stages)]
    known = {
        "orgs": ("org", [org.code for org in catalogue.orgs]),
        "sections": ("section", [section.id for section in catalogue.sections]),
        "directorates": ("directorate", [owner.directorate for owner in catalogue.responsible_owners]),
        "executive_owners": ("executive owner", [owner.id for owner in catalogue.executive_owners]),
    }

    def unknown(path: FieldPath, what: str, id_: str, there_are: Sequence[str]) -> Iterator[Finding]:
        if id_ not in there_are:
            listed = ", ".join(sorted(set(filter(None, there_are)))[:_MOST_NAMED])
            expected = f"one of {listed}" if listed else ""
            yield finding("C004", f"unknown {what} '{id_}'.", locate(path), found=id_, expected=expected)

    for i, meeting in enumerate(catalogue.meetings):
        for j, scope in enumerate(meeting.covers):
            at = ("meetings", i, "covers", j)
            for field, (what, there_are) in known.items():
                for id_ in getattr(scope, field):
                    yield from unknown((*at, field), what, id_, there_are)
            if scope.from_stage is not None:
                yield from unknown((*at, "from_stage"), "stage", scope.from_stage, stages)
        for stage in meeting.decides:
            yield from unknown(("meetings", i, "decides"), "stage", stage, stages)
    meetings = [meeting.id for meeting in catalogue.meetings]
    for i, kpi in enumerate(catalogue.kpis):
        if kpi.committee is not None:
            yield from unknown(("kpis", i, "committee"), "meeting", kpi.committee, meetings)


def _boards(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    boards = [i for i, meeting in enumerate(catalogue.meetings) if meeting.is_board]
    for i in boards[1:]:
        yield finding("C028", "'meetings' lists a second board.", locate(("meetings", i)))
    for i in boards[:1]:
        name = catalogue.meetings[i].name
        if name != catalogue.board:
            message = f"'board' is '{catalogue.board}', and its meeting is called '{name}'."
            yield finding("C028", message, locate(("meetings", i)), found=name, expected=catalogue.board)
        if catalogue.pack != PackSettings():
            message = "'pack' says what the board's pack holds, and 'meetings' lists the board too."
            yield finding("C028", message, locate(("pack",)))


def _dates(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    try:
        calendar = {str(period): period for period in catalogue.entry_by_period}
    except UsageError:
        return  # said of the calendar itself
    for i, meeting in enumerate(catalogue.meetings):
        for text in meeting.periods:
            if text not in calendar:
                yield _not_in_calendar(meeting, text, locate(("meetings", i, "periods")))
        for j, dated in enumerate(meeting.dates):
            where = locate(("meetings", i, "dates", j))
            if dated.period not in calendar:
                yield _not_in_calendar(meeting, dated.period, where)
            elif not meeting.looks_at(calendar[dated.period]):
                message = f"{meeting.name} has a day for {dated.period}, which its 'periods' do not have."
                yield finding("C027", message, where, found=dated.period)
        for text, period in calendar.items():
            day = meeting.day(catalogue.entry_by_period[period])
            if meeting.looks_at(period) and day is not None and day <= period.last_day:
                message = f"{meeting.name} would look at {text} on {day}, before it has ended ({period.last_day})."
                yield finding("C027", message, locate(("meetings", i)), found=str(day))


def _not_in_calendar(meeting: Meeting, text: str, where: Location) -> Finding:
    return finding("C027", f"{meeting.name}: {text} is no period of the calendar.", where, found=text)


def _covered(catalogue: Catalogue, meeting: Meeting) -> frozenset[Subject]:
    """The KPIs and orgs that a meeting may come to look at, those that are rolled up among them."""
    has, parents = Coverage(catalogue, meeting, {}).has, {org.code: org.parent for org in catalogue.orgs}
    covered: set[Subject] = set()
    for kpi in catalogue.kpis:
        for org in catalogue.orgs_of(kpi):
            code: str | None = org.code
            seen: set[str] = set()
            while code is not None and code not in seen:
                seen.add(code)
                if (kpi.id, code) not in covered and has((kpi.id, code)):
                    covered.add((kpi.id, code))
                code = parents.get(code)
    return frozenset(covered)


def _coverage(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    if any(code not in catalogue.org_by_code for kpi in catalogue.kpis for code in kpi.org_codes):
        return  # said of the KPI itself
    held = [(i, meeting) for i, meeting in enumerate(catalogue.meetings) if meeting.is_on]
    covered = {meeting.id: _covered(catalogue, meeting) for _, meeting in held}
    for i, meeting in held:
        if not covered[meeting.id]:
            yield finding("C025", f"no figure is in what {meeting.name} covers.", locate(("meetings", i)))
    for (_, first), (i, second) in combinations(held, 2):
        both = [stage for stage in second.decides if stage in first.decides]
        shared = covered[first.id] & covered[second.id] if both else ()
        if shared:
            kpi, org = min(shared)
            message = f"{first.name} and {second.name} both decide on '{both[0]}', as of {kpi} in {org}."
            yield finding("C026", message, locate(("meetings", i, "decides")), found=both[0])


MEETING_CHECKS = (_references, _boards, _dates, _coverage)
