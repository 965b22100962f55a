"""Organisations in time: who should report is who is open on the last day of the period.

TRUST stands above NORTH (above N1, N2) and SOUTH (above S1). Results are worked out by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import nan
from typing import Any

import pandas as pd
import pytest

from tests.conftest import catalogue_data, make_kpi
from xlperf.catalogue import Catalogue
from xlperf.period import Frequency, Period
from xlperf.rules.assess import assess
from xlperf.rules.rollup import Trees, members, roll_up_orgs, roll_up_time

PARENTS = {"TRUST": None, "NORTH": "TRUST", "N1": "NORTH", "N2": "NORTH", "SOUTH": "TRUST", "S1": "SOUTH"}
Days = Mapping[str, dict[str, str]]
Said = Mapping[tuple[str, str], float | str]
"""Figures by org and month; "n/a" where the KPI did not apply."""


def orgs_of(days: Days) -> list[dict[str, Any]]:
    return [{"code": code, "name": code, "parent": parent, **days.get(code, {})} for code, parent in PARENTS.items()]


def catalogue(days: Days, orgs: Any = ("N1", "N2", "S1"), **changes: Any) -> Catalogue:
    """KPI K, monthly, summed over orgs and over time; `days` are those on which orgs are open."""
    tree = orgs_of(days)
    kpi = make_kpi(
        id="K", kind="count", direction="lower", frequency="monthly", orgs=list(orgs),
        roll_up={"orgs": "sum", "time": "sum", "targets": [{"from": "2024-25", "target": 30}]},
        targets=[{"from": "2024-25", "target": 10}], **changes,
    )  # fmt: skip
    return Catalogue.model_validate(catalogue_data() | {"orgs": tree, "kpis": [kpi]})


def frame(said: Said) -> pd.DataFrame:
    rows = [
        ("K", org, month, nan if value == "n/a" else float(value), nan, nan, "", value == "n/a")
        for (org, month), value in said.items()
    ]
    columns = ["kpi_id", "org", "period", "actual", "numerator", "denominator", "milestone", "not_applicable"]
    return pd.DataFrame(rows, columns=columns)


def month(text: str) -> Period:
    return Period.parse(text, Frequency.MONTHLY)


def of_trust(of: Catalogue, said: Said) -> dict[str, tuple[float, str]]:
    """By month the trust's sum and `k of n`; the sum of a partial one has a minus before it."""
    rolled_up = roll_up_orgs(of, frame(said))
    rows = rolled_up[rolled_up["org"] == "TRUST"].to_dict("records")
    return {
        row["period"]: (-row["actual"] if row["partial"] else row["actual"], f"{row['reported']} of {row['expected']}")
        for row in rows
    }


def year_to_date(of: Catalogue, said: Said, org: str, as_at: str) -> tuple[float, str, str]:
    figures = frame(said).assign(rolled_up=False, partial=False)
    figures = pd.concat([figures, roll_up_orgs(of, figures)], ignore_index=True)
    spans = roll_up_time(of, figures, month(as_at))
    (row,) = spans[(spans["org"] == org) & (spans["span"] == "Year to date")].to_dict("records")
    return row["actual"], f"{row['reported_periods']} of {row['expected_periods']}", row["rag"]


CLOSED_IN_MAY = {"S1": {"until": "2026-05-31"}}
THREE = {("N1", "2026-04"): 1, ("N2", "2026-04"): 2, ("S1", "2026-04"): 4, ("N1", "2026-05"): 1, ("N2", "2026-05"): 2}
THREE |= {("S1", "2026-05"): 4, ("N1", "2026-06"): 1, ("N2", "2026-06"): 2}


def test_a_closed_org_is_missing_from_no_sum() -> None:
    assert of_trust(catalogue({}), THREE)["2026-06"] == (-3, "2 of 3")
    assert of_trust(catalogue(CLOSED_IN_MAY), THREE) == {
        "2026-04": (7, "3 of 3"),
        "2026-05": (7, "3 of 3"),
        "2026-06": (3, "2 of 2"),
    }


@pytest.mark.parametrize(("until", "expected"), [("2026-05-30", "2 of 2"), ("2026-05-31", "2 of 3")])
def test_it_is_due_if_it_is_open_on_the_last_day_of_the_period(until: str, expected: str) -> None:
    said = {key: value for key, value in THREE.items() if key != ("S1", "2026-05")}
    assert of_trust(catalogue({"S1": {"until": until}}), said)["2026-05"][1] == expected


@pytest.mark.parametrize(("opens", "expected"), [("2026-05-31", "2 of 3"), ("2026-06-01", "2 of 2")])
def test_an_org_that_has_not_opened_is_missing_from_no_sum(opens: str, expected: str) -> None:
    said = {key: value for key, value in THREE.items() if key[0] != "S1"}
    assert of_trust(catalogue({"S1": {"from": opens}}), said)["2026-05"][1] == expected


def test_the_days_may_be_of_one_kpi_alone() -> None:
    of = catalogue({}, ["N1", "N2", {"org": "S1", "until": "2026-05-31"}])
    assert of_trust(of, THREE)["2026-06"] == (3, "2 of 2")


