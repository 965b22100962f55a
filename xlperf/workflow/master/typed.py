"""Reads what people typed into the master, and into copies of it that are in the same folder."""

from __future__ import annotations

from xlperf.catalogue import Catalogue
from xlperf.errors import LedgerError, WorkbookError
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Decision, State, TypedEnquiry, TypedEntry, TypedPromise, TypedRecord, TypedWords
from xlperf.rules.actions.event import ORG, REF, WHAT
from xlperf.rules.cases.entry import KIND, WHO
from xlperf.rules.enquiries.typed_about import ANSWER, QUESTION
from xlperf.rules.recovery_path import FIGURE
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.master_copies import copies_of_master
from xlperf.workflow.master.typed_actions import read_actions
from xlperf.workflow.master.typed_cases import read_entries
from xlperf.workflow.master.typed_decisions import read_decisions
from xlperf.workflow.master.typed_enquiries import read_enquiries
from xlperf.workflow.master.typed_recovery import read_recovery
from xlperf.workflow.master.typed_rows import Typed
from xlperf.workflow.master.typed_words import read_words
from xlperf.workflow.workspace import Workspace


def read_typed(book: WorkbookPort | None, name: str, state: State, by: str, catalogue: Catalogue) -> Typed:
    """What people have typed into a master since it was last written, and is not yet read: whatever `TypedRecord` is.

    Args:
        book: the master; None where there is none yet.
        name: its file name, which with `by` tells one analyst's master from another's.
        state: what the ledger knows.
        by: who collates.
        catalogue: whose KPIs figures are promised for.

    Raises:
        LedgerError: the master was made from a run that the ledger does not have, or not any more.
        WorkbookError: the master cannot be read, or lacks a table or column.
    """
    if book is None:
        return Typed()
    typed = (
        read_decisions(book, name, state, by),
        read_actions(book, name, state, by),
        read_recovery(book, name, state, by, catalogue),
        read_enquiries(book, name, state, by),
        read_words(book, name, state, by),
        read_entries(book, name, state, by),
    )
    return Typed(
        tuple(record for each in typed for record in each.records),
        tuple(item for each in typed for item in each.findings),
    )


def read_copies(workspace: Workspace, state: State, by: str, catalogue: Catalogue) -> Typed:
    """What was typed into copies of the master in the same folder.

    Such copies are the conflict copies of a syncing service, and pending copies that somebody typed into after all. A
    copy that cannot be read is a finding, and so is what is taken from one. Raises WorkspaceError.
    """
    records: list[TypedRecord] = []
    findings: list[Finding] = []
    for path in copies_of_master(workspace):
        try:
            typed = read_typed(FileWorkbook.open(path), path.name, state, by, catalogue)
        except (WorkbookError, LedgerError) as error:
            findings.append(finding("D005", f"{error}.", Location(path.name)))
            continue
        findings += typed.findings
        if typed.records:
            findings.append(finding("D006", f"{'; '.join(map(_words, typed.records))}.", Location(path.name)))
        records += typed.records
    return Typed(tuple(records), tuple(findings))


def _words(record: TypedRecord) -> str:
    if isinstance(record, Decision):
        return f"{record.kpi_id} {record.org}: '{record.stage}' by {record.by or 'nobody'}"
    if isinstance(record, TypedPromise):
        about = f"{record.kpi_id} {record.org} {record.period}"
        return f"{about}: '{record.cells.get(FIGURE, '')}' promised"
    if isinstance(record, TypedEnquiry):
        typed = record.cells.get(ANSWER) or record.cells.get(QUESTION, "")
        return f"enquiry about {record.asked.about}: '{typed}'"
    if isinstance(record, TypedWords):
        return f"{record.kpi_id} {record.org} {record.period}: '{record.words}'"
    if isinstance(record, TypedEntry):
        said = ", ".join(f"'{record.cells[cell]}'" for cell in (KIND, WHAT, WHO) if record.cells.get(cell))
        return f"case {record.cells.get(REF, '')} {record.cells.get(ORG, '')}: {said}"
    return f"action {record.action or 'added'}: '{record.cells.get(WHAT, '')}'"
