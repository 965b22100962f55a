"""References inside a formula: what becomes of them when the formula is copied, or when the rows they name move."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from xlperf.workbook.a1 import LAST_COLUMN, LAST_ROW, Area, column_letters, column_number, joined
from xlperf.workbook.addresses import TOKEN, area_of, is_column, is_fixed, reaches_by_place, sheet_named

_GONE = "#REF!"
_LINK_OR_TEXT = re.compile(r'(\bHYPERLINK\(\s*)"((?:[^"]|"")*)"(\s*[,)])?|"(?:[^"]|"")*"', re.IGNORECASE)
"""A link whose address begins with a text, and whether that text is all of it; or any other text."""
OnSheet = Callable[[str | None], Sequence["Moves"]]
"""The tables that move on a sheet, by its name in any case, or all of them for None."""


@lru_cache(maxsize=4096)  # the formulas of a return are those of every other
def filled_down(formula: str, rows: int) -> str:
    """Return the formula as it would read so many rows further down; structured references stay."""
    return copied(formula, rows, 0)


def copied(formula: str, rows: int, columns: int) -> str:
    """Return the formula as it would read so many rows further down and columns further right, copied there."""

    def moved(match: re.Match[str]) -> str:
        lettered = "56" if match["column5"] is not None else "12" if match["row2"] is not None else "1"
        if match["row3"] is not None:
            edges = [_copied_row(match[f"fixed{n}"], match[f"row{n}"], rows) for n in "34"]
        elif match[f"column{lettered[0]}"] is None or not all(is_column(match[f"column{n}"]) for n in lettered):
            return match[0]  # no reference, or a name, as XFE1 is
        elif lettered == "56":
            edges = [_copied_column(match[f"column{n}"], columns) for n in lettered]
        else:
            edges = [
                _copied_column(match[f"column{n}"], columns) + _copied_row(match[f"fixed{n}"], match[f"row{n}"], rows)
                for n in lettered
            ]
        edges = [_GONE if _GONE in edge else edge for edge in edges]
        is_gone = _GONE in edges and (match["row3"] is not None or lettered == "56")
        return (match["sheet"] or "") + (_GONE if is_gone else ":".join(edges))

    return TOKEN.sub(moved, formula) if rows or columns else formula


def _copied_row(fixed: str, row: str, rows: int) -> str:
    number = int(row) + (0 if fixed else rows)
    return f"{fixed}{number}" if 1 <= number <= LAST_ROW else _GONE


def _copied_column(letters: str, columns: int) -> str:
    if letters.startswith("$") or not columns:
        return letters
    number = column_number(letters) + columns
    return column_letters(number) if 1 <= number <= LAST_COLUMN else _GONE


@dataclass(frozen=True)
class Moves:
    """A table whose rows change place: `body` is where they are, `rows` says of each where it will be, if it stays.

    `last` is the row in which they will end, above the `totals` rows that the table has. `are_rows` says that formulas
    in the body go with their rows, and are looked after where these are.
    """

    sheet: str
    body: Area
    rows: Mapping[int, int]
    last: int
    are_rows: bool = True
    totals: int = 0

    @cached_property
    def keeps_order(self) -> bool:
        """Whether rows are only put in and taken out, so that those that stay are among each other as they were."""
        new_rows = [self.rows[row] for row in sorted(self.rows)]
        return all(first < second for first, second in pairwise(new_rows))

    @cached_property
    def changes_nothing(self) -> bool:
        """Whether every row stays, and the table ends where it ends."""
        return self.last == self.body.bottom and not self.changes_order

    def has_row(self, row: int) -> bool:
        """Whether a row of the sheet is one of the table's, its totals rows among them."""
        return self.body.top <= row <= self.body.bottom + self.totals

    def row_there(self, row: int) -> int | None:
        """Where a row of the sheet will be; None where it is one of the table's that goes."""
        if row > self.body.bottom and self.has_row(row):
            return row + self.last - self.body.bottom
        return self.rows.get(row) if self.has_row(row) else row

    @cached_property
    def changes_order(self) -> bool:
        """Whether a row will be elsewhere, or gone."""
        return any(self.rows.get(row) != row for row in range(self.body.top, self.body.bottom + 1))

    @cached_property
    def _moving(self) -> list[int]:
        """The rows of the sheet that will be elsewhere, or gone, in order; not gone through for each that points."""
        rows = range(self.body.top, self.body.bottom + self.totals + 1)
        return [row for row in rows if self.row_there(row) != row]

    def _stay(self, top: int, bottom: int) -> bool:
        """Whether all rows from one to another stay where they are."""
        at = bisect_left(self._moving, top)
        return at == len(self._moving) or self._moving[at] > bottom

    def followed(self, area: Area, *, is_range: bool = False) -> Area | None:
        """Where the cells of an area will be; None where they will not be one area, or are no longer there.

        `is_range` says that it is written as a range, as K2:K2 is, which is all of a table that has one row.
        """
        end = self.body.bottom + self.totals
        if not area.meets(replace(self.body, bottom=end)):
            grows_there = self.last > self.body.bottom and area.meets(
                replace(self.body, top=end + 1, bottom=self.last + self.totals)
            )
            return None if grows_there else area
        inside = range(max(area.top, self.body.top), min(area.bottom, self.body.bottom) + 1)
        is_column = area.top < area.bottom or (is_range and area.is_one_cell)
        is_whole = is_column and len(inside) == self.body.bottom - self.body.top + 1
        if is_whole:  # all there is in these columns, now and later
            ends_with_it = area.bottom <= end
            by = self.last - self.body.bottom
            return replace(area, bottom=area.bottom + by if ends_with_it else max(area.bottom, self.last + self.totals))
        if self._stay(area.top, area.bottom):
            return area
        if not (self.body.left <= area.left and area.right <= self.body.right):
            return None  # what stands beside the table does not move with it
        # Rows further down, perhaps to the end of the sheet, stay: they need not be gone through.
        last = min(area.bottom, max(end, self.last + self.totals))
        where = [self._row(row) for row in range(area.top, last + 1)]
        rows = [row for row in where if row is not None]
        bottom = area.bottom if area.bottom > last else max(rows, default=0)
        if rows and is_column and self.keeps_order:  # a range takes in what comes to stand inside it
            return replace(area, top=min(rows), bottom=bottom)
        if len(rows) < len(where) or bottom - min(rows) != len(rows) - 1 + area.bottom - last:
            return None
        return replace(area, top=min(rows), bottom=bottom)

    def parts_of(self, area: Area) -> Iterator[Area]:
        """The rows of an area where they will be, those that follow each other as one."""
        first, last = self.body.top, self.body.bottom + self.totals
        rows_now = (self.row_there(row) for row in range(max(area.top, first), min(area.bottom, last) + 1))
        spans = [(row, row) for row in rows_now if row is not None]
        spans += [(area.top, first - 1)] if area.top < first else []
        spans += [(max(area.top, last + 1), area.bottom)] if area.bottom > last else []
        for top, bottom in joined(spans):
            yield Area(area.left, top, area.right, bottom)

    def _row(self, row: int) -> int | None:
        is_grown_over = self.body.bottom + self.totals < row <= self.last + self.totals
        return None if is_grown_over else self.row_there(row)


