"""Publish: freeze what a board is shown on a day, and make its pack."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from xlperf.assessment import Assessment
from xlperf.assessment.return_counts import expected_returns, returns_of
from xlperf.assessment.roll_up_words import not_approved
from xlperf.catalogue import Catalogue
from xlperf.errors import WorkbookError, WorkspaceError
from xlperf.ledger import Edition, State
from xlperf.period import Period
from xlperf.report import dashboard_heading
from xlperf.rules.wording import times
from xlperf.workflow.cycle.edition_files import Output, made_here, make_files
from xlperf.workflow.incoming.received import Arrived, listing, must_be_there
from xlperf.workflow.master.data_years import data_since
from xlperf.workflow.master.door import Door, MasterFile
from xlperf.workflow.master.last_shown import last_shown
from xlperf.workflow.master.past_guard import must_leave_the_past
from xlperf.workflow.master.refresh import MasterContent, about_rows, show, template_words
from xlperf.workflow.master.typed import read_copies, read_typed
from xlperf.workflow.workspace import MASTER, Workspace, reporting_period
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run
from xlperf.workflow.workspace.unfinished import finish, making, place_editions

__all__ = ["Output", "Published", "doubts_about", "outputs_of", "publish"]
_MOST_NAMED = 5
"""Owners named whose returns are missing."""


@dataclass(frozen=True, slots=True)
class Published:
    """The frozen workbook of an edition, what was made beside it, and what people should know.

    Attributes:
        files: what was made beside the workbook.
        doubts: what the readers of the edition should know of it.
        lacking: what was asked for and could not be made, and why.
    """

    workbook: Path
    files: Mapping[Output, Path]
    doubts: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def publish(
    workspace: Workspace,
    period: str,
    run: Run,
    *,
    outputs: Collection[Output] = (),
    door: Door | None = None,
) -> Published:
    """Freeze an edition: the master as the ledger has it for that period, in `editions/<period>`, never overwritten.

    Where an earlier run was ended when the ledger knew of its edition, that edition is put in its place, and is the one
    returned, if it has all the `outputs`. What is told: also where the dashboard's print area could not be followed.

    Raises:
        UsageError: the period is not in the calendar.
        WorkbookError: the master cannot be made, or it holds decisions that no collation has read; no edition is
            recorded.
        CatalogueError: past figures would be shown otherwise than before; no edition is recorded.
        WorkspaceError: another is at work, or the edition cannot be written.
    """
    with locked(workspace, "publishing", run) as lock:
        catalogue, ledger = workspace.catalogue(), workspace.ledger()
        reporting = reporting_period(catalogue, period)
        folder, state = workspace.editions(reporting), ledger.state()
        doubts = doubts_about(catalogue, state, reporting, run)
        outputs, replaced = made_here(outputs)
        for edition in finish(workspace, state).editions:
            if edition.period == str(reporting) and outputs_of(edition) >= set(outputs):
                run.tell("an earlier run had recorded this edition and was ended before it could put it in its place")
                return _published(folder, edition, doubts, replaced)
        _must_be_collated(workspace, state, run.by, door)
        records = must_leave_the_past(catalogue, ledger, state, MasterFile(workspace).existing())
        must_be_there(workspace, state)
        present = frozenset(entry.sha256 for entry in listing(workspace) if isinstance(entry, Arrived))
        shown, since = last_shown(ledger, state, reporting), data_since(workspace.settings(), reporting)
        assessment = Assessment(catalogue, state, reporting, run.now, present, shown, since, is_issued=True)
        try:
            with making(folder) as hidden:
                edition, lacking = _make(workspace, assessment, hidden / _new_name(folder, assessment), run, outputs)
                lock.must_be_ours()
        except OSError as error:
            raise WorkspaceError(f"{folder}: cannot be written ({error}); nothing was published") from error
        ledger.append("publish", [edition, *records], at=run.now, by=run.by)
        # From here on the ledger says what is to become of the hidden folder: this run moves its files, or the next.
        try:
            place_editions(hidden, [edition])
            hidden.rmdir()
        except OSError as error:
            raise WorkspaceError(
                f"{folder}: the edition is recorded, and cannot be moved there ({error}); try again"
            ) from error
        return _published(folder, edition, doubts, (*replaced, *lacking))


def _must_be_collated(workspace: Workspace, state: State, by: str, door: Door | None) -> None:
    # Decisions may stand in the master that is open, and not in its file, or the other way about.
    doors = [MasterFile(workspace), *([door] if door else [])]
    typed = [read_typed(each.existing(), workspace.master.name, state, by) for each in doors]
    if any(each.records for each in (*typed, read_copies(workspace, state, by))):
        raise WorkbookError(
            "what was typed in the master, or a copy beside it, is not in the ledger yet; collate first, then publish"
        )


def _new_name(folder: Path, assessment: Assessment) -> str:
    """The names of an edition's files: by the second, with a number if one of that second is there or recorded."""
    name = f"{assessment.period} edition {assessment.produced:%Y-%m-%d %H%M%S}"
    taken = {*os.listdir(folder), *(file for edition in assessment.state.editions for file in edition.files)}
    names = chain([name], (f"{name} {number}" for number in count(2)))
    return next(each for each in names if taken.isdisjoint(f"{each}{ending}" for ending in (".xlsx", *Output)))


