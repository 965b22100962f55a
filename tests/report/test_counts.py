"""What the counts count: each owner and each figure once, and in the count that its name says."""

from __future__ import annotations

from dataclasses import replace

from tests.conftest import Q1
from tests.ledger.records import issued, received
from xlperf.assessment.counts import Colours, colours
from xlperf.assessment.latest import Latest
from xlperf.assessment.return_counts import ReturnCounts, returns_of
from xlperf.catalogue import Catalogue
from xlperf.ledger import LedgerRun, state_of
from xlperf.ledger.records import HELD
from xlperf.period import Frequency, Period
from xlperf.report.count_words import colour_words, on_target_words
from xlperf.rules.rag import Rag
from xlperf.rules.runs import RunOfFigures


def test_an_owner_whose_return_counts_is_not_held_though_a_later_file_is(catalogue: Catalogue) -> None:
    accepted = received("a", 80.0)
    later = replace(received("b", 85.0, saved="2026-07-09T09:00:00"), outcome=HELD)
    of_beta = replace(received("c", 85.0, serial=2), owner="beta", outcome=HELD)
    run = LedgerRun("r1", "collate", "2026-07-10", "x", (issued(1), issued(2, "beta"), accepted, later, of_beta))
    state = state_of([run])
    assert set(state.held) == {("alpha", Q1), ("beta", Q1)}
    counts = returns_of(catalogue, state, Period.parse(Q1, Frequency.QUARTERLY))
    assert counts == ReturnCounts(issued=2, returned=1, held=1)


def test_the_reds_without_a_colour_now_are_those_that_somebody_should_have_returned(catalogue: Catalogue) -> None:
    kpi, org = catalogue.kpi_by_id["V1"], catalogue.org_by_code["TRUST"]
    red = {"rag": "Red", "period_number": 1}
    run = RunOfFigures(red, red, 1)
    listed = [Latest(kpi, org, rag, None, None, off_target=run) for rag in (Rag.CLOSED, Rag.NOT_RETURNED, Rag.RED)]
    counted = colours(listed)
    assert counted.by_rag == {Rag.CLOSED: 1, Rag.NOT_RETURNED: 1, Rag.RED: 1}
    assert counted.were_red == {Rag.NOT_RETURNED: 1}


def counted(by_rag: dict[Rag, int], were_red: dict[Rag, int] | None = None) -> Colours:
    """So many of each colour."""
    return Colours(by_rag, were_red or {})


def test_what_was_red_stands_beside_the_count_that_it_is_of() -> None:
    """A reader of `4 Not returned and 2 Not due (1 was Red)` took the Red for one that is not due."""
    numbers = {Rag.GREEN: 3, Rag.NOT_RETURNED: 4, Rag.NOT_DUE: 2}
    assert colour_words(counted(numbers, {Rag.NOT_RETURNED: 1})) == "3 Green, 4 Not returned (1 was Red), 2 Not due"
    one = counted({Rag.NOT_RETURNED: 1}, {Rag.NOT_RETURNED: 1})
    assert colour_words(one) == "1 Not returned (was Red)"
    both = counted(numbers, {Rag.NOT_RETURNED: 2, Rag.NOT_DUE: 1})
    assert colour_words(both) == "3 Green, 4 Not returned (2 were Red), 2 Not due (1 was Red)"


def test_on_target_is_of_all_that_apply_so_that_no_answer_looks_complete_without_what_is_lacking() -> None:
    numbers = {Rag.RED: 1, Rag.GREEN: 1, Rag.BLUE: 1, Rag.NOT_RETURNED: 3, Rag.NO_TARGET: 2, Rag.NOT_DUE: 1}
    assert on_target_words(counted(numbers)) == "2 of 9 on target"
    assert on_target_words(counted({**numbers, Rag.NOT_APPLICABLE: 4, Rag.CLOSED: 1})) == "2 of 9 on target"
    assert on_target_words(counted({Rag.NOT_RETURNED: 3})) == "no figure to judge"
