"""Data quality: how far a figure can be relied on, in four marks beside its RAG.

The four follow the NHS's data quality kitemarks: was the figure signed off, did it come in time, what did the last
audit find, and how robust are the systems. The return gives the first two, the catalogue the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

GREEN, AMBER, RED = "Green", "Amber", "Red"
NOT_KNOWN = ""
_GRAVEST_FIRST = (RED, AMBER, GREEN)
_WORDS = {GREEN: "good", AMBER: "fair", RED: "poor", NOT_KNOWN: ""}


@dataclass(frozen=True, slots=True)
class QualityMarks:
    """Four marks, each Green, Amber, Red, or "" where nobody has said."""

    sign_off: str = NOT_KNOWN
    timeliness: str = NOT_KNOWN
    audit: str = NOT_KNOWN
    systems: str = NOT_KNOWN

    @property
    def marks(self) -> tuple[str, str, str, str]:
        """Sign-off, timeliness, audit, systems."""
        return (self.sign_off, self.timeliness, self.audit, self.systems)

    @property
    def word(self) -> str:
        """`good`, `fair` or `poor`, by the worst of those that are known; "" where nothing at all is known."""
        return _WORDS[next((mark for mark in _GRAVEST_FIRST if mark in self.marks), NOT_KNOWN)]

    @property
    def words(self) -> str:
        """The marks in words: `sign-off Green, timeliness Amber, audit Green, systems not stated`."""
        names = (field.name.replace("_", "-") for field in fields(self))
        mark_words = [f"{name} {mark or 'not stated'}" for name, mark in zip(names, self.marks, strict=True)]
        return ", ".join(mark_words) if any(self.marks) else ""


def sign_off(*, signed: bool, validated: bool) -> str:
    """Green if the executive signed the return and the owner says the figure was validated; Amber for one."""
    return GREEN if signed and validated else AMBER if signed or validated else RED


def timeliness(returned: date | None, deadline: date, hard_close: date) -> str:
    """Green by the deadline, Amber by the hard close, else Red; a figure that was not returned is Red."""
    if returned is None:
        return RED
    return GREEN if returned <= deadline else AMBER if returned <= hard_close else RED


def worst_of(each: Iterable[QualityMarks]) -> QualityMarks:
    """The marks of a rolled-up figure: each is the worst among the figures it is made of."""
    columns = list(zip(*(confidence.marks for confidence in each), strict=True))
    return QualityMarks(*(next((mark for mark in _GRAVEST_FIRST if mark in column), NOT_KNOWN) for column in columns))
