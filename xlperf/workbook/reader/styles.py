"""Cell formats: whether a number is shown as a percentage, a date or neither."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlperf.tables import NumberStyle
from xlperf.workbook.numberstyle import style_of_built_in, style_of_code
from xlperf.workbook.reader.gate import Package
from xlperf.workbook.reader.limits import Limits, check_count
from xlperf.workbook.reader.parsing import MAIN, Handler

_INDEX = re.compile("[0-9]{1,9}")


def read_styles(package: Package, part: str) -> Mapping[str, NumberStyle]:
    """How every cell format shows a number: {index of the format, as it is written on cells: style}."""
    handler = _Styles(package.limits)
    return handler.styles if package.parse_if_sound(part, handler) else {}


class _Styles(Handler):
    def __init__(self, limits: Limits) -> None:
        self.styles: dict[str, NumberStyle] = {}
        self._limits = limits
        self._own_formats: dict[str, NumberStyle] = {}
        self._group = ""

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        # Differential formats hold numFmt elements too, and cell styles hold xf: only the right group counts.
        if depth == 2:
            self._group = tag
        elif depth == 3 and tag == MAIN + "numFmt" and self._group == MAIN + "numFmts":
            self._own_formats[attributes.get("numFmtId", "")] = style_of_code(attributes.get("formatCode", ""))
            check_count("number formats", len(self._own_formats), self._limits.formats)
        elif depth == 3 and tag == MAIN + "xf" and self._group == MAIN + "cellXfs":
            number_format = attributes.get("numFmtId", "0")
            style = self._own_formats.get(number_format) or _style_of_built_in(number_format)
            self.styles[str(len(self.styles))] = style
            check_count("cell formats", len(self.styles), self._limits.formats)


def _style_of_built_in(number_format: str) -> NumberStyle:
    return style_of_built_in(int(number_format) if _INDEX.fullmatch(number_format) else 0)
