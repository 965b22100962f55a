"""Findings about the decisions that people typed."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment import Assessment
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Decision, State
from xlperf.report import layout
from xlperf.report.case_findings import entry_disputes, entry_doubts
from xlperf.rules.iso_day import day_of


def disputes(state: State) -> list[Finding]:
    """A finding for each decision, and change of an action or entry, that was typed without seeing an earlier one."""
    findings = []
    for key, settled in state.settled.items():
        if settled.disputed:
            decisions = "; and ".join(
                f"{_decision_words(decision)} (read from {decision.book})" for decision in settled.disputed
            )
            first, last = settled.disputed[0].stage, settled.disputed[-1].stage
            message = f"{decisions}. The first counts until a person chooses."
            findings.append(finding("D004", message, _about(key), found=last, expected=first))
    return [*findings, *_action_disputes(state), *entry_disputes(state)]


def _action_disputes(state: State) -> Iterator[Finding]:
    """A finding for each cell of the register that somebody changed without having seen what it was by then."""
    for action in state.actions:
        for each in action.disputed:
            message = f"{action.id}, {layout.ACTION_CELLS[each.cell]}: '{each.typed}' was typed in {each.named}."
            yield finding("D011", message, _about(action.about), found=each.typed, expected=action.cells[each.cell])


def _about(key: tuple[str, str]) -> Location:
    return Location(kpi_id=key[0], org=key[1])


def _decision_words(decision: Decision) -> str:
    stage, by, on, rationale = decision.cells
    words = [f"'{stage}'" if stage else "no stage", f"by {by}" if by else "", f"on {on}" if on else "", rationale]
    return ", ".join(word for word in words if word)


def decision_findings(assessment: Assessment) -> list[tuple[str, Finding]]:
    """(owner, finding) for faults in the decisions typed so far; the owner is ""."""
    findings = [("", dispute) for dispute in disputes(assessment.state)]
    for decision in assessment.state.decision_in_force.values():
        key = (decision.kpi_id, decision.org)
        names = (assessment.ladder.no_stage, *assessment.ladder.stages_of(key))
        if decision.stage and assessment.ladder.decision(key).stage not in names:
            message = f"'{decision.stage}' was typed."
            not_a_stage = finding("D001", message, _about(key), found=decision.stage, expected=", ".join(names))
            findings.append(("", not_a_stage))
        if any(decision.cells) and not (decision.stage and decision.by and decision.on):
            findings.append(("", finding("D002", "the stage, who decided, or the date is missing.", _about(key))))
        day = day_of(decision.on)
        if decision.on and day is None:
            findings.append(("", finding("D009", f"'{decision.on}' is no date.", _about(key), found=decision.on)))
        elif day and day > assessment.produced.date():
            message = f"{decision.on} has not come; it counts as of {decision.at[:10]}, when it was read."
            findings.append(("", finding("D009", message, _about(key), found=decision.on)))
    return findings + [("", doubt) for doubt in entry_doubts(assessment)]
