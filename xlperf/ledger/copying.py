"""Copying a ledger to another place, of either kind. Nothing is ever deleted or written over, on either side.

Originals go before runs, so what a run speaks of is there when it arrives; a copy that was stopped in the middle is
finished by doing it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xlperf.errors import LedgerError
from xlperf.ledger.ledger import Ledger
from xlperf.ledger.records import Run
from xlperf.ledger.runfile import each_once, must_be_complete, read_run

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did.

    `runs` and `originals` are how many the source has, `new_…` how many of them were copied now, and `other_…` how many
    the target has that the source has not.
    """

    runs: int
    new_runs: int
    other_runs: int
    originals: int
    new_originals: int
    other_originals: int


def copy_ledger(source: Ledger, target: Ledger, progress: Progress = lambda done, total, what: None) -> Copied:
    """Copy every run and original that the target lacks, then read both sides again and compare.

    Raises:
        LedgerError: the source is not whole, is empty, or changed meanwhile; a run or original differs; or one side
            cannot be read or written. What had been copied until then stays, and doing it again goes on from there.
    """
    runs, there = _runs(source), _runs(target)
    if not runs:
        raise LedgerError(f"{source.place}: there is no ledger here, or it is empty; nothing was copied")
    for name in runs.keys() & there.keys():
        if runs[name].sha256 != there[name].sha256:
            raise LedgerError(
                f"run {name} is not the same in {source.place} and in {target.place}; see with 'xlperf ledger verify' "
                "which is right. Nothing was copied"
            )
    originals, kept = source.originals(), set(target.originals())
    new_originals = [name for name in originals if name not in kept]
    new_runs = [name for name in runs if name not in there]
    total = len(new_originals) + len(new_runs)
    for done, name in enumerate(new_originals, start=1):
        target.keep(source.original(name), name[64:])
        progress(done, total, name)
    for done, name in enumerate(new_runs, start=1 + len(new_originals)):
        target.put_run(name, source.run_bytes(runs[name].as_))
        progress(done, total, name)
    _compare(source, target, runs)
    return Copied(
        len(runs),
        len(new_runs),
        len(there.keys() - runs.keys()),
        len(originals),
        len(new_originals),
        len(kept - set(originals)),
    )


@dataclass(frozen=True, slots=True)
class _Stored:
    """A run as it is stored: under what name (in a folder perhaps that of a syncing service's copy), and its hash."""

    as_: str
    sha256: str


def _runs(ledger: Ledger) -> Mapping[str, _Stored]:
    """Every run by its name, in order. Raises LedgerError where the ledger is not whole."""
    found: dict[str, Run] = {}
    for stored in ledger.stored_runs():
        try:
            found[stored] = read_run(ledger.run_bytes(stored))
        except LedgerError as error:
            raise LedgerError(f"{ledger.place}: run {stored}: {error}") from error
    must_be_complete(each_once(found.items()))
    return {
        run.name: _Stored(stored, run.sha256) for stored, run in sorted(found.items(), key=lambda item: item[1].name)
    }


def _compare(source: Ledger, target: Ledger, runs: Mapping[str, _Stored]) -> None:
    """Read both sides again: all that the source has must be in the target, each with its hash."""
    now, arrived = _runs(source), _runs(target)
    if now.keys() != runs.keys():
        raise LedgerError(f"{source.place}: something was recorded while it was copied; do it again to copy that too")
    for name, run in runs.items():
        if name not in arrived or arrived[name].sha256 != run.sha256:
            raise LedgerError(f"{target.place}: run {name} did not arrive as it is in {source.place}")
    originals = source.originals()
    if missing := set(originals) - set(target.originals()):
        raise LedgerError(f"{target.place}: {len(missing)} originals did not arrive, as {min(missing)}")
    for name in originals:
        if target.original(name) != source.original(name):
            raise LedgerError(f"{target.place}: original {name} did not arrive as it is in {source.place}")
