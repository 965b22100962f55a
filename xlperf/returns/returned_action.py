"""An action on the sheet Actions of a return, as the ledger has it; apart, so that the ledger needs no reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class IssuedAction:
    """An action that a return was issued with: its number, and what it is known by (`rules.actions.ActionKey`)."""

    action: str
    ref: str
    org: str
    words: str


@dataclass(frozen=True, slots=True)
class ReturnedAction(IssuedAction):
    """The same with what its owner says of it: texts by `rules.actions.event.CELLS`, without the empty ones."""

    given: Mapping[str, str] = field(default_factory=dict)
