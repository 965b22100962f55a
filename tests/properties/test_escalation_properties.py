"""What must hold of escalation for every ladder, history and run of decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from xlperf.catalogue import Escalation
from xlperf.rules.escalation import Case, Decided, Proposal, Rated, SectionCase, SectionState, propose, propose_section

FIRST = date(2024, 1, 31)
AS_OF = date(2027, 12, 31)
"""Later than every period and every decision here."""
NAMES = ("None", "Mild", "Middle", "Grave")

runs = st.integers(1, 5)
entries = st.fixed_dictionaries(
    {"consecutive_red": runs},
    optional={
        "red_with_concern": st.booleans(),
        "consistently_failing": st.booleans(),
        "deteriorating_for": runs,
        "action_overdue_days": st.integers(0, 400),
    },
)
exits = st.fixed_dictionaries(
    {"consecutive_not_red": runs},
    optional={"consecutive_green": runs, "no_concern": st.booleans(), "not_failing": st.booleans()},
)


@st.composite
def ladders(draw: st.DrawFn) -> Escalation:
    stages = [{"id": name, "name": name, "enter": draw(entries), "leave": draw(exits)} for name in NAMES[1:]]
    return Escalation.model_validate({"decided_by": "CEO", "stages": stages, "review_months": 3})


days = st.integers(0, 1000).map(lambda after: FIRST + timedelta(days=after))


def made(names: Sequence[str] = (*NAMES, "", "Gold", "mild ")) -> st.SearchStrategy[list[Decided]]:
    """Decisions in order of time, some of them without a day."""
    dated = st.lists(st.tuples(days, st.sampled_from(names), st.booleans()), max_size=5).map(
        lambda all_made: sorted(all_made, key=lambda one: one[0])
    )
    return dated.map(lambda all_made: [Decided(name, "CEO", day if known else None) for day, name, known in all_made])


def history(rags: Sequence[tuple[str, str]]) -> list[Rated]:
    ends = (FIRST + timedelta(days=30 * number) for number in range(len(rags)))
    return [
        Rated(f"P{n}", rag, f"{n}", day, moved) for n, ((rag, moved), day) in enumerate(zip(rags, ends, strict=True))
    ]


figures = st.tuples(
    st.sampled_from(["Blue", "Green", "Amber", "Red", "Red", "Red", "Not returned", "Not applicable", "No target"]),
    st.sampled_from(["worse", "worse", "better", "same", ""]),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    return Case(
        history(draw(st.lists(figures, max_size=12))),
        draw(made()),
        variation=draw(st.sampled_from([None, "common_cause", "special_cause_concern", "special_cause_improvement"])),
        assurance=draw(st.sampled_from([None, "consistent_pass", "consistent_fail", "inconsistent"])),
        action_due=draw(st.none() | days),
    )


def place(stage: str) -> int:
    """How grave a stage is; 0 for none and for one the ladder does not have."""
    return NAMES.index(stage) if stage in NAMES else 0


@given(ladders(), cases())
def test_nothing_but_the_rated_figures_the_decisions_and_the_day_counts(ladder: Escalation, case: Case) -> None:
    rated = [figure for figure in case.history if figure.rag in {"Blue", "Green", "Amber", "Red"}]
    assert propose(ladder, case, AS_OF) == propose(ladder, replace(case, history=rated), AS_OF)


@given(ladders(), cases())
def test_the_stage_in_force_is_what_was_last_decided_whatever_the_figures(ladder: Escalation, case: Case) -> None:
    now = propose(ladder, case, AS_OF)
    last = case.decisions[-1].stage.strip() if case.decisions else ""
    assert now.in_force.casefold() == last.casefold()
    without = propose(ladder, replace(case, history=()), AS_OF)
    honoured = ("in_force", "since", "next_review", "review_overdue")
    assert [getattr(now, name) for name in honoured] == [getattr(without, name) for name in honoured]


@given(ladders(), cases())
def test_one_step_out_at_most_and_never_while_red(ladder: Escalation, case: Case) -> None:
    now = propose(ladder, case, AS_OF)
    rated = [figure for figure in case.history if figure.rag in {"Blue", "Green", "Amber", "Red"}]
    step = place(now.in_force) - place(now.stage)
    assert step <= 1
    assert step < 1 or rated[-1].rag != "Red"


@given(ladders(), cases(), st.sampled_from(["Green", "Blue"]), st.booleans())
def test_one_more_good_period_never_proposes_a_graver_stage(
    ladder: Escalation, case: Case, rag: str, recovered: bool
) -> None:
    before = propose(ladder, case, AS_OF)
    end = FIRST + timedelta(days=30 * len(case.history))
    longer = replace(case, history=[*case.history, Rated("next", rag, "x", end, "better")])
    if recovered:
        longer = replace(longer, variation="common_cause", assurance="consistent_pass", action_due=None)
    assert place(propose(ladder, longer, AS_OF).stage) <= place(before.stage)


@given(ladders(), cases())
def test_what_was_proposed_and_is_decided_is_not_at_once_proposed_otherwise(ladder: Escalation, case: Case) -> None:
    first = propose(ladder, case, AS_OF)
    accepted = replace(case, decisions=[*case.decisions, Decided(first.stage, "CEO", AS_OF)])
    second = propose(ladder, accepted, AS_OF)
    assert second.stage == first.stage == second.in_force


@given(ladders(), cases())
def test_whatever_changes_is_explained_and_somebody_decides_it(ladder: Escalation, case: Case) -> None:
    now = propose(ladder, case, AS_OF)
    if place(now.stage) != place(now.in_force):
        assert now.reason
        assert now.decided_by == "CEO"
    if now.stage != "None":
        assert now.way_out
    assert (now.next_review is None) or now.in_force in NAMES[1:]


@given(ladders(), cases(), st.integers(0, 30))
def test_periods_at_a_stage_are_those_after_it_was_decided(ladder: Escalation, case: Case, more: int) -> None:
    now = propose(ladder, case, AS_OF)
    assert 0 <= now.periods_at_stage <= len(case.history)
    later = [Rated("later", "Red", "x", AS_OF + timedelta(days=day + 1)) for day in range(more)]
    longer = propose(ladder, replace(case, history=[*case.history, *later]), AS_OF + timedelta(days=more))
    assert longer.periods_at_stage - now.periods_at_stage == (more if now.since else 0)


# ---- sections ------------------------------------------------------------------------------------------------------

section_rules = st.fixed_dictionaries(
    {"red_kpis": st.integers(1, 6)},
    optional={"red_percent": st.integers(1, 100), "escalated_kpis": st.integers(1, 4), "at_stage": st.just("Middle")},
)


@st.composite
def section_ladders(draw: st.DrawFn) -> Escalation:
    steps: list[dict[str, Any]] = [
        {"id": name, "name": name, "enter": draw(section_rules), "leave": {"periods_without": draw(runs)}}
        for name in NAMES[1:]
    ]
    ladder = draw(ladders()).model_dump(mode="json") | {"section_stages": steps}
    return Escalation.model_validate(ladder)


@st.composite
def section_cases(draw: st.DrawFn) -> SectionCase:
    states = []
    for number in range(draw(st.integers(0, 8))):
        rated = draw(st.integers(0, 6))
        red = tuple(f"K{n}" for n in range(draw(st.integers(0, rated))))
        escalated = draw(st.dictionaries(st.sampled_from(["K0", "K1", "K2"]), st.sampled_from(NAMES[1:])))
        states.append(SectionState(f"P{number}", FIRST + timedelta(days=90 * number), red, rated, escalated))
    return SectionCase(states, draw(made()))


@given(section_ladders(), section_cases())
def test_a_section_keeps_to_the_same_laws(ladder: Escalation, case: SectionCase) -> None:
    now: Proposal = propose_section(ladder, case, AS_OF)
    last = case.decisions[-1].stage.strip() if case.decisions else ""
    assert now.in_force.casefold() == last.casefold()
    assert place(now.in_force) - place(now.stage) <= 1
    accepted = replace(case, decisions=[*case.decisions, Decided(now.stage, "CEO", AS_OF)])
    assert propose_section(ladder, accepted, AS_OF).stage == now.stage


@given(section_ladders(), section_cases())
def test_a_good_period_never_proposes_a_graver_stage_for_a_section(ladder: Escalation, case: SectionCase) -> None:
    end = FIRST + timedelta(days=90 * len(case.states))
    good = SectionState("next", end, (), 6, {})
    before = propose_section(ladder, case, AS_OF)
    longer = propose_section(ladder, replace(case, states=[*case.states, good]), AS_OF)
    assert place(longer.stage) <= place(before.stage)


@given(ladders(), cases())
def test_the_exit_test_is_met_exactly_where_the_way_leads_out(ladder: Escalation, case: Case) -> None:
    now = propose(ladder, case, AS_OF)
    at, proposed = place(now.in_force), place(now.stage)
    if not at:
        assert now.exit_test == ()
        return
    assert now.exit_test
    if proposed <= at:
        assert all(condition.holds for condition in now.exit_test) == (proposed < at)
