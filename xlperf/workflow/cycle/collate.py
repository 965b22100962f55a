"""Collate: judge every file received, record what was taken, and bring the master up to date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xlperf.assessment import Assessment
from xlperf.catalogue import Catalogue
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Decision, Received, State
from xlperf.period import Period
from xlperf.report.decision_findings import disputes
from xlperf.workflow.incoming.batch import judge_all
from xlperf.workflow.incoming.judging import Basis
from xlperf.workflow.incoming.received import Arrived, Ignored, listing, must_be_there
from xlperf.workflow.incoming.reconciliation import law_rows
from xlperf.workflow.master.decisions import read_copies, read_decisions
from xlperf.workflow.master.door import Door, MasterFile, SavedMeanwhile, Written
from xlperf.workflow.master.refresh import about_rows, refresh
from xlperf.workflow.workspace import MASTER, Workspace, reporting_period
from xlperf.workflow.workspace.lock import Lock, locked
from xlperf.workflow.workspace.run import Run
from xlperf.workflow.workspace.unfinished import finish


@dataclass(frozen=True, slots=True)
class Collated:
    """What a collation did. Every file listed is in exactly one of `judged` and `ignored`; see `listed`."""

    period: Period
    judged: tuple[tuple[str, Received], ...]
    ignored: tuple[Ignored, ...]
    new_records: int
    findings: tuple[Finding, ...]
    written: Written

    @property
    def listed(self) -> int:
        """How many entries the received folders hold."""
        return len(self.judged) + len(self.ignored)

    @property
    def rejected(self) -> tuple[Received, ...]:
        """The files of which nothing was taken; those held for the team are among them."""
        return tuple(received for _, received in self.judged if not received.is_accepted)

    @property
    def held(self) -> tuple[Received, ...]:
        """The files that wait for a person to release them."""
        return tuple(received for _, received in self.judged if received.is_held)

    @property
    def is_clean(self) -> bool:
        """Whether everything received was taken whole."""
        return not self.rejected and not any(received.refused for _, received in self.judged)


def collate(workspace: Workspace, run: Run, *, period: str | None = None) -> Collated:
    """Read every received return into the ledger, and refresh the master for a reporting period.

    Args:
        workspace: where.
        run: when and by whom, for the ledger and for what is late; its progress is files judged.
        period: what the master reports on; the latest period with returns issued where None.

    Raises:
        UsageError: the period is not in the calendar; nothing has been read.
        WorkspaceError: the received folders cannot be listed, or another is at work.
        XlperfError: catalogue, ledger or master cannot be used. What was judged before that is in the ledger.
    """
    with locked(workspace, "collating", run) as lock:
        door = MasterFile(workspace, lock.must_be_ours)
        return collate_under(lock, workspace, door, run, period=period)


def collate_under(
    lock: Lock,
    workspace: Workspace,
    door: Door,
    run: Run,
    *,
    period: str | None = None,
) -> Collated:
    """As `collate`, through a door of the caller's, where the lock is held already."""
    catalogue, ledger = workspace.catalogue(), workspace.ledger()
    asked_for = reporting_period(catalogue, period) if period else None
    state = ledger.state()
    finish(workspace, state)
    typed = read_decisions(door.existing(), workspace.master.name, state, run.by)
    copies = read_copies(workspace, state, run.by)
    must_be_there(workspace, state)
    entries = list(listing(workspace))
    files = [entry for entry in entries if isinstance(entry, Arrived)]
    basis = Basis(catalogue, state, run.now.date())
    batch = judge_all(files, basis, ledger, workspace.settings().limits, run.progress)
    fresh = [
        received for received in batch.new if not _loses(received, state.judged_before_release.get(received.sha256))
    ]
    new: list[Received | Decision] = [*typed.decisions, *copies.decisions, *fresh]
    if fresh:
        ledger.keep(catalogue.canonical, ".json")  # by which 'xlperf ledger verify' judges them again
    if new:
        ledger.append("collate", new, at=run.now, by=run.by)
        state = ledger.state()
    # What a person has released or rejected counts as that, whatever it is judged to be.
    judged = [(name, state.received_by_sha256[received.sha256]) for name, received in batch.judged]
    reporting = asked_for or latest_period(catalogue, state)
    present = frozenset(received.sha256 for _, received in judged)
    ignored = tuple(entry for entry in entries if isinstance(entry, Ignored))
    while True:
        assessment = Assessment(catalogue, state, reporting, run.now, present)
        about = [*about_rows(assessment, run.by), *law_rows(state, reporting, judged, ignored)]
        lock.must_be_ours()
        try:
            written = refresh(door, assessment, about, workspace.templates(MASTER))
            break
        except SavedMeanwhile:  # the door lets this happen a few times, and then saves beside
            typed = read_decisions(door.existing(), workspace.master.name, state, run.by)
            new += typed.decisions
            if typed.decisions:
                ledger.append("collate", typed.decisions, at=run.now, by=run.by)
                state = ledger.state()
    findings = [*typed.findings, *copies.findings, *disputes(state), *batch.not_read_again, *_gone(state, judged)]
    return Collated(reporting, tuple(judged), ignored, len(new), (*findings, *written.findings), written)


def _loses(received: Received, before: Received | None) -> bool:
    """Whether another judgement takes away what was accepted: a return, or a figure of one that was accepted whole.

    That the file has another name now, or that a newer return or catalogue has been issued since, takes nothing away;
    that somebody has moved it to another folder may.
    """
    if before is None or not before.is_accepted or received.folder != before.folder:
        return False
    if not received.is_accepted:
        return True
    taken = {figure.key for figure in before.figures}
    return not before.refused and not taken <= {figure.key for figure in received.figures}


def latest_period(catalogue: Catalogue, state: State) -> Period:
    """The latest reporting period of which returns were issued; else the first of the calendar."""
    issued = (Period.parse(item.period) for item in state.issued.values())
    in_calendar = [period for period in issued if period in catalogue.entry_by_period]
    return max(in_calendar, default=min(catalogue.entry_by_period))


def _gone(state: State, judged: list[tuple[str, Received]]) -> Iterable[Finding]:
    """Accepted returns whose file no longer lies in the folder; their figures stay."""
    present = {received.sha256 for _, received in judged}
    # Where a file of the same name lies there and cannot be read, it may be this one.
    unread = (each for _, each in judged if any(item.kind.is_unread_file for item in each.findings))
    places = {(each.folder, each.file) for each in unread}
    for received in state.received:
        is_there = received.sha256 in present or (received.folder, received.file) in places
        if received.is_accepted and not is_there:
            message = "the file is no longer in the received folder; its figures stay, and the ledger has a copy."
            yield finding("F011", message, Location(received.file))
