"""Reading one row of a return."""

from __future__ import annotations

from xlperf.catalogue import Catalogue
from xlperf.errors import UsageError
from xlperf.findings import Location
from xlperf.returns import fields
from xlperf.returns.fields import ReturnColumn
from xlperf.returns.figure import FigureKey
from xlperf.returns.figure_cells import input_columns
from xlperf.returns.own_figure import read_own
from xlperf.returns.plausible import is_without_parts
from xlperf.returns.restated import read_restated
from xlperf.returns.row_answers import read_answers
from xlperf.returns.rowreading import RowReading
from xlperf.returns.typed_row import NOT_RECORDED, RowAsIssued, TypedRow, place_in
from xlperf.tables import Row, Table


def key_of(row: Row) -> FigureKey:
    """The key in a row: its Ref, Org and Period as typed."""
    ref, org, period = row[fields.REF.header], row[fields.ORG.header], row[fields.PERIOD.header]
    return (ref.raw.strip(), org.raw.strip(), period.raw.strip())


class RowReader:
    """Reads the rows of one return or history file."""

    def __init__(
        self, catalogue: Catalogue, file: str, table: Table, *, date_1904: bool = False, is_history: bool = False
    ) -> None:
        """`is_history`: whether a KPI with parts may have its percentage alone, as in many old records."""
        self._catalogue = catalogue
        self._is_history = is_history
        self.file = file
        self._table = table
        self._date_1904 = date_1904

    def knows(self, key: FigureKey) -> bool:
        """Whether the catalogue still has the row's KPI and org, and the period makes sense for it."""
        kpi = self._catalogue.kpi_by_id.get(key[0])
        if kpi is None or key[1] not in self._catalogue.open_days[kpi.id]:
            return False
        try:
            kpi.period(key[2])
        except UsageError:
            return False
        return True

    def place(self, row: Row, column: ReturnColumn, key: FigureKey) -> Location:
        """The location of one cell of a row, for a finding."""
        return place_in(self._table, self.file, row, column, key)

    def read(self, row: Row, key: FigureKey, issued: RowAsIssued = NOT_RECORDED) -> RowReading:
        """Read the row of this key, which was issued so."""
        kpi = self._catalogue.kpi_by_id[key[0]]
        typed = TypedRow(row, key, kpi, self.file, self._table, self._date_1904, self._is_history, issued)
        own, restated = read_own(typed), read_restated(typed)
        answers = read_answers(typed, own.value)
        figures = [restated.value] if restated.value else []
        if own.value is not None:
            column = fields.ACTUAL if is_without_parts(kpi, own.value) else input_columns(kpi)[0]
            place = {"file": self.file, "sheet": self._table.sheet, "cell": typed[column].ref}
            figures.append(own.value.with_answers({**answers.value, **place}))
        parts = (own, restated, answers)
        return RowReading(
            typed,
            tuple(figures),
            [item for part in parts for item in part.findings],
            taken=frozenset().union(*(part.taken for part in parts)),
            flagged=frozenset().union(*(part.flagged for part in parts)),
        )
