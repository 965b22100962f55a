"""The forecast as it stands: until when it counts, and that every face of it says the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import Q1, Q2, Q3, Q4, catalogue_data
from tests.ledger.records import received
from tests.report.test_changes import History, told
from tests.workflow.test_lists import GREEN, NA, QUARTERS, RED, TRUST, V1, Book, figure, only, rows_of, shown
from xlperf.assessment import Assessment
from xlperf.catalogue import Catalogue
from xlperf.ledger import LedgerRun, state_of
from xlperf.period import Frequency, Period
from xlperf.report import layout
from xlperf.report.data_workbook import data_workbook
from xlperf.report.pages.board_pack import pack

LAST = "2026-27-Q4"


def given(period: str, actual: float | str, forecast: float | None) -> Any:
    return replace(figure(V1, TRUST, period, actual), forecast=forecast)


def with_last_quarter(book: Book) -> Book:
    dates = {"return_deadline": "2027-04-16", "hard_close": "2027-04-23", "board_date": "2027-05-27"}
    book.data["calendar"]["periods"].append({"period": LAST} | dates)
    next_year = {"return_deadline": "2027-07-16", "hard_close": "2027-07-23", "board_date": "2027-09-23"}
    book.data["calendar"]["periods"].append({"period": "2027-28-Q1"} | next_year)
    return book


def kpi_row(book: Book, period: str, produced: str = "2027-02-01") -> tuple[Any, Any, str]:
    row = only(shown(book.assessment(period, produced)), layout.KPIS)
    return row["Forecast for year end"], row["Forecast RAG"], row["Forecast in words"]


def is_listed(book: Book, period: str, produced: str = "2027-02-01") -> list[str]:
    rows = rows_of(shown(book.assessment(period, produced)), layout.EXCEPTIONS, V1)
    return [row["Why it is listed"] for row in rows if row["List"] == layout.TO_ACT_ON]


def test_green_that_is_forecast_red_is_said_alike_wherever_it_is_seen() -> None:
    book = Book().series(V1, TRUST, dict.fromkeys(QUARTERS[:4], GREEN)).figures(given(Q1, GREEN, 80.0))
    tables = shown(book.assessment(Q1))
    row = only(tables, layout.EXCEPTIONS)
    assert (row["List"], row["Why it is listed"]) == (layout.TO_ACT_ON, "Green, forecast Red")
    assert row["Reason for its place"] == (
        "Green; forecast Red at the year end: 80.0, 10.0 points below target, 2.0 times its tolerance"
    )
    assert "forecast Red" in only(tables, layout.DASHBOARD)["Note"]
    assert only(tables, layout.KPIS)["Forecast RAG"] == "Red"
    assert book.assessment(Q1).counts.forecast_to_miss == 1


@pytest.mark.parametrize(("actual", "why"), [(87.0, "Amber, forecast Red"), (RED, "Red, forecast Red")])
def test_what_is_off_target_says_where_it_is_going(actual: float, why: str) -> None:
    (words,) = is_listed(Book().figures(given(Q1, actual, 80.0)), Q1)
    assert words.split("; ")[0] == why


def test_an_empty_cell_does_not_take_a_forecast_back_and_its_age_is_said() -> None:
    book = Book().figures(given(Q1, GREEN, 80.0)).figures(given(Q2, GREEN, None))
    assert is_listed(book, Q2) == ["Green, forecast Red (given with Q1 26-27)"]
    assert kpi_row(book, Q2) == (
        80.0, "Red", "80.0, Red, 10.0 points below target, 2.0 times its tolerance; given with Q1 26-27",
    )  # fmt: skip
    book.figures(given(Q3, GREEN, 93.0))
    assert is_listed(book, Q3) == []
    assert kpi_row(book, Q3) == (93.0, "Green", "93.0, Green; given with Q3 26-27")


def test_not_returning_the_figure_does_not_take_it_back_either() -> None:
    book = Book().figures(given(Q1, GREEN, 80.0))
    (why,) = is_listed(book, Q2)
    assert why == "No figure for Q2 26-27 (no accepted return); forecast Red (given with Q1 26-27)"
    (why,) = is_listed(book.figures(given(Q2, NA, None)), Q2)
    assert why.startswith("Not applicable in Q2 26-27; forecast Red (given with Q1 26-27)")


def test_a_forecast_counts_until_its_year_has_ended_and_is_said_to_be_of_that_year() -> None:
    book = with_last_quarter(Book()).figures(given(Q3, GREEN, 80.0))
    assert is_listed(book, LAST, "2027-04-20") != []  # the figure of the year end has not come
    book.series(V1, TRUST, {LAST: GREEN})
    assert is_listed(book, LAST, "2027-04-20") == []
    assert is_listed(book, "2027-28-Q1", "2027-07-20") == [
        "No figure for 2027-28-Q1".replace("2027-28-Q1", "Q1 27-28") + " (no accepted return)"
    ]
    value, rag, words = kpi_row(book, LAST, "2027-04-20")
    assert (value, rag) == (None, "")
    assert words.endswith("given with Q3 26-27; for 2026-27, which is over")


def test_a_forecast_of_the_year_before_last_is_not_shown() -> None:
    book = with_last_quarter(Book()).figures(given("2025-26-Q3", GREEN, 80.0)).series(V1, TRUST, {LAST: GREEN})
    assert kpi_row(book, "2027-28-Q1", "2027-07-20") == (None, "", "")


def test_what_cannot_be_compared_is_shown_and_says_so() -> None:
    book = Book().figures(replace(figure("C1", TRUST, Q1, 3.0), forecast=400.0))
    row = only(shown(book.assessment(Q1)), layout.KPIS, "C1")
    assert (row["Forecast for year end"], row["Forecast RAG"]) == (400.0, "")
    assert row["Forecast in words"].startswith("400, not compared with a target")
    assert rows_of(shown(book.assessment(Q1)), layout.EXCEPTIONS, "C1") == []


def test_the_day_on_which_it_was_sent_is_said() -> None:
    returned = replace(received("a", None), figures=(given(Q1, GREEN, 80.0),), at="2026-07-10T09:00:00Z")
    state = state_of([LedgerRun("r1", "collate", "2026-07-10", "x", (returned,))])
    period = Period.parse(Q1, Frequency.QUARTERLY)
    assessment = Assessment(Catalogue.model_validate(catalogue_data()), state, period, Book().assessment(Q1).produced)
    assert only(shown(assessment), layout.KPIS)["Forecast in words"].endswith("given with Q1 26-27 on 10 July 2026")


def test_the_farther_off_the_forecast_the_graver() -> None:
    book = Book().figures(given(Q1, GREEN, 88.0), replace(figure("L1", TRUST, Q1, 5.0), forecast=20.0))
    listed = [row["Ref"] for row in shown(book.assessment(Q1, "2026-07-10"))[layout.EXCEPTIONS]]
    assert listed == ["L1", V1]


def test_how_far_earlier_forecasts_were_off_is_shown_to_the_team_and_on_no_page() -> None:
    book = Book()
    by_quarter = {"2025-26-Q1": 95.0, "2025-26-Q2": 93.0, "2025-26-Q3": 91.0, Q4: None}
    book.figures(*(given(quarter, 90.0, forecast) for quarter, forecast in by_quarter.items()))
    before = only(shown(book.assessment(Q4, "2026-04-19")), layout.KPIS)
    words = "3 forecasts for 1 year end, on average 3.0 off, all too hopeful; by periods to go: 3: 5.0, 2: 3.0, 1: 1.0"
    assert (before["Forecast error"], before["Forecast error in words"]) == (3.0, words)
    assert words not in str(data_workbook(book.assessment(Q4)))
    assert "too hopeful" not in str(pack(book.assessment(Q4), "an edition"))


# ---- what has changed ----------------------------------------------------------------------------------------------


def forecasts(*by_quarter: tuple[str, float, float | None]) -> list[tuple[str, str]]:
    """What has changed of V1 since the edition of the first of these quarters: (kind, before)."""
    first, *later = by_quarter
    book = History()
    book.figures(given(*first))
    book.publish(first[0])
    for each in later:
        book.figures(given(*each))
    return [(kind, before) for kind, _, _, before, _ in told(book.since_edition(by_quarter[-1][0]))]


def test_newly_forecast_to_miss_and_no_longer_are_changes() -> None:
    assert forecasts((Q1, GREEN, 92.0), (Q2, GREEN, 80.0)) == [
        ("Newly forecast to miss", "forecast Green at the year end: 92.0")
    ]
    assert forecasts((Q1, GREEN, None), (Q2, GREEN, 80.0)) == [("Newly forecast to miss", "")]
    assert forecasts((Q1, GREEN, 80.0), (Q2, GREEN, 92.0)) == [
        (
            "No longer forecast to miss",
            "forecast Red at the year end: 80.0, 10.0 points below target, 2.0 times its tolerance",
        )
    ]


def test_no_change_is_made_of_an_empty_cell_or_of_a_red_that_is_first_forecast_to_stay() -> None:
    assert forecasts((Q1, GREEN, 80.0), (Q2, GREEN, None)) == []
    assert forecasts((Q1, RED, None), (Q2, RED, 70.0)) == []
    assert forecasts((Q1, RED, 92.0), (Q2, RED, 70.0)) == [
        ("Newly forecast to miss", "forecast Green at the year end: 92.0")
    ]


def test_the_year_end_takes_no_forecast_back() -> None:
    book = History()
    with_last_quarter(book)
    book.figures(given(Q3, GREEN, 80.0))
    book.publish(Q3)
    book.series(V1, TRUST, {LAST: GREEN})
    assert told(book.since_edition(LAST, "2027-04-20")) == []
