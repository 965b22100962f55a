"""A line of enquiry in words: the question, the evidence in a sentence, what it is about, and who is to answer.

A question is about a process and names roles, never a person. Its evidence is said in the words that the pages have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from xlperf.assessment import Assessment, Latest
from xlperf.catalogue import EnquiryKind, Org
from xlperf.period import Period
from xlperf.report.action_words import promise_words
from xlperf.report.exception_reasons import COLOURS, redefined
from xlperf.report.forecast_words import forecast_words
from xlperf.report.pages import figure_words as figures
from xlperf.report.pages.comparison import among_orgs
from xlperf.report.pages.exception_entry import against_target
from xlperf.report.sheets.exceptions import ListedKpi
from xlperf.report.subject_names import subject_name
from xlperf.rules.enquiries.enquiry import Enquiry
from xlperf.rules.escalation import RATED
from xlperf.rules.escalation.phrases import capital, listed, sentence, some, times
from xlperf.rules.escalation.phrases import latest as run_of
from xlperf.rules.keys import SeriesKey

_BY_OWNER = (EnquiryKind.CAUSE, EnquiryKind.VALIDATION, EnquiryKind.PROVISIONAL, EnquiryKind.DEFINITION)
"""Kinds that whoever returns the figure can answer; the others are for the executive who answers for it."""
BY_MEETING = "to be named by the meeting"
_TWO = 2


def about(assessment: Assessment, enquiry: Enquiry) -> str:
    """`ET3 GP specialty fill rate (North Wales)`; of several figures of one owner, how many of whose."""
    several = _several(enquiry)
    latest = assessment.latest_by_series.get(enquiry.about)
    if latest is not None and len(several) > 1:
        return f"the {len(several)} figures from {latest.responsible_owner}"
    ref, org = enquiry.about
    if latest is not None:
        whose = figures.whose(assessment, latest)
        return f"{ref} {latest.kpi.name}" + (f" ({whose})" if whose else "")
    if enquiry.kind is EnquiryKind.LAST:
        return _org(assessment, org)
    name = subject_name(assessment.catalogue, enquiry.about).removeprefix("Section: ") or _subject(assessment, enquiry)
    return f"{name} ({_org(assessment, org)})" if org else name


def question(assessment: Assessment, enquiry: Enquiry) -> str:
    """The question, in the catalogue's words."""
    evidence = enquiry.evidence
    latest = assessment.latest_by_series.get(enquiry.about)
    section = assessment.section_of(latest.kpi).name if latest else ""
    values = {
        "about": about(assessment, enquiry),
        "ref": enquiry.about[0],
        "kpi": f"{latest.kpi.id} {latest.kpi.name}" if latest else about(assessment, enquiry),
        "org": _org(assessment, enquiry.about[1]),
        "section": section,
        "period": assessment.period.short,
        **{name: str(evidence[name]) for name in enquiry.kind.placeholders if name in evidence},
    }
    words = assessment.catalogue.enquiries.words_for(enquiry.kind).format_map(values)
    return capital(words)


def answered_by(assessment: Assessment, enquiry: Enquiry) -> str:
    """Who is to answer: the owner or the executive by role."""
    latest = assessment.latest_by_series.get(enquiry.about)
    if latest is not None:
        owner = latest.responsible_owner if enquiry.kind in _BY_OWNER else ""
        return owner or latest.executive_owner
    ref, org = enquiry.about
    of = [
        each
        for each in assessment.latest
        if (each.kpi.section == ref and not each.members) or (enquiry.kind is EnquiryKind.LAST and each.org.code == org)
    ]
    titles = [*dict.fromkeys(each.executive_owner for each in of)]
    if not titles:
        return BY_MEETING
    return listed(titles) if len(titles) <= _TWO else "several executives"


def evidence(assessment: Assessment, enquiry: Enquiry) -> str:
    """The evidence, in one to three sentences."""
    return " ".join(sentence(capital(each)) for each in _SAID[enquiry.kind](assessment, enquiry) if each)


def stands(assessment: Assessment, latest: Latest) -> str:
    """How a figure stands: `Red, 72.2 % against 80 %, Q2 26-27; off target for 5 periods, since Q2 25-26`."""
    row = ListedKpi(assessment, "", "", None, latest)
    run = latest.off_target
    colour = str(latest.rag) if latest.rag in RATED or run is None else f"{latest.rag}; last {run.last['rag']}"
    lacking = " without every part" if latest.lacks_orgs and latest.rag in COLOURS else ""
    parts = [f"{colour}{lacking}, {against_target(row)}"]
    if run is not None and run.figures > 1:
        parts.append(f"off target for {run.words}, {run.since(lambda period: latest.kpi.period(period).short)}")
    return "; ".join(parts)


def _of_series(words: Callable[[Assessment, Enquiry, Latest], Iterable[str]]) -> Callable[..., Iterator[str]]:
    """How a figure stands, and then what is said of it."""

    def said(assessment: Assessment, enquiry: Enquiry) -> Iterator[str]:
        latest = assessment.latest_by_series[enquiry.about]
        yield stands(assessment, latest)
        yield from words(assessment, enquiry, latest)

    return said


