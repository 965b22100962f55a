"""Checks of the key business questions, and of the words of lines of enquiry."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.catalogue.enquiry_settings import wording_faults
from xlperf.catalogue.field_path import LocationOf
from xlperf.catalogue.model import Catalogue
from xlperf.errors import UsageError
from xlperf.findings import Finding, finding

UNANSWERED = "C031"


def _questions_without_kpi(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    """A question that no KPI helps to answer is a gap in the set of indicators; one that is retired answers nothing."""
    try:
        last_day = max(period.last_day for period in catalogue.entry_by_period)
        answered = {kpi.question for kpi in catalogue.kpis if not kpi.is_retired_by(last_day)}
    except UsageError:
        return  # a period that cannot be read has its own finding
    for i, question in enumerate(catalogue.questions):
        if question.id not in answered:
            message = f"no KPI answers the question '{question.id}': {question.text}"
            yield finding(UNANSWERED, message, locate(("questions", i)), found=question.id)


def _wording(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    for kind, template in catalogue.enquiries.wording.items():
        for fault in wording_faults(kind, template):
            where = locate(("enquiries", "wording", str(kind)))
            yield finding("C032", f"the wording of '{kind}': {fault}.", where, found=template)


QUESTION_CHECKS = (_questions_without_kpi, _wording)
