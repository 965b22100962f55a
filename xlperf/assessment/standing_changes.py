"""What has changed of how a KPI and org stands, against how an edition showed it."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment.change import Change, ChangeKind
from xlperf.assessment.latest import Latest
from xlperf.rules.escalation import RATED
from xlperf.rules.escalation.case import CONCERN, OFF_TARGET, ON_TARGET
from xlperf.rules.rag import Rag

_IMPROVEMENT = "special_cause_improvement"
_BY_SPC = {CONCERN: ChangeKind.DETERIORATING, _IMPROVEMENT: ChangeKind.IMPROVING}
_SPC_WORDS = {
    CONCERN: "special cause of concern",
    _IMPROVEMENT: "special cause of improvement",
    "common_cause": "no special cause",
}


def process_change(before: Latest | None, now: Latest) -> Iterator[Change]:
    """A special cause (SPC) of concern or improvement in a figure of this period that the edition did not show.

    Not in a roll-up that lacks an org, as what is lacking may be the change.
    """
    verdict = _variation(now)
    if now.is_current and not now.lacks_orgs and verdict in _BY_SPC and verdict != _variation(before):
        then = f"{_SPC_WORDS.get(_variation(before), _NO_VERDICT)}, {standing_words(before)}" if before else ""
        yield Change(
            _BY_SPC[verdict], *now.series, str(now.period or ""), then, f"{_SPC_WORDS[verdict]}, {standing_words(now)}"
        )


def forecast_change(before: Latest | None, now: Latest) -> Iterator[Change]:
    """That the target is newly forecast to be missed at the year end, or, by a new forecast, to be met after all.

    That a figure which is off target is for the first time forecast to stay there is no news. Nor is a forecast taken
    back by the end of its year.
    """
    forecast, earlier = now.forecast, before.forecast if before else None
    if forecast is None or forecast.is_over:
        return
    was_to_miss = earlier is not None and earlier.misses
    then = earlier.reason if earlier is not None and not earlier.is_over else ""
    change = str(forecast.given), then, f"{forecast.reason}; {standing_words(now)}"
    if was_to_miss and not forecast.misses:
        yield Change(ChangeKind.NOT_FORECAST_TO_MISS, *now.series, *change)
    elif forecast.misses and not was_to_miss and (then or now.off_target is None):
        yield Change(ChangeKind.FORECAST_TO_MISS, *now.series, *change)


def _variation(latest: Latest | None) -> str:
    verdicts = latest.verdicts if latest else None
    return (verdicts.variation if verdicts else None) or ""


_NO_VERDICT = "no verdict"


def kind_of(before: Latest | None, now: Latest, *, is_late: bool) -> ChangeKind | None:
    """What has changed of how a KPI and org stands; None for nothing that has a name."""
    if now.rag == Rag.CLOSED:
        return ChangeKind.CLOSED if before is not None and before.rag != Rag.CLOSED else None
    was = _colour(before)
    had_none = before is not None and (before.row is None or before.rag in (Rag.NOT_RETURNED, Rag.NOT_APPLICABLE))
    if now.rag in OFF_TARGET and now.rag != was:
        if now.rag == Rag.RED:
            return ChangeKind.NEWLY_RED
        return ChangeKind.NO_LONGER_RED if was == Rag.RED else ChangeKind.NEWLY_OFF
    if now.rag in RATED and now.off_target is None and was in OFF_TARGET:
        return ChangeKind.BACK
    if now.rag in ON_TARGET and now.off_target is not None and (before is None or before.rag not in ON_TARGET):
        return ChangeKind.NOT_WHOLE
    if now.rag in RATED or now.rag == Rag.NO_TARGET:
        if had_none:
            return ChangeKind.FIGURE
        return ChangeKind.NO_TARGET if now.rag == Rag.NO_TARGET and before and before.rag in RATED else None
    is_gone = now.rag == Rag.NOT_APPLICABLE or (now.rag == Rag.NOT_RETURNED and is_late)
    return ChangeKind.NO_FIGURE if is_gone and before is not None and not had_none else None


def _colour(latest: Latest | None) -> str:
    """The colour it stands at: Red or Amber until a complete figure is on target; "" for none."""
    if latest is None or latest.row is None:
        return ""
    return str(latest.off_target.last["rag"]) if latest.off_target else str(latest.row["rag"])


def standing_words(latest: Latest | None) -> str:
    """How a KPI and org stands: `Red in Q1 26-27 (72.2)`; `Not returned, was Red`; "" if it was not reported."""
    if latest is None:
        return ""
    if latest.rag == Rag.CLOSED:
        return str(latest.rag)
    if latest.rag == Rag.NO_TARGET and latest.row and latest.period:
        return f"{latest.row['shown']} in {latest.period.short}, no target"
    if latest.rag == Rag.NOT_RETURNED and latest.lacks_orgs:
        return f"{latest.reported}, was {latest.was}" if latest.was else latest.reported
    if latest.rag in RATED and latest.row and latest.period:
        of = f", {latest.reported}" if latest.lacks_orgs else ""
        return f"{latest.rag} in {latest.period.short} ({latest.row['shown']}{of})"
    if latest.rag == Rag.NOT_DUE and latest.row and latest.period:
        shown = "" if latest.row["not_applicable"] else f" ({latest.row['shown']})"
        return f"{latest.row['rag']} in {latest.period.short}{shown}"
    return f"{latest.rag}, was {latest.was}" if latest.was else str(latest.rag)
