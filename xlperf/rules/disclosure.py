"""Which figures a public report withholds, so that nobody can be recognised by a small number.

A number of people from one up to some bound is small. It is withheld, and so is whatever it could be worked out from:
of a total and all its parts but one, the one that is left can be subtracted. A figure can be worked out if it is a sum
and difference of figures that are shown (primary and secondary suppression, as in the Government Statistical Service's
guidance on disclosure control of tables).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from xlperf.rules.keys import SeriesKey

Parts = frozenset[str]
"""The orgs whose figures are added up in a figure; of one that an org returns, that org alone."""


def is_small(number: float | None, below: int) -> bool:
    """Whether a number of people is small: not none at all, and fewer than `below`."""
    return number is not None and 0 < number < below


def withheld(parts: Mapping[SeriesKey, Parts], small: Collection[SeriesKey]) -> frozenset[SeriesKey]:
    """The series to withhold: those that are `small`, and those that would give one of them away.

    With a small part, all parts of the same total are withheld, and the total is shown; where the small one could still
    be worked out from larger totals, the parts of those as well.

    Args:
        parts: by series, of which orgs it is the sum.
        small: the series with a small number in some period.
    """
    hidden = set(small)
    for kpi_id in {kpi_id for kpi_id, _ in small}:
        of_kpi = {key: each for key, each in parts.items() if key[0] == kpi_id}
        for key in sorted(key for key in small if key in of_kpi):
            hidden |= _beside(key, of_kpi, hidden)
    return frozenset(hidden)


def _beside(key: SeriesKey, parts: Mapping[SeriesKey, Parts], hidden: Collection[SeriesKey]) -> set[SeriesKey]:
    """What else is withheld for a series, from the smallest total that it is in to the largest."""
    more: set[SeriesKey] = set()
    totals = sorted((each for each in parts.values() if each > parts[key]), key=lambda each: (len(each), sorted(each)))
    for total in totals:
        if not _is_given_away(parts[key], _shown(parts, {*hidden, *more})):
            return more
        more |= {other for other, each in parts.items() if each < total}
    if _is_given_away(parts[key], _shown(parts, {*hidden, *more})):
        more |= {other for other, each in parts.items() if each & parts[key]}
    return more


def _shown(parts: Mapping[SeriesKey, Parts], hidden: Collection[SeriesKey]) -> list[Parts]:
    return [each for key, each in parts.items() if key not in hidden]


def _is_given_away(sum_of: Parts, shown: Iterable[Parts]) -> bool:
    """Whether a figure is a sum and difference of those that are shown."""
    rows = list(shown)
    orgs = sorted(sum_of.union(*rows))
    table = np.array([[org in row for org in orgs] for row in rows], dtype=float).reshape(len(rows), len(orgs))
    wanted = np.array([[org in sum_of for org in orgs]], dtype=float)
    return bool(np.linalg.matrix_rank(np.vstack([table, wanted])) == np.linalg.matrix_rank(table)) if rows else False
