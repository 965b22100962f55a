"""The figures of the ledger: which one counts of each, and what a board has been shown of it.

The last return of an owner for a period says all that it says: a restatement that is missing from it is withdrawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress

from xlperf.ledger.current import Current, CurrentFigures
from xlperf.ledger.records import Edition, Imported, LedgerRun, Received, Record, Released
from xlperf.ledger.releases import judgement_that_counts
from xlperf.period import Period
from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.figure_columns import column_of, keys_of

CountingOrder = tuple[int, str, str]


def _counting_order(received: Received) -> CountingOrder:
    """Later returns replace earlier ones: by serial, then by the time saved in the workbook, never the file's own time.

    So the result does not depend on when, or in how many runs, the files were collated. The hash makes the order
    definite; the report warns if nothing else distinguishes two files.
    """
    return (received.serial, received.saved_at, received.sha256)


def imports_of(records: Iterable[Record]) -> tuple[Imported, ...]:
    """Every imported file, once, in the order in which they came."""
    return tuple({record.sha256: record for record in records if isinstance(record, Imported)}.values())


@dataclass(frozen=True, slots=True)
class Files:
    """The files received: `in_order` by which counts over which, `judged` before any release by a person."""

    in_order: tuple[Received, ...]
    judged: Mapping[str, Received]
    releases: Mapping[str, Released]


def received_of(records: Iterable[Record]) -> Files:
    """Every file received, as it counts.

    A file is judged again when the catalogue or the issued returns change: it counts by its last judgement, and keeps
    the time of its first.
    """
    judged: dict[str, list[Received]] = {}
    releases: dict[str, Released] = {}
    for record in records:
        if isinstance(record, Received):
            before = judged.setdefault(record.sha256, [])
            before.append(replace(record, at=before[0].at) if before else record)
        elif isinstance(record, Released):
            releases[record.sha256] = record
    counting = (judgement_that_counts(judgements, releases.get(sha256)) for sha256, judgements in judged.items())
    return Files(
        tuple(sorted(counting, key=_counting_order)),
        {sha256: judgements[-1] for sha256, judgements in sorted(judged.items())},
        dict(sorted(releases.items())),
    )


def figures_of(runs: Sequence[LedgerRun], imports: Sequence[Imported], files: Files) -> CurrentFigures:
    """Every figure, in order of its key.

    Nearly all were given once: such a figure is what was given, and stays in the columns in which it was read.
    """
    keys = _Keys()
    batches = [(batch.figures, batch.sha256, "", 0) for batch in imports]
    batches += [(file.figures, file.sha256, file.return_id, file.serial) for file in files.in_order if file.is_accepted]
    rows: dict[FigureKey, int | Current] = {}
    again: set[FigureKey] = set()
    start = 0
    for figures, *_ in batches:
        of_batch = keys.of(figures)
        again |= rows.keys() & of_batch
        rows.update(zip(of_batch, range(start, start + len(of_batch)), strict=True))
        if len(rows) < start + len(of_batch):  # else none was ever given twice
            again |= {key for key, count in Counter(of_batch).items() if count > 1}
        start += len(of_batch)
        restated = column_of(figures, "restated")
        if any(restated):
            again.update(compress(of_batch, restated))
    for key in again:
        del rows[key]
    rows |= _current(imports, files.in_order, again, keys)
    held = CurrentFigures(batches, {key: rows[key] for key in sorted(rows)})
    for key, published in _published(runs, _told_otherwise(imports, files, keys), keys).items():
        held.is_published(key, published)
    return held


class _Keys:
    """The keys of the figures of each record, made once."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[Sequence[Figure], list[FigureKey]]] = {}
        """By the identity of the figures, which are held so that no others get it."""

    def of(self, figures: Sequence[Figure]) -> list[FigureKey]:
        """The keys of some figures, in their order."""
        made = self._made.get(id(figures))
        if made is None:
            made = self._made[id(figures)] = (figures, keys_of(figures))
        return made[1]


