"""When something is done, and by whom: what the faces hand to every use case, which has no clock of its own."""

from __future__ import annotations

import getpass
import socket
from datetime import datetime


def now() -> datetime:
    """Now, in local time."""
    return datetime.now().astimezone()


def who() -> str:
    """Who does it, for the ledger."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (OSError, KeyError, ImportError):  # on Windows, where no variable names the user
        return "unknown"
