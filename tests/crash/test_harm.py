"""Kills, faults and two at once: whatever happens in the midst of a run, the next ends as if it had not.

The programs beside this file do the harm and can be run by hand for longer; XLPERF_KILLS=3000 kills so often at random
moments in each scene, and at every call both before and after it. See README.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from xlperf.workbook.pdf import libreoffice

ROOT = Path(__file__).parents[2]
BY_HAND = int(os.environ.get("XLPERF_KILLS", "0"))
_HANGS = 900 + 5 * BY_HAND  # seconds: a limit that turns a hang into a failure, nothing more


def run(program: str, *arguments: str, folder: Path) -> dict[str, Any]:
    """What a program beside this file says; its faults are the test's."""
    command = [sys.executable, "-W", "error", "-m", f"tests.crash.{program}", *arguments, "--folder", str(folder)]
    # One thread, as it forks: numpy would make some of its own.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=_HANGS, check=False
    )
    assert done.stdout, done.stderr[-3000:]
    said: dict[str, Any] = json.loads(done.stdout)
    print(said)
    assert said["wrong"] == []
    assert done.returncode == 0
    return said


@pytest.mark.parametrize(
    ("scene", "calls", "at_random"), [("collate", 50, 26), ("generate", 95, 26), ("publish", 40, 26)]
)
def test_after_a_kill_at_any_moment_the_next_run_ends_as_if_nothing_had_happened(
    scene: str, calls: int, at_random: int, tmp_path: Path
) -> None:
    more = ["--after"] if BY_HAND else []
    said = run("kills", scene, "--random", str(BY_HAND or at_random), *more, folder=tmp_path)
    by_chance = said["kills"].pop("random", 0)
    assert sum(said["kills"].values()) >= calls
    assert by_chance >= at_random


@pytest.mark.libreoffice
def test_after_a_kill_while_the_pdf_is_made_the_next_run_publishes_once(tmp_path: Path) -> None:
    if libreoffice() is None:
        pytest.skip("no LibreOffice on this machine")
    said = run("kills", "publish-pdf", "--every", "0", "--random", "3", folder=tmp_path)
    assert said["kills"]["random"] >= 1


@pytest.mark.parametrize(("scene", "calls"), [("collate", 90), ("generate", 100), ("publish", 80)])
def test_whatever_call_fails_one_message_is_said_and_the_next_run_heals(scene: str, calls: int, tmp_path: Path) -> None:
    said = run("faults", scene, "--rounds", "3" if BY_HAND else "1", folder=tmp_path)
    assert sum(said["faults"].values()) >= calls
    assert {"open", "read", "create", "write", "close", "fsync", "link", "mkdir", "scandir"} <= set(said["faults"])
    assert said["said"]["WorkspaceError"] > 0


@pytest.mark.parametrize("scene", ["collate", "generate", "publish"])
def test_on_a_full_disk_one_message_is_said_and_the_next_run_heals(scene: str, tmp_path: Path) -> None:
    said = run("faults", scene, "--disk", folder=tmp_path)
    assert sum(number for kind, number in said["said"].items() if kind != "went well") >= 5


@pytest.mark.parametrize(
    ("pair", "rounds"), [("collate-collate", 50), ("generate-collate", 4), ("generate-generate", 4)]
)
def test_of_two_at_once_both_end_well_and_it_is_as_if_one_had_come_after_the_other(
    pair: str, rounds: int, tmp_path: Path
) -> None:
    said = run("together", pair, "--rounds", str(rounds), folder=tmp_path)
    assert said["ends"] == {"went well": 2 * rounds}
