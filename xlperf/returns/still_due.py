"""Whether what a return asked for is due still."""

from __future__ import annotations

from collections.abc import Iterable

from xlperf.catalogue import Catalogue
from xlperf.errors import UsageError
from xlperf.returns.figure import FigureKey


def is_still_due(catalogue: Catalogue, key: FigureKey) -> bool:
    """Whether a figure that was asked for is due still: it is not where its org has been closed since."""
    kpi = catalogue.kpi_by_id.get(key[0])
    if kpi is None or key[1] not in catalogue.open_days[kpi.id]:
        return True  # the catalogue has no place for it, and says nothing of it
    try:
        return catalogue.is_open(kpi, key[1], kpi.period(key[2]))
    except UsageError:
        return True


def is_any_due(catalogue: Catalogue, asked: Iterable[FigureKey]) -> bool:
    """Whether anything that a return asked for is due still."""
    return any(is_still_due(catalogue, key) for key in asked)
