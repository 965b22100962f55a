"""Reads docs/requirements.md: what each framework asks for, how far xlperf does it, and where that is seen.

A row is `| T21 | what is asked | works | where it is seen |`. What works, or works in part, says where it is seen; the
places stand before the first full stop, with a semicolon between them, in one of these forms. Text in curly quotes is
looked for.

    sheet *KPIs*, column *Rank*, “2 of 3”       the master of the demo; quotes or column may be left out
    return, sheet *Actions*, column *Due now*   likewise, in one of the returns issued last
    pack, “To celebrate”                        the board's pack of the last edition
    pack of *dpm-med*, “Agreed here”            the pack of a meeting that is on, made by `xlperf pack`
    public pack, “What this edition leaves out” made by `xlperf publish --public`; draft pack, by `xlperf pack --draft`
    `xlperf status`, “Nothing received from”    what a command prints there
    reminder, “as yet” / covering e-mail, “…”   drafts; notice, those of `xlperf notices --letters`
    catalogue, “aims:”                          the catalogue of the workspace
    tested in `tests/rules/test_rag.py::test_…` what a person has to do first, such as to type a decision
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "requirements.md"
FRAMEWORK = {"H": "heiw", "T": "trust", "E": "hee", "I": "ics"}
WORKS, PARTLY, NOT_YET, NOT_OURS = "works", "in part", "not yet", "not ours"

_ROW = re.compile(r"^\| ([HTEI]\d+) \| (.+?) \| ([^|]+?) \| (.+?) \|$", re.M)
_FORMS = {
    "sheet": re.compile(
        r"(?P<of>return, )?sheet \*(?P<sheet>[^*]+)\*(?:, column \*(?P<column>[^*]+)\*)?(?:, “(?P<text>[^”]+)”)?"
    ),
    "text": re.compile(r"(?P<of>(?:public |draft )?pack|reminder|covering e-mail|notice|catalogue), “(?P<text>[^”]+)”"),
    "meeting": re.compile(r"pack of \*(?P<meeting>[^*]+)\*, “(?P<text>[^”]+)”"),
    "command": re.compile(r"`xlperf (?P<command>[^`]+)`, “(?P<text>[^”]+)”"),
    "test": re.compile(r"tested in `(?P<path>tests/[\w/]+\.py)::(?P<test>test_\w+)`"),
}


@dataclass(frozen=True)
class Place:
    """Somewhere a requirement is seen: its form, a key of `_FORMS`, and what the form names."""

    form: str
    said: str
    parts: dict[str, str]


@dataclass(frozen=True)
class Requirement:
    """A row of the document."""

    number: str
    asks: str
    state: str
    said: str

    @property
    def framework(self) -> str:
        """The framework that asks for it, which is also the name of its demo."""
        return FRAMEWORK[self.number[0]]

    def places(self) -> list[Place]:
        """Where it is seen. Raises ValueError for what is in none of the forms."""
        if self.state not in (WORKS, PARTLY):
            return []
        return [_place(each) for each in _split(self.said)]


def requirements() -> list[Requirement]:
    """Every row of the document, in its order."""
    return [Requirement(*row) for row in _ROW.findall(DOCUMENT.read_text(encoding="utf-8"))]


def _split(said: str) -> list[str]:
    """The places before the first full stop, of which none is in quotes or backticks."""
    quoted = list(re.finditer(r"“[^”]*”|`[^`]*`|\*[^*]*\*", said))
    inside = {place for each in quoted for place in range(*each.span())}
    ends = [at for at, letter in enumerate(said) if letter == "." and at not in inside]
    semicolons = [at for at, letter in enumerate(said) if letter == ";" and at not in inside]
    stop = ends[0] if ends else len(said)
    cuts = [-1, *(at for at in semicolons if at < stop), stop]
    return [said[a + 1 : b].strip() for a, b in pairwise(cuts)]


def _place(said: str) -> Place:
    for form, pattern in _FORMS.items():
        if found := pattern.fullmatch(said):
            return Place(form, said, {name: text for name, text in found.groupdict().items() if text})
    raise ValueError(f"no form in which a place is named: {said!r}")
