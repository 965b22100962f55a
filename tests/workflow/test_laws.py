"""What comes in is accounted for: every file, return and filled cell. `Team.collate` checks it in every test.

Here the law of cells is tried on returns filled at random: each filled cell is accepted, flagged by a finding, or
refused. The books are those of real workbooks, as the reader gives them, with cells put in at random.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import GREEN, Q1, Team, catalogue_data, draws, fill, filled, key_of, kpi_in, write_catalogue
from xlperf.assessment.return_counts import returns_of
from xlperf.catalogue import Catalogue, load_catalogue
from xlperf.ledger import Received
from xlperf.ledger.records import ACCEPTED
from xlperf.period import Period
from xlperf.returns import fields, layout
from xlperf.returns.counting import CellCounts
from xlperf.returns.reading import AsIssued, read_return
from xlperf.tables import Book, Cell, CellKind, NumberStyle, Row
from xlperf.workbook.reader import read_tables
from xlperf.workflow.incoming.reconciliation import reconciliation_rows

V1 = ("V1", "TRUST", Q1)
TODAY = date(2026, 7, 10)
INPUTS = [column.header for column in layout.COLUMNS if column.role is fields.Role.INPUT]


@pytest.fixture(scope="session")
def empty(issued_alpha: Path) -> Book:
    """Alpha's return as issued, with nothing typed into it."""
    book, faults = read_tables(issued_alpha.read_bytes(), layout.TABLES, file="return.xlsx")
    assert book is not None, faults
    return book


