"""Returns as owners really fill them, read back from real workbooks."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.conftest import GREEN, Q1, Q4, Typed, catalogue_data, filled, kpi_in, on_screen, write_catalogue
from xlperf.catalogue import Catalogue, load_catalogue
from xlperf.findings import Finding, Severity
from xlperf.returns import layout
from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.reading import AsIssued, ReturnReading, read_return
from xlperf.workbook.port import CellValue
from xlperf.workbook.reader import read_tables

P1, V1, L1, C1, M1 = ((ref, "TRUST", Q1) for ref in ("P1", "V1", "L1", "C1", "M1"))
ALPHA: tuple[FigureKey, ...] = (P1, V1, L1, C1, M1)
TODAY = date(2026, 7, 10)
SHEET = "Return"
Edit = Callable[[Any], None]
"""What somebody does to the Return sheet in their own program."""


def read(
    data: bytes,
    catalogue: Catalogue,
    asked: Sequence[FigureKey] = ALPHA,
    today: date = TODAY,
    template: str = layout.TEMPLATE_VERSION,
) -> ReturnReading:
    book, faults = read_tables(data, layout.TABLES, file="return.xlsx")
    assert book is not None, faults
    reading = read_return(book, catalogue, AsIssued(asked, template_version=template), "return.xlsx", today)
    assert reading.cells.found == reading.cells.accounted_for  # each filled cell is taken, refused, or spoken of
    return reading


def edited(data: bytes, edit: Edit, **how: Any) -> bytes:
    """The workbook after somebody has opened it, changed its Return sheet, and saved it."""
    book = openpyxl.load_workbook(io.BytesIO(data), **how)
    edit(book[SHEET])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def row_of(sheet: Any, key: FigureKey) -> int:
    """The sheet row of a key."""
    columns = header_columns(sheet)
    for row in range(header_row(sheet) + 1, sheet.max_row + 1):
        said = tuple(str(sheet.cell(row, columns[name]).value) for name in ("Ref", "Org", "Period"))
        if said == key:
            return row
    raise AssertionError(f"no row {key}")


def header_row(sheet: Any) -> int:
    return area_of(sheet)[1]


def area_of(sheet: Any) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the table."""
    left, top, right, bottom = (end or 0 for end in range_boundaries(sheet.tables[layout.TABLE].ref))
    return left, top, right, bottom


def header_columns(sheet: Any) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[header_row(sheet)] if cell.value}


def cell_of(sheet: Any, key: FigureKey, header: str) -> Any:
    return sheet.cell(row_of(sheet, key), header_columns(sheet)[header])


def typed_in(key: FigureKey, header: str, value: Any, number_format: str | None = None) -> Edit:
    def edit(sheet: Any) -> None:
        cell = cell_of(sheet, key, header)
        cell.value = value
        if number_format:
            cell.number_format = number_format

    return edit


def figure(reading: ReturnReading, key: FigureKey) -> Figure:
    return next(f for f in reading.figures if f.key == key)


def about(reading: ReturnReading, key: FigureKey) -> list[Finding]:
    return [f for f in reading.findings if (f.location.kpi_id, f.location.org, f.location.period) == key]


def codes(findings: Sequence[Finding]) -> list[str]:
    return sorted(f.code for f in findings)


@pytest.fixture(scope="session")
def green(issued_alpha: Path) -> bytes:
    """Alpha's return with every figure on target."""
    return filled(issued_alpha)


def test_a_return_filled_as_asked_is_taken_whole_without_a_finding(green: bytes, catalogue: Catalogue) -> None:
    reading = read(green, catalogue)
    assert reading.findings == ()
    assert (reading.refused, reading.blank) == ((), ())
    assert [f.key for f in reading.figures] == list(ALPHA)
    assert figure(reading, P1).actual == 97
    assert (figure(reading, P1).numerator, figure(reading, P1).denominator) == (97, 100)
    assert figure(reading, M1).milestone == "On track"
    assert reading.sign_off.completed_by == "Team manager"
    assert reading.sign_off.signed_off_on == "2026-07-08"


