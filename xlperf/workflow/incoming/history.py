"""Reads a file of history: figures kept before xlperf, each checked like a figure of a return."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from xlperf.catalogue import Catalogue, Kind
from xlperf.errors import UsageError
from xlperf.findings import KINDS, Finding, Location, Severity, finding
from xlperf.returns import cell_values, fields, layout
from xlperf.returns.fields import FIELDS, Holds, ReturnColumn
from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.figure_cells import input_columns
from xlperf.returns.pastperiod import UnclearPeriod, read_period, shown_period
from xlperf.returns.row import RowReader, key_of
from xlperf.tables import Cell, CellKind, NumberStyle, Row, Table
from xlperf.workbook.lists import ListFile, read_list

_PLACE: dict[str, ReturnColumn] = {"kpi": fields.REF, "org": fields.ORG, "period": fields.PERIOD}
NEEDED = tuple(_PLACE)
_TAKEN = [field for field in FIELDS if field.is_in_history]
# The actual first: it is what most old records have, and a list of columns is read from its beginning.
_TAKEN.sort(key=lambda field: field is not fields.ACTUAL)
COLUMNS = {**_PLACE, **{field.header.casefold(): field for field in _TAKEN}}
"""The columns a history file may have, in any order and any capitals. It must have those in `NEEDED`."""

_TEXTS = tuple(field.header for field in _TAKEN if field.holds is Holds.TEXT)
_FIGURES = tuple(field.header for field in layout.FIGURES)
_MOST = 10
"""The most sheets that a message names."""


@dataclass(frozen=True, slots=True)
class History:
    """The contents of a file of history: its figures, what is wrong with it, and how many rows are not taken."""

    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    refused: int


def read_history(data: bytes, file: Path, catalogue: Catalogue, today: date, sheet: str = "") -> History:
    """What the bytes of a file called `file` say to a catalogue; periods that end after `today` are refused.

    Raises UsageError, WorkbookError as `import_history`.
    """
    plain = read_list(data, file, needed=NEEDED, sheet=sheet)
    reader = _Reader(catalogue, file.name, plain, today)
    lines = [reader.read(row) for row in reader.table.rows]
    lines = [line for same in _by_key(lines) for line in _settled(same)]
    lines.sort(key=lambda line: line.number)
    findings = [*_of_file(plain, file.name), *(item for line in lines for item in line.findings)]
    return History(
        tuple(figure for line in lines for figure in line.figures),
        tuple(item for item in findings if item.severity is not Severity.NOTE),
        sum(line.is_refused for line in lines),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """What one row of the file says."""

    number: int
    key: FigureKey
    where: Location
    figures: tuple[Figure, ...] = ()
    findings: tuple[Finding, ...] = ()
    is_refused: bool = True
    is_blank: bool = False
    """Whether it gives no figure at all; then it contradicts no other."""


class _Reader:
    """Reads the rows of one file, and holds what they share."""

    def __init__(self, catalogue: Catalogue, file: str, plain: ListFile, today: date) -> None:
        self.table = _renamed(plain, file)
        self._catalogue = catalogue
        self._file = file
        self._plain = plain
        self._today = today
        self._rows = RowReader(catalogue, file, self.table, is_history=True)
        self._others = {header for header in plain.table.columns if _has_own_numbers(plain.table, header)}
        """Columns of no interest, as a target: what stands in them was not torn from the figure before it."""

    def read(self, row: Row) -> _Line:
        """What a row says by itself."""
        ref, org, _ = key_of(row)
        cell = row[fields.PERIOD.header]
        key = (ref, org, shown_period(cell, date_1904=self._plain.date_1904))
        where = _line(self._file, row, key)
        if stranger := self._stranger(row, key, where):
            return _Line(row.number, key, where, findings=(stranger,))
        kpi = self._catalogue.kpi_by_id[ref]
        period = read_period(cell, kpi.frequency, date_1904=self._plain.date_1904)
        if isinstance(period, UnclearPeriod):
            refusal = finding(period.code, period.message, where, found=cell.raw, fix=period.fix)
            return _Line(row.number, key, where, findings=(refusal,))
        key = (ref, org, str(period))
        where = _line(self._file, row, key)
        if period.last_day > self._today:
            refusal = finding(
                "R025", f"{period} has not ended yet.", where, fix="Import this row again once the period has ended."
            )
            return _Line(row.number, key, where, findings=(refusal,))
        torn = self._torn(row, ref, where)
        if torn:
            return _Line(row.number, key, where, findings=(torn,))
        reading = self._rows.read(row, key)
        about = [
            replace(
                item,
                location=replace(item.location, line=row.number, sheet="", cell=""),
                fix=item.kind.fix_history or item.fix,
            )
            for item in reading.findings
        ]
        if reading.is_refused:
            return _Line(row.number, key, where, findings=tuple(about))
        if not reading.figures:
            status = f"; a milestone's status goes into the column {fields.MILESTONE.header.casefold()}"
            is_milestone = self._catalogue.kpi_by_id[ref].kind is Kind.MILESTONE
            nothing = finding("R005", f"no figure was given{status if is_milestone else ''}.", where)
            return _Line(row.number, key, where, findings=(*about, nothing), is_blank=True)
        return _Line(row.number, key, where, reading.figures, tuple(about), is_refused=False)

    def _stranger(self, row: Row, key: FigureKey, where: Location) -> Finding | None:
        """The finding about a KPI or org that the catalogue does not have."""
        for column, what in ((fields.REF, "KPI"), (fields.ORG, "org")):
            cell = row[column.header]
            if cell.kind is CellKind.UNCALCULATED:
                return finding(
                    "R003", f"{what}: the formula has no calculated value.", where, fix=KINDS["R003"].fix_history
                )
            if cell.is_blank:
                fix = "Give it on every row; merged cells hold it in the first alone."
                return finding("R025", f"the row has no {what}.", where, fix=fix)
            if cell.style is NumberStyle.DATE:
                day = shown_period(cell, date_1904=self._plain.date_1904)
                fix = "Type it again in a column formatted as Text; Excel makes dates of some ids."
                return finding("R025", f"the {what} is the date {day} in the file.", where, found=cell.raw, fix=fix)
        kpi = self._catalogue.kpi_by_id.get(key[0])
        if kpi is None:
            fix = "Write its id as in the catalogue, in the same capitals; or add the KPI to the catalogue."
            return finding("R025", f"the catalogue has no KPI '{key[0]}'.", where, found=key[0], fix=fix)
        orgs = self._catalogue.open_days[kpi.id]
        if key[1] not in orgs:
            fix = "Write the org's code as in the catalogue; or add the org to the KPI there."
            message = f"{key[0]} is not reported by an org '{key[1]}'."
            return finding("R025", message, where, found=key[1], expected=", ".join(islice(orgs, 20)), fix=fix)
        return None

    def _torn(self, row: Row, kpi_id: str, where: Location) -> Finding | None:
        """The finding about 1 and 234, or 91 and 5, in neighbouring cells of a CSV: one number, split at its comma.

        There is none if the KPI uses the second cell, or if that cell is in a column with numbers of its own: then it
        is just a number.
        """
        kpi = self._catalogue.kpi_by_id[kpi_id]
        used = {column.header for column in (fields.REF, fields.ORG, fields.PERIOD, *input_columns(kpi))}
        parts = (fields.NUMERATOR.header, fields.DENOMINATOR.header)
        if kpi.kind is Kind.PERCENTAGE and not any(row[each].is_blank for each in parts):
            used.update(parts)  # old records of a percentage often have them, whether the KPI uses them or not
        for one, other, is_thousands in self._plain.torn.get(row.number, ()):
            first, second = (
                COLUMNS[header.casefold()].header if header.casefold() in COLUMNS else header for header in (one, other)
            )
            if first not in _FIGURES or second in used or other in self._others:
                continue
            if is_thousands or second not in _FIGURES:
                message = f"'{one}' and '{other}' stand side by side as if one number had been torn at its comma."
                fix = "Put a number with a comma in quotes, or leave the comma out; write decimals with a point."
                return finding("R001", message, where, found=row[first].raw, fix=fix)
        return None


_OWN_NUMBERS = re.compile(
    r"target|benchmark|threshold|limit|tolerance|plan|traject|last|previous|rank|weight|year|month|quarter|\b(id|no)\b",
    re.IGNORECASE,
)
_AFTER_A_COMMA = re.compile(r"[0-9]+|[0-9]{3}\.[0-9]+")


def _has_own_numbers(table: Table, header: str) -> bool:
    """Whether a column that is not read holds numbers of its own in every row, as its heading or one of them shows."""
    cells = [row[header].raw.strip() for row in table.rows]
    if header.casefold() in COLUMNS or not all(row[header].kind is CellKind.NUMBER for row in table.rows):
        return False
    return bool(_OWN_NUMBERS.search(header)) or not all(map(_AFTER_A_COMMA.fullmatch, cells))


def _by_key(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """The lines that are about the same figure, together."""
    together: dict[FigureKey, list[_Line]] = {}
    for line in lines:
        together.setdefault(line.key, []).append(line)
    yield from together.values()


def _settled(same: Sequence[_Line]) -> Iterator[_Line]:
    """Lines about one figure. If they say the same, it is taken once; if they differ, none of them is taken."""
    yield from (line for line in same if line.is_blank)
    given = [line for line in same if not line.is_blank]
    if len(given) < 2 or all(line.is_refused for line in given):
        yield from given
        return
    first, *others = given
    numbers = " and ".join(filter(None, [", ".join(str(line.number) for line in given[:-1]), str(given[-1].number)]))
    about = " ".join(first.key)
    if all(not line.is_refused and _says(line) == _says(first) for line in given):
        yield first
        for line in others:
            repeated = finding("R052", f"{about} stands in lines {numbers}, which say the same.", line.where)
            yield replace(line, figures=(), findings=(repeated,), is_refused=False)
        return
    for line in given:
        fix = "Keep the right one and delete the others; none was taken."
        differing = finding(
            "R022", f"{about} stands in lines {numbers}, which differ{_how(given)}.", line.where, fix=fix
        )
        yield replace(line, figures=(), findings=(*line.findings, differing), is_refused=True)


def _says(line: _Line) -> list[Figure]:
    return [replace(figure, cell="") for figure in line.figures]


def _how(lines: Sequence[_Line]) -> str:
    """In which figures the lines differ, if they do."""
    actuals = list(
        dict.fromkeys(f"{f.actual:.15g}" for line in lines for f in line.figures[-1:] if f.actual is not None)
    )
    return f" ({', '.join(actuals)})" if len(actuals) > 1 else ""


def _line(file: str, row: Row, key: FigureKey) -> Location:
    return Location(file, "", "", row.number, *key)


def _of_file(plain: ListFile, file: str) -> Iterator[Finding]:
    """Findings about the file as a whole: what of it is hidden, and what is not read."""
    table = plain.table
    where = Location(file, table.sheet)
    if plain.unread:
        more = f" and {len(plain.unread) - _MOST} more" if len(plain.unread) > _MOST else ""
        message = f"the sheet '{table.sheet}' was read; not read: {', '.join(plain.unread[:_MOST])}{more}."
        yield finding("F031", message, where)
    for hidden in plain.hidden:
        yield finding("F032", f"{hidden} hidden or filtered out, and read like the others.", where)
    for header in table.columns:
        if header.casefold() not in COLUMNS:
            yield finding("R033", f"'{header}' is not read.", Location(file), expected=", ".join(COLUMNS))
    if table.stray_count:
        first = table.stray[0]
        message = f"{table.stray_count} cells stand under no heading and are not read, the first in {first.ref}."
        yield finding("R033", message, Location(file), found=cell_values.shown(first), fix="Give the column a heading.")


def _renamed(plain: ListFile, file: str) -> Table:
    """The table with the headers of a return, and dates as words where a text is expected."""
    table = plain.table
    names = {
        header: COLUMNS[header.strip().casefold()].header
        for header in table.columns
        if header.strip().casefold() in COLUMNS
    }
    missing = [name for name in NEEDED if COLUMNS[name].header not in names.values()]
    if missing:
        others = f"; not read: {', '.join(plain.unread[:_MOST])}, which --sheet can name" if plain.unread else ""
        where = file if table.name == Path(file).stem else f"{file}, sheet '{table.sheet}'"
        raise UsageError(f"{where}: has no column {', '.join(missing)}; it may have {', '.join(COLUMNS)}{others}")
    rows = tuple(
        Row(row.number, {names[h]: _worded(names[h], cell, plain) for h, cell in row.cells.items() if h in names})
        for row in table.rows
    )
    return Table(table.name, table.sheet, tuple(names.values()), rows)


def _worded(header: str, cell: Cell, plain: ListFile) -> Cell:
    if header not in _TEXTS or cell.kind is not CellKind.NUMBER or cell.style is not NumberStyle.DATE:
        return cell
    return replace(cell, kind=CellKind.TEXT, raw=shown_period(cell, date_1904=plain.date_1904))
