"""Keeping what was said last time, where an owner says that it is still right."""

from __future__ import annotations

from xlperf.findings import Finding
from xlperf.returns import fields
from xlperf.returns.figure import FieldValue, Figure
from xlperf.returns.last_words import KEPT, SaidLast, has_passed, taken
from xlperf.returns.typed_row import TypedRow


def keep_last_words(typed: TypedRow, answers: dict[str, FieldValue]) -> list[Finding]:
    """Put what Still right keeps into the answers of a row, by field id; a finding where it has nothing to keep.

    A cell with an Excel error, or with anything else that cannot be read, is not an empty one: nothing is put there.
    """
    words = typed.issued.last_words
    if not answers[fields.STILL_RIGHT.id]:
        return []
    if words:
        answers.update(_kept(typed, words))
        return []
    answers[fields.STILL_RIGHT.id] = False
    message = "nothing was said last time, so there is nothing to keep."
    if words is None:
        message = "what was said last time was not recorded with the return, so nothing is kept."
    return [typed.report(fields.STILL_RIGHT)("R058", message, found=fields.YES)]


def is_due_passed(typed: TypedRow, figure: Figure) -> bool:
    """Whether the figure of a row has the date of the last action, which had passed by when the return fell due."""
    words = typed.issued.last_words
    if not (words and figure.answer(fields.STILL_RIGHT.id)):
        return False
    return has_passed(_kept(typed, words), typed.issued.due)


def _kept(typed: TypedRow, words: SaidLast) -> SaidLast:
    return taken(words, [field.id for field in KEPT if not typed[field].is_blank])
