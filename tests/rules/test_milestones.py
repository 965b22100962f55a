"""A milestone whose date has passed is missed, whatever is said of it, unless a later date was agreed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from tests.conftest import catalogue_data, kpi_in
from xlperf.assessment.past import changed, shown_in
from xlperf.catalogue import Catalogue, Target
from xlperf.period import Period
from xlperf.rules.assess import assess
from xlperf.rules.milestones import counts_as, missed_words
from xlperf.rules.rollup import roll_up_time

DUE = Target.model_validate({"from": "2025-26", "due": "2026-06-30"})


@pytest.mark.parametrize("status", ["On track", "At risk", "Off track", "Missed"])
def test_a_milestone_is_missed_from_the_end_of_the_day_it_is_due(status: str) -> None:
    assert counts_as(status, DUE, date(2026, 6, 29)) == status
    assert counts_as(status, DUE, date(2026, 6, 30)) == "Missed"
    assert missed_words(DUE) == "missed: due 30 Jun 2026"


def test_what_is_complete_or_has_no_status_or_no_date_is_not_missed() -> None:
    assert counts_as("Complete", DUE, date(2027, 1, 1)) == "Complete"
    assert counts_as("", DUE, date(2027, 1, 1)) == ""
    for target in (None, Target.model_validate({"from": "2025-26"})):
        assert counts_as("On track", target, date(2027, 1, 1)) == "On track"


def catalogue(*targets: dict[str, str], **changes: Any) -> Catalogue:
    data = catalogue_data()
    kpi_in(data, "M1").update(targets=list(targets), **changes)
    return Catalogue.model_validate(data)


def judged(of: Catalogue, **status_by_quarter: str) -> pd.DataFrame:
    rows = [
        {"kpi_id": "M1", "org": "TRUST", "period": f"2026-27-{quarter}", "actual": float("nan"), "milestone": status,
         "numerator": float("nan"), "denominator": float("nan"), "not_applicable": False}
        for quarter, status in status_by_quarter.items()
    ]  # fmt: skip
    return assess(of, pd.DataFrame(rows))


AGREED_ONCE = {"from": "2025-26", "due": "2026-06-30"}
AGREED_ANEW = {"from": "2026-27-Q2", "due": "2026-12-31", "agreed": "Board, July 2026"}


def test_a_later_date_counts_from_the_period_in_which_it_was_agreed_and_the_past_keeps_its_colour() -> None:
    said = {"Q1": "On track", "Q2": "On track", "Q3": "At risk", "Q4": "Complete"}
    once = judged(catalogue(AGREED_ONCE), **said)
    assert once["rag"].tolist() == ["Red", "Red", "Red", "Blue"]
    assert once["shown"].tolist() == ["Missed", "Missed", "Missed", "Complete"]
    assert once["movement"].tolist() == ["", "same", "same", "better"]
    anew = judged(catalogue(AGREED_ONCE, AGREED_ANEW), **said)
    assert anew["rag"].tolist() == ["Red", "Green", "Red", "Blue"]


def test_a_date_that_is_edited_in_place_is_a_change_of_the_past() -> None:
    said = {"Q1": "On track"}
    edited = {**AGREED_ONCE, "due": "2026-12-31"}
    before, now = (shown_in(judged(catalogue(target), **said)) for target in (AGREED_ONCE, edited))
    assert [(change.before.rag, change.now.rag) for change in changed(before, now)] == [("Red", "Green")]


def test_the_year_to_date_of_a_missed_milestone_is_red() -> None:
    of = catalogue(AGREED_ONCE, roll_up={"time": "last"})
    row = roll_up_time(of, judged(of, Q1="On track"), Period.parse("2026-27-Q1")).iloc[-1]
    assert (row["rag"], row["shown"]) == ("Red", "Missed")
