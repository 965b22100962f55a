"""How wide a column must be so that no word in it is torn; what it asks for is meant for the font of the PDF."""

from __future__ import annotations

from xlperf.documents.document import PageTable, plain

SIZE = 8.2
"""Of the text for which the widths of columns are meant, in points."""
_LETTER, _EDGES = 0.53, 7.0
"""Of a bold letter, as a share of the size of its text; and of both edges of a cell together, in points."""
_MOST = 100.0
"""What is longer than this is no word, and may be torn."""
_LEAST = 40.0
"""The least width of a column that grows, in points."""


def fixed_widths(table: PageTable) -> tuple[float | None, ...]:
    """The width of each column in points, for text of `SIZE`; None for one that grows."""
    longest = [_longest(column.header) for column in table.columns]
    for row in table.rows:
        at = 0
        for cell in row.cells:
            if cell.across == 1 and at < len(longest):
                longest[at] = max(longest[at], _longest(plain(cell.words)))
            at += cell.across
    return tuple(
        None if column.grows else max(column.width, min(letters * _LETTER * SIZE + _EDGES, _MOST))
        for column, letters in zip(table.columns, longest, strict=True)
    )


def widths_within(table: PageTable, width: float) -> list[float]:
    """How wide each column is in so many points; where all together would be too wide, all narrower by one share."""
    fixed = fixed_widths(table)
    shares = sum(column.width for column in table.columns if column.grows)
    left = width - sum(each for each in fixed if each is not None)
    wanted = [
        max(left * column.width / shares, _LEAST) if each is None else each
        for column, each in zip(table.columns, fixed, strict=True)
    ]
    factor = min(1.0, width / sum(wanted)) if wanted else 1.0
    return [each * factor for each in wanted]


def _longest(text: str) -> int:
    """The letters of its longest word; a line may end after a hyphen."""
    return max(map(len, text.replace("-", "- ").split()), default=0)
