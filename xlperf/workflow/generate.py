"""Generate: a return for every owner who has something to give in a period, with a covering e-mail draft."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlperf.catalogue import Catalogue, ResponsibleOwner
from xlperf.durable import write_whole
from xlperf.errors import WorkspaceError
from xlperf.ledger import Issued, State
from xlperf.period import Period
from xlperf.returns import layout
from xlperf.returns.identity import Identity, new_return_id
from xlperf.returns.issue import ReturnForm, asked_of, build_form
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.mail import draft
from xlperf.workflow.workspace import Workspace, reporting_period

Progress = Callable[[int, int, str], None]


def no_progress(done: int, total: int, what: str) -> None:
    """Show nothing."""


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
    *,
    now: datetime,
    by: str,
    again: bool = False,
    progress: Progress = no_progress,
) -> Generated:
    """Issue the returns of a period.

    Owners whose return has been accepted are left out unless `again`. Others get a new return, and an earlier one not
    yet returned is superseded: its file goes to `issued/superseded`, and it would still be read, with a warning.
    The ledger knows a return before its file can be seen, so no file is ever out that it does not know.

    Raises:
        UsageError: the period is not in the calendar.
        XlperfError: catalogue, ledger or template cannot be used; nothing has been issued.
    """
    catalogue, ledger = workspace.catalogue(), workspace.ledger()
    reporting = reporting_period(catalogue, period)
    state = ledger.state()
    owners = [owner for owner in catalogue.responsible_owners if asked_of(catalogue, owner, reporting)]
    left_out = [(owner.name, "nothing is due") for owner in catalogue.responsible_owners if owner not in owners]
    if not again:
        done = [owner for owner in owners if _is_done(catalogue, state, owner, reporting)]
        left_out += [(owner.name, "already returned and accepted") for owner in done]
        owners = [owner for owner in owners if owner not in done]
    folder = workspace.issued(reporting)
    making = folder / f".making-{secrets.token_hex(4)}"
    is_recorded = False
    try:
        making.mkdir(parents=True)
        workspace.received(reporting).mkdir(parents=True, exist_ok=True)
        issued = _make(workspace, catalogue, state, reporting, owners, making, progress)
        superseded = [
            state.latest_issue[(owner.id, str(reporting))]
            for owner in owners
            if (owner.id, str(reporting)) in state.latest_issue
        ]
        if issued:
            ledger.append("generate", issued, at=now, by=by)
        is_recorded = True
        files = _publish(making, folder)
    except OSError as error:
        # Once the ledger knows them, the new returns are kept wherever they are.
        kept = f"; the new returns are in {making}" if is_recorded else ""
        raise WorkspaceError(f"{folder}: cannot be written ({error}){kept}") from error
    finally:
        if not is_recorded or (making.exists() and not any(making.iterdir())):
            shutil.rmtree(making, ignore_errors=True)
    _put_aside(folder, superseded)
    return Generated(str(reporting), files, tuple(superseded), tuple(left_out))


def _make(
    workspace: Workspace,
    catalogue: Catalogue,
    state: State,
    reporting: Period,
    owners: list[ResponsibleOwner],
    folder: Path,
    progress: Progress,
) -> list[Issued]:
    template = workspace.template("return.xlsx")
    covering = workspace.template("covering_email.txt")
    issued = []
    for index, owner in enumerate(owners):
        serial = state.next_serial + index
        identity = Identity(
            return_id=new_return_id(),
            serial=serial,
            owner=owner.id,
            period=str(reporting),
            catalogue_version=catalogue.version,
            catalogue_hash=catalogue.hash,
            template_version=layout.TEMPLATE_VERSION,
        )
        form = build_form(catalogue, identity, state.now)
        name = f"{file_safe(str(reporting))} {file_safe(owner.name)} {serial:04d}.xlsx"
        book = FileWorkbook.open(template)
        fill_return(book, form)
        book.save(folder / name)
        message = draft(covering, form.words, to=owner.email, attach=folder / name)
        write_whole((folder / name).with_suffix(".eml"), message)
        asked = tuple((str(row["Ref"]), str(row["Org"]), str(row["Period"])) for row in form.rows)
        fields = {key: value for key, value in identity.as_items() if key != "serial"}
        issued.append(Issued(serial=serial, file=name, asked=asked, **fields))
        progress(index + 1, len(owners), owner.name)
    return issued


def fill_return(book: FileWorkbook, form: ReturnForm) -> None:
    """Put a form into an open copy of the template. Raises TemplateError, WorkbookError."""
    book.fill(form.words)
    book.write_table(layout.TABLE, form.rows)
    book.write_table(layout.GLOSSARY_TABLE, form.glossary)
    book.write_table(
        layout.IDENTITY_TABLE, [{"item": item, "value": value} for item, value in form.identity.as_items()]
    )


def _is_done(catalogue: Catalogue, state: State, owner: ResponsibleOwner, reporting: Period) -> bool:
    """Whether an owner's accepted return asked for all that is asked of them now."""
    used = state.in_use.get((owner.id, str(reporting)))
    issued = state.issued.get(used.return_id) if used else None
    if issued is None:
        return False
    asked = {(kpi.id, org.code, str(period)) for kpi, org, period in asked_of(catalogue, owner, reporting)}
    return asked <= set(issued.asked)


def _put_aside(folder: Path, superseded: list[Issued]) -> None:
    """Move superseded returns out of the way; one that somebody has open stays, and is known by its lower serial."""
    for issued in superseded:
        for path in (folder / issued.file, (folder / issued.file).with_suffix(".eml")):
            with suppress(OSError):
                (folder / "superseded").mkdir(exist_ok=True)
                path.rename(folder / "superseded" / path.name)


def _publish(making: Path, folder: Path) -> tuple[Path, ...]:
    """Move finished files to where people look; returns the workbooks, without their e-mail drafts."""
    moved = [path.rename(folder / path.name) for path in sorted(making.iterdir())]
    return tuple(path for path in moved if path.suffix == ".xlsx")


_UNSAFE = re.compile(r"[^\w .()&'-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def file_safe(text: str) -> str:
    """Text as part of a file name that every system takes: no separators, no reserved names, at most 60 characters."""
    name = _UNSAFE.sub("-", text).strip(" .-")[:60].rstrip(" .")
    return f"_{name}" if not name or _RESERVED.fullmatch(name) else name
