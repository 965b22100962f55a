"""What is printed of a workbook: one sheet in a copy of its own, whatever state the workbook was saved in.

Hiding the other sheets is not enough. Which sheets a program prints depends on which was in front, which were grouped,
on custom views, on print areas, on notes set to print, on filters. So the copy is made anew of what a page needs, and
nothing else is in it: of the workbook its looks and one sheet; of the sheet its cells, page set-up and pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from xlperf.workbook.a1 import Area, absolute, parse_sheet_area, parse_sheet_span, split_union
from xlperf.workbook.cellxml import text_of
from xlperf.workbook.fitting import Fitted, make_room, shrinking
from xlperf.workbook.package import Package
from xlperf.workbook.parts import DEFINED_NAME, DefinedName, Sheet, TablePart
from xlperf.workbook.relationships import Relationship
from xlperf.workbook.sheetxml import CellXml, SheetXml
from xlperf.workbook.stylesheet import StyleSheet
from xlperf.workbook.xmlsplice import attribute_edit, escape_text, parse, splice
from xlperf.workbook.xmltree import Node, add, children, is_set, local, remove

_PRINT_AREA, _PRINT_TITLES = "_xlnm.print_area", "_xlnm.print_titles"
_TITLES = {_PRINT_AREA: "_xlnm.Print_Area", _PRINT_TITLES: "_xlnm.Print_Titles"}
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


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be on paper.

    Attributes:
        table: the table whose sheet is printed.
        columns: those of its columns that have to be on the page, unless a person has hidden them.
        names: defined names of cells of that sheet that belong to it, such as its heading.
        fitted: columns whose texts have to be printed whole, and how wide their characters are, in ems; 0 for those
            that only get smaller where their column is narrow.
        title: what the document says it is.
    """

    table: str
    columns: Sequence[str]
    names: Sequence[str] = ()
    fitted: Mapping[str, float] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True, slots=True)
class PrintCopy:
    """A workbook to be printed.

    `area_replaced` is the print area that was not followed, as it leaves out a part of the table; `area_cut` is one
    that was followed only as far as the table reaches, though something stands beyond. Both are "" where there is none.
    """

    package: Package
    area_replaced: str = ""
    area_cut: str = ""


def print_copy(workbook: Package, page: Page) -> PrintCopy:
    """Return a workbook that holds a page and nothing else; `workbook` stays as it is.

    The print area of the sheet is followed where it covers the table, and never beyond the table and the cells that
    belong to it: what people keep beside them is not for the page. Where it does not, or there is none, the table is
    printed with the cells that belong to it. Only where the page has formulas, or charts, that may look at other sheets
    are those in the copy too: their bare cells, hidden for good, without anything that could bring them on paper.

    Raises TableNotFound, WorkbookError.
    """
    package = Package(workbook.to_bytes(), workbook.file)
    table = package.table(page.table)
    sheet = SheetXml(package.part(table.sheet.part), package.where(table.sheet.part))
    asked_for, areas = _print_area(package, table, sheet, page)
    print_area = ",".join(f"{_quoted(table.sheet.name)}!{absolute(area)}" for area in areas)
    asked = _built_in(package, table.sheet, _PRINT_AREA)
    titles = _print_titles(package, table, areas)
    looks_elsewhere = _looks_elsewhere(package, table.sheet, sheet)
    is_cut = _is_filled_between(sheet, areas, asked_for)
    kept = [each for each in package.sheets if each == table.sheet or (looks_elsewhere and each.is_worksheet)]

    _restyle(package, sheet, table, areas, page.fitted)
    package.set_part(table.sheet.part, sheet.to_bytes())
    if not looks_elsewhere:
        _forget_texts(package, sheet)
    for each in kept:
        _strip(package, each, is_page=each == table.sheet)
    _strip_workbook(package, kept, table.sheet, {_PRINT_AREA: print_area, _PRINT_TITLES: titles}, looks_elsewhere)
    _strip_properties(package, page.title)
    package.drop_unreachable()
    return PrintCopy(package, area_replaced="" if asked_for else asked, area_cut=asked if is_cut else "")


# -- what is printed --


def _print_area(package: Package, table: TablePart, sheet: SheetXml, page: Page) -> tuple[list[Area], list[Area]]:
    """The areas that the sheet asks for, none where they cannot be followed; and those to be printed."""
    hidden = set(_hidden_columns(sheet))
    places = (table.area.left + table.columns.index(header) for header in page.columns if header in table.columns)
    columns = [column for column in places if column not in hidden]
    belonging = _bounds_of([table.area, *_named_cells(package, table.sheet, page.names)])
    belonging = replace(belonging, bottom=table.area.bottom)
    asked = _built_in(package, table.sheet, _PRINT_AREA)
    spans = [parse_sheet_span(part) for part in split_union(asked)]
    areas = [span[1] for span in spans if span is not None and span[0].casefold() == table.sheet.name.casefold()]
    if len(areas) == len(spans) and all(
        _is_in(areas, column, row) for column in columns for row in range(table.area.top, table.area.bottom + 1)
    ):
        return areas, [part for area in areas if (part := area.within(belonging)) is not None]
    named = [area.right for area in _named_cells(package, table.sheet, page.names)]
    right = max([*columns, *named], default=table.area.right)
    return [], [replace(belonging, right=right)]


def _is_filled_between(sheet: SheetXml, inner: Sequence[Area], outer: Sequence[Area]) -> bool:
    """Whether something stands in the outer areas that is not in the inner ones."""
    return any(
        cell.is_filled and _is_in(outer, cell.column, number) and not _is_in(inner, cell.column, number)
        for number, row in sheet.rows.items()
        for cell in sheet.cells(row)
    )


