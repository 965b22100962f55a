"""Gives each new action its number, which it keeps for good."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xlperf.ledger import NumberedAction, Received, Record, State, TypedAction
from xlperf.ledger.action_events import action_events
from xlperf.rules.actions import Action, register

_NUMBER = re.compile(r"A-(\d+)")


def numbers_for(state: State, new: Sequence[Record]) -> tuple[NumberedAction, ...]:
    """The numbers of actions that have none yet, in the order in which they were opened.

    To be recorded under the lock, together with `new`.

    Args:
        state: the ledger before.
        new: what is about to be recorded.
    """
    returned = [each for each in new if isinstance(each, Received)]
    typed = [each for each in new if isinstance(each, TypedAction)]
    actions = _with(state, returned, typed) if returned or typed else state.actions
    return tuple(_numbered(state, [action for action in actions if not action.id]))


def _with(state: State, returned: Sequence[Received], typed: Sequence[TypedAction]) -> Sequence[Action]:
    """The register with what is about to be recorded, which has no time yet, and comes after all that has."""
    again = {each.sha256 for each in returned}
    received = [each for each in state.received if each.sha256 not in again]
    events = action_events(received, [each for _, each in state.typed_actions], state.imports)
    return register([*events, *action_events(returned, typed)], state.action_ids)


def _numbered(state: State, actions: Sequence[Action]) -> Iterator[NumberedAction]:
    taken = [int(digits[1]) for id_ in state.action_ids.values() if (digits := _NUMBER.match(id_))]
    for number, action in enumerate(actions, start=max(taken, default=0) + 1):
        ref, org, words = action.opened_as
        yield NumberedAction(f"A-{number:04}", ref, org, words)
