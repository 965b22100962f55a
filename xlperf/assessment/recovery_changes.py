"""What has become of recovery paths from one assessment to a later one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xlperf.assessment.change import Change, ChangeKind
from xlperf.assessment.recovery_standing import RecoveryNow
from xlperf.catalogue import Catalogue, Kpi
from xlperf.period import Period
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rag import rounded


def recovery_changes(
    catalogue: Catalogue, then: Mapping[SeriesKey, RecoveryNow], now: Mapping[SeriesKey, RecoveryNow]
) -> Iterator[Change]:
    """The paths of which a figure is promised otherwise than before. A period that was added is no change."""
    for series, present in now.items():
        before, after = (then[series].path.promised if series in then else {}), present.path.promised
        changed = sorted(period for period in before if after.get(period) != before[period])
        if changed:
            kpi, why = catalogue.kpi_by_id[series[0]], present.path.reasons.get(changed[0], "")
            was, is_ = (_words(kpi, each, changed) for each in (before, after))
            yield Change(ChangeKind.RECOVERY, *series, str(changed[0]), was, is_, why)


def _words(kpi: Kpi, promised: Mapping[Period, float], periods: Iterable[Period]) -> str:
    """`85.0 for Q3 26-27, 90.0 for Q4 26-27`."""
    return ", ".join(f"{rounded(promised[each], kpi.shown_decimals):,} for {each.short}" for each in periods)
