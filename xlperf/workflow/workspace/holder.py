"""Who holds a workspace: what its lock file says, and whether that process is still there."""

from __future__ import annotations

import json
import os
import platform
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import psutil

_BEAT_WIDTH = 10  # of a fixed width, so that a beat is written over the last one in place
_SAME = 2.0  # seconds by which two readings of one process's birth may differ


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a workspace, on which machine, since when, and what for. `born` is when the process began, in s."""

    token: str
    by: str
    machine: str
    card: str
    pid: int
    born: float
    since: str
    doing: str

    def __str__(self) -> str:
        since = datetime.fromisoformat(self.since)
        return f"{self.by} has been {self.doing} on {self.machine} since {since:%H:%M on %d %B %Y} (process {self.pid})"

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, so that its process can be looked for."""
        return (self.machine, self.card) == (platform.node(), _network_card())

    @property
    def is_gone(self) -> bool:
        """Whether its process was on this machine and has certainly ended."""
        return self.is_here and not process_exists(self.pid)

    @property
    def is_running(self) -> bool:
        """Whether its process is on this machine and certainly still running.

        If another process has its number by now, or the clock was put forward, neither this nor `is_gone` holds.
        """
        try:
            born = psutil.Process(self.pid).create_time()
            return self.is_here and process_exists(self.pid) and abs(born - self.born) < _SAME
        except psutil.Error:
            return False


def this_process(by: str, doing: str, since: datetime) -> Holder:
    """This process as a holder."""
    here = (platform.node(), _network_card(), os.getpid(), psutil.Process().create_time())
    return Holder(secrets.token_hex(8), by, *here, since.isoformat(timespec="seconds"), doing)


def process_exists(pid: int) -> bool:
    """Whether a process is running on this machine. One that has ended and is still listed is not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:  # somebody else's, of which nothing may be known
        return True


def _network_card() -> str:
    """The hardware address of this machine, so that two machines of the same name on two networks are not confused."""
    cards = (card.address for each in psutil.net_if_addrs().values() for card in each if card.family == psutil.AF_LINK)
    return min((address.lower() for address in cards if address.strip("0:-")), default="")


def as_text(holder: Holder, beat: int) -> bytes:
    """The contents of a lock file. Its length is the same at every beat."""
    return (json.dumps({**asdict(holder), "beat": f"{beat:0{_BEAT_WIDTH}}"}, indent=1) + "\n").encode()


def from_text(data: bytes) -> Holder | None:
    """The holder that a lock file names; None where it is empty, damaged, or something else."""
    try:
        values = json.loads(data)
        datetime.fromisoformat(values["since"])
        kept = {name: kind(values[name]) for name, kind in _KINDS.items()}
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    return Holder(**kept) if kept["pid"] >= 0 else None


_KINDS: Mapping[str, type] = {name: {"pid": int, "born": float}.get(name, str) for name in Holder.__slots__}
