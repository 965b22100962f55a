"""Which past figures are shown otherwise than they were, though no return and no import has changed them.

A figure is past when the reporting period that is in hand began after it, or an edition has shown it to a board. It
changes its colour or its value where the catalogue has changed (a target, a tolerance, a direction, a
roll-up, a list of orgs) or where a later xlperf reads or judges it otherwise.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import isnan
from typing import TYPE_CHECKING

from xlperf.catalogue import Catalogue
from xlperf.digits import fifteen
from xlperf.ledger import State
from xlperf.period import Period
from xlperf.returns.figure import FigureKey

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as it is shown: its RAG, and the number; None for a milestone, or where there is none."""

    rag: str
    actual: float | None


NOT_SHOWN = Shown("not shown", None)
"""A figure that the catalogue has no place for any more."""


@dataclass(frozen=True, slots=True)
class PastChange:
    """One past figure, as it was shown and as it would be now."""

    key: FigureKey
    before: Shown
    now: Shown

    @property
    def changes_colour(self) -> bool:
        """Whether its colour changes, and not its value alone."""
        return self.before.rag != self.now.rag


@dataclass(frozen=True, slots=True)
class PastChanges:
    """The past figures that change, and why.

    Args:
        changes: in the order in which they were shown.
        not_past: figures of the period in hand, which nobody outside the team has seen; they are only said.
        reasons: by KPI what of its definition has changed, in words.
        names: the name of each of these KPIs.
        is_unknown: whether nobody can tell what changes, as the catalogue they were shown by is lost, and the master.
    """

    changes: tuple[PastChange, ...] = ()
    not_past: tuple[PastChange, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    is_unknown: bool = False

    @property
    def must_be_accepted(self) -> bool:
        """Whether somebody has to accept it."""
        return bool(self.changes) or self.is_unknown

    def is_within(self, seen: PastChanges) -> bool:
        """Whether whoever has seen, and accepted, some changes has accepted these."""
        accepted = {(change.key, change.now) for change in seen.changes}
        return self.is_unknown <= seen.is_unknown and all((each.key, each.now) in accepted for each in self.changes)

    @property
    def token(self) -> str:
        """Twelve hex digits that stand for exactly these changes: who accepts them accepts no others."""
        text = "\n".join(f"{change.key} {change.before} {change.now}" for change in self.changes)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def shown_in(assessed: pd.DataFrame) -> dict[FigureKey, Shown]:
    """How each figure of a judged frame (see `rules.assess.assess`) is shown, rolled-up figures included."""
    columns = (assessed[name].tolist() for name in ("kpi_id", "org", "period", "rag", "actual"))
    return {
        (kpi_id, org, period): Shown(rag, None if isnan(actual) else fifteen(actual))
        for kpi_id, org, period, rag, actual in zip(*columns, strict=True)
    }


def changed(before: Mapping[FigureKey, Shown], now: Mapping[FigureKey, Shown]) -> tuple[PastChange, ...]:
    """The figures that were shown and are shown otherwise now. What was not shown before is not past."""
    pairs = ((key, shown, now.get(key, NOT_SHOWN)) for key, shown in before.items())
    return tuple(PastChange(key, shown, shown_now) for key, shown, shown_now in pairs if shown != shown_now)


def colour_moves(moves: Iterable[tuple[str, str]]) -> str:
    """How many figures go from which colour to which: `24 from Amber to Green, 1 from Red to Green`."""
    return ", ".join(f"{count} from {before} to {now}" for (before, now), count in Counter(moves).items())


def last_past_day(state: State) -> date:
    """Figures that ended by this day are past.

    They ended before the latest period that returns were issued for, or an edition has shown them.
    """
    in_hand = max((Period.parse(each.period).first_day for each in state.issued.values()), default=date.min)
    published = max((Period.parse(each.period).last_day for each in state.editions), default=date.min)
    return max(in_hand - timedelta(days=1) if in_hand > date.min else in_hand, published)


_JUDGED_BY = (
    "kind", "direction", "frequency", "orgs", "numerator", "denominator", "targets", "possible", "roll_up",
    "reported_from", "retired_after", "measure", "restarts_in", "over_months",
)  # fmt: skip
"""What of a KPI's definition its figures and their colours hang on."""


def reasons_for(before: Catalogue, now: Catalogue, kpi_ids: Iterable[str]) -> dict[str, str]:
    """By KPI the differences between two catalogues on which its figures or their colours hang; "" for none."""
    shared = ", ".join(
        words
        for words, differs in (("the list of orgs", before.orgs != now.orgs), ("the rules", before.rules != now.rules))
        if differs
    )
    reasons = {}
    for kpi_id in kpi_ids:
        old, new = before.kpi_by_id.get(kpi_id), now.kpi_by_id.get(kpi_id)
        if new is None:
            reasons[kpi_id] = "the list of KPIs, which lacks it now"
        elif old is None:
            reasons[kpi_id] = "the list of KPIs, which lacked it before"
        else:
            own = [name.replace("_", " ") for name in _JUDGED_BY if getattr(old, name) != getattr(new, name)]
            reasons[kpi_id] = f"its {' and '.join(own)}" if own else shared
    return reasons
