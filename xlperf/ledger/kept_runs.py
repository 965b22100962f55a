"""Runs as they were read, kept in columns, so that a ledger of many years is not parsed anew at each command.

What is kept of a run is by the hash of its bytes. The bytes of every run are read and hashed each time, and a run whose
bytes have another hash, or that is not kept, is parsed. So what is kept can be of an older or newer ledger, of another
one, or missing: it never says what is in the ledger. The file has three parts:

    {"xlperf": WHICH, "order": "little", "sha256": …}   a line: who wrote it, and the hash of all that follows
    [{"run": …, "records": […], "columns": …}, …]       a line: each run, without its figures, and where these are
    …                                                   the columns of the figures, see `returns.figure_columns`

It is JSON and numbers, and nothing in it is executed. It is never read by `verify`, nor by what copies a ledger.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from xlperf.durable import replace_file
from xlperf.ledger.records import Imported, LedgerRun, Received, Record, from_json, to_json
from xlperf.returns.figure_columns import NAMES, FiguresInColumns, column_as_record, column_from_record, in_columns

_MANY = 500
"""Figures of a run from which they are held in columns."""
_WORTHWHILE, _SHARE = 1_000, 16
"""It is written anew for this many figures that are not kept yet, and if they are a sixteenth of those that are."""
_HEAD = tuple(each.name for each in fields(LedgerRun) if each.name not in ("records", "sha256"))


class KeptRuns:
    """The runs kept in a file, which is read when the first of them is asked for."""

    def __init__(self, path: Path, program: Callable[[], str], worthwhile: int = _WORTHWHILE) -> None:
        """Nothing is read yet, and nothing need be there.

        Args:
            path: the file.
            program: says which xlperf is at work; what another one wrote is not used.
            worthwhile: figures that are not kept yet for which the file is written anew.
        """
        self._path, self._program, self._worthwhile = path, program, worthwhile
        self._kept: dict[str, LedgerRun] | None = None
        self.is_damaged = False
        """Whether there was a file that is not as it was written."""

    def run(self, sha256: str) -> LedgerRun | None:
        """The run whose bytes have this hash; None where it is not kept."""
        if self._kept is None:
            self._kept = self._read()
        return self._kept.get(sha256)

    def keep(self, runs: Sequence[LedgerRun]) -> None:
        """Keep these runs and no others, if it is worthwhile; nothing happens where the file cannot be written."""
        kept = {run.sha256 for run in runs if self.run(run.sha256) is not None}
        fresh = sum(_count(run) for run in runs if run.sha256 not in kept)
        total = sum(map(_count, runs))
        if self.is_damaged or (fresh >= self._worthwhile and fresh * _SHARE >= total):
            with suppress(OSError, TypeError):
                self._path.parent.mkdir(exist_ok=True)
                replace_file(self._path, _written(runs, self._program()))
                self._kept, self.is_damaged = {run.sha256: run for run in runs}, False

    def _read(self) -> dict[str, LedgerRun]:
        try:
            data = self._path.read_bytes()
        except OSError:
            return {}
        try:
            end_of_head = data.index(b"\n")
            head, rest = json.loads(data[:end_of_head]), memoryview(data)[end_of_head + 1 :]
            if head["sha256"] != hashlib.sha256(rest).hexdigest():
                raise ValueError("not as it was written")
            if (head["xlperf"], head["order"]) != (self._program(), sys.byteorder):
                return {}
            end_of_index = data.index(b"\n", end_of_head + 1)
            index, blocks = json.loads(data[end_of_head + 1 : end_of_index]), memoryview(data)[end_of_index + 1 :]
            return {each["sha256"]: _run(each, blocks) for each in index}
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            self.is_damaged = True
            return {}


def with_figures_in_columns(run: LedgerRun) -> LedgerRun:
    """A run with the figures of its records in columns, where there are many."""
    figures = [figure for record in _with_figures(run.records) for figure in record.figures]
    if len(figures) < _MANY:
        return run
    try:
        columns = in_columns(figures)
    except TypeError:  # as a person has edited it
        return run
    return replace(run, records=tuple(_sliced(run.records, columns)))


def _sliced(records: Iterable[Record], columns: Mapping[str, Any]) -> Iterator[Record]:
    start = 0
    for record in records:
        if isinstance(record, Received | Imported) and record.figures:
            stop = start + len(record.figures)
            yield replace(record, figures=FiguresInColumns(columns, start, stop))
            start = stop
        else:
            yield record


def _with_figures(records: Iterable[Record]) -> Iterator[Received | Imported]:
    return (record for record in records if isinstance(record, Received | Imported) and record.figures)


def _count(run: LedgerRun) -> int:
    return sum(len(record.figures) for record in _with_figures(run.records))


def _written(runs: Iterable[LedgerRun], program: str) -> bytes:
    index, blocks = [], []
    place = 0
    for run in runs:
        columns = []
        for name, column in _columns(run).items():
            record, data = column_as_record(column)
            columns.append({"name": name, "at": place, **record})
            blocks.append(data)
            place += len(data)
        plain = {"sha256": run.sha256, **{name: getattr(run, name) for name in _HEAD}}
        records = [_without_figures(record) for record in run.records]
        index.append({**plain, "records": records, "columns": columns})
    rest = json.dumps(index, allow_nan=False).encode() + b"\n" + b"".join(blocks)
    head = {"xlperf": program, "order": sys.byteorder, "sha256": hashlib.sha256(rest).hexdigest()}
    return json.dumps(head).encode() + b"\n" + rest


def _columns(run: LedgerRun) -> Mapping[str, Any]:
    """The columns of all figures of a run, in the order of its records."""
    held = [record.figures for record in _with_figures(run.records)]
    if held and isinstance(held[0], FiguresInColumns):  # then all are, of the same columns
        return held[0].columns
    figures = [figure for each in held for figure in each]
    return in_columns(figures) if figures else {}


def _without_figures(record: Record) -> dict[str, Any]:
    if not isinstance(record, Received | Imported):
        return {**to_json(record), "recorded_at": record.at}
    plain = to_json(replace(record, figures=()))
    return {**plain, "recorded_at": record.at, "count": len(record.figures)}


def _run(plain: Mapping[str, Any], blocks: memoryview) -> LedgerRun:
    columns = {
        each["name"]: column_from_record(each, blocks[each["at"] : each["at"] + each.get("bytes", 0)])
        for each in plain["columns"]
    }
    total = sum(each.get("count", 0) for each in plain["records"])
    if total and (tuple(columns) != NAMES or any(column.length not in (None, total) for column in columns.values())):
        raise ValueError("columns that do not fit")
    records, start = [], 0
    for each in plain["records"]:
        record, count = from_json(each, each["recorded_at"]), each.get("count", 0)
        if count and isinstance(record, Received | Imported):
            record = replace(record, figures=FiguresInColumns(columns, start, start + count))
            start += count
        records.append(record)
    head = {name: plain[name] for name in _HEAD} | {"after": tuple(plain["after"])}
    return LedgerRun(**head, records=tuple(records), sha256=plain["sha256"])
