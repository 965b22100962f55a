"""What `xlperf check` says of figures to date and figures over several months."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import catalogue_data, dumped, make_kpi
from xlperf.catalogue import load_catalogue
from xlperf.catalogue.load import check_text
from xlperf.findings import Finding
from xlperf.workflow.cycle.sample import sample

ROOT = Path(__file__).parents[2]
CUMULATIVE = {"measure": "cumulative", "restarts_in": "financial"}
ROLLING = {"measure": "rolling", "over_months": 12}
MONEY = {"kind": "money", "frequency": "monthly", "usual": [50, 200]}
PARTS = {"numerator": "Done", "denominator": "Due", "frequency": "monthly"}


def findings(**fields: Any) -> list[Finding]:
    data = catalogue_data() | {"kpis": [make_kpi(id="K", **fields)], "questions": catalogue_data()["questions"][:1]}
    return check_text(dumped(data), "kpi_catalogue.yaml")[1]


@pytest.mark.parametrize(
    "fields", [{**MONEY, **CUMULATIVE}, {**PARTS, **CUMULATIVE}, {**PARTS, **ROLLING, "roll_up": {"time": "last"}}]
)
def test_what_goes_together_is_in_order(fields: dict[str, Any]) -> None:
    assert findings(**fields) == []


@pytest.mark.parametrize(
    ("fields", "says", "fix"),
    [
        ({**MONEY, "measure": "cumulative"}, "nothing says in which year it restarts", "restarts_in: financial"),
        ({**MONEY, "measure": "rolling"}, "nothing says over how many months", "over_months: 12"),
        ({**MONEY, "restarts_in": "financial"}, "its measure is period", "measure: cumulative"),
        ({**MONEY, "over_months": 12}, "its measure is period", "measure: rolling"),
        ({**MONEY, **ROLLING, "restarts_in": "academic"}, "its measure is rolling", "remove 'restarts_in'"),
        ({**MONEY, **CUMULATIVE, "over_months": 3}, "its measure is cumulative", "remove 'over_months'"),
        (
            {**MONEY, **CUMULATIVE, "restarts_in": "academic", "frequency": "quarterly"},
            "no quarterly period begins on 1 September",
            "restarts_in: financial",
        ),
        ({**CUMULATIVE, "kind": "milestone", "targets": []}, "a milestone cannot be cumulative", "Remove 'measure'"),
        ({**ROLLING, "kind": "milestone", "targets": []}, "a milestone cannot be rolling", "Remove 'measure'"),
    ],
)
def test_what_does_not_go_together_is_an_error_with_its_line_and_remedy(
    fields: dict[str, Any], says: str, fix: str
) -> None:
    (finding,) = [each for each in findings(**fields) if each.code == "C020"]
    assert says in finding.message
    assert fix in finding.fix
    assert finding.location is not None
    assert finding.location.line


@pytest.mark.parametrize("method", ["sum", "weighted", "worst"])
@pytest.mark.parametrize("fields", [CUMULATIVE, ROLLING])
def test_figures_that_share_months_are_never_put_together_over_time(method: str, fields: dict[str, Any]) -> None:
    (finding,) = findings(**MONEY, **fields, roll_up={"time": method})
    assert finding.code == "C013"
    assert f"'{method}' over time" in finding.message
    assert "counts" in finding.message
    assert "time: last" in finding.fix


@pytest.mark.parametrize("fields", [CUMULATIVE, ROLLING])
def test_neither_are_their_parts(fields: dict[str, Any]) -> None:
    (finding,) = findings(**PARTS, **fields, roll_up={"time": "parts"})
    assert finding.code == "C013"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({**MONEY, **CUMULATIVE, "frequency": "annual"}, "reported once a year"),
        ({"frequency": "monthly", **CUMULATIVE}, "cannot be worked out from a cumulative percentage without parts"),
        ({**MONEY, **CUMULATIVE, "kind": "duration"}, "cannot be worked out from a cumulative duration without parts"),
        ({**PARTS, **ROLLING, "frequency": "annual"}, "no shorter than the 12 months"),
    ],
)
def test_what_is_pointless_is_worth_a_look(fields: dict[str, Any], says: str) -> None:
    (finding,) = findings(**fields)
    assert finding.code == "C010"
    assert says in finding.message


@pytest.mark.parametrize(
    ("words", "named", "wants"),
    [
        ("Savings from 1 April to the end of the month.", "from 1 April", "cumulative"),
        ("Savings since 1 April.", "since 1 April", "cumulative"),
        ("Starts since 1st September.", "since 1st September", "cumulative"),
        ("Cumulative savings.", "Cumulative", "cumulative"),
        ("Savings, year-to-date.", "year-to-date", "cumulative"),
        ("Savings in the year so far.", "year so far", "cumulative"),
        ("Savings in a rolling year.", "rolling", "rolling"),
        ("Savings in the 12 months to the end of the month.", "12 months", "rolling"),
        ("Savings over twelve months.", "twelve months", "rolling"),
    ],
)
def test_words_that_say_otherwise_are_named_where_figures_are_added(words: str, named: str, wants: str) -> None:
    (finding,) = findings(**MONEY, definition=words, roll_up={"time": "sum"})
    assert finding.code == "C010"
    assert f"it says '{named}'" in finding.message
    assert "'sum' over time counts months twice" in finding.message
    assert f"measure: {wants}" in finding.fix
    assert findings(**MONEY, definition=words, roll_up={"time": "sum"}, measure="period") == [finding]


def test_a_saw_tooth_is_named_where_nothing_is_added_too_until_somebody_says_it_is_none() -> None:
    to_date = {**MONEY, "definition": "Savings from 1 April on.", "roll_up": {"time": "last"}}
    (finding,) = findings(**to_date)
    assert "its change, trend and variation are not those of the periods" in finding.message
    assert findings(**to_date, measure="period") == []


@pytest.mark.parametrize(
    "words", ["Reviews held within 12 months of the last.", "Savings of April.", "Accumulated leave on the last day."]
)
def test_words_that_only_sound_like_it_are_left_alone(words: str) -> None:
    assert findings(**MONEY, definition=words, roll_up={"time": "last"}) == []


@pytest.mark.parametrize("file", [ROOT / "kpi_catalogue.yaml", *sorted(ROOT.glob("catalogues/*.yaml"))], ids=str)
def test_what_we_ship_says_what_its_figures_measure(file: Path) -> None:
    assert check_text(file.read_text(encoding="utf-8"), file.name)[1] == []


def test_the_totals_of_the_demo_run_and_restart_in_april() -> None:
    catalogue = load_catalogue(ROOT / "catalogues" / "ics.yaml")
    kpi = catalogue.kpi_by_id["FR2"]
    org = catalogue.orgs_of(kpi)[0]
    start = kpi.period("2024-04")
    made = [sample(kpi, org, start.next(number), start).parts for number in range(24)]
    savings = [parts[1] for parts in made if parts]
    first, second = savings[:12], savings[12:]
    assert first == sorted(set(first))
    assert second == sorted(set(second))
    assert second[0] < first[1]
    for parts in made:
        assert parts
        assert 0 <= parts[0] <= parts[1]
