"""Reads an original again and compares what it says with what was recorded of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from string import ascii_uppercase

from xlperf import __version__
from xlperf.catalogue import Catalogue
from xlperf.digits import written
from xlperf.errors import XlperfError
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Imported, LedgerRun, Received, State, state_of
from xlperf.ledger.records import REJECTED
from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.returned_action import ReturnedAction
from xlperf.returns.returned_promise import ReturnedPromise
from xlperf.tables import Book
from xlperf.workflow.incoming.history import read_history
from xlperf.workflow.incoming.judging import Basis, Source, judge

_MOST = 5
"""How many differences of one return are listed one by one."""


class States:
    """What the ledger says now, and what it said before each run."""

    def __init__(self, runs: Sequence[LedgerRun]) -> None:
        self.now = state_of(runs)

    def before(self, run: LedgerRun) -> State:
        """The state that the runs named before `run` add up to."""
        return self.now.before(run.name)


@dataclass(frozen=True, slots=True)
class Reread:
    """What is read in a stored original today: its tables, or None and why not."""

    book: Book | None
    faults: Sequence[Finding]


def return_differs(
    run: LedgerRun, recorded: Received, original: Reread, catalogue: Catalogue, states: States
) -> Finding | None:
    """A finding where a stored return, judged again by the catalogue of then, does not say what was recorded of it.

    Figures, actions, promises, refused and blank rows, return id, owner, period and serial are compared; not the
    wording of findings, which depends on what else was known at the time.

    Args:
        run: the run that recorded it.
        recorded: what it recorded; not rejected.
        original: what is read in it today.
        catalogue: the one it was judged by.
        states: of the ledger.
    """
    source = Source(recorded.sha256, recorded.file, recorded.folder)
    first = states.now.judged_before_release.get(recorded.sha256, recorded)
    today = date.fromisoformat(first.at[:10])
    by_now = judge(source, original.book, original.faults, Basis(catalogue, states.now, today))
    if not list(_differences(recorded, by_now)):
        return None
    # Perhaps only because policies look at what else the ledger has; then what it had at the time decides.
    by_then = judge(source, original.book, original.faults, Basis(catalogue, states.before(run), today))
    differences = list(_differences(recorded, by_then))
    could_be_by_reading = by_then.outcome != REJECTED and original.book is not None and run.xlperf != __version__
    if not differences:
        return None
    # Nothing has changed in how the sheets Actions and Recovery are read.
    could_be_by_reading &= not any(_beside_figures(recorded, by_then))
    if could_be_by_reading and _is_by_reading(recorded.figures, by_then.figures, by_then.findings, recorded.refused):
        return _by_reading(run, recorded.file, differences)
    return _finding(run, recorded.file, differences)


def import_differs(run: LedgerRun, recorded: Imported, data: bytes, catalogue: Catalogue) -> Finding | None:
    """Like `return_differs`, for figures imported from a file."""
    path = Path(recorded.file)
    # A figure knows its sheet: an early version read the first one, and later ones may be told which.
    sheet = recorded.figures[0].sheet if recorded.figures and path.suffix.lower() != ".csv" else ""
    today = date.fromisoformat(run.at[:10])
    try:
        again = read_history(data, path, catalogue, today, sheet)
    except XlperfError as error:
        differences = [f"it cannot be read any more ({error})"]
        is_by_reading = True  # whole files that could be read two ways are refused by later versions
    else:
        differences = list(_of_figures(recorded.figures, again.figures))
        refused = [item.location.figure_key for item in recorded.findings if item.kind.is_later_reading]
        is_by_reading = _is_by_reading(recorded.figures, again.figures, again.findings, refused)
    if not differences:
        return None
    if is_by_reading and run.xlperf != __version__:
        return _by_reading(run, recorded.file, differences)
    return _finding(run, recorded.file, differences)


def _is_by_reading(
    then: Sequence[Figure], now: Sequence[Figure], findings: Sequence[Finding], refused: Sequence[FigureKey] = ()
) -> bool:
    """Whether every difference comes from rules for reading cells that have changed since.

    These are: a figure refused because of how it is shown, because of its period, or because it is there twice; one
    that was `refused` and is now read, as a small percentage may be; a percentage now read a hundred times as great.
    Digits beyond the fifteenth are gone from both (see `xlperf.digits`).
    """
    recorded, read = _by_key(then), _by_key(now)
    since = [item.location for item in findings if item.kind.is_later_refusal]
    keys, lines = {place.figure_key for place in since}, {str(place.line) for place in since if place.line}
    for key in {*recorded, *read}:
        if key not in recorded:
            if key not in refused:
                return False
        elif key not in read:
            if key not in keys and recorded[key].cell.lstrip(ascii_uppercase) not in lines:
                return False
        elif recorded[key] != read[key] and not _is_same_but_shown(recorded[key], read[key]):
            return False
    return True


def _is_same_but_shown(then: Figure, now: Figure) -> bool:
    """Whether two figures differ only in how a number format was understood."""
    if then.actual is None or now.actual is None:
        return False
    is_percent = any(f"{then.actual:.12g}" == f"{now.actual * factor:.12g}" for factor in (100, 0.01))
    return is_percent and replace(now, actual=then.actual) == then


def _by_reading(run: LedgerRun, file: str, differences: Sequence[str]) -> Finding:
    difference = _finding(run, file, differences)
    return finding("V010", f"{difference.message} This version reads such cells by other rules.", difference.location)


def _finding(run: LedgerRun, file: str, differences: Sequence[str]) -> Finding:
    more = f"; and {len(differences) - _MOST} more" if len(differences) > _MOST else ""
    version = f" (by xlperf {run.xlperf}; this is {__version__})" if run.xlperf != __version__ else ""
    message = f"run {run.name}{version}: {'; '.join(differences[:_MOST])}{more}."
    return finding("V006", message, Location(file))


def _differences(recorded: Received, again: Received) -> Iterator[str]:
    if again.outcome == REJECTED:
        why = "; ".join(item.message for item in again.findings if "reject" in item.severity)
        yield f"it was taken, and is rejected now: {why}"
        return
    for name in ("return_id", "owner", "period", "serial"):
        if getattr(recorded, name) != getattr(again, name):
            yield f"{name} {getattr(recorded, name)} was recorded, and the return says {getattr(again, name)}"
    yield from _of_figures(recorded.figures, again.figures)
    yield from _beside_figures(recorded, again)
    for what, then, now in (("refused", recorded.refused, again.refused), ("blank", recorded.blank, again.blank)):
        for key in sorted({*then} ^ {*now}):
            yield f"{' '.join(key)} was {'' if key in then else 'not '}recorded as {what}"


def _beside_figures(recorded: Received, again: Received) -> Iterator[str]:
    """What the sheets Actions and Recovery say differently."""
    yield from _of_actions(recorded.actions, again.actions)
    yield from _of_promises(recorded.promises, again.promises)


def _of_actions(then: Sequence[ReturnedAction], now: Sequence[ReturnedAction]) -> Iterator[str]:
    """What the sheet Actions says differently, cell by cell."""
    recorded, read = ({each.action: dict(each.given) for each in actions} for actions in (then, now))
    for number in sorted({*recorded, *read}):
        cells = recorded.get(number, {}), read.get(number, {})
        for cell in sorted({*cells[0], *cells[1]}):
            was, is_ = (each.get(cell, "") for each in cells)
            if was != is_:
                yield f"{number}: {cell} '{was}' was recorded, and the original says '{is_}'"


def _of_promises(then: Sequence[ReturnedPromise], now: Sequence[ReturnedPromise]) -> Iterator[str]:
    """What the sheet Recovery says differently."""
    recorded, read = ({(each.kpi_id, each.org, each.period): each for each in promises} for promises in (then, now))
    for key in sorted({*recorded, *read}):
        if recorded.get(key) != read.get(key):
            was, is_ = (_promised(each.get(key)) for each in (recorded, read))
            yield f"{' '.join(key)}: {was} promised was recorded, and the original says {is_}"


def _promised(promise: ReturnedPromise | None) -> str:
    if promise is None:
        return "nothing"
    return written(promise.figure) + (f" ('{promise.reason}')" if promise.reason else "")


def _of_figures(then: Sequence[Figure], now: Sequence[Figure]) -> Iterator[str]:
    recorded, read = _by_key(then), _by_key(now)
    for key in sorted({*recorded, *read}):
        about = " ".join(key)
        if key not in read:
            yield f"{about}: {_shown(recorded[key])} was recorded, and the original has no figure"
        elif key not in recorded:
            yield f"{about}: the original says {_shown(read[key])}, and nothing was recorded"
        elif recorded[key] != read[key]:
            name = next(f.name for f in fields(Figure) if getattr(recorded[key], f.name) != getattr(read[key], f.name))
            was, is_ = getattr(recorded[key], name), getattr(read[key], name)
            yield f"{about}: {name} '{was}' was recorded, and the original says '{is_}' ({read[key].cell})"


def _by_key(figures: Sequence[Figure]) -> dict[FigureKey, Figure]:
    return {figure.key: figure for figure in figures}


def _shown(figure: Figure) -> str:
    return figure.milestone or ("not applicable" if figure.not_applicable else written(figure.actual or 0.0))
