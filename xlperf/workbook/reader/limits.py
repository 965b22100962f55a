"""The most that xlperf will open of a workbook, with the reason for every number."""

from __future__ import annotations

from dataclasses import dataclass

from xlperf.workbook.reader.refused import Refused

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that xlperf will open. Real returns stay far below; see the reason beside each number."""

    __pydantic_config__ = {"extra": "forbid"}  # a misspelt limit in a workspace file must not be passed over

    file_bytes: int = 20 * _MB
    """The file itself: 3.6 MB is the 99.9th percentile of real workbooks."""
    parts: int = 1_000
    """Parts in the package: 196 is the 99.9th percentile."""
    part_bytes: int = 64 * _MB
    """One part, inflated: the largest honest form known has a sheet of 35 MB."""
    total_bytes: int = 128 * _MB
    """All that is inflated in one reading."""
    ratio: int = 100
    """Inflated to packed: spreadsheet XML packs 10 to 30 times, a bomb up to 1,000 times."""
    ratio_from: int = _MB
    """Inflated bytes below which the ratio is not looked at: small parts may pack well, and cannot harm."""
    elements: int = 3_000_000
    """XML elements in one reading: bounds time, and what is held in memory for the cells."""
    depth: int = 64
    """Nesting of XML elements: Excel stays below 20."""
    attributes: int = 256
    """Attributes of one element: Excel stays below 40."""
    token_bytes: int = _MB
    """One tag, comment or attribute: expat before 2.6 scans an unfinished one again with every piece."""
    sheets: int = 256
    """Sheets of the workbook: every one costs a look at its relationships."""
    tables: int = 500
    """Tables of the workbook: every one costs a part."""
    names: int = 20_000
    """Defined names: other programs take quadratic time over half a million."""
    merges: int = 50_000
    """Merged ranges of a sheet: other programs take quadratic time over 200,000."""
    rows: int = 1_100_000
    """Rows made of all tables together, empty ones between filled ones included: one full sheet, no more."""


DEFAULT_LIMITS = Limits()


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