def _process(_: Assessment, __: Enquiry, latest: Latest) -> Iterator[str]:
    yield latest.verdicts.words if latest.verdicts else ""


def _cause(assessment: Assessment, enquiry: Enquiry, __: Latest) -> Iterator[str]:
    cause = " ".join(str(enquiry.evidence["cause"]).split()).rstrip(".")
    yield f"“{cause}” was given as the cause in {_returns(assessment, enquiry)}"


def _forecast(_: Assessment, __: Enquiry, latest: Latest) -> Iterator[str]:
    if latest.forecast is not None:
        shown = figures.with_unit(latest.kpi, latest.forecast.judged.shown)
        yield f"forecast {latest.forecast.when}: {forecast_words(latest.forecast, shown)}"


def _fall(_: Assessment, enquiry: Enquiry, __: Latest) -> Iterator[str]:
    yield f"early warning: {enquiry.evidence['fall']}"


def _compared(assessment: Assessment, _: Enquiry, latest: Latest) -> Iterator[str]:
    if latest.period is not None:
        yield "; ".join(among_orgs(assessment, latest, latest.period))


def _provisional(assessment: Assessment, enquiry: Enquiry, __: Latest) -> Iterator[str]:
    yield f"marked as provisional in {_returns(assessment, enquiry)}"


def _definition(assessment: Assessment, _: Enquiry, latest: Latest) -> Iterator[str]:
    yield redefined(*assessment.redefinitions[latest.series])


def _action(assessment: Assessment, enquiry: Enquiry) -> Iterator[str]:
    said = enquiry.evidence
    standing = next(each for each in assessment.actions.open if (each.action.id or "new") == said["action"])
    yield promise_words(standing, names_owner=False)
    if others := int(str(said["others"])):
        are = "is" if others == 1 else "are"
        yield f"{times(others, 'more action')} about it {are} overdue, or put off twice or more"
    latest = assessment.latest_by_series.get(enquiry.about)
    if latest is not None:
        yield stands(assessment, latest)


def _last(assessment: Assessment, enquiry: Enquiry) -> Iterator[str]:
    yield f"{_org(assessment, enquiry.about[1])}: {enquiry.evidence['last_on']}"


def _silence(assessment: Assessment, enquiry: Enquiry) -> Iterator[str]:
    yield f"for {_periods(assessment, enquiry)} no figure has been accepted{_of_which(assessment, enquiry)}"
    lost = [key for key in _several(enquiry) if assessment.latest_by_series[key].was]
    if lost:
        yield f"{len(lost)} of them {'was' if len(lost) == 1 else 'were'} off target when last rated"


def _validation(assessment: Assessment, enquiry: Enquiry) -> Iterator[str]:
    yield f"not marked as validated in {_returns(assessment, enquiry)}{_of_which(assessment, enquiry)}"


_SAID: Mapping[EnquiryKind, Callable[[Assessment, Enquiry], Iterator[str]]] = {
    EnquiryKind.PROCESS: _of_series(_process),
    EnquiryKind.CAUSE: _of_series(_cause),
    EnquiryKind.ACTION: _action,
    EnquiryKind.FORECAST: _of_series(_forecast),
    EnquiryKind.CONCERN: _of_series(_process),
    EnquiryKind.FALL: _of_series(_fall),
    EnquiryKind.COMPARED: _of_series(_compared),
    EnquiryKind.LAST: _last,
    EnquiryKind.SILENCE: _silence,
    EnquiryKind.VALIDATION: _validation,
    EnquiryKind.PROVISIONAL: _of_series(_provisional),
    EnquiryKind.DEFINITION: _of_series(_definition),
}


def _several(enquiry: Enquiry) -> tuple[SeriesKey, ...]:
    figures_of: Any = enquiry.evidence.get("figures", ())
    return tuple(figures_of)


def _of_which(assessment: Assessment, enquiry: Enquiry) -> str:
    """`: ET3 and ET4 (North Wales)`, of several figures; "" of one, which the question names."""
    several = [assessment.latest_by_series[key] for key in _several(enquiry)]
    named = [
        latest.kpi.id + (f" ({whose})" if (whose := figures.whose(assessment, latest)) else "") for latest in several
    ]
    return f": {some(named)}" if len(named) > 1 else ""


def _periods(assessment: Assessment, enquiry: Enquiry) -> str:
    """The reporting periods of its evidence, in words."""
    keys: Any = enquiry.evidence["periods"]
    return run_of([Period.parse(key, assessment.catalogue.calendar.frequency).short for key in keys])


def _returns(assessment: Assessment, enquiry: Enquiry) -> str:
    return f"the last {enquiry.evidence['times']} returns, {_periods(assessment, enquiry)}"


def _org(assessment: Assessment, code: str) -> str:
    org: Org | None = assessment.catalogue.org_by_code.get(code)
    return org.name if org is not None else code


def _subject(assessment: Assessment, enquiry: Enquiry) -> str:
    """What an action is about that is about no KPI and no section, in the words of whoever opened it."""
    standings = assessment.actions.open
    found = (each.action.about[0] for each in standings if (each.action.id or "new") == enquiry.evidence.get("action"))
    return next(found, "") or enquiry.about[0]
