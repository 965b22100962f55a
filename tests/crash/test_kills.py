"""Killed at any moment: the next run ends as if nothing had happened.

XLPERF_KILLS=3000 kills so often at random moments in each scene, and at every call both before and after it; see
README.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.started import BY_HAND, harm
from xlperf.documents.libreoffice import libreoffice


@pytest.mark.long
@pytest.mark.parametrize(
    ("scene", "calls", "at_random"),
    [("collate", 50, 10), ("generate", 95, 10), ("publish", 40, 10), ("pack", 40, 10), ("notices", 30, 10)],
)
def test_after_a_kill_at_any_moment_the_next_run_ends_as_if_nothing_had_happened(
    scene: str, calls: int, at_random: int, tmp_path: Path
) -> None:
    more = ["--after"] if BY_HAND else []
    said = harm("kills", scene, "--random", str(BY_HAND or at_random), *more, folder=tmp_path)
    by_chance = said["kills"].pop("random", 0)
    assert sum(said["kills"].values()) >= calls
    assert by_chance >= at_random


def test_after_a_kill_now_and_then_the_next_run_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    said = harm("kills", "collate", "--every", "15", "--random", "2", folder=tmp_path)
    assert sum(said["kills"].values()) >= 4


@pytest.mark.long
@pytest.mark.libreoffice
def test_after_a_kill_while_the_pdf_is_made_the_next_run_publishes_once(tmp_path: Path) -> None:
    if libreoffice() is None:
        pytest.skip("no LibreOffice on this machine")
    said = harm("kills", "publish-pdf", "--every", "0", "--random", "3", folder=tmp_path)
    assert said["kills"]["random"] >= 1
