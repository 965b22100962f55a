"""Five published ways of escalating, as data: the four shipped ladders, and the five levels of NHS Wales."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.conftest import catalogue_data, write_catalogue
from tests.rules.test_escalation import CONCERN, FAILING, decided, months
from xlperf.catalogue import Escalation, load_catalogue
from xlperf.rules.escalation import Case, Proposal, SectionCase, SectionState, exit_words, propose, propose_section

ROOT = Path(__file__).parents[2]
SHIPPED = {"heiw": "kpi_catalogue.yaml"} | {name: f"catalogues/{name}.yaml" for name in ("trust", "hee", "ics")}
WALES = Path(__file__).parent / "ladders" / "wales.yaml"
AS_OF = date(2026, 12, 31)


@cache
def ladder_of(framework: str) -> Escalation:
    """The ladder of a framework; that of Wales as a catalogue has it that passes every check."""
    if framework != "wales":
        return load_catalogue(ROOT / SHIPPED[framework]).escalation
    return Escalation.model_validate(yaml.safe_load(WALES.read_text(encoding="utf-8")))


def after(framework: str, history: str, in_force: str | None = None, worse: str = "", **more: object) -> Proposal:
    """What is proposed after a month's figure a letter, the stage in force decided before the third of them."""
    decisions = decided(in_force, on=date(2026, 2, 28)) if in_force else ()
    case = Case(months(history, worse), decisions, **more)  # type: ignore[arg-type]
    return propose(ladder_of(framework), case, AS_OF)


@pytest.mark.parametrize("framework", [*SHIPPED, "wales"])
def test_every_ladder_is_called_an_illustration_and_says_who_decides_who_is_told_and_when_it_is_reviewed(
    framework: str,
) -> None:
    ladder = ladder_of(framework)
    assert "This ladder is an illustration." in ladder.note
    for stage in ladder.stages:
        now = after(framework, "RRRGRR", stage.name)
        assert now.in_force == stage.name
        assert now.decided_by
        assert now.tell
        assert stage.support
        assert now.next_review is not None


@pytest.mark.parametrize("framework", [*SHIPPED, "wales"])
def test_the_stages_come_one_after_the_other_as_reds_go_on(framework: str) -> None:
    ladder = ladder_of(framework)
    proposed = [after(framework, "G" + "R" * count).stage for count in range(13)]
    assert (
        list(dict.fromkeys(proposed))
        == [ladder.no_stage, *(stage.name for stage in ladder.stages)][: len(set(proposed))]
    )
    assert len(set(proposed)) == len(ladder.stages) + 1


def test_heiw_enhanced_comes_before_targeted_which_follows_from_further_deterioration() -> None:
    assert after("heiw", "GRR").stage == "Enhanced Support"
    assert after("heiw", "GGR", variation=CONCERN, assurance=FAILING).stage == "Enhanced Support"
    assert after("heiw", "RRRR").stage == "Targeted Support"
    assert after("heiw", "GRRR", "Enhanced Support", worse="  ww").stage == "Targeted Support"
    told = after("heiw", "GRR")
    assert (told.decided_by, told.tell) == ("Chief Executive", ("Chair", "Board at its next meeting"))


def test_trust_each_stage_is_decided_on_by_whom_it_is_escalated_to() -> None:
    said = [after("trust", "G" + "R" * count).decided_by for count in (1, 2, 4, 6)]
    assert said == [
        "Divisional Board",
        "Executive Team at the divisional performance meeting",
        "Finance and Performance Committee",
        "Board of Directors",
    ]
    earlier_breach = after("trust", "GA", "Divisional recovery", action_due=date(2026, 11, 1))
    assert earlier_breach.stage == "Executive review"


def test_hee_one_officer_oversees_and_what_is_not_to_be_expected_goes_to_the_portfolio() -> None:
    assert {after("hee", "G" + "R" * count).decided_by for count in (2, 3, 4)} == {"Chief Operating Officer"}
    assert after("hee", "GA", assurance=FAILING).stage == "Portfolio review"
    assert after("hee", "RRGG", "Portfolio review", assurance=FAILING).stage == "Portfolio review"
    assert after("hee", "RRGG", "Portfolio review", assurance="inconsistent").stage == "Supported recovery"


def test_ics_partners_are_held_to_the_dates_they_agreed() -> None:
    late = after("ics", "GA", "Joint review", action_due=date(2026, 11, 1))
    assert late.stage == "Shared action plan"
    assert late.decided_by == "The partners concerned together, at the System Oversight Group"
    assert "due on 1 November 2026, is 60 days overdue" in late.reason
    assert after("ics", "RAAA", "Shared action plan", action_due=date(2026, 11, 1)).stage == "Shared action plan"
    assert after("ics", "RAAA", "Shared action plan", action_due=date(2027, 1, 31)).stage == "Joint review"
    assert after("ics", "GR", variation=CONCERN).stage == "Joint review"


@pytest.mark.parametrize(
    ("red", "at_plan", "expected"),
    [(1, 0, "None"), (2, 0, "Domain review"), (4, 1, "Domain review"), (0, 2, "Domain action plan")],
)
def test_ics_a_domain_is_reviewed_by_its_reds_together_and_planned_for_by_its_plans(
    red: int, at_plan: int, expected: str
) -> None:
    escalated = {f"E{n}": "Shared action plan" for n in range(at_plan)} | {"J1": "Joint review"}
    state = SectionState("Sep 2026", date(2026, 9, 30), tuple(f"R{n}" for n in range(red)), 6, escalated)
    assert propose_section(ladder_of("ics"), SectionCase([state]), AS_OF).stage == expected


