"""Verify: whether the ledger is complete, and whether every original still says what was recorded of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from pydantic import ValidationError

from xlperf.catalogue import Catalogue
from xlperf.errors import LedgerError
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.ledger import Imported, Ledger, LedgerRun, Received
from xlperf.ledger.records import REJECTED
from xlperf.returns import layout
from xlperf.workbook.isolated.kept import readers
from xlperf.workflow.integrity.copies import Copies
from xlperf.workflow.integrity.editions import editions_differ
from xlperf.workflow.integrity.ledger_check import LedgerCheck
from xlperf.workflow.integrity.replay import Reread, States, import_differs, return_differs
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Progress, no_progress

Judged = tuple[LedgerRun, Received]


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of a check: how many runs and originals the ledger has, and what was read again and compared."""

    place: str
    runs: int
    originals: int
    returns: int
    imports: int
    figures: int
    findings: tuple[Finding, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong. Something that cannot be checked does not count as wrong."""
        return all(item.severity is Severity.NOTE for item in self.findings)


def verify(workspace: Workspace, *, other: Ledger | None = None, progress: Progress = no_progress) -> Verified:
    """Check every run and original of the ledger, and read every return and import in it again; and the editions.

    Nothing is changed. What is damaged is named, with where a good copy lies if one is found: in the received folders,
    in the workspace's own ledger folder where the ledger is elsewhere, or in `other`.

    Raises:
        LedgerError: the ledger cannot be reached or listed, or there is none at the address that was given.
        XlperfError: the workspace cannot be used.
    """
    ledger = workspace.ledger(is_read_anew=True)
    whole = LedgerCheck(ledger, Copies(workspace, ledger, other))
    runs = whole.runs()
    if workspace.ledger_at and not (runs or whole.findings):
        raise LedgerError(f"{ledger.place}: there is no ledger here, or it is empty; nothing was verified")
    whole.chain(runs)
    whole.master(workspace, runs)
    whole.originals(progress)
    whole.needed(runs)
    reading = _Reading(ledger, runs, whole.sound, whole.lacks_runs)
    reading.returns(workspace, progress)
    reading.imports()
    return Verified(
        ledger.place,
        len(runs),
        len(whole.sound),
        reading.returns_read,
        reading.imports_read,
        reading.figures_compared,
        (*whole.findings, *reading.findings, *reading.uncheckable(), *editions_differ(workspace, runs)),
    )


@dataclass(frozen=True, slots=True)
class _Original:
    """A stored return to be read again, and everything that was recorded of it."""

    name: str
    data: bytes
    judged: list[Judged]


@dataclass
class _Reading:
    """Reads again what the runs refer to, as far as it is `sound`, which holds the sha256 of originals.

    `lacks_runs` says that some run is damaged or gone, so that what it says may be missing.
    """

    ledger: Ledger
    runs: tuple[LedgerRun, ...]
    sound: set[str]
    lacks_runs: bool
    findings: list[Finding] = field(default_factory=list)
    returns_read: int = 0
    imports_read: int = 0
    figures_compared: int = 0
    _catalogues: dict[str, Catalogue | None] = field(default_factory=dict)
    _unchecked: dict[str, list[str]] = field(default_factory=dict)
    """The files that cannot be read again, by why."""

    def returns(self, workspace: Workspace, progress: Progress) -> None:
        """Check that every stored return says what was recorded of it."""
        states = States(self.runs)
        by_sha256: dict[str, list[Judged]] = {}
        for run in self.runs:
            for record in run.records:
                if isinstance(record, Received) and record.outcome != REJECTED and self._can_judge(record, states):
                    by_sha256.setdefault(record.sha256, []).append((run, record))
        settings = workspace.settings()
        with readers(settings.limits, is_quick=settings.fast_reader, expected=len(by_sha256)) as pool:
            for original, book, faults in pool.read(self._each(by_sha256), layout.LOOKED_AT):
                self.returns_read += 1
                for run, received in original.judged:
                    catalogue = self._catalogue(received.catalogue)
                    if catalogue is not None:
                        self.figures_compared += len(received.figures)
                        differs = return_differs(run, received, Reread(book, faults), catalogue, states)
                        self.findings += [differs] if differs else []
                progress(self.returns_read, len(by_sha256), original.name)

    def _each(self, by_sha256: Mapping[str, list[Judged]]) -> Iterator[_Original]:
        for sha256, judged in by_sha256.items():
            yield _Original(judged[-1][1].file, self.ledger.original(sha256), judged)

    def _can_judge(self, received: Received, states: States) -> bool:
        if received.sha256 not in self.sound:
            return False  # of which there is a finding already
        if not received.catalogue:
            self._leave("judged before the catalogue was kept that it was judged by", received.file)
        elif self.lacks_runs and received.return_id not in states.now.issued:
            self._leave("issued in a run that is damaged or has gone", received.file)
        elif self._catalogue(received.catalogue) is None:
            self._leave(f"judged by catalogue {received.catalogue[:12]}, which cannot be read", received.file)
        else:
            return True
        return False

    def _leave(self, why: str, file: str) -> None:
        self._unchecked.setdefault(why, []).append(file)

    def uncheckable(self) -> Iterator[Finding]:
        """What cannot be checked, and why."""
        for why, files in self._unchecked.items():
            more = f" and {len(files) - 1} more" if len(files) > 1 else ""
            yield finding("V007", f"{files[0]}{more}: {why}.", Location(files[0]))

    def imports(self) -> None:
        """Check that every imported file says what was recorded of it."""
        for run in self.runs:
            for record in run.records:
                if not isinstance(record, Imported):
                    continue
                catalogue = self._catalogue(record.catalogue)
                if record.sha256 in self.sound and catalogue is not None:
                    self.imports_read += 1
                    self.figures_compared += len(record.figures)
                    differs = import_differs(run, record, self.ledger.original(record.sha256), catalogue)
                    self.findings += [differs] if differs else []
                elif not record.catalogue:
                    self._leave("imported before imported files were kept", record.file)
                elif record.sha256 in self.sound:
                    self._leave(f"imported by catalogue {record.catalogue[:12]}, which cannot be read", record.file)

    def _catalogue(self, sha256: str) -> Catalogue | None:
        """The catalogue of that hash; None if it is damaged, or of a version that can no longer be read."""
        if sha256 not in self._catalogues:
            self._catalogues[sha256] = None
            if sha256 in self.sound:
                with suppress(ValidationError):
                    self._catalogues[sha256] = Catalogue.model_validate_json(self.ledger.original(sha256))
        return self._catalogues[sha256]
