"""The contents of the return of one owner and period, as plain values for the template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isinf, isnan
from types import MappingProxyType

from xlperf.catalogue import Catalogue, Kind, Kpi, Org, ResponsibleOwner
from xlperf.digits import fifteen
from xlperf.errors import UsageError
from xlperf.period import Period
from xlperf.returns import fields, layout
from xlperf.returns.commentary_asked import Watched, asked_words, colours_asked, why_asked
from xlperf.returns.fields import Field, Holds
from xlperf.returns.figure import FieldValue, Figure, FigureKey
from xlperf.returns.figure_cells import doubtful_to, input_kind
from xlperf.returns.identity import Identity
from xlperf.returns.kpi_words import (
    BETTER_WORDS,
    benchmark_words,
    glossary_rows,
    measure_words,
    target_words,
    tolerance_words,
)
from xlperf.returns.last_words import last_words
from xlperf.returns.to_give import to_give
from xlperf.rules.keys import SeriesKey
from xlperf.rules.milestones import is_past_due
from xlperf.rules.rag import limits, rounded

CellValue = str | int | float | date | None
DueFigure = tuple[Kpi, Org, Period]
Draw = Callable[[Sequence[float | None], float | None], str]
"""Draws a series as text, in the light of a target where there is one."""
CHARTED = 12
"""The periods in the small chart of a row."""


@dataclass(frozen=True, slots=True)
class ReturnForm:
    """The contents of a return: whose it is, the values of the placeholders, and the rows of its tables by header."""

    identity: Identity
    owner: ResponsibleOwner
    words: Mapping[str, str]
    rows: tuple[Mapping[str, CellValue], ...]
    glossary: tuple[Mapping[str, str], ...]


def figures_due_from(catalogue: Catalogue, owner: ResponsibleOwner, reporting: Period) -> tuple[DueFigure, ...]:
    """The (KPI, org, KPI period)s an owner returns in a reporting period, in catalogue order."""
    return tuple(
        (kpi, org, period)
        for kpi, org, period in catalogue.due_in(reporting)
        if catalogue.owner_of(kpi, org).id == owner.id
    )


def is_still_due(catalogue: Catalogue, key: FigureKey) -> bool:
    """Whether a figure that was asked for is due still: it is not where its org has been closed since."""
    kpi = catalogue.kpi_by_id.get(key[0])
    if kpi is None or key[1] not in catalogue.open_days[kpi.id]:
        return True  # the catalogue has no place for it, and says nothing of it
    try:
        return catalogue.is_open(kpi, key[1], kpi.period(key[2]))
    except UsageError:
        return True


def is_any_due(catalogue: Catalogue, asked: Iterable[FigureKey]) -> bool:
    """Whether anything that a return asked for is due still."""
    return any(is_still_due(catalogue, key) for key in asked)


def _no_chart(_: Sequence[float | None], __: float | None) -> str:
    return ""


def build_form(
    catalogue: Catalogue,
    identity: Identity,
    figures: Mapping[FigureKey, Figure],
    *,
    watched: Mapping[SeriesKey, Watched] = MappingProxyType({}),
    draw: Draw = _no_chart,
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
    """
    reporting = Period.parse(identity.period, catalogue.calendar.frequency)
    owner = catalogue.owner_by_id[identity.owner]
    due = figures_due_from(catalogue, owner, reporting)
    # Of the months that a return asks for together only the last is explained because the KPI is watched.
    last_of_series = {(kpi.id, org.code): at for at, (kpi, org, _) in enumerate(due)}
    watch = {at: watched.get(series) for series, at in last_of_series.items()}
    rows = (
        _row(catalogue, each, figures)
        | _commentary(catalogue, each, figures, reporting, watch.get(at))
        | _chart(each, figures, draw)
        for at, each in enumerate(due)
    )
    return ReturnForm(
        identity=identity,
        owner=owner,
        words=_words(catalogue, owner, reporting, due),
        rows=tuple(rows),
        glossary=glossary_rows(catalogue, tuple((kpi, org) for kpi, org, _ in due), reporting),
    )


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


def _row(catalogue: Catalogue, due: DueFigure, figures: Mapping[FigureKey, Figure]) -> dict[str, CellValue]:
    kpi, org, period = due
    earlier = [figures.get((kpi.id, org.code, str(period.previous(back)))) for back in (3, 2, 1)]
    accepted = figures.get((kpi.id, org.code, str(period)))
    row: dict[str, CellValue] = {
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
    row.update(last_words(kpi, org, period, figures))
    row.update(_filled_in(accepted))
    row.update(_helpers(catalogue, kpi, period))
    row.update(_before(kpi, period, earlier[2]))
    return row


def _commentary(
    catalogue: Catalogue,
    due: DueFigure,
    figures: Mapping[FigureKey, Figure],
    reporting: Period,
    watch: Watched | None,
) -> dict[str, CellValue]:
    """The colours with which commentary is asked for; and what is to be given, with why it is asked for again."""
    return {
        layout.TO_GIVE.header: f"{to_give(due[0])} {why_asked(catalogue, watch)}".rstrip(),
        layout.COMMENTARY_FOR.header: ",".join(colours_asked(catalogue, due, figures, reporting, watch)),
    }


def _chart(due: DueFigure, figures: Mapping[FigureKey, Figure], draw: Draw) -> dict[str, CellValue]:
    """The small chart of the periods before this one."""
    kpi, org, period = due
    back = (figures.get((kpi.id, org.code, str(period.previous(count)))) for count in range(CHARTED, 0, -1))
    values = [figure.actual if figure else None for figure in back]
    in_force = kpi.target_for(period)
    target = None if in_force is None or in_force.target is None else float(in_force.target)
    return {layout.LAST_PERIODS.header: draw(values, target)} if any(value is not None for value in values) else {}


def _before(kpi: Kpi, period: Period, earlier: Figure | None) -> dict[str, CellValue]:
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


def _filled_in(accepted: Figure | None) -> Iterator[tuple[str, CellValue]]:
    """The cells of a figure accepted earlier for the same period, for the owner to confirm or correct."""
    if accepted is None:
        return
    if accepted.not_applicable:
        yield fields.NOT_APPLICABLE.header, fields.YES
        yield fields.NOT_APPLICABLE_REASON.header, accepted.reason_not_applicable
    elif accepted.milestone:
        yield fields.MILESTONE.header, accepted.milestone
    elif accepted.denominator is not None:
        yield fields.NUMERATOR.header, accepted.numerator
        yield fields.DENOMINATOR.header, accepted.denominator
    else:
        yield fields.ACTUAL.header, accepted.actual
    for field in layout.ANSWERS:
        # The reason goes with 'not applicable', above.
        if field is not fields.NOT_APPLICABLE_REASON:
            yield field.header, _answered(field, accepted.answer(field.id))


def _answered(field: Field, answer: FieldValue) -> CellValue:
    """An answer as an owner would type it."""
    match field.holds:
        case Holds.YES_NO | Holds.YES:
            return fields.YES if answer else None
        case Holds.DATE:
            return date.fromisoformat(str(answer)) if answer else None
        case Holds.NUMBER:
            return answer
        case _:
            return answer or None


def _helpers(catalogue: Catalogue, kpi: Kpi, period: Period) -> dict[str, CellValue]:
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
        layout.ACTION_FOR.header: ",".join(catalogue.rules.action_needed),
    }


def _end(end: float) -> float | None:
    if isnan(end):
        return None
    if isinf(end):
        return layout.UNBOUNDED if end > 0 else -layout.UNBOUNDED
    return end
