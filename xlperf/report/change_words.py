"""What has changed since an edition, as rows of words: for the sheet *Changes*, the command line and `--json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from xlperf.assessment import Assessment
from xlperf.assessment.change import NO_STAGE, TAKEN_BACK, Change, ChangeKind
from xlperf.assessment.changes_since import as_published, changes
from xlperf.assessment.shown_editions import EditionShown
from xlperf.catalogue import Catalogue, Kpi
from xlperf.errors import UsageError
from xlperf.report.subject_names import section_name

NO_EDITION, COMPARED, NOTHING = "No edition yet", "Compared with", "Nothing changed"
"""What the first row says instead of a kind of change."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A row about one change, or about what is compared; see `Change`. `words` is a sentence that stands alone."""

    kind: str
    words: str
    section: str = ""
    ref: str = ""
    kpi: str = ""
    org: str = ""
    period: str = ""
    before: str = ""
    now: str = ""

    def as_record(self) -> dict[str, str]:
        """The row for `--json`."""
        names = ("kind", "section", "ref", "kpi", "org", "period", "before", "now", "words")
        return {name: getattr(self, name) for name in names}


def since_last(assessment: Assessment) -> list[ChangeRow]:
    """The rows since the edition that the assessment knows as shown last; one that says so where there is none."""
    if assessment.last_shown is None:
        words = f"No edition of {assessment.period.label} or before has been published, so nothing is compared."
        return [ChangeRow(NO_EDITION, words)]
    return since(assessment.last_shown, assessment)


def since(shown: EditionShown, now: Assessment) -> list[ChangeRow]:
    """The rows since an edition: first which one it is, then each change, the gravest kind first."""
    day = f"{shown.published.day} {shown.published:%B %Y}"
    done = "made" if shown.what == "pack" else "published"
    head = f"Compared with the {shown.what} of {shown.period.label}, {done} on {day} ({shown.name})"
    then = as_published(shown, now)
    if then is None:
        words = f"{head}. The catalogue of that edition is lost, and the present calendar lacks its period."
        return [ChangeRow(COMPARED, words)]
    lost = "" if shown.catalogue else (
        "; the catalogue of that edition is lost, so its figures are judged by the present one, and what of "
        "definitions and targets has changed cannot be told"
    )  # fmt: skip
    rows = [_row(change, then, now) for change in changes(then, now)]
    nothing = (
        []
        if rows
        else [
            ChangeRow(
                NOTHING,
                "No colour, past figure, target, definition, decision, action or path has changed since that edition.",
            )
        ]
    )
    return [ChangeRow(COMPARED, f"{head}{lost}."), *rows, *nothing]


def _row(change: Change, then: Assessment, now: Assessment) -> ChangeRow:
    kpi = now.catalogue.kpi_by_id.get(change.ref) or then.catalogue.kpi_by_id.get(change.ref)
    names = {section.id: section for each in (then, now) for section in each.catalogue.sections}
    org = _org(change.org, then.catalogue, now.catalogue)
    section = names.get(kpi.section if kpi else change.ref)
    about = kpi.name if kpi else section_name(section) if section else change.ref
    is_only_one = kpi is not None and kpi.orgs[1:] == () and change.ref in now.members and not now.members[change.ref]
    subject = ", ".join(filter(None, (about, "" if is_only_one else org)))
    return ChangeRow(
        str(change.kind),
        _sentence(change, subject, _period(kpi, change.period)),
        section.name if section else "",
        change.ref,
        about if change.ref else org,
        change.org,
        change.period,
        change.before,
        change.now,
    )


def _org(code: str, *catalogues: Catalogue) -> str:
    return next((each.org_by_code[code].name for each in reversed(catalogues) if code in each.org_by_code), code)


def _period(kpi: Kpi | None, period: str) -> str:
    if not (kpi and period):
        return ""
    try:
        return kpi.period(period).short
    except UsageError:  # the KPI has had another frequency since
        return period


