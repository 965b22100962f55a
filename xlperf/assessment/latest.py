"""How each KPI and org stands in the reporting period."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xlperf.assessment.figures import JudgedFigure
from xlperf.assessment.forecasts import Forecast, forecast_now
from xlperf.catalogue import Catalogue, Kind, Kpi, Org, Target
from xlperf.ledger import Current, State
from xlperf.period import Period
from xlperf.returns.figure import FigureKey
from xlperf.rules.disagreement import flag
from xlperf.rules.escalation import RATED
from xlperf.rules.escalation.case import OFF_TARGET
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.rules.keys import SeriesKey
from xlperf.rules.milestones import MISSED, counts_as, is_past_due, missed_words
from xlperf.rules.process import Process
from xlperf.rules.rag import Rag
from xlperf.rules.rollup import Trees, target_of
from xlperf.rules.runs import RunOfFigures, off_target
from xlperf.rules.trend import OF_VARIATION

_NAMED = 2
"""Executives, or directorates, of the parts of a rolled-up figure that are named; more are `several`."""


@dataclass(frozen=True)
class Latest:
    """How one KPI and org stands in the reporting period.

    Attributes:
        rag: the RAG of the period; Not due, Not returned or Closed if it has no figure.
        row: the last judged figure, or None; `period` is its period.
        current: the ledger's figure behind `row`; None for a rolled-up one.
        why: why the period has no figure, if one is due, or the org is closed.
        members: the orgs that a rolled-up figure is made of in that period; () for a returned figure.
        due: the period that a figure is due for; None if none is.
        closed: the last day on which the org was open, or reported the KPI, if the reporting period ends after it.
        missed: of a milestone that is not complete although its date has come by the end of the reporting period:
            `missed: due 30 Jun 2026`; else "".
        off_target: the run of Reds and Ambers that no later figure has ended, even if this period has no figure.
        judged_in: the period whose target a milestone without any figure has missed; else None.
        process: trend and SPC verdicts on the series; None if there is no figure at all.
        forecast: what its owner expects at the year end, as last given; None for a rolled-up or a closed one.
        responsible_owner: the name of the owner; "" for a rolled-up figure, unless the KPI has one owner for all orgs.
        executive_owner: the title of the executive owner; of parts for whose whole nobody answers, `A and B`, or
            `several executives`.
        directorate: the owner's directorate, in the same way.
    """

    kpi: Kpi
    org: Org
    rag: Rag
    row: JudgedFigure | None
    period: Period | None
    why: str = ""
    members: tuple[str, ...] = ()
    due: Period | None = None
    closed: date | None = None
    missed: str = ""
    judged_in: Period | None = None
    off_target: RunOfFigures | None = None
    current: Current | None = None
    process: Process | None = None
    forecast: Forecast | None = None
    responsible_owner: str = ""
    executive_owner: str = ""
    directorate: str = ""

    @property
    def target(self) -> Target | None:
        """The target of its figure's period; where there is no figure, of the period that is due or has passed."""
        period = self.period or self.due or self.judged_in
        return target_of(self.kpi, bool(self.members), period) if period else None

    @property
    def series(self) -> SeriesKey:
        """The (kpi_id, org) it is about."""
        return (self.kpi.id, self.org.code)

    @property
    def why_closed(self) -> str:
        """When it closed, or ceased to report the KPI, and who took over, in words; "" where it is open."""
        return closed_words(self.org, self.closed, _successor(self.kpi, self.org)) if self.closed is not None else ""

    @property
    def is_current(self) -> bool:
        """Whether its figure is of the reporting period, not an older one."""
        return self.rag not in (Rag.NOT_DUE, Rag.NOT_RETURNED, Rag.CLOSED)

    @property
    def was(self) -> str:
        """Red or Amber, if it was last rated so and has no colour now; else ""."""
        return "" if self.off_target is None or self.rag in RATED else str(self.off_target.last["rag"])

    @property
    def lacks_orgs(self) -> bool:
        """Whether a rolled-up figure lacks the figure of an org."""
        return bool(self.members and self.row and self.row["reported"] < self.row["expected"])

    @property
    def reported(self) -> str:
        """`2 of 3 parts`, of a rolled-up figure; else "". Where it applies to none of its parts, there is no count."""
        if not self.members or self.row is None or not self.row["expected"]:
            return ""
        return of_parts(self.row)

    @property
    def verdicts(self) -> Process | None:
        """Trend and SPC verdicts to print; None if there are none, or if the KPI did not apply in its last period.

        In that case the verdicts are about earlier figures, and beside `n/a` they would be misread.
        """
        return None if self.row is None or self.row["not_applicable"] else self.process

    @property
    def flag(self) -> str:
        """How RAG and the SPC verdicts disagree; "" if they agree, and for a figure of an older period.

        The trend of some moves is no verdict: nothing that a board reads rests on it. `Process.flag`, for the screen,
        also has that.
        """
        process = self.process
        if process is None or self.row is None or not self.is_current:
            return ""
        return flag(self.row["rag"], OF_VARIATION.get(process.variation or "", ""), process.assurance)

    @property
    def flag_on_screen(self) -> str:
        """As `flag`, by the short-series trend too where SPC gives no verdict."""
        return self.process.flag if self.process and self.is_current else ""


