"""What stands on the sheets that have tables, as people can have typed it: by it a workbook is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xlperf.workbook.a1 import Area
from xlperf.workbook.live.below import filled_below
from xlperf.workbook.live.cells_from_excel import Texts, read_formulas
from xlperf.workbook.live.places import Place, area_of

if TYPE_CHECKING:
    import xlwings as xw

_MOST_AT_ONCE = 1_000_000
"""Cells read in one call."""


@dataclass(frozen=True, slots=True)
class SheetTexts:
    """What stands on one sheet: in the part of it that is used, of which its tables may reach beyond the end."""

    name: str
    area: Area
    texts: Texts
    tables: Mapping[str, Area]

    def within(self, area: Area) -> Texts:
        """What stands in a rectangle, of which the empty end may be more than what is used."""
        width, left, top = area.right - area.left + 1, area.left - self.area.left, area.top - self.area.top
        before = [""] * max(0, -left)
        blank = [""] * width
        numbers = range(top, top + area.bottom - area.top + 1)
        rows = (self.texts[number] if 0 <= number < len(self.texts) else [] for number in numbers)
        return [[*before, *row[max(0, left) : left + width], *blank][:width] for row in rows]


@dataclass(slots=True)
class Noted:
    """What is known of the tables of an open workbook.

    Attributes:
        written: what stood in each that was written, right afterwards; None where that was not what was to be written.
        below: how many cells below each that was read were filled then.
    """

    written: dict[str, Texts | None] = field(default_factory=dict)
    below: dict[str, int] = field(default_factory=dict)

    def holds(self, sheet: SheetTexts, place_of: Callable[[str], Place]) -> bool:
        """Whether a sheet's tables still hold what was written, with as much below them; others are a person's own."""
        ours = [place_of(name) for name in sheet.tables if name in self.written]
        return all(self.written[place.name] == sheet.within(place.body) and self.is_below(place) for place in ours)

    def is_below(self, place: Place) -> bool:
        """Whether as many cells below a table are filled as when it was read; so too where it was not."""
        return place.name not in self.below or filled_below(place) == self.below[place.name]


def read_sheets(tables: Mapping[str, tuple[xw.Sheet, Any]]) -> list[SheetTexts]:
    """Read the sheets on which tables are; `tables` as `places.find_tables` gives them."""
    sheets: dict[str, tuple[xw.Sheet, dict[str, Area]]] = {}
    for name, (sheet, table) in tables.items():
        sheets.setdefault(sheet.name, (sheet, {}))[1][name] = area_of(table.range)
    return [_read(name, sheet, areas) for name, (sheet, areas) in sheets.items()]


def _read(name: str, sheet: xw.Sheet, tables: Mapping[str, Area]) -> SheetTexts:
    used = area_of(sheet.used_range)
    step = max(1, _MOST_AT_ONCE // (used.right - used.left + 1))
    texts: Texts = []
    for top in range(used.top, used.bottom + 1, step):
        texts += read_formulas(sheet, Area(used.left, top, used.right, min(top + step - 1, used.bottom)))
    return SheetTexts(name, used, texts, tables)


def hash_of(workbook: str, sheets: Sequence[SheetTexts]) -> str:
    """One hash of what stands on the sheets of a workbook of some name, and of where its tables are."""
    whole = hashlib.sha256(workbook.encode())
    for sheet in sheets:
        places = ",".join(f"{name} {area}" for name, area in sorted(sheet.tables.items()))
        whole.update(f"\0\0{sheet.name}\0{sheet.area.left} {sheet.area.top}\0{places}".encode())
        for number, row in enumerate(sheet.texts):
            # What is used grows with a fill, and shrinks when the book is saved: blank cells at its edge say nothing.
            if text := "\0".join(row).rstrip("\0"):
                whole.update(f"\0\n{number}\0{text}".encode(errors="surrogatepass"))
    return whole.hexdigest()
