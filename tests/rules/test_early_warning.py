"""Early warnings, worked out by hand: a fall beyond what a series has shown, and an org that is last too often."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from tests.conftest import catalogue_data, kpi_in
from xlperf.catalogue import Catalogue
from xlperf.catalogue.reporting import EarlyWarning
from xlperf.rules.assess import assess
from xlperf.rules.early_warning import falls, last_falls, last_on

PERIODS = [f"{year}-{year - 1999}-Q{quarter}" for year in (2024, 2025, 2026) for quarter in (1, 2, 3, 4)]
EIGHT = (97.0, 99.0, 98.0, 100.0, 97.0, 98.0, 99.0, 98.0)


def catalogue(fall_after: int | None = 6, **changes: Any) -> Catalogue:
    data = catalogue_data()
    if fall_after:
        data["rules"] = {"early_warning": {"fall_after": fall_after}}
    kpi_in(data, "V1").update(changes)
    return Catalogue.model_validate(data)


def warned(actuals: Sequence[float | None], of: Catalogue | None = None, **columns: Any) -> str:
    """What is warned of; None is a period in which the KPI did not apply."""
    rows = [
        {"kpi_id": "V1", "org": "TRUST", "period": period, "actual": float("nan") if actual is None else actual,
         "milestone": "", "not_applicable": actual is None}
        for period, actual in zip(PERIODS, actuals, strict=False)
    ]  # fmt: skip
    of = of or catalogue()
    frame = assess(of, pd.DataFrame(rows).assign(**columns))
    return falls(of, frame).get(("V1", "TRUST"), "")


def test_a_collapse_after_eight_steady_quarters_is_warned_of_at_once() -> None:
    assert warned([*EIGHT, 81.0]) == "fell to 81.0 in Q1 26-27, after 97.0 to 100.0 in 8 figures"


@pytest.mark.parametrize(
    ("last", "is_warned"),
    [
        (91.9, True),
        (92.0, False),  # 5 below the lowest, which is the tolerance
        (96.0, False),
        (100.0, False),
        (120.0, False),  # the better way
    ],
)
def test_a_fall_is_more_than_the_tolerance_beyond_the_worst_before(last: float, is_warned: bool) -> None:
    assert bool(warned([*EIGHT, last])) == is_warned


def test_a_fall_is_more_than_all_figures_before_differ_by() -> None:
    wide = (80.0, 100.0, 90.0, 85.0, 95.0, 88.0)  # from 80 to 100
    assert not warned([*wide, 60.0])
    assert warned([*wide, 59.9])


def test_there_must_be_as_many_figures_before_it_as_the_catalogue_says() -> None:
    assert not warned([*EIGHT[:5], 50.0])
    assert warned([*EIGHT[:6], 50.0])
    assert warned([*EIGHT[:5], 50.0], catalogue(5))
    assert not warned([*EIGHT, 50.0], catalogue(None))


def test_lower_is_better_rises_and_a_range_is_left() -> None:
    lower = catalogue(direction="lower", targets=[{"from": "2024-25", "target": 10, "tolerance": {"absolute": 2}}])
    assert warned([8, 9, 8, 9, 8, 9, 12], lower).startswith("rose to 12.0")
    assert not warned([8, 9, 8, 9, 8, 9, 1], lower)
    within = catalogue(direction="range", targets=[{"from": "2024-25", "low": 90, "high": 110}])
    assert warned([98, 99, 100, 98, 99, 100, 80], within).startswith("went to 80.0")
    assert not warned([98, 99, 100, 98, 99, 100, 106], within)  # far from the others, and as wanted


def test_a_trifle_after_equal_figures_is_no_fall() -> None:
    no_tolerance = catalogue(targets=[{"from": "2024-25", "target": 90}])
    assert not warned([100.0] * 8 + [95.0], no_tolerance)  # a twentieth
    assert warned([100.0] * 8 + [94.9], no_tolerance)


def test_a_rebase_begins_anew_and_what_did_not_apply_is_no_figure() -> None:
    rebased = catalogue(rebases=[{"on": "2025-10-01", "reason": "new system"}])
    assert not warned([*EIGHT, 50.0], rebased)  # two figures since
    assert not warned([*EIGHT, 50.0, None])  # the last is not applicable
    assert warned([*EIGHT[:4], None, *EIGHT[4:], 50.0]).endswith("in 8 figures")


def test_a_roll_up_that_lacks_an_org_is_no_fall() -> None:
    assert not warned([*EIGHT, 50.0], rolled_up=True, reported=[2] * 8 + [1], expected=2)


def ranked(**ranks: Sequence[int]) -> list[dict[str, Any]]:
    """By org its rank on each KPI, of four orgs; 0 where it is not compared."""
    return [
        {"kpi_id": f"K{at}", "org": org, "rank": rank, "of": 4}
        for org, each in ranks.items()
        for at, rank in enumerate(each, start=1)
        if rank
    ]


def test_an_org_that_is_last_on_three_of_three_is_warned_of() -> None:
    rules = EarlyWarning(last_on=3, last_on_percent=Decimal(50))
    rows = ranked(WEST=(4, 4, 4), EAST=(1, 2, 3), SOUTH=(4, 4, 4, 1, 1, 1, 1))
    assert last_on(rules, rows) == {"WEST": "last on 3 of 3 KPIs (K1, K2 and K3)"}
    assert "SOUTH" in last_on(EarlyWarning(last_on=3, last_on_percent=Decimal(40)), rows)  # 3 of 7 is 43 %
    assert last_on(EarlyWarning(), rows) == {}


def test_of_two_orgs_none_is_last() -> None:
    rows = [{"kpi_id": f"K{at}", "org": "WEST", "rank": 2, "of": 2} for at in range(5)]
    assert last_on(EarlyWarning(last_on=2), rows) == {}


def test_a_fall_is_remembered_when_later_figures_have_come() -> None:
    actuals = [*EIGHT, 81.0, 98.0, 98.0]
    rows = [
        {"kpi_id": "V1", "org": "TRUST", "period": period, "actual": actual, "milestone": "", "not_applicable": False}
        for period, actual in zip(PERIODS, actuals, strict=False)
    ]
    frame = assess(catalogue(), pd.DataFrame(rows))
    assert falls(catalogue(), frame) == {}
    number = frame["period_number"].iat[8]
    assert last_falls(catalogue(), frame) == {("V1", "TRUST"): number}
    assert last_falls(catalogue(fall_after=None), frame) == {}
