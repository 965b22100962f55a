"""Cell formats: how each of them shows a number."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlperf.workbook.numberstyle import NumberFormat, format_of_built_in, format_of_code
from xlperf.workbook.reader.gate import CheckedPackage
from xlperf.workbook.reader.parsing import MAIN, Handler, check_root, local_name
from xlperf.workbook.reader.reading_limits import ReadingLimits, check_count
from xlperf.workbook.reader.refused import Refused

_INDEX = re.compile("[0-9]{1,9}")
_FORMATS, _CELL_FORMATS, _CELL_FORMAT = MAIN + "numFmts", MAIN + "cellXfs", MAIN + "xf"
_ALTERNATIVES = "http://schemas.openxmlformats.org/markup-compatibility/2006 AlternateContent"


class CellFormats(dict[str, NumberFormat]):
    """The number format of every cell format, by the index of that as it is written on cells.

    What was read with the formats of one workbook is remembered by the mapping itself, which is not changed.
    """

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, another: object) -> bool:
        return self is another


_NONE = CellFormats()


def read_styles(package: CheckedPackage, part: str) -> CellFormats:
    """The formats of a workbook.

    Damaged formats are refused as a damaged sheet is: without them 95% would be read as 0.95.
    """
    return package.parsed(part, _Styles, package.limits).formats if part in package else _NONE


class _Styles(Handler):
    def __init__(self, limits: ReadingLimits) -> None:
        self.formats = CellFormats()
        self._limits = limits
        self._own_formats: dict[int, NumberFormat] = {}
        self._branches: list[list[NumberFormat]] = []
        """Of formats that are given twice, for programs to choose from: what each choice comes to."""
        self._group = ""

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        # Differential formats hold numFmt elements too, and cell styles hold xf: only the right group counts.
        if depth == 1:
            check_root(tag, "styleSheet")
        elif depth == 2:
            if self.formats and tag in (_FORMATS, _CELL_FORMATS):  # twice, or in another order
                raise _strange(local_name(tag))
            self._group = tag
        elif tag == MAIN + "numFmt" and self._group == _FORMATS:
            # At any depth: Excel gives some formats twice, for its newer and its older versions to choose from.
            number, own = _number(attributes), format_of_code(attributes.get("formatCode", ""))
            if self._own_formats.setdefault(number, own) != own:
                raise _strange(f"two number formats {number}")
            check_count("number formats", len(self._own_formats), self._limits.formats)
        elif depth == 3 and self._group == _CELL_FORMATS:
            self._branches = []
            if tag == _CELL_FORMAT:
                self._add(self._format(attributes))
            elif tag != _ALTERNATIVES:  # cells name their format by counting these
                raise _strange(local_name(tag))
        elif depth == 4 and self._group == _CELL_FORMATS:
            self._branches.append([])
        elif depth == 5 and self._group == _CELL_FORMATS and tag == _CELL_FORMAT:
            self._branches[-1].append(self._format(attributes))

    def end(self, tag: str, depth: int) -> None:
        if depth == 3 and tag == _ALTERNATIVES and self._group == _CELL_FORMATS:
            first, *others = self._branches or [[]]
            if not others or any(other != first for other in others):
                raise _strange(local_name(tag))
            for each in first:
                self._add(each)

    def _format(self, attributes: Mapping[str, str]) -> NumberFormat:
        number = _number(attributes)
        return self._own_formats.get(number) or format_of_built_in(number)

    def _add(self, number_format: NumberFormat) -> None:
        self.formats[str(len(self.formats))] = number_format
        check_count("cell formats", len(self.formats), self._limits.formats)


def _number(attributes: Mapping[str, str]) -> int:
    number = attributes.get("numFmtId", "0")
    if not _INDEX.fullmatch(number):
        raise _strange(number)
    return int(number)


def _strange(number: str) -> Refused:
    return Refused("F010", "The list of the workbook's formats is not built as Excel builds it.", found=number)
