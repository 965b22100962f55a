"""The first page: what the meeting is asked, what has changed, what went well, the questions, and the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.action_standing import count
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
from xlperf.report.action_words import of_sections
from xlperf.report.change_words import ChangeRow, since_last
from xlperf.report.count_words import colour_words, late_words, on_target_words, return_words
from xlperf.report.exception_reasons import section_name
from xlperf.report.forecast_words import turns_off_target
from xlperf.report.meeting_words import coverage_words, meeting_and_day, pack_title, the_workbook
from xlperf.report.pages import figure_words as figures
from xlperf.report.pages.celebrate_page import to_celebrate
from xlperf.report.pages.escalation_page import asked_to_decide, for_the_board, in_a_stage, reviews_overdue
from xlperf.report.pages.exception_pages import to_act_on, to_act_on_words
from xlperf.report.pages.matrix import matrix
from xlperf.report.pages.page_room import height_of
from xlperf.report.sheets.returns import missing_returns
from xlperf.rules.escalation.case import ON_TARGET
from xlperf.rules.escalation.phrases import PROPOSED, times
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.rules.keys import SeriesKey

_CHANGES = (TableColumn("Change", 88), TableColumn("What", 1, grows=True))
_QUESTIONS = (TableColumn("Question", 1.5, grows=True), TableColumn("Answer", 1, grows=True))
_OF_A_PAST_FIGURE = (ChangeKind.RESTATED, ChangeKind.RECOLOURED, ChangeKind.TARGET, ChangeKind.DECIDED)
_COLUMN, _ROOM = 382.0, 500.0
"""How wide a column of this page is, and how high, in points."""
_MOST = ((6, 4), (6, 2), (4, 4), (4, 2), (3, 1))
"""Changes of one kind, and good news, that are named on this page: the first of these with which all fits it.

