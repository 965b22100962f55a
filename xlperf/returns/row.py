"""Reading one row of a return."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from xlperf.catalogue import Catalogue, Kind, Kpi
from xlperf.digits import written
from xlperf.errors import UsageError
from xlperf.findings import Finding, Location, finding
from xlperf.period import Period
from xlperf.returns import fields, layout
from xlperf.returns.cell_values import (
    has_text,
    is_percent_sign_typed,
    read_choice,
    read_date,
    read_number,
    read_text,
    read_yes_no,
    says_not_applicable,
    shown,
)
from xlperf.returns.fields import Field, Holds, ReturnColumn
from xlperf.returns.figure import FieldValue, Figure, FigureKey
from xlperf.returns.figure_cells import doubtful_to, input_kind
from xlperf.returns.plausible import from_parts, impossible, is_without_parts, unusual
from xlperf.returns.rowreading import PartReading, RowReading, headers_of
from xlperf.rules.rag import MILESTONES, rounded
from xlperf.tables import Cell, CellKind, Row, Table


def key_of(row: Row) -> FigureKey:
    """The key in a row: its Ref, Org and Period as typed."""
    ref, org, period = (row[column.header].raw.strip() for column in (fields.REF, fields.ORG, fields.PERIOD))
    return (ref, org, period)


class RowReader:
    """Reads the rows of one return or history file."""

    def __init__(
        self, catalogue: Catalogue, file: str, table: Table, *, date_1904: bool = False, is_history: bool = False
    ) -> None:
        """`is_history`: whether a KPI with parts may have its percentage alone, as in many old records."""
        self._catalogue = catalogue
        self._is_history = is_history
        self.file = file
        self._table = table
        self._date_1904 = date_1904

    def knows(self, key: FigureKey) -> bool:
        """Whether the catalogue still has the row's KPI and org, and the period makes sense for it."""
        kpi = self._catalogue.kpi_by_id.get(key[0])
        if kpi is None or key[1] not in self._catalogue.open_days[kpi.id]:
            return False
        try:
            kpi.period(key[2])
        except UsageError:
            return False
        return True

    def inputs(self, kpi_id: str) -> tuple[ReturnColumn, ...]:
        """The columns of the cells that a KPI's figure is typed into."""
        kind = input_kind(self._catalogue.kpi_by_id[kpi_id])
        return {"milestone": (fields.MILESTONE,), "parts": (fields.NUMERATOR, fields.DENOMINATOR)}.get(
            kind, (fields.ACTUAL,)
        )

    def place(self, row: Row, column: ReturnColumn, key: FigureKey) -> Location:
        """The location of one cell of a row, for a finding."""
        return Location(self.file, self._table.sheet, self._table.address(row, column.header), None, *key)

    def main_column(self, kpi_id: str) -> ReturnColumn:
        """The first input cell of a KPI's rows."""
        kind = input_kind(self._catalogue.kpi_by_id[kpi_id])
        return {"milestone": fields.MILESTONE, "parts": fields.NUMERATOR, "value": fields.ACTUAL}[kind]

    def read(self, row: Row, key: FigureKey) -> RowReading:
        """Read the row of this key."""
        kpi = self._catalogue.kpi_by_id[key[0]]
        own, restated, answers = self._own(row, key, kpi), self._restated(row, key, kpi), self._answers(row, key)
        figures = [restated.value] if restated.value else []
        if own.value is not None:
            answers.findings.extend(self._without_parts(row, key, own.value, answers.value))
            column = fields.ACTUAL if is_without_parts(kpi, own.value) else self.main_column(kpi.id)
            cell = row[column.header].ref
            figure = replace(own.value, file=self.file, sheet=self._table.sheet, cell=cell)
            figures.append(figure.with_answers(answers.value))
        return RowReading(
            key,
            tuple(figures),
            [*own.findings, *restated.findings, *answers.findings],
            row,
            self._table.sheet,
            taken=own.taken | restated.taken | answers.taken,
            flagged=own.flagged | restated.flagged | answers.flagged,
        )

    def _reporter(self, row: Row, column: ReturnColumn, key: FigureKey) -> Any:
        where = self.place(row, column, key)
        return lambda code, message, **parts: finding(code, f"{column.header}: {message}", where, **parts)

    def _own(self, row: Row, key: FigureKey, kpi: Kpi) -> PartReading[Figure | None]:
        """The row's own figure. The cells that it is read from are taken even if it says 'not applicable'."""
        figure, findings = self._figure(row, key, kpi)
        inputs = (fields.ACTUAL,) if figure and is_without_parts(kpi, figure) else self.inputs(kpi.id)
        return PartReading(figure, findings, headers_of((fields.NOT_APPLICABLE, *inputs)))

    def _without_parts(
        self, row: Row, key: FigureKey, figure: Figure, answers: dict[str, FieldValue]
    ) -> Iterator[Finding]:
        """A finding about a figure given without its parts; a reason for that beside anything else is not kept."""
        reason, report = answers[fields.NO_PARTS.id], self._reporter(row, fields.NO_PARTS, key)
        kpi = self._catalogue.kpi_by_id[key[0]]
        if self._is_history or not reason:
            return
        if is_without_parts(kpi, figure):
            yield report("R057", f"{written(figure.actual or 0.0)} was given without its parts: {reason}")
            return
        answers[fields.NO_PARTS.id] = ""
        yield report("R031", f"'{str(reason)[:60]}' is not read.", found=str(reason))

    def _figure(self, row: Row, key: FigureKey, kpi: Kpi) -> tuple[Figure | None, list[Finding]]:
        report = partial(self._reporter, row, key=key)
        not_applicable, findings = read_yes_no(row[fields.NOT_APPLICABLE.header], report(fields.NOT_APPLICABLE))
        inputs = self.inputs(kpi.id)
        findings += self._unused(row, key, inputs)
        for column in inputs:
            if says_not_applicable(row[column.header]):
                not_applicable = True
                if self._is_history:  # nobody was asked whether it applies
                    words = shown(row[column.header])
                    findings.append(
                        report(column)("R053", f"'{words}' was taken to mean 'not applicable'.", found=words)
                    )
        # An actual typed instead of the parts is a figure too, and contradicts 'not applicable' as well.
        figures = (*inputs, fields.ACTUAL) if input_kind(kpi) == "parts" else inputs
        filled = [c for c in figures if not row[c.header].is_blank and not says_not_applicable(row[c.header])]
        if not_applicable:
            if filled:
                message = f"'{shown(row[filled[0].header])}' is given as well as 'not applicable'."
                return None, [*findings, report(filled[0])("R013", message, found=row[filled[0].header].raw)]
            return Figure(*key, not_applicable=True), findings
        if input_kind(kpi) == "milestone":
            choice, new_findings = read_choice(
                row[fields.MILESTONE.header], tuple(MILESTONES), report(fields.MILESTONE)
            )
            return (Figure(*key, milestone=choice) if choice else None), findings + new_findings
        if input_kind(kpi) == "parts":
            figure, new_findings = self._parts(row, key, kpi)
        else:
            figure, new_findings = self._value(row[fields.ACTUAL.header], key, kpi, report(fields.ACTUAL))
        return figure, findings + new_findings

    def _unused(self, row: Row, key: FigureKey, inputs: tuple[ReturnColumn, ...]) -> list[Finding]:
        """A warning for each grey cell that was filled in, so that the owner knows it is not read."""
        return [
            self._reporter(row, column, key)(
                "R031", f"'{row[column.header].raw[:60]}' is not read.", found=row[column.header].raw
            )
            for column in layout.FIGURES
            if column not in inputs
            and not row[column.header].is_blank
            # Old records have an actual beside its parts; see `_contradicted`.
            and not (self._is_history and column is fields.ACTUAL and inputs != (fields.MILESTONE,))
            # An actual in place of the parts is refused, with a finding of its own.
            and not (column is fields.ACTUAL and inputs and all(row[each.header].is_blank for each in inputs))
        ]

    def _parts(self, row: Row, key: FigureKey, kpi: Kpi) -> tuple[Figure | None, list[Finding]]:
        report = partial(self._reporter, row, key=key)
        numerator, new_findings = read_number(row[fields.NUMERATOR.header], report(fields.NUMERATOR), percentage=False)
        denominator, denominator_findings = read_number(
            row[fields.DENOMINATOR.header], report(fields.DENOMINATOR), percentage=False
        )
        findings = new_findings + denominator_findings
        if any(item.severity == "reject row" for item in findings):
            return None, findings
        if numerator is None and denominator is None:
            if self._is_history or has_text(row[fields.NO_PARTS.header]):
                return self._value(row[fields.ACTUAL.header], key, kpi, report(fields.ACTUAL))
            if not row[fields.ACTUAL.header].is_blank:
                actual = row[fields.ACTUAL.header]
                findings.append(report(fields.ACTUAL)("R024", f"found '{shown(actual)}'.", found=actual.raw))
            return None, findings
        if numerator is None or denominator is None:
            empty = fields.NUMERATOR if numerator is None else fields.DENOMINATOR
            return None, [*findings, report(empty)("R006", "is empty, although the other part is given.")]
        figure, new_findings = from_parts(key, kpi, numerator, denominator, report(fields.NUMERATOR))
        if figure is not None and self._is_history:
            new_findings = [*new_findings, *self._contradicted(row, key, kpi, figure)]
        return figure, findings + new_findings

    def _contradicted(self, row: Row, key: FigureKey, kpi: Kpi, figure: Figure) -> list[Finding]:
        """A warning if an old record has an actual beside its parts, and they differ as printed."""
        cell, report = row[fields.ACTUAL.header], self._reporter(row, fields.ACTUAL, key)
        if cell.is_blank or figure.actual is None:
            return []
        stated, _ = self._value(cell, key, kpi, report)
        if stated is None or stated.actual is None:
            message = f"'{shown(cell)}' is not read; the parts are used, which make {written(figure.actual)}."
            return [report("R031", message, found=cell.raw)]
        if rounded(stated.actual, kpi.shown_decimals) == rounded(figure.actual, kpi.shown_decimals):
            return []
        message = (
            f"{written(stated.actual)} differs from {written(figure.actual)}, which the parts make; the parts are used."
        )
        return [report("R031", message, found=written(stated.actual))]

    def _value(self, cell: Cell, key: FigureKey, kpi: Kpi, report: Any) -> tuple[Figure | None, list[Finding]]:
        percentage = kpi.kind is Kind.PERCENTAGE
        actual, findings = read_number(cell, report, percentage=percentage)
        if actual is None:
            return None, findings
        if percentage and not is_percent_sign_typed(cell) and 0 < actual <= doubtful_to(kpi):
            message = f"{written(actual)} could mean {written(actual)} % or {written(actual * 100)} %."
            return None, [report("R004", message, found=cell.raw, expected="95 for 95 %")]
        refusal = impossible(kpi, actual, report)
        if refusal:
            return None, [*findings, refusal]
        return Figure(*key, actual=actual), findings + unusual(kpi, actual, report)

    def _restated(self, row: Row, key: FigureKey, kpi: Kpi) -> PartReading[Figure | None]:
        """The restated figure of the previous period; one that cannot be read is a warning, not a refusal."""
        cell, why = row[fields.RESTATED.header], row[fields.RESTATED_REASON.header]
        if cell.is_blank:
            lone = self._reporter(row, fields.RESTATED_REASON, key)
            unread = [] if why.is_blank else [lone("R038", f"'{why.raw[:60]}' is not read.", found=why.raw)]
            return PartReading(None, unread)
        report = self._reporter(row, fields.RESTATED, key)
        previous = (key[0], key[1], str(Period.parse(key[2], kpi.frequency).previous()))
        figure, new_findings = _restated_figure(cell, previous, kpi, report, self)
        if figure is None:
            refusal = new_findings[0].message if new_findings else "cannot be read."
            problem = refusal.removeprefix(f"{fields.RESTATED.header}: ")
            problem += " The reason for it is not kept either." if not why.is_blank else ""
            refused = [report("R030", problem, found=cell.raw)]
            return PartReading(None, refused, flagged=headers_of([fields.RESTATED_REASON]))
        reason, reason_findings = read_text(why, self._reporter(row, fields.RESTATED_REASON, key))
        figure = replace(
            figure, restated=True, reason_restated=reason, file=self.file, sheet=self._table.sheet, cell=cell.ref
        )
        taken = headers_of((fields.RESTATED, fields.RESTATED_REASON))
        return PartReading(figure, [*new_findings, *reason_findings], taken)

    def _answers(self, row: Row, key: FigureKey) -> PartReading[dict[str, FieldValue]]:
        """The value of every field that goes with the figure, by field id."""
        answers: dict[str, FieldValue] = {}
        findings: list[Finding] = []
        for column in layout.ANSWERS:
            answers[column.id], new_findings = self._answer(
                row[column.header], column, self._reporter(row, column, key), key
            )
            findings += new_findings
        return PartReading(answers, findings, headers_of(layout.ANSWERS))

    def _answer(self, cell: Cell, column: Field, report: Any, key: FigureKey) -> tuple[FieldValue, list[Finding]]:
        match column.holds:
            case Holds.NUMBER:
                percentage = self._catalogue.kpi_by_id[key[0]].kind is Kind.PERCENTAGE
                number, new_findings = read_number(cell, report, percentage=percentage)
                # A number that only goes with the figure is a warning where a figure would be refused.
                is_refused = number is None and bool(new_findings)
                return number, [report("R030", "is not a number.", found=cell.raw)] if is_refused else []
            case Holds.DATE:
                day, new_findings = read_date(cell, report, date_1904=self._date_1904)
                return day.isoformat() if day else "", new_findings
            case Holds.YES_NO | Holds.YES:
                is_yes, new_findings = read_yes_no(cell, report)
                return bool(is_yes), new_findings
            case Holds.STATUS:
                return read_choice(cell, tuple(MILESTONES), report)
            case Holds.TEXT:
                return read_text(cell, report)


def _restated_figure(
    cell: Cell, key: FigureKey, kpi: Kpi, report: Any, reader: RowReader
) -> tuple[Figure | None, list[Finding]]:
    if kpi.kind is Kind.MILESTONE:
        choice, new_findings = read_choice(cell, tuple(MILESTONES), report)
        return (Figure(*key, milestone=choice) if choice else None), new_findings
    if not kpi.has_parts:
        return reader._value(cell, key, kpi, report)
    top, slash, bottom = cell.raw.partition("/")
    if not slash:
        return None, [report("R024", f"found '{shown(cell)}', expected numerator/denominator.", found=cell.raw)]
    parts = [read_number(Cell(CellKind.TEXT, part), report, percentage=False)[0] for part in (top, bottom)]
    if parts[0] is None or parts[1] is None:
        return None, [report("R001", f"found '{shown(cell)}', expected numerator/denominator.", found=cell.raw)]
    return from_parts(key, kpi, parts[0], parts[1], report)
