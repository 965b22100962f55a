"""The hidden sheets of the master: what people type into as last written, and the choices in the list of stages."""

from __future__ import annotations

from collections.abc import Callable

from xlperf.assessment import Assessment
from xlperf.ledger import Decision
from xlperf.report import layout
from xlperf.report.columns import Column, MasterSheet
from xlperf.report.enquiry_lines import EnquiryLine
from xlperf.report.sheets import enquiries, narrative, recovery_paths
from xlperf.report.sheets.common import org_column, ref_column
from xlperf.report.sheets.narrative import NarrativeRow
from xlperf.rules.actions import Action
from xlperf.rules.cases import CaseEntry

NAME, ACTIONS_NAME, RECOVERY_NAME = "xlperf", "xlperf actions", "xlperf recovery"
ENQUIRIES_NAME, WORDS_NAME, CASES_NAME = "xlperf enquiries", "xlperf words", "xlperf cases"
NAMES = (NAME, ACTIONS_NAME, RECOVERY_NAME, ENQUIRIES_NAME, WORDS_NAME, CASES_NAME)


def _typed(assessment: Assessment) -> list[Decision]:
    """The decisions as written to the sheet, so that the next collation can see what people have typed since."""
    return [assessment.ladder.typed(key) for key in assessment.state.settled]


def _cell(place: int) -> Callable[[Decision], str]:
    return lambda decision: decision.cells[place]


TYPED = MasterSheet(
    layout.TYPED,
    NAME,
    "what the cells for typing showed after the last collation",
    (
        ref_column(lambda decision: decision.kpi_id),
        org_column(lambda decision: decision.org),
        *(
            Column(header.lower().replace(" ", "_"), header, _cell(place), 12, "as it was last written")
            for place, header in enumerate(layout.TYPED_COLUMNS)
        ),
    ),
    _typed,
)

STAGES: MasterSheet[str] = MasterSheet(
    layout.STAGES,
    NAME,
    "a stage that may be decided",
    (Column("stage", "Stage", lambda stage: stage, 12, "its name in the catalogue"),),
    lambda assessment: assessment.catalogue.escalation.stage_names,
)


def _shown(cell: str) -> Callable[[Action], str]:
    return lambda action: action.cells[cell]


TYPED_ACTIONS = MasterSheet(
    layout.TYPED_ACTIONS,
    ACTIONS_NAME,
    "what the cells for typing of an action showed after the last collation",
    (
        Column("id", layout.ACTION_ID, lambda action: action.id, 12, "the number of the action", is_key=True),
        *(
            Column(cell, header, _shown(cell), 12, "as it was last written")
            for cell, header in layout.ACTION_CELLS.items()
        ),
    ),
    lambda assessment: assessment.actions.register,
    since="0.2.0",
)


def _promise(cell: str) -> Callable[[recovery_paths.PromiseRow], str]:
    return lambda row: row.path.cells(row.period)[cell]


TYPED_RECOVERY = MasterSheet(
    layout.TYPED_RECOVERY,
    RECOVERY_NAME,
    "what the cells for typing of a recovery path showed after the last collation",
    (
        ref_column(lambda row: row.series[0]),
        org_column(lambda row: row.series[1]),
        Column("period", layout.PROMISED_PERIOD, lambda row: str(row.period), 12, "the KPI period", is_key=True),
        *(
            Column(cell, header, _promise(cell), 12, "as it was last written")
            for cell, header in layout.PROMISE_CELLS.items()
        ),
    ),
    recovery_paths.rows,
    since="0.2.0",
)


def _of_key(place: int) -> Callable[[EnquiryLine], str]:
    return lambda line: line.key[place]


def _of_cell(cell: str) -> Callable[[EnquiryLine], str]:
    return lambda line: line.cells[cell]


TYPED_ENQUIRIES = MasterSheet(
    layout.TYPED_ENQUIRIES,
    ENQUIRIES_NAME,
    "what the cells for typing of a line of enquiry showed after the last collation",
    (
        *(
            Column(header.lower(), header, _of_key(place), 12, "part of what it is known by", is_key=True)
            for place, header in enumerate(layout.ENQUIRY_KEY)
        ),
        *(
            Column(cell, header, _of_cell(cell), 12, "as it was last written")
            for cell, header in layout.ENQUIRY_CELLS.items()
        ),
    ),
    enquiries.lines,
    since="0.2.0",
    always=layout.ENQUIRY_KEY[:3],
)


def _shown_words(place: int) -> Callable[[NarrativeRow], str]:
    return lambda row: row.shown[place]


TYPED_WORDS = MasterSheet(
    layout.TYPED_WORDS,
    WORDS_NAME,
    "what the cells for words showed after the last collation, and beside which figures",
    (
        ref_column(lambda row: row.key[0]),
        org_column(lambda row: row.key[1]),
        Column("period", "Period", lambda row: row.key[2], 12, "the period of the figure", is_key=True),
        *(
            Column(header.lower().replace(" ", "_"), header, _shown_words(place), 12, "as it was last written")
            for place, header in enumerate(layout.WORDS_COLUMNS)
        ),
        Column("figure", layout.STOOD_COLUMNS[0], lambda row: row.stood.figure, 12, "how the figure stood"),
        Column("members", layout.STOOD_COLUMNS[1], lambda row: row.stood.members, 12, "how its members stood"),
    ),
    narrative.rows,
    since=narrative.SINCE,
)


def _shown_of_entry(cell: str) -> Callable[[CaseEntry], str]:
    return lambda entry: entry.cells[cell]


TYPED_CASES = MasterSheet(
    layout.TYPED_CASES,
    CASES_NAME,
    "what the cells for typing of an entry showed after the last collation",
    (
        Column("entry", layout.ENTRY, lambda entry: entry.id, 12, "the mark of the entry", is_key=True),
        *(
            Column(cell, header, _shown_of_entry(cell), 12, "as it was last written")
            for cell, header in layout.CASE_CELLS.items()
        ),
    ),
    lambda assessment: assessment.state.case_entries,
    since="0.2.0",
)


WRITTEN = (TYPED_ACTIONS, TYPED_RECOVERY, TYPED_ENQUIRIES, TYPED_WORDS, TYPED_CASES)
"""What was last written into what people type into, each on a sheet of its own."""
