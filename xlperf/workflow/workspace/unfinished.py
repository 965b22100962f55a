"""Finishes what a killed run had recorded but not put in place, and removes what it had not recorded.

New files are made in a hidden folder beside their place. Then the ledger records them, and only then are they moved. So
nobody ever sees a file that the ledger does not know, and nothing that it knows is lost.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

from xlperf.durable import MAKING, hidden_name, maker_of, move_new, sync_folder
from xlperf.ledger import Drafted, Edition, Issued, MeetingPack, State
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.folder import PACKS
from xlperf.workflow.workspace.leftovers import is_abandoned, remove_folder, share_time

SUPERSEDED = "superseded"
_Shown = TypeVar("_Shown", Edition, MeetingPack)


@dataclass(frozen=True, slots=True)
class Finished:
    """What an earlier run had recorded and this run put in place."""

    issued: tuple[Issued, ...] = ()
    editions: tuple[Edition, ...] = ()
    packs: tuple[MeetingPack, ...] = ()


@contextmanager
def making(folder: Path) -> Iterator[Path]:
    """A hidden folder in which the files of `folder` are made. On a failure it is removed with everything in it.

    Raises OSError if it cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    hidden = folder / hidden_name(MAKING)
    try:
        hidden.mkdir()
        yield hidden
    except BaseException:
        remove_folder(hidden)
        raise


def finish(workspace: Workspace, state: State) -> Finished:
    """Put in place what was recorded, and remove what was not recorded and nobody is making any more.

    A file that cannot be moved now, for example because somebody has it open, is left for the next run.
    """
    now = share_time(workspace)
    issued: list[Issued] = []
    editions: list[Edition] = []
    packs: list[MeetingPack] = []
    for period in _folders(workspace.returns):
        of_period = state.issued_by_period.get(period.name, ())
        with suppress(OSError):
            put_aside(period / "issued", of_period)
        for hidden in _hidden(period / "issued"):
            with suppress(OSError):
                issued += place_returns(hidden, of_period)
                _end(hidden, state, now)
        for hidden in _hidden(period / "chase"):
            _end(hidden, state, now)
        for hidden in _hidden(period / "notices"):
            with suppress(OSError):
                place_notices(hidden, state.drafted)
                _end(hidden, state, now)
    for period in _folders(workspace.root / "editions"):
        for hidden in _hidden(period):
            with suppress(OSError):
                editions += place_editions(hidden, [each for each in state.editions if each.period == period.name])
                _end(hidden, state, now)
    for period in _packs_by_period(workspace):
        for hidden in _hidden(period):
            with suppress(OSError):
                meeting = period.parent.name
                packs += place_editions(
                    hidden, [each for _, each in state.packs if (each.meeting, each.period) == (meeting, period.name)]
                )
                _end(hidden, state, now)
    return Finished(tuple(issued), tuple(editions), tuple(packs))


def _packs_by_period(workspace: Workspace) -> list[Path]:
    """The folders in which there are packs: of each meeting, of each period."""
    return [period for meeting in _folders(workspace.root / PACKS) for period in _folders(meeting)]


def is_anything_unfinished(workspace: Workspace) -> bool:
    """Whether `finish` would find a hidden folder: of a run that was killed, or of one that is at work."""
    folders = [period / made for period in _folders(workspace.returns) for made in ("issued", "chase", "notices")]
    shown = (*_folders(workspace.root / "editions"), *_packs_by_period(workspace))
    return any(_hidden(folder) for folder in (*folders, *shown))


def place_returns(hidden: Path, issued: Sequence[Issued]) -> list[Issued]:
    """Move the recorded returns and their e-mail drafts to where people look. Returns which they were.

    In the hidden folder a file is named by the id of its return. Raises OSError; what was not moved is where it was.
    """
    by_id = {item.return_id: item for item in issued}
    placed = {}
    for path in sorted(hidden.iterdir()):
        item = by_id.get(path.stem)
        if item is not None:
            _move(path, (hidden.parent / item.file).with_suffix(path.suffix))
            placed[item.return_id] = item
    sync_folder(hidden.parent)
    return list(placed.values())


def put_aside(folder: Path, issued: Sequence[Issued]) -> None:
    """Move superseded returns out of the way; one that somebody has open stays, and is known by its lower serial.

    Args:
        folder: where the returns of a period lie.
        issued: every return issued for the period, in order of issue.

    Raises OSError where the folder cannot be listed.
    """
    latest = {item.file for item in {item.owner: item for item in issued}.values()}
    old = {Path(item.file).stem for item in issued if item.file not in latest}
    superseded = [path for path in map(Path, os.listdir(folder)) if path.stem in old] if old and folder.is_dir() else []
    for name in superseded:
        with suppress(OSError):
            (folder / SUPERSEDED).mkdir(exist_ok=True)
            _move(folder / name, folder / SUPERSEDED / name)


def place_editions(hidden: Path, editions: Sequence[_Shown]) -> list[_Shown]:
    """Move the files of editions, or packs, that are recorded, by name and hash, to where people look.

    Returns which they were. Raises OSError; what was not moved is where it was.
    """
    placed = []
    hashes = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(hidden.iterdir())}
    for edition in editions:
        mine = [path for path, digest in hashes.items() if edition.files.get(path.name) == digest]
        for path in mine:
            _move(path, hidden.parent / path.name)
        if mine:
            placed.append(edition)
    sync_folder(hidden.parent)
    return placed


def place_notices(hidden: Path, drafted: Sequence[Drafted]) -> None:
    """Move each folder of notices that are recorded to where people look.

    Raises OSError; what was not moved is where it was.
    """
    recorded = {Path(each.file).parts[-4:-1] for each in drafted}
    for folder in sorted(hidden.iterdir()):
        place = hidden.parent / folder.name
        if place.parts[-3:] in recorded and not place.exists():
            folder.rename(place)
    sync_folder(hidden.parent)


def _move(source: Path, target: Path) -> None:
    """Move a file to its place; where another of its name is there already, to a name beside it."""
    for name in chain([target], (target.with_stem(f"{target.stem} ({copy})") for copy in range(2, 100))):
        try:
            move_new(source, name)
            return
        except FileExistsError:
            if name.read_bytes() == source.read_bytes():
                source.unlink()
                return
    raise FileExistsError(f"{target}: a hundred files of that name are there")


def _end(hidden: Path, state: State, now: float) -> None:
    """Remove a hidden folder that is empty, or that nobody is filling any more and the ledger knows nothing of.

    A ledger without a single run may only have vanished with its share, so it is not believed.
    """
    with suppress(OSError):
        hidden.rmdir()
        return
    if state.runs and is_abandoned(hidden, now):
        remove_folder(hidden)


def _folders(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(path for path in folder.iterdir() if path.is_dir())
    return []


def _hidden(folder: Path) -> list[Path]:
    return [path for path in _folders(folder) if maker_of(path.name) is not None]
