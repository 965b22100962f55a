"""Each KPI and org as it stands in the reporting period, with what was judged of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlperf.assessment.figures import JudgedFigure
from xlperf.catalogue import Catalogue, Kpi, Org
from xlperf.ledger import Current, State
from xlperf.period import Period
from xlperf.rules.assess import Key as Series
from xlperf.rules.escalation import RATED
from xlperf.rules.off_target import OffTarget, off_target
from xlperf.rules.process import Process
from xlperf.rules.rag import Rag

SEVERAL = "(several)"
"""Instead of a name, where those of a rolled-up figure's parts differ."""


@dataclass(frozen=True)
class Latest:
    """One KPI and org as it stands in the reporting period.

    Attributes:
        rag: Not due or Not returned where the period has no figure.
        row: the judged row of the last figure there is, or None; `period` is its period.
        current: the ledger's figure behind that row; None behind a rolled-up one.
        why: what stood in the way of a figure that was refused.
        members: the orgs that a rolled-up figure is made of, () for one that is returned.
        due: the period that a figure is due for, None where none is.
        off_target: the run of Reds and Ambers that no figure has ended yet, whether there is one of this period or not.
        process: trend and SPC verdicts on the series; None where there is no figure at all.
        responsible_owner: the name of who returns it; "" of a rolled-up figure, unless the KPI has one for all orgs.
        executive_owner: the title of who answers for it; `SEVERAL` where those of a rolled-up figure's parts differ.
        directorate: of who returns it; `SEVERAL` in the same way.
    """

    kpi: Kpi
    org: Org
    rag: Rag
    row: JudgedFigure | None
    period: Period | None
    why: str = ""
    members: tuple[str, ...] = ()
    due: Period | None = None
    off_target: OffTarget | None = None
    current: Current | None = None
    process: Process | None = None
    responsible_owner: str = ""
    executive_owner: str = ""
    directorate: str = ""

    @property
    def series(self) -> Series:
        """The (kpi_id, org) it is about."""
        return (self.kpi.id, self.org.code)

    @property
    def is_current(self) -> bool:
        """Whether its figure is of the period that is reported on, and no older one."""
        return self.rag not in (Rag.NOT_DUE, Rag.NOT_RETURNED)

    @property
    def was(self) -> str:
        """Red or Amber, where that is how it was last rated and it has no colour now; else ""."""
        return "" if self.off_target is None or self.rag in RATED else str(self.off_target.last["rag"])

    @property
    def lacks_orgs(self) -> bool:
        """Whether an org's figure is missing from a rolled-up one."""
        return bool(self.members and self.row and self.row["reported"] < self.row["expected"])

    @property
    def reported(self) -> str:
        """`2 of 3 orgs`, of a rolled-up figure; else ""."""
        if not self.members or self.row is None:
            return ""
        return f"{self.row['reported']} of {self.row['expected']} orgs"

    @property
    def verdicts(self) -> Process | None:
        """Trend and SPC verdicts to be printed; None where there are none, or the KPI did not apply in its last period.

        What was said of the figures before would there stand beside `n/a`, as if it were said of that.
        """
        return None if self.row is None or self.row["not_applicable"] else self.process

    @property
    def flag(self) -> str:
        """How RAG and verdicts disagree; "" where they do not, and of a figure of an older period."""
        return self.process.flag if self.process and self.is_current else ""


def latest_of(
    catalogue: Catalogue,
    state: State,
    reporting: Period,
    members: Mapping[str, Mapping[str, tuple[str, ...]]],
    judged: Mapping[Series, tuple[Sequence[JudgedFigure], Process | None]],
) -> tuple[Latest, ...]:
    """Every KPI and org of the catalogue that is still reported, in its order; what rolls up stands first.

    Args:
        catalogue: whose KPIs and orgs.
        state: of the ledger.
        reporting: the period that is reported on.
        members: by KPI the orgs that are rolled up, each with those it is made of (see `rules.rollup.members`).
        judged: the rows of each series in order of time, and the verdicts on it.
    """
    listing = _Listing(catalogue, state, reporting)
    return tuple(
        listing.latest(kpi, org, made_of, *judged.get((kpi.id, org.code), ((), None)))
        for kpi in catalogue.kpis
        if not kpi.is_retired_by(reporting.first_day)
        for org, made_of in _orgs(catalogue, kpi, members[kpi.id])
    )


def _orgs(
    catalogue: Catalogue, kpi: Kpi, rolled_up: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[Org, tuple[str, ...]]]:
    """Each org with the orgs that it is rolled up from; where it rolls up, in the order of the tree."""
    reporting = catalogue.orgs_of(kpi)
    listed = {org.code for org in reporting} | set(rolled_up)
    orgs = [org for org in catalogue.org_tree if org.code in listed] if rolled_up else reporting
    return ((org, rolled_up.get(org.code, ())) for org in orgs)


@dataclass(frozen=True, slots=True)
class _Listing:
    """What it takes to say how a KPI and org stand."""

    catalogue: Catalogue
    state: State
    reporting: Period

    def latest(
        self, kpi: Kpi, org: Org, made_of: tuple[str, ...], series: Sequence[JudgedFigure], process: Process | None
    ) -> Latest:
        due = [period for period in self.reporting.ending_within(kpi.frequency) if kpi.is_reported_in(period)]
        # A figure of a period after the KPI was retired is in the ledger, and is not its latest.
        counted = [row for row in series if not due or row["period_number"] <= due[-1].number]
        row = counted[-1] if counted else None
        period = kpi.period(row["period"]) if row else None
        rag, why = Rag.NOT_DUE, ""
        if due and row is not None and period == due[-1]:
            rag = Rag(row["rag"])
        elif due:
            rag = Rag.NOT_RETURNED
            why = "no org has returned" if made_of else self._why(kpi, org, due[-1])
        return Latest(
            kpi,
            org,
            rag,
            row,
            period,
            why,
            made_of,
            due=due[-1] if due else None,
            off_target=off_target(counted),
            current=self.state.figures.get((row["kpi_id"], row["org"], row["period"])) if row else None,
            process=process,
            **self._people(kpi, org, made_of),
        )

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

    def _people(self, kpi: Kpi, org: Org, made_of: tuple[str, ...]) -> dict[str, str]:
        catalogue = self.catalogue
        orgs = [catalogue.org_by_code[code] for code in made_of] or [org]

        def of_all(name_of: Callable[[Org], str]) -> str:
            names = {name_of(each) for each in orgs}
            return names.pop() if len(names) == 1 else SEVERAL

        is_one_persons = not made_of or kpi.responsible_owner
        return {
            "responsible_owner": catalogue.owner_of(kpi, org).name if is_one_persons else "",
            "executive_owner": of_all(lambda each: catalogue.executive_of(kpi, each).title),
            "directorate": of_all(lambda each: catalogue.owner_of(kpi, each).directorate),
        }
