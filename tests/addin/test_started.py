"""What the ribbon, the shortcut and the reader of returns start is xlperf, whatever another program has left behind."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Team, filled
from xlperf.addin import LOG
from xlperf.desktop import windows
from xlperf.desktop.install import install
from xlperf.workbook.isolated.starting import worker
from xlperf.workflow.workspace import Workspace, shipped

Command = Callable[[Workspace, Path, pytest.MonkeyPatch], list[str]]


def of_the_ribbon(workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """As the macro puts its command line together."""
    source = (shipped("macros") / "Desktop.bas").read_text(encoding="ascii")
    (switches,) = re.findall(r'Quoted\(Setting\("python"\)\.Value\) & " (.*) -m xlperf\.addin "', source)
    return [sys.executable, *switches.split(), "-m", "xlperf.addin", "help", f"--workspace={workspace.root}", "--wb=x"]


def of_the_shortcut(workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """As `install` has Windows write it into the shortcut."""
    made: list[str] = []

    def make(shortcut: Path, program: Path, arguments: str, description: str) -> None:
        made.extend([str(program), *shlex.split(arguments)])
        shortcut.write_bytes(b"a shortcut")

    monkeypatch.setattr(windows, "make_shortcut", make)
    install(workspace, xlstart=folder, start_menu=folder)
    return made


FOREIGN = {
    "PYTHONHOME": "/nonexistent/of another program",
    "PYTHONPATH": "{traps}",
    "PYTHONSTARTUP": "{traps}/json.py",
    "PYTHONPLATLIBDIR": "lib99",
    "PYTHONUSERBASE": "{traps}",
    "PYTHONINSPECT": "1",
    "PYTHONSAFEPATH": "",
}
"""What other programs set for a Python of their own."""


@pytest.fixture
def traps(tmp_path: Path) -> Path:
    """A folder of modules of other programs; one that is imported leaves a file."""
    folder = tmp_path / "other program"
    folder.mkdir()
    for name in ("json", "sitecustomize", "usercustomize", "xlperf", "pandas", "yaml", "encodings"):
        (folder / f"{name}.py").write_text(f"open({str(tmp_path / 'imported')!r}, 'w')", encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", [of_the_ribbon, of_the_shortcut])
@pytest.mark.parametrize("names", [["PYTHONHOME"], ["PYTHONPATH"], list(FOREIGN)])
def test_what_a_click_starts_comes_to_our_code_and_to_no_other(
    command: Command,
    names: list[str],
    workspace: Workspace,
    traps: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = command(workspace, tmp_path, monkeypatch)
    foreign = {name: FOREIGN[name].format(traps=traps) for name in names}
    done = subprocess.run(
        line,
        cwd=traps,
        env={**os.environ, **foreign},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    # There is no Excel here, and it says so, in words and in the log, as only xlperf itself can.
    assert done.stderr.decode().startswith("xlperf: "), done.stderr
    assert done.returncode == 3
    assert "Excel" in (workspace.root / LOG).read_text(encoding="utf-8")
    assert not (tmp_path / "imported").exists()


def test_a_return_is_read_whatever_the_environment_says(
    issued_team: Team, traps: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (issued_team.received() / "alpha.xlsx").write_bytes(filled(issued_team.issued()["alpha"]))
    for name, value in FOREIGN.items():
        monkeypatch.setenv(name, value.format(traps=traps))
    monkeypatch.chdir(traps)
    ((_, received),) = issued_team.collate().judged
    assert received.is_accepted
    there = {**os.environ, **worker().environment}  # nor if a worker were given all of it
    subprocess.run(worker().command, cwd=traps, env=there, stdin=subprocess.DEVNULL, check=True, timeout=60)
    assert not (tmp_path / "imported").exists()
