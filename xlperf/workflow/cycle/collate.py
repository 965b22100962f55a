"""Collate: judge every file received, record what was taken, and bring the master up to date."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from xlperf.assessment import Assessment
from xlperf.assessment.counts import Counts
from xlperf.assessment.in_hand import latest_period
from xlperf.assessment.past import PastChanges
from xlperf.errors import XlperfError
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Ledger, Received, Record, State, TypedRecord
from xlperf.period import Period
from xlperf.report.decision_findings import disputes
from xlperf.workflow.cycle.unchanged import CollatedFrom, files_read
from xlperf.workflow.incoming.batch import JudgedBatch, judge_all
from xlperf.workflow.incoming.judging import Basis
from xlperf.workflow.incoming.received import Arrived, Ignored, listing, must_be_there
from xlperf.workflow.incoming.reconciliation import reconciliation_rows
from xlperf.workflow.master.data_years import data_since
from xlperf.workflow.master.door import Door, MasterFile, SavedMeanwhile, Written
from xlperf.workflow.master.last_shown import last_shown
from xlperf.workflow.master.numbering import numbers_for
from xlperf.workflow.master.past_guard import JudgedPast, judge_past
from xlperf.workflow.master.refresh import MasterContent, about_rows, refresh
from xlperf.workflow.master.showing_figures import show_figures
from xlperf.workflow.master.typed import read_copies, read_typed
from xlperf.workflow.workspace import CATALOGUE, MASTER, Workspace, reporting_period
from xlperf.workflow.workspace.keeping_runs import keep_runs
from xlperf.workflow.workspace.kept_catalogue import keep_catalogue
from xlperf.workflow.workspace.lock import Lock, locked
from xlperf.workflow.workspace.run import Run
from xlperf.workflow.workspace.unfinished import finish


@dataclass(frozen=True, slots=True)
class Collated:
    """What a collation did. Every file listed is in exactly one of `judged` and `ignored`; see `listed`.

    `replaced` has the sha256 of files that a later one of the same owner and period has replaced: nobody needs to
    correct them. `past` are the past figures that the catalogue, or a later xlperf, changes. The master is written only
    if there are none, or if somebody has accepted them. `counts` are those that the master shows; None if it was left.
    """

    period: Period
    judged: tuple[tuple[str, Received], ...]
    ignored: tuple[Ignored, ...]
    new_records: int
    findings: tuple[Finding, ...]
    past: PastChanges
    written: Written
    replaced: frozenset[str] = frozenset()
    counts: Counts | None = None
    made_from: CollatedFrom | None = None
    """What it was made from, if another of the same would change nothing; None if it might. See `noting`."""

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
        """Whether everything received and not replaced since was taken whole, and is shown in the master."""
        in_place = [received for _, received in self.judged if received.sha256 not in self.replaced]
        return self.written.is_written and all(
            each.is_accepted and not each.refused and not each.is_in_question for each in in_place
        )


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a collation.

    Args:
        period: what the master reports on; the latest period with returns issued where None.
        accepts: whether it is accepted that the catalogue, or a later xlperf, changes past figures.
    """

    period: str | None = None
    accepts: Callable[[PastChanges], bool] = lambda _: False


AS_USUAL = Options()


def collate(workspace: Workspace, run: Run, options: Options = AS_USUAL) -> Collated:
    """Read every received return into the ledger, and refresh the master for a reporting period.

    Args:
        workspace: where.
        run: when and by whom, for the ledger and for what is late; its progress is files judged.
        options: how it is wanted.

    Raises:
        UsageError: the period is not in the calendar; nothing has been read.
        WorkspaceError: the received folders cannot be listed, or another is at work.
        XlperfError: catalogue, ledger or master cannot be used. What was judged before that is in the ledger.
    """
    with locked(workspace, "collating", run) as lock:
        door = MasterFile(workspace, lock.must_be_ours)
        return collate_under(lock, workspace, door, run, options)


