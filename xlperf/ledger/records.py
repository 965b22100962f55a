"""What a run of the ledger holds, and its form as JSON lines.

The shapes are a file format: add fields, never change one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from xlperf import findings as findings_
from xlperf.errors import LedgerError
from xlperf.findings import Finding
from xlperf.returns.counting import Cells
from xlperf.returns.figure import Figure, Key, figure_from_record
from xlperf.returns.identity import Identity

SCHEMA = 1

ACCEPTED, WITH_WARNINGS, REJECTED = "Accepted", "Accepted with warnings", "Rejected"
HELD = "Held"
"""Read and kept, and nothing of it counts until a person releases it."""
NO_CELLS = Cells()


@dataclass(frozen=True, slots=True)
class Issued(Identity):
    """A return issued to an owner: its identity, its file, and the keys it asks for.

    `locked` are the locked cells of each of `asked`, as text by header; () in records from before that was kept.
    """

    file: str = ""
    asked: tuple[Key, ...] = ()
    locked: tuple[Mapping[str, str], ...] = ()
    at: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A file judged by a collation: what it said, or why it was not taken.

    `saved_at` is the UTC time in the workbook's own properties; "" where it has none. `catalogue` is the sha256 of the
    catalogue it was judged by, kept among the originals; "" in records from before that was kept.
    """

    sha256: str
    file: str
    folder: str
    outcome: str
    return_id: str = ""
    serial: int = 0
    owner: str = ""
    period: str = ""
    saved_at: str = ""
    completed_by: str = ""
    signed_off_by: str = ""
    signed_off_on: str = ""
    figures: tuple[Figure, ...] = ()
    refused: tuple[Key, ...] = ()
    blank: tuple[Key, ...] = ()
    findings: tuple[Finding, ...] = ()
    at: str = ""
    catalogue: str = ""
    cells: Cells = NO_CELLS
    """Its filled cells and what became of them; all 0 in records from before they were counted."""

    @property
    def is_accepted(self) -> bool:
        """Whether its figures were taken."""
        return self.outcome in (ACCEPTED, WITH_WARNINGS)

    @property
    def is_held(self) -> bool:
        """Whether its figures wait for a person to release them."""
        return self.outcome == HELD


@dataclass(frozen=True, slots=True)
class Released:
    """What a person said of a return that was held: it counts (`is_accepted`), or it is rejected."""

    sha256: str
    is_accepted: bool
    reason: str = ""
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """History from before xlperf, out of one file; `catalogue` as in `Received`."""

    sha256: str
    file: str
    figures: tuple[Figure, ...] = ()
    findings: tuple[Finding, ...] = ()
    at: str = ""
    catalogue: str = ""


Said = tuple[str, str, str, str]
"""What stands in the cells for a decision: stage, by, on, rationale."""
NOTHING: Said = ("", "", "", "")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person typed about the escalation of one KPI and org, word for word; all "" where it was cleared.

    `over` is what the cells said when the master was written; None in records from before that was kept. `book` names
    the workbook it was read from, and who collated it.
    """

    kpi_id: str
    org: str
    stage: str = ""
    by: str = ""
    on: str = ""
    rationale: str = ""
    over: Said | None = None
    book: str = ""
    at: str = ""

    @property
    def said(self) -> Said:
        """What was typed, without when it was read."""
        return (self.stage, self.by, self.on, self.rationale)


@dataclass(frozen=True, slots=True)
class Edition:
    """A published edition: its files and their hashes."""

    period: str
    files: Mapping[str, str]
    at: str = ""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A run that is lost for good: a person says that the ledger is to go on without it, and why."""

    run: str
    why: str
    at: str = ""


Record = Issued | Received | Released | Imported | Decision | Edition | GivenUp
_NAMES: Mapping[type, str] = {
    Issued: "issued",
    Received: "return",
    Released: "release",
    Imported: "import",
    Decision: "decision",
    Edition: "edition",
    GivenUp: "given up",
}
_TYPES: Mapping[str, Any] = {name: type_ for type_, name in _NAMES.items()}


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its name (which orders it), what it did, when, by whom, and its records.

    `after` names the runs that nobody had named yet when it was written, so that a missing one is noticed. `sha256` is
    the hash of its bytes; `is_sealed` says that they carry a hash of their own, as they do since 22 November 2026.
    """

    name: str
    kind: str
    at: str
    by: str
    records: tuple[Record, ...]
    after: tuple[str, ...] = ()
    sha256: str = ""
    is_sealed: bool = False
    xlperf: str = ""


def to_json(record: Record) -> dict[str, Any]:
    """A record as one JSON object; empty fields are left out."""
    plain: dict[str, Any] = {"record": _NAMES[type(record)]}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if name == "figures":
            value = [figure.as_record() for figure in value]
        elif name == "findings":
            value = [item.as_record() for item in value]
        elif name == "cells":
            value = {} if value == NO_CELLS else asdict(value)
        if value not in ("", (), [], {}, None) and name != "at":
            plain[name] = value
    return plain


def from_json(plain: Mapping[str, Any], at: str) -> Record:
    """The record that `to_json` wrote, in a run of time `at`; fields of a later version are passed over.

    Raises:
        LedgerError: it is no record that this version of xlperf knows.
    """
    type_ = _TYPES.get(str(plain.get("record")))
    if type_ is None:
        raise LedgerError(f"unknown record '{plain.get('record')}'; a newer xlperf wrote it: update this one")
    values: dict[str, Any] = {}
    for name in type_.__dataclass_fields__:
        if name not in plain:
            continue
        value = plain[name]
        if name == "figures":
            value = tuple(figure_from_record(each) for each in value)
        elif name == "findings":
            value = tuple(findings_.from_record(each) for each in value)
        elif name in ("asked", "refused", "blank"):
            value = _keys(value)
        elif name == "locked":
            value = tuple(value)
        elif name == "cells":
            value = Cells(**{part: value[part] for part in Cells.__dataclass_fields__})
        elif name == "over":
            value = tuple(value)
        values[name] = value
    record: Record = type_(**values, at=at)
    return record


def _keys(value: Sequence[Sequence[str]]) -> tuple[Key, ...]:
    return tuple((each[0], each[1], each[2]) for each in value)
