"""Status and chase: who has returned, what is wrong, and a reminder draft for each owner who still owes something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xlperf.assessment.action_standing import Actions, actions_in, by_owner
from xlperf.assessment.return_counts import ReturnCounts, expected_returns, returns_of
from xlperf.catalogue import Catalogue
from xlperf.durable import replace_file, sync_folder
from xlperf.errors import WorkspaceError
from xlperf.findings import Finding, Severity
from xlperf.ledger import Issued, Received, State
from xlperf.ledger.records import ACCEPTED, WITH_WARNINGS
from xlperf.period import Period
from xlperf.returns.figure import FigureKey
from xlperf.returns.still_due import is_still_due
from xlperf.workflow.cycle.file_names import file_safe
from xlperf.workflow.incoming.received import Arrived, Ignored, listing, must_be_there
from xlperf.workflow.master.lineage import ledger_must_have_masters_run
from xlperf.workflow.workspace import Workspace, reporting_period
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run
from xlperf.workflow.workspace.unfinished import finish, making

if TYPE_CHECKING:  # `status` sends nothing
    from xlperf.workflow.cycle.mail import Attachment

NOT_RETURNED = "not returned"


@dataclass(frozen=True, slots=True)
class OwnerStanding:
    """Where one owner stands in a period.

    `outcome` is the ledger's word for the file that counts. If none counts, it is that of the last file (`Held`,
    `Rejected`), or `not returned`. `problems` are the findings of the owner's last file that keep figures out. `held`
    names files later than the one that counts which wait for the team to release them. `perhaps` names files from which
    nothing was read, but whose name contains the name of the return: an e-mail, a zip, another kind of copy.
    """

    owner: str
    name: str
    executive: str
    outcome: str
    file: str
    asked: int
    accepted: int
    refused: int
    blank: int
    days_late: int
    problems: tuple[Finding, ...]
    held: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()

    @property
    def is_used(self) -> bool:
        """Whether a return from this owner counts."""
        return self.outcome in (ACCEPTED, WITH_WARNINGS)

    @property
    def owes(self) -> bool:
        """Whether a reminder is due. It is not while the team has to look at what came, or may have come.

        An owner who sent something later than the return that counts, and had it rejected, is told why as well.
        """
        if self.perhaps and self.outcome == NOT_RETURNED:
            return False
        is_short = self.outcome == NOT_RETURNED or bool(self.refused or self.blank)
        is_rejected = any(item.severity is Severity.REJECT_RETURN for item in self.problems)
        is_the_teams = bool(self.problems) and all(item.kind.is_for_team for item in self.problems)
        return not is_the_teams and (is_rejected or (is_short and not self.held))


@dataclass(frozen=True, slots=True)
class Status:
    """Where a period stands, and what was promised today.

    `unmatched` are rejected files that do not say in a usable way whose they are.
    """

    period: str
    deadline: str
    owners: tuple[OwnerStanding, ...]
    unmatched: tuple[Received, ...]
    returns: ReturnCounts
    actions: Actions

    @property
    def returned(self) -> int:
        """How many owners have an accepted return."""
        return self.returns.returned

    @property
    def held(self) -> int:
        """How many owners have no accepted return, and one that is held for the team."""
        return self.returns.held


def status(workspace: Workspace, period: str, *, now: datetime) -> Status:
    """Who has returned, according to the ledger. Left out is whoever sent nothing, and owes nothing any more.

    Raises UsageError, CatalogueError, LedgerError; WorkspaceError if the received folders cannot be listed.
    """
    catalogue, state = workspace.catalogue(), workspace.ledger().state()
    reporting = reporting_period(catalogue, period)
    expected = sorted(expected_returns(catalogue, state, reporting), key=lambda issued: issued.serial)
    ledger_must_have_masters_run(workspace, state)
    must_be_there(workspace, state)
    entries = list(listing(workspace))
    present = {entry.sha256 for entry in entries if isinstance(entry, Arrived)}
    unmatched = tuple(r for r in state.received if not r.is_accepted and not r.owner and r.sha256 in present)
    passed_over = [entry.name for entry in entries if isinstance(entry, Ignored) and not entry.is_lock]
    # A workbook that cannot be read has to be sent again: its owner is told so, as if nothing had come.
    unread = [*passed_over, *(each.file for each in unmatched if not each.file.casefold().endswith(".xlsx"))]
    return Status(
        str(reporting),
        str(catalogue.entry_by_period[reporting].return_deadline),
        tuple(
            replace(_standing(catalogue, state, reporting, issued, now), perhaps=_named_after(issued, unread))
            for issued in expected
        ),
        unmatched,
        returns_of(catalogue, state, reporting),
        actions_in(catalogue, state, reporting, now.date()),
    )


def _named_after(issued: Issued, files: Sequence[str]) -> tuple[str, ...]:
    """The files whose name contains the name of a return, without its ending."""
    stem = issued.file.rpartition(".")[0].casefold()
    return tuple(file for file in files if stem and stem in file.casefold())


def _standing(catalogue: Catalogue, state: State, reporting: Period, issued: Issued, now: datetime) -> OwnerStanding:
    files = state.files_of.get((issued.owner, issued.period), ())
    used = state.in_use.get((issued.owner, issued.period))
    shown = used or (files[-1] if files else None)
    owner = catalogue.owner_by_id.get(issued.owner)
    grave = (Severity.REJECT_RETURN, Severity.HOLD, Severity.REJECT_ROW)

    def is_owed(key: FigureKey) -> bool:
        return key not in state.figures and is_still_due(catalogue, key)

    return OwnerStanding(
        owner=issued.owner,
        name=owner.name if owner else issued.owner,
        executive=catalogue.executive_by_id[owner.executive_owner].title if owner else "",
        outcome=shown.outcome if shown else NOT_RETURNED,
        file=shown.file if shown else "",
        asked=len(issued.asked),
        accepted=sum(not figure.restated for figure in used.figures) if used else 0,
        refused=len(used.refused) if used else 0,
        blank=sum(map(is_owed, used.blank)) if used else 0,
        days_late=state.days_late(used, catalogue.entry_by_period[reporting].return_deadline, now.date()),
        problems=tuple(
            f
            for f in (files[-1].findings if files else ())
            if f.severity in grave or (f.kind.is_unless_given_before and is_owed(f.location.figure_key))
        ),
        held=tuple(r.file for r in files[files.index(used) + 1 if used else 0 :] if r.is_held),
    )


def chase(workspace: Workspace, period: str, run: Run) -> tuple[Path, ...]:
    """Write a reminder draft for each owner who is late or has something to correct, their executive copied.

    Who has an action that is overdue is reminded of that too. The return is attached again where something in it is
    owed. Nobody is reminded before the deadline of a return not sent yet. Drafts of an earlier
    chase are kept, and all of this one's are seen at once.

    Raises as `status`; WorkspaceError if the drafts cannot be written, or another is at work.
    """
    from xlperf.workflow.cycle.mail import unreadable

    reporting = reporting_period(workspace.catalogue(), period)
    with locked(workspace, "writing reminders", run):
        finish(workspace, workspace.ledger().state())
        drafts = list(_drafts(workspace, reporting, run.now))
        if not drafts:
            return ()
        folder = workspace.returns / str(reporting) / "chase"
        try:
            with making(folder) as hidden:
                for name, message, _ in drafts:
                    replace_file(hidden / name, message)
                place = _rename(hidden, folder / f"{run.now:%Y-%m-%d %H%M%S}")
        except OSError as error:
            raise WorkspaceError(f"{folder}: cannot be written ({error}); no reminder was made") from error
        if odd := unreadable(person for _, _, people in drafts for person in people):
            run.tell(odd)
        return tuple(place / name for name, _, _ in drafts)


def _rename(hidden: Path, place: Path) -> Path:
    """Move the finished folder to its place; if a chase of the same second is there, beside it."""
    while place.exists():
        place = place.with_name(f"{place.name} again")
    hidden.rename(place)
    sync_folder(place.parent)
    return place


def _drafts(
    workspace: Workspace, reporting: Period, now: datetime
) -> Iterator[tuple[str, bytes, tuple[tuple[str, str], ...]]]:
    """(file name, message, whom with which address) for each reminder that is due. Raises as `status`; OSError."""
    from xlperf.report.action_words import promise_words
    from xlperf.workflow.cycle.mail import addresses_in, asks_for, draft

    catalogue, state = workspace.catalogue(), workspace.ledger().state()
    entry = catalogue.entry_by_period[reporting]
    template = workspace.template("reminder_email.txt")
    # A template reworded from an earlier version's says nothing of actions, only that the return is missing.
    tells_of_actions = asks_for(template, "actions")
    period_status = status(workspace, str(reporting), now=now)
    overdue = by_owner(catalogue, period_status.actions.overdue)
    for standing in period_status.owners:
        owner = catalogue.owner_by_id.get(standing.owner)
        is_owing = standing.owes and not (standing.outcome == NOT_RETURNED and not standing.days_late)
        actions = overdue.get(standing.owner, ()) if tells_of_actions else ()
        if owner is None or not (is_owing or actions):
            continue
        executive = catalogue.executive_by_id[owner.executive_owner]
        words = {
            "title": catalogue.title,
            "period": reporting.label,
            "owner": owner.name,
            "deadline": f"{entry.return_deadline.day} {entry.return_deadline:%B %Y}",
            "days_late": standing.days_late if not standing.is_used else 0,
            "standing": _subject(standing) if is_owing else "actions overdue",
            "is_owing": is_owing,
            "actions": [promise_words(each) for each in actions],
            "problems": [_sentence(item) for item in standing.problems if not item.kind.is_for_team],
            "email": catalogue.contact.email,
            "team": catalogue.contact.team,
            "board": catalogue.board,
            "board_date": f"{entry.board_date.day} {entry.board_date:%B %Y}",
            "executive_owner": standing.executive,
            "copied": bool(addresses_in(executive.email)),
        }
        issued = state.latest_issue[(owner.id, str(reporting))]
        book = workspace.issued(reporting) / issued.file
        # Not a return that has been accepted: sent once more as it was issued, it would take the place of that.
        attached = _attachment(book) if is_owing else None
        message = draft(template, words, to=owner.email, cc=[executive.email], attach=attached)
        people = ((owner.name, owner.email), (executive.title, executive.email))
        yield f"{file_safe(owner.name)} {issued.serial:04d}.eml", message, people


def _subject(standing: OwnerStanding) -> str:
    return "not yet received" if standing.outcome == NOT_RETURNED else "please correct"


def _attachment(book: Path) -> Attachment | None:
    """The return as it was issued; None where it is no longer there. Raises WorkspaceError."""
    from xlperf.workflow.cycle import mail

    try:
        return mail.Attachment(book.name, book.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WorkspaceError(f"{book}: cannot be read ({error})") from error


def _sentence(problem: Finding) -> str:
    where = " ".join(part for part in (problem.location.sheet, problem.location.cell) if part)
    about = " ".join(part for part in (problem.location.kpi_id, problem.location.org, problem.location.period) if part)
    place = ", ".join(part for part in (about, where and f"cell {where}") if part)
    return f"{place + ': ' if place else ''}{problem.sentences}"
