"""Figures to date: what each period added, by hand; and movement, trend and SPC of that, as of a KPI of the month."""

from __future__ import annotations

from decimal import Decimal
from math import isnan, nan
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import catalogue_data, draws, make_kpi
from xlperf.catalogue import Catalogue
from xlperf.catalogue.reporting import Rules
from xlperf.period import Frequency, Period
from xlperf.rules.assess import assess
from xlperf.rules.cumulative import IN_PERIOD, drawn_column
from xlperf.rules.escalation import Decided, EscalationInputs, escalations
from xlperf.rules.process import Process, processes
from xlperf.rules.rollup import roll_up_orgs, roll_up_time

Parts = tuple[float, float]
Given = Parts | float | str | None
FINANCIAL = {"measure": "cumulative", "restarts_in": "financial"}
ORGS = [
    {"code": "TRUST", "name": "Trust"},
    *({"code": code, "name": code, "parent": "TRUST", "weight": 1} for code in ("NORTH", "SOUTH", "EAST")),
]


def catalogue(**fields: Any) -> Catalogue:
    """One KPI, K: money of each month, more being better, cumulative unless it says otherwise."""
    kpi = {"id": "K", "kind": "money", "frequency": "monthly", "roll_up": {"time": "last"}, **FINANCIAL, **fields}
    return Catalogue.model_validate(catalogue_data() | {"orgs": ORGS, "kpis": [make_kpi(**kpi)]})


def figures(of: Catalogue, start: str, *given: Given, org: str = "TRUST") -> pd.DataFrame:
    """Figures of K, period after period: a number, parts, "n/a", or None for a period without a row."""
    kpi = of.kpis[0]
    rows = []
    for step, value in enumerate(given):
        if value is None:
            continue
        top, bottom = value if isinstance(value, tuple) else (nan, nan)
        actual = kpi.factor * top / bottom if isinstance(value, tuple) else nan if value == "n/a" else float(value)
        period = str(kpi.period(start).next(step))
        rows.append(("K", org, period, actual, float(top), float(bottom), "", value == "n/a"))
    columns = ["kpi_id", "org", "period", "actual", "numerator", "denominator", "milestone", "not_applicable"]
    return pd.DataFrame(rows, columns=columns)


def judged(of: Catalogue, *frames: pd.DataFrame) -> pd.DataFrame:
    """The figures and their roll-up over orgs, assessed."""
    returned = pd.concat(frames, ignore_index=True)
    rolled_up = roll_up_orgs(of, returned)
    returned = returned.assign(rolled_up=False, reported=1, expected=1, partial=False)
    return assess(of, pd.concat([returned, rolled_up], ignore_index=True) if len(rolled_up) else returned)


def column(frame: pd.DataFrame, name: str, org: str = "TRUST") -> list[Any]:
    """A column of an org, None for NaN."""
    values = frame.loc[frame["org"] == org, name].tolist()
    return [None if isinstance(value, float) and isnan(value) else value for value in values]


def added(of: Catalogue, start: str, *given: Given) -> list[float | None]:
    return column(judged(of, figures(of, start, *given)), IN_PERIOD[0])


def process(of: Catalogue, frame: pd.DataFrame) -> Process:
    return processes(of, frame).verdicts["K", "TRUST"]


# ---- what a period added -------------------------------------------------------------------------------------------


def test_a_month_added_what_it_has_more_than_the_month_before_and_april_begins_anew() -> None:
    assert added(catalogue(), "2026-01", 10, 25, 20, 7, 7, 12.5) == [None, 15, -5, 7, 0, 5.5]


def test_what_was_added_is_subtracted_as_people_do() -> None:
    assert added(catalogue(), "2026-04", 0.1, 0.3, 94.3, 94.8) == [0.1, 0.2, 94.0, 0.5]


