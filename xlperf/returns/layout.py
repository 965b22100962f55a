"""The layout of a return workbook: its tables and their columns.

The same headers are used in writing, reading, the template's formulas and the messages to owners.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from xlperf.returns import action_fields, fields, promise_fields
from xlperf.returns.fields import FIELDS, ORG, PERIOD, REF, Field, ReturnColumn, Role, Use
from xlperf.tables import optional

TABLE = "tbl_return"
SIGN_OFF_TABLE = "tbl_signoff"
IDENTITY_TABLE = "tbl_identity"
GLOSSARY_TABLE = "tbl_glossary"
TABLES = (TABLE, SIGN_OFF_TABLE, IDENTITY_TABLE)
"""The tables read back from a return."""

SHEETS = ("Read me", "Return", action_fields.SHEET, promise_fields.SHEET, "Glossary", "xlperf")
"""The sheets that a return may have. A sheet of any other name was added, unless one of the tables is on it."""

KPI = ReturnColumn("KPI", Role.SHOWN, 24)
TO_GIVE = ReturnColumn("What to give", Role.SHOWN, 24, since=3)
"""Which cells of the row are filled in, and with what."""
DEFINITION = ReturnColumn("Definition", Role.SHOWN, 44)
UNIT = ReturnColumn("Unit", Role.SHOWN, 8)
BETTER = ReturnColumn("Better", Role.SHOWN, 11)
TARGET = ReturnColumn("Target", Role.SHOWN, 13)
THIRD_LAST = ReturnColumn("Third last", Role.SHOWN, 10)
SECOND_LAST = ReturnColumn("Second last", Role.SHOWN, 10)
LAST = ReturnColumn("Last", Role.SHOWN, 8)
A_YEAR_AGO = ReturnColumn("A year ago", Role.SHOWN, 10, since=3)
LAST_PERIODS = ReturnColumn("Last 12 periods", Role.SHOWN, 18, since=3)
"""A small chart, in text; see `report.spark`."""
BENCHMARK = ReturnColumn("Benchmark", Role.SHOWN, 24, since=3)
# What the owner said last time; each stands before the field that asks for it again.
LAST_COMMENTARY = ReturnColumn("Last commentary", Role.SHOWN, 36, since=3)
LAST_CAUSE = ReturnColumn("Last cause", Role.SHOWN, 24, since=3)
LAST_ACTION = ReturnColumn("Last action", Role.SHOWN, 30, since=3)
LAST_FORECAST = ReturnColumn("Last forecast", Role.SHOWN, 12, since=3)
RESULT = ReturnColumn("Result", Role.FORMULA, 8)
RAG = ReturnColumn("RAG", Role.FORMULA, 11)
IN_PERIOD = ReturnColumn("In the period", Role.FORMULA, 11, since=2)
"""Of a figure to date, what the period adds to the one before."""
NEEDED = ReturnColumn("Still needed", Role.FORMULA, 20)
# Helpers: inputs of the formulas. Hidden, locked, and never read back.
INPUT_KIND = ReturnColumn("Input kind", Role.HELPER, 9)
FACTOR = ReturnColumn("Factor", Role.HELPER, 9)
GREEN_FROM = ReturnColumn("Green from", Role.HELPER, 9)
GREEN_TO = ReturnColumn("Green to", Role.HELPER, 9)
AMBER_FROM = ReturnColumn("Amber from", Role.HELPER, 9)
AMBER_TO = ReturnColumn("Amber to", Role.HELPER, 9)
LOWEST = ReturnColumn("Lowest", Role.HELPER, 9)
HIGHEST = ReturnColumn("Highest", Role.HELPER, 9)
WHOLE = ReturnColumn("Whole", Role.HELPER, 9)
DOUBTFUL_TO = ReturnColumn("Doubtful to", Role.HELPER, 9)
COMMENTARY_FOR = ReturnColumn("Commentary for", Role.HELPER, 9)
ACTION_FOR = ReturnColumn("Action for", Role.HELPER, 9)
NEEDS = ReturnColumn("Needs", Role.HELPER, 9)
KEEPS = ReturnColumn("Keeps", Role.HELPER, 9, since=3)
"""The names of what Still right keeps, with a comma between them; blank where nothing was said last time."""
KEPT = ReturnColumn("Kept", Role.HELPER, 9, since=3)
"""The same, each name between commas, where the row says Still right; else blank."""
# The figure to date of the period before; 0 where a year begins, and blank where it is not known.
NUMERATOR_BEFORE = ReturnColumn("Numerator before", Role.HELPER, 9, since=2)
DENOMINATOR_BEFORE = ReturnColumn("Denominator before", Role.HELPER, 9, since=2)
ACTUAL_BEFORE = ReturnColumn("Actual before", Role.HELPER, 9, since=2)
BEFORE = (NUMERATOR_BEFORE, DENOMINATOR_BEFORE, ACTUAL_BEFORE)
PAST_DUE = GREEN_FROM
"""Of a milestone, which has no limits: 1 where its date has come by the end of the period. Templates that were restyled
before have no other column for it."""

_BESIDE_RESULT = FIELDS.index(fields.NOT_APPLICABLE)
FIGURES: tuple[Field, ...] = FIELDS[:_BESIDE_RESULT]
"""The fields of the figure itself; the column Result follows them."""
ANSWERS = tuple(field for field in FIELDS if field.use is Use.ANSWER)

FIRST_SCREEN: tuple[ReturnColumn, ...] = (
    REF, KPI, ORG, PERIOD, TO_GIVE, TARGET, LAST, *FIGURES, RESULT, RAG, NEEDED,
)  # fmt: skip
"""What an owner sees without scrolling: what is asked, the cells for it, and what comes of it."""
_WORDS: tuple[ReturnColumn, ...] = (
    fields.VALIDATED, fields.STILL_RIGHT, LAST_COMMENTARY, fields.COMMENTARY, LAST_CAUSE, fields.CAUSE,
    LAST_ACTION, fields.ACTION, fields.ACTION_OWNER, fields.ACTION_DUE, LAST_FORECAST, fields.FORECAST,
    fields.NO_PARTS,
)  # fmt: skip
"""The fields that are asked for most, before all others, with what was said last time."""

COLUMNS: tuple[ReturnColumn, ...] = (
    *FIRST_SCREEN, *_WORDS, *(field for field in FIELDS if field not in (*FIGURES, *_WORDS)),
    DEFINITION, UNIT, BETTER, SECOND_LAST, THIRD_LAST, A_YEAR_AGO, LAST_PERIODS, BENCHMARK, IN_PERIOD,
    INPUT_KIND, FACTOR, GREEN_FROM, GREEN_TO, AMBER_FROM, AMBER_TO, LOWEST, HIGHEST, WHOLE, DOUBTFUL_TO,
    COMMENTARY_FOR, ACTION_FOR, NEEDS, *BEFORE, KEEPS, KEPT,
)  # fmt: skip

SOMETIMES: tuple[Field, ...] = (
    fields.NOT_APPLICABLE, fields.NOT_APPLICABLE_REASON, fields.RESTATED, fields.RESTATED_REASON, fields.CHANGED,
    fields.WHAT_CHANGED, fields.PROVISIONAL, fields.NO_PARTS,
)  # fmt: skip
"""The fields that few rows need, which look less urgent than those that every row does."""

READ_BACK: tuple[ReturnColumn, ...] = (REF, ORG, PERIOD, *FIELDS)
"""The columns read from a return; all others are xlperf's own and are calculated again."""