def test_a_milestone_said_to_be_on_track_after_its_date_is_told_to_its_owner_and_asked_for_an_action(
    green: bytes,
) -> None:
    data = catalogue_data()
    kpi_in(data, "M1")["targets"] = [{"from": "2024-25", "due": "2026-06-30"}]
    reading = read(green, Catalogue.model_validate(data))
    assert codes(about(reading, M1)) == ["A001", "A002", "A003", "A003", "R056"]
    (missed,) = (each for each in about(reading, M1) if each.code == "R056")
    assert missed.message == "Milestone: missed: due 30 Jun 2026, and at the end of Q1 26-27 it was 'On track'."
    assert figure(reading, M1).milestone == "On track"  # what the owner said is kept
    kpi_in(data, "M1")["targets"] += [{"from": "2026-27", "due": "2026-07-01"}]
    assert not about(read(green, Catalogue.model_validate(data)), M1)


def test_a_change_of_definition_offers_what_to_paste_into_the_catalogue(
    issued_alpha: Path, catalogue: Catalogue
) -> None:
    said = {"Definition or source changed": "Yes", "What changed": 'Only "closed" reviews'}
    data = filled(issued_alpha, {V1: {"Actual": 92, **said}})
    (found,) = (each for each in about(read(data, catalogue), V1) if each.code == "A006")
    fix = found.fix.replace("{on:", '{"on":')  # a key of the catalogue; to plain YAML a truth value
    pasted = [yaml.safe_load(text) for text in re.findall(r"(?:rebases|comparable): \[.*?\}\]", fix)]
    assert pasted == [
        {"rebases": [{"on": date(2026, 4, 1), "orgs": ["TRUST"], "reason": 'Only "closed" reviews'}]},
        {"comparable": [{"from": Q1, "orgs": ["TRUST"], "reason": 'Only "closed" reviews'}]},
    ]
    for field in pasted:
        changed = catalogue_data()
        kpi_in(changed, "V1").update(field)
        (found,) = (each for each in about(read(data, Catalogue.model_validate(changed)), V1) if each.code == "A006")
        assert "rebases: [" not in found.fix


def test_a_figure_remembers_the_file_sheet_and_cell_it_was_typed_into(green: bytes, catalogue: Catalogue) -> None:
    found = figure(read(green, catalogue), V1)
    sheet = openpyxl.load_workbook(io.BytesIO(green))[SHEET]
    assert (found.file, found.sheet) == ("return.xlsx", SHEET)
    assert found.cell == cell_of(sheet, V1, "Actual").coordinate
    assert sheet[found.cell].value == 92


def test_57_of_100_is_57(issued_alpha: Path, catalogue: Catalogue) -> None:
    data = filled(issued_alpha, {P1: {"Numerator": 57, "Denominator": 100}})
    assert figure(read(data, catalogue), P1).actual == 57


def test_nothing_typed_is_nothing_returned_and_never_zero(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, only=True, signed=False), catalogue)
    assert reading.figures == ()
    assert set(reading.blank) == set(ALPHA)
    assert codes(reading.findings) == ["A009"] * 3 + ["A013"] + ["R005"] * 5


ONE_FAULT: list[tuple[str, FigureKey, dict[str, Any], str]] = [
    ("text in a number", V1, {"Actual": "about 92"}, "R001"),
    ("two numbers in a cell", C1, {"Actual": "7 9"}, "R001"),
    ("only a numerator", P1, {"Denominator": None}, "R006"),
    ("only a denominator", P1, {"Numerator": None}, "R006"),
    ("denominator of zero", P1, {"Denominator": 0}, "R007"),
    ("numerator above denominator", P1, {"Numerator": 101}, "R009"),
    ("percentage above 100", V1, {"Actual": 192}, "R009"),
    ("negative count", C1, {"Actual": -1}, "R009"),
    ("count with a half", C1, {"Actual": 7.5}, "R011"),
    ("a word that is no status", M1, {"Milestone": "Nearly"}, "R012"),
    ("a figure and not applicable", V1, {"Not applicable": "Yes"}, "R013"),
    ("a percentage where parts are asked", P1, {"Numerator": None, "Denominator": None, "Actual": 97}, "R024"),
    ("0.95 of a percentage", V1, {"Actual": 0.95}, "R004"),
    ("1 of a percentage", V1, {"Actual": 1}, "R004"),
    ("sixteen digits", C1, {"Actual": "1234567890123456"}, "R001"),
]