@pytest.mark.parametrize("hole", [None, nan, "n/a"])
def test_after_a_month_without_a_figure_nobody_knows_what_the_next_one_added(hole: Given) -> None:
    told = added(catalogue(), "2026-04", 5, hole, 9, 12)
    assert told[-2:] == [None, 3]


def test_a_missing_march_matters_nothing_to_april() -> None:
    assert added(catalogue(), "2026-02", 50, None, 4) == [None, 4]


def test_an_academic_year_restarts_in_september() -> None:
    of = catalogue(restarts_in="academic")
    assert added(of, "2026-07", 70, 80, 6, 9) == [None, 10, 6, 3]


@pytest.mark.parametrize(
    ("frequency", "start", "given", "expected"),
    [
        ("quarterly", "2025-26-Q3", (30, 50, 8, 15), [None, 20, 8, 7]),
        ("half-yearly", "2025-26-H1", (30, 50, 8, 15), [30, 20, 8, 7]),
        ("annual", "2024-25", (30, 50), [30, 50]),
    ],
)
def test_quarters_and_half_years_are_within_their_year(
    frequency: str, start: str, given: tuple[float, ...], expected: list[float | None]
) -> None:
    assert added(catalogue(frequency=frequency), start, *given) == expected


PERCENTAGE = {"kind": "percentage", "numerator": "Done", "denominator": "Due"}


def test_of_a_percentage_the_parts_are_subtracted_and_never_the_percentages() -> None:
    of = catalogue(**PERCENTAGE)
    frame = judged(of, figures(of, "2026-04", (10, 20), (40, 60), (70, 100), (75, 110)))
    assert [column(frame, name) for name in IN_PERIOD] == [[50, 75, 75, 50], [10, 30, 30, 5], [20, 40, 40, 10]]
    assert column(frame, "actual")[1:] == pytest.approx([200 / 3, 70, 750 / 11])


def test_where_nothing_was_due_in_a_month_it_has_no_percentage() -> None:
    of = catalogue(**PERCENTAGE)
    assert added(of, "2026-04", (10, 20), (10, 20), (11, 21)) == [50, None, 100]


def test_a_percentage_or_a_count_that_cannot_be_shows_that_earlier_months_were_corrected_and_is_left_out() -> None:
    assert added(catalogue(**PERCENTAGE), "2026-04", (10, 20), (8, 30), (20, 35)) == [50, None, None]
    assert added(catalogue(kind="count"), "2026-04", 10, 7, 9) == [10, None, 2]
    assert added(catalogue(kind="money"), "2026-04", 10, 7, 9) == [10, -3, 2]


@pytest.mark.parametrize("fields", [{"kind": "percentage"}, {"kind": "duration"}, {"kind": "number"}])
def test_percentages_and_means_without_parts_cannot_be_subtracted_and_get_no_verdict(fields: dict[str, Any]) -> None:
    of = catalogue(**fields)
    frame = judged(of, figures(of, "2025-04", *range(40, 60)))
    assert set(column(frame, IN_PERIOD[0])) == {None}
    assert set(column(frame, "movement")) == {""}
    assert set(column(frame, "trend")) == {"not judged"}
    verdict = process(of, frame)
    assert (verdict.variation, verdict.assurance, verdict.trend, verdict.flag) == (None, None, "not judged", "")
    assert verdict.words == "Figures to date are not comparable, and without parts the periods alone are not known."


def test_figures_of_a_period_have_no_such_column() -> None:
    assert added(catalogue(measure="period", restarts_in=None), "2026-04", 1, 2) == [None, None]


@st.composite
def years(draw: st.DrawFn) -> tuple[list[Decimal], list[bool]]:
    """What each month from January 2025 on added, and which months were returned."""
    amount = st.decimals(-10_000, 10_000, places=2, allow_nan=False, allow_infinity=False)
    months = draw(st.lists(amount, min_size=1, max_size=40))
    return months, draw(st.lists(st.booleans(), min_size=len(months), max_size=len(months)))


