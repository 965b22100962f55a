"""Cell styles that differ from a workbook's own only in their alignment or in their number format."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy

from lxml import etree

from xlperf.workbook.package import Package
from xlperf.workbook.xmltree import Node, add, children, remove

_STYLE = "{*}cellXfs/{*}xf"
_BUILT_IN = {"General": 0, "@": 49}
"""Numbers of formats that every workbook has."""
LAST_OF_EXCEL = 163
"""The number of the last format that is Excel's own."""


def _filled_with(fill: Node, colour: str) -> str:
    """A fill as text; a whole one has its colour in `fgColor` in a cell's style, and in `bgColor` in a differential."""
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return str(etree.tostring(fill))
    kind = pattern.get("patternType", "solid")
    shade = pattern.find(f"{{*}}{colour}")
    if kind in ("none", "gray125") or shade is None:
        return ""
    return f"{kind} {sorted(shade.attrib.items())}"


class StyleSheet:
    """The cell styles of a workbook, and those added to them; nothing is in the workbook before `write`."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._root = package.root(part)
        self._styles = self._root.findall(_STYLE)
        self._codes = {
            element.get("formatCode", ""): int(element.get("numFmtId", "0"))
            for element in self._root.iterfind("{*}numFmts/{*}numFmt")
        }
        self._added: dict[bytes, tuple[int, Node]] = {}
        self._added_codes: dict[str, int] = {}

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

    def own_font(self) -> tuple[str, float]:
        """Return name and size of the workbook's own font, in whose digits the widths of columns are counted."""
        font = self._root.find("{*}fonts/{*}font")
        name, size = (None, None) if font is None else (font.find("{*}name"), font.find("{*}sz"))
        with suppress(ValueError):
            return "" if name is None else name.get("val", ""), 11.0 if size is None else float(size.get("val", ""))
        return "", 11.0

    def aligned(self, style: int, alignment: Mapping[str, str]) -> int:
        """Return the number of the style that is like `style` but for its whole alignment."""
        new = self._copy(style)
        new.set("applyAlignment", "1")
        remove(children(new, {"alignment"}))
        add(new, "alignment", dict(alignment), before=next(iter(new), None))  # the first thing there
        return self._number_of(new)

    def formatted(self, style: int, code: str) -> int:
        """Return the number of the style that is like `style` but for its number format."""
        return self._with_format(style, str(self._id_of(code)))

    def differs(self, style: int, other: int) -> bool:
        """Whether two styles differ in fill, font or border, which is how a person makes a cell stand out."""
        return self._face(style) != self._face(other)

    def numbered_like(self, style: int, other: int) -> int:
        """Return the number of the style that is like `style` but for the number format, which is that of `other`."""
        wanted = self._style(other).get("numFmtId", "0")
        return style if self._style(style).get("numFmtId", "0") == wanted else self._with_format(style, wanted)

    def fill(self, style: int) -> str:
        """What a style's cells are filled with, as text to compare; "" for nothing."""
        fills = self._root.findall("{*}fills/{*}fill")
        number = int(self._style(style).get("fillId", "0"))
        return _filled_with(fills[number], "fgColor") if number < len(fills) else ""

    def declared_fill(self, differential: int | None) -> str | None:
        """What a table says that a column is filled with, as `fill` says it; None where the table does not say."""
        looks = self._root.findall("{*}dxfs/{*}dxf")
        if differential is None or differential >= len(looks):
            return None
        fill = looks[differential].find("{*}fill")
        return "" if fill is None else _filled_with(fill, "bgColor")

    def unfilled(self, style: int) -> int:
        """Return the number of the style that is like `style` but for its fill, of which it has none."""
        new = self._copy(style)
        new.set("fillId", "0")  # always that of no fill
        return self._number_of(new)

    def write(self) -> None:
        """Put the added styles into the workbook."""
        with self._package.changing(self._part) as root:
            for holder in root.iterfind("{*}cellXfs") if self._added else ():
                holder.extend(new for _, new in self._added.values())
                holder.set("count", str(len(self._styles) + len(self._added)))
            if self._added_codes:
                holder = root.find("{*}numFmts")
                if holder is None:
                    holder = add(root, "numFmts", before=next(iter(root), None))  # the first thing there
                for code, number in self._added_codes.items():
                    add(holder, "numFmt", {"numFmtId": str(number), "formatCode": code})
                holder.set("count", str(len(children(holder))))

    def _with_format(self, style: int, format_id: str) -> int:
        new = self._copy(style)
        new.set("numFmtId", format_id)
        new.set("applyNumberFormat", "1")
        return self._number_of(new)

    def _face(self, style: int) -> tuple[str, ...]:
        return tuple(self._style(style).get(name, "0") for name in ("fillId", "fontId", "borderId"))

    def _style(self, style: int) -> Node:
        return self._styles[style if style < len(self._styles) else 0]

    def _copy(self, style: int) -> Node:
        new = deepcopy(self._style(style))
        new.tail = None
        return new

    def _number_of(self, new: Node) -> int:
        return self._added.setdefault(etree.tostring(new), (len(self._styles) + len(self._added), new))[0]

    def _id_of(self, code: str) -> int:
        id_by_code = {**_BUILT_IN, **self._codes, **self._added_codes}
        if code not in id_by_code:
            self._added_codes[code] = id_by_code[code] = max(LAST_OF_EXCEL, *id_by_code.values()) + 1
        return id_by_code[code]
