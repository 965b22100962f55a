"""The contract of a return workbook: its tables, and every column's header.

The same headers serve writing, reading, the template's formulas and the messages to owners.
"""

from __future__ import annotations

from xlperf.returns import fields
from xlperf.returns.fields import FIELDS, ORG, PERIOD, REF, Column, Field, Role, Use

TABLE = "tbl_return"
SIGN_OFF_TABLE = "tbl_signoff"
IDENTITY_TABLE = "tbl_identity"
GLOSSARY_TABLE = "tbl_glossary"
TABLES = (TABLE, SIGN_OFF_TABLE, IDENTITY_TABLE)
"""The tables read back from a return."""

SHEETS = ("Read me", "Return", "Glossary", "xlperf")
"""The sheets of the template; a sheet of another name is one that was added, unless one of the tables is on it."""

KPI = Column("KPI", Role.SHOWN, 30)
DEFINITION = Column("Definition", Role.SHOWN, 44)
UNIT = Column("Unit", Role.SHOWN, 8)
BETTER = Column("Better", Role.SHOWN, 11)
TARGET = Column("Target", Role.SHOWN, 15)
THIRD_LAST = Column("Third last", Role.SHOWN, 10)
SECOND_LAST = Column("Second last", Role.SHOWN, 10)
LAST = Column("Last", Role.SHOWN, 10)
RESULT = Column("Result", Role.FORMULA, 11)
RAG = Column("RAG", Role.FORMULA, 13)
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

_BESIDE_RESULT = FIELDS.index(fields.NOT_APPLICABLE)
FIGURES: tuple[Field, ...] = FIELDS[:_BESIDE_RESULT]
"""The cells that a figure is given in; what it comes to stands beside them."""
ANSWERS = tuple(field for field in FIELDS if field.use is Use.ANSWER)

COLUMNS: tuple[Column, ...] = (
    REF, KPI, DEFINITION, ORG, PERIOD, UNIT, BETTER, TARGET, THIRD_LAST, SECOND_LAST, LAST,
    *FIGURES, RESULT, RAG, *FIELDS[_BESIDE_RESULT:], NEEDED,
    INPUT_KIND, FACTOR, GREEN_FROM, GREEN_TO, AMBER_FROM, AMBER_TO, LOWEST, HIGHEST, WHOLE, DOUBTFUL_TO,
    COMMENTARY_FOR, ACTION_FOR, NEEDS,
)  # fmt: skip

READ_BACK: tuple[Column, ...] = (REF, ORG, PERIOD, *FIELDS)
"""The columns read from a return; everything else in it is xlperf's own and is worked out again."""

TEMPLATE_VERSION = str(max(column.since for column in COLUMNS))
"""A column that is added has a higher `since` than those that are out."""


def read_back_from(template: str) -> tuple[Column, ...]:
    """The columns read from a return that was issued from a template of this version; newer ones are empty there."""
    # A version that is no number was never issued; nothing is then missed that the first template lacked.
    version = int(template) if template.isdecimal() else 1
    return tuple(column for column in READ_BACK if column.since <= version)


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
