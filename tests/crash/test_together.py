"""Two at once: both end well, and it is as if one had come after the other. See README.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.started import harm


@pytest.mark.parametrize(
    ("pair", "rounds"),
    [
        ("collate-collate", 3),
        pytest.param("collate-collate", 50, marks=pytest.mark.long),
        pytest.param("generate-collate", 4, marks=pytest.mark.long),
        pytest.param("generate-generate", 4, marks=pytest.mark.long),
    ],
)
def test_of_two_at_once_both_end_well_and_it_is_as_if_one_had_come_after_the_other(
    pair: str, rounds: int, tmp_path: Path
) -> None:
    said = harm("together", pair, "--rounds", str(rounds), folder=tmp_path)
    assert said["ends"] == {"went well": 2 * rounds}