def test_what_a_closed_org_gives_anyway_counts() -> None:
    assert of_trust(catalogue(CLOSED_IN_MAY), THREE | {("S1", "2026-06"): 5})["2026-06"] == (8, "3 of 3")
    assert of_trust(catalogue(CLOSED_IN_MAY), THREE | {("S1", "2026-06"): "n/a"})["2026-06"] == (3, "2 of 2")


def test_a_closed_orgs_figure_is_not_counted_beside_those_of_the_orgs_that_it_was_divided_into() -> None:
    of = catalogue(
        {"N1": {"from": "2026-05-01"}, "N2": {"from": "2026-05-01"}},
        [{"org": "NORTH", "until": "2026-04-30"}, "N1", "N2", "S1"],
    )
    said = {("NORTH", "2026-04"): 9, ("S1", "2026-04"): 1, ("S1", "2026-05"): 1, ("N1", "2026-05"): 4}
    said |= {("N2", "2026-05"): 4, ("NORTH", "2026-05"): 100}
    assert of_trust(of, said) == {"2026-04": (10, "2 of 2"), "2026-05": (9, "3 of 3")}


def test_who_an_org_is_made_of_is_of_the_period() -> None:
    of = catalogue({"N1": {"until": "2026-05-31"}, "N2": {"from": "2026-06-01"}})
    kpi = of.kpis[0]
    assert members(of, kpi, month("2026-05"))["TRUST"] == ("N1", "S1")
    assert members(of, kpi, month("2026-06"))["TRUST"] == ("N2", "S1")
    assert members(of, kpi)["TRUST"] == ("N1", "N2", "S1")


def test_a_year_to_date_expects_the_months_in_which_the_org_was_open() -> None:
    """4 + 4 in April and May, against two months' targets of 10 each; of three months, June would be missing."""
    assert year_to_date(catalogue({}), THREE, "S1", "2026-06") == (8, "2 of 3", "Not returned")
    assert year_to_date(catalogue(CLOSED_IN_MAY), THREE, "S1", "2026-06") == (8, "2 of 2", "Green")


def test_the_sum_of_a_sum_does_not_miss_a_closed_org() -> None:
    """7 + 7 + 3, against three months' targets of 30 each."""
    assert year_to_date(catalogue({}), THREE, "TRUST", "2026-06")[1:] == ("2 of 3", "Not returned")
    assert year_to_date(catalogue(CLOSED_IN_MAY), THREE, "TRUST", "2026-06") == (17, "3 of 3", "Green")


def test_the_last_of_a_year_is_that_of_the_last_month_in_which_the_org_was_open() -> None:
    last = {"roll_up": {"orgs": "sum", "time": "last"}}
    of = Catalogue.model_validate(
        catalogue_data()
        | {
            "orgs": orgs_of(CLOSED_IN_MAY),
            "kpis": [make_kpi(id="K", kind="count", frequency="monthly", orgs=["N1", "S1"], **last)],
        }
    )  # fmt: skip
    assert year_to_date(of, THREE | {("S1", "2026-05"): 6}, "S1", "2026-06")[:2] == (6, "2 of 2")


def test_the_series_of_a_sum_goes_on_when_an_org_has_closed() -> None:
    of = catalogue(CLOSED_IN_MAY)
    figures = frame(THREE).assign(rolled_up=False, partial=False, reported=1, expected=1)
    judged = assess(of, pd.concat([figures, roll_up_orgs(of, figures)], ignore_index=True))
    trust = judged[judged["org"] == "TRUST"]
    assert trust["rag"].tolist() == ["Green"] * 3
    assert trust["points"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("days", "rolled_up"),
    [
        ({"S1": {"from": "2027-01-01"}}, ["TRUST"]),  # NORTH is made of the same until S1 opens
        ({"S1": {"from": "2026-06-01"}}, ["NORTH (June)", "TRUST"]),
        ({"S1": {"until": "2026-05-31"}}, ["NORTH", "TRUST"]),
    ],
)
def test_an_org_is_rolled_up_from_when_it_is_made_of_other_orgs_than_the_one_above_it(
    days: Days, rolled_up: list[str]
) -> None:
    """N1 and N2 report below NORTH, and S1 beside it: what S1 will be changes nothing that ended before."""
    of = catalogue(days)
    said = {key: value for key, value in THREE.items() if key[0] != "S1"}
    rows = roll_up_orgs(of, frame(said))
    months = rows[rows["org"] != "SOUTH"].groupby("org", sort=False)["period"].agg(list)
    whole = ["2026-04", "2026-05", "2026-06"]
    assert {org: months[org] for org in sorted(months.index)} == {
        name.split()[0]: whole if "June" not in name else whole[2:] for name in rolled_up
    }
    first = Trees(of, of.kpis[0]).days_of("NORTH").first
    assert first == {"NORTH (June)": date(2026, 6, 1), "NORTH": None}.get(rolled_up[0], date(2027, 1, 1))
