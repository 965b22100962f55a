"""The locked cells of a return: what its owner was shown. If one was changed, the figures may mean something else.

Formulas and helper columns are not compared: they are not read, and the figures are judged again here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from xlperf.digits import fifteen
from xlperf.findings import Finding, Location, finding
from xlperf.returns import fields, layout
from xlperf.returns.figure import FigureKey
from xlperf.returns.row import key_of
from xlperf.tables import BLANK, Cell, CellKind, Table

_KEYS = (fields.REF, fields.ORG, fields.PERIOD)
LOCKED = tuple(column.header for column in layout.COLUMNS if column.role is fields.Role.SHOWN and column not in _KEYS)
"""The headers compared. Ref, Org and Period are not among them: they identify the row (see `matching`)."""

MOST_LISTED = 5
"""Changed cells listed for one return; any others are counted."""

_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def locked_of(row: Mapping[str, object]) -> dict[str, str]:
    """The text of the locked cells of a row about to be issued, by header."""
    return {header: str(row[header]) for header in LOCKED if row.get(header) not in (None, "")}


def changed_cells(
    table: Table,
    keys: Sequence[FigureKey],
    locked: Sequence[Mapping[str, str]],
    file: str,
    template: str = layout.TEMPLATE_VERSION,
) -> Iterator[Finding]:
    """A finding for each locked cell whose text differs from the one issued, wherever its row is now.

    Args:
        table: the Return table.
        keys: the keys of the rows that were issued.
        locked: the locked cells of each of them; () in ledgers older than that record: then nothing is compared.
        file: the file's name, for the findings.
        template: the version of the template that it was issued from, which has no newer columns.
    """
    if not locked:
        return
    compared = [column.header for column in layout.had_by(template, layout.COLUMNS) if column.header in LOCKED]
    gone = [header for header in compared if header not in table.columns]
    if gone:
        columns = ", ".join(f"'{header}'" for header in gone)
        message = f"the table no longer has the column {columns}."
        yield finding("I012", message, Location(file, table.sheet), expected=columns)
    issued, headers = dict(zip(keys, locked, strict=False)), [header for header in compared if header not in gone]
    changed = 0
    for row in table.rows:
        key = key_of(row)
        if key not in issued:
            continue
        texts = issued[key]
        for header in headers:
            cell, issued_text = row.cells.get(header, BLANK), texts.get(header, "")
            if _is_unchanged(cell, issued_text):
                continue
            changed += 1
            if changed <= MOST_LISTED:
                where, text = (
                    Location(file, table.sheet, table.address(row, header), None, *key),
                    _shown(cell.raw),
                )
                message = f"{header} says '{text}' and was issued as '{_shown(issued_text)}'."
                yield finding("I012", message, where, found=text, expected=_shown(issued_text))
    if changed > MOST_LISTED:
        message = f"and {changed - MOST_LISTED} more locked cells were changed."
        yield finding("I012", message, Location(file, table.sheet))


def _is_unchanged(cell: Cell, issued: str) -> bool:
    return cell.kind is not CellKind.ERROR and (cell.raw == issued or same_text(cell.raw, issued))


def same_text(text: str, issued: str) -> bool:
    """Whether two texts are the same, apart from white space, control characters and the notation of a number."""
    if text == issued:
        return True
    text, issued = _plain(text), _plain(issued)
    return text == issued or (_number(text) is not None and _number(text) == _number(issued))


def _plain(text: str) -> str:
    return _SPACES.sub(" ", _CONTROLS.sub("", text)).strip()


def _number(text: str) -> float | None:
    # To 15 digits, as some programs save a number that Excel keeps with 17.
    try:
        number = Decimal(text.replace(",", "").replace(" ", "")) if len(text) <= 40 else None
    except InvalidOperation:
        return None
    return fifteen(number) if number is not None and number.is_finite() else None


def _shown(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
