"""The demo: two years of history, then two reporting periods issued, filled, collated, decided on and published."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from pathlib import Path

from xlperf.catalogue import Catalogue
from xlperf.durable import replace_file
from xlperf.findings import Severity
from xlperf.period import Period
from xlperf.report import layout as master
from xlperf.rules.keys import SeriesKey
from xlperf.rules.ratings import OFF_TARGET
from xlperf.tables import Row
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.isolated.kept import workers_kept
from xlperf.workbook.port import CellValue, Kept
from xlperf.workflow.cycle.chase import chase
from xlperf.workflow.cycle.collate import Collated, collate
from xlperf.workflow.cycle.edition_files import Output, can_make_pdf
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.cycle.import_history import import_history
from xlperf.workflow.cycle.played_owners import (
    PlayedOwners,
    Slip,
    corrected,
    gives_a_milestone,
    nothing_said_about_a_red,
    one_less,
    text_in_a_number,
)
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.cycle.sample import history_periods, sample
from xlperf.workflow.cycle.sample_words import said_of_the_whole
from xlperf.workflow.workspace import Workspace, init
from xlperf.workflow.workspace.run import Progress, Run, no_progress

STORY_BEGINS, STORY_ENDS = date(2024, 4, 1), date(2026, 9, 30)
PLAYED = 2
DRAFTED = 3
"""Rolled-up figures off target of which something is said."""
BY = "demo"
_AT_MEETING = " at its next meeting"


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made, and what happened in it, line by line."""

    master: Path
    pdf: Path | None
    story: tuple[str, ...]
    periods: tuple[Period, ...]


def demo(folder: Path, framework: str = "heiw", *, progress: Progress = no_progress) -> Demo:
    """Run a whole cycle of a shipped framework in a new workspace.

    Raises:
        UsageError: there is no such framework.
        WorkspaceError: the folder holds a workspace already.
    """
    workspace = init(folder, framework)
    catalogue = workspace.catalogue()
    story = [f"Workspace {folder}: {len(catalogue.kpis)} KPIs, {len(catalogue.responsible_owners)} responsible owners."]
    played = tuple(sorted(each for each in catalogue.entry_by_period if each.last_day <= STORY_ENDS)[-PLAYED:])
    first, last = Period.containing(STORY_BEGINS, catalogue.calendar.frequency), played[0].previous()
    imported = Run(_at(last.last_day + timedelta(days=1)), BY)
    taken = import_history(workspace, _write_history(workspace, catalogue, (first, last)), imported).taken
    story.append(f"Imported {taken} figures of {first} to {last}.")
    pdf = None
    with workers_kept():
        owners = PlayedOwners(catalogue, first)
        for step, period in enumerate(played, start=1):
            play = _PlayedPeriod(workspace, catalogue, period, owners)
            story += play.run(last=period == played[-1])
            if period != played[-1]:
                story.append(play.corrected_after_the_board())
                story += play.noted_between_the_returns()
            pdf = play.pdf
            progress(step, len(played), str(period))
    return Demo(workspace.master, pdf, tuple(story), played)


def _at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _write_history(workspace: Workspace, catalogue: Catalogue, between: tuple[Period, Period]) -> Path:
    first, last = between
    path = workspace.root / "history.csv"
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("kpi", "org", "period", "actual", "numerator", "denominator", "milestone"))
    for kpi in catalogue.kpis:
        for org in catalogue.orgs_of(kpi):
            for period in history_periods(kpi, first, last):
                made = sample(kpi, org, period, first)
                parts = made.parts or ("", "")
                actual = "" if made.actual is None else made.actual
                writer.writerow((kpi.id, org.code, period, actual, *parts, made.milestone))
    replace_file(path, text.getvalue().encode())
    return path


