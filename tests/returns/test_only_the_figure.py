"""An owner who has the figure alone of a KPI with parts may give it, with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Q1, Team, fill, filled
from tests.returns.test_reading import ALPHA, P1, V1, figure, read
from xlperf.catalogue import Catalogue
from xlperf.returns import layout
from xlperf.returns.rating import rate_figure
from xlperf.workbook.file import FileWorkbook

ALONE: dict[str, Any] = {"Numerator": None, "Denominator": None, "Actual": 97}
WHY = {"Why no parts": "The supplier gives the rate alone"}


def of_p1(reading: Any) -> list[tuple[str, str]]:
    """What is found about the row, and at which cell."""
    return [(item.code, item.message) for item in reading.findings if item.location.kpi_id == "P1"]


def test_with_a_reason_it_is_taken_judged_and_spoken_of(filled_alpha: Any, catalogue: Catalogue) -> None:
    reading = read(filled_alpha({P1: ALONE | WHY}), catalogue)
    taken = figure(reading, P1)
    assert (taken.actual, taken.numerator, taken.denominator) == (97, None, None)
    assert taken.as_record()["no_parts"] == WHY["Why no parts"]
    assert rate_figure(catalogue.kpi_by_id["P1"], taken) == "Green"
    assert of_p1(reading) == [
        ("R057", "Why no parts: 97 was given without its parts: The supplier gives the rate alone")
    ]


def test_without_a_reason_it_is_refused_as_ever(filled_alpha: Any, catalogue: Catalogue) -> None:
    reading = read(filled_alpha({P1: ALONE}), catalogue)
    assert reading.refused == (P1,)
    (found,) = [item for item in reading.findings if item.code == "R024"]
    assert "Why no parts" in found.fix


def test_095_is_no_percentage_there_either(filled_alpha: Any, catalogue: Catalogue) -> None:
    reading = read(filled_alpha({P1: ALONE | WHY | {"Actual": 0.95}}), catalogue)
    assert reading.refused == (P1,)
    assert of_p1(reading)[0][0] == "R004"


@pytest.mark.parametrize(
    ("key", "typed"), [(P1, {}), (V1, {}), (P1, {"Numerator": None, "Denominator": None, "Not applicable": "Yes"})]
)
def test_a_reason_beside_anything_else_is_not_kept_and_said(
    key: Any, typed: dict[str, Any], filled_alpha: Any, catalogue: Catalogue
) -> None:
    reading = read(filled_alpha({key: typed | WHY}), catalogue)
    assert "no_parts" not in figure(reading, key).as_record()
    assert "R031" in [item.code for item in reading.findings]


def test_one_part_beside_it_is_one_part_missing(filled_alpha: Any, catalogue: Catalogue) -> None:
    reading = read(filled_alpha({P1: ALONE | WHY | {"Numerator": 97}}), catalogue)
    assert reading.refused == (P1,)


def test_a_return_issued_before_this_was_asked_is_read_as_before(filled_alpha: Any, catalogue: Catalogue) -> None:
    reading = read(filled_alpha({P1: ALONE}), catalogue, ALPHA, template="2")
    assert reading.refused == (P1,)


@pytest.fixture
def filled_alpha(issued_alpha: Path) -> Any:
    """Alpha's return with these answers."""
    return lambda typed: filled(issued_alpha, typed)


def test_it_stands_in_the_master_and_in_the_next_return_of_the_period(team: Team) -> None:
    issued = team.issue(Q1)["alpha"]
    fill(issued, {P1: ALONE | WHY})
    done = team.collate()
    assert [item.code for _, judged in done.judged for item in judged.findings if item.code.startswith("R")] == ["R057"]
    (row,) = [each for each in team.sheet("tbl_data") if each["Ref"] == "P1" and each["Period"] == Q1]
    assert (row["Actual"], row["Numerator"], row["RAG"]) == ("97", "", "Green")
    again = rows_of(team.issue(Q1, again=True)["alpha"])["P1"]
    assert (again["Numerator"], again["Actual"], again["Why no parts"]) == ("", "97", WHY["Why no parts"])


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    """The rows of a return by Ref, as text by header."""
    table = FileWorkbook.open(path).read_table(layout.TABLE)
    return {row["Ref"].raw: {header: row[header].raw for header in table.columns} for row in table.rows}
