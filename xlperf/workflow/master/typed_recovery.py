"""Reads the figures that people typed into the master's sheet Recovery: what was promised on the way back to target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlperf.catalogue import Catalogue, Kpi
from xlperf.digits import written
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import State, TypedPromise
from xlperf.report import layout
from xlperf.returns.figure import FigureKey
from xlperf.returns.pastperiod import UnclearPeriod, read_period
from xlperf.returns.promise_cells import read_promise
from xlperf.rules.recovery import can_have_path
from xlperf.rules.recovery_path import CELLS, FIGURE
from xlperf.tables import CellKind, Row, Table
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.lineage import checked_last_run
from xlperf.workflow.master.typed_rows import NO_TEXT, Typed, as_typed, stray_below, table_of

Cells = Mapping[str, str]
_KEY = ("Ref", "Org", layout.PROMISED_PERIOD)


def read_recovery(book: WorkbookPort, name: str, state: State, by: str, catalogue: Catalogue) -> Typed:
    """The promises typed into a master since it was last written, and not yet read from it; see `typed.read_typed`.

    As with actions, each row is compared with what the master was written with. A master of an earlier version has no
    such sheet yet, and nothing was typed into it.
    """
    table_names = book.table_names()
    if {layout.RECOVERY, layout.TYPED_RECOVERY} - {each.casefold() for each in table_names}:
        return Typed()
    about, written_table, shown = (
        table_of(book, each, table_names) for each in (layout.ABOUT, layout.TYPED_RECOVERY, layout.RECOVERY)
    )
    last = checked_last_run(about, state)
    recorded = [_without_time(typed) for run, typed in state.typed_promises if run > last]
    reading = _Reading(catalogue, shown, {_raw_key(row): _texts(row) for row in written_table.rows})
    records: list[TypedPromise] = []
    findings: list[Finding] = []
    seen: set[FigureKey] = set()
    for row in shown.rows:
        promise, about_row = reading.read(row, seen)
        findings += about_row
        if promise is not None:
            typed = TypedPromise(*promise.key, cells=promise.cells, over=promise.over, book=f"{name} ({by})")
            if _without_time(typed) not in recorded:
                records.append(typed)
    return Typed(tuple(records), (*findings, *stray_below(shown, (*_KEY, *layout.PROMISE_CELLS.values()))))


def _without_time(typed: TypedPromise) -> tuple[object, ...]:
    return (typed.kpi_id, typed.org, typed.period, typed.cells, typed.over, typed.book)


def _raw_key(row: Row) -> FigureKey:
    ref, org, period = (row[header].raw.strip() for header in _KEY)
    return (ref, org, period)


def _texts(row: Row) -> Cells:
    return {cell: text for cell, header in layout.PROMISE_CELLS.items() if (text := _text(row, cell, header))}


def _text(row: Row, cell: str, header: str) -> str:
    """The text of a cell; a number in full, as a person writes it."""
    if cell == FIGURE and row[header].kind is CellKind.NUMBER:
        return written(float(row[header].raw))
    return as_typed(row[header], is_date=False)


@dataclass(frozen=True, slots=True)
class _Promise:
    key: FigureKey
    cells: Cells
    over: Cells


@dataclass(frozen=True, slots=True)
class _Reading:
    """The rows of Recovery, and what they showed when they were written."""

    catalogue: Catalogue
    table: Table
    base: Mapping[FigureKey, Cells]

    def read(self, row: Row, seen: set[FigureKey]) -> tuple[_Promise | None, list[Finding]]:
        """What was typed in a row, and what is wrong with it; None where nothing was typed, or nothing can be taken."""
        raw, texts = _raw_key(row), _texts(row)
        if raw not in seen and texts == self.base.get(raw, {}):
            seen.add(raw)
            return None, []
        kpi, key, wrong = self._about(row, raw)
        if kpi is None:
            return None, [self._wrong(row, _KEY[0], wrong, texts)] if texts or any(raw) else []
        if key in seen:
            return None, [self._wrong(row, _KEY[0], f"{' '.join(key)} has a second row", texts)] if texts else []
        seen.add(key)
        over = self.base.get(key, {})
        cells, findings = self._cells(row, kpi, key, over)
        return (_Promise(key, cells, over) if cells != over else None), findings

    def _about(self, row: Row, raw: FigureKey) -> tuple[Kpi | None, FigureKey, str]:
        """The KPI that a row is about, with its key; None where it is about none, and why."""
        kpi = self.catalogue.kpi_by_id.get(raw[0])
        if kpi is None:
            return None, raw, f"'{raw[0]}' is no KPI of the catalogue" if raw[0] else "the row has no Ref"
        if raw[1] not in self.catalogue.org_by_code:
            return None, raw, f"'{raw[1]}' is no org of the catalogue" if raw[1] else "the row has no Org"
        if not can_have_path(kpi):
            return None, raw, f"{kpi.id} has no target that a figure could come back to"
        period = read_period(row[_KEY[2]], kpi.frequency, date_1904=False)
        if isinstance(period, UnclearPeriod):
            return None, raw, f"{period.message.rstrip('.')}; {period.fix[:1].lower()}{period.fix[1:].rstrip('.')}"
        return kpi, (raw[0], raw[1], str(period)), ""

    def _cells(self, row: Row, kpi: Kpi, key: FigureKey, over: Cells) -> tuple[Cells, list[Finding]]:
        """The texts of the cells, each as it was before where it cannot be taken, and a finding for each of those."""
        cells, findings = dict[str, str](), list[Finding]()
        for cell in CELLS:
            header = layout.PROMISE_CELLS[cell]
            text, why = _text(row, cell, header), ""
            if row[header].kind in NO_TEXT:
                why = "is a formula without a result"
            elif cell == FIGURE and text != over.get(FIGURE, ""):
                text, why = self._figure(row, kpi, over)
            if why:
                findings.append(self._wrong(row, header, f"{header} of {' '.join(key)} {why}", {cell: row[header].raw}))
                text = over.get(cell, "")
            if text:
                cells[cell] = text
        return cells, findings

    def _figure(self, row: Row, kpi: Kpi, over: Cells) -> tuple[str, str]:
        """The figure typed, as a person writes it; "" and why it cannot be taken."""
        cell = row[layout.PROMISE_CELLS[FIGURE]]
        if cell.is_blank:
            return "", f"was cleared, and stays {over[FIGURE]}: what was promised is not taken back, only changed"
        figure, refusals = read_promise(cell, kpi, lambda code, message, **_: finding(code, message))
        if figure is None:
            return "", f"was not taken: {refusals[0].message.rstrip('.')}" if refusals else "was not taken"
        return written(figure), ""

    def _wrong(self, row: Row, header: str, why: str, texts: Cells) -> Finding:
        found = ", ".join(filter(None, texts.values()))
        where = Location(sheet=self.table.sheet, cell=self.table.address(row, header))
        said = f" ('{found}')" if found and found not in why else ""
        return finding("D012", f"{why}, so it was not recorded{said}.", where, found=found)
