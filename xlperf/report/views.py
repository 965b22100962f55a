"""Every sheet of the master, and its tables as a collation writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlperf.assessment import Assessment
from xlperf.report import layout
from xlperf.report.columns import MasterSheet
from xlperf.report.sheets import (
    about,
    actions,
    cases,
    changes,
    chart,
    contents,
    dashboard,
    data,
    enquiries,
    escalation,
    exceptions,
    findings,
    glossary,
    hidden,
    kpis,
    narrative,
    recovery_paths,
    returns,
    rollup,
    rollup_history,
)
from xlperf.rows import RowsByColumn

RowsByTable = dict[str, RowsByColumn]

SHEETS: tuple[MasterSheet[Any], ...] = (
    contents.sheet(),
    dashboard.SHEET,
    exceptions.SHEET,
    escalation.SHEET,
    narrative.SHEET,
    actions.SHEET,
    cases.SHEET,
    enquiries.SHEET,
    recovery_paths.SHEET,
    changes.SHEET,
    kpis.SHEET,
    rollup.SHEET,
    rollup_history.SHEET,
    data.SHEET,
    chart.SHEET,
    returns.SHEET,
    findings.SHEET,
    glossary.SHEET,
    about.sheet(),
    hidden.TYPED,
    hidden.STAGES,
    hidden.TYPED_ACTIONS,
    hidden.TYPED_RECOVERY,
    hidden.TYPED_ENQUIRIES,
    hidden.TYPED_WORDS,
    hidden.TYPED_CASES,
)
"""In the order of the workbook, in which they are also written.

The records of what people type into as last written (those of `hidden`) come after the tables themselves. In the
other order, a failure between the two would make what is older, and still on the sheet, look newly typed.
"""

SHEET_OF = {sheet.table: sheet for sheet in SHEETS}
"""By the name of its table."""


def headers(table: str) -> tuple[str, ...]:
    """The headers of a table of the master."""
    return SHEET_OF[table].headers


def master_tables(
    assessment: Assessment, items: Sequence[tuple[str, str]], names: Mapping[str, str] | None = None
) -> RowsByTable:
    """The rows of every table of the master.

    `items` are the rows of About; `names` are those that the sheets have, by table, where people may have renamed them.
    """
    with_content: dict[str, MasterSheet[Any]] = {
        layout.ABOUT: about.sheet(tuple(items)),
        layout.CONTENTS: contents.sheet(
            tuple(sheet for sheet in SHEETS if sheet.name not in (contents.NAME, *hidden.NAMES)), names
        ),
    }
    return {sheet.table: with_content.get(sheet.table, sheet).rows(assessment) for sheet in SHEETS}
