"""Lets each thing that collate, generate or publish does to the disk fail, and looks at what is said and left.

    python -m tests.crash.faults SCENE --folder F [--errors EIO,ENOSPC,EACCES] [--disk]

Every call fails once, with the errors named in turn; with several rounds (`--rounds 3`) each call with each of them.
`--disk` is another harm: no file may grow beyond a size, as on a full disk. Prints one JSON line, as `kills`.
"""

from __future__ import annotations

import argparse
import errno
import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from tests.crash.harm import Fault
from tests.crash.looks import inputs
from tests.crash.scene import Scene, scenes
from tests.crash.trial import Trial, in_child
from xlperf.errors import XlperfError
from xlperf.workbook.package import Package
from xlperf.workflow.workspace import Workspace

_LONGEST = 700  # characters of a message that a person still reads


class Failing(Trial):
    """Faults."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        super().__init__(scene, folder)
        self.is_verified = False
        self.faults: Counter[str] = Counter()
        self.said: Counter[str] = Counter()
        self._told = folder / "said.json"

    def at_call(self, n: int, error: int, call: str) -> None:
        """Let one call fail."""
        workspace = self.scene.copy(self.place)
        harm = Fault(self.place, n, error)

        def work() -> None:
            harm.arm()
            self._tell(self._try(workspace))

        in_child(work)
        self.faults[call] += 1
        self._ended(workspace, f"{errno.errorcode[error]} at {n} {call}")

    def on_full_disk(self, size: int) -> None:
        """Let no file become larger than so many bytes."""
        workspace = self.scene.copy(self.place)

        def work() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            said = self._try(workspace)
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            self._tell(said)

        in_child(work)
        self.faults["size"] += 1
        self._ended(workspace, f"no file over {size} bytes")

    def _try(self, workspace: Workspace) -> list[str | int]:
        """Run; returns what came of it: the kind of error, its message and its exit code."""
        try:
            self.scene.run(workspace)
        except XlperfError as error:
            return [type(error).__name__, str(error), error.exit_code]
        except BaseException as error:  # noqa: BLE001  to be reported as what it is
            return [f"not for a person: {type(error).__name__}", str(error), -1]
        return ["", "", 0]

    def _tell(self, said: list[str | int]) -> None:
        """Tell the parent, in a file outside of the workspace."""
        self._told.write_text(json.dumps(said), encoding="utf-8")

    def _ended(self, workspace: Workspace, what: str) -> None:
        kind, message, code = json.loads(self._told.read_text(encoding="utf-8"))
        self._told.unlink()
        self.said[kind or "went well"] += 1
        wrong = []
        if kind and (code != 3 or not message or "\n" in message or len(message) > _LONGEST):
            wrong.append(f"it said {kind} ({code}): {message}")
        wrong += [f"at once: {each}" for each in self._half_done(workspace)]
        if not kind and self.scene.name != "collate" and not self.is_in_place(workspace):
            wrong.append("it said that it went well, and is not complete")
        wrong += [f"after the next run: {each}" for each in self.looked_at(workspace)]
        self.wrong += [f"{self.scene.name}, {what}: {each} [{kind}: {message}]" for each in wrong]

    def _half_done(self, workspace: Workspace) -> list[str]:
        """What can be seen at once and is neither as before nor complete; hidden leftovers are for the next run."""
        wrong = [] if inputs(workspace.root) == self.inputs else ["what was received was changed"]
        for path in workspace.root.rglob("*.xlsx"):
            if path.parent.name in ("received", "originals") or ".making" in path.parent.name:
                continue
            try:
                Package.open(path)
            except XlperfError as error:
                wrong.append(f"{path.name} is half-written: {error}")
        return wrong


def main(arguments: list[str] | None = None) -> int:
    """Let everything fail once, or in several rounds, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.faults", description=__doc__)
    parser.add_argument("scene", choices=("collate", "generate", "publish"))
    parser.add_argument("--folder", type=Path, required=True, help="An empty folder to work in.")
    parser.add_argument("--errors", default="EIO,ENOSPC,EACCES", help="The errors, which take turns.")
    parser.add_argument("--rounds", type=int, default=1, help="As many as there are errors: each call with each.")
    parser.add_argument("--every", type=int, default=1, help="Every so many-th call only.")
    parser.add_argument("--disk", action="store_true", help="A full disk instead.")
    asked = parser.parse_args(arguments)
    begun = time.monotonic()
    failing = Failing(scenes(asked.folder)[asked.scene], asked.folder)
    errors = [getattr(errno, name) for name in asked.errors.split(",")]
    if asked.disk:
        for size in (0, *(2**power for power in range(6, 18))):
            failing.on_full_disk(size)
    else:
        calls, _ = failing.calls()
        for turn in range(asked.rounds):
            for n, call in list(enumerate(calls, start=1))[:: asked.every]:
                failing.at_call(n, errors[(n + turn) % len(errors)], call)
    took = round(time.monotonic() - begun, 1)
    told = {"faults": failing.faults, "said": failing.said, "looked": len(failing.looked), "seconds": took}
    print(json.dumps({**told, "wrong": failing.wrong}))
    return 1 if failing.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
