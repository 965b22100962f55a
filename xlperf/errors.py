"""Failures: xlperf cannot do its job.

    XlperfError                 exit code 3
    ├── UsageError              exit code 2: an argument is wrong (a bad period, an unknown framework)
    ├── CatalogueError          the catalogue has faults; `findings` lists them
    ├── WorkspaceError          the folder is not a workspace, or part of it is missing
    ├── LedgerError             the ledger cannot be read or written
    ├── TemplateError           a template lacks a table or uses an unknown placeholder
    ├── DocumentError           a PDF, Word file or page cannot be made
    └── WorkbookError           a workbook cannot be read or written
        ├── TableNotFound       names the tables that the workbook has
        ├── MustGrow            an open workbook needs tables or columns added, which is done in its file
        └── WorkbookInUse       somebody has it open

Bad data in a return or a catalogue is not a failure: it is a list of `xlperf.findings.Finding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlperf.findings import Finding


class XlperfError(Exception):
    """xlperf could not do what was asked; the message says what, where, and what to do."""

    exit_code = 3


class UsageError(XlperfError, ValueError):
    """An argument is wrong."""

    exit_code = 2


class CatalogueError(XlperfError):
    """The catalogue has faults."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class WorkspaceError(XlperfError):
    """The folder is not a workspace, or part of it is missing."""


class LedgerError(XlperfError):
    """The ledger cannot be read or written."""


class TemplateError(XlperfError):
    """A template lacks a table or uses an unknown placeholder."""


class DocumentError(XlperfError):
    """A PDF, Word file or page cannot be made."""


class WorkbookError(XlperfError):
    """A workbook cannot be read or written."""


class TableNotFound(WorkbookError, KeyError):
    """The workbook has no table of that name."""

    def __init__(self, name: str, present: Sequence[str]) -> None:
        self.name = name
        tables = ", ".join(sorted(present)) or "no tables"
        super().__init__(f"no table '{name}'; this workbook has {tables}")

    def __str__(self) -> str:
        return str(self.args[0])


class WorkbookInUse(WorkbookError):
    """Somebody has the workbook open."""

    def __init__(self, message: str, holder: str | None = None) -> None:
        super().__init__(message)
        self.holder = holder


class MustGrow(WorkbookError):
    """An open workbook lacks tables or columns of this version, which are added in its file, after a backup."""
