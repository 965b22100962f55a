"""Quarter and year to date, of a KPI that TRUST, or NORTH and SOUTH below it, report each month of 2026-27."""

from __future__ import annotations

from math import isnan, nan
from typing import Any

import pandas as pd
import pytest

from tests.conftest import catalogue_data, make_kpi
from xlperf.catalogue import Catalogue
from xlperf.period import Frequency, Period
from xlperf.rules.rollup import roll_up_orgs, roll_up_time

Said = tuple[float, float] | float | str | None
QUARTER, YEAR = "Quarter", "Year to date"


def catalogue(method: str, calendar: dict[str, Any] | None = None, **changes: Any) -> Catalogue:
    parts = {"numerator": "Done", "denominator": "Due"} if method == "parts" else {}
    kpi = make_kpi(
        id="K", **({"frequency": "monthly", "kind": "number", "roll_up": {"time": method}} | parts | changes)
    )
    return Catalogue.model_validate(catalogue_data() | {"kpis": [kpi]} | ({"calendar": calendar} if calendar else {}))


def figures(of: Catalogue, *said: Said, start: str = "2026-04", org: str = "TRUST") -> pd.DataFrame:
    """Figures of K, period after period; None for a period without a row, nan for a row without a figure."""
    first = of.kpis[0].period(start)
    rows = []
    for step, value in enumerate(said):
        if value is None:
            continue
        parts = value if isinstance(value, tuple) else (nan, nan)
        number = float(value) if isinstance(value, int | float) else nan
        status = value if isinstance(value, str) and value != "n/a" else ""
        rows.append(("K", org, str(first.next(step)), number, *map(float, parts), status, value == "n/a"))
    columns = ["kpi_id", "org", "period", "actual", "numerator", "denominator", "milestone", "not_applicable"]
    return pd.DataFrame(rows, columns=columns)


def rows_of(of: Catalogue, frame: pd.DataFrame, as_at: str = "2026-09") -> dict[tuple[str, str], dict[str, Any]]:
    """The rolled-up rows by org and span, as at a month (or a quarter)."""
    period = Period.parse(as_at, Frequency.MONTHLY if len(as_at) == 7 else None)
    records = roll_up_time(of, frame, period).to_dict("records")
    return {(row["org"], row["span"]): {str(name): value for name, value in row.items()} for row in records}


def year(of: Catalogue, *said: Said, as_at: str = "2026-09") -> dict[str, Any]:
    """The year to date of figures from April 2026 on."""
    return rows_of(of, figures(of, *said), as_at)[("TRUST", YEAR)]


def target(size: float, **changes: Any) -> list[dict[str, Any]]:
    return [{"from": "2024-25", "target": size, **changes}]


# ---- the spans -----------------------------------------------------------------------------------------------------


def test_the_quarter_and_the_year_so_far() -> None:
    of = catalogue("sum")
    rows = rows_of(of, figures(of, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0))
    told = ("actual", "first_period", "last_period", "span_label", "reported_periods", "expected_periods")
    assert {span: tuple(row[name] for name in told) for (_, span), row in rows.items()} == {
        QUARTER: (56.0, "2026-07", "2026-09", "Quarter 2 2026-27 (July to September 2026)", 3, 3),
        YEAR: (63.0, "2026-04", "2026-09", "April to September 2026", 6, 6),
    }


@pytest.mark.parametrize(
    ("as_at", "quarter", "year"),
    [
        ("2026-04", "Quarter 1 2026-27 to date (April 2026)", "April 2026"),
        ("2026-05", "Quarter 1 2026-27 to date (April to May 2026)", "April to May 2026"),
        ("2026-27-Q1", "Quarter 1 2026-27 (April to June 2026)", "April to June 2026"),
        ("2027-01", "Quarter 4 2026-27 to date (January 2027)", "April 2026 to January 2027"),
    ],
)
def test_a_span_says_which_months_are_in_it(as_at: str, quarter: str, year: str) -> None:
    of = catalogue("sum")
    rows = rows_of(of, figures(of, *([1.0] * 12)), as_at)
    assert (rows["TRUST", QUARTER]["span_label"], rows["TRUST", YEAR]["span_label"]) == (quarter, year)