_CALCULATED_AGAIN = frozenset(column.header for column in COLUMNS if column.role in (Role.FORMULA, Role.HELPER))
LOOKED_AT: Mapping[str, Collection[str]] = {
    TABLE: _CALCULATED_AGAIN, SIGN_OFF_TABLE: (), IDENTITY_TABLE: (), optional(action_fields.TABLE): (),
    optional(promise_fields.TABLE): (),
}  # fmt: skip
"""The tables read back from a return, each with the headers of the columns in which nobody looks.

Returns of earlier templates have no table of actions, and most have none of a recovery path.
"""

TEMPLATE_VERSION = str(max(column.since for column in COLUMNS))
"""The version of the template: the highest `since` of its columns."""


def had_by(template: str, columns: tuple[ReturnColumn, ...]) -> tuple[ReturnColumn, ...]:
    """Those of some columns that a template of this version has."""
    # A version that is not a number was never issued; then only the columns of the first template are expected.
    version = int(template) if template.isdecimal() else 1
    return tuple(column for column in columns if column.since <= version)


def read_back_from(template: str) -> tuple[ReturnColumn, ...]:
    """The columns read from a return issued from a template of this version."""
    return had_by(template, READ_BACK)


UNBOUNDED = 1e300
"""Stands for an open end in a helper column, as Excel has no infinity."""

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
"""The headers of the glossary, which is the same in every return and in the master."""
