"""What the command line and the add-in give to every use case: the time, the person, and how to report progress."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Progress = Callable[[int, int, str], None]
"""Called with how many are done, how many there are, and what the last one was."""
Tell = Callable[[str], None]
"""Called with one sentence for the person who is waiting."""

WAIT = 60.0
"""Seconds that a command waits for another to finish. A click in Excel does not wait."""


def no_progress(done: int, total: int, what: str) -> None:
    """Tell nobody."""


def say_nothing(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a use case.

    Attributes:
        now: an aware time: a use case has no clock of its own.
        by: who does it, for the ledger and for others who wait.
        tell: called with what the person who waits should know at once.
        progress: called as the work goes on.
        wait: seconds to wait for another who is at work in the workspace.
    """

    now: datetime
    by: str
    tell: Tell = say_nothing
    progress: Progress = no_progress
    wait: float = WAIT


def now() -> datetime:
    """Now, in local time."""
    return datetime.now().astimezone()


def who() -> str:
    """Who does it, for the ledger."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (OSError, KeyError, ImportError):  # on Windows, where no variable names the user
        return "unknown"
