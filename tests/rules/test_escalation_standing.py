"""Where a KPI stands by decision, since when, when that is reviewed, and who decides and is told."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rules.test_escalation import AS_OF, ENHANCED, TARGETED, ladder, months, stage
from xlperf.catalogue import Escalation
from xlperf.rules.escalation import Case, Decided, Proposal, propose


def at(
    *decisions: tuple[str, str | None], history: str = "RRR", of: Escalation | None = None, as_of: date = AS_OF
) -> Proposal:
    """The proposal after decisions, each a stage and the day it was decided."""
    made = tuple(Decided(name, "CE", date.fromisoformat(on) if on else None) for name, on in decisions)
    return propose(of or ladder(), Case(months(history), made), as_of)


def test_no_decision_yet_is_told_apart_from_a_decision_for_no_stage() -> None:
    assert (at().in_force, at().since) == ("", None)
    assert (at((" none", "2026-03-05")).in_force, at(("None", "2026-03-05")).since) == ("None", date(2026, 3, 5))
    assert at((ENHANCED, "2026-03-05"), ("", None)).in_force == ""


def test_a_decision_is_honoured_whatever_the_figures_do() -> None:
    for history in ("RRRRRR", "GGGGGG", "", "------"):
        assert at((TARGETED, "2026-03-05"), history=history).in_force == TARGETED


def test_since_is_the_first_decision_of_the_unbroken_run_and_periods_are_counted_from_there() -> None:
    decisions = (
        (ENHANCED, "2025-06-01"),
        ("None", "2025-12-01"),
        (ENHANCED, "2026-01-31"),
        ("enhanced support", "2026-03-05"),
    )
    now = at(*decisions, history="RRR-R")
    assert (now.in_force, now.since, now.periods_at_stage) == (ENHANCED, date(2026, 1, 31), 3)


def test_a_decision_without_a_day_holds_and_a_day_added_later_counts() -> None:
    undated = at((ENHANCED, None))
    assert (undated.in_force, undated.since, undated.periods_at_stage) == (ENHANCED, None, 0)
    assert at((ENHANCED, None), (ENHANCED, "2026-02-01")).since == date(2026, 2, 1)
    assert at((ENHANCED, "2026-02-01"), (ENHANCED, None)).since == date(2026, 2, 1)


def test_a_stage_of_another_ladder_counts_as_none_but_is_not_lost() -> None:
    gold = at(("Gold", "2026-02-01"), history="GG")
    assert (gold.stage, gold.in_force, gold.next_review) == ("None", "Gold", None)
    assert gold.reason == "'Gold' is no stage here and counts as None."


# ---- review --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided", "months_", "expected"),
    [
        ("2026-01-15", 3, date(2026, 4, 15)),
        ("2026-01-31", 1, date(2026, 2, 28)),
        ("2028-01-31", 1, date(2028, 2, 29)),
        ("2026-11-30", 3, date(2027, 2, 28)),
        ("2026-12-31", 12, date(2027, 12, 31)),
        ("9999-12-31", 1, None),
    ],
)
def test_the_next_review_is_so_many_calendar_months_after_the_last_decision(
    decided: str, months_: int, expected: date | None
) -> None:
    now = at((ENHANCED, "2025-01-01"), (ENHANCED, decided), of=ladder(review_months=months_))
    assert now.next_review == expected


def test_a_review_is_overdue_once_its_day_has_passed() -> None:
    of = ladder(review_months=1)
    assert not at((ENHANCED, "2026-03-05"), of=of, as_of=date(2026, 4, 5)).review_overdue
    assert at((ENHANCED, "2026-03-05"), of=of, as_of=date(2026, 4, 6)).review_overdue


def test_only_a_stage_is_reviewed() -> None:
    of = ladder(review_months=1)
    assert at(("None", "2026-03-05"), of=of).next_review is None
    assert at((ENHANCED, None), of=of).next_review is None
    assert at(of=of).next_review is None


# ---- who decides, who is told, what is offered ---------------------------------------------------------------------

WHO = Escalation.model_validate(
    {
        "decided_by": "Executive Team",
        "told": ["Committee"],
        "review_months": 3,
        "stages": [
            stage(ENHANCED, {"consecutive_red": 2}, {"consecutive_not_red": 2}, support=["A plan"]),
            stage(
                TARGETED,
                {"consecutive_red": 4},
                {"consecutive_not_red": 2},
                decided_by="Board",
                told=["Governors", "Regulator"],
                support=["People", "Money"],
                review_months=1,
            ),
        ],
    }
)


@pytest.mark.parametrize(
    ("history", "in_force", "proposed", "decided_by", "tell", "support"),
    [
        ("RR", "None", ENHANCED, "Executive Team", ("Committee",), ("A plan",)),
        ("RRRR", ENHANCED, TARGETED, "Board", ("Governors", "Regulator"), ("People", "Money")),
        ("RRR", TARGETED, TARGETED, "Board", ("Governors", "Regulator"), ("People", "Money")),
        # A stage is left by decision of those who decide on it, and those told of it are told that it is left.
        ("GG", TARGETED, ENHANCED, "Board", ("Governors", "Regulator"), ("A plan",)),
        ("GG", ENHANCED, "None", "Executive Team", ("Committee",), ()),
        ("GG", "None", "None", "", (), ()),
    ],
)
def test_who_decides_who_is_told_and_what_is_offered(
    history: str, in_force: str, proposed: str, decided_by: str, tell: tuple[str, ...], support: tuple[str, ...]
) -> None:
    now = at((in_force, "2025-12-01"), history=history, of=WHO)
    assert (now.stage, now.decided_by, now.tell, now.support) == (proposed, decided_by, tell, support)


def test_the_review_is_of_the_stage_in_force_not_of_the_one_proposed() -> None:
    assert at((ENHANCED, "2025-12-01"), history="RRRR", of=WHO).next_review == date(2026, 3, 1)
    assert at((TARGETED, "2025-12-01"), history="RRRR", of=WHO).next_review == date(2026, 1, 1)
