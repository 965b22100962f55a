"""Locked cells that an owner changed are named one by one; what people honestly do to a sheet changes none."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import Q1, Q2, Team, at, fill, filled
from tests.returns.test_reading import (
    ALPHA,
    C1,
    L1,
    P1,
    V1,
    cell_of,
    codes,
    edited,
    header_columns,
    header_row,
    hide,
    read,
    rename,
    reorder_columns,
    sort_rows,
)
from xlperf.catalogue import Catalogue
from xlperf.findings import Finding, Severity
from xlperf.ledger import Issued
from xlperf.returns import layout
from xlperf.returns.locked import LOCKED, MOST_LISTED, changed_cells
from xlperf.tables import Book
from xlperf.workbook.reader import read_tables


@pytest.fixture(scope="session")
def issued(_issued_once: Path) -> Issued:
    """What the ledger has of Alpha's return."""
    from xlperf.workflow.workspace import Workspace

    (found,) = [one for one in Team(Workspace(_issued_once)).state.issued.values() if one.owner == "alpha"]
    return found


@pytest.fixture(scope="session")
def green(issued_alpha: Path) -> bytes:
    return filled(issued_alpha)


def book_of(data: bytes) -> Book:
    book, faults = read_tables(data, layout.TABLES, file="return.xlsx")
    assert book is not None, faults
    return book


def changed(data: bytes, issued: Issued) -> list[Finding]:
    return list(changed_cells(book_of(data).tables[layout.TABLE], issued.asked, issued.locked, "return.xlsx"))


def typed(key: tuple[str, str, str], header: str, value: Any) -> Callable[[Any], None]:
    def edit(sheet: Any) -> None:
        cell_of(sheet, key, header).value = value

    return edit


@pytest.mark.parametrize("header", LOCKED)
def test_each_locked_cell_that_was_changed_is_named_with_what_it_was_issued_with(
    header: str, green: bytes, issued: Issued
) -> None:
    (found,) = changed(edited(green, typed(V1, header, "Something else")), issued)
    assert found.code == "I012"
    assert (found.location.kpi_id, found.location.org, found.location.period) == V1
    sheet = openpyxl.load_workbook(io.BytesIO(green))["Return"]
    assert found.location.cell == cell_of(sheet, V1, header).coordinate
    assert found.message == (
        f"{header} says 'Something else' and was issued as '{cell_of(sheet, V1, header).value or ''}'."
    )


def test_a_locked_cell_that_was_cleared_or_broken_was_changed(green: bytes, issued: Issued) -> None:
    def edit(sheet: Any) -> None:
        cell_of(sheet, V1, "Target").value = None
        cell_of(sheet, L1, "Unit").value = "#REF!"
        cell_of(sheet, L1, "Unit").data_type = "e"

    assert [item.found for item in changed(edited(green, edit), issued)] == ["", "#REF!"]


def test_many_changes_are_counted_and_not_all_listed(green: bytes, issued: Issued) -> None:
    def edit(sheet: Any) -> None:
        for key in ALPHA:
            for header in ("Definition", "Target"):
                cell_of(sheet, key, header).value = "x"

    found = changed(edited(green, edit), issued)
    assert len(found) == MOST_LISTED + 1
    assert found[-1].message == "and 5 more locked cells were changed."


HONEST: list[Callable[[Any], None]] = [sort_rows, reorder_columns, hide, rename]


@pytest.mark.parametrize("change", HONEST, ids=lambda change: str(change.__name__))
def test_a_sorted_filtered_or_rearranged_return_has_no_changed_cell(
    change: Callable[[Any], None], green: bytes, issued: Issued
) -> None:
    assert changed(edited(green, change), issued) == []


@pytest.mark.parametrize(
    ("header", "said"),
    [("KPI", "  Reviews  held\non time "), ("Definition", "Reviews held by\u00a0their due date.")],
)
def test_white_space_is_no_change(header: str, said: str, green: bytes, issued: Issued) -> None:
    assert changed(edited(green, typed(V1, header, said)), issued) == []


