"""What the ladder proposes. Its stages here: Enhanced Support at 2 Reds running, Targeted Support at 4; out after 2."""

from __future__ import annotations

from datetime import date

import pytest

from xlperf.catalogue import Escalation
from xlperf.rules.escalation import NO_STAGE, Proposal, Rated, propose

LADDER = Escalation.model_validate(
    {
        "decided_by": "Chief Executive",
        "stages": [
            {
                "id": "e",
                "name": "Enhanced Support",
                "enter": {"consecutive_red": 2},
                "leave": {"consecutive_not_red": 2},
            },
            {
                "id": "t",
                "name": "Targeted Support",
                "enter": {"consecutive_red": 4},
                "leave": {"consecutive_not_red": 2},
            },
        ],
    }
)


def proposal(history: str, decided: str = NO_STAGE) -> Proposal:
    words = {"R": "Red", "A": "Amber", "G": "Green", "B": "Blue", "-": "Not returned", "n": "Not applicable"}
    rated = [Rated(f"Q{number}", words[letter], f"{90 + number}.0") for number, letter in enumerate(history, start=1)]
    return propose(LADDER, rated, decided)


@pytest.mark.parametrize(
    ("history", "decided", "expected"),
    [
        ("R", NO_STAGE, NO_STAGE),
        ("GRR", NO_STAGE, "Enhanced Support"),
        ("RRG", NO_STAGE, NO_STAGE),
        ("RGR", NO_STAGE, NO_STAGE),
        ("RRRR", NO_STAGE, "Targeted Support"),
        ("RRRR", "Enhanced Support", "Targeted Support"),
        ("RRR", "Enhanced Support", "Enhanced Support"),
        ("RRA", "Enhanced Support", "Enhanced Support"),
        ("RRAG", "Enhanced Support", NO_STAGE),
        ("RRRRAG", "Targeted Support", "Enhanced Support"),
        ("", "Enhanced Support", "Enhanced Support"),
        ("RR", "Targeted Support", "Targeted Support"),
        ("GG", "a stage of last year's ladder", NO_STAGE),
        ("GG", "enhanced support", NO_STAGE),
    ],
)
def test_the_stage_follows_from_the_run_and_the_decision(history: str, decided: str, expected: str) -> None:
    assert proposal(history, decided).stage == expected


def test_nobody_leaves_a_run_of_reds_by_not_returning() -> None:
    assert proposal("R-R").stage == "Enhanced Support"
    assert proposal("RRRnR").stage == "Targeted Support"


def test_the_reason_names_the_periods_and_figures() -> None:
    assert proposal("GRR").reason == "Red in Q2 (92.0) and Q3 (93.0); 2 running lead here."
    assert proposal("GRR").way_out == "Green or Amber in 2 periods running"


def test_a_long_run_is_told_in_short() -> None:
    assert proposal("RRRRRR").reason.startswith("Red in 2 earlier and Q3 (93.0), Q4 (94.0), Q5 (95.0) and Q6 (96.0)")


def test_leaving_gives_its_reason_too() -> None:
    assert proposal("RRAG", "Enhanced Support").reason == "Not Red in Q3 (93.0) and Q4 (94.0); 2 running lead out."


def test_the_figures_that_led_to_one_decision_do_not_at_once_propose_the_next() -> None:
    quarters = [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)]
    rated = [Rated(f"Q{n}", rag, "90.0", day) for n, (rag, day) in enumerate(zip(GREENS, quarters, strict=True), 1)]
    assert propose(LADDER, rated[:2], "Enhanced Support", date(2026, 7, 20)).stage == "Enhanced Support"
    assert propose(LADDER, rated[:3], "Enhanced Support", date(2026, 7, 20)).stage == "Enhanced Support"
    assert propose(LADDER, rated, "Enhanced Support", date(2026, 7, 20)).stage == NO_STAGE


GREENS = ("Green", "Green", "Green", "Green")
