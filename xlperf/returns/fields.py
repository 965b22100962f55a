"""The fields that an owner fills in for each figure, each defined once.

The columns of the return with their formats and lists, the values read back, the ledger's record of a figure, the
columns of history files, and those of *Data* are all derived from `FIELDS`. A new field is one record in it.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum

from xlperf.rules import answers_owed

YES, NO = "Yes", "No"


class Role(StrEnum):
    """What a column of the return is for."""

    SHOWN = "shown"
    INPUT = "input"
    FORMULA = "formula"
    HELPER = "helper"


@dataclass(frozen=True, slots=True)
class ReturnColumn:
    """One column of the Return table; `width` is in characters."""

    header: str
    role: Role
    width: float
    hint: str = ""
    """The hint that Excel shows when the cell is selected."""
    _: KW_ONLY
    since: int = 1
    """The first version of the template with this column; returns issued from earlier ones do not have it."""


class Holds(StrEnum):
    """The type of a field, which decides the format of its cells, Excel's check, and how it is read back and stored."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes or no"
    YES = "yes"
    STATUS = "status of a milestone"


class Use(StrEnum):
    """How a field relates to the figure of its row."""

    FIGURE = "figure"
    """The figure itself, or a part of it; of these only the ones that the KPI needs are filled in."""
    ANSWER = "answer"
    """Goes with the figure; without a figure it is not kept."""
    RESTATEMENT = "restatement"
    """About the previous period's figure; it counts even if the row's own figure is refused."""


@dataclass(frozen=True, slots=True)
class Field(ReturnColumn):
    """One field that owners fill in. A released header never changes."""

    _: KW_ONLY
    role: Role = field(default=Role.INPUT, init=False)
    id: str
    """The name of the field in the ledger's record of a figure."""
    holds: Holds
    use: Use = Use.ANSWER
    is_in_history: bool = True
    """Whether a history file may have a column of this header, in upper or lower case."""
    is_in_data: bool = True
    """Whether *Data* has a column of this header; some of the first fields have a different header there."""
    needed_as: str = ""
    """Its name in the column 'Still needed', one of the names in `rules.answers_owed`; "" if it is never needed."""
    missing: str = ""
    """The code of the finding if it is needed and empty."""
    release: str = "0.1.0"
    """The first version of xlperf with this field, which adds its column to *Data* in older masters."""


REF = ReturnColumn("Ref", Role.SHOWN, 7)
ORG = ReturnColumn("Org", Role.SHOWN, 8)
PERIOD = ReturnColumn("Period", Role.SHOWN, 11)

