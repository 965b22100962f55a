"""The lists of the master, one function a sheet; each gives rows keyed by the headers of `report.layout`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from xlperf.catalogue import Kpi
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.ledger import Issued, Received
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.dashboard import dashboard_rows
from xlperf.report.facts import Facts, Latest
from xlperf.returns.words import BETTER_WORDS, glossary_rows, target_words, tolerance_words
from xlperf.rules.escalation import NO_STAGE
from xlperf.rules.rag import Rag

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def master_tables(facts: Facts, about: Sequence[tuple[str, str]]) -> Tables:
    """Every table of the master; `about` are the (item, value) rows of the About sheet."""
    return {
        layout.DASHBOARD: dashboard_rows(facts),
        layout.EXCEPTIONS: exception_rows(facts),
        layout.ESCALATION: escalation_rows(facts),
        layout.KPIS: kpi_rows(facts),
        layout.DATA: data_rows(facts),
        layout.RETURNS: return_rows(facts),
        layout.FINDINGS: finding_rows(facts),
        layout.GLOSSARY: _glossary(facts),
        layout.ABOUT: [{"Item": item, "Value": value} for item, value in about],
        layout.TYPED: typed_rows(facts),
        layout.STAGES: [{"Stage": name} for name in _stage_names(facts)],
    }


def _glossary(facts: Facts) -> list[Row]:
    pairs = tuple((latest.kpi, latest.org) for latest in facts.latest)
    return [dict(row) for row in glossary_rows(facts.catalogue, pairs, facts.period)]


def _figure(facts: Facts, row: Mapping[str, Any]) -> Any:
    return facts.state.figures[(row["kpi_id"], row["org"], row["period"])]


def exception_rows(facts: Facts) -> list[Row]:
    """Every Red and Amber of the period, worst first: Red, then in escalation, then the longest running."""
    off_target = [latest for latest in facts.latest if latest.rag in (Rag.RED, Rag.AMBER) and latest.row]

    def worst_first(latest: Latest) -> tuple[bool, bool, int]:
        in_escalation = bool(facts.stage_words((latest.kpi.id, latest.org.code)))
        return (latest.rag is not Rag.RED, not in_escalation, -latest.row["rag_run"] if latest.row else 0)

    return [_exception(facts, latest) for latest in sorted(off_target, key=worst_first)]


def _exception(facts: Facts, latest: Latest) -> Row:
    row = latest.row or {}
    figure = _figure(facts, row).now
    running, since = _off_target_since(facts, latest)
    sections = {section.id: section.name for section in facts.catalogue.sections}
    return {
        **_head(latest),
        "RAG": str(latest.rag),
        "Latest": row["shown"],
        "Target": target_words(latest.kpi, latest.kpi.target_for(latest.kpi.period(row["period"]))),
        "As at": latest.kpi.period(row["period"]).short,
        "Red or Amber since": since,
        "Periods": running,
        "Change": row["movement"],
        "Trend": row["trend"],
        "Commentary": figure.commentary,
        "Cause": figure.cause,
        "Action": figure.action,
        "Action owner": figure.action_owner,
        "Action due": _day(figure.action_due),
        "Escalation": facts.stage_words((latest.kpi.id, latest.org.code)),
        **_owners(facts, latest),
        "Section": sections[latest.kpi.section],
    }


def _off_target_since(facts: Facts, latest: Latest) -> tuple[int, str]:
    """For how many figures running it has been Red or Amber, and from which period on."""
    off = [str(Rag.RED), str(Rag.AMBER)]
    count, since = 0, ""
    for row in reversed(facts.series[(latest.kpi.id, latest.org.code)]):
        if row["rag"] not in off:
            break
        count, since = count + 1, latest.kpi.period(row["period"]).short
    return count, since


def _head(latest: Latest) -> Row:
    return {"Ref": latest.kpi.id, "KPI": latest.kpi.name, "Org": latest.org.code}


def _owners(facts: Facts, latest: Latest) -> Row:
    return {
        "Responsible owner": facts.catalogue.owner_of(latest.kpi, latest.org).name,
        "Executive owner": facts.catalogue.executive_of(latest.kpi, latest.org).title,
    }


def escalation_rows(facts: Facts) -> list[Row]:
    """Every series with a stage proposed or decided, or with anything typed about it, gravest first."""
    names = _stage_names(facts)

    def gravest_first(latest: Latest) -> int:
        proposal = facts.proposals.get((latest.kpi.id, latest.org.code))
        decided = facts.decision((latest.kpi.id, latest.org.code)).stage
        return -max(names.index(n) if n in names else 0 for n in (decided, proposal.stage if proposal else NO_STAGE))

    listed = [
        latest
        for latest in facts.latest
        if (latest.kpi.id, latest.org.code) in facts.proposals
        or any(facts.decision((latest.kpi.id, latest.org.code)).said)
    ]
    return [_escalation(facts, latest) for latest in sorted(listed, key=gravest_first)]


def _stage_names(facts: Facts) -> list[str]:
    """What may be decided, mildest first."""
    return [NO_STAGE, *(stage.name for stage in facts.catalogue.escalation.stages)]


def _escalation(facts: Facts, latest: Latest) -> Row:
    key = (latest.kpi.id, latest.org.code)
    proposal, decision = facts.proposals.get(key), facts.decision(key)
    proposed = proposal.stage if proposal else NO_STAGE
    if not decision.stage:
        status = "No decision yet"
    else:
        status = "As proposed" if decision.stage == proposed else "Decided otherwise"
    return {
        **_head(latest),
        "RAG": str(latest.rag),
        "Latest": latest.row["shown"] if latest.row else "",
        "Proposed stage": proposed,
        "Reason": proposal.reason if proposal else "",
        "What would take it out": proposal.way_out if proposal else "",
        layout.DECIDED: decision.stage,
        layout.DECIDED_BY: decision.by,
        layout.DECIDED_ON: _typed_day(decision.on),
        layout.RATIONALE: decision.rationale,
        "Status": status,
        "Executive owner": facts.catalogue.executive_of(latest.kpi, latest.org).title,
    }


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


def kpi_rows(facts: Facts) -> list[Row]:
    """The latest figure of every KPI and org."""
    return [_kpi(facts, latest) for latest in facts.latest]


def _kpi(facts: Facts, latest: Latest) -> Row:
    kpi, row = latest.kpi, latest.row
    sections = {section.id: section.name for section in facts.catalogue.sections}
    told: Row = {
        **_head(latest),
        "Section": sections[kpi.section],
        "Organisation": latest.org.name,
        "Frequency": str(kpi.frequency),
        "Unit": kpi.shown_unit,
        "Better": BETTER_WORDS[kpi.direction],
        "RAG": str(latest.rag),
        "Escalation": facts.stage_words((kpi.id, latest.org.code)),
        "Commentary": f"({latest.why})" if latest.why else "",
        **_owners(facts, latest),
    }
    if row is None or latest.period is None:
        return told
    figure = _figure(facts, row).now
    target = kpi.target_for(latest.period)
    return told | {
        "As at": latest.period.short,
        "Actual": figure.actual,
        "Shown": "n/a" if figure.not_applicable else row["shown"],
        "Numerator": figure.numerator,
        "Denominator": figure.denominator,
        "Target": target_words(kpi, target),
        "Tolerance": tolerance_words(target),
        "Change": row["movement"],
        "Trend": row["trend"],
        "Figures": row["points"],
        "Forecast for year end": figure.forecast,
        "Commentary": told["Commentary"] or figure.commentary,
    }


def data_rows(facts: Facts) -> list[Row]:
    """Every current figure, judged, with where it came from."""
    orgs = {org.code: org.name for org in facts.catalogue.orgs}
    last = {(latest.kpi.id, latest.org.code): latest.period for latest in facts.latest}
    kpis = facts.catalogue.kpi_by_id
    return [_datum(facts, row, kpis[row["kpi_id"]], orgs, last) for row in facts.rows]


def _datum(
    facts: Facts,
    row: Mapping[str, Any],
    kpi: Kpi,
    orgs: Mapping[str, str],
    last: Mapping[tuple[str, str], Period | None],
) -> Row:
    current = _figure(facts, row)
    figure, key = current.now, (kpi.id, row["org"])
    period = kpi.period(row["period"])
    target = kpi.target_for(period)
    return {
        "Ref": kpi.id,
        "KPI": kpi.name,
        "Org": row["org"],
        "Organisation": orgs.get(row["org"], ""),
        "Period": row["period"],
        "Period ends": period.last_day,
        "Unit": kpi.shown_unit,
        "Actual": figure.actual,
        "Numerator": figure.numerator,
        "Denominator": figure.denominator,
        "Milestone": figure.milestone,
        "Target": target_words(kpi, target),
        "Tolerance": tolerance_words(target),
        "RAG": row["rag"],
        "Change": row["movement"],
        "Trend": row["trend"],
        "Figures": row["points"],
        "Escalation": facts.stage_words(key) if last.get(key) == period else "",
        "Commentary": figure.commentary,
        "Cause": figure.cause,
        "Action": figure.action,
        "Action owner": figure.action_owner,
        "Action due": _day(figure.action_due),
        "Forecast for year end": figure.forecast,
        "Reason not applicable": figure.reason_not_applicable,
        "First reported": current.first.milestone or current.first.actual,
        "Restated": "yes" if current.is_restated else "",
        "Reason for restatement": figure.reason_restated,
        "Definition changed": figure.what_changed or ("yes" if figure.changed else ""),
        "Validated": "yes" if figure.validated else "no",
        "Note": f"printed rounded it would look another colour: {row['shown']}" if "(not " in row["shown"] else "",
        "File": figure.file,
        "Sheet": figure.sheet,
        "Cell": figure.cell,
        "Return": current.return_id or "imported",
    }


def return_rows(facts: Facts) -> list[Row]:
    """Every return issued, and every file received, up to the reporting period; the ones still missing first."""
    limit = facts.period.last_day
    rows: list[tuple[tuple[Any, ...], Row]] = []
    answered: set[str] = set()
    for received in facts.state.received:
        issued = facts.state.issued.get(received.return_id)
        if received.period and _ends(facts, received.period) > limit:
            continue
        if not received.period and received.sha256 not in facts.present:
            continue
        answered |= {received.return_id} if received.is_accepted else set()
        rows.append(((1, received.period, received.owner, received.serial), _received(facts, received, issued)))
    for issued in facts.state.latest_issue.values():
        if (issued.owner, issued.period) not in facts.state.in_use and _ends(facts, issued.period) <= limit:
            rows.append(((0, issued.period, issued.owner, issued.serial), _missing(facts, issued)))
    return [row for _, row in sorted(rows, key=lambda each: each[0])]


def _ends(facts: Facts, period: str) -> date:
    return Period.parse(period, facts.catalogue.calendar.frequency).last_day


def _about_owner(facts: Facts, owner: str, period: str) -> Row:
    known = facts.catalogue.owner_by_id.get(owner)
    frequency = facts.catalogue.calendar.frequency
    entry = facts.catalogue.entry_by_period.get(Period.parse(period, frequency)) if period else None
    return {
        "Period": period,
        "Responsible owner": known.name if known else owner,
        "Directorate": known.directorate if known else "",
        "Executive owner": facts.catalogue.executive_by_id[known.executive_owner].title if known else "",
        "Deadline": entry.return_deadline if entry else None,
    }


def _received(facts: Facts, received: Received, issued: Issued | None) -> Row:
    about = _about_owner(facts, received.owner, received.period)
    arrived = date.fromisoformat(received.at[:10])
    used = facts.state.in_use.get((received.owner, received.period))
    standing = "In use" if used is received else f"Replaced by {used.file}" if used else "Not used"
    deadline = about["Deadline"]
    return about | {
        "Serial": received.serial or None,
        "Issued": date.fromisoformat(issued.at[:10]) if issued else None,
        "Returned": arrived,
        "Days late": max((arrived - deadline).days, 0) if deadline else None,
        "Outcome": received.outcome,
        "Standing": standing if received.is_accepted else "Not used",
        "File": received.file,
        "Asked": len(issued.asked) if issued else None,
        "Accepted": sum(1 for figure in received.figures if not figure.restated),
        "Refused": len(received.refused),
        "Blank": len(received.blank),
        "Warnings": sum(1 for item in received.findings if item.severity is Severity.WARNING),
        "Completed by": received.completed_by,
        "Signed off by": received.signed_off_by,
        "Signed off on": _day(received.signed_off_on),
        "Return": received.return_id,
    }


def _missing(facts: Facts, issued: Issued) -> Row:
    about = _about_owner(facts, issued.owner, issued.period)
    late = max((facts.produced.date() - about["Deadline"]).days, 0) if about["Deadline"] else None
    return about | {
        "Serial": issued.serial,
        "Issued": date.fromisoformat(issued.at[:10]),
        "Days late": late,
        "Outcome": "Not returned",
        "Standing": "Late" if late else "Awaited",
        "File": "",
        "Asked": len(issued.asked),
        "Return": issued.return_id,
    }


def finding_rows(facts: Facts) -> list[Row]:
    """The findings of the reporting period's returns, and of files that could not be matched; gravest first."""
    rows: list[tuple[int, Row]] = []
    order = list(Severity)
    for owner, item in period_findings(facts):
        known = facts.catalogue.owner_by_id.get(owner)
        where = item.location
        row = {
            "Severity": str(item.severity),
            "Code": item.code,
            "File": where.file,
            "Sheet": where.sheet,
            "Cell": where.cell,
            "Ref": where.kpi_id,
            "Org": where.org,
            "Period": where.period,
            "Responsible owner": known.name if known else owner,
            "What": item.message,
            "Found": item.found,
            "Expected": item.expected,
            "What to do": item.fix,
        }
        rows.append((order.index(item.severity), row))
    return [row for _, row in sorted(rows, key=lambda each: each[0])]


