"""What is said of a recovery path, in words that the sheets, the pack and the return share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xlperf.assessment.recovery_standing import RecoveryNow
from xlperf.catalogue import Kpi
from xlperf.digits import as_decimal
from xlperf.period import Period
from xlperf.returns.kpi_words import number_words
from xlperf.rules.escalation.phrases import day, often
from xlperf.rules.recovery import Recovery, RecoveryStanding
from xlperf.rules.recovery_path import NotTaken, RecoveryPath
from xlperf.rules.shortfall import amount_words

Show = Callable[[Kpi, str], str]
"""Prints a figure of a KPI, as with its unit."""


def _plain(_: Kpi, shown: str) -> str:
    return shown


def recovery_words(kpi: Kpi, now: RecoveryNow, show: Show = _plain) -> str:
    """A path in words: how the last figure stands against it, what comes next, when it is back on target, its changes.

    `82.1 in Q2 26-27, 2.9 points behind the 85.0 promised; next 88.0 for Q3 26-27; back on target promised for Q4
    26-27, at first for Q3 26-27; changed once since it was first given on 10 July 2026`.
    """
    return "; ".join((*_standing(kpi, now, show), _back(now), _changes(now.path)))


def standing_words(kpi: Kpi, judged: Recovery, show: Show = _plain) -> str:
    """How a figure stands against the one promised for its period; "" where that has not come due."""
    promised = judged.promised
    if promised is None:
        return ""
    figure, period = show(kpi, figure_words(kpi, promised.figure)), promised.period.short
    if judged.came is None:
        return f"no figure for {period}, for which {figure} was promised"
    came, apart = show(kpi, figure_words(kpi, judged.came)), amount_words(kpi, judged.apart)
    match judged.standing:
        case RecoveryStanding.AHEAD:
            against = f"{apart} ahead of the {figure} promised"
        case RecoveryStanding.BEHIND:
            against = f"{apart} behind the {figure} promised"
        case _:
            against = "as promised" if came == figure else f"in line with the {figure} promised"
    return f"{came} in {period}, {against}"


def _standing(kpi: Kpi, now: RecoveryNow, show: Show) -> Iterator[str]:
    if words := standing_words(kpi, now.judged, show):
        yield words
    if (ahead := now.next_promise) is not None:
        lead = "next" if words else "begins with"
        yield f"{lead} {show(kpi, figure_words(kpi, ahead.figure))} for {ahead.period.short}"


def _back(now: RecoveryNow) -> str:
    back, first = now.judged.back_on_target, now.first_back
    words = _promised_for(back) if back else "no figure that meets the target is promised yet"
    return f"{words}, at first for {first.short}" if first and first != back else words


def _promised_for(back: Period) -> str:
    return f"back on target promised for {back.short}"


def _changes(path: RecoveryPath) -> str:
    """How many times it was changed; a wrong word here would be read as a reproach, so it is the bare count."""
    on = f" on {day(path.first_given)}" if path.first_given else ""
    if path.times_changed:
        return f"changed {often(path.times_changed)} since it was first given{on}"
    return f"first given{on}, not changed since"


def not_taken_words(kpi: Kpi, each: NotTaken) -> str:
    """Why a figure that was typed or returned does not count."""
    figure = figure_words(kpi, each.figure)
    if each.is_too_late:
        return f"{figure} in {each.named} came after {each.period.short} had ended, and does not count as a promise"
    return (
        f"{figure} was typed in {each.named} without having seen what had been recorded since; what stands here counts "
        "until you type over it"
    )


def figure_words(kpi: Kpi, figure: float) -> str:
    """A figure with the KPI's decimals, or with more where it has more."""
    return number_words(kpi, as_decimal(figure))
