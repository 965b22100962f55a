"""A run as bytes: JSON lines, the first its head, the last its end. They are the same in a folder and in a database.

    {"record": "run", "schema": 1, "run": NAME, "kind": …, "at": …, "by": …, "xlperf": …, "after": [NAME, …]}
    {"record": "return", …}                        one line a record, see `records`
    {"record": "end", "records": 1, "sha256": …}   of all the bytes before this line

`after` names every run that no run had named yet, as a commit of git names its parents: so any run that has gone is
noticed, but for the newest. Runs from before 22 November 2026 have neither `after` nor `sha256`.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from xlperf import __version__
from xlperf.errors import LedgerError
from xlperf.ledger.records import SCHEMA, GivenUp, Record, Run, from_json, to_json

_STAMP = "%Y%m%dT%H%M%S.%fZ"
_TICK = timedelta(microseconds=1)
_SAFE_NAME = re.compile(r"[\w.+-]{1,100}", re.ASCII)
_RESTORE = "if the folder is syncing wait until it is done, else restore it from a backup"


def make_run(
    kind: str, records: Sequence[Record], *, at: datetime, by: str, before: Sequence[Run]
) -> tuple[str, bytes]:
    """A new run's name and bytes.

    Args:
        kind: what it does, as "collate".
        records: what it records.
        at: an aware time.
        by: who does it.
        before: every run there is. The new one is named after them all, even where another machine's clock was fast:
            what was typed last must count last.
    """
    moment = max([at.astimezone(UTC), *(_moment(run.name) + _TICK for run in before)])
    name = f"{moment:{_STAMP}}-{secrets.token_hex(4)}"
    head = {
        "record": "run",
        "schema": SCHEMA,
        "run": name,
        "kind": kind,
        "at": at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "by": by,
        "xlperf": __version__,
        "after": newest(before),
    }
    return name, seal([head, *map(to_json, records)])


def seal(lines: Sequence[Mapping[str, Any]]) -> bytes:
    """The bytes of a run: its head and records, and the end line that says how many and what their hash is."""
    body = b"".join(map(_line, lines))
    end = {"record": "end", "records": len(lines) - 1, "sha256": hashlib.sha256(body).hexdigest()}
    return body + _line(end)


def _line(plain: Mapping[str, Any]) -> bytes:
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False) + "\n"
    # A lone surrogate, as of a file name that is no Unicode, has no UTF-8; its JSON escape looks like Python's.
    return text.encode("utf-8", "backslashreplace")


def read_run(data: bytes) -> Run:
    """The run that `data` is. Raises LedgerError, without the name of the file, where it is not whole."""
    try:
        # Not splitlines(): text that people typed may hold other line separators.
        head, *body, end = [json.loads(line) for line in data.decode().split("\n") if line]
        if head["record"] != "run" or end["record"] != "end" or end["records"] != len(body):
            raise LedgerError(f"is not whole; {_RESTORE}")
        is_sealed = "after" in head or "sha256" in end
        if is_sealed and not _is_as_written(data, end):
            raise LedgerError(f"is not what was written, as its hash is wrong; {_RESTORE}")
        if head["schema"] > SCHEMA:
            raise LedgerError(f"was written by xlperf {head.get('xlperf')}; update this one")
        return Run(
            name=_name(head["run"]),
            kind=head["kind"],
            at=head["at"],
            by=head["by"],
            records=tuple(from_json(line, head["at"]) for line in body),
            after=tuple(head.get("after", ())),
            sha256=hashlib.sha256(data).hexdigest(),
            is_sealed=is_sealed,
            xlperf=str(head.get("xlperf", "")),
        )
    except LedgerError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise LedgerError(f"is not whole ({error}); {_RESTORE}") from error


def _is_as_written(data: bytes, end: Mapping[str, Any]) -> bool:
    start = data.rfind(b"\n", 0, -1) + 1
    return end.get("sha256") == hashlib.sha256(data[:start]).hexdigest() and data[start:] == _line(end)


def _name(said: str) -> str:
    if not _SAFE_NAME.fullmatch(said):
        raise ValueError(f"'{said[:40]}' is no name of a run")
    return said


def each_once(stored: Iterable[tuple[str, Run]]) -> tuple[Run, ...]:
    """Every run once, in order of name, out of (what it is stored as, run).

    A syncing service lays copies of a run beside it under other names; they count once.

    Raises:
        LedgerError: two runs of one name differ.
    """
    found: dict[str, tuple[str, Run]] = {}
    for place, run in sorted(stored):
        first, same = found.setdefault(run.name, (place, run))
        if same.sha256 != run.sha256:
            raise LedgerError(
                f"{first} and {place} are both run {run.name}, and differ; see which is right (a backup has it too), "
                "and move the other away"
            )
    return tuple(run for _, (_, run) in sorted(found.items()))


def must_be_complete(runs: Sequence[Run], adding: Sequence[Record] = ()) -> Sequence[Run]:
    """`runs`, unless one has gone that another names; then only giving one up may be added. Raises LedgerError."""
    if any(isinstance(record, GivenUp) for record in adding):
        return runs
    for gone, namer in missing(runs).items():
        raise LedgerError(
            f"run {gone} has gone, which {namer} was made after; {_RESTORE}. Where there is none, "
            f"'xlperf ledger give-up {gone}' goes on without it"
        )
    return runs


def newest(runs: Sequence[Run]) -> list[str]:
    """The runs that no other names, in order."""
    named = {name for run in runs for name in run.after}
    return sorted({run.name for run in runs} - named)


def missing(runs: Sequence[Run]) -> Mapping[str, str]:
    """The runs that are not there and not given up either, each with the name of the first run that names it."""
    there = {run.name for run in runs}
    there |= {record.run for run in runs for record in run.records if isinstance(record, GivenUp)}
    gone: dict[str, str] = {}
    for run in sorted(runs, key=lambda run: run.name):
        for name in run.after:
            if name not in there:
                gone.setdefault(name, run.name)
    return gone


def _moment(name: str) -> datetime:
    """The time in a run's name; the beginning of time where it is named otherwise."""
    try:
        return datetime.strptime(name.partition("-")[0], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
