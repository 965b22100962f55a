"""What the ledger has about actions, as events in the order in which they count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from xlperf.errors import UsageError
from xlperf.ledger.action_records import NumberedAction, TypedAction
from xlperf.ledger.records import Imported, Received
from xlperf.period import Period
from xlperf.returns.figure import Figure
from xlperf.returns.figure_columns import having
from xlperf.rules.actions.event import DUE, ORG, OWNER, REF, WHAT, ActionEvent, ActionKey, EventSource


def action_events(
    received: Sequence[Received], typed: Iterable[TypedAction], imports: Iterable[Imported] = ()
) -> list[ActionEvent]:
    """The events of accepted returns, of what was typed and of imports, in the order in which they came in.

    Args:
        received: every file, in the order in which they count; see `State.received`.
        typed: in order of their runs.
        imports: in order of their runs.
    """
    events = [_of_typed(each) for each in typed]
    for batch in imports:
        events += _of_figures(batch.figures, batch.at, f"import of {batch.file}")
    for each, is_replaced in in_order_of_coming(received):
        events += _of_return(each, is_replaced=is_replaced)
    # What was typed was typed before the same collation read what had come in.
    return sorted(events, key=lambda event: (event.at, event.source is not EventSource.TYPED))


def in_order_of_coming(received: Sequence[Received]) -> Iterator[tuple[Received, bool]]:
    """The accepted returns in the order in which they came in, and whether a later one of the same came before."""
    place = {each.sha256: number for number, each in enumerate(received)}
    accepted = sorted((each for each in received if each.is_accepted), key=lambda each: (each.at, place[each.sha256]))
    last: dict[tuple[str, str], int] = {}
    for each in accepted:
        number, before = place[each.sha256], last.get((each.owner, each.period), -1)
        last[each.owner, each.period] = max(number, before)
        yield each, before > number


def _of_return(received: Received, *, is_replaced: bool) -> Iterator[ActionEvent]:
    named = f"return of {period_words(received.period)}"
    for event in _of_figures(received.figures, received.at, named):
        yield replace(event, period=received.period, is_replaced=is_replaced)
    for row in received.actions:
        yield ActionEvent(
            EventSource.SHEET, received.at, named, (row.ref, row.org), row.words, row.action,
            given=row.given, period=received.period, is_replaced=is_replaced,
        )  # fmt: skip


def _of_figures(figures: Sequence[Figure], at: str, named: str) -> Iterator[ActionEvent]:
    for figure in having(figures, "action"):
        yield ActionEvent(
            EventSource.COLUMNS, at, named, (figure.kpi_id, figure.org), figure.action,
            given=_promised(figure), figure=figure.key,
        )  # fmt: skip


def _promised(figure: Figure) -> Mapping[str, str]:
    given = {OWNER: figure.action_owner, DUE: figure.action_due}
    return {cell: text for cell, text in given.items() if text}


def period_words(key: str) -> str:
    """A reporting period for the words that say where something was read."""
    try:
        return Period.parse(key).short
    except UsageError:  # a key that could be a month or a year, as in 2009-10
        return key or "an earlier period"


def _of_typed(typed: TypedAction) -> ActionEvent:
    seen = typed.cells if typed.over is None else typed.over
    about = (seen.get(REF, ""), seen.get(ORG, ""))
    return ActionEvent(
        EventSource.TYPED, typed.at, typed.book, about, seen.get(WHAT, ""), typed.action,
        given=typed.cells, over=typed.over,
    )  # fmt: skip


def ids_given(numbered: Iterable[NumberedAction]) -> dict[ActionKey, str]:
    """The id of each action by (ref, org, words): the first that it was given.

    Where two ledgers that were apart gave one id to two actions, the second has `b` after it, and so on: an id that was
    printed goes on naming what it named.
    """
    ids: dict[ActionKey, str] = {}
    taken: set[str] = set()
    for each in numbered:
        key = (each.ref, each.org, each.words)
        if key not in ids:
            ids[key] = _free(each.action, taken)
            taken.add(ids[key].casefold())
    return ids


def _free(wanted: str, taken: set[str]) -> str:
    suffixes = ("", *"bcdefghijklmnopqrstuvwxyz")
    return next(
        (name for suffix in suffixes if (name := f"{wanted}{suffix}").casefold() not in taken), f"{wanted}-{len(taken)}"
    )
