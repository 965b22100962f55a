"""The records of a run, and their form as JSON lines.

The dataclasses are a file format: add fields, and never change or remove one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from xlperf import findings as findings_
from xlperf.errors import LedgerError
from xlperf.findings import Finding
from xlperf.ledger.action_records import NumberedAction, TypedAction
from xlperf.ledger.case_records import Drafted, TypedEntry
from xlperf.ledger.enquiry_records import AskedEnquiry, TypedEnquiry
from xlperf.ledger.recovery_records import TypedPromise
from xlperf.ledger.words_records import TypedWords
from xlperf.returns.counting import CellCounts
from xlperf.returns.figure import Figure, FigureKey, SaidLast, figure_from_record
from xlperf.returns.identity import Identity
from xlperf.returns.returned_action import IssuedAction, ReturnedAction
from xlperf.returns.returned_promise import ReturnedPromise

SCHEMA = 2
"""The newest form of a run. A run is written in the oldest form that has all its records: see `schema_of`."""

ACCEPTED, WITH_WARNINGS, REJECTED = "Accepted", "Accepted with warnings", "Rejected"
HELD = "Held"
"""Read and kept; none of its figures count until a person releases it."""
NO_CELLS = CellCounts()


@dataclass(frozen=True, slots=True)
class Issued(Identity):
    """A return issued to an owner: its identity, its file, and the keys of its rows.

    `asked` are the keys. `locked` has, for each of them, the text of the locked cells by header; () in records
    older than this field. `commentary_for` has, for each of them, the colours with which it asks for commentary, as
    `Amber,Red`; () in records older than this field. `last_words` has, for each of them, what Still right keeps, whole
    and by field id; `due` is the day on which the return falls due, as an ISO date; both are empty in records older
    than these fields.
    """

    file: str = ""
    asked: tuple[FigureKey, ...] = ()
    locked: tuple[Mapping[str, str], ...] = ()
    at: str = ""
    commentary_for: tuple[str, ...] = ()
    last_words: tuple[SaidLast, ...] = ()
    due: str = ""
    actions: tuple[IssuedAction, ...] = ()
    action_for: tuple[str, ...] = ()
    """`actions`: those on its sheet Actions; `action_for`: as `commentary_for`. () in older records."""
    promises: tuple[FigureKey, ...] = ()
    """The periods for which its sheet Recovery asks for a figure; () in older records."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file judged by a collation: its contents, or why it was rejected.

    `saved_at` is the UTC time in the workbook's own properties, "" if it has none. `catalogue` is the sha256 of the
    catalogue it was judged against, which is kept among the originals; "" in records older than this field.
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
    figures: Sequence[Figure] = ()
    refused: tuple[FigureKey, ...] = ()
    blank: tuple[FigureKey, ...] = ()
    findings: tuple[Finding, ...] = ()
    at: str = ""
    catalogue: str = ""
    cells: CellCounts = NO_CELLS
    """How many of its filled cells were accepted, flagged and refused; all 0 in records older than this field."""
    actions: tuple[ReturnedAction, ...] = ()
    """What its sheet Actions says; () in records older than this field."""
    promises: tuple[ReturnedPromise, ...] = ()
    """The figures promised on its sheet Recovery; () in records older than this field."""

    @property
    def is_accepted(self) -> bool:
        """Whether its figures count."""
        return self.outcome in (ACCEPTED, WITH_WARNINGS)

    @property
    def is_in_question(self) -> bool:
        """Whether it was taken, and somebody should ask about it at once: it is blank, or its table was cut short."""
        return self.is_accepted and any(item.kind.is_in_question for item in self.findings)

    @property
    def is_held(self) -> bool:
        """Whether it waits for a person to release or reject it."""
        return self.outcome == HELD


@dataclass(frozen=True, slots=True)
class Released:
    """A person's verdict on a return that was held: released (`is_accepted`) or rejected."""

    sha256: str
    is_accepted: bool
    reason: str = ""
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """Figures from before xlperf, read from one file; `catalogue` as in `Received`."""

    sha256: str
    file: str
    figures: Sequence[Figure] = ()
    findings: tuple[Finding, ...] = ()
    at: str = ""
    catalogue: str = ""


