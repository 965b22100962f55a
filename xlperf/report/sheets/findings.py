"""Findings in the master: what is wrong in the returns, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xlperf.assessment import Assessment
from xlperf.findings import Finding, Severity
from xlperf.report import layout
from xlperf.report.columns import Column, ColumnKind, MasterSheet
from xlperf.report.period_findings import period_findings
from xlperf.returns.cell_values import cut_to
from xlperf.rows import RowsByColumn

_LONGEST = 1_000
"""The most characters of a finding that the sheet shows; typed text may be longer than a cell can hold."""


@dataclass(frozen=True, slots=True)
class ListedFinding:
    """A finding, and the name of the owner whose file it is about."""

    owner: str
    finding: Finding


def _listed(assessment: Assessment, of_collation: Sequence[Finding] = ()) -> list[ListedFinding]:
    """The findings of the reporting period's returns and of files that could not be matched, gravest first.

    Findings about files without an owner are sorted by file name. `of_collation` are those about the master itself,
    which the ledger does not have: what of people's could not stay with its row, for one.
    """
    order = list(Severity)

    def place(owner_and_finding: tuple[str, Finding]) -> tuple[int, str]:
        owner, item = owner_and_finding
        return (order.index(item.severity), "" if owner else item.location.file.casefold())

    owners = assessment.catalogue.owner_by_id
    all_findings = period_findings(assessment)
    listed = {item for _, item in all_findings}
    all_findings += [("", item) for item in dict.fromkeys(of_collation) if item not in listed]
    return [
        ListedFinding(owners[owner].name if owner in owners else owner, item)
        for owner, item in sorted(all_findings, key=place)
    ]


def _cut(value: Callable[[Finding], str]) -> Callable[[ListedFinding], str]:
    return lambda listed: cut_to(value(listed.finding), _LONGEST)


COLUMNS: tuple[Column[ListedFinding], ...] = (
    Column("severity", "Severity", _cut(lambda item: str(item.severity)), 13, "how grave it is"),
    Column("code", "Code", _cut(lambda item: item.code), 7, "which kind of finding; see findings.md", is_key=True),
    Column("file", "File", _cut(lambda item: item.location.file), 36, "the file that was received", is_key=True),
    Column("sheet", "Sheet", _cut(lambda item: item.location.sheet), 10, "the sheet it is on"),
    Column("cell", "Cell", _cut(lambda item: item.location.cell), 7, "the cell it is in", is_key=True),
    Column("ref", "Ref", _cut(lambda item: item.location.kpi_id), 7, "the KPI's id in the catalogue", is_key=True),
    Column("org", "Org", _cut(lambda item: item.location.org), 9, "the org's code in the catalogue", is_key=True),
    Column("period", "Period", _cut(lambda item: item.location.period), 12, "the KPI's period", ColumnKind.PERIOD,
           is_key=True),
    Column("responsible_owner", "Responsible owner", lambda listed: cut_to(listed.owner, _LONGEST), 26, "whose file"),
    Column("what", "What", _cut(lambda item: item.message), 54, "what is wrong"),
    Column("found", "Found", _cut(lambda item: item.found), 20, "what is in the cell or file"),
    Column("expected", "Expected", _cut(lambda item: item.expected), 24, "what should be"),
    Column("what_to_do", "What to do", _cut(lambda item: item.fix), 50, "the remedy"),
)  # fmt: skip

SHEET = MasterSheet(
    layout.FINDINGS,
    "Findings",
    "a finding about a return, a decision or the master",
    COLUMNS,
    _listed,
    printed_to="What to do",
    always=("Code",),  # a finding may be about no file, KPI or org
    shows="What was noticed about returns, decisions and this workbook, and what to do about it.",
)


def rows(assessment: Assessment, of_collation: Sequence[Finding]) -> RowsByColumn:
    """The rows of the table, with the findings of this collation about the master itself."""
    return SHEET.rows_about(_listed(assessment, of_collation))
