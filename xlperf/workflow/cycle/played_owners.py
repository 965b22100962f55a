"""An owner, played: types sample figures into the input cells of an issued return, signs it, and sends it back."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from xlperf.catalogue import Catalogue, Kind, Kpi
from xlperf.digits import written
from xlperf.period import Period
from xlperf.returns import action_fields, fields, layout, promise_fields
from xlperf.returns.figure import Figure
from xlperf.returns.last_words import KEPT
from xlperf.returns.rating import rate_figure
from xlperf.rules.escalation.case import OFF_TARGET
from xlperf.rules.forecast import judge_forecast
from xlperf.rules.rag import Rag
from xlperf.tables import Row
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.sample import MadeUpFigure, sample
from xlperf.workflow.cycle.sample_forecasts import actual_of, sample_forecast
from xlperf.workflow.cycle.sample_words import Said, said_of

AnswersByRow = dict[int, dict[str, CellValue]]
Slip = Callable[[AnswersByRow, Mapping[int, Rag]], None]
"""Something an owner does wrong. It changes the answers, keyed by sheet row, and is given the RAG of each row."""


class PlayedOwners:
    """The owners of a catalogue, all played; `start` is the first period of the story."""

    def __init__(self, catalogue: Catalogue, start: Period) -> None:
        self._catalogue, self._start = catalogue, start

    def fill(self, issued: Path, to: Path, saved: datetime, slip: Slip | None = None) -> None:
        """Fill in the issued return and save it as what was received."""
        book = FileWorkbook.open(issued)
        answers: AnswersByRow = {}
        rags: dict[int, Rag] = {}
        for row in book.read_table(layout.TABLE).rows:
            kpi = self._catalogue.kpi_by_id[row[fields.REF.header].raw]
            org = self._catalogue.org_by_code[row[fields.ORG.header].raw]
            period = kpi.period(row[fields.PERIOD.header].raw)
            made = sample(kpi, org, period, self._start)
            rag = rags[row.number] = _rag(kpi, org.code, period, made)
            is_asked = str(rag) in row[layout.COMMENTARY_FOR.header].raw.split(",")
            on_target = {fields.COMMENTARY.header: _ON_TARGET} if is_asked else {}
            is_to_act = str(rag) in row[layout.ACTION_FOR.header].raw.split(",")
            expected = _expected(kpi, period, sample_forecast(kpi, org, period, self._start))
            said = on_target | expected | _explained(rag, said_of(kpi, org, period), period if is_to_act else None)
            if _is_still_right(row, said):
                kept: dict[str, CellValue] = dict.fromkeys(
                    (fields.VALIDATED.header, fields.STILL_RIGHT.header), fields.YES
                )
                said = kept | ({} if _is_as_last_time(row, expected) else expected)
            answers[row.number] = _typed(kpi, made) | said
        if slip is not None:
            slip(answers, rags)
        book.write_cells(layout.TABLE, answers)
        book.write_cells(action_fields.TABLE, _followed_up(book, saved.date()))
        if promise_fields.TABLE in book.table_names():
            book.write_cells(promise_fields.TABLE, _way_back(book))
        _sign(book, saved.date())
        book.set_saved(saved)
        book.save(to)


def gives_a_milestone(issued: Path, catalogue: Catalogue) -> bool:
    """Whether a return asks how a milestone stands."""
    rows = FileWorkbook.open(issued).read_table(layout.TABLE).rows
    return any(catalogue.kpi_by_id[row[fields.REF.header].raw].kind is Kind.MILESTONE for row in rows)


def _is_still_right(row: Row, said: Collection[str]) -> bool:
    """Whether last time's words do for a row: they cover what would be said, and its owner is brief."""
    keeps = row[layout.KEEPS.header].raw.split(",")
    headers = [field.header for field in KEPT if field.header in said]
    covered = {field.header for field in KEPT if (field.needed_as or field.id) in keeps}
    is_brief = random.Random(f"brief {row[fields.REF.header].raw}").random() < 0.5
    return is_brief and bool(headers) and covered.issuperset(headers)


def _is_as_last_time(row: Row, expected: Mapping[str, CellValue]) -> bool:
    """Whether the forecast is the one that the return shows; another one is typed, and counts instead."""
    forecast = expected.get(fields.FORECAST.header)
    shown = row[layout.LAST_FORECAST.header].raw
    return not isinstance(forecast, float) or f": {written(forecast)}" in shown.partition(",")[0]


def _rag(kpi: Kpi, org: str, period: Period, made: MadeUpFigure) -> Rag:
    actual = None if made.milestone else actual_of(kpi, made)
    return rate_figure(kpi, Figure(kpi.id, org, str(period), actual=actual, milestone=made.milestone))


def _typed(kpi: Kpi, made: MadeUpFigure) -> dict[str, CellValue]:
    if made.milestone:
        return {fields.MILESTONE.header: made.milestone}
    if made.parts:
        return {fields.NUMERATOR.header: made.parts[0], fields.DENOMINATOR.header: made.parts[1]}
    return {fields.ACTUAL.header: made.actual}


_ON_TARGET = "As expected; the position is reviewed each month."
"""Said with a figure that is not off target, where the return asks for commentary all the same."""


def _expected(kpi: Kpi, period: Period, forecast: float | None) -> dict[str, CellValue]:
    """The forecast, and of one that misses the target a word about it, unless there is more to say."""
    if forecast is None:
        return {}
    misses = judge_forecast(kpi, period, forecast).rag in OFF_TARGET
    return {fields.FORECAST.header: forecast} | ({fields.COMMENTARY.header: _TROUBLE_AHEAD} if misses else {})