DecisionCells = tuple[str, str, str, str]
"""The texts in the four cells for a decision: (stage, by, on, rationale)."""
NO_DECISION: DecisionCells = ("", "", "", "")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person typed about the escalation of one KPI and org, word for word; all "" if the cells were cleared.

    `over` has the texts of the cells when the master was last written; None in records older than this field. `book`
    names the workbook the decision was read from, and who collated it.
    """

    kpi_id: str
    org: str
    stage: str = ""
    by: str = ""
    on: str = ""
    rationale: str = ""
    over: DecisionCells | None = None
    book: str = ""
    at: str = ""

    @property
    def cells(self) -> DecisionCells:
        """(stage, by, on, rationale) as typed, without the time of reading."""
        return (self.stage, self.by, self.on, self.rationale)

    @property
    def standing(self) -> DecisionCells:
        """What of it stands, and is shown: all that was typed."""
        return self.cells


@dataclass(frozen=True, slots=True)
class Edition:
    """A published edition: the sha256 of each of its files, by name.

    `correction` says why it takes the place of an earlier one of its period; "" where it does not, or nobody said.
    `asked` are the lines of enquiry of its pack; () in records older than this field, and where the pack asks none.
    """

    period: str
    files: Mapping[str, str]
    at: str = ""
    asked: tuple[AskedEnquiry, ...] = ()
    correction: str = ""

    @property
    def workbook(self) -> str:
        """The name of its workbook; what was made beside it has a longer one. "" if it has none."""
        return min((name for name in self.files if name.endswith(".xlsx")), key=len, default="")


@dataclass(frozen=True, slots=True)
class MeetingPack:
    """The pack of a meeting, by its id in the catalogue: what its files are called, and the sha256 of each by name.

    A draft of one (`is_draft`) is for those who prepare the meeting; `not_before` is the ISO date until which it is not
    to be shared, "" for none.
    `asked` as for an edition; () for a draft.
    """

    meeting: str
    period: str
    name: str
    files: Mapping[str, str]
    at: str = ""
    asked: tuple[AskedEnquiry, ...] = ()
    is_draft: bool = False
    not_before: str = ""


@dataclass(frozen=True, slots=True)
class Approved:
    """An executive owner (`by`, the id) has approved the draft of the board's pack of that name, on an ISO date."""

    period: str
    draft: str
    by: str
    on: str
    note: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A run that is lost for good: a person decided, for the reason `why`, that the ledger goes on without it."""

    run: str
    why: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedCatalogue:
    """A catalogue by which past figures are shown from now on; the sha256 under which it is kept among the originals.

    Where it, or a later xlperf, changed past figures, a person accepted that: `changes` has a line for each KPI, and
    `token` stands for exactly these changes. Both are empty where it changed none.
    """

    catalogue: str
    version: str = ""
    token: str = ""
    changes: tuple[str, ...] = ()
    at: str = ""


Record = (
    Issued
    | Received
    | Released
    | Imported
    | Decision
    | Edition
    | MeetingPack
    | Approved
    | GivenUp
    | AcceptedCatalogue
    | TypedAction
    | NumberedAction
    | TypedEnquiry
    | TypedPromise
    | TypedWords
    | TypedEntry
    | Drafted
)
TypedRecord = Decision | TypedAction | TypedPromise | TypedEnquiry | TypedWords | TypedEntry
"""What people type into the master."""
_NAMES: Mapping[type, str] = {
    Issued: "issued",
    Received: "return",
    Released: "release",
    Imported: "import",
    Decision: "decision",
    Edition: "edition",
    MeetingPack: "meeting pack",
    Approved: "approval",
    GivenUp: "given up",
    AcceptedCatalogue: "catalogue",
    TypedAction: "action",
    NumberedAction: "action id",
    TypedEnquiry: "enquiry",
    TypedPromise: "promise",
    TypedWords: "words",
    TypedEntry: "case entry",
    Drafted: "notice drafted",
}
_TYPES: Mapping[str, Any] = {name: type_ for type_, name in _NAMES.items()}


@dataclass(frozen=True, slots=True)
class LedgerRun:
    """One run: its name (runs are ordered by name), what it did, when, by whom, and its records.

    `after` names the runs that no other run had named when it was written, so that a missing run is noticed. `sha256`
    is the hash of its bytes. `is_sealed`: whether the bytes contain their own hash, as in all runs since 22 November
    2026.
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


