"""The worker: reads one file after another for its parent, and believes nothing of what is in them.

    python -E -P -m xlperf.workbook.isolated.worker

First message in: the limits. Answer: ready. Then for each file two messages in, a head and the bytes, and one out.
It imports as little as it can: no pydantic, no pandas. It ends when its parent closes the pipe.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import Any

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
    """Read one file and answer. Returns False if this process should not read another."""
    head = json.loads(receive(_IN))
    allow(limits.seconds)
    answer, fault, what = b"", "", ""
    try:
        data = receive(_IN)
        book, findings = read_tables(data, head["wanted"], file=head["file"], limits=limits, is_quick=head["is_quick"])
        if any(item.code == NO_MEMORY for item in findings):
            fault = "memory"
        else:
            answer = as_json(head["number"], book=book, findings=findings)
            fault = "size" if len(answer) > limits.result_bytes else ""
    except (EOFError, OSError):
        raise
    except MemoryError:
        fault = "memory"
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is this file's and nobody else's
        fault, what = "error", type(error).__name__
    # Not sooner: as long as an exception is handled, all that the reader had in memory is still there.
    if fault:
        answer = as_json(head["number"], fault=fault, what=what)
    send(_OUT, answer)
    allow(0)
    return not fault


def as_json(number: int, **values: Any) -> bytes:
    """What a worker says about file `number`; of dataclasses every field, whatever fields they come to have."""
    return json.dumps({"number": number, **values}, default=_plain, ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


if __name__ == "__main__":
    main()
