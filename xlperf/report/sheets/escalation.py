"""Escalation in the master: what is proposed, what was decided, and what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.case_standing import CaseStanding
from xlperf.catalogue import Kpi, Org, Section
from xlperf.ledger import Decision
from xlperf.report import layout
from xlperf.report.case_words import actions_words, entries_words, last_words, leaves_words, told_words
from xlperf.report.columns import Column, ColumnKind, MasterSheet, RowOrder
from xlperf.report.sheets.common import org_column, ref_column, typed_day
from xlperf.report.subject_names import section_name
from xlperf.rules.cases import EntryKind
from xlperf.rules.escalation import Answer, Proposal
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.rules.iso_day import day_of
from xlperf.rules.keys import SeriesKey

NO_PROPOSAL = Proposal("", "")
"""For a series with a typed decision for which the ladder proposes nothing."""
_STATUS = {
    Answer.NOTHING: "Nothing proposed",
    Answer.AS_PROPOSED: "As proposed",
    Answer.OTHERWISE: "Decided otherwise",
    Answer.NOT_A_STAGE: "Not a stage of the ladder",
    Answer.NOT_YET: "No decision yet",
    Answer.AFTER: "To decide: proposed after the decision",
    Answer.INSTEAD: "To decide: not a stage of the ladder",
    Answer.CLOSED: "Closed; stands until you take it out",
    Answer.DISPUTED: "Decided twice",
}


@dataclass(frozen=True)
class UncataloguedDecision:
    """A decision about a KPI or org that is not in the catalogue; shown so that a person can move or clear it.

    Or a case about a subject of its own, for which the team types decisions as for any other.
    """

    assessment: Assessment
    key: SeriesKey

    @property
    def name(self) -> str:
        """The KPI's name, if the catalogue has it, or the title of a case of its own."""
        kpi = self.assessment.catalogue.kpi_by_id.get(self.key[0])
        case = self.assessment.cases.about(self.key)
        return kpi.name if kpi else case.title or ("" if case.is_own else "not in the catalogue")

    @property
    def status(self) -> str:
        """Why nothing is proposed."""
        kpi = self.assessment.catalogue.kpi_by_id.get(self.key[0])
        if kpi is None:
            case = self.assessment.cases.about(self.key)
            if not case.is_own:
                return "Not in the catalogue"
            return "A case of its own" + ("; review overdue" if case.is_review_overdue else "")
        retired = kpi.is_retired_by(self.assessment.period.first_day)
        if above := self._above(kpi):
            return f"The same figure as {above}, which is listed in its place: decide there"
        return f"Retired after {kpi.retired_after}" if retired else f"{self.key[1]} does not report it"

    def _above(self, kpi: Kpi) -> str:
        """The org above it that is rolled up from the same orgs, so that its figure is shown once; "" for none."""
        orgs = self.assessment.catalogue.org_by_code
        org = orgs.get(self.key[1])
        rolled_up = self.assessment.members_now(kpi) or self.assessment.members[kpi.id]
        if org is None or org.code in rolled_up or org.code in self.assessment.catalogue.open_days[kpi.id]:
            return ""
        below = {code for made_of in rolled_up.values() for code in made_of if org.code in _ancestors(orgs, code)}
        return next(
            (above for above in _ancestors(orgs, org.code) if set(rolled_up.get(above, ())) == below != set()), ""
        )

    @cached_property
    def case(self) -> CaseStanding:
        """What was decided, done and told about it."""
        return self.assessment.cases.about(self.key)

    @property
    def typed(self) -> Decision:
        """What was typed."""
        return self.assessment.ladder.typed(self.key)


def _ancestors(orgs: Mapping[str, Org], code: str) -> Iterator[str]:
    """The codes of the orgs above one, the nearest first."""
    parent = orgs[code].parent
    while parent is not None:
        yield parent
        parent = orgs[parent].parent


