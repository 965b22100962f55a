"""Good returns that were cut, overwritten or scrambled, by dice that always fall the same way."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial

from tests.hostile.case import DAMAGE, Case, ElseRead, refused
from tests.hostile.good import SHEET, STRINGS, TABLE, WORKBOOK, Return
from tests.hostile.zips import packed

_SEED = 20_260_401
_FLIPS = 60
_SCRAMBLED = 12


def whole() -> bytes:
    """A good return, unpacked: its bytes depend on no version of zlib."""
    return packed(Return().parts, stored=True)


def cases() -> Iterator[Case]:
    """All of them."""
    for percent in (1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99):
        why = f"the first {percent} % of the file"
        yield refused("F002", f"cut-{percent:02}", why, partial(_cut, percent))
    for bytes_ in (1, 2, 21, 22, 23):
        why = f"all but {bytes_} bytes"
        yield refused("F002", f"cut-last-{bytes_:02}", why, partial(_without_last, bytes_))
    yield refused("F002", "cut-middle", "a piece is missing", lambda: _holed(b""))
    yield refused("F002", "zeros-middle", "a block was not synchronised", lambda: _holed(bytes(4_096)))
    yield refused("F002", "text-mode", "sent as text, with line ends changed", lambda: whole().replace(b"\n", b"\r\n"))
    yield refused("F001", "shifted", "a byte too many in front", lambda: b"\n" + whole())
    for at in range(_FLIPS):
        yield _at_random(f"flipped-{at:02}", "bytes are flipped", _flipping(at), "as the good return")
    for part in (SHEET, WORKBOOK, STRINGS, TABLE):
        for at in range(_SCRAMBLED):
            name = f"scrambled-{part.rpartition('/')[2].partition('.')[0]}-{at:02}"
            yield _at_random(name, f"{part} is scrambled in a sound zip", _scrambling(part, at), "as it stands")


def _at_random(name: str, why: str, make: Callable[[], bytes], else_read: ElseRead) -> Case:
    return Case(name, why, make, DAMAGE, else_read=else_read)


def _without_last(count: int) -> bytes:
    return whole()[:-count]


def _cut(percent: int) -> bytes:
    data = whole()
    return data[: len(data) * percent // 100]


def _holed(filling: bytes) -> bytes:
    data = whole()
    middle = len(data) // 2
    return data[:middle] + filling + data[middle + 4_096 :]


def _flipping(at: int) -> Callable[[], bytes]:
    def make() -> bytes:
        dice = random.Random(_SEED + at)  # noqa: S311
        data = bytearray(whole())
        for _ in range(dice.choice((1, 1, 1, 2, 5, 50))):
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        return bytes(data)

    return make


def _scrambling(part: str, at: int) -> Callable[[], bytes]:
    def make() -> bytes:
        dice = random.Random(_SEED + at)  # noqa: S311
        made = Return()
        content = made.parts[part]
        a, b, c = sorted(dice.sample(range(60, len(content)), 3))
        # Two neighbouring pieces change places, in the middle of whatever they are.
        return made.add(part, content[:a] + content[b:c] + content[a:b] + content[c:]).zip()

    return make
