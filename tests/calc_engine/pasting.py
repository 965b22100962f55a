"""Copy and paste by LibreOffice's own commands, for which the sheet has to be the one shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from tests.calc_engine.comerror import refusal
from tests.calc_engine.links import kept
from tests.calc_engine.structs import property_values

if TYPE_CHECKING:
    from tests.calc_engine.ranges import Range

_FLAGS = {"all": "A", "formats": "T", "formulas": "SVDF", "values": "SVD"}
_KEEP_MOVING_NOTHING = 4  # the argument MoveMode: cells in the way are overwritten


def paste_into(target: Range, source: Range | None, what: str) -> None:
    """Paste `source` over `target`; a smaller source is repeated where it fits a whole number of times.

    `what` is one of all, formats, formulas, values, validation, column_widths. Raises ComError where nothing is copied.
    """
    if source is None:
        raise refusal("PasteSpecial method of Range class failed")
    if what == "validation":
        target.cells.Validation = source.cells.Validation
        return
    if what == "column_widths":
        for column in range(1, source.shape[1] + 1):
            target(1, column).column_width = source(1, column).column_width or 0
        return
    if what not in _FLAGS:
        raise NotImplementedError(f"pasting {what} is not built")
    if target.shape == (1, 1):
        target = target.sheet.range(target, target(*source.shape))
    helper = target.sheet.book.app.office.create("com.sun.star.frame.DispatchHelper")
    with _shown(source) as controller:
        controller.select(source.cells)
        helper.executeDispatch(controller.Frame, ".uno:Copy", "", 0, ())
    with kept(target.cells) if what == "formats" else nullcontext(), _shown(target) as controller:
        controller.select(target.cells)
        named = {"Flags": _FLAGS[what], "FormulaCommand": 0, "MoveMode": _KEEP_MOVING_NOTHING}
        named |= dict.fromkeys(("SkipEmptyCells", "Transpose", "AsLink"), False)
        helper.executeDispatch(controller.Frame, ".uno:InsertContents", "", 0, property_values(**named))


@contextmanager
def _shown(cells: Range) -> Iterator[Any]:
    """Show the sheet of some cells for a moment, a hidden one too; afterwards all is as it was."""
    controller = cells.sheet.book.document.getCurrentController()
    sheet, selected_before = cells.sheet.uno, controller.getSelection()
    was_visible = sheet.IsVisible
    sheet.IsVisible = True
    controller.setActiveSheet(sheet)
    try:
        yield controller
    finally:
        controller.select(selected_before)  # which shows its sheet
        sheet.IsVisible = was_visible