def of_parts(row: JudgedFigure) -> str:
    """How many of the parts that it is made of a figure has in it: `2 of 3 parts`, `1 of 1 part`; each is an org's."""
    return f"{row['reported']} of {row['expected']} part{'' if row['expected'] == 1 else 's'}"


def _orgs(catalogue: Catalogue, kpi: Kpi, rolled_up: Mapping[str, tuple[str, ...]]) -> Iterator[Org]:
    """Each org; in the order of the org tree if the KPI rolls up."""
    reporting = catalogue.orgs_of(kpi)
    listed = {org.code for org in reporting} | set(rolled_up)
    yield from [org for org in catalogue.org_tree if org.code in listed] if rolled_up else reporting


@dataclass(frozen=True, slots=True)
class Listing:
    """Works out how each KPI and org stands.

    Args:
        catalogue: has the KPIs and orgs.
        state: the state of the ledger.
        reporting: the reporting period.
        trees: by KPI, the orgs that are rolled up, each with its members (see `rules.rollup.Trees`).
        given_before: the figures that are said not to apply now, as they were judged before that.
    """

    catalogue: Catalogue
    state: State
    reporting: Period
    trees: Mapping[str, Trees]
    given_before: Mapping[FigureKey, JudgedFigure]

    def every(self, judged: Mapping[SeriesKey, tuple[Sequence[JudgedFigure], Process | None]]) -> tuple[Latest, ...]:
        """Every KPI and org that is still reported, in the order of the catalogue, a rolled-up figure before its parts.

        Orgs that have closed are among them; those that have not opened yet are not, unless they have a figure.
        `judged` has, by series, its rows in order of time, and the verdicts on it.
        """
        return tuple(
            self._latest(kpi, org, ending, *judged.get((kpi.id, org.code), ((), None)))
            for kpi in self.catalogue.kpis
            if not kpi.is_retired_by(self.reporting.first_day)
            for ending in (self._ending(kpi),)
            for org in _orgs(self.catalogue, kpi, self.trees[kpi.id].ever)
            if (kpi.id, org.code) in judged
            or not self.trees[kpi.id].days_of(org.code).begins_after(self.reporting.last_day)
        )

    def _ending(self, kpi: Kpi) -> list[Period]:
        """The periods that end in the reporting period, and in which the KPI is reported."""
        return [period for period in self.reporting.ending_within(kpi.frequency) if kpi.is_reported_in(period)]

    def _latest(
        self, kpi: Kpi, org: Org, ending: Sequence[Period], series: Sequence[JudgedFigure], process: Process | None
    ) -> Latest:
        # A figure of a period after the KPI was retired may be in the ledger, but is not the latest.
        counted = [row for row in series if not ending or row["period_number"] <= ending[-1].number]
        row = counted[-1] if counted else None
        period = kpi.period(row["period"]) if row else None
        trees = self.trees[kpi.id]
        due = [each for each in ending if each == period or trees.expects(org.code, each)]
        made_of = self._made_of(kpi, org, due[-1] if due else period)
        last = trees.days_of(org.code).last
        closed = last if last is not None and last < self.reporting.last_day else None
        rag, why = Rag.NOT_DUE, closed_words(org, closed, _successor(kpi, org)) if closed is not None else ""
        given = row if row and due and period == due[-1] else None
        # Closed in the reporting period, whatever it gave for the months before; unless it gave a figure all the same.
        if closed is not None and not (given and due[-1].last_day > closed):
            rag = Rag.CLOSED
        elif given:
            rag = Rag(given["rag"])
        elif due:
            rag = Rag.NOT_RETURNED
            why = "no part has been returned" if made_of else self._why(kpi, org, due[-1])
        is_open = rag is not Rag.CLOSED
        forecast = forecast_now(kpi, counted, due[-1] if due else None, self.state, self.reporting) if is_open else None
        return Latest(
            kpi,
            org,
            rag,
            row,
            period,
            why,
            made_of,
            due=due[-1] if due else None,
            closed=closed,
            missed=(missed := self._missed(kpi, made_of, row)),
            judged_in=Period.containing(self.reporting.last_day, kpi.frequency) if missed and row is None else None,
            off_target=off_target(self._as_last_given(counted)),
            current=self.state.figures.get((row["kpi_id"], row["org"], row["period"])) if row else None,
            process=process,
            forecast=forecast,
            **self._people(kpi, org, made_of),
        )

    def _made_of(self, kpi: Kpi, org: Org, period: Period | None) -> tuple[str, ...]:
        """The members of an org in a period; of one that has none then, those that it ever had."""
        trees = self.trees[kpi.id]
        if period is not None and org.code in trees.open_in(period):
            return ()
        now = trees.of(period).get(org.code) if period is not None else None
        return now or trees.ever.get(org.code, ())

    def _as_last_given(self, rows: Sequence[JudgedFigure]) -> Sequence[JudgedFigure]:
        """The rows; of those since the last one with a colour that do not apply now, what was off target before.

        A Red does not leave the list because its owner says afterwards that it does not apply.
        """
        as_given = list(rows)
        for place in reversed(range(len(as_given))):
            row = as_given[place]
            if row["rag"] in RATED:
                break
            before = self.given_before.get((row["kpi_id"], row["given_by"] or row["org"], row["period"]))
            if before is not None and before["rag"] in OFF_TARGET:
                as_given[place] = before
        return as_given

    def _why(self, kpi: Kpi, org: Org, period: Period) -> str:
        key = (kpi.id, org.code, str(period))
        owner = self.catalogue.owner_of(kpi, org).id
        returned = self.state.in_use.get((owner, str(self.reporting)))
        if returned is None:
            is_held = (owner, str(self.reporting)) in self.state.held
            return "return held for the team" if is_held else "no accepted return"
        issued = self.state.issued.get(returned.return_id)
        if issued is not None and key not in issued.asked:
            return "not asked in the return that was issued"
        return "refused, see Findings" if key in returned.refused else "left blank in the return"

    def _missed(self, kpi: Kpi, made_of: tuple[str, ...], row: JudgedFigure | None) -> str:
        if kpi.kind is not Kind.MILESTONE or (row is not None and row["not_applicable"]):
            return ""
        today = self.reporting.last_day
        target = target_of(kpi, bool(made_of), Period.containing(today, kpi.frequency))
        # One of which nothing was ever said is missed too, once its date has passed.
        is_missed = is_past_due(target, today) if row is None else counts_as(row["milestone"], target, today) == MISSED
        return missed_words(target) if is_missed else ""

    def _people(self, kpi: Kpi, org: Org, made_of: tuple[str, ...]) -> dict[str, str]:
        catalogue = self.catalogue
        orgs = [catalogue.org_by_code[code] for code in made_of] or [org]

        whole = catalogue.executive_of_whole(kpi, org, orgs) if made_of else None

        def of_all(name_of: Callable[[Org], str], what: str) -> str:
            names = dict.fromkeys(map(name_of, orgs))
            return " and ".join(names) if len(names) <= _NAMED else f"several {what}"

        is_one_persons = not made_of or kpi.responsible_owner
        return {
            "responsible_owner": catalogue.owner_of(kpi, org).name if is_one_persons else "",
            "executive_owner": whole.title
            if whole is not None
            else of_all(lambda member: catalogue.executive_of(kpi, member).title, "executives"),
            "directorate": of_all(lambda member: catalogue.owner_of(kpi, member).directorate, "directorates"),
        }


def _successor(kpi: Kpi, org: Org) -> str | None:
    """Who reports a KPI after an org, if the KPI says so itself."""
    return next((each.succeeded_by for each in kpi.orgs if each.org == org.code), None)


def closed_words(org: Org, last: date, successor: str | None = None) -> str:
    """`closed on 30 September 2017, succeeded by R0A`; if only the KPI ends, `reported until 31 March 2026`.

    `successor` is who reports the KPI after it, where that is not who takes over from the org altogether.
    """
    if org.open_until != last:
        return f"reported until {in_words(last)}" + (f", then by {successor}" if successor else "")
    after = successor or org.succeeded_by
    return f"closed on {in_words(last)}" + (f", succeeded by {after}" if after else "")
