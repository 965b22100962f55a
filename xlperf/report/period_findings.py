"""What the team has to ask about: the findings of every file that matters to the reporting period."""

from __future__ import annotations

from xlperf.assessment import Assessment
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.ledger import Received
from xlperf.report.decision_findings import undecided


def period_findings(assessment: Assessment) -> list[tuple[str, Finding]]:
    """(owner, finding) of every file that matters to the reporting period; notes and replaced returns left out.

    Those of a return that is held are told whatever its period, until somebody has settled it.
    """
    found = []
    last = {(received.owner, received.period): received for received in assessment.state.received}
    for received in assessment.state.received:
        about = (received.owner, received.period)
        counts = received is last[about] or received is assessment.state.in_use.get(about) or received.is_held
        replaced = bool(received.period) and not counts
        gone = not received.period and received.sha256 not in assessment.present
        of_another = received.period not in ("", str(assessment.period)) and not received.is_held
        if of_another or replaced or gone:
            continue
        told = (item for item in received.findings if item.severity is not Severity.NOTE)
        found += [(received.owner, _given_before(assessment, item)) for item in told]
    return found + _indistinguishable(assessment) + undecided(assessment) + _without_kpi(assessment)


def _given_before(assessment: Assessment, item: Finding) -> Finding:
    """A blank is another matter where an earlier return gave the figure, which then stays."""
    where = item.location
    if not item.kind.given_before or where.about not in assessment.state.figures:
        return item
    return finding(item.kind.given_before, "the figure returned before has been cleared.", where)


def _without_kpi(assessment: Assessment) -> list[tuple[str, Finding]]:
    return [
        ("", finding("R032", f"{count} figures of {kpi_id} are in the ledger.", Location(kpi_id=kpi_id)))
        for kpi_id, count in assessment.without_kpi.items()
    ]


def _indistinguishable(assessment: Assessment) -> list[tuple[str, Finding]]:
    """Accepted files of one owner that nothing but their hash tells apart."""
    found, seen = [], dict[tuple[str, str, int, str], Received]()
    for received in assessment.state.received:
        key = (received.owner, received.period, received.serial, received.saved_at)
        if received.is_accepted and received.period == str(assessment.period) and key in seen:
            message = f"{seen[key].file} and {received.file} were saved at the same time; {received.file} is used."
            found.append((received.owner, finding("I006", message, Location(file=received.file))))
        if received.is_accepted:
            seen[key] = received
    return found
