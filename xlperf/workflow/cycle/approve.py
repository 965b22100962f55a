"""Approve: an executive owner has approved the draft of the board's pack."""

from __future__ import annotations

from datetime import date

from xlperf.assessment.approvals import DraftStanding, draft_standing
from xlperf.catalogue import Catalogue, ExecutiveOwner
from xlperf.errors import UsageError
from xlperf.ledger import Approved
from xlperf.workflow.workspace import Workspace, reporting_period
from xlperf.workflow.workspace.run import Run


def approve(
    workspace: Workspace, period: str, executive: str, run: Run, *, on: date | None = None, note: str = ""
) -> DraftStanding:
    """Record that an executive has approved the last draft for a period; returns how the draft stands now.

    The last word counts. As with a release, nothing needs the workspace's lock.

    Args:
        workspace: where.
        period: the reporting period.
        executive: the id or the title of an executive owner of the catalogue.
        run: when and by whom it is recorded.
        on: the day of the approval; None for the day of the run.
        note: what was said with it.

    Raises:
        UsageError: there is no such period or executive, no draft yet, or the day is not from the draft's to the run's.
        LedgerError: the ledger cannot be used. In both cases nothing has been recorded.
    """
    catalogue, ledger = workspace.catalogue(), workspace.ledger()
    reporting = reporting_period(catalogue, period)
    who, day = _executive(catalogue, executive), on or run.now.date()
    standing = draft_standing(catalogue, ledger.state(), reporting)
    if standing is None:
        board = catalogue.board_meeting
        raise UsageError(
            f"there is no draft of the pack of the {board.name} for {reporting} yet; make one by: "
            f"xlperf pack --meeting {board.id} --draft --period {reporting}"
        )
    if not standing.draft.at[:10] <= day.isoformat() <= run.now.date().isoformat():
        raise UsageError(
            f"the draft was made on {standing.draft.at[:10]}, and today is {run.now.date()}: "
            f"nobody has approved it on {day}"
        )
    approval = Approved(str(reporting), standing.draft.name, who.id, day.isoformat(), " ".join(note.split()))
    ledger.append("approve", [approval], at=run.now, by=run.by)
    approved = draft_standing(catalogue, ledger.state(), reporting)
    return approved or standing


def _executive(catalogue: Catalogue, wanted: str) -> ExecutiveOwner:
    name = wanted.strip().casefold()
    for each in catalogue.executive_owners:
        if name in (each.id.casefold(), each.title.casefold()):
            return each
    listed = ", ".join(f"{each.title} ({each.id})" for each in catalogue.executive_owners)
    raise UsageError(f"'{wanted}' is no executive owner of the catalogue; there are {listed}")