_TROUBLE_AHEAD = "The months to come are expected to be harder; what can be brought forward is being agreed."


def _explained(rag: Rag, said: Said, acts_in: Period | None) -> dict[str, CellValue]:
    """What is said of a figure; with an action, promised for some weeks after `acts_in`, unless that is None."""
    answers: dict[str, CellValue] = {fields.VALIDATED.header: fields.YES}
    if rag in (Rag.AMBER, Rag.RED):
        answers[fields.COMMENTARY.header] = said.commentary
        answers[fields.CAUSE.header] = said.cause
    if acts_in is not None:
        weeks = random.Random(f"{said.action} {acts_in}").choice(_WEEKS_PROMISED)
        answers[fields.ACTION.header] = said.action
        answers[fields.ACTION_OWNER.header] = "Head of service"
        answers[fields.ACTION_DUE.header] = acts_in.last_day + timedelta(weeks=weeks)
    return answers


_WEEKS_PROMISED = (3, 5, 12, 26)


def _followed_up(book: FileWorkbook, today: date) -> AnswersByRow:
    """How the actions go that the owner has promised: of the late ones some are done, and some are put off."""
    answers: AnswersByRow = {}
    for row in book.read_table(action_fields.TABLE).rows:
        number = row[action_fields.NUMBER.header].raw
        dice = random.Random(f"follow up {number} {today}")
        if number and dice.random() < 0.7:
            is_late = "overdue" in row[action_fields.STANDS.header].raw
            answers[row.number] = dice.choice((_done, _put_off))(today) if is_late else _under_way(today)
    return answers


_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SHARES = (0.4, 0.7, 1.0)
"""How much of the way back to target is promised for each of the next periods."""


def _way_back(book: FileWorkbook) -> AnswersByRow:
    """The figures promised on the way back to target, from the last figure; none where a path was promised already."""
    answers: AnswersByRow = {}
    rows_by_kpi: dict[str, list[Row]] = {}
    for row in book.read_table(promise_fields.TABLE).rows:
        rows_by_kpi.setdefault(f"{row[fields.REF.header].raw} {row[fields.ORG.header].raw}", []).append(row)
    for rows in rows_by_kpi.values():
        last = rows[0][promise_fields.LAST.header].raw.split(" in ")[0].replace(",", "")
        is_promised = any(row[promise_fields.NOW.header].raw for row in rows)
        for row, share in zip(rows, () if is_promised else _SHARES, strict=False):
            target = row[promise_fields.TARGET.header].raw.replace(",", "")
            if _NUMBER.fullmatch(last) and _NUMBER.fullmatch(target):  # a range has no one figure to go to
                promised = float(last) + (float(target) - float(last)) * share
                answers[row.number] = {promise_fields.FIGURE_NOW.header: round(promised, len(last.partition(".")[2]))}
    return answers


def _done(_: date) -> dict[str, CellValue]:
    return {
        action_fields.PROGRESS_NOW.header: "Finished",
        action_fields.DONE.header: fields.YES,
        action_fields.EVIDENCE_NOW.header: "Paper to the divisional board",
    }


def _put_off(today: date) -> dict[str, CellValue]:
    return {
        action_fields.PROGRESS_NOW.header: "Waiting for people",
        action_fields.NEW_DATE.header: today + timedelta(weeks=8),
        action_fields.WHY.header: "Two posts are still empty",
    }


def _under_way(_: date) -> dict[str, CellValue]:
    return {action_fields.PROGRESS_NOW.header: "Begun, and on course"}


def _sign(book: FileWorkbook, day: date) -> None:
    answers: dict[str, CellValue] = {
        layout.COMPLETED_BY: "Team manager",
        layout.SIGNED_OFF_BY: "Executive owner",
        layout.SIGNED_OFF_ON: day,
    }
    rows = book.read_table(layout.SIGN_OFF_TABLE).rows
    book.write_cells(
        layout.SIGN_OFF_TABLE, {row.number: {layout.ANSWER: answers[row[layout.ITEM].raw]} for row in rows}
    )


def text_in_a_number(answers: AnswersByRow, rags: Mapping[int, Rag]) -> None:
    """Words where the first figure should be."""
    for row in answers.values():
        for column in (fields.NUMERATOR, fields.ACTUAL):
            if row.get(column.header) is not None:
                row[column.header] = "about 100, to be confirmed"
                return


def nothing_said_about_a_red(answers: AnswersByRow, rags: Mapping[int, Rag]) -> None:
    """No word about the first figure that is Red, or Amber where none is."""
    worst = next((row for row, rag in rags.items() if rag is Rag.RED), None)
    worst = worst or next((row for row, rag in rags.items() if rag is Rag.AMBER), None)
    if worst is not None:
        answers[worst].pop(fields.COMMENTARY.header, None)
        answers[worst].pop(fields.ACTION.header, None)
        answers[worst].pop(fields.STILL_RIGHT.header, None)


def one_less(answers: AnswersByRow, rags: Mapping[int, Rag]) -> None:
    """Second thoughts: one less is counted in the first figure that has a numerator."""
    _counted_less(answers, fields.NUMERATOR.header, 1)


def corrected(answers: AnswersByRow, rags: Mapping[int, Rag]) -> None:
    """A mistake is found later: three less in the first figure."""
    _counted_less(answers, fields.NUMERATOR.header, 3) or _counted_less(answers, fields.ACTUAL.header, 3)


def _counted_less(answers: AnswersByRow, header: str, by: int) -> bool:
    """Whether there was a figure to take something from."""
    for row in answers.values():
        if row.get(header):
            row[header] = float(str(row[header])) - by
            return True
    return False
