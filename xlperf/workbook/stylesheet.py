"""Cell styles that differ from those of a workbook in their alignment only."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy

from lxml import etree

from xlperf.workbook.package import Package
from xlperf.workbook.xmltree import Node, add, children, remove

_STYLE = "{*}cellXfs/{*}xf"


class StyleSheet:
    """The cell styles of a workbook, and those added to them; nothing is in the workbook before `write`."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._root = package.root(part)
        self._styles = self._root.findall(_STYLE)
        self._added: dict[bytes, tuple[int, Node]] = {}

    @classmethod
    def of(cls, package: Package) -> StyleSheet:
        """The styles of a workbook. Raises WorkbookError where it has none."""
        return cls(package, package.target_of(package.workbook_part, "styles"))

    def alignment(self, style: int) -> dict[str, str]:
        """Return the alignment of a cell style, as its attributes say it."""
        element = self._styles[style].find("{*}alignment") if style < len(self._styles) else None
        return {} if element is None else dict(element.attrib)

    def font_size(self, style: int) -> float:
        """Return the size of a cell style's font, in points; 0 where it does not say."""
        fonts = self._root.findall("{*}fonts/{*}font")
        number = self._styles[style].get("fontId", "0") if style < len(self._styles) else "0"
        size = fonts[int(number)].find("{*}sz") if number.isdigit() and int(number) < len(fonts) else None
        with suppress(ValueError):
            return 0.0 if size is None else float(size.get("val", ""))
        return 0.0

    def aligned(self, style: int, alignment: Mapping[str, str]) -> int:
        """Return the number of the style that is like `style` but for its whole alignment."""
        new = deepcopy(self._styles[style if style < len(self._styles) else 0])
        new.tail = None
        new.set("applyAlignment", "1")
        remove(children(new, {"alignment"}))
        add(new, "alignment", dict(alignment), before=next(iter(new), None))  # the first thing there
        return self._added.setdefault(etree.tostring(new), (len(self._styles) + len(self._added), new))[0]

    def write(self) -> None:
        """Put the added styles into the workbook."""
        with self._package.changing(self._part) as root:
            for holder in root.iterfind("{*}cellXfs") if self._added else ():
                holder.extend(new for _, new in self._added.values())
                holder.set("count", str(len(self._styles) + len(self._added)))
