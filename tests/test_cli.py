"""The command line: each command's exit code and words; a failure is one plain line and changes nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from tests.conftest import Q1, Q2, Team, fill, kpi_in, tree
from xlperf import __version__
from xlperf.cli import main
from xlperf.workflow.workspace import FRAMEWORKS, Workspace


class Said(NamedTuple):
    """What a run of the command line came to."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def xlperf(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in this process, as `xlperf` does."""

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["xlperf", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


def plain(said: Said, *words: str) -> None:
    """A failure is told in one line, without a traceback, and names what it is about."""
    assert "Traceback" not in said.err
    lines = said.err.strip().splitlines()
    assert lines[-1].startswith("xlperf: "), said.err
    assert len(lines) == 1, said.err
    for word in words:
        assert word in lines[-1]


# ---- each command, when all is well --------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_init_then_check_is_clean_for_every_framework(framework: str, xlperf: Run, tmp_path: Path) -> None:
    folder = tmp_path / framework
    assert xlperf("init", folder, "--framework", framework).code == 0
    checked = xlperf("check", "--workspace", folder)
    assert (checked.code, checked.err) == (0, "")
    assert "in order" in checked.out


def test_a_cycle(xlperf: Run, team: Team) -> None:
    at = ("--workspace", team.root)
    generated = xlperf("generate", "--period", Q1, *at)
    assert generated.code == 0
    assert "2 returns" in generated.out
    fill(team.issued()["alpha"])
    collated = xlperf("collate", *at)
    assert collated.code == 0
    assert "1 file = 1 accepted + 0 rejected + 0 ignored; 0 rows refused." in collated.out
    assert "Nothing new." in xlperf("collate", *at).out
    status = xlperf("status", "--period", Q1, *at)
    assert status.code == 0
    assert "2 issued = 1 returned + 1 missing" in status.out
    assert "Beta team" in status.out
    assert xlperf("chase", "--period", Q1, *at).code == 0
    published = xlperf("publish", "--period", Q1, *at)
    assert published.code == 1  # somebody should look at it
    assert "Note: 1 of 2 returns is missing: Beta team." in published.out
    assert f"Edition of {Q1}: " in published.out


def test_that_nobody_is_chased_does_not_say_that_everything_is_in(xlperf: Run, team: Team) -> None:
    said = xlperf("chase", "--period", Q1, "--workspace", team.root)  # nothing has been issued
    assert (said.code, said.out) == (0, f"0 reminder drafts for {Q1}: nobody needs one now.\n")


def test_rejected_files_and_refused_rows_end_in_1(xlperf: Run, issued_team: Team) -> None:
    at = ("--workspace", issued_team.root)
    fill(issued_team.issued()["alpha"], {("V1", "TRUST", Q1): {"Actual": "ninety"}})
    refused = xlperf("collate", *at)
    assert (refused.code, refused.err) == (1, "")
    assert "'ninety'" in refused.out
    assert "1 row refused" in refused.out
    (issued_team.received() / "bad.xlsx").write_bytes(b"<html>")
    rejected = xlperf("collate", *at)
    assert rejected.code == 1
    assert "bad.xlsx: Rejected" in rejected.out


def test_import_takes_a_file_and_names_the_lines_it_refuses(xlperf: Run, team: Team) -> None:
    file = team.root / "history.csv"
    file.write_text("kpi,org,period,actual\nV1,TRUST,2025-26-Q4,88\nV1,TRUST,2025-26-Q3,x\n", encoding="utf-8")
    said = xlperf("import", file, "--workspace", team.root)
    assert said.code == 1
    assert "1 figures imported, 1 rows refused" in said.out
    assert "history.csv, line 3" in said.out


def test_import_ends_in_1_where_somebody_should_look_and_reads_the_sheet_that_is_named(xlperf: Run, team: Team) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("2024-25")
    for sheet, actual in zip(book.worksheets, (88, 77), strict=True):
        sheet.append(["kpi", "org", "period", "actual"])
        sheet.append(["V1", "TRUST", "2025-26-Q4", actual])
    file = team.root / "history.xlsx"
    book.save(file)
    first = xlperf("import", file, "--workspace", team.root)
    assert first.code == 1
    assert "'Sheet' was read; not read: '2024-25'" in first.out
    assert xlperf("import", file, "--sheet", "2024-25", "--workspace", team.root).code == 1
    assert [current.now.actual for current in team.state.figures.values()] == [77]
    assert xlperf("import", file, "--sheet", "2023-24", "--workspace", team.root).code == 2


def test_a_faulty_catalogue_is_told_whole_by_check_and_ends_in_1(xlperf: Run, team: Team) -> None:
    def spoil(data: dict[str, Any]) -> None:
        data["kpis"][0]["section"] = "nowhere"
        data["kpis"][1]["definition"] = ""

    team.change_catalogue(spoil)
    said = xlperf("check", "--workspace", team.root)
    assert said.code == 1
    assert "2 faults" in said.out
    assert "nowhere" in said.out
    assert "line " in said.out


def test_json_of_every_command_that_offers_it(xlperf: Run, team: Team) -> None:
    at = ("--workspace", team.root, "--json")
    assert json.loads(xlperf("check", *at).out) == {"kpis": 8, "findings": []}
    generated = json.loads(xlperf("generate", "--period", Q1, *at).out)
    assert len(generated["files"]) == 2
    assert all(Path(file).exists() for file in generated["files"])
    fill(team.issued()["alpha"], {("V1", "TRUST", Q1): {"Actual": 'a "quoted" [bold]word[/bold] ' + "x" * 300}})
    (team.received() / "~$lock.xlsx").write_bytes(b"")
    collated = json.loads(xlperf("collate", *at).out)
    assert (collated["listed"], len(collated["judged"]), len(collated["ignored"])) == (2, 1, 1)
    assert collated["judged"][0]["refused_rows"] == 1
    status = json.loads(xlperf("status", "--period", Q1, *at).out)
    assert (status["issued"], status["returned"], status["missing"]) == (2, 1, 1)
    (problem,) = status["owners"][0]["problems"]
    assert problem["found"].startswith('a "quoted" [bold]word')
    assert problem["code"] == "R001"


def test_demo_runs_a_whole_cycle_and_ends_with_the_master(
    xlperf: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # without LibreOffice, for speed
    said = xlperf("demo", tmp_path / "demo")
    assert (said.code, said.err) == (0, "")
    (line,) = [line for line in said.out.splitlines() if line.startswith("Open the master:")]
    assert Path(line.partition(":")[2].strip()).is_file()
    again = xlperf("demo", tmp_path / "demo")
    assert again.code == 3
    plain(again)


def test_demo_refuses_a_framework_that_it_does_not_have(xlperf: Run, tmp_path: Path) -> None:
    said = xlperf("demo", tmp_path / "demo", "--framework", "nosuch")
    assert said.code == 2
    assert ", ".join(FRAMEWORKS) in said.err.replace("\n", " ")
    assert not (tmp_path / "demo").exists()


# ---- each failure --------------------------------------------------------------------------------------------------


def broken_yaml(team: Team) -> None:
    (team.root / "kpi_catalogue.yaml").write_text("kpis: [\n  - {", encoding="utf-8")


def catalogue_in_utf_16(team: Team) -> None:
    path = team.root / "kpi_catalogue.yaml"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-16")


def target_as_a_fraction(team: Team) -> None:
    """80 % written as 0.80, beside a usual range that shows what is meant; the master was made before."""
    team.collate()
    team.change_catalogue(
        lambda data: kpi_in(data, "V1").update(targets=[{"from": "2024-25", "target": 0.80}], usual=[60, 95])
    )
    (team.root / "history.csv").write_text("KPI,Org,Period,Actual\nV1,TRUST,2025-26-Q4,77.1\n", encoding="utf-8")


def no_catalogue(team: Team) -> None:
    (team.root / "kpi_catalogue.yaml").unlink()


def broken_template(team: Team) -> None:
    (team.root / "workbook_templates").mkdir()
    (team.root / "workbook_templates" / "return.xlsx").write_bytes(b"no workbook")


def broken_mail(team: Team) -> None:
    (team.root / "workbook_templates").mkdir()
    (team.root / "workbook_templates" / "covering_email.txt").write_text("Subject: {{ 1 / 0 }}", encoding="utf-8")


def broken_master(team: Team) -> None:
    (team.root / "master.xlsx").write_bytes(b"PK no workbook")


def broken_run(team: Team) -> None:
    path = next((team.root / "ledger" / "runs").iterdir())
    path.write_bytes(path.read_bytes()[:100])


def no_returns(team: Team) -> None:
    (team.root / "returns").rename(team.root / "elsewhere")


def nothing(team: Team) -> None:
    pass


def no_ledger(team: Team) -> None:
    """Its share is not there, and the master says from what it was made."""
    team.collate()
    shutil.rmtree(team.root / "ledger")
    (team.root / "history.csv").write_text("KPI,Org,Period,Actual\nV1,TRUST,2025-26-Q4,88\n", encoding="utf-8")


_FRACTION = ("C014", "kpi_catalogue.yaml, line", "KPI V1", "2024-25", "0.8", "60 to 95", "Write 80")

FAILURES: list[tuple[str, Callable[[Team], None], tuple[str, ...], int, tuple[str, ...]]] = [
    ("broken YAML", broken_yaml, ("generate", "--period", Q1), 3, ("C001", "line")),
    ("catalogue in UTF-16", catalogue_in_utf_16, ("generate", "--period", Q1), 3, ("UTF-8",)),
    *(
        (f"target as a fraction to {command[0]}", target_as_a_fraction, command, 3, _FRACTION)
        for command in (
            ("collate",),
            ("generate", "--period", Q2),
            ("publish", "--period", Q1),
            ("import", "history.csv"),
            ("status", "--period", Q1),
            ("chase", "--period", Q1),
            ("ledger", "rebuild"),
        )
    ),
    ("no workspace", no_catalogue, ("collate",), 3, ("kpi_catalogue.yaml", "xlperf init")),
    ("no workspace to check", no_catalogue, ("check",), 3, ("kpi_catalogue.yaml",)),
    ("bad period", nothing, ("generate", "--period", "next quarter"), 2, ("next quarter", "2026-27-Q1")),
    ("period of another frequency", nothing, ("status", "--period", "2026-05"), 2, ("2026-05", "quarterly")),
    ("period not in calendar", nothing, ("publish", "--period", "2030-31-Q1"), 2, ("2030-31-Q1", "2026-27-Q3")),
    ("period not in calendar to collate", nothing, ("collate", "--period", "2030-31-Q1"), 2, ("calendar",)),
    ("broken template", broken_template, ("generate", "--period", Q1), 3, ("return.xlsx",)),
    ("broken mail template", broken_mail, ("generate", "--period", Q1), 3, ("covering_email.txt",)),
    ("broken master", broken_master, ("collate",), 3, ("master.xlsx",)),
    ("broken master to publish", broken_master, ("publish", "--period", Q1), 3, ("master.xlsx",)),
    ("half a run", broken_run, ("collate",), 3, (".jsonl", "restore")),
    ("share gone", no_returns, ("collate",), 3, ("share",)),
    ("share gone for status", no_returns, ("status", "--period", Q1), 3, ("share",)),
    ("ledger gone", no_ledger, ("collate",), 3, ("does not have", "share")),
    ("ledger gone for generate", no_ledger, ("generate", "--period", Q1), 3, ("does not have",)),
    ("ledger gone for status", no_ledger, ("status", "--period", Q1), 3, ("does not have",)),
    ("ledger gone for chase", no_ledger, ("chase", "--period", Q1), 3, ("does not have",)),
    ("ledger gone for import", no_ledger, ("import", "history.csv"), 3, ("does not have",)),
    ("no such history", nothing, ("import", "gone.csv"), 3, ("gone.csv",)),
    ("history of no known kind", nothing, ("import", "kpi_catalogue.yaml"), 3, ("neither .csv nor .xlsx",)),
]


@pytest.mark.parametrize(("name", "spoil", "command", "code", "words"), FAILURES, ids=[case[0] for case in FAILURES])
def test_a_failure_is_one_plain_line_and_changes_no_file(
    name: str,
    spoil: Callable[[Team], None],
    command: tuple[str, ...],
    code: int,
    words: tuple[str, ...],
    xlperf: Run,
    issued_team: Team,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(issued_team.issued()["alpha"])
    spoil(issued_team)
    monkeypatch.chdir(issued_team.root)
    before = tree(issued_team.root)
    said = xlperf(*command)
    assert said.code == code
    plain(said, *words)
    assert tree(issued_team.root) == before


def test_an_unknown_framework_is_wrong_usage_and_makes_nothing(xlperf: Run, tmp_path: Path) -> None:
    said = xlperf("init", tmp_path / "new", "--framework", "nhsx")
    assert said.code == 2
    plain(said, "nhsx", ", ".join(FRAMEWORKS))
    assert list(tmp_path.iterdir()) == []


def test_init_never_writes_over_a_workspace(xlperf: Run, team: Team) -> None:
    before = tree(team.root)
    said = xlperf("init", team.root)
    assert said.code == 3
    plain(said, "already")
    assert tree(team.root) == before


@pytest.mark.parametrize(
    "arguments",
    [("collate", "--folder", "x"), ("generate",), ("collat",), ("status", "--period"), ("import",)],
)
def test_wrong_usage_ends_in_2_without_a_traceback(arguments: tuple[str, ...], xlperf: Run) -> None:
    said = xlperf(*arguments)
    assert said.code == 2
    assert "Traceback" not in said.err
    assert said.err


def test_live_without_excel_is_said_plainly(xlperf: Run, team: Team) -> None:
    said = xlperf("collate", "--live", "--workspace", team.root)
    assert said.code in (2, 3)
    plain(said)


def test_every_fault_of_the_catalogue_is_named_before_the_last_line(xlperf: Run, team: Team) -> None:
    def spoil(data: dict[str, Any]) -> None:
        data["kpis"][0]["section"] = "nowhere"
        data["kpis"][1]["definition"] = ""

    team.change_catalogue(spoil)
    said = xlperf("generate", "--period", Q1, "--workspace", team.root)
    assert said.code == 3
    assert "Traceback" not in said.err
    assert "nowhere" in said.err
    assert "Specific" in said.err


def test_what_is_merely_odd_in_the_catalogue_is_said_by_check_and_stops_nothing(xlperf: Run, issued_team: Team) -> None:
    issued_team.change_catalogue(lambda data: kpi_in(data, "V1").update(usual=[60, 120]))
    checked = xlperf("check", "--workspace", issued_team.root)
    assert checked.code == 1
    assert "warning: C010" in checked.out
    assert xlperf("collate", "--workspace", issued_team.root).code == 0


# ---- as a program --------------------------------------------------------------------------------------------------


def program(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run xlperf as people do: another process."""
    command = [sys.executable, "-m", "xlperf.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=120, check=False, env={**os.environ, **environment})


def test_a_failure_of_the_real_program(tmp_path: Path) -> None:
    done = program("collate", "--workspace", tmp_path)
    assert done.returncode == 3
    assert done.stdout == b""
    assert done.stderr.count(b"\n") == 1
    assert done.stderr.startswith(b"xlperf: ")


def test_output_that_the_terminal_cannot_show_is_no_failure(workspace: Workspace) -> None:
    team = Team(workspace)
    team.change_catalogue(lambda data: data["responsible_owners"][0].update(name="Ŵeithlu ▲ team"))
    team.issue()
    done = program("status", "--period", Q1, "--workspace", team.root, PYTHONIOENCODING="ascii")
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0
    assert b"eithlu" in done.stdout


def test_a_closed_terminal_is_no_failure(team: Team) -> None:
    for closed in (">&-", ">&- 2>&-"):
        shell = ["sh", "-c", f'exec "$0" -m xlperf.cli check --workspace "$1" {closed}', sys.executable, str(team.root)]
        done = subprocess.run(shell, capture_output=True, timeout=120, check=False)
        assert (done.returncode, done.stderr) == (0, b"")


def test_a_fault_of_the_installation_does_not_end_as_if_the_work_were_done(issued_team: Team, tmp_path: Path) -> None:
    (tmp_path / "pandas.py").write_text("raise RuntimeError('half installed')", encoding="utf-8")
    done = program("collate", "--workspace", issued_team.root, PYTHONPATH=str(tmp_path))
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    assert b"(RuntimeError: half installed; pandas.py, line 1). Nothing that was returned" in done.stderr


def test_a_file_name_is_printed_as_it_is(xlperf: Run, issued_team: Team) -> None:
    name = ":apple: [bold]not.xlsx"
    (issued_team.received() / name).write_bytes(b"<html>")
    assert f"{name}: Rejected" in xlperf("collate", "--workspace", issued_team.root).out


def test_help_lists_every_command() -> None:
    done = program("--help")
    assert done.returncode == 0
    for command in ("init", "check", "generate", "import", "collate", "status", "chase", "publish", "demo"):
        assert command.encode() in done.stdout


@pytest.mark.parametrize("module", ["xlperf", "xlperf.cli"])
def test_the_program_says_its_version_without_a_workspace(module: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", module, "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"xlperf {__version__}\n", "")


def test_the_version_is_told_and_nothing_else_done(xlperf: Run, tmp_path: Path) -> None:
    said = xlperf("--version", "init", tmp_path / "new")
    assert said == (0, f"xlperf {__version__}\n", "")
    assert not (tmp_path / "new").exists()
    assert "--version" in xlperf("--help").out


@pytest.mark.skipif(sys.platform == "win32", reason="bash completes here")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("xlperf col", {"collate"}),
        ("xlperf ledger ", {"copy", "verify", "rebuild", "give-up"}),
        ("xlperf generate --per", {"--period"}),
    ],
)
def test_a_shell_completes_commands_and_options(typed: str, expected: set[str]) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("xlperf")],
        env={
            **os.environ,
            "_XLPERF_COMPLETE": "complete_bash",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(len(typed.split(" ")) - 1),
        },
        capture_output=True, timeout=60, check=True, text=True,
    )  # fmt: skip
    assert (set(done.stdout.split()), done.stderr) == (expected, "")


def test_of_completion_the_help_says_how_to_have_it_and_no_more(xlperf: Run) -> None:
    said = xlperf("--help").out
    assert set(re.findall(r"(?m)^  (--[\w-]+)", said)) == {
        "--version", "--install-completion", "--show-completion", "--help",
    }  # fmt: skip
    assert "completion" not in xlperf("collate", "--help").out


_LOADED = (
    "import runpy, sys; sys.argv[0] = 'xlperf'\ntry: runpy.run_module('xlperf')\nexcept SystemExit: print(*sys.modules)"
)
HEAVY = {"jinja2", "lxml", "numpy", "openpyxl", "pandas", "psycopg", "xlwings"}
"""What takes long to load, and only some commands need."""


@pytest.mark.parametrize(
    ("arguments", "also_spared"),
    [(["--version"], {"pydantic", "yaml"}), (["--help"], {"pydantic", "yaml"}), (["check", "--workspace", "W"], set())],
)
def test_a_command_loads_only_what_it_needs(arguments: list[str], also_spared: set[str], team: Team) -> None:
    command = [sys.executable, "-c", _LOADED, *(str(team.root) if each == "W" else each for each in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    loaded = set(done.stdout.rsplit("\n", 2)[-2].split())
    assert "xlperf.cli.cycle" in loaded
    assert not loaded & (HEAVY | also_spared)


def test_the_package_is_the_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xlperf", "collate", "--workspace", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, text=True)
    assert done.returncode == 3
    assert done.stderr.startswith("xlperf: ")


def test_importing_xlperf_imports_neither_pandas_nor_xlwings() -> None:
    command = [sys.executable, "-X", "importtime", "-c", "import xlperf"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True, text=True)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "xlperf" in imported
    assert not imported & {"pandas", "numpy", "xlwings", "openpyxl"}


def test_asking_for_help_does_not_wait_for_pandas() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "xlperf.cli", "--help"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True, text=True)
    assert "pandas" not in done.stderr


def test_a_workspace_with_a_space_and_an_accent_in_its_name(xlperf: Run, tmp_path: Path, team: Team) -> None:
    root = tmp_path / "Perfformiad Llŷn [bold]"
    team.root.rename(root)
    said = xlperf("generate", "--period", Q1, "--workspace", root)
    assert said.code == 0
    assert "Llŷn [bold]" in said.out


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")
@pytest.mark.parametrize(("options", "is_shown"), [((), True), (("--json",), False)])
def test_how_many_returns_are_made_is_shown_on_a_terminal_and_not_beside_json(
    options: tuple[str, ...], is_shown: bool, team: Team
) -> None:
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "xlperf", "generate", "--period", Q1, "--workspace", str(team.root), *options]
    environment = {**os.environ, "TERM": "xterm"}
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=theirs, env=environment, check=True)
    os.write(theirs, b"the end")
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    os.close(theirs)
    assert ("Returns" in shown) is is_shown