def _is_in(areas: Sequence[Area], column: int, row: int) -> bool:
    return any(area.holds(column, row) for area in areas)


def _bounds_of(areas: Sequence[Area]) -> Area:
    """The rectangle around some."""
    return Area(
        min(area.left for area in areas),
        min(area.top for area in areas),
        max(area.right for area in areas),
        max(area.bottom for area in areas),
    )


def _hidden_columns(sheet: SheetXml) -> Iterator[int]:
    for first, last, col in sheet.columns():
        if is_set(col, "hidden"):
            yield from range(first, last + 1)


def _named_cells(package: Package, sheet: Sheet, names: Sequence[str]) -> Iterator[Area]:
    wanted = {name.casefold() for name in names}
    for name in package.defined_names:
        place = parse_sheet_area(name.text) if name.name.casefold() in wanted and name.sheet_index is None else None
        if place is not None and place[0].casefold() == sheet.name.casefold():
            yield place[1]


def _print_titles(package: Package, table: TablePart, areas: Sequence[Area]) -> str:
    """The rows and columns repeated on every page: those asked for if they are printed anyhow, else the heading."""
    asked = _built_in(package, table.sheet, _PRINT_TITLES)
    if not asked:
        return ""
    spans = [parse_sheet_span(part) for part in split_union(asked)]
    if all(
        span is not None and span[0].casefold() == table.sheet.name.casefold() and _is_printed(span[1], areas)
        for span in spans
    ):
        return asked
    return f"{_quoted(table.sheet.name)}!${table.area.top}:${table.area.top}"


def _is_printed(span: Area, areas: Sequence[Area]) -> bool:
    """True for whole rows, or whole columns, that lie within what is printed."""
    rows = any(area.top <= span.top and span.bottom <= area.bottom for area in areas)
    columns = any(area.left <= span.left and span.right <= area.right for area in areas)
    return rows or columns


def _built_in(package: Package, sheet: Sheet, name: str) -> str:
    """The text of one of Excel's own names of a sheet, "" where it has none."""
    return ",".join(n.text for n in package.defined_names if n.name.casefold() == name and n.sheet_index == sheet.index)


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


# -- whether other sheets are needed --


def _looks_elsewhere(package: Package, sheet: Sheet, xml: SheetXml) -> bool:
    """True where something on the sheet is worked out from cells that may stand on other sheets."""
    if any(row.has_formula for row in xml.rows.values()):
        return True
    names = [n.name.casefold() for n in package.defined_names if not n.name.casefold().startswith("_xlnm.")]
    formulas = ((e.text or "").casefold() for e in xml.frame.iter("{*}formula", "{*}f"))
    if any("!" in formula or any(name in formula for name in names) for formula in formulas):
        return True
    drawings = [r.target for r in package.relationships(sheet.part) if r.kind == "drawing"]
    return any("chart" in r.kind.casefold() for part in drawings for r in package.relationships(part))


# -- what is left of the sheets --


def _strip(package: Package, sheet: Sheet, *, is_page: bool) -> None:
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


def _forget_texts(package: Package, sheet: SheetXml) -> None:
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


def _restyle(
    package: Package, sheet: SheetXml, table: TablePart, areas: Sequence[Area], ems: Mapping[str, float]
) -> None:
    """Make the texts of some columns fit, and keep what stands beside the page from running into it."""
    columns = {table.area.left + table.columns.index(header): ems[header] for header in ems if header in table.columns}
    styles = StyleSheet.of(package)
    fitted: list[Fitted] = []

    def look(cell: CellXml, row: int) -> Mapping[str, str] | None:
        if not cell.is_filled:
            return None
        if not _is_in(areas, cell.column, row):
            return {"horizontal": _away_from(areas, cell.column)}
        if cell.column in columns and table.first_row <= row <= table.area.bottom:
            length = len(text_of(cell, package.shared_strings) or "")
            fitted.append(Fitted(cell.column, length, columns[cell.column], styles.font_size(cell.style)))
            return shrinking(styles.alignment(cell.style))
        return None

    for number, row in list(sheet.rows.items()):
        cells = list(sheet.cells(row))
        looks = [look(cell, number) for cell in cells]
        if any(looks):
            raw = b"".join(
                cell.raw if wanted is None else _styled(cell, styles.aligned(cell.style, wanted))
                for cell, wanted in zip(cells, looks, strict=True)
            )
            sheet.put(Area(row.first, number, row.last, number), raw)
    make_room(sheet, fitted)
    styles.write()


def _away_from(areas: Sequence[Area], column: int) -> str:
    """How a text beside the page has to be aligned so that it does not run into it."""
    if all(area.right < column for area in areas):
        return "left"
    return "right" if all(column < area.left for area in areas) else "fill"


def _styled(cell: CellXml, style: int) -> bytes:
    element = parse(cell.raw, "cell")[0]
    return splice(cell.raw, [attribute_edit(cell.raw, element, "s", str(style))])


# -- what is left of the workbook --


def _strip_workbook(
    package: Package, kept: Sequence[Sheet], front: Sheet, built_in: Mapping[str, str], looks_elsewhere: bool
) -> None:
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


def _strip_properties(package: Package, title: str) -> None:
    """Leave of what the workbook says of itself only a title: the rest is about people and other sheets."""
    package.keep_relationships("", lambda relationship: relationship.kind in {"officeDocument", "core-properties"})
    for relationship in package.relationships(""):
        if relationship.kind == "core-properties":
            package.set_part(relationship.target, _CORE.format(escape_text(title)).encode())
