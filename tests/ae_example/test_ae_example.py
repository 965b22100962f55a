"""The A&E example, end to end: a year of returns of every organisation, against the CSV and nothing but the CSV.

What is expected is worked out here from the file with exact fractions; none of xlperf's rules takes part in it.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pdfplumber
import pytest

from tests.conftest import on_screen
from xlperf.catalogue import load_catalogue
from xlperf.ledger import FolderLedger, State
from xlperf.tables import Table
from xlperf.workbook.file import FileWorkbook

EXAMPLE = Path(__file__).parents[2] / "examples" / "ae-attendance"
# The one stretch of twelve months that begins early enough for RQQ, which reported last in March 2017, and ends late
# enough for R0A, which reported first in October 2017: so all 140 organisations take part.
MONTHS = [f"2016-{month:02}" for month in (11, 12)] + [f"2017-{month:02}" for month in range(1, 11)]
ORGANISATIONS = 140
SPANS = [pytest.param(1), pytest.param(len(MONTHS), marks=pytest.mark.long)]
"""For how many of the months the example is run: a beginning, and a whole year."""
EACH_MONTH = [
    pytest.param(span.values[0], month, marks=span.marks)
    for span in SPANS
    for month in MONTHS[: int(str(span.values[0]))]
]
"""Of each run, every month."""
OPENED = {"R0A": "2017-10"}
CLOSED = {"RQQ": "2017-03", "RM2": "2017-09", "RW3": "2017-09"}
"""The first, and the last, month with rows of those that have none in the months before, or after."""
GAPS = {("RFR", "2016-11"), ("RWH", "2017-09")}
"""Who lacks a month between others."""
TARGET, TOLERANCE = Fraction(95, 100), Fraction(5, 100)


@dataclass(frozen=True)
class Published:
    """One row of the CSV."""

    attendances: int
    breaches: int
    admissions: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.attendances - self.breaches, self.attendances)

    @property
    def colour(self) -> str:
        if self.share >= TARGET:
            return "Green"
        return "Amber" if self.share >= TARGET - TOLERANCE else "Red"


@dataclass(frozen=True)
class Run:
    """What the example left behind: its printed lines, the master as it was after each month, and the ledger."""

    months: list[str]

    printed: list[str]
    masters: dict[str, FileWorkbook]
    state: State
    root: Path


def _published() -> Iterator[tuple[tuple[str, str], Published]]:
    with (EXAMPLE / "ae_attendances_2016-18.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            month = row["period"].removesuffix("-01")
            if row["type"] == "1" and month in MONTHS:
                counts = (int(row[name]) for name in ("attendances", "breaches", "admissions"))
                yield (row["org_code"], month), Published(*counts)


@pytest.fixture(scope="session")
def published() -> dict[tuple[str, str], Published]:
    rows = list(_published())
    assert len(rows) == len(dict(rows)), "an organisation has two type-1 rows in a month"
    assert len({org for (org, _), _ in rows}) == ORGANISATIONS
    return dict(rows)


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The example, run for so many months by the command its README gives."""
    months = MONTHS[: request.param]
    root = tmp_path_factory.mktemp("ae") / "workspace"
    command = [sys.executable, str(EXAMPLE / "run.py"), str(root), "--months", str(len(months)), "--first", months[0]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    # A collation keeps a copy of the master before it changes it: these are the masters of the months before.
    files = [*sorted((root / "backups").glob("*.xlsx")), root / "master.xlsx"]
    masters = {month: FileWorkbook.open(file) for month, file in zip(months, files, strict=True)}
    return Run(months, done.stdout.splitlines(), masters, FolderLedger(root / "ledger").state(), root)


def _open_in(month: str, published: dict[tuple[str, str], Published]) -> set[str]:
    """Who was open in a month, and so should have returned."""
    every = {org for org, _ in published}
    return {org for org in every if OPENED.get(org, "") <= month <= CLOSED.get(org, "9999")}


def _of(run: Run, published: dict[tuple[str, str], Published]) -> dict[tuple[str, str], Published]:
    """What was published of the months of a run."""
    return {key: row for key, row in published.items() if key[1] in run.months}


def _column(table: Table, header: str, **where: str) -> dict[str, str]:
    """One column by organisation, of the rows in which the other columns say what is asked."""
    rows = [row for row in table.rows if all(row[name].raw == said for name, said in where.items())]
    found = {row["Org"].raw: row[header].raw for row in rows}
    assert len(found) == len(rows), "an organisation has two rows"
    return found


@pytest.mark.parametrize(("run", "month"), EACH_MONTH, indirect=["run"], scope="session")
def test_the_master_of_every_month_has_the_colours_of_the_csv(
    month: str, run: Run, published: dict[tuple[str, str], Published]
) -> None:
    data = run.masters[month].read_table("tbl_data")

    for earlier in MONTHS[: MONTHS.index(month) + 1]:
        said = _column(data, "RAG", Ref="AE1", Period=earlier)
        expected = {org: row.colour for (org, when), row in published.items() if when == earlier}
        assert Counter(said.values()) == Counter(expected.values())
        assert said == expected
    assert max(row["Period"].raw for row in data.rows) == month


@pytest.mark.parametrize(("run", "month"), EACH_MONTH, indirect=["run"], scope="session")
def test_the_master_of_every_month_says_who_did_not_return(
    month: str, run: Run, published: dict[tuple[str, str], Published]
) -> None:
    reported = {org: row.colour for (org, when), row in published.items() if when == month}
    is_open = _open_in(month, published)
    opened = {org for org, _ in published if OPENED.get(org, "") <= month}
    master = run.masters[month]

    said = _column(master.read_table("tbl_kpis"), "RAG", Ref="AE1")
    outcomes = [row["Outcome"].raw for row in master.read_table("tbl_returns").rows if row["Period"].raw == month]
    about = {row["Item"].raw: row["Value"].raw for row in master.read_table("tbl_about").rows}

    assert is_open - set(reported) == {org for org, when in GAPS if when == month}
    assert said.pop("ENGLAND") == _england(month, published).colour
    assert said == {org: reported.get(org, "Not returned") if org in is_open else "Closed" for org in opened}
    missing = len(is_open) - len(reported)
    expected = Counter({"Accepted": len(reported), "Not returned": missing})
    assert Counter(outcomes) == +expected
    assert about["Returns"] == f"{len(is_open)} issued = {len(reported)} returned + {missing} missing"
    line = f"{month}: {len(is_open)} issued = {len(reported)} returned + {missing} missing "
    assert [printed.startswith(line) for printed in run.printed].count(True) == 1


def _england(month: str, published: dict[tuple[str, str], Published]) -> Published:
    """All departments of a month together: parts added, never percentages averaged."""
    rows = [row for (_, when), row in published.items() if when == month]
    return Published(*(sum(getattr(row, name) for row in rows) for name in ("attendances", "breaches", "admissions")))


@pytest.mark.parametrize(("run", "month"), EACH_MONTH, indirect=["run"], scope="session")
def test_england_is_rolled_up_by_its_parts_and_says_of_how_many(
    month: str, run: Run, published: dict[tuple[str, str], Published]
) -> None:
    england = _england(month, published)
    reported = sum(1 for _, when in published if when == month)
    rows = run.masters[month].read_table("tbl_rollup").rows
    latest = {row["Ref"].raw: row for row in rows if (row["Org"].raw, row["Span"].raw) == ("ENGLAND", "Latest period")}
    share = latest["AE1"]
    assert (int(share["Numerator"].raw), int(share["Denominator"].raw)) == (
        england.attendances - england.breaches,
        england.attendances,
    )
    assert float(share["Actual"].raw) == on_screen(float(100 * england.share))
    assert [int(latest[ref]["Actual"].raw) for ref in ("AE2", "AE3")] == [england.attendances, england.admissions]
    assert {row["Reported"].raw for row in latest.values()} == {
        f"{reported} of {len(_open_in(month, published))} parts"
    }


@pytest.mark.parametrize("run", SPANS, indirect=True, scope="session")
def test_every_figure_in_the_ledger_is_the_csv_and_none_is_missing(
    run: Run, published: dict[tuple[str, str], Published]
) -> None:
    expected: dict[tuple[str, str, str], tuple[float | None, ...]] = {}
    for (org, month), row in _of(run, published).items():
        in_time = row.attendances - row.breaches
        expected["AE1", org, month] = (in_time, row.attendances, on_screen(float(100 * row.share)))
        expected["AE2", org, month] = (None, None, row.attendances)
        expected["AE3", org, month] = (None, None, row.admissions)

    now = {key: (f.numerator, f.denominator, f.actual) for key, f in run.state.now.items()}

    assert now == expected
    assert not any(current.is_restated for current in run.state.figures.values())


@pytest.mark.parametrize("run", SPANS, indirect=True, scope="session")
def test_every_return_was_taken_whole(run: Run, published: dict[tuple[str, str], Published]) -> None:
    assert len(run.state.issued) == sum(len(_open_in(month, published)) for month in run.months)
    assert {(r.owner, r.period) for r in run.state.received} == set(_of(run, published))
    assert [(r.owner, r.period) for r in run.state.received if r.findings or r.refused or r.blank] == []


def test_the_committed_catalogue_is_what_the_script_writes_and_has_no_faults(tmp_path: Path) -> None:
    again = tmp_path / "kpi_catalogue.yaml"
    command = [sys.executable, str(EXAMPLE / "make_catalogue.py"), str(again)]
    subprocess.run(command, check=True, capture_output=True)

    assert again.read_bytes() == (EXAMPLE / "kpi_catalogue.yaml").read_bytes()
    catalogue = load_catalogue(again)
    codes = {org.code for org in catalogue.orgs if org.parent}
    assert len(codes) == ORGANISATIONS
    assert all({org.code for org in catalogue.orgs_of(kpi)} == codes for kpi in catalogue.kpis)
    assert {org.code: f"{org.open_from:%Y-%m}" for org in catalogue.orgs if org.open_from} == OPENED
    assert {org.code: f"{org.open_until:%Y-%m}" for org in catalogue.orgs if org.open_until} == CLOSED


@pytest.mark.parametrize("asked", [("--months", "0"), ("--first", "2018-01"), ("--first", "2015-01")])
def test_months_outside_the_data_are_refused_before_anything_is_made(asked: tuple[str, str], tmp_path: Path) -> None:
    command = [sys.executable, str(EXAMPLE / "run.py"), str(tmp_path / "workspace"), *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert not (tmp_path / "workspace").exists()


@pytest.mark.parametrize("run", SPANS, indirect=True, scope="session")
def test_the_pack_of_140_organisations_can_be_read(run: Run, tmp_path: Path) -> None:
    shutil.copytree(run.root, tmp_path / "workspace")
    publish = [sys.executable, "-m", "xlperf", "publish", "--period", run.months[-1], "--pdf"]
    done = subprocess.run([*publish, "--workspace", str(tmp_path / "workspace")], capture_output=True, text=True)
    (made,) = (tmp_path / "workspace" / "editions").rglob("*pack.pdf")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    with pdfplumber.open(made) as pdf:
        for page in pdf.pages:
            assert {char["text"] for char in page.chars if char["size"] < 7.7} <= {"P", "F", "?"}
            assert all(char["x0"] >= 0 and char["x1"] <= page.width for char in page.chars)
            assert all(char["top"] >= 0 and char["bottom"] <= page.height - 10 for char in page.chars)
        words = " ".join(page.extract_text() or "" for page in pdf.pages)
    assert "England" in words
    assert "Page 1 of" in words
