"""Run the whole example: a workspace, then for each month generate, fill, collate.

python run.py DIR [--months 12] [--first 2016-04]
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter

from attendances import TypeOne, months_of, type_1
from fill import fill
from make_catalogue import CATALOGUE

from xlperf.errors import XlperfError
from xlperf.period import Frequency, Period
from xlperf.workflow.cycle.collate import Collated, Options, collate
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.workspace import Workspace, init
from xlperf.workflow.workspace.run import Run

BY = "ae-example"
PHASES = ("generate", "fill", "collate")


@dataclass(frozen=True, slots=True)
class Month:
    """What happened in one month, and the seconds that each phase took."""

    month: str
    issued: int
    filled: int
    collated: Collated
    seconds: dict[str, float]


def make_workspace(folder: Path) -> Workspace:
    """A new workspace with the example's catalogue. Raises WorkspaceError if the folder holds one already."""
    workspace = init(folder)
    shutil.copyfile(CATALOGUE, workspace.root / "kpi_catalogue.yaml")
    return workspace


def run_months(workspace: Workspace, months: list[str], figures: TypeOne) -> Iterator[Month]:
    """Run month after month, yielding after each; the master then shows that month.

    The clock is the calendar's, not the computer's: returns go out on the first of the month after, and are collated
    the day after they were due. So nobody is late, and every run tells the same story.
    """
    for month in months:
        period = Period.parse(month, Frequency.MONTHLY)
        deadline = workspace.catalogue().entry_by_period[period].return_deadline
        clock = [perf_counter()]
        issued = generate(workspace, month, Run(_at(period.last_day + timedelta(days=1)), BY)).files
        clock.append(perf_counter())
        filled = fill(workspace, month, figures)
        clock.append(perf_counter())
        collated = collate(workspace, Run(_at(deadline + timedelta(days=1)), BY), Options(month))
        clock.append(perf_counter())
        seconds = dict(zip(PHASES, (end - start for start, end in pairwise(clock)), strict=True))
        yield Month(month, len(issued), len(filled), collated, seconds)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


def main() -> int:
    """Run the example; 0 where every return was taken whole, 1 where not, 3 where it could not run."""
    figures = type_1()
    there = months_of(figures)
    parser = argparse.ArgumentParser(description="Run the A&E example over several months.")
    parser.add_argument("folder", type=Path, help="a folder for the workspace, without one so far")
    parser.add_argument("--months", type=int, default=12, help=f"how many, up to {len(there)}")
    parser.add_argument("--first", default=there[0], choices=there, metavar="MONTH", help=f"from {there[0]}")
    asked = parser.parse_args()
    first = there.index(asked.first)
    months = there[first : first + asked.months]
    if asked.months < 1 or len(months) < asked.months:
        parser.error(f"there are {len(there) - first} months from {asked.first}, to {there[-1]}")
    try:
        return _run(make_workspace(asked.folder), months, figures)
    except XlperfError as error:
        print(error, file=sys.stderr)
        return 3


def _run(workspace: Workspace, months: list[str], figures: TypeOne) -> int:
    taken = dict.fromkeys(PHASES, 0.0)
    clean = True
    for done in run_months(workspace, months, figures):
        phases = ", ".join(f"{phase} {seconds:.1f} s" for phase, seconds in done.seconds.items())
        missing = done.issued - done.filled
        print(
            f"{done.month}: {done.issued} issued = {done.filled} returned + {missing} missing  ({phases})", flush=True
        )
        clean = clean and done.collated.is_clean
        taken = {phase: taken[phase] + done.seconds[phase] for phase in PHASES}
    print(f"In all: {', '.join(f'{phase} {seconds:.0f} s' for phase, seconds in taken.items())}")
    print(f"Master: {workspace.master}")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
