"""What the ladder proposes for every series of a ledger.

Most series are in no stage and nothing leads them into one. Arrays find those for which anything could be proposed;
only they are judged one by one, with as much of their history as counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from xlperf.catalogue import Catalogue, Escalation
from xlperf.rules.escalation.case import CONCERN, FAILING, NOTHING_UNSEEN, Case, EscalationInputs, Proposal, Rated
from xlperf.rules.escalation.kpi_proposal import propose
from xlperf.rules.escalation.rated import RatedRows
from xlperf.rules.keys import SeriesKey
from xlperf.rules.process import Process


def escalations(
    catalogue: Catalogue,
    assessed: pd.DataFrame,
    processes: Mapping[SeriesKey, Process],
    inputs: EscalationInputs,
) -> dict[SeriesKey, Proposal]:
    """The proposals for all series, by (kpi_id, org). Series that are in no stage, and led into none, are left out.

    Args:
        catalogue: whose ladder applies.
        assessed: the frame of `assess`, up to the period that is reported on.
        processes: the SPC verdicts, see `rules.process.processes`.
        inputs: decisions about anything but a KPI of the catalogue are left out.
    """
    ladder = catalogue.escalation
    stages = {stage.name for stage in ladder.stages}
    rows = RatedRows.of(assessed)
    decided = {key: made for key, made in inputs.decisions.items() if made and key[0] in catalogue.kpi_by_id}
    inputs = replace(inputs, decisions=decided)
    proposals = {}
    for key, history in _histories(catalogue, rows, processes, inputs):
        process = processes.get(key)
        case = Case(
            history,
            decided.get(key, ()),
            variation=process.variation if process else None,
            assurance=process.assurance if process else None,
            trend=process.trend if process else "",
            action_due=inputs.action_due.get(key),
            closed=inputs.closed.get(key, ""),
            unseen=frozenset(ends for _, ends in inputs.unseen.get(key, NOTHING_UNSEEN).figures),
            early_warning=inputs.falls.get(key, ""),
            action_moved=inputs.action_moved.get(key, ()),
        )
        proposal = propose(ladder, case, inputs.as_of)
        if proposal.stage in stages or proposal.in_force in stages:
            proposals[key] = proposal
    return proposals


def _histories(
    catalogue: Catalogue, rows: RatedRows, processes: Mapping[SeriesKey, Process], inputs: EscalationInputs
) -> Iterator[tuple[SeriesKey, Sequence[Rated]]]:
    """The series for which anything could be proposed, in the frame's order; then those without a figure.

    For a series with a decision, its whole history. For any other, only the run of Reds at its end, or its latest
    figure: without a decision no rule looks further back.
    """
    index = {key: number for number, key in enumerate(rows.keys)}
    with_decision = [index[key] for key in inputs.decisions if key in index]
    led = np.zeros(len(index), dtype=bool)
    led[_led(catalogue.escalation, rows, processes)] = True
    led[_overdue(catalogue.escalation, rows, index, inputs)] = True
    led[_put_off(catalogue.escalation, rows, index, inputs)] = True
    led[_warned(catalogue.escalation, rows, index, inputs)] = True
    led[with_decision] = True
    series = np.flatnonzero(led)
    begin = rows.last - np.maximum(rows.red_run, 1) + 1
    begin[with_decision] = rows.first[with_decision]
    for number, history in zip(series.tolist(), rows.histories(catalogue, series, begin[series]), strict=True):
        yield rows.keys[number], history
    for key in inputs.decisions:
        if key not in index:
            yield key, ()


def _led(ladder: Escalation, rows: RatedRows, processes: Mapping[SeriesKey, Process]) -> list[int]:
    """The series that a run of Reds or an SPC verdict leads into some stage."""
    rules = [stage.enter for stage in ladder.stages]
    runs = [rule.consecutive_red for rule in rules if rule.consecutive_red is not None]
    led = rows.red_run >= min(runs) if runs else np.zeros(len(rows.last), dtype=bool)
    positions: list[int] = np.flatnonzero(led).tolist()
    concern, failing = (
        any(getattr(rule, name) for rule in rules) for name in ("red_with_concern", "consistently_failing")
    )
    if not (concern or failing):
        return positions
    asked = rows.off_target if failing else rows.red_run > 0
    for number in np.flatnonzero(asked & ~led).tolist():
        process = processes.get(rows.keys[number])
        if process and ((failing and process.assurance == FAILING) or (concern and process.variation == CONCERN)):
            positions.append(number)
    return positions


def _overdue(
    ladder: Escalation, rows: RatedRows, index: Mapping[SeriesKey, int], inputs: EscalationInputs
) -> list[int]:
    """The series that an overdue action leads into some stage."""
    allowed = [
        rule.action_overdue_days for stage in ladder.stages if (rule := stage.enter).action_overdue_days is not None
    ]
    if not allowed:
        return []
    late = (index.get(key, -1) for key, due in inputs.action_due.items() if (inputs.as_of - due).days > min(allowed))
    return [number for number in late if number >= 0 and rows.off_target[number]]


def _put_off(
    ladder: Escalation, rows: RatedRows, index: Mapping[SeriesKey, int], inputs: EscalationInputs
) -> list[int]:
    """The series that an action put off too often leads into some stage."""
    times = [rule.action_moved for stage in ladder.stages if (rule := stage.enter).action_moved is not None]
    if not times:
        return []
    moved = (index.get(key, -1) for key, days in inputs.action_moved.items() if len(days) >= min(times))
    return [number for number in moved if number >= 0 and rows.off_target[number]]


def _warned(ladder: Escalation, rows: RatedRows, index: Mapping[SeriesKey, int], inputs: EscalationInputs) -> list[int]:
    """The series that an early warning leads into some stage."""
    if not any(stage.enter.early_warning for stage in ladder.stages):
        return []
    warned = (index.get(key, -1) for key in inputs.falls)
    return [number for number in warned if number >= 0 and rows.off_target[number]]
