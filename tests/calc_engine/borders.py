"""`xlwings.Borders` over Calc: a line along a side of a range, or none."""

from __future__ import annotations

from typing import Any

from xlwings import base_classes

from tests.calc_engine.structs import struct

_LINES = {
    "edge_top": "TopLine",
    "edge_bottom": "BottomLine",
    "edge_left": "LeftLine",
    "edge_right": "RightLine",
    "inside_horizontal": "HorizontalLine",
    "inside_vertical": "VerticalLine",
}
_THIN = 26  # hundredths of a millimetre


class Borders(base_classes.Borders):
    """The sides of a block of cells; only whether there is a line is built, not its look."""

    def __init__(self, cells: Any) -> None:
        self._cells = cells

    @property
    def api(self) -> Any:
        return self._cells

    def __getitem__(self, side: str) -> Border:
        return Border(self._cells, _LINES[side])


class Border(base_classes.Border):
    """One side."""

    def __init__(self, cells: Any, line: str) -> None:
        self._cells = cells
        self._line = line

    @property
    def line_style(self) -> str:
        return "continuous" if getattr(self._cells.TableBorder2, self._line).LineWidth else "none"

    @line_style.setter
    def line_style(self, value: str | None) -> None:
        width = _THIN if value not in (None, "none") else 0
        line = struct("com.sun.star.table.BorderLine2", LineWidth=width, OuterLineWidth=width)
        border = struct("com.sun.star.table.TableBorder2", **{self._line: line, f"Is{self._line}Valid": True})
        self._cells.TableBorder2 = border
