"""Judges a batch: which of the files in the received folders are to be read, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from xlperf.findings import Finding, Severity
from xlperf.ledger import Ledger, Received, State
from xlperf.returns import layout
from xlperf.tables import Book
from xlperf.workbook.isolated.kept import readers
from xlperf.workflow.incoming.judging import Basis, Source, judge
from xlperf.workflow.incoming.received import Arrived, FileToJudge, read_again
from xlperf.workflow.workspace.run import Progress, no_progress
from xlperf.workflow.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class JudgedBatch:
    """What became of the files of a batch.

    Attributes:
        judged: the name of every file, and the judgement of it.
        new: the judgements that the ledger does not have.
        not_read_again: why files that were accepted before could not be read this time; what was taken of them stays.
    """

    judged: list[tuple[str, Received]]
    new: list[Received]
    not_read_again: list[Finding]


def judge_all(
    files: Sequence[Arrived], basis: Basis, ledger: Ledger, settings: Settings, progress: Progress
) -> JudgedBatch:
    """Judge every file, and keep in the ledger the originals of those that are accepted or held.

    Args:
        files: that lie in the received folders.
        basis: what they are judged by.
        ledger: which keeps the originals.
        settings: of the workspace, for how files are read, and what is opened of one.
        progress: called with how many files are judged, of how many.
    """
    batch = _Batch(basis, ledger, settings).judge(files, progress)
    at_home = _at_home(files, batch.judged)
    if not at_home:
        return batch
    again = _Batch(basis, ledger, settings).judge(at_home, no_progress)
    new = {received.sha256: received for received in (*batch.new, *again.new)}
    return JudgedBatch(batch.judged, list(new.values()), [*batch.not_read_again, *again.not_read_again])


def _at_home(files: Sequence[Arrived], judged: Sequence[tuple[str, Received]]) -> list[Arrived]:
    """The files in the folder of their own period that were judged by a copy in the folder of another."""
    by_hash = {received.sha256: received for _, received in judged}
    pairs = ((file, by_hash[file.sha256]) for file in files if file.sha256 in by_hash)
    return [file for file, received in pairs if file.folder == received.period != received.folder]


@dataclass
class _Batch:
    """A batch in progress: `judgements` are those so far, by hash; `unreadable` the files that cannot be read."""

    basis: Basis
    ledger: Ledger
    settings: Settings
    judgements: dict[str, Received] = field(default_factory=dict)
    unreadable: dict[Path, Arrived] = field(default_factory=dict)

    def judge(self, files: Sequence[Arrived], progress: Progress) -> JudgedBatch:
        state = self.basis.state
        self.judgements = dict(state.judged_before_release)
        self.unreadable = {arrived.path: arrived for arrived in files if arrived.problem is not None}
        to_judge = list(_to_judge(files, state))
        not_read_again: list[Finding] = []
        done = len(files) - len(to_judge)
        with readers(self.settings.limits, is_quick=self.settings.fast_reader, expected=len(to_judge)) as pool:
            for content, book, faults in pool.read(self._contents(to_judge), layout.TO_READ):
                received = self._judge(content.arrived, content, book, faults)
                if book is None and (received.is_accepted or received.is_held):
                    not_read_again += [_as_warning(fault) for fault in faults]
                done += 1
                progress(done, len(files), content.name)
        for arrived in self.unreadable.values():
            self._judge(arrived, None, None, [arrived.problem] if arrived.problem else [])
        if files:
            progress(len(files), len(files), files[-1].name)
        judged = [
            (arrived.name, self.judgements[self.unreadable.get(arrived.path, arrived).sha256]) for arrived in files
        ]
        new = {
            received.sha256: received
            for _, received in judged
            if received is not state.judged_before_release.get(received.sha256)
        }
        return JudgedBatch(judged, list(new.values()), not_read_again)

    def _contents(self, to_judge: Iterable[Sequence[Arrived]]) -> Iterator[FileToJudge]:
        """The contents of the files to be judged, one at a time: of each list, the first that can still be read."""
        for copies in to_judge:
            for arrived in copies:
                content = read_again(arrived, self.settings.limits)
                if isinstance(content, FileToJudge):
                    yield content
                    break
                self.unreadable[arrived.path] = content

    def _judge(
        self, arrived: Arrived, content: FileToJudge | None, book: Book | None, faults: Sequence[Finding]
    ) -> Received:
        """Judge a file and remember the judgement; if nothing about it has changed, the earlier one stays."""
        before = self.judgements.get(arrived.sha256)
        received = self.judgements[arrived.sha256] = self._judgement(arrived, book, faults, before)
        if received is not before and content is not None and (received.is_accepted or received.is_held):
            self.ledger.keep(content.data)
        return received

    def _judgement(
        self, arrived: Arrived, book: Book | None, faults: Sequence[Finding], before: Received | None
    ) -> Received:
        """The judgement of a file. What is late or overdue is judged by the day on which the file was first seen.

        What was read once has been read: if the same bytes cannot be read today, perhaps because the machine is busy,
        nothing that was accepted is taken away.
        """
        if book is None and before is not None and (before.is_accepted or before.is_held):
            return before
        first_seen = date.fromisoformat(before.at[:10]) if before is not None and before.at else self.basis.today
        source = Source(arrived.sha256, arrived.name, arrived.folder)
        received = judge(source, book, faults, replace(self.basis, today=first_seen))
        if before is not None and replace(received, at=before.at, catalogue=before.catalogue) == before:
            return before
        return received


def _to_judge(files: Sequence[Arrived], state: State) -> Iterable[list[Arrived]]:
    """The files to be read, as one list for each content; of its copies, the first that can be read is judged.

    A content that was judged before is judged again if the outcome could differ, or if the file has moved.
    """
    copies: dict[str, list[Arrived]] = {}
    for arrived in files:
        if arrived.problem is None:
            copies.setdefault(arrived.sha256, []).append(arrived)
    for sha256, same in copies.items():
        before = state.judged_before_release.get(sha256)
        here = [
            arrived for arrived in same if before and (arrived.folder, arrived.name) == (before.folder, before.file)
        ]
        if before is None or not here or _is_open(before):
            yield here or same


def _is_open(received: Received) -> bool:
    """Whether another judgement could have another outcome, for example because the catalogue has been corrected."""
    return not received.is_accepted or bool(received.refused)


def _as_warning(fault: Finding) -> Finding:
    message = f"{fault.message} What was taken from it before stays."
    return replace(fault, severity=Severity.WARNING, message=message)