def followed(formula: str, sheet: str, moves: OnSheet, *, only_fixed: bool = False) -> str | None:
    """Return the formula with every reference to a cell of a table at the place where that cell will be.

    `sheet` is the formula's own; `moves` gives the tables on a sheet, by its name in any case, or all of them for None.
    `only_fixed` leaves references alone whose rows have no $ before them.
    Text, names, structured references, whole columns and other workbooks stay as they are; where a link leads into the
    workbook, its address follows. None where something that the formula refers to will be gone, or will no longer be
    one range, and where it reaches cells by their place in a sheet whose rows change places.
    """
    lost = reaches_by_place(formula) and _names_what_moves(formula, sheet, moves)

    def at_its_place(match: re.Match[str]) -> str:
        nonlocal lost
        area = area_of(match)
        prefix = match["sheet"] or ""
        if area is None or "[" in prefix or (only_fixed and not is_fixed(match)):
            return match[0]
        is_over_sheets = (named := sheet_named(prefix)) is None
        # One end of a range whose other end is worked out, as in K2:INDEX(…).
        is_open = formula[match.end() : match.end() + 1] == ":" or formula[: match.start()].endswith(":")
        new: Area | None = area
        for table in moves(sheet if named == "" else named):
            new_area = table.followed(area, is_range=match["row2"] is not None)
            if new_area == area:
                continue
            new = None if new_area is None or new != area or is_over_sheets or is_open else new_area
            if new is None:
                break
        if new is None:
            lost = True
            return match[0]
        return match[0] if new == area else prefix + _rows_put(match, new)

    text = TOKEN.sub(at_its_place, formula)
    return None if lost else _with_links_followed(text, sheet, moves)


def depends_on_place(formula: str, moves: OnSheet) -> bool:
    """Whether a name means other rows of a moving table in each cell that uses it, as one without $ does."""
    return any(
        not is_fixed(match) and any(table.changes_order for table in moves(sheet_named(match["sheet"] or "")))
        for match in TOKEN.finditer(formula)
        if area_of(match) is not None
    )


def _names_what_moves(text: str, sheet: str, moves: OnSheet) -> bool:
    """Whether a formula or an address stands on, or names, if only in a text, a sheet whose rows change places."""
    folded = text.casefold().replace("''", "'")
    on = (table.sheet.casefold() for table in moves(None) if table.changes_order)
    return any(name == sheet.casefold() or f"{name}!" in folded or f"{name}'!" in folded for name in on)


def _with_links_followed(formula: str, sheet: str, moves: OnSheet) -> str | None:
    """The formula with the addresses of its links where their cells will be; None where one cannot follow.

    An address that is put together from parts is not guessed at. One that is "#" and then a reference has followed.
    """
    lost = False

    def at_its_place(match: re.Match[str]) -> str:
        nonlocal lost
        address = (match[2] or "").replace('""', '"')
        if not address.startswith("#") or address == "#":
            return match[0]
        is_whole = match[3] is not None
        new_address = followed(address[1:], sheet, moves) if is_whole else None
        if new_address is None:
            lost = lost or is_whole or _names_what_moves(address, sheet, moves)
            return match[0]
        return f'{match[1]}"#{new_address.replace(chr(34), chr(34) * 2)}"{match[3]}'

    text = _LINK_OR_TEXT.sub(at_its_place, formula)
    return None if lost else text


def _rows_put(match: re.Match[str], area: Area) -> str:
    """The reference as it is written, with other rows."""
    if match["row3"] is None and match["row2"] is None:
        return f"{match['column1']}{match['fixed1']}{area.top}"
    one, two = ("3", "4") if match["row3"] is not None else ("1", "2")
    rows = [area.top, area.bottom]
    if int(match[f"row{one}"]) > int(match[f"row{two}"]):
        rows.reverse()
    columns = [match[f"column{n}"] if match["row3"] is None else "" for n in (one, two)]
    return ":".join(
        f"{column}{match[f'fixed{n}']}{row}" for column, n, row in zip(columns, (one, two), rows, strict=True)
    )
