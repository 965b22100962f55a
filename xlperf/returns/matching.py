"""Matching the rows of a return with those that were issued, wherever they are now, and reporting all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlperf.findings import Finding, Location, finding
from xlperf.returns import fields, layout
from xlperf.returns.counting import CellOutcomes, filled, outcome_of
from xlperf.returns.figure import FigureKey
from xlperf.returns.locked import same_text
from xlperf.returns.row import RowReader, key_of
from xlperf.tables import Row, Table

MOST_LISTED = 20
"""Findings of one kind listed for a return; one more finding counts the rest."""

_MOST_COMPARED = 200
"""Rows that were not issued and are compared with the missing ones; a file of a million rows must not take hours."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The rows to read, with their keys; the keys of rows that cannot be read, and of rows that are missing.

    `outcomes` are those of the cells of rows that are not read.
    """

    rows: tuple[tuple[FigureKey, Row], ...]
    refused: tuple[FigureKey, ...]
    missing: tuple[FigureKey, ...]
    findings: tuple[Finding, ...]
    outcomes: CellOutcomes


def match_rows(
    table: Table,
    reader: RowReader,
    keys: Sequence[FigureKey],
    locked: Sequence[Mapping[str, str]],
) -> Matched:
    """The rows of `keys`, in that order. Rows that were not issued, are duplicated, or have a changed key are findings.

    Args:
        table: the Return table.
        reader: knows which KPIs and orgs the catalogue still has.
        keys: the keys of the rows that were issued.
        locked: the locked cells of each of them, as issued; () if that was not recorded.
    """
    wanted, by_key, others = set(keys), dict[FigureKey, list[Row]](), list[tuple[FigureKey, Row]]()
    for row in table.rows:
        key = key_of(row)
        if key in wanted:
            by_key.setdefault(key, []).append(row)
        elif filled(row):
            others.append((key, row))
    gone = [key for key in keys if key not in by_key and reader.knows(key)]
    renamed = _renamed(others, gone, dict(zip(keys, locked, strict=False)))
    findings = list(_not_issued(table, reader, others, renamed))
    outcomes: CellOutcomes = {}
    for _, row in others:
        outcomes |= outcome_of("refused" if row.number in renamed else "flagged", table.sheet, filled(row))
    rows: list[tuple[FigureKey, Row]] = []
    refused: list[FigureKey] = [key for key in gone if key in renamed.values()]
    for key in keys:
        matching_rows = by_key.get(key, [])
        if matching_rows and not reader.knows(key):
            message = f"{key[0]} for {key[1]} is not in the catalogue now."
            findings.append(finding("R025", message, reader.place(matching_rows[0], fields.REF, key)))
            for row in matching_rows:
                outcomes |= outcome_of("flagged", table.sheet, filled(row))
        elif len(matching_rows) == 1:
            rows.append((key, matching_rows[0]))
        elif matching_rows:
            numbers = ", ".join(str(row.number) for row in matching_rows)
            message = f"{' '.join(key)} is in rows {shortened(numbers)}."
            findings.append(
                finding("R022", message, reader.place(matching_rows[0], fields.REF, key), found=shortened(numbers))
            )
            refused.append(key)
            for row in matching_rows:
                outcomes |= outcome_of("refused", table.sheet, filled(row))
    missing = tuple(key for key in gone if key not in refused)
    return Matched(tuple(rows), tuple(refused), missing, tuple(findings), outcomes)


def _renamed(
    others: Sequence[tuple[FigureKey, Row]], gone: Sequence[FigureKey], locked: Mapping[FigureKey, Mapping[str, str]]
) -> dict[int, FigureKey]:
    """By sheet row, the key it was issued with, for rows in which exactly one of Ref, Org and Period was changed.

    If Ref was changed, the KPI's name in the row must still be the one issued.
    """
    claims: dict[FigureKey, list[int]] = {}
    for key, row in others[:_MOST_COMPARED]:
        name = row[layout.KPI.header].raw
        possible_keys = [
            issued_key
            for issued_key in gone
            if sum(one == other for one, other in zip(issued_key, key, strict=True)) == 2
            and same_text(name, locked.get(issued_key, {}).get(layout.KPI.header, name))
        ]
        if len(possible_keys) == 1:
            claims.setdefault(possible_keys[0], []).append(row.number)
    return {numbers[0]: key for key, numbers in claims.items() if len(numbers) == 1}


def _not_issued(
    table: Table,
    reader: RowReader,
    others: Sequence[tuple[FigureKey, Row]],
    renamed: Mapping[int, FigureKey],
) -> Iterator[Finding]:
    listed = 0
    for key, row in others:
        issued = renamed.get(row.number)
        says = shortened(" ".join(key).strip()) or "no Ref"
        if issued is not None:
            message = f"row {row.number} says {says} but was issued as {' '.join(issued)}, so it is not read."
            where = reader.place(row, _changed(key, issued), issued)
            yield finding("I013", message, where, found=says, expected=" ".join(issued))
            continue
        listed += 1
        if listed <= MOST_LISTED:
            where = reader.place(row, fields.REF, (shortened(key[0]), shortened(key[1]), shortened(key[2])))
            yield finding("R020", f"row {row.number} ({says}) was not issued.", where, found=says)
    if listed > MOST_LISTED:
        where = Location(reader.file, table.sheet)
        yield finding("R020", f"and {listed - MOST_LISTED} more rows were not issued.", where)


def _changed(key: FigureKey, issued: FigureKey) -> fields.ReturnColumn:
    """Which of Ref, Org and Period was changed."""
    columns = zip((fields.REF, fields.ORG, fields.PERIOD), key, issued, strict=True)
    return next(column for column, says, was in columns if says != was)


_LONGEST = 60


def shortened(text: str) -> str:
    """Text from a returned file, cut to 60 characters for a message; it may be megabytes long."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def shortlisted(code: str, findings: Sequence[Finding], where: Location) -> list[Finding]:
    """Findings of one code about rows: the first of them, and how many more, as a hostile file may have a million."""
    more = len(findings) - MOST_LISTED
    rest = [finding(code, f"and {more} more rows.", where)] if more > 0 else []
    return [*findings[:MOST_LISTED], *rest]
