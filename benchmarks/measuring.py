"""What a command takes as a process of its own, with the processes that it starts: processor time and memory.

It is started by a process of this script, which is small: what a process begins with counts as memory it has had.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

XLPERF = ("-m", "xlperf")


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of the processors, and the most memory in MB that the largest of its processes had."""

    seconds: float
    megabytes: float


def python(*arguments: object) -> Took:
    """A Python process with these arguments. What it prints is shown only if it fails; findings are no failure."""
    command = [sys.executable, __file__, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{arguments} ended with {done.returncode}:\n{done.stdout}")
    seconds, megabytes = map(float, done.stdout.splitlines()[-1].split())
    return Took(seconds, megabytes)


def xlperf(command: str, workspace: Path, *options: object) -> Took:
    """A command of xlperf in a workspace."""
    return python(*XLPERF, *command.split(), "--workspace", workspace, *options)


def least(*ways: Callable[[], Took], times: int = 3) -> list[Took]:
    """The least that each of several things takes, in turns, so that what else the machine does falls on all alike."""
    took: list[list[Took]] = [[] for _ in ways]
    for _ in range(times):
        for way, so_far in zip(ways, took, strict=True):
            so_far.append(way())
    return [min(each, key=lambda one: one.seconds) for each in took]


def main() -> None:
    """Start Python with the arguments given, and print below what it prints its seconds and megabytes."""
    process = subprocess.Popen([sys.executable, *sys.argv[1:]])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    print("\n", usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
    sys.exit(process.returncode)


if __name__ == "__main__":
    main()
