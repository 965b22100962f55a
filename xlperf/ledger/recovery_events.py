"""What the ledger has about recovery paths, as events in the order in which they count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from xlperf.errors import UsageError
from xlperf.ledger.action_events import in_order_of_coming, period_words
from xlperf.ledger.records import Received
from xlperf.ledger.recovery_records import TypedPromise
from xlperf.period import Period
from xlperf.rules.recovery_path import FIGURE, REASON, PromiseEvent


def promise_events(
    received: Sequence[Received], typed: Iterable[TypedPromise], returned_on: Callable[[Received], date]
) -> list[PromiseEvent]:
    """The events of accepted returns and of what was typed, in the order in which they came in.

    Args:
        received: every file, in the order in which they count; see `State.received`.
        typed: in order of their runs.
        returned_on: the day on which a return was sent; see `State.returned_on`.
    """
    events = [event for each in typed for event in _of_typed(each)]
    of_typed = len(events)
    for each, is_replaced in in_order_of_coming(received):
        events += _of_return(each, returned_on, is_replaced=is_replaced)
    # What was typed was typed before the same collation read what had come in.
    numbered = sorted(enumerate(events), key=lambda pair: (pair[1].at, pair[0] >= of_typed))
    return [event for _, event in numbered]


def _of_typed(typed: TypedPromise) -> Iterator[PromiseEvent]:
    period, figure = _period(typed.period), typed.cells.get(FIGURE, "")
    is_changed = figure != typed.over.get(FIGURE, "")
    if period is not None:
        yield PromiseEvent(
            (typed.kpi_id, typed.org), period, typed.at, typed.book, float(figure) if figure and is_changed else None,
            reason=typed.cells.get(REASON, ""), over=typed.over.get(FIGURE, ""), batch=("typed", typed.at[:10]),
        )  # fmt: skip


def _of_return(
    received: Received, returned_on: Callable[[Received], date], *, is_replaced: bool
) -> Iterator[PromiseEvent]:
    for each in received.promises:
        period = _period(each.period)
        if period is not None:
            yield PromiseEvent(
                (each.kpi_id, each.org), period, received.at, f"return of {period_words(received.period)}",
                each.figure, each.reason, batch=("return", received.owner, received.period), is_replaced=is_replaced,
                given_on=returned_on(received),
            )  # fmt: skip


def _period(key: str) -> Period | None:
    try:
        return Period.parse(key)
    except UsageError:  # a key that could be a month or a year, as in 2009-10; nothing is promised for those
        return None
