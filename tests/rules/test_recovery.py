"""Whether a KPI is on the way back that was promised, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Q1, Q2, Q3, Q4, make_kpi
from xlperf.catalogue import Kpi
from xlperf.period import Period
from xlperf.rules.recovery import Promise, Recovery, judge_recovery

LAST = "2026-27-Q4"


def judged(path: dict[str, float], came: dict[str, float], due: str, **changes: Any) -> Recovery:
    kpi = Kpi.model_validate(make_kpi(**changes))  # 90 or more wanted
    promises = [Promise(kpi.period(period), figure) for period, figure in path.items()]
    return judge_recovery(kpi, promises, {kpi.period(each): figure for each, figure in came.items()}, kpi.period(due))


WAY_BACK = {Q1: 70.0, Q2: 80.0, Q3: 88.0, LAST: 90.0}


@pytest.mark.parametrize(
    ("came", "due", "standing"),
    [
        ({}, Q4, "nothing due yet"),
        ({Q1: 70.0}, Q1, "on the path"),
        ({Q1: 70.1}, Q1, "ahead"),
        ({Q1: 69.9}, Q1, "behind"),
        ({Q1: 95.0, Q2: 79.0}, Q2, "behind"),  # the last promise counts, whatever was before
        ({Q1: 70.0}, Q2, "no figure"),
    ],
)
def test_the_last_promise_that_has_come_due_is_what_counts(came: dict[str, float], due: str, standing: str) -> None:
    recovery = judged(WAY_BACK, came, due)
    assert recovery.standing == standing
    assert recovery.is_behind == (standing in ("behind", "no figure"))
    assert recovery.back_on_target == Period.parse(LAST)


@pytest.mark.parametrize(
    ("changes", "promised", "came", "standing"),
    [
        ({"direction": "lower"}, 14.0, 12.0, "ahead"),
        ({"direction": "lower"}, 14.0, 15.0, "behind"),
        # 60 is 20 below a range of 80 to 100, and 115 is 15 above it.
        ({"direction": "range", "targets": [{"from": "2024-25", "low": 80, "high": 100}]}, 60.0, 115.0, "ahead"),
        ({"direction": "range", "targets": [{"from": "2024-25", "low": 80, "high": 100}]}, 85.0, 99.0, "on the path"),
        ({"material": {"absolute": 2}}, 80.0, 78.5, "on the path"),
        ({"material": {"absolute": 2}}, 80.0, 78.0, "behind"),
        ({"material": {"relative": 10}}, 80.0, 73.0, "on the path"),
    ],
)
def test_better_is_by_the_direction_and_from_what_is_material(
    changes: dict[str, Any], promised: float, came: float, standing: str
) -> None:
    assert judged({Q1: promised}, {Q1: came}, Q1, **changes).standing == standing


def test_a_path_that_never_meets_the_target_of_its_period_says_so() -> None:
    rising = [{"from": "2024-25", "target": 90}, {"from": Q3, "target": 95}]
    assert judged({Q2: 85.0, Q3: 92.0}, {}, Q1, targets=rising).back_on_target is None
    assert judged({Q2: 90.0, Q3: 92.0}, {}, Q1, targets=rising).back_on_target == Period.parse(Q2)


@given(promised=st.decimals(0, 100, places=2), came=st.decimals(0, 100, places=2))
def test_by_decimals_and_mirrored_where_lower_is_better(promised: Any, came: Any) -> None:
    """Compared as a person compares decimals, not by the rule's own arithmetic."""
    standing = "on the path" if came == promised else "ahead" if came > promised else "behind"
    mirrored = {"ahead": "behind", "behind": "ahead"}.get(standing, standing)
    path, figures = {Q1: float(promised)}, {Q1: float(came)}
    assert judged(path, figures, Q1).standing == standing
    assert judged(path, figures, Q1, direction="lower").standing == mirrored


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ({}, {}),
        ({Q1: 1.0}, {"direction": "neutral"}),
        ({Q1: 1.0}, {"kind": "milestone", "targets": [{"from": "2024-25", "due": "2026-09-30"}]}),
    ],
)
def test_what_has_no_target_to_come_back_to_has_no_path(path: dict[str, float], changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="has a target"):
        judged(path, {}, Q1, **changes)
