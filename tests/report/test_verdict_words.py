"""What the sheets say of a change: a range that is missed by as much on the other side is not "the same"."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import make_kpi
from xlperf.catalogue import Kpi
from xlperf.report.verdict_words import change, short_change, year_change

RANGE = Kpi.model_validate(
    make_kpi(direction="range", decimals=0, targets=[{"from": "2024-25", "low": 40, "high": 60}])
)
TO_DATE = Kpi.model_validate(
    make_kpi(kind="money", unit="GBPk", frequency="monthly", measure="cumulative", restarts_in="financial", targets=[])
)
HIGHER = Kpi.model_validate(make_kpi())


def row(actual: float, by: float, movement: str = "same") -> dict[str, Any]:
    return {"actual": actual, "change": by, "movement": movement, "green_from": 40.0, "green_to": 60.0}


@pytest.mark.parametrize(
    ("kpi", "judged", "short", "words"),
    [
        (RANGE, row(38.0, -24.0), "as far off", "as far outside the range as before: was 62, now 38"),
        (RANGE, row(55.0, 10.0), "in range", "still in the range: was 45, now 55"),
        (RANGE, row(62.0, 0.0), "same", "same"),
        (RANGE, row(70.0, 8.0, "worse"), "worse", "worse"),
        (RANGE, row(62.0, float("nan"), ""), "", ""),
        (HIGHER, row(94.2, 0.1), "same", "same"),  # less than is material
        (TO_DATE, row(-776.0, 36.0, "better"), "month better", "month better"),  # -144 in the month, -180 before
        (TO_DATE, row(-776.0, 0.0), "month the same", "month the same"),
        (TO_DATE, row(-776.0, float("nan"), ""), "", ""),
    ],
)
def test_a_change_says_what_is_compared_and_that_a_figure_keeps_its_distance_from_the_range(
    kpi: Kpi, judged: dict[str, Any], short: str, words: str
) -> None:
    assert (short_change(kpi, judged), change(kpi, judged)) == (short, words)


@pytest.mark.parametrize(
    ("kpi", "actual", "last_year", "words"),
    [(RANGE, 55.0, "same", "in range"), (RANGE, 38.0, "same", "as far off"), (RANGE, 38.0, "worse", "worse"),
     (RANGE, 38.0, "", ""), (HIGHER, 94.2, "same", "same")],
)  # fmt: skip
def test_so_it_is_against_the_year_before(kpi: Kpi, actual: float, last_year: str, words: str) -> None:
    assert year_change(kpi, row(actual, 0.0) | {"last_year": last_year}) == words
