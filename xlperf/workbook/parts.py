"""What the parts of a workbook say: its sheets, tables, defined names, shared strings and date styles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import Area, parse_area
from xlperf.workbook.numberstyle import format_of_built_in, format_of_code
from xlperf.workbook.xmlsplice import whole_number
from xlperf.workbook.xmltree import REPAIR, Node, add, children, is_set, local, remove

if TYPE_CHECKING:
    from xlperf.workbook.package import Package

# CT_Workbook is a sequence: calcPr has to stand before these.
AFTER_CALC_PR = {
    "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
}  # fmt: skip
DEFINED_NAME = "{*}definedNames/{*}definedName"
"""Where the names are in the part about the whole workbook."""
_TABLE_COLUMN = "{*}tableColumns/{*}tableColumn"
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
    looks: tuple[int | None, ...]
    """For each column the number of the differential style by which Excel gives new rows their looks."""

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
    tabs = []
    for index, tab in enumerate(package.root(package.workbook_part).iterfind("{*}sheets/{*}sheet")):
        name = tab.get("name", "")
        relationship = relationships.get(relationship_id(tab))
        if relationship is None or relationship.target not in package:
            raise WorkbookError(f"{package.file}: sheet '{name}' leads nowhere; {REPAIR}")
        state = tab.get("state", "visible")
        tabs.append(Sheet(name, relationship.target, state, index, relationship.kind == "worksheet"))
    return tuple(tabs)


def tables(package: Package) -> dict[str, TablePart]:
    """All tables by name, in sheet order. Raises WorkbookError where a table part makes no sense."""
    tables_by_name: dict[str, TablePart] = {}
    for sheet in package.sheets:
        for relationship in package.relationships(sheet.part):
            if sheet.is_worksheet and relationship.kind == "table":
                table = _table(package, sheet, relationship.target)
                tables_by_name[table.name] = table
    return tables_by_name


def _table(package: Package, sheet: Sheet, part: str) -> TablePart:
    root, where = package.root(part), package.where(part)
    area = parse_area(root.get("ref", ""))
    columns = [(unescape(column.get("name", "")), column) for column in root.iterfind(_TABLE_COLUMN)]
    if area is None or len(columns) != area.right - area.left + 1:
        raise WorkbookError(f"{where}: the table's columns do not fit its place {root.get('ref')!r}; {REPAIR}")
    return TablePart(
        name=root.get("displayName") or root.get("name", ""),
        sheet=sheet,
        part=part,
        area=area,
        columns=tuple(header for header, _ in columns),
        formulas={header: formula for header, column in columns if (formula := _declared(column)) is not None},
        header_rows=whole_number(root.get("headerRowCount", "1"), where),
        totals_rows=whole_number(root.get("totalsRowCount", "0"), where),
        is_filtered=any(map(children, root.iter("{*}filterColumn"))),
        looks=tuple(_number_or_none(column.get("dataDxfId")) for _, column in columns),
    )


def _number_or_none(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdigit() else None


def _declared(column: Node) -> Formula | None:
    """The formula that a table declares for a column."""
    element = column.find("{*}calculatedColumnFormula")
    return Formula(element.text, is_set(element, "array")) if element is not None and element.text else None


def resize(root: Node, table: TablePart, last_row: int) -> None:
    """Make a table, of which `root` is the part, have its last row in `last_row`: its place and its filter's.

    What was filtered out is seen again and what was sorted is is now in our order, so the file must not claim either.
    """
    remove([*root.iter("{*}sortState"), *filter(children, root.iter("{*}filterColumn"))])
    ends = {table.last_row: last_row, table.area.bottom: last_row + table.totals_rows}
    for element in root.iter("{*}*"):
        old = parse_area(element.get("ref", ""))
        if old is not None and old.bottom in ends and last_row >= old.top:
            element.set("ref", str(replace(old, bottom=ends[old.bottom])))
    root.attrib.pop("insertRow", None)  # Excel's mark of a table without rows


def append_columns(root: Node, area: Area, headers: Sequence[str], where: str) -> None:
    """Give a table, which was in `area`, more columns at its right end: its place, its filter's, the columns."""
    for element in (root, *children(root, {"autoFilter"})):
        old = parse_area(element.get("ref", ""))
        if old is not None and old.right == area.right:
            element.set("ref", str(replace(old, right=old.right + len(headers))))
    columns = root.findall(_TABLE_COLUMN)
    last_id = max(whole_number(column.get("id", "0"), where) for column in columns)
    holder = columns[0].getparent()
    holder.set("count", str(len(columns) + len(headers)))
    for number, header in enumerate(headers, last_id + 1):
        add(holder, "tableColumn", {"id": str(number), "name": header})


