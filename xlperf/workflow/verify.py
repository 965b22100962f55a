"""Verify: is the ledger whole, and does every original still say what was recorded of it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from pydantic import ValidationError

from xlperf.catalogue import Catalogue
from xlperf.errors import LedgerError
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.ledger import GivenUp, Imported, Ledger, Received, Run
from xlperf.ledger.ledger import Lost, sha256_and_suffix
from xlperf.ledger.records import REJECTED
from xlperf.ledger.runfile import missing, read_run
from xlperf.returns import layout
from xlperf.workbook.isolated.readers import Readers
from xlperf.workflow.copies import Copies
from xlperf.workflow.generate import Progress, no_progress
from xlperf.workflow.rederive import States, import_differs, return_differs
from xlperf.workflow.workspace import Workspace

Judged = tuple[Run, Received]


@dataclass(frozen=True, slots=True)
class Verified:
    """What a ledger was found to be: how many runs and originals it has, and what was read again and compared."""

    place: str
    runs: int
    originals: int
    returns: int
    imports: int
    figures: int
    findings: tuple[Finding, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong; that something cannot be checked is no fault."""
        return all(item.severity is Severity.NOTE for item in self.findings)


def verify(workspace: Workspace, *, other: Ledger | None = None, progress: Progress = no_progress) -> Verified:
    """Check every run and original of the ledger, and read every return and import in it again.

    Nothing is changed. What is damaged is named, with where a good copy lies if one is found: in the received folders,
    in the workspace's own ledger folder where the ledger is elsewhere, or in `other`.

    Raises:
        LedgerError: the ledger cannot be reached or listed.
        XlperfError: the workspace cannot be used.
    """
    ledger = workspace.ledger()
    check = _Check(ledger, Copies(workspace, ledger, other))
    runs = check.runs()
    check.chain(runs)
    check.originals(progress)
    check.needed(runs)
    states = States(runs)
    check.returns(runs, states, workspace, progress)
    check.imports(runs)
    check.tell_unchecked()
    return Verified(
        ledger.place,
        len(runs),
        len(check.sound),
        check.returns_read,
        check.imports_read,
        check.figures_compared,
        tuple(check.findings),
    )


@dataclass(frozen=True, slots=True)
class _Original:
    """A stored return to be read again, and everything that was recorded of it."""

    name: str
    data: bytes
    judged: list[Judged]