def period_findings(facts: Facts) -> list[tuple[str, Finding]]:
    """(owner, finding) of every file that matters to the reporting period; notes and replaced returns left out."""
    found = []
    last = {(received.owner, received.period): received for received in facts.state.received}
    for received in facts.state.received:
        replaced = bool(received.period) and last[(received.owner, received.period)] is not received
        gone = not received.period and received.sha256 not in facts.present
        if received.period not in ("", str(facts.period)) or replaced or gone:
            continue
        found += [(received.owner, item) for item in received.findings if item.severity is not Severity.NOTE]
    return found + _untold(facts) + _undecided(facts)


def _untold(facts: Facts) -> list[tuple[str, Finding]]:
    """Accepted files of one owner that nothing but their hash tells apart."""
    found, seen = [], dict[tuple[str, str, int, str], Received]()
    for received in facts.state.received:
        key = (received.owner, received.period, received.serial, received.saved_at)
        if received.is_accepted and received.period == str(facts.period) and key in seen:
            message = f"{seen[key].file} and {received.file} were saved at the same time; {received.file} is used."
            found.append((received.owner, finding("I006", message, Location(file=received.file))))
        if received.is_accepted:
            seen[key] = received
    return found


def _undecided(facts: Facts) -> list[tuple[str, Finding]]:
    """Faults in the decisions typed so far."""
    names = _stage_names(facts)
    found = []
    for decision in facts.state.decisions.values():
        about = f"{decision.kpi_id} {decision.org}: "
        if decision.stage and decision.stage not in names:
            said = finding("D001", f"{about}found '{decision.stage}'.", found=decision.stage, expected=", ".join(names))
            found.append(("", said))
        if any(decision.said) and not (decision.stage and decision.by and decision.on):
            found.append(("", finding("D002", f"{about}the stage, who decided, or the date is missing.")))
    return found


def _typed_day(typed: str) -> date | str:
    """A typed date as a date again; anything else stays the text it was."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return typed


def _day(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso else None
