"""The first page: what the board is asked, what has changed, what went well, the questions, and the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.change import ChangeKind
from xlperf.assessment.counts import colours
from xlperf.catalogue import PackPart, Section
from xlperf.documents.document import (
    Block,
    DocumentPart,
    Heading,
    Items,
    PageTable,
    Paragraph,
    SideBySide,
    TableCell,
    TableColumn,
    TableRow,
    TextRun,
    Words,
    words,
)
from xlperf.report.change_words import ChangeRow, since_last
from xlperf.report.count_words import colour_words, return_words
from xlperf.report.exception_reasons import section_name
from xlperf.report.pages import figure_words as figures
from xlperf.report.pages.celebrate_page import to_celebrate
from xlperf.report.pages.escalation_page import for_the_board, in_a_stage
from xlperf.report.pages.matrix import matrix
from xlperf.report.sheets.returns import missing_returns
from xlperf.rules.escalation.phrases import capital, times
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rag import Rag

_CHANGES = (TableColumn("Change", 88), TableColumn("What", 1, grows=True))
_QUESTIONS = (TableColumn("Question", 1.5, grows=True), TableColumn("Answer", 1, grows=True))
_SAID_WITH_BEFORE = (ChangeKind.RESTATED, ChangeKind.RECOLOURED, ChangeKind.TARGET, ChangeKind.DECIDED)
_MOST = 4
"""Changes of one kind, and good news, that are named on this page; what has all of them is named too."""


def summary_page(assessment: Assessment, sections: Sequence[Section]) -> DocumentPart:
    """The summary of these sections."""
    members = figures.of_sections(assessment, sections)
    left = (
        *_asked(assessment, sections),
        *_changed(assessment, sections),
        *_good(assessment, sections),
    )
    right = (*matrix(assessment, members), *_questions(assessment, members))
    return DocumentPart(
        f"{assessment.catalogue.title} · {assessment.period.label}",
        (SideBySide(left, right),),
        under=_under(assessment),
    )


def _under(assessment: Assessment) -> str:
    entry = assessment.catalogue.entry_by_period[assessment.period]
    parts = (
        assessment.catalogue.organisation,
        f"for the {assessment.catalogue.board} of {in_words(entry.board_date)}",
        return_words(assessment.counts.returns),
        f"produced {in_words(assessment.produced.date())}",
        "the period has not ended" if assessment.period.last_day >= assessment.produced.date() else "",
    )
    return " · ".join(filter(None, parts))


def _asked(assessment: Assessment, sections: Sequence[Section]) -> Iterator[Block]:
    board = assessment.catalogue.board
    to_decide = for_the_board(assessment, sections)
    if to_decide:
        yield Heading(f"The {board} is asked to decide")
        yield Items(tuple(_proposed(assessment, to_decide)), is_numbered=True)
    yield Heading(f"The {board} is asked to note")
    yield Items(tuple(_noted(assessment, sections)), is_numbered=True)


def _proposed(assessment: Assessment, keys: Sequence[SeriesKey]) -> Iterator[Words]:
    """What is proposed, each with all that it is proposed for."""
    named: dict[str, list[str]] = {}
    for key in keys:
        named.setdefault(assessment.ladder.sentence(key), []).append(_named(assessment, key))
    for sentence, names in named.items():
        yield words(TextRun(f"{capital(sentence)}: ", strong=True), f"{'; '.join(names)}.")


def _noted(assessment: Assessment, sections: Sequence[Section]) -> Iterator[Words]:
    members = figures.of_sections(assessment, sections)
    yield words(TextRun(f"{times(len(members), 'figure')}: ", strong=True), f"{colour_words(colours(members))}.")
    in_stage = in_a_stage(assessment, sections)
    listed = "; ".join(f"{_named(assessment, key)}, {assessment.ladder.in_force(key)}" for key in in_stage)
    issues = times(len(in_stage), "issue") if in_stage else "No issue"
    yield words(TextRun(f"{issues} in escalation", strong=True), f": {listed}." if listed else ".")
    missed = [each for each in members if each.missed]
    if missed:
        named = "; ".join(f"{each.kpi.id} {figures.name(assessment, each)}, {each.missed}" for each in missed)
        yield words(TextRun(f"{times(len(missed), 'milestone')} missed: ", strong=True), f"{named}.")
    missing = missing_returns(assessment)
    if missing:
        owners = ", ".join(each.owner.name if each.owner else each.owner_id for each in missing)
        of_all = assessment.counts.returns.expected
        yield words(TextRun(f"{len(missing)} of {times(of_all, 'return')} not received: ", strong=True), f"{owners}.")
    redefined = [each for each in members if each.series in assessment.redefinitions]
    if redefined:
        named = "; ".join(f"{each.kpi.id} {figures.name(assessment, each)}, "
                          f"{assessment.redefinitions[each.series][0]}" for each in redefined)  # fmt: skip
        yield words(TextRun(f"{times(len(redefined), 'definition')} changed: ", strong=True),
                    f"{named}. Earlier figures are not compared.")  # fmt: skip


def _named(assessment: Assessment, key: SeriesKey) -> str:
    latest = assessment.latest_by_series.get(key)
    if latest is not None:
        return f"{latest.kpi.id} {figures.name(assessment, latest)}"
    org = assessment.catalogue.org_by_code[key[1]].name
    return f"{section_name(assessment.ladder.sections[key])}, {org}"


def _changed(assessment: Assessment, sections: Sequence[Section]) -> Iterator[Block]:
    shown = assessment.last_shown
    if shown is None:
        yield Heading("What has changed")
        yield Paragraph(words("No edition has been published before this one, so nothing is compared."))
        return
    published = f"published on {in_words(shown.published.date())}"
    yield Heading(f"What has changed since {shown.period.label.split(' (')[0]}", beside=published)
    names = {section.name for section in sections}
    by_kind: dict[str, list[ChangeRow]] = {}
    for row in since_last(assessment):
        if row.kind in list(ChangeKind) and (not row.section or row.section in names):
            by_kind.setdefault(row.kind, []).append(row)
    if not by_kind:
        yield Paragraph(words("No colour, past figure, target, definition or decision has changed."))
        return
    rows = tuple(_change_row(assessment, kind, rows) for kind, rows in by_kind.items())
    yield PageTable("What has changed, by kind", _CHANGES, rows, has_row_headers=True)


def _change_row(assessment: Assessment, kind: str, rows: Sequence[ChangeRow]) -> TableRow:
    named = [_change(assessment, row) for row in rows[:_MOST]]
    more = [f"and {len(rows) - _MOST} more, on the sheet Changes of the edition"] if len(rows) > _MOST else []
    said = "; ".join([*named, *more])
    return TableRow((TableCell(words(TextRun(kind, strong=True), f" ({len(rows)})")), TableCell(words(said))))


def _change(assessment: Assessment, row: ChangeRow) -> str:
    latest = assessment.latest_by_series.get((row.ref, row.org))
    org = f"{row.kpi}, {row.org}" if row.org and row.org != row.kpi else row.kpi
    about = " ".join(filter(None, (row.ref, figures.name(assessment, latest) if latest else org)))
    if latest and row.period and row.kind in _SAID_WITH_BEFORE:
        about += f", {latest.kpi.period(row.period).short}"
    before = f", before {row.before}" if row.before and row.kind in _SAID_WITH_BEFORE else ""
    return f"{about}: {row.now}{before}" if row.now else about


def _good(assessment: Assessment, sections: Sequence[Section]) -> Iterator[Block]:
    listed = to_celebrate(assessment, sections)
    if not listed:
        return
    first = (figures.of_the_whole(assessment, listed) or listed)[:_MOST]
    yield Heading("To celebrate")
    named = (
        words(TextRun(f"{latest.kpi.id} {figures.name(assessment, latest)}: ", strong=True),
              f"{'; '.join(assessment.good_news[latest.series])}.") for latest in first
    )  # fmt: skip
    has_part = PackPart.CELEBRATE in assessment.catalogue.pack.parts
    where = "under To celebrate" if has_part else "on the sheet Exceptions of the edition"
    more = len(listed) - len(first)
    yield Items((*named, *([words(f"{more} more {where}.")] if more else [])))


def _questions(assessment: Assessment, members: Sequence[Latest]) -> Iterator[Block]:
    by_question: Mapping[str, list[Latest]] = {
        question.id: [each for each in members if each.kpi.question == question.id]
        for question in assessment.catalogue.questions
    }
    rows = tuple(
        _answer(question.text, by_question[question.id])
        for question in assessment.catalogue.questions
        if by_question[question.id]
    )
    if rows:
        yield Heading("Our questions", beside="of all their figures, parts of rolled-up ones among them")
        yield PageTable("Each question, with how many of its figures are on target", _QUESTIONS, rows, True)


def _answer(question: str, members: Sequence[Latest]) -> TableRow:
    on_target = sum(each.rag in (Rag.GREEN, Rag.BLUE) for each in members)
    answer = f"{on_target} of {len(members)} on target"
    return TableRow(
        (
            TableCell(words(question)),
            TableCell(words(TextRun(answer, strong=True), f": {colour_words(colours(members))}")),
        )
    )
