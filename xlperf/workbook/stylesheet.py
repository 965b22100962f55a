"""Cell styles that differ from those of a workbook in their alignment, or in their number format, only."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from xlperf.workbook.package import Package
from xlperf.workbook.xmlsplice import Edit, Element, attribute_edit, attributes_except, escape_attribute

_BUILT_IN = {"General": 0, "@": 49}
"""Numbers of formats that every workbook has."""
_LAST_OF_EXCEL = 163
"""The number of the last format that is Excel's own."""


class StyleSheet:
    """The cell styles of a workbook, and those added to them; nothing is in the workbook before `write`."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._data = package.part(part)
        self._elements = package.elements(part)
        self._styles = [e for e in self._elements if e.local == "xf" and e.has_parent("cellXfs")]
        self._codes = {
            e.attributes.get("formatCode", ""): int(e.attributes.get("numFmtId", "0"))
            for e in self._elements
            if e.local == "numFmt" and e.has_parent("numFmts")
        }
        self._added: dict[bytes, int] = {}
        self._added_codes: dict[str, int] = {}

    @classmethod
    def of(cls, package: Package) -> StyleSheet:
        """The styles of a workbook. Raises WorkbookError where it has none."""
        return cls(package, package.target_of(package.workbook_part, "styles"))

    def alignment(self, style: int) -> dict[str, str]:
        """Return the alignment of a cell style, as its attributes say it."""
        element = self._alignment(style)
        return dict(element.attributes) if element else {}

    def font_size(self, style: int) -> float:
        """Return the size of a cell style's font, in points; 0 where it does not say."""
        fonts = [e for e in self._elements if e.local == "font" and e.has_parent("fonts")]
        number = self._styles[style].attributes.get("fontId", "0") if style < len(self._styles) else "0"
        if not (number.isdigit() and int(number) < len(fonts)):
            return 0.0
        font = fonts[int(number)]
        sizes = (e.attributes.get("val", "") for e in self._elements if e.parent is font and e.local == "sz")
        with suppress(ValueError):
            return float(next(sizes, ""))
        return 0.0

    def aligned(self, style: int, alignment: Mapping[str, str]) -> int:
        """Return the number of the style that is like `style` but for its whole alignment."""
        raw = self._rewritten(style, alignment)
        return self._number_of(raw)

    def formatted(self, style: int, code: str) -> int:
        """Return the number of the style that is like `style` but for its number format."""
        return self._with_format(style, str(self._id_of(code)))

    def _with_format(self, style: int, format_id: str) -> int:
        element = self._styles[style if style < len(self._styles) else 0]
        changed = ("numFmtId", "applyNumberFormat")
        attributes = attributes_except(self._data, element.start, lambda name: name in changed)
        start = f"<{element.tag}".encode() + attributes
        start += f' numFmtId="{format_id}" applyNumberFormat="1">'.encode()
        return self._number_of(start + self._data[element.tag_end : element.close] + f"</{element.tag}>".encode())

    def differs(self, style: int, other: int) -> bool:
        """Whether two styles differ in fill, font or border: in what a person does to a cell that is to stand out."""
        return self._face(style) != self._face(other)

    def numbered_like(self, style: int, other: int) -> int:
        """Return the number of the style that is like `style` but for the number format, which is that of `other`."""
        wanted = self._attributes(other).get("numFmtId", "0")
        if self._attributes(style).get("numFmtId", "0") == wanted:
            return style
        return self._with_format(style, wanted)

    def _face(self, style: int) -> tuple[str, ...]:
        attributes = self._attributes(style)
        return tuple(attributes.get(name, "0") for name in ("fillId", "fontId", "borderId"))

    def _attributes(self, style: int) -> Mapping[str, str]:
        return self._styles[style if style < len(self._styles) else 0].attributes

    def _number_of(self, raw: bytes) -> int:
        return self._added.setdefault(raw, len(self._styles) + len(self._added))

    def _id_of(self, code: str) -> int:
        known = {**_BUILT_IN, **self._codes, **self._added_codes}
        if code not in known:
            self._added_codes[code] = known[code] = max(_LAST_OF_EXCEL, *known.values()) + 1
        return known[code]

    def write(self) -> None:
        """Put the added styles into the workbook."""
        parent = next((e for e in self._elements if e.local == "cellXfs" and e.depth == 2), None)
        if self._added and parent is not None:
            edits: list[Edit] = [(parent.close, parent.close, b"".join(self._added))]
            edits.append(attribute_edit(self._data, parent, "count", str(len(self._styles) + len(self._added))))
            edits += self._code_edits(parent.prefix)
            self._package.edit(self._part, edits)

    def _code_edits(self, prefix: str) -> list[Edit]:
        if not self._added_codes:
            return []
        new = "".join(
            f'<{prefix}numFmt numFmtId="{number}" formatCode="{escape_attribute(code)}"/>'
            for code, number in self._added_codes.items()
        )
        there = next((e for e in self._elements if e.local == "numFmts" and e.depth == 2), None)
        if there is None or there.close == there.end:  # none yet, or <numFmts/>; they stand first in a style sheet
            start, end = (there.start, there.end) if there else (self._elements[0].tag_end, self._elements[0].tag_end)
            return [(start, end, f'<{prefix}numFmts count="{len(self._added_codes)}">{new}</{prefix}numFmts>'.encode())]
        count = str(len(self._codes) + len(self._added_codes))
        return [(there.close, there.close, new.encode()), attribute_edit(self._data, there, "count", count)]

    def _alignment(self, style: int) -> Element | None:
        if not style < len(self._styles):
            return None
        return next((e for e in self._elements if e.parent is self._styles[style] and e.local == "alignment"), None)

    def _rewritten(self, style: int, alignment: Mapping[str, str]) -> bytes:
        if not style < len(self._styles):
            style = 0
        element, old = self._styles[style], self._alignment(style)
        attributes = attributes_except(self._data, element.start, lambda name: name == "applyAlignment")
        new = "".join(f' {name}="{escape_attribute(value)}"' for name, value in alignment.items())
        content = self._data[element.tag_end : element.close]
        if old is not None:
            content = self._data[element.tag_end : old.start] + self._data[old.end : element.close]
        start = f"<{element.tag}".encode() + attributes + b' applyAlignment="1">'
        return start + f"<{element.prefix}alignment{new}/>".encode() + content + f"</{element.tag}>".encode()