def declare(root: Node, formulas: Mapping[str, Formula]) -> None:
    """Make a table declare formulas as those of their columns, by header."""
    for column in root.iterfind(_TABLE_COLUMN):
        formula = formulas.get(unescape(column.get("name", "")))
        if formula is None or formula == _declared(column):
            continue
        remove(children(column, {"calculatedColumnFormula"}))
        declared = add(column, "calculatedColumnFormula", before=next(iter(column), None))  # the first thing there
        declared.text = formula.text
        if formula.is_array:
            declared.set("array", "1")


def declare_constant(root: Node, name: str, text: str) -> None:
    """Have a hidden name of the workbook stand for a text; `root` is the part about the whole workbook."""
    holder = names_holder(root)
    names = (each for each in children(holder) if each.get("localSheetId") is None)
    element = next((each for each in names if each.get("name", "").casefold() == name.casefold()), None)
    if element is None:
        element = add(holder, "definedName", {"name": name, "hidden": "1"})
    quoted = text.replace('"', '""')
    element.text = f'"{quoted}"'


def names_holder(root: Node) -> Node:
    """What holds the defined names, put in where there is none; `root` is the part about the whole workbook."""
    holder = root.find("{*}definedNames")
    if holder is None:
        holder = add(root, "definedNames", before=next(iter(children(root, {"calcPr", *AFTER_CALC_PR})), None))
    return holder


def defined_names(package: Package) -> tuple[DefinedName, ...]:
    """All defined names."""
    where = package.where(package.workbook_part)
    names = []
    for element in package.root(package.workbook_part).iterfind(DEFINED_NAME):
        index = element.get("localSheetId")
        sheet_index = None if index is None else whole_number(index, where)
        names.append(DefinedName(element.get("name", ""), element.text or "", sheet_index))
    return tuple(names)


def shared_strings(package: Package) -> list[str]:
    """Return the plain texts of the shared strings."""
    for relationship in package.relationships(package.workbook_part):
        if relationship.kind == "sharedStrings":
            items = package.root(relationship.target).iterchildren("{*}si")
            return [plain_text(item) for item in items]
    return []


def plain_text(item: Node) -> str:
    """Return the text of a shared string or a note: its `t`, or those of its runs, but no phonetic reading."""
    return unescape("".join(_texts(item)))


def _texts(item: Node) -> Iterator[str]:
    for text in item.iter("{*}t"):
        if text.text and local(text.getparent()) != "rPh":
            yield text.text


def unescape(text: str) -> str:
    """Excel's own way to write what XML cannot hold: `_x000D_` is a carriage return."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def date_styles(package: Package) -> frozenset[int]:
    """Return the indices of cellXfs whose number format is a date or a time."""
    for relationship in package.relationships(package.workbook_part):
        if relationship.kind == "styles":
            root, where = package.root(relationship.target), package.where(relationship.target)
            own = {
                element.get("numFmtId", ""): format_of_code(element.get("formatCode", ""))
                for element in root.iterfind("{*}numFmts/{*}numFmt")
            }
            ids = [element.get("numFmtId", "0") for element in root.iterfind("{*}cellXfs/{*}xf")]
            shown = [own.get(id_) or format_of_built_in(whole_number(id_, where)) for id_ in ids]
            return frozenset(index for index, each in enumerate(shown) if each.has_dates)
    return frozenset()


def date_1904(package: Package) -> bool:
    """Return True where the workbook counts its days from 1904."""
    return any(is_set(each, "date1904") for each in children(package.root(package.workbook_part), {"workbookPr"}))


def calculate_on_opening(root: Node) -> None:
    """Make Excel recalculate everything when it opens the workbook, of which `root` is the workbook part."""
    settings = root.find("{*}calcPr")
    if settings is None:
        settings = add(root, "calcPr", before=next(iter(children(root, AFTER_CALC_PR)), None))
    settings.set("fullCalcOnLoad", "1")


def relationship_id(element: Node) -> str:
    """The id of the relationship that an element speaks of; "" for none."""
    return next((str(value) for name, value in element.attrib.items() if name.endswith("}id")), "")