@pytest.fixture(scope="session")
def without_v1(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The catalogue after a KPI was dropped."""
    data = catalogue_data()
    data["kpis"].remove(kpi_in(data, "V1"))
    return load_catalogue(write_catalogue(tmp_path_factory.mktemp("without"), data))


# ---- somebody's typing, of any kind ----------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.sampled_from(["95", "95%", "1,234", "n/a", "Yes", "no", "perhaps", "412/431", "31/03/2027", "On track", "7 9"]),
    st.sampled_from(["", " ", "\t", "\u00a0", "\x07", "=1+1", "x" * 31_000]),
    st.text(max_size=20),
)
NUMBERS = st.one_of(st.integers(-5, 200).map(str), st.floats(allow_nan=False, allow_infinity=False).map(repr))


@st.composite
def typed_cells(draw: st.DrawFn) -> Cell:
    kind = draw(st.sampled_from([CellKind.TEXT, CellKind.TEXT, CellKind.NUMBER, CellKind.NUMBER, *CellKind]))
    raw = {
        CellKind.BLANK: st.just(""),
        CellKind.NUMBER: NUMBERS,
        CellKind.TEXT: TEXTS,
        CellKind.BOOLEAN: st.sampled_from(["TRUE", "FALSE"]),
        CellKind.ERROR: st.sampled_from(["#DIV/0!", "#N/A", "#NAME?"]),
        CellKind.UNCALCULATED: st.just(""),
    }[kind]
    style = draw(st.sampled_from([NumberStyle.GENERAL, NumberStyle.GENERAL, *NumberStyle]))
    return Cell(kind, draw(raw), "", style, draw(st.booleans()))


@dataclass(frozen=True)
class Filling:
    """What is done to a return: values by (row, header); rows left out, doubled, and given another key."""

    values: Mapping[tuple[int, str], Cell]
    order: tuple[int, ...]
    keys: Mapping[int, tuple[str, str, str]]
    signed: Mapping[tuple[int, str], Cell]
    sign_off_order: tuple[int, ...]
    below: tuple[Cell, ...]
    unlisted: int


KEYS = st.tuples(
    st.sampled_from(["V1", "P1", "G1", "X9", ""]), st.sampled_from(["TRUST", "NORTH", ""]), st.sampled_from([Q1, "x"])
)


ANSWERS = {
    (row, header): Cell(CellKind.TEXT if isinstance(value, str) else CellKind.NUMBER, str(value))
    for row, kpi in enumerate(["P1", "V1", "L1", "C1", "M1"])
    for header, value in GREEN[kpi].items()
}
"""A figure on target in every row of Alpha's return."""


@st.composite
def fillings(draw: st.DrawFn) -> Filling:
    rows = st.integers(0, 4)
    headers = st.sampled_from([*INPUTS, *INPUTS, "Notes", "Column1"])
    # Some answers are in order, as in most returns; what stands beside an accepted figure is easily forgotten.
    in_order = {place: cell for place, cell in ANSWERS.items() if draw(st.integers(0, 9))}
    return Filling(
        values=in_order | draw(st.dictionaries(st.tuples(rows, headers), typed_cells(), max_size=12)),
        order=tuple(draw(st.lists(rows, max_size=7))) if draw(st.booleans()) else (0, 1, 2, 3, 4),
        keys=draw(st.dictionaries(rows, KEYS, max_size=2)),
        signed=draw(
            st.dictionaries(st.tuples(st.integers(0, 2), st.sampled_from(["Answer", "Remark"])), typed_cells())
        ),
        sign_off_order=tuple(draw(st.lists(st.integers(0, 2), max_size=5))) if draw(st.booleans()) else (0, 1, 2),
        below=tuple(draw(st.lists(typed_cells().filter(lambda cell: not cell.is_blank), max_size=3))),
        unlisted=draw(st.sampled_from([0, 0, 70])),
    )


def done_to(book: Book, filling: Filling) -> Book:
    """The book after somebody has done that to it."""
    table, sign_off = book.tables[layout.TABLE], book.tables[layout.SIGN_OFF_TABLE]
    rows = [_row(table.rows[source], number, source, filling) for number, source in enumerate(filling.order)]
    columns = (*table.columns, "Notes", "Column1")
    stray = tuple(replace(cell, ref=f"A{900 + number}") for number, cell in enumerate(filling.below))
    changed = replace(table, rows=tuple(rows), columns=columns, stray=stray, stray_count=len(stray) + filling.unlisted)
    signed = tuple(
        Row(100 + number, _placed({**sign_off.rows[source].cells, **_of(filling.signed, source)}, 100 + number))
        for number, source in enumerate(filling.sign_off_order)
    )
    both = {table.name: changed, sign_off.name: replace(sign_off, rows=signed, columns=(*sign_off.columns, "Remark"))}
    return replace(book, tables={**book.tables, **both})


def _row(row: Row, number: int, source: int, filling: Filling) -> Row:
    cells = {**row.cells, **_of(filling.values, source)}
    if number in filling.keys:
        for column, said in zip((fields.REF, fields.ORG, fields.PERIOD), filling.keys[number], strict=True):
            cells[column.header] = Cell(CellKind.TEXT, said)
    return Row(10 + number, _placed(cells, 10 + number))


def _of(values: Mapping[tuple[int, str], Cell], row: int) -> dict[str, Cell]:
    return {header: cell for (source, header), cell in values.items() if source == row}


def _placed(cells: Mapping[str, Cell], number: int) -> dict[str, Cell]:
    return {header: replace(cell, ref=f"{header}{number}") for header, cell in cells.items()}


def filled_by_hand(book: Book, filling: Filling) -> int:
    """How many filled cells of the owner's the book has, counted from what was done to it."""
    values = sum(
        not cell.is_blank
        for number in range(len(filling.order))
        for cell in _of(filling.values, filling.order[number]).values()
    )
    signed = sum(
        not cell.is_blank for source in filling.sign_off_order for cell in _of(filling.signed, source).values()
    )
    return values + signed + len(filling.below) + filling.unlisted


@settings(draws(250), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filling=fillings(), is_dropped=st.sampled_from([False, False, True]))
def test_no_filled_cell_of_a_return_is_passed_over_in_silence(
    filling: Filling, is_dropped: bool, empty: Book, catalogue: Catalogue, without_v1: Catalogue
) -> None:
    asked = [key_of(row) for row in empty.tables[layout.TABLE].rows]
    book = done_to(empty, filling)
    reading = read_return(book, without_v1 if is_dropped else catalogue, AsIssued(asked), "return.xlsx", TODAY)
    cells = reading.cells
    assert cells.found == filled_by_hand(book, filling)
    assert cells.found == cells.accepted + cells.flagged + cells.refused
    answered = {figure.key for figure in reading.figures if not figure.restated}
    assert len(answered) == len([figure for figure in reading.figures if not figure.restated])
    assert not answered & ({*reading.refused} | {*reading.blank})
    if not reading.findings:
        assert cells.flagged == cells.refused == 0


# ---- on the About sheet, and over whole files ------------------------------------------------------------------------


def about(team: Team) -> dict[str, str]:
    return {row["Item"]: row["Value"] for row in team.sheet("tbl_about")}


def test_the_about_sheet_counts_the_cells_of_the_period(issued_team: Team) -> None:
    issued = issued_team.issued()
    fill(issued["alpha"], {V1: {"Actual": "about 90", "Commentary": "Not final"}})
    done = issued_team.collate()
    (_, received) = done.judged[0]
    # Five KPIs and a sign-off of three; V1's row is refused with its commentary and its 'Data validated'.
    figures = sum(len(typed) for kpi, typed in GREEN.items() if kpi in {"P1", "V1", "L1", "C1", "M1"})
    assert received.cells == CellCounts(found=figures + 5 + 1 + 3, accepted=figures + 5 + 3 - 2, flagged=0, refused=3)
    assert about(issued_team)["Cells"] == str(received.cells)


def test_a_file_counts_as_refused_that_is_rejected_and_as_nothing_that_cannot_be_read(issued_team: Team) -> None:
    issued = issued_team.issued()
    alpha = filled(issued["alpha"])
    book = openpyxl.load_workbook(io.BytesIO(alpha))
    book["xlperf"].cell(*_place_of(book["xlperf"], "return_id")).value = "0123456789abcdef"
    book.save(issued_team.received() / "forged.xlsx")
    (issued_team.received() / "torn.xlsx").write_bytes(alpha[:5000])
    done = issued_team.collate()
    cells = {name: received.cells for name, received in done.judged}
    assert cells["torn.xlsx"] == CellCounts()
    assert cells["forged.xlsx"].refused == cells["forged.xlsx"].found > 10
    assert about(issued_team)["Cells"] == str(cells["forged.xlsx"])


def _place_of(sheet: Any, item: str) -> tuple[int, int]:
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == item]
    return cell.row, cell.column + 1


