"""A return is judged by the columns that somebody looks at: what the others hold is checked, and changes nothing."""

from __future__ import annotations

import pytest

from tests.conftest import COLLATE_DAY, Q1, Team, filled
from tests.hostile.good import SHEET as RETURN_SHEET
from tests.hostile.good import Return
from xlperf.returns import fields, layout
from xlperf.workbook.reader import read_tables
from xlperf.workflow.incoming.judging import Basis, Source, judge


@pytest.mark.parametrize("formulas", [0, 3])
def test_what_nobody_looks_at_changes_no_judgement(formulas: int, issued_team: Team) -> None:
    path = issued_team.issued(Q1)["alpha"]
    sent = Return(filled(path))
    sent.parts[RETURN_SHEET] = sent.parts[RETURN_SHEET].replace(b"<f>", b"<f>1+", formulas)
    data, source = sent.zip(), Source("0" * 64, path.name, Q1)
    workspace = issued_team.workspace
    basis = Basis(workspace.catalogue(), workspace.ledger().state(), COLLATE_DAY.date())
    whole, looked_at = (
        judge(source, *read_tables(data, tables, file=path.name), basis) for tables in (layout.TABLES, layout.LOOKED_AT)
    )
    assert whole.figures
    assert looked_at == whole


def test_no_field_and_nothing_that_was_shown_is_left_out() -> None:
    left_out = set(layout.LOOKED_AT[layout.TABLE])
    assert left_out.isdisjoint(column.header for column in layout.COLUMNS if column.role in ("input", "shown"))
    assert left_out.isdisjoint(column.header for column in layout.READ_BACK)
    assert fields.REF.header not in left_out
