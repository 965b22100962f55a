"""Generate: a return for every owner who has something to give in a period, with a covering e-mail draft."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xlperf.errors import WorkspaceError
from xlperf.ledger import Issued, Ledger, State
from xlperf.period import Period
from xlperf.workflow.cycle.issuing import Issuing
from xlperf.workflow.cycle.mail import unreadable
from xlperf.workflow.master.lineage import ledger_must_have_masters_run
from xlperf.workflow.workspace import Workspace, reporting_period
from xlperf.workflow.workspace.lock import Lock, locked
from xlperf.workflow.workspace.run import Run
from xlperf.workflow.workspace.unfinished import finish, making, place_returns, put_aside


@dataclass(frozen=True, slots=True)
class Generated:
    """What generate did: the files to send out, the ids they replace, and whom it left out and why."""

    period: str
    files: tuple[Path, ...]
    superseded: tuple[Issued, ...]
    left_out: tuple[tuple[str, str], ...]


def generate(
    workspace: Workspace,
    period: str,
    run: Run,
    *,
    again: bool = False,
) -> Generated:
    """Issue the returns of a period.

    Owners whose return has been accepted, or is held for the team, are left out unless `again`. Others get a new
    return, and an earlier one not yet returned is superseded: its file goes to `issued/superseded`, and it would still
    be read, with a warning. A return is recorded in the ledger before its file can be seen, so no file is ever out that
    the ledger does not know. Where an earlier run was stopped between the two, its files are put in place, and no other
    returns are issued.

    Args:
        workspace: whose catalogue, ledger and folders are used.
        period: a reporting period of the calendar.
        run: when and by whom, for the ledger and the returns; its progress counts the returns made.
        again: issue also to owners whose return has been accepted or is held.

    Raises:
        UsageError: the period is not in the calendar.
        WorkspaceError: another is at work, or has issued returns meanwhile, or files cannot be written.
        XlperfError: catalogue, ledger or template cannot be used, or the ledger lacks what the master was made from;
            nothing has been issued.
    """
    with locked(workspace, "issuing returns", run) as lock:
        return generate_under(lock, workspace, period, run, again=again)


def generate_under(
    lock: Lock,
    workspace: Workspace,
    period: str,
    run: Run,
    *,
    again: bool = False,
) -> Generated:
    """As `generate`, where the lock is held already."""
    catalogue, ledger = workspace.catalogue(), workspace.ledger()
    reporting = reporting_period(catalogue, period)
    state = ledger.state()
    ledger_must_have_masters_run(workspace, state)
    finished = [item for item in finish(workspace, state).issued if item.period == str(reporting)]
    issuing = Issuing(workspace, catalogue, state, reporting, run.now)
    owners, left_out = issuing.owners(again=again or bool(finished))
    if finished:
        run.tell(
            "an earlier run had issued these returns, and was stopped before it could move them into place; they have "
            "been moved now"
        )
        return _finished(workspace, state, reporting, finished, left_out)
    if not owners:
        return Generated(str(reporting), (), (), tuple(left_out))
    folder = workspace.issued(reporting)
    try:
        workspace.received(reporting).mkdir(parents=True, exist_ok=True)
        with making(folder) as hidden:
            issued = issuing.make(owners, hidden, run.progress)
            _nobody_else_issued(ledger, state)
            lock.must_be_ours()
    except OSError as error:
        raise WorkspaceError(f"{folder}: cannot be written ({error}); nothing was issued") from error
    ledger.append("generate", issued, at=run.now, by=run.by)
    # From here on the ledger says what is to become of the hidden folder: this run moves its files, or the next.
    earlier = state.issued_by_period.get(str(reporting), ())
    try:
        put_aside(folder, [*earlier, *issued])
        place_returns(hidden, issued)
        hidden.rmdir()
    except OSError as error:
        raise WorkspaceError(
            f"{folder}: the returns have been issued, but could not be moved into place ({error}); run it again"
        ) from error
    if warning := unreadable((owner.name, owner.email) for owner in owners):
        run.tell(warning)
    superseded = [state.latest_issue.get((owner.id, str(reporting))) for owner in owners]
    return _generated(folder, reporting, issued, [item for item in superseded if item], left_out)


def _finished(
    workspace: Workspace, state: State, reporting: Period, finished: list[Issued], left_out: list[tuple[str, str]]
) -> Generated:
    """What an earlier run issued, where some of its files have been put in place only now."""
    of_period = state.issued_by_period.get(str(reporting), ())
    issued = [item for item in of_period if item.at == finished[0].at]
    before = {item.owner: item for item in of_period if item.serial < min(new.serial for new in issued)}
    superseded = [before[item.owner] for item in issued if item.owner in before]
    return _generated(workspace.issued(reporting), reporting, issued, superseded, left_out)


def _generated(
    folder: Path, reporting: Period, issued: list[Issued], superseded: list[Issued], left_out: list[tuple[str, str]]
) -> Generated:
    files = tuple(folder / item.file for item in issued)
    return Generated(str(reporting), files, tuple(superseded), tuple(left_out))


def _nobody_else_issued(ledger: Ledger, before: State) -> None:
    """Refuse if the ledger has more returns than when ours got their serials, for example from another machine."""
    if ledger.state().issued.keys() != before.issued.keys():
        raise WorkspaceError("somebody else issued returns at the same time, so nothing was issued here; run it again")
