"""Every message of the command line and the add-in, in one list: a changed sentence shows in a diff."""

from __future__ import annotations

from collections.abc import Callable

from tests.golden.messages import messages


def test_every_message_is_as_it_was(golden: Callable[[str, str], None]) -> None:
    golden("messages", messages())


def test_what_a_click_answers_an_error_and_a_finding_are_in_the_list() -> None:
    said = messages()
    assert "No returns have been issued for {...} yet." in said  # status, in both faces
    assert "'xlperf init DIR' makes one" in said  # an error
    assert "In Excel choose Save As, 'Excel Workbook (.xlsx)', and send that file." in said  # what to do about F004
    assert 'Use ""xlperf collate"" in the Start menu instead' in said  # Basic
