"""Any call of the disk fails: one message is said, and the next run heals. See README.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.started import BY_HAND, harm


@pytest.mark.long
@pytest.mark.parametrize(("scene", "calls"), [("collate", 90), ("generate", 100), ("publish", 80)])
def test_whatever_call_fails_one_message_is_said_and_the_next_run_heals(scene: str, calls: int, tmp_path: Path) -> None:
    said = harm("faults", scene, "--rounds", "3" if BY_HAND else "1", folder=tmp_path)
    assert sum(said["faults"].values()) >= calls
    assert {"open", "read", "create", "write", "close", "fsync", "link", "mkdir", "scandir"} <= set(said["faults"])
    assert said["said"]["WorkspaceError"] > 0


def test_where_now_and_then_a_call_fails_one_message_is_said_and_the_next_run_heals(tmp_path: Path) -> None:
    said = harm("faults", "collate", "--every", "7", folder=tmp_path)
    assert sum(said["faults"].values()) >= 3
    assert sum(number for kind, number in said["said"].items() if kind != "went well") >= 2


@pytest.mark.parametrize(
    "scene",
    ["collate", pytest.param("generate", marks=pytest.mark.long), pytest.param("publish", marks=pytest.mark.long)],
)
def test_on_a_full_disk_one_message_is_said_and_the_next_run_heals(scene: str, tmp_path: Path) -> None:
    said = harm("faults", scene, "--disk", folder=tmp_path)
    assert sum(number for kind, number in said["said"].items() if kind != "went well") >= 5
