"""At which meeting an action was agreed, by what the team typed under *Agreed at*."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.catalogue import Catalogue, Meeting


def agreed_at(catalogue: Catalogue, agreed: str) -> Meeting | None:
    """The meeting that what stands under *Agreed at* begins with, by its name or its id; None where it names none.

    Of several, as of a board and a committee of the board, that of the longest name.
    """
    said = _plain(agreed)
    names = [(_plain(name), each) for each in _known(catalogue) for name in (each.name, each.id)]
    named = [(len(name), each) for name, each in names if _begins(said, name)]
    return max(named, key=lambda found: found[0])[1] if named else None


def _known(catalogue: Catalogue) -> Iterator[Meeting]:
    yield catalogue.board_meeting
    yield from (each for each in catalogue.meetings if not each.is_board)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _begins(said: str, name: str) -> bool:
    return said.startswith(name) and not said[len(name) : len(name) + 1].isalnum()
