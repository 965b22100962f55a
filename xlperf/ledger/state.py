"""The state of the ledger: what the set of runs adds up to, in whatever order they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeGuard

from xlperf.ledger.action_events import action_events, ids_given
from xlperf.ledger.action_records import NumberedAction, TypedAction
from xlperf.ledger.case_records import Drafted, TypedEntry
from xlperf.ledger.current import CurrentFigures, FiguresNow
from xlperf.ledger.current_figures import figures_of, imports_of, received_of
from xlperf.ledger.enquiry_records import AskedEnquiry, TypedEnquiry
from xlperf.ledger.records import (
    AcceptedCatalogue,
    Approved,
    Decision,
    Edition,
    GivenUp,
    Imported,
    Issued,
    LedgerRun,
    MeetingPack,
    Received,
    Record,
    Released,
)
from xlperf.ledger.recovery_events import promise_events
from xlperf.ledger.recovery_records import TypedPromise
from xlperf.ledger.settled import Settled, settle
from xlperf.ledger.words_records import TypedWords
from xlperf.returns.figure import Figure, FigureKey
from xlperf.rules.actions import Action, ActionKey, register
from xlperf.rules.cases import CaseEntry, EntryEvent, case_log
from xlperf.rules.enquiries.typed_about import EnquiryKey, EnquirySaid, TypedOver, said_of
from xlperf.rules.iso_day import day_of
from xlperf.rules.keys import SeriesKey
from xlperf.rules.recovery_path import RecoveryPath, recovery_paths


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
    figures: CurrentFigures
    settled: Mapping[tuple[str, str], Settled[Decision]]
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
    typed_actions: tuple[tuple[str, TypedAction], ...] = ()
    """What was ever typed into the register of actions, each with the name of its run, in order."""
    numbered_actions: tuple[NumberedAction, ...] = ()
    """The ids that actions were given, in order."""
    typed_enquiries: tuple[tuple[str, TypedEnquiry], ...] = ()
    """What was ever typed about lines of enquiry, each with the name of its run, in order."""
    typed_promises: tuple[tuple[str, TypedPromise], ...] = ()
    """What was ever typed about recovery paths, each with the name of its run, in order."""
    typed_words: Mapping[FigureKey, tuple[tuple[str, TypedWords], ...]] = field(default_factory=dict)
    """By (kpi_id, org, period), an executive's words as they were ever typed, each with the name of its run."""
    typed_entries: tuple[tuple[str, TypedEntry], ...] = ()
    """What was ever typed into the log of cases, each with the name of its run, in order."""
    drafted: tuple[Drafted, ...] = ()
    """The notices that were drafted, in order."""
    run_records: tuple[LedgerRun, ...] = field(default=(), repr=False, compare=False)
    """The runs, in order."""

    @cached_property
    def run_hashes(self) -> Mapping[str, str]:
        """The sha256 of each run's bytes, by its name."""
        return {run.name: run.sha256 for run in self.run_records}

    @cached_property
    def with_forecast(self) -> frozenset[FigureKey]:
        """The keys of the figures with which, as they are now, a forecast was given."""
        figures = zip(self.figures, self.figures.column("forecast"), strict=True)
        return frozenset(key for key, forecast in figures if forecast is not None)

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """Every action that was ever promised, as it stands, in the order in which they were opened."""
        typed = [record for _, record in self.typed_actions]
        return register(action_events(self.received, typed, self.imports), self.action_ids)

    @cached_property
    def action_ids(self) -> Mapping[ActionKey, str]:
        """The id of each action, by (ref, org, words)."""
        return ids_given(self.numbered_actions)

    @cached_property
    def enquiries(self) -> Mapping[EnquiryKey, EnquirySaid]:
        """What stands of what people typed about lines of enquiry, by what each is known by, in the order of typing."""
        typed: dict[EnquiryKey, list[TypedOver]] = {}
        for _, each in self.typed_enquiries:
            over = TypedOver(each.cells, each.over, each.book, day_of(each.at[:10]))
            typed.setdefault(each.asked.key, []).append(over)
        return {key: said_of(listed) for key, listed in typed.items()}

    @cached_property
    def asked(self) -> Mapping[EnquiryKey, AskedEnquiry]:
        """Every line of enquiry that a pack asked or that somebody typed about, as it was put last, in order.

        As a pack put it, where one has; else as it stood when somebody typed about it.
        """
        typed = {each.asked.key: each.asked for _, each in self.typed_enquiries}
        return {**typed, **self.asked_in_packs}

    @cached_property
    def asked_in_packs(self) -> Mapping[EnquiryKey, AskedEnquiry]:
        """Every line of enquiry that the pack of an edition or of a meeting asked, as it was put last, in order."""
        packs: tuple[Edition | MeetingPack, ...] = (*self.editions, *(pack for _, pack in self.packs))
        return {each.key: each for pack in packs for each in pack.asked}

    @cached_property
    def recovery_paths(self) -> Mapping[SeriesKey, RecoveryPath]:
        """The way back to target that was promised, by KPI and org, from its first version on."""
        typed = [record for _, record in self.typed_promises]
        return recovery_paths(promise_events(self.received, typed, self.returned_on))

    @cached_property
    def words(self) -> Mapping[FigureKey, Settled[TypedWords]]:
        """By (kpi_id, org, period), which of the words that were typed about a rolled-up figure stand."""
        return {key: settle([typed for _, typed in every]) for key, every in self.typed_words.items()}

    @cached_property
    def case_entries(self) -> tuple[CaseEntry, ...]:
        """Every entry of the log of cases, as it stands, in the order in which they were typed."""
        return case_log(
            EntryEvent(typed.entry, typed.cells, typed.over, typed.book, day_of(typed.at[:10]))
            for _, typed in self.typed_entries
        )

    def before(self, run: str) -> State:
        """The state before the run of that name, which need not exist."""
        return state_of(earlier for earlier in self.run_records if earlier.name < run)

    @cached_property
    def published(self) -> tuple[tuple[str, Edition], ...]:
        """Every edition with the name of its run, in order. What it showed is the state `before` that run."""
        editions = ((run, record) for run in self.run_records for record in run.records)
        return tuple((run.name, record) for run, record in editions if isinstance(record, Edition))

    @cached_property
    def packs(self) -> tuple[tuple[str, MeetingPack], ...]:
        """Every pack of a meeting with the name of its run, in order. What it showed is the state `before` that run."""
        packs = ((run, record) for run in self.run_records for record in run.records)
        return tuple((run.name, record) for run, record in packs if isinstance(record, MeetingPack))

    @property
    def approvals(self) -> tuple[Approved, ...]:
        """Every approval of a draft, in order."""
        return tuple(each for run in self.run_records for each in run.records if isinstance(each, Approved))

    def catalogue_at(self, run: str) -> str:
        """As `catalogue`, as it was after the run of that name."""
        records = [record for earlier in self.run_records if earlier.name <= run for record in earlier.records]
        accepted = (record.catalogue for record in reversed(records) if isinstance(record, AcceptedCatalogue))
        judged_by = (record.catalogue for record in reversed(records) if _says_catalogue(record))
        return next(accepted, "") or next(judged_by, "")

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
    def issued_by_period(self) -> Mapping[str, tuple[Issued, ...]]:
        """The returns of each reporting period, in order of issue."""
        issued: dict[str, list[Issued]] = {}
        for item in self.issued.values():
            issued.setdefault(item.period, []).append(item)
        return {period: tuple(items) for period, items in issued.items()}

    @cached_property
    def in_use(self) -> Mapping[tuple[str, str], Received]:
        """The accepted return that counts, by (owner, period)."""
        return {(received.owner, received.period): received for received in self.received if received.is_accepted}

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
        in_use = self.in_use.get(key)
        in_place = {self.files_of[key][-1].sha256, in_use.sha256 if in_use else ""}
        return bool(received.period) and received.sha256 not in in_place and not received.is_held

    @cached_property
    def files_of(self) -> Mapping[tuple[str, str], tuple[Received, ...]]:
        """The files of each (owner, period), in the order of `received`."""
        files: dict[tuple[str, str], list[Received]] = {}
        for received in self.received:
            files.setdefault((received.owner, received.period), []).append(received)
        return {key: tuple(listed) for key, listed in files.items()}

    @cached_property
    def received_by_sha256(self) -> Mapping[str, Received]:
        """Every file judged, by its hash, as it counts after any release or rejection."""
        return {received.sha256: received for received in self.received}

    @cached_property
    def now(self) -> Mapping[FigureKey, Figure]:
        """Every figure as it is now."""
        return FiguresNow(self.figures)