@pytest.mark.parametrize(("fault", "key", "typed", "code"), ONE_FAULT, ids=[case[0] for case in ONE_FAULT])
def test_one_fault_refuses_its_row_and_no_other(
    fault: str, key: FigureKey, typed: dict[str, Any], code: str, issued_alpha: Path, catalogue: Catalogue
) -> None:
    reading = read(filled(issued_alpha, {key: typed}), catalogue)
    assert reading.refused == (key,)
    assert {f.key for f in reading.figures} == set(ALPHA) - {key}
    (found,) = [f for f in reading.findings if f.severity is Severity.REJECT_ROW]
    assert found.code == code
    where = found.location
    assert (where.file, where.sheet, where.kpi_id, where.org, where.period) == ("return.xlsx", SHEET, *key)
    assert re.fullmatch(r"[A-Z]+\d+|row \d+, \w+", where.cell)  # an empty cell is named by row and heading
    assert found.fix
    assert any(header in found.message for header in ("Numerator", "Denominator", "Actual", "Milestone"))


def test_a_refused_cell_is_quoted_as_it_was_typed(issued_alpha: Path, catalogue: Catalogue) -> None:
    (found,) = read(filled(issued_alpha, {V1: {"Actual": "95%x"}}), catalogue).findings
    assert found.found == "95%x"
    assert found.expected == "a number"


@pytest.mark.parametrize(
    ("typed", "number_format", "meant"),
    [
        (0.95, "0%", 95),
        (0.957, "0.0%", 95.7),
        ("95%", None, 95),
        ("95 %", None, 95),
        (95, None, 95),
        (0, None, 0),
        (0.9, '0.0"%"', 0.9),
        (0.9, "[<=1]0%;0.0", 90),
        (91.2, "[<=1]0%;0.0", 91.2),
        (91.2, "[$-409]0.0", 91.2),
    ],
)
def test_ways_of_typing_a_percentage(
    typed: Any, number_format: str | None, meant: float, green: bytes, catalogue: Catalogue
) -> None:
    reading = read(edited(green, typed_in(V1, "Actual", typed, number_format)), catalogue)
    assert figure(reading, V1).actual == meant


@pytest.mark.parametrize("number_format", ["0,", '0.0"k"', ";;;", '"tbc"', '0"00"', "dd/mm/yyyy", "-0"])
def test_a_number_that_the_owner_does_not_see_as_it_stands_is_refused(
    number_format: str, green: bytes, catalogue: Catalogue
) -> None:
    reading = read(edited(green, typed_in(V1, "Actual", 92, number_format)), catalogue)
    assert reading.refused == (V1,)
    assert codes(about(reading, V1)) == ["R001"]
    assert "format" in about(reading, V1)[0].message


def test_a_text_in_a_percent_cell_is_no_typed_percentage(green: bytes, catalogue: Catalogue) -> None:
    reading = read(edited(green, typed_in(V1, "Actual", "0.95", "0%")), catalogue)
    assert reading.refused == (V1,)
    assert "R004" in codes(about(reading, V1))


def test_0_95_is_never_guessed_at_but_the_usual_range_can_settle_it(issued_alpha: Path, catalogue: Catalogue) -> None:
    # 0.2 of a KPI that is usually 0 to 30 % can only be 0.2 %: 20 % is usual too, so it cannot be told.
    doubtful = read(filled(issued_alpha, {L1: {"Actual": 0.2}}), catalogue)
    settled = read(filled(issued_alpha, {L1: {"Actual": 0.8}}), catalogue)
    assert doubtful.refused == (L1,)
    (found,) = about(doubtful, L1)
    assert "0.2 %" in found.message
    assert "20 %" in found.message
    assert figure(settled, L1).actual == 0.8


def test_an_unusual_figure_is_taken_and_queried(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, {L1: {"Actual": 45, "Commentary": "Right", "Action": "Recruit"}}), catalogue)
    assert figure(reading, L1).actual == 45
    assert "R010" in codes(about(reading, L1))


def test_excel_error_uncalculated_formula_blank_and_not_applicable_stay_apart(
    green: bytes, catalogue: Catalogue
) -> None:
    def edit(sheet: Any) -> None:
        cell_of(sheet, V1, "Actual").value = "#DIV/0!"
        cell_of(sheet, V1, "Actual").data_type = "e"
        cell_of(sheet, L1, "Actual").value = "=1/3"
        cell_of(sheet, C1, "Actual").value = None
        cell_of(sheet, M1, "Milestone").value = "n/a"
        cell_of(sheet, M1, "Reason not applicable").value = "Merged into another programme"

    reading = read(edited(green, edit), catalogue)
    assert codes(about(reading, V1)) == ["R002"]
    assert codes(about(reading, L1)) == ["R003"]
    assert codes(about(reading, C1)) == ["R005"]
    assert about(reading, M1) == []
    assert figure(reading, M1).not_applicable
    assert figure(reading, M1).reason_not_applicable == "Merged into another programme"
    assert set(reading.refused) == {V1, L1}
    assert reading.blank == (C1,)


