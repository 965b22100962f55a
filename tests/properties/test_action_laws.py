"""What holds of the register of actions, whatever is recorded: reckoned here from the events alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from xlperf.assessment.action_standing import Actions
from xlperf.rules.actions import ActionEvent, ActionStatus, EventSource, register

START = date(2026, 4, 1)
SUBJECTS = (("V1", "NORTH"), ("V1", "SOUTH"), ("V2", "NORTH"))
WORDS = ("Hire two nurses", "Train the nurses", "hire  two NURSES.")


def days(most: int) -> st.SearchStrategy[str]:
    return st.integers(0, most).map(lambda days: (START + timedelta(days)).isoformat())


@st.composite
def from_returns(draw: st.DrawFn) -> ActionEvent:
    """What a return gives in its columns for actions: the same words again, or others, often with another date."""
    given = {"due": draw(days(400))} if draw(st.booleans()) else {}
    about, what = draw(st.sampled_from(SUBJECTS)), draw(st.sampled_from(WORDS))
    return ActionEvent(EventSource.COLUMNS, draw(days(300)), "a return", about, what, given=given)


@st.composite
def from_sheets(draw: st.DrawFn) -> ActionEvent:
    """What is said of an action that is known, by an owner or by the team."""
    given = {"progress": "so far so good"} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        given["status"] = draw(st.sampled_from(["Done", "Dropped", "Open", "replaced by A-0001", "nearly"]))
    if draw(st.booleans()):
        given["due"] = draw(st.one_of(days(400), st.just("end of May")))
    about, what = draw(st.sampled_from(SUBJECTS)), draw(st.sampled_from(WORDS))
    source = draw(st.sampled_from([EventSource.SHEET, EventSource.TYPED]))
    return ActionEvent(source, draw(days(300)), "a row", about, what, given=given)


HISTORIES = st.lists(st.one_of(from_returns(), from_sheets()), max_size=14).map(
    lambda events: sorted(events, key=lambda event: event.at)
)


def known_as(event: ActionEvent) -> tuple[str, ...]:
    """What an event is about, by words that differ in no more than capitals, spaces and a full stop."""
    return (*event.about, " ".join(event.what.lower().rstrip(".").split()))


@given(HISTORIES)
def test_every_action_that_was_ever_named_is_in_it_once_and_is_open_or_closed_in_one_way(
    events: list[ActionEvent],
) -> None:
    actions = register(events)
    assert len(actions) == len({known_as(event) for event in events})
    counts = Actions(register(events), START, {}).counts
    assert counts.opened == len(actions) == counts.open + counts.done + counts.dropped + counts.replaced
    assert all((action.closed is None) == action.is_open for action in actions)


@given(HISTORIES)
def test_nothing_leaves_it_and_the_first_date_never_changes(events: list[ActionEvent]) -> None:
    first: dict[tuple[str, str, str], date] = {}
    for number in range(len(events)):
        actions = {action.opened_as: action for action in register(events[: number + 1])}
        assert first.keys() <= actions.keys()
        for key, due in first.items():
            assert actions[key].first_due == due
        first |= {key: action.first_due for key, action in actions.items() if action.first_due is not None}


@given(HISTORIES, st.integers(0, 500))
def test_what_is_overdue_on_a_day_is_what_an_independent_reckoning_says(events: list[ActionEvent], after: int) -> None:
    today = START + timedelta(after)
    overdue = {each.action.opened_as for each in Actions(register(events), today, {}).overdue}
    assert overdue == reckoned(events, today)


def reckoned(events: list[ActionEvent], today: date) -> set[tuple[str, ...]]:
    """The overdue actions: those whose last valid date, given anew while it was open or by hand, has passed."""
    due: dict[tuple[str, ...], date] = {}
    in_columns: dict[tuple[str, ...], str] = {}
    closed: dict[tuple[str, ...], date] = {}
    for event in events:
        key, text = known_as(event), event.given.get("due", "")
        given_due = date.fromisoformat(text) if text[:1].isdigit() else None
        is_column = event.source is EventSource.COLUMNS
        if is_column and text:
            if in_columns.get(key) == text:  # a return repeats what it was issued with
                given_due = None
            in_columns[key] = text
        if is_column and key in closed:
            if given_due and given_due != due.get(key) and given_due > closed[key]:
                del closed[key]
                due[key] = given_due
            continue
        if given_due:
            due[key] = given_due
        status = event.given.get("status", "").split(" ")[0].lower()
        if status in ("done", "dropped", "replaced") and not is_column:
            closed.setdefault(key, date.fromisoformat(event.at))
        elif status == "open" and not is_column:
            closed.pop(key, None)
    return {key for key, day in due.items() if key not in closed and day < today}


@given(HISTORIES)
def test_an_event_read_twice_running_changes_nothing_more(events: list[ActionEvent]) -> None:
    once = register(events)
    twice = register([each for event in events for each in (event, event)])
    cleared = [replace(action, progress=()) for action in once]
    assert [replace(action, progress=()) for action in twice] == cleared
    assert {action.status for action in twice} <= set(ActionStatus)
