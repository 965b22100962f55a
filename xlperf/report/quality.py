"""How far each figure can be relied on: what its return and the catalogue say of the data behind it."""

from __future__ import annotations

from xlperf.ledger import Current
from xlperf.report.facts import Facts, Latest
from xlperf.returns.reading import usable_period
from xlperf.rules.confidence import NOT_KNOWN, Confidence, sign_off, timeliness, worst_of
from xlperf.rules.rag import Rag


def confidence(facts: Facts, latest: Latest) -> Confidence:
    """The data quality marks of a KPI and org; of a rolled-up figure, the worst of those it is made of."""
    if latest.members:
        made_of = set(latest.members)
        return worst_of(
            confidence(facts, each) for each in facts.latest if each.kpi is latest.kpi and each.org.code in made_of
        )
    signed, in_time = _of_return(facts, latest)
    known = latest.kpi.data_quality
    return Confidence(signed, in_time, known.audit or NOT_KNOWN, known.systems or NOT_KNOWN)


def _of_return(facts: Facts, latest: Latest) -> tuple[str, str]:
    """Sign-off and timeliness; not known of an imported figure, nor of one that is not due."""
    if latest.rag is Rag.NOT_RETURNED:
        entry = facts.catalogue.entry_by_period[facts.period]
        late = facts.produced.date() > entry.return_deadline
        return NOT_KNOWN, timeliness(None, entry.return_deadline, entry.hard_close) if late else NOT_KNOWN
    current = facts.current(latest.row) if latest.row else None
    received = facts.state.by_sha256.get(current.source) if current else None
    if current is None or received is None:
        return NOT_KNOWN, NOT_KNOWN
    signed = sign_off(
        signed=bool(received.signed_off_by and received.signed_off_on),
        validated=current.now.validated or current.now.not_applicable,
    )
    period = usable_period(facts.catalogue, received.period)
    if period is None:
        return signed, NOT_KNOWN
    entry = facts.catalogue.entry_by_period[period]
    return signed, timeliness(facts.state.returned_on(received), entry.return_deadline, entry.hard_close)


PROVISIONAL, RESTATED = "provisional", "restated"


def standing(current: Current | None) -> str:
    """Whether a figure may still change, or has: `provisional`, `restated`, both, or ""."""
    if current is None:
        return ""
    marks = (PROVISIONAL if current.now.provisional else "", RESTATED if current.is_restated else "")
    return ", ".join(mark for mark in marks if mark)
