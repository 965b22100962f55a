"""Publish: freeze what a board is shown on a day, and make a PDF of its dashboard."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, count
from pathlib import Path

from xlperf.assessment import Assessment
from xlperf.assessment.counts import expected_returns, returns_of
from xlperf.catalogue import Catalogue
from xlperf.documents.libreoffice import to_pdf
from xlperf.errors import WorkbookError, WorkspaceError
from xlperf.ledger import Edition, State
from xlperf.period import Period
from xlperf.report import dashboard_heading, layout
from xlperf.report.sheets import dashboard
from xlperf.report.spark import EMS
from xlperf.workbook.package import Package
from xlperf.workbook.printing import Page, print_copy
from xlperf.workflow.incoming.received import Arrived, listing, must_be_there
from xlperf.workflow.master.door import Door, MasterFile
from xlperf.workflow.master.last_shown import last_shown
from xlperf.workflow.master.past_guard import must_leave_the_past
from xlperf.workflow.master.refresh import MasterContent, about_rows, show, template_words
from xlperf.workflow.master.typed_decisions import read_copies, read_decisions
from xlperf.workflow.workspace import MASTER, Workspace, reporting_period
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run, Tell, say_nothing
from xlperf.workflow.workspace.unfinished import finish, making, place_editions

_MOST_NAMED = 5
"""Owners named whose returns are missing."""


class Output(StrEnum):
    """What an edition may have beside its workbook, by the suffix of its file name."""

    DASHBOARD = " dashboard.pdf"


@dataclass(frozen=True, slots=True)
class Published:
    """The frozen workbook of an edition, its PDF where one was asked for, and what its readers should know of it."""

    workbook: Path
    pdf: Path | None
    doubts: tuple[str, ...] = ()


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
        WorkbookError: the master or the PDF cannot be made, or the master holds decisions that no collation has read;
            no edition is recorded.
        CatalogueError: past figures would be shown otherwise than before; no edition is recorded.
        WorkspaceError: another is at work, or the edition cannot be written.
    """
    with locked(workspace, "publishing", run) as lock:
        catalogue, ledger = workspace.catalogue(), workspace.ledger()
        reporting = reporting_period(catalogue, period)
        folder, state = workspace.editions(reporting), ledger.state()
        doubts = doubts_about(catalogue, state, reporting, run)
        for edition in finish(workspace, state).editions:
            if edition.period == str(reporting) and outputs_of(edition) >= set(outputs):
                run.tell("an earlier run had recorded this edition and was ended before it could put it in its place")
                return _published(folder, edition, doubts)
        _must_be_collated(workspace, state, run.by, door)
        records = must_leave_the_past(catalogue, ledger, state, MasterFile(workspace).existing())
        must_be_there(workspace, state)
        present = frozenset(entry.sha256 for entry in listing(workspace) if isinstance(entry, Arrived))
        assessment = Assessment(catalogue, state, reporting, run.now, present, last_shown(ledger, state, reporting))
        try:
            with making(folder) as hidden:
                edition = _make(workspace, assessment, hidden / _new_name(folder, assessment), run, outputs)
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
        return _published(folder, edition, doubts)


def _must_be_collated(workspace: Workspace, state: State, by: str, door: Door | None) -> None:
    # Decisions may stand in the master that is open, and not in its file, or the other way about.
    doors = [MasterFile(workspace), *([door] if door else [])]
    typed = [read_decisions(each.existing(), workspace.master.name, state, by) for each in doors]
    if any(each.decisions for each in (*typed, read_copies(workspace, state, by))):
        raise WorkbookError(
            "decisions typed in the master, or a copy beside it, are not in the ledger yet; collate first, then publish"
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


def _make(workspace: Workspace, assessment: Assessment, stem: Path, run: Run, outputs: Collection[Output]) -> Edition:
    """Make the files of an edition, which are called as `stem` and by what they are; see `place_editions`."""
    workbook = stem.with_name(f"{stem.name}.xlsx")
    book = MasterFile(workspace).open(template_words(assessment.catalogue))
    show(book, MasterContent(assessment, about_rows(assessment, run.by)), workspace.templates(MASTER))
    book.save(workbook)
    made = [workbook]
    if Output.DASHBOARD in outputs:
        made.append(stem.with_name(f"{stem.name}{Output.DASHBOARD}"))
        print_dashboard(workbook, made[-1], dashboard_heading.title(assessment), run.tell)
    return Edition(str(assessment.period), {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made})


def doubts_about(catalogue: Catalogue, state: State, reporting: Period, run: Run) -> tuple[str, ...]:
    """Why a board might be shown less than it expects: the period has not ended, or returns are missing."""
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
    return tuple(doubts)


def _published(folder: Path, edition: Edition, doubts: tuple[str, ...]) -> Published:
    workbook = next(name for name in edition.files if name.endswith(".xlsx"))
    dashboard = next((name for name in edition.files if name.endswith(Output.DASHBOARD)), None)
    return Published(folder / workbook, folder / dashboard if dashboard else None, doubts)


def print_dashboard(workbook: Path, pdf: Path, title: str, tell: Tell = say_nothing) -> None:
    """Make a PDF of the dashboard of an edition, or of a master, by way of a copy that holds nothing else.

    `tell` is called where the sheet's print area could not be followed. Raises WorkbookError; `pdf` is then not made.
    """
    page = Page(
        layout.DASHBOARD,
        columns=dashboard.ON_PAGE,
        names=(layout.TITLE, layout.SUBTITLE, layout.SUMMARY),
        fitted={layout.LAST_PERIODS: EMS, **dict.fromkeys(layout.FIGURES_ON_DASHBOARD, 0.0)},
        title=title,
    )
    copy = print_copy(Package.open(workbook), page)
    if copy.area_replaced:
        tell(
            f"the print area of the dashboard's sheet ({copy.area_replaced}) leaves out a part of its table; "
            "the PDF shows the whole table"
        )
    if copy.area_cut:
        tell(
            f"the print area of the dashboard's sheet ({copy.area_cut}) reaches beyond its table; what stands there is "
            "not in the PDF"
        )
    # In a folder of its own, because a footer can name the file.
    with tempfile.TemporaryDirectory() as folder:
        copy.package.save(Path(folder) / workbook.name)
        to_pdf(Path(folder) / workbook.name, pdf)
