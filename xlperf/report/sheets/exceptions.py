"""Exceptions: what to act on, and what to celebrate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from xlperf.assessment import Assessment, JudgedFigure, Latest, date_of
from xlperf.assessment.consequences import ORG_REF
from xlperf.assessment.recovery_standing import RecoveryNow
from xlperf.catalogue import Org, Section
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.columns import Column, ColumnKind, MasterSheet
from xlperf.report.exception_reasons import (
    off_target_from,
    since,
    whose_before,
    why,
    why_org,
    why_section,
)
from xlperf.report.narrative_words import words_in_cell
from xlperf.report.recovery_words import recovery_words
from xlperf.report.sheets.common import org_column, ref_column
from xlperf.report.subject_names import section_name
from xlperf.report.unsaid import unsaid, unsaid_words
from xlperf.report.verdict_words import assurance, change, variation
from xlperf.returns.figure import Figure
from xlperf.returns.kpi_words import target_words
from xlperf.rules.consequence import Consequence
from xlperf.rules.escalation import RATED
from xlperf.rules.rollup import target_of


def exceptions(assessment: Assessment) -> Iterator[Listed]:
    """First what is off target, in escalation or at risk, the gravest consequence first; then what went well."""
    by_series = assessment.latest_by_series
    for key, place in assessment.consequences.items():
        if latest := by_series.get(key):
            yield ListedKpi(assessment, layout.TO_ACT_ON, "; ".join(why(assessment, latest)), place, latest)
        elif section := assessment.sections_to_act_on.get(key):
            yield ListedSection(assessment, layout.TO_ACT_ON, why_section(assessment, key), place, key, section)
        else:
            org = assessment.catalogue.org_by_code[key[1]]
            yield ListedOrg(assessment, layout.TO_ACT_ON, why_org(assessment, org.code), place, org_listed=org)
    for latest in assessment.latest:
        if words := assessment.good_news.get(latest.series):
            said = "; ".join((*words, *whose_before(assessment, latest)))
            yield ListedKpi(assessment, layout.TO_CELEBRATE, said, None, latest)


@dataclass(frozen=True)
class _Row:
    """A row of either list; for a section it has only the stage and the reason."""

    assessment: Assessment
    listed: str
    why: str
    place: Consequence | None


@dataclass(frozen=True)
class ListedSection(_Row):
    """A section with a stage."""

    key: tuple[str, str]
    section: Section

    @property
    def ref(self) -> str:
        """The section's id."""
        return self.section.id

    @property
    def name(self) -> str:
        """The section's name, marked as one."""
        return section_name(self.section)

    @property
    def org(self) -> str:
        """The org whose section it is."""
        return self.key[1]

    @property
    def stage(self) -> str:
        """The stage in force, or for decision."""
        return self.assessment.ladder.words(self.key)


@dataclass(frozen=True)
class ListedOrg(_Row):
    """An org that is warned of, for several KPIs together."""

    org_listed: Org

    @property
    def ref(self) -> str:
        """Says that it is no KPI."""
        return ORG_REF

    @property
    def name(self) -> str:
        """The org's name, marked as one."""
        return f"Organisation: {self.org_listed.name}"

    @property
    def org(self) -> str:
        """The org's code."""
        return self.org_listed.code

    @property
    def stage(self) -> str:
        """An org has no stage."""
        return ""

    section = None


