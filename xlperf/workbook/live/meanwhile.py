"""Whether somebody typed into a table since it was read. If so, it must not be overwritten."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from xlperf.errors import WorkbookError
from xlperf.tables import Table
from xlperf.workbook.live.cells_from_excel import typed
from xlperf.workbook.live.faults import patiently
from xlperf.workbook.live.keeping import typed_formulas
from xlperf.workbook.live.places import Place
from xlperf.workbook.port import TypedFormula


class Meanwhile:
    """What was read of tables; `read` reads one as it is now."""

    def __init__(self, read: Callable[[Place], Table]) -> None:
        self._read = read
        self._tables: dict[str, Table] = {}
        self._formulas: dict[str, Mapping[tuple[int, str], TypedFormula]] = {}

    def table(self, place: Place) -> Table:
        """Read a table."""
        self._tables[place.name] = patiently(self._read, place)
        return self._tables[place.name]

    def formulas(self, place: Place, headers: Collection[str]) -> Mapping[tuple[int, str], TypedFormula]:
        """Read the formulas in some columns of a table."""
        self._formulas[place.name] = patiently(typed_formulas, place, headers)
        return self._formulas[place.name]

    def read_again(self, place: Place) -> None:
        """Remember a table as it is now, because it was we who moved its cells."""
        if place.name in self._tables:
            self.table(place)
        if place.name in self._formulas:
            self.formulas(place, {header for _, header in self._formulas[place.name]})

    def forget(self, name: str) -> None:
        """Forget what was read of a table: it is about to be written anew."""
        self._tables.pop(name, None)
        self._formulas.pop(name, None)

    def check(self, place: Place, where: str) -> None:
        """Raise WorkbookError if a table is not as it was read, since what was typed meanwhile would be lost."""
        seen, formulas = self._tables.get(place.name), self._formulas.get(place.name, {})
        headers = {header for _, header in formulas}
        is_other = seen is not None and typed(patiently(self._read, place)) != typed(seen)
        if is_other or (headers and patiently(typed_formulas, place, headers) != formulas):
            raise WorkbookError(
                f"{where}: somebody typed into table '{place.name}' while it was being brought up to date, so it was "
                "left unchanged; try again"
            )
