"""What is done to a master's file only, and refused where the workbook is open."""

from __future__ import annotations

from collections.abc import Mapping

from xlperf.errors import WorkbookError
from xlperf.workbook.live.faults import must_grow
from xlperf.workbook.port import Look


class RefusedWhereOpen:
    """That part of `WorkbookPort`; `name` is the workbook's."""

    name: str

    def add_columns(self, name: str, looks: Mapping[str, Look]) -> None:
        """Refuse: a master grows in its file, of which there is a backup. Raises MustGrow, saying how."""
        raise must_grow(self.name, f"column '{next(iter(looks))}'")

    def add_sheet(self, source: bytes, name: str, after: str | None) -> None:
        """Refuse, as `add_columns`."""
        raise must_grow(self.name, f"sheet '{name}'")

    def write_constant(self, name: str, text: str) -> None:
        """Refuse, as `add_columns`, with which alone it comes."""
        raise must_grow(self.name, f"name '{name}'")

    def set_title(self, title: str) -> None:
        """Do nothing: the title is set in files. See `WorkbookPort`."""

    def fill(self, context: Mapping[str, object]) -> None:
        """Refuse: a master that is open was made from its template long ago. Raises WorkbookError."""
        raise WorkbookError(f"{self.name}: placeholders are filled in a template, never in a workbook open in Excel")
