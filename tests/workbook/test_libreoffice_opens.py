"""Every workbook that a cycle makes is sound: by the Open XML rules, in LibreOffice, and on the board's page."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pdfplumber
import pytest

from tests.golden.workbook_text import text_of
from tests.workbook.open_xml_sdk import faults, has_open_xml_sdk
from xlperf.catalogue import Catalogue, load_catalogue
from xlperf.documents.libreoffice import libreoffice
from xlperf.report import layout as master
from xlperf.report.views import SHEET_OF
from xlperf.returns import action_fields, layout
from xlperf.rules.rag import Rag
from xlperf.tables import Row
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.cycle.demo import Demo, demo
from xlperf.workflow.cycle.edition_files import print_dashboard

has_libreoffice = pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed: nothing to open in")
has_poppler = pytest.mark.skipif(
    not (shutil.which("pdfinfo") and shutil.which("pdftotext")),
    reason="pdfinfo and pdftotext (poppler-utils) are not installed: no PDF can be looked into",
)


@dataclass(frozen=True)
class Cycle:
    """The demo's workspace when the demo has run."""

    folder: Path
    demo: Demo

    @property
    def catalogue(self) -> Catalogue:
        return load_catalogue(self.folder / "kpi_catalogue.yaml")

    @property
    def edition(self) -> Path:
        """The last workbook published."""
        return max(self.folder.glob("editions/*/*.xlsx"))

    @property
    def workbooks(self) -> dict[str, list[Path]]:
        """Every workbook made, by what it is."""
        kinds = {
            "master": "master.xlsx",
            "issued": "returns/*/issued/**/*.xlsx",
            "received": "returns/*/received/*.xlsx",
            "edition": "editions/*/*.xlsx",
        }
        return {kind: sorted(self.folder.glob(pattern)) for kind, pattern in kinds.items()}


@pytest.fixture(scope="session")
def cycle(tmp_path_factory: pytest.TempPathFactory) -> Cycle:
    """A whole cycle on sample data."""
    folder = tmp_path_factory.mktemp("cycle") / "workspace"
    return Cycle(folder, demo(folder))


@pytest.mark.parametrize("most", [pytest.param(1, id="largest"), pytest.param(99, id="all", marks=pytest.mark.long)])
def test_the_workbooks_of_a_cycle_pass_the_open_xml_audit(cycle: Cycle, most: int) -> None:
    openxml_audit = pytest.importorskip("openxml_audit")
    audit = openxml_audit.OpenXmlValidator()
    found = []
    for kind, made in cycle.workbooks.items():
        assert made, f"the demo made no {kind}"
        paths = sorted(made, key=lambda path: path.stat().st_size)[-most:]
        found += [f"{path.name}: {error}" for path in paths for error in audit.validate(str(path)).errors]
    assert found == []


@pytest.mark.long
@pytest.mark.openxmlsdk
@has_open_xml_sdk
def test_the_largest_workbook_of_each_kind_passes_the_open_xml_sdk(cycle: Cycle) -> None:
    largest = [max(made, key=lambda path: path.stat().st_size) for made in cycle.workbooks.values()]
    assert dict(zip(cycle.workbooks, faults(*largest), strict=True)) == {kind: [] for kind in cycle.workbooks}


@pytest.mark.parametrize("name", ["master", "dashboard", "return"])
def test_what_a_cycle_writes_is_what_it_wrote(cycle: Cycle, golden: Callable[[str, str], None], name: str) -> None:
    issued = cycle.workbooks["issued"]
    found, sheets = {
        "master": (cycle.folder / "master.xlsx", ()),
        "dashboard": (cycle.edition, ("Dashboard",)),
        "return": (next(path for path in issued if "Q2 Education commissioning" in path.name), ()),
    }[name]
    golden(name, text_of(found, sheets))


DOCS = Path(__file__).parents[2] / "docs"
PICTURES = {0: "pack-summary.png", 1: "pack-dashboard.png", 2: "pack-exceptions.png"}
"""The pages of the pack that the README shows."""


def test_the_pack_of_a_cycle_says_what_it_said(
    cycle: Cycle, golden: Callable[[str, str], None], request: pytest.FixtureRequest
) -> None:
    """With `--golden` its first pages are also drawn again for the README."""
    with pdfplumber.open(max(cycle.folder.glob("editions/*/* pack.pdf"))) as pdf:
        pages = [f"=== Page {number}\n{page.extract_text()}" for number, page in enumerate(pdf.pages, start=1)]
        if request.config.getoption("--golden"):
            for number, name in PICTURES.items():
                pdf.pages[number].to_image(resolution=120, antialias=True).save(DOCS / name, quantize=False)
    golden("pack", "\n\n".join(pages) + "\n")


# In LibreOffice ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """What a sheet is besides its cells."""

    is_hidden: bool
    tables: dict[str, str]
    headers: dict[str, list[object]]
    validations: list[tuple[str, str]]
    conditions: list[tuple[str, int]]


def sheets_of(path: Path) -> dict[str, Sheet]:
    """The sheets of a workbook, as openpyxl sees them."""
    with warnings.catch_warnings(action="ignore"):  # openpyxl does not read a chart as LibreOffice writes it
        workbook = openpyxl.load_workbook(path)
    sheets = {}
    for sheet in workbook.worksheets:
        tables = {table.name: table.ref for table in sheet.tables.values()}
        sheets[sheet.title] = Sheet(
            sheet.sheet_state != "visible",
            tables,
            {name: [cell.value for cell in next(iter(sheet[ref]))] for name, ref in tables.items()},
            sorted((str(rule.sqref), str(rule.type)) for rule in sheet.data_validations.dataValidation),
            sorted((str(area.sqref), len(area.rules)) for area in sheet.conditional_formatting),
        )
    workbook.close()
    return sheets


