"""Narrative in the master: what an executive says of a rolled-up figure, beside what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from xlperf.assessment import Assessment, JudgedFigure, Latest
from xlperf.assessment.roll_up_words import ExecutiveWords, Stood, figure_of, stands
from xlperf.catalogue import Org
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.action_words import promise_words
from xlperf.report.columns import Column, ColumnKind, MasterSheet, RowOrder
from xlperf.report.narrative_words import status
from xlperf.report.sheets.common import head_columns, typed_day
from xlperf.report.verdict_words import variation
from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.kpi_words import target_words
from xlperf.rules.escalation import RATED
from xlperf.rules.escalation.case import ON_TARGET
from xlperf.rules.rag import Rag

SINCE = "0.2.0"
MOST = 12
"""Members, and what is said of them, that one cell lists; those off target come first."""
_WORST_FIRST = (Rag.RED, Rag.AMBER)


@dataclass(frozen=True)
class Member:
    """One of the orgs that a rolled-up figure is made of, with its figure of the same period."""

    org: Org
    row: JudgedFigure | None
    figure: Figure | None

    @property
    def place(self) -> int:
        """Its place: those off target first, the worst before."""
        rag = self.row["rag"] if self.row else ""
        return _WORST_FIRST.index(rag) if rag in _WORST_FIRST else len(_WORST_FIRST)


@dataclass(frozen=True)
class NarrativeRow:
    """A rolled-up figure that a board should hear something of, or of which something was said."""

    assessment: Assessment
    latest: Latest
    period: Period

    @property
    def key(self) -> FigureKey:
        """What words on it are known by."""
        return (*self.latest.series, str(self.period))

    @cached_property
    def words(self) -> ExecutiveWords | None:
        """What was typed about it; None where nothing was."""
        return self.assessment.executive_words.get(self.key)

    @property
    def shown(self) -> tuple[str, str, str]:
        """What stands in the cells that people type into; in what a board is given no words that nobody approved."""
        if self.words is None or (self.assessment.is_issued and not self.words.is_approved):
            return ("", "", "")
        words, by, on = self.words.settled.shown
        return (words, by, on)

    @property
    def stood(self) -> Stood:
        """How it and its members stand, to be recorded with what is typed beside it."""
        return self.assessment.stood(self.latest.kpi, self.latest.org.code, str(self.period))

    @cached_property
    def members(self) -> list[Member]:
        """What it is made of, those off target first."""
        period, assessment = str(self.period), self.assessment
        listed = []
        for code in assessment.made_of(self.latest.kpi, self.latest.org.code, self.period):
            row = figure_of(assessment.series, (self.latest.kpi.id, code), period)
            current = assessment.current(row) if row else None
            org = assessment.catalogue.org_by_code[code]
            listed.append(Member(org, row, current.now if current else None))
        return sorted(listed, key=lambda member: member.place)


def _rows(assessment: Assessment) -> Iterator[NarrativeRow]:
    return (NarrativeRow(assessment, each, each.period) for each in assessment.to_speak_of if each.period is not None)


def _members(row: NarrativeRow) -> str:
    """`2 of 5 meet their target; North site 80.1 (Red); South site 84.0 (Amber)`."""
    rated = [member.row["rag"] for member in row.members if member.row and member.row["rag"] in RATED]
    met = sum(rag in ON_TARGET for rag in rated)
    named = [f"{member.org.name} {stands(member.row)}" for member in row.members]
    of_all = f"{met} of {len(rated)}{' that are rated' if len(rated) < len(named) else ''} meet their target"
    return _listed([of_all] if rated else [], named)


def _causes(row: NarrativeRow) -> str:
    """`North site: two posts are empty`: the causes that owners gave for what is off target."""
    off = [member for member in row.members if member.place < len(_WORST_FIRST)]
    return _listed([], [f"{each.org.name}: {each.figure.cause}" for each in off if each.figure and each.figure.cause])


def _actions(row: NarrativeRow) -> str:
    """The open actions about it and its members, each in a sentence, the longest overdue first."""
    codes = (row.latest.org.code, *(member.org.code for member in row.members))
    still = [each for code in codes for each in row.assessment.actions.open_about((row.latest.kpi.id, code))]
    return _listed(
        [], [promise_words(each) for each in sorted(still, key=lambda each: each.action.due or date.max)], " "
    )


def _listed(first: list[str], named: list[str], between: str = "; ") -> str:
    more = [f"and {len(named) - MOST} more"] if named[MOST:] else []
    return between.join((*first, *named[:MOST], *more))


def _last_words(row: NarrativeRow) -> str:
    """The words on the last figure before that had any."""
    earlier = [period for period in row.assessment.words_by_series.get(row.latest.series, ()) if period < row.period]
    said = ((period, row.assessment.words_on(row.latest, period)) for period in reversed(earlier))
    return next((f"{period.short}: {words.text}" for period, words in said if words is not None), "")


def _cell(place: int) -> Callable[[NarrativeRow], str]:
    return lambda row: row.shown[place]


COLUMNS: tuple[Column[NarrativeRow], ...] = (
    *head_columns(lambda row: row.latest, kpi_width=20),
    Column("period", "Period", lambda row: str(row.period), 11, "the period of the figure", ColumnKind.PERIOD,
           is_key=True),
    Column("figure", "Figure", lambda row: row.latest.row and row.latest.row["shown"], 9,
           "the rolled-up figure, as printed"),
    Column("target", "Target", lambda row: target_words(row.latest.kpi, row.latest.target), 9, "its target, in words"),
    Column("rag", "RAG", lambda row: str(row.latest.rag), 9, "its colour now, or why it has none"),
    Column("variation", "Variation", lambda row: variation(row.latest), 13, "the SPC verdict on variation"),
    Column("members", "Members", _members, 29,
           "how many of those that it is made of meet their target, and each with its figure, those off target first"),
    Column("causes", "Their causes", _causes, 23, "the causes that their owners gave for what is off target"),
    Column("actions", "Open actions", _actions, 29, "what was promised about it and its members, still to be done"),
    Column("executive_owner", "Executive owner", lambda row: row.latest.executive_owner, 17,
           "who answers for the whole, and so approves the words"),
    Column("words", layout.WORDS, _cell(0), 46, "what the executive says of the figure, for the board",
           is_typed=True),
    Column("approved_by", layout.APPROVED_BY, _cell(1), 17, "who has approved these words; other words need it anew",
           is_typed=True),
    Column("approved_on", layout.APPROVED_ON, lambda row: typed_day(row.shown[2]), 12, "on which day",
           ColumnKind.DATE, is_typed=True),
    Column("status", "Status", lambda row: status(row.assessment, row.words), 26,
           "whether the words are approved, and whether the figures are still those that they were written about"),
    Column("last_words", "Words last time", _last_words, 36, "the words on an earlier figure, and of which period"),
    Column("organisation", "Organisation", lambda row: row.latest.org.name, 24, "the org's name"),
)  # fmt: skip

SHEET = MasterSheet(
    layout.NARRATIVE, "Narrative", "a rolled-up figure that is off target or varies by a special cause", COLUMNS, _rows,
    stay=RowOrder.IN_PLACE, header_height=38, printed_to="Status", kept=4, since=SINCE,
    shows="What each rolled-up figure off target is made of, and yellow cells for what its executive says of it.",
)  # fmt: skip


def rows(assessment: Assessment) -> list[NarrativeRow]:
    """The rows of the sheet."""
    return list(_rows(assessment))
