"""What Excel lets people type into cells of a sheet: a list to choose from, a number, a date, or a hint alone."""

from __future__ import annotations

from datetime import date

from xlperf.workbook.a1 import Area, column_letters
from xlperf.workbook.port import Typing
from xlperf.workbook.xmltree import Node, add, children

# CT_Worksheet is a sequence: the validations have to stand before these.
_AFTER = {
    "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF",
    "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
}  # fmt: skip
_LONGEST_TITLE, _LONGEST_HINT, _LONGEST_REFUSAL = 32, 255, 225
_DAY_0, _DAY_0_OF_1904 = date(1899, 12, 30), date(1904, 1, 1)


def add_validation(frame: Node, area: Area, typing: Typing, *, date_1904: bool) -> None:
    """Have Excel check what is typed into an area, and show what it is for. `frame` is the sheet but for its rows."""
    holder = frame.find("{*}dataValidations")
    if holder is None:
        holder = add(frame, "dataValidations", before=next(iter(children(frame, _AFTER)), None))
    kind, formulas = _checked(area, typing, _DAY_0_OF_1904 if date_1904 else _DAY_0)
    rule = add(holder, "dataValidation", {**({"type": kind} if kind else {}), "allowBlank": "1"})
    for name, shown, longest in (
        ("errorTitle", "Please check" if typing.refusal else "", _LONGEST_TITLE),
        ("error", typing.refusal, _LONGEST_REFUSAL),
        ("promptTitle", typing.title if typing.hint else "", _LONGEST_TITLE),
        ("prompt", typing.hint, _LONGEST_HINT),
    ):
        if shown:
            rule.set(name, shown[:longest])
    rule.set("showInputMessage", "1")
    rule.set("showErrorMessage", "1")
    rule.set("sqref", str(area))
    for number, formula in enumerate(formulas, 1):
        add(rule, f"formula{number}").text = formula
    holder.set("count", str(len(children(holder))))


def _checked(area: Area, typing: Typing, day_0: date) -> tuple[str, list[str]]:
    """Excel's word for what is checked, and its formulas; "" where anything may be typed."""
    if typing.choices:
        return "list", ['"' + ",".join(typing.choices) + '"']
    if typing.is_number:
        return "custom", [f"ISNUMBER(${column_letters(area.left)}{area.top})"]
    if typing.dates:
        return "date", [str((day - day_0).days) for day in typing.dates]
    return "", []
