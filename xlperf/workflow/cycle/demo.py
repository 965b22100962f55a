"""The demo: two years of history, then two quarters of returns issued, filled, collated, decided on and published."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from xlperf.catalogue import Catalogue, Kpi
from xlperf.durable import replace_file
from xlperf.findings import Severity
from xlperf.period import Period
from xlperf.report import layout as master
from xlperf.returns import fields, layout
from xlperf.returns.figure import Figure
from xlperf.returns.reading import rate_figure
from xlperf.rules.rag import Rag, actual_from_parts
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.isolated.kept import workers_kept
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.chase import chase
from xlperf.workflow.cycle.collate import Collated, collate
from xlperf.workflow.cycle.edition_files import can_make_pdf, outputs_here
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.cycle.import_history import import_history
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.cycle.sample import MadeUpFigure, history_periods, sample
from xlperf.workflow.workspace import Workspace, init
from xlperf.workflow.workspace.run import Progress, Run, no_progress

FIRST, HISTORY_END = Period.parse("2024-25-Q1"), Period.parse("2025-26-Q4")
QUARTERS = (Period.parse("2026-27-Q1"), Period.parse("2026-27-Q2"))
BY = "demo"
AnswersByRow = dict[int, dict[str, CellValue]]
Slip = Callable[[AnswersByRow, Mapping[int, Rag]], None]
"""Something an owner does wrong. It changes the answers, keyed by sheet row, and is given the RAG of each row."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made, and what happened in it, line by line."""

    master: Path
    pdf: Path | None
    story: tuple[str, ...]


def demo(folder: Path, *, progress: Progress = no_progress) -> Demo:
    """Run a whole cycle in a new workspace. Raises WorkspaceError if the folder holds one already."""
    workspace = init(folder, "heiw")
    catalogue = workspace.catalogue()
    story = [f"Workspace {folder}: {len(catalogue.kpis)} KPIs, {len(catalogue.responsible_owners)} responsible owners."]
    taken = import_history(workspace, _write_history(workspace, catalogue), Run(_at(date(2026, 4, 1)), BY)).taken
    story.append(f"Imported {taken} figures of {FIRST} to {HISTORY_END}.")
    pdf = None
    with workers_kept():
        for step, quarter in enumerate(QUARTERS, start=1):
            play = _Quarter(workspace, catalogue, quarter)
            story += play.run(last=quarter == QUARTERS[-1])
            pdf = play.pdf
            progress(step, len(QUARTERS), str(quarter))
    return Demo(workspace.master, pdf, tuple(story))


def _at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _write_history(workspace: Workspace, catalogue: Catalogue) -> Path:
    path = workspace.root / "history.csv"
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("kpi", "org", "period", "actual", "numerator", "denominator", "milestone"))
    for kpi in catalogue.kpis:
        for org in catalogue.orgs_of(kpi):
            for period in history_periods(kpi, FIRST, HISTORY_END):
                made = sample(kpi, org, period, FIRST)
                parts = made.parts or ("", "")
                actual = "" if made.actual is None else made.actual
                writer.writerow((kpi.id, org.code, period, actual, *parts, made.milestone))
    replace_file(path, text.getvalue().encode())
    return path


class _Quarter:
    """One quarter of the story. The clock is the story's, so the demo is the same on any day."""

    def __init__(self, workspace: Workspace, catalogue: Catalogue, quarter: Period) -> None:
        self._workspace = workspace
        self._catalogue = catalogue
        self._quarter = quarter
        self._entry = catalogue.entry_by_period[quarter]
        self.pdf: Path | None = None

    def run(self, *, last: bool) -> list[str]:
        deadline = self._entry.return_deadline
        issue = _at(self._quarter.last_day + timedelta(days=1))
        files = generate(self._workspace, str(self._quarter), Run(issue, BY)).files
        story = [f"{self._quarter}: {len(files)} returns issued, due {deadline}."]
        owner_of = {path: path.stem for path in files}
        on_time, late = list(files), []
        if last:
            on_time, late = on_time[:-2], on_time[-2:]
            self._fill(on_time[0], _at(deadline, 8), _text_in_a_number)
            self._fill(on_time[1], _at(deadline, 8), _nothing_said_about_a_red)
            for path in on_time[2:]:
                self._fill(path, _at(deadline, 8))
        else:
            late, on_time = on_time[-3:], on_time[:-3]
            for index, path in enumerate(on_time):
                self._fill(path, _at(deadline, 8), _nothing_said_about_a_red if index == 1 else None)
        done = collate(self._workspace, Run(_at(deadline + timedelta(days=1)), BY))
        story.append(self._told(done, f"{len(late)} are late"))
        drafts = chase(self._workspace, str(self._quarter), Run(_at(deadline + timedelta(days=1), 10), BY))
        story.append(f"  {len(drafts)} reminder drafts written, executives copied.")
        arriving = late[:1] if last else late
        for path in arriving:
            self._fill(path, _at(deadline + timedelta(days=4)))
        again = on_time[2]
        self._fill(again, _at(deadline + timedelta(days=4)), _second_thoughts, name=f"{owner_of[again]} (2).xlsx")
        done = collate(self._workspace, Run(_at(deadline + timedelta(days=5)), BY))
        story.append(self._told(done, "one resubmitted"))
        if not last:
            story += self._decide()
        published = publish(
            self._workspace,
            str(self._quarter),
            Run(_at(self._entry.hard_close + timedelta(days=1)), BY),
            outputs=outputs_here(pdf=can_make_pdf()),
        )
        self.pdf = next(iter(published.files.values()), None)
        story.append(f"  Published: {published.workbook.name}")
        return story

    def _told(self, done: Collated, note: str) -> str:
        warned = sum(1 for _, r in done.judged for f in r.findings if f.severity is Severity.WARNING)
        refused = sum(len(received.refused) for _, received in done.judged)
        accepted = len(done.judged) - len(done.rejected)
        counts = f"{done.listed} files: {accepted} accepted, {len(done.rejected)} rejected, {len(done.ignored)} ignored"
        return f"  Collated {counts}; {refused} row(s) refused, {warned} warnings; {note}."

    def _fill(self, issued: Path, saved: datetime, slip: Slip | None = None, name: str = "") -> None:
        """Play the owner: type into the input cells of the issued return, and send it back."""
        book = FileWorkbook.open(issued)
        answers: AnswersByRow = {}
        rags: dict[int, Rag] = {}
        for row in book.read_table(layout.TABLE).rows:
            kpi = self._catalogue.kpi_by_id[row[fields.REF.header].raw]
            org = self._catalogue.org_by_code[row[fields.ORG.header].raw]
            period = kpi.period(row[fields.PERIOD.header].raw)
            made = sample(kpi, org, period, FIRST)
            rags[row.number] = _rag(kpi, org.code, period, made)
            answers[row.number] = _typed(kpi, made) | _explained(rags[row.number], kpi, period)
        if slip is not None:
            slip(answers, rags)
        book.write_cells(layout.TABLE, answers)
        _sign(book, saved.date())
        book.set_saved(saved)
        received = self._workspace.received(self._quarter)
        book.save(received / (name or issued.name))

    def _decide(self) -> list[str]:
        """Play the chief executive: decide on the first proposal, in the master, as a person would."""
        book = FileWorkbook.open(self._workspace.master)
        rows = book.read_table(master.ESCALATION).rows
        if not rows:
            return []
        first = rows[0]
        stage, day = first["Proposed stage"].raw, self._entry.hard_close
        decision: dict[str, CellValue] = {
            master.DECIDED: stage,
            master.DECIDED_BY: self._catalogue.escalation.decided_by,
            master.DECIDED_ON: day,
            master.RATIONALE: "Agreed with the executive team; support as in the framework.",
        }
        book.write_cells(master.ESCALATION, {first.number: decision})
        book.save(self._workspace.master)
        collate(self._workspace, Run(_at(day, 12), BY))
        return [f"  Decided in the master: {first['Ref'].raw} to {stage}."]


