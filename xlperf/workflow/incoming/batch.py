"""Judging a batch: which of the files that lie there are to be read, reading them apart, and what each comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from xlperf.catalogue import Catalogue
from xlperf.findings import Finding, Severity
from xlperf.ledger import Ledger, Received, State
from xlperf.returns import layout
from xlperf.tables import Book
from xlperf.workbook.isolated.kept import readers
from xlperf.workbook.reader import Limits
from xlperf.workflow.incoming.judging import Source, judge
from xlperf.workflow.incoming.received import Arrived, Content, read_again
from xlperf.workflow.workspace.run import Progress


def judge_all(
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
    with readers(limits, expected=len(to_judge)) as pool:
        for content, book, faults in pool.read(_contents(to_judge, limits, unread), layout.TABLES):
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
