"""Roll-up: what must hold for every tree and whatever is reported."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isnan, nan
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.conftest import catalogue_data, draws, make_kpi, on_screen
from xlperf.catalogue import Catalogue
from xlperf.period import Frequency, Period
from xlperf.rules.rollup import members, roll_up_orgs, roll_up_time
from xlperf.rules.rollup.exact import means, sums

Q = "2026-27-Q1"
a_frame_each = draws(40)
"""For properties that roll up frames, which take some hundredths of a second each."""
METHODS = ["parts", "sum", "weighted", "worst"]
DIRECTIONS = [("higher", {"target": 50}), ("lower", {"target": 50}), ("range", {"low": 40, "high": 60})]

whole = st.integers(0, 10_000).map(float)
tenths = st.integers(-9_999, 9_999).map(lambda number: number / 10)
weights = st.integers(1, 1_000_000)


@st.composite
def parts(draw: st.DrawFn) -> tuple[float, float]:
    """Numerator and denominator, as people report them."""
    denominator = draw(st.integers(1, 10_000))
    return float(draw(st.integers(0, denominator))), float(denominator)


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str | None]:
    """Parents by org: a tree of up to 12 orgs, of any shape."""
    count = draw(st.integers(2, 12))
    return {f"O{n}": f"O{draw(st.integers(0, n - 1))}" if n else None for n in range(count)}


def catalogue(
    tree: dict[str, str | None], reporting: list[str], weight: dict[str, int] | None = None, **changes: Any
) -> Catalogue:
    orgs = [
        {"code": code, "name": code, "parent": parent, "weight": (weight or {}).get(code)}
        for code, parent in tree.items()
    ]
    kpi = make_kpi(id="K", orgs=reporting, numerator="Done", denominator="Due", **changes)
    return Catalogue.model_validate(catalogue_data() | {"orgs": orgs, "kpis": [kpi]})


def row(org: str, part: tuple[float, float], period: str = Q, actual: float | None = None) -> dict[str, Any]:
    own = on_screen(100 * part[0] / part[1]) if part[1] else nan
    return {
        "kpi_id": "K",
        "org": org,
        "period": period,
        "actual": own if actual is None else actual,
        "numerator": part[0],
        "denominator": part[1],
        "milestone": "",
        "not_applicable": False,
    }


def leaves(tree: dict[str, str | None]) -> list[str]:
    return [code for code in tree if code not in tree.values()]


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, str | None], dict[str, tuple[float, float]], dict[str, int]]:
    """A tree, what each of its leaves reports and what it weighs."""
    tree = draw(trees())
    ends = leaves(tree)
    return tree, {code: draw(parts()) for code in ends}, {code: draw(weights) for code in ends}


def rolled_up(of: Catalogue, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    frame = roll_up_orgs(of, pd.DataFrame(rows))
    return {one["org"]: {str(name): value for name, value in one.items()} for one in frame.to_dict("records")}


# ---- the tree ------------------------------------------------------------------------------------------------------


@given(trees(), st.data())
def test_each_reporting_org_counts_once_in_every_org_above_it_up_to_the_next_that_reports(
    tree: dict[str, str | None], data: st.DataObject
) -> None:
    reporting = data.draw(st.lists(st.sampled_from(list(tree)), min_size=1, unique=True))
    of = catalogue(tree, reporting, roll_up={"orgs": "sum"}, kind="count")
    made_of = members(of, of.kpis[0])
    expected = {(above, code) for code in reporting for above in _uncovered(tree, code, set(reporting))}
    below = {above: {code for one, code in expected if one == above} for above, _ in expected}
    # Of orgs above one another that are made of the same, only the highest is rolled up.
    repeated = {
        above for above in below if any(below.get(one) == below[above] for one in _uncovered(tree, above, set()))
    }
    expected = {(above, code) for above, code in expected if above not in repeated}
    assert {(above, code) for above, codes in made_of.items() for code in codes} == expected
    assert all(len(set(codes)) == len(codes) for codes in made_of.values())


def _uncovered(tree: dict[str, str | None], code: str, reporting: set[str]) -> set[str]:
    """The orgs above `code` with no reporting org between the two, nor reporting themselves."""
    parent = tree[code]
    return set() if parent is None or parent in reporting else {parent} | _uncovered(tree, parent, reporting)


@a_frame_each
@given(cases(), st.sampled_from(METHODS), st.sampled_from(DIRECTIONS))
def test_a_roll_up_of_roll_ups_is_the_roll_up_of_the_leaves(case: Any, method: str, judged: Any) -> None:
    tree, said, weight = case
    direction, target = judged
    changes = {"direction": direction, "roll_up": {"orgs": method}, "targets": [{"from": "2024-25", **target}]}
    of = catalogue(tree, list(said), weight, **changes)
    at_once = rolled_up(of, [row(code, part) for code, part in said.items()])
    # The orgs just below the top, or the leaves among them, report in place of their leaves what those rolled up to.
    tops = [code for code, parent in tree.items() if parent == "O0"]
    rows, weighs = [], {}
    for code in tops:
        # One that is made of the same as the top is not rolled up beside it: its figure is the top's.
        same = code not in said and code not in at_once
        made_of = members(of, of.kpis[0]).get("O0" if same else code, (code,))
        weighs[code] = sum(weight[one] for one in made_of)
        figure = at_once["O0"] if same else at_once.get(code) or row(code, said.get(code, (nan, nan)))
        rows.append(row(code, (figure["numerator"], figure["denominator"]), actual=figure["actual"]))
    again = rolled_up(catalogue(tree, tops, weighs, **changes), rows)["O0"]
    if method == "parts":
        names = ("numerator", "denominator", "actual")
        assert [again[name] for name in names] == [at_once["O0"][name] for name in names]
    elif method == "worst":
        assert again["actual"] == at_once["O0"]["actual"]
    else:
        assert again["actual"] == pytest.approx(at_once["O0"]["actual"], rel=1e-12)


@a_frame_each
@given(cases(), st.lists(st.integers(0, 10_000), min_size=12, max_size=12))
def test_a_sum_of_sums_of_whole_figures_is_exact(case: Any, actuals: list[int]) -> None:
    tree, said, _ = case
    of = catalogue(tree, list(said), roll_up={"orgs": "sum"}, kind="count")
    of_leaf = dict(zip(said, actuals, strict=False))
    top = rolled_up(of, [row(code, (1.0, 1.0), actual=float(actual)) for code, actual in of_leaf.items()])["O0"]
    assert top["actual"] == sum(of_leaf.values())


@a_frame_each
@given(cases(), st.sampled_from(METHODS), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(case: Any, method: str, random: Any) -> None:
    tree, said, weight = case
    of = catalogue(tree, list(said), weight, roll_up={"orgs": method})
    rows = [row(code, (num / 10, den / 10)) for code, (num, den) in said.items()]
    shuffled = random.sample(rows, len(rows))
    pd.testing.assert_frame_equal(
        roll_up_orgs(of, pd.DataFrame(shuffled)), roll_up_orgs(of, pd.DataFrame(rows)), check_exact=True
    )


@a_frame_each
@given(cases(), st.sampled_from(["parts", "weighted", "worst"]))
def test_what_is_rolled_up_lies_between_the_least_and_the_greatest(case: Any, method: str) -> None:
    tree, said, weight = case
    of = catalogue(tree, list(said), weight, roll_up={"orgs": method})
    found = rolled_up(of, [row(code, part) for code, part in said.items()])
    for org, made_of in members(of, of.kpis[0]).items():
        actuals = [on_screen(100 * said[code][0] / said[code][1]) for code in made_of]
        assert min(actuals) <= found[org]["actual"] <= max(actuals)


@a_frame_each
@given(cases(), st.sampled_from(METHODS), st.data())
def test_k_and_n_add_up(case: Any, method: str, data: st.DataObject) -> None:
    tree, said, weight = case
    of = catalogue(tree, list(said), weight, roll_up={"orgs": method})
    state = {code: data.draw(st.sampled_from(["reported", "blank", "absent", "not applicable"])) for code in said}
    assume(any(one != "absent" for one in state.values()))
    rows = []
    for code, part in said.items():
        if state[code] != "absent":
            figure = row(code, part if state[code] == "reported" else (nan, nan))
            rows.append(figure | {"not_applicable": state[code] == "not applicable"})
    found = rolled_up(of, rows)
    for org, made_of in members(of, of.kpis[0]).items():
        of_each = [state[code] for code in made_of]
        if all(one == "absent" for one in of_each):
            assert org not in found
            continue
        reported, expected = of_each.count("reported"), len(of_each) - of_each.count("not applicable")
        assert (found[org]["reported"], found[org]["expected"]) == (reported, expected)
        assert found[org]["not_applicable"] is (expected == 0)
        assert found[org]["partial"] is (method == "sum" and reported < expected)
        assert isnan(found[org]["actual"]) is (reported == 0)


# ---- over time -----------------------------------------------------------------------------------------------------


def year_to_date(of: Catalogue, rows: list[dict[str, Any]], span: str, as_at: Period) -> dict[str, Any]:
    frame = roll_up_time(of, pd.DataFrame(rows), as_at)
    (found,) = frame[frame["span"] == span].to_dict("records")
    return {str(name): value for name, value in found.items()}


@a_frame_each
@given(
    st.lists(parts(), min_size=12, max_size=12),
    st.lists(tenths, min_size=12, max_size=12),
    st.sampled_from(["parts", "sum"]),
    st.integers(1, 4),
)
def test_the_year_from_quarters_is_the_year_from_months(
    each: list[tuple[float, float]], actuals: list[float], method: str, quarters: int
) -> None:
    tree: dict[str, str | None] = {"O0": None}
    kind = "number" if method == "sum" else "percentage"
    monthly, quarterly = (
        catalogue(tree, ["O0"], frequency=often, kind=kind, roll_up={"time": method})
        for often in ("monthly", "quarterly")
    )
    april, first = Period.parse("2026-04"), Period.parse("2026-27-Q1")
    months = [
        row("O0", part, str(april.next(n)), actual if method == "sum" else None)
        for n, (part, actual) in enumerate(zip(each, actuals, strict=True))
    ]
    as_at = first.next(quarters - 1)
    rows = []
    for number in range(quarters):
        made = year_to_date(monthly, months, "Quarter", first.next(number))
        rows.append(row("O0", (made["numerator"], made["denominator"]), made["first_period"], made["actual"]))
        rows[-1]["period"] = str(first.next(number))
    from_quarters = year_to_date(quarterly, rows, "Year to date", as_at)
    from_months = year_to_date(monthly, months, "Year to date", as_at)
    for name in ("actual", "numerator", "denominator"):
        assert from_quarters[name] == from_months[name] or (method == "sum" and name != "actual")
    assert from_months["reported_periods"] == from_months["expected_periods"] == 3 * quarters


@a_frame_each
@given(st.lists(st.one_of(st.none(), tenths), min_size=12, max_size=12), st.integers(0, 11))
def test_orgs_then_periods_is_periods_then_orgs_for_sums(actuals: list[float | None], last: int) -> None:
    """A summed org's year is the sum of its members' years, whichever way round; complete or not."""
    tree: dict[str, str | None] = {"O0": None, "O1": "O0", "O2": "O0"}
    of = catalogue(tree, ["O1", "O2"], frequency="monthly", kind="number", roll_up={"orgs": "sum", "time": "sum"})
    april = Period.parse("2026-04")
    rows = [
        row(code, (nan, nan), str(april.next(n)), actual)
        for code in ("O1", "O2")
        for n, actual in enumerate(actuals if code == "O1" else actuals[::-1])
        if actual is not None and n <= last
    ]
    assume(rows)
    returned = pd.DataFrame(rows).assign(rolled_up=False, partial=False)
    frame = roll_up_time(of, pd.concat([returned, roll_up_orgs(of, returned)]), april.next(last))
    year = frame[frame["span"] == "Year to date"].set_index("org")
    of_members = year.loc[year.index != "O0"]
    assert year["actual"]["O0"] == float(sum(Decimal(repr(actual)) for actual in of_members["actual"].tolist()))
    assert bool(year["partial"]["O0"]) is bool(len(of_members) < 2 or of_members["partial"].any())


@a_frame_each
@given(st.lists(st.one_of(st.none(), tenths), min_size=12, max_size=12), st.sampled_from(["sum", "weighted", "worst"]))
def test_an_incomplete_span_is_never_complete(actuals: list[float | None], method: str) -> None:
    of = catalogue({"O0": None}, ["O0"], frequency="monthly", kind="number", roll_up={"time": method})
    april = Period.parse("2026-04")
    rows = [row("O0", (nan, nan), str(april.next(n)), value) for n, value in enumerate(actuals) if value is not None]
    assume(rows)
    year = year_to_date(of, rows, "Year to date", Period.parse("2026-27", Frequency.ANNUAL))
    assert (year["reported_periods"], year["expected_periods"]) == (len(rows), 12)
    is_rated = year["rag"] in ("Green", "Amber", "Red")
    assert is_rated is (method != "sum" or len(rows) == 12)


# ---- the arithmetic ------------------------------------------------------------------------------------------------

any_size = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300)
grouped = st.lists(st.tuples(st.integers(0, 3), st.one_of(whole, tenths, any_size)), max_size=20)


@given(grouped)
def test_sums_are_those_of_the_decimals_that_are_printed(terms: list[tuple[int, float]]) -> None:
    group = np.array([number for number, _ in terms], dtype=np.int64)
    found = sums(np.array([value for _, value in terms], dtype=np.float64), group, 4)
    exact = [sum((Fraction(repr(v)) for n, v in terms if n == number), Fraction(0)) for number in range(4)]
    assert list(found) == [on_screen(total) for total in exact]


@given(st.lists(st.tuples(st.integers(0, 3), tenths, weights), max_size=20))
def test_means_are_the_exact_ones_rounded(terms: list[tuple[int, float, int]]) -> None:
    group, value, weight = (np.array(column) for column in zip(*terms, strict=True)) if terms else (np.zeros(0),) * 3
    found = means(value.astype(float), weight.astype(float), group.astype(np.int64), 4)
    for number in range(4):
        mine = [(Fraction(repr(v)), w) for n, v, w in terms if n == number]
        if not mine:
            assert isnan(found[number])
            continue
        assert found[number] == on_screen(sum(v * w for v, w in mine) / sum(w for _, w in mine))