def test_earlier_figures_are_compared_as_numbers_in_whatever_form(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"], {C1: {"Actual": 1234, "Commentary": "c", "Action": "a"}})
    issued_team.collate()
    sent = filled(issued_team.issue(Q2, now=at("2026-10-01"))["alpha"])
    now = issued_team.state.latest_issue[("alpha", Q2)]
    key = ("C1", "TRUST", Q2)
    for same in (1234, 1234.0, "1,234", "1234.0", " 1 234 "):
        assert changed(edited(sent, typed(key, "Last", same)), now) == [], same
    (found,) = changed(edited(sent, typed(key, "Last", 1235)), now)
    assert (found.found, found.expected) == ("1235", "1,234")


def test_formulas_and_helper_cells_are_worked_out_again_and_not_compared(green: bytes, issued: Issued) -> None:
    def edit(sheet: Any) -> None:
        for header in ("RAG", "Result", "Green from", "Factor"):
            cell_of(sheet, V1, header).value = "Green"

    assert changed(edited(green, edit), issued) == []


def test_a_locked_column_that_has_gone_is_said_once(green: bytes, issued: Issued) -> None:
    def edit(sheet: Any) -> None:
        column = header_columns(sheet)["Target"]
        sheet.cell(header_row(sheet), column).value = "Goal"
        sheet.tables[layout.TABLE].tableColumns[column - 1].name = "Goal"

    (found,) = changed(edited(green, edit), issued)
    assert found.message == "the table no longer has the column 'Target'."


def test_returns_issued_before_locked_cells_were_recorded_are_not_compared(green: bytes, issued: Issued) -> None:
    data = edited(green, typed(V1, "Target", "1"))
    assert list(changed_cells(book_of(data).tables[layout.TABLE], issued.asked, (), "return.xlsx")) == []


# ---- Ref, Org and Period ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("header", "value"), [("Ref", "V9"), ("Ref", None), ("Org", "NORTH"), ("Period", Q2)])
def test_a_changed_ref_org_or_period_is_one_clear_sentence(
    header: str, value: str | None, green: bytes, catalogue: Catalogue
) -> None:
    reading = read(edited(green, typed(V1, header, value)), catalogue)
    (found,) = reading.findings
    assert (found.code, found.severity) == ("I013", Severity.REJECT_ROW)
    assert f"was issued as {' '.join(V1)}" in found.message
    assert (found.location.kpi_id, found.location.org, found.location.period) == V1
    sheet = openpyxl.load_workbook(io.BytesIO(green))["Return"]
    assert found.location.cell == cell_of(sheet, V1, header).coordinate
    assert (reading.refused, reading.blank) == ((V1,), ())
    assert V1 not in {figure.key for figure in reading.figures}
    assert len(reading.figures) == len(ALPHA) - 1


def test_a_row_with_another_kpis_name_is_no_row_whose_ref_was_changed(
    green: bytes, catalogue: Catalogue, issued: Issued
) -> None:
    from tests.returns.test_reading import TODAY
    from xlperf.returns.reading import AsIssued, read_return

    def edit(sheet: Any) -> None:
        cell_of(sheet, V1, "KPI").value = "Another thing altogether"
        cell_of(sheet, V1, "Ref").value = "X9"

    reading = read_return(
        book_of(edited(green, edit)), catalogue, AsIssued(issued.asked, issued.locked), "f.xlsx", TODAY
    )
    assert codes(reading.findings) == ["R020", "R021"]


def test_a_row_of_which_ref_and_org_were_changed_is_no_row_that_was_issued(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        place, org = cell_of(sheet, V1, "Ref"), cell_of(sheet, V1, "Org")
        place.value, org.value = "X9", "NORTH"

    reading = read(edited(green, edit), catalogue)
    assert codes(reading.findings) == ["R020", "R021"]
    assert reading.blank == (V1,)


def test_two_rows_whose_refs_were_lost_cannot_be_told_apart_by_them(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        places = [cell_of(sheet, key, "Ref") for key in (V1, P1)]
        for place in places:
            place.value = None

    reading = read(edited(green, edit), catalogue)
    assert codes(reading.findings) == ["R020", "R020", "R021", "R021"]
    assert set(reading.blank) == {V1, P1}


@pytest.mark.parametrize(("policy", "outcome"), [("accept", "Accepted with warnings"), ("hold", "Held")])
def test_the_policy_for_locked_cells_goes_for_ref_org_and_period_too(
    policy: str, outcome: str, issued_team: Team
) -> None:
    issued_team.change_catalogue(lambda data: data.update(returns={"policies": {"changed_locked_cells": policy}}))
    data = edited(filled(issued_team.issued()["alpha"]), typed(V1, "Ref", "V9"))
    (issued_team.received() / "sent.xlsx").write_bytes(data)
    ((_, received),) = issued_team.collate().judged
    assert received.outcome == outcome
    assert received.refused == (("V1", "TRUST", Q1),)
    assert V1 not in issued_team.state.figures
