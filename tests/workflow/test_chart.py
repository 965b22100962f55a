"""The master's chart draws what the ledger says of the series that a person has chosen, and a collation leaves it."""

from __future__ import annotations

import math
import subprocess
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string

from tests.conftest import catalogue_data
from tests.workbook.open_xml_sdk import faults, has_open_xml_sdk
from tests.workflow.test_lists import TRUST, V1, Book
from xlperf.assessment import Assessment
from xlperf.documents.libreoffice import libreoffice
from xlperf.period import Period
from xlperf.report.sheets import chart_formulas
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.master.refresh import MasterContent, show, template_words
from xlperf.workflow.workspace.folder import shipped

LAST = Period.parse("2026-27-Q2")
has_libreoffice = pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed: nothing to draw with")
LOOKED_UP = ("Figure", "Mean", "Lower limit", "Upper limit", "Target value", "Target value to", "Special cause")
CLASSES = {"special_cause_improvement": 1, "special_cause_concern": 2}


ONE_TARGET = {"targets": [{"from": "2005-06", "target": 90}]}


@dataclass(frozen=True)
class Case:
    """A series up to LAST: how many periods, which of them (counted from 0) have no figure, what the KPI says more."""

    points: int
    gaps: frozenset[int] = frozenset()
    kpi: Mapping[str, Any] = field(default_factory=lambda: ONE_TARGET)


MOVED = {"targets": [{"from": "2005-06", "target": 90}, {"from": "2025-26", "target": 93}]}
REBASED = {"rebases": [{"on": "2022-07-01", "reason": "Another register"}]}
RANGE = {"direction": "range", "targets": [{"from": "2005-06", "low": 85, "high": 95}]}
CASES = {
    "5 points": Case(5),
    "13 points, one gap": Case(13, frozenset({6})),
    "36 points, moved target": Case(36, kpi=MOVED),
    "60 points, gaps, rebase": Case(60, frozenset({30, 31, 40, 52}), kpi=MOVED | REBASED),
    "a range": Case(20, kpi=RANGE),
}


def figures(case: Case) -> dict[str, float]:
    first = LAST.number - case.points + 1
    values = (90 + 4 * math.sin(step * 1.7) - (12 if step == case.points - 3 else 0) for step in range(case.points))
    return {
        str(Period(LAST.frequency, first + step)): round(value, 1)
        for step, value in enumerate(values)
        if step not in case.gaps
    }


def assessed(case: Case) -> Assessment:
    data = catalogue_data()
    next(kpi for kpi in data["kpis"] if kpi["id"] == V1).update(case.kpi)
    return Book(data).series(V1, TRUST, figures(case)).assessment(str(LAST))


def master_of(assessment: Assessment) -> FileWorkbook:
    book = FileWorkbook.open(shipped("workbook_templates/master.xlsx"))
    book.fill(template_words(assessment.catalogue))
    show(book, MasterContent(assessment, []), [])
    return book


def recalculated(path: Path, choice: tuple[str, str] | None = None) -> Any:
    """The sheet Chart as LibreOffice works it out, with what a person chooses in the two lists."""
    if choice:
        book = openpyxl.load_workbook(path)
        book["Chart"]["B3"], book["Chart"]["B4"] = choice
        book.save(path)
    out = path.parent / "out"
    command = [str(libreoffice()), f"-env:UserInstallation={(path.parent / 'profile').as_uri()}", "--headless"]
    subprocess.run([*command, "--convert-to", "xlsx", "--outdir", out, path], check=True, capture_output=True)
    with warnings.catch_warnings(action="ignore"):  # openpyxl does not read the chart as LibreOffice writes it
        return openpyxl.load_workbook(out / path.name, data_only=True)["Chart"]


def block(sheet: Any) -> list[dict[str, Any]]:
    """The looked-up periods, the oldest first, without those before the first figure; None for #N/A."""
    first, columns = chart_formulas.FIRST_ROW, [(each[0], each[1]) for each in chart_formulas.periods()]
    rows = [
        {header: _value(sheet.cell(row, column_index_from_string(letter)).value) for letter, header in columns}
        for row in range(first, first + chart_formulas.POINTS)
    ]
    return [row for row in rows if row["Is shown"]]


def _value(value: Any) -> Any:
    return None if value == "#N/A" else value.date() if hasattr(value, "date") else value


