"""Status and chase: who has returned, what is wrong, and a reminder draft for each owner who still owes something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlperf.catalogue import Catalogue
from xlperf.durable import write_whole
from xlperf.errors import WorkspaceError
from xlperf.findings import Finding, Severity
from xlperf.ledger import Issued, Received, State
from xlperf.period import Period
from xlperf.workflow.generate import file_safe
from xlperf.workflow.mail import draft
from xlperf.workflow.received import Arrived, listing
from xlperf.workflow.workspace import Workspace, reporting_period

NOT_RETURNED = "not returned"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one owner stands in a period.

    `outcome` is the ledger's word for the file that counts, `not returned`, or `Rejected` where only rejected files
    came. `problems` are the findings of the owner's last file that keep figures out.
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

    @property
    def owes(self) -> bool:
        """Whether a reminder is due."""
        return self.outcome in (NOT_RETURNED, "Rejected") or bool(self.refused or self.blank)


@dataclass(frozen=True, slots=True)
class Status:
    """How a period stands. `unmatched` are rejected files that say nothing usable of whose they are."""

    period: str
    deadline: str
    owners: tuple[Standing, ...]
    unmatched: tuple[Received, ...]

    @property
    def returned(self) -> int:
        """How many owners have an accepted return."""
        return sum(standing.outcome not in (NOT_RETURNED, "Rejected") for standing in self.owners)


def status(workspace: Workspace, period: str, *, now: datetime) -> Status:
    """Who has returned, according to the ledger.

    Raises UsageError, CatalogueError, LedgerError; WorkspaceError if the received folders cannot be listed.
    """
    catalogue, state = workspace.catalogue(), workspace.ledger().state()
    reporting = reporting_period(catalogue, period)
    issued = [item for (_, of), item in state.latest_issue.items() if of == str(reporting)]
    issued.sort(key=lambda item: item.serial)
    present = {entry.sha256 for entry in listing(workspace) if isinstance(entry, Arrived)}
    return Status(
        str(reporting),
        str(catalogue.entry_by_period[reporting].return_deadline),
        tuple(_standing(catalogue, state, reporting, item, now) for item in issued),
        tuple(r for r in state.received if not r.is_accepted and not r.owner and r.sha256 in present),
    )


def _standing(catalogue: Catalogue, state: State, reporting: Period, issued: Issued, now: datetime) -> Standing:
    files = [r for r in state.received if (r.owner, r.period) == (issued.owner, issued.period)]
    used = state.in_use.get((issued.owner, issued.period))
    shown = used or (files[-1] if files else None)
    owner = catalogue.owner_by_id.get(issued.owner)
    grave = (Severity.REJECT_RETURN, Severity.REJECT_ROW)
    late = (now.date() - catalogue.entry_by_period[reporting].return_deadline).days
    return Standing(
        owner=issued.owner,
        name=owner.name if owner else issued.owner,
        executive=catalogue.executive_by_id[owner.executive_owner].title if owner else "",
        outcome=shown.outcome if shown else NOT_RETURNED,
        file=shown.file if shown else "",
        asked=len(issued.asked),
        accepted=sum(not figure.restated for figure in used.figures) if used else 0,
        refused=len(used.refused) if used else 0,
        blank=sum(key not in state.figures for key in used.blank) if used else 0,
        days_late=max(late, 0) if used is None else 0,
        problems=tuple(
            f
            for f in (files[-1].findings if files else ())
            if f.severity in grave or (f.code in _BLANK and f.location.about not in state.figures)
        ),
    )


_BLANK = ("R005", "R021")
"""Nothing returned, and a row that is missing: a problem only where no earlier return gave the figure."""


def chase(workspace: Workspace, period: str, *, now: datetime) -> tuple[Path, ...]:
    """Write a reminder draft for each owner who is late or has something to correct, their executive copied.

    The return is attached again. Nobody is reminded before the deadline of a return not sent yet. Drafts of an earlier
    chase are kept. Raises as `status`; WorkspaceError if the drafts cannot be written.
    """
    catalogue, state = workspace.catalogue(), workspace.ledger().state()
    reporting = reporting_period(catalogue, period)
    entry = catalogue.entry_by_period[reporting]
    folder = workspace.returns / str(reporting) / "chase" / f"{now:%Y-%m-%d %H%M%S}"
    template = workspace.template("reminder_email.txt")
    drafts = []
    for standing in status(workspace, period, now=now).owners:
        owner = catalogue.owner_by_id.get(standing.owner)
        if owner is None or not standing.owes or (standing.outcome == NOT_RETURNED and not standing.days_late):
            continue
        words = {
            "title": catalogue.title,
            "period": reporting.label,
            "owner": owner.name,
            "deadline": f"{entry.return_deadline.day} {entry.return_deadline:%B %Y}",
            "days_late": standing.days_late,
            "standing": "not yet received" if standing.outcome == NOT_RETURNED else "please correct",
            "problems": [_sentence(problem) for problem in standing.problems],
            "email": catalogue.contact.email,
            "team": catalogue.contact.team,
            "board": catalogue.board,
            "board_date": f"{entry.board_date.day} {entry.board_date:%B %Y}",
            "executive_owner": standing.executive,
        }
        executive = catalogue.executive_by_id[owner.executive_owner]
        issued = state.latest_issue[(owner.id, str(reporting))]
        book = workspace.issued(reporting) / issued.file
        path = folder / f"{file_safe(owner.name)} {issued.serial:04d}.eml"
        try:
            attach = book if book.exists() else None
            message = draft(template, words, to=owner.email, cc=[executive.email], attach=attach)
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, message)
        except OSError as error:
            raise WorkspaceError(f"{path}: cannot be written ({error})") from error
        drafts.append(path)
    return tuple(drafts)


def _sentence(problem: Finding) -> str:
    where = " ".join(part for part in (problem.location.sheet, problem.location.cell) if part)
    about = " ".join(part for part in (problem.location.kpi_id, problem.location.org, problem.location.period) if part)
    place = ", ".join(part for part in (about, where and f"cell {where}") if part)
    return f"{place + ': ' if place else ''}{problem.message} {problem.fix}"