Of more changes of a kind, one less is named, and where all of them are; the part *To celebrate* has all good news.
"""


_Column = tuple[Block, ...]


def summary_page(assessment: Assessment, sections: Sequence[Section]) -> DocumentPart:
    """The summary of these sections."""
    members = figures.of_sections(assessment, sections)
    asked = (*_asked(assessment, sections),)
    right = (*matrix(assessment, members), *_questions(assessment, members))
    changes, good = since_last(assessment), to_celebrate(assessment, sections)
    for changes_named, good_named in _MOST:
        left, other = _placed(
            (*asked, *_changed(assessment, sections, changes, changes_named)),
            right,
            (*_good(assessment, good, good_named),),
        )
        if all(height_of(column, _COLUMN) <= _ROOM for column in (left, other)):
            break
    return DocumentPart(
        pack_title(assessment),
        (SideBySide(left, other),),
        under=_under(assessment),
    )


def _placed(left: Sequence[Block], right: Sequence[Block], good: Sequence[Block]) -> tuple[_Column, _Column]:
    """Both columns, with the good news at the foot of the left one, or of the other if only that has room for it."""
    fits_left, fits_right = (height_of((*column, *good), _COLUMN) <= _ROOM for column in (left, right))
    return ((*left,), (*right, *good)) if fits_right and not fits_left else ((*left, *good), (*right,))


def _under(assessment: Assessment) -> str:
    meeting = assessment.meeting
    about = coverage_words(assessment.catalogue, meeting)
    parts = (
        assessment.catalogue.organisation,
        f"for the {meeting_and_day(assessment)}",
        f"about {about}: every count is of that" if about else "",
        return_words(assessment.counts.returns),
        f"produced {in_words(assessment.produced.date())}",
        "the period has not ended" if assessment.period.last_day >= assessment.produced.date() else "",
    )
    return " · ".join(filter(None, parts))


def _asked(assessment: Assessment, sections: Sequence[Section]) -> Iterator[Block]:
    board = assessment.meeting.name
    to_decide = for_the_board(assessment, sections)
    if to_decide:
        yield Heading(asked_to_decide(assessment, to_decide), beside="the stage proposed for each")
        yield Items(tuple(_proposed(assessment, to_decide)), is_numbered=True)
    yield Heading(f"The {board} is asked to note")
    yield Items(tuple(_noted(assessment, sections)), is_numbered=True)


def _proposed(assessment: Assessment, keys: Sequence[SeriesKey]) -> Iterator[Words]:
    """What is proposed, each by itself, as each is a decision of its own."""
    for key in keys:
        proposed = assessment.ladder.sentence(key).removeprefix(PROPOSED)
        yield words(TextRun(f"{_named(assessment, key)}: ", strong=True), f"{proposed}.")


def _noted(assessment: Assessment, sections: Sequence[Section]) -> Iterator[Words]:
    members = figures.of_sections(assessment, sections)
    yield words(TextRun(f"{times(len(members), 'figure')}: ", strong=True), f"{colour_words(colours(members))}.")
    made_of = to_act_on_words(to_act_on(assessment, sections))
    if made_of:
        lead, _, parts = made_of.partition(": ")
        yield words(TextRun(f"{lead}: ", strong=True), f"{parts}.")
    in_stage = in_a_stage(assessment, sections)
    listed = "; ".join(f"{_named(assessment, key)}, {assessment.ladder.in_force(key)}" for key in in_stage)
    issues = times(len(in_stage), "issue") if in_stage else "No issue"
    yield words(TextRun(f"{issues} in escalation", strong=True), f": {listed}." if listed else ".")
    overdue = reviews_overdue(assessment, sections)
    if overdue:
        due = {key: assessment.ladder.proposals[key].next_review for key in overdue}
        named = "; ".join(f"{_named(assessment, key)}, due {in_words(day)}" for key, day in due.items() if day)
        yield words(TextRun(f"{times(len(overdue), 'review')} of a stage overdue: ", strong=True), f"{named}.")
    missed = [each for each in members if each.missed]
    if missed:
        named = "; ".join(f"{each.kpi.id} {figures.name(assessment, each)}, {each.missed}" for each in missed)
        yield words(TextRun(f"{times(len(missed), 'milestone')} missed: ", strong=True), f"{named}.")
    yield from _forecast_to_miss(assessment, members)
    promised = of_sections(assessment, assessment.actions.open, sections)
    if any(each.needs_a_word for each in promised):
        counts = count(promised)
        listed = " They are listed under Actions." if PackPart.ACTIONS in assessment.meeting.parts else ""
        lead = f"{times(counts.open, 'action')} to be done: "
        yield words(TextRun(lead, strong=True), f"{late_words(counts)}.{listed}")
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


def _forecast_to_miss(assessment: Assessment, members: Sequence[Latest]) -> Iterator[Words]:
    """The figures that are forecast to miss at the year end; by name those on target now, as the others are known."""
    expected = [each for each in members if each.forecast is not None and each.forecast.misses]
    turning = {each.series: turns for each in expected if (turns := turns_off_target(each))}
    if not expected:
        return
    by_series = assessment.latest_by_series
    others = [each for each in expected if each.series not in turning]
    off_target = sum(each.off_target is not None for each in others)
    counted = "off target now" if off_target == len(expected) else f"{off_target} off target now"
    named = (
        *(f"{_named(assessment, key)}, {by_series[key].rag} now, {turns}" for key, turns in turning.items()),
        counted if off_target else "",
        f"{len(others) - off_target} without a figure now" if off_target < len(others) else "",
    )
    lead = f"{times(len(expected), 'figure')} forecast to miss the target at the year end: "
    yield words(TextRun(lead, strong=True), f"{'; '.join(filter(None, named))}.")


def _named(assessment: Assessment, key: SeriesKey) -> str:
    latest = assessment.latest_by_series.get(key)
    if latest is not None:
        return f"{latest.kpi.id} {figures.name(assessment, latest)}"
    org = assessment.catalogue.org_by_code[key[1]].name
    return f"{section_name(assessment.ladder.sections[key])}, {org}"


def _changed(
    assessment: Assessment, sections: Sequence[Section], changes: Sequence[ChangeRow], most: int
) -> Iterator[Block]:
    """What has changed, with so many changes of each kind by name."""
    shown = assessment.last_shown
    if shown is None:
        yield Heading("What has changed")
        first = "edition has been published" if assessment.meeting.is_board else "pack of this meeting has been made"
        yield Paragraph(words(f"No {first} before this one, so nothing is compared."))
        return
    published = f"{'made' if shown.what == 'pack' else 'published'} on {in_words(shown.published.date())}"
    yield Heading(f"What has changed since {shown.period.label.split(' (')[0]}", beside=published)
    names = {section.name for section in sections}
    by_kind: dict[str, list[ChangeRow]] = {}
    for row in changes:
        if row.kind in list(ChangeKind) and (not row.section or row.section in names):
            by_kind.setdefault(row.kind, []).append(row)
    if not by_kind:
        yield Paragraph(words("No colour, past figure, target, definition or decision has changed."))
        return
    rows = tuple(_change_row(assessment, kind, rows, most) for kind, rows in by_kind.items())
    yield PageTable("What has changed, by kind", _CHANGES, rows, has_row_headers=True)


def _change_row(assessment: Assessment, kind: str, rows: Sequence[ChangeRow], most: int) -> TableRow:
    shown = rows if len(rows) <= most else rows[: most - 1]
    named = [_change(assessment, row) for row in shown]
    more = len(rows) - len(shown)
    # The sheet Changes of the master is about the last edition, not about this meeting's last pack.
    where = ", in the edition's workbook, sheet Changes" if assessment.meeting.is_board else ""
    said = "; ".join([*named, *([f"and {more} more{where}"] if more else [])])
    return TableRow((TableCell(words(TextRun(kind, strong=True), f" ({len(rows)})")), TableCell(words(said))))


def _change(assessment: Assessment, row: ChangeRow) -> str:
    latest = assessment.latest_by_series.get((row.ref, row.org))
    org = f"{row.kpi}, {row.org}" if row.org and row.org != row.kpi else row.kpi
    about = " ".join(filter(None, (row.ref, figures.name(assessment, latest) if latest else org)))
    if latest and row.period and row.kind in _OF_A_PAST_FIGURE:
        about += f", {latest.kpi.period(row.period).short}"
    before = f", before {row.before}" if row.before else ""
    now = row.now.split(", was ")[0] if before else row.now  # what it was, said once
    return f"{about}: {now}{before}" if now else about


def _good(assessment: Assessment, listed: Sequence[Latest], most: int) -> Iterator[Block]:
    if not listed:
        return
    first = (figures.of_the_whole(assessment, listed) or listed)[:most]
    yield Heading("To celebrate")
    named = (
        words(TextRun(f"{latest.kpi.id} {figures.name(assessment, latest)}: ", strong=True),
              f"{'; '.join(assessment.good_news[latest.series])}.") for latest in first
    )  # fmt: skip
    whole = "the edition" if assessment.meeting.is_board else the_workbook(assessment)
    has_part = PackPart.CELEBRATE in assessment.meeting.parts
    where = "on the page To celebrate" if has_part else f"on the sheet Exceptions of {whole}"
    more = len(listed) - len(first)
    yield Items((*named, *([words(f"{more} more {where}.")] if more else [])))


def _questions(assessment: Assessment, members: Sequence[Latest]) -> Iterator[Block]:
    whole = figures.of_the_whole(assessment, members)
    by_question: Mapping[str, list[Latest]] = {
        question.id: [each for each in whole if each.kpi.question == question.id]
        for question in assessment.catalogue.questions
    }
    rows = tuple(
        _answer(question.text, by_question[question.id])
        for question in assessment.catalogue.questions
        if by_question[question.id]
        and not any(assessment.is_selected(each.series) for each in by_question[question.id])
    )
    if rows:
        yield Heading("Our questions", beside="a figure that is rolled up counts once, its parts do not")
        yield PageTable("Each question, with how many of its figures are on target", _QUESTIONS, rows, True)


def _answer(question: str, members: Sequence[Latest]) -> TableRow:
    counted = colours(members)
    answer = TextRun(on_target_words(counted), strong=True)
    lacking = sum(each.rag in ON_TARGET and each.lacks_orgs for each in members)
    beside = f" ({lacking} without every part)" if lacking else ""
    return TableRow((TableCell(words(question)), TableCell(words(answer, f"{beside}: {colour_words(counted)}"))))
