"""Will we meet the target, and is it changing: the variation by assurance matrix, and what has no verdict, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

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
from xlperf.rules.cumulative import not_comparable
from xlperf.rules.escalation.phrases import times

_ROWS = (
    ("improving", (Icon.IMPROVING_HIGH, Icon.IMPROVING_LOW)),
    ("no change", (Icon.COMMON,)),
    ("concern", (Icon.CONCERN_HIGH, Icon.CONCERN_LOW)),
    ("higher or lower, neither being better", (Icon.NEUTRAL_HIGH, Icon.NEUTRAL_LOW)),
)
_COLUMNS = (("will meet", Icon.WILL_MEET), ("may or may not", Icon.MAY_OR_MAY_NOT), ("will miss", Icon.WILL_MISS))
_NO_TARGET, _NOT_SAID = "no target", "not judged"
_TONES = {("improving", "will meet"): Tone.GOOD, ("concern", "will miss"): Tone.BAD}


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
        of = f"the other {len(whole)}" if parts else times(len(whole), "figure")
        notes.append(f"Of {of}, {sum(reasons.values())} have no verdict ({listed}).")
    if notes:
        yield Paragraph(words(" ".join(notes)), Size.NOTE)


def _table(assessment: Assessment, judged: Sequence[Latest]) -> PageTable:
    held: dict[tuple[str, str], list[str]] = {}
    for latest in judged:
        icon = variation_words(latest).icon
        row = next(name for name, icons in _ROWS if icon in icons)
        column = assurance_words(latest).words or (_NOT_SAID if figures.target(latest) else _NO_TARGET)
        held.setdefault((row, column), []).append(f"{latest.kpi.id} {figures.name(assessment, latest)}")
    columns = (TableColumn("", 92), *(TableColumn(name, 1, grows=True) for name, _ in _COLUMNS),
               TableColumn(_NO_TARGET, 0.8, grows=True))  # fmt: skip
    names = [name for name, _ in _COLUMNS] + [_NO_TARGET]
    if any(column == _NOT_SAID for _, column in held):
        names.append(_NOT_SAID)
        columns = (*columns, TableColumn(_NOT_SAID, 0.8, grows=True))
    rows = tuple(
        TableRow((TableCell(words(TextRun(row, strong=True)), icons=icons), *(
            TableCell(words("; ".join(held.get((row, column), ["–"]))), _tone(held, row, column)) for column in names
        )))
        for row, icons in _ROWS
        if row in ("improving", "no change", "concern") or any((row, column) in held for column in names)
    )  # fmt: skip
    return PageTable(
        "Figures by whether the process is changing, and whether it will meet the target", columns, rows, True
    )


def _tone(held: dict[tuple[str, str], list[str]], row: str, column: str) -> Tone:
    return _TONES.get((row, column), Tone.PLAIN) if (row, column) in held else Tone.PLAIN


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
