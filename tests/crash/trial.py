"""A run that is harmed, and what the next makes of it: everything that counts must be as if nothing had happened."""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.conftest import BY
from tests.crash.harm import Harm
from tests.crash.looks import faults, inputs, left_behind, look, unknown
from tests.crash.scene import LATER, Scene
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run
from xlperf.workflow.workspace.unfinished import finish


def in_child(work: Callable[[], None], wait: Callable[[int], None] = lambda pid: None) -> int:
    """Do something in a forked child with a process group of its own; returns how it ended, as `waitpid` says."""
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        setattr(random, "_urandom", random.Random(2026).randbytes)  # noqa: B010, S311  every child draws the same names
        code = 1
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001  nothing may get out of here into what the parent does
            traceback.print_exc()
        finally:
            os._exit(code)
    wait(child)
    _, status = os.waitpid(child, 0)
    with suppress(ProcessLookupError):  # what it had started, such as LibreOffice
        os.killpg(child, signal.SIGKILL)
    return status


class Trial:
    """A scene that is harmed again and again, and what was wrong afterwards."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene = scene
        self.place = folder / "harmed"
        self.expected = look(Workspace(scene.after)) if scene.after.exists() else {}
        self.inputs = inputs(scene.before)
        self.issued = len(Workspace(scene.before).ledger().state().issued)
        self.wrong: list[str] = []
        self.looked: set[str] = set()
        """What was left behind by those trials after which another run was made."""
        gc.collect()
        gc.freeze()  # a child that is forked then shares the memory of its parent, and costs less

    def calls(self) -> tuple[list[str], float]:
        """Everything that one undisturbed run does to the disk, in order, and how many seconds it takes."""
        workspace, told = self.scene.copy(self.place), self.place.with_name("calls.json")
        harm = Harm(self.place)

        def work() -> None:
            begun = time.monotonic()
            harm.arm()
            self.scene.run(workspace)
            done = list(harm.done), time.monotonic() - begun
            told.write_text(json.dumps(done), encoding="utf-8")

        if in_child(work):
            raise RuntimeError("the undisturbed run failed")
        done, seconds = json.loads(told.read_text(encoding="utf-8"))
        return done, seconds

    is_verified = True
    """Whether the ledger is verified after each trial, which costs as much as all else."""

    def looked_at(self, workspace: Workspace) -> Iterator[str]:
        """What is wrong after the next run. One is needed unless everything had reached its place.

        The next run knows of the harmed one only by what that has left on the disk. Where another trial left the very
        same, as one that was killed a call earlier, it has been tried already.
        """
        left = left_behind(workspace.root)
        if left in self.looked:
            return
        self.looked.add(left)
        try:
            yield from unknown(workspace)
            if not self.is_in_place(workspace):
                self.scene.run(workspace)
            else:  # whoever comes next puts away what the killed run could not
                _next_run(workspace)
            if self.is_verified and not verify(workspace).is_clean:
                yield f"the ledger does not verify: {verify(workspace).findings}"
            seen = look(workspace)
            if self.scene.name == "publish-pdf":
                pdfs = [name for name in seen["files"] if name.endswith(".pdf")]
                yield from [] if len(pdfs) == len(seen["editions"]) == 1 else [f"editions: {seen['files']}"]
            else:
                yield from _differences(seen, self.expected)
            yield from faults(workspace)
            if inputs(workspace.root) != self.inputs:
                yield "what was received was changed"
        except Exception as error:  # noqa: BLE001  whatever comes out is what the test is about
            yield f"{type(error).__name__}: {error}"

    def is_in_place(self, workspace: Workspace) -> bool:
        """Whether a person who looks sees the killed run's work complete: then they would not run it again."""
        state = workspace.ledger().state()
        if self.scene.name == "collate":
            return False
        if self.scene.name == "generate":
            files = [workspace.returns / item.period / "issued" / item.file for item in state.latest_issue.values()]
            return len(state.issued) > self.issued and all(
                path.exists() and path.with_suffix(".eml").exists() for path in files
            )
        if self.scene.name == "pack":
            packs = [workspace.root / "packs" / pack.meeting / pack.period / name
                     for _, pack in state.packs for name in pack.files]  # fmt: skip
            return bool(packs) and all(path.exists() for path in packs)
        if self.scene.name == "notices":
            return bool(state.drafted) and all((workspace.root / each.file).exists() for each in state.drafted)
        return bool(state.editions) and all(
            (workspace.root / "editions" / edition.period / name).exists()
            for edition in state.editions
            for name in edition.files
        )


def _next_run(workspace: Workspace) -> None:
    """What every run does first."""
    with locked(workspace, "looking", Run(LATER, BY)):
        finish(workspace, workspace.ledger().state())


def _differences(seen: dict[str, Any], expected: dict[str, Any]) -> Iterator[str]:
    for part, value in seen.items():
        if value != expected[part]:
            yield f"{part} differs: {str(value)[:300]} and not {str(expected[part])[:300]}"
