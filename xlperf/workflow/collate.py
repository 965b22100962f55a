"""Collate: judge every file received, record what was taken, and bring the master up to date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from xlperf.catalogue import Catalogue
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.ledger import Decision, Ledger, Received, State
from xlperf.period import Period
from xlperf.report.escalation import disputes
from xlperf.report.facts import Facts
from xlperf.returns import layout
from xlperf.tables import Book
from xlperf.workbook.isolated.readers import Readers
from xlperf.workbook.reader import Limits
from xlperf.workflow.decisions import read_copies, read_decisions
from xlperf.workflow.generate import Progress, no_progress
from xlperf.workflow.judging import Source, judge
from xlperf.workflow.laws import law_rows
from xlperf.workflow.lock import WAIT, Lock, Tell, locked, say_nothing
from xlperf.workflow.master import about_rows, refresh
from xlperf.workflow.masterfile import Door, MasterFile, SavedMeanwhile, Written
from xlperf.workflow.received import Arrived, Content, Ignored, listing, must_be_there, read_again
from xlperf.workflow.unfinished import finish
from xlperf.workflow.workspace import Workspace, reporting_period


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


def collate(
    workspace: Workspace,
    *,
    now: datetime,
    by: str,
    period: str | None = None,
    progress: Progress = no_progress,
    wait: float = WAIT,
    tell: Tell = say_nothing,
) -> Collated:
    """Read every received return into the ledger, and refresh the master for a reporting period.

    Args:
        workspace: where.
        now: an aware time, for the ledger and for what is late.
        by: who, for the ledger.
        period: what the master reports on; the latest period with returns issued where None.
        progress: called with (files judged, files in all, name).
        wait: see `lock.locked`.
        tell: see `lock.locked`.

    Raises:
        UsageError: the period is not in the calendar; nothing has been read.
        WorkspaceError: the received folders cannot be listed, or another is at work.
        XlperfError: catalogue, ledger or master cannot be used. What was judged before that is in the ledger.
    """
    if period:
        reporting_period(workspace.catalogue(), period)
    with locked(workspace, "collating", by=by, now=now, wait=wait, tell=tell) as lock:
        door = MasterFile(workspace, lock.must_be_ours)
        return collate_under(lock, workspace, door, now=now, by=by, period=period, progress=progress)


def collate_under(
    lock: Lock,
    workspace: Workspace,
    door: Door,
    *,
    now: datetime,
    by: str,
    period: str | None = None,
    progress: Progress = no_progress,
) -> Collated:
    """As `collate`, through a door of the caller's, where the lock is held already."""
    catalogue, ledger = workspace.catalogue(), workspace.ledger()
    asked_for = reporting_period(catalogue, period) if period else None
    state = ledger.state()
    finish(workspace, state)
    typed = read_decisions(door.existing(), workspace.master.name, state, by)
    copies = read_copies(workspace, state, by)
    must_be_there(workspace, state)
    entries = list(listing(workspace))
    files = [entry for entry in entries if isinstance(entry, Arrived)]
    limits = workspace.settings().limits
    judged, fresh, unread = _judge_all(files, catalogue, state, ledger, limits, now.date(), progress)
    new: list[Received | Decision] = [*typed.decisions, *copies.decisions, *fresh]
    if fresh:
        ledger.keep(catalogue.canonical, ".json")  # by which 'xlperf ledger verify' judges them again
    if new:
        ledger.append("collate", new, at=now, by=by)
        state = ledger.state()
    # What a person has released or rejected counts as that, whatever it is judged to be.
    judged = [(name, state.by_sha256[received.sha256]) for name, received in judged]
    reporting = asked_for or latest_period(catalogue, state)
    present = frozenset(received.sha256 for _, received in judged)
    ignored = tuple(entry for entry in entries if isinstance(entry, Ignored))
    while True:
        facts = Facts(catalogue, state, reporting, now, present)
        about = [*about_rows(facts, by), *law_rows(state, reporting, judged, ignored)]
        lock.must_be_ours()
        try:
            written = refresh(door, facts, about)
            break
        except SavedMeanwhile:  # the door lets this happen a few times, and then saves beside
            typed = read_decisions(door.existing(), workspace.master.name, state, by)
            new += typed.decisions
            if typed.decisions:
                ledger.append("collate", typed.decisions, at=now, by=by)
                state = ledger.state()
    findings = (*typed.findings, *copies.findings, *disputes(state), *unread, *_gone(state, judged), *written.findings)
    return Collated(reporting, tuple(judged), ignored, len(new), findings, written)


def latest_period(catalogue: Catalogue, state: State) -> Period:
    """The latest reporting period of which returns were issued; else the first of the calendar."""
    issued = (Period.parse(item.period) for item in state.issued.values())
    in_calendar = [period for period in issued if period in catalogue.entry_by_period]
    return max(in_calendar, default=min(catalogue.entry_by_period))