def test_cells_that_fell_out_are_said_in_words_with_the_file(issued_team: Team) -> None:
    lost = Received("a" * 64, "lost.xlsx", Q1, ACCEPTED, cells=CellCounts(found=9, accepted=6, flagged=1, refused=1))
    whole = replace(lost, sha256="b" * 64, file="whole.xlsx", cells=CellCounts(found=2, accepted=2))
    judged = [("lost.xlsx", lost), ("whole.xlsx", whole)]
    rows = dict(
        reconciliation_rows(
            returns_of(issued_team.workspace.catalogue(), issued_team.state, Period.parse(Q1)),
            Period.parse(Q1),
            judged,
            [],
        )
    )
    assert rows["Cells"].startswith("11 found = 8 accepted + 1 flagged + 1 refused DOES NOT ADD UP: lost.xlsx:")
    assert "whole.xlsx" not in rows["Cells"]


def test_a_copy_of_a_file_is_a_file_more_and_its_cells_are_counted_once(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"])
    (issued_team.received() / "copy.xlsx").write_bytes(sent.read_bytes())
    done = issued_team.collate()
    assert about(issued_team)["Files"].startswith("2 listed = 2 accepted")
    assert about(issued_team)["Cells"] == str(done.judged[0][1].cells)


def test_the_counts_of_a_return_come_back_from_the_ledger(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"], {V1: {"Actual": "about 90"}})
    done = issued_team.collate()
    assert issued_team.state.received[0].cells == done.judged[0][1].cells != CellCounts()
