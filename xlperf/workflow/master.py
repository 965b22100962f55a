"""The master: read what people typed into it, then show the ledger in it, without losing anything of theirs."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from xlperf import __version__
from xlperf.catalogue import Catalogue
from xlperf.errors import LedgerError, WorkbookError, WorkbookInUse
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Decision, State
from xlperf.report import dashboard, layout
from xlperf.report.facts import Facts
from xlperf.report.ladder import ladder_words
from xlperf.report.views import master_tables
from xlperf.returns.cells import read_date
from xlperf.rules.spc.rulesets import choose
from xlperf.tables import Cell, CellKind, Row, Table
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.inuse import holder_of
from xlperf.workbook.port import CellValue, WorkbookPort
from xlperf.workflow.workspace import Workspace

Series = tuple[str, str]
Said = tuple[str, str, str, str]
"""What was typed: stage, by, on, rationale."""
KEPT_BACKUPS = 30
_LEDGER = "Ledger"


@dataclass(frozen=True, slots=True)
class Written:
    """Where the master was saved; `pending` says why it is not the master itself, "" when it is."""

    path: Path
    pending: str = ""
    findings: tuple[Finding, ...] = ()


class Door(Protocol):
    """How the master is reached: as a file, or live in Excel."""

    def existing(self) -> WorkbookPort | None:
        """The master as it is; None where there is none yet."""
        ...

    def open(self, words: Mapping[str, object]) -> WorkbookPort:
        """The master, made from its template with `words` where there is none yet."""
        ...

    def save(self, book: WorkbookPort, at: datetime) -> Written:
        """Keep what was written to it."""
        ...


class MasterFile:
    """The master as a file: backed up before each change, saved whole, or beside when somebody has it open."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def existing(self) -> WorkbookPort | None:
        """See `Door.existing`."""
        path = self._workspace.master
        return FileWorkbook.open(path) if path.exists() else None

    def open(self, words: Mapping[str, object]) -> WorkbookPort:
        """See `Door.open`."""
        existing = self.existing()
        if existing is not None:
            return existing
        book = FileWorkbook.open(self._workspace.template("master.xlsx"))
        book.fill(words)
        return book

    def save(self, book: WorkbookPort, at: datetime) -> Written:
        """See `Door.save`. Raises WorkbookError; the master is then as it was."""
        path = self._workspace.master
        # On Windows an open workbook cannot be replaced, which is surer than the small file that a crash leaves behind.
        holder = None if os.name == "nt" else holder_of(path)
        if holder is None:
            try:
                self._back_up(at)
                book.save(path)
            except WorkbookInUse as error:
                holder = error.holder or holder_of(path) or "somebody"
            else:
                return Written(path)
        beside = path.with_name(f"{path.stem} (pending {at:%Y-%m-%d %H%M%S}).xlsx")
        book.save(beside)
        why = (
            f"{holder} has {path.name} open, so it was saved as {beside.name}, which is not to be typed into; "
            "close the master and collate again"
        )
        return Written(beside, why)

    def _back_up(self, at: datetime) -> None:
        path, folder = self._workspace.master, self._workspace.backups
        if not path.exists():
            return
        try:
            folder.mkdir(exist_ok=True)
            shutil.copy2(path, folder / f"{path.stem} {at:%Y-%m-%d %H%M%S}.xlsx")
            for old in sorted(folder.glob(f"{path.stem} *.xlsx"))[:-KEPT_BACKUPS]:
                old.unlink()
        except OSError as error:
            raise WorkbookError(
                f"{folder}: no backup could be made ({error}), so the master was left as it is"
            ) from error


def read_decisions(door: Door, state: State) -> tuple[list[Decision], list[Finding]]:
    """The decisions typed into the master since it was last written.

    What was typed is compared with what the master was written with, not with the ledger: so an old master brought back
    from a backup does not undo newer decisions, and clearing a cell is a decision too.

    Raises:
        LedgerError: the master was made from a run that the ledger does not have, or not any more.
        WorkbookError: the master cannot be read, or lacks a table or column.
    """
    book = door.existing()
    if book is None:
        return [], []
    there = book.table_names()
    about, typed, shown = (_table(book, name, there) for name in (layout.ABOUT, layout.TYPED, layout.ESCALATION))
    _must_be_of(about, state)
    base = _typed(typed)
    decisions, findings = [], [*_homeless(shown), *_twice(shown), *_unreadable(shown)]
    for key, said in _typed(shown, base).items():
        if said == base.get(key, _NOTHING):
            continue
        known = state.decisions.get(key)
        if known is not None and known.said == said:
            continue
        if known is not None and known.said != base.get(key, _NOTHING):
            message = (
                f"{' '.join(key)}: '{known.stage}' by {known.by or 'nobody'} was there; now '{said[0]}' by {said[1]}."
            )
            findings.append(finding("D004", message, found=said[0], expected=known.stage))
        decisions.append(Decision(*key, *said))
    return decisions, findings