class _PlayedPeriod:
    """One period of the story. The clock is the story's, so the demo is the same on any day."""

    def __init__(self, workspace: Workspace, catalogue: Catalogue, period: Period, owners: PlayedOwners) -> None:
        self._workspace = workspace
        self._catalogue, self._owners = catalogue, owners
        self._period = period
        self._entry = catalogue.entry_by_period[period]
        self._mistaken: Path | None = None
        self._helped: SeriesKey | None = None
        self._to_tell: list[str] = []
        self.pdf: Path | None = None

    def run(self, *, last: bool) -> list[str]:
        deadline = self._entry.return_deadline
        issue = _at(self._period.last_day + timedelta(days=1))
        files = generate(self._workspace, str(self._period), Run(issue, BY)).files
        story = [f"{self._period}: {len(files)} returns issued, due {deadline}."]
        owner_of = {path: path.stem for path in files}
        on_time, late = self._punctual(files, last=last)
        slips = (text_in_a_number, nothing_said_about_a_red) if last else (None, nothing_said_about_a_red)
        for path, slip in zip_longest(on_time, slips):
            self._fill(path, _at(deadline, 8), slip)
        done = collate(self._workspace, Run(_at(deadline + timedelta(days=1)), BY))
        story.append(self._told(done, f"{len(late)} are late"))
        story += self._draft_words(_at(deadline + timedelta(days=1), 11))
        drafts = chase(self._workspace, str(self._period), Run(_at(deadline + timedelta(days=1), 10), BY))
        story.append(f"  {len(drafts)} reminder drafts written, executives copied.")
        arriving = late[:1] if last else late
        for path in arriving:
            self._fill(path, _at(deadline + timedelta(days=4)))
        again, self._mistaken = on_time[2], on_time[0]
        self._fill(again, _at(deadline + timedelta(days=4)), one_less, name=f"{owner_of[again]} (2).xlsx")
        done = collate(self._workspace, Run(_at(deadline + timedelta(days=5)), BY))
        story.append(self._told(done, "one resubmitted"))
        story += self._approve_words(_at(deadline + timedelta(days=6)))
        if not last:
            story += self._decide()
        published = publish(
            self._workspace,
            str(self._period),
            Run(_at(self._entry.hard_close + timedelta(days=1)), BY),
            outputs=[Output.PACK_PDF] if can_make_pdf() else [],
        )
        self.pdf = next(iter(published.files.values()), None)
        story.append(f"  Published: {published.workbook.name}")
        return story

    def _punctual(self, files: Sequence[Path], *, last: bool) -> tuple[list[Path], list[Path]]:
        """Who returns in time, and who does not; the last of those stays away in the last period.

        It is nobody who reports a milestone: how that stands is part of the story.
        """
        on_time = list(files)
        absent = next(path for path in reversed(files) if not gives_a_milestone(path, self._catalogue))
        on_time.remove(absent)
        number_late = 1 if last else min(2, len(files) - 4)
        return on_time[:-number_late], [*on_time[-number_late:], absent]

    def corrected_after_the_board(self) -> str:
        """Send a return once more when its edition is frozen: the figure is restated."""
        issued = self._mistaken
        if issued is None:
            return ""
        self._fill(issued, _at(self._entry.hard_close + timedelta(days=3)), corrected, name=f"{issued.stem} (2).xlsx")
        return f"  A figure of {self._period} is corrected after its edition: restated."

    def _told(self, done: Collated, note: str) -> str:
        warned = sum(1 for _, r in done.judged for f in r.findings if f.severity is Severity.WARNING)
        refused = sum(len(received.refused) for _, received in done.judged)
        accepted = len(done.judged) - len(done.rejected)
        counts = f"{done.listed} files: {accepted} accepted, {len(done.rejected)} rejected, {len(done.ignored)} ignored"
        return f"  Collated {counts}; {refused} row(s) refused, {warned} warnings; {note}."

    def _fill(self, issued: Path, saved: datetime, slip: Slip | None = None, name: str = "") -> None:
        self._owners.fill(issued, self._workspace.received(self._period) / (name or issued.name), saved, slip)

    def _decide(self) -> list[str]:
        """Play who decides: on the first proposal for a KPI, in the master, as a person would."""
        book = FileWorkbook.open(self._workspace.master)
        rows = book.read_table(master.ESCALATION).rows
        first = next((row for row in rows if row["Ref"].raw in self._catalogue.kpi_by_id), None)
        if first is None:
            return []
        stage, day = first["Proposed stage"].raw, self._entry.hard_close
        decision: dict[str, CellValue] = {
            master.DECIDED: stage,
            master.DECIDED_BY: first["Who decides"].raw,
            master.DECIDED_ON: day,
            master.RATIONALE: "Agreed with the executive team; support as in the framework.",
        }
        book.write_cells(master.ESCALATION, {first.number: decision})
        book.save(self._workspace.master)
        collate(self._workspace, Run(_at(day, 12), BY))
        return [f"  Decided in the master: {first['Ref'].raw} to {stage}.", self._help(first, day)]

    def _help(self, decided: Row, day: date) -> str:
        """Play the team that follows a decision up: who is told at once, and which support is offered and begun."""
        tell, support = decided["Who is told"].raw.split("; "), decided["Support"].raw.split("; ")
        executive = decided["Executive owner"].raw
        self._helped = (decided["Ref"].raw, decided["Org"].raw)
        begun = next((each for each in support if not each.startswith("Everything")), support[0])
        # Who is told at a meeting is told when that has been.
        at_once = [name for name in tell if not name.endswith(_AT_MEETING)]
        self._to_tell = [] if at_once else [name.removesuffix(_AT_MEETING) for name in tell[:1]]
        self._note(
            *(("Told", "Of the decision, by a note", name, day) for name in at_once),
            ("Support offered", support[-1], executive, day),
            ("Support begun", begun, executive, day),
        )
        collate(self._workspace, Run(_at(day, 13), BY))
        return f"  Noted on Cases: the support that was begun for {self._helped[0]}."

    def noted_between_the_returns(self) -> list[str]:
        """Play the team that notes how it goes, after the board and before the next returns."""
        if self._helped is None:
            return []
        day = self._entry.hard_close
        first, second = day + timedelta(days=4), day + timedelta(days=11)
        # An issue that no KPI shows, as another committee raises it.
        self._note(
            ("Opened", "Move to the new records system, raised by its programme board", "Programme board", first),
            ("Review", "Heard by both boards together: the plan stands, and its dates are kept", "Both boards", second),
            about=("RECORD", self._catalogue.top_orgs[0].code),
        )
        self._note(
            ("Progress", "The first meeting agreed on what is done first", "Head of service", first),
            ("Progress", "Two of the four steps are done", "Head of service", second),
            *(("Told", "Of the decision, in its meeting", name, self._entry.board_date) for name in self._to_tell),
        )
        return [f"  Noted on Cases, before the next returns: how it goes with {self._helped[0]}."]

    def _note(self, *entries: tuple[str, str, str, date], about: SeriesKey | None = None) -> None:
        """Type rows below the log of cases, as a person would: (kind, what, by or to whom, on)."""
        book, headers = FileWorkbook.open(self._workspace.master), list(master.CASE_CELLS.values())
        there = [row.number for row in book.read_table(master.CASES).rows if not row["Ref"].is_blank]
        kept = [{header: Kept(number) for header in book.columns(master.CASES)} for number in there]
        about = about or self._helped or ("", "")
        added: list[dict[str, CellValue]] = [dict(zip(headers, (*about, *entry), strict=False)) for entry in entries]
        book.make_room(master.CASES, len(kept) + len(added))
        book.write_table(master.CASES, [*kept, *added], {number: number for number in there})
        book.save(self._workspace.master)

    def _draft_words(self, now: datetime) -> list[str]:
        """Play the team that drafts what is said of the first rolled-up figures off target."""
        book = FileWorkbook.open(self._workspace.master)
        off = [row for row in book.read_table(master.NARRATIVE).rows if row["RAG"].raw in OFF_TARGET][:DRAFTED]
        typed: dict[int, dict[str, CellValue]] = {
            row.number: {master.WORDS: said_of_the_whole(_causes(row["Their causes"].raw))} for row in off
        }
        if not typed:
            return []
        book.write_cells(master.NARRATIVE, typed)
        book.save(self._workspace.master)
        collate(self._workspace, Run(now, BY))
        return [f"  Words drafted in the master: on {', '.join(row['Ref'].raw for row in off)}."]

    def _approve_words(self, now: datetime) -> list[str]:
        """Play the executives, who approve them, but for the last, which stays a draft and is in no edition."""
        book = FileWorkbook.open(self._workspace.master)
        drafted = [row for row in book.read_table(master.NARRATIVE).rows if not row[master.WORDS].is_blank]
        approved = drafted[: max(len(drafted) - 1, 1)]
        if not approved:
            return []
        typed: dict[int, dict[str, CellValue]] = {
            row.number: {master.APPROVED_BY: row["Executive owner"].raw, master.APPROVED_ON: now.date()}
            for row in approved
        }
        book.write_cells(master.NARRATIVE, typed)
        book.save(self._workspace.master)
        collate(self._workspace, Run(now, BY))
        return [f"  Approved by their executives: the words on {', '.join(row['Ref'].raw for row in approved)}."]


def _causes(listed: str) -> dict[str, str]:
    """`North site: two wards were closed; South site: …` by name."""
    return {name: cause for name, _, cause in (each.partition(": ") for each in listed.split("; ")) if cause}
