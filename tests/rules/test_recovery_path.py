"""What holds of a recovery path, whatever is recorded: reckoned here from the events alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from xlperf.period import Frequency, Period
from xlperf.rules.recovery_path import PromiseEvent, recovery_paths

START = date(2026, 4, 1)
SERIES = (("V1", "NORTH"), ("V1", "SOUTH"))
QUARTERS = [Period.containing(START, Frequency.QUARTERLY).next(count) for count in range(4)]
FIGURES = (70.0, 80.0, 90.5)


@st.composite
def events(draw: st.DrawFn) -> PromiseEvent:
    """A figure for a period, from a return or typed over what a cell showed; now and then only a reason."""
    day = START + timedelta(draw(st.integers(0, 400)))
    figure = draw(st.one_of(st.none(), st.sampled_from(FIGURES)))
    over = draw(st.one_of(st.none(), st.sampled_from(["", *(f"{each:g}" for each in FIGURES)])))
    batch = ("typed", str(day)) if over is not None else ("return", draw(st.sampled_from("ab")))
    return PromiseEvent(
        draw(st.sampled_from(SERIES)), draw(st.sampled_from(QUARTERS)), f"{day}T09:00:00Z", "somewhere", figure,
        over=over, batch=batch, is_replaced=draw(st.integers(0, 9)) == 0,
    )  # fmt: skip


HISTORIES = st.lists(events(), max_size=14).map(lambda listed: sorted(listed, key=lambda event: event.at))


def stands(history: list[PromiseEvent]) -> dict[tuple[object, ...], float]:
    """The figure that stands for each series and period, worked out event by event."""
    now: dict[tuple[object, ...], float] = {}
    for event in history:
        key = (event.series, event.period)
        is_seen = event.over is None or (float(event.over) if event.over else None) == now.get(key)
        is_in_time = date.fromisoformat(event.at[:10]) <= event.period.last_day
        if event.figure is not None and is_seen and is_in_time and not (event.is_replaced and key in now):
            now[key] = event.figure
    return now


@given(HISTORIES)
def test_what_stands_is_the_last_figure_given_in_time_by_somebody_who_had_seen_the_one_before(
    history: list[PromiseEvent],
) -> None:
    paths = recovery_paths(history)
    assert {(series, period): figure for series, path in paths.items() for period, figure in path.promised.items()} == (
        stands(history)
    )


@given(HISTORIES)
def test_no_promise_is_lost_and_each_later_version_leaves_the_earlier_ones_as_they_were(
    history: list[PromiseEvent],
) -> None:
    before = recovery_paths(history[:-1])
    for series, path in recovery_paths(history).items():
        earlier = before.get(series)
        if earlier is not None and earlier.versions:
            # The last version may be corrected by what belongs to it.
            assert path.versions[: len(earlier.versions) - 1] == earlier.versions[:-1]
            assert earlier.promised.keys() <= path.promised.keys()
            assert path.first_given == earlier.first_given


@given(HISTORIES)
def test_a_path_of_n_versions_was_changed_less_than_n_times_and_one_that_only_grew_never(
    history: list[PromiseEvent],
) -> None:
    for path in recovery_paths(history).values():
        assert path.times_changed <= max(len(path.versions) - 1, 0)
        assert bool(path.times_changed) <= (path.first_promised != path.promised or len(path.versions) > 2)


@given(HISTORIES)
def test_what_cannot_count_is_kept_to_be_said_until_a_figure_for_its_period_counts(history: list[PromiseEvent]) -> None:
    for path in recovery_paths(history).values():
        periods = [each.period for each in path.not_taken]
        assert len(periods) == len(set(periods))
        assert all(each.is_too_late or each.period in path.promised or each.figure for each in path.not_taken)


def promise(day: str, figure: float, batch: str, period: Period = QUARTERS[1]) -> PromiseEvent:
    return PromiseEvent(SERIES[0], period, f"{day}T09:00:00Z", "return", figure, batch=("return", batch))


def test_a_correction_in_the_same_return_is_no_change_and_the_next_return_is_one() -> None:
    first, corrected = promise("2026-07-10", 58.0, "Q1"), promise("2026-07-12", 85.0, "Q1")
    (path,) = recovery_paths([first, corrected]).values()
    assert (path.first_promised[QUARTERS[1]], path.times_changed) == (85.0, 0)
    later = promise("2026-09-12", 80.0, "Q2")
    (path,) = recovery_paths([first, corrected, later]).values()
    assert (path.first_promised[QUARTERS[1]], path.promised[QUARTERS[1]], path.times_changed) == (85.0, 80.0, 1)


def test_a_reason_alone_changes_no_figure() -> None:
    later = replace(promise("2026-07-11", 0, "Q2"), figure=None, reason="Board")
    (path,) = recovery_paths([promise("2026-07-10", 85.0, "Q1"), later]).values()
    assert (path.promised[QUARTERS[1]], path.reasons[QUARTERS[1]], path.times_changed) == (85.0, "Board", 0)
