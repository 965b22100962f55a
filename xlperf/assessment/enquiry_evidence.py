"""The evidence on which each KPI and org could be asked about, worked out once for whatever meeting covers it.

Everything here is taken from where the pages and sheets have it: runs, verdicts, ranks, warnings, forecasts. What is
reckoned here is only how often running something was said of the returns (see `enquiry_runs`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from xlperf.assessment.consequences import consequence
from xlperf.assessment.enquiry_runs import Runs
from xlperf.assessment.latest import Latest
from xlperf.catalogue import EnquiryKind
from xlperf.rules.consequence import Order
from xlperf.rules.early_warning import FEWEST_COMPARED
from xlperf.rules.enquiries.enquiry import Enquiry, Evidence
from xlperf.rules.escalation.case import CONCERN, FAILING, OFF_TARGET, ON_TARGET
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rag import Rag
from xlperf.rules.trend import IMPROVING, OF_VARIATION

if TYPE_CHECKING:
    from xlperf.assessment.assessment import Assessment

_RUNNING = 2
"""From how many returns running it is asked about that figures did not come, were not validated, or are provisional."""


def about_each(assessment: Assessment) -> Mapping[EnquiryKind, Mapping[SeriesKey, Enquiry]]:
    """By kind, what could be asked about each KPI and org that is still reported, in the order of the catalogue."""
    return _Evidences(assessment).by_kind()


def order_of(assessment: Assessment, series: SeriesKey) -> Order:
    """How grave a subject is, as in the pack: no stage counts that is only proposed to others than the board."""
    ladder, place = assessment.ladder, assessment.consequences.get(series)
    if place is None:  # of what has no row of its own among the exceptions
        latest = assessment.latest_by_series[series]
        place = consequence(latest, ladder, assessment.falls.get(series, ""))
    return replace(place, gravity=ladder.gravity(series, is_printed=True)).order


@dataclass(frozen=True)
class _Evidences:
    assessment: Assessment
    _orders: dict[SeriesKey, Order] = field(default_factory=dict)

    def by_kind(self) -> Mapping[EnquiryKind, Mapping[SeriesKey, Enquiry]]:
        evidences: Mapping[EnquiryKind, Callable[[Latest], Evidence | None]] = {
            EnquiryKind.PROCESS: self._process,
            EnquiryKind.CAUSE: self._cause,
            EnquiryKind.FORECAST: self._forecast,
            EnquiryKind.CONCERN: self._concern,
            EnquiryKind.FALL: self._fall,
            EnquiryKind.COMPARED: self._compared,
            EnquiryKind.SILENCE: self._silence,
            EnquiryKind.VALIDATION: self._validation,
            EnquiryKind.PROVISIONAL: self._provisional,
            EnquiryKind.DEFINITION: self._definition,
        }
        reported = [latest for latest in self.assessment.latest if latest.rag != Rag.CLOSED]
        return {
            kind: {
                latest.series: self._enquiry(kind, latest.series, evidence)
                for latest in reported
                if (evidence := evidence_of(latest)) is not None
            }
            for kind, evidence_of in evidences.items()
        }

    @cached_property
    def _places(self) -> Mapping[SeriesKey, int]:
        return {each.series: place for place, each in enumerate(self.assessment.latest)}

    @cached_property
    def _runs(self) -> Runs:
        return Runs(self.assessment)

    def _enquiry(self, kind: EnquiryKind, series: SeriesKey, evidence: Evidence) -> Enquiry:
        if series not in self._orders:
            self._orders[series] = order_of(self.assessment, series)
        return Enquiry(kind, series, evidence, self._orders[series], self._places[series])

    def _process(self, latest: Latest) -> Evidence | None:
        verdicts = latest.verdicts
        if verdicts is None or verdicts.assurance != FAILING or not self._is_listed(latest):
            return None
        is_improving = OF_VARIATION.get(verdicts.variation or "") == IMPROVING
        if is_improving and latest.off_target is None:
            return None  # on target and getting better: it is what is wanted
        return {"assurance": FAILING, "variation": str(verdicts.variation)}

    def _cause(self, latest: Latest) -> Evidence | None:
        if not latest.is_current or latest.rag not in OFF_TARGET:
            return None
        cause, periods = self._runs.of_cause(latest)
        if len(periods) < self.assessment.catalogue.enquiries.same_cause:
            return None
        return {"cause": cause, "times": len(periods), "periods": periods}

    def _forecast(self, latest: Latest) -> Evidence | None:
        forecast = latest.forecast
        if not self._is_on_target(latest) or forecast is None or not forecast.misses:
            return None
        return {"forecast": str(forecast.judged.rag), "given": str(forecast.given)}

    def _concern(self, latest: Latest) -> Evidence | None:
        verdicts = latest.verdicts
        if verdicts is None or verdicts.variation != CONCERN or not self._is_on_target(latest):
            return None
        return {"variation": CONCERN}

    def _fall(self, latest: Latest) -> Evidence | None:
        fall = self.assessment.falls.get(latest.series, "")
        return {"fall": fall} if fall and self._is_on_target(latest) else None

    def _compared(self, latest: Latest) -> Evidence | None:
        if not latest.is_current or latest.rag not in OFF_TARGET:
            return None
        among = self.assessment.compared.get((*latest.series, str(latest.period)))
        if among is None or among["of"] < FEWEST_COMPARED or among["tied"] or among["rank"] != among["of"]:
            return None
        return {"rank": int(among["rank"]), "of": int(among["of"]), "best_org": str(among["best_org"])}

    def _silence(self, latest: Latest) -> Evidence | None:
        if not self.assessment.is_late or latest.rag != Rag.NOT_RETURNED or latest.members:
            return None
        return self._running(self._runs.not_returned(latest), {"owner": latest.responsible_owner})

    def _validation(self, latest: Latest) -> Evidence | None:
        periods = self._runs.said(latest, lambda figure: not (figure.validated or figure.not_applicable))
        return self._running(periods, {"owner": latest.responsible_owner})

    def _provisional(self, latest: Latest) -> Evidence | None:
        return self._running(self._runs.said(latest, lambda figure: bool(figure.provisional)), {})

    def _definition(self, latest: Latest) -> Evidence | None:
        change = self.assessment.redefinitions.get(latest.series)
        if change is None:
            return None
        changed = [row["period"] for row in self.assessment.series[latest.series] if row["changed"]]
        ends = latest.kpi.period(changed[-1]).last_day
        is_new = self.assessment.period.first_day <= ends <= self.assessment.period.last_day
        return {"period": changed[-1], "what": change[1]} if is_new else None

    def _running(self, periods: tuple[str, ...], more: Evidence) -> Evidence | None:
        return {"times": len(periods), "periods": periods, **more} if len(periods) >= _RUNNING else None

    def _is_listed(self, latest: Latest) -> bool:
        """Whether a reader finds it among what is to act on; no question is about what no page speaks of."""
        return latest.series in self.assessment.to_act_on

    def _is_on_target(self, latest: Latest) -> bool:
        is_on_target = latest.is_current and latest.rag in ON_TARGET and latest.off_target is None
        return is_on_target and self._is_listed(latest)
