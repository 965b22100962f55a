"""Comparison between the orgs that report the same KPI for the same period: rank, quartile, and the gap."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlperf.catalogue import Catalogue, Direction, Kind
from xlperf.rules.movement import badness, difference

FEWEST_FOR_QUARTILES = 4
COLUMNS = ["kpi_id", "org", "period", "actual", "rank", "tied", "of", "quartile", "rank_words"]
COLUMNS += ["best", "best_org", "worst", "worst_org", "gap"]


def compare(catalogue: Catalogue, assessed: pd.DataFrame) -> pd.DataFrame:
    """How each org stands among those that report the same KPI for the same period.

    Args:
        catalogue: whose directions and order apply.
        assessed: rows of `assess`, usually those of one period; of those, `kpi_id`, `org`, `period`, `actual`,
            `not_applicable`, `green_from`, `green_to` and, if there, `rolled_up` are read.

    Returns:
        The rows that are compared, with their index and in their order: those with an actual, of KPIs that two or more
        orgs have an actual of. Left out are rolled-up figures, milestones, what is not applicable, and a wanted range
        in a period without a target, from which there is no distance. With the columns of `COLUMNS`:

        - `rank`, 1 for the best; orgs that are equally good share the better rank and are `tied`. `of`: how many orgs.
          `quartile`: 1 where fewer than a quarter of them are better than the org, 2 where fewer than a half, 3 where
          fewer than three quarters, else 4; 0 below four orgs. `rank_words` says it all: `3= of 12, quartile 1`.
        - `best` and `worst` actual and whose they are; where several share one, the first org of the catalogue.
        - `gap`: how much worse the worst is than the best, in the KPI's unit; for a range the difference of their
          distances outside it.

        Where neither way is better the rank is 0, the words "", `best` and `worst` NaN and "", and `gap` is from the
        lowest to the highest.
    """
    rows = _comparable(catalogue, assessed)
    better = rows.groupby("number")["bad"].rank(method="min").astype(np.int64) - 1
    rows["rank"] = better + 1
    rows["tied"] = rows.duplicated(["number", "bad"], keep=False)
    rows["quartile"] = np.where(rows["of"] >= FEWEST_FOR_QUARTILES, 1 + 4 * better // rows["of"], 0)
    _set_ends(rows)
    neutral = (rows["direction"] == Direction.NEUTRAL).to_numpy(dtype=bool)
    rows.loc[neutral, ["rank", "quartile"]] = 0
    rows.loc[neutral, "tied"] = False
    rows.loc[neutral, ["best", "worst"]] = np.nan
    rows.loc[neutral, ["best_org", "worst_org"]] = ""
    standings = zip(rows["rank"], rows["tied"], rows["of"], rows["quartile"], strict=True)
    rows["rank_words"] = [rank_words(*each) for each in standings]
    return rows[COLUMNS]


def rank_words(rank: int, tied: bool, of: int, quartile: int) -> str:
    """A rank in words: `3= of 12, quartile 1`; `2 of 3` where there are too few for quartiles; "" for rank 0."""
    if rank == 0:
        return ""
    return f"{rank}{'=' if tied else ''} of {of}" + (f", quartile {quartile}" if quartile else "")


def _comparable(catalogue: Catalogue, assessed: pd.DataFrame) -> pd.DataFrame:
    """The rows that can be compared, with `number` (of their KPI and period, from 0), `of`, `bad` and `place`.

    `of` is how many rows have that number, `bad` how bad the actual is (see `movement.badness`), `place` the org's in
    the catalogue.
    """
    directions = {kpi.id: str(kpi.direction) for kpi in catalogue.kpis if kpi.kind is not Kind.MILESTONE}
    places = {org.code: index for index, org in enumerate(catalogue.orgs)}
    is_own = ~assessed["rolled_up"].astype(bool) if "rolled_up" in assessed else True
    applies = assessed["actual"].notna() & ~assessed["not_applicable"].astype(bool)
    rows = assessed.loc[applies & is_own & assessed["kpi_id"].isin(directions)]
    rows = rows[["kpi_id", "org", "period", "actual", "green_from", "green_to"]].copy()
    rows["direction"] = rows["kpi_id"].map(directions).astype(object)
    actual, low, high = (rows[name].to_numpy(np.float64) for name in ("actual", "green_from", "green_to"))
    rows["bad"] = badness(actual, rows["direction"].to_numpy(dtype=object), low, high)
    rows = rows[rows["bad"].notna()].copy()
    rows["place"] = rows["org"].map(places).fillna(len(places))
    number = rows.groupby(["kpi_id", "period"], sort=False).ngroup().to_numpy(np.int64)
    rows["of"] = np.bincount(number)[number]
    several = rows["of"] > 1
    rows = rows[several].copy()
    rows["number"] = np.unique(number[several], return_inverse=True)[1]
    return rows


def _set_ends(rows: pd.DataFrame) -> None:
    """Add the best and the worst of each row's group (`number`), whose they are, and the gap between them."""
    number = rows["number"].to_numpy()
    best = rows.sort_values(["number", "bad", "place"]).drop_duplicates("number")
    worst = rows.sort_values(["number", "bad", "place"], ascending=[True, False, True]).drop_duplicates("number")
    for name, end in (("best", best), ("worst", worst)):
        rows[name] = end["actual"].to_numpy()[number]
        rows[f"{name}_org"] = end["org"].to_numpy(dtype=object)[number]
    rows["gap"] = difference(worst["bad"].to_numpy(), best["bad"].to_numpy())[number]  # both in order of number
