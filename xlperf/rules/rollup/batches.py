"""Figures a few KPIs at a time: each figure goes into several orgs and spans, and millions at once would not fit."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from xlperf.catalogue import Catalogue

ROWS = 1_000_000
"""About so many figures in a batch; a KPI is never divided."""


def in_batches(catalogue: Catalogue, figures: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The figures in batches of whole KPIs, in catalogue order; one batch, at least. Unknown KPIs are left out."""
    sizes = figures["kpi_id"].value_counts().reindex([kpi.id for kpi in catalogue.kpis]).fillna(0)
    batch_of = sizes.cumsum() // ROWS
    batches = sorted(batch_of.unique())
    batch = figures["kpi_id"].map(batch_of).to_numpy(dtype=float)
    for number in batches:
        yield figures[batch == number]
