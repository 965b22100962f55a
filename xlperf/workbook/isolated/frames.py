"""Messages over a pipe: eight bytes that say how long, then so many bytes."""

from __future__ import annotations

import os

_HEAD = 8
_CHUNK = 1024 * 1024


def send(pipe: int, *pieces: bytes) -> None:
    """Write one message, of these pieces. Raises OSError where nobody reads it any more."""
    _write(pipe, sum(map(len, pieces)).to_bytes(_HEAD, "big"))
    for piece in pieces:
        _write(pipe, piece)


def receive(pipe: int, most: int | None = None) -> bytes:
    """Read one message of at most `most` bytes. Raises EOFError where the other side has gone, ValueError if longer."""
    length = int.from_bytes(_read(pipe, _HEAD), "big")
    if most is not None and length > most:
        raise ValueError(f"a message of {length} bytes")
    return _read(pipe, length)


def _write(pipe: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(pipe, left) :]


def _read(pipe: int, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        piece = os.read(pipe, min(length - len(data), _CHUNK))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)
