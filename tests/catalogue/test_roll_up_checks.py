"""Who answers for a rolled-up figure as a whole: what `xlperf check` asks, and who stands beside the figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import catalogue_data, dumped, kpi_in
from xlperf.catalogue import Catalogue
from xlperf.catalogue.load import check_text

Change = Callable[[dict[str, Any]], None]


def of_two(*changes: Change) -> tuple[Catalogue | None, list[str]]:
    """The small catalogue, whose sites have executives of their own; what `check` says of it."""
    data = catalogue_data()
    kpi = kpi_in(data, "S1")
    del kpi["responsible_owner"]
    kpi["roll_up"] = {"orgs": "parts"}
    data["orgs"][1]["responsible_owner"], data["orgs"][2]["responsible_owner"] = "alpha", "beta"
    for change in changes:
        change(data)
    catalogue, findings = check_text(dumped(data), "kpi_catalogue.yaml")
    return catalogue, [f"{each.code} {each.message}" for each in findings]


def named(where: str, executive: str = "x2") -> Change:
    """The catalogue names somebody for the whole."""

    def change(data: dict[str, Any]) -> None:
        kpi = kpi_in(data, "S1")
        {"org": data["orgs"][0], "roll_up": kpi["roll_up"], "kpi": kpi}[where]["executive_owner"] = executive

    return change


def of_whole(catalogue: Catalogue | None) -> str:
    assert catalogue is not None
    kpi, orgs = catalogue.kpi_by_id["S1"], catalogue.org_by_code
    whole = catalogue.executive_of_whole(kpi, orgs["TRUST"], [orgs["NORTH"], orgs["SOUTH"]])
    return whole.id if whole else ""


def test_where_several_executives_answer_for_the_parts_check_asks_for_one() -> None:
    catalogue, said = of_two()
    assert said == ["C023 KPI S1 rolls up to 'TRUST' from parts of several executives."]
    assert of_whole(catalogue) == ""


@pytest.mark.parametrize("where", ["org", "roll_up", "kpi"])
def test_it_may_be_named_in_three_places(where: str) -> None:
    catalogue, said = of_two(named(where))
    assert (said, of_whole(catalogue)) == ([], "x2")


def test_the_roll_ups_goes_before_the_kpis_and_that_before_the_orgs() -> None:
    assert of_whole(of_two(named("roll_up", "x2"), named("kpi", "x1"), named("org", "x1"))[0]) == "x2"
    assert of_whole(of_two(named("kpi", "x2"), named("org", "x1"))[0]) == "x2"


def test_one_executive_of_all_parts_need_not_be_named() -> None:
    def same(data: dict[str, Any]) -> None:
        data["orgs"][2]["responsible_owner"] = "alpha"

    catalogue, said = of_two(same)
    assert (said, of_whole(catalogue)) == ([], "x1")


@pytest.mark.parametrize("where", ["org", "roll_up"])
def test_an_executive_that_is_not_in_the_catalogue_is_named(where: str) -> None:
    assert of_two(named(where, "x9"))[1] == ["C004 unknown executive owner 'x9'."]


def test_a_tree_that_is_none_is_asked_about_once_and_nothing_else_of_it() -> None:
    def circle(data: dict[str, Any]) -> None:
        data["orgs"][1]["parent"] = "SOUTH"
        data["orgs"][2]["parent"] = "NORTH"

    assert {each[:4] for each in of_two(circle)[1]} == {"C004"}
