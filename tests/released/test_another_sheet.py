"""A sheet of the master is one record, and a column another: added there, an old master has them after a collation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.released.later import goes_on


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a later version with one sheet more, and one column, makes of the first one's workspace."""
    folder = tmp_path_factory.mktemp("later")
    return goes_on("with_another_sheet", folder / "workspace", folder / "shipped")


def test_the_sheet_stands_where_it_belongs_among_peoples_and_ours(told: dict[str, Any]) -> None:
    assert told["sheets"].index("Words") == told["sheets"].index("KPIs") + 1
    assert [sheet for sheet in told["sheets"] if sheet in told["before"]] == told["before"]
    assert told["head"]


def test_sheet_and_column_are_filled(told: dict[str, Any]) -> None:
    assert len(told["words"]) > 5
    assert told["words"] == told["kpis"]
    assert all(int(length) > 3 for _, length in told["words"])


def test_about_says_once_what_is_new(told: dict[str, Any]) -> None:
    sheets, version = told["about"]["Sheets added"].split(": ")
    assert "Words" in sheets.split(", ")
    assert version == "new in xlperf 0.9.0"
    assert "Length of name in tbl_kpis" in told["about"]["Columns added"]
    assert told["again"] == []


def test_what_people_do_in_it_is_kept_from_then_on(told: dict[str, Any]) -> None:
    assert told["note"] == ["ask about this one"]


def test_an_edition_has_it_too(told: dict[str, Any]) -> None:
    assert told["edition"] == told["sheets"]


def test_a_sheet_of_a_persons_own_of_that_name_is_named_and_the_master_stays_as_it_was(told: dict[str, Any]) -> None:
    assert "has a sheet 'words' of your own" in told["refused"]
    assert "Rename yours" in told["refused"]
    assert told["left"]
