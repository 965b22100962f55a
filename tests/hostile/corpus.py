"""The corpus of hostile, damaged and merely odd files. `python -m tests.hostile.corpus FOLDER` writes them there.

Every file is the same whenever it is made. Beside the files, `expected.csv` says what must be found in each and why.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.hostile import archives, bombs, carried, damaged, honest, places, values, wrong_kinds, xml_tricks
from tests.hostile.case import GOOD, Case
from tests.hostile.good import good_return

_GOOD_EVERY = 25  # files; a good return stands between them


def cases() -> list[Case]:
    """All files, with a good return every now and then."""
    made: list[Case] = []
    for case in _all():
        if len(made) % _GOOD_EVERY == 0:
            made.append(Case(f"good-{len(made):03}", GOOD, good_return, ()))
        made.append(case)
    return [*made, Case(f"good-{len(made):03}", GOOD, good_return, ())]


def _all() -> Iterator[Case]:
    for kind in (wrong_kinds, archives, bombs, xml_tricks, places, values, carried, honest, damaged):
        yield from kind.cases()


def file_name(at: int, case: Case) -> str:
    """Give the name of a case's file; the number keeps names apart that differ only in letters a file cannot have."""
    kept = "".join(letter if (letter.isalnum() and letter.isascii()) or letter in "-_" else "_" for letter in case.name)
    return f"{at:03} {kept[:60]}.xlsx"


def write(folder: Path) -> list[Path]:
    """Write all files, and the table of what is expected of them; returns the files in order."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with (folder / "expected.csv").open("w", newline="", encoding="utf-8") as table:
        rows = csv.writer(table)
        rows.writerow(("file", "codes", "or it is read", "why"))
        for at, case in enumerate(cases()):
            path = folder / file_name(at, case)
            path.write_bytes(case.make())
            rows.writerow((path.name, " ".join(case.codes), case.else_read, case.why))
            written.append(path)
    return written


if __name__ == "__main__":
    sys.stdout.write(f"{len(write(Path(sys.argv[1])))} files\n")
