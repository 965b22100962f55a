"""Finding the rows that a return was issued with, wherever they stand now, and naming those that are not among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlperf.findings import Finding, Location, finding
from xlperf.returns import fields, layout
from xlperf.returns.counting import Fates, filled
from xlperf.returns.figure import Key
from xlperf.returns.locked import same_text
from xlperf.returns.row import RowReader, key_of
from xlperf.tables import Row, Table

MOST_LISTED = 20
"""Findings of one kind that are listed for a return; what goes beyond is counted in one more."""

_MOST_COMPARED = 200
"""Rows not issued that are compared with those that are gone; a file of a million rows must not take hours."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The rows to be read, by key; and the keys whose rows are there and cannot be read."""

    rows: tuple[tuple[Key, Row], ...]
    refused: tuple[Key, ...]
    missing: tuple[Key, ...]
    findings: tuple[Finding, ...]


def match_rows(
    table: Table, reader: RowReader, asked: Sequence[Key], locked: Sequence[Mapping[str, str]], fates: Fates
) -> Matched:
    """The rows of `asked`, in its order; rows not issued, doubled, or with another key than issued are findings.

    Args:
        table: the Return table.
        reader: knows what the catalogue still has.
        asked: the keys the return was issued with.
        locked: the locked cells of each of them, as issued; () where that was not recorded.
        fates: is told what becomes of the cells of rows that are not read.
    """
    wanted, by_key, others = set(asked), dict[Key, list[Row]](), list[tuple[Key, Row]]()
    for row in table.rows:
        key = key_of(row)
        if key in wanted:
            by_key.setdefault(key, []).append(row)
        elif filled(row):
            others.append((key, row))
    gone = [key for key in asked if key not in by_key and reader.knows(key)]
    renamed = _renamed(others, gone, dict(zip(asked, locked, strict=False)))
    findings = list(_not_issued(table, reader, others, renamed, fates))
    rows: list[tuple[Key, Row]] = []
    refused: list[Key] = [key for key in gone if key in renamed.values()]
    for key in asked:
        there = by_key.get(key, [])
        if there and not reader.knows(key):
            message = f"{key[0]} for {key[1]} is not in the catalogue now."
            findings.append(finding("R025", message, reader.place(there[0], fields.REF, key)))
            for row in there:
                fates.flag(table.sheet, filled(row))
        elif len(there) == 1:
            rows.append((key, there[0]))
        elif there:
            numbers = ", ".join(str(row.number) for row in there)
            message = f"{' '.join(key)} stands in rows {shortened(numbers)}."
            findings.append(finding("R022", message, reader.place(there[0], fields.REF, key), found=shortened(numbers)))
            refused.append(key)
            for row in there:
                fates.refuse(table.sheet, filled(row))
    missing = tuple(key for key in gone if key not in refused)
    return Matched(tuple(rows), tuple(refused), missing, tuple(findings))


def _renamed(
    others: Sequence[tuple[Key, Row]], gone: Sequence[Key], locked: Mapping[Key, Mapping[str, str]]
) -> dict[int, Key]:
    """By sheet row the key it was issued with, where somebody has changed one of Ref, Org and Period, and only one.

    A row that gives itself out for another KPI must still have the name of the one it was issued with.
    """
    claims: dict[Key, list[int]] = {}
    for key, row in others[:_MOST_COMPARED]:
        name = row[layout.KPI.header].raw
        same = [
            each
            for each in gone
            if sum(one == other for one, other in zip(each, key, strict=True)) == 2
            and same_text(name, locked.get(each, {}).get(layout.KPI.header, name))
        ]
        if len(same) == 1:
            claims.setdefault(same[0], []).append(row.number)
    return {numbers[0]: key for key, numbers in claims.items() if len(numbers) == 1}


def _not_issued(
    table: Table, reader: RowReader, others: Sequence[tuple[Key, Row]], renamed: Mapping[int, Key], fates: Fates
) -> Iterator[Finding]:
    listed = 0
    for key, row in others:
        cells, issued = filled(row), renamed.get(row.number)
        says = shortened(" ".join(key).strip()) or "no Ref"
        if issued is not None:
            fates.refuse(table.sheet, cells)
            message = f"row {row.number} says {says} and was issued as {' '.join(issued)}, so it is not read."
            where = reader.place(row, _changed(key, issued), issued)
            yield finding("I013", message, where, found=says, expected=" ".join(issued))
            continue
        fates.flag(table.sheet, cells)
        listed += 1
        if listed <= MOST_LISTED:
            where = reader.place(row, fields.REF, (shortened(key[0]), shortened(key[1]), shortened(key[2])))
            yield finding("R020", f"row {row.number} ({says}) was not issued.", where, found=says)
    if listed > MOST_LISTED:
        where = Location(reader.file, table.sheet)
        yield finding("R020", f"and {listed - MOST_LISTED} more rows were not issued.", where)


def _changed(key: Key, issued: Key) -> fields.Column:
    """Which of the three was changed."""
    columns = zip((fields.REF, fields.ORG, fields.PERIOD), key, issued, strict=True)
    return next(column for column, says, was in columns if says != was)


_LONGEST = 60


def shortened(text: str) -> str:
    """Text of a returned file for a message: what stands there may be megabytes."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
