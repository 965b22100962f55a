"""Will we meet the target, and is it changing: the variation by assurance matrix, and what has no verdict, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from xlperf.assessment import Assessment, Latest
from xlperf.catalogue import Kind
from xlperf.documents.document import (
    Block,
    Heading,
    Icon,
    PageTable,
    Paragraph,
    Size,
    TableCell,
    TableColumn,
    TableRow,
    TextRun,
    Tone,
    words,
)
from xlperf.report.pages import figure_words as figures
from xlperf.report.pages.verdict_signs import assurance_words, variation_words
from xlperf.report.verdict_words import ASSURANCE, VARIATION
from xlperf.rules.cumulative import not_comparable
from xlperf.rules.escalation.phrases import times

_NEUTRAL = "unusually high or low"
_ROWS = {
    VARIATION["special_cause_improvement"]: (Icon.IMPROVING_HIGH, Icon.IMPROVING_LOW),
    VARIATION["common_cause"]: (Icon.COMMON,),
    VARIATION["special_cause_concern"]: (Icon.CONCERN_HIGH, Icon.CONCERN_LOW),
    _NEUTRAL: (Icon.NEUTRAL_HIGH, Icon.NEUTRAL_LOW),
}
"""The signs of each row, by its name; the last row stands only where it holds a figure."""
_NO_TARGET, _NOT_SAID = "no target", "not judged"
_COLUMNS = (*(ASSURANCE[each] for each in ("consistent_pass", "inconsistent", "consistent_fail")), _NO_TARGET)
_TONES = {
    (VARIATION["special_cause_improvement"], ASSURANCE["consistent_pass"]): Tone.GOOD,
    (VARIATION["special_cause_concern"], ASSURANCE["consistent_fail"]): Tone.BAD,
}


def matrix(assessment: Assessment, members: Sequence[Latest]) -> Iterator[Block]:
    """The matrix of those that are no parts of another, and the number of those without a verdict, with the reasons."""
    whole = figures.of_the_whole(assessment, members)
    judged = [latest for latest in whole if variation_words(latest).icon]
    yield Heading("Will we meet the target, and is it changing?")
    if judged:
        yield _table(assessment, judged)
        for latest in judged:
            if latest.flag:
                said = f"{latest.kpi.id} {figures.name(assessment, latest)}: {latest.flag}."
                yield Paragraph(words(said), Size.NOTE)
    reasons = Counter(filter(None, map(_reason, whole)))
    notes = []
    if parts := len(members) - len(whole):
        are = "is part of a rolled-up figure and is" if parts == 1 else "are parts of a rolled-up figure and are"
        notes.append(f"Of {times(len(members), 'figure')}, {parts} {are} not in this grid.")
    if reasons:
        listed = "; ".join(f"{number}: {reason}" for reason, number in reasons.most_common())
        notes.append(f"{_without(sum(reasons.values()), len(whole), is_rest=bool(parts))} ({listed}).")
    if notes:
        yield Paragraph(words(" ".join(notes)), Size.NOTE)


def _without(number: int, whole: int, *, is_rest: bool) -> str:
    """`Of the other 17, 4 have no verdict`; `None of the other 14 has a verdict`."""
    of = f"the other {whole}" if is_rest else times(whole, "figure")
    if number == whole:
        return "The other one has no verdict" if is_rest and whole == 1 else f"None of {of} has a verdict"
    return f"Of {of}, {number} {'has' if number == 1 else 'have'} no verdict"


def _table(assessment: Assessment, judged: Sequence[Latest]) -> PageTable:
    held: dict[tuple[str, str], list[str]] = {}
    for latest in judged:
        icon = variation_words(latest).icon
        row = next(name for name, icons in _ROWS.items() if icon in icons)
        column = assurance_words(latest).words or (_NOT_SAID if figures.target(latest) else _NO_TARGET)
        held.setdefault((row, column), []).append(f"{latest.kpi.id} {figures.name(assessment, latest)}")
    names = (*_COLUMNS, *([_NOT_SAID] if any(column == _NOT_SAID for _, column in held) else []))
    columns = (TableColumn("", 92), *(
        TableColumn(name, 0.8 if name in (_NO_TARGET, _NOT_SAID) else 1, grows=True) for name in names
    ))  # fmt: skip
    rows = tuple(
        TableRow(
            (TableCell(words(TextRun(row, strong=True)), icons=icons), *(_cell(held, (row, name)) for name in names))
        )
        for row, icons in _ROWS.items()
        if row != _NEUTRAL or any((row, name) in held for name in names)
    )  # fmt: skip
    summary = "Figures by whether the process is changing, and whether it will meet the target"
    return PageTable(summary, columns, rows, has_row_headers=True)


def _cell(held: Mapping[tuple[str, str], Sequence[str]], place: tuple[str, str]) -> TableCell:
    if place not in held:
        return TableCell(words("–"))
    return TableCell(words("; ".join(held[place])), _TONES.get(place, Tone.PLAIN))


def _reason(latest: Latest) -> str:
    """Why there is no verdict; "" where there is one."""
    if variation_words(latest).icon:
        return ""
    if latest.process is None:
        return "no figure yet"
    if latest.kpi.kind is Kind.MILESTONE:
        return "a milestone"
    if latest.verdicts is None:
        return "not applicable"
    if not_comparable(latest.kpi):
        return "figures overlap"
    return "too few points" if " of " in latest.verdicts.points_words else latest.verdicts.reason
