"""A sheet taken from another workbook: its cells, table, names, rules, print setup, notes, pictures and charts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from xlperf.errors import WorkbookError
from xlperf.workbook.package import Package
from xlperf.workbook.parts import AFTER_CALC_PR, DEFINED_NAME, Sheet, relationship_id
from xlperf.workbook.relationships import part_of_relationships
from xlperf.workbook.styletransfer import StyleTransfer, transferring
from xlperf.workbook.xmltree import Node, add, children, local, remove

_KINDS = {
    "chart", "chartColorStyle", "chartStyle", "chartUserShapes", "comments", "drawing", "hyperlink", "image",
    "printerSettings", "table", "themeOverride", "vmlDrawing",
}  # fmt: skip
"""What a sheet may lead to: all that is its own. A pivot table, for one, needs parts of the whole workbook."""
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_FORMULAS = {"f", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula"}
_NUMBERED = re.compile(r"\d*(?=\.\w+$)")


def take_sheet(target: Package, source: Package, name: str, after: str | None) -> None:
    """Give a workbook a sheet of another, behind the sheet `after`, or before all where that is None.

    What is on it looks, prints and counts as it does there; nothing else in the workbook changes.

    Raises:
        WorkbookError: the workbook has a sheet, table or name of that name, or the sheet needs what the workbook does
            not have; nothing has changed.
    """
    taking = _Taking(target, source, name)
    taking.check()
    with transferring(target, source) as styles:
        taking.put_parts(styles)
    taking.put_tab(after)
    target.drop_calculation_chain()


@dataclass(frozen=True)
class _Taking:
    """The sheet `name` of `source`, on its way to `target`."""

    target: Package
    source: Package
    name: str

    @cached_property
    def sheet(self) -> Sheet:
        sheet = next((sheet for sheet in self.source.sheets if sheet.name == self.name), None)
        if sheet is None:
            raise WorkbookError(f"{self.source.file}: has no sheet '{self.name}'")
        return sheet

    @cached_property
    def parts(self) -> dict[str, str]:
        """The sheet's part and all that it leads to, each with the name that it gets."""
        new_names, ahead, taken = (
            dict[str, str](),
            [self.sheet.part],
            {part.casefold() for part in self.target.part_names},
        )
        while ahead:
            part = ahead.pop()
            if part not in new_names:
                new_names[part] = _free(part, taken)
                taken.add(new_names[part].casefold())
                ahead += [each.target for each in self.source.relationships(part)]
        return new_names

    @cached_property
    def names(self) -> list[Node]:
        """The names of the sheet, and those of the whole workbook that point at it, as they are written."""
        of_sheet = str(self.sheet.index)
        return [
            each
            for each in self.source.root(self.source.workbook_part).iterfind(DEFINED_NAME)
            if each.get("localSheetId") == of_sheet
            or (each.get("localSheetId") is None and _points_at(each.text or "", self.name))
        ]

    # -- whether it can be taken --

    def check(self) -> None:
        """Raise WorkbookError where the sheet cannot be taken as it is."""
        for part in self.parts:
            for each in self.source.relationships(part):
                if each.kind not in _KINDS:
                    raise WorkbookError(
                        f"{self.source.file}: its sheet '{self.name}' holds something that cannot be taken to another "
                        f"workbook ({each.kind}); take it out of the template"
                    )
        if _namespace(self.target) != _namespace(self.source):
            raise WorkbookError(
                f"{self.target.file}: is saved as Strict Open XML; save it as an Excel Workbook (.xlsx)"
            )
        self._check_names()
        self._check_pointers()

    def _check_names(self) -> None:
        tables = [table.name for table in self.source.tables.values() if table.sheet == self.sheet]
        named = [str(each.get("name")) for each in self.names if each.get("localSheetId") is None]
        of_workbook = [each.name for each in self.target.defined_names if each.sheet_index is None]
        for kind, wanted, there_is in (
            ("sheet", [self.name], [sheet.name for sheet in self.target.sheets]),
            ("table", [*tables, *named], [*self.target.tables]),
            ("name", [*tables, *named], of_workbook),
        ):
            own = {each.casefold(): each for each in there_is}
            taken = next((own[each.casefold()] for each in wanted if each.casefold() in own), None)
            if taken is not None:
                raise WorkbookError(
                    f"{self.target.file}: has a {kind} '{taken}' of your own, and xlperf's new sheet '{self.name}' "
                    "needs that name. Rename yours; its contents are kept"
                )

    def _check_pointers(self) -> None:
        sheet_names = {sheet.name.casefold() for sheet in self.target.sheets} | {self.name.casefold()}
        lacking = [sheet.name for sheet in self.source.sheets if sheet.name.casefold() not in sheet_names]
        for other in lacking:
            if any(_points_at(text, other) for text in self._formulas()):
                raise WorkbookError(
                    f"{self.target.file}: gets a sheet '{self.name}' that points at a sheet '{other}', which it does "
                    "not have; give that sheet its name back"
                )

    def _formulas(self) -> Iterator[str]:
        yield from (each.text or "" for each in self.names)
        for part in self.parts:
            if part.endswith(".xml"):
                elements = self.source.root(part).iter("{*}*")
                yield from (each.text or "" for each in elements if local(each) in _FORMULAS)

    # -- taking it --

    def put_parts(self, styles: StyleTransfer) -> None:
        """Put the parts into the workbook, with the styles that they speak of."""
        table_id = max(
            (int(self.target.root(table.part).get("id", "0")) for table in self.target.tables.values()), default=0
        )
        tables = {table.part for table in self.source.tables.values()}
        for part, new in self.parts.items():
            data = self.source.part(part)
            if part == self.sheet.part:
                data = self._sheet_xml(styles)
            elif part in tables:
                table_id += 1
                data = self._table_xml(part, table_id, styles)
            self.target.add_part(new, data, self.source.content_type(part))
            self._put_relationships(part, new)

    def _sheet_xml(self, styles: StyleTransfer) -> bytes:
        root = deepcopy(self.source.root(self.sheet.part))
        strings = _items(self.source)
        for cell in root.iter("{*}c"):
            if cell.get("t") == "s":
                _put_text(cell, strings)
        for element in root.iter("{*}c", "{*}row", "{*}col"):
            attribute = "style" if local(element) == "col" else "s"
            if element.get(attribute):
                element.set(attribute, styles.cell(element.get(attribute)))
        for rule in root.iter("{*}cfRule"):
            if rule.get("dxfId"):
                rule.set("dxfId", styles.differential(rule.get("dxfId")))
        for view in root.iter("{*}sheetView"):
            view.attrib.pop("tabSelected", None)  # the workbook stays open at the sheet that it was saved at
        for settings in root.iter("{*}sheetPr"):
            settings.attrib.pop("codeName", None)
        return _written(root)

    def _table_xml(self, part: str, number: int, styles: StyleTransfer) -> bytes:
        root = deepcopy(self.source.root(part))
        root.set("id", str(number))
        for element in root.iter("{*}*"):
            for attribute in [each for each in element.attrib if each.endswith("DxfId")]:
                element.set(attribute, styles.differential(element.get(attribute)))
        for style in root.iter("{*}tableStyleInfo"):
            styles.table_style(style.get("name", ""))
        return _written(root)

    def _put_relationships(self, part: str, new: str) -> None:
        rels = part_of_relationships(part)
        if rels not in self.source:
            return
        root = deepcopy(self.source.root(rels))
        targets = {each.id: each.target for each in self.source.relationships(part)}
        for element in children(root):
            if element.get("Id") in targets:
                to = self.parts[targets[element.get("Id")]]
                element.set("Target", posixpath.relpath(f"/{to}", f"/{posixpath.dirname(new)}"))
        self.target.add_part(part_of_relationships(new), _written(root))

    def put_tab(self, after: str | None) -> None:
        """Name the sheet in the workbook, and what is named on it."""
        position = next((sheet.index + 1 for sheet in self.target.sheets if sheet.name == after), 0)
        id_ = self.target.add_relationship(
            self.target.workbook_part, self._relationship_type(), self.parts[self.sheet.part]
        )
        with self.target.changing(self.target.workbook_part) as root:
            tabs = root.find("{*}sheets")
            tabs_present = children(tabs)
            model = tabs_present[0]
            tab = model.makeelement(model.tag, {"name": self.name}, model.nsmap)
            tab.set("sheetId", str(max(int(each.get("sheetId", "0")) for each in tabs_present) + 1))
            if self.sheet.state != "visible":
                tab.set("state", self.sheet.state)
            tab.set(next(each for each in model.attrib if each.endswith("}id")), id_)
            tabs.insert(position, tab)
            _count_on(root, position)
            _put_names(root, self.names, position)

    def _relationship_type(self) -> str:
        tabs = self.source.root(self.source.workbook_part).iterfind("{*}sheets/{*}sheet")
        ours = next(relationship_id(tab) for tab in tabs if tab.get("name") == self.name)
        rels = self.source.root(part_of_relationships(self.source.workbook_part))
        return next(str(each.get("Type")) for each in children(rels) if each.get("Id") == ours)


