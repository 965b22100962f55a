"""What the command line says of meetings and their packs, as lines of text.

The shapes of the results are declared here, as this room knows no use case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from xlperf.assessment.return_counts import ReturnCounts
from xlperf.catalogue import Meeting
from xlperf.findings import plain
from xlperf.period import Period
from xlperf.report.count_words import return_words
from xlperf.rules.wording import times


class MadePack(Protocol):
    """What was made for a meeting, and what people should know of it."""

    @property
    def meeting(self) -> Meeting: ...  # noqa: D102
    @property
    def doubts(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def lacking(self) -> Sequence[str]: ...  # noqa: D102


def packed(period: str, packs: Sequence[tuple[MadePack, Sequence[Path]]]) -> list[str]:
    """What people should know of the packs of a period, and where each of them is."""
    return [
        *(f"Note: {plain(words)}." for pack, _ in packs for words in _to_know(pack)),
        *(f"{pack.meeting.name}, {period}: {path}" for pack, files in packs for path in files),
    ]


def _to_know(pack: MadePack) -> Iterator[str]:
    from xlperf.rules.escalation.phrases import capital  # it loads pandas, which the calendar does without

    yield from (f"{pack.meeting.name}: {words}" for words in pack.doubts)
    yield from map(capital, pack.lacking)


class DueMeeting(Protocol):
    """A meeting that looks at a period, and how its pack stands."""

    @property
    def meeting(self) -> Meeting: ...  # noqa: D102
    @property
    def period(self) -> Period: ...  # noqa: D102
    @property
    def day(self) -> date | None: ...  # noqa: D102
    @property
    def returns(self) -> ReturnCounts: ...  # noqa: D102
    @property
    def missing(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def made(self) -> date | None: ...  # noqa: D102
    @property
    def pack(self) -> str: ...  # noqa: D102
    @property
    def since(self) -> int: ...  # noqa: D102


CALENDAR = ("Day", "Meeting", "Period", "Returns", "Pack")
"""The headers of the calendar; see `calendar_row`."""
_MOST_NAMED = 3


def calendar_row(due: DueMeeting, today: date) -> tuple[str, str, str, str, str]:
    """A meeting in the calendar: when, which, about what, what is missing, and whether its pack was made."""
    name = f"{due.meeting.name} ({due.meeting.id})"
    day = f"{due.day.day} {due.day:%b %Y}" if due.day else "no day given"
    return day, name, str(due.period), _needs(due), _pack(due, today)


def _needs(due: DueMeeting) -> str:
    """`4 of 5 returns received, without Surgery team`; `none issued yet`."""
    if not due.returns.issued:
        return "none issued yet"
    named = [*due.missing[:_MOST_NAMED]]
    more = len(due.missing) - len(named)
    without = ", ".join([*named, *([f"{more} more"] if more else [])])
    received = return_words(due.returns) or "none expected"
    return f"{received}; missing: {without}" if without else received


def _pack(due: DueMeeting, today: date) -> str:
    """`made on 9 October 2026; 2 returns have come in since`; `not made`, once its day has passed."""
    if due.made is None:
        return "not made" if due.day is not None and due.day < today else "to be made"
    have = "has" if due.since == 1 else "have"
    return f"made on {due.made.day} {due.made:%B %Y}" + (
        f"; {times(due.since, 'return')} {have} come in since" if due.since else ""
    )


def calendar_record(due: DueMeeting) -> dict[str, Any]:
    """A meeting in the calendar for `--json`."""
    return {
        "meeting": due.meeting.id,
        "name": due.meeting.name,
        "kind": str(due.meeting.kind),
        "period": str(due.period),
        "day": due.day,
        "issued": due.returns.issued,
        "expected": due.returns.expected,
        "returned": due.returns.returned,
        "missing": list(due.missing),
        "pack": {"name": due.pack, "made": due.made, "returns_since": due.since} if due.made else None,
    }
