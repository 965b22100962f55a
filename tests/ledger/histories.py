"""Random histories of a ledger: returns sent, sent again, restated, held, released, imported; editions between."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from xlperf.findings import finding
from xlperf.findings.location import Location
from xlperf.ledger import Decision, Edition, Imported, LedgerRun, Received, Record, Released, TypedWords
from xlperf.ledger.records import ACCEPTED, HELD, REJECTED
from xlperf.returns.figure import FieldValue, Figure

PERIODS = ("2025-26-Q3", "2025-26-Q4", "2026-27-Q1")
_numbers = st.sampled_from([None, 0.0, -0.0, 1.0, 1, 97.25, 1e-7, 123456789012345.0, 2**60])
_words = st.sampled_from(["", "a", 'one\u2028two\n"three" \ud800 Ŵ', "Yes"])
_answers = st.sampled_from(["a", 1, 1.0, True, 0.0, -0.0])
_others: st.SearchStrategy[list[tuple[str, FieldValue]]]
_others = st.lists(st.tuples(st.sampled_from(["x", "y"]), _answers), max_size=2)


@st.composite
def _figures(draw: st.DrawFn) -> tuple[Figure, ...]:
    def figure() -> Figure:
        return Figure(
            draw(st.sampled_from(["K1", "K2"])),
            draw(st.sampled_from(["A", "B"])),
            draw(st.sampled_from(PERIODS)),
            actual=draw(_numbers),
            numerator=draw(_numbers),
            not_applicable=draw(st.booleans()),
            commentary=draw(_words),
            restated=draw(st.integers(0, 3)) == 0,
            others=tuple(draw(_others)),
        )

    return tuple(figure() for _ in range(draw(st.integers(0, 4))))


@st.composite
def _records(draw: st.DrawFn, at: str) -> Record:
    kind = draw(st.integers(0, 10))
    sha256 = draw(st.sampled_from("abcdef"))
    if kind < 5:
        serial = draw(st.integers(1, 3))
        found = (finding("I005", "odd", Location("f.xlsx", "Return", "L7")),) if draw(st.booleans()) else ()
        more: dict[str, Any] = {"figures": draw(_figures()), "findings": found, "at": at}
        owner, period = draw(st.sampled_from(["o1", "o2"])), draw(st.sampled_from(PERIODS))
        outcome = draw(st.sampled_from([ACCEPTED, ACCEPTED, HELD, REJECTED]))
        return Received(sha256, f"{sha256}.xlsx", period, outcome, f"id{serial}", serial, owner, period, **more)
    if kind < 7:
        return Imported(sha256, "h.csv", draw(_figures()), at=at)
    if kind == 7:
        return Released(sha256, draw(st.booleans()), "why", "Ann", at)
    if kind == 8:
        return Decision("K1", "A", draw(_words), over=draw(st.sampled_from([None, ("", "", "", "")])), at=at)
    if kind == 9:
        figure = draw(st.sampled_from(["", "5.5 (Red)"]))
        return TypedWords("K1", "A", draw(st.sampled_from(PERIODS)), draw(_words), figure=figure, at=at)
    return Edition(draw(st.sampled_from(PERIODS)), {"e.xlsx": "00ff"}, at)


@st.composite
def histories(draw: st.DrawFn) -> tuple[LedgerRun, ...]:
    """Runs of a ledger, in order."""
    made: list[LedgerRun] = []
    for number in range(draw(st.integers(1, 6))):
        at = f"2026-07-0{number + 1}T09:00:00Z"
        records = tuple(draw(_records(at)) for _ in range(draw(st.integers(0, 3))))
        after = (made[-1].name,) if made else ()
        made.append(LedgerRun(f"run{number}", "test", at, "Ann", records, after, f"{number:064}", is_sealed=True))
    return tuple(made)
