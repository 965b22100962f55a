"""What `xlperf collate` does: a collation, or, where nothing has changed, the answer of the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlperf.cli.app import err, out, print_json, print_lines, progress_bar, this_run

if TYPE_CHECKING:
    from xlperf.workbook.live import LiveWorkbook
    from xlperf.workflow.cycle.collate import Collated, Options
    from xlperf.workflow.workspace import Workspace


def opened_in_excel(name: str | None) -> LiveWorkbook:
    """The workbook that is open in Excel under a name, or the active one."""
    from xlperf.workbook.live import attach

    return attach(name)


def said_again(workspace: Workspace, period: str | None, book: LiveWorkbook | None, *, as_json: bool) -> bool | None:
    """Print what the last collation said, if another would change nothing; whether it was clean, None if none was.

    `book` is the master where it is open in Excel; None for the file.
    """
    from xlperf.workflow.cycle.unchanged import answer_again
    from xlperf.workflow.workspace.run import now

    answer = answer_again(workspace, period, now().date(), book)
    if answer is None:
        return None
    if as_json:
        print_json(answer.record)
    else:
        print_lines(answer.lines)
    return answer.is_clean


def collated(workspace: Workspace, options: Options) -> Collated:
    """Collate into the master as a file, and note what is to be said again while nothing changes."""
    from xlperf.workflow.cycle.collate import collate
    from xlperf.workflow.cycle.noting import note

    with progress_bar("Files") as progress:
        done = collate(workspace, this_run(progress), options)
    note(workspace, done)
    return done


def collated_live(workspace: Workspace, book: LiveWorkbook, options: Options) -> Collated:
    """Collate into the master that is open in Excel."""
    from xlperf.workflow.cycle.collate_live import collate_live

    return collate_live(workspace, book, this_run(), options)


def print_collation(done: Collated, *, as_json: bool) -> None:
    """Print what a collation did."""
    from xlperf.report import results
    from xlperf.workflow.cycle.noting import collation_record

    if as_json:
        print_json(collation_record(done))
        if done.written.pending:
            err.print(f"Note: {done.written.pending}")
        return
    print_lines(results.collated(done))
    if not done.written.is_written:
        out.print(results.ACCEPT_BY_COMMAND)
