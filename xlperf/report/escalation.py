"""Escalation in the master: what is proposed, what was decided, and what was typed."""

from __future__ import annotations

from datetime import date

from xlperf.findings import Finding, finding
from xlperf.ledger import Decision
from xlperf.report import layout
from xlperf.report.facts import Facts, Latest, Row, head
from xlperf.rules.escalation import NO_STAGE


def escalation_rows(facts: Facts) -> list[Row]:
    """Every series with a stage proposed or decided, or with anything typed about it, gravest first."""
    names = facts.stage_names

    def gravest_first(latest: Latest) -> int:
        proposal = facts.proposals.get(latest.series)
        decided = facts.decision(latest.series).stage
        return -max(names.index(n) if n in names else 0 for n in (decided, proposal.stage if proposal else NO_STAGE))

    listed = [
        latest for latest in facts.latest if latest.series in facts.proposals or any(facts.decision(latest.series).said)
    ]
    rows = [_escalation(facts, latest) for latest in sorted(listed, key=gravest_first)]
    known = {latest.series for latest in facts.latest}
    strangers = [d for d in facts.state.decisions.values() if any(d.said) and (d.kpi_id, d.org) not in known]
    return rows + [_stranger(decision) for decision in strangers]


def _stranger(decision: Decision) -> Row:
    """A decision about what the catalogue does not have, or no longer: shown, so that a person can move or clear it."""
    return {
        "Ref": decision.kpi_id,
        "KPI": "not in the catalogue",
        "Org": decision.org,
        layout.DECIDED: decision.stage,
        layout.DECIDED_BY: decision.by,
        layout.DECIDED_ON: _typed_day(decision.on),
        layout.RATIONALE: decision.rationale,
        "Status": "Not in the catalogue",
    }


def _escalation(facts: Facts, latest: Latest) -> Row:
    key = latest.series
    proposal, decision, typed = facts.proposals.get(key), facts.decision(key), facts.typed(key)
    proposed = proposal.stage if proposal else NO_STAGE
    if not decision.stage:
        status = "No decision yet"
    else:
        status = "As proposed" if decision.stage == proposed else "Decided otherwise"
    return {
        **head(latest),
        "RAG": str(latest.rag),
        "Latest": latest.row["shown"] if latest.row else "",
        "Proposed stage": proposed,
        "Reason": proposal.reason if proposal else "",
        "What would take it out": proposal.way_out if proposal else "",
        "Support": _support(facts, decision.stage if decision.stage not in ("", NO_STAGE) else proposed),
        layout.DECIDED: typed.stage,
        layout.DECIDED_BY: typed.by,
        layout.DECIDED_ON: _typed_day(typed.on),
        layout.RATIONALE: typed.rationale,
        "Status": status,
        "Executive owner": facts.catalogue.executive_of(latest.kpi, latest.org).title,
    }


def _support(facts: Facts, stage: str) -> str:
    """What the ladder offers at a stage."""
    return "; ".join(text for each in facts.catalogue.escalation.stages if each.name == stage for text in each.support)


def typed_rows(facts: Facts) -> list[Row]:
    """What the ledger holds of every decision, for the next collation to see what people have typed since."""
    return [
        {
            "Ref": decision.kpi_id,
            "Org": decision.org,
            **dict(zip(layout.TYPED_COLUMNS, decision.said, strict=True)),
        }
        for decision in facts.state.decisions.values()
    ]


def undecided(facts: Facts) -> list[tuple[str, Finding]]:
    """Faults in the decisions typed so far."""
    names = facts.stage_names
    found = []
    for decision in facts.state.decisions.values():
        about = f"{decision.kpi_id} {decision.org}: "
        if decision.stage and facts.decision((decision.kpi_id, decision.org)).stage not in names:
            said = finding("D001", f"{about}found '{decision.stage}'.", found=decision.stage, expected=", ".join(names))
            found.append(("", said))
        if any(decision.said) and not (decision.stage and decision.by and decision.on):
            found.append(("", finding("D002", f"{about}the stage, who decided, or the date is missing.")))
    return found


def _typed_day(typed: str) -> date | str:
    """A typed date as a date again; anything else stays the text it was."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return typed
    return day if day.isoformat() == typed and day.year >= 1900 else typed
