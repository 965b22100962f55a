"""What the ladder proposes for a section: watched at 3 Reds or half of it Red, supported at 2 KPIs at a grave stage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from tests.rules.test_escalation import ENHANCED, TARGETED, decided, ladder
from xlperf.rules.escalation import Proposal, SectionCase, SectionState, propose_section

LADDER = ladder(
    told=["Board"],
    review_months=3,
    section_stages=[
        {"id": "w", "name": "Watched", "enter": {"red_kpis": 3, "red_percent": 50}, "leave": {"periods_without": 2}},
        {
            "id": "s",
            "name": "Supported",
            "enter": {"escalated_kpis": 2, "at_stage": "targeted"},
            "leave": {"periods_without": 1},
            "support": ["A team"],
            "told": ["Regulator"],
        },
    ],
)
ENDS = [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)]
AS_OF = date(2027, 1, 15)


def state(red: int, rated: int = 8, escalated: Mapping[str, str] | None = None, number: int = 0) -> SectionState:
    return SectionState(
        f"Q{number + 1}", ENDS[number], tuple(f"K{n}" for n in range(1, red + 1)), rated, escalated or {}
    )


def after(*reds: int, in_force: str = "", on: date | None = None, rated: int = 8) -> Proposal:
    """The proposal after quarters, of each how many KPIs were Red."""
    states = [state(red, rated, number=number) for number, red in enumerate(reds)]
    return propose_section(LADDER, SectionCase(states, decided(in_force, on=on) if in_force else ()), AS_OF)


@pytest.mark.parametrize(
    ("red", "rated", "expected"),
    [(2, 8, "None"), (3, 8, "Watched"), (1, 2, "Watched"), (1, 3, "None"), (0, 0, "None"), (0, 3, "None")],
)
def test_enough_of_its_kpis_red(red: int, rated: int, expected: str) -> None:
    assert after(red, rated=rated).stage == expected


def test_the_reason_names_the_period_the_figures_and_the_kpis() -> None:
    assert after(0, 4).reason == (
        "4 of 8 rated KPIs Red in Q2 (K1, K2, K3 and K4); 3 lead to this stage. "
        "50 % of 8 rated KPIs Red in Q2 (K1, K2, K3 and K4); 50 % lead to this stage."
    )
    assert "(K1, K2, K3, K4, K5, K6 and 3 more)" in after(9, rated=40).reason
    assert after(3).way_out == "2 reporting periods running without 3 KPIs Red or 50 % of the rated KPIs Red"


@pytest.mark.parametrize(
    ("escalated", "expected"),
    [
        ({"K1": TARGETED, "K2": TARGETED}, "Supported"),
        ({"K1": TARGETED, "K2": ENHANCED}, "None"),
        ({"K1": TARGETED}, "None"),
        ({"K1": "targeted support ", "K2": TARGETED}, "Supported"),
        ({"K1": TARGETED, "K2": "Gold"}, "None"),
    ],
)
def test_enough_of_its_kpis_at_a_stage(escalated: dict[str, str], expected: str) -> None:
    case = SectionCase([state(0, escalated=escalated)])
    assert propose_section(LADDER, case, AS_OF).stage == expected


def test_the_kpis_in_escalation_are_named_with_their_stages() -> None:
    said = propose_section(LADDER, SectionCase([state(0, escalated={"K1": TARGETED, "K7": TARGETED})]), AS_OF)
    named = "K1 at Targeted Support and K7 at Targeted Support"
    assert said.reason == f"2 KPIs in escalation in Q1 ({named}); 2 lead to this stage."
    assert said.way_out == "1 reporting period running without 2 KPIs in escalation at Targeted Support or graver"
    assert (said.tell, said.support) == (("Regulator",), ("A team",))


def test_it_leaves_after_enough_periods_in_which_nothing_led_in() -> None:
    assert after(3, 0, in_force="Watched").stage == "Watched"
    assert after(3, 0, in_force="Watched").reason == "Stays: nothing that leads into it in Q2, not yet long enough."
    out = after(3, 0, 2, in_force="Watched")
    assert (out.stage, out.reason) == ("None", "Nothing that leads into it in Q2 and Q3; 2 running lead out of it.")
    assert after(0, 3, 0, in_force="Watched").stage == "Watched"
    assert after(0, 0, 3, in_force="Watched").reason.startswith("Stays: 3 of 8 rated KPIs Red in Q3")


def test_a_section_leaves_one_step_at_a_time() -> None:
    assert after(0, 0, in_force="Supported").stage == "Watched"


def test_only_periods_that_ended_after_the_decision_count_towards_leaving() -> None:
    assert after(0, 0, in_force="Watched", on=date(2026, 7, 1)).reason == (
        "Stays: no period has ended since the decision."
    )
    assert after(0, 0, 0, in_force="Watched", on=date(2026, 7, 1)).stage == "Watched"
    assert after(0, 0, 0, 0, in_force="Watched", on=date(2026, 7, 1)).stage == "None"


def test_a_period_without_figures_neither_lengthens_nor_breaks_the_way_out() -> None:
    states = [state(0, number=0), state(0, rated=0, number=1)]
    assert propose_section(LADDER, SectionCase(states, decided("Watched")), AS_OF).stage == "Watched"
    states.append(state(0, number=2))
    assert propose_section(LADDER, SectionCase(states, decided("Watched")), AS_OF).stage == "None"


def test_a_section_has_a_standing_and_a_review_like_a_kpi() -> None:
    now = after(3, 3, 3, in_force="Watched", on=date(2026, 5, 20))
    assert (now.in_force, now.since, now.periods_at_stage) == ("Watched", date(2026, 5, 20), 2)
    assert (now.next_review, now.review_overdue) == (date(2026, 8, 20), True)
    assert (now.decided_by, now.tell) == ("Chief Executive", ("Board",))


def test_a_milder_decision_on_the_same_figures_is_told_as_decided_otherwise() -> None:
    assert after(3, in_force="None", on=date(2026, 4, 20)).reason.endswith("Decided otherwise on 20 April 2026: None.")
    assert "otherwise" not in after(0, 3, in_force="None", on=date(2026, 4, 20)).reason
