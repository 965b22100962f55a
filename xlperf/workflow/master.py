"""The master: read what people typed into it, then show the ledger in it, without losing anything of theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xlperf import __version__
from xlperf.catalogue import Catalogue
from xlperf.errors import WorkbookError
from xlperf.findings import Finding
from xlperf.report import heading, layout
from xlperf.report.facts import Facts
from xlperf.report.ladder import ladder_words
from xlperf.report.views import SHEET_OF, SHEETS, master_tables
from xlperf.rules.spc.rulesets import choose
from xlperf.workbook.port import Look, WorkbookPort
from xlperf.workflow.masterfile import Door, Written
from xlperf.workflow.peoples import with_peoples_columns

LEDGER, PRODUCED = "Ledger", "Produced"
"""Items of About that are read back."""
_VERSION = re.compile(r"with xlperf (\d+(?:\.\d+)*)\S*$")


def columns_of(book: WorkbookPort, name: str, there: Sequence[str]) -> tuple[str, ...]:
    """The columns of one of the master's tables, of those `there`, which an open Excel is slow to look through.

    Raises WorkbookError where the table or one of our columns has gone; those that came after 0.1.0 need not be there.
    """
    if name.casefold() not in {each.casefold() for each in there}:
        raise WorkbookError(
            f"the master has no table {name} (it has {', '.join(there) or 'none'}). Where it was given another "
            f"name, give it its own back under Table Design. Where it was converted to a range, mark the range with "
            f"its headings, choose Insert, Table, and name it {name}. Or bring back the latest copy in the backups "
            "folder"
        )
    columns = book.columns(name)
    sheet = SHEET_OF[name]
    gone = [header for header in sheet.headers if header not in columns and header not in sheet.added]
    if gone:
        raise WorkbookError(
            f"the master's table {name} has no column '{gone[0]}' (it has {', '.join(columns)}). Give the column its "
            "name back, or bring back the latest copy from the backups folder"
        )
    return columns


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
    """Write every table and named value; returns findings about what people typed and could not be kept."""
    there = book.table_names()
    columns, grown = _grow(book, {sheet.table: columns_of(book, sheet.table, there) for sheet in SHEETS})
    added = {name: [each for each in columns[name] if each not in SHEET_OF[name].headers] for name in columns}
    tables, findings = with_peoples_columns(book, added, master_tables(facts, [*about, *grown]))
    for name, content in tables.items():
        book.write_table(name, content.rows, content.moved)
    book.write_name(layout.TITLE, heading.title(facts))
    book.write_name(layout.SUBTITLE, heading.subtitle(facts))
    book.write_name(layout.SUMMARY, heading.summary(facts))
    return findings


def _grow(
    book: WorkbookPort, columns: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, str]]]:
    """Give the tables of an earlier version the columns that they lack.

    Returns (the columns of each table now, what About says of it). Raises WorkbookError where a column cannot be added.
    """
    now, told, version = dict(columns), list[str](), _made_by(book)
    for name, sheet in SHEET_OF.items():
        looks = {}
        for header, column in sheet.added.items():
            # Excel tells the columns of a table apart without regard to capitals.
            there = next((each for each in columns[name] if each.casefold() == header.casefold()), None)
            if there is None:
                looks[header] = Look(column.like, column.kind.number_format)
            elif there != header or (version and version < _numbers(column.since)):
                raise WorkbookError(
                    f"the master's table {name} has a column '{there}' of your own, and this version of xlperf has a "
                    f"column of that name. Give yours another name and collate again; what stands in it stays"
                )
        if looks:
            book.add_columns(name, looks)
            now[name] = (*columns[name], *looks)
            told.append(f"{', '.join(looks)} in {name}")
    return now, [("Columns added", f"{'; '.join(told)}: new in xlperf {__version__}")] if told else []


def _made_by(book: WorkbookPort) -> tuple[int, ...]:
    """The version that last wrote the master, as numbers; () for a new one, which nothing has been written into."""
    rows = book.read_table(layout.ABOUT).rows
    said = next((row["Value"].raw for row in rows if row["Item"].raw == PRODUCED), "")
    version = _VERSION.search(said)
    return _numbers(version[1]) if version else ()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


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
        (PRODUCED, f"{facts.produced:%d %B %Y %H:%M} by {by}, with xlperf {__version__}"),
        (
            LEDGER,
            f"{len(facts.state.runs)} runs, the last {facts.state.runs[-1] if facts.state.runs else 'none'}",
        ),
    ]
