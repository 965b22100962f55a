"""Rebuild: make a new master from the ledger. The old master is kept unchanged among the backups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlperf.assessment import Assessment
from xlperf.assessment.in_hand import latest_period
from xlperf.catalogue import Catalogue
from xlperf.durable import write_new
from xlperf.errors import WorkbookError, WorkbookInUse, WorkspaceError
from xlperf.findings import Finding
from xlperf.ledger import Received, State
from xlperf.period import Period
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.inuse import holder_of
from xlperf.workflow.incoming.received import Arrived, Ignored, listing
from xlperf.workflow.incoming.reconciliation import reconciliation_rows
from xlperf.workflow.master.data_years import data_since
from xlperf.workflow.master.door import MasterFile, SavedMeanwhile, Written
from xlperf.workflow.master.last_shown import last_shown
from xlperf.workflow.master.numbering import numbers_for
from xlperf.workflow.master.past_guard import must_leave_the_past
from xlperf.workflow.master.refresh import MasterContent, about_rows, refresh
from xlperf.workflow.master.typed import read_typed
from xlperf.workflow.master.typed_rows import Typed
from xlperf.workflow.workspace import MASTER, Workspace, reporting_period
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did.

    `before` is where the old master is kept, None if there was none. `unreadable` says why the decisions typed in it
    could not be read, "" if they were. `decisions` counts those that were new to the ledger, `uncollated` the files in
    the received folders that the ledger does not know.
    """

    period: Period
    written: Written
    before: Path | None
    unreadable: str
    decisions: int
    uncollated: int
    findings: tuple[Finding, ...]


class _Anew(MasterFile):
    """The door to a master that is to be made from its template, even if there is one now."""

    def _book(self) -> FileWorkbook | None:
        return None

    @property
    def present_bytes(self) -> bytes | None:
        """The bytes of the present master; None where there is none."""
        self.existing()
        return self._read


def rebuild(workspace: Workspace, run: Run, *, period: str | None = None) -> Rebuilt:
    """Make the master from the ledger alone. What was typed into the present one goes into the ledger first.

    Args:
        workspace: where.
        run: when and by whom, for the ledger and for what is late.
        period: what the master reports on; the latest period with returns issued where None.

    Raises:
        UsageError: the period is not in the calendar.
        LedgerError: the ledger cannot be read, or the present master was made from another; it is left where it is.
        WorkbookInUse: somebody has the master open.
        CatalogueError: past figures would be shown otherwise than before; nothing has been written.
        XlperfError: catalogue, template or master cannot be used. The present master is left as it was.
    """
    catalogue, ledger = workspace.catalogue(), workspace.ledger(is_read_anew=True)
    asked_for = reporting_period(catalogue, period) if period else None
    with locked(workspace, "rebuilding the master", run) as lock:
        state = ledger.state()
        _must_be_closed(workspace.master)
        door, decisions, findings = _Anew(workspace, lock.must_be_ours), 0, list[Finding]()
        while True:
            old = door.present_bytes
            typed, unreadable = _typed(workspace, state, run.by, catalogue)
            if typed is not None:
                findings = list(typed.findings)
                if typed.records:
                    numbers = numbers_for(state, typed.records)
                    ledger.append("rebuild", [*typed.records, *numbers], at=run.now, by=run.by)
                    decisions, state = decisions + len(typed.records), ledger.state()
            present = None if unreadable else MasterFile(workspace).existing()
            records = must_leave_the_past(catalogue, ledger, state, present)
            if records and state.figures:
                ledger.append("rebuild", records, at=run.now, by=run.by)
                state = ledger.state()
            before = None if old is None else _keep(old, workspace, run.now)
            reporting = asked_for or latest_period(catalogue, state)
            judged, ignored, uncollated = _received(workspace, state)
            present_files = frozenset(received.sha256 for _, received in judged)
            shown = last_shown(ledger, state, reporting)
            since = data_since(workspace.settings(), reporting)
            assessment = Assessment(catalogue, state, reporting, run.now, present_files, shown, since)
            returns = assessment.counts.returns
            about = [*about_rows(assessment, run.by), *reconciliation_rows(returns, reporting, judged, ignored)]
            lock.must_be_ours()
            try:
                written = refresh(door, MasterContent(assessment, about, findings), workspace.templates(MASTER))
            except SavedMeanwhile:  # somebody typed something more
                continue
            return Rebuilt(
                reporting, written, before, unreadable, decisions, uncollated, (*findings, *written.findings)
            )


def _typed(workspace: Workspace, state: State, by: str, catalogue: Catalogue) -> tuple[Typed | None, str]:
    """What was typed into the present master, or None and why it cannot be read."""
    try:
        return read_typed(MasterFile(workspace).existing(), workspace.master.name, state, by, catalogue), ""
    except WorkbookError as error:
        return None, str(error)


def _must_be_closed(master: Path) -> None:
    holder = holder_of(master)
    if holder is not None:
        raise WorkbookInUse(f"{holder} has {master.name} open; close it, then try again", holder)


def _keep(data: bytes, workspace: Workspace, now: datetime) -> Path:
    """Keep the old master among the backups, under a name that is never deleted when backups are thinned out."""
    folder, stem = workspace.backups, workspace.master.stem
    try:
        folder.mkdir(exist_ok=True)
        for number in range(1, 100):
            path = folder / f"{stem} before rebuild {now:%Y-%m-%d %H%M%S}{f' {number}' if number > 1 else ''}.xlsx"
            try:
                write_new(path, data)
                return path
            except FileExistsError:
                if path.read_bytes() == data:
                    return path
    except OSError as error:
        raise WorkbookError(f"{folder}: cannot be written ({error}), so the master was left as it was") from error
    raise WorkbookError(f"{folder}: is full of masters of this second; the present one was left as it was")


def _received(workspace: Workspace, state: State) -> tuple[Sequence[tuple[str, Received]], Sequence[Ignored], int]:
    """The files in the received folders as the ledger judged them, those ignored, and how many it does not know.

    If the folders are not there, only what the ledger has is returned.
    """
    try:
        entries = list(listing(workspace))
    except WorkspaceError:
        return [(received.file, received) for received in state.received], [], 0
    files = [entry for entry in entries if isinstance(entry, Arrived)]
    judged = [
        (entry.name, state.received_by_sha256[entry.sha256])
        for entry in files
        if entry.sha256 in state.received_by_sha256
    ]
    return judged, [entry for entry in entries if isinstance(entry, Ignored)], len(files) - len(judged)
