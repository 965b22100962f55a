"""With which colours each row of a return asks for commentary; settled when the return is issued, and kept with it.

So the formula in the return and the reading of it go by the same, whatever the catalogue says by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlperf.catalogue import Catalogue, Kpi, Org
from xlperf.catalogue.reporting import Rules
from xlperf.period import Period
from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.rating import rate_figure
from xlperf.rules.answers_owed import unexplained
from xlperf.rules.rag import Rag

_ANY_FIGURE = (Rag.BLUE, Rag.GREEN, Rag.AMBER, Rag.RED, Rag.NO_TARGET)


@dataclass(frozen=True, slots=True)
class Watched:
    """Why a KPI and org is to be explained again, whatever was said of it before.

    `is_by_itself`: it is so itself, and is to be explained even where its figure is on target; else what it is a part
    of is so, and it is to be explained where it is off target.
    """

    why: str
    is_by_itself: bool = True


def colours_asked(
    catalogue: Catalogue,
    due: tuple[Kpi, Org, Period],
    figures: Mapping[FigureKey, Figure],
    reporting: Period,
    watch: Watched | None,
) -> tuple[str, ...]:
    """The colours with which the row of a figure that is due asks for commentary.

    Args:
        catalogue: whose rules say it.
        due: the figure.
        reporting: the reporting period of the return.
        figures: every current figure.
        watch: why it is to be explained again; None where it is not.
    """
    needed = tuple(map(str, catalogue.rules.commentary_needed))
    if catalogue.rules.commentary_when == "always" or not needed:
        return needed
    if watch is None:
        return unexplained(needed, _before(due, figures, reporting))
    return tuple(map(str, _ANY_FIGURE)) if watch.is_by_itself else needed


def why_asked(catalogue: Catalogue, watch: Watched | None) -> str:
    """The sentence that says to an owner why commentary is asked for again; "" where it is not."""
    rules = catalogue.rules
    if watch is None or rules.commentary_when == "always" or not rules.commentary_needed:
        return ""
    with_what = "on any figure" if watch.is_by_itself else f"if {' or '.join(rules.commentary_needed)}"
    return f"Comment {with_what}: {watch.why.replace(' (SPC)', '')}."


def asked_words(rules: Rules) -> str:
    """What the return asks for beside the figures, in words for its first sheet."""
    parts = []
    if rules.commentary_needed:
        colours = " and ".join(rules.commentary_needed)
        new = " until it has been given, or where 'What to give' asks for it"
        parts.append(f"commentary for {colours}{new if rules.commentary_when == 'new' else ''}")
    if rules.action_needed:
        parts.append(f"for {' and '.join(rules.action_needed)} an action with its owner and date")
    return ", and ".join(parts) or "an action's owner and date, and that the figure was checked"


def commentary_words(rules: Rules) -> str:
    """For which figures commentary is asked for, in words for the master."""
    colours = ", ".join(rules.commentary_needed)
    if rules.commentary_when == "always" or not colours:
        return colours
    return (
        f"{colours} until one has been given; any figure of what was in special-cause concern, expected to miss its "
        "target, or in escalation when the return was issued"
    )


def _before(
    due: tuple[Kpi, Org, Period], figures: Mapping[FigureKey, Figure], reporting: Period
) -> Iterator[tuple[Rag, bool]]:
    """The RAG of each earlier figure, the last first, and whether it had a commentary, up to a period without one.

    Periods that the same return asks for, as it does for three months of a quarter, are passed over while they have no
    figure: what was said before the return is looked at for all of them.
    """
    kpi, org, before = due
    while True:
        before = before.previous(1)
        figure = figures.get((kpi.id, org.code, str(before)))
        if figure is not None:
            yield rate_figure(kpi, figure), bool(figure.commentary)
        elif before.first_day < reporting.first_day:
            return
