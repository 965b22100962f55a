"""Escalation in the master: what is proposed, what was decided, and what was typed."""

from __future__ import annotations

from datetime import date

from xlperf.findings import Finding, finding
from xlperf.ledger import Decision, State
from xlperf.report import layout
from xlperf.report.facts import Facts, Latest, Row, about_section, day_of, head
from xlperf.rules.assess import Key as Series
from xlperf.rules.escalation import Answer, Proposal
from xlperf.rules.escalation.words import day as in_words


def escalation_rows(facts: Facts) -> list[Row]:
    """Every series or section with a stage proposed or decided, or with anything typed about it, gravest first."""
    latest = {each.series: each for each in facts.latest}
    sections = {key: about_section(key, section) for key, section in facts.sections.items()}
    listed = [key for key in (*sections, *latest) if key in facts.proposals or any(facts.typed(key).said)]
    rows = []
    for key in sorted(listed, key=lambda each: -_gravity(facts, each)):
        about = _about_series(facts, latest[key]) if key in latest else sections[key]
        rows.append({**about, **_stages(facts, key)})
    strangers = [key for key in facts.state.settled if any(facts.typed(key).said) and key not in {*latest, *sections}]
    return rows + [_stranger(facts, facts.typed(key)) for key in strangers]


def _gravity(facts: Facts, key: Series) -> int:
    names = facts.catalogue.escalation.stage_names
    proposal = facts.proposals.get(key)
    said = (facts.decision(key).stage, proposal.stage if proposal else "")
    return max(names.index(name) if name in names else 0 for name in said)


def _about_series(facts: Facts, latest: Latest) -> Row:
    return {
        **head(latest),
        "RAG": str(latest.rag),
        "Latest": latest.row["shown"] if latest.row else "",
        "Executive owner": facts.executive_owner(latest),
    }


def _stranger(facts: Facts, decision: Decision) -> Row:
    """A decision about what the catalogue does not have, or no longer: shown, so that a person can move or clear it."""
    kpi = facts.catalogue.kpi_by_id.get(decision.kpi_id)
    status = "Not in the catalogue"
    if kpi is not None:
        retired = kpi.is_retired_by(facts.period.first_day)
        status = f"Retired after {kpi.retired_after}" if retired else f"{decision.org} does not report it"
    return {
        "Ref": decision.kpi_id,
        "KPI": kpi.name if kpi else "not in the catalogue",
        "Org": decision.org,
        layout.DECIDED: decision.stage,
        layout.DECIDED_BY: decision.by,
        layout.DECIDED_ON: _typed_day(decision.on),
        layout.RATIONALE: decision.rationale,
        "Status": status,
    }


NOT_IN_FORCE = Proposal("", "")
"""Of a series about which something was typed, and that the ladder has nothing to say of."""


_STATUS = {
    Answer.NOTHING: "Nothing proposed",
    Answer.AS_PROPOSED: "As proposed",
    Answer.OTHERWISE: "Decided otherwise",
    Answer.NOT_A_STAGE: "Not a stage of the ladder",
    Answer.NOT_YET: "No decision yet",
    Answer.AFTER: "To decide: proposed after the decision",
    Answer.INSTEAD: "To decide: not a stage of the ladder",
    Answer.DISPUTED: "Decided twice",
}


def _stages(facts: Facts, key: Series) -> Row:
    """What is proposed, what was decided and what was typed."""
    no_stage = facts.catalogue.escalation.no_stage
    proposal, decision, typed = facts.proposals.get(key, NOT_IN_FORCE), facts.decision(key), facts.typed(key)
    proposed = proposal.stage or no_stage
    reason = proposal.reason
    answered = facts.answer(key)
    if answered is Answer.NOT_A_STAGE:
        reason = reason or f"'{decision.stage}' is no stage here and counts as {no_stage}."
    status = _STATUS[answered]
    if answered is Answer.AFTER and (day := day_of(decision.on)):
        status += f" of {in_words(day)}"
    if answered is Answer.DISPUTED:
        status += f"; '{decision.stage or no_stage}' counts until you type which stands"
    elif decision.stage:
        status += _without_day(decision.on)
    if proposal.review_overdue:
        status += "; review overdue"
    return {
        "Proposed stage": proposed,
        "Reason": reason,
        "What would take it out": proposal.way_out,
        "Support": "; ".join(proposal.support),
        "In force since": proposal.since,
        "Periods at stage": proposal.periods_at_stage if proposal.since else None,
        "Next review": proposal.next_review,
        "Who decides": proposal.decided_by,
        "Who is told": "; ".join(proposal.tell),
        layout.DECIDED: typed.stage,
        layout.DECIDED_BY: typed.by,
        layout.DECIDED_ON: _typed_day(typed.on),
        layout.RATIONALE: typed.rationale,
        "Status": status,
    }


def typed_rows(facts: Facts) -> list[Row]:
    """What the cells for typing show, for the next collation to see what people have typed since."""
    return [
        {"Ref": key[0], "Org": key[1], **dict(zip(layout.TYPED_COLUMNS, facts.typed(key).said, strict=True))}
        for key in facts.state.settled
    ]


def disputes(state: State) -> list[Finding]:
    """A finding for each KPI and org of which two people have decided without seeing the other's decision."""
    found = []
    for key, settled in state.settled.items():
        if settled.disputed:
            said = "; and ".join(f"{_in_words(decision)} (read from {decision.book})" for decision in settled.disputed)
            message = f"{' '.join(key)}: {said}. The first counts until a person chooses."
            found.append(finding("D004", message, found=settled.disputed[-1].stage, expected=settled.disputed[0].stage))
    return found


def _in_words(decision: Decision) -> str:
    stage, by, on, rationale = decision.said
    words = [f"'{stage}'" if stage else "no stage", f"by {by}" if by else "", f"on {on}" if on else "", rationale]
    return ", ".join(word for word in words if word)


def undecided(facts: Facts) -> list[tuple[str, Finding]]:
    """Faults in the decisions typed so far."""
    found = [("", dispute) for dispute in disputes(facts.state)]
    for decision in facts.state.decisions.values():
        about, key = f"{decision.kpi_id} {decision.org}: ", (decision.kpi_id, decision.org)
        names = (facts.catalogue.escalation.no_stage, *facts.stages_of(key))
        if decision.stage and facts.decision(key).stage not in names:
            said = finding("D001", f"{about}found '{decision.stage}'.", found=decision.stage, expected=", ".join(names))
            found.append(("", said))
        if any(decision.said) and not (decision.stage and decision.by and decision.on):
            found.append(("", finding("D002", f"{about}the stage, who decided, or the date is missing.")))
    return found


def _without_day(typed: str) -> str:
    """Says so where a decision has no day to be read: no time at its stage is counted, and no review falls due."""
    if day_of(typed) is not None:
        return ""
    return "; its date cannot be read" if typed else "; without a date"


def _typed_day(typed: str) -> date | str:
    """A typed date as a date again; anything else stays the text it was."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return typed
    return day if day.isoformat() == typed and day.year >= 1900 else typed
