"""What xlperf takes, as ratios to other ways of doing the same, in one table; see README.md in this folder.

    python benchmarks/table.py                             # 100 and 300 owners: some minutes
    python benchmarks/table.py --whole                     # up to 10,000 owners and a million figures: over an hour
    python benchmarks/table.py returns --owners 1000       # a part of it: returns, start, history, postgres, rules

Processor time, with that of the processes that are started; nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.making import NOW, fill, fill_returns, make_workspace, write_history
from benchmarks.measuring import Took, least, python, xlperf
from xlperf.returns import layout
from xlperf.workbook.isolated.readers import Readers
from xlperf.workbook.reader import ReadingLimits

HERE = Path(__file__).parent
PERIOD = ("--period", NOW)


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything is measured; `is_whole`: the rules at the full size of their own script."""

    owners: tuple[int, ...]
    history: tuple[int, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class File:
    """A return as it came in."""

    name: str
    data: bytes


SMALL = Size((100, 300), (10_000, 50_000), is_whole=False)
WHOLE = Size((300, 1_000, 10_000), (100_000, 1_000_000), is_whole=True)


def main() -> None:
    """Measure what is asked for, and print each row as soon as it is known."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure; everything where none is said")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--owners", type=int, nargs="+")
    parser.add_argument("--history", type=int, nargs="+")
    parser.add_argument("--folder", type=Path, help="where workspaces are made and left, not in a temporary folder")
    asked = parser.parse_args()
    usual = WHOLE if asked.whole else SMALL
    size = Size(tuple(asked.owners or usual.owners), tuple(asked.history or usual.history), usual.is_whole)
    print(
        f"{date.today()}: {os.cpu_count()} processors ({platform.machine()}), load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}"
    )
    print("| what | takes | compared with | ratio | aim |\n|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        for part in asked.parts or PARTS:
            PARTS[part](size, asked.folder or Path(temporary))


def row(what: str, took: str, against: str = "", ratio: str = "", aim: str = "") -> None:
    """Print a row."""
    print(f"| {what} | {took} | {against} | {ratio} | {aim} |", flush=True)


def compared(what: str, took: float, against: str, theirs: float, aim: str = "", unit: str = "s") -> None:
    """Print a row of two times; nothing for a yardstick that is not installed."""
    if not math.isnan(theirs):
        row(what, f"{took:.2f} {unit}", f"{against}: {theirs:.3g} {unit}", f"{took / theirs:.2f}", aim)


def yardstick(name: str, folder: Path) -> float:
    """What a yardstick takes for a file of the folder, in ms; the lesser of two, NaN if it is not installed."""
    command = [sys.executable, str(HERE / "yardsticks.py"), name, str(folder)]
    took = []
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if "ModuleNotFoundError" in done.stderr:
            return math.nan
        done.check_returncode()
        took.append(float(done.stdout))
    return min(took)


def slope(points: list[tuple[int, float]]) -> str:
    """With which power of the number something grows from each to the next; 1.00 is in proportion."""
    pairs = pairwise(points)
    return ", ".join(
        f"{math.log(later / earlier) / math.log(more / fewer):.2f}" for (fewer, earlier), (more, later) in pairs
    )


# ---- the parts -----------------------------------------------------------------------------------------------------


def returns(size: Size, folder: Path) -> None:
    """A cycle of returns: sent out, filled in, collated, and collated again."""
    start = python("-c", "import xlperf.workflow.cycle.collate").seconds
    sent, read = [], []
    for owners in size.owners:
        generated, collated = a_cycle(make_workspace(folder / f"owners {owners}", owners), owners)
        sent.append((owners, generated - start))
        read.append((owners, collated - start))
    if len(size.owners) > 1:
        row("growth of generate, start-up taken off", f"power {slope(sent)}", "", "", "≤ 1.05")
        row("growth of the first collation, start-up taken off", f"power {slope(read)}", "", "", "≤ 1.05")


def a_cycle(workspace: Path, owners: int) -> tuple[float, float]:
    """The rows for so many owners; returns the seconds of generate and of the first collation."""
    generated, n = xlperf("generate", workspace, *PERIOD), f"{owners:,}"
    issued, received = (workspace / "returns" / str(NOW) / name for name in ("issued", "received"))
    each = 1000 * generated.seconds / owners
    compared(f"a return of {n}", each, "filled by openpyxl", yardstick("fill", issued), "≤ 0.10", "ms")
    compared(f"a return of {n}", each, "packing its parts", yardstick("pack", issued), "", "ms")
    fill_returns(workspace)
    by = {name: yardstick(name, received) for name in ("reader", "openpyxl", "pandas", "calamine", "inflate")}
    apart = reading_apart(received)
    compared(f"{n} read in processes apart, a return", apart, "in this process", by["reader"], "", "ms")
    compared(f"{n} read in processes apart, a return", apart, "by calamine", by["calamine"], "", "ms")
    first = xlperf("collate", workspace)
    nothing_new = xlperf("collate", workspace)
    name = min(path.name for path in issued.glob("*.xlsx"))
    fill(issued / name, received / name, random.Random(-1))  # noqa: S311  an owner sends other figures
    one_changed, status = xlperf("collate", workspace), xlperf("status", workspace, *PERIOD)
    each = 1000 * first.seconds / owners
    compared(f"{n} collated, a return", each, "read only, by openpyxl", by["openpyxl"], "≤ 0.10", "ms")
    compared(f"{n} collated, a return", each, "read only, by pandas", by["pandas"], "", "ms")
    compared(f"{n} collated, a return", each, "read only, by calamine", by["calamine"], "≤ 3", "ms")
    compared(f"{n} collated, a return", each, "unpacked only", by["inflate"], "", "ms")
    share(f"{n} again, nothing changed", nothing_new, first, "≤ 5 %")
    share(f"{n} again, one file changed", one_changed, first, "≤ 15 %")
    row(f"status of {n}", f"{status.seconds:.2f} s", "", "", "≤ 0.5 s")
    row(f"memory of the first collation of {n}", f"{first.megabytes:.0f} MB", "", "", "≤ 250 MB")
    return generated.seconds, first.seconds


def reading_apart(folder: Path) -> float:
    """What it takes to check and read a return as a collation does, in ms of all processes."""
    files = [File(path.name, path.read_bytes()) for path in sorted(folder.glob("*.xlsx"))[:1_000]]
    before = sum(os.times()[:4])
    with Readers(ReadingLimits(), expected=len(files)) as readers:
        for _, book, _ in readers.read(files, layout.LOOKED_AT):
            assert book is not None
    return 1000 * (sum(os.times()[:4]) - before) / len(files)


def share(what: str, took: Took, first: Took, aim: str) -> None:
    """A row of what something takes of a first collation."""
    row(what, f"{took.seconds:.2f} s", f"the first: {first.seconds:.2f} s", f"{took.seconds / first.seconds:.1%}", aim)


def start(size: Size, folder: Path) -> None:
    """Starting up, on the demo."""
    del size
    demo = folder / "demo"
    if not demo.exists():
        python("-m", "xlperf", "demo", demo)
    xlperf("collate", demo)  # as the next ones find it, with nothing new
    bare, pandas, help_alone, status, click = least(
        lambda: python("-c", "pass"),
        lambda: python("-c", "import pandas"),
        lambda: python("-m", "xlperf", "--help"),
        lambda: xlperf("status", demo, "--period", "2026-27-Q2"),
        lambda: xlperf("collate", demo),
    )
    compared("--help", help_alone.seconds, "bare Python", bare.seconds, "≤ 3")
    compared("status of the demo", status.seconds, "import pandas", pandas.seconds, "≤ 0.5 s")
    compared("a collation of the demo, nothing new", click.seconds, "import pandas", pandas.seconds, "≤ 1")


def history(size: Size, folder: Path) -> None:
    """Many past figures, and no returns."""
    for figures in size.history:
        with_history(figures, folder)


def with_history(figures: int, folder: Path) -> Path:
    """The rows for about so many past figures; returns the workspace."""
    orgs = 1_000 if figures >= 500_000 else 100
    workspace = make_workspace(folder / f"history of {figures}", orgs)
    n = f"{write_history(workspace, orgs, figures):,} past figures"
    for what, command, aims in (
        ("the first master", "collate", "≤ 50 µs a figure; ≤ 1.5 GB"),
        ("nothing new", "collate", ""),
        ("all of it again", "collate --again", "≤ 40 µs a figure"),
        ("status", "status", ""),
    ):
        took = xlperf(command, workspace, *PERIOD)
        row(f"{n}: {what}", f"{took.seconds:.2f} s, {took.megabytes:.0f} MB", "", "", aims)
    return workspace


def postgres(size: Size, folder: Path) -> None:
    """A ledger in PostgreSQL against the same one in its folder; the server's own time is not counted."""
    from tests.ledger.server import Server, binaries

    found = binaries()
    if found is None:
        row("PostgreSQL", "not installed")
        return
    workspace, other = (make_workspace(folder / name, 100) for name in ("in a folder", "in a database"))
    n = f"{write_history(workspace, 100, size.history[0]):,}"
    server = Server(found)
    try:
        url = server.url()
        copied, again = (python("-m", "xlperf", "ledger", "copy", workspace / "ledger", url) for _ in range(2))
        share(f"PostgreSQL, a copy of {n} figures, all there already", again, copied, "")
        for command in ("status", "collate --again"):
            here, there = least(
                partial(xlperf, command, workspace, *PERIOD),
                partial(xlperf, command, other, *PERIOD, "--ledger", url),
                times=2,
            )
            compared(f"PostgreSQL, {command} of {n} figures", there.seconds, "the folder", here.seconds, "≤ 1.2")
    finally:
        server.remove()


def rules(size: Size, folder: Path) -> None:
    """The rules alone, by the script of their own."""
    del folder
    less = () if size.is_whole else ("--orgs", "300", "--kpis", "50")
    command = [sys.executable, str(HERE / "rules_at_scale.py"), *less]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (line,) = (line for line in said.splitlines() if line.startswith("all rules"))
    seconds, ratio = map(float, line.split()[2:4])
    row(f"rules, {said.splitlines()[0]}", f"{seconds:.1f} s", "pandas.read_csv of them", f"{ratio:.2f}", "≤ 3")


PARTS = {"returns": returns, "start": start, "history": history, "postgres": postgres, "rules": rules}

if __name__ == "__main__":
    main()
