"""Whether somebody typed into a table since it was read. If so, it must not be overwritten."""

from __future__ import annotations

from xlperf.errors import WorkbookError
from xlperf.workbook.addresses import without_places
from xlperf.workbook.live.cells_from_excel import CellBlock, Texts, read_block, read_formulas
from xlperf.workbook.live.faults import patiently
from xlperf.workbook.live.places import Place


class Meanwhile:
    """The rows of tables as they were read: each is read once, and once more before it is written."""

    def __init__(self) -> None:
        self._blocks: dict[str, CellBlock] = {}
        self._may_formulas_follow = False

    def block(self, place: Place) -> CellBlock:
        """The rows of a table as they were read, if they still stand there; else as they are now."""
        seen = self._blocks.get(place.name)
        return seen if seen is not None and seen.area == place.body else self.read(place)

    def read(self, place: Place) -> CellBlock:
        """Read the rows of a table, and remember them."""
        self._blocks[place.name] = patiently(read_block, place.sheet, place.body)
        return self._blocks[place.name]

    def read_again(self, place: Place) -> None:
        """Remember a table as it is now, because it was we who moved its cells. Formulas elsewhere follow them."""
        self._may_formulas_follow = True
        if place.name in self._blocks:
            self.read(place)

    def forget(self, name: str) -> None:
        """Forget what was read of a table: it is about to be written anew."""
        self._blocks.pop(name, None)

    def check(self, place: Place, where: str, *, is_below: bool = True) -> None:
        """Raise WorkbookError if a table is not as it was read, since what was typed meanwhile would be lost.

        `is_below` says whether what is below it is as it was.
        Results of formulas may change by themselves, so it is formulas that are compared, and what was typed.
        """
        seen = self._blocks.get(place.name)
        if seen is None:
            return
        if (
            not is_below
            or seen.area != place.body
            or self._is_other(seen, patiently(read_formulas, place.sheet, place.body))
        ):
            raise WorkbookError(
                f"{where}: somebody typed into table '{place.name}' while it was being brought up to date, so it was "
                "left unchanged; try again"
            )

    def _is_other(self, seen: CellBlock, now: Texts) -> bool:
        """Whether any cell is another; where rows were moved, a formula may name other places by now."""
        if now == seen.formulas or not self._may_formulas_follow:
            return now != seen.formulas
        pairs = (pair for was, row in zip(seen.formulas, now, strict=True) for pair in zip(was, row, strict=True))
        return any(was != text and _apart_from_places(was) != _apart_from_places(text) for was, text in pairs)


def _apart_from_places(text: str) -> str:
    return without_places(text) if text.startswith("=") else text
