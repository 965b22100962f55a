"""The state: what the whole set of runs says, whatever order they are read in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from xlperf.ledger.decisions import Settled, settle
from xlperf.ledger.records import Decision, Edition, GivenUp, Imported, Issued, Received, Released, Run
from xlperf.ledger.releases import counted
from xlperf.returns.figure import Figure, Key

Order = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Current:
    """A figure as it stands now, as it was first reported, and the source it now stands on.

    `source` is the sha256 of the return or imported file; `return_id` is "" for an imported figure.
    """

    now: Figure
    first: Figure
    source: str
    return_id: str
    serial: int
    first_return: str = ""

    @property
    def is_imported(self) -> bool:
        """Whether it comes from before xlperf."""
        return not self.return_id

    @property
    def is_restated(self) -> bool:
        """Whether another return than the first changed it; a return sent again only corrects itself."""
        return self.now.said != self.first.said and self.return_id != self.first_return


@dataclass(frozen=True)
class State:
    """All that the ledger knows. Every mapping is in a fixed order, so equal sets of runs give equal states."""

    runs: tuple[str, ...]
    issued: Mapping[str, Issued]
    """By return id, in order of issue."""
    received: tuple[Received, ...]
    """Every file judged, once each, in the order in which returns count: the last accepted one wins."""
    judged: Mapping[str, Received]
    """By sha256 the last judgement of every file, whatever a person has said of it since."""
    releases: Mapping[str, Released]
    """By sha256 what a person last said of a file that was held."""
    imports: tuple[Imported, ...]
    figures: Mapping[Key, Current]
    settled: Mapping[tuple[str, str], Settled]
    """By (kpi_id, org): what the decisions typed about it come to."""
    typed: Mapping[tuple[str, str], tuple[tuple[str, Decision], ...]]
    """By (kpi_id, org): everything ever typed, each with the name of its run, in order."""
    editions: tuple[Edition, ...]
    given_up: frozenset[str]
    """The runs that are lost for good, as a person has said."""
    made_of: tuple[Run, ...] = field(default=(), repr=False, compare=False)
    """The runs themselves, in order."""

    def before(self, run: str) -> State:
        """The state before a run, which may be one that is not there: what was known when it was made."""
        return state_of(each for each in self.made_of if each.name < run)

    @cached_property
    def decisions(self) -> Mapping[tuple[str, str], Decision]:
        """The decision that counts, by (kpi_id, org)."""
        return {key: settled.history[-1] for key, settled in self.settled.items()}

    @cached_property
    def decided(self) -> Mapping[tuple[str, str], tuple[Decision, ...]]:
        """The decisions that counted, in order, by (kpi_id, org)."""
        return {key: settled.history for key, settled in self.settled.items()}

    @cached_property
    def next_serial(self) -> int:
        """The serial of the next return to be issued."""
        return max((issued.serial for issued in self.issued.values()), default=0) + 1

    @cached_property
    def latest_issue(self) -> Mapping[tuple[str, str], Issued]:
        """The issued return that is not superseded, by (owner, period)."""
        return {(issued.owner, issued.period): issued for issued in self.issued.values()}

    @cached_property
    def in_use(self) -> Mapping[tuple[str, str], Received]:
        """The accepted return that counts, by (owner, period)."""
        return {(r.owner, r.period): r for r in self.received if r.is_accepted}

    @cached_property
    def held(self) -> Mapping[tuple[str, str], Received]:
        """The last return later than the one in use that waits for a person to release it, by (owner, period)."""
        held: dict[tuple[str, str], Received] = {}
        for received in self.received:
            if received.is_accepted:
                held.pop((received.owner, received.period), None)
            elif received.is_held:
                held[received.owner, received.period] = received
        return held

    def returned_on(self, received: Received) -> date:
        """The day a return was sent, as far as can be told.

        That is the day its owner last saved it, where that lies between its issue and its first collation: a team that
        returned in time is not late because nobody clicked Collate that day. Else the day of its first collation.
        """
        seen = date.fromisoformat(received.at[:10])
        issued = self.issued.get(received.return_id)
        if not received.saved_at or issued is None:
            return seen
        saved = date.fromisoformat(received.saved_at[:10])
        return saved if date.fromisoformat(issued.at[:10]) <= saved <= seen else seen

    @cached_property
    def by_sha256(self) -> Mapping[str, Received]:
        """Every file judged, by its hash."""
        return {received.sha256: received for received in self.received}

    @cached_property
    def now(self) -> Mapping[Key, Figure]:
        """Every figure as it stands now."""
        return {key: current.now for key, current in self.figures.items()}


def state_of(runs: Iterable[Run]) -> State:
    """The state that a set of runs adds up to; the order in which they are given makes no difference."""
    # By name, so that the copy a syncing service makes of a run counts once.
    ordered = sorted({run.name: run for run in runs}.values(), key=lambda run: run.name)
    records = [record for run in ordered for record in run.records]
    issued = sorted((r for r in records if isinstance(r, Issued)), key=lambda r: (r.serial, r.return_id))
    # A file judged again, because the catalogue or the issues had changed, counts by its last judgement, and has been
    # here since the first.
    judged: dict[str, list[Received]] = {}
    for record in records:
        if isinstance(record, Received):
            before = judged.setdefault(record.sha256, [])
            before.append(replace(record, at=before[0].at) if before else record)
    releases = {record.sha256: record for record in records if isinstance(record, Released)}
    received = {sha256: counted(each, releases.get(sha256)) for sha256, each in judged.items()}
    imports = {record.sha256: record for record in records if isinstance(record, Imported)}
    typed: dict[tuple[str, str], tuple[tuple[str, Decision], ...]] = {}
    for run in ordered:
        for record in run.records:
            if isinstance(record, Decision):
                key = (record.kpi_id, record.org)
                typed[key] = (*typed.get(key, ()), (run.name, record))
    in_order = tuple(sorted(received.values(), key=_order))
    return State(
        runs=tuple(run.name for run in ordered),
        issued={record.return_id: record for record in issued},
        received=in_order,
        judged={sha256: each[-1] for sha256, each in sorted(judged.items())},
        releases=dict(sorted(releases.items())),
        imports=tuple(imports.values()),
        figures=dict(sorted(_figures(imports.values(), in_order).items())),
        settled={key: settle([decision for _, decision in each]) for key, each in sorted(typed.items())},
        typed=dict(sorted(typed.items())),
        editions=tuple(record for record in records if isinstance(record, Edition)),
        given_up=frozenset(record.run for record in records if isinstance(record, GivenUp)),
        made_of=tuple(ordered),
    )


def _order(received: Received) -> Order:
    """Later returns count over earlier ones: by serial, then by the time inside the workbook, never the file's.

    So the result does not depend on when, or in how many runs, the files were collated. The hash only makes the order
    definite; the report warns where nothing else tells two files apart.
    """
    return (received.serial, received.saved_at, received.sha256)


def _figures(imports: Iterable[Imported], received: Iterable[Received]) -> dict[Key, Current]:
    current: dict[Key, Current] = {}
    for figure, source, return_id, serial in _in_order(imports, received):
        known = current.get(figure.key)
        now = _with_answers_of(known.now, figure) if known and figure.restated else figure
        first, first_return = (known.first, known.first_return) if known else (figure, return_id)
        current[figure.key] = Current(now, first, source, return_id, serial, first_return)
    return current


def _in_order(imports: Iterable[Imported], received: Iterable[Received]) -> Iterator[tuple[Figure, str, str, int]]:
    """Every accepted figure, imported ones first, with where it comes from."""
    for batch in imports:
        for figure in batch.figures:
            yield figure, batch.sha256, "", 0
    for returned in received:
        if returned.is_accepted:
            for figure in returned.figures:
                yield figure, returned.sha256, returned.return_id, returned.serial


def _with_answers_of(earlier: Figure, restated: Figure) -> Figure:
    """A restated figure with the commentary and actions that were given for it the first time."""
    return replace(
        earlier,
        actual=restated.actual,
        numerator=restated.numerator,
        denominator=restated.denominator,
        milestone=restated.milestone,
        not_applicable=restated.not_applicable,
        restated=True,
        provisional=False,
        reason_restated=restated.reason_restated,
        file=restated.file,
        sheet=restated.sheet,
        cell=restated.cell,
    )
