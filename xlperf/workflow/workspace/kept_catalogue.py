"""The catalogue as JSON, kept in the workspace so that it is not checked and parsed as YAML each time.

What is kept is of the very bytes that the catalogue has now, was made by this version of xlperf, and reads back as the
same catalogue. Where it is missing, damaged or of another catalogue, the catalogue itself is read.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from xlperf import __version__
from xlperf.catalogue import Catalogue, load_catalogue
from xlperf.durable import replace_file

_NAME = "catalogue.json"


def catalogue_in(file: Path, notes: Path) -> Catalogue:
    """The catalogue in `file`, or what is kept of it in the folder `notes`. Raises CatalogueError."""
    try:
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return load_catalogue(file)  # which says what is wrong
    return _kept(notes / _NAME, sha256) or load_catalogue(file)


def keep_catalogue(catalogue: Catalogue, file: Path, sha256: str, notes: Path) -> None:
    """Keep the catalogue that was read from `file`, for whoever holds the lock; nothing happens where it cannot be.

    Args:
        catalogue: as it was read.
        file: where from.
        sha256: of the bytes that the file had before it was read; if it has others now, nothing is kept.
        notes: the folder.
    """
    path, canonical = notes / _NAME, catalogue.canonical
    with suppress(OSError, ValueError):
        is_as_read = hashlib.sha256(file.read_bytes()).hexdigest() == sha256
        if is_as_read and _kept(path, sha256) is None and Catalogue.model_validate_json(canonical) == catalogue:
            path.parent.mkdir(exist_ok=True)
            replace_file(path, _head(sha256, canonical) + b"\n" + canonical)


def _kept(path: Path, sha256: str) -> Catalogue | None:
    """What is kept, if it is whole and of a file of that hash."""
    try:
        head, _, canonical = path.read_bytes().partition(b"\n")
        return Catalogue.model_validate_json(canonical) if head == _head(sha256, canonical) else None
    except (OSError, ValueError):  # pydantic's own is a ValueError
        return None


def _head(sha256: str, canonical: bytes) -> bytes:
    """The first line of what is kept: by which version, of which file, and the hash of what follows."""
    return f"{__version__} {sha256} {hashlib.sha256(canonical).hexdigest()}".encode()
