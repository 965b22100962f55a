"""Where a finding is, and text from outside made fit to print."""

from __future__ import annotations

from dataclasses import dataclass


def plain(text: str) -> str:
    """Text from outside as one line fit for a terminal, a log or a message.

    Control characters could steer a terminal, and characters that change the writing direction could make one name
    look like another. White space becomes a space; anything else that cannot be printed becomes a question mark.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else "?" for c in text)


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
    def about(self) -> tuple[str, str, str]:
        """(kpi_id, org, period)."""
        return (self.kpi_id, self.org, self.period)

    def __str__(self) -> str:
        on_sheet = f"{self.sheet}!{self.cell}" if self.cell else f"sheet {self.sheet}"
        line = "" if self.line is None else f"line {self.line}"
        place = ", ".join(filter(None, (self.file, line, on_sheet if self.sheet else "")))
        about = " ".join(part for part in (self.kpi_id, self.org, self.period) if part)
        return f"{place} ({about})" if about and place else place or about
