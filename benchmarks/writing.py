"""Times the workbook editor: one return from the template, and a table of 5,000 rows x 38 columns; see README.md here.

    python benchmarks/writing.py [--against CHECKOUT] [--pairs 10]

With another checkout of xlperf the two are measured in turns, each in a process of its own, and the ratio is printed.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

import xlsxwriter

HERE = Path(__file__).parents[1]
ROWS, COLUMNS = 5_000, 38
RETURNS = 20
"""So many are written to time one."""


def main() -> None:
    """Measure, or, as one of the processes that do, print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--against", type=Path, help="another checkout, measured in turns with this one")
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured()))
        return
    checkouts = [HERE, *([options.against.resolve()] if options.against else [])]
    runs: dict[Path, list[dict[str, float]]] = {checkout: [] for checkout in checkouts}
    for pair in range(options.pairs):
        for checkout in checkouts if pair % 2 else checkouts[::-1]:
            runs[checkout].append(run_in(checkout))
    for what in runs[HERE][0]:
        medians = [statistics.median(run[what] for run in runs[checkout]) for checkout in checkouts]
        ratios = [mine[what] / theirs[what] for mine, theirs in zip(runs[HERE], runs[checkouts[-1]], strict=True)]
        line = f"{what:32} {medians[0] * 1000:8.1f} ms"
        if options.against:
            line += f"  there {medians[1] * 1000:8.1f} ms  here / there {statistics.median(ratios):5.2f}"
            line += f" ({min(ratios):.2f} to {max(ratios):.2f})"
        print(line)


def run_in(checkout: Path) -> dict[str, float]:
    """What the code of a checkout takes, in seconds of the processor."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, __file__, "--measure"]
    answer = subprocess.run(command, env=environment, cwd=checkout, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def measured() -> dict[str, float]:
    """Time each of the things once, after one that is not counted."""
    from xlperf.workbook.file import FileWorkbook  # of the checkout on PYTHONPATH

    template = (HERE / "workbook_templates" / "return.xlsx").read_bytes()
    words, wide = words_of(template), wide_table()
    rows = [{f"Column {n}": f"text {row}" if n % 2 else row / 7 for n in range(COLUMNS)} for row in range(ROWS)]

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "written.xlsx"

        def write_return() -> None:
            book = FileWorkbook.open(template)
            book.fill(words)
            for name in ("tbl_return", "tbl_glossary", "tbl_identity"):
                book.write_table(name, [dict.fromkeys(book.columns(name)[:1], "text")] * 10)
            book.save(target)

        def write_wide() -> None:
            book = FileWorkbook.open(wide)
            book.write_table("tbl_wide", rows)
            book.save(target)

        def write_wide_again() -> None:
            book = FileWorkbook.open(target)
            book.write_table("tbl_wide", rows[::-1])
            book.save(target)

        write_return()
        return {
            "a return": timed(write_return, RETURNS),
            f"a table of {ROWS:,} x {COLUMNS}": timed(write_wide),
            f"{ROWS:,} x {COLUMNS} over as many": timed(write_wide_again),
        }


def timed(work: Callable[[], None], times: int = 1) -> float:
    """Seconds of the processor for one."""
    start = process_time()
    for _ in range(times):
        work()
    return (process_time() - start) / times


def words_of(template: bytes) -> dict[str, str]:
    """Some words for every placeholder of a template."""
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")]
    return {name: "some words" for part in parts for name in re.findall(r"\{\{ *(\w+)", part)}


def wide_table() -> bytes:
    """A workbook with a table of one row, its columns with looks of their own."""
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved) as book:
        sheet = book.add_worksheet("Wide")
        columns = [{"header": f"Column {n}", "format": book.add_format({"indent": n % 7})} for n in range(COLUMNS)]
        sheet.add_table(0, 0, 1, COLUMNS - 1, {"name": "tbl_wide", "columns": columns})
    return saved.getvalue()


if __name__ == "__main__":
    main()
