"""What is left of a workbook that is only to be printed: one page, and what its formulas look at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xlperf.workbook.package import Package
from xlperf.workbook.parts import DEFINED_NAME, DefinedName, Sheet
from xlperf.workbook.printing.area import PRINT_AREA, PRINT_TITLES
from xlperf.workbook.relationships import Relationship
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.xmlsplice import escape_text
from xlperf.workbook.xmltree import Node, add, children, local, remove

_TITLES = {PRINT_AREA: "_xlnm.Print_Area", PRINT_TITLES: "_xlnm.Print_Titles"}

_OF_A_WORKBOOK = frozenset({"worksheet", "styles", "theme", "sharedStrings"})

_OF_A_PAGE = frozenset({"drawing", "vmlDrawing", "image", "oleObject", "package", "control", "table"})

_PAGE = frozenset({
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "mergeCells", "conditionalFormatting",
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "drawing", "legacyDrawing",
    "legacyDrawingHF", "oleObjects", "controls", "AlternateContent", "tableParts", "extLst",
})  # fmt: skip

_CELLS = frozenset({"dimension", "sheetFormatPr", "cols", "sheetData", "tableParts"})

_FOLDER = re.compile("(&&)|&[Zz]")

_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></cp:coreProperties>'
)


def looks_at_other_sheets(package: Package, sheet: Sheet, xml: SheetXml) -> bool:
    """True where something on the sheet is worked out from cells that may stand on other sheets."""
    if any(row.has_formula for row in xml.rows.values()):
        return True
    names = [n.name.casefold() for n in package.defined_names if not n.name.casefold().startswith("_xlnm.")]
    formulas = ((e.text or "").casefold() for e in xml.frame.iter("{*}formula", "{*}f"))
    if any("!" in formula or any(name in formula for name in names) for formula in formulas):
        return True
    drawings = [r.target for r in package.relationships(sheet.part) if r.kind == "drawing"]
    return any("chart" in r.kind.casefold() for part in drawings for r in package.relationships(part))


def strip_sheet(package: Package, sheet: Sheet, *, is_page: bool) -> None:
    """Leave of a sheet what prints, or, where it is only looked at, its bare cells."""
    xml = SheetXml(package.part(sheet.part), package.where(sheet.part))
    with xml.changing_frame() as frame:
        remove([element for element in children(frame) if local(element) not in (_PAGE if is_page else _CELLS)])
        for views in children(frame, {"sheetViews"}):
            _make_plain(views)
        for setup in children(frame, {"pageSetup"}):  # without the printer it was made for, and without notes
            for name in [name for name in setup.attrib if name == "cellComments" or name.endswith("}id")]:
                del setup.attrib[name]
        for element in frame.iterfind("{*}headerFooter/{*}*"):
            element.text = _FOLDER.sub(r"\1", element.text or "") or None
    package.set_part(sheet.part, xml.to_bytes())
    kinds = _OF_A_PAGE if is_page else frozenset({"table"})
    package.keep_relationships(sheet.part, lambda relationship: relationship.kind in kinds)
    for relationship in package.relationships(sheet.part):
        if relationship.kind == "table":  # a filter that was left on hides rows
            with package.changing(relationship.target) as table:
                remove(children(table, {"autoFilter", "sortState"}))


def _make_plain(views: Node) -> None:
    """Leave one view, with what matters on paper: neither formulas shown, nor a selection, nor frozen panes."""
    old = views.find("{*}sheetView")
    kept = {name: old.get(name) for name in ("rightToLeft", "showZeros") if old is not None and name in old.attrib}
    remove(children(views))
    add(views, "sheetView", {**kept, "tabSelected": "1", "workbookViewId": "0"})


def forget_other_texts(package: Package, sheet: SheetXml) -> None:
    """Empty the texts that the sheets share, but for those of this one."""
    cells = (cell for row in sheet.rows.values() for cell in sheet.cells(row))
    used = {cell.value for cell in cells if cell.attributes.get("t") == "s"}
    for relationship in package.relationships(package.workbook_part):
        if relationship.kind == "sharedStrings":
            with package.changing(relationship.target) as root:
                for index, item in enumerate(children(root, {"si"})):
                    if str(index) not in used:
                        item.clear()
                        add(item, "t")


def strip_workbook(
    package: Package, kept: Sequence[Sheet], front: Sheet, built_in: Mapping[str, str], looks_elsewhere: bool
) -> None:
    """Leave of a workbook the sheets that are kept; all but the one in front are hidden for good."""
    part = package.workbook_part
    new_index = {sheet.index: index for index, sheet in enumerate(kept)}
    wanted = {"workbookPr", "sheets", *(("externalReferences", "definedNames", "calcPr") if looks_elsewhere else ())}
    named = package.defined_names
    with package.changing(part) as root:
        remove([element for element in children(root) if local(element) not in wanted])
        for index, tab in enumerate(root.findall("{*}sheets/{*}sheet")):
            tab.attrib.pop("state", None)
            if index not in new_index:
                remove([tab])
            elif index != front.index:
                tab.set("state", "veryHidden")
        add(
            add(root, "bookViews", before=root.find("{*}sheets")),
            "workbookView",
            {"activeTab": str(new_index[front.index])},
        )
        _keep_names(root, named, new_index)
        _name(root, built_in, str(new_index[front.index]))
        for calculation in children(root, {"calcPr"}):
            calculation.attrib.pop("calcMode", None)
    targets = {sheet.part for sheet in kept}
    kinds = _OF_A_WORKBOOK | ({"externalLink"} if looks_elsewhere else set())

    def is_kept(relationship: Relationship) -> bool:
        return relationship.kind in kinds and (relationship.kind != "worksheet" or relationship.target in targets)

    package.keep_relationships(part, is_kept)


def _keep_names(root: Node, names: Sequence[DefinedName], new_index: Mapping[int, int]) -> None:
    """Keep names that formulas may use; none of those that say what is printed or filtered, in any view."""
    for element, name in zip(root.findall(DEFINED_NAME), names, strict=False):
        is_ours = name.name.casefold().startswith("_xlnm.") or ".wvu." in name.name.casefold()
        if is_ours or (name.sheet_index is not None and name.sheet_index not in new_index):
            remove([element])
        elif name.sheet_index is not None:
            element.set("localSheetId", str(new_index[name.sheet_index]))


def _name(root: Node, built_in: Mapping[str, str], sheet: str) -> None:
    """Give the sheet the names by which Excel knows what is printed of it."""
    holder = root.find("{*}definedNames")
    if holder is None:
        holder = add(root, "definedNames", before=root.find("{*}calcPr"))
    for name, text in built_in.items():
        if text:
            add(holder, "definedName", {"name": _TITLES[name], "localSheetId": sheet}).text = text
    if not children(holder):
        remove([holder])


def strip_properties(package: Package, title: str) -> None:
    """Leave of what the workbook says of itself only a title: the rest is about people and other sheets."""
    package.keep_relationships("", lambda relationship: relationship.kind in {"officeDocument", "core-properties"})
    for relationship in package.relationships(""):
        if relationship.kind == "core-properties":
            package.set_part(relationship.target, _CORE.format(escape_text(title)).encode())
