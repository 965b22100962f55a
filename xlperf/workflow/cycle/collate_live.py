"""The master as it is open in Excel: the second way to reach it, beside the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from xlperf.errors import MustGrow, WorkbookError
from xlperf.findings import plain
from xlperf.workbook import live
from xlperf.workbook.live import LiveWorkbook
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.cycle.collate import AS_USUAL, Collated, Options, collate, collate_under
from xlperf.workflow.cycle.noting import note, note_shown
from xlperf.workflow.master.door import Written, must_be_master
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Progress, Run

_QUESTION = (
    "{name} was made by an earlier version of xlperf and lacks columns or sheets that this one has. They are put "
    "beside what is there; nothing of yours changes.\n\nSave {name}, close it, add them, and open it again? "
    "A copy of it as it is now goes into the backups folder."
)


class LiveMaster:
    """See `door.Door`."""

    def __init__(self, book: LiveWorkbook) -> None:
        self._book = book

    def existing(self) -> WorkbookPort | None:
        """See `Door.existing`."""
        self._book.look_again()
        return self._book

    def open(self, words: Mapping[str, object]) -> WorkbookPort:
        """See `Door.open`; an open master has had its placeholders filled long ago."""
        return self._book

    def save(self, book: WorkbookPort, at: datetime) -> Written:
        """See `Door.save`; here nothing is saved, as that is for the workbook's user to do. See `collate_live`."""
        return Written(Path(self._book.name), is_saved=False)


def collate_live(
    workspace: Workspace,
    book: LiveWorkbook,
    run: Run,
    options: Options = AS_USUAL,
    *,
    may_grow: Callable[[str], bool] | None = None,
) -> Collated:
    """Collate into the master that is open, telling in its status bar how far it is; and note what it says.

    A master made by an earlier version grows in its file only: where `may_grow`, which is asked a question, says yes,
    it is saved, closed, collated as a file and opened again.

    Raises:
        MustGrow: it lacks what this version has, and nobody was asked or the answer was no.
        WorkbookError: the book is not the master, or Excel cannot write to it; what was judged is in the ledger.
        WorkspaceError: another is at work, which is not waited for; otherwise as `collate`.
        XlperfError: as `collate`.
    """
    must_be_master(book, book.name)
    if book.name.casefold() != workspace.master.name.casefold():
        raise WorkbookError(
            f"{book.name} is not the master but a copy of it, such as a backup or an edition that a board has seen, so "
            f"it was left unchanged. Open {workspace.master}, click into it, and try again"
        )
    try:
        return _collate_open(workspace, book, run, options)
    except MustGrow:
        if may_grow is None or not may_grow(_QUESTION.format(name=book.name)):
            raise
    with book.closed():
        done = collate(workspace, run, options)
        note(workspace, done)
        return done


def _collate_open(workspace: Workspace, book: LiveWorkbook, run: Run, options: Options) -> Collated:
    saves, path = workspace.settings().save_after_collate, Path(book.name)
    # Two collations in one open workbook would each take the other's settings of Excel for its user's.
    with locked(workspace, "collating", run) as lock:
        with live.quiet(book), _told(book) as progress:
            done = collate_under(lock, workspace, LiveMaster(book), replace(run, progress=progress), options)
        if saves and done.written.is_written:  # not before: Excel keeps in the file whether it calculates by itself
            book.save(path)
            done = replace(done, written=replace(done.written, is_saved=True))
        note_shown(workspace, done, book)
    return done


@contextmanager
def _told(book: LiveWorkbook) -> Iterator[Progress]:
    def tell(done: int, total: int, name: str) -> None:
        live.status(book, f"xlperf: {done} of {total} files read ({plain(name)[:60]})")

    live.status(book, "xlperf: reading what has been returned")
    yield tell
