"""A master that has grown, and one in which people worked, say the same once another program opened and saved them."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Team, at, on_screen
from tests.workbook.test_open_xml_sdk import worked_in
from xlperf.documents.libreoffice import libreoffice
from xlperf.tables import Cell, CellKind
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.workspace import Workspace

pytestmark = pytest.mark.long

RELEASED = Path(__file__).parent.parent / "released"
ONLYOFFICE = """
import sys, docbuilder
builder = docbuilder.CDocBuilder()
assert builder.OpenFile(sys.argv[1], "") == 0, "it does not open"
context = builder.GetContext()
scope = context.CreateScope()
context.GetGlobal()["Api"].RecalculateAllFormulas()
assert builder.SaveFile("xlsx", sys.argv[2]) == 0, "it is not saved"
builder.CloseFile()
"""
"""In a process of its own; without the scope and the closing it dies as it ends."""


def by_libreoffice(workbook: Path, saved: Path) -> None:
    command = [str(libreoffice()), f"-env:UserInstallation={(saved.parent / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(saved.parent / "converted"), str(workbook)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    shutil.move(saved.parent / "converted" / workbook.name, saved)


def by_onlyoffice(workbook: Path, saved: Path) -> None:
    subprocess.run([sys.executable, "-c", ONLYOFFICE, str(workbook), str(saved)], check=True, timeout=180)


PROGRAMS = [
    pytest.param(
        by_libreoffice,
        id="LibreOffice",
        marks=[
            pytest.mark.libreoffice,
            pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed: nothing to open in"),
        ],
    ),
    pytest.param(
        by_onlyoffice,
        id="ONLYOFFICE",
        marks=pytest.mark.skipif(
            importlib.util.find_spec("docbuilder") is None,
            reason="ONLYOFFICE is not installed: pip install document-builder (250 MB, for the tests alone)",
        ),
    ),
]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The master of the first version, once this one has collated into it."""
    root = tmp_path_factory.mktemp("grown") / "workspace"
    shutil.copytree(RELEASED / "0.1.0", root)
    team = Team(Workspace(root))
    team.collate(at("2026-10-26"))
    return team.workspace.master


@pytest.fixture(scope="module")
def peoples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A master in which people worked, once it has been collated into."""
    people = worked_in(1)
    people.collate()
    path = tmp_path_factory.mktemp("peoples") / "master.xlsx"
    path.write_bytes(people.data)
    return path


def is_same(before: Cell, after: Cell) -> bool:
    """Whether a cell says what it said: a number to 15 digits, a formula, which we leave to be reckoned, anything."""
    if before.kind is CellKind.UNCALCULATED:
        return after.kind not in (CellKind.UNCALCULATED, CellKind.ERROR)
    if before.kind is CellKind.NUMBER and after.kind is CellKind.NUMBER:
        return on_screen(float(before.raw)) == on_screen(float(after.raw))
    return (before.kind, before.raw) == (after.kind, after.raw)


@pytest.mark.parametrize("opened_and_saved", PROGRAMS)
@pytest.mark.parametrize("made", ["grown", "peoples"])
def test_every_cell_of_every_table_is_read_back(
    made: str, opened_and_saved: Callable[[Path, Path], None], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    path: Path = request.getfixturevalue(made)
    opened_and_saved(path, tmp_path / "saved.xlsx")
    before, after = FileWorkbook.open(path), FileWorkbook.open(tmp_path / "saved.xlsx")
    assert set(after.table_names()) == set(before.table_names())
    changed, cells = [], 0
    for name in before.table_names():
        was, now = before.read_table(name), after.read_table(name)
        assert now.columns == was.columns
        assert [row.number for row in now.rows] == [row.number for row in was.rows]
        for old, new in zip(was.rows, now.rows, strict=True):
            cells += len(was.columns)
            changed += [(name, old.number, header) for header in was.columns if not is_same(old[header], new[header])]
    assert cells > 1000
    assert changed == []
