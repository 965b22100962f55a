"""What is to be asked about the decisions that people typed."""

from __future__ import annotations

from xlperf.assessment import Assessment
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Decision, State


def disputes(state: State) -> list[Finding]:
    """A finding for each KPI and org of which two people have decided without seeing the other's decision."""
    found = []
    for key, settled in state.settled.items():
        if settled.disputed:
            said = "; and ".join(f"{_in_words(decision)} (read from {decision.book})" for decision in settled.disputed)
            first, last = settled.disputed[0].stage, settled.disputed[-1].stage
            message = f"{said}. The first counts until a person chooses."
            found.append(finding("D004", message, _about(key), found=last, expected=first))
    return found


def _about(key: tuple[str, str]) -> Location:
    return Location(kpi_id=key[0], org=key[1])


def _in_words(decision: Decision) -> str:
    stage, by, on, rationale = decision.cells
    words = [f"'{stage}'" if stage else "no stage", f"by {by}" if by else "", f"on {on}" if on else "", rationale]
    return ", ".join(word for word in words if word)


def undecided(assessment: Assessment) -> list[tuple[str, Finding]]:
    """Faults in the decisions typed so far."""
    found = [("", dispute) for dispute in disputes(assessment.state)]
    for decision in assessment.state.decisions.values():
        key = (decision.kpi_id, decision.org)
        names = (assessment.ladder.no_stage, *assessment.ladder.stages_of(key))
        if decision.stage and assessment.ladder.decision(key).stage not in names:
            message = f"'{decision.stage}' was typed."
            said = finding("D001", message, _about(key), found=decision.stage, expected=", ".join(names))
            found.append(("", said))
        if any(decision.cells) and not (decision.stage and decision.by and decision.on):
            found.append(("", finding("D002", "the stage, who decided, or the date is missing.", _about(key))))
    return found
