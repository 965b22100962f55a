"""What has changed between two assessments: that of an edition and that of now, or those of two editions.

What both show is compared: how each KPI and org stands, every figure of the past, the catalogue, and the decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlperf.assessment.action_changes import action_changes
from xlperf.assessment.assessment import Assessment
from xlperf.assessment.catalogue_changes import Redefined, redefined, retargeted
from xlperf.assessment.change import NO_STAGE, TAKEN_BACK, WITHDRAWN, Change, ChangeKind
from xlperf.assessment.latest import Latest
from xlperf.assessment.meeting_assessment import MeetingAssessment
from xlperf.assessment.past import colour_moves
from xlperf.assessment.recovery_changes import recovery_changes
from xlperf.assessment.shown_editions import EditionShown
from xlperf.assessment.shown_figures import ShownFigure, shown_figures, shown_keys
from xlperf.assessment.standing_changes import forecast_change, kind_of, process_change, standing_words
from xlperf.catalogue import Catalogue
from xlperf.catalogue.succession import successions
from xlperf.ledger import Decision
from xlperf.returns.figure import FigureKey
from xlperf.rules.escalation import RATED
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rag import Rag


def as_published(shown: EditionShown, now: Assessment) -> Assessment | None:
    """What an edition showed, judged again; None where its catalogue is lost and the present one lacks its period."""
    catalogue = shown.catalogue or now.catalogue
    if shown.period not in catalogue.entry_by_period:
        return None
    if not isinstance(now, MeetingAssessment):
        return Assessment(catalogue, shown.state(now.state), shown.period, shown.published)
    # Packs of several meetings were made in one run, and what they were made of is judged again once.
    past = now.everything.past
    if shown.run not in past:
        past[shown.run] = Assessment(catalogue, shown.state(now.state), shown.period, shown.published)
    return now.as_it_was(past[shown.run])


def changes(then: Assessment, now: Assessment) -> tuple[Change, ...]:
    """Every change from one assessment to a later one, the gravest kind first, then in the order of the catalogue."""
    if isinstance(then, MeetingAssessment) and isinstance(now, MeetingAssessment):
        # Of everything, so that what comes into the meeting's view, or leaves it, is not said to be new or gone.
        both = (then, now)
        return tuple(
            each for each in changes(then.everything, now.everything) if any(_is_seen(each, view) for view in both)
        )
    compared = _Compared(then, now)
    order = {kpi.id: place for place, kpi in enumerate((*then.catalogue.kpis, *now.catalogue.kpis))}
    orgs = {org.code: place for place, org in enumerate((*then.catalogue.orgs, *now.catalogue.orgs))}
    kinds = list(ChangeKind)
    by_key = {
        (change.kind, change.ref, change.org, change.period, change.action): change
        for change in reversed([*compared.all()])
    }
    return tuple(
        sorted(
            by_key.values(),
            key=lambda each: (kinds.index(each.kind), order.get(each.ref, -1), orgs.get(each.org, -1), each.period),
        )
    )


def _is_seen(change: Change, view: MeetingAssessment) -> bool:
    """Whether a change is about something that a meeting covers; of a whole KPI or org, about any of its figures."""
    if change.action:
        return any(each.action.id == change.action for each in view.actions.standing)
    if change.ref and change.org:
        return view.covers((change.ref, change.org))
    at, of = (0, change.ref) if change.ref else (1, change.org)
    return any(latest.series[at] == of for latest in view.latest)


@dataclass(frozen=True)
class _Compared:
    then: Assessment
    now: Assessment

    def all(self) -> Iterator[Change]:
        """Every change; of two about the same, the first says more."""
        yield from self._standing()
        yield from self._past()
        yield from self._decisions()
        yield from self._words()
        yield from self._definitions()
        yield from self._listed()
        yield from action_changes(self.then.actions, self.now.actions)
        yield from recovery_changes(self.now.catalogue, self.then.recovery, self.now.recovery)

    @cached_property
    def _before(self) -> Mapping[SeriesKey, Latest]:
        return self.then.latest_by_series

    def _standing(self) -> Iterator[Change]:
        """How each KPI and org stands, against how it stood."""
        for latest in self.now.latest:
            before = self._before.get(latest.series) or self._gone_on_from(latest)
            kind = kind_of(before, latest, is_late=self.now.is_late)
            if kind is not None:
                has_figure = latest.rag in (*RATED, Rag.NO_TARGET)
                period = latest.period if has_figure else latest.due
                of = f"{before.org.code}: " if before is not None and before.org != latest.org else ""
                lacks = latest.lacks_orgs and latest.rag == Rag.NOT_RETURNED
                yield Change(
                    kind,
                    *latest.series,
                    str(period or ""),
                    of + standing_words(before),
                    standing_words(latest),
                    latest.why,
                    lacks,
                )
            yield from process_change(before, latest)
            yield from forecast_change(before, latest)

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
        shown, now = shown_figures(self.then), shown_figures(self.now)
        for key, before in shown.items():
            present = now.get(key)
            if present is None:
                if key in self.then.state.figures and key not in self.now.state.figures:
                    yield Change(ChangeKind.NO_FIGURE, *key, before.words, "", "its return was taken back")
            elif present.values != before.values:
                current = self.now.state.figures.get(key)
                orgs = f"{before.orgs} then, {present.orgs} now" if before.orgs != present.orgs else ""
                yield Change(
                    ChangeKind.RESTATED,
                    *key,
                    before.words,
                    present.words,
                    current.now.reason_restated if current else orgs,
                )
        yield from self._recoloured(shown, now)
        yield from self._came_later(shown, now)

    def _recoloured(
        self, shown: Mapping[FigureKey, ShownFigure], now: Mapping[FigureKey, ShownFigure]
    ) -> Iterator[Change]:
        """Figures with the same value in another colour; those of a KPI and org in one change."""
        recoloured: dict[SeriesKey, list[FigureKey]] = {}
        for key, before in shown.items():
            if key in now and now[key].values == before.values and now[key].rag != before.rag:
                recoloured.setdefault(key[:2], []).append(key)
        for keys in recoloured.values():
            words = shown[keys[-1]].words, now[keys[-1]].words
            if len(keys) > 1:
                moves = colour_moves((shown[key].rag, now[key].rag) for key in keys)
                words = "", f"{moves}; {self._span(keys)}"
            yield Change(ChangeKind.RECOLOURED, *keys[-1], *words)

    def _span(self, keys: Sequence[FigureKey]) -> str:
        """`12 figures, Q1 23-24 to Q4 25-26`."""
        first, last = (self.now.catalogue.kpi_by_id[key[0]].period(key[2]).short for key in (keys[0], keys[-1]))
        return f"{len(keys)} figures, {first} to {last}"

    def _came_later(
        self, shown: Mapping[FigureKey, ShownFigure], now: Mapping[FigureKey, ShownFigure]
    ) -> Iterator[Change]:
        later: dict[SeriesKey, list[FigureKey]] = {}
        for key in now:
            kpi = self.now.catalogue.kpi_by_id[key[0]]
            is_past = kpi.period(key[2]).last_day <= self.then.period.last_day
            if is_past and key not in shown and key in self.now.state.figures and key[:2] in self._before:
                later.setdefault(key[:2], []).append(key)
        for keys in later.values():
            several = f"{self._span(keys)}; the last " if len(keys) > 1 else ""
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
                now = decisions[-1].stage if any(decisions[-1].cells) else TAKEN_BACK
                yield Change(ChangeKind.DECIDED, *key, "", before, now or NO_STAGE, _by(decisions[-1]))

    def _words(self) -> Iterator[Change]:
        """What executives say of figures that the edition showed, if it is not what they said in it."""
        was = self.then.executive_words
        for key, words in self.now.executive_words.items():
            kpi_id, org, period = key
            kpi = self.then.catalogue.kpi_by_id.get(kpi_id)
            if kpi is None or kpi.period(period).last_day > self.then.period.last_day:
                continue
            before = was[key].text if key in was and was[key].is_approved else ""
            now = words.text if words.is_approved else ""
            if now != before:
                why = f"approved by {words.by}" if now else ""
                yield Change(ChangeKind.WORDS, kpi_id, org, period, _quoted(before), _quoted(now) or WITHDRAWN, why)

    def _definitions(self) -> Iterator[Change]:
        for key, current in self.now.state.figures.having("changed"):
            earlier = self.then.state.figures.get(key)
            is_new = earlier is None or earlier.now.what_changed != current.now.what_changed
            if is_new and key in shown_keys(self.now):
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


def _quoted(words: str) -> str:
    return f"'{words}'" if words else ""


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
