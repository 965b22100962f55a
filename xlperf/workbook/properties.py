"""What a workbook says of itself: when it was last saved, and by whom."""

from __future__ import annotations

from datetime import UTC, datetime

from xlperf.errors import WorkbookError
from xlperf.workbook.package import Package
from xlperf.workbook.xmltree import children, local, storable


def set_saved(package: Package, at: datetime, by: str | None = None) -> None:
    """Set when (and, if given, by whom) the workbook says it was last saved. Raises WorkbookError.

    A time without a zone is taken as UTC.
    """
    utc = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    wanted = {"modified": utc.strftime("%Y-%m-%dT%H:%M:%SZ")} | ({"lastModifiedBy": by} if by is not None else {})
    with package.changing(package.target_of("", "core-properties")) as root:
        for element in children(root, set(wanted)):
            element.text = storable(wanted.pop(local(element)))
        if wanted:
            lacking = " or ".join(wanted)
            raise WorkbookError(f"{package.file}: its properties do not say {lacking}; save it in Excel first")
