"""The master as it stands open in Excel: the second way to reach it, beside the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from xlperf.workbook import live
from xlperf.workbook.live import LiveWorkbook
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.collate import Collated, collate
from xlperf.workflow.generate import Progress
from xlperf.workflow.master import Written
from xlperf.workflow.workspace import Workspace


class LiveMaster:
    """See `master.Door`. Nothing is saved for the user unless the workspace's settings say so."""

    def __init__(self, book: LiveWorkbook, *, saves: bool) -> None:
        self._book, self._saves = book, saves

    def existing(self) -> WorkbookPort | None:
        """See `Door.existing`."""
        return self._book

    def open(self, words: Mapping[str, object]) -> WorkbookPort:
        """See `Door.open`; an open master has had its placeholders filled long ago."""
        return self._book

    def save(self, book: WorkbookPort, at: datetime) -> Written:
        """See `Door.save`."""
        path = Path(self._book.name)
        if self._saves:
            book.save(path)
        return Written(path)


def collate_live(
    workspace: Workspace, book: LiveWorkbook, *, now: datetime, by: str, period: str | None = None
) -> Collated:
    """Collate into the master that is open, telling in its status bar how far it is.

    Raises:
        WorkbookError: the book is no master, or Excel cannot write to it; what was judged is in the ledger.
        XlperfError: as `collate`.
    """
    live.must_be_master(book)
    door = LiveMaster(book, saves=workspace.settings().save_after_collate)
    with live.quiet(book), _told(book) as progress:
        return collate(workspace, now=now, by=by, period=period, door=door, progress=progress)


@contextmanager
def _told(book: LiveWorkbook) -> Iterator[Progress]:
    def tell(done: int, total: int, name: str) -> None:
        live.status(book, f"xlperf: {done} of {total} files read ({name[:60]})")

    live.status(book, "xlperf: reading what has been returned")
    yield tell
