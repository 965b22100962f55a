"""A return whose table was cut short: rows that were issued stand below it, and belong to it no more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlperf.findings import Finding, Location, finding
from xlperf.returns import fields
from xlperf.returns.figure import FigureKey
from xlperf.tables import Table

_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


def cut_short(table: Table, missing: Sequence[FigureKey], file: str) -> list[Finding]:
    """One finding about the table where a row that was issued and is missing stands right below it; else none.

    Of what stands below a table the reader lists the first cells, so that not every row can be told; one is enough.
    """
    if not missing or not table.rows:
        return []
    columns = (fields.REF, fields.ORG, fields.PERIOD)
    letters = [_split(table.address(table.rows[-1], column.header))[0] for column in columns]
    below: dict[int, dict[str, str]] = {}
    for cell in table.stray:
        letter, row = _split(cell.ref)
        below.setdefault(row, {})[letter] = cell.raw.strip()
    keys = {tuple(texts.get(letter, "") for letter in letters): row for row, texts in below.items()}
    rows = [keys[key] for key in missing if key in keys]
    if not rows:
        return []
    last, lacking = table.rows[-1].number, f"the {len(missing)} rows issued that it lacks"
    message = f"the table ends at row {last}; {lacking} stand below it, from row {min(rows)} on."
    return [finding("R040", message, Location(file, table.sheet, f"A{min(rows)}"))]


def _split(address: str) -> tuple[str, int]:
    match = _ADDRESS.fullmatch(address)
    return (match[1], int(match[2])) if match else ("", 0)