def _told_otherwise(imports: Iterable[Imported], files: Files, keys: _Keys) -> set[FigureKey]:
    """The keys of which more than one value was ever given, whether it counts or not."""
    given = [*(batch.figures for batch in imports), *(received.figures for received in files.judged.values())]
    told = Counter(chain.from_iterable(map(keys.of, given)))
    again = {key for key, count in told.items() if count > 1}
    first: dict[FigureKey, object] = {}
    several: set[FigureKey] = set()
    for figure in _of_keys(given, again, keys):
        if first.setdefault(figure.key, figure.values) != figure.values:
            several.add(figure.key)
    return several


def _of_keys(given: Iterable[Sequence[Figure]], wanted: Collection[FigureKey], keys: _Keys) -> Iterator[Figure]:
    """The figures of these keys."""
    for figures in given if wanted else ():
        yield from (figures[row] for row, key in enumerate(keys.of(figures)) if key in wanted)


def _current(
    imports: Iterable[Imported], received: Iterable[Received], wanted: Collection[FigureKey], keys: _Keys
) -> dict[FigureKey, Current]:
    """The figures that count, of these keys."""
    current: dict[FigureKey, Current] = {}
    for figure, source, return_id, serial in _accepted_figures(imports, tuple(received), wanted, keys):
        earlier = current.get(figure.key)
        now = _restate(earlier.now, figure) if earlier and figure.restated else figure
        first, first_return = (earlier.first, earlier.first_return) if earlier else (figure, return_id)
        given = _given_before(earlier) if now.not_applicable else None
        current[figure.key] = Current(now, first, source, return_id, serial, first_return, given_before=given)
    return current


def _given_before(earlier: Current | None) -> Figure | None:
    """The last figure that was one, before a return that says that it does not apply."""
    if earlier is None:
        return None
    return earlier.given_before if earlier.now.not_applicable else earlier.now


def _accepted_figures(
    imports: Iterable[Imported], received: Sequence[Received], wanted: Collection[FigureKey], keys: _Keys
) -> Iterator[tuple[Figure, str, str, int]]:
    """(figure, source, return id, serial) of every accepted figure of these keys, imported ones first."""
    for batch in imports:
        for figure in _of_keys((batch.figures,), wanted, keys):
            yield figure, batch.sha256, "", 0
    last = {(returned.owner, returned.period): returned for returned in received if returned.is_accepted}
    for returned in received:
        for figure in _of_keys((returned.figures,), wanted, keys) if returned.is_accepted else ():
            if not figure.restated or not _withdraws(last[returned.owner, returned.period], returned, figure):
                yield figure, returned.sha256, returned.return_id, returned.serial


def _withdraws(last: Received, returned: Received, restatement: Figure) -> bool:
    """Whether the last return of the owner for the period takes a restatement back: it gives the row, and not that.

    A row that it leaves blank, or that was refused, says nothing of it.
    """
    if last is returned:
        return False
    given = {figure.key[:2] for figure in last.figures if not figure.restated}
    return restatement.key[:2] in given and restatement.key not in {figure.key for figure in last.figures}


def _published(runs: Iterable[LedgerRun], told: Collection[FigureKey], keys: _Keys) -> dict[FigureKey, Figure]:
    """The figures of these keys as the first edition showed them that covers their period.

    What an edition showed is the ledger before its run, as `State.before` has it.
    """
    published: dict[FigureKey, Figure] = {}
    # Whether a return takes a restatement back is seen from its other figures, which are those of the record.
    so_far: list[Record] = []
    for run in runs if told else ():
        for edition in (record for record in run.records if isinstance(record, Edition)):
            last_day = Period.parse(edition.period).last_day
            wanted = {key for key in told if key not in published and Period.parse(key[2]).last_day <= last_day}
            if wanted:
                shown = _current(imports_of(so_far), received_of(so_far).in_order, wanted, keys)
                published |= {key: shown[key].now for key in wanted if key in shown}
        so_far += run.records
    return published


def _restate(earlier: Figure, restatement: Figure) -> Figure:
    """The earlier figure with the restated numbers, reason and cell; every other answer stays as first given.

    It is no longer provisional.
    """
    return replace(
        earlier,
        actual=restatement.actual,
        numerator=restatement.numerator,
        denominator=restatement.denominator,
        milestone=restatement.milestone,
        not_applicable=restatement.not_applicable,
        restated=True,
        provisional=False,
        reason_restated=restatement.reason_restated,
        file=restatement.file,
        sheet=restatement.sheet,
        cell=restatement.cell,
    )
