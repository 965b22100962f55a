"""On A4 the master's sheets can be read: the size of every text is measured in what LibreOffice prints."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workflow.test_chart import master_of
from tests.workflow.test_lists import TRUST, V1, Book, figure
from xlperf.assessment import Assessment
from xlperf.documents.libreoffice import libreoffice, to_pdf
from xlperf.report.sheets.dashboard import KEY
from xlperf.workflow.cycle.edition_files import print_dashboard

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed: nothing to print with"),
    pytest.mark.skipif(not shutil.which("pdftohtml"), reason="pdftohtml (poppler-utils) is not installed"),
]
SMALLEST = 8.0
ZOOM = 3
"""The most that pdftohtml enlarges by; it gives sizes in whole points of the enlarged page."""
MARK = "Zanzibar"
LONG = ("The team has seen more referrals than in any year before, and two posts are vacant. " * 10)[:791] + f" {MARK}"
BARS = re.compile("^[▁▂▃▄▅▆▇█· ]+$")
QUARTERS = [f"{year}-{year % 100 + 1}-Q{quarter}" for year in range(2022, 2027) for quarter in (1, 2, 3, 4)][:18]


def assessment() -> Assessment:
    """A series that is Red, with as long a commentary as an owner may write."""
    figures = [figure(V1, TRUST, period, 60.0 + place) for place, period in enumerate(QUARTERS)]
    last = replace(figures[-1], commentary=LONG, cause=LONG, action=LONG, action_owner="Head", action_due="2026-12-31")
    return Book().figures(*figures[:-1], last).decide("Enhanced", "2026-07-10", rationale=LONG).assessment("2026-27-Q2")


def texts(pdf: Path) -> list[tuple[float, str]]:
    """Every text of a PDF with its size in points."""
    xml = _said("pdftohtml", "-xml", "-i", "-zoom", str(ZOOM), "-stdout", str(pdf))
    sizes = {number: int(size) / ZOOM for number, size in re.findall(r'<fontspec id="(\d+)" size="(\d+)"', xml)}
    found = re.findall(r'<text [^>]*font="(\d+)"[^>]*>(.*?)</text>', xml)
    return [(sizes[number], re.sub(r"<[^>]+>", "", text)) for number, text in found]


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def too_small(pdf: Path) -> list[tuple[float, str]]:
    return [(size, text) for size, text in texts(pdf) if size < SMALLEST and not BARS.match(text)]


def test_every_text_of_every_sheet_is_large_enough_on_a4_and_whole(tmp_path: Path) -> None:
    book, pdf = tmp_path / "master.xlsx", tmp_path / "master.pdf"
    master_of(assessment()).save(book)
    to_pdf(book, pdf)
    assert too_small(pdf) == []
    words = " ".join(text for _, text in texts(pdf))
    # Commentary, cause and action in Exceptions; the rationale in Escalation.
    assert words.count(MARK) >= 4
    pages = _said("pdfinfo", str(pdf))
    assert re.search(r"Page size: .*841.* x 595.*A4", pages)


def test_the_dashboard_says_everything_in_words_and_each_point_has_a_bar(tmp_path: Path) -> None:
    book, pdf = tmp_path / "master.xlsx", tmp_path / "page.pdf"
    master_of(assessment()).save(book)
    print_dashboard(book, pdf, "Dashboard")
    assert too_small(pdf) == []
    said = _said("pdftotext", "-layout", str(pdf), "-")
    for words in KEY.format(ruleset="mdc", points=13, added="", asked="").splitlines():
        assert words.split()[-1] in next(line for line in said.splitlines() if line.startswith(words[:20])).split()
    line = next(line for line in said.splitlines() if line.split()[:1] == [V1])
    assert "improving, high" in line
    assert "will miss" in line
    assert len(re.findall("[▁▂▃▄▅▆▇█]", line)) == 12
    assert not re.search(r"[GAR–]{4}|P/\?/F", said)