@draws(30)
@given(years())
def test_what_the_months_of_a_year_added_makes_the_figure_to_date(year: tuple[list[Decimal], list[bool]]) -> None:
    months, returned = year
    of = catalogue(restarts_in="financial")
    to_date, running = [], Decimal(0)
    for number, amount in enumerate(months):
        running = amount if number % 12 == 3 else running + amount
        to_date.append(running)
    given_figures = [float(each) if was else None for each, was in zip(to_date, returned, strict=True)]
    frame = judged(of, figures(of, "2025-01", *given_figures)) if any(returned) else None
    told = dict(zip(frame["period"], frame[IN_PERIOD[0]], strict=True)) if frame is not None else {}
    for number, amount in enumerate(months):
        if returned[number]:
            known = number % 12 == 3 or (number > 0 and returned[number - 1])
            period = str(Period.parse("2025-01", Frequency.MONTHLY).next(number))
            assert told[period] == float(amount) if known else isnan(told[period])


# ---- orgs ----------------------------------------------------------------------------------------------------------


def summed(method: str = "sum", **fields: Any) -> Catalogue:
    return catalogue(orgs=["NORTH", "SOUTH"], roll_up={"orgs": method, "time": "last"}, **fields)


def test_orgs_are_added_to_date_and_so_is_what_they_added() -> None:
    of = summed()
    frame = judged(
        of, figures(of, "2026-04", -100, -250, -600, org="NORTH"), figures(of, "2026-04", 50, None, 40, org="SOUTH")
    )
    assert column(frame, "actual") == [-50, -250, -560]
    assert column(frame, "partial") == [False, True, False]
    assert column(frame, IN_PERIOD[0]) == [-50, None, None]  # nobody knows what SOUTH added in May, nor in June


def test_an_org_that_returns_for_the_first_time_is_not_taken_for_a_good_month_of_both() -> None:
    of = summed("parts", **PERCENTAGE)
    frame = judged(
        of,
        figures(of, "2026-04", (10, 20), (20, 40), (30, 60), org="NORTH"),
        figures(of, "2026-04", None, (90, 90), (91, 92), org="SOUTH"),
    )
    assert column(frame, "reported") == [1, 2, 2]
    assert column(frame, IN_PERIOD[0]) == [
        None,
        None,
        50.0,
    ]  # 10 + 1 of 20 + 2; May has 90 of 90 that April had in part


def test_an_org_to_which_it_no_longer_applies_takes_nothing_away_that_the_others_added() -> None:
    of = summed()
    frame = judged(
        of, figures(of, "2026-04", 100, 160, 190, org="NORTH"), figures(of, "2026-04", 50, "n/a", "n/a", org="SOUTH")
    )
    assert column(frame, "actual") == [150, 160, 190]
    assert column(frame, IN_PERIOD[0]) == [150, 60, 30]


def test_the_worst_of_several_to_date_added_nothing_of_its_own() -> None:
    of = summed("worst")
    frame = judged(of, figures(of, "2026-04", 5, 9, org="NORTH"), figures(of, "2026-04", 7, 8, org="SOUTH"))
    assert (column(frame, "actual"), column(frame, IN_PERIOD[0])) == ([5, 8], [None, None])


# ---- over time -----------------------------------------------------------------------------------------------------


def spans(of: Catalogue, frame: pd.DataFrame, as_at: str) -> dict[str, tuple[Any, ...]]:
    rows = roll_up_time(of, frame, Period.parse(as_at, Frequency.MONTHLY)).to_dict("records")
    return {row["span"]: (row["actual"], row["rag"], row["span_label"]) for row in rows}


def test_the_quarter_and_the_year_are_the_figure_to_date_of_their_last_month() -> None:
    of = catalogue(targets=[{"from": "2024-25", "target": 0, "tolerance": {"absolute": 500}}])
    told = spans(of, figures(of, "2026-04", -700, -1400, -2100), "2026-06")
    assert told["Quarter"] == (-2100, "Red", "Quarter 1 2026-27 (April to June 2026)")
    assert told["Year to date"] == (-2100, "Red", "April to June 2026")


