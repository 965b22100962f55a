"""Kills collate, generate, publish or pack at every moment of one run, and looks at what the next run makes of that.

    python -m tests.crash.kills SCENE --folder F [--random N] [--every N] [--after] [--seed S]

Prints one JSON line: how often it killed, at how many kinds of moment, and what was wrong. A program of its own,
because it forks: with everything imported and no thread, a child costs nothing to start.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from tests.crash.harm import CHANGING_NAMES, HARMLESS, Kill
from tests.crash.scene import Scene, scenes
from tests.crash.trial import Trial, in_child
from xlperf.workflow.workspace import Workspace


class Killing(Trial):
    """Kills."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        super().__init__(scene, folder)
        self.kills: Counter[str] = Counter()

    def at_call(self, n: int, when: str, call: str) -> None:
        """Kill at one call."""
        workspace = self.scene.copy(self.place)
        harm = Kill(self.place, n, when)

        def work() -> None:
            harm.arm()
            self.scene.run(workspace)

        self._ended(in_child(work), workspace, f"{when} {n} {call}", call)

    def at_random(self, seconds: float) -> None:
        """Kill so long after the beginning."""
        workspace = self.scene.copy(self.place)

        def kill(child: int) -> None:
            time.sleep(seconds)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

        self._ended(in_child(lambda: self.scene.run(workspace), kill), workspace, f"after {seconds:.4f} s", "random")

    def _ended(self, status: int, workspace: Workspace, moment: str, kind: str) -> None:
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            self.kills[kind] += 1
            self.wrong += [f"{self.scene.name}, killed {moment}: {each}" for each in self.looked_at(workspace)]
        elif kind != "random" or status:  # a random moment may be too late
            self.wrong.append(f"{self.scene.name}, {moment}: was not killed, but ended with {status}")


def main(arguments: list[str] | None = None) -> int:
    """Kill as often as asked, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.kills", description=__doc__)
    parser.add_argument("scene", choices=("collate", "generate", "publish", "publish-pdf", "pack", "notices"))
    parser.add_argument("--folder", type=Path, required=True, help="An empty folder to work in.")
    parser.add_argument("--random", type=int, default=0, help="How many kills at random moments.")
    parser.add_argument("--every", type=int, default=1, help="At every so many-th call only; 0: at none.")
    parser.add_argument(
        "--after", action="store_true", help="After each call too, not only after those that change names."
    )
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args(arguments)
    begun = time.monotonic()
    killing = Killing(scenes(asked.folder)[asked.scene], asked.folder)
    calls, seconds = killing.calls()
    for n, call in enumerate(calls, start=1):
        if asked.every and n % asked.every == 0 and call not in HARMLESS:
            killing.at_call(n, "before", call)
            if call == "write":
                killing.at_call(n, "within", call)
            if asked.after or call in CHANGING_NAMES:
                killing.at_call(n, "after", call)
    chance = random.Random(asked.seed)  # noqa: S311
    for _ in range(4 * asked.random):  # some come when the run is over
        if killing.kills["random"] < asked.random:
            killing.at_random(chance.uniform(0, seconds))
    took = round(time.monotonic() - begun, 1)
    told = {"kills": killing.kills, "calls": Counter(calls), "looked": len(killing.looked), "seconds": took}
    print(json.dumps({**told, "wrong": killing.wrong}))
    return 1 if killing.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