def outputs_of(edition: Edition) -> frozenset[Output]:
    """What an edition has beside its workbook, according to the ledger."""
    return frozenset(output for output in Output if any(name.endswith(output) for name in edition.files))


def _make(
    workspace: Workspace, assessment: Assessment, stem: Path, run: Run, outputs: Collection[Output]
) -> tuple[Edition, tuple[str, ...]]:
    """Make the files of an edition, which are called as `stem` and by what they are; see `place_editions`.

    Also returns what was asked for and could not be made.
    """
    workbook = stem.with_name(f"{stem.name}.xlsx")
    book = MasterFile(workspace).open(template_words(assessment.catalogue))
    show(book, MasterContent(assessment, about_rows(assessment, run.by)), workspace.templates(MASTER))
    book.set_title(f"{dashboard_heading.title(assessment)} · {assessment.catalogue.organisation}")
    book.save(workbook)
    beside = make_files(workspace, assessment, workbook, outputs, run.tell)
    made = (workbook, *beside.made.values())
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made}
    return Edition(str(assessment.period), files), beside.lacking


def doubts_about(catalogue: Catalogue, state: State, reporting: Period, run: Run) -> tuple[str, ...]:
    """Why a board might be shown less than it expects: the period has not ended, or something is missing."""
    doubts = []
    if reporting.last_day >= run.now.date():
        doubts.append(f"{reporting.label} has not ended yet")
    returns = returns_of(catalogue, state, reporting)
    expected = [issued.owner for issued in expected_returns(catalogue, state, reporting)]
    missing = [owner for owner in expected if (owner, str(reporting)) not in state.in_use]
    names = [catalogue.owner_by_id[owner].name if owner in catalogue.owner_by_id else owner for owner in missing]
    if names:
        listed = ", ".join(names[:_MOST_NAMED]) + (
            f" and {len(names) - _MOST_NAMED} more" if names[_MOST_NAMED:] else ""
        )
        are = "is" if returns.missing == 1 else "are"
        doubts.append(f"{returns.missing} of {returns.expected} returns {are} missing: {listed}")
    if not returns.issued:
        doubts.append(f"no returns have been issued for {reporting.label}")
    if drafts := not_approved(catalogue, state, reporting, run.now.date()):
        which = ", ".join(" ".join(key[:2]) for key in drafts[:_MOST_NAMED])
        more = f" and {len(drafts) - _MOST_NAMED} more" if drafts[_MOST_NAMED:] else ""
        doubts.append(
            f"what is said of {times(len(drafts), 'rolled-up figure')} is not approved and is left out: {which}{more}"
        )
    return tuple(doubts)


def _published(folder: Path, edition: Edition, doubts: tuple[str, ...], lacking: tuple[str, ...] = ()) -> Published:
    files = {output: folder / name for output in Output for name in edition.files if name.endswith(output)}
    return Published(folder / edition.workbook, files, doubts, lacking)
