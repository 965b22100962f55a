"""How far off target a figure is, in tolerances: by hand, for each direction, and in words."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
import pytest

from tests.conftest import make_kpi
from xlperf.catalogue import Kpi
from xlperf.rules.rag import limits, rate_one
from xlperf.rules.shortfall import Shortfall, shortfall

TWO_OF_90 = {"target": 90, "tolerance": {"absolute": 2}}


def of(actual: float, target: dict[str, Any], **changes: Any) -> Shortfall:
    kpi = Kpi.model_validate(make_kpi(targets=[{"from": "2024-25", **target}], **changes))
    within = limits(kpi.targets[0], kpi.direction)
    ends = {name: getattr(within, name) for name in ("green_from", "green_to", "amber_from", "amber_to")}
    return shortfall(kpi, {"actual": np.float64(actual), "rag": str(rate_one(actual, within)), **ends})


@pytest.mark.parametrize(
    ("actual", "target", "changes", "tolerances", "words"),
    [
        (86.8, TWO_OF_90, {}, 1.6, "3.2 points below target, 1.6 times its tolerance"),
        (88.0, TWO_OF_90, {}, 1.0, "2.0 points below target, within its tolerance"),
        (
            0.85, {"low": 0.9, "high": 1.1, "tolerance": {"absolute": 0.02}}, {"kind": "number", "direction": "range"},
            2.5, "0.05 below the range wanted, 2.5 times its tolerance",
        ),
        (
            1.15, {"low": 0.9, "high": 1.1, "tolerance": {"absolute": 0.02}}, {"kind": "number", "direction": "range"},
            2.5, "0.05 above the range wanted, 2.5 times its tolerance",
        ),
        (
            12, {"target": 10, "tolerance": {"relative": 10}}, {"kind": "count", "direction": "lower"},
            2.0, "2 above target, 2.0 times its tolerance",
        ),
        # Without a tolerance: 1, and 4 of 80 is one twentieth.
        (76, {"target": 80}, {}, 2.0, "4.0 points below target, with no tolerance"),
        (1, {"target": 0}, {"kind": "count", "direction": "lower"}, inf, "1 above target, with no tolerance"),
        (87.99, TWO_OF_90, {}, 1.005, "2.0 points below target, just beyond its tolerance"),
        (89.98, TWO_OF_90, {}, 0.01, "0.02 points below target, within its tolerance"),
        (92, {"target": 90}, {}, 0, ""),
    ],
)  # fmt: skip
def test_a_figure_is_so_many_tolerances_off_target(
    actual: float, target: dict[str, Any], changes: dict[str, Any], tolerances: float, words: str
) -> None:
    got = of(actual, target, **changes)
    assert got.tolerances == pytest.approx(tolerances, abs=1e-12)
    assert got.words == words


def test_whatever_is_red_is_farther_off_than_whatever_is_amber() -> None:
    amber = of(88.0, TWO_OF_90)
    for red in (
        of(87.99, TWO_OF_90),
        of(89.9, {"target": 90}),
        of(1e-9, {"target": 90}),
    ):
        assert red.tolerances > amber.tolerances
