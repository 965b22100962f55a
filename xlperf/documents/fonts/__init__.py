"""The font of every document, Source Sans 3 (SIL Open Font License), and which characters it has."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from xlperf.documents.extra import lacking
from xlperf.errors import DocumentError

FOLDER = Path(__file__).parent
REGULAR, BOLD = FOLDER / "SourceSans3-Regular.ttf", FOLDER / "SourceSans3-Bold.ttf"
_KEPT = {"\n": "\n", "\t": " "}


def readable(text: str) -> str:
    """A text with every character that the font lacks told by its name, so that none is lost: `[THUMBS UP SIGN]`."""
    return "".join(character if ord(character) in _characters() else _named(character) for character in text)


def _named(character: str) -> str:
    if character in _KEPT:
        return _KEPT[character]
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Mn"):  # controls, marks of direction, joiners, halves of a pair
        return ""
    if category.startswith("Z"):
        return " "
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and all(ord(each) in _characters() for each in plain):
        return plain
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}')}]"


def width(text: str) -> float:
    """How wide a text is in bold, as a share of its size."""
    widths = _widths(BOLD)
    return sum(widths.get(ord(character), 0.0) for character in text)


@cache
def _characters() -> frozenset[int]:
    return frozenset(_widths(REGULAR)) & frozenset(_widths(BOLD))


@cache
def _widths(path: Path) -> Mapping[int, float]:
    """How wide each character of a font is, by its code point."""
    try:
        from fontTools.ttLib import TTFont
    except ImportError as error:
        raise lacking("PDF packs") from error
    try:
        with TTFont(path, lazy=True) as font:
            advances, em = font["hmtx"], font["head"].unitsPerEm
            return {code: advances[glyph][0] / em for code, glyph in font.getBestCmap().items()}
    except OSError as error:
        raise DocumentError(f"the font of the documents cannot be read ({error}); install xlperf again") from error
