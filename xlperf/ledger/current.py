"""A figure of the ledger as it is now, and all of them, of which most stay in the columns in which they were read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from typing import Any

from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.figure_columns import column_of


@dataclass(frozen=True, slots=True)
class Current:
    """A figure as it is now, as it was first reported, and where it comes from.

    `published` is the figure as the first edition that covers its period showed it; None where none has.

    `given_before` is the figure as it was last given, where it is said now that it does not apply; else None.

    `source` is the sha256 of the return or imported file it comes from. `return_id` and `serial` are of that return, ""
    and 0 for an imported figure. `first_return` is the id of the return it was first reported in.
    """

    now: Figure
    first: Figure
    source: str
    return_id: str
    serial: int
    first_return: str = ""
    published: Figure | None = None
    given_before: Figure | None = None

    @property
    def is_imported(self) -> bool:
        """Whether it was imported from records older than xlperf."""
        return not self.return_id

    @property
    def is_restated(self) -> bool:
        """Whether it differs from what a board was shown; where none was, whether a different return changed it.

        Before an edition, the same return sent again is a correction. `Figure.restated` is something else: that the
        owner called it a restatement, whatever the number is.
        """
        if self.published is not None:
            return self.now.values != self.published.values
        return self.now.values != self.first.values and self.return_id != self.first_return


Batch = tuple[Sequence[Figure], str, str, int]
"""Figures given together, and the source, return id and serial that they have in common."""


_MOST_KEPT = 16_384
"""Figures that are kept once they have been made: one takes as long as to look a hundred up, and half a kilobyte."""


class CurrentFigures(Mapping[FigureKey, Current]):
    """Figures as they are now, by key; one that was given once is made when it is asked for."""

    def __init__(self, batches: Sequence[Batch], rows: dict[FigureKey, int | Current]) -> None:
        """`rows` has for each key the figure, or its place among the figures of all batches."""
        self._batches, self._rows = batches, rows
        self._starts = [0, *accumulate(len(figures) for figures, *_ in batches)]
        self._made: dict[int, Current] = {}

    def __getitem__(self, key: FigureKey) -> Current:
        row = self._rows[key]
        return row if isinstance(row, Current) else self._given_once(row)

    def _given_once(self, row: int) -> Current:
        if row not in self._made:  # several sheets ask for the latest figures, one after another
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            self._made[row] = self._make(row)
        return self._made[row]

    def _make(self, row: int) -> Current:
        at = bisect_right(self._starts, row) - 1
        figures, source, return_id, serial = self._batches[at]
        figure = figures[row - self._starts[at]]
        return Current(figure, figure, source, return_id, serial, return_id)

    def __iter__(self) -> Iterator[FigureKey]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def is_published(self, key: FigureKey, published: Figure) -> None:
        """Say of a figure, if it is one of these, how the first edition showed it."""
        if key in self._rows:
            self._rows[key] = replace(self[key], published=published)

    def several(self) -> Iterator[tuple[FigureKey, Current]]:
        """Those that were given more than once, or as a restatement, in order; only these were ever something else."""
        return ((key, row) for key, row in self._rows.items() if isinstance(row, Current))

    def having(self, name: str) -> Iterator[tuple[FigureKey, Current]]:
        """Those in which one attribute of the figure as it is now is filled in, in order."""
        return ((key, self[key]) for key, value in zip(self._rows, self.column(name), strict=True) if value)

    def column(self, name: str) -> list[Any]:
        """One attribute of every figure as it is now, in order."""
        given = list(chain.from_iterable(column_of(figures, name) for figures, *_ in self._batches))
        return [getattr(row.now, name) if isinstance(row, Current) else given[row] for row in self._rows.values()]


class FiguresNow(Mapping[FigureKey, Figure]):
    """Figures as they are now, without what they were before; each is made when it is asked for."""

    def __init__(self, current: CurrentFigures) -> None:
        self._current = current

    def __getitem__(self, key: FigureKey) -> Figure:
        return self._current[key].now

    def __iter__(self) -> Iterator[FigureKey]:
        return iter(self._current)

    def __len__(self) -> int:
        return len(self._current)

    def __contains__(self, key: object) -> bool:
        return key in self._current

    def get(self, key: FigureKey, default: Any = None) -> Any:
        """The figure, or the default: most of what a return looks for was never given, and no error is made of that."""
        return self._current[key].now if key in self._current else default
