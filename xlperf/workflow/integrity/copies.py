"""Where there is a good copy of what is damaged or gone in a ledger."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from xlperf.errors import LedgerError, XlperfError
from xlperf.ledger import Ledger, open_ledger
from xlperf.ledger.runfile import read_run
from xlperf.workflow.incoming.received import is_in_cloud
from xlperf.workflow.workspace import CATALOGUE, LEDGER, Workspace


class Copies:
    """The places that may have a copy: another ledger, the received folders, the present catalogue."""

    def __init__(self, workspace: Workspace, ledger: Ledger, other: Ledger | None) -> None:
        self._workspace = workspace
        own = open_ledger(LEDGER, workspace.root)
        self._others = [each for each in (other, own) if each is not None and each.place != ledger.place]
        self._received: dict[str, Path] | None = None

    def of_run(self, name: str) -> str:
        """What to do if another ledger has that run undamaged; else "" for the usual remedy."""
        for other in self._others:
            try:
                if read_run(other.run_bytes(name)).name == name:
                    return f"A good copy of it is in {other.place}."
            except LedgerError:
                continue
        return ""

    def of_original(self, sha256: str) -> str:
        """What to do if those bytes are found somewhere; else "" for the usual remedy."""
        if path := self._in_received().get(sha256):
            return f"A good copy of it is {path}."
        try:
            if self._workspace.catalogue().sha256 == sha256:
                return f"The present {CATALOGUE} is the same; the next return that is judged puts it back."
        except XlperfError:
            pass  # which is not what is being looked for
        for other in self._others:
            try:
                other.original(sha256)
                return f"A good copy of it is in {other.place}."
            except LedgerError:
                continue
        return ""

    def _in_received(self) -> dict[str, Path]:
        """The files in the received folders, by sha256."""
        if self._received is None:
            self._received = {}
            for path in sorted(self._workspace.returns.glob("*/received/*")):
                try:
                    status = path.lstat()
                    if stat.S_ISREG(status.st_mode) and not is_in_cloud(status):
                        with path.open("rb") as file:
                            self._received[hashlib.file_digest(file, "sha256").hexdigest()] = path
                except OSError:
                    continue
        return self._received
