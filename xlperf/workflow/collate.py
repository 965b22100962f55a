"""Collate: judge every file received, record what was taken, and bring the master up to date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from xlperf.catalogue import Catalogue
from xlperf.errors import WorkspaceError
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Decision, Ledger, Received, State
from xlperf.period import Period
from xlperf.report.facts import Facts
from xlperf.returns import layout
from xlperf.workbook.reader import read_tables
from xlperf.workflow.generate import Progress, no_progress
from xlperf.workflow.judging import Source, judge
from xlperf.workflow.master import Door, MasterFile, Written, about_rows, read_decisions, refresh
from xlperf.workflow.received import Arrived, Ignored, listing, shown_name
from xlperf.workflow.workspace import Workspace, reporting_period


@dataclass(frozen=True, slots=True)
class Collated:
    """What a collation did. Every file listed is in exactly one of `judged` and `ignored`; see `listed`."""

    period: Period
    judged: tuple[tuple[str, Received], ...]
    ignored: tuple[Ignored, ...]
    new_records: int
    findings: tuple[Finding, ...]
    written: Written

    @property
    def listed(self) -> int:
        """How many entries the received folders hold."""
        return len(self.judged) + len(self.ignored)

    @property
    def rejected(self) -> tuple[Received, ...]:
        """The files of which nothing was taken."""
        return tuple(received for _, received in self.judged if not received.is_accepted)

    @property
    def is_clean(self) -> bool:
        """Whether everything received was taken whole."""
        return not self.rejected and not any(received.refused for _, received in self.judged)


def collate(
    workspace: Workspace,
    *,
    now: datetime,
    by: str,
    period: str | None = None,
    door: Door | None = None,
    progress: Progress = no_progress,
) -> Collated:
    """Read every received return into the ledger, and refresh the master for a reporting period.

    Args:
        workspace: where.
        now: an aware time, for the ledger and for what is late.
        by: who, for the ledger.
        period: what the master reports on; the latest period with returns issued where None.
        door: how the master is reached; the file in the workspace where None.
        progress: called with (files judged, files in all, name).

    Raises:
        UsageError: the period is not in the calendar; nothing has been read.
        WorkspaceError: the received folders cannot be listed.
        XlperfError: catalogue, ledger or master cannot be used. What was judged before that is in the ledger.
    """
    catalogue, ledger = workspace.catalogue(), workspace.ledger()
    asked_for = reporting_period(catalogue, period) if period else None
    door = door or MasterFile(workspace)
    state = ledger.state()
    decisions, typed_findings = read_decisions(door, state)
    _must_be_there(workspace, state)
    entries = list(listing(workspace))
    files = [entry for entry in entries if isinstance(entry, Arrived)]
    judged, fresh = _judge_all(files, catalogue, state, ledger, now.date(), progress)
    new: list[Received | Decision] = [*decisions, *fresh]
    if new:
        ledger.append("collate", new, at=now, by=by)
        state = ledger.state()
    reporting = asked_for or latest_period(catalogue, state)
    present = frozenset(arrived.sha256 for arrived in files)
    facts = Facts(catalogue, state, reporting, now, present)
    ignored = tuple(entry for entry in entries if isinstance(entry, Ignored))
    about = [*about_rows(facts, by), *_laws(facts, judged, ignored)]
    written = refresh(door, facts, about)
    findings = (*typed_findings, *_gone(state, present), *written.findings)
    return Collated(reporting, tuple(judged), ignored, len(new), findings, written)


def _must_be_there(workspace: Workspace, state: State) -> None:
    """Refuse to take a share that is not connected for one on which nothing has been returned."""
    last = max(state.issued.values(), key=lambda issued: issued.serial, default=None)
    if last is None:
        return
    folder = workspace.returns / last.period / "received"
    if not folder.is_dir():
        raise WorkspaceError(
            f"{folder}: the folder has gone, so what was returned cannot be seen; is the share connected?"
        )


def latest_period(catalogue: Catalogue, state: State) -> Period:
    """The latest reporting period of which returns were issued; else the first of the calendar."""
    issued = (Period.parse(item.period) for item in state.issued.values())
    in_calendar = [period for period in issued if period in catalogue.entry_by_period]
    return max(in_calendar, default=min(catalogue.entry_by_period))


def _judge_all(
    files: list[Arrived], catalogue: Catalogue, state: State, ledger: Ledger, today: date, progress: Progress
) -> tuple[list[tuple[str, Received]], list[Received]]:
    """(name, judgement) of every file, and the judgements among them that the ledger does not have."""
    judged: list[tuple[str, Received]] = []
    fresh: list[Received] = []
    known = {received.sha256: received for received in state.received}
    places = {(arrived.sha256, arrived.folder, shown_name(arrived.path.name)) for arrived in files}
    for index, arrived in enumerate(files):
        received = known.get(arrived.sha256)
        name = shown_name(arrived.path.name)
        here = received is not None and (received.folder, received.file) == (arrived.folder, name)
        is_copy = received is not None and not here and (received.sha256, received.folder, received.file) in places
        if received is None or (not is_copy and (_is_open(received) or not here)):
            received = _judge_anew(arrived, received, catalogue, state, ledger, today)
            if received is not known.get(arrived.sha256):
                fresh.append(received)
                known[arrived.sha256] = received
        judged.append((name, received))
        progress(index + 1, len(files), arrived.path.name)
    return judged, fresh


def _is_open(received: Received) -> bool:
    """Whether another judgement could come to something else, as when the catalogue has been put right."""
    return not received.is_accepted or bool(received.refused)


def _judge_anew(
    arrived: Arrived, before: Received | None, catalogue: Catalogue, state: State, ledger: Ledger, today: date
) -> Received:
    """The judgement of a file; the earlier one itself where nothing about it has changed.

    What is late or overdue is judged by the day on which the file was first seen.
    """
    if before is not None and before.at:
        today = date.fromisoformat(before.at[:10])
    name = shown_name(arrived.path.name)
    if arrived.problem is not None:
        book, faults = None, [arrived.problem]
    else:
        book, faults = read_tables(arrived.data, layout.TABLES, file=name)
    received = judge(Source(arrived.sha256, name, arrived.folder), book, faults, catalogue, state, today)
    if before is not None and replace(received, at=before.at) == before:
        return before
    if received.is_accepted:
        ledger.keep(arrived.data)
    return received


def _laws(facts: Facts, judged: list[tuple[str, Received]], ignored: tuple[Ignored, ...]) -> Iterable[tuple[str, str]]:
    """The counts that must add up, for the About sheet."""
    outcomes = Counter(received.is_accepted for _, received in judged)
    listed = len(judged) + len(ignored)
    yield (
        "Files",
        f"{listed} listed = {outcomes[True]} accepted + {outcomes[False]} rejected + {len(ignored)} ignored",
    )
    issued = {owner for owner, period in facts.state.latest_issue if period == str(facts.period)}
    returned = {owner for owner in issued if (owner, str(facts.period)) in facts.state.in_use}
    yield "Returns", f"{len(issued)} issued = {len(returned)} returned + {len(issued - returned)} missing"
    if ignored:
        yield "Ignored", "; ".join(f"{entry.name}: {entry.why}" for entry in ignored[:20])


def _gone(state: State, present: frozenset[str]) -> Iterable[Finding]:
    """Accepted returns whose file no longer lies in the folder; their figures stay."""
    for received in state.received:
        if received.is_accepted and received.sha256 not in present:
            message = "the file is no longer in the received folder; its figures stay, and the ledger has a copy."
            yield finding("F011", message, Location(received.file))
