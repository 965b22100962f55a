"""The figures of the ledger: which one counts of each, and what a board has been shown of it.

The last return of an owner for a period says all that it says: a restatement that is missing from it is withdrawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from xlperf.ledger.records import Edition, Imported, LedgerRun, Received, Record, Released
from xlperf.ledger.releases import judgement_that_counts
from xlperf.period import Period
from xlperf.returns.figure import Figure, FigureKey

CountingOrder = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Current:
    """A figure as it is now, as it was first reported, and where it comes from.

    `published` is the figure as the first edition that covers its period showed it; None where none has.

    `given_before` is the figure as it was last given, where it is said now that it does not apply; else None.

    `source` is the sha256 of the return or imported file it comes from. `return_id` and `serial` are of that return, ""
    and 0 for an imported figure. `first_return` is the id of the return it was first reported in.
    """

    now: Figure
    first: Figure
    source: str
    return_id: str
    serial: int
    first_return: str = ""
    published: Figure | None = None
    given_before: Figure | None = None

    @property
    def is_imported(self) -> bool:
        """Whether it was imported from records older than xlperf."""
        return not self.return_id

    @property
    def is_restated(self) -> bool:
        """Whether it differs from what a board was shown; where none was, whether a different return changed it.

        Before an edition, the same return sent again is a correction. `Figure.restated` is something else: that the
        owner called it a restatement, whatever the number is.
        """
        if self.published is not None:
            return self.now.values != self.published.values
        return self.now.values != self.first.values and self.return_id != self.first_return


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


def figures_of(runs: Sequence[LedgerRun], imports: Sequence[Imported], files: Files) -> dict[FigureKey, Current]:
    """Every figure, in order of its key."""
    current = _current(imports, files.in_order)
    for key, published in _published(runs, _told_otherwise(imports, files)).items():
        if key in current:
            current[key] = replace(current[key], published=published)
    return dict(sorted(current.items()))


def _told_otherwise(imports: Iterable[Imported], files: Files) -> set[FigureKey]:
    """The keys of which more than one value was ever given, whether it counts or not."""
    first: dict[FigureKey, object] = {}
    several: set[FigureKey] = set()
    given = [*(batch.figures for batch in imports), *(received.figures for received in files.judged.values())]
    for figure in chain.from_iterable(given):
        if first.setdefault(figure.key, figure.values) != figure.values:
            several.add(figure.key)
    return several


def _current(imports: Iterable[Imported], received: Iterable[Received]) -> dict[FigureKey, Current]:
    """The figures that count."""
    current: dict[FigureKey, Current] = {}
    for figure, source, return_id, serial in _accepted_figures(imports, tuple(received)):
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
    imports: Iterable[Imported], received: Sequence[Received]
) -> Iterator[tuple[Figure, str, str, int]]:
    """(figure, source, return id, serial) of every accepted figure, imported ones first."""
    for batch in imports:
        for figure in batch.figures:
            yield figure, batch.sha256, "", 0
    last = {(returned.owner, returned.period): returned for returned in received if returned.is_accepted}
    for returned in received:
        for figure in returned.figures if returned.is_accepted else ():
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


def _published(runs: Iterable[LedgerRun], keys: Collection[FigureKey]) -> dict[FigureKey, Figure]:
    """The figures of these keys as the first edition showed them that covers their period.

    What an edition showed is the ledger before its run, as `State.before` has it.
    """
    published: dict[FigureKey, Figure] = {}
    series = {key[:2] for key in keys}
    so_far: list[Record] = []
    for run in runs if keys else ():
        for edition in (record for record in run.records if isinstance(record, Edition)):
            last_day = Period.parse(edition.period).last_day
            wanted = [key for key in keys if key not in published and Period.parse(key[2]).last_day <= last_day]
            if wanted:
                shown = _current(imports_of(so_far), received_of(so_far).in_order)
                published |= {key: shown[key].now for key in wanted if key in shown}
        so_far += [_with_figures(record, series) for record in run.records]
    return published


def _with_figures(record: Record, series: Collection[tuple[str, str]]) -> Record:
    """A record with no more figures than those of some KPIs and orgs."""
    if not isinstance(record, Received | Imported):
        return record
    return replace(record, figures=tuple(figure for figure in record.figures if figure.key[:2] in series))


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
