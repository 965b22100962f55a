"""Reading the figure of a row: its parts, its actual, where its milestone stands, or that it does not apply."""

from __future__ import annotations

from xlperf.catalogue import Kind
from xlperf.digits import written
from xlperf.findings import Finding
from xlperf.returns import fields, layout
from xlperf.returns.cell_values import (
    Report,
    has_text,
    is_percent_sign_typed,
    read_choice,
    read_number,
    read_yes_no,
    says_not_applicable,
    shown,
)
from xlperf.returns.fields import ReturnColumn
from xlperf.returns.figure import Figure
from xlperf.returns.figure_cells import doubtful_to, input_columns, input_kind
from xlperf.returns.plausible import from_parts, impossible, is_without_parts, unusual
from xlperf.returns.rowreading import PartReading, headers_of
from xlperf.returns.typed_row import TypedRow
from xlperf.rules.rag import MILESTONES, rounded
from xlperf.tables import Cell

FigureReading = tuple[Figure | None, list[Finding]]
"""A figure, None where it is refused or not given; and the findings about its cells."""


def read_own(typed: TypedRow) -> PartReading[Figure | None]:
    """The row's own figure. The cells that it is read from are taken even if it says 'not applicable'."""
    figure, findings = _figure(typed)
    inputs = (fields.ACTUAL,) if figure and is_without_parts(typed.kpi, figure) else input_columns(typed.kpi)
    return PartReading(figure, findings, headers_of((fields.NOT_APPLICABLE, *inputs)))


def read_value(typed: TypedRow, cell: Cell, report: Report) -> FigureReading:
    """The figure that is one number, in a cell of the row."""
    kpi, percentage = typed.kpi, typed.kpi.kind is Kind.PERCENTAGE
    actual, findings = read_number(cell, report, percentage=percentage)
    if actual is None:
        return None, findings
    if percentage and not is_percent_sign_typed(cell) and 0 < actual <= doubtful_to(kpi):
        message = f"{written(actual)} could mean {written(actual)} % or {written(actual * 100)} %."
        return None, [report("R004", message, found=cell.raw, expected="95 for 95 %")]
    refusal = impossible(kpi, actual, report)
    if refusal:
        return None, [*findings, refusal]
    return Figure(*typed.key, actual=actual), findings + unusual(kpi, actual, report)


def _figure(typed: TypedRow) -> FigureReading:
    kpi, key, inputs = typed.kpi, typed.key, input_columns(typed.kpi)
    not_applicable, findings = read_yes_no(typed[fields.NOT_APPLICABLE], typed.report(fields.NOT_APPLICABLE))
    findings += _unused(typed, inputs)
    for column in inputs:
        if says_not_applicable(typed[column]):
            not_applicable = True
            if typed.is_history:  # nobody was asked whether it applies
                words = shown(typed[column])
                message = f"'{words}' was taken to mean 'not applicable'."
                findings.append(typed.report(column)("R053", message, found=words))
    # An actual typed instead of the parts is a figure too, and contradicts 'not applicable' as well.
    figures = (*inputs, fields.ACTUAL) if input_kind(kpi) == "parts" else inputs
    filled = [column for column in figures if not typed[column].is_blank and not says_not_applicable(typed[column])]
    if not_applicable:
        if filled:
            message = f"'{shown(typed[filled[0]])}' is given as well as 'not applicable'."
            return None, [*findings, typed.report(filled[0])("R013", message, found=typed[filled[0]].raw)]
        return Figure(*key, not_applicable=True), findings
    if input_kind(kpi) == "milestone":
        report = typed.report(fields.MILESTONE)
        choice, new_findings = read_choice(typed[fields.MILESTONE], tuple(MILESTONES), report)
        return (Figure(*key, milestone=choice) if choice else None), findings + new_findings
    if input_kind(kpi) == "parts":
        figure, new_findings = _parts(typed)
    else:
        figure, new_findings = read_value(typed, typed[fields.ACTUAL], typed.report(fields.ACTUAL))
    return figure, findings + new_findings


def _unused(typed: TypedRow, inputs: tuple[ReturnColumn, ...]) -> list[Finding]:
    """A warning for each grey cell that was filled in, so that the owner knows it is not read."""
    return [
        typed.report(column)("R031", f"'{typed[column].raw[:60]}' is not read.", found=typed[column].raw)
        for column in layout.FIGURES
        if column not in inputs
        and not typed[column].is_blank
        # Old records have an actual beside its parts; see `_contradicted`.
        and not (typed.is_history and column is fields.ACTUAL and inputs != (fields.MILESTONE,))
        # An actual in place of the parts is refused, with a finding of its own.
        and not (column is fields.ACTUAL and inputs and all(typed[each].is_blank for each in inputs))
    ]


def _parts(typed: TypedRow) -> FigureReading:
    top, bottom = typed.report(fields.NUMERATOR), typed.report(fields.DENOMINATOR)
    numerator, new_findings = read_number(typed[fields.NUMERATOR], top, percentage=False)
    denominator, denominator_findings = read_number(typed[fields.DENOMINATOR], bottom, percentage=False)
    findings = new_findings + denominator_findings
    if any(item.severity == "reject row" for item in findings):
        return None, findings
    if numerator is None and denominator is None:
        actual, report = typed[fields.ACTUAL], typed.report(fields.ACTUAL)
        if typed.is_history or has_text(typed[fields.NO_PARTS]):
            return read_value(typed, actual, report)
        if not actual.is_blank:
            findings.append(report("R024", f"found '{shown(actual)}'.", found=actual.raw))
        return None, findings
    if numerator is None or denominator is None:
        empty = fields.NUMERATOR if numerator is None else fields.DENOMINATOR
        return None, [*findings, typed.report(empty)("R006", "is empty, although the other part is given.")]
    figure, new_findings = from_parts(typed.key, typed.kpi, numerator, denominator, top)
    if figure is not None and typed.is_history:
        new_findings = [*new_findings, *_contradicted(typed, figure)]
    return figure, findings + new_findings


def _contradicted(typed: TypedRow, figure: Figure) -> list[Finding]:
    """A warning if an old record has an actual beside its parts, and they differ as printed."""
    cell, report, decimals = typed[fields.ACTUAL], typed.report(fields.ACTUAL), typed.kpi.shown_decimals
    if cell.is_blank or figure.actual is None:
        return []
    stated, _ = read_value(typed, cell, report)
    if stated is None or stated.actual is None:
        message = f"'{shown(cell)}' is not read; the parts are used, which make {written(figure.actual)}."
        return [report("R031", message, found=cell.raw)]
    if rounded(stated.actual, decimals) == rounded(figure.actual, decimals):
        return []
    message = (
        f"{written(stated.actual)} differs from {written(figure.actual)}, which the parts make; the parts are used."
    )
    return [report("R031", message, found=written(stated.actual))]
