"""What was promised: what was agreed at this meeting, what else is still to be done, and what was closed since it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from xlperf.assessment import Assessment
from xlperf.assessment.action_standing import ActionStanding, count
from xlperf.catalogue import Section
from xlperf.documents.document import (
    Block,
    DocumentPart,
    Heading,
    PageTable,
    TableCell,
    TableColumn,
    TableRow,
    Tone,
    words,
)
from xlperf.report.action_words import notes, of_sections
from xlperf.report.count_words import action_words
from xlperf.report.meeting_words import last_shown_words
from xlperf.report.pages import figure_words as figures
from xlperf.report.subject_names import subject_name
from xlperf.rules.escalation.phrases import capital, sentence, short_day

_OPEN = (
    TableColumn("No.", 44),
    TableColumn("About", 1.1, grows=True),
    TableColumn("RAG", 56),
    TableColumn("Action", 1.8, grows=True),
    TableColumn("Who", 84),
    TableColumn("First promised", 62),
    TableColumn("Due now", 62),
    TableColumn("How it stands", 1.5, grows=True),
)
_CLOSED = (
    TableColumn("No.", 44),
    TableColumn("About", 1.1, grows=True),
    TableColumn("Action", 1.8, grows=True),
    TableColumn("Who", 84),
    TableColumn("First promised", 62),
    TableColumn("Closed", 62),
    TableColumn("What came of it", 1.7, grows=True),
)


def actions_page(assessment: Assessment, sections: Sequence[Section]) -> DocumentPart | None:
    """The actions of these sections; None where none is open and none was closed since the last edition, or pack."""
    still = of_sections(assessment, assessment.actions.open, sections)
    closed = of_sections(assessment, assessment.actions.closed_after(_last_edition(assessment)), sections)
    here = [each for each in still if assessment.is_agreed_here(each.action)]
    others = [each for each in still if each not in here]
    beside = " besides" if here else ""
    blocks = (
        *_open(assessment, here, "Agreed at this meeting and still to be done, the longest overdue first"),
        *_open(assessment, others, f"Still to be done{beside}, the longest overdue first"),
        *_closed(assessment, closed),
    )
    if not blocks:
        return None
    return DocumentPart("Actions", blocks, beside=action_words(count(still)), starts_page=False)


def _last_edition(assessment: Assessment) -> date | None:
    shown = assessment.last_shown
    return shown.published.date() if shown else None


def _open(assessment: Assessment, still: Sequence[ActionStanding], heading: str) -> Iterator[Block]:
    if not still:
        return
    yield Heading(heading)
    says = "Actions that are still to be done, with the first date promised, the date now and how each stands"
    yield PageTable(says, _OPEN, tuple(_open_row(assessment, each) for each in still), has_row_headers=True)


def _open_row(assessment: Assessment, standing: ActionStanding) -> TableRow:
    action, latest = standing.action, assessment.latest_by_series.get(standing.action.about)
    rag = (words(str(latest.rag)), figures.TONES.get(latest.rag, Tone.PLAIN)) if latest else (words("–"), Tone.PLAIN)
    said = action.progress[-1].text if action.progress else ""
    stands = " ".join(filter(None, (sentence(capital("; ".join(notes(standing)))), sentence(said))))
    return TableRow((
        TableCell(words(action.id or "new")),
        TableCell(words(_about(assessment, standing))),
        TableCell(*rag),
        TableCell(words(action.what)),
        TableCell(words(action.owner or "–")),
        TableCell(words(_day(action.first_due))),
        TableCell(words(_day(action.due))),
        TableCell(words(stands or "–")),
    ))  # fmt: skip


def _closed(assessment: Assessment, closed: Sequence[ActionStanding]) -> Iterator[Block]:
    if not closed:
        return
    yield Heading(f"Closed since {last_shown_words(assessment)}")
    says = f"Actions that were closed since {last_shown_words(assessment)}, with what came of each"
    yield PageTable(says, _CLOSED, tuple(_closed_row(assessment, each) for each in closed), has_row_headers=True)


def _closed_row(assessment: Assessment, standing: ActionStanding) -> TableRow:
    action = standing.action
    came = "; ".join(filter(None, (action.status_words, action.evidence or action.reason)))
    return TableRow((
        TableCell(words(action.id or "new")),
        TableCell(words(_about(assessment, standing))),
        TableCell(words(action.what)),
        TableCell(words(action.owner or "–")),
        TableCell(words(_day(action.first_due))),
        TableCell(words(_day(action.closed))),
        TableCell(words(sentence(came))),
    ))  # fmt: skip


def _about(assessment: Assessment, standing: ActionStanding) -> str:
    ref, org = standing.action.about
    orgs = assessment.catalogue.org_by_code
    name = subject_name(assessment.catalogue, (ref, org)) or ref
    return f"{ref} {name}: {orgs[org].name if org in orgs else org}".strip(": ")


def _day(day: date | None) -> str:
    return short_day(day) if day else "no date"
