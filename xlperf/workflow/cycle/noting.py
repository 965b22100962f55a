"""Notes what a collation says as long as nothing changes; see `unchanged`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from xlperf.errors import WorkbookError
from xlperf.report import count_words, results
from xlperf.workbook.live import LiveWorkbook
from xlperf.workflow.cycle.collate import Collated
from xlperf.workflow.cycle.unchanged import CollatedFrom, SaidBefore, remember, shown_in_excel
from xlperf.workflow.workspace import Workspace


def note(workspace: Workspace, done: Collated) -> None:
    """Note a collation into the master as a file."""
    if done.made_from is not None and done.made_from.master:
        remember(workspace, [(done.made_from, _said(done))])


def note_shown(workspace: Workspace, done: Collated, book: LiveWorkbook) -> None:
    """Note a collation into a master that is open in Excel, and the file that Excel has saved of it, if it has.

    Nothing is noted where somebody has typed into it meanwhile, or is typing now.
    """
    if done.made_from is not None:
        with suppress(OSError, WorkbookError):
            remember(workspace, list(_answers(workspace, done, done.made_from, book)))


def _answers(
    workspace: Workspace, done: Collated, made_from: CollatedFrom, book: LiveWorkbook
) -> Iterator[tuple[CollatedFrom, SaidBefore]]:
    contents = book.contents(as_written=True)
    if not contents:
        raise WorkbookError(f"{book.name}: somebody has typed into it")
    shown = replace(done, written=replace(done.written, is_saved=True))  # whether it is, is asked when it is said
    yield replace(made_from, master=shown_in_excel(contents)), _said(shown)
    if done.written.is_saved:
        saved = hashlib.sha256(workspace.master.read_bytes()).hexdigest()
        if book.is_saved:  # else somebody has typed since, and perhaps saved that
            in_file = replace(shown, written=replace(shown.written, path=workspace.master))
            yield replace(made_from, master=saved), _said(in_file)


def _said(done: Collated) -> SaidBefore:
    next_time = replace(done, new_records=0)
    lines, in_short = results.collated(next_time), results.collated(next_time, results.LISTED_IN_SHORT)
    return SaidBefore(tuple(lines), collation_record(next_time), done.is_clean, tuple(in_short))


def collation_record(done: Collated) -> dict[str, Any]:
    """What `--json` prints of a collation."""
    return {
        "period": str(done.period),
        "listed": done.listed,
        "judged": [{"file": name, "outcome": r.outcome, "refused_rows": len(r.refused)} for name, r in done.judged],
        "ignored": {entry.name: entry.why for entry in done.ignored},
        "new_records": done.new_records,
        "master": str(done.written.path),
        "written": done.written.is_written,
        "pending": done.written.pending,
        "past": [
            {
                "kpi": change.key[0],
                "org": change.key[1],
                "period": change.key[2],
                "before": {"rag": change.before.rag, "actual": change.before.actual},
                "now": {"rag": change.now.rag, "actual": change.now.actual},
                "is_past": change in done.past.changes,
            }
            for change in (*done.past.changes, *done.past.not_past)
        ],
        "findings": [f.as_record() for f in done.findings],
        "counts": count_words.as_record(done.counts) if done.counts else None,
    }
