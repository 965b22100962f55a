"""What the ladder proposes for one KPI. Its stages here: Enhanced Support at 2 Reds running, Targeted Support at 4."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from xlperf.catalogue import Escalation
from xlperf.rules.escalation import NO_STAGE, Case, Decided, Proposal, Rated, propose

ENHANCED, TARGETED = "Enhanced Support", "Targeted Support"
CONCERN, FAILING = "special_cause_concern", "consistent_fail"
WORDS = {"R": "Red", "A": "Amber", "G": "Green", "B": "Blue", "-": "Not returned", "n": "Not applicable"}
AS_OF = date(2030, 1, 1)


def stage(name: str, enter: dict[str, Any], leave: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": name.split()[0].lower(), "name": name, "enter": enter, "leave": leave} | more


def ladder(
    enhanced: dict[str, Any] | None = None,
    targeted: dict[str, Any] | None = None,
    leave: dict[str, Any] | None = None,
    **more: Any,
) -> Escalation:
    out = leave or {"consecutive_not_red": 2}
    stages = [
        stage(ENHANCED, enhanced or {"consecutive_red": 2}, out),
        stage(TARGETED, targeted or {"consecutive_red": 4}, out),
    ]
    return Escalation.model_validate({"decided_by": "Chief Executive", "stages": stages} | more)


def months(history: str, worse: str = "") -> list[Rated]:
    """A figure a month from January 2026, a letter each; `worse` has a w under each worse than the one before."""
    ends = [date(2026 + n // 12, n % 12 + 1, 28) for n in range(len(history))]
    movements = ["worse" if letter == "w" else "better" for letter in worse.ljust(len(history))]
    figures = enumerate(zip(history, ends, movements, strict=True), start=1)
    return [Rated(f"M{n}", WORDS[letter], f"{90 + n}.0", day, moved) for n, (letter, day, moved) in figures]


def decided(*stages: str, on: date | None = None) -> Sequence[Decided]:
    return tuple(Decided(stage, "Chief Executive", on) for stage in stages)


def proposal(history: str, *decisions: str, of: Escalation | None = None) -> Proposal:
    return propose(of or ladder(), Case(months(history), decided(*decisions)), AS_OF)


# ---- runs of Reds --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("history", "decision", "expected"),
    [
        ("R", NO_STAGE, NO_STAGE),
        ("GRR", NO_STAGE, ENHANCED),
        ("RRG", NO_STAGE, NO_STAGE),
        ("RGR", NO_STAGE, NO_STAGE),
        ("RRRR", NO_STAGE, TARGETED),
        ("RRRR", ENHANCED, TARGETED),
        ("RRR", ENHANCED, ENHANCED),
        ("RRA", ENHANCED, ENHANCED),
        ("RRAG", ENHANCED, NO_STAGE),
        ("RRRRAG", TARGETED, ENHANCED),
        ("", ENHANCED, ENHANCED),
        ("RR", TARGETED, TARGETED),
        ("GG", "a stage of last year's ladder", NO_STAGE),
        ("GG", " enhanced SUPPORT ", NO_STAGE),
    ],
)
def test_the_stage_follows_from_the_run_and_the_decision(history: str, decision: str, expected: str) -> None:
    assert proposal(history, decision).stage == expected


def test_nobody_leaves_a_run_of_reds_by_not_returning() -> None:
    assert proposal("R-R").stage == ENHANCED
    assert proposal("RRRnR").stage == TARGETED


def test_the_reason_names_the_periods_and_figures() -> None:
    assert proposal("GRR").reason == "Red in M2 (92.0) and M3 (93.0); 2 running lead to this stage."
    assert proposal("GRR").way_out == "Green or Amber in 2 periods running"


def test_a_long_run_is_told_in_short() -> None:
    assert proposal("RRRRRR").reason.startswith(
        "Red in 2 earlier periods and M3 (93.0), M4 (94.0), M5 (95.0) and M6 (96.0)"
    )


def test_one_red_can_be_enough() -> None:
    assert proposal("GR", of=ladder({"consecutive_red": 1})).reason == "Red in M2 (92.0); 1 leads to this stage."


# ---- the other ways in ---------------------------------------------------------------------------------------------


def with_verdicts(of: Escalation, history: str, *decisions: str, **verdicts: str) -> Proposal:
    return propose(of, Case(months(history), decided(*decisions), **verdicts), AS_OF)  # type: ignore[arg-type]


def test_red_while_variation_is_of_concern() -> None:
    early = ladder({"red_with_concern": True})
    led = with_verdicts(early, "GR", variation=CONCERN)
    assert (led.stage, led.reason) == (ENHANCED, "Red in M2 (92.0) while variation is of concern.")
    assert with_verdicts(early, "GA", variation=CONCERN).stage == NO_STAGE
    assert with_verdicts(early, "GR", variation="common_cause").stage == NO_STAGE


@pytest.mark.parametrize(
    ("history", "expected"), [("GA", TARGETED), ("GR", TARGETED), ("AG", NO_STAGE), ("AB", NO_STAGE)]
)
def test_a_process_that_misses_its_target_leads_in_unless_it_was_met_this_time(history: str, expected: str) -> None:
    late = ladder(targeted={"consistently_failing": True})
    assert with_verdicts(late, history, assurance=FAILING).stage == expected
    assert with_verdicts(late, history, assurance="inconsistent").stage == NO_STAGE


def test_all_rules_that_lead_to_the_stage_are_named_in_the_reason() -> None:
    both = ladder({"consecutive_red": 2, "red_with_concern": True, "consistently_failing": True})
    assert with_verdicts(both, "RR", variation=CONCERN, assurance=FAILING).reason == (
        "Red in M1 (91.0) and M2 (92.0); 2 running lead to this stage. Red in M2 (92.0) while variation is of concern. "
        "Consistently failing: Red in M2 (92.0), and its process is expected to miss the target."
    )


WORSENING = ladder(targeted={"consecutive_red": 12, "deteriorating_for": 2})
DAY_OF_M2 = date(2026, 2, 28)


def worsened(history: str, worse: str, decision: str = ENHANCED, on: date | None = DAY_OF_M2) -> Proposal:
    return propose(WORSENING, Case(months(history, worse), decided(decision, on=on)), AS_OF)


def test_further_deterioration_at_a_stage_leads_to_the_next() -> None:
    assert worsened("RRRR", "  ww").stage == TARGETED
    assert worsened("RRRR", "  ww").reason == (
        "Worse in M3 (93.0) and M4 (94.0) since Enhanced Support was decided on 28 February 2026, and still Red; "
        "2 running lead to this stage."
    )


@pytest.mark.parametrize(
    ("history", "worse", "decision", "why"),
    [
        ("RRRR", "  w ", ENHANCED, "worse only once"),
        ("RRRA", "  ww", ENHANCED, "no longer Red"),
        ("RRR", " ww", ENHANCED, "M2 had ended when it was decided"),
        ("RRRR", "  ww", NO_STAGE, "it is not at the stage before"),
    ],
)
def test_what_is_no_further_deterioration(history: str, worse: str, decision: str, why: str) -> None:
    assert worsened(history, worse, decision).stage != TARGETED, why


def test_deterioration_counts_from_the_first_decision_for_the_stage_not_from_a_review_of_it() -> None:
    twice = (*decided(ENHANCED, on=DAY_OF_M2), *decided(ENHANCED, on=date(2026, 3, 30)))
    assert propose(WORSENING, Case(months("RRRR", "  ww"), twice), AS_OF).stage == TARGETED


@pytest.mark.parametrize(
    ("rag", "as_of", "expected"),
    [
        ("R", date(2026, 7, 2), ENHANCED),
        ("A", date(2026, 7, 2), ENHANCED),
        ("G", date(2026, 7, 2), NO_STAGE),
        ("A", date(2026, 7, 1), NO_STAGE),
    ],
)
def test_an_overdue_action_leads_in_while_the_figure_is_off_target(rag: str, as_of: date, expected: str) -> None:
    of = ladder({"action_overdue_days": 30})
    assert propose(of, Case(months(rag), action_due=date(2026, 6, 1)), as_of).stage == expected
    assert propose(of, Case(months(rag)), as_of).stage == NO_STAGE


def test_the_reason_says_how_long_the_action_is_overdue() -> None:
    said = propose(
        ladder({"action_overdue_days": 30}), Case(months("A"), action_due=date(2026, 6, 1)), date(2026, 7, 9)
    )
    assert said.reason == (
        "Amber in M1 (91.0), and its action, due on 1 June 2026, is 38 days overdue; more than 30 lead to this stage."
    )


# ---- the way out ---------------------------------------------------------------------------------------------------


def test_leaving_gives_its_reason_too() -> None:
    out = proposal("RRAG", ENHANCED)
    assert (out.reason, out.way_out) == ("Not Red in M3 (93.0) and M4 (94.0); 2 running lead out of it.", "")


def test_a_step_out_to_a_milder_stage_says_what_would_take_it_out_of_that() -> None:
    out = proposal("RRRRAG", TARGETED)
    assert (out.stage, out.way_out) == (ENHANCED, "Green or Amber in 2 periods running")


@pytest.mark.parametrize(
    ("leave", "history", "verdicts", "expected"),
    [
        ({"consecutive_green": 2}, "RRAG", {}, ENHANCED),
        ({"consecutive_green": 2}, "RRGB", {}, NO_STAGE),
        ({"consecutive_not_red": 3, "consecutive_green": 1}, "RAAG", {}, NO_STAGE),
        ({"consecutive_not_red": 3, "consecutive_green": 1}, "RAAA", {}, ENHANCED),
        ({"consecutive_not_red": 1, "no_concern": True}, "RG", {"variation": CONCERN}, ENHANCED),
        ({"consecutive_not_red": 1, "no_concern": True}, "RG", {"variation": "common_cause"}, NO_STAGE),
        ({"consecutive_not_red": 1, "no_concern": True}, "RG", {}, NO_STAGE),
        ({"consecutive_not_red": 1, "not_failing": True}, "RG", {"assurance": FAILING}, ENHANCED),
        ({"consecutive_not_red": 1, "not_failing": True}, "RG", {"assurance": "inconsistent"}, NO_STAGE),
    ],
)
def test_all_exit_rules_have_to_hold(
    leave: dict[str, Any], history: str, verdicts: dict[str, str], expected: str
) -> None:
    assert with_verdicts(ladder(leave=leave), history, ENHANCED, **verdicts).stage == expected


def test_what_still_stands_in_the_way_is_said() -> None:
    strict = ladder(leave={"consecutive_green": 2, "no_concern": True, "not_failing": True})
    stays = with_verdicts(strict, "RRG", ENHANCED, variation=CONCERN, assurance=FAILING)
    assert stays.reason == (
        "Stays: Green in M3 (93.0), not yet long enough. Variation is of concern. "
        "Its process is expected to miss the target."
    )
    assert stays.way_out == (
        "Green in 2 periods running, and variation not of concern, and its process not expected to miss the target"
    )


@pytest.mark.parametrize(
    "enter",
    [{"consistently_failing": True}, {"consecutive_red": 2, "action_overdue_days": 30}],
    ids=["failing", "overdue"],
)
def test_a_stage_is_not_left_while_it_would_be_entered_again_at_once(enter: dict[str, Any]) -> None:
    case = Case(months("RAA"), decided(ENHANCED), assurance=FAILING, action_due=date(2026, 6, 1))
    stays = propose(ladder(enter), case, AS_OF)
    assert stays.stage == ENHANCED
    assert stays.reason.startswith(
        ("Stays: Consistently failing: Amber in M3", "Stays: Amber in M3 (93.0), and its action")
    )
    assert "; if Amber, also " in stays.way_out
    green = Case(months("RGG"), decided(ENHANCED), assurance=FAILING, action_due=date(2026, 6, 1))
    assert propose(ladder(enter), green, AS_OF).stage == NO_STAGE


def test_the_trend_is_mentioned_beside_a_run_of_reds() -> None:
    assert with_verdicts(ladder(), "RRR", ENHANCED, trend="improving").reason == (
        "Stays: Red in M1 (91.0), M2 (92.0) and M3 (93.0); the trend is improving."
    )
    assert with_verdicts(ladder(), "R", ENHANCED, trend="not enough data").reason == "Stays: Red in M1 (91.0)."


def test_the_figures_that_led_to_one_decision_do_not_at_once_propose_the_next() -> None:
    def after(history: str, on: date) -> Proposal:
        return propose(ladder(), Case(months(history), decided(ENHANCED, on=on)), AS_OF)

    assert after("GG", date(2026, 3, 10)).stage == ENHANCED
    assert after("GG", date(2026, 3, 10)).reason == "Stays: no period has ended since the decision."
    assert after("GGG", date(2026, 3, 10)).reason == "Stays: Not Red in M3 (93.0), not yet long enough."
    assert after("GGGG", date(2026, 3, 10)).stage == NO_STAGE


def test_a_review_that_confirms_the_stage_does_not_begin_the_way_out_again() -> None:
    def reviewed(history: str, on: date = date(2026, 3, 2)) -> Proposal:
        twice = (*decided(ENHANCED, on=date(2026, 1, 30)), *decided(ENHANCED, on=on))
        return propose(ladder(), Case(months(history), twice), AS_OF)

    assert reviewed("RG").stage == ENHANCED
    assert reviewed("RGG").stage == NO_STAGE
    just_confirmed = reviewed("RGG", on=date(2026, 3, 30))
    assert (just_confirmed.stage, just_confirmed.reason) == (ENHANCED, "Stays: no period has ended since the decision.")


# ---- a person decides ----------------------------------------------------------------------------------------------


def test_a_milder_decision_is_told_as_decided_otherwise_and_the_proposal_stands() -> None:
    def overruled(history: str) -> Proposal:
        return propose(ladder(), Case(months(history), decided(NO_STAGE, on=date(2026, 3, 20))), AS_OF)

    same_figures = overruled("RR")
    assert same_figures.stage == ENHANCED
    assert same_figures.reason.endswith("2 running lead to this stage. Decided otherwise on 20 March 2026: None.")
    assert "otherwise" not in overruled("RRR").reason


def test_a_decision_made_on_the_last_day_of_a_period_cannot_have_known_its_figure() -> None:
    """M2 ends on 28 February, and nobody has its figure that day."""

    def on(day: date) -> Proposal:
        return propose(ladder(), Case(months("RR"), decided(NO_STAGE, on=day)), AS_OF)

    assert not on(date(2026, 2, 28)).is_answered
    assert on(date(2026, 3, 1)).is_answered


def test_a_decision_for_a_stage_that_the_ladder_does_not_have_answers_no_proposal() -> None:
    case = Case(months("RR"), decided("Gold", on=date(2026, 3, 20)))
    gold = propose(ladder(), case, AS_OF)
    assert (gold.stage, gold.is_answered) == (ENHANCED, False)
    assert "otherwise" not in gold.reason


def test_what_became_overdue_after_the_decision_was_not_decided_otherwise() -> None:
    of = ladder({"action_overdue_days": 30})
    case = Case(months("A"), decided(NO_STAGE, on=date(2026, 6, 10)), action_due=date(2026, 6, 1))
    assert "otherwise" not in propose(of, case, date(2026, 7, 9)).reason
    assert propose(of, case, date(2026, 7, 9)).stage == ENHANCED


JUNE, JULY = date(2026, 6, 20), date(2026, 7, 1)


@pytest.mark.parametrize(("moved", "expected"), [((), NO_STAGE), ((JUNE,), NO_STAGE), ((JUNE, JULY), ENHANCED)])
def test_an_action_put_off_often_enough_leads_into_a_stage_while_it_is_off_target(
    moved: tuple[date, ...], expected: str
) -> None:
    of = ladder({"action_moved": 2})
    assert propose(of, Case(months("A"), action_moved=moved), date(2026, 7, 9)).stage == expected
    assert propose(of, Case(months("G"), action_moved=moved), date(2026, 7, 9)).stage == NO_STAGE


def test_it_says_how_often_and_what_leads_there() -> None:
    case = Case(months("A"), action_moved=(JUNE, JULY))
    reason = propose(ladder({"action_moved": 2}), case, date(2026, 7, 9)).reason
    assert "its action was put off twice; twice leads to this stage." in reason


def test_what_was_put_off_once_more_after_the_decision_was_not_decided_otherwise() -> None:
    case = Case(months("A"), decided(NO_STAGE, on=date(2026, 6, 25)), action_moved=(JUNE, JULY))
    proposal = propose(ladder({"action_moved": 2}), case, date(2026, 7, 9))
    assert (proposal.stage, proposal.is_answered) == (ENHANCED, False)
    assert propose(ladder({"action_moved": 1}), case, date(2026, 7, 9)).is_answered
