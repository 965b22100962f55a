"""Reads what people typed on the sheet Narrative of the master: an executive's words about a rolled-up figure."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.findings import Finding, Location, finding
from xlperf.ledger import State, TypedWords
from xlperf.report import layout
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.lineage import checked_last_run
from xlperf.workflow.master.typed_cells import Texts, TypedBeside, TypedSince, typed_since
from xlperf.workflow.master.typed_rows import Typed, table_of

_WORDS = TypedBeside(layout.WORDS_KEY, layout.WORDS_COLUMNS, layout.APPROVED_ON, no_result="D014")


def read_words(book: WorkbookPort, name: str, state: State, by: str) -> Typed:
    """The words typed into a master since it was last written, and not yet read from it; see `typed.read_typed`.

    They are recorded with the figures that the sheet showed, which whoever typed them had before them. A master of an
    earlier version has no such sheet yet.
    """
    table_names = book.table_names()
    if {layout.NARRATIVE, layout.TYPED_WORDS} - {each.casefold() for each in table_names}:
        return Typed()
    about, written, shown = (
        table_of(book, each, table_names) for each in (layout.ABOUT, layout.TYPED_WORDS, layout.NARRATIVE)
    )
    last = checked_last_run(about, state)
    stood = {_WORDS.about(row): [row[header].raw for header in layout.STOOD_COLUMNS] for row in written.rows}

    def recorded(key: Texts) -> Iterator[TypedWords]:
        kpi_id, org, period = key
        return (typed for run, typed in state.typed_words.get((kpi_id, org, period), ()) if run > last)

    records: list[TypedWords] = []
    findings: list[Finding] = []
    for each in typed_since(_WORDS, written, shown, recorded, f"{name} ({by})"):
        if each.key not in stood:
            where = Location(sheet=shown.sheet, cell=f"{shown.letters[0] if shown.letters else ''}{each.row}")
            message = f"{' '.join(each.key)} is in no row that xlperf wrote, so '{each.cells[0]}' was not recorded."
            findings.append(finding("D014", message, where, found=each.cells[0]))
            continue
        records.append(_words(each, *stood[each.key]))
    return Typed(tuple(records), (*findings, *_WORDS.faults(shown)))


def _words(typed: TypedSince, figure: str, members: str) -> TypedWords:
    kpi_id, org, period = typed.key
    over, cells = ((words, by, on) for words, by, on in (typed.over, typed.cells))
    return TypedWords(kpi_id, org, period, *cells, figure, members, over, typed.book)
