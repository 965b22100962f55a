"""What a worker cannot do, how it is started, and what holds it on Windows."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from xlperf.workbook.isolated.confined import STOPPED
from xlperf.workbook.isolated.job import ExtendedLimits, Job
from xlperf.workbook.isolated.readers import Readers
from xlperf.workbook.isolated.starting import start_of, worker
from xlperf.workbook.reader import ReadingLimits

MB = 1024 * 1024


def confined(then: str, *, folder: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run `before`, confine the process as a worker does, and run `then`."""
    script = f"from xlperf.workbook.isolated.confined import confine\n{before}\nconfine(256)\n{then}"
    return subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ("import socket", "socket.socket()"),
        ("import socket", "socket.getaddrinfo('example.org', 80)"),
        ("import urllib.request", "urllib.request.urlopen('http://127.0.0.1:9')"),
        ("import subprocess, sys", "subprocess.Popen([sys.executable, '-V'])"),
        ("import os", "os.system('touch made')"),
        ("import os", "os.fork()"),
        ("import os, sys", "os.execv(sys.executable, ['python', '-V'])"),
        ("import os, sys", "os.posix_spawn(sys.executable, ['python', '-V'], {})"),
        ("", "open('made', 'w')"),
        ("", "open('kept', 'a')"),
        ("", "open('kept', 'r+')"),
        ("import io", "io.FileIO('made', 'x')"),
        ("from pathlib import Path", "Path('made').write_text('x')"),
        ("import os", "os.open('made', os.O_CREAT | os.O_WRONLY)"),
        ("import os", "os.truncate('kept', 0)"),
        ("import os", "os.remove('kept')"),
        ("import os", "os.rename('kept', 'made')"),
        ("import os", "os.symlink('kept', 'made')"),
        ("import os", "os.mkdir('made')"),
        ("import os", "os.chmod('kept', 0)"),
        ("import os", "os.kill(os.getppid(), 0)"),
        ("import shutil", "shutil.rmtree('.')"),
        ("import tempfile", "tempfile.mkdtemp()"),
        ("import sqlite3", "sqlite3.connect('made')"),
        ("import ctypes", "ctypes.CDLL(None)"),
        ("import pickle", "pickle.loads(b'cos\\nsystem\\n(S\"true\"\\ntR.')"),
        ("import resource", "resource.setrlimit(resource.RLIMIT_NOFILE, (1, 1))"),
        ("import threading", "try: open('made', 'w')\nexcept BaseException: pass"),
    ],
)
def test_a_worker_that_is_about_to_do_what_reading_never_does_ends(before: str, then: str, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("as it was")
    ended = confined(f"{then}\nprint('went on')", folder=tmp_path, before=before)
    assert (ended.returncode, ended.stdout) == (STOPPED, ""), ended.stderr
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"kept": "as it was"}


def test_a_worker_may_read_and_import(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("as it was")
    ended = confined("import colorsys\nprint(open('kept').read(), b'x'.decode('cp1252'))", folder=tmp_path)
    assert (ended.returncode, ended.stdout) == (0, "as it was x\n"), ended.stderr


def test_the_system_limits_a_worker_too(tmp_path: Path) -> None:
    """These hold for code below the interpreter as well, which the audit hook does not see."""
    then = (
        "print(*(resource.getrlimit(getattr(resource, 'RLIMIT_' + name)) for name in "
        "('AS', 'CORE', 'FSIZE', 'NOFILE', 'NPROC')))"
    )
    ended = confined(then, folder=tmp_path, before="import resource")
    assert ended.stdout.strip() == f"({256 * MB}, {256 * MB}) (0, 0) (0, 0) (16, 16) (0, 0)", ended.stderr
    beyond = confined("bytearray(300 * 1024 * 1024)", folder=tmp_path)
    assert "MemoryError" in beyond.stderr


def test_a_worker_imports_little() -> None:
    program = "import sys, xlperf.workbook.isolated.worker as w; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"pydantic", "pandas", "numpy", "jinja2", "yaml", "lxml", "openpyxl", "typer", "rich"}
    assert (heavy | {"subprocess", "socket"}).isdisjoint(loaded)


# ---- starting ------------------------------------------------------------------------------------------------------


def test_what_lies_in_the_current_folder_or_is_named_by_the_environment_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "xlperf.py", "sitecustomize.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'imported')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "json.py"))

    class Empty:
        name, data = "a.xlsx", b""

    with Readers(ReadingLimits(), expected=1) as readers:
        ((_, _, (fault,)),) = readers.read([Empty()], None)
    assert fault.code == "F001"
    # Nor where the worker is started in that folder, with that environment.
    there = {**os.environ, **worker().environment}
    subprocess.run(worker().command, cwd=tmp_path, env=there, stdin=subprocess.DEVNULL, check=True, timeout=60)
    assert not (tmp_path / "imported").exists()


def test_no_password_of_ours_is_in_a_worker_s_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "secret")
    monkeypatch.setenv("XLPERF_LEDGER", "postgresql://x:secret@example.org/ledger")
    assert "secret" not in str(worker().environment)


