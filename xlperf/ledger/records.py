"""What a run of the ledger holds, and its form as JSON lines.

The shapes are a file format: add fields, never change one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlperf import findings as findings_
from xlperf.errors import LedgerError
from xlperf.findings import Finding
from xlperf.returns.figure import Figure, Key, figure_from_record
from xlperf.returns.identity import Identity

SCHEMA = 1

ACCEPTED, WITH_WARNINGS, REJECTED = "Accepted", "Accepted with warnings", "Rejected"


@dataclass(frozen=True, slots=True)
class Issued(Identity):
    """A return issued to an owner: its identity, its file, and the keys it asks for."""

    file: str = ""
    asked: tuple[Key, ...] = ()
    at: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A file judged by a collation: what it said, or why it was not taken.

    `saved_at` is the UTC time in the workbook's own properties; "" where it has none.
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

    @property
    def is_accepted(self) -> bool:
        """Whether its figures were taken."""
        return self.outcome != REJECTED


@dataclass(frozen=True, slots=True)
class Imported:
    """History from before xlperf, out of one file."""

    sha256: str
    file: str
    figures: tuple[Figure, ...] = ()
    findings: tuple[Finding, ...] = ()
    at: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person typed about the escalation of one KPI and org, word for word; all "" where it was cleared."""

    kpi_id: str
    org: str
    stage: str = ""
    by: str = ""
    on: str = ""
    rationale: str = ""
    at: str = ""

    @property
    def said(self) -> tuple[str, str, str, str]:
        """What was typed, without when it was read."""
        return (self.stage, self.by, self.on, self.rationale)


@dataclass(frozen=True, slots=True)
class Edition:
    """A published edition: its files and their hashes."""

    period: str
    files: Mapping[str, str]
    at: str = ""


Record = Issued | Received | Imported | Decision | Edition
_NAMES: Mapping[type, str] = {
    Issued: "issued",
    Received: "return",
    Imported: "import",
    Decision: "decision",
    Edition: "edition",
}
_TYPES: Mapping[str, Any] = {name: type_ for type_, name in _NAMES.items()}


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its name (which orders it), what it did, when, by whom, and its records."""

    name: str
    kind: str
    at: str
    by: str
    records: tuple[Record, ...]


def to_json(record: Record) -> dict[str, Any]:
    """A record as one JSON object; empty fields are left out."""
    plain: dict[str, Any] = {"record": _NAMES[type(record)]}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if name == "figures":
            value = [figure.as_record() for figure in value]
        elif name == "findings":
            value = [item.as_record() for item in value]
        if value not in ("", (), [], {}) and name != "at":
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
        values[name] = value
    record: Record = type_(**values, at=at)
    return record


def _keys(value: Sequence[Sequence[str]]) -> tuple[Key, ...]:
    return tuple((each[0], each[1], each[2]) for each in value)
