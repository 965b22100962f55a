"""Whether those whom a ladder says are to be told were told, by the names that people type."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BETWEEN = re.compile(r"[;,/&]|\band\b", re.IGNORECASE)


def not_told(to_tell: Iterable[str], told: Iterable[str]) -> tuple[str, ...]:
    """Those of `to_tell` whom none of the texts names.

    `Board` names `Board at its next meeting`, and `Chair of the Board` names `Chair`: one name has to begin as the
    other does, word for word. A text may name several: `Chair; Board`.
    """
    named = [name for text in told for part in (text, *_BETWEEN.split(text)) if (name := _words(part))]
    return tuple(each for each in to_tell if not any(_is_same(_words(each), name) for name in named))


def _words(name: str) -> tuple[str, ...]:
    words = tuple(re.findall(r"\w+", name.casefold()))
    return words[1:] if words[:1] == ("the",) else words


def _is_same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]
