"""Contents in the master, its cover: what the workbook is, what is on which sheet, and where to find help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xlperf.assessment import Assessment
from xlperf.report import dashboard_heading, layout
from xlperf.report.columns import Column, MasterSheet

NAME = "Contents"
HELP = """\
About says how the figures are worked out, Glossary what each KPI means. The command xlperf doctor says where the \
documents are: the method, every column, every finding."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the cover: something to know of the workbook, or one of its sheets."""

    what: str
    which: str
    kind: str


def facts(assessment: Assessment) -> Iterator[Entry]:
    """What there is to know of the workbook before it is read."""
    catalogue = assessment.catalogue
    contact = catalogue.contact
    for what, which in (
        ("Organisation", catalogue.organisation),
        ("For", dashboard_heading.meeting(assessment)),
        ("Period", assessment.period.label),
        ("Produced", dashboard_heading.produced(assessment)),
        ("Catalogue", f"{catalogue.framework} {catalogue.version}"),
        ("Classification", catalogue.classification),
        ("Questions to", f"{contact.team}, {contact.email}"),
        ("Help", HELP),
    ):
        yield Entry(what, which, layout.FACT_ROW)


def listed(sheets: Iterable[MasterSheet[Any]], names: Mapping[str, str]) -> Iterator[Entry]:
    """A line for each sheet; `names` has the names that people gave them, by table."""
    for sheet in sheets:
        shows = sheet.shows or f"One row for each: {sheet.says}."
        yield Entry(names.get(sheet.table, sheet.name), shows, layout.SHEET_ROW)


COLUMNS: tuple[Column[Entry], ...] = (
    Column("item", "What", lambda entry: entry.what, 24, "something to know of the workbook, or a sheet", is_key=True),
    Column("which", "Which", lambda entry: entry.which, 92, "what there is to know, or what the sheet is for"),
    Column("row", layout.KIND, lambda entry: entry.kind, 5, "hidden: fact or sheet"),
)


def sheet(sheets: tuple[MasterSheet[Any], ...] = (), names: Mapping[str, str] | None = None) -> MasterSheet[Entry]:
    """Contents, of these sheets."""
    return MasterSheet(
        layout.CONTENTS, NAME, "something to know of the workbook, or a sheet of it", COLUMNS,
        lambda assessment: (*facts(assessment), *listed(sheets, names or {})), since="0.2.0",
    )  # fmt: skip
