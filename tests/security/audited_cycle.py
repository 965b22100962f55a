"""Runs a whole cycle under an audit hook and prints, as JSON, what it did to the world outside.

    python -m tests.security.audited_cycle FOLDER

The hook is put in before xlperf is imported, and stays for good: so this is a program of its own.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

_SOCKETS = ("socket.__new__", "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "urllib.Request")
_STARTS = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.startfile",
    "pty.spawn",
)
_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil.copyfile")
_FETCHES = ("ftplib.connect", "http.client.connect", "smtplib.connect", "webbrowser.open")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Watch:
    """What was seen, but for what happens inside of one folder."""

    def __init__(self, folder: Path) -> None:
        self.sockets: list[str] = []
        self.starts: list[list[str]] = []
        self.writes: list[str] = []
        self.is_on = False
        self._folder = os.path.realpath(folder) + os.sep

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if event in _SOCKETS or event in _FETCHES:
            self.sockets.append(f"{event} {args!r}")
        elif event in _STARTS:
            # Popen tells (program, arguments, …); the others are not expected at all.
            command = args[1] if event == "subprocess.Popen" else [event, *map(repr, args)]
            self.starts.append([str(each) for each in command])
        elif event in _CHANGES:
            self.writes += [path for each in args if (path := self._outside(each))]
        elif event == "open" and isinstance(args[2], int) and args[2] & _WRITING and (path := self._outside(args[0])):
            self.writes.append(path)

    def _outside(self, path: Any) -> str:
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str) or path == os.devnull:
            return ""
        real = os.path.realpath(path)
        return "" if (real + os.sep).startswith(self._folder) else real


def main(folder: Path) -> None:
    watch = Watch(folder)
    sys.addaudithook(watch.hook)
    from tests.conftest import COLLATE_DAY, ISSUE_DAY, Q1, Team, at, catalogue_data, fill, write_catalogue
    from tests.security.enticing import enticing
    from xlperf.workflow.cycle.chase import chase, status
    from xlperf.workflow.cycle.import_history import import_history
    from xlperf.workflow.cycle.publish import publish
    from xlperf.workflow.workspace import Workspace
    from xlperf.workflow.workspace.run import Run

    tempfile.tempdir = None
    workspace = Workspace(folder)
    workspace.returns.mkdir(parents=True)
    write_catalogue(folder, catalogue_data())
    (folder / "history.csv").write_text("kpi,org,period,actual\nV1,TRUST,2025-26-Q4,91\n", encoding="utf-8")
    team = Team(workspace)
    sys.dont_write_bytecode = True
    watch.is_on = True
    team.issue(now=ISSUE_DAY)
    import_history(workspace, folder / "history.csv", Run(ISSUE_DAY, "analyst"))
    issued = team.issued()
    good = fill(issued["alpha"])
    good.with_name("enticing.xlsx").write_bytes(enticing(good.read_bytes()))
    good.unlink()
    done = team.collate(COLLATE_DAY)
    status(workspace, Q1, now=at("2026-07-20"))
    chase(workspace, Q1, Run(at("2026-07-20"), "analyst"))
    publish(workspace, Q1, Run(at("2026-07-21"), "analyst"))
    watch.is_on = False
    codes = sorted({item.code for _, received in done.judged for item in received.findings})
    outcomes = [received.outcome for _, received in done.judged]
    seen = {"sockets": watch.sockets, "starts": watch.starts, "writes": watch.writes}
    print(json.dumps({**seen, "codes": codes, "outcomes": outcomes}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
