"""The register: what the events add up to. Nothing in it ever disappears.

An action is known by its id, or by its words at its subject: the same words about the same KPI and org in a later
return are the same action, and another date in them is a move. The laws that hold for any events: the actions opened
are those open, done, dropped and replaced; the first date of an action never changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from xlperf.rules.actions.action import Action, ActionStatus, Move, Progress
from xlperf.rules.actions.event import (
    AGREED,
    DUE,
    EVIDENCE,
    ORG,
    OWNER,
    PROGRESS,
    REASON,
    REF,
    STATUS,
    WHAT,
    ActionEvent,
    ActionKey,
    EventSource,
    words_of,
)
from xlperf.rules.iso_day import day_of
from xlperf.rules.typed_over import typed_over

_REPLACED = re.compile(r"replaced(?: by)?[:\s]*(.*)", re.IGNORECASE | re.DOTALL)


def register(events: Iterable[ActionEvent], ids: Mapping[ActionKey, str] | None = None) -> tuple[Action, ...]:
    """The register that some events add up to: every action, in the order in which they were opened.

    Args:
        events: in the order in which they count.
        ids: the ids that were given, by (ref, org, words).
    """
    folding = _Folding(dict(ids or {}))
    for event in events:
        folding.add(event)
    return tuple(folding.actions)


class _Folding:
    """The actions so far, and where each is found."""

    def __init__(self, ids: Mapping[ActionKey, str]) -> None:
        self._ids = ids
        self._place_by_id: dict[str, int] = {}
        self._place_by_key: dict[ActionKey, int] = {}
        self._opened_with: dict[tuple[str, ...], int] = {}
        self._also_given_with: set[int] = set()
        self._said_in_columns: dict[int, dict[str, str]] = {}
        self.actions: list[Action] = []

    def add(self, event: ActionEvent) -> None:
        """Open the action that the event is about, or change it."""
        place = self._place(event)
        if place is None:
            if event.what and words_of(event.what):
                self._open(event)
            return
        before = self.actions[place]
        if event.figure and self._opened_with.get(event.figure) != place:
            self._also_given_with.add(place)
        if not event.is_replaced:
            self._keep(place, _changed(before, self._new_in(event, place)))

    def _new_in(self, event: ActionEvent, place: int) -> ActionEvent:
        """The event without the owner and date that the columns of a return merely repeat.

        A return is issued with what its owner said last, and *Still right* repeats it: that takes back nothing that was
        changed since on the sheet Actions or by the team.
        """
        if event.source is not EventSource.COLUMNS:
            return event
        said = self._said_in_columns.get(place, {})
        self._said_in_columns[place] = {**said, **event.given}
        return replace(event, given={cell: text for cell, text in event.given.items() if said.get(cell) != text})

    def _place(self, event: ActionEvent) -> int | None:
        """Where the action is; by its id only if it is known by the words too.

        Ledgers that were apart may have given one id to two actions. In a master or a return of one of them it then
        still means the action that has another id by now.
        """
        key = event.key
        by_id = self._place_by_id.get(event.action_id.casefold())
        return by_id if by_id is not None and key in self.actions[by_id].words else self._place_by_key.get(key)

    def _open(self, event: ActionEvent) -> None:
        key = event.key
        opened = Action(
            event.about, event.what.strip(), key, frozenset({key}), self._ids.get(key, ""),
            opened=event.day, opened_by=event.named, last_period=event.period, last_spoken=event.day,
        )  # fmt: skip
        place = len(self.actions)
        self.actions.append(opened)
        self._keep(place, _changed(opened, self._new_in(replace(event, over=None), place)))
        if event.figure:
            self._take_place_of_the_last(event, place)

    def _take_place_of_the_last(self, event: ActionEvent, place: int) -> None:
        """Where the same return came again with other words, the action of the first is replaced by that of the last.

        So a slip that an owner corrects does not stay in the register as a promise of its own. One that was also given
        with another figure, or of which anything was said since, was a promise and stays.
        """
        last = self._opened_with.get(event.figure)
        self._opened_with.setdefault(event.figure, place)
        if last is None or event.is_replaced or last in self._also_given_with:
            return
        before = self.actions[last]
        if before.is_open and not before.progress and not before.agreed:
            self._opened_with[event.figure] = place
            by = self.actions[place].id or self.actions[place].what
            self._keep(last, replace(before, status=ActionStatus.REPLACED, replaced_by=by, closed=event.day))

    def _keep(self, place: int, action: Action) -> None:
        self.actions[place] = action
        if action.id:
            self._place_by_id[action.id.casefold()] = place
        for key in action.words:
            self._place_by_key.setdefault(key, place)
            if key in self._ids:
                self._place_by_id.setdefault(self._ids[key].casefold(), place)


def _changed(action: Action, event: ActionEvent) -> Action:
    """The action after an event."""
    given, disputed = event.given, action.disputed
    if event.over is not None:
        given, disputed = typed_over(action.cells, given, event.over, disputed, event.named)
    changed = _reworded(replace(action, disputed=disputed), given)
    changed = _moved(changed, given, event)
    changed = _spoken_of(changed, given, event)
    return _closed(changed, given, event, was=action)


def _reworded(action: Action, given: Mapping[str, str]) -> Action:
    """With other words, owner, subject or meeting, where they are given. It is known by its former words too."""
    about = (given.get(REF) or action.about[0], given.get(ORG) or action.about[1])
    what = given.get(WHAT, "").strip() or action.what
    return replace(
        action,
        about=about,
        what=what,
        words=action.words | {(*about, words_of(what))},
        owner=given.get(OWNER) or action.owner,
        agreed=given.get(AGREED, action.agreed),
        evidence=given.get(EVIDENCE, action.evidence),
        reason=given.get(REASON, action.reason),
    )


def _moved(action: Action, given: Mapping[str, str], event: ActionEvent) -> Action:
    """With another date, where one is given. Words that are no date move nothing."""
    due = day_of(given.get(DUE, ""))
    if due is None or due == action.due or not (action.is_open or event.source is not EventSource.COLUMNS):
        return action
    if action.due is None:
        return replace(action, due=due, first_due=action.first_due or due)
    move = Move(action.due, due, given.get(REASON, ""), event.named, event.day)
    return replace(action, due=due, moves=(*action.moves, move))


def _spoken_of(action: Action, given: Mapping[str, str], event: ActionEvent) -> Action:
    """With what is said of how it goes."""
    text = given.get(PROGRESS, "").strip()
    if not text:
        return action
    spoken = Progress(text, event.named, event.day)
    return replace(
        action,
        progress=(*action.progress, spoken),
        last_period=event.period,
        last_spoken=event.day or action.last_spoken,
    )


def _closed(action: Action, given: Mapping[str, str], event: ActionEvent, was: Action) -> Action:
    """With another status, where one is given that is one; and open again where it was closed and is promised anew."""
    if event.source is EventSource.COLUMNS:
        return _promised_anew(action, given, event, was)
    status, replaced_by = status_of(given.get(STATUS, ""))
    if status is None or (status, replaced_by) == (action.status, action.replaced_by):
        return action
    is_reopened = status is ActionStatus.OPEN
    return replace(
        action,
        status=status,
        replaced_by=replaced_by,
        closed=None if is_reopened else action.closed or event.day,
        reopened=action.reopened + is_reopened,
        last_period=event.period,
        last_spoken=event.day or action.last_spoken,
    )


def _promised_anew(action: Action, given: Mapping[str, str], event: ActionEvent, was: Action) -> Action:
    """Open again, if its words are given again with a date after the day on which it was closed."""
    due = day_of(given.get(DUE, ""))
    if was.is_open or was.closed is None or due is None or due == was.due or due <= was.closed:
        return action
    opened = replace(action, status=ActionStatus.OPEN, replaced_by="", closed=None, reopened=action.reopened + 1)
    return replace(_moved(opened, given, event), last_period=event.period, last_spoken=event.day)


def status_of(text: str) -> tuple[ActionStatus | None, str]:
    """The status that a text names, in any capitals, and what took its place; None where it is none."""
    words = " ".join(text.split())
    for status in (ActionStatus.OPEN, ActionStatus.DONE, ActionStatus.DROPPED):
        if words.casefold() == status.casefold():
            return status, ""
    match = _REPLACED.fullmatch(words)
    return (ActionStatus.REPLACED, match[1].strip()) if match and match[1].strip() else (None, "")


def silent_for(action: Action, ends: Mapping[str, date]) -> int:
    """How many reporting periods have gone by since the last in which anything was said of the action.

    Args:
        action: as it stands.
        ends: by the key of each reporting period up to the present one, in order, its last day.
    """
    keys = list(ends)
    if action.last_period in ends:
        return len(keys) - 1 - keys.index(action.last_period)
    return sum(action.last_spoken is None or last_day > action.last_spoken for last_day in ends.values())