def test_not_applicable_without_the_reason_is_asked_for(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, {C1: {"Actual": None, "Not applicable": "Yes"}}), catalogue)
    assert figure(reading, C1).not_applicable
    assert codes(about(reading, C1)) == ["R014"]


def test_a_number_shown_as_a_date_is_refused(green: bytes, catalogue: Catalogue) -> None:
    reading = read(edited(green, typed_in(C1, "Actual", 7, "dd/mm/yyyy")), catalogue)
    assert codes(about(reading, C1)) == ["R001"]
    assert reading.refused == (C1,)


def test_what_an_off_target_figure_still_needs(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, {V1: {"Actual": 60}, P1: {"Numerator": 94}}), catalogue)
    assert codes(about(reading, V1)) == ["A001", "A002", "A003", "A003"]  # Red
    assert codes(about(reading, P1)) == ["A001"]  # Amber
    assert {f.location.cell[0] != "" for f in about(reading, V1)} == {True}


def test_an_action_past_its_due_date_is_pointed_out(issued_alpha: Path, catalogue: Catalogue) -> None:
    said: dict[str, CellValue] = {"Actual": 60, "Commentary": "c", "Action": "a", "Action owner": "o"}
    late = filled(issued_alpha, {V1: {**said, "Action due": date(2026, 7, 9)}})
    in_time = filled(issued_alpha, {V1: {**said, "Action due": date(2026, 7, 10)}})
    assert codes(about(read(late, catalogue), V1)) == ["A004"]
    assert about(read(in_time, catalogue), V1) == []
    assert figure(read(in_time, catalogue), V1).action_due == "2026-07-10"


@pytest.mark.parametrize("typed", ["30/09/2026", "30 September 2026", "2026-09-30"])
def test_a_due_date_typed_as_text_is_a_date(typed: str, issued_alpha: Path, catalogue: Catalogue) -> None:
    data = filled(issued_alpha, {V1: {"Action": "a", "Action owner": "o", "Action due": typed}})
    assert figure(read(data, catalogue), V1).action_due == "2026-09-30"


def test_a_due_date_that_is_no_date_is_asked_back(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, {V1: {"Action due": "end of summer"}}), catalogue)
    assert figure(reading, V1).action_due == ""
    assert codes(about(reading, V1)) == ["R017"]


def test_dates_of_a_workbook_that_counts_from_1904(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        sheet.parent.epoch = CALENDAR_MAC_1904
        cell_of(sheet, V1, "Action due").value = date(2026, 9, 30)
        cell_of(sheet, V1, "Action due").number_format = "dd/mm/yyyy"

    assert figure(read(edited(green, edit), catalogue), V1).action_due == "2026-09-30"


@pytest.mark.parametrize("typed", ["Yes", "yes", " Y ", True])
def test_ways_of_saying_yes(typed: Any, issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, {V1: {"Data validated": typed}}), catalogue)
    assert figure(reading, V1).validated
    assert reading.findings == ()


@pytest.mark.parametrize(("typed", "expected"), [("No", ["A008"]), (None, ["A008"]), ("perhaps", ["A008", "R028"])])
def test_a_figure_nobody_validated_is_pointed_out(
    typed: Any, expected: list[str], issued_alpha: Path, catalogue: Catalogue
) -> None:
    reading = read(filled(issued_alpha, {V1: {"Data validated": typed}}), catalogue)
    assert codes(about(reading, V1)) == expected


def test_a_changed_definition_is_said_and_what_changed_is_asked_for(issued_alpha: Path, catalogue: Catalogue) -> None:
    silent = read(filled(issued_alpha, {V1: {"Definition or source changed": "Yes"}}), catalogue)
    said = {"Definition or source changed": "Yes", "What changed": "Now counts trainees"}
    told = read(filled(issued_alpha, {V1: said}), catalogue)
    assert codes(about(silent, V1)) == ["A006", "A007"]
    assert codes(about(told, V1)) == ["A006"]
    assert "the owner says: nothing about what changed." in [item.message for item in about(silent, V1)]
    assert "the owner says: Now counts trainees." in [item.message for item in about(told, V1)]