def test_a_span_begins_when_the_kpi_does() -> None:
    row = year(catalogue("sum", reported_from="2026-06"), 1.0, 2.0, 4.0, 8.0, as_at="2026-07")
    assert (row["actual"], row["span_label"], row["expected_periods"]) == (12.0, "June to July 2026", 2)


@pytest.mark.parametrize(
    ("frequency", "start", "as_at", "expected"),
    [
        ("quarterly", "2026-27-Q1", "2026-11", {YEAR: (3.0, "April to September 2026")}),
        ("quarterly", "2026-27-Q1", "2026-09", {YEAR: (3.0, "April to September 2026")}),
        ("half-yearly", "2026-27-H1", "2026-11", {YEAR: (1.0, "April to September 2026")}),
        ("half-yearly", "2026-27-H1", "2026-08", {}),
        ("annual", "2025-26", "2026-11", {}),
        ("academic-year", "2025/26", "2026-11", {}),
    ],
)
def test_only_what_is_shorter_than_a_span_is_put_together(
    frequency: str, start: str, as_at: str, expected: dict[str, Any]
) -> None:
    of = catalogue("sum", frequency=frequency)
    rows = rows_of(of, figures(of, 1.0, 2.0, 4.0, start=start), as_at)
    assert {span: (row["actual"], row["span_label"]) for (_, span), row in rows.items()} == expected


@pytest.mark.parametrize(
    ("frequency", "start", "actual", "label"),
    [
        ("monthly", "2026-07", 3 * 4.0, "September to November 2026"),
        ("quarterly", "2026-27-Q1", 2 * 4.0, "April to September 2026"),
    ],
)
def test_an_academic_year_is_made_of_months_only(frequency: str, start: str, actual: float, label: str) -> None:
    entry = {"return_deadline": "2027-09-17", "hard_close": "2027-09-24", "board_date": "2027-09-30"}
    of = catalogue(
        "sum",
        {"frequency": "academic-year", "periods": [{"period": "2026/27", **entry}]},
        frequency=frequency,
    )
    row = rows_of(of, figures(of, *([4.0] * 6), start=start), "2026-11")["TRUST", YEAR]
    assert (row["actual"], row["span_label"]) == (actual, label)


def test_no_figure_in_a_span_is_no_row() -> None:
    of = catalogue("sum")
    assert set(rows_of(of, figures(of, 1.0), "2026-07")) == {("TRUST", YEAR)}
    assert rows_of(of, figures(of), "2026-07") == {}


# ---- the methods ---------------------------------------------------------------------------------------------------


def test_parts_are_added_and_percentages_are_not_averaged() -> None:
    row = year(catalogue("parts", kind="percentage"), (9, 10), (10, 100), as_at="2026-05")
    assert (row["numerator"], row["denominator"], row["actual"]) == (19, 110, 17.2727272727273)
    assert row["shown"] == "17.3"


def test_a_mean_over_time_counts_days() -> None:
    row = year(catalogue("weighted"), 10.0, 20.0, as_at="2026-05")
    assert row["actual"] == pytest.approx((30 * 10 + 31 * 20) / 61, rel=1e-15)


@pytest.mark.parametrize(
    ("said", "expected", "reported"), [((5.0, 3.0), 3.0, 2), ((5.0, nan), nan, 1), ((5.0,), nan, 1)]
)
def test_the_last_is_that_of_the_last_period_or_none(said: tuple[float, ...], expected: float, reported: int) -> None:
    row = year(catalogue("last"), *said, as_at="2026-05")
    assert row["actual"] == expected or (isnan(expected) and isnan(row["actual"]))
    assert (row["rag"], row["reported_periods"]) == ("Not returned" if isnan(expected) else "Red", reported)


