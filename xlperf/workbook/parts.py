"""What the parts of a workbook say: its sheets, tables, defined names, shared strings and date styles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import Area, parse_area
from xlperf.workbook.numberstyle import format_of_built_in, format_of_code
from xlperf.workbook.xmlsplice import REPAIR, Edit, Element, attribute_edit, escape_attribute, escape_text, whole_number

if TYPE_CHECKING:
    from xlperf.workbook.package import Package

# CT_Workbook is a sequence: calcPr has to stand before these.
_AFTER_CALC_PR = {
    "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
}  # fmt: skip
_ESCAPE = re.compile(r"_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A tab; `index` is what defined names call localSheetId; `state` is visible, hidden or veryHidden."""

    name: str
    part: str
    state: str
    index: int
    is_worksheet: bool


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A defined name; `sheet_index` is None for a name of the whole workbook."""

    name: str
    text: str
    sheet_index: int | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its equals sign; `is_array` for one entered as an array."""

    text: str
    is_array: bool = False


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table as its part describes it; `area` includes the header row where there is one."""

    name: str
    sheet: Sheet
    part: str
    area: Area
    columns: tuple[str, ...]
    formulas: dict[str, Formula]
    header_rows: int
    totals_rows: int
    is_filtered: bool

    @property
    def first_row(self) -> int:
        """The sheet row of the first data row."""
        return self.area.top + self.header_rows

    @property
    def last_row(self) -> int:
        """The sheet row of the last data row, above the totals."""
        return max(self.first_row, self.area.bottom - self.totals_rows)

    @property
    def body(self) -> Area:
        """Where its rows are, without header and totals."""
        return Area(self.area.left, self.first_row, self.area.right, self.last_row)


def sheets(package: Package) -> tuple[Sheet, ...]:
    """All sheets in tab order. Raises WorkbookError where one leads nowhere."""
    relationships = {r.id: r for r in package.relationships(package.workbook_part)}
    found = []
    tabs = (e for e in package.elements(package.workbook_part) if e.local == "sheet" and e.has_parent("sheets"))
    for index, element in enumerate(tabs):
        name = element.attributes.get("name", "")
        relationship = relationships.get(_relationship_id(element))
        if relationship is None or relationship.target not in package:
            raise WorkbookError(f"{package.file}: sheet '{name}' leads nowhere; {REPAIR}")
        state = element.attributes.get("state", "visible")
        found.append(Sheet(name, relationship.target, state, index, relationship.kind == "worksheet"))
    return tuple(found)


def tables(package: Package) -> dict[str, TablePart]:
    """All tables by name, in sheet order. Raises WorkbookError where a table part makes no sense."""
    found: dict[str, TablePart] = {}
    for sheet in package.sheets:
        for relationship in package.relationships(sheet.part):
            if sheet.is_worksheet and relationship.kind == "table":
                table = _table(package, sheet, relationship.target)
                found[table.name] = table
    return found


def _table(package: Package, sheet: Sheet, part: str) -> TablePart:
    elements, where = package.elements(part), package.where(part)
    attributes = elements[0].attributes
    area = parse_area(attributes.get("ref", ""))
    columns = tuple(unescape(e.attributes.get("name", "")) for e in elements if e.local == "tableColumn")
    if area is None or len(columns) != area.right - area.left + 1:
        raise WorkbookError(f"{where}: the table's columns do not fit its place {attributes.get('ref')!r}; {REPAIR}")
    return TablePart(
        name=attributes.get("displayName") or attributes.get("name", ""),
        sheet=sheet,
        part=part,
        area=area,
        columns=columns,
        formulas={
            unescape(e.parent.attributes.get("name", "")): Formula(e.text, e.attributes.get("array") in {"1", "true"})
            for e in elements
            if e.local == "calculatedColumnFormula" and e.parent is not None and e.text
        },
        header_rows=whole_number(attributes.get("headerRowCount", "1"), where),
        totals_rows=whole_number(attributes.get("totalsRowCount", "0"), where),
        is_filtered=any(map(_is_criterion, elements)),
    )


def _is_criterion(element: Element) -> bool:
    """Whether an element, by what it holds, lets only some rows be seen."""
    return element.parent is not None and element.parent.local == "filterColumn"


def table_edits(package: Package, table: TablePart, last_row: int) -> list[Edit]:
    """Return the edits that make the table end at `last_row`: its place and its filter's.

    What was filtered out is seen again and what was sorted is in an order of ours, so neither may go on being claimed.
    """
    data, elements = package.part(table.part), package.elements(table.part)
    criteria = [element.parent for element in elements if element.parent is not None and _is_criterion(element)]
    undone = [element for element in elements if element.local == "sortState" or element in criteria]
    edits: list[Edit] = [(element.start, element.end, b"") for element in undone]
    ends = {table.last_row: last_row, table.area.bottom: last_row + table.totals_rows}
    for element in elements:
        if any(each.start <= element.start < each.end for each in undone):
            continue
        area = parse_area(element.attributes.get("ref", ""))
        if area is not None and area.bottom in ends and last_row >= area.top:
            resized = Area(area.left, area.top, area.right, ends[area.bottom])
            if resized != area:
                edits.append(attribute_edit(data, element, "ref", str(resized)))
        if element.parent is None and "insertRow" in element.attributes:  # Excel's mark of a table without rows
            edits.append(attribute_edit(data, element, "insertRow", None))
    return edits


def column_edits(package: Package, table: TablePart, headers: Sequence[str]) -> list[Edit]:
    """Return the edits that give the table more columns at its right end: its place, its filter's, the columns."""
    data, elements = package.part(table.part), package.elements(table.part)
    right = table.area.right + len(headers)
    edits: list[Edit] = []
    for element in elements:
        area = parse_area(element.attributes.get("ref", ""))
        if element.local in ("table", "autoFilter") and area is not None and area.right == table.area.right:
            edits.append(attribute_edit(data, element, "ref", str(Area(area.left, area.top, right, area.bottom))))
    columns = [element for element in elements if element.local == "tableColumn"]
    holder = next(element for element in elements if element.local == "tableColumns")
    edits.append(attribute_edit(data, holder, "count", str(len(columns) + len(headers))))
    last_id = max(whole_number(element.attributes.get("id", "0"), package.where(table.part)) for element in columns)
    new = "".join(
        f'<{holder.prefix}tableColumn id="{number}" name="{escape_attribute(header)}"/>'
        for number, header in enumerate(headers, last_id + 1)
    )
    edits.append((columns[-1].end, columns[-1].end, new.encode()))
    return edits


