"""The findings that the team has to follow up in a reporting period."""

from __future__ import annotations

from xlperf.assessment import Assessment
from xlperf.digits import written
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Received
from xlperf.report.decision_findings import decision_findings


def period_findings(assessment: Assessment) -> list[tuple[str, Finding]]:
    """(owner, finding) for every file of the reporting period, without replaced returns.

    The findings of a held return are included whatever its period, until somebody releases or rejects it.
    """
    findings = []
    for received in assessment.state.received:
        is_replaced = assessment.state.is_replaced(received)
        is_gone = not received.period and received.sha256 not in assessment.present
        is_of_another_period = received.period not in ("", str(assessment.period)) and not received.is_held
        if is_of_another_period or is_replaced or is_gone:
            continue
        findings += [(received.owner, _given_before(assessment, item)) for item in received.findings]
    findings += _withdrawn(assessment)
    return findings + _indistinguishable(assessment) + decision_findings(assessment) + _without_kpi(assessment)


def _given_before(assessment: Assessment, item: Finding) -> Finding:
    """The finding, or another one for a blank row whose figure an earlier return gave, as that figure stays."""
    where = item.location
    if not item.kind.given_before or where.figure_key not in assessment.state.figures:
        return item
    return finding(item.kind.given_before, "the figure returned before has been cleared.", where)


def _without_kpi(assessment: Assessment) -> list[tuple[str, Finding]]:
    return [
        ("", finding("R032", f"{count} figures of {kpi_id} are in the ledger.", Location(kpi_id=kpi_id)))
        for kpi_id, count in assessment.without_kpi.items()
    ]


def _withdrawn(assessment: Assessment) -> list[tuple[str, Finding]]:
    """A finding for each restatement that a return made and the one that replaced it does not make."""
    state, withdrawn = assessment.state, dict[tuple[str, Location], Finding]()
    for received in state.received:
        used = state.in_use.get((received.owner, received.period))
        if used is None or used is received or not received.is_accepted or received.period != str(assessment.period):
            continue
        still = {figure.key for figure in used.figures}
        for figure in received.figures:
            if figure.restated and figure.key not in still:
                where = Location(used.file, "", "", None, *figure.key)
                now = assessment.state.now.get(figure.key)
                message = f"{received.file} restated it; {used.file}, which replaced that, does not."
                shown = written(now.actual) if now and now.actual is not None else ""
                withdrawn[received.owner, where] = finding("A011", message, where, found=shown)
    return [(owner, item) for (owner, _), item in withdrawn.items()]


def _indistinguishable(assessment: Assessment) -> list[tuple[str, Finding]]:
    """Findings about accepted files of one owner that differ in nothing but their hash."""
    findings, seen = [], dict[tuple[str, str, int, str], Received]()
    for received in assessment.state.received:
        key = (received.owner, received.period, received.serial, received.saved_at)
        if received.is_accepted and received.period == str(assessment.period) and key in seen:
            message = f"{seen[key].file} and {received.file} were saved at the same time; {received.file} is used."
            findings.append((received.owner, finding("I006", message, Location(file=received.file))))
        if received.is_accepted:
            seen[key] = received
    return findings
