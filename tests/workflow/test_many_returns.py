"""Many returns are written by processes beside the one that issues them; what becomes of those loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Q1, Team, make_kpi
from xlperf.errors import TemplateError
from xlperf.workbook.isolated.starting import cores
from xlperf.workbook.stamping.slots import Filling
from xlperf.workflow.cycle.return_files import TABLES
from xlperf.workflow.cycle.return_writing import RETURNS_A_PROCESS, Writer, Writing, processes_for, write_returns
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace.folder import shipped

MANY = 2 * RETURNS_A_PROCESS
pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux says what processes a process has"),
    pytest.mark.skipif(cores() < 2, reason="with one core no process is started"),
]


def writing(number: int, **words: str) -> Writing:
    """A small return, of the owner of that number."""
    names = (
        "organisation", "title", "period", "owner", "directorate", "executive_owner", "deadline", "board", "board_date",
        "team", "email", "rows", "asked", "classification", "catalogue_version", "open_actions",
    )  # fmt: skip
    filled = {name: f"the {name}" for name in names} | {"owner": f"Owner {number}"} | words
    identity = [{"item": "serial", "value": str(number)}]
    rows = dict(zip(TABLES, ([{"Ref": "V1"}] * (number % 3), (), (), identity), strict=True))
    return Writing(f"{number:016x}", f"Owner {number}.xlsx", Filling(filled, "A return", rows), "ann@example.org")


def writer(folder: Path) -> Writer:
    """What writes the shipped return and covering e-mail into a folder."""
    folder.mkdir()
    template, covering = (shipped(f"workbook_templates/{name}") for name in ("return.xlsx", "covering_email.txt"))
    return Writer((template,), covering, folder)


def helpers(process: int) -> list[int]:
    """The processes that a process has started, of those that write returns."""
    children: list[int] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(OSError):
            children += map(int, (task / "children").read_text().split())
    return [each for each in children if b"return_worker" in command_of(each)]


def command_of(process: int) -> bytes:
    """What a process runs; nothing where there is none any more."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def workbooks(folder: Path) -> dict[str, bytes]:
    """The workbooks in a folder, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.xlsx"))}


@pytest.fixture(scope="module")
def written_here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The workbooks as they are written without any other process."""
    folder = tmp_path_factory.mktemp("here") / "made"
    writer(folder).write(map(writing, range(MANY)))
    return workbooks(folder)


def test_as_many_help_as_there_are_cores_and_none_with_a_few() -> None:
    assert [processes_for(count) for count in (1, 60, 100, 10**6)] == [0, 0, 0, cores()]


def test_they_write_what_is_written_without_them(written_here: dict[str, bytes], tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    started: set[int] = set()

    def progress(done: int, total: int, owner: str) -> None:
        told.append((done, total, owner))
        started.update(helpers(os.getpid()))

    write_returns(map(writing, range(MANY)), MANY, writer(tmp_path / "made"), progress)
    assert workbooks(tmp_path / "made") == written_here
    assert len(list((tmp_path / "made").iterdir())) == 2 * MANY
    assert told == [(number + 1, MANY, f"Owner {number}") for number in range(MANY)]
    assert len(started) == processes_for(MANY)
    assert not helpers(os.getpid())


@pytest.mark.parametrize("killed", [1, 2])
def test_what_a_process_that_was_killed_was_writing_is_written(
    killed: int, written_here: dict[str, bytes], tmp_path: Path
) -> None:
    def returns() -> Iterator[Writing]:
        for number in range(MANY):
            if number == MANY // 2:
                for each in helpers(os.getpid())[:killed]:
                    os.kill(each, signal.SIGKILL)
            yield writing(number)

    write_returns(returns(), MANY, writer(tmp_path / "made"), lambda *_: None)
    assert workbooks(tmp_path / "made") == written_here


def test_what_is_wrong_is_said_as_it_is_without_them(tmp_path: Path) -> None:
    place = writer(tmp_path / "made")
    covering = tmp_path / "covering.txt"
    covering.write_text("Subject: {{ titel }}\nx", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"covering\.txt.*titel"):
        write_returns(map(writing, range(MANY)), MANY, Writer(place.templates, covering, place.folder), lambda *_: None)
    assert not helpers(os.getpid())


def test_an_interrupt_ends_them(tmp_path: Path) -> None:
    def returns() -> Iterator[Writing]:
        for number in range(MANY):
            if number == MANY // 2:
                raise KeyboardInterrupt
            yield writing(number)

    with pytest.raises(KeyboardInterrupt):
        write_returns(returns(), MANY, writer(tmp_path / "made"), lambda *_: None)
    assert not helpers(os.getpid())


# ---- a whole run -------------------------------------------------------------------------------------------------


def many_owners(team: Team) -> None:
    """Give the team's catalogue so many owners, each of one KPI."""

    def change(data: dict[str, Any]) -> None:
        for number in range(MANY):
            owner = f"owner{number:03}"
            data["responsible_owners"].append(
                {"id": owner, "name": owner, "email": f"{owner}@example.org", "executive_owner": "x1"}
            )
            data["kpis"].append(make_kpi(id=f"K{number:03}", responsible_owner=owner))

    team.change_catalogue(change)


def started(team: Team) -> subprocess.Popen[bytes]:
    """A run of generate, on its way."""
    command = [sys.executable, "-m", "xlperf", "generate", "--period", Q1, "--workspace", str(team.root)]
    # Where the tests themselves run in the background, Ctrl+C is ignored, and what they start would ignore it too.
    listens = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=listens)


def has_helpers(run: subprocess.Popen[bytes]) -> list[int]:
    """The processes that help a run, as soon as there are any."""
    while run.poll() is None:
        if found := helpers(run.pid):
            return found
        time.sleep(0.01)
    raise AssertionError("it ended without a process that helped")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_stopped_left_nothing_that_counts(how: signal.Signals, issued_team: Team) -> None:
    team, before = issued_team, issued_team.state.issued
    many_owners(team)
    run = started(team)
    helping = has_helpers(run)
    time.sleep(0.5)  # they are at work
    run.send_signal(how)
    run.wait()
    deadline = time.monotonic() + 60
    while any(b"return_worker" in command_of(each) for each in helping):
        assert time.monotonic() < deadline, "a process went on without the run that it helped"
        time.sleep(0.05)
    assert team.state.issued == before
    folder = team.root / "returns" / Q1 / "issued"
    assert set(workbooks(folder)) == {each.file for each in before.values()}
    issued = team.issue()
    assert len(issued) == MANY + len(before)
    assert all(path.with_suffix(".eml").exists() for path in issued.values())
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    assert verify(team.workspace).is_clean