def _rag(kpi: Kpi, org: str, period: Period, made: MadeUpFigure) -> Rag:
    actual = actual_from_parts(float(made.parts[0]), float(made.parts[1]), kpi.factor) if made.parts else made.actual
    return rate_figure(kpi, Figure(kpi.id, org, str(period), actual=actual, milestone=made.milestone))


def _typed(kpi: Kpi, made: MadeUpFigure) -> dict[str, CellValue]:
    if made.milestone:
        return {fields.MILESTONE.header: made.milestone}
    if made.parts:
        return {fields.NUMERATOR.header: made.parts[0], fields.DENOMINATOR.header: made.parts[1]}
    return {fields.ACTUAL.header: made.actual}


_CAUSES = (
    "Vacancies in the team",
    "Fewer applicants than planned",
    "A late data feed from two health boards",
)
_ACTIONS = (
    "Weekly review with the directorate",
    "Second recruitment round",
    "Recovery plan agreed with providers",
)


def _explained(rag: Rag, kpi: Kpi, period: Period) -> dict[str, CellValue]:
    answers: dict[str, CellValue] = {fields.VALIDATED.header: fields.YES}
    if rag in (Rag.AMBER, Rag.RED):
        dice = random.Random(f"said {kpi.id} {period}")
        cause = dice.choice(_CAUSES)
        answers[fields.COMMENTARY.header] = f"{cause} explains most of the shortfall; the position is reviewed monthly."
        answers[fields.CAUSE.header] = cause
    if rag is Rag.RED:
        answers[fields.ACTION.header] = dice.choice(_ACTIONS)
        answers[fields.ACTION_OWNER.header] = "Head of service"
        answers[fields.ACTION_DUE.header] = period.last_day + timedelta(days=180)
    return answers


def _sign(book: FileWorkbook, day: date) -> None:
    answers: dict[str, CellValue] = {
        layout.COMPLETED_BY: "Team manager",
        layout.SIGNED_OFF_BY: "Executive owner",
        layout.SIGNED_OFF_ON: day,
    }
    rows = book.read_table(layout.SIGN_OFF_TABLE).rows
    book.write_cells(
        layout.SIGN_OFF_TABLE, {row.number: {layout.ANSWER: answers[row[layout.ITEM].raw]} for row in rows}
    )


def _text_in_a_number(answers: AnswersByRow, rags: Mapping[int, Rag]) -> None:
    for row in answers.values():
        for column in (fields.NUMERATOR, fields.ACTUAL):
            if row.get(column.header) is not None:
                row[column.header] = "about 100, to be confirmed"
                return


def _nothing_said_about_a_red(answers: AnswersByRow, rags: Mapping[int, Rag]) -> None:
    worst = next((row for row, rag in rags.items() if rag is Rag.RED), None)
    worst = worst or next((row for row, rag in rags.items() if rag is Rag.AMBER), None)
    if worst is not None:
        answers[worst].pop(fields.COMMENTARY.header, None)
        answers[worst].pop(fields.ACTION.header, None)


def _second_thoughts(answers: AnswersByRow, rags: Mapping[int, Rag]) -> None:
    for row in answers.values():
        if row.get(fields.NUMERATOR.header):
            row[fields.NUMERATOR.header] = int(str(row[fields.NUMERATOR.header])) - 1
            return
