"""A KPI and its figures as the pages print them: with unit and org, and with what a reader must know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.confidence import standing
from xlperf.catalogue import Kind, Kpi, Section
from xlperf.documents.document import Tone
from xlperf.period import Period
from xlperf.report.figure_notes import looking_ahead, not_alike, without_its_figure
from xlperf.returns.kpi_words import number_words, target_words
from xlperf.rules.rag import Rag
from xlperf.rules.shown import exact

TONES = {Rag.RED: Tone.RED, Rag.AMBER: Tone.AMBER, Rag.GREEN: Tone.GREEN, Rag.BLUE: Tone.BLUE}
RESTATED_MARK = " r"
_BEFORE, _AFTER = {"GBP": "£", "GBPk": "£"}, {"GBPk": "k", "%": " %", "days": " days"}


def with_unit(kpi: Kpi, shown: str) -> str:
    """A figure as printed, with a unit that is short: `83.0 %`, `£169k`, `30.1 days`; else without."""
    if not shown or kpi.kind is Kind.MILESTONE:
        return shown
    unit = kpi.shown_unit
    after = " day" if unit == "days" and shown.strip("0.") == "1" else _AFTER.get(unit, "")
    minus = "−" if shown.startswith("-") else ""
    return f"{minus}{_BEFORE.get(unit, '')}{shown.removeprefix('-')}{after}"


def unit_beside(kpi: Kpi) -> str:
    """The unit where the figures do not carry it: `score 1-5`; "" for a count, or where they do."""
    unit = kpi.shown_unit
    is_carried = unit in _BEFORE or unit in _AFTER or kpi.kind in (Kind.MILESTONE, Kind.COUNT)
    return "" if is_carried else unit


def short_title(title: str) -> str:
    """The title of an executive in a column that says so: `Planning` for `Director of Planning`."""
    # Of two executives each has its own title.
    short = (each.removeprefix("Director of ").removesuffix(" Director") for each in title.split(" and "))
    return " and ".join(short) or title


def shown(kpi: Kpi, row: Mapping[str, Any] | None) -> str:
    """A judged figure with its unit; `n/a` where the KPI did not apply; `–` if there is none."""
    if row is None:
        return "–"
    return "n/a" if row["not_applicable"] else with_unit(kpi, exact(row["shown"])) or "–"


def earlier(assessment: Assessment, latest: Latest, period: Period | None) -> str:
    """The figure of another period of the series, without its unit; "" where there is none. `r` says it is restated."""
    if period is None:
        return ""
    row = next((row for row in assessment.series.get(latest.series, ()) if row["period"] == str(period)), None)
    if row is None or row["not_applicable"] or not row["shown"]:
        return ""
    figure = exact(row["shown"])
    return f"{figure}{RESTATED_MARK}" if is_restated(assessment, row) else figure


def is_restated(assessment: Assessment, row: Mapping[str, Any]) -> bool:
    """Whether a figure differs from what an edition has shown, or a return has changed it."""
    current = assessment.current(row)
    return current is not None and current.is_restated


def target(latest: Latest) -> str:
    """The target of the period of the figure, in words; of a milestone without a figure, its date."""
    return target_words(latest.kpi, latest.target)


def tolerance(kpi: Kpi, row: Mapping[str, Any]) -> str:
    """The tolerance that a figure is judged by, of a rolled-up one its own: `tolerance 14`; "" where it has no target.

    How far beyond an end of Green is still Amber, so that a percentage of the target is an amount.
    """
    ends = [(row[f"green_{end}"], row[f"amber_{end}"]) for end in ("from", "to") if isfinite(row[f"green_{end}"])]
    if not ends or not row["shown"] or row["not_applicable"]:
        return ""
    amounts = {abs(Decimal(repr(float(green))) - Decimal(repr(float(amber)))) for green, amber in ends}
    told = " and ".join(number_words(kpi, amount.normalize()) for amount in sorted(amounts) if amount)
    return f"tolerance {told}" if told else "no tolerance"


def whose(assessment: Assessment, latest: Latest) -> str:
    """The org of a figure, where the KPI has more than one; "" for the one that is the whole organisation."""
    trees = assessment.trees[latest.kpi.id]
    is_alone = not latest.members and trees.open_in(assessment.period) <= {latest.org.code}
    is_whole = bool(latest.members) and latest.org in assessment.catalogue.top_orgs
    return "" if is_alone or is_whole else latest.org.name


def name(assessment: Assessment, latest: Latest) -> str:
    """The KPI's name, with the org where it has more than one: `GP specialty fill rate, North Wales`."""
    return ", ".join(filter(None, (latest.kpi.name, whose(assessment, latest))))


def without_sheets(said: str) -> str:
    """What a sheet says, without sending people to another sheet, which the pack has not."""
    return said.replace(", see Findings", " when its return was read")


def of_sections(assessment: Assessment, sections: Sequence[Section]) -> list[Latest]:
    """The figures of these sections of the catalogue, in its order."""
    ids = {section.id for section in sections}
    return [latest for latest in assessment.latest if latest.kpi.section in ids]


def of_the_whole(assessment: Assessment, members: Iterable[Latest]) -> list[Latest]:
    """Those figures that are no part of a rolled-up one: what a board looks at first."""
    return [latest for latest in members if not assessment.rolled_up_above(latest)]


def marks(assessment: Assessment, latest: Latest) -> Iterator[str]:
    """What a reader must know beside the figure: closed, missed, forecast to miss, of how many orgs, provisional."""
    yield from without_its_figure(latest)
    yield from looking_ahead(latest)
    if latest.lacks_orgs or (latest.row and latest.row["partial"]):
        yield latest.reported
    if latest.row and latest.kpi.is_cumulative:
        yield "year to date"
    if latest.row and latest.is_current and (mark := standing(latest.current)):
        yield mark
    yield from not_alike(assessment, latest)
