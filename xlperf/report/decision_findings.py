"""Findings about the decisions that people typed."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment import Assessment
from xlperf.digits import written
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Decision, State, TypedWords
from xlperf.report import layout
from xlperf.report.case_findings import entry_disputes, entry_doubts
from xlperf.report.narrative_words import lacking
from xlperf.report.sheets import narrative
from xlperf.rules.iso_day import day_of
from xlperf.rules.recovery_path import FIGURE


def disputes(state: State) -> list[Finding]:
    """A finding for each decision, or change of another cell, that was typed without seeing an earlier one."""
    findings = []
    for key, settled in state.settled.items():
        if settled.disputed:
            decisions = "; and ".join(
                f"{_decision_words(decision)} (read from {decision.book})" for decision in settled.disputed
            )
            first, last = settled.disputed[0].stage, settled.disputed[-1].stage
            message = f"{decisions}. The first counts until a person chooses."
            findings.append(finding("D004", message, _about(key), found=last, expected=first))
    return [
        *findings,
        *_words_disputes(state),
        *_action_disputes(state),
        *_promise_disputes(state),
        *_enquiry_disputes(state),
        *entry_disputes(state),
    ]


def _words_disputes(state: State) -> Iterator[Finding]:
    """A finding for each rolled-up figure of which two people said something without seeing each other's words."""
    for (kpi_id, org, period), settled in state.words.items():
        if settled.disputed:
            sides = "; and ".join(f"{_words_typed(typed)} (read from {typed.book})" for typed in settled.disputed)
            message = f"{sides}. The first words stand, not approved, until a person chooses."
            first, last = settled.disputed[0].words, settled.disputed[-1].words
            where = Location(kpi_id=kpi_id, org=org, period=period)
            yield finding("D015", message, where, found=last, expected=first)


def _words_typed(typed: TypedWords) -> str:
    words, by, on = typed.cells
    parts = (f"'{words}'" if words else "no words", f"approved by {by}" if by else "", f"on {on}" if on else "")
    return ", ".join(filter(None, parts))


def _action_disputes(state: State) -> Iterator[Finding]:
    """A finding for each cell of the register that somebody changed without having seen what it was by then."""
    for action in state.actions:
        for each in action.disputed:
            message = f"{action.id}, {layout.ACTION_CELLS[each.cell]}: '{each.typed}' was typed in {each.named}."
            yield finding("D011", message, _about(action.about), found=each.typed, expected=action.cells[each.cell])


def _enquiry_disputes(state: State) -> Iterator[Finding]:
    """A finding for each cell about a line of enquiry that somebody changed without having seen what it was by then."""
    for key, said in state.enquiries.items():
        for each in said.disputed:
            header, about = layout.ENQUIRY_CELLS[each.cell], state.asked[key].about
            message = f"{header}, {about}: '{each.typed}' was typed in {each.named}."
            stands = said.cells.get(each.cell, "")
            yield finding("D016", message, _about((key[3], key[4])), found=each.typed, expected=stands)


def _promise_disputes(state: State) -> Iterator[Finding]:
    """A finding for each promised figure that somebody typed without having seen what it was by then."""
    for series, path in state.recovery_paths.items():
        for each in path.not_taken:
            if not each.is_too_late:
                # Nothing stands where the run with what was seen is lost.
                stands, typed = path.cells(each.period)[FIGURE] or "nothing", written(each.figure)
                message = f"{each.period}: '{typed}' was typed in {each.named}, and {stands} stands."
                where = Location(kpi_id=series[0], org=series[1], period=str(each.period))
                yield finding("D013", message, where, found=typed, expected=stands)


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
    return [*findings, *_incomplete_words(assessment), *(("", doubt) for doubt in entry_doubts(assessment))]


def _incomplete_words(assessment: Assessment) -> Iterator[tuple[str, Finding]]:
    """A finding for each figure of the sheet Narrative whose words, or whose approval, were typed in part."""
    for row in narrative.rows(assessment):
        if row.words is not None and (lacks := lacking(row.words)):
            kpi_id, org, period = row.key
            yield "", finding("D014", f"{lacks}.", Location(kpi_id=kpi_id, org=org, period=period))
