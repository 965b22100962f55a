"""How far each figure can be relied on: what its return and the catalogue say of the data behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from xlperf.assessment.latest import Latest
from xlperf.catalogue import Catalogue
from xlperf.ledger import Current, State
from xlperf.period import Period
from xlperf.returns.reading import usable_period
from xlperf.rules.assess import Key as Series
from xlperf.rules.confidence import NOT_KNOWN, Confidence, sign_off, timeliness, worst_of
from xlperf.rules.rag import Rag

PROVISIONAL, RESTATED = "provisional", "restated"


def confidences(
    catalogue: Catalogue, state: State, reporting: Period, today: date, latest: Sequence[Latest]
) -> Mapping[Series, Confidence]:
    """The data quality marks of each KPI and org; of a rolled-up figure, the worst of those it is made of."""
    returns = _Returns(catalogue, state, reporting, today)
    by_series = {each.series: each for each in latest}

    @cache
    def confidence(series: Series) -> Confidence:
        each = by_series[series]
        if not each.members:
            return returns.confidence(each)
        return worst_of(confidence((each.kpi.id, org)) for org in each.members if (each.kpi.id, org) in by_series)

    return {series: confidence(series) for series in by_series}


@dataclass(frozen=True, slots=True)
class _Returns:
    catalogue: Catalogue
    state: State
    reporting: Period
    today: date

    def confidence(self, latest: Latest) -> Confidence:
        signed, in_time = self._of_return(latest)
        known = latest.kpi.data_quality
        return Confidence(signed, in_time, known.audit or NOT_KNOWN, known.systems or NOT_KNOWN)

    def _of_return(self, latest: Latest) -> tuple[str, str]:
        """Sign-off and timeliness; not known of an imported figure, nor of one that is not due."""
        if latest.rag is Rag.NOT_RETURNED:
            entry = self.catalogue.entry_by_period[self.reporting]
            late = self.today > entry.return_deadline
            return NOT_KNOWN, timeliness(None, entry.return_deadline, entry.hard_close) if late else NOT_KNOWN
        current = latest.current
        received = self.state.by_sha256.get(current.source) if current else None
        if current is None or received is None:
            return NOT_KNOWN, NOT_KNOWN
        signed = sign_off(
            signed=bool(received.signed_off_by and received.signed_off_on),
            validated=current.now.validated or current.now.not_applicable,
        )
        period = usable_period(self.catalogue, received.period)
        if period is None:
            return signed, NOT_KNOWN
        entry = self.catalogue.entry_by_period[period]
        return signed, timeliness(self.state.returned_on(received), entry.return_deadline, entry.hard_close)


def standing(current: Current | None) -> str:
    """Whether a figure may still change, or has: `provisional`, `restated`, both, or ""."""
    if current is None:
        return ""
    marks = (PROVISIONAL if current.now.provisional else "", RESTATED if current.is_restated else "")
    return ", ".join(mark for mark in marks if mark)
