"""Still right, cell by cell: which cells are empty, and what an odd one does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import filled
from tests.returns.test_reading import ALPHA, TODAY, V1, about, codes, edited, figure, typed_in
from xlperf.catalogue import Catalogue
from xlperf.returns import layout
from xlperf.returns.last_words import SaidLast
from xlperf.returns.reading import AsIssued, ReturnReading, read_return
from xlperf.workbook.reader import read_tables

WORDS: SaidLast = {
    "commentary": "Half the reviewers were ill",
    "cause": "Vacancies",
    "action": "Second round",
    "action_owner": "Head of service",
    "action_due": "2026-12-31",
    "forecast": 0.0,
}
RED: dict[str, Any] = {"Actual": 70, "Still right": "Yes"}


def read(data: bytes, catalogue: Catalogue, words: SaidLast = WORDS) -> ReturnReading:
    """Reading of a return that showed these words in every row."""
    book, faults = read_tables(data, layout.TABLES, file="return.xlsx")
    assert book is not None, faults
    as_issued = AsIssued(ALPHA, last_words=[words] * len(ALPHA), due="2026-07-16")
    reading = read_return(book, catalogue, as_issued, "return.xlsx", TODAY)
    assert reading.cells.found == reading.cells.accounted_for
    return reading


def said(reading: ReturnReading) -> SaidLast:
    return {name: value for name in WORDS if (value := figure(reading, V1).answer(name)) not in (None, "")}


def test_every_filled_cell_is_accounted_for(issued_alpha: Path, catalogue: Catalogue) -> None:
    without, kept = (
        read(filled(issued_alpha, {V1: values}), catalogue) for values in (RED | {"Still right": None}, RED)
    )
    assert kept.findings == ()
    assert said(kept) == WORDS
    assert (kept.cells.accepted, kept.cells.flagged) == (without.cells.accepted + 1, 0)


def test_where_there_is_nothing_to_keep_the_cell_is_flagged(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, {V1: RED | {"Actual": 92}}), catalogue, {})
    (item,) = reading.findings
    assert (item.code, item.location.figure_key, item.found) == ("R058", V1, "Yes")
    assert (reading.cells.flagged, reading.cells.refused) == (1, 0)


@pytest.mark.parametrize("space", [" ", "\t", "\n  "])
def test_a_slip_of_the_space_bar_is_an_empty_cell(space: str, issued_alpha: Path, catalogue: Catalogue) -> None:
    assert said(read(filled(issued_alpha, {V1: RED | {"Commentary": space}}), catalogue)) == WORDS


@pytest.mark.parametrize("header", ["Commentary", "Cause"])
def test_a_cell_that_cannot_be_read_is_not_an_empty_one(header: str, issued_alpha: Path, catalogue: Catalogue) -> None:
    typed = edited(filled(issued_alpha, {V1: RED}), typed_in(V1, header, "=1/0"))  # never calculated
    reading = read(typed, catalogue)
    assert "R029" in codes(about(reading, V1))
    assert said(reading) == {name: value for name, value in WORDS.items() if name != header.lower()}


def test_nor_is_a_date_or_a_forecast_that_cannot_be_read(issued_alpha: Path, catalogue: Catalogue) -> None:
    typed = RED | {"Action due": "when we can", "Forecast for year end": "about 80"}
    reading = read(filled(issued_alpha, {V1: typed}), catalogue)
    assert codes(about(reading, V1)) == ["A003", "R017", "R030"]
    assert said(reading) == {name: value for name, value in WORDS.items() if name not in ("action_due", "forecast")}


def test_a_formula_that_was_never_calculated_says_neither_yes_nor_no(issued_alpha: Path, catalogue: Catalogue) -> None:
    typed = edited(filled(issued_alpha, {V1: RED}), typed_in(V1, "Still right", '="Yes"'))
    reading = read(typed, catalogue)
    assert codes(about(reading, V1)) == ["A001", "A002", "A003", "A003", "R028"]
    assert said(reading) == {}


def test_an_owner_or_a_date_typed_alone_goes_with_the_last_action(issued_alpha: Path, catalogue: Catalogue) -> None:
    typed = RED | {"Action owner": "Deputy head", "Action due": date(2027, 3, 31)}
    reading = read(filled(issued_alpha, {V1: typed}), catalogue)
    assert said(reading) == {**WORDS, "action_owner": "Deputy head", "action_due": "2027-03-31"}


def test_a_figure_on_target_may_keep_them_too_and_its_action_is_asked_about(
    issued_alpha: Path, catalogue: Catalogue
) -> None:
    late = {**WORDS, "action_due": "2026-07-15"}
    reading = read(filled(issued_alpha, {V1: RED | {"Actual": 92}}), catalogue, late)
    (item,) = reading.findings
    assert (item.code, item.message) == ("A004", "Green: action due date (the last has passed) is missing.")
    assert said(reading) == late


def test_a_row_that_is_refused_keeps_nothing(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, {V1: RED | {"Actual": "lots"}}), catalogue)
    assert reading.refused == (V1,)
    assert codes(about(reading, V1)) == ["R001"]
