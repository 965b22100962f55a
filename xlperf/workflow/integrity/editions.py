"""Whether published editions, and the packs of meetings, are still what they were."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Edition, LedgerRun, MeetingPack
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.folder import PACKS


def editions_differ(workspace: Workspace, runs: Iterable[LedgerRun]) -> Iterator[Finding]:
    """A finding for each file of an edition or pack that has gone, or that somebody has changed since.

    Raises nothing: a file that cannot be read is a finding too.
    """
    for edition in (record for run in runs for record in run.records if isinstance(record, Edition | MeetingPack)):
        of_meeting = (PACKS, edition.meeting) if isinstance(edition, MeetingPack) else ("editions",)
        folder = workspace.root.joinpath(*of_meeting)
        for name, sha256 in edition.files.items():
            path = folder / edition.period / name
            where = Location(name, period=edition.period)
            try:
                actual = hashlib.sha256(path.read_bytes()).hexdigest()
            except FileNotFoundError:
                yield finding("W002", f"it is not in {path.parent}.", where)
            except OSError as error:
                fix = "Check that it is not open elsewhere and that you may read it, then verify again."
                yield finding("W001", f"it cannot be read ({error.strerror or error}).", where, fix=fix)
            else:
                if actual != sha256:
                    message = "it was changed after it was published."
                    yield finding("W001", message, where, found=f"SHA-256 {actual}", expected=f"SHA-256 {sha256}")
