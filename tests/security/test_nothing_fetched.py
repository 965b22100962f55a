"""Nothing fetched, nothing run, nothing written outside the workspace, whatever a return entices a program to do."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from xlperf.documents.libreoffice import libreoffice, to_pdf

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a whole cycle, an enticing return in it, did outside of its workspace."""
    folder = tmp_path_factory.mktemp("audited") / "workspace"
    done = subprocess.run(
        [sys.executable, "-m", "tests.security.audited_cycle", str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_the_return_was_read_and_what_it_holds_was_said(seen: dict[str, Any]) -> None:
    assert seen["outcomes"] == ["Accepted with warnings"]
    assert "F012" in seen["codes"]


def test_no_socket_is_opened(seen: dict[str, Any]) -> None:
    assert seen["sockets"] == []


def test_no_program_is_started_but_our_own_reader_of_returns(seen: dict[str, Any]) -> None:
    others = [command for command in seen["starts"] if "xlperf.workbook.isolated.worker" not in command]

    assert others == []
    assert all(command[0] == sys.executable for command in seen["starts"])


def test_nothing_is_written_outside_the_workspace(seen: dict[str, Any]) -> None:
    assert seen["writes"] == []


# ---- the PDF, which LibreOffice makes ------------------------------------------------------------------------------


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """The address of a server on this machine, and what it was asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()
    thread.join()


def linking(folder: Path, address: str) -> Path:
    """A workbook with a picture that is not in it, and formulas that would fetch something."""
    plain, linked = folder / "plain.xlsx", folder / "linked.xlsx"
    book = xlsxwriter.Workbook(plain)
    sheet = book.add_worksheet()
    sheet.write_formula("A1", f'=_xlfn.WEBSERVICE("{address}/webservice")')
    sheet.write_formula("A2", f"='{address}/[other.xlsx]Sheet1'!A1", None, 5)
    sheet.insert_image("C3", str(ROOT / "docs" / "dashboard.png"), {"x_scale": 0.1, "y_scale": 0.1})
    book.close()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(linked, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/drawings/_rels/drawing1.xml.rels":
                outside = f'Target="{address}/picture.png" TargetMode="External"'.encode()
                data = data.replace(b'Target="../media/image1.png"', outside)
            new.writestr(name, data.replace(b"r:embed", b"r:link") if name == "xl/drawings/drawing1.xml" else data)
    return linked


@pytest.mark.libreoffice
@pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed: nothing to print with")
def test_a_pdf_fetches_nothing(tmp_path: Path, asked: tuple[str, list[str]]) -> None:
    address, paths = asked

    to_pdf(linking(tmp_path, address), tmp_path / "made.pdf")

    assert (tmp_path / "made.pdf").read_bytes().startswith(b"%PDF")
    assert paths == []
