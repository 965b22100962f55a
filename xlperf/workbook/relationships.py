"""Relationships, by which one part of a workbook says which others it has: what editor and reader share of them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Relationship:
    """What one part says of another; `kind` is the last word of its type, `target` a part name."""

    id: str
    kind: str
    target: str


def relationship(part: str, attributes: Mapping[str, str]) -> Relationship | None:
    """What an element of a part's relationships says by its attributes; None where it leads out of the package."""
    target = attributes.get("Target")
    if attributes.get("TargetMode") == "External" or not target:
        return None
    place = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), unquote(target))).lstrip("/")
    return Relationship(attributes.get("Id", ""), kind_of(attributes), place)


def kind_of(attributes: Mapping[str, str]) -> str:
    """The last word of a relationship's type, as `worksheet`."""
    return attributes.get("Type", "").rpartition("/")[2]


def part_of_relationships(part: str) -> str:
    """The part that holds the relationships of a part ("" is the package itself)."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
