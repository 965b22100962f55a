"""What an owner said last time stands in the return beside what is asked now."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Q1, Q2, Q3, catalogue_data, make_kpi
from xlperf.catalogue import Catalogue
from xlperf.returns import layout
from xlperf.returns.figure import Figure
from xlperf.returns.filled_in import filled_in
from xlperf.returns.identity import Identity
from xlperf.returns.issue import build_form
from xlperf.returns.last_words import KEPT, said_with, taken

CATALOGUE = Catalogue.model_validate(catalogue_data() | {"kpis": [make_kpi(id="K", kind="money")]})
SAID = Figure(
    "K",
    "TRUST",
    Q1,
    5.0,
    commentary="Fewer applicants",
    cause="Late adverts",
    action="Second round",
    action_owner="Head of service",
    action_due="2026-12-27",
    forecast=0.0,
)
SHOWN = ("Last commentary", "Last cause", "Last action", "Last forecast")


def shown(*before: Figure) -> list[Any]:
    """What a return of the second quarter shows of earlier answers."""
    identity = Identity("0" * 16, 1, "alpha", Q2, "1", CATALOGUE.hash, layout.TEMPLATE_VERSION)
    (row,) = build_form(CATALOGUE, identity, {figure.key: figure for figure in before}).rows
    return [row.get(header) for header in SHOWN]


def test_commentary_cause_action_and_forecast_are_shown_with_their_period() -> None:
    assert shown(SAID) == [
        "Q1 26-27: Fewer applicants",
        "Q1 26-27: Late adverts",
        "Q1 26-27: Second round (Head of service, by 27 Dec 2026)",
        "Q1 26-27: 0",
    ]


def test_where_the_last_period_was_not_returned_it_is_the_one_before() -> None:
    assert (
        shown(Figure("K", "TRUST", "2025-26-Q4", 5.0, commentary="Closed for a week"))[0]
        == "Q4 25-26: Closed for a week"
    )


@pytest.mark.parametrize(
    "before",
    [(), (Figure("K", "TRUST", Q1, 5.0),), (Figure("K", "TRUST", "2024-25-Q4", 5.0, commentary="Long ago"),)],
)
def test_where_nothing_was_said_or_too_long_ago_nothing_stands_there(before: tuple[Figure, ...]) -> None:
    assert shown(*before) == [None, None, None, None]


def test_what_was_said_with_a_figure_is_not_said_of_a_later_one_without_words() -> None:
    earlier = Figure("K", "TRUST", "2025-26-Q4", 5.0, commentary="Closed for a week")
    assert shown(earlier, Figure("K", "TRUST", Q1, 6.0))[0] is None


RATE = Catalogue.model_validate(catalogue_data() | {"kpis": [make_kpi(id="K")]})


@pytest.mark.parametrize(
    ("by_quarter", "cell"),
    [
        ({Q1: 82.0}, "Q1 26-27: 82, Red (year-end target 90.0)"),
        ({Q1: 90.5}, "Q1 26-27: 90.5, Green (year-end target 90.0)"),
        # What was given last stands, also where an empty cell followed; but not into another year.
        ({Q1: 82.0, Q2: None}, "Q1 26-27: 82, Red (year-end target 90.0)"),
        ({"2025-26-Q4": 82.0, Q1: None}, None),
    ],
)
def test_the_owner_sees_the_colour_of_the_forecast_that_stands(by_quarter: dict[str, Any], cell: str | None) -> None:
    figures = {(each := Figure("K", "TRUST", period, 91.0, forecast=forecast)).key: each
               for period, forecast in by_quarter.items()}  # fmt: skip
    identity = Identity("0" * 16, 1, "alpha", Q3, "1", RATE.hash, layout.TEMPLATE_VERSION)
    (row,) = build_form(RATE, identity, figures).rows
    assert row.get("Last forecast") == cell


WORDS: dict[str, st.SearchStrategy[Any]] = {
    "commentary": st.sampled_from(("", "Fewer applicants", "They are back")),
    "cause": st.sampled_from(("", "Late adverts", "A new system")),
    "action": st.sampled_from(("", "Second round", "Third round")),
    "action_owner": st.sampled_from(("", "Head of service", "Deputy head")),
    "action_due": st.sampled_from(("", "2026-12-27", "2026-07-01")),
    "forecast": st.sampled_from((None, 0.0, 8.5)),
}
SPOKEN = st.fixed_dictionaries(WORDS)


@given(last=SPOKEN, typed=SPOKEN)
def test_a_row_filled_in_again_says_what_it_said(last: dict[str, Any], typed: dict[str, Any]) -> None:
    words = said_with(Figure("K", "TRUST", Q1, 5.0, **last))
    said = said_with(Figure("K", "TRUST", Q2, 6.0, **typed))
    accepted = Figure("K", "TRUST", Q2, 6.0).with_answers({**said, **taken(words, said), "still_right": bool(words)})
    cells = dict(filled_in(accepted, words))
    again = {field.id for field in KEPT if cells.get(field.header) is not None}
    kept = taken(words, again) if cells.get("Still right") else {}
    answers = {name: accepted.answer(name) for name in again}
    assert {**answers, **kept} == said_with(accepted)


def test_a_text_as_long_as_a_cell_still_fits() -> None:
    assert len(shown(Figure("K", "TRUST", Q1, 5.0, commentary="x" * 32_767))[0]) <= 32_767
