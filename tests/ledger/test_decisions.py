"""What decisions come to when people type them without seeing each other's."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from xlperf.ledger import TypedWords
from xlperf.ledger.records import NO_DECISION, Decision, DecisionCells
from xlperf.ledger.settled import Settled, settle

A, B = "master.xlsx (ann@one)", "master.xlsx (ben@two)"


def said(stage: str) -> DecisionCells:
    return (stage, "Board" if stage else "", "", "")


def decision(stage: str, over: str, book: str) -> Decision:
    return Decision("V1", "TRUST", *said(stage), over=said(over), book=book)


def chain(stages: Sequence[str], book: str) -> list[Decision]:
    """What one analyst types one after the other into a master that only they collate."""
    before = ["", *stages]
    return [decision(stage, before[i], book) for i, stage in enumerate(stages) if stage != before[i]]


def in_view(settled: Settled[Decision]) -> set[DecisionCells]:
    """What a person is shown: the sides of a dispute, or what counts."""
    return {d.cells for d in settled.disputed} or ({settled.history[-1].cells} if settled.history else {NO_DECISION})


def stages(*names: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), max_size=5)


@given(stages("Enhanced", "Targeted"), stages("enhanced", "Special"), st.randoms(use_true_random=False))
def test_what_each_of_two_analysts_decided_last_is_in_view(ours: list[str], theirs: list[str], dice: object) -> None:
    one, two = chain(ours, A), chain(theirs, B)
    mixed: list[Decision] = []
    left, right = list(one), list(two)
    while left or right:
        side = left if left and (not right or dice.random() < 0.5) else right  # type: ignore[attr-defined]
        mixed.append(side.pop(0))

    settled = settle(mixed)

    for last in (each[-1] for each in (one, two) if each):
        assert last.cells in in_view(settled)
    assert len(settled.disputed) == (2 if one and two else 0)
    assert not settled.disputed or settled.disputed[0] == settled.history[-1]


@given(stages("", "Enhanced", "Targeted"))
def test_one_analyst_alone_never_has_to_choose(theirs: list[str]) -> None:
    typed = chain(theirs, A)

    assert settle(typed) == Settled(tuple(typed))


def test_typing_over_the_choice_settles_it_whatever_is_typed() -> None:
    before = [decision("Enhanced", "", A), decision("Targeted", "", B)]
    choice, by, on, rationale = settle(before).shown

    for stage in ("Enhanced", "Targeted", "Special", ""):
        chosen = Decision("V1", "TRUST", *said(stage), over=(choice, by, on, rationale), book=A)
        settled = settle([*before, chosen])
        assert settled.shown == said(stage)
        assert not settled.disputed


def test_who_comes_round_to_what_the_other_decided_ends_the_dispute() -> None:
    first, other = decision("Enhanced", "", A), decision("Targeted", "", B)

    assert settle([first, other, decision("Targeted", "Enhanced", A)]) == Settled((first, other))
    assert settle([first, other, decision("Enhanced", "Targeted", B)]) == Settled((first,))


def test_three_who_did_not_see_each_other_are_all_shown() -> None:
    settled = settle([decision("Enhanced", "", A), decision("Targeted", "", B), decision("Special", "", "third")])

    assert [d.stage for d in settled.disputed] == ["Enhanced", "Targeted", "Special"]
    assert settled.history[-1].stage == "Enhanced"


def test_records_from_before_this_was_kept_count_by_their_order() -> None:
    old = [Decision("V1", "TRUST", "Enhanced"), Decision("V1", "TRUST", "Targeted")]

    assert settle(old) == Settled(tuple(old))


def test_the_choice_is_one_short_line_however_long_and_odd_the_texts_are() -> None:
    odd = Decision("V1", "TRUST", "x" * 40_000, "a\r\nb", over=NO_DECISION, book=A)

    text = settle([odd, decision("Targeted", "", B)]).shown[0]

    assert len(text) < 200
    assert text.isprintable()


def dated(on: str, over: Decision | None, at: str, rationale: str = "") -> Decision:
    before = over.cells if over else NO_DECISION
    return Decision("V1", "TRUST", "Enhanced", "Board", on, rationale, over=before, book=A, at=at)


def test_a_slip_in_the_date_is_corrected_and_leaves_no_trace_of_itself() -> None:
    slip = dated("2025-07-23", None, "2026-07-25T09:00:00Z")
    right = dated("2026-07-23", slip, "2026-07-28T09:00:00Z")
    (corrected,) = settle([slip, right]).history
    assert (corrected.on, corrected.at) == (right.on, slip.at)  # it is the decision that was recorded then
    swapped = dated("2026-03-07", None, "2026-07-25T09:00:00Z")
    assert len(settle([swapped, dated("2026-07-03", swapped, "2026-07-28T09:00:00Z")]).history) == 1
    future = dated("2036-07-23", None, "2026-07-25T09:00:00Z")
    assert settle([future, dated("2026-07-23", future, "2026-07-28T09:00:00Z")]).history[0].on == "2026-07-23"


def test_a_decision_made_again_at_a_review_holds_since_the_first() -> None:
    first = dated("2026-07-23", None, "2026-07-25T09:00:00Z")
    again = dated("2026-10-22", first, "2026-10-24T09:00:00Z")
    assert settle([first, again]).history == (first, again)
    late = dated("2026-06-01", dated("2026-03-01", None, ""), "2026-06-12T09:00:00Z")
    assert len(settle([dated("2026-03-01", None, "2026-06-10T09:00:00Z"), late]).history) == 2
    reasoned = dated("2026-07-20", first, "2026-07-28T09:00:00Z", "for another reason")
    assert settle([first, reasoned]).history == (first, reasoned)


def words(text: str, over: str, by: str = "", over_by: str = "", book: str = A) -> TypedWords:
    """What is said of a figure, approved by somebody on a day or by nobody, typed over something else."""
    said, before = ((each, who, "2026-07-01" if who else "") for each, who in ((text, by), (over, over_by)))
    return TypedWords("S1", "TRUST", "2026-27-Q1", *said, over=before, book=book)


def test_words_are_settled_as_decisions_are() -> None:
    first, other = words("It is winter", ""), words("It is not", "", book=B)
    settled = settle([first, other])
    assert settled.disputed == (first, other)
    choice, by, on = settled.shown
    chosen = TypedWords("S1", "TRUST", "2026-27-Q1", "It is both", over=(choice, by, on), book=A)
    assert settle([first, other, chosen]) == Settled((first, chosen))


def test_an_approval_that_was_left_beside_other_words_is_shown_no_more_and_what_follows_is_no_dispute() -> None:
    approved = words("It is winter", "", by="Director")
    changed = words("It is not", "It is winter", by="Director", over_by="Director")
    assert settle([approved, changed]).shown == ("It is not", "", "")
    again = words("It is not", "It is not", by="Director")
    settled = settle([approved, changed, again])
    assert (settled.shown, settled.disputed) == (("It is not", "Director", "2026-07-01"), ())


def test_an_approval_that_is_typed_again_with_the_words_holds_for_them() -> None:
    approved = words("It is winter", "", by="Director")
    changed = words("It is not", "It is winter", by="Chief Executive", over_by="Director")
    assert settle([approved, changed]).shown == ("It is not", "Chief Executive", "2026-07-01")
