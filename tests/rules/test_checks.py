from __future__ import annotations

from dataclasses import replace

import pytest

from xlperf.catalogue.reporting import Rules
from xlperf.rules.answers_owed import Answers, still_needed, unexplained
from xlperf.rules.rag import Rag

FULL = Answers(commentary=True, action=True, action_owner=True, action_due=True, validated=True)


@pytest.mark.parametrize(
    ("rag", "answers", "expected"),
    [
        (Rag.NOT_RETURNED, Answers(), ("figure",)),
        (Rag.GREEN, Answers(validated=True), ()),
        (Rag.GREEN, Answers(), ("data validated",)),
        (Rag.AMBER, Answers(validated=True), ("commentary",)),
        (Rag.RED, Answers(), ("commentary", "action", "action owner", "action due date", "data validated")),
        (Rag.RED, FULL, ()),
        (Rag.RED, replace(FULL, is_due_passed=True), ("action due date (the last has passed)",)),
        (Rag.GREEN, replace(FULL, is_due_passed=True), ("action due date (the last has passed)",)),
        (Rag.GREEN, replace(FULL, action=False, is_due_passed=True), ()),
        (Rag.GREEN, Answers(action=True, validated=True), ("action owner", "action due date")),
        (Rag.NOT_APPLICABLE, Answers(), ("reason why not applicable",)),
        (Rag.NOT_APPLICABLE, Answers(reason_not_applicable=True), ()),
        (Rag.GREEN, Answers(validated=True, restated=True), ("reason for restatement",)),
        (Rag.GREEN, Answers(validated=True, changed=True), ("what changed",)),
    ],
)
def test_what_an_owner_still_owes(rag: Rag, answers: Answers, expected: tuple[str, ...]) -> None:
    assert still_needed(rag, answers, Rules()) == expected


def test_the_catalogue_says_which_colours_need_words() -> None:
    red_only = Rules(commentary_needed=("Red",), action_needed=())
    assert still_needed(Rag.AMBER, Answers(validated=True), red_only) == ()
    assert still_needed(Rag.RED, Answers(validated=True), red_only) == ("commentary",)


G, A, R = Rag.GREEN, Rag.AMBER, Rag.RED


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([], ("Amber", "Red")),
        ([(G, True)], ("Amber", "Red")),
        ([(A, True)], ("Red",)),
        ([(R, True)], ()),
        ([(R, False)], ("Amber", "Red")),
        ([(R, False), (R, True)], ()),
        ([(R, False), (A, True)], ("Red",)),
        ([(A, True), (R, True)], ("Red",)),
        ([(A, False), (R, True)], ("Red",)),
        ([(R, False), (G, True), (R, True)], ("Amber", "Red")),
        ([(Rag.NOT_APPLICABLE, True), (R, True)], ("Amber", "Red")),
    ],
)
def test_a_colour_is_explained_once_for_a_run_of_figures_as_bad(
    before: list[tuple[Rag, bool]], expected: tuple[str, ...]
) -> None:
    assert unexplained(("Amber", "Red"), before) == expected


def test_a_row_may_need_commentary_with_other_colours_than_the_catalogue_says() -> None:
    assert still_needed(Rag.RED, Answers(validated=True), Rules(action_needed=()), ()) == ()
    assert still_needed(Rag.GREEN, Answers(validated=True), Rules(), ("Green",)) == ("commentary",)