@dataclass
class _Check:
    """A check under way: the ledger, where good copies may be, and what has been found."""

    ledger: Ledger
    copies: Copies
    findings: list[Finding] = field(default_factory=list)
    sound: set[str] = field(default_factory=set)
    """The sha256 of every original that is there and whole."""
    damaged: set[str] = field(default_factory=set)
    """The names of runs and the sha256 of originals that have a finding already."""
    returns_read: int = 0
    imports_read: int = 0
    figures_compared: int = 0
    _catalogues: dict[str, Catalogue | None] = field(default_factory=dict)
    _unchecked: dict[str, list[str]] = field(default_factory=dict)
    """The files that cannot be read again, by why."""

    def say(self, code: str, message: str, file: str, copy: str = "") -> None:
        """Add a finding; where there is a good copy, taking it is the remedy."""
        self.findings.append(finding(code, message, Location(file), fix=copy))

    # ---- runs ------------------------------------------------------------------------------------------------------

    def runs(self) -> tuple[Run, ...]:
        """Every run that is whole, once, in order."""
        found: dict[str, tuple[str, Run]] = {}
        for stored in self.ledger.stored_runs():
            file = f"runs/{stored}.jsonl"
            run = self._run(stored, file)
            if run is None:
                continue
            first, same = found.setdefault(run.name, (file, run))
            if same.sha256 != run.sha256:
                self.say("V003", f"it and {first} are both run {run.name}.", file)
        return tuple(run for _, (_, run) in sorted(found.items()))

    def _run(self, stored: str, file: str) -> Run | None:
        try:
            data = self.ledger.run_bytes(stored)
        except Lost:
            raise
        except LedgerError as error:
            wrong = f"{error}."
        else:
            try:
                return read_run(data)
            except LedgerError as error:
                wrong = f"it {error}."
        self.damaged.add(stored)
        self.say("V001", wrong, file, self.copies.of_run(stored))
        return None

    def chain(self, runs: tuple[Run, ...]) -> None:
        """That every run is there which another names; and what is said of runs that cannot be checked so."""
        for name, namer in missing(runs).items():
            if name not in self.damaged:
                self.say("V002", f"run {namer} was made after it.", f"runs/{name}.jsonl", self.copies.of_run(name))
        unsealed = [run.name for run in runs if not run.is_sealed]
        if unsealed:
            message = f"{len(unsealed)} runs up to {unsealed[-1]}: their form was checked, and their figures below."
            self.say("V008", message, f"runs/{unsealed[0]}.jsonl")
        for run in runs:
            for record in run.records:
                if isinstance(record, GivenUp):
                    self.say(
                        "V009", f"in run {run.name}: {record.why or 'no reason given'}.", f"runs/{record.run}.jsonl"
                    )

    # ---- originals -------------------------------------------------------------------------------------------------

    def originals(self, progress: Progress) -> None:
        """That every stored original has the hash it is stored under."""
        names = self.ledger.originals()
        for done, name in enumerate(names, start=1):
            sha256, _ = sha256_and_suffix(name) or (name, "")
            try:
                self.ledger.original(sha256)
            except Lost:
                raise
            except LedgerError as error:
                self.damaged.add(sha256)
                self.say("V005", f"{error}.", f"originals/{name}", self.copies.of_original(sha256))
            else:
                self.sound.add(sha256)
            progress(done, len(names), name)

    def needed(self, runs: tuple[Run, ...]) -> None:
        """That every original is there which a run speaks of."""
        for run in runs:
            for record in run.records:
                if isinstance(record, Received) and record.outcome != REJECTED:
                    self._need(record.sha256, f"the return {record.file} of {record.owner} for {record.period}")
                if isinstance(record, Imported) and record.catalogue:
                    self._need(record.sha256, f"the imported file {record.file}")
                if isinstance(record, Received | Imported) and record.catalogue:
                    self._need(record.catalogue, "a catalogue that returns were judged by")

    def _need(self, sha256: str, what: str) -> None:
        if sha256 not in self.sound and sha256 not in self.damaged:
            self.damaged.add(sha256)
            self.say("V004", f"it is {what}.", f"originals/{sha256}", self.copies.of_original(sha256))

    # ---- what they say ---------------------------------------------------------------------------------------------

    def returns(self, runs: tuple[Run, ...], states: States, workspace: Workspace, progress: Progress) -> None:
        """That every stored return says what was recorded of it."""
        by_sha256: dict[str, list[Judged]] = {}
        for run in runs:
            for record in run.records:
                if isinstance(record, Received) and record.outcome != REJECTED and self._can_judge(record, states):
                    by_sha256.setdefault(record.sha256, []).append((run, record))
        with Readers(workspace.settings().limits, expected=len(by_sha256)) as readers:
            for original, book, faults in readers.read(self._each(by_sha256), layout.TABLES):
                self.returns_read += 1
                for run, said in original.judged:
                    catalogue = self._catalogue(said.catalogue)
                    if catalogue is not None:
                        self.figures_compared += len(said.figures)
                        differs = return_differs(run, said, book, faults, catalogue, states)
                        self.findings += [differs] if differs else []
                progress(self.returns_read, len(by_sha256), original.name)

    def _each(self, by_sha256: Mapping[str, list[Judged]]) -> Iterator[_Original]:
        for sha256, judged in by_sha256.items():
            yield _Original(judged[-1][1].file, self.ledger.original(sha256), judged)

    def _can_judge(self, said: Received, states: States) -> bool:
        if said.sha256 not in self.sound:
            return False  # of which there is a finding already
        if not said.catalogue:
            self._uncheckable("judged before the catalogue was kept that it was judged by", said.file)
        elif said.return_id not in states.now.issued:
            self._uncheckable("issued in a run that is damaged or has gone", said.file)
        elif self._catalogue(said.catalogue) is None:
            self._uncheckable(f"judged by catalogue {said.catalogue[:12]}, which cannot be read", said.file)
        else:
            return True
        return False

    def _uncheckable(self, why: str, file: str) -> None:
        self._unchecked.setdefault(why, []).append(file)

    def tell_unchecked(self) -> None:
        """Say of what it is not known whether it is right, and why."""
        for why, files in self._unchecked.items():
            more = f" and {len(files) - 1} more" if len(files) > 1 else ""
            self.say("V007", f"{files[0]}{more}: {why}.", files[0])

    def imports(self, runs: tuple[Run, ...]) -> None:
        """That every imported file says what was recorded of it."""
        for run in runs:
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
                    self._uncheckable("imported before imported files were kept", record.file)

    def _catalogue(self, sha256: str) -> Catalogue | None:
        """The catalogue of that hash; None where it is not sound, or of a version that cannot be read any more."""
        if sha256 not in self._catalogues:
            self._catalogues[sha256] = None
            if sha256 in self.sound:
                with suppress(ValidationError):
                    self._catalogues[sha256] = Catalogue.model_validate_json(self.ledger.original(sha256))
        return self._catalogues[sha256]