def test_the_year_to_date_is_the_year_in_which_the_figures_restart() -> None:
    of = catalogue(restarts_in="academic")
    assert spans(of, figures(of, "2026-08", 90, 4, 9), "2026-10")["Year to date"][2] == "September to October 2026"


# ---- movement, trend and SPC ---------------------------------------------------------------------------------------


def to_date(*months: float) -> list[float]:
    """Figures to date of months from April on."""
    return [sum(months[number - number % 12 : number + 1]) for number in range(len(months))]


MONTHS = [40, 44, 38, 45, 41, 39, 46, 42, 40, 43, 37, 44, 41, 45, 39, 42]


@pytest.mark.parametrize("tail", [(), (60,), (38, 37, 36, 35, 34, 33, 32)])
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_the_process_is_the_one_of_the_months_not_of_the_saw_tooth(tail: tuple[float, ...], direction: str) -> None:
    months = [*MONTHS, *tail]
    targets = [{"from": "2024-25", "target": 300}]
    cumulative, monthly = (
        catalogue(kind="count", direction=direction, targets=targets, **fields)
        for fields in ({}, {"measure": "period", "restarts_in": None})
    )
    by_year = judged(cumulative, figures(cumulative, "2025-04", *to_date(*months)))
    by_month = judged(monthly, figures(monthly, "2025-04", *months))
    for name in ("movement", "change", "trend"):
        assert column(by_year, name) == column(by_month, name)
    found, expected = processes(cumulative, by_year), processes(monthly, by_month)
    pd.testing.assert_frame_equal(found.chart, expected.chart)
    its, wanted = found.verdicts["K", "TRUST"], expected.verdicts["K", "TRUST"]
    assert (its.variation, its.trend, its.points_words) == (wanted.variation, wanted.trend, wanted.points_words)
    # The target of 300 is one to date; the month of 40, by which `monthly` would miss it, says nothing of that.
    assert (its.assurance, wanted.assurance is None) == (None, False)
    assert its.words.startswith("Judged by what each period added, not by the figure to date: ")
    assert "the target is for the figure to date, so there is no assurance" in its.words


@pytest.mark.parametrize("ruleset", ["mdc", "nhsr"])
def test_a_target_that_grows_with_the_year_is_no_reason_against_a_verdict(ruleset: str) -> None:
    targets = [{"from": f"2025-{month:02}", "target": 40 * (month - 3)} for month in range(4, 13)]
    of = catalogue(kind="count", targets=targets)
    of = of.model_copy(update={"rules": Rules.model_validate({"spc_ruleset": ruleset})})
    verdict = process(of, judged(of, figures(of, "2025-04", *to_date(*MONTHS))))
    assert (verdict.variation, verdict.assurance, verdict.reason) == ("common_cause", None, "")


def test_no_figures_at_all_are_no_fault() -> None:
    of = catalogue()
    assert judged(of, figures(of, "2026-04")).empty


def test_a_last_month_of_which_nobody_knows_what_it_added_is_not_said_to_have_no_figure() -> None:
    of = catalogue(kind="count")
    given = [*to_date(*MONTHS), None, 300]
    words = process(of, judged(of, figures(of, "2025-04", *given))).words
    assert words.startswith(
        "Judged by what each period added, not by the figure to date: what the last period added is not known"
    )


def test_with_a_season_the_figure_to_date_is_compared_with_the_one_a_year_before() -> None:
    of = catalogue(seasonal=True)
    frame = judged(of, figures(of, "2025-04", *to_date(*([10] * 12)), 5, 25))
    assert column(frame, "last_year")[-2:] == ["worse", "better"]  # 5 after 10, 25 after 20
    assert column(frame, "movement")[-2:] == ["worse", "better"]  # 5 after 10 in March, 20 after 5


