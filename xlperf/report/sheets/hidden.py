"""The hidden sheets of the master: what people type into as last written, and the choices in the list of stages."""

from __future__ import annotations

from collections.abc import Callable

from xlperf.assessment import Assessment
from xlperf.ledger import Decision
from xlperf.report import layout
from xlperf.report.columns import Column, MasterSheet
from xlperf.report.sheets.common import org_column, ref_column
from xlperf.rules.actions import Action
from xlperf.rules.cases import CaseEntry

NAME, ACTIONS_NAME, CASES_NAME = "xlperf", "xlperf actions", "xlperf cases"
NAMES = (NAME, ACTIONS_NAME, CASES_NAME)


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
