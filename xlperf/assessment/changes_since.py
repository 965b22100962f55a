"""What has changed between two assessments: that of an edition and that of now, or those of two editions.

What both show is compared: how each KPI and org stands, every figure of the past, the catalogue, and the decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import isnan

from xlperf.assessment.assessment import Assessment
from xlperf.assessment.catalogue_changes import Redefined, redefined, retargeted
from xlperf.assessment.latest import Latest
from xlperf.assessment.shown_editions import EditionShown
from xlperf.catalogue import Catalogue
from xlperf.catalogue.succession import successions
from xlperf.digits import fifteen
from xlperf.ledger import Decision
from xlperf.returns.figure import FigureKey
from xlperf.rules.escalation import RATED
from xlperf.rules.escalation.case import OFF_TARGET
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rag import Rag


class ChangeKind(StrEnum):
    """What kind of change, the gravest first; a row of *Changes* is known by it."""

    NEWLY_RED = "Newly Red"
    NEWLY_OFF = "Newly off target"
    NO_FIGURE = "No figure now"
    CLOSED = "Closed"
    RESTATED = "Restated"
    RECOLOURED = "Past colour changed"
    DECIDED = "Decided"
    DEFINITION = "Definition changed"
    TARGET = "Target changed"
    NO_TARGET = "No target now"
    NO_LONGER_RED = "No longer Red"
    BACK = "Back on target"
    FIGURE = "Figure now"
    NEW = "New"
    GONE = "No longer reported"


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        kind: of what kind.
        ref: the KPI's id, or the section's; "" for one about an org.
        org: the org's code; "" for one about a KPI whoever reports it.
        period: the key of the KPI period; "" where it is about none.
        before: what was shown, in words; "" for nothing.
        now: what is shown now, in words; "" for nothing.
        why: what else there is to say of it, in words.
    """

    kind: ChangeKind
    ref: str
    org: str = ""
    period: str = ""
    before: str = ""
    now: str = ""
    why: str = ""


def as_published(shown: EditionShown, now: Assessment) -> Assessment | None:
    """What an edition showed, judged again; None where its catalogue is lost and the present one lacks its period."""
    catalogue = shown.catalogue or now.catalogue
    if shown.period not in catalogue.entry_by_period:
        return None
    return Assessment(catalogue, shown.state(now.state), shown.period, shown.published)


def changes(then: Assessment, now: Assessment) -> tuple[Change, ...]:
    """Every change from one assessment to a later one, the gravest kind first, then in the order of the catalogue."""
    compared = _Compared(then, now)
    order = {kpi.id: place for place, kpi in enumerate((*then.catalogue.kpis, *now.catalogue.kpis))}
    orgs = {org.code: place for place, org in enumerate((*then.catalogue.orgs, *now.catalogue.orgs))}
    kinds = list(ChangeKind)
    by_key = {(change.kind, change.ref, change.org, change.period): change for change in reversed([*compared.all()])}
    return tuple(
        sorted(
            by_key.values(),
            key=lambda each: (kinds.index(each.kind), order.get(each.ref, -1), orgs.get(each.org, -1), each.period),
        )
    )


