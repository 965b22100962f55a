"""The few of Excel's own properties that the add-in asks for past xlwings, through `.api`."""

from __future__ import annotations

from typing import Any

from tests.calc_engine.links import Link, links_of

MANUAL_BREAK, NO_BREAK = -4135, -4142  # Excel's xlPageBreakManual and xlPageBreakNone
_FIRST_DAY_OF_1904 = (1904, 1, 1)


class NativeBook:
    """A Workbook of Excel's object model."""

    def __init__(self, document: Any) -> None:
        self._document = document

    @property
    def ReadOnly(self) -> bool:  # noqa: N802
        return bool(self._document.isReadonly())

    @property
    def Date1904(self) -> bool:  # noqa: N802
        null = self._document.NullDate
        return (null.Year, null.Month, null.Day) == _FIRST_DAY_OF_1904


class NativeRange:
    """A Range of Excel's object model."""

    def __init__(self, uno: Any) -> None:
        self._uno = uno

    @property
    def PageBreak(self) -> int:  # noqa: N802
        row = self._uno.Rows.getByIndex(0)
        return MANUAL_BREAK if row.IsStartOfNewPage and row.IsManualPageBreak else NO_BREAK

    @PageBreak.setter
    def PageBreak(self, value: int) -> None:  # noqa: N802
        self._uno.Rows.getByIndex(0).IsStartOfNewPage = value == MANUAL_BREAK


class NativePageSetup:
    """A PageSetup of Excel's object model."""

    def __init__(self, style: Any) -> None:
        self._style = style

    @property
    def FitToPagesTall(self) -> int | bool:  # noqa: N802
        return int(self._style.ScaleToPagesY) or False

    @FitToPagesTall.setter
    def FitToPagesTall(self, value: int | bool) -> None:  # noqa: N802
        self._style.ScaleToPagesY = int(value)


class NativeSheet:
    """A Worksheet of Excel's object model."""

    def __init__(self, uno: Any) -> None:
        self._uno = uno

    @property
    def ProtectContents(self) -> bool:  # noqa: N802
        return bool(self._uno.isProtected())

    @property
    def Hyperlinks(self) -> list[Link]:  # noqa: N802
        return links_of(self._uno)
