"""The contents of the return of one owner and period, as plain values for the template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isinf, isnan
from types import MappingProxyType

from xlperf.catalogue import Catalogue, DueFigure, Kind, Kpi, ResponsibleOwner
from xlperf.digits import fifteen
from xlperf.period import Period
from xlperf.returns import fields, layout
from xlperf.returns.commentary_asked import Watched, asked_words, colours_asked, why_asked
from xlperf.returns.figure import Figure, FigureKey, SaidLast
from xlperf.returns.figure_cells import doubtful_to, input_kind
from xlperf.returns.filled_in import FilledValue, filled_in
from xlperf.returns.identity import Identity
from xlperf.returns.kpi_words import (
    BETTER_WORDS,
    benchmark_words,
    glossary_rows,
    measure_words,
    target_words,
    tolerance_words,
)
from xlperf.returns.last_forecast import last_forecast
from xlperf.returns.last_words import LastWords, kept_names, last_words
from xlperf.returns.to_give import to_give
from xlperf.rules.keys import SeriesKey
from xlperf.rules.milestones import is_past_due
from xlperf.rules.rag import limits, rounded

Draw = Callable[[Sequence[float | None], float | None], str]
"""Draws a series as text, in the light of a target where there is one."""
CHARTED = 12
"""The periods in the small chart of a row."""


@dataclass(frozen=True, slots=True)
class ReturnForm:
    """The contents of a return: whose it is, the values of the placeholders, and the rows of its tables by header.

    `last_words` are, for each row, what Still right keeps; `due` is the day on which the return falls due.
    """

    identity: Identity
    owner: ResponsibleOwner
    words: Mapping[str, str]
    rows: tuple[Mapping[str, FilledValue], ...]
    last_words: tuple[SaidLast, ...]
    due: date
    glossary: tuple[Mapping[str, str], ...]
    actions: tuple[Mapping[str, FilledValue], ...] = ()
    """The rows of its sheet Actions: what its owner has promised and is still to be done."""
    recovery: tuple[Mapping[str, FilledValue], ...] = ()
    """The rows of its sheet Recovery, which it has only where there are any."""


@dataclass(frozen=True, slots=True)
class Promised:
    """What an owner has promised.

    Attributes:
        rows: of the sheet Actions, one for each action still to be done; see `returns.action_rows`.
        in_hand: the KPIs and orgs about which an action is to be done, by the return's deadline or later.
        recovery: the rows of the sheet Recovery, one for each period of a path that is asked for.
    """

    rows: tuple[Mapping[str, FilledValue], ...] = ()
    in_hand: frozenset[SeriesKey] = frozenset()
    recovery: tuple[Mapping[str, FilledValue], ...] = ()


NOTHING_PROMISED = Promised()


def _no_chart(_: Sequence[float | None], __: float | None) -> str:
    return ""


def build_form(
    catalogue: Catalogue,
    identity: Identity,
    figures: Mapping[FigureKey, Figure],
    *,
    watched: Mapping[SeriesKey, Watched] = MappingProxyType({}),
    draw: Draw = _no_chart,
    promised: Promised = NOTHING_PROMISED,
) -> ReturnForm:
    """The contents of the return with this identity.

    Args:
        catalogue: defines which figures are due, from whom and when.
        identity: whose return, for which reporting period.
        figures: every current figure. The last three of each KPI are shown; figures already accepted for the periods
            due are filled in, for the owner to confirm or correct.
        watched: what is to be explained again, whatever was said of it before; not looked at where the catalogue asks
            always.
        draw: draws the small chart of a row; without it there is none.
        promised: what the owner has promised.
    """
    reporting = Period.parse(identity.period, catalogue.calendar.frequency)
    owner = catalogue.owner_by_id[identity.owner]
    due = catalogue.due_from(owner, reporting)
    # Of the months that a return asks for together only the last is explained because the KPI is watched.
    last_of_series = {(kpi.id, org.code): at for at, (kpi, org, _) in enumerate(due)}
    watch = {at: watched.get(series) for series, at in last_of_series.items()}
    last = [last_words(*each, figures) for each in due]
    falls_due = catalogue.entry_by_period[reporting].return_deadline
    rows = (
        _row(catalogue, each, figures)
        | _action_asked(catalogue, each, promised)
        | _said(each, figures, last[at], falls_due)
        | _commentary(catalogue, each, figures, reporting, watch.get(at))
        | _chart(each, figures, draw)
        for at, each in enumerate(due)
    )
    return ReturnForm(
        identity=identity,
        owner=owner,
        words=_words(catalogue, owner, reporting, due) | {"open_actions": _open_actions(len(promised.rows))},
        rows=tuple(rows),
        last_words=tuple(each.kept for each in last),
        due=falls_due,
        glossary=glossary_rows(catalogue, tuple((kpi, org) for kpi, org, _ in due), reporting),
        actions=promised.rows,
        recovery=promised.recovery,
    )


def _open_actions(number: int) -> str:
    if not number:
        return f"You have no open actions. {_NEW_ACTION}"
    promised = "1 open action" if number == 1 else f"{number} open actions"
    asked = "Say in the yellow cells how each is going; one sentence under Progress is enough."
    return f"You have {promised}. {asked} {_NEW_ACTION}"


_NEW_ACTION = "Type a new one on the Return sheet, beside its KPI."


def _words(
    catalogue: Catalogue, owner: ResponsibleOwner, reporting: Period, due: tuple[DueFigure, ...]
) -> dict[str, str]:
    entry = catalogue.entry_by_period[reporting]
    executive = catalogue.executive_by_id[owner.executive_owner]
    deadline, board = entry.return_deadline, entry.board_date
    return {
        "organisation": catalogue.organisation,
        "title": catalogue.title,
        "period": reporting.label,
        "owner": owner.name,
        "directorate": owner.directorate,
        "executive_owner": executive.title,
        "deadline": f"{deadline:%A} {deadline.day} {deadline:%B %Y}",
        "board": catalogue.board,
        "board_date": f"{board.day} {board:%B %Y}",
        "team": catalogue.contact.team,
        "email": catalogue.contact.email,
        "rows": str(len(due)),
        "asked": asked_words(catalogue.rules),
        "classification": catalogue.classification,
        "catalogue_version": catalogue.version,
    }


def _row(catalogue: Catalogue, due: DueFigure, figures: Mapping[FigureKey, Figure]) -> dict[str, FilledValue]:
    kpi, org, period = due
    earlier = [figures.get((kpi.id, org.code, str(period.previous(back)))) for back in (3, 2, 1)]
    row: dict[str, FilledValue] = {
        fields.REF.header: kpi.id,
        layout.KPI.header: kpi.name,
        layout.DEFINITION.header: _definition(kpi),
        fields.ORG.header: org.code,
        fields.PERIOD.header: str(period),
        layout.UNIT.header: kpi.shown_unit,
        layout.BETTER.header: BETTER_WORDS[kpi.direction],
        layout.TARGET.header: _target(kpi, period),
        layout.THIRD_LAST.header: _earlier(kpi, earlier[0]),
        layout.SECOND_LAST.header: _earlier(kpi, earlier[1]),
        layout.LAST.header: _earlier(kpi, earlier[2]),
        layout.A_YEAR_AGO.header: _earlier(kpi, figures.get((kpi.id, org.code, str(period.same_last_year())))),
        layout.BENCHMARK.header: benchmark_words(kpi),
    }
    row.update(_helpers(kpi, period))
    row.update(_before(kpi, period, earlier[2]))
    return row


def _said(
    due: DueFigure, figures: Mapping[FigureKey, Figure], last: LastWords, falls_due: date
) -> dict[str, FilledValue]:
    """What was said last time, what can be kept of it, and the cells of a figure accepted already."""
    kpi, org, period = due
    keeps = ",".join(kept_names(last.kept, str(falls_due)))
    accepted = figures.get((kpi.id, org.code, str(period)))
    forecast = {layout.LAST_FORECAST.header: words} if (words := last_forecast(kpi, org, period, figures)) else {}
    return {**last.cells(), **forecast, layout.KEEPS.header: keeps, **dict(filled_in(accepted, last.kept))}


def _commentary(
    catalogue: Catalogue,
    due: DueFigure,
    figures: Mapping[FigureKey, Figure],
    reporting: Period,
    watch: Watched | None,
) -> dict[str, FilledValue]:
    """The colours with which commentary is asked for; and what is to be given, with why it is asked for again."""
    return {
        layout.TO_GIVE.header: f"{to_give(due[0])} {why_asked(catalogue, watch)}".rstrip(),
        layout.COMMENTARY_FOR.header: ",".join(colours_asked(catalogue, due, figures, reporting, watch)),
    }


def _chart(due: DueFigure, figures: Mapping[FigureKey, Figure], draw: Draw) -> dict[str, FilledValue]:
    """The small chart of the periods before this one."""
    kpi, org, period = due
    back = (figures.get((kpi.id, org.code, str(period.previous(count)))) for count in range(CHARTED, 0, -1))
    values = [figure.actual if figure else None for figure in back]
    in_force = kpi.target_for(period)
    target = None if in_force is None or in_force.target is None else float(in_force.target)
    return {layout.LAST_PERIODS.header: draw(values, target)} if any(value is not None for value in values) else {}


def _before(kpi: Kpi, period: Period, earlier: Figure | None) -> dict[str, FilledValue]:
    """Of a cumulative KPI, the figure to date of the period before: nothing where a year begins, None if not known."""
    if not kpi.has_own_parts or kpi.restarts_in is None:
        return {}
    if kpi.restarts_in.begins_with(period):
        return dict.fromkeys((column.header for column in layout.BEFORE), 0)
    if earlier is None or earlier.not_applicable:
        return {}
    before = (earlier.numerator, earlier.denominator, None if kpi.has_parts else earlier.actual)
    return {column.header: value for column, value in zip(layout.BEFORE, before, strict=True)}


def _definition(kpi: Kpi) -> str:
    covers = f" Give the figure {measure_words(kpi)}." if kpi.is_cumulative else ""
    parts = f" Numerator: {kpi.numerator}. Denominator: {kpi.denominator}." if kpi.has_parts else ""
    return f"{kpi.definition}{covers}{parts}"


def _target(kpi: Kpi, period: Period) -> str:
    target = kpi.target_for(period)
    words, tolerance = target_words(kpi, target), tolerance_words(target)
    return f"{words}, tolerance {tolerance}" if tolerance else words or "no target"


def _earlier(kpi: Kpi, figure: Figure | None) -> str:
    if figure is None:
        return "–"
    if figure.not_applicable:
        return "n/a"
    return figure.milestone or f"{rounded(figure.actual or 0.0, kpi.shown_decimals):,}"


def _helpers(kpi: Kpi, period: Period) -> dict[str, FilledValue]:
    target = kpi.target_for(period)
    within = limits(target, kpi.direction)
    lowest, highest = kpi.possible_range
    return {
        layout.INPUT_KIND.header: input_kind(kpi),
        layout.FACTOR.header: kpi.factor,
        layout.GREEN_FROM.header: int(is_past_due(target, period.last_day)) or None
        if kpi.kind is Kind.MILESTONE
        else _end(within.green_from),
        layout.GREEN_TO.header: _end(within.green_to),
        layout.AMBER_FROM.header: _end(within.amber_from),
        layout.AMBER_TO.header: _end(within.amber_to),
        layout.LOWEST.header: -layout.UNBOUNDED if lowest is None else fifteen(lowest),
        layout.HIGHEST.header: layout.UNBOUNDED if highest is None else fifteen(highest),
        layout.WHOLE.header: int(kpi.kind is Kind.COUNT),
        layout.DOUBTFUL_TO.header: doubtful_to(kpi),
    }


def _action_asked(catalogue: Catalogue, due: DueFigure, promised: Promised) -> dict[str, FilledValue]:
    """The colours with which an action is asked for: none where one is to be done by a date that lies ahead."""
    kpi, org, _ = due
    is_in_hand = (kpi.id, org.code) in promised.in_hand
    return {layout.ACTION_FOR.header: "" if is_in_hand else ",".join(catalogue.rules.action_needed)}


def _end(end: float) -> float | None:
    if isnan(end):
        return None
    if isinf(end):
        return layout.UNBOUNDED if end > 0 else -layout.UNBOUNDED
    return end
