"""What has to hold before anything is made for readers: all is collated, and the past is shown as it was."""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.assessment import Assessment
from xlperf.assessment.return_counts import Covers, everything, expected_returns, returns_of
from xlperf.catalogue import Catalogue
from xlperf.errors import WorkbookError
from xlperf.ledger import Ledger, Record, State
from xlperf.period import Period
from xlperf.workflow.incoming.received import Arrived, listing, must_be_there
from xlperf.workflow.master.data_years import data_since
from xlperf.workflow.master.door import Door, MasterFile
from xlperf.workflow.master.last_shown import last_shown
from xlperf.workflow.master.past_guard import must_leave_the_past
from xlperf.workflow.master.typed import read_copies, read_typed
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

_MOST_NAMED = 5
"""Owners named whose returns are missing."""


def ready_to_show(
    workspace: Workspace,
    catalogue: Catalogue,
    ledger: Ledger,
    state: State,
    reporting: Period,
    run: Run,
    door: Door | None,
) -> tuple[Assessment, Sequence[Record]]:
    """The assessment that readers are shown, and what the run has to record of the catalogue.

    Raises:
        WorkbookError: the master holds decisions or actions that no collation has read.
        CatalogueError: past figures would be shown otherwise than before.
    """
    _must_be_collated(workspace, state, run.by, door, catalogue)
    records = must_leave_the_past(catalogue, ledger, state, MasterFile(workspace).existing())
    must_be_there(workspace, state)
    present = frozenset(entry.sha256 for entry in listing(workspace) if isinstance(entry, Arrived))
    shown, since = last_shown(ledger, state, reporting), data_since(workspace.settings(), reporting)
    return Assessment(catalogue, state, reporting, run.now, present, shown, since), records


def _must_be_collated(workspace: Workspace, state: State, by: str, door: Door | None, catalogue: Catalogue) -> None:
    # Decisions may stand in the master that is open, and not in its file, or the other way about.
    doors = [MasterFile(workspace), *([door] if door else [])]
    typed = [read_typed(each.existing(), workspace.master.name, state, by, catalogue) for each in doors]
    if any(each.records for each in (*typed, read_copies(workspace, state, by, catalogue))):
        raise WorkbookError(
            "what was typed in the master, or a copy beside it, is not in the ledger yet; collate first"
        )


def doubts_about(
    catalogue: Catalogue, state: State, reporting: Period, run: Run, covers: Covers = everything
) -> tuple[str, ...]:
    """Why a board, or a meeting, might be shown less than it expects: the period has not ended, or returns are missing.

    Of those returns alone that ask for what it covers.
    """
    doubts = []
    if reporting.last_day >= run.now.date():
        doubts.append(f"{reporting.label} has not ended yet")
    returns = returns_of(catalogue, state, reporting, covers)
    expected = [issued.owner for issued in expected_returns(catalogue, state, reporting, covers)]
    missing = [owner for owner in expected if (owner, str(reporting)) not in state.in_use]
    names = [catalogue.owner_by_id[owner].name if owner in catalogue.owner_by_id else owner for owner in missing]
    if names:
        listed = ", ".join(names[:_MOST_NAMED]) + (
            f" and {len(names) - _MOST_NAMED} more" if names[_MOST_NAMED:] else ""
        )
        are = "is" if returns.missing == 1 else "are"
        doubts.append(f"{returns.missing} of {returns.expected} returns {are} missing: {listed}")
    if not returns.issued:
        doubts.append(f"no returns have been issued for {reporting.label}")
    return tuple(doubts)
