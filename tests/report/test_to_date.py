"""What the sheets, and the return, show of a figure to date: that figure, and what the period added."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import BY, Q1, Q2, at, catalogue_data, make_kpi
from xlperf.assessment import Assessment
from xlperf.catalogue import Catalogue
from xlperf.ledger import Imported
from xlperf.ledger.folder_ledger import FolderLedger
from xlperf.period import Frequency, Period
from xlperf.report import layout
from xlperf.report.pages.series_chart import series_chart
from xlperf.report.views import SHEET_OF
from xlperf.returns import fields
from xlperf.returns import layout as return_layout
from xlperf.returns.figure import Figure
from xlperf.returns.identity import Identity
from xlperf.returns.issue import build_form
from xlperf.returns.kpi_words import glossary_rows

MONEY = {
    "kind": "money", "unit": "GBPk", "frequency": "monthly", "roll_up": {"time": "last"},
    "targets": [{"from": "2024-25", "target": 0, "tolerance": {"absolute": 500}}],
}  # fmt: skip
TO_DATE = {"measure": "cumulative", "restarts_in": "financial"}
SHARE = {"numerator": "Recurrent savings", "denominator": "Savings"}
KPIS = [
    make_kpi(**MONEY, **TO_DATE, id="FR1", name="Surplus"),
    make_kpi(**TO_DATE, **SHARE, id="FR2", name="Share", frequency="monthly"),
    make_kpi(measure="rolling", over_months=12, id="CO1", name="Sickness", frequency="monthly"),
    make_kpi(id="V1"),
]
CATALOGUE = Catalogue.model_validate(catalogue_data() | {"kpis": KPIS})
SURPLUS = {"2026-04": -700.0, "2026-05": -1400.0, "2026-06": -2100.0}
SAVINGS = {"2026-04": (10.0, 20.0), "2026-05": (40.0, 60.0), "2026-06": (70.0, 100.0)}


@pytest.fixture
def state(tmp_path: Path) -> Any:
    told = [Figure("FR1", "TRUST", period, actual=actual) for period, actual in SURPLUS.items()]
    told += [
        Figure("FR2", "TRUST", period, 100 * top / bottom, top, bottom) for period, (top, bottom) in SAVINGS.items()
    ]
    told += [Figure("CO1", "TRUST", f"2025-{month:02}", actual=90.0) for month in range(1, 13)]
    ledger = FolderLedger(tmp_path / "ledger")
    ledger.append("import", [Imported("f", "f.csv", tuple(told))], at=at("2026-07-01"), by=BY)
    return ledger.state()


def rows(state: Any, table: str) -> dict[tuple[str, ...], Mapping[str, Any]]:
    assessment = Assessment(CATALOGUE, state, Period.parse(Q1, Frequency.QUARTERLY), at("2026-07-02"))
    sheet = SHEET_OF[table]
    return {tuple(row[header] for header in sheet.key): row for row in sheet.rows(assessment)}


def test_data_has_both_for_each_period(state: Any) -> None:
    data = rows(state, layout.DATA)
    june, share = data["FR1", "TRUST", "2026-06"], data["FR2", "TRUST", "2026-06"]
    assert (june["Actual"], june["In the period"], june["RAG"]) == (-2100, -700, "Red")
    assert june["Change"] == "month the same"
    assert (share["Actual"], share["In the period"]) == (70, 75)
    assert (share["Numerator in the period"], share["Denominator in the period"]) == (30, 40)
    assert data["CO1", "TRUST", "2025-12"]["In the period"] is None
    assert data["CO1", "TRUST", "2025-12"]["Trend"] == "not judged"


def test_kpis_says_what_the_figure_covers_and_what_the_period_added(state: Any) -> None:
    kpis = rows(state, layout.KPIS)
    surplus, sickness, plain = kpis["FR1", "TRUST"], kpis["CO1", "TRUST"], kpis["V1", "TRUST"]
    assert (surplus["Measures"], surplus["Actual"], surplus["In the period"]) == ("to date, from 1 April", -2100, -700)
    assert (surplus["Changed by"], surplus["Points"]) == (0, "3 of 13 points")
    assert (sickness["Measures"], sickness["Variation"]) == ("over 12 months", "no verdict: overlap")
    assert sickness["Process in words"] == "Each figure covers 12 months and shares months with the one before."
    assert (plain["Measures"], plain["In the period"]) == ("", None)


def test_the_dashboard_prints_both_and_draws_what_each_month_added(state: Any) -> None:
    dashboard = {row["Ref"]: row for row in rows(state, layout.DASHBOARD).values()}
    assert dashboard["FR1"]["Latest"] == "-2,100"
    assert "to date; -700 in the period" in dashboard["FR1"]["Note"]
    assert dashboard["FR1"][layout.LAST_PERIODS] == "▄▄▄"  # the same each month, though the figure to date falls
    assert dashboard["CO1"]["Variation"] == "overlap"  # which the key explains


def test_a_span_of_figures_to_date_says_that_it_is_one(state: Any) -> None:
    roll_up = rows(state, layout.ROLL_UP)
    quarter, year = (roll_up["FR1", "TRUST", span] for span in ("Quarter", "Year to date"))
    assert quarter["Covers"] == "Quarter 1 2026-27 (April to June 2026); to date, from 1 April"
    assert year["Covers"] == "April to June 2026; to date, from 1 April"
    assert {(row["Actual"], row["RAG"], row["How"]) for row in (quarter, year)} == {
        (-2100, "Red", "the latest of them")
    }


def form(state: Any, period: str) -> dict[tuple[str, str], dict[str, Any]]:
    identity = Identity("0" * 16, 1, "alpha", period, "1", CATALOGUE.hash, return_layout.TEMPLATE_VERSION)
    made = build_form(CATALOGUE, identity, state.now).rows
    return {(str(row[fields.REF.header]), str(row[fields.PERIOD.header])): dict(row) for row in made}


def test_the_return_asks_for_the_figure_to_date_and_knows_the_one_before(state: Any) -> None:
    asked = form(state, Q2)
    july, share, august = asked["FR1", "2026-07"], asked["FR2", "2026-07"], asked["FR1", "2026-08"]
    assert july["Definition"] == "Reviews held by their due date. Give the figure to date, from 1 April."
    assert july["Last"] == "-2,100"
    assert july["Actual before"] == -2100
    assert (share["Numerator before"], share["Denominator before"], share["Actual before"]) == (70, 100, None)
    assert august.get("Actual before") is None  # July has not come
    assert "Actual before" not in asked["V1", Q2]


def test_in_april_nothing_stands_before(state: Any) -> None:
    april = form(state, Q1)["FR2", "2026-04"]
    assert (april["Numerator before"], april["Denominator before"]) == (0, 0)


def test_the_change_of_a_figure_to_date_says_that_it_is_of_the_month(state: Any) -> None:
    dashboard = {row["Ref"]: row for row in rows(state, layout.DASHBOARD).values()}
    assert dashboard["FR1"]["Change"] == "month the same"  # beside a figure that is 700 worse than the one before
    key = " ".join(row["Ref"] for row in rows(state, layout.DASHBOARD).values())
    assert "month better: what the month added" in key


def test_a_share_of_one_sum_for_the_year_is_drawn_to_date_beside_the_target_of_each_half(tmp_path: Path) -> None:
    halves = [{"from": f"{year}-H{half}", "target": target}
              for year in ("2024-25", "2025-26") for half, target in ((1, 60), (2, 98))]  # fmt: skip
    kpi = make_kpi(**TO_DATE, **SHARE, id="CW2", frequency="half-yearly", targets=halves)
    of = Catalogue.model_validate(catalogue_data() | {"kpis": [kpi]})
    given = {"2024-25-H1": 59, "2024-25-H2": 94, "2025-26-H1": 60, "2025-26-H2": 97}
    told = [Figure("CW2", "TRUST", period, top, top, 100) for period, top in given.items()]
    ledger = FolderLedger(tmp_path / "ledger")
    ledger.append("import", [Imported("f", "f.csv", tuple(told))], at=at("2026-07-01"), by=BY)
    assessment = Assessment(of, ledger.state(), Period.parse("2025-26-Q4", Frequency.QUARTERLY), at("2026-07-02"))
    (latest,) = assessment.latest
    chart = series_chart(assessment, latest)
    assert chart is not None
    assert [(point.value, point.target) for point in chart.points] == [(59, 60), (94, 98), (60, 60), (97, 98)]
    assert ", figures to date, 4 periods to H2 25-26: " in chart.alt
    (glossary,) = glossary_rows(of, ((latest.kpi, latest.org),), assessment.period)
    assert glossary["Target"] == "98.0"  # in force for good, as no half of the next year has its target yet
    (earlier,) = glossary_rows(of, ((latest.kpi, latest.org),), Period.parse("2025-26-Q2", Frequency.QUARTERLY))
    assert earlier["Target"] == "60.0 in H1, 98.0 in H2"
