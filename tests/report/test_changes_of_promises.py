"""What has become of actions, forecasts and recovery paths since an edition: each told, each once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import Q1, Q2, Q3
from tests.report.test_changes import History
from tests.workflow.test_lists import RED, TRUST, V1, figure
from xlperf.ledger import TypedAction, TypedPromise
from xlperf.report.change_words import since_last
from xlperf.rules.actions.event import CELLS

SOON, PASSED, AHEAD = "2026-03-31", "2027-01-15", "2027-06-30"
"""Overdue by now and not when the edition was published; the same, later; and not overdue yet."""


class Promises(History):
    """A book in which actions and figures are promised."""

    def __init__(self) -> None:
        super().__init__()
        self.typed: dict[str, str] = {}
        self.series(V1, TRUST, {Q1: RED})

    def open(self, due: str = AHEAD, what: str = "Hire two nurses") -> Promises:
        self.typed = {"ref": V1, "org": TRUST, "what": what, "owner": "Matron", "due": due, "status": "Open"}
        self._run(TypedAction("", self.typed, None, "master.xlsx"))
        return self

    def say(self, **cells: str) -> Promises:
        before = {cell: self.typed.get(cell, "") for cell in CELLS}
        self.typed = {**before, **cells}
        self._run(TypedAction("", self.typed, before, "master.xlsx"))
        return self

    def forecast(self, period: str, actual: float, value: float | None) -> Promises:
        self.figures(replace(figure(V1, TRUST, period, actual), forecast=value))
        return self

    def path(self, period: str, promised: str, over: str = "", reason: str = "") -> Promises:
        cells = {"figure": promised, **({"reason": reason} if reason else {})}
        self._run(TypedPromise(V1, TRUST, period, cells, {"figure": over} if over else {}, "master.xlsx"))
        return self

    def edition(self) -> Promises:
        self.publish(Q1)
        return self

    @property
    def told(self) -> list[tuple[str, str]]:
        """What is told of promises, in sentences by kind."""
        rows = since_last(self.since_edition(Q1))
        kinds = ("Action", "Recovery", "Newly forecast", "No longer forecast")
        return [(row.kind, row.words) for row in rows if row.kind.startswith(kinds)]


ABOUT = "An action about Reviews held on time"


@pytest.mark.parametrize(
    ("book", "kind", "words"),
    [
        (Promises().open().edition().say(status="Done", evidence="Both in post"), "Action closed",
         f"{ABOUT} is closed: Hire two nurses, Matron: Done; Both in post."),
        (Promises().open().edition().say(status="Dropped", reason="Ward closed"), "Action closed",
         f"{ABOUT} is closed: Hire two nurses, Matron: Dropped; Ward closed."),
        (Promises().edition().open().say(status="Done"), "Action closed",
         f"{ABOUT} is closed: Hire two nurses, Matron: Done."),
        (Promises().open(SOON).edition(), "Action overdue",
         f"{ABOUT} is overdue: Hire two nurses, Matron: was due 31 March 2026."),
        (Promises().edition().open(SOON), "Action overdue",
         f"{ABOUT} is overdue: Hire two nurses, Matron: was due 31 March 2026."),
        (Promises().open(SOON).edition().say(due=AHEAD, reason="No applicants"), "Action put off",
         f"{ABOUT} was put off: Hire two nurses, Matron: now due 30 June 2027 (No applicants); before: 31 March 2026."),
        (Promises().open(SOON).edition().say(due=PASSED), "Action overdue",
         f"{ABOUT} is overdue: Hire two nurses, Matron: was due 15 January 2027."),
        (Promises().open().say(status="Done").edition().say(status="Open", reason="One has left"), "Action open again",
         f"{ABOUT} is open again: Hire two nurses, Matron: due 30 June 2027 (One has left); before: Done."),
    ],
)  # fmt: skip
def test_what_has_become_of_an_action(book: Promises, kind: str, words: str) -> None:
    assert book.told == [(kind, words)]


@pytest.mark.parametrize(
    "book",
    [
        Promises().open().edition(),
        Promises().open("2025-11-30").edition(),  # overdue then too
        Promises().open().edition().say(progress="One is in post"),
        Promises().open().say(status="Done").edition(),
        Promises().edition().open(),
        Promises().open(AHEAD).edition().say(due="2027-05-31"),  # brought forward
    ],
)
def test_what_is_as_it_was_or_is_no_news_is_not_told(book: Promises) -> None:
    assert book.told == []


def test_a_forecast_that_turns_is_told_and_one_that_stays_is_not() -> None:
    green = Promises().forecast(Q1, 95.0, 92.0).edition()
    assert green.told == []
    turned = green.forecast(Q1, 95.0, 80.0)
    assert [kind for kind, _ in turned.told] == ["Newly forecast to miss"]
    back = Promises().forecast(Q1, 95.0, 80.0).edition().forecast(Q1, 95.0, 92.0)
    assert [kind for kind, _ in back.told] == ["No longer forecast to miss"]


def test_a_changed_path_is_told_with_what_it_was_and_a_longer_one_is_not() -> None:
    book = Promises().path(Q2, "70").path(Q3, "85").edition().path("2026-27-Q4", "91")
    assert book.told == []
    changed = book.path(Q3, "80", over="85", reason="No applicants")
    words = "80.0 for Q3 26-27 (No applicants); before: 85.0 for Q3 26-27"
    assert changed.told == [
        ("Recovery path changed", f"The recovery path of Reviews held on time has changed: {words}.")
    ]