@dataclass(frozen=True)
class _Compared:
    then: Assessment
    now: Assessment

    def all(self) -> Iterator[Change]:
        """Every change; of two about the same, the first says more."""
        yield from self._standing()
        yield from self._past()
        yield from self._decisions()
        yield from self._definitions()
        yield from self._listed()

    @cached_property
    def _before(self) -> Mapping[SeriesKey, Latest]:
        return {latest.series: latest for latest in self.then.latest}

    def _standing(self) -> Iterator[Change]:
        """How each KPI and org stands, against how it stood."""
        for latest in self.now.latest:
            before = self._before.get(latest.series) or self._gone_on_from(latest)
            kind = _kind(before, latest, is_late=self.now.is_late)
            if kind is not None:
                has_figure = latest.rag in (*RATED, Rag.NO_TARGET)
                period = latest.period if has_figure else latest.due
                of = f"{before.org.code}: " if before is not None and before.org != latest.org else ""
                yield Change(kind, *latest.series, str(period or ""), of + _words(before), _words(latest), latest.why)

    def _gone_on_from(self, latest: Latest) -> Latest | None:
        """How the org stood whose series another goes on from that was not there yet; None where there is none."""
        kpi, org = latest.kpi, latest.org.code
        joined = [each for each in successions(self.now.catalogue, kpi) if each.is_joined]
        for _ in joined if latest.series in self.now.joins else ():
            befores = [each.before for each in joined if each.after == org]
            if len(befores) != 1:
                return None  # what several had together, nobody was shown
            org = befores[0]
            if (kpi.id, org) in self._before:
                return self._before[kpi.id, org]
        return None

    def _past(self) -> Iterator[Change]:
        """Every figure that was shown, against how it is shown now, and those of then that came in later."""
        shown, now = _figures(self.then), _figures(self.now)
        for key, before in shown.items():
            present = now.get(key)
            if present is None:
                if key in self.then.state.figures and key not in self.now.state.figures:
                    yield Change(ChangeKind.NO_FIGURE, *key, before.words, "", "its return was taken back")
            elif present.values != before.values:
                current = self.now.state.figures.get(key)
                reason = current.now.reason_restated if current else f"{before.orgs} then, {present.orgs} now"
                yield Change(ChangeKind.RESTATED, *key, before.words, present.words, reason)
            elif present.rag != before.rag:
                yield Change(ChangeKind.RECOLOURED, *key, before.words, present.words)
        yield from self._came_later(shown, now)

    def _came_later(self, shown: Mapping[FigureKey, _Figure], now: Mapping[FigureKey, _Figure]) -> Iterator[Change]:
        later: dict[SeriesKey, list[FigureKey]] = {}
        for key in now:
            kpi = self.now.catalogue.kpi_by_id[key[0]]
            is_past = kpi.period(key[2]).last_day <= self.then.period.last_day
            if is_past and key not in shown and key in self.now.state.figures and key[:2] in self._before:
                later.setdefault(key[:2], []).append(key)
        for keys in later.values():
            first, last = (self.now.catalogue.kpi_by_id[key[0]].period(key[2]).short for key in (keys[0], keys[-1]))
            several = f"{len(keys)} figures, {first} to {last}; the last " if len(keys) > 1 else ""
            yield Change(ChangeKind.FIGURE, *keys[-1], "", several + now[keys[-1]].words)

    def _decisions(self) -> Iterator[Change]:
        was, history = self.then.state.decision_history, self.now.state.decision_history
        for key, decisions in history.items():
            if decisions == was.get(key, ()):
                continue
            earlier = was.get(key, ())
            before = (earlier[-1].stage or "none") if earlier else ""
            disputed = self.now.state.settled[key].disputed
            if disputed:
                stages = " or ".join(dict.fromkeys(each.stage or "none" for each in disputed))
                yield Change(ChangeKind.DECIDED, *key, "", before, stages, "decided twice: a person has to choose")
            elif any(decisions[-1].cells) or before:
                now = decisions[-1].stage if any(decisions[-1].cells) else "taken back"
                yield Change(ChangeKind.DECIDED, *key, "", before, now or "no stage typed", _by(decisions[-1]))

    def _definitions(self) -> Iterator[Change]:
        for key, current in self.now.state.figures.items():
            earlier = self.then.state.figures.get(key)
            is_new = current.now.changed and (earlier is None or earlier.now.what_changed != current.now.what_changed)
            if is_new and key in _keys(self.now):
                yield Change(ChangeKind.DEFINITION, *key, "", current.now.what_changed, "declared in the return")
        if self.then.catalogue.sha256 != self.now.catalogue.sha256:
            yield from _as_changes(ChangeKind.DEFINITION, redefined(self.then.catalogue, self.now.catalogue))
        periods = self.then.period, self.now.period
        yield from _as_changes(ChangeKind.TARGET, retargeted(self.then.catalogue, self.now.catalogue, *periods))

    def _listed(self) -> Iterator[Change]:
        """KPIs and orgs that are reported now and were not, or the other way about."""
        before, now = set(self._before), {latest.series for latest in self.now.latest}
        for kind, here, elsewhere in ((ChangeKind.NEW, now, before), (ChangeKind.GONE, before, now)):
            kpis, orgs = ({key[at] for key in here} - {key[at] for key in elsewhere} for at in (0, 1))
            yield from (Change(kind, kpi_id, why=_why_listed(kind, kpi_id, self.now.catalogue)) for kpi_id in kpis)
            yield from (Change(kind, "", org) for org in orgs)
            for key in here - elsewhere:
                if key[0] not in kpis and key[1] not in orgs:
                    yield Change(kind, *key)


