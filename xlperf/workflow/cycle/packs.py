"""Pack: make what a meeting is shown of a period, and record it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, count
from pathlib import Path

from xlperf.assessment import Assessment
from xlperf.assessment.meeting_assessment import MeetingAssessment
from xlperf.catalogue import Catalogue, Meeting
from xlperf.errors import DocumentError, UsageError, WorkspaceError
from xlperf.ledger import MeetingPack, State
from xlperf.period import Period
from xlperf.report.enquiry_lines import to_be_asked
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.workflow.cycle.edition_files import Output, make_files
from xlperf.workflow.cycle.file_names import file_safe
from xlperf.workflow.cycle.ready_to_show import doubts_about, ready_to_show
from xlperf.workflow.master.door import Door
from xlperf.workflow.master.last_shown import last_pack
from xlperf.workflow.workspace import Workspace, reporting_period
from xlperf.workflow.workspace.folder import PACKS
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run
from xlperf.workflow.workspace.unfinished import finish, making, place_editions

OUTPUTS = (Output.PACK_PDF, Output.PACK_WORD, Output.PACK_HTML)
"""What a pack can be made as; the first is made in any case."""


@dataclass(frozen=True, slots=True)
class Draft:
    """That a pack is a draft, and the day before which it is not to be shared; None for none."""

    not_before: date | None = None

    @property
    def mark(self) -> str:
        """What every page says."""
        return f"Draft, not to be shared before {in_words(self.not_before)}" if self.not_before else "Draft"


@dataclass(frozen=True, slots=True)
class PackOfMeeting:
    """The pack of a meeting, and what people should know of it.

    Attributes:
        meeting: whose it is.
        files: what was made; nothing where there was nothing to make one of.
        doubts: what its readers should know.
        lacking: what was asked for and could not be made, and why.
    """

    meeting: Meeting
    files: Mapping[Output, Path]
    doubts: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Made:
    """The files of a pack in the hidden folder in which they were made, what is recorded of them, and what is said."""

    hidden: Path
    record: MeetingPack
    packed: PackOfMeeting


def meeting_named(catalogue: Catalogue, wanted: str) -> Meeting:
    """The meeting of an id. Raises UsageError, naming those that there are."""
    held = catalogue.meetings_held
    for meeting in (*held, *catalogue.meetings):
        if meeting.id.casefold() == wanted.strip().casefold():
            if meeting not in held:
                raise UsageError(f"no packs are made for {meeting.name}: the catalogue says 'on: no' of it")
            return meeting
    raise UsageError(f"'{wanted}' is no meeting of the catalogue; there are {', '.join(each.id for each in held)}")


def meetings_of(catalogue: Catalogue, reporting: Period) -> tuple[Meeting, ...]:
    """Those that look at a period, without the board, whose pack belongs to an edition."""
    return tuple(each for each in catalogue.meetings_held if each.looks_at(reporting) and not each.is_board)


def make_packs(
    workspace: Workspace,
    period: str,
    meetings: Sequence[str],
    run: Run,
    *,
    outputs: Collection[Output] = (Output.PACK_PDF,),
    draft: Draft | None = None,
    door: Door | None = None,
) -> tuple[PackOfMeeting, ...]:
    """Make the packs of meetings for a period, in `packs/<meeting>/<period>`; none is ever overwritten.

    Args:
        workspace: where.
        period: a reporting period.
        meetings: ids of meetings, of the board's only for a draft; those that look at the period where empty.
        run: when and by whom.
        outputs: what each is made as.
        draft: that they are drafts, for those who prepare the meetings; None for the packs themselves.
        door: the master that is open in Excel, if that is where it is started from.

    Where an earlier run was ended when the ledger knew of a pack, that pack is put in its place, and is the one that
    is returned. A meeting of several, which covers nothing there is a figure of, gets none, and that is said.

    Raises:
        UsageError: the period is not in the calendar, a meeting is unknown, or does not look at the period.
        WorkspaceError: there is no figure of the period in what the meeting covers, another is at work, or the pack
            cannot be written.
        DocumentError: none of the files can be made.
        WorkbookError, CatalogueError: as when an edition is published. In each case nothing is recorded.
    """
    with locked(workspace, "making packs", run) as lock:
        catalogue, ledger = workspace.catalogue(), workspace.ledger()
        reporting = reporting_period(catalogue, period)
        wanted = _wanted(catalogue, reporting, meetings, is_draft=draft is not None)
        state = ledger.state()
        done = {
            pack.meeting: pack
            for pack in finish(workspace, state).packs
            if (pack.period, pack.is_draft) == (str(reporting), draft is not None) and _outputs_of(pack) >= set(outputs)
        }
        for each in wanted:
            if each.id in done:
                run.tell(f"an earlier run had recorded the pack of {each.name} and was ended before it could place it")
        to_make = [each for each in wanted if each.id not in done]
        packed = {each.id: _placed(workspace, each, done[each.id]) for each in wanted if each.id in done}
        if not to_make:
            return tuple(packed[each.id] for each in wanted)
        whole, records = ready_to_show(workspace, catalogue, ledger, state, reporting, run, door)
        whole = replace(whole, is_issued=draft is None)
        try:
            with ExitStack() as folders:
                made: list[_Made] = []
                for number, meeting in enumerate(to_make, start=1):
                    run.progress(number, len(to_make), meeting.name)
                    shown = None if meeting.is_board else last_pack(ledger, state, meeting.id, reporting)
                    read = whole if meeting.is_board else MeetingAssessment.of(whole, meeting, shown)
                    if why_not := _nothing_to_show(read):
                        packed[meeting.id] = PackOfMeeting(meeting, {}, lacking=(why_not,))
                        continue
                    hidden = folders.enter_context(making(workspace.packs(meeting.id, reporting)))
                    made.append(_make(workspace, read, hidden, run, outputs, draft))
                if not made:
                    raise WorkspaceError("; ".join(said for each in packed.values() for said in each.lacking))
                lock.must_be_ours()
        except OSError as error:
            raise WorkspaceError(f"{workspace.root / PACKS}: cannot be written ({error}); no pack was made") from error
        ledger.append("pack", [*(pack.record for pack in made), *records], at=run.now, by=run.by)
        # From here on the ledger says what is to become of the hidden folders: this run moves their files, or the next.
        try:
            for pack in made:
                place_editions(pack.hidden, [pack.record])
                pack.hidden.rmdir()
        except OSError as error:
            raise WorkspaceError(
                f"{workspace.root / PACKS}: the packs are recorded, and cannot be moved there ({error}); try again"
            ) from error
        packed |= {pack.packed.meeting.id: pack.packed for pack in made}
        return tuple(packed[each.id] for each in wanted)


def _wanted(catalogue: Catalogue, reporting: Period, ids: Sequence[str], *, is_draft: bool) -> Sequence[Meeting]:
    """The meetings whose packs are to be made, each once. Raises UsageError."""
    if not ids:
        wanted = meetings_of(catalogue, reporting)
        if not wanted:
            raise UsageError(
                f"the catalogue lists no meeting but the {catalogue.board} that looks at {reporting}; "
                f"its pack is made by: xlperf publish --period {reporting} --pdf"
            )
        return wanted
    meetings = list({meeting.id: meeting for meeting in (meeting_named(catalogue, each) for each in ids)}.values())
    for each in meetings:
        if each.is_board and not is_draft:
            raise UsageError(
                f"the pack of the {each.name} belongs to an edition: xlperf publish --period {reporting} --pdf; "
                "a draft of it is made with --draft"
            )
        if not each.looks_at(reporting):
            raise UsageError(f"{each.name} does not look at {reporting}; its periods are {', '.join(each.periods)}")
    return meetings


def _nothing_to_show(read: Assessment) -> str:
    """Why there is nothing to make a pack of; "" where there is something."""
    no_pack = f"there is no pack of {read.meeting.name} for {read.period.label}"
    if not read.latest:
        return f"{no_pack}, as nothing is in what it covers"
    if not any(each.is_current for each in read.latest):
        return f"{no_pack}, as no figure of that period is in what it covers; collate its returns first"
    return ""


def _make(
    workspace: Workspace,
    read: Assessment,
    hidden: Path,
    run: Run,
    outputs: Collection[Output],
    draft: Draft | None,
) -> _Made:
    meeting, period = read.meeting, read.period
    folder = workspace.packs(meeting.id, period)
    name = _new_name(folder, read, is_draft=draft is not None)
    files = make_files(workspace, read, hidden / f"{name}.xlsx", outputs, run.tell, mark=draft.mark if draft else "")
    if not files.made:
        raise DocumentError("; ".join(files.lacking))
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files.made.values()}
    not_before = draft.not_before.isoformat() if draft and draft.not_before else ""
    asked = () if draft else to_be_asked(read)
    record = MeetingPack(
        meeting.id, str(period), name, hashes, asked=asked, is_draft=draft is not None, not_before=not_before
    )
    doubts = doubts_about(read.catalogue, read.state, period, run, read.may_cover)
    placed = replace(_placed(workspace, meeting, record), doubts=doubts, lacking=files.lacking)
    return _Made(hidden, record, placed)


def _new_name(folder: Path, read: Assessment, *, is_draft: bool) -> str:
    """The name of a pack: its meeting's, the period, and the second; with a number if there is one of that already."""
    called = file_safe(read.meeting.name.replace(",", ""))
    name = f"{called} {read.period}{' draft' if is_draft else ''} {read.produced:%Y-%m-%d %H%M%S}"
    taken = {*os.listdir(folder), *_recorded(read.state)}
    names = chain([name], (f"{name} {number}" for number in count(2)))
    return next(each for each in names if taken.isdisjoint(f"{each}{ending}" for ending in OUTPUTS))


def _recorded(state: State) -> Iterator[str]:
    return (file for _, pack in state.packs for file in pack.files)


def _outputs_of(pack: MeetingPack) -> frozenset[Output]:
    return frozenset(output for output in OUTPUTS if any(name.endswith(output) for name in pack.files))


def _placed(workspace: Workspace, meeting: Meeting, pack: MeetingPack) -> PackOfMeeting:
    """A pack where people look for it."""
    folder = workspace.root / PACKS / pack.meeting / pack.period
    return PackOfMeeting(
        meeting, {output: folder / name for output in OUTPUTS for name in pack.files if name.endswith(output)}
    )
