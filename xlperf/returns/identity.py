"""The hidden identity of a return workbook; a return is matched by it alone."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from dataclasses import asdict, dataclass, fields

from xlperf.tables import Table


@dataclass(frozen=True, slots=True)
class Identity:
    """The items on the hidden sheet of a return. `serial` counts the returns that a ledger has issued."""

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
"""Characters. Longer parts of an identity were not written by xlperf."""


def new_return_id() -> str:
    """An id that cannot be guessed from another."""
    return secrets.token_hex(8)


def read_identity(table: Table) -> Identity | None:
    """The identity in a hidden table; None if a part is missing, malformed, or stated twice with different values."""
    items: dict[str, str] = {}
    names = {field.name for field in fields(Identity)}
    for row in table.rows:
        item, value = row[ITEM].raw, row[VALUE].raw
        if item in names and items.setdefault(item, value) != value:
            return None
    parts = [items.get(field.name, "") for field in fields(Identity)]
    if not all(0 < len(part) <= _LONGEST for part in parts) or not re.fullmatch("[0-9]+", items["serial"]):
        return None
    values = {field.name: items[field.name] for field in fields(Identity) if field.name != "serial"}
    return Identity(serial=int(items["serial"]), **values)


def added_items(table: Table) -> tuple[str, ...]:
    """Items in a hidden table that xlperf did not write: those of other names, and those stated twice."""
    names = Counter(row[ITEM].raw for row in table.rows if not (row[ITEM].is_blank and row[VALUE].is_blank))
    item_names = {field.name for field in fields(Identity)}
    return tuple(
        name[:_LONGEST] or "an item without a name" for name in names if name not in item_names or names[name] > 1
    )


def edited_parts(received: Identity, issued: Identity) -> tuple[str, ...]:
    """The parts of an identity that differ from those issued, as `owner: beta, not alpha`."""
    return tuple(
        f"{field.name.replace('_', ' ')}: {getattr(received, field.name)}, not {getattr(issued, field.name)}"
        for field in fields(Identity)
        if getattr(received, field.name) != getattr(issued, field.name)
    )


def is_older(version: str, than: str) -> bool:
    """Whether one template version is older than another; a version that is not a number is not older."""
    return bool(re.fullmatch("[0-9]+", version)) and int(version) < int(than)
