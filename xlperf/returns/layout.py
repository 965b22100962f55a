"""The contract of a return workbook: its tables, and every column's header.

The same headers serve writing, reading, the template's formulas and the messages to owners.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

TABLE = "tbl_return"
SIGN_OFF_TABLE = "tbl_signoff"
IDENTITY_TABLE = "tbl_identity"
GLOSSARY_TABLE = "tbl_glossary"
TABLES = (TABLE, SIGN_OFF_TABLE, IDENTITY_TABLE)
"""The tables read back from a return."""

SHEETS = ("Read me", "Return", "Glossary", "xlperf")
"""The sheets of the template; a sheet of another name is one that was added, unless one of the tables is on it."""

TEMPLATE_VERSION = "2"
"""Raised whenever a column is added, renamed or dropped."""

YES, NO = "Yes", "No"


class Role(StrEnum):
    """What a column is for."""

    SHOWN = "shown"
    INPUT = "input"
    FORMULA = "formula"
    HELPER = "helper"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the Return table; `width` is in characters."""

    header: str
    role: Role
    width: float
    hint: str = ""
    """What Excel shows beside the cell when an owner enters it."""


REF = Column("Ref", Role.SHOWN, 8)
KPI = Column("KPI", Role.SHOWN, 30)
DEFINITION = Column("Definition", Role.SHOWN, 44)
ORG = Column("Org", Role.SHOWN, 10)
PERIOD = Column("Period", Role.SHOWN, 12)
UNIT = Column("Unit", Role.SHOWN, 8)
BETTER = Column("Better", Role.SHOWN, 11)
TARGET = Column("Target", Role.SHOWN, 15)
THIRD_LAST = Column("Third last", Role.SHOWN, 10)
SECOND_LAST = Column("Second last", Role.SHOWN, 10)
LAST = Column("Last", Role.SHOWN, 10)
NUMERATOR = Column("Numerator", Role.INPUT, 12, "The number counted. See Definition.")
DENOMINATOR = Column("Denominator", Role.INPUT, 12, "What it is counted out of. See Definition.")
ACTUAL = Column("Actual", Role.INPUT, 11, "One number, in the unit shown. For 95 % type 95.")
MILESTONE = Column("Milestone", Role.INPUT, 12, "Choose where the milestone stands.")
RESULT = Column("Result", Role.FORMULA, 11)
RAG = Column("RAG", Role.FORMULA, 13)
NOT_APPLICABLE = Column("Not applicable", Role.INPUT, 11, "Yes only if the KPI cannot apply in this period.")
NOT_APPLICABLE_REASON = Column("Reason not applicable", Role.INPUT, 24, "Why it does not apply.")
COMMENTARY = Column("Commentary", Role.INPUT, 44, "What explains the figure.")
CAUSE = Column("Cause", Role.INPUT, 30, "The root cause, where it is off target.")
ACTION = Column("Action", Role.INPUT, 36, "What is being done about it.")
ACTION_OWNER = Column("Action owner", Role.INPUT, 20, "Who will do it: a role is enough.")
ACTION_DUE = Column("Action due", Role.INPUT, 12, "The date it will be done by, as day/month/year.")
FORECAST = Column("Forecast for year end", Role.INPUT, 12, "The figure you expect at year end, in the unit shown.")
RESTATED = Column(
    "Restated previous figure",
    Role.INPUT,
    13,
    "Only if the last figure was wrong. With parts: numerator/denominator, as 412/431.",
)
RESTATED_REASON = Column("Reason for restatement", Role.INPUT, 24, "Why the earlier figure changed.")
CHANGED = Column("Definition or source changed", Role.INPUT, 13, "Yes if it is counted differently from last time.")
WHAT_CHANGED = Column("What changed", Role.INPUT, 24, "What is different, and since when.")
VALIDATED = Column("Data validated", Role.INPUT, 11, "Yes once you have checked the figure against its source.")
PROVISIONAL = Column("Provisional", Role.INPUT, 11, "Yes if the figure may still change, as before a final count.")
NEEDED = Column("Still needed", Role.FORMULA, 32)
# Helpers: what the formulas reckon with. Hidden, locked, and never read back.
INPUT_KIND = Column("Input kind", Role.HELPER, 9)
FACTOR = Column("Factor", Role.HELPER, 9)
GREEN_FROM = Column("Green from", Role.HELPER, 9)
GREEN_TO = Column("Green to", Role.HELPER, 9)
AMBER_FROM = Column("Amber from", Role.HELPER, 9)
AMBER_TO = Column("Amber to", Role.HELPER, 9)
LOWEST = Column("Lowest", Role.HELPER, 9)
HIGHEST = Column("Highest", Role.HELPER, 9)
WHOLE = Column("Whole", Role.HELPER, 9)
DOUBTFUL_TO = Column("Doubtful to", Role.HELPER, 9)
COMMENTARY_FOR = Column("Commentary for", Role.HELPER, 9)
ACTION_FOR = Column("Action for", Role.HELPER, 9)
NEEDS = Column("Needs", Role.HELPER, 9)

COLUMNS: tuple[Column, ...] = (
    REF, KPI, DEFINITION, ORG, PERIOD, UNIT, BETTER, TARGET, THIRD_LAST, SECOND_LAST, LAST,
    NUMERATOR, DENOMINATOR, ACTUAL, MILESTONE, RESULT, RAG,
    NOT_APPLICABLE, NOT_APPLICABLE_REASON, COMMENTARY, CAUSE, ACTION, ACTION_OWNER, ACTION_DUE,
    FORECAST, RESTATED, RESTATED_REASON, CHANGED, WHAT_CHANGED, VALIDATED, PROVISIONAL, NEEDED,
    INPUT_KIND, FACTOR, GREEN_FROM, GREEN_TO, AMBER_FROM, AMBER_TO, LOWEST, HIGHEST, WHOLE, DOUBTFUL_TO,
    COMMENTARY_FOR, ACTION_FOR, NEEDS,
)  # fmt: skip

READ_BACK = (REF, ORG, PERIOD, *(column for column in COLUMNS if column.role is Role.INPUT))
"""The columns read from a return; everything else in it is xlperf's own and is worked out again."""

NOT_IN_TEMPLATE_1 = (PROVISIONAL,)
"""Columns that returns issued from an older template lack; they are read as empty there."""

UNBOUNDED = 1e300
"""Stands for an open end in a helper column: Excel cells hold no infinity."""

ITEM, ANSWER = "Item", "Answer"
COMPLETED_BY = "Completed by"
SIGNED_OFF_BY = "Executive sign-off: name"
SIGNED_OFF_ON = "Executive sign-off: date"
SIGN_OFF_ITEMS = (COMPLETED_BY, SIGNED_OFF_BY, SIGNED_OFF_ON)

GLOSSARY_COLUMNS = (
    "Ref", "KPI", "Definition", "Numerator", "Denominator", "Unit", "Better", "Target", "Tolerance", "Frequency",
    "Source", "Why it matters", "Key business question", "Section", "Strategic aim", "Benchmark", "Rolled up",
    "Rebased", "Responsible owner", "Executive owner",
)  # fmt: skip
"""The same glossary stands in every return and in the master."""
