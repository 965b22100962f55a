"""The published figures: type-1 departments by organisation and month."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CSV = HERE / "ae_attendances_2016-18.csv"


@dataclass(frozen=True, slots=True)
class Counts:
    """One organisation's type-1 departments in one month, as NHS England published them."""

    attendances: int
    breaches: int
    admissions: int

    @property
    def in_time(self) -> int:
        """Attendances that ended within four hours."""
        return self.attendances - self.breaches


TypeOne = Mapping[tuple[str, str], Counts]
"""Counts by (organisation code, month as 2016-04)."""


def type_1(path: Path = CSV) -> TypeOne:
    """The type-1 rows of the CSV; an organisation has none in a month it did not report."""
    with path.open(newline="", encoding="utf-8") as file:
        return {
            (row["org_code"], row["period"][:7]): Counts(
                int(row["attendances"]), int(row["breaches"]), int(row["admissions"])
            )
            for row in csv.DictReader(file)
            if row["type"] == "1"
        }


def months_of(figures: TypeOne) -> list[str]:
    """The months there are figures of, in order."""
    return sorted({month for _, month in figures})