def test_the_worst_by_direction_and_by_the_range_of_the_last_period() -> None:
    assert year(catalogue("worst"), 5.0, 3.0, 4.0)["actual"] == 3.0
    ranges = [{"from": "2026-04", "low": 0, "high": 9}, {"from": "2026-09", "low": 6, "high": 9}]
    assert year(catalogue("worst", direction="range", targets=ranges), 5.0, 3.0, 8.0)["actual"] == 3.0


@pytest.mark.parametrize(("method", "expected"), [("worst", ("Off track", "Red")), ("last", ("Complete", "Blue"))])
def test_milestones(method: str, expected: tuple[str, str]) -> None:
    row = year(catalogue(method, kind="milestone", targets=[]), "Off track", "Complete", as_at="2026-05")
    assert (row["milestone"], row["rag"]) == expected
    assert row["shown"] == row["milestone"]


# ---- judged --------------------------------------------------------------------------------------------------------


def test_a_sum_is_judged_by_the_sum_of_its_targets() -> None:
    targets = [
        {"from": "2026-04", "target": "10.1", "tolerance": {"absolute": 1}},
        {"from": "2026-05", "target": "20.2", "tolerance": {"absolute": 2}},
    ]
    of = catalogue("sum", targets=targets)
    row = year(of, 10.2, 20.1, as_at="2026-05")
    assert (row["green_from"], row["amber_from"], row["rag"]) == (30.3, 27.3, "Green")
    assert year(of, 7.2, 20.1, as_at="2026-05")["rag"] == "Amber"
    assert year(of, 7.1, 20.1, as_at="2026-05")["rag"] == "Red"


def test_a_relative_tolerance_is_of_the_summed_target() -> None:
    row = year(catalogue("sum", targets=target(50, tolerance={"relative": 10})), 45.0, 45.0, as_at="2026-05")
    assert (row["green_from"], row["amber_from"], row["rag"]) == (100, 90, "Amber")


def test_a_sum_with_a_period_that_had_no_target_has_none() -> None:
    row = year(catalogue("sum", targets=[{"from": "2026-05", "target": 1}]), 5.0, 5.0, as_at="2026-05")
    assert (isnan(row["green_from"]), row["rag"]) == (True, "No target")


@pytest.mark.parametrize("method", ["weighted", "worst", "last"])
def test_the_others_are_judged_by_the_target_of_the_last_period(method: str) -> None:
    targets = [{"from": "2026-04", "target": 99}, {"from": "2026-06", "target": 5}, {"from": "2026-07", "target": 99}]
    row = year(catalogue(method, targets=targets), 5.0, 5.0, 5.0, as_at="2026-06")
    assert (row["green_from"], row["rag"]) == (5, "Green")


@pytest.mark.parametrize("missing", [None, nan])
def test_an_incomplete_sum_is_shown_and_never_rated(missing: float | None) -> None:
    row = year(catalogue("sum", targets=target(1)), 5.0, missing, 5.0, as_at="2026-06")
    assert (row["actual"], row["shown"], row["partial"], row["rag"]) == (10.0, "10.0", True, "Not returned")
    assert (row["reported_periods"], row["expected_periods"], isnan(row["green_from"])) == (2, 3, True)


@pytest.mark.parametrize(("method", "actual"), [("worst", 5.0), ("weighted", 5.0)])
def test_the_others_are_judged_on_the_periods_there_are(method: str, actual: float) -> None:
    row = year(catalogue(method, targets=target(1)), 5.0, None, 5.0, as_at="2026-06")
    assert (row["actual"], row["partial"], row["rag"], row["reported_periods"]) == (actual, False, "Green", 2)


def test_a_period_that_did_not_apply_is_neither_expected_nor_aimed_at() -> None:
    row = year(catalogue("sum", targets=target(4)), 5.0, "n/a", 3.0, as_at="2026-06")
    assert (row["reported_periods"], row["expected_periods"], row["green_from"], row["rag"]) == (2, 2, 8, "Green")


