"""Roll-up along the tree: TRUST above NORTH (above N1, N2) and SOUTH (above S1); OTHER stands alone."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan, nan
from typing import Any

import pandas as pd
import pytest

from tests.conftest import catalogue_data, make_kpi
from xlperf.catalogue import Catalogue
from xlperf.rules.assess import assess
from xlperf.rules.rollup import batches, members, roll_up_orgs, target_of

PARENTS = {
    "TRUST": None,
    "NORTH": "TRUST",
    "N1": "NORTH",
    "N2": "NORTH",
    "SOUTH": "TRUST",
    "S1": "SOUTH",
    "OTHER": None,
}
Q = "2026-27-Q1"
Said = tuple[float, float] | float | str | None


def catalogue(*kpis: dict[str, Any], weights: dict[str, int] | None = None) -> Catalogue:
    orgs = [{"code": code, "name": code, "parent": parent} for code, parent in PARENTS.items()]
    for org in orgs:
        if weights and org["code"] in weights:
            org["weight"] = weights[str(org["code"])]  # type: ignore[assignment]
    return Catalogue.model_validate(catalogue_data() | {"orgs": orgs, "kpis": list(kpis)})


def kpi(method: str, orgs: tuple[str, ...] = ("N1", "N2", "S1"), **changes: Any) -> dict[str, Any]:
    parts = {"numerator": "Done", "denominator": "Due"} if method == "parts" else {}
    return make_kpi(id="K", orgs=list(orgs), roll_up={"orgs": method}, **(parts | changes))


def figures(said: Mapping[str, Said], period: str = Q) -> pd.DataFrame:
    """Figures of K: parts, an actual, a milestone, "n/a", or None for a row without a figure."""
    rows = []
    for org, value in said.items():
        parts = value if isinstance(value, tuple) else (nan, nan)
        actual = 100 * parts[0] / parts[1] if isinstance(value, tuple) and parts[1] else nan
        status = value if isinstance(value, str) and value != "n/a" else ""
        number = float(value) if isinstance(value, int | float) else actual
        rows.append(("K", org, period, number, *map(float, parts), status, value == "n/a"))
    columns = ["kpi_id", "org", "period", "actual", "numerator", "denominator", "milestone", "not_applicable"]
    return pd.DataFrame(rows, columns=columns)


def rolled(of: Catalogue, said: Mapping[str, Said], org: str = "TRUST") -> dict[str, Any]:
    """The rolled-up row of an org."""
    frame = roll_up_orgs(of, figures(said))
    (row,) = frame[frame["org"] == org].to_dict("records")
    return {str(name): value for name, value in row.items()}


# ---- the tree ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reporting", "expected"),
    [
        (("S1", "N2", "N1"), {"TRUST": ("N1", "N2", "S1"), "NORTH": ("N1", "N2"), "SOUTH": ("S1",)}),
        (("NORTH", "N1", "S1"), {"TRUST": ("NORTH", "S1"), "SOUTH": ("S1",)}),
        (("TRUST", "N1"), {"NORTH": ("N1",)}),
        (("TRUST",), {}),
        (("OTHER",), {}),
    ],
)
def test_an_org_is_made_of_those_that_report_below_it(reporting: tuple[str, ...], expected: Any) -> None:
    of = catalogue(kpi("sum", reporting, kind="count"))
    assert members(of, of.kpis[0]) == expected
    assert list(members(of, of.kpis[0])) == [code for code in PARENTS if code in expected]


@pytest.mark.parametrize(
    "made",
    [
        kpi("none"),
        kpi("parts", numerator="", denominator=""),
        kpi("worst", direction="neutral", targets=[]),
        kpi("sum", kind="milestone", targets=[]),
        kpi("weighted", kind="milestone", targets=[]),
    ],
)
def test_what_cannot_be_put_together_is_not(made: dict[str, Any]) -> None:
    of = catalogue(made)
    assert members(of, of.kpis[0]) == {}
    assert roll_up_orgs(of, figures({"N1": 1.0, "S1": 2.0})).empty


# ---- the methods ---------------------------------------------------------------------------------------------------


def test_percentages_are_rolled_up_by_their_parts_and_never_averaged() -> None:
    row = rolled(catalogue(kpi("parts")), {"N1": (9, 10), "N2": (10, 100), "S1": (0, 0)})
    assert (row["actual"], row["numerator"], row["denominator"]) == (17.2727272727273, 19, 110)


def test_parts_that_are_not_whole_add_up_as_on_paper() -> None:
    row = rolled(catalogue(kpi("parts")), {"N1": (0.1, 0.5), "N2": (0.2, 0.5)})
    assert (row["numerator"], row["actual"]) == (0.3, 30.0)


def test_no_denominator_at_all_is_no_figure() -> None:
    assert isnan(rolled(catalogue(kpi("parts")), {"N1": (0, 0)})["actual"])


def test_an_old_percentage_without_parts_is_not_in_the_roll_up() -> None:
    row = rolled(catalogue(kpi("parts")), {"N1": (9, 10), "N2": 50.0, "S1": (1, 10)})
    assert (row["actual"], row["reported"], row["expected"]) == (50.0, 2, 3)


def test_sums_are_decimal() -> None:
    row = rolled(catalogue(kpi("sum", kind="number")), {"N1": 0.1, "N2": 0.2, "S1": 0.3})
    assert row["actual"] == 0.6  # and not 0.6000000000000001, which a float sum gives


def test_a_sum_is_what_excel_shows_of_it() -> None:
    largest = 999_999_999_999_999.0
    row = rolled(catalogue(kpi("sum", kind="number")), {"N1": largest, "N2": largest, "S1": largest})
    assert row["actual"] == 3e15  # 2999999999999997 has 16 digits


def test_a_weighted_mean_counts_each_by_its_weight() -> None:
    of = catalogue(kpi("weighted"), weights={"N1": 1, "N2": 2, "S1": 7})
    assert rolled(of, {"N1": 10.0, "N2": 20.0, "S1": 30.0})["actual"] == 26.0
    assert rolled(of, {"N1": 10.0, "N2": 20.0})["actual"] == pytest.approx(50 / 3, rel=1e-15)
    assert rolled(of, {"N1": 95.1, "N2": 95.1, "S1": 95.1})["actual"] == 95.1


def test_without_every_weight_there_is_no_weighted_mean() -> None:
    of = catalogue(kpi("weighted"), weights={"N1": 1, "N2": 2})
    assert isnan(rolled(of, {"N1": 10.0, "N2": 20.0})["actual"])
    assert rolled(of, {"N1": 10.0, "N2": 10.0}, "NORTH")["actual"] == 10.0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"direction": "higher"}, 70.0),
        ({"direction": "lower"}, 99.0),
        ({"direction": "range", "targets": [{"from": "2024-25", "low": 85, "high": 95}]}, 70.0),
        ({"direction": "range", "targets": [{"from": "2024-25", "low": 71, "high": 72}]}, 99.0),
    ],
)
def test_the_worst_is_judged_by_direction(changes: dict[str, Any], expected: float) -> None:
    assert rolled(catalogue(kpi("worst", **changes)), {"N1": 99.0, "N2": 90.0, "S1": 70.0})["actual"] == expected


@pytest.mark.parametrize("said", [{"N1": 99.0, "S1": 81.0}, {"N1": 81.0, "S1": 99.0}])
def test_of_two_equally_far_outside_a_range_the_greater_is_the_worst(said: dict[str, Said]) -> None:
    of = catalogue(kpi("worst", direction="range", targets=[{"from": "2024-25", "low": 85, "high": 95}]))
    assert rolled(of, said)["actual"] == 99.0


def test_a_range_without_a_target_has_no_worst() -> None:
    of = catalogue(kpi("worst", direction="range", targets=[{"from": "2027-28", "low": 1, "high": 2}]))
    assert roll_up_orgs(of, figures({"N1": 1.0})).empty


def test_the_worst_milestone() -> None:
    of = catalogue(kpi("worst", kind="milestone", targets=[]))
    row = rolled(of, {"N1": "Complete", "N2": "At risk", "S1": "On track"})
    assert (row["milestone"], row["reported"]) == ("At risk", 3)


# ---- how many reported ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"N1": 1.0, "N2": 2.0, "S1": 3.0}, (6.0, 3, 3, False, False)),
        ({"N1": 1.0, "S1": None}, (1.0, 1, 3, True, False)),
        ({"N1": 1.0, "N2": "n/a", "S1": 3.0}, (4.0, 2, 2, False, False)),
        ({"N1": 1.0, "N2": "n/a"}, (1.0, 1, 2, True, False)),
    ],
)
def test_k_of_n_stands_beside_it_and_an_incomplete_sum_says_so(said: Any, expected: Any) -> None:
    row = rolled(catalogue(kpi("sum", kind="count")), said)
    assert tuple(row[n] for n in ("actual", "reported", "expected", "partial", "not_applicable")) == expected


def test_a_figure_that_does_not_apply_is_not_in_the_roll_up() -> None:
    frame = figures({"N1": 1.0, "N2": 2.0}).assign(not_applicable=[False, True])
    rows = roll_up_orgs(catalogue(kpi("sum", kind="count")), frame).set_index("org")
    assert (rows["actual"]["NORTH"], rows["reported"]["NORTH"], rows["expected"]["NORTH"]) == (1.0, 1, 1)


@pytest.mark.parametrize(("said", "expected"), [("n/a", (0, 0, False, True)), (None, (0, 3, True, False))])
def test_nothing_to_add_is_no_figure_and_says_why(said: Said, expected: Any) -> None:
    row = rolled(catalogue(kpi("sum", kind="count")), dict.fromkeys(("N1", "N2", "S1"), said))
    assert isnan(row["actual"])
    assert tuple(row[name] for name in ("reported", "expected", "partial", "not_applicable")) == expected


def test_percentages_means_and_the_worst_are_judged_on_those_that_reported() -> None:
    weights = {"N1": 1, "N2": 1, "S1": 1}
    for method in ("parts", "weighted", "worst"):
        row = rolled(catalogue(kpi(method), weights=weights), {"N1": (1, 2), "N2": (1, 2)})
        assert (row["actual"], row["reported"], row["expected"], row["partial"]) == (50.0, 2, 3, False)


def test_there_is_a_row_only_where_a_member_has_one() -> None:
    of = catalogue(kpi("sum", kind="count"))
    assert list(roll_up_orgs(of, figures({"N1": 1.0}))["org"]) == ["TRUST", "NORTH"]


def test_rows_come_in_catalogue_order_then_org_then_time() -> None:
    of = catalogue(kpi("sum", kind="count"), kpi("sum", kind="count") | {"id": "A"})
    said = {"S1": 1.0, "N1": 2.0}
    frame = pd.concat([figures(said, "2026-27-Q1"), figures(said, "2025-26-Q4")])
    frame = roll_up_orgs(of, pd.concat([frame.assign(kpi_id="A"), frame]))
    assert list(zip(frame["kpi_id"], frame["org"], frame["period"], strict=True)) == [
        (name, org, period)
        for name in ("K", "A")
        for org in ("TRUST", "NORTH", "SOUTH")
        for period in ("2025-26-Q4", "2026-27-Q1")
    ]


def test_many_figures_are_rolled_up_in_batches_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    of = catalogue(*(kpi("sum", kind="count") | {"id": name} for name in ("K", "B", "C", "D")))
    frame = pd.concat([figures({"N1": 1.0, "S1": 2.0}).assign(kpi_id=name) for name in ("D", "K", "B", "C", "GONE")])
    at_once = roll_up_orgs(of, frame)
    monkeypatch.setattr(batches, "ROWS", 3)
    pd.testing.assert_frame_equal(roll_up_orgs(of, frame), at_once)


def test_a_period_before_the_kpi_was_reported_is_not_rolled_up() -> None:
    of = catalogue(kpi("sum", kind="count", reported_from="2026-27-Q2"))
    assert roll_up_orgs(of, figures({"N1": 1.0})).empty


def test_a_figure_of_its_own_is_not_overwritten() -> None:
    of = catalogue(kpi("sum", kind="count"))
    frame = roll_up_orgs(of, figures({"N1": 1.0, "S1": 2.0, "TRUST": 30.0}))
    assert list(frame["org"]) == ["NORTH", "SOUTH"]


def test_rolling_up_again_changes_nothing() -> None:
    of = catalogue(kpi("sum", kind="count"))
    once = roll_up_orgs(of, figures({"N1": 1.0, "S1": 2.0}))
    both = pd.concat([figures({"N1": 1.0, "S1": 2.0}).assign(rolled_up=False), once])
    pd.testing.assert_frame_equal(roll_up_orgs(of, both), once)


def test_an_empty_ledger_rolls_up_to_nothing() -> None:
    assert roll_up_orgs(catalogue(kpi("sum", kind="count")), figures({})).empty


# ---- judged --------------------------------------------------------------------------------------------------------


def test_a_sum_over_orgs_has_only_targets_of_its_own() -> None:
    own = [{"from": "2024-25", "target": 5}]
    summed = [{"from": "2026-27", "target": 12}]
    of = catalogue(kpi("sum", kind="count", targets=own) | {"roll_up": {"orgs": "sum", "targets": summed}}).kpis[0]
    for rolled_up, period, expected in ((True, Q, 12), (False, Q, 5), (False, "2025-26-Q1", 5)):
        target = target_of(of, rolled_up, of.period(period))
        assert target is not None
        assert target.target == expected
    assert target_of(of, True, of.period("2025-26-Q4")) is None


def test_a_percentage_of_several_orgs_has_the_target_of_each() -> None:
    of = catalogue(kpi("parts")).kpis[0]
    assert target_of(of, True, of.period(Q)) == target_of(of, False, of.period(Q)) == of.targets[0]


def test_rolled_up_figures_are_assessed_like_any_other() -> None:
    of = catalogue(kpi("parts", targets=[{"from": "2024-25", "target": 30}]))
    said: dict[str, Said] = {"N1": (0.1, 0.5), "N2": (0.2, 0.5)}
    returned = figures(said).assign(rolled_up=False, reported=1, expected=1, partial=False)
    judged = assess(of, pd.concat([returned, roll_up_orgs(of, returned)]))
    assert dict(zip(judged["org"], judged["rag"], strict=True)) == {
        "TRUST": "Green",
        "NORTH": "Green",
        "N1": "Red",
        "N2": "Green",
    }