@dataclass(frozen=True)
class ListedKpi(_Row):
    """A KPI and org."""

    latest: Latest

    @property
    def ref(self) -> str:
        """The KPI's id."""
        return self.latest.kpi.id

    @property
    def name(self) -> str:
        """The KPI's name."""
        return self.latest.kpi.name

    @property
    def org(self) -> str:
        """The org's code."""
        return self.latest.org.code

    @property
    def stage(self) -> str:
        """The stage in force, or for decision."""
        return self.assessment.ladder.words(self.latest.series)

    @cached_property
    def judged(self) -> JudgedFigure | None:
        """The figure shown: the last one with a colour, if the present one has none."""
        run = self.latest.off_target
        return run.last if run and self.latest.rag not in RATED else self.latest.row

    @cached_property
    def figure(self) -> Figure | None:
        """That figure as the owner returned it; None for a rolled-up one."""
        current = self.assessment.current(self.judged) if self.judged else None
        return current.now if current else None

    @cached_property
    def unsaid(self) -> tuple[str, ...]:
        """What its owner was to say of that figure, and did not; see `report.unsaid`."""
        return unsaid(self.assessment, self.judged, self.figure) if self.listed == layout.TO_ACT_ON else ()

    @property
    def is_promised(self) -> bool:
        """Whether an action about it is still to be done."""
        return bool(self.assessment.actions.open_about(self.latest.series))

    @property
    def period(self) -> Period | None:
        """The period of the figure."""
        return self.latest.kpi.period(self.judged["period"]) if self.judged else None

    @property
    def shown(self) -> str | None:
        """The figure as printed."""
        return None if self.judged is None else "n/a" if self.judged["not_applicable"] else self.judged["shown"]

    @property
    def target(self) -> str | None:
        """Its target, in words."""
        kpi, period = self.latest.kpi, self.period
        target = target_of(kpi, bool(self.latest.members), period) if period else self.latest.target
        return target_words(kpi, target)

    @property
    def recovery(self) -> RecoveryNow | None:
        """The recovery path that was promised; None where there is none."""
        return self.assessment.recovery.get(self.latest.series)

    @property
    def section(self) -> Section:
        """Its section of the catalogue."""
        return self.assessment.section_of(self.latest.kpi)


Listed = ListedKpi | ListedSection | ListedOrg


def _of_kpi(value: Callable[[ListedKpi], Any]) -> Callable[[Listed], Any]:
    """A cell that is blank if the row is about a section."""
    return lambda row: value(row) if isinstance(row, ListedKpi) else None


def _of_figure(name: str) -> Callable[[Listed], Any]:
    """A field that the owner returned with the figure; blank for a rolled-up one."""
    return _of_kpi(lambda row: getattr(row.figure, name) if row.figure else None)


def _why_listed(row: Listed) -> str:
    # Beside what the earlier figure of one that has none now was, it would read as if it were about the present.
    is_of_now = isinstance(row, ListedKpi) and row.period == row.latest.due
    silence = unsaid_words(row.unsaid, is_promised=row.is_promised) if isinstance(row, ListedKpi) and is_of_now else ""
    return "; ".join(filter(None, (row.why, silence)))


def _action_due(row: ListedKpi) -> date | None:
    return date_of(row.figure.action_due) if row.figure else None


def _recovery(row: ListedKpi) -> str:
    now = row.recovery if row.listed == layout.TO_ACT_ON else None
    return recovery_words(row.latest.kpi, now) if now else ""


def _executive_words(row: Listed) -> Iterator[str]:
    """Of the figure, and of the rolled-up ones that have no row of their own, as they are off target by it alone."""
    if isinstance(row, ListedKpi):
        yield from filter(None, [words_in_cell(row.assessment, row.latest, row.period)])
        for each in row.assessment.roll_ups_listed_with.get(row.latest.series, ()):
            if said := words_in_cell(row.assessment, each):
                yield f"{each.org.code}: {said}"


def _off_target_from(row: ListedKpi) -> date | None:
    period = off_target_from(row.latest)
    return period.first_day if period else None


