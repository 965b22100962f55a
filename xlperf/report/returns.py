"""Returns and Findings in the master: who has returned, and what is wrong with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlperf.findings import Finding, Location, Severity, finding
from xlperf.ledger import Issued, Received
from xlperf.period import Period
from xlperf.report.escalation import undecided
from xlperf.report.facts import Facts, Row, date_of
from xlperf.returns.cells import cut_to
from xlperf.returns.reading import usable_period


def return_rows(facts: Facts) -> list[Row]:
    """Every return issued, and every file received, up to the reporting period; the ones still missing first."""
    limit = facts.period.last_day
    rows: list[tuple[tuple[Any, ...], Row]] = []
    for received in facts.state.received:
        issued = facts.state.issued.get(received.return_id)
        if received.period and _ends(facts, received.period) > limit:
            continue
        if not received.period and received.sha256 not in facts.present:
            continue
        name = "" if received.owner else received.file.casefold()
        place = (*_place(facts, received.period, missing=False), received.owner, received.serial, name)
        rows.append((place, _received(facts, received, issued)))
    for issued in facts.state.latest_issue.values():
        if (issued.owner, issued.period) not in facts.state.in_use and _ends(facts, issued.period) <= limit:
            place = (*_place(facts, issued.period, missing=True), issued.owner, issued.serial, "")
            rows.append((place, _missing(facts, issued)))
    return [row for _, row in sorted(rows, key=lambda each: each[0])]


def _place(facts: Facts, period: str, *, missing: bool) -> tuple[bool, int]:
    """Missing ones first, then the newest period; files that say no period come before all others received."""
    return (not missing, -_ends(facts, period).toordinal() if period else -date.max.toordinal())


def _ends(facts: Facts, period: str) -> date:
    return Period.parse(period).last_day  # of whatever frequency the calendar had at the time


def _about_owner(facts: Facts, owner: str, period: str) -> Row:
    known = facts.catalogue.owner_by_id.get(owner)
    usable = usable_period(facts.catalogue, period)
    entry = facts.catalogue.entry_by_period[usable] if usable else None
    return {
        "Period": period,
        "Responsible owner": known.name if known else owner,
        "Directorate": known.directorate if known else "",
        "Executive owner": facts.catalogue.executive_by_id[known.executive_owner].title if known else "",
        "Deadline": entry.return_deadline if entry else None,
    }


def _received(facts: Facts, received: Received, issued: Issued | None) -> Row:
    about = _about_owner(facts, received.owner, received.period)
    arrived = facts.state.returned_on(received)
    used = facts.state.in_use.get((received.owner, received.period))
    standing = "In use" if used is received else f"Replaced by {used.file}" if used else "Not used"
    if not received.is_accepted:
        standing = "Waits for the team: xlperf release" if received.is_held else "Not used"
    deadline = about["Deadline"]
    return about | {
        "Serial": received.serial or None,
        "Issued": date.fromisoformat(issued.at[:10]) if issued else None,
        "Returned": arrived,
        "Days late": max((arrived - deadline).days, 0) if deadline else None,
        "Outcome": received.outcome,
        "Standing": standing,
        "File": received.file,
        "Asked": len(issued.asked) if issued else None,
        "Accepted": sum(1 for figure in received.figures if not figure.restated),
        "Refused": len(received.refused),
        "Blank": len(received.blank),
        "Warnings": sum(1 for item in received.findings if item.severity is Severity.WARNING),
        "Completed by": received.completed_by,
        "Signed off by": received.signed_off_by,
        "Signed off on": date_of(received.signed_off_on),
        "Return": received.return_id,
    }


def _missing(facts: Facts, issued: Issued) -> Row:
    about = _about_owner(facts, issued.owner, issued.period)
    late = max((facts.produced.date() - about["Deadline"]).days, 0) if about["Deadline"] else None
    held = facts.state.held.get((issued.owner, issued.period))
    return about | {
        "Serial": issued.serial,
        "Issued": date.fromisoformat(issued.at[:10]),
        "Days late": late,
        "Outcome": "Not returned",
        "Standing": f"{held.file} is held for the team" if held else "Late" if late else "Awaited",
        "File": "",
        "Asked": len(issued.asked),
        "Return": issued.return_id,
    }


_LONGEST = 1_000
"""Characters of a finding that the sheet shows; what somebody typed may be far longer than a cell can hold."""


def finding_rows(facts: Facts) -> list[Row]:
    """The findings of the reporting period's returns, and of files that could not be matched; gravest first.

    Those of files that are nobody's follow in order of their names.
    """
    rows: list[tuple[tuple[int, str], Row]] = []
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
        place = (order.index(item.severity), "" if owner else where.file.casefold())
        rows.append((place, {header: cut_to(text, _LONGEST) for header, text in row.items()}))
    return [row for _, row in sorted(rows, key=lambda each: each[0])]


def period_findings(facts: Facts) -> list[tuple[str, Finding]]:
    """(owner, finding) of every file that matters to the reporting period; notes and replaced returns left out.

    Those of a return that is held are told whatever its period, until somebody has settled it.
    """
    found = []
    last = {(received.owner, received.period): received for received in facts.state.received}
    for received in facts.state.received:
        about = (received.owner, received.period)
        counts = received is last[about] or received is facts.state.in_use.get(about) or received.is_held
        replaced = bool(received.period) and not counts
        gone = not received.period and received.sha256 not in facts.present
        of_another = received.period not in ("", str(facts.period)) and not received.is_held
        if of_another or replaced or gone:
            continue
        told = (item for item in received.findings if item.severity is not Severity.NOTE)
        found += [(received.owner, _in_hindsight(facts, item)) for item in told]
    return found + _untold(facts) + undecided(facts) + _homeless(facts)


def _in_hindsight(facts: Facts, item: Finding) -> Finding:
    """A blank is another matter where an earlier return gave the figure, which then stays."""
    where = item.location
    if not item.kind.given_before or where.about not in facts.state.figures:
        return item
    return finding(item.kind.given_before, "the figure returned before has been cleared.", where)


def _homeless(facts: Facts) -> list[tuple[str, Finding]]:
    return [
        ("", finding("R032", f"{count} figures of {kpi_id} are in the ledger.", Location(kpi_id=kpi_id)))
        for kpi_id, count in facts.homeless.items()
    ]


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
