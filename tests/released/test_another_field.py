"""A field is one record: added at that one place, it is asked for, read, kept, imported and shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.released.later import goes_on


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a later version with one field more makes of the first one's workspace."""
    return goes_on("with_another_field", tmp_path_factory.mktemp("later") / "workspace")


def test_a_return_issued_before_the_field_was_there_is_taken_without_a_word_about_it(told: dict[str, Any]) -> None:
    assert told["out"] == ["Accepted"]


def test_what_was_recorded_before_means_what_it_meant(told: dict[str, Any]) -> None:
    assert told["verified"] == told["verified at last"] == []


def test_a_return_from_the_new_template_asks_for_it(told: dict[str, Any]) -> None:
    column = {name: said for name, said in told["made"].items() if name != "lists"}
    assert column == {
        "is like commentary": True, "locked": False, "width": 33, "hint": ["What to do otherwise."], "value": None,
    }  # fmt: skip


def test_a_return_from_an_older_restyled_template_asks_for_it_too(told: dict[str, Any]) -> None:
    assert told["grown"]["is like commentary"]
    assert not told["grown"]["locked"]
    assert told["grown"]["width"] == 33
    assert told["grown"]["hint"] == ["What to do otherwise."]


def test_excel_checks_and_hints_there_as_in_the_new_template(told: dict[str, Any]) -> None:
    assert told["grown"]["lists"] == told["made"]["lists"]
    assert {kind for kind, *_ in told["made"]["lists"].values()} == {"custom", "date", "list", None}


def test_what_an_owner_types_is_read_kept_and_filled_in_when_asked_again(told: dict[str, Any]) -> None:
    assert told["new"] == ["Accepted"]
    assert told["record"] == {"lesson": "Start in May", "staff": 0, "checked on": "2027-01-05", "audited": True}
    assert told["filled in"] == ["Start in May", "0", "46392", "Yes"]
    assert told["shown"] == ["Start in May", "0", "46392", "yes"]


def test_history_may_have_it(told: dict[str, Any]) -> None:
    assert told["import"] == []
    assert told["data"]["2025-26-Q1"] == "Ask earlier"


def test_data_shows_it_to_the_right_of_the_columns_that_were_there_and_empty_where_it_was_not_asked(
    told: dict[str, Any],
) -> None:
    assert told["columns"][-1] == "Lesson learnt"
    assert told["data"]["2026-27-Q3"] == "Start in May"
    assert told["data"]["2026-27-Q2"] == ""
