"""A row of a sheet as raw bytes, and a cell taken from it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlperf.workbook.xmlsplice import (
    Element,
)

_FORMULA = re.compile(rb"<(?:[^\s>/:]+:)?f[\s/>]")


StyledCells = tuple[tuple[bytes, ...], tuple[bytes, ...]]
"""Of each cell of a row the letters of its column, and the number of its style; b"" where it has none."""


@dataclass(frozen=True, slots=True)
class RowXml:
    """One row: its bytes, and the columns of its first and last cell (0 where it has none)."""

    number: int
    raw: bytes
    first: int
    last: int
    gap: bytes = b""
    """What stands between the row before and this one: white space, if anything."""
    is_numbered: bool = True
    styled: StyledCells | None = None
    """Its cells, where they were told as the sheet was read; one object for all rows that are alike."""
    is_surely_plain: bool = False
    """Whether it was told then that no cell holds a formula."""

    @property
    def has_formula(self) -> bool:
        """True where a cell of the row may hold a formula."""
        raw = self.raw
        return not self.is_surely_plain and (b"<f" in raw or b":f" in raw) and _FORMULA.search(raw) is not None


@dataclass(frozen=True, slots=True)
class CellXml:
    """One cell taken from its row: its bytes and what they say."""

    column: int
    raw: bytes
    elements: tuple[Element, ...]

    @property
    def attributes(self) -> dict[str, str]:
        """The cell's attributes; `s` is its style id, `t` its type."""
        return self.elements[0].attributes

    @property
    def style(self) -> int:
        """The number of its cell style."""
        return int(self.attributes.get("s", "0"))

    @property
    def formula(self) -> Element | None:
        """Its `f` element."""
        return self._child("f")

    @property
    def value(self) -> str | None:
        """The text of its `v` element."""
        element = self._child("v")
        return None if element is None else element.text

    @property
    def is_filled(self) -> bool:
        """True where the cell holds a value or a formula, not only a style."""
        return self.formula is not None or bool(self.value) or self._child("is") is not None

    def _child(self, local: str) -> Element | None:
        return next((e for e in self.elements if e.local == local and e.parent is self.elements[0]), None)