WINDOWS = {"SystemRoot": r"C:\Windows", "Path": r"C:\Windows", "AppData": r"C:\U\x", "PGPASSWORD": "secret"}


def test_on_windows_the_real_interpreter_is_started_and_not_a_launcher() -> None:
    """The launcher of a virtual environment starts a second process, for which the job has no room."""
    start = start_of(r"C:\venv\Scripts\pythonw.exe", r"C:\Python311\pythonw.exe", WINDOWS, "win32")
    assert start.command[0] == r"C:\Python311\python.exe"
    assert start.environment == {
        "SystemRoot": r"C:\Windows",
        "Path": r"C:\Windows",
        "AppData": r"C:\U\x",
        "__PYVENV_LAUNCHER__": r"C:\venv\Scripts\python.exe",
    }


def test_on_windows_without_a_virtual_environment_it_is_the_same_interpreter() -> None:
    start = start_of(r"C:\Python311\Python.exe", r"C:\Python311\python.exe", WINDOWS, "win32")
    assert start.command[0] == r"C:\Python311\Python.exe"
    assert "__PYVENV_LAUNCHER__" not in start.environment


# ---- the Windows job, before a stand-in that records what is asked of it --------------------------------------------


class Kernel32:
    """Takes the place of kernel32.dll: it records every call, and refuses the one it is told to."""

    def __init__(self, refuses: str = "") -> None:
        self.calls: list[tuple[Any, ...]] = []
        self._refuses = refuses

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> int:
            if name == "SetInformationJobObject":
                handle, kind, limits, size = arguments
                said = limits._obj
                basic = said.BasicLimitInformation
                arguments = (handle, kind, basic.LimitFlags, basic.ActiveProcessLimit, said.ProcessMemoryLimit, size)
            self.calls.append((name, *arguments))
            return 0 if name == self._refuses else 41

        return call


def test_a_job_holds_one_process_with_so_much_memory_and_ends_it_when_it_is_let_go() -> None:
    kernel32 = Kernel32()
    job = Job(1_024, kernel32)
    job.add(7)
    job.close()
    job.close()
    kill_on_close, die_on_fault, process_memory, active_process = 0x2000, 0x400, 0x100, 0x8
    flags = kill_on_close | die_on_fault | process_memory | active_process
    assert kernel32.calls == [
        ("CreateJobObjectW", None, None),
        ("SetInformationJobObject", 41, 9, flags, 1, 1_024 * MB, 144),
        ("AssignProcessToJobObject", 41, 7),
        ("CloseHandle", 41),
    ]


def test_the_limits_are_laid_out_as_64_bit_windows_has_them() -> None:
    """Offsets of JOBOBJECT_EXTENDED_LIMIT_INFORMATION, as a C compiler gives them."""
    assert ctypes.sizeof(ExtendedLimits) == 144
    basic = ExtendedLimits.BasicLimitInformation
    assert (basic.offset, basic.size) == (0, 64)
    kind = type(ExtendedLimits().BasicLimitInformation)
    assert (kind.LimitFlags.offset, kind.ActiveProcessLimit.offset, kind.Affinity.offset) == (16, 40, 48)
    assert (ExtendedLimits.IoInfo.offset, ExtendedLimits.ProcessMemoryLimit.offset) == (64, 112)


@pytest.mark.parametrize("call", ["CreateJobObjectW", "SetInformationJobObject"])
def test_a_job_that_windows_does_not_make_is_an_error_and_leaves_no_handle(call: str) -> None:
    kernel32 = Kernel32(refuses=call)
    with pytest.raises(OSError, match=f"Windows refused {call.removesuffix('W')}"):
        Job(64, kernel32)
    made = call != "CreateJobObjectW"
    assert [each[0] for each in kernel32.calls].count("CloseHandle") == made


def test_a_process_that_windows_does_not_let_into_the_job_is_an_error() -> None:
    job = Job(64, Kernel32(refuses="AssignProcessToJobObject"))
    with pytest.raises(OSError, match="Windows refused AssignProcessToJobObject"):
        job.add(7)
