"""`xlwings.Range` over Calc: a block of cells of a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc_engine import a1
from tests.calc_engine.borders import Borders
from tests.calc_engine.comerror import protected, refusal
from tests.calc_engine.fonts import Font
from tests.calc_engine.formats import areas_by_format, common_format
from tests.calc_engine.native import NativeRange
from tests.calc_engine.notes import Note, add_note, note_on
from tests.calc_engine.pasting import paste_into
from tests.calc_engine.shifting import move, put_in, take_out

if TYPE_CHECKING:
    from tests.calc_engine.sheets import Sheet

_POINTS = 72 / 2540  # in one hundredth of a millimetre
_PIXELS = 96 / 2540
_CONTENTS = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: numbers, dates, texts, formulas
_WHOLE_LOOK = 32 | 64 | 256  # direct formats, styles, formats within texts


class Range(base_classes.Range):
    """A block of cells, rows and columns counted from 1."""

    def __init__(self, sheet: Sheet, box: a1.Box) -> None:
        self._sheet = sheet
        self.box = box
        self.options: dict[str, Any] = {}

    def __bool__(self) -> bool:
        return True

    @property
    def cells(self) -> Any:
        """The UNO range. Raises ComError where Excel is busy or gone, or the block reaches beyond the sheet."""
        self._sheet.book.must_answer()
        return self._sheet.book.cells_at(self._sheet.uno, self.box)

    @property
    def api(self) -> NativeRange | None:
        return NativeRange(self.cells) if self.box[2] and self.box[3] else None

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def coords(self) -> tuple[Any, int, int, int, int]:
        return (self._sheet, *self.box)

    @property
    def row(self) -> int:
        return self.box[0]

    @property
    def column(self) -> int:
        return self.box[1]

    @property
    def shape(self) -> tuple[int, int]:
        return self.box[2], self.box[3]

    def __len__(self) -> int:
        return self.box[2] * self.box[3]

    def __call__(self, arg1: int, arg2: int | None = None) -> Range:
        row, column, _, columns = self.box
        if arg2 is None:
            down, across = divmod(arg1 - 1, columns)
        else:
            down, across = arg1 - 1, arg2 - 1
        if row + down < 1 or column + across < 1:
            raise refusal("Application-defined or object-defined error")
        return Range(self._sheet, (row + down, column + across, 1, 1))

    @property
    def rows(self) -> Range:
        return self

    @property
    def columns(self) -> Range:
        return self

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        plain = a1.address(self.box, row_absolute, col_absolute)
        return f"[{self._sheet.book.name}]{self._sheet.name}!{plain}" if external else plain

    @property
    def address(self) -> str:
        return a1.address(self.box)

    # -- contents --

    @property
    def raw_value(self) -> Any:
        if not len(self):
            return None
        return self._handed_out(self._sheet.book.reader.values(self.cells))

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        if len(self):
            self._write(data)

    @property
    def formula(self) -> Any:
        return self._handed_out(self._sheet.book.reader.formulas(self.cells)) if len(self) else None

    @formula.setter
    def formula(self, value: Any) -> None:
        if len(self):
            self._write(value)

    formula2 = formula

    def clear_contents(self) -> None:
        self.refuse_if_protected()
        self.cells.clearContents(_CONTENTS)

    def clear(self) -> None:
        self.refuse_if_protected()
        self.cells.clearContents(_CONTENTS | _WHOLE_LOOK)

    def clear_formats(self) -> None:
        self.refuse_if_protected()
        self.cells.clearContents(_WHOLE_LOOK)

    def _handed_out(self, block: list[list[Any]]) -> Any:
        """COM hands out one cell as itself, more as a tuple of rows."""
        return block[0][0] if self.shape == (1, 1) else tuple(map(tuple, block))

    def _write(self, data: Any) -> None:
        self.refuse_if_protected()
        if not isinstance(data, (list, tuple)):
            self._fill(data)
            return
        rows, columns = self.shape
        block: Sequence[Any] = data if data and isinstance(data[0], (list, tuple)) else [data] * rows
        if len(block) != rows or any(len(row) != columns for row in block):
            raise NotImplementedError(f"{len(block)} rows for {self.address}: Excel would cut off or write #N/A")
        self._sheet.book.writer.write(self.cells, block)

    def _fill(self, value: Any) -> None:
        """Put one value into every cell; a formula's relative references follow the cell, as in Excel."""
        rows, columns = self.shape
        if not (isinstance(value, str) and value.startswith("=") and len(self) > 1) or "[" in value:
            self._sheet.book.writer.write(self.cells, [[value] * columns] * rows)
            return
        first = self(1, 1)
        first._fill(value)
        if first.cells.getCellByPosition(0, 0).Type.value == "TEXT":
            self._sheet.book.writer.write(self.cells, [[value] * columns] * rows)
            return
        tokens = first.cells.getCellByPosition(0, 0).getTokens()  # they say "one row up", not "A1"
        cells = self.cells
        for i in range(rows):
            for j in range(columns):
                cells.getCellByPosition(j, i).setTokens(tokens)

    # -- looks --

    @property
    def number_format(self) -> str | None:
        key = common_format(self.cells)
        if key is not None:
            return self._sheet.book.formats.code(key)
        codes = {self._sheet.book.formats.code(key) for key, _ in areas_by_format(self.cells)}
        return codes.pop() if len(codes) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.refuse_if_protected(formats=True)
        self.cells.NumberFormat = self._sheet.book.formats.key(value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        colour = self.cells.CellBackColor
        return None if colour == -1 else (colour >> 16 & 255, colour >> 8 & 255, colour & 255)

    @color.setter
    def color(self, value: Any) -> None:
        self.refuse_if_protected(formats=True)
        if isinstance(value, str):
            value = int(value.removeprefix("#"), 16)
        elif isinstance(value, (tuple, list)):
            value = value[0] << 16 | value[1] << 8 | value[2]
        self.cells.CellBackColor = -1 if value is None else value

    @property
    def font(self) -> Font:
        return Font(self.cells)

    @property
    def borders(self) -> Borders:
        self.refuse_if_protected(formats=True)
        return Borders(self.cells)

    @property
    def merge_cells(self) -> bool:
        """Whether any of the cells is merged (Excel: None where only some are)."""
        return bool(self.cells.getIsMerged())

    @property
    def row_height(self) -> float | None:
        return self._one_size(self.cells.getRows(), "Height", _POINTS)

    @row_height.setter
    def row_height(self, value: float) -> None:
        self.cells.getRows().Height = round(value / _POINTS)

    @property
    def column_width(self) -> float | None:
        width = self._one_size(self.cells.getColumns(), "Width", _PIXELS)
        return None if width is None else round(max(0.0, (width - 5) / 7), 2)  # seven pixels a digit in Calibri 11

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.cells.getColumns().Width = round((value * 7 + 5) / _PIXELS)

    @property
    def row_hidden(self) -> bool:
        return not self.cells.getRows().IsVisible

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self.cells.getRows().IsVisible = not value

    def _one_size(self, lines: Any, name: str, unit: float) -> float | None:
        sizes = {getattr(lines.getByIndex(i), name) for i in range(min(lines.Count, 500))}
        return round(sizes.pop() * unit, 2) if len(sizes) == 1 else None

    # -- moving cells about --

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        put_in(self, shift)

    def delete(self, shift: str | None = None) -> None:
        take_out(self, shift)

    def move(self, destination: Any) -> None:
        move(self, destination.impl)

    # -- what hangs on cells --

    @property
    def note(self) -> Note | None:
        return note_on(self)

    def add_note(self, text: str) -> Note:
        self.refuse_if_protected(formats=True)
        return add_note(self, text)

    def copy(self, destination: Any = None) -> None:
        self._sheet.book.app.copied = self
        if destination is not None:
            destination.impl.paste()

    def paste(
        self,
        paste: str | None = None,
        operation: str | None = None,
        skip_blanks: bool = False,
        transpose: bool = False,
    ) -> None:
        if operation or skip_blanks or transpose:
            raise NotImplementedError("only plain pasting is built")
        self.refuse_if_protected(formats=paste == "formats")
        paste_into(self, self._sheet.book.app.copied, paste or "all")

    def select(self) -> None:
        self._sheet.book.document.getCurrentController().select(self.cells)

    # -- refusals --

    def refuse_if_protected(self, *, formats: bool = False, shape: bool = False) -> None:
        """Raise ComError where the sheet is protected and not every cell is unlocked; see `comerror.protected`.

        `formats`, `shape`: what is to change is the look of cells, or where cells are; unlocked cells do not help.
        """
        if not self._sheet.uno.isProtected():
            return
        if formats or shape or self.cells.CellProtection.IsLocked:  # which Calc says of a mixture, too
            raise protected()