def _kind(before: Latest | None, now: Latest, *, is_late: bool) -> ChangeKind | None:
    """What has changed of how a KPI and org stands; None for nothing that has a name."""
    if now.rag == Rag.CLOSED:
        return ChangeKind.CLOSED if before is not None and before.rag != Rag.CLOSED else None
    was = _colour(before)
    had_none = before is not None and (before.row is None or before.rag in (Rag.NOT_RETURNED, Rag.NOT_APPLICABLE))
    if now.rag in OFF_TARGET and now.rag != was:
        if now.rag == Rag.RED:
            return ChangeKind.NEWLY_RED
        return ChangeKind.NO_LONGER_RED if was == Rag.RED else ChangeKind.NEWLY_OFF
    if now.rag in RATED and now.off_target is None and was in OFF_TARGET:
        return ChangeKind.BACK
    if now.rag in RATED or now.rag == Rag.NO_TARGET:
        if had_none:
            return ChangeKind.FIGURE
        return ChangeKind.NO_TARGET if now.rag == Rag.NO_TARGET and before and before.rag in RATED else None
    is_gone = now.rag == Rag.NOT_APPLICABLE or (now.rag == Rag.NOT_RETURNED and is_late)
    return ChangeKind.NO_FIGURE if is_gone and before is not None and not had_none else None


def _colour(latest: Latest | None) -> str:
    """The colour it stands at: Red or Amber until a complete figure is on target; "" for none."""
    if latest is None or latest.row is None:
        return ""
    return str(latest.off_target.last["rag"]) if latest.off_target else str(latest.row["rag"])


def _words(latest: Latest | None) -> str:
    """How a KPI and org stands: `Red in Q1 26-27 (72.2)`; `Not returned, was Red`; "" if it was not reported."""
    if latest is None:
        return ""
    if latest.rag in (*RATED, Rag.NO_TARGET) and latest.row and latest.period:
        return f"{latest.rag} in {latest.period.short} ({latest.row['shown']})"
    if latest.rag == Rag.NOT_DUE and latest.row and latest.period:
        shown = "" if latest.row["not_applicable"] else f" ({latest.row['shown']})"
        return f"{latest.row['rag']} in {latest.period.short}{shown}"
    return f"{latest.rag}, was {latest.was}" if latest.was else str(latest.rag)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure as it is shown: its values, its colour, both in words, and how many orgs are in it."""

    values: tuple[object, ...]
    rag: str
    words: str
    orgs: str


_KEY = ("kpi_id", "org", "period")
_SHOWN = (*_KEY, "rag", "shown", "reported", "expected", "not_applicable", "milestone")
_NUMBERS = ("actual", "numerator", "denominator")


def _figures(assessment: Assessment) -> dict[FigureKey, _Figure]:
    figures = {}
    columns = (assessment.own[name].tolist() for name in (*_SHOWN, *_NUMBERS))
    for kpi_id, org, period, rag, shown, reported, expected, not_applicable, milestone, *given in zip(
        *columns, strict=True
    ):
        numbers = [None if isnan(number) else fifteen(number) for number in given]
        words = rag if not_applicable or not shown else f"{rag} ({shown}{_parts(*numbers[1:])})"
        values = (not_applicable, milestone, *numbers)
        figures[kpi_id, org, period] = _Figure(values, rag, words, f"{reported} of {expected} orgs")
    return figures


def _parts(numerator: float | None, denominator: float | None) -> str:
    if numerator is None or denominator is None:
        return ""
    return f": {numerator:,.15g} of {denominator:,.15g}"


def _keys(assessment: Assessment) -> frozenset[FigureKey]:
    columns = (assessment.own[name].tolist() for name in _KEY)
    return frozenset(zip(*columns, strict=True))


def _by(decision: Decision) -> str:
    return " ".join(
        filter(None, (f"by {decision.by}" if decision.by else "", f"on {decision.on}" if decision.on else ""))
    )


def _as_changes(kind: ChangeKind, all_redefined: Iterable[Redefined]) -> Iterator[Change]:
    return (Change(kind, each.kpi_id, each.org, each.period, each.before, each.now) for each in all_redefined)


def _why_listed(kind: ChangeKind, kpi_id: str, catalogue: Catalogue) -> str:
    kpi = catalogue.kpi_by_id.get(kpi_id)
    if kind is ChangeKind.NEW:
        return ""
    return f"retired after {kpi.retired_after}" if kpi and kpi.retired_after else "not in the catalogue"
