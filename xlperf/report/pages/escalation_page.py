"""The escalation register: what is in a stage by decision, and what the board or meeting itself has to decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlperf.assessment import Assessment
from xlperf.assessment.counts import on_ladder
from xlperf.catalogue import Section
from xlperf.documents.document import (
    Block,
    DocumentPart,
    Heading,
    Items,
    PageTable,
    Paragraph,
    TableCell,
    TableColumn,
    TableRow,
    TextRun,
    Tone,
    words,
)
from xlperf.report.case_words import review_words
from xlperf.report.count_words import escalation_words
from xlperf.report.ladder_words import undecided_words
from xlperf.report.pages import figure_words as figures
from xlperf.report.subject_names import section_name
from xlperf.rules.escalation.phrases import capital, the
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rag import Rag

_DECIDED = (
    TableColumn("Ref", 30),
    TableColumn("Issue", 1.2, grows=True),
    TableColumn("RAG", 56),
    TableColumn("Stage", 74),
    TableColumn("Decided", 1, grows=True),
    TableColumn("Why", 1.6, grows=True),
    TableColumn("It leaves when", 1.4, grows=True),
    TableColumn("Next review", 66),
    TableColumn("Executive", 78),
)
_TO_DECIDE = (
    TableColumn("Ref", 30),
    TableColumn("Issue", 1.2, grows=True),
    TableColumn("RAG", 56),
    TableColumn("Now", 74),
    TableColumn("Proposed", 84),
    TableColumn("Why", 2, grows=True),
    TableColumn("Executive", 78),
)


def in_a_stage(assessment: Assessment, sections: Sequence[Section]) -> list[SeriesKey]:
    """What is in a stage by decision, in these sections, the gravest stage first."""
    return _graver_first(assessment, assessment.ladder.in_a_stage, sections)


def for_the_board(assessment: Assessment, sections: Sequence[Section]) -> list[SeriesKey]:
    """What the board is to decide, or to see before it is decided, in these sections, the gravest stage first."""
    ladder = assessment.ladder
    return _graver_first(assessment, [key for key in ladder.to_decide if ladder.is_for_the_board(key)], sections)


def escalation_page(assessment: Assessment, sections: Sequence[Section]) -> DocumentPart | None:
    """The register; None where nothing is in a stage and the board has nothing to decide."""
    blocks = (*_decided(assessment, sections), *_asked(assessment, sections))
    if not blocks:
        return None
    decided, asked = (on_ladder({*each(assessment, sections)}, assessment) for each in (in_a_stage, for_the_board))
    return DocumentPart("Escalation register", blocks, beside=escalation_words(decided, asked),
                under=_under(assessment), starts_page=False)  # fmt: skip


def _under(assessment: Assessment) -> str:
    ladder = assessment.catalogue.escalation
    return " ".join(filter(None, (ladder.note, undecided_words(ladder, assessment.meeting))))


def _graver_first(assessment: Assessment, keys: Sequence[SeriesKey], sections: Sequence[Section]) -> list[SeriesKey]:
    ids = {section.id for section in sections}
    kpis = assessment.catalogue.kpi_by_id
    wanted = [key for key in keys if (kpis[key[0]].section if key[0] in kpis else key[0]) in ids]
    return sorted(wanted, key=lambda key: -assessment.ladder.gravity(key))


def asked_to_decide(assessment: Assessment, keys: Sequence[SeriesKey]) -> str:
    """`The Chief Executive is asked to decide`: who decides on all of these, or the meeting, where that is not one."""
    proposals = assessment.ladder.proposals
    deciders = {proposals[key].decided_by for key in keys if key in proposals} - {""}
    return f"{capital(the(deciders.pop() if len(deciders) == 1 else assessment.meeting.name))} is asked to decide"


def decided_words(assessment: Assessment, key: SeriesKey) -> str:
    """Who decided on the stage in force, and when it was decided first: `by the Chief Executive on 23 July 2026`."""
    proposal = assessment.ladder.proposals.get(key)
    by = assessment.ladder.decision(key).by
    since = proposal.since if proposal else None
    return " ".join(filter(None, (f"by {the(by)}" if by else "", f"on {in_words(since)}" if since else "")))


def reviews_overdue(assessment: Assessment, sections: Sequence[Section]) -> list[SeriesKey]:
    """What is in a stage whose review was due before the pack was made, the gravest stage first."""
    return [key for key in in_a_stage(assessment, sections) if assessment.cases.about(key).is_review_overdue]


def _decided(assessment: Assessment, sections: Sequence[Section]) -> Iterator[Block]:
    keys = in_a_stage(assessment, sections)
    if keys:
        rows = tuple(_decided_row(assessment, key) for key in keys)
        yield PageTable("What is in a stage of the ladder by decision", _DECIDED, rows, has_row_headers=True)


def _asked(assessment: Assessment, sections: Sequence[Section]) -> Iterator[Block]:
    keys = for_the_board(assessment, sections)
    if keys:
        yield Heading("For decision")
        yield Paragraph(words(f"{asked_to_decide(assessment, keys)}, or to see what is proposed."))
        rows = tuple(_asked_row(assessment, key) for key in keys)
        yield PageTable("What is proposed, and why", _TO_DECIDE, rows, has_row_headers=True)
        yield from _offered(assessment, keys)


def _offered(assessment: Assessment, keys: Sequence[SeriesKey]) -> Iterator[Block]:
    """What each stage proposed offers, once."""
    proposals = (assessment.ladder.proposals.get(key) for key in keys)
    support = {proposal.stage: proposal.support for proposal in proposals if proposal and proposal.support}
    if support:
        yield Heading("What these stages offer")
        yield Items(tuple(
            words(TextRun(f"{stage}: ", strong=True), f"{'; '.join(offers)}.") for stage, offers in support.items()
        ))  # fmt: skip


def _decided_row(assessment: Assessment, key: SeriesKey) -> TableRow:
    ladder = assessment.ladder
    decision, proposal = ladder.decision(key), ladder.proposals.get(key)
    by = decided_words(assessment, key)
    stays = proposal is not None and proposal.stage == ladder.in_force(key)
    # The reason that was typed is the decision's own; the rules' reason is why it stands now.
    why = decision.rationale or (proposal.reason if proposal else "")
    return TableRow((
        *_head(assessment, key),
        TableCell(words(ladder.in_force(key))),
        TableCell(words(capital(by))),
        TableCell(words(why)),
        TableCell(words(proposal.way_out if proposal and stays else "")),
        TableCell(words(review_words(assessment.cases.about(key)))),
        TableCell(words(_executive(assessment, key))),
    ))  # fmt: skip


def _asked_row(assessment: Assessment, key: SeriesKey) -> TableRow:
    ladder = assessment.ladder
    proposal = ladder.proposals.get(key)
    return TableRow((
        *_head(assessment, key),
        TableCell(words(ladder.in_force(key) or ladder.no_stage)),
        TableCell(words(proposal.stage if proposal else ladder.words(key))),
        TableCell(words(proposal.reason if proposal else ladder.sentence(key))),
        TableCell(words(_executive(assessment, key))),
    ))  # fmt: skip


def _head(assessment: Assessment, key: SeriesKey) -> tuple[TableCell, TableCell, TableCell]:
    latest = assessment.latest_by_series.get(key)
    if latest is None:
        section = assessment.ladder.sections[key]
        org = assessment.catalogue.org_by_code[key[1]].name
        return TableCell(words(key[0])), TableCell(words(f"{section_name(section)}, {org}")), TableCell()
    tone = figures.TONES.get(Rag(latest.rag), Tone.PLAIN)
    return (
        TableCell(words(key[0])),
        TableCell(words(figures.name(assessment, latest))),
        TableCell(words(str(latest.rag)), tone),
    )


def _executive(assessment: Assessment, key: SeriesKey) -> str:
    latest = assessment.latest_by_series.get(key)
    return figures.executive(assessment, latest) if latest else ""
