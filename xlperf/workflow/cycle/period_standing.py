"""How the figures of a period stand by the ledger: how many of what, and what has changed since an edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xlperf.assessment import Assessment
from xlperf.assessment.counts import Counts
from xlperf.assessment.shown_editions import EditionShown
from xlperf.assessment.undiscussed import Undiscussed, undiscussed
from xlperf.report import change_words, count_words
from xlperf.report.change_words import ChangeRow
from xlperf.report.undiscussed_words import undiscussed_lines
from xlperf.workflow.master.last_shown import edition_named
from xlperf.workflow.workspace import Workspace, reporting_period


@dataclass(frozen=True, slots=True)
class FiguresStanding:
    """The counts of a period; where an edition was asked for, that edition and the changes since, else none.

    `undiscussed` are the KPIs that were never off target and that nobody has discussed; see `assessment.undiscussed`.
    """

    counts: Counts
    shown: EditionShown | None = None
    changes: Sequence[ChangeRow] = ()
    undiscussed: Sequence[Undiscussed] = ()

    @property
    def change_lines(self) -> list[str]:
        """The changes in words, one a line; and last, where there are any, the KPIs that nobody has discussed."""
        return [*change_words.lines(self.changes), *undiscussed_lines(self.undiscussed)]

    def as_record(self) -> dict[str, Any]:
        """Both for `--json`."""
        record: dict[str, Any] = {"counts": count_words.as_record(self.counts)}
        if self.shown is not None:
            record["since"] = change_words.as_record(self.shown, self.changes)
        record["undiscussed"] = [
            {"kpi": each.kpi.id, "periods": each.periods, "since": str(each.first)} for each in self.undiscussed
        ]
        return record


def standing(workspace: Workspace, period: str, *, now: datetime, since: str = "") -> FiguresStanding:
    """How the figures of a period stand, as a collation of what is in the ledger would show them.

    Args:
        workspace: where.
        period: the reporting period.
        now: for what is late.
        since: an edition by its name or its period, or `last`; "" to compare with none.

    Raises UsageError for a period or an edition that there is not; CatalogueError, LedgerError.
    """
    catalogue, ledger = workspace.catalogue(), workspace.ledger()
    state, reporting = ledger.state(), reporting_period(catalogue, period)
    shown = edition_named(ledger, state, reporting, since) if since else None
    assessment = Assessment(catalogue, state, reporting, now, last_shown=shown)
    changes = change_words.since(shown, assessment) if shown else ()
    return FiguresStanding(assessment.counts, shown, changes, undiscussed(assessment))
