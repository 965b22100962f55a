"""Cell styles taken from one workbook into another: each becomes the number of one that looks the same there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from lxml import etree

from xlperf.errors import WorkbookError
from xlperf.workbook.package import Package
from xlperf.workbook.stylesheet import LAST_OF_EXCEL
from xlperf.workbook.xmltree import Node, add, children, local

# CT_Stylesheet is a sequence.
_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
_FACE = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}


class StyleTransfer:
    """What the numbers of a workbook's styles are in another workbook, which is given those that it lacks."""

    def __init__(self, target: Node, source: Node) -> None:
        """`target` is the style sheet that gets them, while it is being changed; `source` the one they come from."""
        self._target, self._source = target, source
        self._known: dict[tuple[str, int], int] = {}

    def cell(self, style: str) -> str:
        """The number of a cell style. Raises WorkbookError for one that is not there."""
        return str(self._taken("cellXfs", style))

    def differential(self, number: str) -> str:
        """The number of a differential style, as conditional formats and tables have them."""
        return str(self._taken("dxfs", number))

    def table_style(self, name: str) -> None:
        """Take a style of tables, where it is not one of Excel's own and the workbook has none of that name."""
        wanted = next(self._table_styles(self._source, name), None)
        if wanted is None or any(self._table_styles(self._target, name)):
            return
        new = deepcopy(wanted)
        for element in children(new, {"tableStyleElement"}):
            if element.get("dxfId"):
                element.set("dxfId", self.differential(element.get("dxfId")))
        self._append("tableStyles", new)

    @staticmethod
    def _table_styles(root: Node, name: str) -> Iterator[Node]:
        return (each for each in root.iterfind("{*}tableStyles/{*}tableStyle") if each.get("name") == name)

    def _taken(self, holder: str, number: str) -> int:
        key = holder, int(number)
        if key not in self._known:
            self._known[key] = self._place_of(holder, self._element(holder, key[1]))
        return self._known[key]

    def _element(self, holder: str, number: int) -> Node:
        """A copy of one of the elements there, which speaks of the numbers here."""
        elements = [child for each in children(self._source, {holder}) for child in children(each)]
        if number >= len(elements):
            raise WorkbookError(f"a cell has the look number {number} of '{holder}', and there are {len(elements)}")
        new = deepcopy(elements[number])
        new.tail = None
        if local(new) == "xf":
            for attribute, faces in _FACE.items():
                if new.get(attribute):
                    new.set(attribute, str(self._taken(faces, new.get(attribute))))
            if new.get("numFmtId"):
                new.set("numFmtId", self._number_format(new.get("numFmtId")))
            if not children(self._target, {"cellStyleXfs"}):
                new.attrib.pop("xfId", None)
            elif new.get("xfId"):
                new.set("xfId", self._named_style(new.get("xfId")))
        return new

    def _place_of(self, holder: str, new: Node) -> int:
        """The number of an element that is just like `new`, which is put there where there is none."""
        text = etree.tostring(new, method="c14n")
        same = [child for each in children(self._target, {holder}) for child in children(each)]
        for number, child in enumerate(same):
            bare = deepcopy(child)
            bare.tail = None
            if etree.tostring(bare, method="c14n") == text:
                return number
        self._append(holder, new)
        return len(same)

    def _append(self, holder: str, new: Node) -> None:
        into = next(iter(children(self._target, {holder})), None)
        if into is None:
            following = _ORDER[_ORDER.index(holder) + 1 :]
            into = add(self._target, holder, before=next(iter(children(self._target, set(following))), None))
        new.tail = None
        into.append(new)
        into.set("count", str(len(children(into))))

    def _number_format(self, number: str) -> str:
        if int(number) <= LAST_OF_EXCEL:
            return number
        code = _codes(self._source).get(number, "General")
        codes = _codes(self._target)
        number_here = next((each for each, text in codes.items() if text == code), None)
        if number_here is None:
            number_here = str(max(LAST_OF_EXCEL, *map(int, codes), 0) + 1)
            self._append("numFmts", self._target.makeelement(_named_like(self._target, "numFmt"), {
                "numFmtId": number_here, "formatCode": code,
            }))  # fmt: skip
        return number_here

    def _named_style(self, number: str) -> str:
        """The style that people know by name; the plain one where the workbook has none of that name."""
        name = next((each.get("name") for each in _cell_styles(self._source) if each.get("xfId") == number), None)
        return next((each.get("xfId", "0") for each in _cell_styles(self._target) if each.get("name") == name), "0")


@contextmanager
def transferring(target: Package, source: Package) -> Iterator[StyleTransfer]:
    """Take styles from one workbook into another. Raises WorkbookError; nothing is taken where what is done fails."""
    styles = target.target_of(target.workbook_part, "styles")
    with target.changing(styles) as root:
        yield StyleTransfer(root, source.root(source.target_of(source.workbook_part, "styles")))


def _codes(root: Node) -> dict[str, str]:
    return {each.get("numFmtId", "0"): each.get("formatCode", "") for each in root.iterfind("{*}numFmts/{*}numFmt")}


def _cell_styles(root: Node) -> list[Node]:
    return list(root.iterfind("{*}cellStyles/{*}cellStyle"))


def _named_like(node: Node, name: str) -> etree.QName:
    return etree.QName(etree.QName(node).namespace, name)
