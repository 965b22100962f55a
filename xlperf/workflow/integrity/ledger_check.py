"""Whether a ledger is complete: every run and original is there, and is as it was written."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlperf.errors import LedgerError
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import GivenUp, Imported, Ledger, LedgerRun, Received, state_of
from xlperf.ledger.ledger import ConnectionLost, sha256_and_suffix
from xlperf.ledger.records import REJECTED, AcceptedCatalogue
from xlperf.ledger.runfile import missing_runs, read_run
from xlperf.workflow.integrity.copies import Copies
from xlperf.workflow.master.lineage import ledger_must_have_masters_run
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Progress


@dataclass
class LedgerCheck:
    """A check in progress: the ledger, where good copies may be, and what is wrong so far."""

    ledger: Ledger
    copies: Copies
    findings: list[Finding] = field(default_factory=list)
    sound: set[str] = field(default_factory=set)
    """The sha256 of every original that is there and undamaged."""
    _reported: set[str] = field(default_factory=set)
    """The names of runs and the sha256 of originals that have a finding already."""

    @property
    def lacks_runs(self) -> bool:
        """Whether a run is damaged, has gone, or was given up."""
        return any(item.kind.is_lost_run for item in self.findings)

    def say(self, code: str, message: str, file: str, fix: str = "") -> None:
        """Add a finding; where there is a good copy, `fix` says so."""
        self.findings.append(finding(code, message, Location(file), fix=fix))

    def runs(self) -> tuple[LedgerRun, ...]:
        """Every undamaged run, once, in order."""
        runs_by_name: dict[str, tuple[str, LedgerRun]] = {}
        for stored in self.ledger.stored_runs():
            file = f"runs/{stored}.jsonl"
            run = self._run(stored, file)
            if run is None:
                continue
            other, same = runs_by_name.setdefault(run.name, (file, run))
            if same.sha256 != run.sha256:
                if stored == run.name:  # which counts, whatever came before it in the folder
                    runs_by_name[run.name], file, other = (file, run), other, file
                self.say("V003", f"it and {other} are both run {run.name}.", file)
        return tuple(run for _, (_, run) in sorted(runs_by_name.items()))

    def _run(self, stored: str, file: str) -> LedgerRun | None:
        try:
            data = self.ledger.run_bytes(stored)
        except ConnectionLost:
            raise
        except LedgerError as error:
            wrong = f"{error}."
        else:
            try:
                return read_run(data)
            except LedgerError as error:
                wrong = f"it {error}."
        self._reported.add(stored)
        self.say("V001", wrong, file, self.copies.of_run(stored))
        return None

    def chain(self, runs: tuple[LedgerRun, ...]) -> None:
        """Report runs that another run names and that are missing, runs without a hash, and runs given up."""
        for name, namer in missing_runs(runs).items():
            if name not in self._reported:
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

    def master(self, workspace: Workspace, runs: tuple[LedgerRun, ...]) -> None:
        """Check that the run the master was made from is there: no other run names the newest runs.

        The workspace's master says nothing about another ledger than its own, such as one from a backup.
        """
        if workspace.ledger_at:
            return
        named = self._reported | missing_runs(runs).keys()
        try:
            ledger_must_have_masters_run(workspace, state_of(runs))
        except LedgerError as error:
            if not any(name in str(error) for name in named):
                self.say("V002", f"{error}.", workspace.master.name, "Restore the ledger from a backup.")

    def originals(self, progress: Progress) -> None:
        """Check that every stored original has the hash it is stored under."""
        names = self.ledger.originals()
        for done, name in enumerate(names, start=1):
            sha256, _ = sha256_and_suffix(name) or (name, "")
            try:
                self.ledger.original(name)
            except ConnectionLost:
                raise
            except LedgerError as error:
                self._reported.add(sha256)
                self.say("V005", f"{error}.", f"originals/{name}", self.copies.of_original(sha256))
            else:
                self.sound.add(sha256)
            progress(done, len(names), name)

    def needed(self, runs: tuple[LedgerRun, ...]) -> None:
        """Check that every original that a run refers to is there."""
        for run in runs:
            for record in run.records:
                if isinstance(record, Received) and record.outcome != REJECTED:
                    self._need(record.sha256, f"the return {record.file} of {record.owner} for {record.period}")
                if isinstance(record, Imported) and record.catalogue:
                    self._need(record.sha256, f"the imported file {record.file}")
                if isinstance(record, Received | Imported) and record.catalogue:
                    self._need(record.catalogue, "a catalogue that returns were judged by")
                if isinstance(record, AcceptedCatalogue):
                    self._need(record.catalogue, "a catalogue by which figures were shown")

    def _need(self, sha256: str, what: str) -> None:
        if sha256 not in self.sound and sha256 not in self._reported:
            self._reported.add(sha256)
            self.say("V004", f"it is {what}.", f"originals/{sha256}", self.copies.of_original(sha256))