NUMERATOR = Field(
    "Numerator",
    width=10,
    hint="The number counted. See Definition.",
    id="numerator",
    holds=Holds.NUMBER,
    use=Use.FIGURE,
)
DENOMINATOR = Field(
    "Denominator",
    width=13,
    hint="What it is counted out of. See Definition.",
    id="denominator",
    holds=Holds.NUMBER,
    use=Use.FIGURE,
)
ACTUAL = Field(
    "Actual",
    width=9,
    hint="One number, in the unit shown. For 95 % type 95.",
    id="actual",
    holds=Holds.NUMBER,
    use=Use.FIGURE,
)
MILESTONE = Field(
    "Milestone",
    width=10,
    hint="Choose where the milestone stands.",
    id="milestone",
    holds=Holds.STATUS,
    use=Use.FIGURE,
)
NOT_APPLICABLE = Field(
    "Not applicable",
    width=13,
    hint="Yes only if the KPI cannot apply in this period.",
    id="not_applicable",
    holds=Holds.YES,
    use=Use.FIGURE,
    is_in_data=False,
)
NOT_APPLICABLE_REASON = Field(
    "Reason not applicable",
    width=24,
    hint="Why it does not apply.",
    id="reason_not_applicable",
    holds=Holds.TEXT,
    needed_as=answers_owed.REASON,
    missing="R014",
)
COMMENTARY = Field(
    "Commentary",
    width=44,
    hint="What explains the figure.",
    id="commentary",
    holds=Holds.TEXT,
    needed_as=answers_owed.COMMENTARY,
    missing="A001",
)
CAUSE = Field(
    "Cause",
    width=30,
    hint="The root cause, where it is off target.",
    id="cause",
    holds=Holds.TEXT,
    is_in_history=False,
)
ACTION = Field(
    "Action",
    width=36,
    hint="What is being done about it.",
    id="action",
    holds=Holds.TEXT,
    is_in_history=False,
    needed_as=answers_owed.ACTION,
    missing="A002",
)
ACTION_OWNER = Field(
    "Action owner",
    width=20,
    hint="Who will do it: a role is enough.",
    id="action_owner",
    holds=Holds.TEXT,
    is_in_history=False,
    needed_as=answers_owed.ACTION_OWNER,
    missing="A003",
)
ACTION_DUE = Field(
    "Action due",
    width=12,
    hint="The date it will be done by, as day/month/year.",
    id="action_due",
    holds=Holds.DATE,
    is_in_history=False,
    needed_as=answers_owed.ACTION_DUE,
    missing="A003",
)
FORECAST = Field(
    "Forecast for year end",
    width=12,
    hint="The figure you expect at year end, in the unit shown.",
    id="forecast",
    holds=Holds.NUMBER,
    is_in_history=False,
)
RESTATED = Field(
    "Restated previous figure",
    width=13,
    hint="Only if the last figure was wrong. With parts: numerator/denominator, as 412/431.",
    id="restated",
    holds=Holds.TEXT,  # "412/431" is not a number
    use=Use.RESTATEMENT,
    is_in_history=False,
    is_in_data=False,
)
RESTATED_REASON = Field(
    "Reason for restatement",
    width=24,
    hint="Why the earlier figure changed.",
    id="reason_restated",
    holds=Holds.TEXT,
    use=Use.RESTATEMENT,
    is_in_history=False,
    needed_as=answers_owed.REASON_RESTATED,
    missing="A005",
)
CHANGED = Field(
    "Definition or source changed",
    width=13,
    hint="Yes if it is counted differently from last time.",
    id="changed",
    holds=Holds.YES_NO,
    is_in_history=False,
    is_in_data=False,
)
WHAT_CHANGED = Field(
    "What changed",
    width=24,
    hint="What is different, and since when.",
    id="what_changed",
    holds=Holds.TEXT,
    is_in_history=False,
    is_in_data=False,
    needed_as=answers_owed.WHAT_CHANGED,
    missing="A007",
)
VALIDATED = Field(
    "Data validated",
    width=11,
    hint="Yes once you have checked the figure against its source.",
    id="validated",
    holds=Holds.YES_NO,
    is_in_history=False,
    is_in_data=False,
    needed_as=answers_owed.VALIDATED,
    missing="A008",
)
PROVISIONAL = Field(
    "Provisional",
    width=11,
    hint="Yes if the figure may still change, as before a final count.",
    id="provisional",
    holds=Holds.YES_NO,
    since=2,
)
NO_PARTS = Field(
    "Why no parts",
    width=22,
    hint="Only if you have the figure and not its numerator and denominator: type it under Actual, and say why here.",
    id="no_parts",
    holds=Holds.TEXT,
    is_in_history=False,
    is_in_data=False,
    since=3,
    release="0.2.0",
)
STILL_RIGHT = Field(
    "Still right",
    width=9,
    hint="Yes keeps last time's commentary, cause, action and forecast in each of those cells that you leave empty.",
    id="still_right",
    holds=Holds.YES,
    is_in_history=False,
    since=3,
    release="0.2.0",
)

FIELDS: tuple[Field, ...] = (
    NUMERATOR, DENOMINATOR, ACTUAL, MILESTONE,
    NOT_APPLICABLE, NOT_APPLICABLE_REASON, COMMENTARY, CAUSE, ACTION, ACTION_OWNER, ACTION_DUE,
    FORECAST, RESTATED, RESTATED_REASON, CHANGED, WHAT_CHANGED, VALIDATED, PROVISIONAL, NO_PARTS, STILL_RIGHT,
)  # fmt: skip
"""In the order in which they came to be, new ones at the end; the return has its own order, `layout.COLUMNS`."""