def test_of_what_a_month_adds_to_a_range_neither_way_is_better() -> None:
    spending = {"direction": "range", "possible": [0, 200], **PERCENTAGE}
    of = catalogue(targets=[{"from": "2024-25", "low": 98, "high": 100}], **spending)
    frame = judged(of, figures(of, "2026-04", (99, 100), (196, 200), (297, 300), (400, 400), (505, 500)))
    assert column(frame, "rag") == ["Green", "Green", "Green", "Green", "Red"]
    assert column(frame, IN_PERIOD[0]) == [99, 97, 101, 103, 105]
    assert column(frame, "movement") == ["", "down", "up", "up", "up"]
    assert column(frame, "trend")[-1] == "rising"


def test_a_change_that_counts_is_one_of_what_the_months_added() -> None:
    of = catalogue(material={"absolute": 10})
    assert column(judged(of, figures(of, "2026-04", 100, 205, 315)), "movement") == ["", "same", "same"]
    assert column(judged(of, figures(of, "2026-04", 100, 210, 330)), "movement") == ["", "better", "better"]


def test_a_proposal_because_it_is_worse_names_what_the_months_added() -> None:
    data = catalogue_data()["escalation"] | {
        "stages": [
            {"id": "s1", "name": "First", "enter": {"consecutive_red": 9}, "leave": {"consecutive_green": 2}},
            {"id": "s2", "name": "Second", "enter": {"deteriorating_for": 2}, "leave": {"consecutive_green": 2}},
        ]
    }
    of = catalogue(targets=[{"from": "2024-25", "target": 0}])
    of = Catalogue.model_validate(of.model_dump(mode="json", by_alias=True) | {"escalation": data})
    # More is lost each month, though the figure of April, which restarts, is better than that of March.
    frame = judged(of, figures(of, "2026-02", -900, -910, -20, -50, -90))
    decided = {
        ("K", "TRUST"): [Decided("First", "Chief Executive", Period.parse("2026-04", Frequency.MONTHLY).last_day)]
    }
    as_of = Period.parse("2026-07", Frequency.MONTHLY).first_day
    proposal = escalations(of, frame, processes(of, frame).verdicts, EscalationInputs(as_of, decided, {}))["K", "TRUST"]
    assert proposal.stage == "Second"
    assert proposal.reason.startswith(
        "Worse in May 2026 (-30 in the period) and Jun 2026 (-40 in the period) since First"
    )


def test_months_shared_between_figures_are_no_trend_unless_they_share_none() -> None:
    shares = {"measure": "rolling", "over_months": 12, "restarts_in": None, "kind": "number"}
    monthly, yearly = catalogue(**shares), catalogue(frequency="annual", **shares)
    assert column(judged(monthly, figures(monthly, "2025-04", 1, 2, 3, 4, 5)), "trend") == ["not judged"] * 5
    frame = judged(yearly, figures(yearly, "2020-21", 1, 2, 3, 4))
    assert column(frame, "trend")[-1] == "improving"
    assert process(yearly, frame).reason == "4 of 13 points"


@pytest.mark.parametrize(
    ("parts", "drawn"),
    [
        # A fund of 100 for the whole year: what the second half added is a share of nothing.
        (((59.0, 100.0), (94.0, 100.0), (60.0, 100.0), (98.0, 100.0)), "actual"),
        (((29.0, 50.0), (77.0, 100.0), (30.0, 50.0), (79.0, 100.0)), IN_PERIOD[0]),
        (((59.0, 100.0),), IN_PERIOD[0]),
    ],
)
def test_a_chart_draws_figures_to_date_where_it_is_not_known_what_periods_added(
    parts: tuple[Parts, ...], drawn: str
) -> None:
    of = catalogue(kind="percentage", numerator="Committed", denominator="Fund", frequency="half-yearly")
    rows: list[Any] = assess(of, figures(of, "2024-25-H1", *parts)).to_dict("records")
    assert drawn_column(of.kpis[0], rows) == drawn
