"""The cells of a figure that was accepted before, as its owner would type them again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xlperf.returns import fields, layout
from xlperf.returns.fields import Field, Holds
from xlperf.returns.figure import FieldValue, Figure

CellValue = str | int | float | date | None


def filled_in(accepted: Figure | None) -> Iterator[tuple[str, CellValue]]:
    """The cells of a figure accepted earlier for the same period, for the owner to confirm or correct."""
    if accepted is None:
        return
    if accepted.not_applicable:
        yield fields.NOT_APPLICABLE.header, fields.YES
        yield fields.NOT_APPLICABLE_REASON.header, accepted.reason_not_applicable
    elif accepted.milestone:
        yield fields.MILESTONE.header, accepted.milestone
    elif accepted.denominator is not None:
        yield fields.NUMERATOR.header, accepted.numerator
        yield fields.DENOMINATOR.header, accepted.denominator
    else:
        yield fields.ACTUAL.header, accepted.actual
    for field in layout.ANSWERS:
        # The reason goes with 'not applicable', above.
        if field is not fields.NOT_APPLICABLE_REASON:
            yield field.header, _answered(field, accepted.answer(field.id))


def _answered(field: Field, answer: FieldValue) -> CellValue:
    """An answer as an owner would type it."""
    match field.holds:
        case Holds.YES_NO | Holds.YES:
            return fields.YES if answer else None
        case Holds.DATE:
            return date.fromisoformat(str(answer)) if answer else None
        case Holds.NUMBER:
            return answer
        case _:
            return answer or None
