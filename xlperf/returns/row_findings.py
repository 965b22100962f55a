"""What a person should know of a row that was read: what is still owed, and what to look at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from xlperf.catalogue import Kpi
from xlperf.catalogue.reporting import Rules
from xlperf.findings import Finding, finding
from xlperf.findings.plain import plain
from xlperf.period import Period
from xlperf.returns import fields, layout
from xlperf.returns.cell_values import has_text
from xlperf.returns.fields import FIELDS
from xlperf.returns.figure import Figure
from xlperf.returns.figure_cells import input_columns
from xlperf.returns.rating import rate_figure
from xlperf.returns.rowreading import RowReading
from xlperf.returns.still_right import is_due_passed
from xlperf.returns.typed_row import TypedRow
from xlperf.rules import answers_owed
from xlperf.rules.milestones import COMPLETE, MISSED, counts_as, missed_words
from xlperf.rules.rebases import is_comparable, is_rebased


def no_figure(typed: TypedRow) -> Finding:
    """The finding about a row without a figure, which quotes its commentary, as that is shown nowhere else."""
    where = typed.place(input_columns(typed.kpi)[0])
    commentary = typed[fields.COMMENTARY].raw.strip()
    message = f"no figure was given; the commentary says: {commentary}" if commentary else "no figure was given."
    others = [header for header, cell in typed.row.cells.items() if header in _ANSWERS and not cell.is_blank]
    if others:
        message = f"{message.rstrip('.')}; not taken without one: {', '.join(others)}."
    return finding("R005", message, where, found=commentary, expected="a figure, or 'not applicable' with the reason")


_ANSWERS = frozenset(
    column.header for column in layout.ANSWERS if column not in (fields.COMMENTARY, fields.VALIDATED)
) | {column.header for column in layout.FIGURES}
"""The fields that are not kept without a figure, except the commentary, which is quoted, and Data validated."""


_OWED = {field.needed_as: (field, field.missing) for field in FIELDS if field.needed_as}
_OWED[answers_owed.NEW_ACTION_DUE] = (fields.ACTION_DUE, "A004")


def owed(rules: Rules, row: RowReading, figure: Figure) -> Iterator[Finding]:
    """Findings about what is still needed for an accepted figure."""
    typed, rag = row.typed, rate_figure(row.typed.kpi, figure)
    answers = answers_owed.Answers(
        reason_not_applicable=bool(figure.reason_not_applicable),
        commentary=bool(figure.commentary),
        action=bool(figure.action),
        action_owner=bool(figure.action_owner),
        action_due=bool(figure.action_due),
        is_due_passed=is_due_passed(typed, figure),
        restated=not typed[fields.RESTATED].is_blank,
        reason_restated=has_text(typed[fields.RESTATED_REASON]),
        changed=figure.changed,
        what_changed=bool(figure.what_changed),
        validated=figure.validated,
    )
    for item in answers_owed.still_needed(rag, answers, rules, typed.issued.colours, typed.issued.action_for):
        field, code = _OWED[item]
        yield finding(code, f"{rag}: {item} is missing.", typed.place(field))


def to_look_at(row: RowReading, figure: Figure, today: date) -> Iterator[Finding]:
    """Findings about what a person should look at in an accepted figure's row."""
    typed = row.typed
    yield from _date_missed(typed, figure)
    if figure.changed:
        message = f"the owner says: {figure.what_changed or 'nothing about what changed'}."
        yield finding("A006", message, typed.place(fields.CHANGED), fix=_rebase_offered(typed.kpi, figure))
    # Of an action that was kept with a date in the past, `owed` says so.
    if figure.action_due and date.fromisoformat(figure.action_due) < today and not is_due_passed(typed, figure):
        message = f"the action was due {figure.action_due}."
        yield finding("A004", message, typed.place(fields.ACTION_DUE), found=figure.action_due)


_LONGEST_REASON = 200
"""Characters of what an owner says that a remedy quotes."""


def _rebase_offered(kpi: Kpi, figure: Figure) -> str:
    """What to paste into the catalogue about a change of definition, one way or the other; "" where it says it."""
    period = Period.parse(figure.period, kpi.frequency)
    if is_comparable(kpi, figure.org, period) or is_rebased(kpi, figure.org, period):
        return ""
    what = plain(figure.what_changed)[:_LONGEST_REASON] or "say what changed"
    org, reason = (json.dumps(text, ensure_ascii=False) for text in (figure.org, what))
    return (
        f"Trend and SPC begin anew with {period.short}. In the catalogue, give {kpi.id} the reason for that: "
        f"rebases: [{{on: {period.first_day}, orgs: [{org}], reason: {reason}}}]; or, if the figures before and after "
        f"can be compared after all: comparable: [{{from: {period}, orgs: [{org}], reason: {reason}}}]"
    )


def restatements(row: RowReading) -> Iterator[Finding]:
    """A note about each restated earlier figure, which counts even if the row's own figure is refused."""
    for earlier in row.restatements:
        message = f"{earlier.period} restated: {earlier.reason_restated or 'no reason given'}."
        yield finding("A010", message, replace(row.typed, key=earlier.key).place(fields.RESTATED))


def _date_missed(typed: TypedRow, figure: Figure) -> Iterator[Finding]:
    """A finding about a milestone that is said not to be missed, though its date has come and it is not complete."""
    period = Period.parse(figure.period, typed.kpi.frequency)
    target = typed.kpi.target_for(period)
    if counts_as(figure.milestone, target, period.last_day) != figure.milestone:
        message = f"{missed_words(target)}, and at the end of {period.short} it was '{figure.milestone}'."
        where = typed.place(fields.MILESTONE)
        yield finding(
            "R056",
            f"{fields.MILESTONE.header}: {message}",
            where,
            found=figure.milestone,
            expected=f"{COMPLETE}, {MISSED}",
        )
