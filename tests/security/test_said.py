"""What xlperf says in a terminal, a log, a message or JSON cannot be steered by a name or a text from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Q1, Team, fill, tree
from xlperf.findings import Location, finding, from_record, plain

CLEAR_SCREEN, RIGHT_TO_LEFT, NEWLINE = "\x1b[2J", "\u202e", "\n"
ODD_NAMES = [
    f"evil{CLEAR_SCREEN}.xlsx",
    f"re{RIGHT_TO_LEFT}fdp.xlsx",
    f"two{NEWLINE}lines.xlsx",
    "=cmd|' -c calc'!A1.xlsx",
    "bell\x07.xlsx",
    "csi\x9b31m.xlsx",
    "[red]markup[blink].xlsx",
]


def xlperf(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from xlperf.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def assert_harmless(text: str) -> None:
    assert [c for c in text if c != "\n" and not c.isprintable()] == []


@pytest.fixture
def odd(issued_team: Team) -> Team:
    """A team to which returns come under odd names, with odd texts in them."""
    text = f"because{CLEAR_SCREEN} of {RIGHT_TO_LEFT}this{NEWLINE}and that"
    good = fill(issued_team.issued()["alpha"], {("V1", "TRUST", Q1): {"Actual": text, "Commentary": text}})
    for name in ODD_NAMES:
        good.with_name(name).write_bytes(good.read_bytes() if name == ODD_NAMES[0] else name.encode())
    good.unlink()
    return issued_team


def test_the_commands_print_nothing_that_steers_a_terminal(odd: Team) -> None:
    for command in (["collate"], ["status", "--period", Q1], ["collate"]):
        done = xlperf(*command, "--workspace", str(odd.root))
        assert done.returncode in (0, 1), done.stderr
        assert_harmless(done.stdout)
        assert_harmless(done.stderr)
        assert "evil?[2J.xlsx" in done.stdout


def test_json_is_ascii_and_still_says_what_the_names_are(odd: Team) -> None:
    done = xlperf("collate", "--json", "--workspace", str(odd.root))

    assert done.stdout.isascii()
    assert "[red]markup[blink].xlsx" in {judged["file"] for judged in json.loads(done.stdout)["judged"]}


def test_a_failure_that_quotes_a_name_is_harmless_too(tmp_path: Path) -> None:
    done = xlperf("collate", "--workspace", str(tmp_path / f"no{CLEAR_SCREEN}such"))

    assert done.returncode == 3
    assert "no?[2Jsuch" in done.stderr
    assert_harmless(done.stderr)


def test_the_sheets_of_the_master_hold_no_such_text_either(odd: Team) -> None:
    done = odd.collate()

    said = "".join(value for name in odd.master.table_names() for row in odd.sheet(name) for value in row.values())
    assert len(done.judged) == len(ODD_NAMES)
    for character in ("\x1b", "\x07", "\x9b", RIGHT_TO_LEFT):
        assert character not in said


def test_a_draft_of_a_reminder_has_no_header_of_anybody_elses(odd: Team) -> None:
    odd.collate()
    done = xlperf("chase", "--period", Q1, "--workspace", str(odd.root))
    drafts = {name: data for name, data in tree(odd.root).items() if "chase" in name and name.endswith(".eml")}

    assert done.returncode == 0
    for data in drafts.values():
        head = data.partition(b"\r\n\r\n")[0].decode()
        assert {line.partition(":")[0] for line in head.split("\r\n") if line[:1].strip()} <= {
            "Subject", "To", "Cc", "X-Unsent", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
        }  # fmt: skip


def test_plain_text_is_left_as_it_is_and_the_rest_is_made_visible() -> None:
    assert plain("Café – naïve 日本 ✓") == "Café – naïve 日本 ✓"
    assert plain("a\tb\r\nc\u00a0d") == "a b  c d"
    assert plain("\x1b[31m\u202e\ud800\x00") == "?[31m???"


@pytest.mark.parametrize(
    ("message", "expected", "fix", "printed"),
    [
        (
            "the name is 90 characters long.",
            "at most 70",
            "",
            "the name is 90 characters long. Expected: at most 70. Do.",
        ),
        ("found 'x', expected a number.", "a number", "", "found 'x', expected a number. Do."),
        ("found 'x'.", "Yes or No", "Choose Yes or No.", "found 'x'. Choose Yes or No."),
        ("the cell shows #REF!.", "a number", "Type the number.", "the cell shows #REF!. Type the number."),
        ("it has 12 parts.", "2", "", "it has 12 parts. Expected: 2. Do."),
    ],
)
def test_what_was_expected_is_printed_unless_it_is_told_already(
    message: str, expected: str, fix: str, printed: str
) -> None:
    said = finding("R001", message, Location("f.xlsx"), expected=expected, fix=fix or "Do.")
    assert said.sentences == printed
    assert str(said) == f"R001 f.xlsx: {printed}"


def test_a_finding_quotes_nothing_raw_and_no_more_than_it_needs() -> None:
    said = finding("F010", "a\x1bb", Location("f\x07", "s\u202e", "A\n1"), found="x" * 100_000, expected="\x00")

    assert (said.message, said.expected, str(said.location)) == ("a?b", "?", "f?, s?!A 1")
    assert len(said.found) == 500
    assert from_record(said.as_record()) == said
