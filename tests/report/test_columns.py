"""The records of the master's columns hold together, and say what released masters have."""

from __future__ import annotations

import importlib.util
import re
import zipfile
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest

from tests.workflow.test_lists import Book
from xlperf import __version__
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.columns import FIRST, Column, ColumnKind, MasterSheet
from xlperf.report.views import SHEET_OF, SHEETS, master_tables
from xlperf.rules import spc

ROOT = Path(__file__).parent.parent.parent
RELEASED = ROOT / "tests" / "released" / "0.1.0" / "master.xlsx"
EVERY = [pytest.param(sheet, id=sheet.table) for sheet in SHEETS]


def tables_of(path: Path) -> dict[str, tuple[str, ...]]:
    """The headers of every table of a workbook, by its name."""
    book = openpyxl.load_workbook(path)
    return {table.name: tuple(table.column_names) for sheet in book for table in sheet.tables.values()}


@pytest.mark.parametrize("sheet", EVERY)
def test_every_column_can_be_told_from_the_others_of_its_sheet(sheet: MasterSheet[Any]) -> None:
    ids = [column.id for column in sheet.columns]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", each) for each in ids)
    # Excel tells headers apart without regard to capitals.
    assert len({header.casefold() for header in sheet.headers}) == len(sheet.headers)
    assert all(column.says for column in sheet.columns)


@pytest.mark.parametrize("sheet", EVERY)
def test_what_came_later_stands_at_the_end_and_looks_like_what_was_there(sheet: MasterSheet[Any]) -> None:
    versions = [tuple(map(int, column.since.split("."))) for column in sheet.columns]
    assert versions == sorted(versions)
    newest = tuple(map(int, re.findall(r"\d+", __version__)[:3]))
    assert max(versions) <= newest, f"`since` is the version that is being made, {__version__}; see CHANGELOG"
    first = {column.header for column in sheet.columns if column.since == FIRST}
    assert all(column.like in first for column in sheet.added.values())


@pytest.mark.parametrize("sheet", EVERY)
def test_no_row_is_known_by_a_sentence(sheet: MasterSheet[Any]) -> None:
    prose = {"what", "what_to_do", "why", "reason", "commentary", "value", "status"}
    assert not prose & {column.id for column in sheet.columns if column.is_key}


def test_a_released_header_stands_where_it_stood() -> None:
    for table, released in tables_of(RELEASED).items():
        if table in SHEET_OF:
            ours = tuple(column.header for column in SHEET_OF[table].columns if column.since == FIRST)
            assert tuple(header for header in released if header in ours) == ours, table


def test_the_shipped_templates_are_what_the_records_make(tmp_path: Path) -> None:
    make_templates().main(tmp_path)
    for name in ("return.xlsx", "master.xlsx"):
        made, shipped = zipfile.ZipFile(tmp_path / name), zipfile.ZipFile(ROOT / "workbook_templates" / name)
        assert made.namelist() == shipped.namelist()
        for part in made.namelist():
            assert made.read(part) == shipped.read(part), f"{name}, {part}: run python tools/make_templates.py"


def test_another_column_is_one_record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sheet = SHEET_OF[layout.KPIS]
    initial: Column[Any] = Column("initial", "Initial", lambda line: line.latest.kpi.name[0], 8, "its first letter")
    # `columns` is all that is told of a sheet's columns; what is derived from it is worked out anew.
    monkeypatch.setitem(sheet.__dict__, "columns", (*sheet.columns, initial))
    monkeypatch.delitem(sheet.__dict__, "headers", raising=False)
    make_templates().main(tmp_path)
    assert tables_of(tmp_path / "master.xlsx")[layout.KPIS][-1] == "Initial"
    assessment = Book().series("V1", "TRUST", {"2026-27-Q1": 92.0}).assessment("2026-27-Q1")
    assert {row["Initial"] for row in master_tables(assessment, [])[layout.KPIS]} == {
        line.kpi.name[0] for line in assessment.latest
    }


def test_limits_and_the_spc_chart_stand_beside_each_figure_as_numbers() -> None:
    given = [92.0, 91.0, 93.0, 92.5, 91.5, 92.0, 93.5, 92.0, 91.0, 92.5, 93.0, 92.0, 91.5, 60.0]
    periods = [str(Period.parse("2023-24-Q1").next(step)) for step in range(len(given))]
    assessment = Book().series("V1", "TRUST", dict(zip(periods, given, strict=True))).assessment(periods[-1])
    tables = master_tables(assessment, [])
    data = [row for row in tables[layout.DATA] if row["Ref"] == "V1"]
    dates = [Period.parse(period).last_day for period in periods]
    alone = spc.assess(dates, given, direction="higher", target=90)
    assert [row["Mean"] for row in data] == pytest.approx(list(alone.mean))
    assert [row["Lower limit"] for row in data] == pytest.approx(list(alone.lpl))
    assert [row["Upper limit"] for row in data] == pytest.approx(list(alone.upl))
    assert [row["Point"] for row in data] == list(alone.point_type)
    assert data[-1]["Point"] == "special_cause_concern"
    target = assessment.catalogue.kpi_by_id["V1"].target_for(Period.parse(periods[-1]))
    assert target is not None
    assert target.target is not None
    assert {row["Green from"] for row in data[-1:]} == {float(target.target)}
    assert data[-1]["Green to"] is None  # nothing is too high
    assert {(row["Target value"], row["Target value to"]) for row in data[-1:]} == {(float(target.target), None)}
    (kpi,) = [row for row in tables[layout.KPIS] if row["Ref"] == "V1" and row["Org"] == "TRUST"]
    for header in (
        "Green from",
        "Amber from",
        "Mean",
        "Lower limit",
        "Upper limit",
        "Point",
        "Period ends",
        "Target value",
        "Target value to",
    ):
        assert kpi[header] == data[-1][header], header


def test_numbers_and_dates_are_numbers_and_dates_where_a_column_says_so() -> None:
    assessment = Book().series("V1", "TRUST", {"2026-27-Q1": 92.0, "2026-27-Q2": 50.0}).assessment("2026-27-Q2")
    kinds = {ColumnKind.NUMBER: (int, float), ColumnKind.DATE: (date,)}
    for table, rows in master_tables(assessment, []).items():
        for column in SHEET_OF[table].columns:
            values = [row[column.header] for row in rows if row[column.header] not in (None, "")]
            if column.kind in kinds:
                assert all(isinstance(value, kinds[column.kind]) for value in values), (table, column.header)


def make_templates() -> ModuleType:
    """The tool that makes the shipped templates."""
    spec = importlib.util.spec_from_file_location("make_templates", ROOT / "tools" / "make_templates.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