@dataclass(frozen=True)
class Opened:
    """The same workbook before and after LibreOffice opened and saved it."""

    before: dict[str, Sheet]
    after: dict[str, Sheet]


@pytest.fixture(scope="session")
def opened(cycle: Cycle, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Opened]:
    """The master, an edition and a return, each opened and saved by LibreOffice."""
    into = tmp_path_factory.mktemp("opened")
    paths = {kind: paths[-1] for kind, paths in cycle.workbooks.items()}
    sent = {kind: into / f"{kind}.xlsx" for kind in paths}
    for kind, path in paths.items():
        shutil.copyfile(path, sent[kind])
    command = [str(libreoffice()), f"-env:UserInstallation={(into / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(into / "saved"), *map(str, sent.values())]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return {kind: Opened(sheets_of(path), sheets_of(into / "saved" / path.name)) for kind, path in sent.items()}


KINDS = ("master", "issued", "received", "edition")


@pytest.mark.libreoffice
@has_libreoffice
@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_opens_in_libreoffice_with_its_tables(opened: dict[str, Opened], kind: str) -> None:
    before, after = opened[kind].before, opened[kind].after
    assert list(after) == list(before)
    for name, sheet in before.items():
        assert after[name].tables == sheet.tables, name
        assert after[name].headers == sheet.headers, name
        assert after[name].is_hidden is sheet.is_hidden, name
    made = {table for sheet in before.values() for table in sheet.tables}
    returned = {*layout.TABLES, action_fields.TABLE, layout.GLOSSARY_TABLE}
    assert made == (returned if kind in ("issued", "received") else set(SHEET_OF))


@pytest.mark.libreoffice
@has_libreoffice
@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_opens_in_libreoffice_with_its_validations_and_conditional_formats(
    opened: dict[str, Opened], kind: str
) -> None:
    before, after = opened[kind].before, opened[kind].after
    assert sum(len(sheet.validations) for sheet in before.values()) >= 2
    assert sum(len(sheet.conditions) for sheet in before.values()) >= 5
    for name, sheet in before.items():
        assert after[name].validations == sheet.validations, name
        assert after[name].conditions == sheet.conditions, name


# On the board's page -------------------------------------------------------------------------------------------------


def _printed(program: str, *arguments: str) -> str:
    done = subprocess.run([str(shutil.which(program)), *arguments], check=True, capture_output=True, timeout=60)
    return done.stdout.decode()


@pytest.fixture(scope="session")
def sheet_pdf(cycle: Cycle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dashboard sheet of the last edition as a PDF."""
    pdf = tmp_path_factory.mktemp("sheet") / "dashboard.pdf"
    print_dashboard(cycle.edition, pdf, "Dashboard")
    return pdf


@pytest.fixture(scope="session")
def page(sheet_pdf: Path) -> str:
    """The text of that PDF, laid out as printed but for the margin."""
    printed = _printed("pdftotext", "-layout", str(sheet_pdf), "-")
    return "\n".join(line.strip() for line in printed.splitlines())


@pytest.fixture(scope="session")
def dashboard(cycle: Cycle) -> tuple[Row, ...]:
    """The rows of the dashboard that was printed."""
    return FileWorkbook.open(cycle.edition).read_table(master.DASHBOARD).rows


@pytest.mark.libreoffice
@has_libreoffice
@has_poppler
def test_the_dashboard_is_one_page_of_a4_landscape(sheet_pdf: Path, page: str) -> None:
    about = _printed("pdfinfo", str(sheet_pdf))
    assert re.search(r"^Pages:\s+1$", about, re.MULTILINE), about
    size = re.search(r"^Page size:\s+([\d.]+) x ([\d.]+) pts", about, re.MULTILINE)
    assert size is not None, about
    assert (float(size[1]), float(size[2])) == pytest.approx((841.89, 595.28), abs=1)
    assert "Page 1 of 1" in page


@pytest.mark.libreoffice
@has_libreoffice
@has_poppler
def test_the_page_says_which_board_it_is_for_and_has_every_section(cycle: Cycle, page: str) -> None:
    board = cycle.catalogue.entry_by_period[cycle.demo.periods[-1]].board_date
    assert f"{cycle.catalogue.board} of {board.day} {board:%B %Y}" in page
    assert cycle.demo.periods[-1].label in page
    for section in cycle.catalogue.sections:
        assert re.search(rf"^{re.escape(section.name)}\b", page, re.MULTILINE), section.name


@pytest.mark.libreoffice
@has_libreoffice
@has_poppler
def test_the_page_can_be_read_in_black_and_white(page: str, dashboard: tuple[Row, ...]) -> None:
    """The RAG stands as a word in the line of every KPI, so that nothing hangs on the tint."""
    lines = page.splitlines()
    kpis = [row for row in dashboard if row[master.KIND].raw == master.KPI_ROW]
    assert len(kpis) >= 28
    for row in kpis:
        ref, name, rag = (row[header].raw for header in ("Ref", "Indicator", "RAG"))
        assert all(word in page for word in name.split()), f"{ref} {name} is not on the page"
        of_kpi = [line for line in lines if line.split()[:1] == [ref]]
        # Not the words of the indicator's name, which stand before it; a long one has a line of its own.
        rest = [line.split(name)[-1] for line in of_kpi if name in line or len(of_kpi) == 1]
        assert any(re.search(rf"\s{rag}\s", each) for each in rest), (ref, name, rag)
    said = {row["RAG"].raw for row in kpis}
    assert {str(Rag.RED), str(Rag.AMBER), str(Rag.GREEN), str(Rag.BLUE)} <= said <= {str(rag) for rag in Rag}
