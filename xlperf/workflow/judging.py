"""Judging a return: whose it is, by what it says inside, and what of it is taken. Pure: no files, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xlperf.catalogue import Catalogue
from xlperf.findings import Finding, Location, Severity, finding, gravest
from xlperf.ledger import Issued, Received, State
from xlperf.ledger.records import ACCEPTED, REJECTED, WITH_WARNINGS
from xlperf.returns import layout
from xlperf.returns.identity import Identity, read_identity
from xlperf.returns.reading import ReturnReading, read_return, usable_period
from xlperf.tables import Book


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a file from outside: its hash, the name it is shown by, and the period folder it lies in."""

    sha256: str
    name: str
    folder: str


def judge(
    file: Source, book: Book | None, faults: Sequence[Finding], catalogue: Catalogue, state: State, today: date
) -> Received:
    """Judge one file by what is inside it: nothing of it counts unless this ledger issued it to that owner.

    Args:
        file: which file.
        book: its tables; None where it could not be read.
        faults: what was found in reading it.
        catalogue: the present one.
        state: what the ledger knows.
        today: against which due dates and the hard close are judged.
    """
    name = file.name
    rejected = Received(file.sha256, name, file.folder, REJECTED)
    if book is None:
        return replace(rejected, findings=tuple(faults))
    identity = read_identity(book.tables[layout.IDENTITY_TABLE])
    if identity is None:
        message = "its hidden identity is missing or damaged."
        return replace(rejected, findings=(finding("I001", message, Location(name)),))
    claimed = replace(rejected, return_id=identity.return_id, saved_at=_saved_at(book))
    issued = state.issued.get(identity.return_id)
    fault = _identity_fault(identity, issued, name)
    if issued is None or fault is not None:
        return replace(claimed, findings=(fault,) if fault else ())
    reading = read_return(book, catalogue, issued.asked, name, today)
    circumstances = _circumstances(identity, issued, catalogue, state, file.folder, name, today)
    return _received(claimed, issued, reading, [*faults, *circumstances])


def _saved_at(book: Book) -> str:
    return book.saved_at.isoformat(timespec="seconds") if book.saved_at else ""


def _identity_fault(identity: Identity, issued: Issued | None, name: str) -> Finding | None:
    where = Location(name)
    if issued is None:
        message = f"return {identity.return_id} of {identity.owner} for {identity.period} is not known here."
        return finding("I002", message, where, found=identity.return_id)
    said = (identity.serial, identity.owner, identity.period)
    if said != (issued.serial, issued.owner, issued.period):
        expected = f"{issued.owner}, {issued.period}, serial {issued.serial}"
        message = f"it says {identity.owner}, {identity.period}, serial {identity.serial}."
        return finding("I003", message, where, found=message, expected=expected)
    return None


def _circumstances(
    identity: Identity,
    issued: Issued,
    catalogue: Catalogue,
    state: State,
    folder: str,
    name: str,
    today: date,
) -> Iterable[Finding]:
    """What somebody should know about a return that is in itself in order."""
    where = Location(name)
    latest = state.latest_issue[(issued.owner, issued.period)]
    if latest is not issued:
        message = f"return {issued.serial} was superseded by return {latest.serial}."
        yield finding("I004", message, where, found=str(issued.serial), expected=str(latest.serial))
    if identity.catalogue_hash != catalogue.hash:
        message = f"it was issued from catalogue {identity.catalogue_version} ({identity.catalogue_hash})."
        yield finding("I005", message, where, expected=f"{catalogue.version} ({catalogue.hash})")
    if folder != issued.period:
        yield finding("I007", f"it lies under {folder} and is for {issued.period}.", where, found=folder)
    period = usable_period(catalogue, issued.period)
    entry = catalogue.entry_by_period[period] if period else None
    if entry and today > entry.hard_close:
        yield finding("I008", f"the hard close of {issued.period} was {entry.hard_close}.", where)


def _received(claimed: Received, issued: Issued, reading: ReturnReading, others: list[Finding]) -> Received:
    findings = (*others, *reading.findings)
    grave = gravest(findings)
    rejected = grave is Severity.REJECT_RETURN
    warned = grave in (Severity.REJECT_ROW, Severity.WARNING)
    return replace(
        claimed,
        outcome=REJECTED if rejected else WITH_WARNINGS if warned else ACCEPTED,
        serial=issued.serial,
        owner=issued.owner,
        period=issued.period,
        completed_by=reading.sign_off.completed_by,
        signed_off_by=reading.sign_off.signed_off_by,
        signed_off_on=reading.sign_off.signed_off_on,
        figures=() if rejected else reading.figures,
        refused=reading.refused,
        blank=reading.blank,
        findings=findings,
    )
