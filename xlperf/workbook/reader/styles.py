"""Cell formats: whether a number is shown as a percentage, a date or neither."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlperf.tables import NumberStyle
from xlperf.workbook.reader.gate import Package
from xlperf.workbook.reader.parsing import MAIN, Handler

# Of a number format: quoted text, [colour or locale], an escaped character, and the two that set a width.
_NOT_FORMAT = re.compile(r'"[^"]*"?|\[[^\]]*\]?|[\\_*].|General', re.DOTALL | re.IGNORECASE)
_DATE_PIECE = re.compile("[dmyhs]", re.IGNORECASE)
_INDEX = re.compile("[0-9]{1,9}")
_PERCENT_FORMATS = {9, 10}
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


def read_styles(package: Package, part: str) -> Mapping[str, NumberStyle]:
    """How every cell format shows a number: {index of the format, as it is written on cells: style}."""
    handler = _Styles()
    return handler.styles if package.parse_if_sound(part, handler) else {}


class _Styles(Handler):
    def __init__(self) -> None:
        self.styles: dict[str, NumberStyle] = {}
        self._own_formats: dict[str, NumberStyle] = {}
        self._group = ""

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        # Differential formats hold numFmt elements too, and cell styles hold xf: only the right group counts.
        if depth == 2:
            self._group = tag
        elif depth == 3 and tag == MAIN + "numFmt" and self._group == MAIN + "numFmts":
            self._own_formats[attributes.get("numFmtId", "")] = _style_of_code(attributes.get("formatCode", ""))
        elif depth == 3 and tag == MAIN + "xf" and self._group == MAIN + "cellXfs":
            number_format = attributes.get("numFmtId", "0")
            style = self._own_formats.get(number_format) or _style_of_built_in(number_format)
            self.styles[str(len(self.styles))] = style


def _style_of_code(code: str) -> NumberStyle:
    """Say what a number format code, such as `0.0%` or `dd/mm/yyyy`, shows."""
    code = _NOT_FORMAT.sub("", code)
    if "%" in code:
        return NumberStyle.PERCENT
    return NumberStyle.DATE if _DATE_PIECE.search(code) else NumberStyle.GENERAL


def _style_of_built_in(number_format: str) -> NumberStyle:
    number = int(number_format) if _INDEX.fullmatch(number_format) else 0
    if number in _PERCENT_FORMATS:
        return NumberStyle.PERCENT
    return NumberStyle.DATE if number in _DATE_FORMATS else NumberStyle.GENERAL
