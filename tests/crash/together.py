"""Two processes at once in one workspace, let go at the same moment, round after round.

    python -m tests.crash.together PAIR --folder F [--rounds N]

PAIR is what the two do: collate-collate, generate-collate, generate-generate. Prints one JSON line, as `kills`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.conftest import BY, Q1, Q2
from tests.crash.looks import faults, inputs, look
from tests.crash.scene import LATER, Scene, scenes
from xlperf.errors import XlperfError
from xlperf.workflow.cycle.collate import Options, collate
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

Work = Callable[[Workspace], object]


def _collate(workspace: Workspace) -> None:
    collate(workspace, Run(LATER, BY), Options(Q1))


def _generate(workspace: Workspace) -> None:
    generate(workspace, Q2, Run(LATER, BY))


PAIRS: dict[str, tuple[Work, Work]] = {
    "collate-collate": (_collate, _collate),
    "generate-collate": (_generate, _collate),
    "generate-generate": (_generate, _generate),
}


def at_once(workspace: Workspace, works: tuple[Work, ...], told: Path) -> list[str]:
    """Let processes go at the same moment; returns what each ends with, "" where it went well."""
    go, let_go = os.pipe()
    children = []
    for number, work in enumerate(works):
        child = os.fork()
        if not child:
            os.close(let_go)
            said = "it was killed"
            try:
                os.read(go, 1)  # the barrier: it ends for all when the parent closes the other end
                work(workspace)
                said = ""
            except XlperfError as error:
                said = f"told: {error}"
            except BaseException as error:  # noqa: BLE001  to be reported as what it is
                said = f"{type(error).__name__}: {error}"
            finally:
                told.with_suffix(f".{number}").write_text(said, encoding="utf-8")
                os._exit(0)
        children.append(child)
    os.close(go)
    os.close(let_go)
    for child in children:
        os.waitpid(child, 0)
    return [told.with_suffix(f".{number}").read_text(encoding="utf-8") for number in range(len(works))]


def wrong_after(workspace: Workspace, scene: Scene, works: tuple[Work, ...]) -> list[str]:
    """What is not as it would be had one come after the other."""
    wrong = faults(workspace)
    wrong += [] if inputs(workspace.root) == inputs(scene.before) else ["what was received was changed"]
    wrong += [] if verify(workspace).is_clean else ["the ledger does not verify"]
    seen, expected = look(workspace), look(Workspace(scene.after))
    if _generate in works:
        state = workspace.ledger().state()
        serials = [item.serial for item in state.issued.values()]
        wrong += [] if len(serials) == len(set(serials)) else [f"serials given twice: {serials}"]
        issued = workspace.returns / Q2 / "issued"
        visible = sorted(path.name for path in issued.glob("*.xlsx"))
        latest = sorted(item.file for (_, period), item in state.latest_issue.items() if period == Q2)
        wrong += [] if visible == latest and len(latest) == 2 else [f"issued for {Q2}: {visible}, and not {latest}"]
    compared = set() if _collate not in works else {"received", "figures", "decisions", "words"}
    compared |= set() if _generate in works else {"master", "files", "issued", "editions"}
    return wrong + [f"{part} differs" for part in sorted(compared) if seen[part] != expected[part]]


def main(arguments: list[str] | None = None) -> int:
    """Run the rounds, and print what came of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.together", description=__doc__)
    parser.add_argument("pair", choices=tuple(PAIRS))
    parser.add_argument("--folder", type=Path, required=True, help="An empty folder to work in.")
    parser.add_argument("--rounds", type=int, default=50)
    asked = parser.parse_args(arguments)
    begun = time.monotonic()
    scene, works = scenes(asked.folder)["collate"], PAIRS[asked.pair]
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(asked.rounds):
        workspace = scene.copy(asked.folder / "together")
        said = at_once(workspace, works, asked.folder / "told")
        ends.update("went well" if not each else "was told" for each in said)
        wrong += [f"round {number}: {each}" for each in said if each and not each.startswith("told: ")]
        wrong += [f"round {number}: {each}" for each in wrong_after(workspace, scene, works)]
    took = round(time.monotonic() - begun, 1)
    print(json.dumps({"rounds": asked.rounds, "ends": ends, "seconds": took, "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
