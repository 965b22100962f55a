"""Reads what people typed about lines of enquiry into the master."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.findings import Finding, Location, finding
from xlperf.ledger import AskedEnquiry, State, TypedEnquiry
from xlperf.report import layout
from xlperf.rules.enquiries.typed_about import ANSWERED_ON, QUESTION, is_taken
from xlperf.tables import Row, Table
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.lineage import checked_last_run
from xlperf.workflow.master.typed_rows import NO_TEXT, RowAsTyped, Typed, rows_typed, stray_below, table_of


def read_enquiries(book: WorkbookPort, name: str, state: State, by: str) -> Typed:
    """What was typed about enquiries since the master was last written, and not yet read; see `typed.read_typed`.

    Each row is compared with what the master was written with. A master of an earlier version has no such sheet yet,
    and nothing was typed into it.
    """
    table_names = book.table_names()
    if {layout.ENQUIRIES, layout.TYPED_ENQUIRIES} - {each.casefold() for each in table_names}:
        return Typed()
    about, written, shown = (
        table_of(book, each, table_names) for each in (layout.ABOUT, layout.TYPED_ENQUIRIES, layout.ENQUIRIES)
    )
    last = checked_last_run(about, state)
    recorded = [typed for run, typed in state.typed_enquiries if run > last]
    records: list[TypedEnquiry] = []
    findings: list[Finding] = []
    for each in rows_typed(shown, written, layout.ENQUIRY_CELLS, (ANSWERED_ON,), _key):
        if each.over is None:
            findings += _added(shown, each)
            continue
        findings += _not_taken(shown, each)
        if each.cells == each.over:
            continue
        typed = TypedEnquiry(_asked(each), each.cells, each.over, f"{name} ({by})")
        if not any(_is_same(typed, earlier) for earlier in (*recorded, *records)):
            records.append(typed)
    return Typed(tuple(records), (*findings, *stray_below(shown, layout.ENQUIRY_CELLS.values())))


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[header].raw.strip() for header in layout.ENQUIRY_KEY)


def _asked(typed: RowAsTyped) -> AskedEnquiry:
    """The line as the row showed it."""
    meeting, period, kind, ref, org = _key(typed.row)
    about, evidence, by = (
        typed.row[header].raw.strip() for header in (layout.ENQUIRY_ABOUT, layout.ENQUIRY_EVIDENCE, layout.ENQUIRY_BY)
    )
    question = (typed.over or {}).get(QUESTION, "")
    return AskedEnquiry(meeting, period, kind, ref, org, about, question, evidence, by)


def _is_same(typed: TypedEnquiry, recorded: TypedEnquiry) -> bool:
    parts = (typed.asked.key, typed.cells, typed.over, typed.book)
    return parts == (recorded.asked.key, recorded.cells, recorded.over, recorded.book)


def _added(table: Table, typed: RowAsTyped) -> Iterator[Finding]:
    """A finding for a row that was added: a question that no rule raised has no evidence."""
    cells = [typed.row[header] for header in layout.ENQUIRY_CELLS.values() if not typed.row[header].is_blank]
    if cells:
        texts = ", ".join(f"'{cell.raw}'" for cell in cells)
        message = f"a row that no rule raised says {texts}, so it was not recorded; edit the question of another row."
        yield finding("D016", message, Location(sheet=table.sheet, cell=cells[0].ref), found=texts)


def _not_taken(table: Table, typed: RowAsTyped) -> Iterator[Finding]:
    """A finding for each cell that was typed and changes nothing; what stood there stays."""
    for cell, header in layout.ENQUIRY_CELLS.items():
        text, before = typed.cells.get(cell, ""), (typed.over or {}).get(cell, "")
        if typed.row[header].kind in NO_TEXT:
            why = "is a formula without a result"
        elif text == before or is_taken(cell, text):
            continue
        else:
            why = f"'{text}' is {'no date' if cell == ANSWERED_ON else 'neither Yes nor blank'}"
        where = Location(sheet=table.sheet, cell=table.address(typed.row, header))
        about = typed.row[layout.ENQUIRY_ABOUT].raw.strip()
        yield finding("D016", f"{header} of the enquiry about {about} {why}.", where, found=text)
