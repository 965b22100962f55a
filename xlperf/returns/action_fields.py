"""The columns of a return's sheet Actions: what its owner has promised, and the cells for how it goes."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field

from xlperf.returns.fields import Holds, ReturnColumn, Role
from xlperf.rules.actions.event import DUE, EVIDENCE, PROGRESS, REASON, STATUS

TABLE, SHEET, SINCE = "tbl_actions", "Actions", 3
"""The table and sheet, and the first version of the template with them."""


@dataclass(frozen=True, slots=True)
class ActionField(ReturnColumn):
    """A column that the owner fills in; `id` is one of `rules.actions.event.CELLS`."""

    _: KW_ONLY
    role: Role = field(default=Role.INPUT, init=False)
    id: str
    holds: Holds


NUMBER = ReturnColumn("Action no.", Role.SHOWN, 9)
REF = ReturnColumn("Ref", Role.SHOWN, 7)
KPI = ReturnColumn("KPI", Role.SHOWN, 24)
ORG = ReturnColumn("Org", Role.SHOWN, 8)
ACTION = ReturnColumn("Action", Role.SHOWN, 36)
WHO = ReturnColumn("Who", Role.SHOWN, 18)
FIRST_DUE = ReturnColumn("First promised for", Role.SHOWN, 13)
DUE_NOW = ReturnColumn("Due now", Role.SHOWN, 13)
STANDS = ReturnColumn("How it stands", Role.SHOWN, 26)
LAST_PROGRESS = ReturnColumn("Last progress", Role.SHOWN, 30)
DONE = ActionField("Done", width=8, hint="Yes once it is done.", id=STATUS, holds=Holds.YES)
PROGRESS_NOW = ActionField("Progress", width=36, hint="How it goes, in a sentence.", id=PROGRESS, holds=Holds.TEXT)
NEW_DATE = ActionField(
    "New date", width=12, hint="Only if it cannot be done by the date due, as day/month/year.", id=DUE, holds=Holds.DATE
)
WHY = ActionField("Why the date has moved", width=28, hint="With a new date.", id=REASON, holds=Holds.TEXT)
EVIDENCE_NOW = ActionField(
    "Evidence", width=28, hint="With Done: what shows that it is done.", id=EVIDENCE, holds=Holds.TEXT
)

FIELDS: tuple[ActionField, ...] = (PROGRESS_NOW, DONE, EVIDENCE_NOW, NEW_DATE, WHY)
COLUMNS: tuple[ReturnColumn, ...] = (
    NUMBER, REF, ORG, KPI, ACTION, WHO, FIRST_DUE, DUE_NOW, STANDS, LAST_PROGRESS, *FIELDS,
)  # fmt: skip