def state_of(runs: Iterable[LedgerRun]) -> State:
    """The state that a set of runs adds up to, whatever their order."""
    # By name, so that a run counts once even if a sync service has made a copy of it.
    ordered = sorted({run.name: run for run in runs}.values(), key=lambda run: run.name)
    records = [record for run in ordered for record in run.records]
    issued = sorted((r for r in records if isinstance(r, Issued)), key=lambda r: (r.serial, r.return_id))
    imports = imports_of(records)
    files = received_of(records)
    typed: dict[tuple[str, str], tuple[tuple[str, Decision], ...]] = {}
    words: dict[FigureKey, tuple[tuple[str, TypedWords], ...]] = {}
    for run in ordered:
        for record in run.records:
            if isinstance(record, Decision):
                key = (record.kpi_id, record.org)
                typed[key] = (*typed.get(key, ()), (run.name, record))
            elif isinstance(record, TypedWords):
                about = (record.kpi_id, record.org, record.period)
                words[about] = (*words.get(about, ()), (run.name, record))
    return State(
        runs=tuple(run.name for run in ordered),
        issued={record.return_id: record for record in issued},
        received=files.in_order,
        judged_before_release=files.judged,
        releases=files.releases,
        imports=imports,
        figures=figures_of(ordered, imports, files),
        settled={key: settle([decision for _, decision in decisions]) for key, decisions in sorted(typed.items())},
        typed_decisions=dict(sorted(typed.items())),
        editions=tuple(record for record in records if isinstance(record, Edition)),
        given_up=frozenset(record.run for record in records if isinstance(record, GivenUp)),
        accepted_catalogues=tuple(record for record in records if isinstance(record, AcceptedCatalogue)),
        last_judged_by=next((record.catalogue for record in reversed(records) if _says_catalogue(record)), ""),
        typed_actions=tuple(
            (run.name, record) for run in ordered for record in run.records if isinstance(record, TypedAction)
        ),
        numbered_actions=tuple(record for record in records if isinstance(record, NumberedAction)),
        typed_enquiries=tuple(
            (run.name, record) for run in ordered for record in run.records if isinstance(record, TypedEnquiry)
        ),
        typed_promises=tuple(
            (run.name, record) for run in ordered for record in run.records if isinstance(record, TypedPromise)
        ),
        typed_words=dict(sorted(words.items())),
        typed_entries=tuple(
            (run.name, record) for run in ordered for record in run.records if isinstance(record, TypedEntry)
        ),
        drafted=tuple(record for record in records if isinstance(record, Drafted)),
        run_records=tuple(ordered),
    )


def _says_catalogue(record: Record) -> TypeGuard[Received | Imported]:
    return isinstance(record, Received | Imported) and record.catalogue != ""
