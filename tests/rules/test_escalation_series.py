"""All series and all sections of a ledger at once: what each would be proposed if it were alone."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from tests.conftest import catalogue_data, kpi_in, make_kpi
from xlperf.catalogue import Catalogue
from xlperf.period import Frequency, Period
from xlperf.rules.assess import assess
from xlperf.rules.escalation import (
    Case,
    Decided,
    EscalationInputs,
    Proposal,
    Rated,
    escalations,
    propose,
    section_escalations,
)
from xlperf.rules.process import Process

ORGS = ["TRUST", "NORTH", "SOUTH"]
AS_OF = date(2026, 7, 20)
VERDICTS = [
    Process("common_cause", "inconsistent", "", "", "steady", 24, "24 points", ""),
    Process("special_cause_concern", "consistent_fail", "", "", "deteriorating", 24, "24 points", ""),
]
ACTUALS = {"Green": 95.0, "Amber": 87.0, "Red": 60.0}


def catalogue_with(*kpis: dict[str, Any], **escalation: Any) -> Catalogue:
    data = catalogue_data()
    data["kpis"] = list(kpis)
    data["escalation"] |= escalation
    return Catalogue.model_validate(data)


RULES = catalogue_with(
    make_kpi(orgs=ORGS),
    make_kpi(id="V2", frequency="monthly", orgs=ORGS, name="Another"),
    make_kpi(id="M1", kind="milestone", targets=[{"from": "2024-25", "due": "2027-09-30"}]),
    stages=[
        {
            "id": "s1",
            "name": "Enhanced",
            "enter": {"consecutive_red": 2, "red_with_concern": True, "action_overdue_days": 30},
            "leave": {"consecutive_not_red": 2, "no_concern": True},
        },
        {
            "id": "s2",
            "name": "Targeted",
            "enter": {"consecutive_red": 5, "deteriorating_for": 2, "consistently_failing": True},
            "leave": {"consecutive_green": 2},
            "review_months": 3,
        },
    ],
)


def figures(kpi_id: str, org: str, start: str, *rags: str, frequency: Frequency = Frequency.QUARTERLY) -> pd.DataFrame:
    """Figures of a series from a period on, given by the RAG that they get; "" for none."""
    first = Period.parse(start, frequency)
    milestones = {"Green": "On track", "Amber": "At risk", "Red": "Off track", "": ""}
    is_milestone = kpi_id == "M1"
    return pd.DataFrame(
        {
            "kpi_id": kpi_id,
            "org": org,
            "period": [str(first.next(step)) for step in range(len(rags))],
            "actual": [float("nan") if is_milestone or not rag else ACTUALS[rag] for rag in rags],
            "numerator": float("nan"),
            "denominator": float("nan"),
            "milestone": [milestones[rag] if is_milestone else "" for rag in rags],
            "not_applicable": False,
        }
    )


def judged(catalogue: Catalogue, *frames: pd.DataFrame) -> pd.DataFrame:
    return assess(catalogue, pd.concat(frames, ignore_index=True))


def every(
    frame: pd.DataFrame,
    processes: Mapping[tuple[str, str], Process] | None = None,
    decisions: Mapping[tuple[str, str], Sequence[Decided]] | None = None,
    due: Mapping[tuple[str, str], date] | None = None,
) -> dict[tuple[str, str], Proposal]:
    return escalations(RULES, frame, processes or {}, EscalationInputs(AS_OF, decisions or {}, due or {}))


def test_each_series_is_proposed_what_it_would_be_alone() -> None:
    dice = random.Random(11)  # noqa: S311
    decisions: dict[tuple[str, str], tuple[Decided, ...]] = {}
    seen = set()
    for _ in range(20):
        frames, processes, due = [], {}, {}
        decisions.clear()
        for kpi in RULES.kpis:
            for org in RULES.orgs_of(kpi):
                key = (kpi.id, org.code)
                rags = dice.choices(["Green", "Amber", "Red", ""], (2, 1, 4, 1), k=dice.randint(1, 10))
                start = "2024-07" if kpi.frequency is Frequency.MONTHLY else "2024-25-Q1"
                frames.append(figures(*key, start, *rags, frequency=kpi.frequency))
                processes[key] = dice.choice(VERDICTS)
                if dice.random() < 0.5:
                    due[key] = dice.choice([date(2026, 5, 1), date(2026, 7, 1)])
                names = dice.choices(["None", "Enhanced", "targeted", "", "Gold"], k=dice.randint(0, 3))
                days = [None, date(2024, 10, 1), date(2025, 2, 1)]
                if names:
                    decisions[key] = tuple(Decided(name, "CE", dice.choice(days)) for name in names)
        frame = judged(RULES, *frames)
        found = every(frame, processes, decisions, due)
        alone = {
            key: propose(RULES.escalation, case, AS_OF) for key, case in cases(frame, processes, decisions, due).items()
        }
        assert found == {
            key: proposal
            for key, proposal in alone.items()
            if {proposal.stage, proposal.in_force} & {"Enhanced", "Targeted"}
        }
        seen |= {(proposal.stage, proposal.in_force) for proposal in found.values()}
    assert len(seen) >= 10  # the dice tried enough of what there is


def cases(
    frame: pd.DataFrame,
    processes: Mapping[tuple[str, str], Process],
    decisions: Mapping[tuple[str, str], Sequence[Decided]],
    due: Mapping[tuple[str, str], date],
) -> dict[tuple[str, str], Case]:
    """The case of each series, row by row, with its whole history."""
    histories: dict[tuple[str, str], list[Rated]] = {key: [] for key in processes}
    for row in frame.to_dict("records"):
        period = RULES.kpi_by_id[row["kpi_id"]].period(row["period"])
        figure = Rated(period.short, row["rag"], row["shown"], period.last_day, row["movement"])
        histories[row["kpi_id"], row["org"]].append(figure)
    return {
        key: Case(
            history,
            decisions.get(key, ()),
            processes[key].variation,
            processes[key].assurance,
            processes[key].trend,
            due.get(key),
        )
        for key, history in histories.items()
    }


def test_the_proposals_stand_in_the_order_of_the_catalogue() -> None:
    frame = judged(
        RULES,
        figures("M1", "TRUST", "2025-26-Q4", "Red", "Red"),
        figures("V1", "SOUTH", "2025-26-Q4", "Red", "Red"),
        figures("V1", "NORTH", "2025-26-Q4", "Red", "Green"),
    )
    found = every(frame)
    assert list(found) == [("V1", "SOUTH"), ("M1", "TRUST")]
    assert found["V1", "SOUTH"].reason == "Red in Q4 25-26 (60.0) and Q1 26-27 (60.0); 2 running lead to this stage."
    assert "Q1 26-27 (Off track)" in found["M1", "TRUST"].reason


def test_a_rolled_up_figure_that_lacks_too_many_orgs_is_no_figure() -> None:
    whole = figures("V1", "TRUST", "2025-26-Q3", "Red", "Red", "Red")
    frame = judged(RULES, whole.assign(rolled_up=True, reported=3, expected=3, partial=[False, False, True]))
    assert every(frame)["V1", "TRUST"].reason.startswith("Red in Q3 25-26 (60.0) and Q4 25-26 (60.0);")


def test_a_rolled_up_figure_that_lacks_an_org_leads_nobody_out() -> None:
    """Two Greens lead out of it of Enhanced; where South has not returned the second, nobody knows that it is one."""
    decisions = {("V1", "TRUST"): [Decided("Enhanced", "CE", date(2025, 12, 1))]}
    greens = figures("V1", "TRUST", "2025-26-Q4", "Green", "Green").assign(rolled_up=True, expected=3, partial=False)
    whole = every(judged(RULES, greens.assign(reported=3)), decisions=decisions)
    lacking = every(judged(RULES, greens.assign(reported=[3, 2])), decisions=decisions)
    assert (whole["V1", "TRUST"].stage, lacking["V1", "TRUST"].stage) == ("None", "Enhanced")


def test_an_overdue_action_leads_into_the_first_stage_that_allows_no_more_days() -> None:
    """45 days overdue: more than the 30 of Enhanced, and less than the 90 of Targeted."""
    enter = [{"action_overdue_days": 30}, {"action_overdue_days": 90}]
    of = catalogue_with(
        make_kpi(orgs=ORGS),
        stages=[
            {"id": f"s{n}", "name": name, "enter": rule, "leave": {"consecutive_not_red": 2}}
            for n, (name, rule) in enumerate(zip(("Enhanced", "Targeted"), enter, strict=True))
        ],
    )
    frame = judged(of, figures("V1", "NORTH", "2025-26-Q4", "Amber"))
    due = {("V1", "NORTH"): date(2026, 6, 5)}
    found = escalations(of, frame, {}, EscalationInputs(AS_OF, {}, due))
    assert [(key, proposal.stage) for key, proposal in found.items()] == [(("V1", "NORTH"), "Enhanced")]


def test_a_decision_stands_without_any_figure_and_one_about_no_kpi_is_left_out() -> None:
    decisions = {
        ("V1", "NORTH"): [Decided("Enhanced", "CE", date(2026, 1, 5))],
        ("quality", "NORTH"): [Decided("Enhanced", "CE", date(2026, 1, 5))],
    }
    frame = judged(RULES, figures("V1", "TRUST", "2025-26-Q4", "Green"))
    found = every(frame, decisions=decisions)
    assert list(found) == [("V1", "NORTH")]
    assert found["V1", "NORTH"].reason == "Stays: no rated figure yet."


def test_no_figures_at_all_propose_nothing() -> None:
    assert every(judged(RULES, figures("V1", "TRUST", "2025-26-Q4"))) == {}
    assert every(judged(RULES, figures("V1", "TRUST", "2025-26-Q4", ""))) == {}


# ---- sections ------------------------------------------------------------------------------------------------------

BLOCKS = catalogue_with(
    *(make_kpi(id=f"V{n}", name=f"Quality {n}", orgs=ORGS) for n in range(1, 4)),
    make_kpi(id="Y1", name="Yearly", frequency="annual", orgs=ORGS),
    make_kpi(id="T1", name="Money", section="money", question="q-money", frequency="monthly", orgs=ORGS),
    section_stages=[
        {"id": "w", "name": "Watched", "enter": {"red_kpis": 2, "escalated_kpis": 1}, "leave": {"periods_without": 2}}
    ],
)
QUARTERS = [Period.parse(f"2025-26-Q{n}") for n in range(1, 5)] + [Period.parse("2026-27-Q1")]


def sections(
    *frames: pd.DataFrame,
    decisions: Mapping[tuple[str, str], Sequence[Decided]] | None = None,
    reporting: Sequence[Period] = QUARTERS,
    catalogue: Catalogue = BLOCKS,
) -> dict[tuple[str, str], Proposal]:
    return section_escalations(
        catalogue, judged(catalogue, *frames), reporting, EscalationInputs(AS_OF, decisions or {})
    )


def test_a_section_is_led_in_by_its_own_kpis_in_its_own_org() -> None:
    found = sections(
        figures("V1", "NORTH", "2026-27-Q1", "Red"),
        figures("V2", "NORTH", "2026-27-Q1", "Red"),
        figures("V3", "NORTH", "2026-27-Q1", "Green"),
        figures("V1", "SOUTH", "2026-27-Q1", "Red"),
        figures("T1", "SOUTH", "2026-06", "Red", frequency=Frequency.MONTHLY),
    )
    assert list(found) == [("quality", "NORTH")]
    assert found["quality", "NORTH"].reason == "2 of 3 rated KPIs Red in Q1 26-27 (V1 and V2); 2 lead to this stage."


def test_a_figure_counts_until_a_newer_one_and_for_a_year() -> None:
    yearly = figures("Y1", "TRUST", "2025-26", "Red", frequency=Frequency.ANNUAL)
    quarterly = figures("V1", "TRUST", "2025-26-Q1", "Red")
    assert sections(yearly, quarterly)["quality", "TRUST"].reason.startswith(
        "2 of 2 rated KPIs Red in Q1 26-27 (V1 and"
    )
    assert sections(yearly, figures("V1", "TRUST", "2024-25-Q4", "Red")) == {}
    assert sections(yearly, quarterly, figures("V1", "TRUST", "2025-26-Q2", "Green")) == {}
    assert sections(yearly, quarterly, reporting=QUARTERS[:3]) == {}  # the year is not over


def test_a_retired_kpi_counts_no_longer() -> None:
    red = [figures(kpi, "TRUST", "2025-26-Q4", "Red") for kpi in ("V1", "V2")]
    data = BLOCKS.model_dump(by_alias=True, mode="json")
    assert sections(*red)
    kpi_in(data, "V2")["retired_after"] = "2025-26-Q4"
    assert sections(*red, catalogue=Catalogue.model_validate(data)) == {}


def test_a_kpi_in_escalation_leads_its_section_in_from_the_period_in_which_it_was_decided() -> None:
    def decided_on(day: date, stage: str = "Targeted") -> dict[tuple[str, str], Proposal]:
        return sections(
            figures("V1", "TRUST", "2026-27-Q1", "Green"), decisions={("V1", "TRUST"): [Decided(stage, "", day)]}
        )

    assert decided_on(date(2026, 6, 30))["quality", "TRUST"].reason == (
        "1 KPI in escalation in Q1 26-27 (V1 at Targeted); 1 leads to this stage."
    )
    assert decided_on(date(2026, 7, 1)) == {}
    assert decided_on(date(2026, 6, 30), "None") == {}


def test_the_way_out_is_counted_over_the_reporting_periods() -> None:
    made = {("quality", "TRUST"): [Decided("Watched", "CE", date(2025, 11, 20))]}
    red = ["Red", "Red", "Red", "Green", "Green"]
    frames = [figures(kpi, "TRUST", "2025-26-Q1", *red) for kpi in ("V1", "V2")]
    found = sections(*frames, decisions=made)["quality", "TRUST"]
    assert (found.stage, found.since, found.periods_at_stage) == ("None", date(2025, 11, 20), 3)
    assert found.reason == "Nothing that leads into it in Q4 25-26 and Q1 26-27; 2 running lead out of it."
    assert sections(*frames, decisions=made, reporting=QUARTERS[:-1])["quality", "TRUST"].stage == "Watched"


@pytest.mark.parametrize("reporting", [QUARTERS, []])
def test_a_ladder_without_stages_for_sections_proposes_none(reporting: list[Period]) -> None:
    red = [figures(kpi, "TRUST", "2026-27-Q1", "Red") for kpi in ("V1", "M1")]
    assert section_escalations(RULES, judged(RULES, *red), reporting, EscalationInputs(AS_OF)) == {}
    assert section_escalations(BLOCKS, judged(BLOCKS, red[0]), [], EscalationInputs(AS_OF)) == {}
