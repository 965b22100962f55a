"""The addresses that a formula names: cells and ranges, with the sheet before them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from xlperf.workbook.a1 import LAST_COLUMN, LAST_ROW, Area, column_number

_CELL = r"(?P<column{0}>\$?[A-Za-z]{{1,3}})(?P<fixed{0}>\$?)(?P<row{0}>[1-9][0-9]{{0,6}})"
TOKEN = re.compile(
    rf"""
    "(?:[^"]|"")*"                                             # text
    | (?<![\w.$\\?])                                           # not inside a name or a number
      (?P<sheet> (?: '(?:[^']|'')*' | (?:\[[^\[\]]*\])? [\w.\\?:]+ )! )?
      (?: {_CELL.format(1)} (?: : {_CELL.format(2)} )?
        | (?P<fixed3>\$?) (?P<row3>[1-9][0-9]{{0,6}}) : (?P<fixed4>\$?) (?P<row4>[1-9][0-9]{{0,6}})
        | (?P<column5>\$?[A-Za-z]{{1,3}}) : (?P<column6>\$?[A-Za-z]{{1,3}}) )
      (?![\w.(!\[\\?])
    | '(?:[^']|'')*'                                           # a quoted sheet name, before a name
    | \[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\]                # a structured reference, one level nested
    """,
    re.VERBOSE,
)
_GONE = re.compile(r"(?:(?:'(?:[^']|'')*'|[\w.]+)!)?#REF!", re.IGNORECASE)
_BY_PLACE = re.compile(r"(?<![\w.])(?:INDIRECT|OFFSET)\(", re.IGNORECASE)


def reaches_by_place(formula: str) -> bool:
    """Whether a formula reaches cells by where they stand, with a function, so that nothing in it names them."""
    # Looked for outside of texts, sheet names and structured references, any of which may hold a quotation mark.
    return _BY_PLACE.search(formula) is not None and _BY_PLACE.search(TOKEN.sub(" ", formula)) is not None


@lru_cache(maxsize=8192)
def addresses(formula: str) -> tuple[tuple[str | None, Area], ...]:
    """Each area that a formula names by address, with the sheet that it names: "" for its own, None for several."""
    named = []
    for match in TOKEN.finditer(formula):
        area, prefix = area_of(match), match["sheet"] or ""
        if area is not None and "[" not in prefix:  # that of another workbook
            named.append((sheet_named(prefix), area))
    return tuple(named)


def without_places(formula: str) -> str:
    """A formula with `…` for each place that it names by address: it stays so when Excel has the places follow rows."""
    named = TOKEN.sub(lambda match: match[0] if area_of(match) is None else "…", formula)
    return _GONE.sub("…", named)


def may_point_at(formula: str, sheet: str, bodies: Mapping[str, Sequence[Area]]) -> bool:
    """Whether a formula may point at a row of some tables, or at a cell below them in their columns.

    `sheet` is the formula's own; `bodies` are the tables' rows, by sheet in small letters. If not, it stays the formula
    that it is, however those rows are moved. It may where it reaches cells by a function or by a link.
    """
    if reaches_by_place(formula) or '"#' in formula:
        return True
    return any(
        named is None
        or any(
            area.left <= body.right and body.left <= area.right and area.bottom >= body.top
            for body in bodies.get((named or sheet).casefold(), ())
        )
        for named, area in addresses(formula)
    )


def sheet_named(prefix: str) -> str | None:
    """The sheet that a reference names before its !; "" for none, None for several."""
    name = prefix.removesuffix("!")
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    return None if ":" in name else name


def is_fixed(match: re.Match[str]) -> bool:
    """Whether the rows of a reference stay what they are when its formula is copied."""
    numbers = "34" if match["row3"] is not None else "12" if match["row2"] is not None else "1"
    return all(match[f"fixed{number}"] for number in numbers)


def area_of(match: re.Match[str]) -> Area | None:
    """The area that a reference covers; None for what is no reference, and for whole columns, which no row leaves."""
    if match["row3"] is not None:
        top, bottom = sorted((int(match["row3"]), int(match["row4"])))
        return Area(1, top, LAST_COLUMN, bottom) if bottom <= LAST_ROW else None
    if match["row1"] is None:
        return None
    numbers = "12" if match["row2"] is not None else "1"
    if not all(is_column(match[f"column{n}"]) for n in numbers):
        return None
    left, *_, right = sorted(column_number(match[f"column{n}"].removeprefix("$")) for n in (numbers[0], numbers[-1]))
    top, *_, bottom = sorted(int(match[f"row{n}"]) for n in (numbers[0], numbers[-1]))
    return Area(left, top, right, bottom) if bottom <= LAST_ROW else None


def is_column(letters: str) -> bool:
    """Whether a sheet has a column of these letters, with or without $."""
    return column_number(letters.removeprefix("$")) <= LAST_COLUMN