def _free(part: str, taken: set[str]) -> str:
    """A part's name, or the next one of its kind that is free."""
    number = 1
    name = part
    while name.casefold() in taken:
        name = _NUMBERED.sub(str(number), part, count=1)
        number += 1
    return name


def _points_at(text: str, sheet: str) -> bool:
    """Whether a formula names a sheet."""
    quoted = re.escape(sheet.replace("'", "''"))
    return re.search(rf"'{quoted}'!|(?<![\w.'\]]){quoted}!", text, re.IGNORECASE) is not None


def _namespace(package: Package) -> str:
    return str(etree.QName(package.root(package.workbook_part)).namespace)


def _items(package: Package) -> list[Node]:
    """The shared strings, as they are written."""
    for each in package.relationships(package.workbook_part):
        if each.kind == "sharedStrings":
            return children(package.root(each.target), {"si"})
    return []


def _put_text(cell: Node, strings: list[Node]) -> None:
    """Write a shared string into the cell itself."""
    value = cell.find("{*}v")
    number = int(value.text)
    remove([value])
    cell.set("t", "inlineStr")
    text = add(cell, "is")
    text.extend(deepcopy(child) for child in children(strings[number]))


def _written(root: Node) -> bytes:
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return data


def _count_on(root: Node, position: int) -> None:
    """Where the workbook tells sheets by their number, tell those from `position` on by the next one."""
    for element, attribute in (
        *((each, "localSheetId") for each in root.iterfind(DEFINED_NAME)),
        *(
            (each, name)
            for each in root.iterfind("{*}bookViews/{*}workbookView")
            for name in ("activeTab", "firstSheet")
        ),
    ):
        number = element.get(attribute, "0" if attribute == "activeTab" else None)
        if number is not None and int(number) >= position:
            element.set(attribute, str(int(number) + 1))


def _put_names(root: Node, names: list[Node], position: int) -> None:
    """Name what is named on the sheet; hidden names, as a filter's is, stay hidden."""
    holder = root.find("{*}definedNames")
    if holder is None and names:
        holder = add(root, "definedNames", before=next(iter(children(root, {"calcPr", *AFTER_CALC_PR})), None))
    for each in names:
        element = add(holder, "definedName", dict(each.attrib))
        if each.get("localSheetId") is not None:
            element.set("localSheetId", str(position))
        element.text = each.text
