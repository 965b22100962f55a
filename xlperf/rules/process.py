"""The SPC verdicts of every series of a ledger: is it changing, and will it meet its target?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xlperf.catalogue import Catalogue, Direction, Kind
from xlperf.period import Frequency
from xlperf.rules import spc
from xlperf.rules.assess import Key, by_kpi


@dataclass(frozen=True, slots=True)
class Process:
    """A series' verdicts, named as in `rules.spc`; None where there is none, and then `reason` says why."""

    variation: str | None
    assurance: str | None
    reason: str
    words: str


def processes(catalogue: Catalogue, assessed: pd.DataFrame, ruleset: str = "mdc") -> Mapping[Key, Process]:
    """The verdicts of each numeric series.

    Args:
        catalogue: whose directions and targets apply.
        assessed: the frame of `assess`, up to the period that is reported on. A period without a row is a gap.
        ruleset: `mdc` or `nhsr`.
    """
    numeric = {kpi.id for kpi in catalogue.kpis if kpi.kind is not Kind.MILESTONE}
    frame = assessed[assessed["kpi_id"].isin(numeric) & ~assessed["not_applicable"]]
    if frame.empty:
        return {}
    series = frame.groupby(["kpi_id", "org"], sort=False)
    number = series.ngroup().to_numpy()
    step = (frame["period_number"] - series["period_number"].transform("min")).to_numpy()
    lengths = np.zeros(number.max() + 1, dtype=np.int64)
    np.maximum.at(lengths, number, step + 1)
    shape = (len(lengths), int(lengths.max()))
    actuals, low, high = (np.full(shape, np.nan) for _ in range(3))
    directions = by_kpi(catalogue, frame, "direction")
    actuals[number, step] = frame["actual"]
    low[number, step] = np.where(directions == Direction.LOWER, frame["green_to"], frame["green_from"])
    high[number, step] = np.where(directions == Direction.RANGE, frame["green_to"], np.nan)
    first = frame.drop_duplicates(["kpi_id", "org"])  # in the order in which ngroup counts
    keys = list(zip(first["kpi_id"], first["org"], strict=True))
    kpis = [catalogue.kpi_by_id[kpi_id] for kpi_id, _ in keys]
    many = spc.assess_many(
        actuals,
        direction=[str(kpi.direction) for kpi in kpis],
        target=low,
        target_high=high,
        lengths=lengths,
        ruleset=ruleset,
        seasonal=np.array([kpi.frequency not in (Frequency.ANNUAL, Frequency.ACADEMIC_YEAR) for kpi in kpis]),
    )
    told = zip(many.variation, many.assurance, many.reason, many.words, strict=True)
    return {key: Process(*each) for key, each in zip(keys, told, strict=True)}
