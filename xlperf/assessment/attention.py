"""What needs action, and what to celebrate.

Nothing leaves the first list because its figure is missing: a KPI that is off target stays until a figure is on target,
and one in escalation, or proposed for it, stays until it is out.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.assessment.escalation import Ladder
from xlperf.assessment.figures import JudgedFigure
from xlperf.assessment.latest import Latest
from xlperf.rules.celebrate import celebrations
from xlperf.rules.escalation import RATED, Rated


def needs_attention(latest: Latest, ladder: Ladder) -> bool:
    """Whether it needs action: off target, in escalation or proposed for it, or on its way off target."""
    return latest.off_target is not None or bool(ladder.words(latest.series) or latest.flag)


def good_news(latest: Latest, series: Sequence[JudgedFigure], sustained: int) -> tuple[str, ...]:
    """What there is to celebrate about a KPI and org, in words; `series` are its judged figures, see `celebrations`."""
    if latest.rag not in RATED or latest.lacks_orgs:
        return ()  # not while an org that has not reported could change it
    history = [_rated(latest, row) for row in series if row["rag"] in RATED]
    return celebrations(history, latest.process.trend if latest.process else "", sustained)


def _rated(latest: Latest, row: JudgedFigure) -> Rated:
    period = latest.kpi.period(row["period"])
    return Rated(period.short, row["rag"], row["shown"], period.last_day)