def schema_of(records: Sequence[Record]) -> int:
    """The form of a run of these records: 2 with what came after 0.1.0, which older programs refuse."""
    return 2 if any(map(_is_of_form_2, records)) else 1


def _is_of_form_2(record: Record) -> bool:
    later = (
        AcceptedCatalogue
        | TypedAction
        | NumberedAction
        | MeetingPack
        | Approved
        | TypedEnquiry
        | TypedPromise
        | TypedWords
        | TypedEntry
        | Drafted
    )
    return isinstance(record, later) or (isinstance(record, Received) and bool(record.actions or record.promises))


def to_json(record: Record) -> dict[str, Any]:
    """A record as one JSON object, without its empty fields and without `at`, which the run has."""
    plain: dict[str, Any] = {"record": _NAMES[type(record)]}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if name == "figures":
            value = [figure.as_record() for figure in value]
        elif name == "findings":
            value = [item.as_record() for item in value]
        elif name == "cells" and isinstance(record, Received):
            value = {} if value == NO_CELLS else asdict(value)
        elif (
            name == "actions"
            or (name == "promises" and isinstance(record, Received))
            or (name == "asked" and isinstance(record, Edition | MeetingPack))
        ):
            value = [asdict(each) for each in value]
        elif name == "asked" and isinstance(record, TypedEnquiry):
            value = asdict(value)
        if value not in ("", (), [], {}, None) and name != "at":
            plain[name] = value
    return plain


def from_json(plain: Mapping[str, Any], at: str) -> Record:
    """The record that `to_json` wrote, in a run made at `at`; fields of a later version are ignored.

    Raises:
        LedgerError: this version of xlperf does not know this kind of record.
    """
    type_ = _TYPES.get(str(plain.get("record")))
    if type_ is None:
        raise LedgerError(f"unknown record '{plain.get('record')}', written by a newer xlperf; update this one")
    values: dict[str, Any] = {}
    for name in type_.__dataclass_fields__:
        if name not in plain:
            continue
        value = plain[name]
        if name == "figures":
            value = tuple(map(figure_from_record, value))
        elif name == "findings":
            value = tuple(map(findings_.from_record, value))
        elif name == "asked" and type_ is TypedEnquiry:
            value = AskedEnquiry.from_plain(value)
        elif name == "asked" and type_ in (Edition, MeetingPack):
            value = tuple(map(AskedEnquiry.from_plain, value))
        elif name in ("asked", "refused", "blank") or (name == "promises" and type_ is Issued):
            value = _keys(value)
        elif name in ("locked", "changes", "commentary_for", "action_for", "last_words"):
            value = tuple(value)
        elif name == "cells" and type_ is Received:
            value = CellCounts(**{part: value[part] for part in CellCounts.__dataclass_fields__})
        elif name == "actions":
            of_action = IssuedAction if type_ is Issued else ReturnedAction
            value = tuple(of_action(**action) for action in value)
        elif name == "promises":
            value = tuple(ReturnedPromise(**each) for each in value)
        elif name == "over" and type_ in (Decision, TypedWords):
            value = tuple(value)
        values[name] = value
    record: Record = type_(**values, at=at)
    return record


def _keys(value: Sequence[Sequence[str]]) -> tuple[FigureKey, ...]:
    return tuple((kpi_id, org, period) for kpi_id, org, period in value)
