"""What a workbook may carry beside its cells. It is told to somebody, and never followed, opened or run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from xlperf.findings import Finding, Location, finding
from xlperf.workbook.reader.file_kind import check_relationship
from xlperf.workbook.reader.gate import CheckedPackage
from xlperf.workbook.reader.parsing import Enough, Handler, local_name
from xlperf.workbook.reader.workbook_part import RELATIONSHIP
from xlperf.workbook.relationships import kind_of


class _Extra(NamedTuple):
    """A kind of thing: its code, what it is called, and how it is known by."""

    code: str
    what: str
    kind: str
    """Last word of the type of a relationship to it, in lower case; a regular expression."""
    part: str
    """In the name of its part; a regular expression."""


_DDE = _Extra("F012", "a DDE link, which could start a program", "", "")
_OUTSIDE = _Extra("F012", "something that is kept elsewhere, such as a picture on the web", "", "")
_EXTRAS = (
    _Extra("F012", "links to other workbooks", "externallink", "^xl/externallinks/"),
    _DDE,
    _Extra("F012", "live data from another program (RTD)", "volatiledependencies", "^xl/volatiledependencies"),
    _OUTSIDE,
    _Extra("F013", "data connections", "connections", "^xl/connections"),
    _Extra("F013", "query tables", "querytable", "^xl/querytables/"),
    _Extra("F013", "a data model", "powerpivotdata", "^xl/model/"),
    _Extra("F014", "embedded objects or files", "oleobject|package", "/embeddings/"),
    _Extra("F015", "an Office add-in", "webextension(taskpanes)?", "^xl/webextensions/"),
    _Extra("F015", "a custom ribbon", "extensibility", "^customui/"),
    _Extra("F015", "XML maps", "xmlmaps", "^xl/xmlmaps"),
    _Extra("F015", "a digital signature, which was not checked", "origin|signature", "^_xmlsignatures/"),
    _Extra("F015", "an old dialog sheet", "dialogsheet", "^xl/dialogsheets/"),
)
_LONGEST_KIND = 100  # characters; a longer one is none of these
# What may point out of the file without a word: nothing of it is fetched before somebody clicks; and the address of a
# linked workbook, which is told as such.
_MAY_BE_OUTSIDE = re.compile("hyperlink|.*externallinkpath|xlpath.*|.*linkpath.*|oleobject|externallink")


def read_extras(package: CheckedPackage, file: str) -> list[Finding]:
    """Tell what else is in the workbook: one warning for each kind of thing. Raises Refused for what can run."""
    extras: set[_Extra] = set()
    for name in package:
        extras |= _extras_called(name)
        if name.endswith(".rels"):
            references = package.remembered(name, _References)
            if references is None:
                references = _References()
                package.parse_if_sound(name, references)
            extras |= references.found
        elif name.startswith("xl/externallinks/") and name.endswith(".xml"):
            link = _ExternalLink()
            package.parse_if_sound(name, link)
            if link.is_dde:
                extras.add(_DDE)
    return list(_told(extras, file))


def _told(extras: set[_Extra], file: str) -> Iterable[Finding]:
    for extra in _EXTRAS:
        if extra in extras:
            message = f"The workbook contains {extra.what}; nothing of it was opened or followed."
            yield finding(extra.code, message, Location(file))


class _References(Handler):
    """What kinds of things the relationships of a part point to."""

    def __init__(self) -> None:
        self.found: set[_Extra] = set()

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if tag != RELATIONSHIP:
            return
        kind = kind_of(attributes).lower()
        check_relationship(kind)
        if len(kind) < _LONGEST_KIND:
            self.found |= _extras_of(kind)
        if attributes.get("TargetMode") == "External" and not _MAY_BE_OUTSIDE.fullmatch(kind):
            self.found.add(_OUTSIDE)


@lru_cache(maxsize=1024)  # the parts of one workbook are called as those of the next
def _extras_called(part: str) -> frozenset[_Extra]:
    """Give what a part of this name tells of."""
    return frozenset(extra for extra in _EXTRAS if extra.part and re.search(extra.part, part))


@lru_cache(maxsize=256)  # a sheet may have thousands of hyperlinks
def _extras_of(kind: str) -> frozenset[_Extra]:
    """Give what a relationship of that kind tells of."""
    return frozenset(extra for extra in _EXTRAS if extra.kind and re.fullmatch(extra.kind, kind))


class _ExternalLink(Handler):
    """Whether a link goes to a program; what it last gave stands further inside."""

    is_dde = False

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        name = local_name(tag)
        self.is_dde = name == "ddeLink"
        if self.is_dde or name in ("sheetNames", "sheetDataSet"):
            raise Enough
