"""Judges a return by what it says inside: whose it is, and what of it is taken. Pure: no files, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xlperf.catalogue import ReturnPolicies
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.ledger import Issued, Received
from xlperf.ledger.records import HELD, REJECTED
from xlperf.returns import layout
from xlperf.returns.counting import all_unread
from xlperf.returns.identity import read_identity
from xlperf.returns.locked import changed_cells
from xlperf.returns.reading import AsIssued, ReturnReading, read_return
from xlperf.tables import Book
from xlperf.workflow.incoming.identifying import Basis, Source, circumstances, other_rows, policies_for, whose_fault
from xlperf.workflow.incoming.outcomes import outcome_of, under

__all__ = ["Basis", "Source", "judge"]


def judge(file: Source, book: Book | None, faults: Sequence[Finding], basis: Basis) -> Received:
    """Judge one file by what is inside it: nothing of it counts unless this ledger issued it to that owner.

    Args:
        file: which file.
        book: its tables; None where it could not be read.
        faults: what was found in reading it.
        basis: what it is judged by.
    """
    name, catalogue = file.name, basis.catalogue
    rejected = Received(file.sha256, name, file.folder, REJECTED, catalogue=catalogue.sha256)
    if book is None:
        return replace(rejected, findings=tuple(faults))
    identity = read_identity(book.tables[layout.IDENTITY_TABLE])
    if identity is None:
        message = "its hidden identity is missing, damaged, or says two things."
        return replace(rejected, cells=all_unread(book), findings=(finding("I001", message, Location(name)),))
    claimed = replace(rejected, return_id=identity.return_id, saved_at=_saved_at(book))
    policies = policies_for(file, basis)
    issued = basis.state.issued.get(identity.return_id)
    fault = whose_fault(identity, issued, policies, name)
    if issued is None or (fault is not None and fault.severity is Severity.REJECT_RETURN):
        return _by_findings(replace(claimed, cells=all_unread(book)), [fault] if fault else [])
    as_issued = AsIssued(
        issued.asked, issued.locked, issued.template_version, issued.commentary_for, issued.last_words, issued.due,
        issued.actions, issued.action_for, issued.promises,
    )  # fmt: skip
    reading = read_return(book, catalogue, as_issued, name, basis.today)
    others = [
        *faults,
        *([fault] if fault else []),
        *circumstances(identity, issued, book, file, basis),
    ]
    mixed_up = other_rows(book, issued, file, basis)
    if mixed_up is not None:
        # One sentence that says so instead of a line for every row.
        others = [*others, mixed_up]
        reading = replace(reading, findings=tuple(each for each in reading.findings if not each.kind.is_of_rows))
    else:
        changed = changed_cells(book.tables[layout.TABLE], issued.asked, issued.locked, name, issued.template_version)
        others += [under(policies, each) for each in changed]
    return _received(claimed, issued, reading, others, policies)


def _saved_at(book: Book) -> str:
    return book.saved_at.isoformat(timespec="seconds") if book.saved_at else ""


def _received(
    claimed: Received, issued: Issued, reading: ReturnReading, others: list[Finding], policies: ReturnPolicies
) -> Received:
    read = [under(policies, each) for each in reading.findings]
    received = replace(
        claimed,
        serial=issued.serial,
        owner=issued.owner,
        period=issued.period,
        completed_by=reading.sign_off.completed_by,
        signed_off_by=reading.sign_off.signed_off_by,
        signed_off_on=reading.sign_off.signed_off_on,
        figures=reading.figures,
        refused=reading.refused,
        blank=reading.blank,
        cells=reading.cells,
        actions=reading.actions,
        promises=reading.promises,
    )
    return _by_findings(received, [*others, *read])


def _by_findings(received: Received, findings: list[Finding]) -> Received:
    """The judgement with the outcome that its findings lead to. A rejected return gives no figure."""
    outcome = outcome_of(findings)
    if outcome == REJECTED:
        received = replace(received, figures=(), actions=(), promises=(), cells=received.cells.all_refused())
    elif outcome == HELD:
        received = replace(received, cells=received.cells.all_flagged())
    return replace(received, outcome=outcome, findings=tuple(findings))
