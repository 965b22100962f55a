"""Data quality marks: how far a figure can be relied on."""

from __future__ import annotations

from datetime import date

import pytest

from xlperf.rules.quality_marks import QualityMarks, sign_off, timeliness, worst_of

DEADLINE, CLOSE = date(2026, 7, 16), date(2026, 7, 23)


@pytest.mark.parametrize(
    ("signed", "validated", "mark"),
    [(True, True, "Green"), (True, False, "Amber"), (False, True, "Amber"), (False, False, "Red")],
)
def test_sign_off_wants_a_signature_and_a_check(signed: bool, validated: bool, mark: str) -> None:
    assert sign_off(signed=signed, validated=validated) == mark


@pytest.mark.parametrize(
    ("returned", "mark"),
    [
        (date(2026, 7, 1), "Green"),
        (DEADLINE, "Green"),
        (date(2026, 7, 17), "Amber"),
        (CLOSE, "Amber"),
        (date(2026, 7, 24), "Red"),
        (None, "Red"),
    ],
)
def test_timeliness_is_by_the_deadline_then_by_the_hard_close(returned: date | None, mark: str) -> None:
    assert timeliness(returned, DEADLINE, CLOSE) == mark


def test_a_rolled_up_figure_is_as_sure_as_the_least_sure_of_its_parts() -> None:
    parts = [QualityMarks("Green", "Amber", "", "Green"), QualityMarks("Amber", "Green", "", "Red")]
    assert worst_of(parts) == QualityMarks("Amber", "Amber", "", "Red")
    assert worst_of([]) == QualityMarks()


def test_marks_are_printed_as_the_word_for_the_worst_and_said_in_words() -> None:
    marks = QualityMarks("Green", "Amber", "", "Red")
    assert marks.word == "poor"
    assert marks.words == "sign-off Green, timeliness Amber, audit not stated, systems Red"


def test_where_nothing_is_known_nothing_is_printed() -> None:
    assert (QualityMarks().word, QualityMarks().words) == ("", "")
