"""The facts a report is made from: the ledger's figures judged as of one reporting period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pandas as pd

from xlperf.catalogue import Catalogue, Kpi, Org
from xlperf.errors import UsageError
from xlperf.ledger import Current, Decision, State
from xlperf.period import Period
from xlperf.rules.assess import Key as Series
from xlperf.rules.assess import assess, escalations
from xlperf.rules.escalation import NO_STAGE, Proposal
from xlperf.rules.process import Process, processes
from xlperf.rules.rag import Rag

Judged = Mapping[str, Any]
"""A row of the judged frame, see `rules.assess.assess`."""

Row = dict[str, Any]
"""A row of a sheet, keyed by the headers of `report.layout`."""


@dataclass(frozen=True)
class Latest:
    """One KPI and org as it stands in the reporting period.

    `rag` is Not due or Not returned where the period has no figure; `row` is the judged row of the last figure there
    is, or None; `why` says what stood in the way of a figure that was refused.
    """

    kpi: Kpi
    org: Org
    rag: Rag
    row: Judged | None
    period: Period | None
    why: str = ""

    @property
    def series(self) -> Series:
        """The (kpi_id, org) it is about."""
        return (self.kpi.id, self.org.code)


@dataclass(frozen=True)
class Facts:
    """Catalogue, ledger state and reporting period, with everything judged once."""

    catalogue: Catalogue
    state: State
    period: Period
    produced: datetime
    present: frozenset[str] = frozenset()
    """The sha256 of every file that lies in the received folders now."""

    @cached_property
    def assessed(self) -> pd.DataFrame:
        """Every figure up to the end of the reporting period, judged (see `rules.assess.assess`)."""
        rows = [
            {
                "kpi_id": key[0],
                "org": key[1],
                "period": key[2],
                "actual": float("nan") if current.now.actual is None else current.now.actual,
                "milestone": current.now.milestone,
                "not_applicable": current.now.not_applicable,
            }
            for key, current in self.state.figures.items()
            if self._is_shown(key)
        ]
        columns = ["kpi_id", "org", "period", "actual", "milestone", "not_applicable"]
        frame = pd.DataFrame(rows, columns=columns)
        return assess(self.catalogue, frame.astype({"actual": "float64", "not_applicable": "bool"}))

    def _is_shown(self, key: tuple[str, str, str]) -> bool:
        kpi = self.catalogue.kpi_by_id.get(key[0])
        if kpi is None or not _fits(kpi, key[2]):
            return False
        return kpi.period(key[2]).last_day <= self.period.last_day

    @cached_property
    def homeless(self) -> Mapping[str, int]:
        """How many figures the ledger has of KPIs that the catalogue dropped, renamed or gave another frequency."""
        kpis = self.catalogue.kpi_by_id
        lost = [key[0] for key in self.state.figures if key[0] not in kpis or not _fits(kpis[key[0]], key[2])]
        return dict(Counter(lost))

    @cached_property
    def rows(self) -> tuple[Judged, ...]:
        """The rows of `assessed`, in its order."""
        records: Any = self.assessed.to_dict("records")
        return tuple(records)

    @cached_property
    def series(self) -> Mapping[Series, tuple[Judged, ...]]:
        """The rows of each (kpi_id, org), in order of time."""
        grouped: dict[Series, list[Judged]] = {}
        for row in self.rows:
            grouped.setdefault((row["kpi_id"], row["org"]), []).append(row)
        return {key: tuple(rows) for key, rows in grouped.items()}

    @cached_property
    def latest(self) -> tuple[Latest, ...]:
        """Every KPI and org of the catalogue that is still reported, in its order."""
        return tuple(
            self._latest(kpi, org)
            for kpi in self.catalogue.kpis
            if not self._is_retired(kpi)
            for org in self.catalogue.orgs_of(kpi)
        )

    def _is_retired(self, kpi: Kpi) -> bool:
        """Whether the KPI's last period lies before the reporting period."""
        return kpi.retired_after is not None and not kpi.is_reported_in(
            Period.containing(self.period.first_day, kpi.frequency)
        )

    def _latest(self, kpi: Kpi, org: Org) -> Latest:
        series = self.series.get((kpi.id, org.code), ())
        row = series[-1] if series else None
        period = kpi.period(row["period"]) if row else None
        due = [p for p in self.period.ending_within(kpi.frequency) if kpi.is_reported_in(p)]
        if not due:
            return Latest(kpi, org, Rag.NOT_DUE, row, period)
        if row is not None and period == due[-1]:
            return Latest(kpi, org, Rag(row["rag"]), row, period)
        return Latest(kpi, org, Rag.NOT_RETURNED, row, period, self._why(kpi, org, due[-1]))

    def _why(self, kpi: Kpi, org: Org, period: Period) -> str:
        key = (kpi.id, org.code, str(period))
        owner = self.catalogue.owner_of(kpi, org).id
        returned = self.state.in_use.get((owner, str(self.period)))
        if returned is None:
            return "no accepted return"
        issued = self.state.issued.get(returned.return_id)
        if issued is not None and key not in issued.asked:
            return "not asked in the return that was issued"
        return "refused, see Findings" if key in returned.refused else "left blank in the return"

    def current(self, row: Judged) -> Current:
        """The ledger's figure behind a judged row."""
        return self.state.figures[(row["kpi_id"], row["org"], row["period"])]

    @cached_property
    def processes(self) -> Mapping[Series, Process]:
        """The SPC verdicts of every numeric series, by (kpi_id, org)."""
        return processes(self.catalogue, self.assessed)

    @cached_property
    def proposals(self) -> Mapping[Series, Proposal]:
        """What the ladder proposes, by (kpi_id, org)."""
        decided = {key: self.decision(key) for key in self.state.decisions}
        return escalations(self.catalogue, self.assessed, {key: (d.stage, _day(d.on)) for key, d in decided.items()})

    @cached_property
    def stage_names(self) -> tuple[str, ...]:
        """What may be decided, mildest first."""
        return (NO_STAGE, *(stage.name for stage in self.catalogue.escalation.stages))

    def typed(self, key: Series) -> Decision:
        """What was typed about a series, word for word; an empty decision where nothing was."""
        return self.state.decisions.get(key, Decision(*key))

    def decision(self, key: Series) -> Decision:
        """What was decided for a series, the stage spelled as the catalogue spells it."""
        typed = self.typed(key)
        spelled = {name.casefold(): name for name in self.stage_names}
        return replace(typed, stage=spelled.get(typed.stage.strip().casefold(), typed.stage))

    def stage_words(self, key: Series) -> str:
        """The stage for a cell; one that is only proposed ends in `?`, as in `Enhanced Support → Targeted Support?`."""
        decided = self.decision(key).stage
        proposal = self.proposals.get(key)
        if proposal is None or proposal.stage == (decided or NO_STAGE):
            return decided if decided != NO_STAGE else ""
        now = decided if decided and decided != NO_STAGE else ""
        if proposal.stage == NO_STAGE:
            return f"{now} → out?" if now else ""
        return f"{now} → {proposal.stage}?" if now else f"{proposal.stage}?"


def head(latest: Latest) -> Row:
    """What a row is about."""
    return {"Ref": latest.kpi.id, "KPI": latest.kpi.name, "Org": latest.org.code}


def _fits(kpi: Kpi, period: str) -> bool:
    try:
        kpi.period(period)
    except UsageError:
        return False
    return True


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def date_of(iso: str) -> date | None:
    """A date kept as ISO text; None for ""."""
    return date.fromisoformat(iso) if iso else None