def test_a_span_in_which_nothing_applied_says_so() -> None:
    row = year(catalogue("sum"), "n/a", "n/a", as_at="2026-05")
    assert (row["rag"], row["expected_periods"], row["partial"]) == ("Not applicable", 0, False)
    assert year(catalogue("last"), 5.0, "n/a", as_at="2026-05")["rag"] == "Not applicable"
    assert year(catalogue("last"), "n/a", 5.0, as_at="2026-05")["rag"] == "Red"


def test_a_last_period_that_nobody_has_returned_is_not_one_that_did_not_apply() -> None:
    assert year(catalogue("last"), 5.0, "n/a", as_at="2026-06")["rag"] == "Not returned"


def test_a_figure_that_rounds_into_another_colour_says_so() -> None:
    assert year(catalogue("weighted", targets=target(95)), 94.96, as_at="2026-04")["shown"] == "94.96, shown 95.0"


# ---- of orgs that are themselves rolled up -------------------------------------------------------------------------


def two_sites(of: Catalogue, north: tuple[Said, ...], south: tuple[Said, ...]) -> pd.DataFrame:
    """Figures of both sites, and of TRUST rolled up from them."""
    frame = pd.concat([figures(of, *north, org="NORTH"), figures(of, *south, org="SOUTH")])
    returned = frame.assign(rolled_up=False, reported=1, expected=1, partial=False)
    return pd.concat([returned, roll_up_orgs(of, returned)])


def sites(orgs: str, time: str, **changes: Any) -> Catalogue:
    roll_up = {"orgs": orgs, "time": time, **changes.pop("roll_up", {})}
    return catalogue(time, orgs=["NORTH", "SOUTH"], roll_up=roll_up, **changes)


def test_a_summed_org_is_judged_by_its_own_targets_over_time_too() -> None:
    of = sites("sum", "sum", targets=target(1), roll_up={"targets": target(10)})
    rows = rows_of(of, two_sites(of, (4.0, 4.0), (5.0, 6.0)), "2026-05")
    assert {org: (rows[org, YEAR]["green_from"], rows[org, YEAR]["rag"]) for org in ("TRUST", "NORTH")} == {
        "TRUST": (20, "Red"),
        "NORTH": (2, "Green"),
    }


@pytest.mark.parametrize("time", ["sum", "worst", "weighted"])
def test_a_span_with_an_incomplete_sum_in_it_is_not_rated(time: str) -> None:
    of = sites("sum", time, roll_up={"targets": target(1)})
    rows = rows_of(of, two_sites(of, (4.0, 4.0), (5.0,)), "2026-05")
    row = rows["TRUST", YEAR]
    assert (row["partial"], row["rag"], row["reported_periods"], row["expected_periods"]) == (
        True,
        "Not returned",
        1,
        2,
    )
    assert rows["NORTH", YEAR]["partial"] is False


def test_an_incomplete_month_matters_to_the_last_only_if_it_is_the_last() -> None:
    of = sites("sum", "last", roll_up={"targets": target(1)})
    assert rows_of(of, two_sites(of, (4.0, 4.0), (None, 5.0)), "2026-05")["TRUST", YEAR]["rag"] == "Green"
    assert rows_of(of, two_sites(of, (4.0, 4.0), (5.0,)), "2026-05")["TRUST", YEAR]["rag"] == "Not returned"


def test_the_worst_of_several_orgs_has_no_parts_to_add_over_time() -> None:
    of = sites("worst", "parts", kind="percentage")
    rows = rows_of(of, two_sites(of, ((1, 2), (1, 2)), ((1, 4), (1, 4))), "2026-05")
    assert {org for org, _ in rows} == {"NORTH", "SOUTH"}


def test_rows_come_in_catalogue_order() -> None:
    of = sites("sum", "sum")
    frame = two_sites(of, (4.0,), (5.0,)).iloc[::-1]
    rows = roll_up_time(of, frame, Period.parse("2026-04"))
    assert list(zip(rows["org"], rows["span"], strict=True)) == [
        (org, span) for org in ("TRUST", "NORTH", "SOUTH") for span in (QUARTER, YEAR)
    ]
