"""What has changed since an edition, in the master and on the command line, of real files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import BY, Q1, Q2, Team, at, copy_of, fill, kpi_in
from xlperf.cli import main
from xlperf.report import layout, results
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.cycle.release import Verdict, release
from xlperf.workflow.workspace.run import Run

V1 = ("V1", "TRUST", Q1)
Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def xlperf(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run the command line in this process; its exit code and what it printed."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["xlperf", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture(scope="module")
def _published_once(tmp_path_factory: pytest.TempPathFactory, _issued_once: Path) -> Path:
    team = copy_of(_issued_once, tmp_path_factory.mktemp("published") / "workspace")
    for issued in team.issued().values():
        fill(issued)
    team.collate()
    publish(team.workspace, Q1, Run(at("2026-07-24"), BY))
    fill(team.issued()["alpha"], {V1: {"Actual": 50}}, name="again.xlsx", saved=at("2026-07-25"))
    team.collate(at("2026-07-25"))
    return team.root


@pytest.fixture
def published(tmp_path: Path, _published_once: Path) -> Team:
    """A workspace in which a figure that the edition showed as 92 was sent again as 50."""
    return copy_of(_published_once, tmp_path / "workspace")


def test_the_sheet_lists_what_was_changed_after_the_edition_with_both_values(published: Team) -> None:
    rows = {row["What changed"]: row for row in published.sheet(layout.CHANGES)}
    assert list(rows) == ["Compared with", "Newly Red", "Restated"]
    assert (rows["Restated"]["Before"], rows["Restated"]["Now"]) == ("Green (92.0)", "Red (50.0)")
    assert rows["Newly Red"]["In words"] == (
        "Reviews held on time is now Red: Red in Q1 26-27 (50.0); before: Green in Q1 26-27 (92.0)."
    )
    (figure,) = [row for row in published.sheet(layout.DATA) if row["Ref"] == "V1"]
    assert figure["Restated"] == "yes"


def test_an_edition_lists_what_differs_from_the_last_and_the_first_says_that_there_was_none(published: Team) -> None:
    first = next((published.root / "editions" / Q1).glob("*.xlsx"))
    assert [row["What changed"].raw for row in FileWorkbook.open(first).read_table(layout.CHANGES).rows] == [
        "No edition yet"
    ]
    second = publish(published.workspace, Q1, Run(at("2026-07-26"), BY)).workbook
    listed = FileWorkbook.open(second).read_table(layout.CHANGES).rows
    assert [row["What changed"].raw for row in listed] == ["Compared with", "Newly Red", "Restated"]
    published.collate(at("2026-07-27"))
    assert [row["What changed"] for row in published.sheet(layout.CHANGES)] == ["Compared with", "Nothing changed"]


def test_the_command_line_says_the_same_as_the_sheet(published: Team, xlperf: Cli) -> None:
    sentences = [row["In words"] for row in published.sheet(layout.CHANGES)]
    name = next((published.root / "editions" / Q1).glob("*.xlsx")).name
    for since in (Q1, "last", name, name.removesuffix(".xlsx")):
        code, printed, _ = xlperf("status", "--period", Q1, "--since", since, "--workspace", published.root)
        assert code == 0
        assert all(words in printed for words in sentences)
    code, printed, _ = xlperf("status", "--period", Q1, "--since", "last", "--json", "--workspace", published.root)
    record = json.loads(printed)
    assert [change["words"] for change in record["since"]["changes"]] == sentences[1:]
    assert record["since"]["edition"] == name.removesuffix(".xlsx")


def test_status_as_json_has_the_counts_that_the_closing_message_of_a_collation_says(
    published: Team, xlperf: Cli
) -> None:
    closing = results.collated(published.collate(at("2026-07-28")))
    (line,) = [line for line in closing if "indicators" in line]
    _, printed, _ = xlperf("status", "--period", Q1, "--json", "--workspace", published.root)
    counts = json.loads(printed)["counts"]
    assert (counts["kpis"], counts["figures"], counts["rag"]["Red"], counts["restated"]) == (8, 9, 1, 1)
    assert line.startswith("8 indicators, 9 figures: 1 Red, 8 Green · 2 of 2 returns received")
    assert line.endswith("1 restated.")
    assert "since" not in json.loads(printed)


@pytest.mark.parametrize(("since", "words"), [("2026-27-Q9", "is no edition; there are: 2026-27-Q1 edition"), (Q2, "")])
def test_an_edition_that_there_is_not_is_a_usage_error_that_names_those_there_are(
    published: Team, xlperf: Cli, since: str, words: str
) -> None:
    code, printed, error = xlperf("status", "--period", Q1, "--since", since, "--workspace", published.root)
    assert (code, printed) == (2, "")
    assert words in error
    assert "Traceback" not in error


def test_where_nothing_was_published_that_is_said_and_ends_in_2(issued_team: Team, xlperf: Cli) -> None:
    code, _, error = xlperf("status", "--period", Q1, "--since", "last", "--workspace", issued_team.root)
    assert (code, "no edition of 2026-27-Q1 or before has been published yet" in error) == (2, True)


def test_a_return_that_was_taken_back_leaves_figures_that_the_edition_showed(published: Team) -> None:
    first, again = sorted(
        path.name for path in published.received().iterdir() if "lpha" in path.name or "again" in path.name
    )
    for name in (first, again):
        release(published.workspace, name, Run(at("2026-07-29"), BY), Verdict.TAKE_BACK, "wrong ward")
    published.collate(at("2026-07-30"))
    rows = [row for row in published.sheet(layout.CHANGES) if row["Ref"] == "V1"]
    assert [(row["What changed"], row["Before"], row["Now"]) for row in rows] == [
        ("No figure now", "Green in Q1 26-27 (92.0)", "Not returned")
    ]


def test_the_catalogue_of_that_day_says_what_the_target_was(published: Team) -> None:
    def raise_it(data: dict[str, object]) -> None:
        kpi_in(data, "V1").update(targets=[{"from": "2024-25", "target": 93, "tolerance": {"absolute": 5}}])
        data["version"] = "2"

    published.change_catalogue(raise_it)
    assert published.collate(at("2026-07-29"), accepts=True).written.is_written
    (row,) = [row for row in published.sheet(layout.CHANGES) if row["What changed"] == "Target changed"]
    assert (row["Before"], row["Now"]) == ("90.0", "93.0")
