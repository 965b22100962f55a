"""One finding: how it is made, printed, and written to and read from a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from xlperf.findings.kind import FindingKind, Severity
from xlperf.findings.kinds import KINDS
from xlperf.findings.location import Location
from xlperf.findings.plain import plain

_ARTICLE = re.compile(r"^(an?|the) ")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed, from a note to a fault that rejects a return.

    It says where, what was found and what was expected, and what to do.
    """

    code: str
    severity: Severity
    message: str
    location: Location
    found: str = ""
    expected: str = ""
    fix: str = ""

    @property
    def kind(self) -> FindingKind:
        """The kind of its code; for a code unknown to this version, one of the finding's own severity and fix."""
        return KINDS.get(self.code) or FindingKind(self.severity, "", self.fix)

    def __str__(self) -> str:
        where = str(self.location)
        return f"{self.code} {where + ': ' if where else ''}{self.sentences}"

    @property
    def sentences(self) -> str:
        """What is wrong, what was expected and what to do, without the code and the place.

        What was expected is left out where the message or the fix says it already.
        """
        expected = _ARTICLE.sub("", self.expected).casefold()
        in_a_sentence = rf"(?<!\w){re.escape(expected)}(?!\w)"
        is_told = not expected or re.search(in_a_sentence, f"{self.message} {self.fix}".casefold()) is not None
        parts = (self.message, "" if is_told else f"Expected: {self.expected}.", self.fix)
        return " ".join(part for part in parts if part)

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

    Text quoted from outside is made `plain`; `fix` is not, as it quotes no received file. `found` is cut to 500
    characters; the whole text is in the stored original.

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


def most_severe(findings: Iterable[Finding]) -> Severity | None:
    """The severest of the severities among `findings`; None when there are none."""
    order = list(Severity)
    return min((item.severity for item in findings), key=order.index, default=None)
