"""The formulas that tables declare for their columns: what they name by address follows, as in their cells.

Whoever types into a row below a table gets the declared formula, so it has to name the same cells as those above it.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.workbook.addresses import reaches_by_place
from xlperf.workbook.formulafill import OnSheet, followed
from xlperf.workbook.package import Package
from xlperf.workbook.parts import Sheet
from xlperf.workbook.port import Pointer


def follow_declared(package: Package, sheet: Sheet, moves: OnSheet) -> Iterator[Pointer]:
    """Make the formulas that the tables of a sheet declare point where their cells will be; gives those that cannot."""
    for relationship in package.relationships(sheet.part):
        if relationship.kind != "table" or relationship.target not in package:
            continue
        with package.changing(relationship.target) as root:
            for element in root.iter("{*}calculatedColumnFormula"):
                text = declared_there(element.text or "", sheet.name, moves)
                if text is None:
                    yield Pointer(f"the formula of a column in a table on the sheet '{sheet.name}'", element.text)
                elif text:
                    element.text = text
            for element in root.iter("{*}totalsRowFormula"):
                # Where it cannot follow, the cell that shows it is told of.
                element.text = followed(element.text or "", sheet.name, moves) or element.text


def declared_there(formula: str, sheet: str, moves: OnSheet) -> str | None:
    """The formula of a whole column with each address that has $ before its row at the place where its cell will be.

    An address without $ means another cell in each row, and so it stays. None where a cell that it names will be gone,
    or a range no longer one; but what it reaches by its place, or by a link put together from parts, is the team's own.
    """
    text = followed(formula, sheet, moves, only_fixed=True)
    is_by_place = reaches_by_place(formula) or '"#' in formula
    return formula if text is None and is_by_place else text
