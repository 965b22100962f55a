"""Publish: freeze what a board is shown on a day, and make a PDF of its dashboard."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlperf.errors import WorkbookError, WorkspaceError
from xlperf.ledger import Edition
from xlperf.report import layout
from xlperf.report.facts import Facts
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.pdf import to_pdf
from xlperf.workflow.master import Door, MasterFile, about_rows, read_decisions, show, template_words
from xlperf.workflow.received import Arrived, listing
from xlperf.workflow.workspace import Workspace, reporting_period


@dataclass(frozen=True, slots=True)
class Published:
    """The frozen workbook of an edition, and its PDF where one was asked for."""

    workbook: Path
    pdf: Path | None


def publish(
    workspace: Workspace, period: str, *, now: datetime, by: str, pdf: bool = False, door: Door | None = None
) -> Published:
    """Freeze an edition: the master as the ledger has it for that period, in `editions/<period>`, never overwritten.

    Raises:
        UsageError: the period is not in the calendar.
        WorkbookError: the master or the PDF cannot be made, or the master holds decisions that no collation has read;
            no edition is recorded.
    """
    catalogue, ledger = workspace.catalogue(), workspace.ledger()
    reporting = reporting_period(catalogue, period)
    state = ledger.state()
    # Decisions may stand in the master that is open, and not in its file, or the other way about.
    doors = [MasterFile(workspace), *([door] if door else [])]
    if any(read_decisions(each, state)[0] for each in doors):
        raise WorkbookError("decisions typed in the master are not in the ledger yet; collate first, then publish")
    present = frozenset(entry.sha256 for entry in listing(workspace) if isinstance(entry, Arrived))
    facts = Facts(catalogue, state, reporting, now, present)
    book = MasterFile(workspace).open(template_words(catalogue))
    show(book, facts, about_rows(facts, by))
    folder = workspace.editions(reporting)
    stem = f"{reporting} edition {now:%Y-%m-%d %H%M%S}"
    edition, page = folder / f"{stem}.xlsx", folder / f"{stem} dashboard.pdf"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        book.save(edition)
        if pdf:
            _print_dashboard(edition, page)
    except WorkbookError:
        edition.unlink(missing_ok=True)  # a workbook that no record speaks of would be taken for an edition
        raise
    except OSError as error:
        raise WorkspaceError(f"{folder}: cannot be written ({error})") from error
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (edition, page) if path.exists()}
    ledger.append("publish", [Edition(str(reporting), files)], at=now, by=by)
    return Published(edition, page if pdf else None)


def _print_dashboard(workbook: Path, pdf: Path) -> None:
    """A PDF of the dashboard sheet alone, by way of a copy in which the other sheets are hidden."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "dashboard.xlsx"
        book = FileWorkbook.open(workbook)
        book.show_only(layout.DASHBOARD)
        book.save(copy)
        to_pdf(copy, pdf)
