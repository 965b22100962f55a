"""A good return that another program opened and saved is read as it was sent: its figures, its texts, whose it is."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import openpyxl
import pytest

from tests.hostile.case import Cells, cells_of
from tests.hostile.good import good_return
from xlperf.documents.libreoffice import libreoffice
from xlperf.returns import layout
from xlperf.workbook.reader import read_tables


def figures(data: bytes) -> Cells:
    """What is typed in a return: not its formulas, which another program may have calculated."""
    book, findings = read_tables(data, layout.TABLES)
    assert findings == []
    assert book is not None
    formulas = {
        (table.name, cell.ref)
        for table in book.tables.values()
        for row in table.rows
        for cell in row.cells.values()
        if cell.is_formula
    }
    read = {place: cell for place, cell in cells_of(book).items() if place not in formulas}
    # Numbers may be written in another way: 1e+300 for 1E+300.
    return {place: (kind, str(float(raw)) if kind == "number" else raw) for place, (kind, raw) in read.items()}


@pytest.mark.libreoffice
@pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed: nothing to save with")
def test_saved_by_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "return.xlsx").write_bytes(good_return())
    command = [str(libreoffice()), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(tmp_path / "return.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert figures((tmp_path / "saved" / "return.xlsx").read_bytes()) == figures(good_return())


def test_saved_by_openpyxl() -> None:
    book = openpyxl.load_workbook(io.BytesIO(good_return()))
    saved = io.BytesIO()
    book.save(saved)
    assert figures(saved.getvalue()) == figures(good_return())
