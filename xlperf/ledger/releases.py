"""Releases: what a return that was held comes to once a person has said so, whatever it is judged to be later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from xlperf.findings import Finding, Location, Severity, finding
from xlperf.ledger.records import REJECTED, WITH_WARNINGS, Received, Released


def counted(judgements: Iterable[Received], release: Released | None) -> Received:
    """What a file counts as.

    Args:
        judgements: all of it, in order; the last one counts. At least one.
        release: the last thing a person said of it; None where nobody did.
    """
    *earlier, last = judgements
    if release is None:
        return last
    if not release.is_accepted:
        return _rejected(last, release)
    if last.outcome == REJECTED:  # by somebody whose ledger did not have the release yet
        last = next((one for one in reversed(earlier) if one.is_held), last)
    return _accepted(last, release) if last.is_held else last


def _accepted(held: Received, release: Released) -> Received:
    said = finding("I015", _words("released", release), Location(held.file))
    findings = (said, *_told(held))
    return replace(held, outcome=WITH_WARNINGS, findings=findings)


def _rejected(received: Received, release: Released) -> Received:
    said = finding("I016", _words("rejected", release), Location(received.file))
    findings = (said, *_told(received))
    return replace(received, outcome=REJECTED, figures=(), cells=received.cells.all_refused(), findings=findings)


def _words(what: str, release: Released) -> str:
    return f"{what} by {release.by} on {release.at[:10]}: {release.reason or 'no reason given'}."


def _told(received: Received) -> tuple[Finding, ...]:
    """The findings, those that held it only told now."""
    return tuple(
        replace(item, severity=Severity.WARNING) if item.severity is Severity.HOLD else item
        for item in received.findings
    )
