"""The board's pack as everybody may read it, which says what it leaves out and why."""

from __future__ import annotations

from dataclasses import replace

from xlperf.assessment import Assessment
from xlperf.assessment.latest import Latest
from xlperf.assessment.public_assessment import PublicAssessment
from xlperf.documents.document import (
    Audience,
    Block,
    Document,
    DocumentPart,
    PageTable,
    Paragraph,
    TableCell,
    TableColumn,
    TableRow,
    words,
)
from xlperf.report.pages.board_pack import pack

_COLUMNS = (
    TableColumn("Ref", 30),
    TableColumn("Indicator", 1, grows=True),
    TableColumn("Organisation", 1, grows=True),
    TableColumn("Why it is not shown", 1.4, grows=True),
)
_NOT_FOR_ALL = (
    "This is the public edition of the report. What is for the meeting alone is left out: stages that are proposed and "
    "not decided, questions for the meeting, and the pages of cases in escalation."
)


def public_pack(assessment: Assessment, edition: str) -> Document:
    """The public edition of the board's pack; see `PublicAssessment`. It has no logo yet."""
    read = PublicAssessment.of(assessment, assessment.catalogue.board_meeting, assessment.last_shown)
    whole = pack(read, edition)
    parts = tuple(part for part in whole.parts if part.audience is Audience.PUBLIC)
    return replace(whole, footer=f"Public edition · {whole.footer}", parts=(*parts, _left_out(read)))


def _left_out(read: PublicAssessment) -> DocumentPart:
    blocks: list[Block] = [Paragraph(words(_NOT_FOR_ALL))]
    if read.kept_back:
        below = read.catalogue.public.withhold_below
        why = (
            f"So that nobody can be recognised, a number of people that is smaller than {below}, and not 0, is "
            "withheld for all periods, and with it the figures from which it could be worked out. They are in no count "
            "and no comparison of this edition; totals that they are part of are whole."
        )
        rows = tuple(_row(read, each) for each in read.kept_back)
        blocks += [Paragraph(words(why)), PageTable("Figures that are not shown", _COLUMNS, rows, has_row_headers=True)]
    return DocumentPart("What this edition leaves out", tuple(blocks), starts_page=False)


def _row(read: PublicAssessment, latest: Latest) -> TableRow:
    below = read.catalogue.public.withhold_below
    is_small = latest.series in read.small
    why = f"fewer than {below} people in some period" if is_small else "a small number could be worked out from it"
    texts = (latest.kpi.id, latest.kpi.name, latest.org.name, why)
    return TableRow(tuple(TableCell(words(text)) for text in texts))