_NOTHING: Said = ("", "", "", "")
_LAST_RUN = re.compile(r"the last (\d{8}T\S+)")


def _must_be_of(about: Table, state: State) -> None:
    """Refuse a ledger that lacks what the master was made from: its share is not there, or not all of it yet."""
    said = next((row["Value"].raw for row in about.rows if row["Item"].raw == _LEDGER), "")
    last = _LAST_RUN.search(said)
    if last and last[1] not in state.runs:
        raise LedgerError(
            f"the master was made from run {last[1]}, which the ledger does not have; is the share connected, and has "
            "it finished syncing? To go on with the ledger as it is, move the master away and collate again"
        )


def _table(book: WorkbookPort, name: str, there: Sequence[str]) -> Table:
    _columns(book, name, there)
    return book.read_table(name)


def _columns(book: WorkbookPort, name: str, there: Sequence[str]) -> tuple[str, ...]:
    """The columns of one of the master's tables, of those `there`, which an open Excel is slow to look through.

    Raises WorkbookError where the table or one of our columns has gone.
    """
    if name not in there:
        raise WorkbookError(
            f"the master has no table {name} (it has {', '.join(there) or 'none'}). Bring back the latest copy from "
            "the backups folder, or move the master away and collate again: it is then made anew"
        )
    columns = book.columns(name)
    gone = [header for header in layout.HEADERS[name] if header not in columns]
    if gone:
        raise WorkbookError(
            f"the master's table {name} has no column '{gone[0]}' (it has {', '.join(columns)}). Give the column its "
            "name back, or bring back the latest copy from the backups folder; after an update of xlperf, move the "
            "master away and collate again: it is then made anew, with every decision that was collated"
        )
    return columns


def _homeless(table: Table) -> Iterator[Finding]:
    """A finding for each decision typed in a row that does not say which KPI and org it is about."""
    for row in table.rows:
        typed = [row[header] for header in layout.TYPED_COLUMNS if not row[header].is_blank]
        if typed and (row["Ref"].is_blank or row["Org"].is_blank):
            said = ", ".join(cell.raw for cell in typed)
            where = Location(sheet=table.sheet, cell=typed[0].ref)
            yield finding("D003", f"the row has no Ref or no Org, so '{said}' was not recorded.", where, found=said)

    for cell in table.stray:
        message = f"'{cell.raw}' stands below the table, so it was not recorded."
        yield finding("D003", message, Location(sheet=table.sheet, cell=cell.ref), found=cell.raw)


def _twice(table: Table) -> Iterator[Finding]:
    """A finding where two rows about the same KPI and org say different things; the last counts."""
    said: dict[Series, Said] = {}
    for row in table.rows:
        key, typed = _about(row), _said(row)
        if typed != _NOTHING and said.setdefault(key, typed) != typed:
            where = Location(sheet=table.sheet, cell=table.address(row, layout.DECIDED))
            yield finding("D004", f"{' '.join(key)} stands twice; the lower row counts.", where, found=typed[0])


def _unreadable(table: Table) -> Iterator[Finding]:
    """A finding for each typed cell that shows an error or an uncalculated formula: what it says is not known."""
    for row in table.rows:
        for header in layout.TYPED_COLUMNS:
            if row[header].kind in _NO_TEXT:
                where = Location(sheet=table.sheet, cell=row[header].ref)
                yield finding("D002", f"{header} of {' '.join(_about(row))} is a formula without a result.", where)


_NO_TEXT = (CellKind.ERROR, CellKind.UNCALCULATED)


def _typed(table: Table, base: Mapping[Series, Said] | None = None) -> dict[Series, Said]:
    """What is typed about each KPI and org; for a cell that cannot be read, what `base` has."""
    typed: dict[Series, Said] = {}
    for row in table.rows:
        key, said = _about(row), _said(row)
        if base is not None and any(row[header].kind in _NO_TEXT for header in layout.TYPED_COLUMNS):
            said = base.get(key, _NOTHING)
        # A blank second row, as a sort or copy leaves it, clears nothing.
        if all(key) and (said != _NOTHING or key not in typed):
            typed[key] = said
    return typed


def _about(row: Row) -> Series:
    return (row["Ref"].raw.strip(), row["Org"].raw.strip())


def _said(row: Row) -> Said:
    stage, by, on, rationale = (_as_typed(row[header], header) for header in layout.TYPED_COLUMNS)
    return (stage, by, on, rationale)


