"""A worker that a file has broken or taken over: it does what the file's name says, and otherwise reads the file.

Started by test_isolated.py in place of the real one, and confined like it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

from xlperf.workbook.isolated import worker as real_worker
from xlperf.workbook.isolated.frames import send

_OUT = 1
worker: Any = real_worker
really_read = worker.read_tables
files = 0


def recurse() -> None:
    """Never come back."""
    recurse()


def read(data: bytes, wanted: Any, *, file: str, limits: Any, is_quick: bool) -> Any:
    """Do what the name of the file says."""
    global files
    files += 1
    answer = book, _ = really_read(data, wanted, file=file, limits=limits, is_quick=is_quick)
    match file.split(" ")[0]:
        case "end":
            os._exit(0)
        case "crash":
            os.abort()
        case "raise":
            raise KeyError(file)
        case "interrupt":
            raise KeyboardInterrupt
        case "leave":
            raise SystemExit(0)
        case "recurse":
            recurse()
        case "memory":
            bytearray(limits.memory_mb * 1024 * 1024)
        case "loop":
            while True:
                pass
        case "sleep":
            time.sleep(1_000)
        case "flood":
            os.write(_OUT, (2**63).to_bytes(8, "big") + b"x" * 1_000)
        case "half":
            os.write(_OUT, (1_000).to_bytes(8, "big") + b'{"number":')
            os._exit(0)
        case "pickle":
            send(_OUT, b"\x80\x04K\x2a.")
        case "nothing":
            return None, []
        case "another":
            return really_read(b"", wanted, file="another.xlsx", limits=limits, is_quick=is_quick)
        case "invented":
            return replace(book, sheets=(1, 2)), []
        case "twice":
            send(_OUT, worker.as_json(files, book=book, findings=[]))
        case "connect":
            socket.socket()
        case "program":
            subprocess.run([sys.executable, "-V"], check=False)
        case "write":
            open("/dev/null", "w")  # noqa: SIM115
    return answer


worker.read_tables = read
worker.main()
