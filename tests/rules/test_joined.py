"""A successor's series that goes on from its predecessor's, where the catalogue joins them.

OLD reports K until March 2026, NEW from April on; both are below TRUST. Results are worked out by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isnan, nan
from typing import Any

import pandas as pd
import pytest

from tests.conftest import catalogue_data, make_kpi
from xlperf.catalogue import Catalogue
from xlperf.rules.assess import assess
from xlperf.rules.joined import own, with_joined
from xlperf.rules.process import processes
from xlperf.rules.rollup import roll_up_orgs

Said = Mapping[tuple[str, str], float | str]
"""Figures by org and month; "n/a" where the KPI did not apply."""
END = {"until": "2026-03-31", "succeeded_by": "NEW", "series": "joined"}
MONTHS = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)]
LAST = date(2026, 12, 31)


def catalogue(of: Mapping[str, dict[str, Any]] | None = None, **changes: Any) -> Catalogue:
    """KPI K, monthly, 10 or less wanted."""
    orgs = of or {"OLD": END, "NEW": {"from": "2026-04-01"}}
    tree = [{"code": "TRUST", "name": "Trust"}]
    tree += [{"code": code, "name": code, "parent": "TRUST"} | days for code, days in orgs.items()]
    kpi = make_kpi(
        id="K", kind="count", direction="lower", frequency="monthly", orgs=list(orgs),
        targets=[{"from": "2023-24", "target": 10}],
    ) | changes  # fmt: skip
    return Catalogue.model_validate(catalogue_data() | {"orgs": tree, "kpis": [kpi]})


def frame(of: Catalogue, said: Said, changed: tuple[str, str] | None = None) -> pd.DataFrame:
    rows = [
        {"kpi_id": "K", "org": org, "period": month, "actual": nan if value == "n/a" else float(value),
         "numerator": nan, "denominator": nan, "milestone": "", "not_applicable": value == "n/a",
         "changed": (org, month) == changed, "rolled_up": False, "reported": 1, "expected": 1, "partial": False}
        for (org, month), value in said.items()
    ]  # fmt: skip
    figures = pd.DataFrame(rows)
    return pd.concat([figures, roll_up_orgs(of, figures).assign(changed=False)], ignore_index=True)


def judged(of: Catalogue, said: Said, by: date = LAST, changed: tuple[str, str] | None = None) -> pd.DataFrame:
    return assess(of, with_joined(of, frame(of, said, changed), by))


def series(of: Catalogue, said: Said, org: str = "NEW", by: date = LAST) -> list[dict[str, Any]]:
    rows = judged(of, said, by)
    return [{str(name): value for name, value in row.items()} for row in rows[rows["org"] == org].to_dict("records")]


def given(rows: list[dict[str, Any]]) -> list[tuple[str, str, float]]:
    return [(row["period"], row["given_by"], row["actual"]) for row in rows]


FOUR: Said = {("OLD", "2026-02"): 8, ("OLD", "2026-03"): 12, ("NEW", "2026-04"): 11, ("NEW", "2026-05"): 9}


def test_the_successor_goes_on_from_the_figures_before_it() -> None:
    rows = series(catalogue(), FOUR)
    assert given(rows) == [("2026-02", "OLD", 8), ("2026-03", "OLD", 12), ("2026-04", "", 11), ("2026-05", "", 9)]
    assert [row["movement"] for row in rows] == ["", "worse", "better", "better"]
    assert [row["rag"] for row in rows] == ["Green", "Red", "Red", "Green"]


def test_nothing_is_joined_that_the_catalogue_does_not_join() -> None:
    separate = catalogue({"OLD": END | {"series": "separate"}, "NEW": {"from": "2026-04-01"}})
    assert given(series(separate, FOUR)) == [("2026-04", "", 11), ("2026-05", "", 9)]


def test_the_predecessor_s_series_stays_as_it_is_and_no_figure_is_counted_twice() -> None:
    of = catalogue(roll_up={"orgs": "sum", "time": "sum"})
    rows = judged(of, FOUR)
    assert given(series(of, FOUR, "OLD")) == [("2026-02", "", 8), ("2026-03", "", 12)]
    sums = own(rows)[own(rows)["org"] == "TRUST"]
    assert sums["actual"].tolist() == [8, 12, 11, 9]
    assert len(own(rows)) == 8


def long(step: float) -> Said:
    figures = [96.0, 94, 97, 95, 96, 94, 95, 97, 96, 95, 94, 96, 95, 96, 94, 97, 95, 96, 94, 95, 97, 96, 95, 94, 96, 95]
    said: dict[tuple[str, str], float | str] = {("OLD", m): v for m, v in zip(MONTHS, figures, strict=False)}
    said[("OLD", "2026-03")] = 95
    return said | {("NEW", "2026-04"): 95 + step, ("NEW", "2026-05"): 95 + step}


COMPARABLE = {"from": "2026-04", "reason": "the same wards under another name", "orgs": ["NEW"]}


def test_limits_begin_anew_at_the_join_unless_the_catalogue_says_comparable() -> None:
    anew = processes(catalogue(), judged(catalogue(), long(40))).verdicts["K", "NEW"]
    assert (anew.variation, anew.points_words) == (None, "2 of 13 points")
    of = catalogue(comparable=[COMPARABLE])
    assert processes(of, judged(of, long(40))).verdicts["K", "NEW"].variation == "special_cause_concern"
    assert processes(of, judged(of, long(0))).verdicts["K", "NEW"].points == 29
    for_all = catalogue(comparable=[{"from": "2026-04", "reason": "a change of definition of all orgs"}])
    assert processes(for_all, judged(for_all, long(40))).verdicts["K", "NEW"].points == 2


def test_a_rebase_or_change_of_the_predecessor_stays_one_in_the_joined_series() -> None:
    of = catalogue(comparable=[COMPARABLE], rebases=[{"on": "2025-07-01", "reason": "x", "orgs": ["OLD"]}])
    assert processes(of, judged(of, long(0))).verdicts["K", "NEW"].points == 11
    of = catalogue(comparable=[COMPARABLE])
    changed = judged(of, long(0), changed=("OLD", "2025-10"))
    assert processes(of, changed).verdicts["K", "NEW"].points == 8


def test_an_org_that_moves_twice_is_one_series_with_each_figure_once() -> None:
    of = catalogue(
        {
            "OLD": {"until": "2026-01-31", "succeeded_by": "MID", "series": "joined"},
            "MID": {"from": "2026-02-01", "until": "2026-03-31", "succeeded_by": "NEW", "series": "joined"},
            "NEW": {"from": "2026-04-01"},
        }
    )
    said: Said = {("OLD", "2025-12"): 1, ("OLD", "2026-01"): 2, ("MID", "2026-02"): 3, ("NEW", "2026-04"): 5}
    expected = [("2025-12", "OLD", 1), ("2026-01", "OLD", 2), ("2026-02", "MID", 3), ("2026-04", "", 5)]
    assert given(series(of, said)) == expected
    assert [row["redefined"] for row in series(of, said)] == [False, False, True, True]
    assert given(series(of, said, "MID"))[0] == ("2025-12", "OLD", 1)


def test_a_gap_at_the_join_stays_a_gap() -> None:
    rows = series(catalogue(), {("OLD", "2026-02"): 8, ("NEW", "2026-05"): 9})
    assert given(rows) == [("2026-02", "OLD", 8), ("2026-05", "", 9)]
    assert [row["movement"] for row in rows] == ["", ""]
    of = catalogue(comparable=[COMPARABLE])  # the period from which it reports, not that of its first figure
    assert not series(of, {("OLD", "2026-02"): 8, ("NEW", "2026-05"): 9})[1]["redefined"]


def test_figures_of_the_successor_s_own_go_before_those_of_the_one_before() -> None:
    said: Said = {**FOUR, ("NEW", "2026-03"): 7, ("OLD", "2026-04"): 99}
    assert given(series(catalogue(), said))[:3] == [("2026-02", "OLD", 8), ("2026-03", "", 7), ("2026-04", "", 11)]


def test_an_org_that_has_not_opened_has_no_series() -> None:
    assert series(catalogue(), {("OLD", "2026-02"): 8}, by=date(2026, 2, 28)) == []
    assert given(series(catalogue(), {("OLD", "2026-03"): 8}, by=date(2026, 4, 30))) == [("2026-03", "OLD", 8)]


MERGED = {"OLD": END, "OLDER": END, "NEW": {"from": "2026-04-01"}}


def test_orgs_that_merge_are_added_up_and_a_sum_of_several_has_no_colour() -> None:
    of = catalogue(MERGED, roll_up={"orgs": "sum", "targets": [{"from": "2024-25", "target": 1}]})
    said: Said = {
        ("OLD", "2026-02"): 3, ("OLDER", "2026-02"): 4, ("OLD", "2026-03"): 5, ("NEW", "2026-04"): 9,
    }  # fmt: skip
    rows = series(of, said)
    assert given(rows)[0] == ("2026-02", "OLD+OLDER", 7)
    assert [(row["rag"], row["partial"]) for row in rows] == [
        ("No target", False), ("Not returned", True), ("Green", False),
    ]  # fmt: skip
    assert own(judged(of, said))["actual"].sum() == 2 * (3 + 4 + 5 + 9)


def test_orgs_that_merge_are_not_joined_where_their_figures_cannot_be_put_together() -> None:
    of = catalogue(MERGED, roll_up={"orgs": "worst"})
    assert given(series(of, {("OLD", "2026-02"): 3, ("OLDER", "2026-02"): 4, ("NEW", "2026-04"): 9})) == [
        ("2026-04", "", 9)
    ]


def test_a_kpi_s_org_may_be_joined_alone_and_to_another() -> None:
    listed = ["NEW", {"org": "OLD", "until": "2026-02-28", "succeeded_by": "NEW", "series": "joined"}]
    of = catalogue({"OLD": {}, "NEW": {}}, orgs=listed)
    assert given(series(of, {("OLD", "2026-02"): 8, ("OLD", "2026-03"): 1, ("NEW", "2026-03"): 9})) == [
        ("2026-02", "OLD", 8), ("2026-03", "", 9),
    ]  # fmt: skip
    alone = catalogue(orgs=["NEW", {"org": "OLD", "series": "separate"}])
    assert given(series(alone, FOUR)) == [("2026-04", "", 11), ("2026-05", "", 9)]
    ended_before = catalogue(orgs=["NEW", {"org": "OLD", "until": "2026-02-28"}])
    assert given(series(ended_before, FOUR)) == [("2026-04", "", 11), ("2026-05", "", 9)]


@pytest.mark.parametrize(
    ("last", "months", "added"),
    [("2026-03-31", ("2026-02", "2026-03", "2026-04"), 11), ("2026-01-31", ("2025-12", "2026-01", "2026-02"), None)],
)
def test_what_the_first_period_added_is_known_only_where_a_year_begins(
    last: str, months: tuple[str, str, str], added: float | None
) -> None:
    orgs = {"OLD": END | {"until": last}, "NEW": {"from": f"{months[2]}-01"}}
    of = catalogue(orgs, measure="cumulative", restarts_in="financial", roll_up={"orgs": "sum"})
    said: Said = {("OLD", months[0]): 20, ("OLD", months[1]): 26, ("NEW", months[2]): 11}
    rows = series(of, said)
    assert rows[1]["in_period_actual"] == 6
    assert (None if isnan(rows[2]["in_period_actual"]) else rows[2]["in_period_actual"]) == added
    assert series(of, said, "TRUST")[1]["in_period_actual"] == 6


def test_a_rolled_up_org_goes_on_from_a_rolled_up_one() -> None:
    data = catalogue_data()
    ends = {"until": "2026-03-31", "series": "joined"}
    data["orgs"] = [
        {"code": "TRUST", "name": "Trust"},
        {"code": "OLD", "name": "Old region", "parent": "TRUST", "succeeded_by": "NEW", **ends},
        {"code": "NEW", "name": "New region", "parent": "TRUST", "from": "2026-04-01"},
        {"code": "O1", "name": "O1", "parent": "OLD", "succeeded_by": "N1", **ends},
        {"code": "O2", "name": "O2", "parent": "OLD", "succeeded_by": "N2", **ends},
        {"code": "N1", "name": "N1", "parent": "NEW", "from": "2026-04-01"},
        {"code": "N2", "name": "N2", "parent": "NEW", "from": "2026-04-01"},
        {"code": "O3", "name": "O3", "parent": "TRUST"},
    ]
    kpi = make_kpi(
        id="K", kind="count", direction="lower", frequency="monthly", orgs=["O1", "O2", "N1", "N2", "O3"],
        targets=[{"from": "2024-25", "target": 10}],
        roll_up={"orgs": "sum", "targets": [{"from": "2024-25", "target": 30}]},
    )  # fmt: skip
    of = Catalogue.model_validate(data | {"kpis": [kpi]})
    said: Said = {("O1", "2026-03"): 8, ("O2", "2026-03"): 12, ("O3", "2026-03"): 1}
    said = {**said, ("N1", "2026-04"): 9, ("N2", "2026-04"): 30, ("O3", "2026-04"): 1}
    rows = series(of, said)
    assert [(*each, row["rag"], row["movement"]) for each, row in zip(given(rows), rows, strict=True)] == [
        ("2026-03", "OLD", 20, "Green", ""), ("2026-04", "", 39, "Red", "worse"),
    ]  # fmt: skip
    assert [row["actual"] for row in series(of, said, "TRUST")] == [21, 40]