@dataclass(frozen=True)
class EscalationSubject:
    """A series or a section with a stage proposed or decided, or with anything typed about it.

    `about` is how the series stands in the reporting period, or the section.
    """

    assessment: Assessment
    key: SeriesKey
    about: Latest | Section

    @property
    def latest(self) -> Latest | None:
        """How the series stands; None for a section."""
        return self.about if isinstance(self.about, Latest) else None

    @property
    def name(self) -> str:
        """The KPI's name, or the section's."""
        return self.about.kpi.name if isinstance(self.about, Latest) else section_name(self.about)

    @cached_property
    def proposal(self) -> Proposal:
        """What the ladder proposes."""
        return self.assessment.ladder.proposals.get(self.key, NO_PROPOSAL)

    @property
    def typed(self) -> Decision:
        """The texts for the four cells of the decision."""
        return self.assessment.ladder.typed(self.key)

    @cached_property
    def case(self) -> CaseStanding:
        """What was decided, done and told about it."""
        return self.assessment.cases.about(self.key)

    @property
    def proposed(self) -> str:
        """The stage proposed."""
        return self.proposal.stage or self.assessment.ladder.no_stage

    @property
    def reason(self) -> str:
        """Why the stage is proposed, or that the text typed is not a stage."""
        if self.assessment.ladder.answer(self.key) is Answer.NOT_A_STAGE:
            no_stage, typed = self.assessment.ladder.no_stage, self.assessment.ladder.decision(self.key).stage
            return self.proposal.reason or f"'{typed}' is no stage here and counts as {no_stage}."
        return self.proposal.reason

    @property
    def status(self) -> str:
        """How the decision compares with the proposal, and what is wrong with the decision."""
        decision, answered = self.assessment.ladder.decision(self.key), self.assessment.ladder.answer(self.key)
        status = _STATUS[answered]
        if answered is Answer.AFTER and (day := day_of(decision.on)):
            status += f" of {in_words(day)}"
        if answered is Answer.DISPUTED:
            no_stage = self.assessment.ladder.no_stage
            status += f"; '{decision.stage or no_stage}' counts until you type which stands"
        elif decision.stage:
            status += _without_day(decision.on)
        return status + ("; review overdue" if self.case.is_review_overdue else "")


EscalationRow = EscalationSubject | UncataloguedDecision


def _rows(assessment: Assessment) -> Iterator[EscalationRow]:
    """The gravest first; at the end, decisions about KPIs or orgs that the catalogue does not have."""
    about: dict[SeriesKey, Latest | Section] = {
        **assessment.ladder.sections,
        **assessment.latest_by_series,
    }
    listed = [
        EscalationSubject(assessment, key, subject)
        for key, subject in about.items()
        if key in assessment.ladder.proposals or any(assessment.ladder.typed(key).cells)
    ]
    yield from sorted(listed, key=lambda subject: -assessment.ladder.gravity(subject.key))
    for key in assessment.state.settled:
        if any(assessment.ladder.typed(key).cells) and key not in about:
            yield UncataloguedDecision(assessment, key)
    for key, case in assessment.cases.by_key.items():
        if case.is_own and all(key) and not any(assessment.ladder.typed(key).cells):
            yield UncataloguedDecision(assessment, key)


def _without_day(typed: str) -> str:
    """A note if the date of a decision cannot be read: then its stage has no periods counted and no review due."""
    if day_of(typed) is not None:
        return ""
    return "; its date cannot be read" if typed else "; without a date"


def _proposed(value: Callable[[Proposal], Any]) -> Callable[[EscalationRow], Any]:
    """A cell about the proposal; blank if the catalogue does not have the KPI or org."""
    return lambda row: value(row.proposal) if isinstance(row, EscalationSubject) else None


def _staged(value: Callable[[EscalationSubject], Any]) -> Callable[[EscalationRow], Any]:
    """A cell that is blank if the catalogue does not have the KPI or org."""
    return lambda row: value(row) if isinstance(row, EscalationSubject) else None


def _latest(value: Callable[[Latest, Assessment], Any]) -> Callable[[EscalationRow], Any]:
    """A cell about a series; blank for a section."""
    return _staged(lambda row: value(row.latest, row.assessment) if row.latest else None)


