"""`xlwings.Font` over Calc: what of it is looked at."""

from __future__ import annotations

from typing import Any

from xlwings import base_classes

from tests.calc_engine.structs import enum

_BOLD, _NORMAL = 150.0, 100.0  # com.sun.star.awt.FontWeight


class Font(base_classes.Font):
    """The font of some cells."""

    def __init__(self, cells: Any) -> None:
        self._cells = cells

    @property
    def api(self) -> Any:
        return self._cells

    @property
    def bold(self) -> bool:
        return bool(self._cells.CharWeight > _NORMAL)

    @bold.setter
    def bold(self, value: bool) -> None:
        self._cells.CharWeight = _BOLD if value else _NORMAL

    @property
    def italic(self) -> bool:
        return bool(self._cells.CharPosture.value != "NONE")

    @italic.setter
    def italic(self, value: bool) -> None:
        self._cells.CharPosture = enum("awt.FontSlant", "ITALIC" if value else "NONE")

    @property
    def color(self) -> tuple[int, int, int]:
        colour = max(self._cells.CharColor, 0)
        return colour >> 16 & 255, colour >> 8 & 255, colour & 255

    @color.setter
    def color(self, value: tuple[int, int, int]) -> None:
        self._cells.CharColor = value[0] << 16 | value[1] << 8 | value[2]
