"""The cells of a figure that was accepted before, as its owner would type them again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from xlperf.returns import fields, layout
from xlperf.returns.fields import Field, Holds
from xlperf.returns.figure import FieldValue, Figure
from xlperf.returns.last_words import OF_ACTION, SaidLast, said_with, taken

FilledValue = str | int | float | date | None


def filled_in(accepted: Figure | None, last: SaidLast) -> Iterator[tuple[str, FilledValue]]:
    """The cells of a figure accepted earlier for the same period, for the owner to confirm or correct.

    What its owner kept of the last words is kept in the same way, if these have not changed since; else filled in.
    """
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
    left_empty = _left_empty(accepted, last)
    for field in layout.ANSWERS:
        # The reason goes with 'not applicable', above.
        if field is not fields.NOT_APPLICABLE_REASON and field.id not in left_empty:
            yield field.header, _answered(field, accepted.answer(field.id))


def _left_empty(accepted: Figure, last: SaidLast) -> Collection[str]:
    """The fields that stay empty: those kept by Still right, or else that itself."""
    said = said_with(accepted)
    typed = [name for name, value in said.items() if last.get(name) != value]
    if fields.ACTION.id in typed:
        typed += [name for name in OF_ACTION if name in said]
    kept = taken(last, typed)
    is_the_same = {**{name: said[name] for name in typed}, **kept} == said
    return kept if accepted.answer(fields.STILL_RIGHT.id) and kept and is_the_same else [fields.STILL_RIGHT.id]


def _answered(field: Field, answer: FieldValue) -> FilledValue:
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
