"""The columns of a return's sheet Recovery: the periods for which figures are asked, and the cells for them.

Only the returns of owners of whom a recovery path is asked have the sheet.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field

from xlperf.returns.fields import ORG, PERIOD, REF, Holds, ReturnColumn, Role
from xlperf.rules.recovery_path import FIGURE, REASON

TABLE, SHEET, TEMPLATE = "tbl_recovery", "Recovery", "return_recovery.xlsx"
"""The table, the sheet, and the template that has it."""


@dataclass(frozen=True, slots=True)
class PromiseField(ReturnColumn):
    """A column that the owner fills in; `id` is one of `rules.recovery_path.CELLS`."""

    _: KW_ONLY
    role: Role = field(default=Role.INPUT, init=False)
    id: str
    holds: Holds


KPI = ReturnColumn("KPI", Role.SHOWN, 26)
PERIOD_WORDS = ReturnColumn("For", Role.SHOWN, 11)
TARGET = ReturnColumn("Target", Role.SHOWN, 13)
LAST = ReturnColumn("Last figure", Role.SHOWN, 17)
FIRST = ReturnColumn("First promised", Role.SHOWN, 10)
NOW = ReturnColumn("Promised now", Role.SHOWN, 10)
STANDS = ReturnColumn("How the path stands", Role.SHOWN, 40)
FIGURE_NOW = PromiseField(
    "You promise", width=12, hint="The figure you expect for that period, in the KPI's unit. Blank: as it is now.",
    id=FIGURE, holds=Holds.NUMBER,
)  # fmt: skip
WHY = PromiseField(
    "Why it has changed", width=34, hint="Where you change a figure: what has turned out otherwise, in a sentence.",
    id=REASON, holds=Holds.TEXT,
)  # fmt: skip

FIELDS: tuple[PromiseField, ...] = (FIGURE_NOW, WHY)
COLUMNS: tuple[ReturnColumn, ...] = (
    REF, KPI, ORG, PERIOD, PERIOD_WORDS, TARGET, LAST, FIRST, NOW, *FIELDS, STANDS,
)  # fmt: skip
