"""About in the master: what a reader must know of how the figures came about."""

from __future__ import annotations

from xlperf.report import layout
from xlperf.report.columns import Column, MasterSheet

Item = tuple[str, str]
"""What, and what there is to know of it."""

COLUMNS: tuple[Column[Item], ...] = (
    Column("item", "Item", lambda item: item[0], 34, "what", is_key=True),
    Column("value", "Value", lambda item: item[1], 120, "what there is to know of it"),
)


def sheet(items: tuple[Item, ...] = ()) -> MasterSheet[Item]:
    """About, with what a collation has to say there."""
    return MasterSheet(layout.ABOUT, "About", "something to know of this master", COLUMNS, lambda assessment: items)