COLUMNS: tuple[Column[Listed], ...] = (
    Column("list", "List", lambda row: row.listed, 11, "to act on, or to celebrate"),
    ref_column(lambda row: row.ref),
    Column("kpi", "KPI", lambda row: row.name, 26, "the KPI's name"),
    org_column(lambda row: row.org, width=8),
    Column("rag", "RAG", _of_kpi(lambda row: str(row.latest.rag)), 10, "its colour now, or why it has none"),
    Column("latest", "Latest", _of_kpi(lambda row: row.shown), 11,
           "the figure as printed; if there is no colour now, the last figure that had one"),
    Column("target", "Target", _of_kpi(lambda row: row.target), 11, "the target of that period, in words"),
    Column("as_at", "As at", _of_kpi(lambda row: row.period and row.period.short), 9, "the period of that figure"),
    Column("why", "Why it is listed", _why_listed, 30,
           "how it stands, since when, what stands against it, and that nothing was said of it where it was to be"),
    Column("off_target_since", "Red or Amber since", _of_kpi(lambda row: since(row.latest)), 10,
           "the period with which its Reds and Ambers began"),
    Column("periods", "Periods", _of_kpi(lambda row: row.latest.off_target and row.latest.off_target.figures), 7,
           "how many figures it has been off target", ColumnKind.NUMBER),
    Column("change", "Change", _of_kpi(lambda row: row.judged and change(row.latest.kpi, row.judged)), 8,
           "better or worse than the period before; of cumulative KPIs what the periods added, as month better"),
    Column("variation", "Variation", _of_kpi(lambda row: variation(row.latest)), 14,
           "the SPC verdict on variation, or the trend"),
    Column("assurance", "Assurance", _of_kpi(lambda row: assurance(row.latest)), 12,
           "the SPC verdict on the target"),
    Column("data_quality", "Data quality", _of_kpi(lambda row: row.assessment.confidence[row.latest.series].word), 8,
           "good, fair or poor: the worst of sign-off, timeliness, audit and systems, as far as stated"),
    Column("commentary", "Commentary", _of_figure("commentary"), 36, "the owner's commentary"),
    Column("cause", "Cause", _of_figure("cause"), 24, "the cause that the owner gave"),
    Column("action", "Action", _of_figure("action"), 28, "the action that the owner promised"),
    Column("action_owner", "Action owner", _of_figure("action_owner"), 15, "who does it"),
    Column("action_due", "Action due", _of_kpi(_action_due), 11, "by when", ColumnKind.DATE),
    Column("escalation", "Escalation", lambda row: row.stage, 18, "the stage in force; one with ? is for decision"),
    Column("responsible_owner", "Responsible owner", _of_kpi(lambda row: row.latest.responsible_owner), 18,
           "who returns it"),
    Column("executive_owner", "Executive owner", _of_kpi(lambda row: row.latest.executive_owner), 18,
           "who answers for it"),
    Column("section", "Section", lambda row: row.section and row.section.name, 18, "the section of the catalogue"),
    Column("directorate", "Directorate", _of_kpi(lambda row: row.latest.directorate), 18,
           "the directorate of who returns it", since="0.2.0", like="Executive owner"),
    Column("period_ends", "Period ends", _of_kpi(lambda row: row.period and row.period.last_day), 11,
           "the last day of the period of the figure", ColumnKind.DATE, since="0.2.0", like="Action due"),
    Column("off_target_from", "Off target from", _of_kpi(_off_target_from), 11,
           "the first day of the period with which its Reds and Ambers began", ColumnKind.DATE, since="0.2.0",
           like="Action due"),
    Column("place", "Reason for its place", lambda row: row.place and row.place.reason, 44,
           "what decides its place in the list: stage, how far off target in tolerances, concern, what is expected, an "
           "overdue action, how long", since="0.2.0", like="Why it is listed"),
    Column("recovery_path", "Recovery path", _of_kpi(_recovery), 44,
           "of the way back to target that was promised: ahead of it or behind, back on target when, how often changed",
           since="0.2.0", like="Commentary"),
    Column("executive_words", "What the executive says", lambda row: "; ".join(_executive_words(row)), 44,
           "of a rolled-up figure, what its executive says of it, and who approved that; see Narrative",
           since="0.2.0", like="Why it is listed"),
)  # fmt: skip

SHEET = MasterSheet(
    layout.EXCEPTIONS, "Exceptions", "a KPI and org, or a section, to act on or to celebrate", COLUMNS, exceptions,
    header_height=38, printed_to="Escalation", kept=4,
    shows="What to act on, the gravest first, with what its owner says and does; then what to celebrate.",
)  # fmt: skip
