"""RAG and the verdicts on the process, where they say different things."""

from __future__ import annotations

import pytest

from xlperf.rules.disagreement import flag
from xlperf.rules.rag import Rag


@pytest.mark.parametrize(
    ("rag", "trend", "assurance", "expected"),
    [
        ("Green", "deteriorating", "inconsistent", "Green, but deteriorating"),
        ("Green", "deteriorating", None, "Green, but deteriorating"),
        ("Green", "steady", "consistent_fail", "Green, but expected to miss the target"),
        ("Green", "deteriorating", "consistent_fail", "Green, but deteriorating and expected to miss the target"),
        ("Blue", "deteriorating", None, "Blue, but deteriorating"),
        (
            "Red",
            "improving",
            "consistent_fail",
            "Red and improving, but if it stops improving it is expected to miss the target",
        ),
        (
            "Green",
            "improving",
            "consistent_fail",
            "Green and improving, but if it stops improving it is expected to miss the target",
        ),
        ("Red", "improving", "consistent_pass", "Red, but improving and expected to meet the target"),
        ("Red", "deteriorating", "consistent_pass", "Red, but expected to meet the target"),
        ("Amber", "steady", "consistent_pass", "Amber, but expected to meet the target"),
    ],
)
def test_what_disagrees_is_said_in_words(rag: str, trend: str, assurance: str | None, expected: str) -> None:
    assert flag(rag, trend, assurance) == expected


@pytest.mark.parametrize(
    ("rag", "trend", "assurance"),
    [
        ("Green", "improving", "consistent_pass"),
        ("Green", "steady", "inconsistent"),
        ("Green", "not enough data", None),
        ("Amber", "deteriorating", "consistent_fail"),
        ("Amber", "improving", "inconsistent"),
        ("Red", "deteriorating", "consistent_fail"),
        ("Red", "falling", None),
    ],
)
def test_what_agrees_is_not_remarked_on(rag: str, trend: str, assurance: str | None) -> None:
    assert flag(rag, trend, assurance) == ""


@pytest.mark.parametrize("rag", ["No target", "Not due", "Not returned", "Not applicable"])
def test_what_is_not_rated_disagrees_with_nothing(rag: str) -> None:
    found = {
        flag(Rag(rag), trend, assurance)
        for trend in ("improving", "deteriorating")
        for assurance in ("consistent_pass", "consistent_fail")
    }
    assert found == {""}
