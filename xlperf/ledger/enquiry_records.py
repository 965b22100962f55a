"""The records of a run that are about lines of enquiry. A file format, as those in `records`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlperf.rules.enquiries.typed_about import EnquiryKey

EnquiryTexts = Mapping[str, str]
"""Texts by their ids, without the empty ones."""


@dataclass(frozen=True, slots=True)
class AskedEnquiry:
    """A line of enquiry as a pack asked it, or as it stood when somebody typed about it.

    The first five fields are what it is known by; the others are what was said, word for word. `by` is who was to
    answer, a role.
    """

    meeting: str
    period: str
    kind: str
    ref: str
    org: str
    about: str = ""
    question: str = ""
    evidence: str = ""
    by: str = ""

    @classmethod
    def from_plain(cls, plain: Mapping[str, str]) -> AskedEnquiry:
        """The line that was written; what a later version has added to it is left out."""
        return cls(**{name: plain[name] for name in cls.__dataclass_fields__ if name in plain})

    @property
    def key(self) -> EnquiryKey:
        """By what it is known."""
        return (self.meeting, self.period, self.kind, self.ref, self.org)


@dataclass(frozen=True, slots=True)
class TypedEnquiry:
    """What a person typed about one line of enquiry in the master, word for word.

    `asked` is the line as the row showed it. `cells` are the texts of the row, by the ids in
    `rules.enquiries.typed_about`, and `over` those that it had when the master was last written. `book` is as in
    `Decision`.
    """

    asked: AskedEnquiry
    cells: EnquiryTexts = field(default_factory=dict)
    over: EnquiryTexts = field(default_factory=dict)
    book: str = ""
    at: str = ""
