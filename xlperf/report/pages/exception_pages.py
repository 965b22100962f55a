"""The exceptions, the gravest first, each told with its parts that are exceptions too."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from xlperf.assessment import Assessment, Latest
from xlperf.catalogue import Section
from xlperf.documents.document import DocumentPart, Together, charts_within
from xlperf.report import layout
from xlperf.report.pages.chart_key import full_key
from xlperf.report.pages.exception_entry import exception, key_of
from xlperf.report.sheets.exceptions import Listed, ListedKpi, ListedSection, exceptions
from xlperf.rules.consequence import Order, by_gravest
from xlperf.rules.escalation import RATED
from xlperf.rules.escalation.phrases import listed as in_a_list
from xlperf.rules.escalation.phrases import times
from xlperf.rules.keys import SeriesKey

_ABOUT = "Each is about an issue and its process, not about the people who work on it."
_FLOWING = 3
"""So many a page are not put there by number: a chart is as high as its text, and as many stand on a page as fit."""


def to_act_on(assessment: Assessment, sections: Sequence[Section]) -> list[Listed]:
    """What is to act on in these sections, the gravest consequence first; orgs only where all sections are asked."""
    ids = {section.id for section in sections}
    is_whole = len(ids) == len(assessment.catalogue.sections)
    listed = [row for row in exceptions(assessment) if row.listed == layout.TO_ACT_ON and _is_told(assessment, row)]
    return [row for row in listed if (row.section.id in ids if row.section else is_whole)]


def _is_told(assessment: Assessment, row: Listed) -> bool:
    return not isinstance(row, ListedKpi | ListedSection) or key_of(row) not in assessment.only_proposed


def to_act_on_words(listed: Sequence[Listed]) -> tuple[str, str]:
    """How much there is to act on, and what it is made of: `17 off target, 4 without a figure, 5 to watch`.

    Off target is what is Red or Amber, or was when it last had a colour; to watch is what is on target and expected not
    to stay so, a section in a stage, or an organisation that is warned of.
    """
    kpis = [row.latest for row in listed if isinstance(row, ListedKpi)]
    off_target = sum(latest.off_target is not None for latest in kpis)
    without = sum(latest.off_target is None and latest.rag not in RATED for latest in kpis)
    watched = len(listed) - off_target - without
    numbers = ((off_target, "off target"), (without, "without a figure"), (watched, "to watch"))
    made_of = ", ".join(f"{number} {what}" for number, what in numbers if number)
    return f"{len(listed)} to act on", made_of


def exception_pages(assessment: Assessment, sections: Sequence[Section], a_page: int) -> DocumentPart | None:
    """Every exception, so many on a page, each with its parts that are exceptions too; None where there is none."""
    listed = sorted(to_act_on(assessment, sections), key=_order)
    if not listed:
        return None
    parts = _parts_by_whole(listed)
    is_part = {part.latest.series for within in parts.values() for part in within}
    whole = {
        at: row for at, row in enumerate(listed) if not (isinstance(row, ListedKpi) and row.latest.series in is_part)
    }
    told = {at: parts.get(row.latest.series, ()) if isinstance(row, ListedKpi) else () for at, row in whole.items()}
    places = by_gravest({at: [*map(_order, (row, *told[at]))] for at, row in whole.items()})
    blocks = tuple(
        Together(
            (*exception(whole[at], told[at], is_fitted=a_page >= _FLOWING),),
            starts_page=a_page < _FLOWING and place > 0 and place % a_page == 0,
        )
        for place, at in enumerate(places)
    )
    key = full_key([*charts_within(blocks)])
    return DocumentPart(
        "Exceptions",
        blocks,
        beside=f"{len(listed)} to act on{_counted([*whole.values()], len(is_part))}",
        under=" ".join(filter(None, (_in_order(is_part), _ABOUT, f"In the charts: {key}." if key else ""))),
    )


def _in_order(is_part: Collection[SeriesKey]) -> str:
    return f"The gravest first{', each placed by the gravest of its parts' if is_part else ''}."


def _order(row: Listed) -> Order:
    """By consequence, as in *Exceptions*; but no place rests on a stage that is only proposed to others."""
    if row.place is None:
        return ()
    if not isinstance(row, ListedKpi | ListedSection):
        return row.place.order
    return replace(row.place, gravity=row.assessment.ladder.gravity(key_of(row), is_printed=True)).order


def _counted(whole: Sequence[Listed], parts: int) -> str:
    """`: 14 figures, 1 organisation and 11 parts, each told with ...`, which make all; "" where all are figures."""
    figures = sum(isinstance(row, ListedKpi) for row in whole)
    in_sections = sum(isinstance(row, ListedSection) for row in whole)
    numbers = ((figures, "figure"), (in_sections, "section"), (len(whole) - figures - in_sections, "organisation"))
    counted = [*(times(number, what) for number, what in numbers if number), *([times(parts, "part")] if parts else [])]
    if counted == [times(figures, "figure")]:
        return ""
    told = f", {'each' if parts > 1 else 'it is'} told with the figure that it is part of" if parts else ""
    return f": {in_a_list(counted)}{told}"


def _parts_by_whole(listed: Sequence[Listed]) -> Mapping[SeriesKey, Sequence[ListedKpi]]:
    """The exceptions that are parts of a rolled-up figure that is one too, by the topmost of these."""
    rows = [row for row in listed if isinstance(row, ListedKpi)]
    parts: dict[SeriesKey, list[ListedKpi]] = {}
    for row in rows:
        above = [*_above(row, rows)]
        if above:
            # A roll-up of roll-ups is made of all their members, so the topmost has the most.
            topmost = max(above, key=lambda each: len(each.latest.members))
            parts.setdefault(topmost.latest.series, []).append(row)
    return parts


def _above(row: ListedKpi, rows: Sequence[ListedKpi]) -> Iterator[ListedKpi]:
    return (each for each in rows if _is_part(row.latest, each.latest))


def _is_part(latest: Latest, whole: Latest) -> bool:
    is_member = latest.org.code in whole.members
    is_roll_up_within = bool(latest.members) and set(latest.members) < set(whole.members)
    return latest.kpi is whole.kpi and (is_member or is_roll_up_within)
