"""What was to be said of a figure that is off target, and was not."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment import Assessment, JudgedFigure
from xlperf.returns.figure import Figure
from xlperf.rules.answers_owed import ACTION, COMMENTARY, unexplained
from xlperf.rules.rag import Rag

_NO_NEW_DATE = "no new date was given for its action"


def unsaid(assessment: Assessment, judged: JudgedFigure | None, figure: Figure | None) -> tuple[str, ...]:
    """`COMMENTARY` and `ACTION` of `rules.answers_owed`, those that the owner of a figure gave none of.

    They are missed with a Red, whatever the catalogue asks for, and with what its rules ask for. Of a rolled-up figure,
    which no owner returns, nothing is.

    Args:
        assessment: whose catalogue's rules say what is asked for.
        judged: the figure as it is judged; None for none.
        figure: the same as its owner returned it; None for none.
    """
    if judged is None or figure is None or figure.not_applicable:
        return ()
    is_in_hand = assessment.actions.is_in_hand((judged["kpi_id"], judged["org"]))
    given = {COMMENTARY: bool(figure.commentary), ACTION: bool(figure.action) or is_in_hand}
    return tuple(what for what in _asked(assessment, judged) if not given[what])


def unsaid_words(missing: tuple[str, ...], *, is_promised: bool = False) -> str:
    """`no commentary or action was given`; "" where nothing is missing.

    `is_promised`: whether an action is still to be done, so that what is missing is a date that lies ahead.
    """
    if ACTION in missing and is_promised:
        is_silent = COMMENTARY in missing
        return "no commentary was given, nor a new date for its action" if is_silent else _NO_NEW_DATE
    return f"no {' or '.join(missing)} was given" if missing else ""


def _asked(assessment: Assessment, judged: JudgedFigure) -> Iterator[str]:
    rules, rag = assessment.catalogue.rules, Rag(judged["rag"])
    is_asked = str(rag) in rules.commentary_needed and (
        rules.commentary_when == "always" or bool(unexplained([str(rag)], _before(assessment, judged)))
    )
    if rag is Rag.RED or is_asked:
        yield COMMENTARY
    if rag is Rag.RED or str(rag) in rules.action_needed:
        yield ACTION


def _before(assessment: Assessment, judged: JudgedFigure) -> Iterator[tuple[Rag, bool]]:
    """The colour of each earlier figure, the last first, and whether it had a commentary; up to a period without one.

    So a return asks too (see `returns.commentary_asked`).
    """
    by_number = {row["period_number"]: row for row in assessment.series[judged["kpi_id"], judged["org"]]}
    number = judged["period_number"] - 1
    while (row := by_number.get(number)) is not None:
        current = assessment.current(row)
        yield Rag(row["rag"]), current is not None and bool(current.now.commentary)
        number -= 1
