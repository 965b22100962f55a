"""The demos of the shipped frameworks, read from their workbooks: what holds of every master, and what they show."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.properties.test_invariants import Master, check, master_of
from xlperf.documents.libreoffice import libreoffice
from xlperf.report import layout
from xlperf.workflow.cycle import demo as demo_module
from xlperf.workflow.cycle.collate import Options, collate
from xlperf.workflow.cycle.demo import demo
from xlperf.workflow.cycle.edition_files import print_dashboard
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.folder import FRAMEWORKS
from xlperf.workflow.workspace.run import Run

FINDINGS_OF_A_LATE_MILESTONE = "missed: due"
PDFTOTEXT = shutil.which("pdftotext") or ""


class Shown(NamedTuple):
    """What the demo of a framework ends with."""

    framework: str
    master: Master
    period: str
    root: Path


@pytest.fixture(
    scope="module",
    params=[each if each == "heiw" else pytest.param(each, marks=pytest.mark.long) for each in FRAMEWORKS],
)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The demo of a framework, collated once more when it has been played."""
    root = tmp_path_factory.mktemp(request.param) / "demo"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_module, "can_make_pdf", lambda: False)  # no pack, for speed
        period = str(demo(root, request.param).periods[-1])
    return Shown(request.param, collated_again(root, period), period, root)


def collated_again(root: Path, period: str) -> Master:
    """Everything the master and the messages say, the master read from its file."""
    workspace = Workspace(root)
    entry = {str(each): entry for each, entry in workspace.catalogue().entry_by_period.items()}[period]
    moment = datetime.combine(entry.hard_close + timedelta(days=2), time(9), UTC)
    done = collate(workspace, Run(moment, "demo"), Options(period))
    return master_of(workspace, done, moment)


def test_every_sheet_and_message_of_a_demo_says_the_same(shown: Shown) -> None:
    check(shown.master, shown.period)


@pytest.mark.libreoffice
@pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed: nothing to print with")
@pytest.mark.skipif(not PDFTOTEXT, reason="pdftotext (poppler-utils) is not installed")
def test_no_page_of_the_dashboards_sheet_ends_with_a_band_or_has_the_key_alone(shown: Shown, tmp_path: Path) -> None:
    print_dashboard(Workspace(shown.root).master, tmp_path / "page.pdf", "Dashboard")
    lines_by_page = pages_of(tmp_path / "page.pdf")
    bands = {row["Ref"] for row in shown.master[layout.DASHBOARD] if row[layout.KIND] == layout.SECTION_ROW}
    key = {row["Ref"][:30] for row in shown.master[layout.DASHBOARD] if row[layout.KIND] == layout.KEY_ROW}
    refs = {row["Ref"] for row in shown.master[layout.DASHBOARD] if row[layout.KIND] == layout.KPI_ROW}
    assert len(lines_by_page) == PAGES_OF_SHEET[shown.framework]
    for lines in lines_by_page:
        assert not any(lines[-1].startswith(band) for band in bands)
        assert any(line.split()[0] in refs for line in lines)
    assert {line[:30] for line in lines_by_page[-1]} >= key


PAGES_OF_SHEET = {"heiw": 1, "hee": 2, "trust": 3, "ics": 3}


def pages_of(pdf: Path) -> list[list[str]]:
    """The lines of each page, without its footer."""
    text = subprocess.run([PDFTOTEXT, "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    pages = [[line.strip() for line in page.splitlines() if line.strip()] for page in text.split("\f")[:-1]]
    assert all(re.search(r"Page \d+ of \d+$", lines[-1]) for lines in pages)
    return [lines[:-1] for lines in pages]


def test_a_demo_shows_what_boards_see(shown: Shown) -> None:
    kpis, findings = shown.master[layout.KPIS], shown.master[layout.FINDINGS]
    assert any(row["RAG"] == "Red" and row["Escalation"] and not row["Escalation"].endswith("?") for row in kpis)
    assert any(row["Escalation"].endswith("?") for row in kpis)
    assert any("restated" in row["Figure is"] for row in kpis)
    assert "Late" in {row["Standing"] for row in shown.master[layout.RETURNS]}  # one has not come at all
    assert {"reject row", "warning"} <= {row["Severity"] for row in findings}
    late = any(FINDINGS_OF_A_LATE_MILESTONE in row["What"] for row in findings)
    assert late if shown.framework == "hee" else any(row["RAG"] == "Blue" for row in kpis)
    if shown.framework in ("trust", "ics"):
        assert {"improving, high", "concerning, low", "concerning, high"} & {row["Variation"] for row in kpis}
