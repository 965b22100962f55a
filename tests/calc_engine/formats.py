"""Number formats between Excel's codes and Calc's keys, and which cells of a range have which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.calc_engine.comerror import refusal
from tests.calc_engine.structs import struct

_DATE, _TIME, _LOGICAL = 2, 4, 1024  # com.sun.star.util.NumberFormat
_KEPT = re.compile(r'("[^"]*"|\\.|\[[^\]]*\]|AM/PM|General)', re.IGNORECASE)
_CURRENCY = re.compile("[£$€](?!-)")


class Formats:
    """The number formats of one document."""

    def __init__(self, document: Any) -> None:
        self._formats = document.getNumberFormats()
        self._locale = struct("com.sun.star.lang.Locale", Language="en", Country="US")
        self._keys: dict[str, int] = {}
        self._known: dict[int, tuple[str, int]] = {}

    def key(self, code: str) -> int:
        """Calc's key for an Excel code. Raises ComError for a code that is none."""
        if code not in self._keys:
            found = self._formats.queryKey(code, self._locale, False)
            if found == -1:
                try:
                    found = self._formats.addNew(code, self._locale)
                except Exception as error:
                    raise refusal(f"Unable to set the NumberFormat property of the Range class: {code}") from error
            self._keys[code] = found
        return self._keys[code]

    @property
    def boolean(self) -> int:
        """The key of Calc's own format for TRUE and FALSE; Excel needs none, its cells know what they hold."""
        return int(self._formats.getStandardFormat(_LOGICAL, self._locale))

    def code(self, key: int) -> str:
        """The Excel code of a key."""
        return "General" if self.is_boolean(key) else excel_code(self._look_up(key)[0])

    def is_text(self, key: int) -> bool:
        """Whether a cell with it takes everything for text."""
        return self._look_up(key)[0] == "@"

    def is_date(self, key: int) -> bool:
        """Whether it shows a date or a time."""
        return bool(self._look_up(key)[1] & (_DATE | _TIME))

    def is_boolean(self, key: int) -> bool:
        """Whether it is Calc's own for TRUE and FALSE."""
        return bool(self._look_up(key)[1] & _LOGICAL)

    def is_currency(self, key: int) -> bool:
        """Whether it shows money: over COM Excel hands such a number out as a Decimal."""
        return bool(_CURRENCY.search(self._look_up(key)[0]))

    def is_plain(self, key: int) -> bool:
        """Whether Excel hands a number with it out as a float."""
        return not (self.is_date(key) or self.is_boolean(key) or self.is_currency(key))

    def _look_up(self, key: int) -> tuple[str, int]:
        if key not in self._known:
            found = self._formats.getByKey(key)
            self._known[key] = (found.FormatString, found.Type)
        return self._known[key]


def excel_code(code: str) -> str:
    """Calc's spelling of a format code in Excel's: `DD MMM YYYY` is `dd mmm yyyy`, `[RED]` is `[Red]`."""
    parts = _KEPT.split(code)
    plain = [re.sub("[DMYHS]", lambda found: found[0].lower(), part) for part in parts[::2]]
    kept = [_bracketed(part) for part in parts[1::2]]
    return "".join(text for pair in zip(plain, [*kept, ""], strict=True) for text in pair)


def _bracketed(part: str) -> str:
    if not part.startswith("[") or part.startswith("[$"):
        return part
    return part.lower() if not part[1:-1].upper().strip("HMS") else part.title()


def common_format(cells: Any) -> int | None:
    """The number format that all cells of a range have; None where they have several. Quicker than asking for areas."""
    is_mixed = cells.getPropertyState("NumberFormat").value == "AMBIGUOUS_VALUE"
    return None if is_mixed else int(cells.NumberFormat)


def areas_by_format(cells: Any) -> Iterator[tuple[int, list[Any]]]:
    """Yield each number format among a range's cells with the areas (CellRangeAddress) that have it."""
    key = common_format(cells)
    if key is not None:
        yield key, [cells.RangeAddress]
        return
    groups = cells.getUniqueCellFormatRanges()
    for index in range(groups.Count):
        group = groups.getByIndex(index)
        yield int(group.getPropertyValue("NumberFormat")), list(group.getRangeAddresses())
