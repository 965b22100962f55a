"""How far each figure can be relied on, from its return and from the data quality in the catalogue."""

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
from xlperf.rules.keys import SeriesKey
from xlperf.rules.quality_marks import NOT_KNOWN, QualityMarks, sign_off, timeliness, worst_of
from xlperf.rules.rag import Rag

PROVISIONAL, RESTATED = "provisional", "restated"


def confidences(
    catalogue: Catalogue, state: State, reporting: Period, today: date, latest: Sequence[Latest]
) -> Mapping[SeriesKey, QualityMarks]:
    """The data quality marks of each KPI and org; of a rolled-up figure, the worst marks of its parts."""
    returns = _Returns(catalogue, state, reporting, today)
    by_series = {kpi_and_org.series: kpi_and_org for kpi_and_org in latest}

    @cache
    def confidence(series: SeriesKey) -> QualityMarks:
        kpi_and_org = by_series[series]
        if not kpi_and_org.members:
            return returns.confidence(kpi_and_org)
        members = ((kpi_and_org.kpi.id, org) for org in kpi_and_org.members)
        return worst_of(confidence(member) for member in members if member in by_series)

    return {series: confidence(series) for series in by_series}


@dataclass(frozen=True, slots=True)
class _Returns:
    catalogue: Catalogue
    state: State
    reporting: Period
    today: date

    def confidence(self, latest: Latest) -> QualityMarks:
        signed, in_time = self._of_return(latest)
        in_catalogue = latest.kpi.data_quality
        return QualityMarks(signed, in_time, in_catalogue.audit or NOT_KNOWN, in_catalogue.systems or NOT_KNOWN)

    def _of_return(self, latest: Latest) -> tuple[str, str]:
        """Sign-off and timeliness; not known for imported figures and for figures that are not due."""
        if latest.rag is Rag.NOT_RETURNED:
            entry = self.catalogue.entry_by_period[self.reporting]
            late = self.today > entry.return_deadline
            return NOT_KNOWN, timeliness(None, entry.return_deadline, entry.hard_close) if late else NOT_KNOWN
        current = latest.current
        received = self.state.received_by_sha256.get(current.source) if current else None
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
    """Whether a figure may still change or has changed: `provisional`, `restated`, both, or ""."""
    if current is None:
        return ""
    marks = (PROVISIONAL if current.now.provisional else "", RESTATED if current.is_restated else "")
    return ", ".join(mark for mark in marks if mark)
