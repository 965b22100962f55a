"""What people typed about a line of enquiry: another wording, that it is left out, and the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from xlperf.rules.iso_day import day_of
from xlperf.rules.typed_over import Disputed, changes_typed

EnquiryKey = tuple[str, str, str, str, str]
"""By what a line of enquiry is known: (meeting, reporting period, kind, ref, org)."""

QUESTION, LEFT_OUT, ANSWER, ANSWERED_BY, ANSWERED_ON = "question", "left_out", "answer", "answered_by", "answered_on"
CELLS = (QUESTION, LEFT_OUT, ANSWER, ANSWERED_BY, ANSWERED_ON)
"""The ids of what people type, each a text; the day is an ISO date."""


YES = "Yes"
"""What is typed where one is left out."""


def is_taken(cell: str, text: str) -> bool:
    """Whether a text can stand in a cell: a date where a day is wanted, Yes or a blank where it may be left out."""
    if cell == ANSWERED_ON:
        return not text or day_of(text) is not None
    return cell != LEFT_OUT or text.casefold() in ("", YES.casefold())


@dataclass(frozen=True, slots=True)
class TypedOver:
    """What was typed at one time: the texts, what they stood over, where it was read and on which day."""

    given: Mapping[str, str]
    over: Mapping[str, str]
    named: str
    on: date | None


@dataclass(frozen=True, slots=True)
class EnquirySaid:
    """What stands of what was typed about one line of enquiry.

    Attributes:
        cells: by its id the text of each cell that somebody typed into; a cleared one is "".
        answered: the day on which the answer that stands was read; None where there is none.
        disputed: see `Disputed`.
    """

    cells: Mapping[str, str] = field(default_factory=dict)
    answered: date | None = None
    disputed: tuple[Disputed, ...] = ()

    @property
    def question(self) -> str:
        """Its words where somebody has edited it; "" for those that the rule gives."""
        return self.cells.get(QUESTION, "")

    @property
    def is_left_out(self) -> bool:
        """Whether the team has struck it."""
        return bool(self.cells.get(LEFT_OUT, ""))

    @property
    def is_anything(self) -> bool:
        """Whether anything that was typed still stands."""
        return any(self.cells.values()) or bool(self.disputed)

    @property
    def answer(self) -> str:
        """The answer; "" for none yet."""
        return self.cells.get(ANSWER, "")

    @property
    def answered_by(self) -> str:
        """Who answered it."""
        return self.cells.get(ANSWERED_BY, "")

    @property
    def answered_on(self) -> date | None:
        """When it was answered, as typed; None where no day was."""
        return day_of(self.cells.get(ANSWERED_ON, ""))


def said_of(typed: Iterable[TypedOver]) -> EnquirySaid:
    """What stands after all that was typed about one line of enquiry, in the order in which it was read."""
    said = EnquirySaid()
    for each in typed:
        # A rule may word its question otherwise by now; who types over that has seen all that a person had typed.
        now = {cell: said.cells.get(cell) or each.over.get(cell, "") for cell in CELLS}
        now |= {cell: text for cell, text in said.cells.items() if cell != QUESTION}
        changes, unseen = changes_typed(each.given, each.over, now)
        disputed = tuple(dispute for dispute in said.disputed if dispute.cell not in changes)
        disputed += tuple(Disputed(cell, changes[cell], each.named) for cell in unseen if is_taken(cell, changes[cell]))
        counted = {cell: text for cell, text in changes.items() if cell not in unseen and is_taken(cell, text)}
        answered = each.on if counted.get(ANSWER) else None if ANSWER in counted else said.answered
        said = replace(said, cells={**said.cells, **counted}, answered=answered, disputed=disputed)
    return said
