"""The most that xlperf will open of a workbook: one table, with the reason for every number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from xlperf.workbook.reader.refused import Refused

_MB = 1024 * 1024
_MOST = 1_000_000_000  # no timer and no system's limit takes any number


def _limit(value: int, reason: str) -> Any:
    """Make a field of `ReadingLimits`; docs/security.md is printed from the reasons."""
    return field(default=value, metadata={"reason": reason})


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """The most that xlperf will open. Raises ValueError for a limit that is no whole number from 1 to 1,000,000,000."""

    # A misspelt limit in a workspace file must not be passed over.
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    file_bytes: int = _limit(20 * _MB, "Bytes of the file. Of real workbooks 999 in 1,000 have less than 3.6 MB.")
    parts: int = _limit(1_000, "Parts in the package. Of real workbooks 999 in 1,000 have no more than 196.")
    part_bytes: int = _limit(80 * _MB, "Bytes of one part, unpacked. The largest honest form known has one of 35 MB.")
    total_bytes: int = _limit(128 * _MB, "Bytes of all parts that are read, unpacked. That form has 36 MB.")
    ratio: int = _limit(100, "Unpacked to packed bytes of a part. A sheet packs 10 to 30 times, a bomb 1,000 times.")
    ratio_from: int = _limit(_MB, "Unpacked bytes of a part up to which any ratio is taken: a small part does no harm.")
    elements: int = _limit(3_000_000, "XML elements of all parts that are read: bounds time and memory.")
    depth: int = _limit(64, "XML elements within one another. Excel stays below 20.")
    attributes: int = _limit(256, "Attributes of one XML element. Excel stays below 40.")
    token_bytes: int = _limit(_MB, "Bytes of one XML tag or comment: an older expat scans a long one again and again.")
    relationships: int = _limit(100_000, "References of one part to others. Excel's links on one sheet end at 65,530.")
    sheets: int = _limit(256, "Sheets of the workbook: each one costs a look at what it refers to.")
    tables: int = _limit(500, "Tables of the workbook: each one costs a part.")
    columns: int = _limit(16_384, "Columns of a table: a sheet has no more.")
    names: int = _limit(20_000, "Defined names: other programs take quadratic time over half a million.")
    merges: int = _limit(50_000, "Merged ranges of a sheet: other programs take quadratic time over 200,000.")
    formats: int = _limit(70_000, "Cell formats. Excel's end at 65,490.")
    strings: int = _limit(1_000_000, "Texts in the list that sheets share, whatever number it says itself.")
    text_chars: int = _limit(400_000, "Characters of one cell's text. Excel's end at 32,767.")
    name_chars: int = _limit(3_000, "Characters of the name of a sheet, table or column. Excel's end at 255.")
    rows: int = _limit(1_100_000, "Rows of all tables, empty ones between filled ones included: one full sheet.")
    seconds: int = _limit(60, "Seconds to judge one file. A return takes well under one.")
    memory_mb: int = _limit(1_024, "Megabytes of memory of the process that judges a file.")
    result_bytes: int = _limit(80 * _MB, "Bytes of what that process gives back: as much as one part may hold.")

    def __post_init__(self) -> None:
        for limit in fields(self):
            value = getattr(self, limit.name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"{limit.name} is {value!r}, but must be a whole number above 0")
            if value > _MOST:
                raise ValueError(f"{limit.name} is {value}, but must be at most {_MOST:,}")

    def documented(self) -> Iterator[tuple[str, int, str]]:
        """Yield every limit as (name, value, reason), in the order of the table."""
        for limit in fields(self):
            yield limit.name, getattr(self, limit.name), limit.metadata["reason"]


DEFAULT_LIMITS = ReadingLimits()
OF_OUR_OWN = ReadingLimits(
    file_bytes=_MOST, part_bytes=_MOST, total_bytes=_MOST, ratio=_MOST, elements=_MOST, strings=_MOST
)
"""For a workbook of our own, which is in memory, unpacked, before it is read: a master is as large as it has to be."""


def check_count(what: str, count: int, limit: int) -> None:
    """Raise Refused where there are more than `limit`."""
    if count > limit:
        raise too_large(what, limit)


def too_large(what: str, limit: int, found: int | None = None) -> Refused:
    """Make the refusal for a limit that is passed."""
    return Refused(
        "F005",
        f"The workbook is larger than xlperf will open: too many {what}.",
        found="" if found is None else f"{found:,}",
        expected=f"at most {limit:,}",
    )
