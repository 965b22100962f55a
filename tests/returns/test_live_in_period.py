"""The return's column *In the period*, recalculated by LibreOffice, says what the rules say the period added."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import Q1, Q2, catalogue_data, make_kpi
from tests.returns.test_live_formulas import TEMPLATE, recalculate, tables_of
from xlperf.catalogue import Catalogue
from xlperf.documents.libreoffice import libreoffice
from xlperf.returns import fields, layout
from xlperf.returns.figure import Figure
from xlperf.returns.identity import Identity
from xlperf.returns.issue import build_form
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.cycle.return_files import fill, filling_of

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed: nothing can recalculate a return"),
]

TO_DATE = {"measure": "cumulative", "restarts_in": "financial"}
SHARE = {"numerator": "Done", "denominator": "Due"}
CATALOGUE = Catalogue.model_validate(
    catalogue_data()
    | {
        "kpis": [
            make_kpi(id="SUM", kind="money", **TO_DATE),
            make_kpi(id="NEW", kind="money", **TO_DATE),
            make_kpi(id="PCT", **SHARE, **TO_DATE),
            make_kpi(id="IDLE", **SHARE, **TO_DATE),
            make_kpi(id="OPEN", kind="money", **TO_DATE),
            make_kpi(id="ALONE", kind="money"),
        ]
    }
)


def shown(
    period: str, before: dict[str, Figure], typed: Mapping[str, Mapping[str, float]], folder: Path
) -> dict[str, str]:
    """What stands in the column, by KPI, once an owner has typed into a return of a period."""
    identity = Identity("0" * 16, 1, "alpha", period, "1", CATALOGUE.hash, layout.TEMPLATE_VERSION)
    form = build_form(CATALOGUE, identity, {figure.key: figure for figure in before.values()})
    book = FileWorkbook.open(TEMPLATE)
    fill(book, filling_of(form), TEMPLATE)
    rows = [{**row, **typed.get(str(row["Ref"]), {})} for row in form.rows]
    book.write_table(layout.TABLE, rows)
    book.save(folder / "return.xlsx")
    recalculate([folder / "return.xlsx"], folder / "shown", folder / "profile")
    table = tables_of(folder / "shown" / "return.xlsx").tables[layout.TABLE]
    return {row[fields.REF.header].raw: row[layout.IN_PERIOD.header].raw for row in table.rows}


def test_it_is_what_is_typed_less_the_figure_to_date_before(tmp_path: Path) -> None:
    before = {
        "SUM": Figure("SUM", "TRUST", Q1, actual=-1400.0),
        "PCT": Figure("PCT", "TRUST", Q1, 200 / 3, 40.0, 60.0),
        "IDLE": Figure("IDLE", "TRUST", Q1, 50.0, 30.0, 60.0),
        "OPEN": Figure("OPEN", "TRUST", Q1, actual=5.0),
        "ALONE": Figure("ALONE", "TRUST", Q1, actual=5.0),
    }
    typed = {
        "SUM": {"Actual": -2100},
        "NEW": {"Actual": 7},
        "PCT": {"Numerator": 70, "Denominator": 100},
        "IDLE": {"Numerator": 30, "Denominator": 60},
        "ALONE": {"Actual": 9},
    }
    # NEW has nothing before it, nothing was due of IDLE, OPEN is not typed yet, and ALONE is no figure to date.
    assert shown(Q2, before, typed, tmp_path) == {
        "SUM": "-700", "NEW": "", "PCT": "75", "IDLE": "", "OPEN": "", "ALONE": "",
    }  # fmt: skip


def test_where_a_year_begins_it_is_what_is_typed(tmp_path: Path) -> None:
    typed = {"SUM": {"Actual": -120}, "PCT": {"Numerator": 30, "Denominator": 40}}
    told = shown(Q1, {}, typed, tmp_path)
    assert (told["SUM"], told["PCT"]) == ("-120", "75")
