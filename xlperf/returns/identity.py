"""Whose return it is: the hidden identity that a workbook carries, and by which alone it is matched."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from dataclasses import asdict, dataclass, fields

from xlperf.tables import Table


@dataclass(frozen=True, slots=True)
class Identity:
    """What the hidden sheet of a return says. `serial` counts the returns a ledger has issued."""

    return_id: str
    serial: int
    owner: str
    period: str
    catalogue_version: str
    catalogue_hash: str
    template_version: str

    def as_items(self) -> tuple[tuple[str, str], ...]:
        """(item, value) rows of the hidden table."""
        return tuple((name, str(value)) for name, value in asdict(self).items())


ITEM, VALUE = "item", "value"
"""The columns of the hidden table."""

_LONGEST = 100
"""No part of an identity is longer; one that is was not written by xlperf."""


def new_return_id() -> str:
    """An id that cannot be guessed from another."""
    return secrets.token_hex(8)


def read_identity(table: Table) -> Identity | None:
    """The identity in a hidden table; None where any part is missing, makes no sense, or is said in two ways."""
    said: dict[str, str] = {}
    known = {field.name for field in fields(Identity)}
    for row in table.rows:
        item, value = row[ITEM].raw, row[VALUE].raw
        if item in known and said.setdefault(item, value) != value:
            return None
    parts = [said.get(field.name, "") for field in fields(Identity)]
    if not all(0 < len(part) <= _LONGEST for part in parts) or not re.fullmatch("[0-9]+", said["serial"]):
        return None
    values = {field.name: said[field.name] for field in fields(Identity) if field.name != "serial"}
    return Identity(serial=int(said["serial"]), **values)


def added_items(table: Table) -> tuple[str, ...]:
    """What stands in a hidden table that xlperf did not write: items of other names, and items given twice."""
    names = Counter(row[ITEM].raw for row in table.rows if not (row[ITEM].is_blank and row[VALUE].is_blank))
    known = {field.name for field in fields(Identity)}
    return tuple(name[:_LONGEST] or "an item without a name" for name in names if name not in known or names[name] > 1)


def edited_parts(said: Identity, issued: Identity) -> tuple[str, ...]:
    """Which parts of an identity differ from those issued, each as `owner: beta, not alpha`."""
    return tuple(
        f"{field.name.replace('_', ' ')}: {getattr(said, field.name)}, not {getattr(issued, field.name)}"
        for field in fields(Identity)
        if getattr(said, field.name) != getattr(issued, field.name)
    )


def is_older(version: str, than: str) -> bool:
    """Whether a template version comes before another; one that is no number was not made by an older xlperf."""
    return bool(re.fullmatch("[0-9]+", version)) and int(version) < int(than)
