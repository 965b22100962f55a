"""What points at rows of a table by address: charts, names, formulas, conditional formats, lists, sparklines.

When rows are inserted, deleted or moved, Excel keeps these pointing at the same cells. This does the same, before the
rows are written. What would have to point at cells that are no longer together, or are gone, stays as it is and is
reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xlperf.workbook.a1 import Area, parse_area, split_areas
from xlperf.workbook.declaredformulas import follow_declared
from xlperf.workbook.formulafill import OnSheet, copied, depends_on_place, followed
from xlperf.workbook.package import Package
from xlperf.workbook.parts import DEFINED_NAME, Sheet
from xlperf.workbook.port import Pointer
from xlperf.workbook.rowxml import CellXml
from xlperf.workbook.sheetformulas import formulas, kept_xml, may_have_pointers, shares
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.xmltree import Node, children, local, remove

_CHARTS, _LINKS = ("chart", "chartEx"), ("textlink", "cellRange")
_SPEAKING = ("conditionalFormatting", "dataValidation", "sparklineGroup", "sparkline", "hyperlink")
_POINTING = tuple(f"{{*}}{name}" for name in _SPEAKING)
"""What a sheet says beside its cells that points at cells."""
_EMPTIED = frozenset(
    {"conditionalFormattings", "dataValidations", "sparklines", "sparklineGroup", "sparklineGroups", "ext", "extLst"}
)
"""What no sheet may have with nothing in it."""


@dataclass(slots=True)
class Following:
    """One pass over a workbook; `sheet_of` gives a sheet's rows, `moves` what moves on a sheet (see `followed`)."""

    package: Package
    sheet_of: Callable[[Sheet], SheetXml]
    moves: OnSheet
    lost: list[Pointer] = field(default_factory=list)
    _bodies: dict[str, list[Area]] = field(default_factory=dict, init=False)
    """The rows of the tables that move, by sheet in small letters."""

    def all(self) -> list[Pointer]:
        """Make everything point where its cells will be; returns what cannot."""
        for table in self.moves(None):
            self._bodies.setdefault(table.sheet.casefold(), []).append(table.body)
        self._names()
        self._pivots()
        for sheet in self.package.sheets:
            if sheet.is_worksheet:
                self._cells(sheet)
                self._frame(sheet)
                self.lost.extend(follow_declared(self.package, sheet, self.moves))
            self._drawings(sheet)
        return self.lost

    def _names(self) -> None:
        """Names; what one says without $ is counted from the cell that uses it, so it stays, as Excel leaves it."""
        with self.package.changing(self.package.workbook_part) as root:
            for element in root.iterfind(DEFINED_NAME):
                name = element.get("name", "")
                if name.startswith("_xlnm."):
                    continue
                text = followed(element.text or "", "", self.moves, only_fixed=True)
                if text is None or depends_on_place(text, self.moves):
                    self.lost.append(Pointer(f"the name '{name}'", element.text))
                if text:
                    element.text = text

    def _pivots(self) -> None:
        """What pivot tables are made from, if that is an address and not a table."""
        for cache in self.package.relationships(self.package.workbook_part):
            if cache.kind == "pivotCacheDefinition" and cache.target in self.package:
                with self.package.changing(cache.target) as root:
                    for source in root.iter("{*}worksheetSource", "{*}rangeSet"):
                        self._attributes(source, ("ref",), source.get("sheet", ""), "a pivot table")

    def _drawings(self, sheet: Sheet) -> None:
        """Charts, text boxes and pictures that show cells, and controls that are linked to one."""
        where = f"on the sheet '{sheet.name}'"
        for each in self.package.relationships(sheet.part):
            if each.target not in self.package:
                continue
            if each.kind == "ctrlProp":
                with self.package.changing(each.target) as root:
                    self._attributes(root, ("fmlaLink", "fmlaRange"), sheet.name, f"a control {where}")
            elif each.kind == "drawing":
                for part in (each.target, *self._in_drawing(each.target)):
                    with self.package.changing(part) as root:
                        for element in root.iter("{*}f", "{*}sqref"):  # the latter of what a chart filters out
                            self._text(element, sheet.name, f"a chart {where}")
                        for shape in root.iter("{*}sp", "{*}cameraTool"):
                            self._attributes(shape, _LINKS, sheet.name, f"a text box or picture {where}")

    def _in_drawing(self, drawing: str) -> Iterator[str]:
        """The parts with its charts, and those with what is drawn inside a chart, such as a text box."""
        for chart in self.package.relationships(drawing):
            if chart.kind in _CHARTS and chart.target in self.package:
                inside = self.package.relationships(chart.target)
                shapes = (each.target for each in inside if each.kind == "chartUserShapes")
                yield from (part for part in (chart.target, *shapes) if part in self.package)

    def _text(self, element: Node, sheet: str, where: str) -> bool:
        """Make what an element says follow. Returns False if it cannot; that is then reported."""
        text = self._followed(element.text or "", sheet, where)
        if text:
            element.text = text
        return text is not None

    def _attributes(self, element: Node, names: Sequence[str], sheet: str, where: str) -> None:
        """Make what attributes say follow; if they cannot, that is reported."""
        for name in names:
            text = self._followed(element.get(name, ""), sheet, where)
            if text:
                element.set(name, text)

    def _followed(self, text: str, sheet: str, where: str) -> str | None:
        followed_text = followed(text, sheet, self.moves) if text else text
        if followed_text is None:
            self.lost.append(Pointer(where, text))
        return followed_text

    # -- cells --

    def _cells(self, sheet: Sheet) -> None:
        """The formulas of cells outside our tables; those inside go with their rows, and are told by who moves them."""
        xml = self.sheet_of(sheet)
        ours = [table.body for table in self.moves(sheet.name) if table.are_rows]
        if not any(may_have_pointers(row, sheet.name, self._bodies) for row in xml.rows.values() if row.has_formula):
            return  # as of our chart, whose 2,000 formulas would be taken apart for nothing
        cells: dict[tuple[int, int], CellXml] = {}
        texts: dict[tuple[int, int], str] = {}
        sharing: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, row in xml.rows.items():
            for cell in xml.cells(row) if row.has_formula else ():
                if cell.formula is not None and not any(area.holds(cell.column, number) for area in ours):
                    cells[cell.column, number] = cell
        if not cells:
            return
        columns, rows = {column for column, _ in cells}, [row for _, row in cells]
        whole = Area(min(columns), min(rows), max(columns), max(rows))
        for place, formula in formulas(xml, whole, columns):
            if place not in cells:
                continue
            shared = shares(cells[place])
            text = followed(formula.text, sheet.name, self.moves)
            if text is None or (text != formula.text and not formula.can_move):
                where = f"the formula in {sheet.name}!{Area(*place, *place)}"
                self.lost.append(Pointer(where, f"={formula.text}"))
            elif text != formula.text:
                texts[place] = text
            if shared is not None:
                sharing[shared].append(place)
        self._with_texts_of_their_own(xml, whole, texts, sharing)
        self._put(xml, cells, texts)

    def _with_texts_of_their_own(
        self,
        xml: SheetXml,
        whole: Area,
        texts: dict[tuple[int, int], str],
        sharing: Mapping[str, Sequence[tuple[int, int]]],
    ) -> None:
        """Cells that share one formula no longer do so once one of them gets another text."""
        apart = {place for places in sharing.values() if any(place in texts for place in places) for place in places}
        if apart:
            for place, formula in formulas(xml, whole, {column for column, _ in apart}):
                if place in apart:
                    texts.setdefault(place, formula.text)

    def _put(
        self, xml: SheetXml, cells: Mapping[tuple[int, int], CellXml], texts: Mapping[tuple[int, int], str]
    ) -> None:
        written = {place: kept_xml(cells[place], place[1], text, xml.where) for place, text in texts.items()}
        for (column, row), cell in written.items():
            xml.put(Area(column, row, column, row), cell)
        if written:
            self.package.drop_calculation_chain()

    # -- what a sheet says beside its cells --

    def _frame(self, sheet: Sheet) -> None:
        with self.sheet_of(sheet).changing_frame() as frame:
            for element in list(frame.iter(*_POINTING)):
                if local(element) == "sparkline":
                    self._sparkline(sheet, element)
                elif local(element) == "sparklineGroup":
                    for dates in children(element, {"f"}):
                        self._text(dates, sheet.name, f"the dates of sparklines on the sheet '{sheet.name}'")
                elif local(element) != "hyperlink":
                    self._ruled(sheet, element)
                else:
                    where = f"the link in {sheet.name}!{element.get('ref', '')}"
                    self._attributes(element, ("location",), sheet.name, where)

    def _ruled(self, sheet: Sheet, element: Node) -> None:
        """A conditional format or a rule of what may be typed: the cells that it is for, and its formulas."""
        holder = next(element.iter("{*}sqref"), None)
        given = element.get("sqref", "") if holder is None else holder.text or ""
        before = split_areas(given)
        if not before:
            return
        after = [area for each in before for area in self._areas(sheet.name, each)]
        if not after:
            _take_away(element)  # as Excel does where all of its cells have gone; it would be about another row
            return
        if after != before:
            text = " ".join(map(str, after))
            if holder is None:
                element.set("sqref", text)
            else:
                holder.text = text
        for each in element.iter("{*}formula", "{*}formula1", "{*}formula2", "{*}f", "{*}cfvo"):
            is_limit = local(each) == "cfvo"  # of a bar, a scale or icons, where a formula stands in an attribute
            text = each.get("val") if is_limit else each.text
            text_there = self._rule(sheet.name, text, before, after) if text else ""
            if text_there is None:
                self.lost.append(Pointer(f"a conditional format or list on {sheet.name}!{given}", text))
            elif text_there and is_limit:
                each.set("val", text_there)
            elif text_there:
                each.text = text_there

    def _rule(self, sheet: str, text: str, before: Sequence[Area], after: Sequence[Area]) -> str | None:
        """The formula of a rule, which is written as it reads in the first of its cells.

        In cells of one row it means the cells that it names. In more, what it names without $ stands in each row where
        it stands in the first, as "the same row, column K": so it goes on, wherever the rows are.
        """
        old, new = _only_row(before), _only_row(after)
        if old is not None and new is not None and new == self._row_there(sheet, old):
            return followed(text, sheet, self.moves)
        down = min(area.top for area in after) - min(area.top for area in before)
        text = copied(text, down, 0)
        followed_text = followed(text, sheet, self.moves, only_fixed=True)
        # Rows of another sheet do not move along with these.
        elsewhere = [followed(text, sheet, self._but(sheet), only_fixed=only_fixed) for only_fixed in (True, False)]
        return followed_text if elsewhere[0] == elsewhere[1] else None

    def _but(self, sheet: str) -> OnSheet:
        """What moves on other sheets than one."""
        return lambda name: () if name is not None and name.casefold() == sheet.casefold() else self.moves(name)

    def _row_there(self, sheet: str, row: int) -> int | None:
        """Where a row of a sheet will be; None where it will be gone."""
        table = next((table for table in self.moves(sheet) if table.has_row(row)), None)
        return row if table is None else table.row_there(row)

    def _areas(self, sheet: str, area: Area) -> Iterator[Area]:
        """Where the cells of an area will be, in as many areas as that takes."""
        for table in self.moves(sheet):
            if area.meets(table.body) or area.top > table.body.bottom:
                new_area = table.followed(area, is_range=True)
                if new_area is not None and new_area != area:
                    yield new_area
                    return
                if new_area is None:
                    yield from table.parts_of(area)
                    return
        yield area

    def _sparkline(self, sheet: Sheet, element: Node) -> None:
        """A little chart in a cell: what it draws, and the cell where it stands, also one beside the table."""
        drawn, place = element.find("{*}f"), element.find("{*}sqref")
        area = parse_area(place.text or "") if place is not None else None
        if drawn is None or area is None:
            return
        is_followed = self._text(drawn, sheet.name, f"the sparkline in {sheet.name}!{area}")
        row = self._row_there(sheet.name, area.top)
        if row is None and not is_followed:
            _take_away(element)  # it and what it drew have gone; another may come to stand there
        elif row is not None and row != area.top:
            place.text = str(Area(area.left, row, area.right, row))


def _only_row(areas: Sequence[Area]) -> int | None:
    """The row that contains some areas; None if they are in more than one."""
    rows = {row for area in areas for row in (area.top, area.bottom)}
    return rows.pop() if len(rows) == 1 else None


def _take_away(element: Node) -> None:
    """Remove an element, and any parent that is empty without it."""
    holder = element.getparent()
    remove([element])
    of_a_group = {"sparklines"} if local(holder) == "sparklineGroup" else ()
    if local(holder) in _EMPTIED and not children(holder, of_a_group):
        _take_away(holder)
    elif "count" in holder.attrib:
        holder.set("count", str(len(children(holder))))
