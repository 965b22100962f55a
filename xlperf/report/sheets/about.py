"""About in the master: how its figures were produced."""

from __future__ import annotations

from xlperf.report import layout
from xlperf.report.columns import Column, MasterSheet

Item = tuple[str, str]
"""(item, value)"""

COLUMNS: tuple[Column[Item], ...] = (
    Column("item", "Item", lambda item: item[0], 34, "what", is_key=True),
    Column("value", "Value", lambda item: item[1], 120, "what there is to know of it"),
)


def sheet(items: tuple[Item, ...] = ()) -> MasterSheet[Item]:
    """About, with the items of a collation."""
    return MasterSheet(
        layout.ABOUT,
        "About",
        "something to know of this master",
        COLUMNS,
        lambda assessment: items,
        shows="How the figures were worked out and counted, from which ledger, and by which version of xlperf.",
    )
