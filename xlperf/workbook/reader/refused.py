"""What is raised where a workbook is not taken, and becomes the finding that says why."""

from __future__ import annotations

from xlperf.findings import Finding, Location, finding

_LONGEST = 80


class Refused(Exception):
    """The workbook is not taken; carries what the finding will say. Never leaves the reader."""

    def __init__(
        self, code: str, message: str, *, sheet: str = "", cell: str = "", found: str = "", expected: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self._message, self._sheet, self._cell = message, sheet, cell
        self._found, self._expected = found, expected

    def finding(self, file: str) -> Finding:
        """Make the finding, located in `file`."""
        place = Location(file=file, sheet=shown(self._sheet), cell=shown(self._cell))
        return finding(self.code, self._message, place, found=shown(self._found), expected=self._expected)


def shown(text: str) -> str:
    """`text` short enough for a message: what is found in a hostile file may be megabytes. `finding` makes it plain."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