# ---- restatements --------------------------------------------------------------------------------------------------

P1_BEFORE, V1_BEFORE, M1_BEFORE = ((ref, "TRUST", Q4) for ref in ("P1", "V1", "M1"))


def restating(key: FigureKey, value: Any, reason: str | None = "Late records") -> Typed:
    return {key: {"Restated previous figure": value, "Reason for restatement": reason}}


def test_a_restated_figure_is_one_of_the_period_before(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, restating(V1, 88.5)), catalogue)
    earlier = figure(reading, V1_BEFORE)
    assert (earlier.actual, earlier.restated, earlier.reason_restated) == (88.5, True, "Late records")
    assert figure(reading, V1).actual == 92
    assert codes(reading.findings) == ["A010"]


@pytest.mark.parametrize("typed", ["412/431", " 412 / 431 ", "1,412/1,431"])
def test_restated_parts(typed: str, issued_alpha: Path, catalogue: Catalogue) -> None:
    earlier = figure(read(filled(issued_alpha, restating(P1, typed)), catalogue), P1_BEFORE)
    top, bottom = (float(part.replace(",", "")) for part in typed.split("/"))
    assert (earlier.numerator, earlier.denominator) == (top, bottom)
    assert earlier.actual == on_screen(100 * Fraction(int(top), int(bottom)))


def test_a_restated_milestone(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, restating(M1, "at risk")), catalogue)
    assert figure(reading, M1_BEFORE).milestone == "At risk"
    assert codes(read(filled(issued_alpha, restating(M1, 5)), catalogue).findings) == ["R030"]


def test_a_restatement_without_a_reason_is_asked_for(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, restating(V1, 88, None)), catalogue)
    assert "A005" in codes(about(reading, V1))
    assert figure(reading, V1_BEFORE).actual == 88


@pytest.mark.parametrize(
    ("key", "typed"),
    [(P1, 95), (P1, "412 of 431"), (P1, "412/0"), (P1, "500/431"), (P1, "1/2/3"), (V1, "eighty"), (V1, 0.88)],
)
def test_a_restatement_that_cannot_be_read_leaves_the_new_figure_alone(
    key: FigureKey, typed: Any, issued_alpha: Path, catalogue: Catalogue
) -> None:
    reading = read(filled(issued_alpha, restating(key, typed)), catalogue)
    assert reading.refused == ()
    assert {f.key for f in reading.figures} == set(ALPHA)
    (found,) = about(reading, key)
    assert (found.code, found.severity) == ("R030", Severity.WARNING)
    assert found.found == str(typed)


def test_parts_that_excel_turned_into_a_date_are_not_taken_for_a_figure(green: bytes, catalogue: Catalogue) -> None:
    data = edited(green, typed_in(P1, "Restated previous figure", date(2026, 12, 4), "d-mmm"))
    reading = read(edited(data, typed_in(P1, "Reason for restatement", "Late records")), catalogue)
    assert codes(about(reading, P1)) == ["R030"]
    assert all(f.key != P1_BEFORE for f in reading.figures)


# ---- text ----------------------------------------------------------------------------------------------------------

HOSTILE = [
    "=HYPERLINK(\"http://x\",\"y\")",
    "+44 29 2000",
    "-see note",
    "@here",
    "=cmd|' /C calc'!A0",
    "\tindented",
    "a & b < c > d \"q\" 'p'",
    "_x0041_ is not A",
    "two\nlines",
    "line\N{LINE SEPARATOR}separator",
    "Ŵ Ŷ \N{GRINNING FACE}",
    "{{ owner }} {% raw %}",
]  # fmt: skip


@pytest.mark.parametrize("said", HOSTILE)
def test_commentary_comes_back_word_for_word(said: str, issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, {V1: {"Commentary": said}}), catalogue)
    assert figure(reading, V1).commentary == said.strip()
    assert reading.findings == ()


def test_control_characters_are_taken_out_and_said(green: bytes, catalogue: Catalogue) -> None:
    reading = read(edited(green, typed_in(V1, "Commentary", "bell_x0007_rings")), catalogue)
    assert figure(reading, V1).commentary == "bellrings"
    assert codes(reading.findings) == ["R019"]


