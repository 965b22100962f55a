"""The first page: what the meeting is asked, what has changed, what went well, the questions, and the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from xlperf.report.count_words import colour_words, late_words, return_words
from xlperf.report.edition_words import correction_words
from xlperf.report.forecast_words import turns_off_target
from xlperf.report.meeting_words import coverage_words, meeting_and_day, pack_title, the_workbook
from xlperf.report.pages import figure_words as figures
from xlperf.report.pages.celebrate_page import to_celebrate
from xlperf.report.pages.escalation_page import asked_to_decide, for_the_board, in_a_stage, reviews_overdue
from xlperf.report.pages.exception_pages import to_act_on, to_act_on_words
from xlperf.report.pages.executive_words import executive_lines
from xlperf.report.pages.matrix import matrix
from xlperf.report.pages.page_room import height_of
from xlperf.report.question_answers import QuestionAnswered, answers
from xlperf.report.sheets.returns import missing_returns
from xlperf.report.subject_names import section_name
from xlperf.rules.escalation.phrases import PROPOSED, times
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.rules.keys import SeriesKey

_CHANGES = (TableColumn("Change", 88), TableColumn("What", 1, grows=True))
_QUESTIONS = (TableColumn("Question", 1, grows=True), TableColumn("Answer", 1.6, grows=True))
_OF_A_PAST_FIGURE = (
    ChangeKind.RESTATED,
    ChangeKind.RECOLOURED,
    ChangeKind.TARGET,
    ChangeKind.DECIDED,
    ChangeKind.WORDS,
)
_COLUMN, _ROOM = 382.0, 500.0
"""How wide a column of this page is, and how high, in points."""
_MOST = ((6, 4), (6, 2), (4, 4), (4, 2), (3, 1))
"""Changes of one kind, and good news, that are named on this page: the first of these with which all fits it.

Of more changes of a kind, one less is named, and where all of them are; the part *To celebrate* has all good news.
"""
_LINES = (6, 4, 3, 2, 1, 0)
"""Executives' lines on this page, likewise: as many as there is room for; all words stand beside their figures."""


_Column = tuple[Block, ...]
_LEFT, _RIGHT = 0, 1


def summary_page(assessment: Assessment, sections: Sequence[Section]) -> DocumentPart:
    """The summary of these sections."""
    members = figures.of_sections(assessment, sections)
    asked = (*_asked(assessment, sections),)
    changes, good = since_last(assessment), to_celebrate(assessment, sections)
    questions = (*matrix(assessment, members), *_questions(assessment, members))
    whole = figures.of_the_whole(assessment, members)

    def page(changes_named: int, good_named: int, lines: int) -> tuple[_Column, _Column]:
        columns = ((*asked, *_changed(assessment, sections, changes, changes_named)), questions)
        columns = _at_foot(columns, (*executive_lines(assessment, whole, lines),), _RIGHT)
        return _at_foot(columns, (*_good(assessment, good, good_named),), _LEFT)

    all_lines = _LINES if any(executive_lines(assessment, whole, 1)) else (0,)
    pages = (page(*named, lines) for lines in all_lines for named in _MOST)
    # Where the changes alone are too many for any, the other column still has the lines that it has room for.
    shortest = (page(*_MOST[-1], lines) for lines in all_lines)
    columns = (
        next((each for each in pages if all(map(_fits, each))), None)
        or next((each for each in shortest if _fits(each[_RIGHT])), None)
        or page(*_MOST[-1], 0)
    )
    return DocumentPart(
        pack_title(assessment),
        (SideBySide(*columns),),
        under=_under(assessment),
    )


def _at_foot(columns: tuple[_Column, _Column], blocks: _Column, preferred: int) -> tuple[_Column, _Column]:
    """Both columns, with more at the foot of the one preferred, or of the other if only that has room for it."""
    fits = [_fits((*column, *blocks)) for column in columns]
    at = 1 - preferred if fits[1 - preferred] and not fits[preferred] else preferred
    left, right = ((*column, *(blocks if place == at else ())) for place, column in enumerate(columns))
    return left, right


def _fits(column: _Column) -> bool:
    return height_of(column, _COLUMN) <= _ROOM


def _under(assessment: Assessment) -> str:
    meeting = assessment.meeting
    about = coverage_words(assessment.catalogue, meeting)
    parts = (
        assessment.catalogue.organisation,
        f"for the {meeting_and_day(assessment)}",
        correction_words(assessment.correction) if assessment.correction else "",
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
    if listed := to_act_on(assessment, sections):
        lead, made_of = to_act_on_words(listed)
        yield words(TextRun(f"{lead}: ", strong=True), f"{made_of}.")
    in_stage = in_a_stage(assessment, sections)
    in_force = "; ".join(f"{_named(assessment, key)}, {assessment.ladder.in_force(key)}" for key in in_stage)
    issues = times(len(in_stage), "issue") if in_stage else "No issue"
    yield words(TextRun(f"{issues} in escalation", strong=True), f": {in_force}." if in_force else ".")
    overdue = reviews_overdue(assessment, sections)
    if overdue:
        due = {key: assessment.cases.about(key).next_review for key in overdue}
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
        where = " They are listed under Actions." if PackPart.ACTIONS in assessment.meeting.holds else ""
        lead = f"{times(counts.open, 'action')} to be done: "
        yield words(TextRun(lead, strong=True), f"{late_words(counts)}.{where}")
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
    has_sheet = assessment.meeting.is_board and not assessment.is_public
    where = ", in the edition's workbook, sheet Changes" if has_sheet else ""
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
    whole = "the edition" if assessment.meeting.is_board and not assessment.is_public else the_workbook(assessment)
    has_part = PackPart.CELEBRATE in assessment.meeting.holds
    where = "on the page To celebrate" if has_part else f"on the sheet Exceptions of {whole}"
    more = len(listed) - len(first)
    yield Items((*named, *([words(f"{more} more {where}.")] if more else [])))


def _questions(assessment: Assessment, members: Sequence[Latest]) -> Iterator[Block]:
    rows = tuple(map(_answer, answers(assessment, members)))
    if rows:
        yield Heading("Our questions", beside="a figure that is rolled up counts once, its parts do not")
        yield PageTable("Each question, with its answer", _QUESTIONS, rows, True)


def _answer(answered: QuestionAnswered) -> TableRow:
    said = words(TextRun(answered.lead, strong=True), answered.more)
    return TableRow((TableCell(words(answered.question.text)), TableCell(said)))
