"""The record of an executive's words on a rolled-up figure. A file format, as those in `records`."""

from __future__ import annotations

from dataclasses import dataclass

WordsCells = tuple[str, str, str]
"""The texts in the three cells: (words, approved by, approved on)."""


@dataclass(frozen=True, slots=True)
class TypedWords:
    """What a person typed on the sheet Narrative about one rolled-up figure, word for word.

    `figure` and `members` are how the figure and those that it is made of stood on the sheet that they typed into, as
    `82.1 (Amber)` and `NORTH 80.1 (Red); SOUTH 84.0 (Green)`. `over` has the texts of the cells when the master was
    last written. `book` is as in `Decision`.
    """

    kpi_id: str
    org: str
    period: str
    words: str = ""
    by: str = ""
    on: str = ""
    figure: str = ""
    members: str = ""
    over: WordsCells | None = None
    book: str = ""
    at: str = ""

    @property
    def cells(self) -> WordsCells:
        """(words, by, on) as typed, without the time of reading."""
        return (self.words, self.by, self.on)

    @property
    def standing(self) -> WordsCells:
        """As `cells`, without an approval of other words: one that stood there already when the words were changed."""
        return (self.words, "", "") if self.is_approval_of_others else self.cells

    @property
    def is_approval_of_others(self) -> bool:
        """Whether the approval was given to the words that stood there before these, and was left as it was."""
        return self.over is not None and self.words != self.over[0] and (self.by, self.on) == self.over[1:] != ("", "")
