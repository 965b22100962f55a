"""Makes room below a table that is to grow, as Excel does: rows are inserted, and what is below moves down.

Everything that points there follows, and what is attached to cells goes with them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from xlperf.workbook.a1 import LAST_COLUMN, LAST_ROW, Area, column_letters, parse_area, split_areas
from xlperf.workbook.attached import Places, hangs_in, move_attached
from xlperf.workbook.formulafill import Moves
from xlperf.workbook.package import Package
from xlperf.workbook.parts import Sheet, TablePart
from xlperf.workbook.pointers import Following
from xlperf.workbook.port import Pointer
from xlperf.workbook.printareas import print_area_below, print_areas
from xlperf.workbook.rowxml import RowXml
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.tablewriter import in_the_way, no_room
from xlperf.workbook.xmlsplice import Edit, attribute_edit, parse, splice
from xlperf.workbook.xmltree import local

_FOLLOWED = frozenset({"conditionalFormatting", "dataValidation", "sparkline", "hyperlink", "dimension", "selection"})
"""What has its cells moved by others, or says nothing that lasts."""


class _Below(dict[int, int]):
    """Where each row below the table goes."""

    def __init__(self, top: int, count: int) -> None:
        self._top, self._count = top, count

    def get(self, row: int, default: int | None = None) -> int | None:  # type: ignore[override]
        """See `dict.get`."""
        return row + self._count if row >= self._top else row


class Inserted(Moves):
    """Rows that are inserted above `top`: what is below moves down, and what reaches across `top` grows by them."""

    def __init__(self, sheet: str, top: int, count: int) -> None:
        body = Area(1, top, LAST_COLUMN, LAST_ROW)
        super().__init__(sheet, body, _Below(top, count), LAST_ROW, are_rows=False)
        object.__setattr__(self, "count", count)

    count: int

    @cached_property
    def keeps_order(self) -> bool:
        """See `Moves`."""
        return True

    @cached_property
    def changes_nothing(self) -> bool:
        """See `Moves`."""
        return False

    def followed(self, area: Area, *, is_range: bool = False) -> Area | None:
        """See `Moves`."""
        if area.bottom < self.body.top:
            return area
        top = area.top + self.count if area.top >= self.body.top else area.top
        return replace(area, top=top, bottom=min(area.bottom + self.count, LAST_ROW)) if top <= LAST_ROW else None


def make_room(
    package: Package, sheet_of: Callable[[Sheet], SheetXml], table: TablePart, rows: int
) -> Sequence[Pointer]:
    """Insert as many rows below a table as it needs to have so many, if something is in the way.

    Returns what points there and cannot follow. Raises WorkbookError if a table beside it would be torn.
    """
    xml = sheet_of(table.sheet)
    count = table.first_row + max(rows, 1) - 1 - table.last_row
    if count <= 0:
        return ()
    at = table.area.bottom + 1
    others = package.tables_beside(table)
    grown = Area(table.area.left, at, table.area.right, at + count - 1)
    covered = in_the_way(xml, others, grown)
    torn = next((each for each in others if each.area.top < at <= each.area.bottom), None)
    if not covered and (torn is not None or not hangs_in(package, xml, table.sheet.part, grown)):
        return ()
    ends = [number for number in xml.rows if number + count > LAST_ROW]
    pushed_off = next(
        (f"{column_letters(c.column)}{n}" for n in ends for c in xml.cells(xml.rows[n]) if c.is_filled), ""
    )
    pushed_off = next((f"table '{each.name}'" for each in others if each.area.bottom + count > LAST_ROW), pushed_off)
    if torn is not None or pushed_off:
        raise no_room(table.name, at + count - 1, covered, torn.name if torn else "", pushed_off)
    for number in ends:  # LibreOffice writes a last row in which nothing is
        del xml.rows[number]
    inserted = Inserted(table.sheet.name, at, count)
    here = table.sheet.name.casefold()
    lost = Following(package, sheet_of, lambda name: [inserted] if (name or here).casefold() == here else []).all()
    move_attached(package, xml, table.sheet.part, Places(inserted.body, inserted.rows))
    with package.changing(package.workbook_part) as root:
        for name in print_areas(root, table.sheet):
            name.text = print_area_below(name.text or "", table.area, inserted.followed)
    for other in others:
        if other.area.top >= at:
            _move_table(package, other, count)
    _move_rows(xml, at, count)
    _move_frame(xml, inserted)
    _move_drawings(package, table.sheet, at, count)
    return lost


def _move_table(package: Package, table: TablePart, count: int) -> None:
    with package.changing(table.part) as root:
        for element in root.iter("{*}*"):
            area = parse_area(element.get("ref", ""))
            if area is not None:
                element.set("ref", str(replace(area, top=area.top + count, bottom=area.bottom + count)))


def _move_rows(xml: SheetXml, at: int, count: int) -> None:
    below = [xml.rows.pop(number) for number in sorted(xml.rows) if number >= at]
    for row in below:
        number = row.number + count
        xml.rows[number] = RowXml(number, _renumbered(xml, row, number), row.first, row.last, row.gap)
    xml.changed()


def _renumbered(xml: SheetXml, row: RowXml, number: int) -> bytes:
    elements, edits = parse(row.raw, xml.where), list[Edit]()
    edits.append(attribute_edit(row.raw, elements[0], "r", str(number)))
    columns = (cell.column for cell in xml.cells(row))
    for element in elements:
        if element.local == "c" and element.parent is elements[0]:
            edits.append(attribute_edit(row.raw, element, "r", f"{column_letters(next(columns))}{number}"))
        elif element.local == "f" and (area := parse_area(element.attributes.get("ref", ""))):
            by = number - row.number
            edits.append(
                attribute_edit(row.raw, element, "ref", str(replace(area, top=area.top + by, bottom=area.bottom + by)))
            )
    return splice(row.raw, edits)


def _move_frame(xml: SheetXml, inserted: Inserted) -> None:
    """Merged cells, protected ranges, page breaks: whatever else a sheet says about cells below."""
    with xml.changing_frame() as frame:
        for element in frame.iterdescendants("{*}*"):
            if local(element) in _FOLLOWED or local(element.getparent()) in _FOLLOWED:
                continue
            if local(element) == "brk" and local(element.getparent()) == "rowBreaks":
                row = int(element.get("id", "0"))
                if row >= inserted.body.top - 1:
                    element.set("id", str(row + inserted.count))
            for name in ("ref", "sqref"):
                areas = split_areas(element.get(name, ""))
                moved = [new_area for area in areas if (new_area := inserted.followed(area)) is not None]
                if moved != areas:
                    element.set(name, " ".join(map(str, moved)))


def _move_drawings(package: Package, sheet: Sheet, at: int, count: int) -> None:
    """Charts and pictures are anchored to cells; their rows are counted from 0."""
    for relationship in package.relationships(sheet.part):
        if relationship.kind == "drawing" and relationship.target in package:
            with package.changing(relationship.target) as root:
                for row in root.iter("{*}row"):
                    number = (row.text or "").strip()
                    if number.isdigit() and int(number) >= at - 1:
                        row.text = str(int(number) + count)
