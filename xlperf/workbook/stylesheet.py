"""Cell styles that differ from those of a workbook in their alignment only."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from xlperf.workbook.package import Package
from xlperf.workbook.xmlsplice import Edit, Element, attribute_edit, attributes_except, escape_attribute


class StyleSheet:
    """The cell styles of a workbook, and those added to them; nothing is in the workbook before `write`."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._data = package.part(part)
        self._elements = package.elements(part)
        self._styles = [e for e in self._elements if e.local == "xf" and e.has_parent("cellXfs")]
        self._added: dict[bytes, int] = {}

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
        return self._added.setdefault(raw, len(self._styles) + len(self._added))

    def write(self) -> None:
        """Put the added styles into the workbook."""
        parent = next((e for e in self._elements if e.local == "cellXfs" and e.depth == 2), None)
        if self._added and parent is not None:
            edits: list[Edit] = [(parent.close, parent.close, b"".join(self._added))]
            edits.append(attribute_edit(self._data, parent, "count", str(len(self._styles) + len(self._added))))
            self._package.edit(self._part, edits)

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