_SENTENCES: Mapping[ChangeKind, str] = {
    ChangeKind.NEWLY_RED: "{subject} is now Red: {now}{before}",
    ChangeKind.NEWLY_OFF: "{subject} is now off target: {now}{before}",
    ChangeKind.DETERIORATING: "{subject} is newly concerning (SPC): {now}{before}",
    ChangeKind.FORECAST_TO_MISS: "{subject} is newly forecast to miss its target: {now}{before}",
    ChangeKind.NO_FIGURE: "{subject} has no {figure} for {period}{now}{before}",
    ChangeKind.CLOSED: "{subject}: {now}{before}",
    ChangeKind.RESTATED: "{subject}, {period}, is now {now}{before}",
    ChangeKind.RECOLOURED: "{subject}, {period}, has the same figure in another colour: {now}{before}",
    ChangeKind.ACTION_OVERDUE: "An action about {subject} is overdue: {now}",
    ChangeKind.ACTION_MOVED: "An action about {subject} was put off: {now}{before}",
    ChangeKind.ACTION_REOPENED: "An action about {subject} is open again: {now}{before}",
    ChangeKind.RECOVERY: "The recovery path of {subject} has changed: {now}{before}",
    ChangeKind.DECIDED: "{subject}: {now}{before}",
    ChangeKind.WORDS: "What is said of {subject}, {period}: {now}{before}",
    ChangeKind.DEFINITION: "{subject} is counted otherwise{from_when}: {now}{before}",
    ChangeKind.TARGET: "The target of {subject} for {period} is {now}{before}",
    ChangeKind.NO_TARGET: "{subject} has no target now: {now}{before}",
    ChangeKind.NO_LONGER_RED: "{subject} is no longer Red, and still off target: {now}{before}",
    ChangeKind.NOT_WHOLE: "{subject} is on target without every part, and so counts as off target still: {now}{before}",
    ChangeKind.BACK: "{subject} is newly on target: {now}{before}",
    ChangeKind.NOT_FORECAST_TO_MISS: "{subject} is no longer forecast to miss its target: {now}{before}",
    ChangeKind.IMPROVING: "{subject} is newly improving (SPC): {now}{before}",
    ChangeKind.ACTION_CLOSED: "An action about {subject} is closed: {now}",
    ChangeKind.FIGURE: "{subject} has a figure now: {now}{before}",
    ChangeKind.NEW: "{subject} is newly reported",
    ChangeKind.GONE: "{subject} is no longer reported",
}


_DECIDED = {TAKEN_BACK: "the decision was taken back", NO_STAGE: "a decision was typed without a stage"}
_SEVERAL = "{subject} has the same figures in another colour: {now}"
"""Of several figures, which one row gathers."""


def _sentence(change: Change, subject: str, period: str) -> str:
    why = f" ({change.why})" if change.why else ""
    colon = ": " if change.kind is ChangeKind.NO_FIGURE and change.now else ""
    was = "last shown" if change.kind in (ChangeKind.NO_FIGURE, ChangeKind.CLOSED) else "before"
    if change.kind is ChangeKind.DECIDED:
        change = replace(change, now=_DECIDED.get(change.now, f"decided {change.now}"))
    now = change.why or change.now if change.kind is ChangeKind.CLOSED else f"{colon}{change.now}{why}"
    template = _SEVERAL if change.kind is ChangeKind.RECOLOURED and not change.before else _SENTENCES[change.kind]
    words = template.format(
        subject=subject,
        period=period,
        now=now.removesuffix("."),
        before=f"; {was}: {change.before}" if change.before else "",
        figure="complete figure" if change.lacks_orgs else "figure",
        from_when=f" from {period} on" if period else "",
    )
    return f"{words if '{now}' in template else words + why}".removesuffix(".") + "."


def lines(rows: Sequence[ChangeRow]) -> Iterator[str]:
    """The rows as lines of text, each with its kind before its sentence."""
    for row in rows:
        is_change = row.kind in list(ChangeKind)
        yield f"  {row.kind}: {row.words}" if is_change else row.words


def as_record(shown: EditionShown, rows: Sequence[ChangeRow]) -> dict[str, Any]:
    """The rows for `--json`, with the edition that they are since; without the row that says which it is."""
    return {
        "edition": shown.name,
        "period": shown.edition.period,
        "published": shown.edition.at,
        "catalogue_is_known": shown.catalogue is not None,
        "changes": [row.as_record() for row in rows if row.kind in list(ChangeKind)],
    }
