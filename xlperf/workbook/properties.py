"""What a workbook says of itself: its title and language, when it was last saved, and by whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from xlperf.errors import WorkbookError
from xlperf.workbook.package import Package
from xlperf.workbook.xmltree import Node, children, local, storable

OF_TEMPLATES = "xlperf"
"""The title of the templates that we ship."""
LANGUAGE = "en-GB"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


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


def set_title(package: Package, title: str, ours: Collection[str] = ()) -> str:
    """Set the title, and where there is none the language; returns what stands there then.

    A title that is not among `ours` nor of our templates is a person's, and stays; so does their language. A workbook
    without such properties stays without.
    """
    parts = [each.target for each in package.relationships("") if each.kind == "core-properties"]
    if len(parts) != 1 or parts[0] not in package:
        return ""
    with package.changing(parts[0]) as root:
        said = _element(root, "title")
        if (said.text or "").strip() in {"", OF_TEMPLATES, *ours}:
            said.text = storable(title)
        language = _element(root, "language")
        language.text = language.text or LANGUAGE
        return said.text or ""


def _element(root: Node, name: str) -> Node:
    element = root.find(f"{{{_DUBLIN_CORE}}}{name}")
    if element is None:
        element = root.makeelement(f"{{{_DUBLIN_CORE}}}{name}", nsmap={"dc": _DUBLIN_CORE})
        root.append(element)
    return element
