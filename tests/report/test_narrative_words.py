"""What is said of words whose figure, or a part of it, has changed since they were typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.conftest import Q1, at
from xlperf.assessment import Assessment
from xlperf.assessment.roll_up_words import NO_FIGURE, ExecutiveWords, Stood, stood
from xlperf.catalogue import Catalogue
from xlperf.ledger import Settled, TypedWords, state_of
from xlperf.period import Period
from xlperf.report.narrative_words import moved

NOW = at("2026-07-20")


def row(shown: str, rag: str, *, not_applicable: bool = False) -> dict[str, Any]:
    return {"period": Q1, "shown": shown, "rag": rag, "not_applicable": not_applicable}


def words(then: Stood, now: Stood, by: str = "") -> ExecutiveWords:
    typed = TypedWords("S1", "TRUST", Q1, "It is winter.", by, "2026-07-14" if by else "", then.figure, then.members)
    return ExecutiveWords(Settled((typed,)), then, now, NOW.date())


@pytest.mark.parametrize(
    ("then", "now", "says"),
    [
        (("5.5 (Red)",), ("5.5 (Red)",), ""),
        (("5.5 (Red)",), ("4.8 (Amber)",), "written when the figure was 5.5 (Red); it is 4.8 (Amber) now"),
        # By a target that was changed the figure is the same, and what was said of a Green may be odd of a Red.
        (("5.5 (Green)",), ("5.5 (Red)",), "written when the figure was 5.5 (Green); it is 5.5 (Red) now"),
        (("5.5 (Red)",), (NO_FIGURE,), "written when the figure was 5.5 (Red); it is no figure now"),
        (
            ("5.5 (Red)", "NORTH 8.0 (Red)"), ("5.5 (Red)", "NORTH 8.0 (Red); SOUTH 3.0 (Green)"),
            "written before a part of the figure changed: South site was no part and is 3.0 (Green) now",
        ),
        (
            ("5.5 (Red)", "NORTH 8.0 (Red); GONE 1.0 (Red); SOUTH 3.0 (Green)"), ("5.5 (Red)", "NORTH 7.0 (Red)"),
            ("written before a part of the figure changed: North site was 8.0 (Red) and is 7.0 (Red) now; GONE was 1.0 "
             "(Red) and is no part now; and 1 more"),
        ),
        (("5.5 (Red)", "sha256:aa"), ("5.5 (Red)", "sha256:bb"), "written before a part of the figure changed"),
    ],
)  # fmt: skip
def test_it_is_said_what_has_changed(catalogue: Catalogue, then: Sequence[str], now: Sequence[str], says: str) -> None:
    assessment = Assessment(catalogue, state_of([]), Period.parse(Q1), NOW)
    assert moved(assessment, words(Stood(*then), Stood(*now))) == says


def test_of_approved_words_it_is_the_approval_that_is_dated(catalogue: Catalogue) -> None:
    assessment = Assessment(catalogue, state_of([]), Period.parse(Q1), NOW)
    said = words(Stood("5.5 (Red)"), Stood("4.8 (Amber)"), by="Director")
    assert moved(assessment, said).startswith("approved when the figure was 5.5 (Red)")


def test_how_a_figure_stands_is_what_a_reader_sees_of_it() -> None:
    series = {
        ("S1", "TRUST"): (row("5.5", "Red"),),
        ("S1", "NORTH"): (row("n/a", "Not applicable", not_applicable=True),),
        ("S1", "SOUTH"): (row("3.0", "Green"),),
    }
    assert stood(series, "S1", "TRUST", ("NORTH", "SOUTH", "EAST"), Q1) == Stood(
        "5.5 (Red)", "NORTH Not applicable; SOUTH 3.0 (Green); EAST no figure"
    )


def test_more_members_than_a_cell_holds_are_compared_all_the_same() -> None:
    orgs = [f"ORG{number}" for number in range(2000)]
    series = {("S1", org): (row("5.5", "Red"),) for org in orgs}
    before = stood(series, "S1", "TRUST", orgs, Q1)
    after = stood({**series, ("S1", "ORG1999"): (row("5.6", "Red"),)}, "S1", "TRUST", orgs, Q1)
    assert len(before.members) < 100
    assert before != after
    assert before.by_member == {}
