"""The ledger judged as of one reporting period, for every sheet, page and message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pandas as pd

from xlperf.assessment.action_standing import Actions, actions_in
from xlperf.assessment.agreed_at import agreed_at
from xlperf.assessment.attention import good_news, needs_attention, needs_it_by_itself
from xlperf.assessment.case_standing import Cases
from xlperf.assessment.confidence import confidences
from xlperf.assessment.consequences import ORG_REF, consequence, listed_with
from xlperf.assessment.counts import Counts, counts_of
from xlperf.assessment.enquiry_evidence import about_each
from xlperf.assessment.escalation import Ladder
from xlperf.assessment.figures import JudgedFigure, figures_up_to, given_before, is_period_of, without_kpi
from xlperf.assessment.forecasts import forecast_errors
from xlperf.assessment.joins import Join, joins
from xlperf.assessment.latest import Latest, Listing
from xlperf.assessment.recovery_standing import RecoveryNow, recovery_now
from xlperf.assessment.redefinitions import redefinitions
from xlperf.assessment.roll_up_words import ExecutiveWords, Stood, asks_for_words, stood, words_now
from xlperf.assessment.shown_editions import Correction, EditionShown
from xlperf.catalogue import Catalogue, EnquiryKind, Kpi, Meeting, Section
from xlperf.ledger import Current, State
from xlperf.period import Period
from xlperf.returns.figure import FigureKey
from xlperf.rules.actions import Action
from xlperf.rules.assess import assess
from xlperf.rules.compare import compare
from xlperf.rules.consequence import Consequence
from xlperf.rules.early_warning import falls, last_falls, last_on
from xlperf.rules.enquiries.enquiry import Enquiry
from xlperf.rules.forecast_error import ForecastError
from xlperf.rules.joined import own, with_joined
from xlperf.rules.keys import SeriesKey
from xlperf.rules.process import Processes, processes
from xlperf.rules.quality_marks import QualityMarks
from xlperf.rules.ratings import Rag
from xlperf.rules.rollup import Trees
from xlperf.rules.trend import OF_VARIATION


@dataclass(frozen=True)
class Assessment:
    """Catalogue, ledger state and reporting period, with everything judged once, when it is first used.

    Attributes:
        catalogue: the catalogue to judge by.
        state: the state of the ledger.
        period: the reporting period.
        produced: the time of the assessment.
        present: the sha256 of every file that is in the received folders now.
        last_shown: the edition that changes are listed against; None where there is none yet.
        data_since: the sheet Data leaves out figures of periods that ended before this day; None where it has all.
        correction: which edition it takes the place of; None for the first of its period, and for what is none.
        is_issued: whether it is what a board is given, which holds no words that nobody has approved.
    """

    catalogue: Catalogue
    state: State
    period: Period
    produced: datetime
    present: frozenset[str] = frozenset()
    last_shown: EditionShown | None = None
    data_since: date | None = None
    correction: Correction | None = None
    is_issued: bool = False

    @property
    def meeting(self) -> Meeting:
        """The meeting whose pages are made of it: the board."""
        return self.catalogue.board_meeting

    def covers(self, _: SeriesKey) -> bool:
        """Whether it is about a figure, a section of an org, or the subject of an action: about each."""
        return True

    @property
    def is_public(self) -> bool:
        """Whether what is made of it is for everybody, who have nothing else to look at."""
        return False

    def may_cover(self, _: SeriesKey) -> bool:
        """Whether a figure not returned yet may come to be among those that it is about."""
        return True

    def is_agreed_here(self, action: Action) -> bool:
        """Whether an action was agreed at that meeting."""
        agreed = agreed_at(self.catalogue, action.agreed)
        return agreed is not None and agreed.id == self.meeting.id

    @property
    def meeting_day(self) -> date | None:
        """The day on which that meeting looks at the period; None where the catalogue does not say."""
        return self.meeting.day(self.catalogue.entry_by_period[self.period])

    @cached_property
    def past(self) -> dict[str, Assessment]:
        """Earlier assessments, by the run that recorded what was made of them, as far as they have been asked for."""
        return {}

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Every figure up to the end of the reporting period, and the figures they roll up to."""
        return figures_up_to(self.catalogue, self.state, self.period)

    @cached_property
    def figures_in_data(self) -> int:
        """How many rows the sheet Data has: the figures that were returned, without those that it leaves out."""
        returned = self.figures.loc[~self.figures["rolled_up"]]
        counts = Counter(zip(returned["kpi_id"], returned["period"], strict=True))
        kpis, since = self.catalogue.kpi_by_id, self.data_since or date.min
        return sum(count for (kpi, period), count in counts.items() if kpis[kpi].period(period).last_day >= since)

    @cached_property
    def assessed(self) -> pd.DataFrame:
        """`figures`, judged (see `rules.assess.assess`), with those that joined series go on from (`rules.joined`)."""
        return assess(self.catalogue, with_joined(self.catalogue, self.figures, self.period.last_day))

    @cached_property
    def own(self) -> pd.DataFrame:
        """`assessed`, each figure once, of the org that gave it: for whatever adds up, counts or compares figures."""
        return own(self.assessed)

    @cached_property
    def processes(self) -> Processes:
        """Trend and SPC verdicts of every series, and its chart."""
        return processes(self.catalogue, self.assessed)

    @cached_property
    def rows(self) -> tuple[JudgedFigure, ...]:
        """The rows of `assessed` in its order, each with its place in the SPC chart (see `rules.process.Processes`).

        Its trend is by one rule in every sheet: what SPC says of the figure, and the short-series rule where it says
        nothing.
        """
        judged = self.assessed.join(self.processes.chart)
        by_spc = judged["point"].map(OF_VARIATION)
        records: Any = judged.assign(trend=by_spc.fillna(judged["trend"])).to_dict("records")
        latest = {(row["kpi_id"], row["org"]): row for row in records}
        for series, verdict in self.processes.verdicts.items():
            latest[series]["trend"] = verdict.trend
        return tuple(records)

    @cached_property
    def series(self) -> Mapping[SeriesKey, tuple[JudgedFigure, ...]]:
        """The rows of each (kpi_id, org), in order of time; of a joined series also those that it goes on from."""
        grouped: dict[SeriesKey, list[JudgedFigure]] = {}
        for row in self.rows:
            grouped.setdefault((row["kpi_id"], row["org"]), []).append(row)
        return {key: tuple(rows) for key, rows in grouped.items()}

    @cached_property
    def trees(self) -> Mapping[str, Trees]:
        """By KPI, which orgs are made of which, in which period."""
        return {kpi.id: Trees(self.catalogue, kpi) for kpi in self.catalogue.kpis}

    @cached_property
    def members(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """By KPI the orgs that are rolled up, each with those it has ever been made of (see `rules.rollup.members`)."""
        return {kpi_id: trees.ever for kpi_id, trees in self.trees.items()}

    def members_now(self, kpi: Kpi) -> Mapping[str, tuple[str, ...]]:
        """As `members`, those that are open when the reporting period ends."""
        return self.trees[kpi.id].of(self.period)

    @cached_property
    def latest(self) -> tuple[Latest, ...]:
        """Every KPI and org of the catalogue that is still reported, in its order; what rolls up stands first."""
        verdicts = self.processes.verdicts
        judged = {key: (rows, verdicts.get(key)) for key, rows in self.series.items()}
        return Listing(self.catalogue, self.state, self.period, self.trees, self.given_before).every(judged)

    @cached_property
    def latest_by_series(self) -> Mapping[SeriesKey, Latest]:
        """As `latest`, by (kpi_id, org)."""
        return {latest.series: latest for latest in self.latest}

    @cached_property
    def understood_org(self) -> str:
        """The org that it is about, which a pack need not name with each figure; "" where it is about all."""
        return ""

    def is_selected(self, _: SeriesKey) -> bool:
        """Whether a figure is here only because of how it stands, so that no question is answered by it."""
        return False

    def rolled_up_above(self, latest: Latest) -> int:
        """How many orgs above it are rolled up for its KPI: 0 for a figure that is part of no other."""
        rolled_up, orgs = self.members_now(latest.kpi), self.catalogue.org_by_code
        above, number = orgs.get(latest.org.parent or ""), 0
        while above is not None:
            number += above.code in rolled_up
            above = orgs.get(above.parent or "")
        return number

    @cached_property
    def falls(self) -> Mapping[SeriesKey, str]:
        """The falls that are warned of early, in words (see `rules.early_warning`)."""
        return falls(self.catalogue, self.assessed)

    @cached_property
    def last_on(self) -> Mapping[str, str]:
        """The orgs that are last on so many KPIs that it is warned of, in words, by code."""
        latest = (self.compared.get((*each.series, str(each.period))) for each in self.latest if each.is_current)
        return last_on(self.catalogue.rules.early_warning, filter(None, latest))

    @cached_property
    def redefinitions(self) -> Mapping[SeriesKey, tuple[str, str]]:
        """The changes of definition that are to be said, by KPI and org: since when, and what changed, in words."""
        return redefinitions(self.latest, lambda series: self.series.get(series, ()), self.state)

    @cached_property
    def joins(self) -> Mapping[SeriesKey, Join]:
        """The series that go on from another org's, with whose figures those before are (see `assessment.joins`)."""
        return joins(self.catalogue, self.latest, self.series)

    @cached_property
    def given_before(self) -> Mapping[FigureKey, JudgedFigure]:
        """Figures that are said not to apply now, as they were last given and judged; see `Current.given_before`."""
        figures = given_before(self.catalogue, self.state, self.period)
        if figures.empty:
            return {}
        records: Any = assess(self.catalogue, figures).to_dict("records")
        return {(row["kpi_id"], row["org"], row["period"]): row for row in records}

    @cached_property
    def actions(self) -> Actions:
        """What was promised, as it stands today."""
        return actions_in(self.catalogue, self.state, self.period, self.produced.date())

    def made_of(self, kpi: Kpi, org: str, period: Period) -> tuple[str, ...]:
        """The members of a rolled-up figure of a period; of one that had none then, those that it ever had."""
        return self.trees[kpi.id].of(period).get(org) or self.members[kpi.id].get(org, ())

    def stood(self, kpi: Kpi, org: str, period: str) -> Stood:
        """How a rolled-up figure of a period, and those that it is made of, stand now."""
        return stood(self.series, kpi.id, org, self.made_of(kpi, org, kpi.period(period)), period)

    @cached_property
    def executive_words(self) -> Mapping[FigureKey, ExecutiveWords]:
        """What was typed about rolled-up figures, by (kpi_id, org, period), whether approved or not."""
        kpis, today = self.catalogue.kpi_by_id, self.produced.date()
        return {
            (kpi_id, org, period): words_now(settled, self.stood(kpis[kpi_id], org, period), today)
            for (kpi_id, org, period), settled in self.state.words.items()
            if kpi_id in kpis and is_period_of(kpis[kpi_id], period)
        }

    @cached_property
    def words_by_series(self) -> Mapping[SeriesKey, Mapping[Period, ExecutiveWords]]:
        """As `executive_words`, by (kpi_id, org) and period, in order of time."""
        by_series: dict[SeriesKey, dict[Period, ExecutiveWords]] = {}
        for (kpi_id, org, period), words in self.executive_words.items():
            by_series.setdefault((kpi_id, org), {})[self.catalogue.kpi_by_id[kpi_id].period(period)] = words
        return {key: dict(sorted(words.items())) for key, words in by_series.items()}

    @cached_property
    def to_speak_of(self) -> tuple[Latest, ...]:
        """The rolled-up figures of which a board should hear something, and those of which something was said."""
        return tuple(
            latest
            for latest in self.latest
            if latest.period is not None
            and (asks_for_words(latest) or self._is_spoken_of((*latest.series, str(latest.period))))
        )

    def _is_spoken_of(self, key: FigureKey) -> bool:
        return key in self.executive_words and any(self.state.words[key].shown)

    def words_on(self, latest: Latest, period: Period | None = None) -> ExecutiveWords | None:
        """The words that stand beside a figure of a period, or the last there is; None where there are none.

        What a board is given has none that nobody has approved.
        """
        period = period or latest.period
        words = self.words_by_series.get(latest.series, {}).get(period) if period is not None else None
        return words if words and words.text and (words.is_approved or not self.is_issued) else None

    @cached_property
    def recovery(self) -> Mapping[SeriesKey, RecoveryNow]:
        """The recovery paths that were promised, by KPI and org, and how the figures stand against them."""
        return recovery_now(self)

    @cached_property
    def ladder(self) -> Ladder:
        """The proposals of the ladder and the decisions of people."""
        return Ladder(
            self.catalogue, self.state, self.period, self.produced.date(),
            self.assessed, self.processes.verdicts, self.latest, self.members, self.falls, self.actions, self.meeting,
        )  # fmt: skip

    @cached_property
    def cases(self) -> Cases:
        """Each issue in escalation, with what was decided, done and told about it."""
        return Cases(self.ladder, self.actions, self.state.case_entries)

    @cached_property
    def confidence(self) -> Mapping[SeriesKey, QualityMarks]:
        """The data quality marks of each KPI and org."""
        return confidences(self.catalogue, self.state, self.period, self.produced.date(), self.latest)

    @property
    def is_late(self) -> bool:
        """Whether the deadline for returns has passed; before it nobody waits for what has not come."""
        return self.produced.date() > self.catalogue.entry_by_period[self.period].return_deadline

    @cached_property
    def to_act_on(self) -> frozenset[SeriesKey]:
        """The KPIs and orgs that need action."""
        return frozenset(
            latest.series
            for latest in self.latest
            if needs_attention(latest, self.ladder, is_late=self.is_late)
            or (latest.is_current and latest.series in self.falls)
        )

    @cached_property
    def only_proposed(self) -> frozenset[SeriesKey]:
        """What is to act on for nothing but a proposal that the board is not to see; its pack does not tell of it."""
        ladder = self.ladder
        by_themselves = {
            latest.series
            for latest in self.latest
            if needs_it_by_itself(latest, is_late=self.is_late) or (latest.is_current and latest.series in self.falls)
        }
        listed = self.to_act_on | self.sections_to_act_on.keys()
        return frozenset(key for key in listed if key not in by_themselves and not ladder.printed(key))

    @cached_property
    def sections_to_act_on(self) -> Mapping[SeriesKey, Section]:
        """The sections, by (section, org), that are in a stage, or proposed for one or for leaving it."""
        return {key: section for key, section in self.ladder.sections.items() if self.ladder.words(key)}

    @cached_property
    def listed_with(self) -> Mapping[SeriesKey, SeriesKey]:
        """The roll-ups to act on that are said in the row of a member, as they are off target by that one alone."""
        return listed_with(self.latest, self.ladder)

    @cached_property
    def roll_ups_listed_with(self) -> Mapping[SeriesKey, tuple[Latest, ...]]:
        """The other way about: by the member in whose row they are said, those roll-ups, in the order of `latest`."""
        roll_ups: dict[SeriesKey, list[Latest]] = {}
        for each in self.latest:
            if each.series in self.listed_with:
                roll_ups.setdefault(self.listed_with[each.series], []).append(each)
        return {series: tuple(listed) for series, listed in roll_ups.items()}

    @cached_property
    def consequences(self) -> Mapping[SeriesKey, Consequence]:
        """What is to act on that has a row of its own, with what decides its place, the gravest consequence first."""
        ladder = self.ladder
        places = {
            each.series: consequence(each, ladder, self.falls.get(each.series, ""))
            for each in self.latest
            if each.series in self.to_act_on and each.series not in self.listed_with
        }
        places |= {key: Consequence(ladder.gravity(key), stage=ladder.sentence(key)) for key in self.sections_to_act_on}
        places |= {(ORG_REF, org): Consequence(warning=words) for org, words in self.last_on.items()}
        return dict(sorted(places.items(), key=lambda place: place[1].order))

    @cached_property
    def good_news(self) -> Mapping[SeriesKey, tuple[str, ...]]:
        """What there is to celebrate, in words, by KPI and org; never for one that needs action."""
        lost = {latest.series for latest in self.latest if latest.was}
        sustained, fell = self.catalogue.rules.sustained_green, last_falls(self.catalogue, self.assessed)
        words_by_series = {
            key: good_news(latest, self.series.get(key, ()), sustained, fell.get(key), self._red_parts(latest))
            for key, latest in ((latest.series, latest) for latest in self.latest)
            # Nor one that is made of what is left, where an org that was off target has no figure now.
            if key not in self.to_act_on and lost.isdisjoint((latest.kpi.id, org) for org in latest.members)
        }
        return {series: words for series, words in words_by_series.items() if words}

    def _red_parts(self, latest: Latest) -> list[str]:
        """The names of the orgs in a rolled-up figure that are Red."""
        parts = (self.latest_by_series.get((latest.kpi.id, org)) for org in latest.members)
        return [part.org.name for part in parts if part is not None and part.rag == Rag.RED]

    @cached_property
    def counts(self) -> Counts:
        """How many of what there are; every heading and message takes its counts from here."""
        return counts_of(self)

    @cached_property
    def compared(self) -> Mapping[FigureKey, JudgedFigure]:
        """Each latest figure compared among the orgs, by (kpi_id, org, period); see `rules.compare`."""
        latest_periods = {
            (latest.kpi.id, str(latest.period)) for latest in self.latest if latest.period and not latest.members
        }
        pairs = pd.MultiIndex.from_frame(self.own[["kpi_id", "period"]])
        ranked: Any = compare(self.catalogue, self.own[pairs.isin(list(latest_periods))]).to_dict("records")
        return {(row["kpi_id"], row["org"], row["period"]): row for row in ranked}

    @cached_property
    def enquiries_about_each(self) -> Mapping[EnquiryKind, Mapping[SeriesKey, Enquiry]]:
        """By kind, what could be asked about each KPI and org (see `raised_enquiries` for what a meeting asks)."""
        return about_each(self)

    @cached_property
    def forecast_errors(self) -> Mapping[SeriesKey, ForecastError]:
        """How far the earlier forecasts of each KPI and org were off: for the team, and for no page of a board."""
        return forecast_errors(self.catalogue, self.state, self.period)

    @cached_property
    def without_kpi(self) -> Mapping[str, int]:
        """By KPI id, the number of figures in the ledger of KPIs that the catalogue does not have."""
        return without_kpi(self.catalogue, self.state)

    def current(self, row: JudgedFigure) -> Current | None:
        """The ledger's figure behind a judged row; None behind a rolled-up one."""
        return self.state.figures.get((row["kpi_id"], row["org"], row["period"]))

    def section_of(self, kpi: Kpi) -> Section:
        """The section of the catalogue that a KPI is in."""
        return next(section for section in self.catalogue.sections if section.id == kpi.section)
