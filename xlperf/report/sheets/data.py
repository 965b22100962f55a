"""Data in the master: every figure that was returned, judged, with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from xlperf.assessment import Assessment, JudgedFigure, date_of
from xlperf.catalogue import Kpi, Target
from xlperf.ledger import Current
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.columns import FIRST, Column, ColumnKind, MasterSheet, RowOrder
from xlperf.report.sheets.common import (
    chart_columns,
    in_period_columns,
    limit_columns,
    org_column,
    ref_column,
    target_columns,
)
from xlperf.report.verdict_words import short_change, year_change
from xlperf.returns import fields
from xlperf.returns.field_cells import LIKE
from xlperf.returns.fields import FIELDS, Field, Holds
from xlperf.returns.figure import FieldValue, Figure
from xlperf.returns.kpi_words import target_words, tolerance_words
from xlperf.rules.shown import MISLEADING


@dataclass(frozen=True, slots=True)
class Datum:
    """A figure that was returned: as the ledger has it, and as it was judged."""

    kpi: Kpi
    judged: JudgedFigure
    current: Current
    figure: Figure
    period: Period
    target: Target | None
    organisation: str
    stage: str


def _data(assessment: Assessment) -> Iterator[Datum]:
    """Every current figure that the sheet does not leave out for its age."""
    since = assessment.data_since or date.min
    return (datum for datum in every(assessment) if datum.period.last_day >= since)


def every(assessment: Assessment) -> Iterator[Datum]:
    """Every current figure; the last figure of a series has its stage."""
    orgs = {org.code: org.name for org in assessment.catalogue.orgs}
    last = {latest.series: latest.period for latest in assessment.latest}
    kpis = assessment.catalogue.kpi_by_id
    for judged in assessment.rows:
        current = assessment.current(judged)
        if current is None:
            continue
        kpi, org = kpis[judged["kpi_id"]], judged["org"]
        period = kpi.period(judged["period"])
        stage = assessment.ladder.words((kpi.id, org)) if last.get((kpi.id, org)) == period else ""
        yield Datum(kpi, judged, current, current.now, period, kpi.target_for(period), orgs.get(org, ""), stage)


def _first_reported(datum: Datum) -> float | str | None:
    return datum.current.first.milestone or datum.current.first.actual


def _definition_changed(datum: Datum) -> str:
    return datum.figure.what_changed or ("yes" if datum.figure.changed else "")


def _note(datum: Datum) -> str:
    shown = datum.judged["shown"]
    return f"printed rounded it would look another colour: {shown}" if MISLEADING in shown else ""


_KINDS = {Holds.NUMBER: ColumnKind.NUMBER, Holds.DATE: ColumnKind.DATE}


def _field_column(field: Field, width: float, says: str, since: str = FIRST) -> Column[Datum]:
    """The column of a field of the return."""
    kind, like = _KINDS.get(field.holds, ColumnKind.TEXT), "" if since == FIRST else LIKE[field.holds]
    return Column(field.id, field.header, lambda datum: _shown(field, datum), width, says, kind, since=since, like=like)


def _shown(field: Field, datum: Datum) -> FieldValue | date:
    answer = datum.figure.answer(field.id)
    match field.holds:
        case Holds.YES_NO | Holds.YES:
            return "yes" if answer else ""
        case Holds.DATE:
            return date_of(str(answer or ""))
        case Holds.NUMBER:
            return answer
        case _:
            return answer or ""


def _newer() -> tuple[Column[Datum], ...]:
    """The columns of fields that were added to the return after the first version."""
    newer = (field for field in FIELDS if field.is_in_data and field.release != FIRST)
    return tuple(
        _field_column(field, field.width, field.hint or "as the owner answered", field.release) for field in newer
    )


COLUMNS: tuple[Column[Datum], ...] = (
    ref_column(lambda datum: datum.kpi.id),
    Column("kpi", "KPI", lambda datum: datum.kpi.name, 34, "the KPI's name"),
    org_column(lambda datum: datum.judged["org"]),
    Column("organisation", "Organisation", lambda datum: datum.organisation, 22, "the org's name"),
    Column("period", "Period", lambda datum: datum.judged["period"], 12, "the KPI's period", ColumnKind.PERIOD,
           is_key=True),
    Column("period_ends", "Period ends", lambda datum: datum.period.last_day, 12, "the last day of the period",
           ColumnKind.DATE),
    Column("unit", "Unit", lambda datum: datum.kpi.shown_unit, 8, "the unit of the figure"),
    _field_column(fields.ACTUAL, 12, "the figure, unrounded"),
    _field_column(fields.NUMERATOR, 12, "its numerator"),
    _field_column(fields.DENOMINATOR, 12, "its denominator"),
    _field_column(fields.MILESTONE, 11, "how a milestone stands"),
    Column("target", "Target", lambda datum: target_words(datum.kpi, datum.target), 14, "the target, in words"),
    Column("tolerance", "Tolerance", lambda datum: tolerance_words(datum.target), 18, "the tolerance, in words"),
    Column("target_since", "Target since", lambda datum: datum.target.from_ if datum.target else "", 12,
           "the period from which the target holds", ColumnKind.PERIOD),
    Column("rag", "RAG", lambda datum: datum.judged["rag"], 13, "its colour, or why it has none"),
    Column("change", "Change", lambda datum: short_change(datum.kpi, datum.judged), 9,
           "better or worse than the period before; of cumulative KPIs what the periods added, as month better"),
    Column("last_year", "Same period last year", lambda datum: year_change(datum.kpi, datum.judged), 10,
           "better or worse than a year before, of KPIs with a season"),
    Column("trend", "Trend", lambda datum: datum.judged["trend"], 13,
           "the trend at this figure: by SPC where it gives a verdict, else by the rule for short series"),
    Column("figures", "Figures", lambda datum: datum.judged["points"], 8, "figures of the series so far",
           ColumnKind.NUMBER),
    Column("escalation", "Escalation", lambda datum: datum.stage, 22, "by the latest figure, the stage of its series"),
    _field_column(fields.COMMENTARY, 40, "the owner's commentary"),
    _field_column(fields.CAUSE, 24, "the cause that the owner gave"),
    _field_column(fields.ACTION, 30, "the action that the owner promised"),
    _field_column(fields.ACTION_OWNER, 18, "who does it"),
    _field_column(fields.ACTION_DUE, 12, "by when"),
    _field_column(fields.FORECAST, 12, "the owner's forecast"),
    _field_column(fields.NOT_APPLICABLE_REASON, 20, "why the KPI did not apply"),
    _field_column(fields.PROVISIONAL, 11, "yes, or blank"),
    Column("first_reported", "First reported", _first_reported, 12, "the figure as it was returned first",
           ColumnKind.NUMBER),
    Column("restated", "Restated", lambda datum: "yes" if datum.current.is_restated else "", 9,
           "yes, or blank"),
    _field_column(fields.RESTATED_REASON, 22, "why it changed"),
    Column("definition_changed", "Definition changed", _definition_changed, 18, "what changed in how it is counted"),
    Column("validated", "Validated", lambda datum: "yes" if datum.figure.validated else "no", 9, "yes or no"),
    Column("note", "Note", _note, 24, "where rounding would hide the colour, the figure in full"),
    Column("file", "File", lambda datum: datum.figure.file, 34, "the file it came in"),
    Column("sheet", "Sheet", lambda datum: datum.figure.sheet, 10, "the sheet it was typed in"),
    Column("cell", "Cell", lambda datum: datum.figure.cell, 8, "the cell it was typed in"),
    Column("return", "Return", lambda datum: datum.current.return_id or "imported", 18, "the id of the return"),
    *limit_columns(lambda datum: datum.judged, since="0.2.0"),
    *chart_columns(lambda datum: datum.judged, since="0.2.0"),
    *in_period_columns(lambda datum: datum.judged, since="0.2.0"),
    *target_columns(lambda datum: datum.target, since="0.2.0"),
    *_newer(),
)  # fmt: skip

SHEET = MasterSheet(
    layout.DATA,
    "Data",
    "a figure that was returned or imported",
    COLUMNS,
    _data,
    stay=RowOrder.GROWS_AT_ITS_END,
    wraps=False,
    printed_to="RAG",
    shows="Every figure that was returned or imported, period by period, with what its owner said.",
)
