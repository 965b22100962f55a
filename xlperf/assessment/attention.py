"""What needs action, and what to celebrate.

Nothing leaves the first list because its figure is missing: a KPI that is off target stays until a figure is on target,
and one in escalation, or proposed for it, stays until it is out. An org that has closed stays only while it is in a
stage.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.assessment.escalation import Ladder
from xlperf.assessment.figures import JudgedFigure
from xlperf.assessment.latest import Latest
from xlperf.rules.celebrate import celebrations
from xlperf.rules.escalation import RATED
from xlperf.rules.escalation.phrases import some
from xlperf.rules.rag import Rag
from xlperf.rules.trend import DETERIORATING


def needs_attention(latest: Latest, ladder: Ladder, *, is_late: bool) -> bool:
    """Whether it needs action: off target, not returned, in escalation or proposed for it, or on its way off target.

    `is_late` says that the deadline for returns has passed; before it nobody waits for what has not come.
    """
    return bool(ladder.words(latest.series)) or needs_it_by_itself(latest, is_late=is_late)


def needs_it_by_itself(latest: Latest, *, is_late: bool) -> bool:
    """As `needs_attention`, whatever the ladder says of it."""
    if latest.rag == Rag.CLOSED:
        return False
    is_off_target = latest.off_target is not None or (is_late and latest.rag == Rag.NOT_RETURNED)
    is_forecast_to_miss = latest.forecast is not None and latest.forecast.misses
    return is_off_target or is_forecast_to_miss or bool(latest.flag or latest.missed)


def good_news(
    latest: Latest,
    series: Sequence[JudgedFigure],
    sustained: int,
    fell: int | None = None,
    red_parts: Sequence[str] = (),
) -> tuple[str, ...]:
    """What there is to celebrate about a KPI and org, in words.

    Args:
        latest: how it stands.
        series: its judged figures.
        sustained: see `celebrations`.
        fell: see `celebrations`.
        red_parts: the names of the orgs in its figure that are Red, which is said beside the good news.
    """
    if latest.rag not in RATED or latest.lacks_orgs or latest.closed is not None:
        return ()  # not while an org that has not reported could change it, nor of one that is no more
    process = latest.process
    # That some moves went the same way is no good news; that they went the wrong way is enough to wait.
    is_told = process is not None and (process.variation is not None or process.trend == DETERIORATING)
    trend = process.trend if process and is_told else ""
    good = celebrations(series, lambda period: latest.kpi.period(period).short, trend, sustained, fell)
    if not (good and red_parts):
        return good
    are = "is" if len(red_parts) == 1 else "are"
    return (*good[:-1], f"{good[-1]}, though {some(red_parts)} {are} Red")