@contextmanager
def _in_one_go() -> Iterator[None]:
    """Without Python's search for objects that only refer to each other.

    A collation makes millions of objects, which would be searched again and again: a tenth of its time, and no less
    memory.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_in_one_go()
def collate_under(lock: Lock, workspace: Workspace, door: Door, run: Run, options: Options = AS_USUAL) -> Collated:
    """Like `collate`, for a caller that holds the lock already and brings its own door."""
    files_were = files_read(workspace)  # before any is read: what changes from here on is seen the next time
    catalogue, ledger = workspace.catalogue(), workspace.ledger()
    asked_for = reporting_period(catalogue, options.period) if options.period else None
    state = ledger.state()
    finish(workspace, state)
    master = door.existing()
    typed = read_typed(master, workspace.master.name, state, run.by, catalogue)
    past = judge_past(catalogue, ledger, state, master, options.accepts)
    copies = read_copies(workspace, state, run.by, catalogue)
    must_be_there(workspace, state)
    entries = list(listing(workspace))
    files = [entry for entry in entries if isinstance(entry, Arrived)]
    basis = Basis(catalogue, state, run.now.date())
    batch = judge_all(files, basis, ledger, workspace.settings(), run.progress)
    before = state.judged_before_release
    fresh = [received for received in batch.new if not _loses(received, before.get(received.sha256))]
    new: list[Received | TypedRecord] = [*typed.records, *copies.records, *fresh]
    # A ledger without figures has shown none; it may be one whose share is not there, in which nothing is to be begun.
    records = past.records if new or state.figures else ()
    if fresh or records:
        ledger.keep(catalogue.canonical, ".json")  # by which 'xlperf ledger verify' judges them again
    state = _recorded(ledger, [*new, *numbers_for(state, new), *records], run, state)
    # What a person has released or rejected counts as that, whatever it is judged to be.
    judged = [(name, state.received_by_sha256[received.sha256]) for name, received in batch.judged]
    reporting = asked_for or latest_period(catalogue, state)
    present = frozenset(received.sha256 for _, received in judged)
    ignored = tuple(entry for entry in entries if isinstance(entry, Ignored))
    written, counts, are_shown = Written(workspace.master, is_written=False), None, False
    while past.is_accepted and not written.is_written:
        shown = last_shown(ledger, state, reporting)
        since = data_since(workspace.settings(), reporting)
        assessment = Assessment(catalogue, state, reporting, run.now, present, shown, since)
        returns = assessment.counts.returns
        about = [*about_rows(assessment, run.by), *reconciliation_rows(returns, reporting, judged, ignored)]
        lock.must_be_ours()
        try:
            to_say = [*past.findings, *typed.findings, *copies.findings, *batch.not_read_again, *_gone(state, judged)]
            with _telling_what_is_kept(run, len(new)):
                written = refresh(door, MasterContent(assessment, about, to_say), workspace.templates(MASTER))
            counts = assessment.counts
            are_shown = written.is_written and show_figures(ledger, assessment, run)
        except SavedMeanwhile:  # the door lets this happen a few times, and then saves beside
            typed = read_typed(door.existing(), workspace.master.name, state, run.by, catalogue)
            new += typed.records
            state = _recorded(ledger, [*typed.records, *numbers_for(state, typed.records)], run, state)
    findings = [*past.findings, *typed.findings, *copies.findings, *disputes(state), *batch.not_read_again]
    findings += [*_gone(state, judged), *written.findings]
    replaced = frozenset(received.sha256 for _, received in judged if state.is_replaced(received))
    keep_catalogue(catalogue, workspace.root / CATALOGUE, files_were[CATALOGUE], workspace.notes)
    keep_runs(ledger, run)
    about_typed = [*typed.findings, *copies.findings]
    is_settled = _is_settled(written, past, batch, new, about_typed)
    made_from = CollatedFrom(
        workspace.root,
        run.now.date(),
        options.period,
        files_were,
        entries,
        state.run_hashes,
        written.sha256,
        ledger.place,
    )
    return Collated(
        reporting, tuple(judged), ignored, len(new), tuple(findings), past.changes, written, replaced, counts,
        made_from if is_settled and are_shown and made_from.is_known else None,
    )  # fmt: skip


def _is_settled(
    written: Written, past: JudgedPast, batch: JudgedBatch, new: Iterable[Record], about_typed: Sequence[Finding]
) -> bool:
    """Whether another collation of the same files, by the same catalogue, would write the same master.

    It might not where something was said that is said once, as of what somebody typed or of a catalogue that has
    changed, or where a file could not be read, which is tried again each time.
    """
    said_once = [
        written.pending,
        *written.grown,
        *written.findings,
        *past.findings,
        *batch.not_read_again,
        *about_typed,
    ]
    is_past_shown_otherwise = bool(past.changes.changes or past.changes.not_past)
    are_all_read = not any(item.kind.is_of_the_moment for _, each in batch.judged for item in each.findings)
    is_decided = any(isinstance(record, TypedRecord) for record in new)
    return are_all_read and not (any(said_once) or is_past_shown_otherwise or is_decided)


def _recorded(ledger: Ledger, records: Sequence[Record], run: Run, before: State) -> State:
    """The state of the ledger with these records in it; where there are none, as it was before."""
    if not records:
        return before
    ledger.append("collate", records, at=run.now, by=run.by)
    return ledger.state()


@contextmanager
def _telling_what_is_kept(run: Run, new_records: int) -> Iterator[None]:
    """If the master cannot be written, say that nothing is lost."""
    try:
        yield
    except SavedMeanwhile:
        raise
    except XlperfError:
        if new_records:
            run.tell(f"what was received and decided is in the ledger (new records: {new_records})")
        raise


def _loses(received: Received, before: Received | None) -> bool:
    """Whether another judgement takes away what was accepted, or reads it differently: a return, figure or promise.

    A new name of the file, or a return or catalogue issued since, takes nothing away. A move to another folder may.
    """
    if before is None or not before.is_accepted or received.folder != before.folder:
        return False
    if not received.is_accepted:
        return True
    taken = {figure.key: figure.values for figure in received.figures}
    promised = {*received.promises}
    return any(taken.get(figure.key) != figure.values for figure in before.figures) or any(
        each not in promised for each in before.promises
    )


def _gone(state: State, judged: list[tuple[str, Received]]) -> Iterable[Finding]:
    """Accepted returns whose file is no longer in the folder. Their figures stay."""
    present = {received.sha256 for _, received in judged}
    # Where a file of the same name lies there and cannot be read, it may be this one.
    unread = (each for _, each in judged if any(item.kind.is_unread_file for item in each.findings))
    places = {(each.folder, each.file) for each in unread}
    for received in state.received:
        is_there = received.sha256 in present or (received.folder, received.file) in places
        if received.is_accepted and not is_there:
            message = "the file is no longer in the received folder; its figures stay, and the ledger has a copy."
            yield finding("F011", message, Location(received.file))
