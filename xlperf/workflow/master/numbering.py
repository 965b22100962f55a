"""Gives each new action its number, which it keeps for good."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xlperf.ledger import NumberedAction, Received, Record, State, TypedAction
from xlperf.ledger.action_events import action_events
from xlperf.rules.actions import Action, register
from xlperf.rules.actions.register import unnumbered

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
    again = {each.sha256 for each in returned}
    received = [each for each in state.received if each.sha256 not in again]
    # What is about to be recorded has no time yet, and comes after everything that has.
    events = action_events(received, [each for _, each in state.typed_actions])
    events += action_events(returned, typed)
    return tuple(_numbered(state, unnumbered(register(events, state.action_ids).actions)))


def _numbered(state: State, actions: Iterator[Action]) -> Iterator[NumberedAction]:
    taken = [int(digits[1]) for id_ in state.action_ids.values() if (digits := _NUMBER.match(id_))]
    for number, action in enumerate(actions, start=max(taken, default=0) + 1):
        ref, org, words = action.opened_as
        yield NumberedAction(f"A-{number:04}", ref, org, words)
