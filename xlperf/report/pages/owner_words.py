"""What an owner says of a figure and what was promised, and that nothing was said where something was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlperf.documents.document import Block, Paragraph, TextRun, words
from xlperf.report.action_words import promise_words
from xlperf.report.sheets.exceptions import ListedKpi
from xlperf.rules.answers_owed import ACTION, COMMENTARY
from xlperf.rules.escalation.phrases import sentence, some


def owner_words(row: ListedKpi) -> Iterator[Block]:
    """What the owner of an exception says, and the action; that there is none where it was to be given."""
    unsaid = row.unsaid
    silence = "No commentary was given." if COMMENTARY in unsaid else ""
    yield from _says(row, f"What the owner {_says_of(row)}. ", silence)
    yield from _action(row, "No new date was given." if ACTION in unsaid else "")
    if ACTION in unsaid and not row.is_promised:
        yield _lead("Action promised. ", "No action was given.")


def parts_words(parts: Sequence[ListedKpi]) -> Iterator[Block]:
    """As `owner_words`, of parts of a figure, each by its name; those that say nothing are named together."""
    silent = (
        f"No {what} was given for {some(names)}."
        for what, names in (
            (COMMENTARY, [_named(part) for part in parts if COMMENTARY in part.unsaid]),
            (ACTION, [_named(part) for part in parts if ACTION in part.unsaid and not part.is_promised]),
            ("new date", [_named(part) for part in parts if ACTION in part.unsaid and part.is_promised]),
        )
        if names
    )
    if told := " ".join(silent):
        yield Paragraph(words(told))
    for part in parts:
        yield from _says(part, f"{part.latest.org.name} {_says_of(part)}. ")
        yield from _action(part)


def _named(part: ListedKpi) -> str:
    """A part by its name, with the period of its figure where that is not the one due."""
    is_of_now = part.period is None or part.period == part.latest.due
    return part.latest.org.name if is_of_now or part.period is None else f"{part.latest.org.name} ({part.period.short})"


def _says_of(row: ListedKpi) -> str:
    """`says`; of a figure that is not the one due, `said of Q1 26-27`, so that no reader takes it for news."""
    is_of_now = row.period is None or row.period == row.latest.due
    return "says" if is_of_now or row.period is None else f"said of {row.period.short}"


def _says(row: ListedKpi, lead: str, silence: str = "") -> Iterator[Block]:
    figure = row.figure
    if figure is None or not (figure.commentary or figure.cause or silence):
        return
    is_new = figure.cause.strip().rstrip(".").casefold() not in figure.commentary.casefold()
    cause = (TextRun("Cause: ", strong=True), sentence(figure.cause)) if figure.cause and is_new else ()
    said = sentence(figure.commentary) or ("Only a cause was given." if silence and cause else silence)
    yield Paragraph(words(TextRun(lead, strong=True), f"{said} " if said and cause else said, *cause))


def _action(row: ListedKpi, lacking: str = "") -> Iterator[Block]:
    """What was promised and is still to be done, each with how it stands; of a promise that was closed, that it was.

    `lacking` is said after what is still to be done.
    """
    still = row.assessment.actions.open_about(row.latest.series)
    if still:
        promised = [TextRun("Still to be done: " if len(still) > 1 else "Action promised. ", strong=True)]
        yield Paragraph(words(*promised, " ".join(filter(None, (*map(promise_words, still), lacking)))))
    elif (figure := row.figure) is not None and figure.action:
        closed = row.assessment.actions.known(row.latest.series, figure.action)
        came = f"; {closed.action.status_words.lower()}" if closed else ""
        yield _lead("Action promised. ", sentence(f"{figure.action.rstrip('. ')}{came}"))


def _lead(title: str, text: str) -> Paragraph:
    return Paragraph(words(TextRun(title, strong=True), text))
