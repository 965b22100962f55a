"""The bytes of a run: JSON lines, from a head line to an end line; the same in a folder and in a database.

    {"record": "run", "schema": 1, "run": NAME, "kind": …, "at": …, "by": …, "xlperf": …, "after": [NAME, …]}
    {"record": "return", …}                        one line a record, see `records`
    {"record": "end", "records": 1, "sha256": …}   of all the bytes before this line

`after` names every run that no run had named yet, as a git commit names its parents. So a missing run is noticed,
unless it is one of the latest. Runs older than 22 November 2026 have neither `after` nor `sha256`.
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
from xlperf.ledger.records import SCHEMA, GivenUp, LedgerRun, Record, from_json, schema_of, to_json

_STAMP = "%Y%m%dT%H%M%S.%fZ"
_TICK = timedelta(microseconds=1)
_SAFE_NAME = re.compile(r"[\w.+-]{1,100}", re.ASCII)
_RESTORE = "if the folder is still syncing, wait until that is done; else restore it from a backup"


def make_run(
    kind: str, records: Sequence[Record], *, at: datetime, by: str, before: Sequence[LedgerRun]
) -> tuple[str, bytes]:
    """A new run's name and bytes.

    Args:
        kind: what the run does, such as "collate".
        records: its records.
        at: an aware time.
        by: who does it.
        before: every run in the ledger. The name of the new run sorts after all of them, even if another machine's
            clock was fast, because what was typed last must count last.
    """
    moment = max([at.astimezone(UTC), *(_time_in_name(run.name) + _TICK for run in before)])
    name = f"{moment:{_STAMP}}-{secrets.token_hex(4)}"
    head = {
        "record": "run",
        "schema": schema_of(records),
        "run": name,
        "kind": kind,
        "at": at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "by": by,
        "xlperf": __version__,
        "after": runs_not_named(before),
    }
    return name, seal([head, *map(to_json, records)])


def seal(lines: Sequence[Mapping[str, Any]]) -> bytes:
    """The bytes of a run: the lines (head and records), and an end line with their number and hash."""
    body = b"".join(map(_line, lines))
    end = {"record": "end", "records": len(lines) - 1, "sha256": hashlib.sha256(body).hexdigest()}
    return body + _line(end)


def _line(plain: Mapping[str, Any]) -> bytes:
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False) + "\n"
    # A lone surrogate (from a file name that is not Unicode) has no UTF-8; its JSON escape is the same as Python's.
    return text.encode("utf-8", "backslashreplace")


def read_run(data: bytes) -> LedgerRun:
    """Parse the bytes of a run. Raises LedgerError, without the name of the file, if they are damaged or incomplete."""
    try:
        # Not splitlines(): typed text may contain other line separators.
        head, *body, end = [json.loads(line) for line in data.decode().split("\n") if line]
        if head["record"] != "run" or end["record"] != "end" or end["records"] != len(body):
            raise LedgerError(f"is incomplete; {_RESTORE}")
        is_sealed = "after" in head or "sha256" in end
        if is_sealed and not _is_as_written(data, end):
            raise LedgerError(f"is damaged, as its hash is wrong; {_RESTORE}")
        if head["schema"] > SCHEMA:
            raise LedgerError(f"was written by xlperf {head.get('xlperf')}, which is newer; update this one")
        return LedgerRun(
            name=_safe_name(head["run"]),
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
        raise LedgerError(f"is incomplete or damaged ({error}); {_RESTORE}") from error


def _is_as_written(data: bytes, end: Mapping[str, Any]) -> bool:
    start = data.rfind(b"\n", 0, -1) + 1
    return end.get("sha256") == hashlib.sha256(data[:start]).hexdigest() and data[start:] == _line(end)


def _safe_name(name: str) -> str:
    if not _SAFE_NAME.fullmatch(name):
        raise ValueError(f"'{name[:40]}' is not a valid name for a run")
    return name


def without_copies(stored: Iterable[tuple[str, LedgerRun]]) -> tuple[LedgerRun, ...]:
    """Every run once, in order of name, from pairs of (name it is stored under, run).

    A sync service may put copies of a run beside it under other names; they count once. Where one differs, the run that
    is stored under its own name counts, as it is whole by its own hash; `verify` names the other.

    Raises:
        LedgerError: two runs of the same name differ, and neither is stored under it.
    """
    stored_by_name: dict[str, tuple[str, LedgerRun]] = {}
    for place, run in sorted(stored, key=lambda pair: (pair[0].removesuffix(".jsonl") != pair[1].name, pair[0])):
        first, same = stored_by_name.setdefault(run.name, (place, run))
        if same.sha256 != run.sha256 and first.removesuffix(".jsonl") != run.name:
            raise LedgerError(
                f"{first} and {place} are both run {run.name}, and differ; find out which is right (a backup has it "
                "too), and move the other one away"
            )
    return tuple(run for _, (_, run) in sorted(stored_by_name.items()))


def must_have_every_run(runs: Sequence[LedgerRun], adding: Sequence[Record] = ()) -> Sequence[LedgerRun]:
    """`runs`, if no run is missing that another one names. Raises LedgerError, unless `adding` gives up a run."""
    if any(isinstance(record, GivenUp) for record in adding):
        return runs
    for missing_run, later_run in missing_runs(runs).items():
        raise LedgerError(
            f"run {missing_run} is missing, and run {later_run} was made after it; {_RESTORE}. If there is no backup, "
            f"go on without it: 'xlperf ledger give-up {missing_run}'"
        )
    return runs


def runs_not_named(runs: Sequence[LedgerRun]) -> list[str]:
    """The names of the runs that no other run names, in order."""
    named = {name for run in runs for name in run.after}
    return sorted({run.name for run in runs} - named)


def missing_runs(runs: Sequence[LedgerRun]) -> Mapping[str, str]:
    """The runs that are missing and not given up: by name, the first run that names it."""
    accounted_for = {run.name for run in runs}
    accounted_for |= {record.run for run in runs for record in run.records if isinstance(record, GivenUp)}
    named_by: dict[str, str] = {}
    for run in sorted(runs, key=lambda run: run.name):
        for name in run.after:
            if name not in accounted_for:
                named_by.setdefault(name, run.name)
    return named_by


def _time_in_name(name: str) -> datetime:
    """The time in a run's name; the earliest time there is for a name without one."""
    try:
        return datetime.strptime(name.partition("-")[0], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
