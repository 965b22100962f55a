"""Whose return a file is, and what somebody should know about how it came. Each case has a finding of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from xlperf.catalogue import Catalogue, Policy, ReturnPolicies
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Issued, State
from xlperf.returns import layout
from xlperf.returns.identity import Identity, added_items, edited_parts, is_older
from xlperf.returns.matching import shortened
from xlperf.returns.reading import usable_period
from xlperf.returns.row import RowReader, key_of
from xlperf.tables import Book
from xlperf.workflow.incoming.outcomes import held_at_most, under

_WHOSE = ("serial", "owner", "period")


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a file from outside: its hash, its name as shown, and the period folder it is in."""

    sha256: str
    name: str
    folder: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What a return is judged by: the present catalogue, what the ledger knows, and the day, for what is overdue."""

    catalogue: Catalogue
    state: State
    today: date


def policies_for(file: Source, basis: Basis) -> ReturnPolicies:
    """The catalogue's policies; a file that a person has released is not rejected by one of them again."""
    policies, release = basis.catalogue.returns.policies, basis.state.releases.get(file.sha256)
    return held_at_most(policies) if release and release.is_accepted else policies


def whose_fault(identity: Identity, issued: Issued | None, policies: ReturnPolicies, name: str) -> Finding | None:
    """Why a file cannot be taken for a return of this ledger; None if its identity is the one that was issued."""
    where = Location(name)
    if issued is None:
        message = f"return {identity.return_id} of {identity.owner} for {identity.period} is not known here."
        return under(policies, finding("I002", message, where, found=identity.return_id))
    if any(getattr(identity, part) != getattr(issued, part) for part in _WHOSE):
        message = f"it says {identity.owner}, {identity.period}, serial {identity.serial}."
        expected = f"{issued.owner}, {issued.period}, serial {issued.serial}"
        return under(policies, finding("I003", message, where, found=message, expected=expected))
    return None


def circumstances(identity: Identity, issued: Issued, book: Book, file: Source, basis: Basis) -> Iterator[Finding]:
    """What somebody should know about a return that this ledger issued: each under the policy for its case."""
    policies, where, catalogue = policies_for(file, basis), Location(file.name), basis.catalogue
    edited = [part for part in edited_parts(identity, issued) if not part.startswith(_WHOSE)]
    added = [f"{item} was added or doubled" for item in added_items(book.tables[layout.IDENTITY_TABLE])]
    if edited or added:
        message = f"the hidden sheet was changed: {'; '.join([*edited, *added][:5])}."
        yield under(policies, finding("I014", message, where))
    yield from _of_template(identity.template_version, issued, policies, where)
    latest = basis.state.latest_issue[(issued.owner, issued.period)]
    if latest is not issued:
        message = f"return {issued.serial} was superseded by return {latest.serial}."
        item = finding("I004", message, where, found=str(issued.serial), expected=str(latest.serial))
        yield under(policies, item)
    if identity.catalogue_hash != catalogue.hash:
        message = f"it was issued from catalogue {identity.catalogue_version} ({identity.catalogue_hash})."
        item = finding("I005", message, where, expected=f"{catalogue.version} ({catalogue.hash})")
        yield under(policies, item)
    if file.folder != issued.period:
        message = f"it lies under {file.folder} and is for {issued.period}."
        yield under(policies, finding("I007", message, where, found=file.folder))
    period = usable_period(catalogue, issued.period)
    entry = catalogue.entry_by_period[period] if period else None
    if entry and basis.today > entry.hard_close:
        message = f"the hard close of {issued.period} was {entry.hard_close}."
        yield under(policies, finding("I008", message, where))
    yield from _added_sheets(book, file.name)


def _of_template(version: str, issued: Issued, policies: ReturnPolicies, where: Location) -> Iterator[Finding]:
    ours = layout.TEMPLATE_VERSION
    is_as_issued = version == issued.template_version and is_older(version, ours)
    # That fields were added since it went out is nothing to look at: what it lacks is known, and read as empty.
    if version == ours or (is_as_issued and Policy(policies.older_template) is Policy.ACCEPT):
        return
    message = f"its template is version {version}; this xlperf makes version {ours}."
    code = "I010" if is_older(version, ours) else "I011"
    yield under(policies, finding(code, message, where, found=version, expected=ours))


def _added_sheets(book: Book, name: str) -> Iterator[Finding]:
    ours = {*layout.SHEETS, *(table.sheet for table in book.tables.values())}
    added = [sheet for sheet in book.sheets if sheet not in ours]
    if added:
        shown = ", ".join(f"'{shortened(sheet)}'" for sheet in added[:5]) + (" and more" if len(added) > 5 else "")
        yield finding("R037", f"{shown} is not one of the sheets that were issued.", Location(name))


def other_rows(book: Book, issued: Issued, file: Source, basis: Basis) -> Finding | None:
    """The finding about a book that holds rows of another return under this one's identity; None if it does not.

    It does if fewer than half of the rows asked for are there, and there are more others that the catalogue or the
    ledger knows. So it is a copy of another owner's or period's book into which somebody has put this identity.
    """
    table = book.tables[layout.TABLE]
    keys = {key_of(row) for row in table.rows}
    own = len(keys.intersection(issued.asked))
    if 2 * own >= len(issued.asked) or len(keys) <= own:
        return None
    other_keys = keys.difference(issued.asked)
    reader = RowReader(basis.catalogue, file.name, table)
    shared = [(len(other_keys.intersection(other.asked)), other.serial, other) for other in basis.state.issued.values()]
    most, _, likely = max(shared, key=lambda candidate: candidate[:2])
    recognised = {key for key in other_keys if reader.knows(key) or key in likely.asked}
    if len(recognised) <= own:
        return None
    owner = basis.catalogue.owner_by_id.get(likely.owner)
    whose = f", as in the return of {owner.name if owner else likely.owner} for {likely.period}" if most else ""
    message = f"{own} of its {len(issued.asked)} rows are there, and {len(recognised)} of another return{whose}."
    return under(policies_for(file, basis), finding("I009", message, Location(file.name, table.sheet)))
