"""The one cell that a defined name means, in a file and in an open workbook alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import Area, parse_sheet_area

_CONSTANT = re.compile(r'"((?:[^"]|"")*)"')
_Sheet = TypeVar("_Sheet")


def constant(name: str, text_by_name: Mapping[str, str]) -> str:
    """The text that a name stands for; "" where there is no such name, or it means cells. Arguments as `one_cell`."""
    meaning = next((text for each, text in text_by_name.items() if each.casefold() == name.casefold()), "")
    text = _CONSTANT.fullmatch(meaning)
    return text[1].replace('""', '"') if text else ""


def one_cell(
    file: str, name: str, text_by_name: Mapping[str, str], sheet_by_name: Mapping[str, _Sheet]
) -> tuple[_Sheet, Area]:
    """The sheet and place of the one cell that a name means; Excel does not tell capitals in names or sheets apart.

    Args:
        file: the workbook, for messages.
        name: which one.
        text_by_name: what each name of the whole workbook refers to, without an equals sign.
        sheet_by_name: the sheets with cells.

    Raises:
        WorkbookError: there is no such name, or it does not mean one cell.
    """
    names = {each.casefold(): each for each in text_by_name}
    if name.casefold() not in names:
        present = ", ".join(sorted(text_by_name)) or "no names"
        raise WorkbookError(f"{file}: no name '{name}'; this workbook has {present}")
    text = text_by_name[names[name.casefold()]]
    place = parse_sheet_area(text)
    sheets = {each.casefold(): sheet for each, sheet in sheet_by_name.items()}
    if place is None or not place[1].is_one_cell or place[0].casefold() not in sheets:
        raise WorkbookError(f"{file}: the name '{name}' means {text}, which is not one cell")
    return sheets[place[0].casefold()], place[1]
