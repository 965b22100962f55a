"""The wheel: what is in it, and that what is installed from it finds everything it needs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from xlperf import __version__

ROOT = Path(__file__).parent.parent
SHIPPED = ("kpi_catalogue.yaml", "catalogues", "workbook_templates", "macros", "docs")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without the network."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the wheel installs, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as package:
        package.extractall(folder)
    return folder


def files(place: Path) -> set[str]:
    """The files of the checkout at or below a place, by their path in it."""
    found = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    return {path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts}


def run(installed: Path, *arguments: object, at: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xlperf", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=at, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False
    )


def test_it_holds_the_program_and_all_that_ships_with_it_and_nothing_else(wheel: Path) -> None:
    about = f"xlperf-{__version__}.dist-info"
    expected = files(ROOT / "xlperf")
    expected |= {f"xlperf/shipped/{name}" for place in SHIPPED for name in files(ROOT / place)}
    expected |= {f"{about}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")}
    assert {"xlperf/py.typed", "xlperf/shipped/docs/it-request.md"} <= expected
    with zipfile.ZipFile(wheel) as package:
        names = package.namelist()
    assert sorted(names) == sorted(expected)


def test_what_is_installed_makes_a_workspace_and_checks_it(installed: Path, tmp_path: Path) -> None:
    made = run(installed, "init", "trust", "--framework", "trust", at=tmp_path)
    assert made.returncode == 0, made.stderr
    checked = run(installed, "check", "--workspace", "trust", at=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout


def test_what_is_installed_says_where_its_documents_lie(installed: Path, tmp_path: Path) -> None:
    (line,) = [each for each in run(installed, "doctor", at=tmp_path).stdout.splitlines() if " Documents: " in each]
    match = re.fullmatch(r"ok\s+Documents: (.+?): (.+)", line)
    assert match, line
    folder = Path(match[1])
    assert folder.is_relative_to(installed)
    pages = re.findall(r"[\w-]+\.md", match[2])
    assert "it-request.md" in pages
    assert [page for page in pages if not (folder / page).is_file()] == []
