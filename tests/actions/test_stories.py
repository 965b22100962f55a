"""Each story of `stories.txt`, told to the ledger in order, ends as it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from xlperf.assessment.action_standing import Actions, ActionStanding
from xlperf.ledger import LedgerRun, Received, Record, State, TypedAction, state_of
from xlperf.ledger.records import ACCEPTED, from_json, to_json
from xlperf.period import Period
from xlperf.report.action_words import notes
from xlperf.returns.figure import Figure
from xlperf.returns.returned_action import ReturnedAction
from xlperf.rules.actions import Action
from xlperf.workflow.master.numbering import numbers_for

BOOK = "master.xlsx (team)"
TEXT = (Path(__file__).parent / "stories.txt").read_text(encoding="utf-8")
STORIES = {
    part.splitlines()[0].strip(): [line for line in part.splitlines()[1:] if line.strip()]
    for part in re.split(r"(?m)^Story: ", TEXT)[1:]
}


@dataclass
class Telling:
    """A ledger in memory, to which the lines of a story are told as runs."""

    runs: list[LedgerRun] = field(default_factory=list)
    serials: dict[str, int] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """What the ledger adds up to."""
        return state_of(self.runs)

    def tell(self, line: str) -> None:
        """Record what a line says, and number the actions as a collation does."""
        head, *cells = [part.strip() for part in line.split("|")]
        day, what, *rest = head.split(" ", 2)
        record: Record
        match what:
            case "return" | "earlier":
                record = self._returned(rest[0].removeprefix("copy "), cells, is_copy=what == "earlier")
            case "sheet":
                row = ReturnedAction(cells[0], *self._named(cells[0]).opened_as, _pairs(cells[1]))
                record = replace(self._received(rest[0]), actions=(row,))
            case "typed":
                record = self._typed(cells, is_unseen=bool(rest))
            case "added":
                (ref, org), names = _about(cells[0]), ("what", "owner", "due", "agreed")
                given = dict(zip(names, cells[1:], strict=True))
                record = TypedAction("", {"ref": ref, "org": org, **given}, None, BOOK)
        records = [record, *numbers_for(self.state, [record])]
        at = f"{day}T09:00:00Z"
        stamped = tuple(from_json(json.loads(json.dumps(to_json(each))), at) for each in records)
        self.runs.append(LedgerRun(f"{day}T0900-{len(self.runs):02}", "collate", at, "team", stamped))

    def _received(self, period: str, *, is_copy: bool = False) -> Received:
        serial = self.serials.get(period, 10) + (-1 if is_copy else 1)
        if not is_copy:
            self.serials[period] = serial
        number = len(self.runs)
        return Received(f"{number:064}", f"{number}.xlsx", period, ACCEPTED, f"r{number}", serial, "alpha", period)

    def _returned(self, period: str, cells: Sequence[str], *, is_copy: bool) -> Received:
        ref, org = _about(cells[0])
        figure = Figure(ref, org, period, actual=50, action=cells[1], action_owner=cells[2], action_due=cells[3])
        return replace(self._received(period, is_copy=is_copy), figures=(figure,))

    def _named(self, number: str) -> Action:
        return next(each for each in self.state.actions if each.id == number)

    def _typed(self, cells: Sequence[str], *, is_unseen: bool) -> TypedAction:
        shown = dict(self._named(cells[0]).cells)
        text = cells[1]
        if is_unseen:
            text, was = re.fullmatch(r"(.*) \(was (.*)\)", text).groups()  # type: ignore[union-attr]
            shown[text.split(" = ")[0]] = was
        return TypedAction(cells[0], {**shown, **_pairs(text)}, shown, BOOK)

    def standing(self, day: date) -> Mapping[str, ActionStanding]:
        """How every action stands on a day, by its id."""
        quarters = [Period.parse(f"{year}-{str(year + 1)[2:]}-Q{n}") for year in (2026, 2027) for n in (1, 2, 3, 4)]
        ends = {str(quarter): quarter.last_day for quarter in quarters if quarter.last_day < day}
        actions = Actions(self.state.actions, day, ends)
        return {each.action.id: each for each in actions.standing}


def _about(text: str) -> tuple[str, str]:
    ref, org = text.rsplit(" ", 1)
    return ref, org


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.strip().split(" = ", 1) for pair in text.split(";"))


def expected(line: str) -> tuple[date, list[str]]:
    head, *cells = [part.strip() for part in line.split("|", 5)]
    return date.fromisoformat(head.removeprefix("then ")), cells


def as_told(standing: Mapping[str, ActionStanding], cells: Sequence[str]) -> Iterator[str]:
    """What the register says, in the words of a story."""
    if cells[0] == "count":
        yield from ("count", str(len(standing)))
    elif cells[0].startswith("owner "):
        yield from (cells[0], standing[cells[0].removeprefix("owner ")].action.owner)
    else:
        action = standing[cells[0]].action
        yield from (action.id, action.status_words, f"first {action.first_due}", f"due {action.due}")
        yield "; ".join(notes(standing[cells[0]])) or "-"


@pytest.mark.parametrize("story", STORIES)
def test_it_ends_as_the_story_says(story: str) -> None:
    telling, checked = Telling(), 0
    for line in STORIES[story]:
        if line.startswith("then "):
            day, cells = expected(line)
            assert list(as_told(telling.standing(day), cells)) == cells
            checked += 1
        else:
            telling.tell(line)
    assert checked


def test_there_are_enough_stories() -> None:
    assert len(STORIES) >= 25


def told(*lines: str) -> Telling:
    telling = Telling()
    for line in lines:
        telling.tell(line)
    return telling


def test_a_number_that_two_ledgers_gave_means_what_whoever_used_it_saw() -> None:
    ours = told("2026-07-10 return 2026-27-Q1 | V1 TRUST | Hire two nurses | Matron | 2026-09-30")
    theirs = told(
        "2026-07-11 return 2026-27-Q1 | V2 TRUST | Train the nurses | Matron | 2026-09-30",
        "2026-08-10 typed | A-0001 | status = Dropped; reason = not needed",
        "2026-08-11 return 2026-27-Q2 | V2 TRUST | Buy chairs | Matron | 2026-10-31",
        "2026-10-10 sheet 2026-27-Q2 | A-0002 | progress = the chairs are here",
    )
    for number, run in enumerate(theirs.runs):  # other files than ours
        records = tuple(replace(each, sha256=f"b{number:063}") if isinstance(each, Received) else each
                        for each in run.records)  # fmt: skip
        theirs.runs[number] = replace(run, records=records)
    both = {each.id: each for each in state_of([*ours.runs, *theirs.runs]).actions}
    assert {number: (each.what, each.status_words) for number, each in both.items()} == {
        "A-0001": ("Hire two nurses", "Open"),
        "A-0001b": ("Train the nurses", "Dropped"),
        "A-0002": ("Buy chairs", "Open"),
    }
    assert [each.text for each in both["A-0002"].progress] == ["the chairs are here"]
