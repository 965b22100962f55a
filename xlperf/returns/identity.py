"""Whose return it is: the hidden identity that a workbook carries, and by which alone it is matched."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
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


_LONGEST = 100
"""No part of an identity is longer; one that is was not written by xlperf."""


def new_return_id() -> str:
    """An id that cannot be guessed from another."""
    return secrets.token_hex(8)


def read_identity(table: Table) -> Identity | None:
    """The identity in a hidden table; None where any part is missing or makes no sense."""
    said: Mapping[str, str] = {row["item"].raw: row["value"].raw for row in table.rows}
    parts = [said.get(field.name, "") for field in fields(Identity)]
    if not all(0 < len(part) <= _LONGEST for part in parts) or not re.fullmatch("[0-9]+", said["serial"]):
        return None
    values = {field.name: said[field.name] for field in fields(Identity) if field.name != "serial"}
    return Identity(serial=int(said["serial"]), **values)
