"""Import: figures kept before xlperf, recorded as a run of their own and checked like a return."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from xlperf.errors import WorkbookError
from xlperf.findings import Finding
from xlperf.ledger import Imported
from xlperf.workflow.incoming.history import read_history
from xlperf.workflow.master.lineage import ledger_must_have_masters_run
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run
from xlperf.workflow.workspace.unfinished import finish


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did. `refused` counts the rows not taken; each is among the findings.

    `already` means that all of it had been taken before, and nothing was recorded.
    """

    taken: int
    refused: int
    findings: tuple[Finding, ...]
    already: bool = False


def import_history(
    workspace: Workspace,
    file: Path,
    run: Run,
    *,
    sheet: str = "",
) -> ImportResult:
    """Take the figures of a CSV or xlsx file into the ledger, marked imported. A return always counts over them.

    `sheet` is the one of a workbook to read; the first that can be seen and has the columns, where not given.

    Raises:
        UsageError: the file lacks a column that is needed, or the sheet.
        WorkbookError: the file cannot be read.
        XlperfError: catalogue or ledger cannot be used, or another is at work; nothing has been recorded.
    """
    catalogue = workspace.catalogue()
    data = _bytes(file)
    digest = hashlib.sha256(data).hexdigest()
    history = read_history(data, file, catalogue, run.now.date(), sheet)
    with locked(workspace, "importing", run):
        ledger = workspace.ledger()
        state = ledger.state()
        ledger_must_have_masters_run(workspace, state)
        finish(workspace, state)
        # Rows once refused are taken when the catalogue has been put right, so the same file may have more to give.
        if any((earlier.sha256, earlier.figures) == (digest, history.figures) for earlier in state.imports):
            return ImportResult(0, history.refused, history.findings, already=True)
        if history.figures:
            ledger.keep(data, file.suffix.lower())
            ledger.keep(catalogue.canonical, ".json")
            taken = Imported(digest, file.name, history.figures, history.findings, catalogue=catalogue.sha256)
            ledger.append("import", [taken], at=run.now, by=run.by)
    return ImportResult(len(history.figures), history.refused, history.findings)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise WorkbookError(f"there is no file {file}") from None
    except OSError as error:
        raise WorkbookError(f"{file}: cannot be read ({error})") from error
