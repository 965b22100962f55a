"""How long the rules take over a large service, against how long pandas takes to read the same figures.

    python benchmarks/rules_at_scale.py [--orgs 7000 --kpis 50 --periods 24]

Everything runs in one process. Nothing here passes or fails: it prints what it measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from xlperf.catalogue import Catalogue
from xlperf.period import Frequency, Period
from xlperf.rules.assess import assess
from xlperf.rules.escalation import EscalationInputs, escalations
from xlperf.rules.process import processes

FIRST = Period.parse("2024-04", Frequency.MONTHLY)
MISSING, NOT_APPLICABLE = 0.02, 0.003
"""Shares of the figures."""
KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "percentage", "direction": "higher", "start": 93.0, "spread": 2.0, "target": 92, "tolerance": 3},
    {"kind": "percentage", "direction": "lower", "start": 6.0, "spread": 1.5, "target": 5, "tolerance": 1},
    {"kind": "duration", "direction": "lower", "start": 40.0, "spread": 6.0, "target": 42, "tolerance": 5},
    {"kind": "count", "direction": "higher", "start": 400.0, "spread": 40.0, "target": 390, "tolerance": 20},
    {"kind": "number", "direction": "range", "start": 100.0, "spread": 3.0, "target": 97, "tolerance": 2},
    {"kind": "money", "direction": "neutral", "start": 50_000.0, "spread": 4_000.0, "target": None, "tolerance": 0},
    {"kind": "milestone", "direction": "higher", "start": 0.0, "spread": 0.0, "target": None, "tolerance": 0},
)
STATUSES = ("Complete", "On track", "At risk", "Off track", "Missed")

Found = TypeVar("Found")


def catalogue(orgs: int, kpis: int, periods: int) -> Catalogue:
    """A catalogue of so many orgs and KPIs, of every kind, with targets that move and some rebases."""
    day = FIRST.next(periods).first_day.isoformat()
    codes = [f"O{number:05}" for number in range(orgs)]
    return Catalogue.model_validate(
        {
            "framework": "benchmark",
            "title": "Benchmark",
            "organisation": "Made up",
            "version": "1",
            "contact": {"team": "Team", "email": "team@example.org"},
            "calendar": {
                "frequency": "monthly",
                "periods": [
                    {
                        "period": str(FIRST.next(periods - 1)),
                        "return_deadline": day,
                        "hard_close": day,
                        "board_date": day,
                    }
                ],
            },
            "escalation": {
                "decided_by": "Chief executive",
                "review_months": 3,
                "stages": [
                    {
                        "id": "enhanced",
                        "name": "Enhanced Support",
                        "enter": {"consecutive_red": 2, "red_with_concern": True},
                        "leave": {"consecutive_not_red": 2},
                    },
                    {
                        "id": "targeted",
                        "name": "Targeted Support",
                        "enter": {"consecutive_red": 4, "deteriorating_for": 3},
                        "leave": {"consecutive_not_red": 2, "no_concern": True},
                    },
                ],
            },
            "sections": [{"id": "s", "name": "Section"}],
            "orgs": [{"code": code, "name": code, "parent": codes[0] if code != codes[0] else None} for code in codes],
            "executive_owners": [{"id": "x", "title": "Executive"}],
            "responsible_owners": [{"id": "r", "name": "Team", "executive_owner": "x"}],
            "kpis": [_kpi(number, codes, periods) for number in range(kpis)],
        }
    )


def _kpi(number: int, orgs: list[str], periods: int) -> dict[str, Any]:
    kind = KINDS[number % len(KINDS)]
    kpi: dict[str, Any] = {
        "id": f"K{number:03}",
        "name": f"KPI {number}",
        "section": "s",
        "kind": kind["kind"],
        "direction": kind["direction"],
        "frequency": "monthly",
        "orgs": orgs,
        "seasonal": number % 4 == 0,
    }
    if kind["target"] is not None:
        moves = (FIRST, 0), (FIRST.next(periods // 2), 1)
        ends = ("low", "high") if kind["direction"] == "range" else ("target", None)
        kpi["targets"] = [
            {
                "from": str(period),
                ends[0]: kind["target"] + moved,
                **({ends[1]: kind["target"] + moved + 6} if ends[1] else {}),
                "tolerance": {"absolute": kind["tolerance"]},
            }
            for period, moved in moves
        ]
    if number % 3 == 0 and kind["kind"] != "milestone":
        kpi["material"] = {"relative": 1} if number % 2 else {"absolute": 0.5}
    if number % 10 == 2:
        kpi["rebases"] = [{"on": FIRST.next(periods // 3).first_day, "reason": "New pathway", "orgs": orgs[::2]}]
    return kpi


def figures(of: Catalogue, periods: int) -> pd.DataFrame:
    """Figures for every KPI, org and period: noise, a drift in a third of the series, gaps. The same every time.

    They come period after period, as returns do, and not in the order in which they are judged.
    """
    chance = np.random.default_rng(20_240_401)
    each = []
    for number, kpi in enumerate(of.kpis):
        kind, shape = KINDS[number % len(KINDS)], (len(of.orgs), periods)
        noise = chance.normal(0, kind["spread"], shape)
        drift = chance.choice([0.0, 0.0, 0.0, 0.0, -0.15, 0.15], (len(of.orgs), 1)) * kind["spread"]
        level = kind["start"] + chance.normal(0, 2 * kind["spread"], (len(of.orgs), 1))
        actual = np.round(level + drift * np.arange(periods) + noise, 0 if kind["kind"] in ("count", "money") else 2)
        not_applicable = chance.random(shape) < NOT_APPLICABLE
        actual[(chance.random(shape) < MISSING) | not_applicable] = np.nan
        milestone = np.full(shape, "", dtype=object)
        if kind["kind"] == "milestone":
            milestone = np.array(STATUSES, dtype=object)[chance.integers(0, len(STATUSES), shape)]
            actual[:] = np.nan
        each.append(
            pd.DataFrame(
                {
                    "kpi_id": kpi.id,
                    "org": np.repeat(np.array([org.code for org in of.orgs], dtype=object), periods),
                    "period": np.tile([str(FIRST.next(step)) for step in range(periods)], len(of.orgs)),
                    "actual": actual.ravel(),
                    "numerator": np.nan,
                    "denominator": np.nan,
                    "milestone": milestone.ravel(),
                    "not_applicable": not_applicable.ravel(),
                }
            )
        )
    return pd.concat(each, ignore_index=True).sort_values("period", kind="stable", ignore_index=True)


def read(file: Path) -> pd.DataFrame:
    """The yardstick: the figures read with pandas, as anybody would."""
    return pd.read_csv(
        file, keep_default_na=False, na_values={name: [""] for name in ("actual", "numerator", "denominator")}
    )


def timed(step: Callable[[], Found]) -> tuple[float, Found]:
    """How many seconds a step takes, and what comes of it."""
    start = time.perf_counter()
    found = step()
    return time.perf_counter() - start, found


def main() -> None:
    """Make, read, judge, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, usual in (("orgs", 7000), ("kpis", 50), ("periods", 24)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    size = parser.parse_args()
    of = catalogue(size.orgs, size.kpis, size.periods)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.csv"
        figures(of, size.periods).to_csv(file, index=False)
        reading, frame = timed(lambda: read(file))
    made = peak()
    took = {}
    took["RAG, movement, short trend"], assessed = timed(lambda: assess(of, frame))
    took["trend, variation, assurance"], process = timed(lambda: processes(of, assessed).verdicts)
    as_of = FIRST.next(size.periods - 1).last_day
    took["escalation"], proposals = timed(lambda: escalations(of, assessed, process, EscalationInputs(as_of)))
    print(f"{size.orgs:,} orgs x {size.kpis} KPIs x {size.periods} periods = {len(frame):,} figures")
    print(f"{len(process):,} series; a verdict on {sum(p.variation is not None for p in process.values()):,}, ", end="")
    print(f"a stage proposed for {len(proposals):,}\n")
    total = sum(took.values())
    print(f"{'':32}{'seconds':>10}{'x reading':>12}{'share':>8}")
    print(f"{'reading with pandas.read_csv':32}{reading:10.1f}{1:12.2f}")
    for name, seconds in took.items():
        print(f"{name:32}{seconds:10.1f}{seconds / reading:12.2f}{seconds / total:8.0%}")
    print(f"{'all rules':32}{total:10.1f}{total / reading:12.2f}{1:8.0%}\n")
    print(f"Peak memory {peak():.1f} GB ({made:.1f} GB once the figures were made, written and read).")
    print(
        f"{date.today()}: {os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}, "
        f"pandas {pd.__version__}, numpy {np.__version__}."
    )


def peak() -> float:
    """The most memory that the process has had, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    main()