def test_an_error_typed_where_text_belongs_is_asked_back(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        cell_of(sheet, V1, "Commentary").value = "#NAME?"
        cell_of(sheet, V1, "Commentary").data_type = "e"

    reading = read(edited(green, edit), catalogue)
    assert figure(reading, V1).commentary == ""
    assert codes(reading.findings) == ["R029"]


def test_a_forecast_is_a_number_in_the_unit_of_the_kpi(issued_alpha: Path, catalogue: Catalogue) -> None:
    data = filled(
        issued_alpha,
        {
            V1: {"Forecast for year end": "93%"},
            C1: {"Forecast for year end": "93%"},
            L1: {"Forecast for year end": "hopeful"},
            P1: {"Forecast for year end": 96.5},
        },
    )
    reading = read(data, catalogue)
    assert figure(reading, V1).forecast == 93
    assert figure(reading, P1).forecast == 96.5
    assert figure(reading, C1).forecast is None
    assert codes([*about(reading, C1), *about(reading, L1)]) == ["R030", "R030"]
    assert reading.refused == ()


# ---- what happens to the sheet -------------------------------------------------------------------------------------


def sort_rows(sheet: Any) -> None:
    """Turn the rows of the table upside down."""
    first, last = header_row(sheet) + 1, header_row(sheet) + len(ALPHA)
    rows = [[cell.value for cell in sheet[row]] for row in range(first, last + 1)]
    for row, values in zip(range(first, last + 1), reversed(rows), strict=True):
        for cell, value in zip(sheet[row], values, strict=True):
            cell.value = value


def reorder_columns(sheet: Any) -> None:
    """Swap two columns, headings and all."""
    one, other = header_columns(sheet)["Commentary"], header_columns(sheet)["Actual"]
    for row in range(header_row(sheet), header_row(sheet) + len(ALPHA) + 1):
        a, b = sheet.cell(row, one), sheet.cell(row, other)
        a.value, b.value = b.value, a.value
    columns = sheet.tables[layout.TABLE].tableColumns
    columns[one - 1].name, columns[other - 1].name = columns[other - 1].name, columns[one - 1].name


def hide(sheet: Any) -> None:
    """Hide rows and columns and the sheet's grid."""
    sheet.row_dimensions[row_of(sheet, V1)].hidden = True
    sheet.row_dimensions[row_of(sheet, C1)].hidden = True
    sheet.column_dimensions["D"].hidden = True


def rename(sheet: Any) -> None:
    """Rename the sheet."""
    sheet.title = "Q1 – Alpha's figures (final)"


def move_last(sheet: Any) -> None:
    """Move the sheet behind the others, and put a new one first."""
    sheet.parent.move_sheet(sheet, 9)
    sheet.parent.create_sheet("Notes", 0)["A1"] = "Ref"


@pytest.mark.parametrize("change", [sort_rows, reorder_columns, hide, rename, move_last], ids=lambda f: f.__name__)
def test_figures_are_found_wherever_they_have_been_moved(change: Edit, green: bytes, catalogue: Catalogue) -> None:
    data = edited(green, typed_in(V1, "Commentary", "As planned"))
    reading = read(edited(data, change), catalogue)
    assert reading.findings == ()
    assert {f.key: f.values for f in reading.figures} == {f.key: f.values for f in read(green, catalogue).figures}
    assert figure(reading, V1).commentary == "As planned"


def test_a_row_inserted_above_the_table_moves_nothing(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        sheet.insert_rows(1)
        left, top, right, bottom = area_of(sheet)
        ref = f"{get_column_letter(left)}{top + 1}:{get_column_letter(right)}{bottom + 1}"
        sheet.tables[layout.TABLE].ref = ref

    reading = read(edited(green, edit), catalogue)
    assert {f.key for f in reading.figures} == set(ALPHA)


def test_a_blank_row_inserted_into_the_table_is_no_row(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        columns, source = header_columns(sheet), row_of(sheet, M1)
        below = source + 1
        for column in columns.values():
            sheet.cell(below, column).value = sheet.cell(source, column).value
            sheet.cell(source, column).value = None
        grow(sheet)

    reading = read(edited(green, edit), catalogue)
    assert reading.findings == ()
    assert {f.key for f in reading.figures} == set(ALPHA)


def grow(sheet: Any, by: int = 1) -> None:
    """Make the table longer."""
    table = sheet.tables[layout.TABLE]
    left, top, right, bottom = area_of(sheet)
    table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom + by}"
    if table.autoFilter is not None:
        table.autoFilter.ref = table.ref


def add_row(sheet: Any, key: FigureKey, values: Mapping[str, Any]) -> None:
    """Add a row at the end of the table."""
    columns = header_columns(sheet)
    row = header_row(sheet) + len(ALPHA) + 1
    for header, value in (dict(zip(("Ref", "Org", "Period"), key, strict=True)) | dict(values)).items():
        sheet.cell(row, columns[header]).value = value
    grow(sheet)


def test_a_row_that_was_added_is_reported_and_not_read(green: bytes, catalogue: Catalogue) -> None:
    reading = read(edited(green, lambda sheet: add_row(sheet, ("X9", "TRUST", Q1), {"Actual": 5})), catalogue)
    (found,) = reading.findings
    assert (found.code, found.location.kpi_id) == ("R020", "X9")
    assert {f.key for f in reading.figures} == set(ALPHA)


def test_a_row_of_another_owner_is_not_read(green: bytes, catalogue: Catalogue) -> None:
    reading = read(edited(green, lambda sheet: add_row(sheet, ("G1", "TRUST", Q1), {"Actual": 5})), catalogue)
    assert codes(reading.findings) == ["R020"]
    assert all(f.kpi_id != "G1" for f in reading.figures)


@pytest.mark.parametrize("again", [12, GREEN["V1"]["Actual"]])
def test_a_row_that_stands_twice_is_refused_whichever_is_meant(
    green: bytes, catalogue: Catalogue, again: CellValue
) -> None:
    reading = read(edited(green, lambda sheet: add_row(sheet, V1, {"Actual": again})), catalogue)
    (found,) = reading.findings
    assert found.code == "R022"
    assert reading.refused == (V1,)
    assert V1 not in reading.blank
    assert all(f.key != V1 for f in reading.figures)
    assert ", " in found.found  # both rows are named


def test_a_row_that_was_deleted_is_missed(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        for column in header_columns(sheet).values():
            sheet.cell(row_of(sheet, V1) if column == 1 else target, column).value = None

    sheet = openpyxl.load_workbook(io.BytesIO(green))[SHEET]
    target = row_of(sheet, V1)
    reading = read(edited(green, edit), catalogue)
    assert codes(reading.findings) == ["R021"]
    assert reading.blank == (V1,)


def test_text_below_the_table_is_pointed_out_and_not_read(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        row = header_row(sheet) + len(ALPHA) + 2
        sheet.cell(row, header_columns(sheet)["Commentary"]).value = "C1 went up because of the strike"

    reading = read(edited(green, edit), catalogue)
    (found,) = reading.findings
    assert found.code == "R023"
    assert "strike" in found.message
    assert (found.location.sheet, bool(found.location.cell)) == (SHEET, True)


def test_a_column_that_was_deleted_refuses_the_return_and_is_named(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        column = header_columns(sheet)["Denominator"]
        sheet.cell(header_row(sheet), column).value = "Out of"
        sheet.tables[layout.TABLE].tableColumns[column - 1].name = "Out of"

    reading = read(edited(green, edit), catalogue)
    (found,) = reading.findings
    assert (found.code, found.severity) == ("R026", Severity.REJECT_RETURN)
    assert "'Denominator'" in found.message
    assert reading.figures == ()


def test_a_field_is_missed_only_in_a_return_whose_template_had_it(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        column = header_columns(sheet)["Provisional"]
        sheet.cell(header_row(sheet), column).value = "Mine"
        sheet.tables[layout.TABLE].tableColumns[column - 1].name = "Mine"

    data = edited(green, edit)
    (found,) = read(data, catalogue, template="2").findings
    assert (found.code, "'Provisional'" in found.message) == ("R026", True)
    assert codes(read(data, catalogue, template="1").findings) == []


# ---- what the ledger and the catalogue know ------------------------------------------------------------------------


def test_a_kpi_dropped_from_the_catalogue_is_said_once_and_the_rest_is_read(green: bytes, tmp_path: Path) -> None:
    data = catalogue_data()
    data["kpis"].remove(kpi_in(data, "V1"))
    reading = read(green, load_catalogue(write_catalogue(tmp_path, data)))
    assert codes(reading.findings) == ["R025"]
    assert {f.key for f in reading.figures} == set(ALPHA) - {V1}


def test_a_return_nobody_signed_off_is_taken_and_said(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, signed=False), catalogue)
    assert codes(reading.findings) == ["A009"] * 3
    assert len(reading.figures) == len(ALPHA)
    assert {f.location.sheet for f in reading.findings} == {"Read me"}
    assert all(item in str(reading.findings) for item in layout.SIGN_OFF_ITEMS)


def test_found_is_accepted_and_flagged_and_refused(issued_alpha: Path, catalogue: Catalogue) -> None:
    changes: Typed = {V1: {"Actual": "x"}, C1: {"Actual": None}, P1: {"Numerator": 90}}
    reading = read(filled(issued_alpha, changes), catalogue)
    accepted = {f.key for f in reading.figures}
    assert accepted | set(reading.refused) | set(reading.blank) == set(ALPHA)
    assert len(accepted) + len(reading.refused) + len(reading.blank) == len(ALPHA)


def test_every_kind_of_the_small_catalogue_has_a_green_answer(catalogue: Catalogue) -> None:
    assert set(GREEN) == set(catalogue.kpi_by_id)


def test_an_empty_cell_is_named_too(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, {V1: {"Actual": None}}), catalogue)
    (blank,) = [item for item in reading.findings if item.code == "R005"]
    assert re.fullmatch(r"J\d+", blank.location.cell)


def test_an_answer_in_a_grey_cell_is_pointed_out(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, {V1: {"Numerator": 90, "Denominator": 100}, P1: {"Actual": 50}}), catalogue)
    grey = {(item.location.kpi_id, item.message.split(":")[0]) for item in reading.findings if item.code == "R031"}
    assert grey == {("V1", "Numerator"), ("V1", "Denominator"), ("P1", "Actual")}


def test_two_negative_parts_are_no_percentage(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, {P1: {"Numerator": -90, "Denominator": -100}}), catalogue)
    assert [item.code for item in reading.findings if item.location.kpi_id == "P1"] == ["R007"]
    assert P1 in reading.refused


def test_a_restatement_stands_though_the_rows_own_figure_is_refused(issued_alpha: Path, catalogue: Catalogue) -> None:
    typed: Typed = {V1: {"Actual": "about 20", "Restated previous figure": 88, "Reason for restatement": "late data"}}
    reading = read(filled(issued_alpha, typed), catalogue)
    assert V1 in reading.refused
    (restated,) = [figure for figure in reading.figures if figure.kpi_id == "V1"]
    assert (restated.key, restated.actual, restated.restated) == (V1_BEFORE, 88, True)
    assert "A010" in codes(reading.findings)


def test_a_count_that_excel_shows_as_whole_is_whole(issued_alpha: Path, catalogue: Catalogue) -> None:
    """As `=(0.1+0.7)*10`, which Excel shows as 8 and stores as 7.999999999999999."""
    key = ("C1", "TRUST", Q1)
    reading = read(filled(issued_alpha, {key: {"Actual": (0.1 + 0.7) * 10}}), catalogue)
    assert figure(reading, key).actual == 8
    assert not reading.findings


@pytest.mark.parametrize(
    ("kpi", "typed", "says"),
    [
        ("C1", 8.0000001, "found 8.0000001"),
        ("C1", 1000000.5, "found 1000000.5"),
        ("V1", 100.0001, "100.0001 is impossible"),
    ],
)
def test_a_refusal_names_the_figure_in_full(
    kpi: str, typed: float, says: str, issued_alpha: Path, catalogue: Catalogue
) -> None:
    """With six digits it would say that 8 is no whole number, and that 100 cannot be."""
    reading = read(filled(issued_alpha, {(kpi, "TRUST", Q1): {"Actual": typed}}), catalogue)
    assert says in " ".join(item.message for item in reading.findings)


def test_a_sign_off_of_a_day_that_has_not_come_is_pointed_out(issued_alpha: Path, catalogue: Catalogue) -> None:
    signed = filled(issued_alpha)  # on 8 July
    reading = read(signed, catalogue, today=date(2026, 7, 7))
    assert codes(reading.findings) == ["A012"]
    assert reading.sign_off.signed_off_on == "2026-07-08"
    assert read(signed, catalogue, today=date(2026, 7, 8)).findings == ()
