"""Publish: freeze what a board is shown on a day, and make its pack."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

from xlperf.assessment import Assessment
from xlperf.assessment.approvals import draft_standing
from xlperf.assessment.roll_up_words import not_approved
from xlperf.assessment.shown_editions import correction_in
from xlperf.catalogue import Catalogue
from xlperf.errors import UsageError, WorkspaceError
from xlperf.ledger import Edition, State
from xlperf.period import Period
from xlperf.report import dashboard_heading
from xlperf.report.edition_words import draft_words
from xlperf.report.enquiry_lines import to_be_asked
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.rules.iso_day import day_of
from xlperf.rules.wording import times
from xlperf.workflow.cycle.edition_files import Output, made_here, make_files
from xlperf.workflow.cycle.ready_to_show import doubts_about, ready_to_show
from xlperf.workflow.master.door import Door, MasterFile
from xlperf.workflow.master.refresh import MasterContent, about_rows, show, template_words
from xlperf.workflow.workspace import MASTER, Workspace, reporting_period
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run
from xlperf.workflow.workspace.unfinished import finish, making, place_editions

__all__ = ["Output", "Published", "edition_doubts", "outputs_of", "publish"]

_MOST_NAMED = 5
"""Figures named of which words are not approved."""


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
    correction: str = "",
    door: Door | None = None,
) -> Published:
    """Freeze an edition: the master as the ledger has it for that period, in `editions/<period>`, never overwritten.

    A later edition of a period takes the place of the one before, and has a letter; `correction` says why.

    Where an earlier run was ended when the ledger knew of its edition, that edition is put in its place, and is the one
    returned, if it has all the `outputs`. What is told: also where the dashboard's print area could not be followed.

    Raises:
        UsageError: the period is not in the calendar, or has no edition yet that could be corrected.
        WorkbookError: the master cannot be made, or it holds decisions that no collation has read; no edition is
            recorded.
        CatalogueError: past figures would be shown otherwise than before; no edition is recorded.
        WorkspaceError: another is at work, or the edition cannot be written.
    """
    with locked(workspace, "publishing", run) as lock:
        catalogue, ledger = workspace.catalogue(), workspace.ledger()
        reporting = reporting_period(catalogue, period)
        folder, state = workspace.editions(reporting), ledger.state()
        if correction and not _earlier(state, reporting):
            raise UsageError(f"there is no edition of {reporting} yet that could be corrected; leave --correction out")
        doubts = edition_doubts(catalogue, state, reporting, run, correction)
        outputs, replaced = made_here(outputs)
        for edition in finish(workspace, state).editions:
            if edition.period == str(reporting) and outputs_of(edition) >= set(outputs):
                run.tell("an earlier run had recorded this edition and was ended before it could put it in its place")
                return _published(folder, edition, doubts, replaced)
        assessment, records = ready_to_show(workspace, catalogue, ledger, state, reporting, run, door)
        corrects = correction_in(state, reporting, assessment.last_shown, correction)
        assessment = replace(assessment, correction=corrects, is_issued=True)
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


def edition_doubts(
    catalogue: Catalogue, state: State, reporting: Period, run: Run, correction: str = ""
) -> tuple[str, ...]:
    """What the readers of an edition of the period should know; also where its draft is not approved by all."""
    doubts = [*doubts_about(catalogue, state, reporting, run)]
    earlier = _earlier(state, reporting)
    if earlier and not correction:
        day = day_of(earlier[-1].at[:10])
        of = f"that of {in_words(day)}" if day else "an earlier one"
        doubts.append(f"it takes the place of {of}, and does not say why (--correction)")
    draft = draft_standing(catalogue, state, reporting)
    if draft is not None and not earlier:
        doubts += [each.rstrip(".") for each in draft_words(draft)] if draft.awaited or draft.changed else []
    if drafts := not_approved(catalogue, state, reporting, run.now.date()):
        which = ", ".join(" ".join(key[:2]) for key in drafts[:_MOST_NAMED])
        more = f" and {len(drafts) - _MOST_NAMED} more" if drafts[_MOST_NAMED:] else ""
        doubts.append(
            f"what is said of {times(len(drafts), 'rolled-up figure')} is not approved and is left out: {which}{more}"
        )
    return tuple(doubts)


def _earlier(state: State, reporting: Period) -> list[Edition]:
    return [edition for edition in state.editions if edition.period == str(reporting)]


def _new_name(folder: Path, assessment: Assessment) -> str:
    """The names of an edition's files: by the second, with a number if one of that second is there or recorded."""
    letter = f" {assessment.correction.letter}" if assessment.correction else ""
    name = f"{assessment.period} edition{letter} {assessment.produced:%Y-%m-%d %H%M%S}"
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
    why = assessment.correction.why if assessment.correction else ""
    return Edition(str(assessment.period), files, correction=why, asked=to_be_asked(assessment)), beside.lacking


def _published(folder: Path, edition: Edition, doubts: tuple[str, ...], lacking: tuple[str, ...] = ()) -> Published:
    files = {output: folder / name for output in Output for name in edition.files if name.endswith(output)}
    return Published(folder / edition.workbook, files, doubts, lacking)
