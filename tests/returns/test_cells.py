"""What an owner's typing is taken to mean, cell by cell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from xlperf.findings import Finding, finding
from xlperf.returns.cell_values import read_choice, read_date, read_number, read_text, read_yes_no, says_not_applicable
from xlperf.tables import BLANK, Cell, CellKind, NumberStyle


def report(code: str, message: str, **parts: Any) -> Finding:
    return finding(code, message, **parts)


def text(raw: str) -> Cell:
    return Cell(CellKind.TEXT, raw, "A1")


def number(raw: str, style: NumberStyle = NumberStyle.GENERAL) -> Cell:
    return Cell(CellKind.NUMBER, raw, "A1", style)


def codes(findings: list[Finding]) -> list[str]:
    return [item.code for item in findings]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("95", 95.0),
        (" 95 ", 95.0),
        ("95\N{NO-BREAK SPACE}", 95.0),
        ("1,234", 1234.0),
        ("1,234,567.5", 1234567.5),
        ("1 234", 1234.0),
        ("1\N{NO-BREAK SPACE}234", 1234.0),
        ("1\N{NARROW NO-BREAK SPACE}234", 1234.0),
        ("1\N{THIN SPACE}234", 1234.0),
        ("£1,200", 1200.0),
        ("£ 1,200.50", 1200.5),
        ("GBP 1200", 1200.0),
        ("(1,200)", -1200.0),
        ("(£1,200)", -1200.0),
        ("-3.5", -3.5),
        ("\N{MINUS SIGN}3.5", -3.5),
        ("+3", 3.0),
        ("1.5E3", 1500.0),
        ("0", 0.0),
        ("0.957142857142857", 0.957142857142857),
        ("0.00123456789012345", 0.00123456789012345),
        ("12.500000000000000000", 12.5),
        ("000000000000000012", 12.0),
    ],
)
def test_a_number_typed_as_text_is_read_as_the_number_it_shows(typed: str, meant: float) -> None:
    value, findings = read_number(text(typed), report, percentage=False)
    assert value == meant
    assert codes(findings) == ["R015"]


@pytest.mark.parametrize(
    "typed",
    [
        "about 100",
        "95%x",
        "1_000",
        "12 15",
        "1 23",
        "12,34",
        "1,2345",
        "1.2.3",
        "5-6",
        "<5",
        "~12",
        "12 of 15",
        "412/431",
        "nil",
        "-",
        "tbc",
        "£",
        "()",
        "infinity",
        "nan",
        "1e400",
        "1e25",
        "0x1F",
        "٣",  # an Arabic-Indic digit: a digit to Python, not to a reader of the page
        "1234567890123456",
        "0.1234567890123456",
        "=1+1",
    ],
)
def test_what_is_not_plainly_one_number_is_refused_and_quoted(typed: str) -> None:
    value, findings = read_number(text(typed), report, percentage=False)
    assert value is None
    assert codes(findings) == ["R001"]
    assert findings[0].found == typed
    assert typed[:20] in findings[0].message
    assert findings[0].fix


@pytest.mark.parametrize("raw", ["1E+300", "1E+20", "-1E+16", "1E+15", "-1000000000000000"])
def test_a_number_longer_than_excel_can_keep_is_refused(raw: str) -> None:
    value, findings = read_number(number(raw), report, percentage=False)
    assert value is None
    assert codes(findings) == ["R001"]


def test_the_longest_number_that_excel_keeps_is_taken() -> None:
    assert read_number(number("999999999999999"), report, percentage=False) == (999_999_999_999_999.0, [])


@pytest.mark.parametrize(("typed", "meant"), [("95%", 95.0), ("95 %", 95.0), ("0.5%", 0.5), ("95.7", 95.7)])
def test_a_percentage_may_carry_its_sign(typed: str, meant: float) -> None:
    assert read_number(text(typed), report, percentage=True)[0] == meant


def test_a_percent_sign_on_a_count_is_refused() -> None:
    assert codes(read_number(text("95%"), report, percentage=False)[1]) == ["R001"]
    assert codes(read_number(number("0.95", NumberStyle.PERCENT), report, percentage=False)[1]) == ["R001"]


@pytest.mark.parametrize(("raw", "meant"), [("0.95", 95.0), ("0.957", 95.7), ("1", 100.0), ("0.07", 7.0)])
def test_a_cell_formatted_as_percent_means_what_it_shows(raw: str, meant: float) -> None:
    assert read_number(number(raw, NumberStyle.PERCENT), report, percentage=True) == (meant, [])


def test_a_percent_sign_that_is_only_text_leaves_the_number_as_it_stands() -> None:
    assert read_number(number("0.9", NumberStyle.PERCENT_SIGN), report, percentage=True) == (0.9, [])
    assert codes(read_number(number("5", NumberStyle.PERCENT_SIGN), report, percentage=False)[1]) == ["R001"]


@pytest.mark.parametrize("style", [NumberStyle.SCALED, NumberStyle.OTHER])
def test_a_number_that_is_not_shown_as_it_stands_is_refused_with_the_way_to_see_it(style: NumberStyle) -> None:
    value, findings = read_number(number("12345", style), report, percentage=False)
    assert (value, codes(findings)) == (None, ["R001"])
    assert "12345" in findings[0].message
    assert "Number Format" in findings[0].fix


def test_a_number_in_a_date_format_is_refused_because_nobody_knows_what_was_typed() -> None:
    value, findings = read_number(number("46000", NumberStyle.DATE), report, percentage=False)
    assert (value, codes(findings)) == (None, ["R001"])
    assert "date" in findings[0].message


def test_blank_error_uncalculated_and_not_applicable_are_four_different_things() -> None:
    error = Cell(CellKind.ERROR, "#DIV/0!", "A1", is_formula=True)
    uncalculated = Cell(CellKind.UNCALCULATED, "", "A1", is_formula=True)
    assert read_number(BLANK, report, percentage=True) == (None, [])
    assert read_number(text(" \N{NO-BREAK SPACE}"), report, percentage=True) == (None, [])
    assert codes(read_number(error, report, percentage=True)[1]) == ["R002"]
    assert codes(read_number(uncalculated, report, percentage=True)[1]) == ["R003"]
    assert says_not_applicable(text("N/A"))
    assert not says_not_applicable(BLANK)
    assert not says_not_applicable(Cell(CellKind.ERROR, "#N/A", "A1"))


@pytest.mark.parametrize("typed", ["n/a", "N/A", " N/A ", "na", "n.a.", "Not applicable"])
def test_the_ways_of_saying_not_applicable(typed: str) -> None:
    assert says_not_applicable(text(typed))


def test_a_value_worked_out_by_a_formula_is_taken_and_said() -> None:
    cell = Cell(CellKind.NUMBER, "95", "A1", is_formula=True)
    value, findings = read_number(cell, report, percentage=True)
    assert (value, codes(findings)) == (95.0, ["R016"])


def test_true_is_no_number() -> None:
    assert codes(read_number(Cell(CellKind.BOOLEAN, "TRUE", "A1"), report, percentage=False)[1]) == ["R001"]


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (text("Yes"), True),
        (text(" YES "), True),
        (text("y"), True),
        (Cell(CellKind.BOOLEAN, "TRUE", "A1"), True),
        (text("No"), False),
        (text("n"), False),
        (Cell(CellKind.BOOLEAN, "FALSE", "A1"), False),
        (BLANK, None),
    ],
)
def test_yes_and_no_however_typed(cell: Cell, meant: bool | None) -> None:
    assert read_yes_no(cell, report) == (meant, [])


@pytest.mark.parametrize("cell", [text("perhaps"), text("yes and no"), Cell(CellKind.ERROR, "#REF!", "A1")])
def test_neither_yes_nor_no_is_asked_back(cell: Cell) -> None:
    value, findings = read_yes_no(cell, report)
    assert (value, codes(findings)) == (None, ["R028"])


@pytest.mark.parametrize(
    "typed",
    [
        "31/03/2027",
        "31st March 2027",
        "31 Mawrth 2027",
        "dydd Mercher, 31 Mawrth 2027",
        "Wed 31 Mar, 2027",
        "31-03-2027",
        "31.3.2027",
        "2027-03-31",
        "2027-03-31 00:00:00",
        "31 March 2027",
        "31 Mar 2027",
        "31/3/27",
    ],
)
def test_a_date_typed_as_text_is_read_day_first(typed: str) -> None:
    assert read_date(text(typed), report, date_1904=False) == (date(2027, 3, 31), [])


def test_the_same_serial_is_another_day_in_a_workbook_that_counts_from_1904() -> None:
    assert read_date(number("46477"), report, date_1904=False)[0] == date(2027, 3, 31)
    assert read_date(number("45015"), report, date_1904=True)[0] == date(2027, 3, 31)


def test_september_is_abbreviated_as_people_do() -> None:
    for typed in ("30 Sept 2026", "30th Sept. 2026", "30 Medi 2026", "30 sep 2026"):
        assert read_date(text(typed), report, date_1904=False) == (date(2026, 9, 30), []), typed


@pytest.mark.parametrize(
    "cell",
    [
        text("30 Sept"),
        text("end of March"),
        text("03/31/2027"),
        text("31/03/0202"),
        text("31/03/1827"),
        text("31/02/2027"),
        text("2027-03-31 or so"),
        number("2027"),
        number("20270331"),
        number("-5"),
        Cell(CellKind.ERROR, "#VALUE!", "A1"),
    ],
)
def test_what_is_no_date_is_asked_back(cell: Cell) -> None:
    value, findings = read_date(cell, report, date_1904=False)
    assert (value, codes(findings)) == (None, ["R017"])
    assert "31/03/2027" in findings[0].expected


def test_text_keeps_everything_but_what_no_workbook_can_hold() -> None:
    said = "=HYPERLINK(1)\nline two\t\N{LINE SEPARATOR}Llŷn \N{RIGHT-TO-LEFT OVERRIDE}"
    assert read_text(text(said), report) == (said, [])
    value, findings = read_text(text("be\x07ll\x00 \ufffe"), report)
    assert value == "bell"
    assert codes(findings) == ["R019"]


def test_a_very_long_text_is_cut_as_excel_counts_and_said() -> None:
    value, findings = read_text(text("\N{GRINNING FACE}" * 20_000), report)
    assert value == "\N{GRINNING FACE}" * 15_000
    assert codes(findings) == ["R018"]
    assert read_text(text("x" * 30_000), report) == ("x" * 30_000, [])


def test_an_error_in_a_text_answer_is_not_taken_for_an_answer() -> None:
    assert codes(read_text(Cell(CellKind.ERROR, "#NAME?", "A1"), report)[1]) == ["R029"]
    assert codes(read_text(Cell(CellKind.UNCALCULATED, "", "A1"), report)[1]) == ["R029"]


def test_a_choice_is_taken_whatever_its_capitals_and_a_stranger_is_refused() -> None:
    choices = ("Complete", "On track")
    assert read_choice(text(" on TRACK "), choices, report) == ("On track", [])
    assert read_choice(BLANK, choices, report) == ("", [])
    value, findings = read_choice(text("nearly"), choices, report)
    assert (value, codes(findings)) == ("", ["R012"])
    assert findings[0].expected == "Complete, On track"
    assert codes(read_choice(Cell(CellKind.ERROR, "#REF!", "A1"), choices, report)[1]) == ["R002"]


def test_a_finding_quotes_a_cell_in_brief_however_much_stands_there() -> None:
    pages = text("page after page " * 2_000)
    found = [
        *read_number(pages, report, percentage=False)[1],
        *read_choice(pages, ("On track", "At risk"), report)[1],
        *read_date(pages, report, date_1904=False)[1],
        *read_yes_no(pages, report)[1],
    ]
    assert codes(found) == ["R001", "R012", "R017", "R028"]
    assert all(len(item.message) < 100 for item in found)