# ---- Wales ---------------------------------------------------------------------------------------------------------

LEVELS = (
    "Level 1: routine arrangements",
    "Level 2: area of concern",
    "Level 3: enhanced monitoring",
    "Level 4: targeted intervention",
    "Level 5: special measures",
)


def test_wales_has_five_levels_the_first_of_which_is_no_stage(tmp_path: Path) -> None:
    data = catalogue_data() | {"escalation": yaml.safe_load(WALES.read_text(encoding="utf-8"))}
    assert load_catalogue(write_catalogue(tmp_path, data)).escalation.stage_names == LEVELS
    assert after("wales", "GGR").stage == LEVELS[0]
    routine = after("wales", "RRAA", LEVELS[1])
    assert (routine.stage, routine.in_force) == (LEVELS[0], LEVELS[1])
    assert after("wales", "GGG", "level 1: ROUTINE arrangements").in_force == LEVELS[0]


@pytest.mark.parametrize(
    ("red", "rated", "kpis_at", "expected"),
    [
        (1, 8, (), LEVELS[0]),
        (2, 8, (), LEVELS[1]),
        (4, 8, (), LEVELS[2]),
        (1, 8, (2, 2, 1), LEVELS[2]),
        (1, 8, (1, 1, 1), LEVELS[0]),
        (0, 8, (3, 3, 3), LEVELS[3]),
        (8, 8, (4,), LEVELS[4]),
    ],
)
def test_wales_a_domain_has_a_level_of_its_own(red: int, rated: int, kpis_at: tuple[int, ...], expected: str) -> None:
    escalated = {f"E{n}": LEVELS[level] for n, level in enumerate(kpis_at)}
    state = SectionState("Q2 26-27", date(2026, 9, 30), tuple(f"R{n}" for n in range(red)), rated, escalated)
    assert propose_section(ladder_of("wales"), SectionCase([state]), AS_OF).stage == expected


@pytest.mark.parametrize(
    ("framework", "stage", "history", "expected"),
    [
        ("heiw", "Enhanced Support", "RRG", "1 of 2 periods met: Green or Amber in 2 periods running"),
        (
            "heiw", "Enhanced Support", "RRA",
            "1 of 2 conditions met: Green or Amber in 2 periods running (1 of 2); no early warning (met)",
        ),
        ("heiw", "Targeted Support", "RRR", "0 of 2 periods met: Green or Amber in 2 periods running"),
        ("trust", "Divisional recovery", "RRG", "1 of 1 period met: Green or Amber in 1 period running"),
        ("trust", "Executive review", "RRR", "0 of 2 periods met: Green or Amber in 2 periods running"),
        ("trust", "Committee escalation", "RRGG", "2 of 2 periods met: Green or Amber in 2 periods running"),
        (
            "trust", "Board escalation", "RRGG",
            "1 of 2 conditions met: Green or Amber in 3 periods running (2 of 3); variation not of concern (met)",
        ),
        ("hee", "Supported recovery", "RRGG", "2 of 2 periods met: Green or Amber in 2 periods running"),
        (
            "hee", "Portfolio review", "RRGG",
            ("2 of 2 conditions met: Green or Amber in 2 periods running (met); "
             "its process not expected to miss the target (met)"),
        ),
        ("hee", "Committee review", "RRGR", "0 of 2 periods met: Green or Amber in 2 periods running"),
        (
            "ics", "Joint review", "RRG",
            "1 of 2 conditions met: Green or Amber in 2 periods running (1 of 2); variation not of concern (met)",
        ),
        ("ics", "Shared action plan", "RRGG", "2 of 2 periods met: Green or Amber in 2 periods running"),
        ("ics", "System support", "RRRG", "1 of 3 periods met: Green or Amber in 3 periods running"),
    ],
)  # fmt: skip
def test_the_exit_test_of_each_stage_in_words(framework: str, stage: str, history: str, expected: str) -> None:
    assert exit_words(after(framework, history, stage).exit_test) == expected


def test_an_overdue_action_is_part_of_the_exit_test_while_the_figure_is_amber() -> None:
    now = after("ics", "RRAA", "Shared action plan", action_due=date(2026, 11, 1))
    assert exit_words(now.exit_test) == (
        "1 of 2 conditions met: Green or Amber in 2 periods running (met); "
        "no action more than 30 days overdue (not met)"
    )
    assert now.stage == "Shared action plan"


@pytest.mark.parametrize(("red", "expected"), [("", "1 of 2 periods met"), ("AB", "0 of 2 periods met")])
def test_the_exit_test_of_a_section(red: str, expected: str) -> None:
    states = [SectionState(f"M{n}", date(2026, n, 28), tuple(red if n == 3 else "AB"), 4, {}) for n in (1, 2, 3)]
    case = SectionCase(states, decided("Domain review", on=date(2026, 2, 28)))
    words = exit_words(propose_section(ladder_of("ics"), case, AS_OF).exit_test)
    assert words == f"{expected}: 2 reporting periods running without 2 KPIs Red"
