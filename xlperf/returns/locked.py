"""The locked cells of a return: what its owner was shown, and must not have changed for the figures to mean the same.

Formulas and helper columns are not compared: nothing is read from them, and the figures are judged again here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from xlperf.digits import fifteen
from xlperf.findings import Finding, Location, finding
from xlperf.returns import fields, layout
from xlperf.returns.figure import Key
from xlperf.returns.row import key_of
from xlperf.tables import Cell, CellKind, Table

_KEYS = (fields.REF, fields.ORG, fields.PERIOD)
LOCKED = tuple(column.header for column in layout.COLUMNS if column.role is fields.Role.SHOWN and column not in _KEYS)
"""The headers compared; Ref, Org and Period say which row it is (see `matching`)."""

MOST_LISTED = 5
"""Changed cells listed of one return; the others are counted."""

_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def locked_of(row: Mapping[str, object]) -> dict[str, str]:
    """The locked cells of a row about to be issued, as text by header."""
    return {header: str(row[header]) for header in LOCKED if row.get(header) not in (None, "")}


def changed_cells(
    table: Table, asked: Sequence[Key], locked: Sequence[Mapping[str, str]], file: str
) -> Iterator[Finding]:
    """A finding for each locked cell that says something else than it was issued with, wherever its row stands now.

    Args:
        table: the Return table.
        asked: the keys the return was issued with.
        locked: the locked cells of each of them; () in ledgers from before that was kept, and nothing is compared.
        file: for the findings.
    """
    if not locked:
        return
    gone = [header for header in LOCKED if header not in table.columns]
    if gone:
        columns = ", ".join(f"'{header}'" for header in gone)
        message = f"the table no longer has the column {columns}."
        yield finding("I012", message, Location(file, table.sheet), expected=columns)
    issued, there = dict(zip(asked, locked, strict=False)), [header for header in LOCKED if header not in gone]
    changed = 0
    for row in table.rows:
        key = key_of(row)
        for header in there if key in issued else ():
            was = issued[key].get(header, "")
            if _same(row[header], was):
                continue
            changed += 1
            if changed <= MOST_LISTED:
                where, says = (
                    Location(file, table.sheet, table.address(row, header), None, *key),
                    _shown(row[header].raw),
                )
                message = f"{header} says '{says}' and was issued as '{_shown(was)}'."
                yield finding("I012", message, where, found=says, expected=_shown(was))
    if changed > MOST_LISTED:
        message = f"and {changed - MOST_LISTED} more locked cells were changed."
        yield finding("I012", message, Location(file, table.sheet))


def _same(cell: Cell, issued: str) -> bool:
    if cell.kind is CellKind.ERROR:
        return False
    return same_text(cell.raw, issued)


def same_text(said: str, issued: str) -> bool:
    """Whether two texts say the same: white space, control characters and the form of a number aside."""
    if said == issued:
        return True
    said, issued = _plain(said), _plain(issued)
    return said == issued or (_number(said) is not None and _number(said) == _number(issued))


def _plain(text: str) -> str:
    return _SPACES.sub(" ", _CONTROLS.sub("", text)).strip()


def _number(text: str) -> float | None:
    # To 15 digits, as which some programs save a number that Excel keeps with 17.
    try:
        number = Decimal(text.replace(",", "").replace(" ", "")) if len(text) <= 40 else None
    except InvalidOperation:
        return None
    return fifteen(number) if number is not None and number.is_finite() else None


def _shown(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
