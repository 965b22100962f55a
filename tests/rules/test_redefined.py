"""A declared change of definition: SPC, trend and early warning begin anew, unless a person says that they need not."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.conftest import catalogue_data, kpi_in
from xlperf.catalogue import Catalogue
from xlperf.rules.assess import assess
from xlperf.rules.early_warning import falls
from xlperf.rules.process import Process, processes

MONTHS = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)]
V1, TRUST = "V1", "TRUST"
BEFORE = [96.0, 94.0, 97.0, 95.0, 96.0, 94.0, 95.0, 97.0, 96.0, 95.0, 94.0, 96.0, 95.0]


def frame(of: Catalogue, actuals: list[float], changed_at: int) -> pd.DataFrame:
    rows = [
        {"kpi_id": V1, "org": TRUST, "period": month, "actual": actual, "milestone": "", "not_applicable": False,
         "changed": at == changed_at}
        for at, (month, actual) in enumerate(zip(MONTHS, actuals, strict=False))
    ]  # fmt: skip
    return assess(of, pd.DataFrame(rows))


def catalogue(**changes: Any) -> Catalogue:
    data = catalogue_data()
    data["rules"] = {"early_warning": {"fall_after": 6}}
    kpi_in(data, V1).update(frequency="monthly", **changes)
    return Catalogue.model_validate(data)


def process(of: Catalogue, actuals: list[float], changed_at: int) -> Process:
    return processes(of, frame(of, actuals, changed_at)).verdicts[V1, TRUST]


COMPARABLE = {"from": MONTHS[13], "reason": "the same figures to 0.1"}


def test_spc_counts_from_the_change_and_a_step_across_it_is_no_special_cause() -> None:
    after = process(catalogue(), [*BEFORE, 70.0], changed_at=13)
    assert (after.variation, after.points_words) == (None, "1 of 13 points")
    undeclared = process(catalogue(), [*BEFORE, 70.0], changed_at=-1)
    assert (undeclared.variation, undeclared.points) == ("special_cause_concern", 14)


@pytest.mark.parametrize(
    ("comparable", "points"),
    [([COMPARABLE], 14), ([COMPARABLE | {"orgs": [TRUST]}], 14), ([COMPARABLE | {"orgs": ["NORTH"]}], 1),
     ([COMPARABLE | {"from": MONTHS[12]}], 1)],
)  # fmt: skip
def test_only_what_a_person_says_is_comparable_goes_on(comparable: list[dict[str, Any]], points: int) -> None:
    assert process(catalogue(comparable=comparable), [*BEFORE, 70.0], changed_at=13).points == points


def test_the_short_trend_and_the_early_warning_do_not_run_across_it() -> None:
    falling = [98.0, 97.0, 96.0, 95.0]
    assert frame(catalogue(), falling, changed_at=-1)["trend"].iat[-1] == "deteriorating"
    assert frame(catalogue(), falling, changed_at=2)["trend"].iat[-1] == "not enough data"
    assert falls(catalogue(), frame(catalogue(), [*BEFORE, 70.0], changed_at=-1))
    assert not falls(catalogue(), frame(catalogue(), [*BEFORE, 70.0], changed_at=13))


def test_a_rebase_declared_for_the_same_period_changes_nothing_more() -> None:
    rebased = catalogue(rebases=[{"on": f"{MONTHS[13]}-01", "reason": "counted otherwise"}])
    assert process(rebased, [*BEFORE, 70.0], 13) == process(catalogue(), [*BEFORE, 70.0], 13)
