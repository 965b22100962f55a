"""Generate: a return for every owner who has something to give in a period, with a covering e-mail draft."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from xlperf.catalogue import Catalogue, ResponsibleOwner
from xlperf.durable import write_whole
from xlperf.errors import WorkspaceError
from xlperf.findings import plain
from xlperf.ledger import Issued, Ledger, State
from xlperf.period import Period
from xlperf.returns import layout
from xlperf.returns.fields import CHOICES, EARLIEST, FIELDS, LATEST, LIKE, REFUSALS, Field, Holds
from xlperf.returns.identity import Identity, new_return_id
from xlperf.returns.issue import ReturnForm, build_form, figures_due_from
from xlperf.returns.locked import locked_of
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import Look, Typing
from xlperf.workflow.cycle.mail import Attachment, draft, unreadable
from xlperf.workflow.master.lineage import must_be_all
from xlperf.workflow.workspace import Workspace, reporting_period
from xlperf.workflow.workspace.lock import Lock, locked
from xlperf.workflow.workspace.run import Progress, Run
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
    be read, with a warning. The ledger knows a return before its file can be seen, so no file is ever out that it does
    not know. Where an earlier run was ended between the two, its returns are put in place, and no others are issued.

    Args:
        workspace: where.
        period: of the calendar.
        run: when and by whom, for the ledger and the returns; its progress is returns made.
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
    must_be_all(workspace, state)
    finished = [item for item in finish(workspace, state).issued if item.period == str(reporting)]
    owners = [owner for owner in catalogue.responsible_owners if figures_due_from(catalogue, owner, reporting)]
    left_out = [(owner.name, "nothing is due") for owner in catalogue.responsible_owners if owner not in owners]
    if finished:
        run.tell(
            "an earlier run had issued these returns and was ended before it could put them in their place; now it is"
        )
        return _finished(workspace, state, reporting, finished, left_out)
    if not again:
        done = [owner for owner in owners if _is_done(catalogue, state, owner, reporting)]
        left_out += [(owner.name, "already returned and accepted") for owner in done]
        held = {owner: state.held.get((owner.id, str(reporting))) for owner in owners if owner not in done}
        left_out += [(owner.name, f"{plain(one.file)} is held for the team") for owner, one in held.items() if one]
        owners = [owner for owner, one in held.items() if one is None]
    if not owners:
        return Generated(str(reporting), (), (), tuple(left_out))
    folder = workspace.issued(reporting)
    try:
        workspace.received(reporting).mkdir(parents=True, exist_ok=True)
        with making(folder) as hidden:
            issued = _make(workspace, catalogue, state, reporting, owners, hidden, run.progress)
            _nobody_else_issued(ledger, state)
            lock.must_be_ours()
    except OSError as error:
        raise WorkspaceError(f"{folder}: cannot be written ({error}); nothing was issued") from error
    ledger.append("generate", issued, at=run.now, by=run.by)
    # From here on the ledger says what is to become of the hidden folder: this run moves its files, or the next.
    earlier = [item for item in state.issued.values() if item.period == str(reporting)]
    try:
        put_aside(folder, [*earlier, *issued])
        place_returns(hidden, issued)
        hidden.rmdir()
    except OSError as error:
        raise WorkspaceError(
            f"{folder}: the returns are issued, and cannot be moved to where they belong ({error}); run it again"
        ) from error
    if odd := unreadable((owner.name, owner.email) for owner in owners):
        run.tell(odd)
    superseded = [state.latest_issue.get((owner.id, str(reporting))) for owner in owners]
    return _generated(folder, reporting, issued, [item for item in superseded if item], left_out)


def _finished(
    workspace: Workspace, state: State, reporting: Period, finished: list[Issued], left_out: list[tuple[str, str]]
) -> Generated:
    """What the earlier run did, some of whose files are in their place only now."""
    of_period = [item for item in state.issued.values() if item.period == str(reporting)]
    issued = [item for item in of_period if item.at == finished[0].at]
    before = {item.owner: item for item in of_period if item.serial < min(each.serial for each in issued)}
    superseded = [before[item.owner] for item in issued if item.owner in before]
    return _generated(workspace.issued(reporting), reporting, issued, superseded, left_out)


def _generated(
    folder: Path, reporting: Period, issued: list[Issued], superseded: list[Issued], left_out: list[tuple[str, str]]
) -> Generated:
    files = tuple(folder / item.file for item in issued)
    return Generated(str(reporting), files, tuple(superseded), tuple(left_out))


def _nobody_else_issued(ledger: Ledger, before: State) -> None:
    """Refuse where the ledger knows more returns than when ours were given their serials, as from another machine."""
    if ledger.state().issued.keys() != before.issued.keys():
        raise WorkspaceError("somebody else has issued returns this moment, so nothing was issued here; run it again")


def _make(
    workspace: Workspace,
    catalogue: Catalogue,
    state: State,
    reporting: Period,
    owners: list[ResponsibleOwner],
    folder: Path,
    progress: Progress,
) -> list[Issued]:
    """Make the returns and their e-mail drafts, each named by the id of the return; see `place_returns`."""
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
        path = folder / f"{identity.return_id}.xlsx"
        book = FileWorkbook.open(template)
        fill_return(book, form)
        book.save(path)
        message = draft(covering, form.words, to=owner.email, attach=Attachment(name, path.read_bytes()))
        write_whole(path.with_suffix(".eml"), message)
        asked = tuple((str(row["Ref"]), str(row["Org"]), str(row["Period"])) for row in form.rows)
        fields = {key: value for key, value in identity.as_items() if key != "serial"}
        locked_cells = tuple(locked_of(row) for row in form.rows)
        issued.append(Issued(serial=serial, file=name, asked=asked, locked=locked_cells, **fields))
        progress(index + 1, len(owners), owner.name)
    return issued


def fill_return(book: FileWorkbook, form: ReturnForm) -> None:
    """Put a form into an open copy of the template. Raises TemplateError, WorkbookError."""
    book.fill(form.words)
    _grow(book)
    book.write_table(layout.TABLE, form.rows)
    book.write_table(layout.GLOSSARY_TABLE, form.glossary)
    book.write_table(
        layout.IDENTITY_TABLE, [{"item": item, "value": value} for item, value in form.identity.as_items()]
    )


def _grow(book: FileWorkbook) -> None:
    """Give a template that was restyled from an earlier version's the fields that it lacks, at its right end."""
    there = {header.casefold() for header in book.columns(layout.TABLE)}
    newer = [field for field in FIELDS if field.since > 1 and field.header.casefold() not in there]
    if newer:
        looks = {each.header: Look(LIKE[each.holds], width=each.width, typing=_typing(each)) for each in newer}
        book.add_columns(layout.TABLE, looks)


def _typing(field: Field) -> Typing:
    return Typing(
        title=field.header,
        hint=field.hint,
        refusal=REFUSALS.get(field.holds, ""),
        choices=CHOICES.get(field.holds, ()),
        is_number=field.holds is Holds.NUMBER,
        dates=(EARLIEST, LATEST) if field.holds is Holds.DATE else None,
    )


def _is_done(catalogue: Catalogue, state: State, owner: ResponsibleOwner, reporting: Period) -> bool:
    """Whether an owner's accepted return asked for all that is asked of them now."""
    used = state.in_use.get((owner.id, str(reporting)))
    issued = state.issued.get(used.return_id) if used else None
    if issued is None:
        return False
    asked = {(kpi.id, org.code, str(period)) for kpi, org, period in figures_due_from(catalogue, owner, reporting)}
    return asked <= set(issued.asked)


_UNSAFE = re.compile(r"[^\w .()&'-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def file_safe(text: str) -> str:
    """Text as part of a file name that every system takes: no separators, no reserved names, at most 60 characters."""
    name = _UNSAFE.sub("-", text).strip(" .-")[:60].rstrip(" .")
    return f"_{name}" if not name or _RESERVED.fullmatch(name) else name