def _since(row: EscalationRow) -> date | None:
    """The day on which what is in force was decided; of what is not in the catalogue, by the decisions alone."""
    return row.proposal.since if isinstance(row, EscalationSubject) else row.case.since


def _of_case(
    id_: str, header: str, value: Callable[[EscalationRow], Any], width: float, says: str
) -> Column[EscalationRow]:
    return Column(id_, header, value, width, says, since="0.2.0", like="Reason")


COLUMNS: tuple[Column[EscalationRow], ...] = (
    ref_column(lambda row: row.key[0]),
    Column("kpi", "KPI", lambda row: row.name, 26, "the KPI's name"),
    org_column(lambda row: row.key[1], width=8),
    Column("rag", "RAG", _latest(lambda latest, _: str(latest.rag)), 10, "its colour now, or why it has none"),
    Column("latest", "Latest", _latest(lambda latest, _: latest.row["shown"] if latest.row else ""), 11,
           "the last figure, as printed"),
    Column("proposed_stage", "Proposed stage", _staged(lambda row: row.proposed), 17, "the stage the rules propose"),
    Column("reason", "Reason", _staged(lambda row: row.reason), 40, "why"),
    Column("way_out", "What would take it out", _proposed(lambda proposal: proposal.way_out), 24, "and by when"),
    Column("support", "Support", _proposed(lambda proposal: "; ".join(proposal.support)), 60, "what the stage offers"),
    Column("in_force_since", "In force since", _since, 11,
           "the day the stage was decided", ColumnKind.DATE),
    Column("periods_at_stage", "Periods at stage",
           _proposed(lambda proposal: proposal.periods_at_stage if proposal.since else None), 8,
           "rated periods since then", ColumnKind.NUMBER),
    Column("next_review", "Next review", lambda row: row.case.next_review, 11,
           "of the stage in force, or the day that Cases says", ColumnKind.DATE),
    Column("who_decides", "Who decides", _proposed(lambda proposal: proposal.decided_by), 17, "about the stage"),
    Column("who_is_told", "Who is told", _proposed(lambda proposal: "; ".join(proposal.tell)), 22, "of the stage"),
    Column("decided_stage", layout.DECIDED, lambda row: row.typed.stage, 18, "the stage decided",
           is_typed=True),
    Column("decided_by", layout.DECIDED_BY, lambda row: row.typed.by, 16, "by whom", is_typed=True),
    Column("decided_on", layout.DECIDED_ON, lambda row: typed_day(row.typed.on), 12, "on which day",
           ColumnKind.DATE, is_typed=True),
    Column("rationale", layout.RATIONALE, lambda row: row.typed.rationale, 32, "why", is_typed=True),
    Column("status", "Status", lambda row: row.status, 17, "how the decision stands to what is proposed"),
    Column("executive_owner", "Executive owner", _latest(lambda latest, assessment: latest.executive_owner), 18,
           "who answers for it"),
    _of_case("exit_test", "Exit test", lambda row: leaves_words(row.assessment, row.case), 30,
             "how far the conditions are met under which the stage in force is left"),
    _of_case("support_begun", "Support begun", lambda row: entries_words(row.case, EntryKind.BEGUN), 34,
             "what of the support was begun, by whom and when; from Cases"),
    _of_case("last_progress", "Last progress", lambda row: last_words(row.case, EntryKind.PROGRESS), 34,
             "the last entry on Cases about how it goes"),
    _of_case("told", "Told", lambda row: told_words(row.case), 30,
             "who was told of the last change of the stage, and of whom Cases does not say so"),
    _of_case("open_actions", "Actions to be done", lambda row: actions_words(row.case), 18,
             "how many of the actions about it are still to be done; from Actions"),
)  # fmt: skip

SHEET = MasterSheet(
    layout.ESCALATION, "Escalation", "a KPI and org, or a section, with a stage proposed or decided", COLUMNS, _rows,
    stay=RowOrder.IN_PLACE, printed_to="Status", kept=3,
    shows="The stage proposed for each KPI, and the yellow cells in which decisions are typed.",
)  # fmt: skip
