"""A meeting's figures beside those of the sister organisations that report the same indicators."""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.meeting_assessment import MeetingAssessment
from xlperf.catalogue import Org
from xlperf.documents.document import (
    Align,
    DocumentPart,
    PageTable,
    Paragraph,
    TableCell,
    TableColumn,
    TableRow,
    TextRun,
    Together,
    Tone,
    words,
)
from xlperf.report.pages import figure_words as figures
from xlperf.report.pages.page_room import is_low

MOST_ORGS = 9
"""Organisations that fit beside each other; of more, a page has rank and whole alone."""


def beside_page(assessment: Assessment) -> DocumentPart | None:
    """The figures that sister organisations report too, one line each; None where there are none, or for a board."""
    if not isinstance(assessment, MeetingAssessment):
        return None
    lines = [(own, sisters) for own in _own(assessment) if (sisters := _sisters(assessment, own))]
    if not lines:
        return None
    orgs = _columns(assessment, [each for own, sisters in lines for each in (own, *sisters)])
    columns = (
        TableColumn("Ref", 28),
        TableColumn("Indicator", 2, grows=True),
        *(TableColumn(_name(org), 1, Align.RIGHT, grows=True) for org in orgs),
        TableColumn("Rank", 52, Align.CENTRE),
    )
    rows = tuple(_row(assessment, own, orgs) for own, _ in lines)
    if not any(_rank(assessment, own) for own, _ in lines):
        columns, rows = columns[:-1], tuple(TableRow(row.cells[:-1]) for row in rows)
    table = PageTable(
        "Each figure beside those of sister organisations", columns, rows, has_row_headers=True, is_dense=True
    )
    note = "" if len(orgs) > 1 else "More organisations report these indicators than fit beside each other."
    return DocumentPart(
        "Beside sister organisations",
        (Together((table,)) if is_low(table) else table, *([Paragraph(words(note))] if note else [])),
        under="The latest figures of those that report the same indicator, for comparison; what this meeting covers is "
        "in bold. The others are in no count of this pack.",
        starts_page=not is_low(table),
    )


def _own(assessment: MeetingAssessment) -> list[Latest]:
    """The figures that are no part of another one that the meeting covers."""
    return figures.of_the_whole(assessment, assessment.latest)


def _sisters(assessment: MeetingAssessment, own: Latest) -> list[Latest]:
    """The figures of the same KPI of orgs under the same parent, which the meeting does not cover."""
    return [
        each
        for each in assessment.everything.latest
        if each.kpi is own.kpi
        and each.org.parent == own.org.parent
        and each.series not in assessment.latest_by_series
        and each.closed is None
    ]


def _columns(assessment: MeetingAssessment, shown: Sequence[Latest]) -> list[Org]:
    """The orgs that have a column: those of the meeting, their sisters, and what they are all part of."""
    by_series = assessment.everything.latest_by_series
    codes = {each.org.code for each in shown}
    wholes = {each.org.parent for each in shown if each.org.parent and (each.kpi.id, each.org.parent) in by_series}
    mine = {each.org.code for each in shown if each.series in assessment.latest_by_series}
    if len(codes) > MOST_ORGS:
        codes = mine if len(mine) == 1 else set()
    listed = [org for org in assessment.catalogue.org_tree if org.code in codes or org.code in wholes]
    return sorted(listed, key=lambda org: (org.code not in mine, org.code in wholes))


def _name(org: Org) -> str:
    return org.name if len(org.name) <= 40 else org.code


def _row(assessment: MeetingAssessment, own: Latest, orgs: Sequence[Org]) -> TableRow:
    unit = figures.unit_beside(own.kpi)
    return TableRow((
        TableCell(words(own.kpi.id)),
        TableCell(words(own.kpi.name, TextRun(f" ({unit})" if unit else "", soft=True))),
        *(_figure(assessment, own, org) for org in orgs),
        TableCell(words(_rank(assessment, own))),
    ))  # fmt: skip


def _figure(assessment: MeetingAssessment, own: Latest, org: Org) -> TableCell:
    """A figure with its colour in words; one of another period says which."""
    latest = assessment.everything.latest_by_series.get((own.kpi.id, org.code))
    if latest is None:
        return TableCell(words("–"))
    is_mine = latest.series in assessment.latest_by_series
    if latest.row is None or latest.period is None or latest.row["not_applicable"]:
        return TableCell(words(TextRun(str(latest.rag), strong=is_mine)))
    shown = figures.shown(latest.kpi, latest.row)
    if not latest.is_current:
        return TableCell(words(TextRun(f"{shown} in {latest.period.short}", soft=True)))
    tone = figures.TONES.get(latest.rag, Tone.PLAIN)
    lacks = f" ({latest.reported})" if latest.lacks_orgs else ""
    return TableCell(words(TextRun(shown, strong=is_mine), f" {latest.rag}{lacks}"), tone)


def _rank(assessment: MeetingAssessment, own: Latest) -> str:
    compared = assessment.compared.get((*own.series, str(own.period)))
    return str(compared["rank_words"]) if compared and own.is_current else ""
