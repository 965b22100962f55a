"""Releases: how a held return counts once a person has released or rejected it, however it is judged later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from xlperf.findings import Finding, Location, Severity, finding
from xlperf.ledger.records import REJECTED, WITH_WARNINGS, Received, Released


def judgement_that_counts(judgements: Iterable[Received], release: Released | None) -> Received:
    """The judgement by which a file counts.

    Args:
        judgements: all judgements of the file, in order, at least one; without a release the last one counts.
        release: the last release or rejection by a person; None if there is none.
    """
    *earlier, last = judgements
    if release is None:
        return last
    if not release.is_accepted:
        return _rejected(last, release)
    if last.outcome == REJECTED:  # by somebody whose ledger did not yet have the release
        last = next((judgement for judgement in reversed(earlier) if judgement.is_held), last)
    return _accepted(last, release) if last.is_held else last


def _accepted(held: Received, release: Released) -> Received:
    release_note = finding("I015", _words("released", release), Location(held.file))
    findings = (release_note, *_without_hold(held))
    return replace(held, outcome=WITH_WARNINGS, findings=findings)


def _rejected(received: Received, release: Released) -> Received:
    release_note = finding("I016", _words("rejected", release), Location(received.file))
    findings = (release_note, *_without_hold(received))
    return replace(received, outcome=REJECTED, figures=(), cells=received.cells.all_refused(), findings=findings)


def _words(verb: str, release: Released) -> str:
    return f"{verb} by {release.by} on {release.at[:10]}: {release.reason or 'no reason given'}."


def _without_hold(received: Received) -> tuple[Finding, ...]:
    """The findings, with those that held the return as warnings now."""
    return tuple(
        replace(item, severity=Severity.WARNING) if item.severity is Severity.HOLD else item
        for item in received.findings
    )
