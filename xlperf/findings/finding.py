"""One finding: how it is made, printed, and written to and read from a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from xlperf.findings.kind import FindingKind, Severity
from xlperf.findings.kinds import KINDS
from xlperf.findings.location import Location, plain


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: where it is, what was found and what was expected, and the remedy in one sentence."""

    code: str
    severity: Severity
    message: str
    location: Location
    found: str = ""
    expected: str = ""
    fix: str = ""

    @property
    def kind(self) -> FindingKind:
        """The kind of its code; for a code that only a later version knows, one with no more than the severity."""
        return KINDS.get(self.code) or FindingKind(self.severity, "", self.fix)

    def __str__(self) -> str:
        where = str(self.location)
        return f"{self.code} {where + ': ' if where else ''}{self.message} {self.fix}".rstrip()

    def as_record(self) -> dict[str, object]:
        """The finding as a flat, JSON-ready mapping; empty parts are left out."""
        record: dict[str, object] = asdict(self)
        record.update(asdict(self.location))
        del record["location"]
        return {key: value for key, value in record.items() if value not in ("", None)}


def from_record(record: Mapping[str, object]) -> Finding:
    """The finding that `Finding.as_record` wrote."""
    places = {key: record[key] for key in Location.__dataclass_fields__ if key in record}
    return Finding(
        code=str(record["code"]),
        severity=Severity(str(record["severity"])),
        message=str(record["message"]),
        location=Location(**places),  # type: ignore[arg-type]
        found=str(record.get("found", "")),
        expected=str(record.get("expected", "")),
        fix=str(record.get("fix", "")),
    )


def finding(
    code: str,
    message: str,
    location: Location | None = None,
    *,
    found: str = "",
    expected: str = "",
    fix: str = "",
) -> Finding:
    """A finding of a code of `KINDS`, which gives its severity and, unless `fix` is given, its remedy.

    Text quoted from outside is made `plain`. `found` is cut to 500 characters; the return itself is kept anyway.

    Raises:
        KeyError: `KINDS` does not have the code.
    """
    kind = KINDS[code]
    where = _plain_place(location) if location else Location()
    found = plain(found if len(found) <= _LONGEST_FOUND else found[: _LONGEST_FOUND - 1] + "…")
    return Finding(code, kind.severity, plain(message), where, found, plain(expected), fix or kind.fix)


_LONGEST_FOUND = 500


def _plain_place(location: Location) -> Location:
    texts = {name: plain(value) for name in Location.__slots__ if isinstance(value := getattr(location, name), str)}
    return replace(location, **texts)  # type: ignore[arg-type]


def gravest(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity among `findings`; None when there are none."""
    order = list(Severity)
    return min((item.severity for item in findings), key=order.index, default=None)
