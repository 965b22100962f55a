"""What an owner said of an action, as a return and the ledger have it; apart, so that the ledger needs no reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReturnedAction:
    """What an owner says of one action: its number, and what was filled in, by `rules.actions.event.CELLS`."""

    action: str
    given: Mapping[str, str] = field(default_factory=dict)
