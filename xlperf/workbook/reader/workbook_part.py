"""The workbook part and what stands beside it: its sheets, where their parts are, and when it was saved."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from xlperf.workbook.reader.directory import part_key
from xlperf.workbook.reader.file_kind import check_relationship
from xlperf.workbook.reader.gate import CheckedPackage
from xlperf.workbook.reader.parsing import MAIN, Handler, check_root
from xlperf.workbook.reader.reading_limits import ReadingLimits, check_count
from xlperf.workbook.reader.refused import Refused
from xlperf.workbook.relationships import kind_of, part_of_relationships

RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
_RELATIONSHIP_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_SHEETS, _PROPERTIES = MAIN + "sheets", MAIN + "workbookPr"
_DATE_1904 = {"1": True, "true": True, "0": False, "false": False}
_MODIFIED = "http://purl.org/dc/terms/ modified"


class Link(NamedTuple):
    """A relationship: what kind of part it points to, and which."""

    kind: str
    target: str


class _Links(Handler):
    """The relationships of a part, by id; what points outside of the file is left out."""

    def __init__(self, folder: str, limits: ReadingLimits) -> None:
        self.links: dict[str, Link] = {}
        self._folder = folder
        self._limits = limits

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if tag != RELATIONSHIP or depth != 2 or attributes.get("TargetMode") == "External":
            return
        kind, link_id = kind_of(attributes), attributes.get("Id", "")
        check_relationship(kind)
        if link_id in self.links:
            raise Refused("F010", "A part of the workbook refers to two others by the same id.", found=link_id)
        target = posixpath.normpath(posixpath.join("/", self._folder, attributes.get("Target", "")))
        self.links[link_id] = Link(kind, target.lstrip("/"))
        check_count("references in one part of the workbook", len(self.links), self._limits.relationships)


def read_links(package: CheckedPackage, part: str) -> Mapping[str, Link]:
    """Read the relationships of a part, by id; of the whole package where `part` is empty."""
    links_part = part_of_relationships(part)
    if links_part not in package:
        return {}
    return package.parsed(links_part, _Links, posixpath.dirname(part), package.limits).links


def targets(links: Mapping[str, Link], kind: str) -> list[str]:
    """List the parts of one kind, in the order of the file."""
    return [link.target for link in links.values() if link.kind == kind]


def _first(links: Mapping[str, Link], kind: str) -> str:
    return next(iter(targets(links, kind)), "")


def _only(links: Mapping[str, Link], kind: str) -> str:
    """Give the part of a kind of which there is one; empty where there is none."""
    if len({part_key(target) for target in targets(links, kind)}) > 1:
        message = "The workbook refers to two parts for the same thing; programs differ in which one they read."
        raise Refused("F010", message, found=kind)
    return _first(links, kind)


class WorksheetPart(NamedTuple):
    """A worksheet: its name, and the part that holds it."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the workbook part says: where the parts that matter are, and which day Excel counts from."""

    sheets: Sequence[WorksheetPart]
    """Every worksheet, in order."""
    shared_strings: str
    styles: str
    core: str
    date_1904: bool


class _WorkbookPart(Handler):
    def __init__(self, limits: ReadingLimits) -> None:
        self.sheets: list[tuple[str, str]] = []
        """Name and relationship of every sheet, in order."""
        self.date_1904 = False
        self._has_properties = False
        self._limits = limits
        self._group = ""
        self._names = 0
        self._lists = 0

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if depth == 1:
            check_root(tag, "workbook")
        elif depth == 2:
            self._group = tag
            self._lists += tag == _SHEETS
        if tag == _PROPERTIES:
            # Elsewhere, twice, or in other words: some programs would count days from 1904, and others not.
            date_1904 = attributes.get("date1904", "0")
            if depth != 2 or self._has_properties or date_1904 not in _DATE_1904:
                raise Refused("F010", "The workbook does not say from which year it counts days as Excel says it.")
            self._has_properties, self.date_1904 = True, _DATE_1904[date_1904]
        elif tag == MAIN + "sheet":
            # Sheets listed elsewhere, or in a second list, would be read by some programs and not by others.
            if depth != 3 or self._group != _SHEETS or self._lists != 1:
                raise Refused("F010", "The list of the workbook's sheets is not built as Excel builds it.")
            self.sheets.append((attributes.get("name", ""), attributes.get(_RELATIONSHIP_ID, "")))
            check_count("sheets", len(self.sheets), self._limits.sheets)
        elif tag == MAIN + "definedName":
            self._names += 1
            check_count("defined names", self._names, self._limits.names)


def read_workbook(package: CheckedPackage) -> Workbook:
    """Find the workbook part, and read it."""
    top = read_links(package, "")
    part = _only(top, "officeDocument")
    if not part:
        raise Refused("F010", "The file does not say which of its parts is the workbook.")
    handler = package.parsed(part, _WorkbookPart, package.limits)
    links = read_links(package, part)
    return Workbook(
        _worksheets(handler.sheets, links, package),
        shared_strings=_only(links, "sharedStrings"),
        styles=_only(links, "styles"),
        core=_first(top, "core-properties"),
        date_1904=handler.date_1904,
    )


def _worksheets(
    listed: Sequence[tuple[str, str]], links: Mapping[str, Link], package: CheckedPackage
) -> Sequence[WorksheetPart]:
    """Find the parts of the sheets, leaving out those that hold no cells, such as a chart."""
    sheets = []
    names = set()
    for name, link_id in listed:
        check_count("characters in the name of a sheet", len(name), package.limits.name_chars)
        if name.casefold() in names:
            raise Refused("F010", "Two sheets of the workbook have the same name.", sheet=name)
        names.add(name.casefold())
        if link_id not in links or links[link_id].target not in package:
            raise Refused("F010", "A sheet of the workbook is not in the file.", sheet=name)
        if links[link_id].kind == "worksheet":
            sheets.append(WorksheetPart(name, links[link_id].target))
    return sheets


class _Core(Handler):
    """When the workbook was last saved, by its own account."""

    def __init__(self) -> None:
        self.modified = ""
        self._is_open = False

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        self._is_open = tag == _MODIFIED

    def end(self, tag: str, depth: int) -> None:
        self._is_open = False

    def text(self, text: str) -> None:
        if self._is_open:
            self.modified = (self.modified + text)[:64]


def read_saved_at(package: CheckedPackage, part: str) -> datetime | None:
    """Read the time of saving from the core properties; None where they do not say it."""
    handler = _Core()
    if not package.parse_if_sound(part, handler):
        return None
    try:
        saved_at = datetime.fromisoformat(handler.modified.strip())
        return (saved_at if saved_at.tzinfo else saved_at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
