"""Findings about the entries of cases that people typed."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment import Assessment
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import State
from xlperf.report import layout
from xlperf.report.case_words import doubts


def entry_disputes(state: State) -> Iterator[Finding]:
    """A finding for each cell of an entry that somebody changed without having seen what it was by then."""
    for entry in state.case_entries:
        ref, org = entry.about
        for each in entry.disputed:
            message = f"entry {entry.id}, {layout.CASE_CELLS[each.cell]}: '{each.typed}' was typed in {each.named}."
            about = Location(kpi_id=ref, org=org)
            yield finding("D018", message, about, found=each.typed, expected=entry.cells[each.cell])


def entry_doubts(assessment: Assessment) -> Iterator[Finding]:
    """A finding for each entry that stands nowhere, or not as it was meant."""
    for entry in assessment.state.case_entries:
        ref, org = entry.about
        if words := "; ".join(doubts(assessment, entry)):
            said = entry.what or entry.who or entry.id
            yield finding("D017", f"of the entry '{said}': {words}.", Location(kpi_id=ref, org=org))
