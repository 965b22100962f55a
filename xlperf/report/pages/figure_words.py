"""A KPI and its figures as the pages print them: with unit and org, and with what a reader must know."""

from __future__ import annotations

import re
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


def each_with_unit(kpi: Kpi, shown: str) -> str:
    """As `with_unit`, of both ends of a range: `−£5,000k to £0k`."""
    return " to ".join(with_unit(kpi, end) for end in shown.split(" to "))


def beside_latest(kpi: Kpi, shown: str) -> str:
    """A figure or target in the row of one that has its unit: of money with it, so that both look alike."""
    if kpi.shown_unit in _BEFORE:
        mark = RESTATED_MARK if shown.endswith(RESTATED_MARK) else ""
        return f"{each_with_unit(kpi, shown.removesuffix(mark))}{mark}"
    return shown


def unit_beside(kpi: Kpi) -> str:
    """The unit where neither the figures nor the name carry it: `score 1-5`; "" for a count, or where they do."""
    unit = kpi.shown_unit
    is_carried = unit in _BEFORE or unit in _AFTER or kpi.kind in (Kind.MILESTONE, Kind.COUNT)
    return "" if is_carried or _is_named(unit, kpi.name) else unit


def _is_named(unit: str, name: str) -> bool:
    """Whether a name has a unit, in letters or in full: `FTE` of `Staff in post (full-time equivalent)`."""
    initials = "".join(word[0] for word in re.findall(r"\w+", name))
    return unit in name or (len(unit) > 1 and unit.casefold() in initials.casefold())


_EXECUTIVES = 26
"""Characters of the titles of two executives that fit their column in two lines."""


def executive(assessment: Assessment, latest: Latest) -> str:
    """Who answers for a figure, in a column that says so: `Planning` for `Director of Planning`, or `several`.

    Of two, both; or `two executives` where both would make a row of the page high, as the rows of the parts name them.
    """
    title = latest.executive_owner
    is_one = any(title == each.title for each in assessment.catalogue.executive_owners)
    titles = [title] if is_one else title.split(" and ")
    short = " and ".join(map(_short_title, titles)) or title
    return "two executives" if len(titles) > 1 and len(short) > _EXECUTIVES else short


def _short_title(title: str) -> str:
    short = title.removeprefix("Director of ")
    for beside in (" Director", " Chief Executive", " executives"):
        short = short.removesuffix(beside)
    return short or title


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
    told = " and ".join(
        beside_latest(kpi, number_words(kpi, amount.normalize())) for amount in sorted(amounts) if amount
    )
    return f"tolerance {told}" if told else "no tolerance"


def whose(assessment: Assessment, latest: Latest) -> str:
    """The org of a figure, where the KPI has more than one; "" for the one that is the whole organisation."""
    trees = assessment.trees[latest.kpi.id]
    is_alone = not latest.members and trees.open_in(assessment.period) <= {latest.org.code}
    is_whole = bool(latest.members) and latest.org in assessment.catalogue.top_orgs
    return "" if is_alone or is_whole or latest.org.code == assessment.understood_org else latest.org.name


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
    if latest.row and latest.kpi.is_cumulative and "year to date" not in latest.kpi.name.casefold():
        yield "year to date"
    if latest.row and latest.is_current and (mark := standing(latest.current)):
        yield mark
    yield from not_alike(assessment, latest)
