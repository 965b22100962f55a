"""What is to be on paper, and the copy that holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xlperf.workbook.package import Package


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be on paper.

    Attributes:
        table: the table whose sheet is printed.
        columns: those of its columns that have to be on the page, unless a person has hidden them.
        names: defined names of cells of that sheet that belong to it, such as its heading.
        fitted: columns whose texts have to be printed whole, and how wide their characters are, in ems; 0 for those
            that only get smaller where their column is narrow.
        title: what the document says it is.
    """

    table: str
    columns: Sequence[str]
    names: Sequence[str] = ()
    fitted: Mapping[str, float] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True, slots=True)
class PrintCopy:
    """A workbook to be printed.

    `area_replaced` is the print area that was not followed, as it leaves out a part of the table; `area_cut` is one
    that was followed only as far as the table reaches, though something stands beyond. Both are "" where there is none.
    `rows_hidden` are the numbers of the table's rows that a person has hidden, and which are not printed.
    """

    package: Package
    area_replaced: str = ""
    area_cut: str = ""
    rows_hidden: tuple[int, ...] = ()
