"""What must hold of every field of the return, those that will be added too."""

from __future__ import annotations

from collections import Counter

from xlperf.findings import KINDS
from xlperf.report import layout as master
from xlperf.report.views import headers
from xlperf.returns import layout
from xlperf.returns.field_cells import LIKE
from xlperf.returns.fields import FIELDS, Holds
from xlperf.returns.figure import Figure


def test_no_two_columns_have_one_name_as_excel_tells_names_apart() -> None:
    for each in ([column.header for column in layout.COLUMNS], headers(master.DATA)):
        assert max(Counter(header.casefold() for header in each).values()) == 1


def test_no_field_is_kept_under_the_name_of_something_else_in_a_record() -> None:
    assert max(Counter(field.id for field in FIELDS).values()) == 1
    place = {"kpi_id", "org", "period", "file", "sheet", "cell", "others"}
    assert place <= set(Figure.__dataclass_fields__)
    assert not place & {field.id for field in FIELDS}


def test_whatever_a_field_holds_an_old_table_can_grow_its_column() -> None:
    assert set(LIKE) == set(Holds)
    assert set(LIKE.values()) <= {column.header for column in layout.COLUMNS}
    assert set(LIKE.values()) <= set(headers(master.DATA))


def test_a_field_that_may_be_owed_says_by_which_finding() -> None:
    for field in FIELDS:
        assert bool(field.needed_as) == bool(field.missing)
        assert not field.missing or field.missing in KINDS
