"""Copying a ledger from folder or database to folder or database. Nothing is deleted or overwritten on either side.

Originals are copied before runs, so a run never arrives before the originals it refers to. To finish a copy that was
interrupted, copy again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xlperf.errors import LedgerError
from xlperf.ledger.ledger import Ledger
from xlperf.ledger.records import LedgerRun
from xlperf.ledger.runfile import must_have_every_run, read_run, without_copies

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """Counts of a copy.

    `runs` and `originals` count what the source has, `new_…` what was copied now, and `other_…` what only the target
    has.
    """

    runs: int
    new_runs: int
    other_runs: int
    originals: int
    new_originals: int
    other_originals: int


def copy_ledger(source: Ledger, target: Ledger, progress: Progress = lambda done, total, name: None) -> Copied:
    """Copy every run and original that the target lacks, by name and hash; then compare both sides by their hashes.

    What the target has is not read back: a database works out the hashes of what it stores.

    Raises:
        LedgerError: the source is damaged, empty, or changed during the copy; a run or original differs; or one side
            cannot be read or written. What was copied so far stays, and the next copy goes on from there.
    """
    runs, at_target = _runs(source), target.run_hashes()
    if not runs:
        raise LedgerError(f"{source.place}: there is no ledger here, or it is empty; nothing was copied")
    for name in runs.keys() & at_target.keys():
        if runs[name].sha256 != at_target[name]:
            raise LedgerError(
                f"run {name} differs between {source.place} and {target.place}; nothing was copied. "
                "'xlperf ledger verify' shows which one is right"
            )
    originals, target_originals = source.originals(), set(target.originals())
    new_originals = [name for name in originals if name not in target_originals]
    stored = set(at_target.values())  # in a folder, perhaps under the name of a sync service's copy
    new_runs = [name for name, run in runs.items() if run.sha256 not in stored]
    total = len(new_originals) + len(new_runs)
    for done, name in enumerate(new_originals, start=1):
        target.keep(source.original(name), name[64:])
        progress(done, total, name)
    for done, name in enumerate(new_runs, start=1 + len(new_originals)):
        target.put_run(name, source.run_bytes(runs[name].as_))
        progress(done, total, name)
    _compare(source, target, runs)
    hashes = {run.sha256 for run in runs.values()}
    return Copied(
        len(runs),
        len(new_runs),
        sum(sha256 not in hashes for sha256 in at_target.values()),
        len(originals),
        len(new_originals),
        len(target_originals - set(originals)),
    )


@dataclass(frozen=True, slots=True)
class _Stored:
    """A stored run: the name it is stored under (in a folder, perhaps that of a sync service's copy), and its hash."""

    as_: str
    sha256: str


def _runs(ledger: Ledger) -> Mapping[str, _Stored]:
    """Every run by its name, in order. Raises LedgerError if a run is damaged or missing."""
    run_stored_as: dict[str, LedgerRun] = {}
    for stored in ledger.stored_runs():
        try:
            run_stored_as[stored] = read_run(ledger.run_bytes(stored))
        except LedgerError as error:
            raise LedgerError(f"{ledger.place}: run {stored}: {error}") from error
    must_have_every_run(without_copies(run_stored_as.items()))
    return {
        run.name: _Stored(stored, run.sha256)
        for stored, run in sorted(run_stored_as.items(), key=lambda item: item[1].name)
    }


def _compare(source: Ledger, target: Ledger, runs: Mapping[str, _Stored]) -> None:
    """Compare the hashes of both sides. Raises LedgerError unless the target has all of the source, unchanged."""
    if set(source.run_hashes().values()) != {run.sha256 for run in runs.values()}:
        raise LedgerError(f"{source.place}: something was recorded during the copy; copy again to include it")
    arrived = set(target.run_hashes().values())
    for name, run in runs.items():
        if run.sha256 not in arrived:
            raise LedgerError(f"{target.place}: run {name} differs from {source.place} after copying; copy again")
    begun, ended = source.original_hashes(), target.original_hashes()
    if missing := begun.keys() - ended.keys():
        raise LedgerError(
            f"{target.place}: {len(missing)} originals did not arrive, such as {min(missing)}; copy again"
        )
    for name, sha256 in begun.items():
        for place, found in ((source.place, sha256), (target.place, ended[name])):
            if found != name[:64]:
                raise LedgerError(
                    f"{place}: original {name} is damaged, as its hash is wrong; restore it from a backup"
                )
