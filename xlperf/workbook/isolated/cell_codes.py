"""One letter for all that a cell is beside its text: what a worker writes, and its parent reads, before the text."""

from __future__ import annotations

from itertools import product
from string import ascii_letters, digits

from xlperf.tables import CellKind, NumberStyle

CellTraits = tuple[CellKind, NumberStyle, bool]
"""The kind of a cell, its style, and whether it is a formula."""

TRAITS: dict[str, CellTraits] = dict(
    zip(f"{ascii_letters}{digits}!#$%&()*+,-./:;<=>?@", product(CellKind, NumberStyle, (False, True)), strict=False)
)
"""What each letter says."""
CODES = {traits: code for code, traits in TRAITS.items()}
