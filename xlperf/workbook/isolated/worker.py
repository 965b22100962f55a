"""The worker: reads one file after another for its parent, and believes nothing of what is in them.

    python -E -P -m xlperf.workbook.isolated.worker

First message in: the limits. Answer: ready. Then for some files two messages in, a head and the bytes of all, and one
out for each, as soon as it is read. It imports as little as it can: no pydantic, no pandas. It ends when its parent
closes the pipe.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from xlperf.findings import Finding
from xlperf.tables import Book, Cell, Table
from xlperf.workbook.isolated.cell_codes import CODES
from xlperf.workbook.isolated.confined import allow, confine
from xlperf.workbook.isolated.frames import receive, send
from xlperf.workbook.reader import ReadingLimits, read_tables

_IN, _OUT = 0, 1
NO_MEMORY = "F021"


def main() -> None:
    """Serve until the parent has gone."""
    try:
        limits = ReadingLimits(**json.loads(receive(_IN)))
        confine(limits.memory_mb)
        send(_OUT, b"ready")
        while _serve(limits):
            pass
    except (EOFError, OSError):  # the parent has gone, or wants no more
        os._exit(0)
    os._exit(1)  # something is wrong here, so a new worker takes the next file


def _serve(limits: ReadingLimits) -> bool:
    """Read some files and answer about each. Returns False if this process should not read another."""
    head = json.loads(receive(_IN))
    allow(limits.seconds)
    number, at = head["first"], 0
    try:
        data = receive(_IN)
    except MemoryError:
        data = None
    if data is None:
        send(_OUT, as_json(number, fault="memory"))
        return False
    for name, size in head["files"]:
        allow(limits.seconds)
        content = data if len(head["files"]) == 1 else data[at : at + size]
        if not _answer(number, content, {**head, "file": name}, limits):
            return False
        number, at = number + 1, at + size
    allow(0)
    return True


def _answer(number: int, data: bytes, head: Mapping[str, Any], limits: ReadingLimits) -> bool:
    """Read one file and answer. Returns False if this process should not read another."""
    answer, fault, what = b"", "", ""
    try:
        book, findings = read_tables(data, head["wanted"], file=head["file"], limits=limits, is_quick=head["is_quick"])
        if any(item.code == NO_MEMORY for item in findings):
            fault = "memory"
        else:
            answer = as_json(number, book=book, findings=findings)
            fault = "size" if len(answer) > limits.result_bytes else ""
    except (EOFError, OSError):
        raise
    except MemoryError:
        fault = "memory"
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is this file's and nobody else's
        fault, what = "error", type(error).__name__
    # Not sooner: as long as an exception is handled, all that the reader had in memory is still there.
    if fault:
        answer = as_json(number, fault=fault, what=what)
    send(_OUT, answer)
    return not fault


def as_json(number: int, book: Book | None = None, findings: Iterable[Finding] = (), **fault: str) -> bytes:
    """What a worker says about file `number`; its parent takes it as a `WorkerAnswer`."""
    said = {"number": number, "book": None if book is None else _book(book), "findings": findings, **fault}
    return json.dumps(said, default=_fields, ensure_ascii=False).encode()


def _book(book: Book) -> dict[str, Any]:
    tables = {name: _table(table) for name, table in book.tables.items()}
    return {**_fields(book), "tables": tables, "saved_at": book.saved_at and book.saved_at.isoformat()}


def _table(table: Table) -> dict[str, Any]:
    at = {header: index for index, header in enumerate(table.columns)}
    cells = [row.cells for row in table.rows]
    return {
        "sheet": table.sheet,
        "columns": table.columns,
        "letters": table.letters,
        "rows": [row.number for row in table.rows],
        "filled": [[at[header] for header in each] for each in cells],
        "cells": [list(map(_coded, each.values())) for each in cells],
        "stray": [(cell.ref, _coded(cell)) for cell in table.stray],
        "stray_count": table.stray_count,
    }


def _coded(cell: Cell) -> str:
    return CODES[cell.kind, cell.style, cell.is_formula] + cell.raw


def _fields(value: Any) -> dict[str, Any]:
    """Every field of a dataclass, whatever fields it comes to have."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


if __name__ == "__main__":
    main()
