"""The state of the ledger: what the set of runs adds up to, in whatever order they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TypeGuard

from xlperf.ledger.decisions import Settled, settle
from xlperf.ledger.records import (
    AcceptedCatalogue,
    Decision,
    Edition,
    GivenUp,
    Imported,
    Issued,
    Received,
    Record,
    Released,
    Run,
)
from xlperf.ledger.releases import judgement_that_counts
from xlperf.returns.figure import Figure, FigureKey

CountingOrder = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Current:
    """A figure as it is now, as it was first reported, and where it comes from.

    `source` is the sha256 of the return or imported file it comes from. `return_id` and `serial` are of that return, ""
    and 0 for an imported figure. `first_return` is the id of the return it was first reported in.
    """

    now: Figure
    first: Figure
    source: str
    return_id: str
    serial: int
    first_return: str = ""

    @property
    def is_imported(self) -> bool:
        """Whether it was imported from records older than xlperf."""
        return not self.return_id

    @property
    def differs_from_first_return(self) -> bool:
        """Whether a different return changed it; the same return sent again is a correction, not a restatement.

        `Figure.restated` is something else: that the owner called it a restatement, whatever the number is.
        """
        return self.now.values != self.first.values and self.return_id != self.first_return


@dataclass(frozen=True)
class State:
    """Everything in the ledger. Every mapping is in a fixed order, so equal sets of runs give equal states."""

    runs: tuple[str, ...]
    issued: Mapping[str, Issued]
    """By return id, in order of issue."""
    received: tuple[Received, ...]
    """Every file judged, once each, in the order in which they count: the last accepted one is used."""
    judged_before_release: Mapping[str, Received]
    """By sha256, the last judgement of every file, before any release or rejection by a person."""
    releases: Mapping[str, Released]
    """By sha256, the last release or rejection of a held file by a person."""
    imports: tuple[Imported, ...]
    figures: Mapping[FigureKey, Current]
    settled: Mapping[tuple[str, str], Settled]
    """By (kpi_id, org), which of the typed decisions count."""
    typed_decisions: Mapping[tuple[str, str], tuple[tuple[str, Decision], ...]]
    """By (kpi_id, org), all decisions ever typed, each with the name of its run, in order."""
    editions: tuple[Edition, ...]
    given_up: frozenset[str]
    """The runs that a person has given up as lost for good."""
    accepted_catalogues: tuple[AcceptedCatalogue, ...] = ()
    """The catalogues by which figures were shown, in the order in which they were accepted."""
    last_judged_by: str = ""
    """The sha256 of the catalogue that the newest return or import was judged by; "" where none says."""
    run_records: tuple[Run, ...] = field(default=(), repr=False, compare=False)
    """The runs, in order."""

    def before(self, run: str) -> State:
        """The state before the run of that name, which need not exist."""
        return state_of(earlier for earlier in self.run_records if earlier.name < run)

    @property
    def catalogue(self) -> str:
        """The sha256 of the catalogue by which figures were shown last; "" where none is known.

        A ledger of xlperf 0.1.0 does not say; there it is that of the newest return or import.
        """
        return self.accepted_catalogues[-1].catalogue if self.accepted_catalogues else self.last_judged_by

    @cached_property
    def decision_in_force(self) -> Mapping[tuple[str, str], Decision]:
        """The decision that counts now, by (kpi_id, org)."""
        return {key: settled.history[-1] for key, settled in self.settled.items()}

    @cached_property
    def decision_history(self) -> Mapping[tuple[str, str], tuple[Decision, ...]]:
        """All decisions that counted, in order, by (kpi_id, org); the last one counts now."""
        return {key: settled.history for key, settled in self.settled.items()}

    @cached_property
    def next_serial(self) -> int:
        """The serial of the next return to be issued."""
        return max((issued.serial for issued in self.issued.values()), default=0) + 1

    @cached_property
    def latest_issue(self) -> Mapping[tuple[str, str], Issued]:
        """The last return issued, which is not superseded, by (owner, period)."""
        return {(issued.owner, issued.period): issued for issued in self.issued.values()}

    @cached_property
    def in_use(self) -> Mapping[tuple[str, str], Received]:
        """The accepted return that counts, by (owner, period)."""
        return {(r.owner, r.period): r for r in self.received if r.is_accepted}

    @cached_property
    def held(self) -> Mapping[tuple[str, str], Received]:
        """The last held return that is later than the one in use, by (owner, period)."""
        held: dict[tuple[str, str], Received] = {}
        for received in self.received:
            if received.is_accepted:
                held.pop((received.owner, received.period), None)
            elif received.is_held:
                held[received.owner, received.period] = received
        return held

    def returned_on(self, received: Received) -> date:
        """The day a return was sent, as far as is known.

        That is the day its owner last saved it, if that is between its issue and its first collation: an owner who
        returned in time is not late because nobody clicked Collate that day. Otherwise it is the day of its first
        collation.
        """
        seen = date.fromisoformat(received.at[:10])
        issued = self.issued.get(received.return_id)
        if not received.saved_at or issued is None:
            return seen
        saved = date.fromisoformat(received.saved_at[:10])
        return saved if date.fromisoformat(issued.at[:10]) <= saved <= seen else seen

    def days_late(self, received: Received | None, deadline: date, today: date) -> int:
        """How many days after a deadline a return came in, or has not come in by today; 0 for none."""
        return max(((self.returned_on(received) if received else today) - deadline).days, 0)

    def is_replaced(self, received: Received) -> bool:
        """Whether a later file of the same owner and period stands in its place, so that nobody need mend it."""
        key = (received.owner, received.period)
        is_current = received is self._last_file[key] or received is self.in_use.get(key) or received.is_held
        return bool(received.period) and not is_current

    @cached_property
    def _last_file(self) -> Mapping[tuple[str, str], Received]:
        return {(received.owner, received.period): received for received in self.received}

    @cached_property
    def received_by_sha256(self) -> Mapping[str, Received]:
        """Every file judged, by its hash, as it counts after any release or rejection."""
        return {received.sha256: received for received in self.received}

    @cached_property
    def now(self) -> Mapping[FigureKey, Figure]:
        """Every figure as it is now."""
        return {key: current.now for key, current in self.figures.items()}


def state_of(runs: Iterable[Run]) -> State:
    """The state that a set of runs adds up to, whatever their order."""
    # By name, so that a run counts once even if a sync service has made a copy of it.
    ordered = sorted({run.name: run for run in runs}.values(), key=lambda run: run.name)
    records = [record for run in ordered for record in run.records]
    issued = sorted((r for r in records if isinstance(r, Issued)), key=lambda r: (r.serial, r.return_id))
    # A file is judged again when the catalogue or the issued returns change: it counts by its last judgement, and keeps
    # the time of its first.
    judged: dict[str, list[Received]] = {}
    for record in records:
        if isinstance(record, Received):
            before = judged.setdefault(record.sha256, [])
            before.append(replace(record, at=before[0].at) if before else record)
    releases = {record.sha256: record for record in records if isinstance(record, Released)}
    received = {
        sha256: judgement_that_counts(judgements, releases.get(sha256)) for sha256, judgements in judged.items()
    }
    imports = {record.sha256: record for record in records if isinstance(record, Imported)}
    typed: dict[tuple[str, str], tuple[tuple[str, Decision], ...]] = {}
    for run in ordered:
        for record in run.records:
            if isinstance(record, Decision):
                key = (record.kpi_id, record.org)
                typed[key] = (*typed.get(key, ()), (run.name, record))
    in_order = tuple(sorted(received.values(), key=_counting_order))
    return State(
        runs=tuple(run.name for run in ordered),
        issued={record.return_id: record for record in issued},
        received=in_order,
        judged_before_release={sha256: judgements[-1] for sha256, judgements in sorted(judged.items())},
        releases=dict(sorted(releases.items())),
        imports=tuple(imports.values()),
        figures=dict(sorted(_figures(imports.values(), in_order).items())),
        settled={key: settle([decision for _, decision in decisions]) for key, decisions in sorted(typed.items())},
        typed_decisions=dict(sorted(typed.items())),
        editions=tuple(record for record in records if isinstance(record, Edition)),
        given_up=frozenset(record.run for record in records if isinstance(record, GivenUp)),
        accepted_catalogues=tuple(record for record in records if isinstance(record, AcceptedCatalogue)),
        last_judged_by=next((each.catalogue for each in reversed(records) if _says_catalogue(each)), ""),
        run_records=tuple(ordered),
    )


def _says_catalogue(record: Record) -> TypeGuard[Received | Imported]:
    return isinstance(record, Received | Imported) and record.catalogue != ""


def _counting_order(received: Received) -> CountingOrder:
    """Later returns replace earlier ones: by serial, then by the time saved in the workbook, never the file's own time.

    So the result does not depend on when, or in how many runs, the files were collated. The hash makes the order
    definite; the report warns if nothing else distinguishes two files.
    """
    return (received.serial, received.saved_at, received.sha256)


def _figures(imports: Iterable[Imported], received: Iterable[Received]) -> dict[FigureKey, Current]:
    current: dict[FigureKey, Current] = {}
    for figure, source, return_id, serial in _accepted_figures(imports, received):
        earlier = current.get(figure.key)
        now = _restate(earlier.now, figure) if earlier and figure.restated else figure
        first, first_return = (earlier.first, earlier.first_return) if earlier else (figure, return_id)
        current[figure.key] = Current(now, first, source, return_id, serial, first_return)
    return current


def _accepted_figures(
    imports: Iterable[Imported], received: Iterable[Received]
) -> Iterator[tuple[Figure, str, str, int]]:
    """(figure, source, return id, serial) of every accepted figure, imported ones first."""
    for batch in imports:
        for figure in batch.figures:
            yield figure, batch.sha256, "", 0
    for returned in received:
        if returned.is_accepted:
            for figure in returned.figures:
                yield figure, returned.sha256, returned.return_id, returned.serial


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