def _as_typed(cell: Cell, header: str) -> str:
    if header == layout.DECIDED_ON:
        day, _ = read_date(cell, lambda code, message, **_: finding(code, message), date_1904=False)
        return day.isoformat() if day else cell.raw.strip()
    return cell.raw.strip()


def template_words(catalogue: Catalogue) -> dict[str, str]:
    """What the placeholders of the master's template stand for."""
    return {"organisation": catalogue.organisation, "classification": catalogue.classification}


def refresh(door: Door, facts: Facts, about: Sequence[tuple[str, str]]) -> Written:
    """Show the facts in the master. Raises WorkbookError; the ledger has everything already."""
    book = door.open(template_words(facts.catalogue))
    findings = show(book, facts, about)
    written = door.save(book, facts.produced)
    return Written(written.path, written.pending, tuple(findings))


def show(book: WorkbookPort, facts: Facts, about: Sequence[tuple[str, str]]) -> list[Finding]:
    """Write every table and named value; returns findings about notes of people whose row has gone."""
    findings: list[Finding] = []
    # Reading a long table costs more than writing it, so only those to which people have added columns are read.
    there = book.table_names()
    columns = {name: _columns(book, name, there) for name in layout.HEADERS}
    added = {name: [header for header in columns[name] if header not in layout.HEADERS[name]] for name in columns}
    before = {name: book.read_table(name) for name, headers in added.items() if headers and name in layout.KEYS}
    for name, rows in master_tables(facts, about).items():
        if name in before:
            rows, lost = _with_peoples_columns(before[name], added[name], rows)
            findings += lost
        book.write_table(name, rows)
    book.write_name(layout.TITLE, dashboard.title(facts))
    book.write_name(layout.SUBTITLE, dashboard.subtitle(facts))
    book.write_name(layout.SUMMARY, dashboard.summary(facts))
    return findings


def _with_peoples_columns(
    table: Table, added: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, CellValue]], list[Finding]]:
    """The new rows, each with what people wrote about it in the columns they added to the table."""
    key_headers = layout.KEYS[table.name]
    notes: dict[tuple[str, ...], list[Row]] = {}
    for row in table.rows:
        notes.setdefault(_key(row, key_headers), []).append(row)
    kept = []
    for new in rows:
        # Rows about the same thing keep their notes in order.
        same = notes.get(tuple(str(new.get(header) or "") for header in key_headers))
        old = same.pop(0) if same else None
        # A formula is left out: the table fills it down by itself.
        notes_of = {header: _value(old[header]) for header in added if not old[header].is_formula} if old else {}
        kept.append({**new, **notes_of})
    lost = [
        finding(
            "D003",
            f"{' '.join(key)}: '{row[header].raw}'.",
            Location(sheet=table.sheet, cell=row[header].ref),
        )
        for key, left in notes.items()
        for row in left
        for header in added
        if not row[header].is_blank and not row[header].is_formula
    ]
    return kept, lost


def _key(row: Row, headers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row[header].raw.strip() for header in headers)


def _value(cell: Cell) -> CellValue:
    return float(cell.raw) if cell.kind is CellKind.NUMBER else cell.raw or None


def about_rows(facts: Facts, by: str) -> list[tuple[str, str]]:
    """What a reader must know of how the figures came about."""
    catalogue, rules = facts.catalogue, facts.catalogue.rules
    spc = choose(rules.spc_ruleset, rules.spc_run_length, None)
    ladder = catalogue.escalation
    return [
        ("Reporting period", facts.period.label),
        ("Organisation", catalogue.organisation),
        ("Catalogue", f"{catalogue.framework} {catalogue.version} ({catalogue.hash})"),
        (
            "RAG",
            "the unrounded actual against the target of its period; tolerance absolute or relative, see Glossary",
        ),
        ("Change", "the previous period of the same frequency; two points are not a trend"),
        ("Trend", f"variation where SPC speaks; else {rules.short_trend_moves} changes running the same way"),
        ("Variation, assurance", f"SPC (XmR), ruleset {spc.variant}; season is not modelled"),
        ("Data quality", "sign-off, timeliness, audit, systems: Green, Amber, Red, or – not stated"),
        ("Roll-up", "as each KPI says, see Glossary; percentages are never averaged where their parts are known"),
        ("Commentary needed for", ", ".join(rules.commentary_needed)),
        ("Action needed for", ", ".join(rules.action_needed)),
        *ladder_words(ladder),
        ("About the ladder", ladder.note),
        ("Decided by", ladder.decided_by),
        ("Produced", f"{facts.produced:%d %B %Y %H:%M} by {by}, with xlperf {__version__}"),
        (
            _LEDGER,
            f"{len(facts.state.runs)} runs, the last {facts.state.runs[-1] if facts.state.runs else 'none'}",
        ),
    ]