def expected(assessment: Assessment, case: Case) -> list[dict[str, Any]]:
    """What the ledger says of the latest 36 periods; in a gap, limits and target go on as they were."""
    by_day = {Period.parse(row["period"]).last_day: row for row in assessment.series[V1, TRUST]}
    first = LAST.number - min(case.points, chart_formulas.POINTS) + 1
    rows: list[dict[str, Any]] = []
    for number in range(first, LAST.number + 1):
        row = by_day.get(Period(LAST.frequency, number).last_day)
        if row is None:
            rows.append(rows[-1] | {"Figure": None, "Special cause": 0})
            continue
        target = assessment.catalogue.kpi_by_id[V1].target_for(Period(LAST.frequency, number))
        assert target is not None
        low = target.target if target.low is None else target.low
        rows.append({
            "Figure": row["actual"],
            "Mean": _number(row["mean"]), "Lower limit": _number(row["lower_limit"]),
            "Upper limit": _number(row["upper_limit"]),
            "Target value": _number(low), "Target value to": _number(target.high),
            "Special cause": CLASSES.get(row["point"], 3 if "neutral" in row["point"] else 0),
        })  # fmt: skip
    return rows


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def drawn(sheet: Any) -> dict[str, list[list[tuple[date, float]]]]:
    """The lines and points that the chart is made of, by name: of each series, the dates and values it has."""
    first, last = chart_formulas.FIRST_ROW, chart_formulas.FIRST_ROW + chart_formulas.PLOT_ROWS - 1
    dates = column_index_from_string(chart_formulas.DATES)
    series: dict[str, list[list[tuple[date, float]]]] = {}
    for column, (name, _) in enumerate(chart_formulas.drawn(), start=dates + 1):
        cells = [
            (sheet.cell(row, dates).value.date(), _value(sheet.cell(row, column).value))
            for row in range(first, last + 1)
        ]
        series.setdefault(name, []).append([(day, value) for day, value in cells if value is not None])
    return series


@pytest.mark.libreoffice
@has_libreoffice
@pytest.mark.parametrize("name", CASES)
def test_the_chart_draws_what_the_ledger_says(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    assessment = assessed(case)
    path = tmp_path / "master.xlsx"
    master_of(assessment).save(path)

    sheet = recalculated(path, ("V1 Reviews held on time", _org(assessment)))

    looked_up = block(sheet)
    for row, should in zip(looked_up, expected(assessment, case), strict=True):
        for header in LOOKED_UP:
            assert row[header] == (None if should[header] is None else pytest.approx(should[header])), (row, header)
    lines = drawn(sheet)
    _gaps_are_gaps(lines["Figure"], looked_up)
    _levels_are_steps(lines["Target"], [row["Target value"] for row in looked_up])
    _levels_are_steps(lines["Mean"], [row["Mean"] for row in looked_up if row["Mean"] is not None])
    assert sheet["B5"].value.startswith("Reviews held on time")
    assert "target" in sheet["B6"].value


def _org(assessment: Assessment) -> str:
    return f"{TRUST} {assessment.catalogue.org_by_code[TRUST].name}"


def _gaps_are_gaps(lines: Sequence[Sequence[tuple[date, float]]], looked_up: Sequence[Mapping[str, Any]]) -> None:
    """Each line joins neighbours only, and together they have every figure once."""
    days = [row["Period ends"] for row in looked_up]
    at = [[days.index(day) for day, _ in line] for line in lines]
    assert all(places == list(range(places[0], places[-1] + 1)) for places in at if places)
    assert sorted(place for places in at for place in places) == [
        place for place, row in enumerate(looked_up) if row["Figure"] is not None
    ]


def _levels_are_steps(lines: Sequence[Sequence[tuple[date, float]]], levels: Sequence[float]) -> None:
    """A line is level over each period, so that it changes from one day to the same day."""
    for line in lines:
        for (day, value), (then, after) in pairwise(line):
            assert value == after or day == then
    assert {value for line in lines for _, value in line} >= set(levels)


@pytest.mark.libreoffice
@has_libreoffice
def test_before_anything_is_chosen_the_first_kpi_is_drawn_and_what_does_not_report_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "master.xlsx"
    assessment = assessed(CASES["5 points"])
    master_of(assessment).save(path)
    sheet = recalculated(path)
    assert (sheet["B3"].value, sheet["B4"].value) == ("V1 Reviews held on time", _org(assessment))
    assert len(block(sheet)) == 5
    sheet = recalculated(path, ("V1 Reviews held on time", "somewhere else"))
    assert sheet["B5"].value == chart_formulas.NOTHING
    assert block(sheet) == []


def test_a_collation_leaves_the_chart_and_what_was_chosen(tmp_path: Path) -> None:
    book = master_of(assessed(CASES["13 points, one gap"]))
    path, later = tmp_path / "master.xlsx", tmp_path / "later.xlsx"
    book.save(path)
    chosen = openpyxl.load_workbook(path)
    chosen["Chart"]["B3"] = "P1 Patients seen in time"
    chosen.save(path)
    before = openpyxl.load_workbook(path)
    book = FileWorkbook.open(path)
    show(book, MasterContent(assessed(CASES["60 points, gaps, rebase"]), []), [])
    book.save(later)
    after = openpyxl.load_workbook(later)
    assert after["Chart"]["B3"].value == "P1 Patients seen in time"
    assert {name: each.attr_text for name, each in after.defined_names.items()} == {
        name: each.attr_text for name, each in before.defined_names.items()
    }
    for row in range(1, chart_formulas.TABLE_ROW - 1):
        for column in range(1, 60):
            assert after["Chart"].cell(row, column).value == before["Chart"].cell(row, column).value


@pytest.mark.openxmlsdk
@has_open_xml_sdk
def test_the_open_xml_sdk_has_nothing_against_the_chart(tmp_path: Path) -> None:
    path = tmp_path / "master.xlsx"
    master_of(assessed(CASES["60 points, gaps, rebase"])).save(path)
    assert faults(path) == [[]]
