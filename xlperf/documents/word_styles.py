"""What a document is set with in Word: the template's styles by their names, its lists, and the file's pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Any

from xlperf.documents.document import Words
from xlperf.documents.word_marks import Picture, run


class Style(StrEnum):
    """The styles that a template has, by the names that Word shows; whoever restyles it changes these."""

    PART = "Heading 1"
    HEADING = "Heading 2"
    SUBHEADING = "Heading 3"
    BODY = "Body Text"
    NOTE = "Note"
    BESIDE = "Beside"
    BESIDE_HEADING = "Beside Heading"
    NUMBERED = "List Number"
    BULLET = "List Bullet"
    GAP = "Gap"
    TABLE = "Pack Table"
    TABLE_TEXT = "Table Text"
    TABLE_HEADING = "Table Heading"
    TABLE_BAND = "Table Band"
    SOFT = "Soft"


@dataclass(frozen=True, slots=True)
class Stationery:
    """What the body of a document is set with.

    Attributes:
        styles: the identifier of each style.
        relation: of a picture, drawn as this SVG, in the file.
        new_list: the number of a numbered list that begins again with 1.
        cell_margin: at each side of a cell, in points.
        numbers: of the pictures, each its own.
    """

    styles: Mapping[str, str]
    relation: Callable[[str], str]
    new_list: Callable[[], int]
    cell_margin: float = 3.2
    numbers: Iterator[int] = field(default_factory=lambda: count(5000))

    def style(self, style: Style) -> str:
        """The identifier of a style."""
        return self.styles[style]

    def picture(self, drawn: str, width: float, height: float, said: str) -> Picture:
        """A picture of the file, of a size in points; it only decorates where nothing is said of it."""
        return Picture(self.relation(drawn), next(self.numbers), width, height, said)


def soft_and_strong(words: Words, stationery: Stationery) -> Iterator[Any]:
    """The runs of words, each in its look."""
    soft = stationery.style(Style.SOFT)
    for span in words:
        yield run(span.text, style=soft if span.soft else None, is_strong=span.strong)
