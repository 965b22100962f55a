"""A page for each case: what the issue is, where it stands, and what was decided, done and told, in order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from xlperf.assessment import Assessment
from xlperf.assessment.case_standing import CaseStanding, CaseStep
from xlperf.catalogue import AnyStage, Section
from xlperf.documents.document import (
    Audience,
    Block,
    DocumentPart,
    FullChart,
    Heading,
    PageTable,
    Paragraph,
    SideBySide,
    Size,
    TableCell,
    TableColumn,
    TableRow,
    TextRun,
    Together,
    words,
)
from xlperf.report.action_words import promise_words
from xlperf.report.case_words import (
    case_name,
    cases_words,
    change_words,
    entries_words,
    last_words,
    leaves_words,
    review_words,
    stage_words,
    stands_words,
    told_words,
)
from xlperf.report.pages.series_chart import series_chart
from xlperf.rules.cases import CaseEntry, EntryKind
from xlperf.rules.escalation.phrases import capital, sentence, short_day

_ABOUT = "Each page is about an issue and how the work is done, not about the people who do it."
_STORY = (
    TableColumn("On", 62),
    TableColumn("What", 88),
    TableColumn("In words", 2, grows=True),
    TableColumn("By or to whom", 1, grows=True),
)


def printed_cases(assessment: Assessment, sections: Sequence[Section]) -> list[CaseStanding]:
    """The cases of these sections that the board's pack prints, the gravest first.

    Those in a stage by decision, those about a subject of their own, and those that left or were closed since the last
    edition. One that the team opened about a KPI before anything was decided is printed where the board sees what is
    proposed: until then it is before those who decide.
    """
    ids, kpis = {section.id for section in sections}, assessment.catalogue.kpi_by_id
    is_whole = len(ids) == len(assessment.catalogue.sections)
    shown = assessment.last_shown
    since = shown.published.date() if shown else date.min

    def is_of_these(case: CaseStanding) -> bool:
        ref = case.key[0]
        return is_whole if case.is_own else (kpis[ref].section if ref in kpis else ref) in ids

    def is_printed(case: CaseStanding) -> bool:
        if not (case.was_escalated or case.is_own):
            return case.is_open and assessment.ladder.is_for_the_board(case.key)
        return case.is_open or (case.closed is not None and case.closed >= since)

    return [
        case
        for case in assessment.cases.by_key.values()
        if assessment.covers(case.key) and is_of_these(case) and is_printed(case)
    ]


def case_pages(assessment: Assessment, sections: Sequence[Section]) -> DocumentPart | None:
    """The page of each of these cases; None where there is none. What stands there is for the body itself."""
    cases = printed_cases(assessment, sections)
    if not cases:
        return None
    blocks = tuple(
        Together((*case_page(assessment, case),), starts_page=number > 0) for number, case in enumerate(cases)
    )
    return DocumentPart(
        "Escalation cases", blocks, beside=cases_words(assessment, cases), under=_ABOUT, audience=Audience.INTERNAL
    )


def case_page(assessment: Assessment, case: CaseStanding) -> Iterator[Block]:
    """One case."""
    yield Heading(case_name(assessment, case.key), beside=capital(stage_words(case)))
    told = tuple(_facts(assessment, case))
    drawn = tuple(_drawn(assessment, case))
    if drawn:
        yield SideBySide(drawn, told, _CHART_SHARE)
    else:
        yield from told
    rows = [row for _, row in _story(case, case.entries[-_MOST_ENTRIES:])]
    if rows:
        yield Heading("What was decided, done and told", 3)
        summary = f"What was decided, done and told about {case_name(assessment, case.key)}, in order of time"
        yield PageTable(summary, _STORY, tuple(rows), has_row_headers=True)
    if (earlier := len(case.entries) - _MOST_ENTRIES) > 0:
        more = f"The sheet Cases of the edition's workbook has {earlier} earlier."
        note = f"Every decision, and the last {_MOST_ENTRIES} entries. {more}"
        yield Paragraph(words(note), Size.NOTE)


_MOST_ENTRIES = 12
"""Entries of a case that its page lists, the last ones, so that it is read in a minute; the sheet has all."""
_CHART_SHARE, _CHART_HEIGHT = 0.53, 150.0
"""With a smaller share the letters of a chart would be smaller than people can read."""


def _drawn(assessment: Assessment, case: CaseStanding) -> Iterator[Block]:
    latest = assessment.latest_by_series.get(case.key)
    chart = series_chart(assessment, latest) if latest is not None else None
    if latest is None or chart is None:
        return
    yield FullChart(chart, _CHART_HEIGHT)
    yield Paragraph(words(latest.kpi.definition), Size.NOTE)


def _facts(assessment: Assessment, case: CaseStanding) -> Iterator[Block]:
    """Where it stands, what helps, and what is to come: a line each."""
    stage = next((each for each in _stages(assessment, case) if each.name == case.stage), None)
    latest = assessment.latest_by_series.get(case.key)
    lines = (
        ("Where it stands. ", stands_words(assessment, case.key)),
        ("To leave this stage. ", leaves_words(assessment, case)),
        ("What the stage offers. ", "; ".join(stage.support) if stage else ""),
        ("Support begun. ", entries_words(case, EntryKind.BEGUN) or ("none recorded yet" if case.stage else "")),
        ("Last progress. ", last_words(case, EntryKind.PROGRESS) or ("none recorded yet" if case.stage else "")),
        ("Told. ", told_words(case)),
        ("Next review. ", review_words(case)),
        ("Executive owner. ", latest.executive_owner if latest else ""),
    )
    for lead, text in lines:
        if text:
            yield Paragraph(words(TextRun(lead, strong=True), sentence(capital(text))))
    actions = " ".join(promise_words(each) for each in case.actions)
    yield Paragraph(words(TextRun("Actions to be done. ", strong=True), actions or "None."))


def _stages(assessment: Assessment, case: CaseStanding) -> Sequence[AnyStage]:
    ladder = assessment.catalogue.escalation
    return ladder.section_stages if case.key in assessment.ladder.sections else ladder.stages


def _story(case: CaseStanding, entries: Sequence[CaseEntry]) -> list[tuple[date, TableRow]]:
    """What was decided and what the log says, by day; on one day, the decision first."""
    rows = [
        (step.day or date.min, _row(step.day, "Decision", _decision(step), step.step.decided.by)) for step in case.steps
    ]
    rows += [
        (when or date.min, _row(when, str(entry.kind), entry.what, entry.who))
        for entry in entries
        for when in (case.day_of(entry),)
    ]
    return sorted(rows, key=lambda row: row[0])


def _decision(step: CaseStep) -> str:
    why = f": {step.rationale}" if step.rationale else ""
    return sentence(capital(f"{change_words(step)}{why}"))


def _row(when: date | None, what: str, said: str, who: str) -> TableRow:
    cells = (short_day(when) if when else "no date", what, sentence(said), who)
    return TableRow(tuple(TableCell(words(text)) for text in cells))
