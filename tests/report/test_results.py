"""What the command line and the add-in say about a result."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import Q1, Team, fill
from xlperf.cli import main
from xlperf.report import results
from xlperf.workflow.cycle.chase import status
from xlperf.workflow.workspace.run import now


def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> list[str]:
    monkeypatch.setattr(sys, "argv", ["xlperf", *map(str, arguments)])
    capsys.readouterr()
    with suppress(SystemExit):
        main()
    return capsys.readouterr().out.splitlines()


@pytest.fixture
def mixed(issued_team: Team) -> Team:
    """Alpha's return has a refused row, a file is no workbook, and one is ignored."""
    fill(issued_team.issued()["alpha"], {("V1", "TRUST", Q1): {"Actual": "ninety"}})
    (issued_team.received() / "bad.xlsx").write_bytes(b"<html>")
    (issued_team.received() / "notes.txt").write_text("remember", encoding="utf-8")
    return issued_team


def test_every_file_is_counted_and_each_problem_says_where_and_what_to_do(mixed: Team) -> None:
    lines = results.collated(mixed.collate())
    assert lines[0] == f"{Q1}: 3 files = 1 accepted + 1 rejected + 1 ignored; 1 row refused."
    assert any(line.startswith("  Ignored: notes.txt: ") for line in lines)
    assert "  bad.xlsx: Rejected" in lines
    (refused,) = [line for line in lines if "'ninety'" in line]
    assert refused.startswith("    reject row: R001 Return!")
    assert "Do what each line above says, then collate again." in lines
    assert lines[-1] == f"Master: {mixed.workspace.master}"


def test_a_short_message_says_how_much_it_leaves_out(mixed: Team) -> None:
    everything, short = results.collated(done := mixed.collate()), results.collated(done, most=1)
    assert short[0] == everything[0]
    assert any(line.startswith("  … and ") and line.endswith("on the Findings sheet") for line in short)
    assert len(short) < len(everything)


def test_the_command_line_prints_the_sentences_that_a_button_shows(
    mixed: Team, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--workspace", mixed.root)
    mixed.collate(now())
    again = results.collated(mixed.collate(now()))  # what is late, and to act on, hangs on the day
    assert printed(monkeypatch, capsys, "collate", *at) == again
    of_period = results.status(status(mixed.workspace, Q1, now=now()))
    assert printed(monkeypatch, capsys, "status", "--period", Q1, *at)[: len(of_period)] == of_period
    assert "Nothing received from: Beta team." in of_period


def test_who_is_left_out_and_what_is_superseded_is_said() -> None:
    said = results.generated(Q1, (Path("returns") / "a.xlsx",), 2, (("Beta team", "their return is accepted"),))
    assert said == [
        f"1 return for {Q1}.",
        "Send what is in returns: each return has a covering e-mail draft.",
        "2 earlier returns superseded, now in issued/superseded.",
        "  None for Beta team: their return is accepted.",
    ]