def declaration_edits(package: Package, table: TablePart, formulas: Mapping[str, Formula]) -> list[Edit]:
    """Return the edits by which a table declares formulas as those of their columns, by header."""
    data, elements = package.part(table.part), package.elements(table.part)
    edits: list[Edit] = []
    for element in elements:
        formula = formulas.get(unescape(element.attributes.get("name", ""))) if element.local == "tableColumn" else None
        if formula is None or formula == table.formulas.get(unescape(element.attributes["name"])):
            continue
        tag = f"{element.prefix}calculatedColumnFormula"
        kind = ' array="1"' if formula.is_array else ""
        declared = f"<{tag}{kind}>{escape_text(formula.text)}</{tag}>".encode()
        if element.close == element.end:  # <tableColumn/> has to be opened
            start = data[element.start : element.end - 2].rstrip() + b">"
            edits.append((element.start, element.end, start + declared + f"</{element.tag}>".encode()))
        else:  # it is the first thing that stands there
            inside = (e for e in elements if e.parent is element)
            old = next((e for e in inside if e.local == "calculatedColumnFormula"), None)
            start_at, end_at = (old.start, old.end) if old is not None else (element.tag_end, element.tag_end)
            edits.append((start_at, end_at, declared))
    return edits


def defined_names(package: Package) -> tuple[DefinedName, ...]:
    """All defined names."""
    where = package.where(package.workbook_part)
    found = []
    for element in defined_name_elements(package):
        index = element.attributes.get("localSheetId")
        sheet_index = None if index is None else whole_number(index, where)
        found.append(DefinedName(element.attributes.get("name", ""), element.text, sheet_index))
    return tuple(found)


def defined_name_elements(package: Package) -> list[Element]:
    """Return the elements behind `defined_names`, in the same order."""
    return [e for e in package.elements(package.workbook_part) if e.local == "definedName"]


def shared_strings(package: Package) -> list[str]:
    """Return the plain texts of the shared strings."""
    for relationship in package.relationships(package.workbook_part):
        if relationship.kind == "sharedStrings":
            return string_items(package.elements(relationship.target), "si")
    return []


def string_items(elements: list[Element], item: str) -> list[str]:
    """Return the text of every `item` element: its `t`, or those of its runs, but no phonetic reading."""
    texts: list[list[str]] = []
    for element in elements:
        if element.local == item:
            texts.append([])
        elif element.local == "t" and texts and not element.has_parent("rPh"):
            texts[-1].append(element.text)
    return [unescape("".join(runs)) for runs in texts]


def unescape(text: str) -> str:
    """Excel's own way to write what XML cannot hold: `_x000D_` is a carriage return."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def date_styles(package: Package) -> frozenset[int]:
    """Return the indices of cellXfs whose number format is a date or a time."""
    for relationship in package.relationships(package.workbook_part):
        if relationship.kind == "styles":
            elements, where = package.elements(relationship.target), package.where(relationship.target)
            own = {
                e.attributes.get("numFmtId", ""): format_of_code(e.attributes.get("formatCode", ""))
                for e in elements
                if e.local == "numFmt" and e.has_parent("numFmts")
            }
            formats = [e for e in elements if e.local == "xf" and e.has_parent("cellXfs")]
            ids = [e.attributes.get("numFmtId", "0") for e in formats]
            shown = [own.get(id_) or format_of_built_in(whole_number(id_, where)) for id_ in ids]
            return frozenset(index for index, each in enumerate(shown) if each.has_dates)
    return frozenset()


def date_1904(package: Package) -> bool:
    """Return True where the workbook counts its days from 1904."""
    return any(
        e.attributes.get("date1904") in {"1", "true"}
        for e in package.elements(package.workbook_part)
        if e.local == "workbookPr"
    )


def full_calculation_edit(package: Package) -> Edit:
    """Return the edit of the workbook part that makes Excel recalculate everything on opening."""
    data, elements = package.part(package.workbook_part), package.elements(package.workbook_part)
    for element in elements:
        if element.local == "calcPr" and element.depth == 2:
            return attribute_edit(data, element, "fullCalcOnLoad", "1")
    root = elements[0]
    later = (e.start for e in elements if e.depth == 2 and e.local in _AFTER_CALC_PR)
    position = next(later, root.close)
    return position, position, f'<{root.prefix}calcPr fullCalcOnLoad="1"/>'.encode()


def _relationship_id(element: Element) -> str:
    return next((value for name, value in element.attributes.items() if name.endswith(":id")), "")
