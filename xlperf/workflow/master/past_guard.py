"""What a collation would change in the past, because of the catalogue or a later xlperf, before it writes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import isfinite

from xlperf import __version__
from xlperf.assessment import Assessment
from xlperf.assessment.past import PastChange, PastChanges, Shown, changed, last_past_day, reasons_for, shown_in
from xlperf.catalogue import Catalogue
from xlperf.digits import fifteen
from xlperf.errors import CatalogueError
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import AcceptedCatalogue, Edition, Ledger, State
from xlperf.ledger.state import state_of
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.past_words import past_heading, past_lines
from xlperf.returns.figure import FigureKey
from xlperf.rules.escalation import RATED
from xlperf.rules.rollup import members
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.growing import columns_of, written_by
from xlperf.workflow.master.last_shown import kept_catalogue
from xlperf.workflow.master.lineage import checked_last_run
from xlperf.workflow.workspace import CATALOGUE


@dataclass(frozen=True, slots=True)
class JudgedPast:
    """Whether the present catalogue, and this xlperf, may show the past.

    `records` are for the ledger: by which catalogue figures are shown from now on, and who accepted what it changes.
    """

    changes: PastChanges
    is_accepted: bool
    records: tuple[AcceptedCatalogue, ...]
    findings: tuple[Finding, ...]


def judge_past(
    catalogue: Catalogue,
    ledger: Ledger,
    state: State,
    master: WorkbookPort | None,
    accepts: Callable[[PastChanges], bool],
) -> JudgedPast:
    """Find out how the past would change, and whether that is accepted: now, earlier, or because nothing changes.

    Args and errors as for `past_changes`; `accepts` is asked only if something changes.
    """
    changes = past_changes(catalogue, ledger, state, master)
    last = state.accepted_catalogues[-1] if state.accepted_catalogues else None
    token = changes.token if changes.must_be_accepted else ""
    acceptance = AcceptedCatalogue(catalogue.sha256, catalogue.version, token, tuple(past_lines(changes)))
    was_accepted = any(
        (each.catalogue, each.token) == (acceptance.catalogue, token) for each in state.accepted_catalogues
    )
    is_accepted = not token or was_accepted or accepts(changes)
    records: tuple[AcceptedCatalogue, ...] = ()
    if is_accepted and (last is None or last.catalogue != acceptance.catalogue or (token and not was_accepted)):
        records = (acceptance,)
    elif not is_accepted and last is None and state.catalogue:
        # From now on the newest return may be judged by a catalogue that nobody has accepted.
        records = (AcceptedCatalogue(state.catalogue),)
    return JudgedPast(changes, is_accepted, records, tuple(_odd(catalogue, ledger, state)))


def must_leave_the_past(
    catalogue: Catalogue, ledger: Ledger, state: State, master: WorkbookPort | None
) -> tuple[AcceptedCatalogue, ...]:
    """Refuse to show the past differently from before. Only a collation may, once somebody has accepted it.

    Returns what the ledger is to record of the catalogue by which figures are now shown; it is kept among the
    originals.

    Raises:
        CatalogueError: the past would be shown otherwise.
    """
    past = judge_past(catalogue, ledger, state, master, lambda _: False)
    if not past.is_accepted:
        raise CatalogueError(
            f"{past_heading(past.changes)} would be shown otherwise than before, so nothing was written. 'xlperf "
            "collate' lists them, and says how to accept them; if they are not meant, correct the catalogue"
        )
    if past.records:
        ledger.keep(catalogue.canonical, ".json")
    return past.records


def _odd(catalogue: Catalogue, ledger: Ledger, state: State) -> Iterator[Finding]:
    """Findings about a catalogue other than the one by which figures were shown last."""
    accepted = _accepted(ledger, state, catalogue)
    if accepted is None or accepted.sha256 == catalogue.sha256:
        return
    where = Location(CATALOGUE)
    if any(earlier.catalogue == catalogue.sha256 for earlier in state.accepted_catalogues):
        yield finding("C016", f"version {catalogue.version} was in use before, and another one since.", where)
    elif accepted.version == catalogue.version:
        yield finding("C015", f"it has changed, and is still version {catalogue.version}.", where)


def past_changes(catalogue: Catalogue, ledger: Ledger, state: State, master: WorkbookPort | None) -> PastChanges:
    """The figures in the ledger that would be shown differently from how they were shown last.

    They were shown as the catalogue that was accepted last has them. If another version of xlperf wrote the master, or
    that catalogue can no longer be read, they were shown as the master shows them.

    Args:
        catalogue: the present one.
        ledger: which keeps the catalogue that was accepted last.
        state: of the ledger, before anything new has come in.
        master: as it is now; None where there is none.

    Raises:
        WorkbookError: the master cannot be read.
    """
    accepted = _accepted(ledger, state, catalogue)
    is_unknown = accepted is None and state.catalogue != ""
    is_changed = accepted is not None and accepted.sha256 != catalogue.sha256
    asks_master = master is not None and (is_unknown or written_by(master) not in ("", __version__))
    when_shown = _as_shown_last(master, state) if is_changed or asks_master or is_unknown else None
    if when_shown is None:
        return PastChanges()
    changes: dict[FigureKey, PastChange] = {}
    if master is not None and asks_master:
        as_in_master = _up_to(_run_of(master, state), state)
        changes |= _by_key(changed(_shown_on(master, as_in_master), _judged_by(catalogue, as_in_master)))
    if accepted is not None and is_changed:
        changes |= _by_key(changed(_shown_by(accepted, when_shown), _shown_by(catalogue, when_shown)))
    past, not_past, last_day = list[PastChange](), list[PastChange](), last_past_day(state)
    for key, change in changes.items():
        (past if Period.parse(key[2]).last_day <= last_day else not_past).append(change)
    kpi_ids = dict.fromkeys(key[0] for key in changes)
    names = {kpi.id: kpi.name for each in (accepted or catalogue, catalogue) for kpi in each.kpis if kpi.id in kpi_ids}
    reasons = reasons_for(accepted or catalogue, catalogue, kpi_ids)
    return PastChanges(tuple(past), tuple(not_past), reasons, names, is_unknown=is_unknown and master is None)


def _as_shown_last(master: WorkbookPort | None, state: State) -> State | None:
    """The ledger as it was when figures were shown last, in a master or an edition; None if none ever were.

    What has been imported or received since has not been shown, so it cannot be shown differently.
    """
    shows = (Edition, AcceptedCatalogue)
    runs = [run.name for run in state.run_records if any(isinstance(record, shows) for record in run.records)]
    if master is not None and (run_of_master := _run_of(master, state)):
        runs.append(run_of_master)
    return _up_to(max(runs), state) if runs else None


def _run_of(master: WorkbookPort, state: State) -> str:
    """The last run that the master was made from; "" for none."""
    columns_of(master, layout.ABOUT, master.table_names())
    return checked_last_run(master.read_table(layout.ABOUT), state)


def _up_to(run: str, state: State) -> State:
    """The state of the ledger after a run."""
    if not state.run_records or run >= state.run_records[-1].name:
        return state
    return state_of(each for each in state.run_records if each.name <= run)


def _by_key(changes: Iterable[PastChange]) -> dict[FigureKey, PastChange]:
    return {change.key: change for change in changes}


def _accepted(ledger: Ledger, state: State, catalogue: Catalogue) -> Catalogue | None:
    """The catalogue accepted last; None if there is none or it cannot be read. Raises ConnectionLost."""
    if state.catalogue in ("", catalogue.sha256):
        return catalogue if state.catalogue else None
    return kept_catalogue(ledger, state.catalogue)


def _shown_by(catalogue: Catalogue, state: State) -> dict[FigureKey, Shown]:
    """Every figure of the ledger that a catalogue has a place for, as it has it, whatever period is reported on.

    Those of an org that it does not list are in *Data* still, but in no list, on no page and in no sum.
    """
    reporting = {kpi.id: {*catalogue.open_days[kpi.id], *members(catalogue, kpi)} for kpi in catalogue.kpis}
    return {key: shown for key, shown in _judged_by(catalogue, state).items() if key[1] in reporting[key[0]]}


def _judged_by(catalogue: Catalogue, state: State) -> dict[FigureKey, Shown]:
    """Every figure of the ledger as a catalogue judges it, also those of orgs that it does not list."""
    last = max(catalogue.entry_by_period)
    return shown_in(Assessment(catalogue, state, last, datetime.min).own)


def _shown_on(master: WorkbookPort, state: State) -> dict[FigureKey, Shown]:
    """The rated figures on the master's Data sheet, except rows that somebody else put there."""
    shown = {}
    for row in master.read_table(layout.DATA).rows:
        key = (row["Ref"].raw.strip(), row["Org"].raw.strip(), row["Period"].raw.strip())
        rag = row["RAG"].raw.strip()
        if rag in RATED and key in state.figures:
            shown[key] = Shown(rag, _number(row["Actual"].raw))
    return shown


def _number(raw: str) -> float | None:
    try:
        number = float(raw)
    except ValueError:
        return None
    return fifteen(number) if isfinite(number) else None