def _judge_all(
    files: list[Arrived],
    catalogue: Catalogue,
    state: State,
    ledger: Ledger,
    limits: Limits,
    today: date,
    progress: Progress,
) -> tuple[list[tuple[str, Received]], list[Received], list[Finding]]:
    """(name, judgement) of every file, the judgements the ledger does not have, and why some were not judged again."""
    known = dict(state.judged)
    to_judge = list(_to_judge(files, state))
    unread = {arrived.path: arrived for arrived in files if arrived.problem is not None}
    kept: list[Finding] = []
    done = len(files) - len(to_judge)
    with Readers(limits, expected=len(to_judge)) as readers:
        for content, book, faults in readers.read(_contents(to_judge, limits, unread), layout.TABLES):
            sha256 = content.arrived.sha256
            before = known.get(sha256)
            received = known[sha256] = _judge_anew(content, book, faults, before, catalogue, state, ledger, today)
            if book is None and (received.is_accepted or received.is_held):
                kept += [_as_warning(fault) for fault in faults]
            done += 1
            progress(done, len(files), content.name)
    for arrived in unread.values():
        faults = [arrived.problem] if arrived.problem else []
        before = known.get(arrived.sha256)
        known[arrived.sha256] = _judge_anew(arrived, None, faults, before, catalogue, state, ledger, today)
    judged = [(arrived.name, known[unread.get(arrived.path, arrived).sha256]) for arrived in files]
    new = {received.sha256: received for _, received in judged if received is not state.judged.get(received.sha256)}
    if files:
        progress(len(files), len(files), files[-1].name)
    return judged, list(new.values()), kept


def _to_judge(files: list[Arrived], state: State) -> Iterable[list[Arrived]]:
    """The files to be read: one list for each content, and of its copies the first that can be read is judged.

    A content that was judged before is judged again where that could come to something else, or where it has moved.
    """
    copies: dict[str, list[Arrived]] = {}
    for arrived in files:
        if arrived.problem is None:
            copies.setdefault(arrived.sha256, []).append(arrived)
    for sha256, same in copies.items():
        before = state.judged.get(sha256)
        here = [
            arrived for arrived in same if before and (arrived.folder, arrived.name) == (before.folder, before.file)
        ]
        if before is None or not here or _is_open(before):
            yield here or same


def _contents(to_judge: list[list[Arrived]], limits: Limits, unread: dict[Path, Arrived]) -> Iterator[Content]:
    """What the files to be judged hold, one at a time; those that cannot be read any more are added to `unread`."""
    for copies in to_judge:
        for arrived in copies:
            again = read_again(arrived, limits)
            if isinstance(again, Content):
                yield again
                break
            unread[arrived.path] = again


def _is_open(received: Received) -> bool:
    """Whether another judgement could come to something else, as when the catalogue has been put right."""
    return not received.is_accepted or bool(received.refused)


def _judge_anew(
    file: Content | Arrived,
    book: Book | None,
    faults: list[Finding],
    before: Received | None,
    catalogue: Catalogue,
    state: State,
    ledger: Ledger,
    today: date,
) -> Received:
    """The judgement of a file; the earlier one itself where nothing about it has changed.

    What is late or overdue is judged by the day on which the file was first seen. And what was read once has been read:
    that the same bytes cannot be read today, on a busy machine perhaps, takes nothing away that was accepted.
    """
    if before is not None and before.at:
        today = date.fromisoformat(before.at[:10])
    if book is None and before is not None and (before.is_accepted or before.is_held):
        return before
    arrived = file.arrived if isinstance(file, Content) else file
    source = Source(arrived.sha256, arrived.name, arrived.folder)
    received = judge(source, book, faults, catalogue, state, today)
    if before is not None and replace(received, at=before.at, catalogue=before.catalogue) == before:
        return before
    if (received.is_accepted or received.is_held) and isinstance(file, Content):
        ledger.keep(file.data)
    return received


def _as_warning(fault: Finding) -> Finding:
    message = f"{fault.message} What was taken from it before stays."
    return replace(fault, severity=Severity.WARNING, message=message)


def _gone(state: State, judged: list[tuple[str, Received]]) -> Iterable[Finding]:
    """Accepted returns whose file no longer lies in the folder; their figures stay."""
    present = {received.sha256 for _, received in judged}
    # Where a file of the same name lies there and cannot be read, it may be this one.
    unread = (each for _, each in judged if any(item.code in _CANNOT_BE_READ for item in each.findings))
    places = {(each.folder, each.file) for each in unread}
    for received in state.received:
        is_there = received.sha256 in present or (received.folder, received.file) in places
        if received.is_accepted and not is_there:
            message = "the file is no longer in the received folder; its figures stay, and the ledger has a copy."
            yield finding("F011", message, Location(received.file))


_CANNOT_BE_READ = ("F009", "F025")
