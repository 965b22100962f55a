"""Whether anything is done twice: each command as a process, in ratios; see README.md in this folder.

python benchmarks/nothing_twice.py [--owners 50 150]
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.gate_and_isolation import make_workspace, returned
from tests.conftest import Q1, filled
from xlperf.workflow.workspace import Workspace

_XLPERF = ("-m", "xlperf")


def processor_seconds(*arguments: object) -> float:
    """What a Python process with these arguments takes of the processors, its own processes included."""
    process = subprocess.Popen([sys.executable, *map(str, arguments)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (0, 1), arguments
    return usage.ru_utime + usage.ru_stime


def change_one(workspace: Workspace) -> None:
    """Play an owner who sends a return again, with other figures."""
    issued = next(iter(workspace.ledger().state().issued.values()))
    figures = {key: {"Numerator": 70, "Denominator": 100} for key in issued.asked}
    data = filled(workspace.returns / Q1 / "issued" / issued.file, figures)
    (workspace.returns / Q1 / "received" / issued.file).write_bytes(data)


def measure(owners: int, folder: Path) -> tuple[float, float]:
    """Print the rows for so many owners; returns what generate, in this process, and the first collation took."""
    begun = process_time()
    workspace = make_workspace(folder / f"issued to {owners}", owners)
    generate = process_time() - begun
    returned(workspace)
    collate = (*_XLPERF, "collate", "--workspace", workspace.root)
    first, nothing_new = processor_seconds(*collate), processor_seconds(*collate)
    change_one(workspace)
    one_changed = processor_seconds(*collate)
    status = processor_seconds(*_XLPERF, "status", "--period", Q1, "--workspace", workspace.root)
    bare, pandas = processor_seconds("-c", "pass"), processor_seconds("-c", "import pandas")
    help_alone = processor_seconds(*_XLPERF, "--help")
    print(f"{owners} owners: generate {generate:.2f} s of the processors, a first collation {first:.2f} s")
    print(f"  nothing changed    {nothing_new:6.2f} s, {nothing_new / first:6.1%} of the first, ", end="")
    print(f"x {nothing_new / pandas:.2f} import pandas")
    print(f"  one file changed   {one_changed:6.2f} s, {one_changed / first:6.1%} of the first")
    print(f"  status             {status:6.2f} s, x {status / pandas:.2f} import pandas")
    print(f"  --help             {help_alone:6.2f} s, x {help_alone / bare:.1f} bare Python", flush=True)
    return generate, first


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the rows and how they grow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--owners", type=int, nargs="+", default=[50, 150])
    owners = parser.parse_args(arguments).owners
    with tempfile.TemporaryDirectory() as folder:
        took = [measure(number, Path(folder)) for number in owners]
    start = processor_seconds("-c", "import xlperf.workflow.cycle.collate")
    for fewer, more, less, longer in zip(owners, owners[1:], took, took[1:], strict=False):
        pairs = ((less[0], longer[0]), (less[1] - start, longer[1] - start))
        slopes = [math.log(later / earlier) / math.log(more / fewer) for earlier, later in pairs]
        print(f"slope from {fewer} to {more}, start-up taken off: generate {slopes[0]:.2f}, collate {slopes[1]:.2f}")


if __name__ == "__main__":
    main()
