"""Where a finding is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding is; parts that are not known are empty."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    line: int | None = None
    kpi_id: str = ""
    org: str = ""
    period: str = ""

    @property
    def figure_key(self) -> tuple[str, str, str]:
        """(kpi_id, org, period); for a section its id stands as kpi_id."""
        return (self.kpi_id, self.org, self.period)

    def __str__(self) -> str:
        on_sheet = f"{self.sheet}!{self.cell}" if self.cell else f"sheet {self.sheet}"
        line = "" if self.line is None else f"line {self.line}"
        place = ", ".join(filter(None, (self.file, line, on_sheet if self.sheet else "")))
        about = " ".join(part for part in (self.kpi_id, self.org, self.period) if part)
        return f"{place} ({about})" if about and place else place or about
