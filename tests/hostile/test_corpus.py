"""Every file of the corpus is taken or refused for the reason expected, within the limits, and harms no other."""

from __future__ import annotations

import csv
import hashlib
import pickle
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hostile.case import GOOD, TAKE_LONG, Case, Cells, Judged, cells_of
from tests.hostile.corpus import cases, file_name
from tests.hostile.good import good_return
from xlperf.findings import KINDS, Severity
from xlperf.returns import layout
from xlperf.workbook.reader import ReadingLimits, read_tables

_ROOT = Path(__file__).parents[2]
_HANG = 400  # seconds for all files together; they take about 20


@dataclass(frozen=True)
class Batch:
    """Files of the corpus, by name, and what one process made of them."""

    cases: Mapping[str, Case]
    judged: list[Judged]


def _run(*words: str) -> None:
    done = subprocess.run([sys.executable, "-m", *words], cwd=_ROOT, capture_output=True, text=True, timeout=_HANG)
    assert done.returncode == 0, done.stderr[-2_000:]


@pytest.fixture(scope="module")
def every_case() -> Mapping[str, Case]:
    return {file_name(at, case): case for at, case in enumerate(cases())}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus on disk."""
    folder = tmp_path_factory.mktemp("corpus")
    _run("tests.hostile.corpus", str(folder))
    return folder


@pytest.fixture(
    scope="module", params=[pytest.param(False, id="most"), pytest.param(True, id="slow", marks=pytest.mark.long)]
)
def batch(request: pytest.FixtureRequest, folder: Path, every_case: Mapping[str, Case]) -> Batch:
    """Those files that are read in no time; and those that take long, with the good returns between."""
    takes_long: bool = request.param
    read = {
        name: case for name, case in every_case.items() if (case.name in TAKE_LONG) == takes_long or case.why == GOOD
    }
    results = folder / "results.pickle"
    _run("tests.hostile.judge", str(folder), str(results), str(ReadingLimits().memory_mb), *read)
    judged: list[Judged] = pickle.loads(results.read_bytes())  # noqa: S301
    return Batch(read, judged)


@pytest.fixture(scope="module")
def good() -> Cells:
    book, findings = read_tables(good_return(), layout.TABLES)
    assert findings == []
    assert book is not None
    return cells_of(book)


def test_every_file_was_judged_by_one_process(batch: Batch) -> None:
    assert [item.name for item in batch.judged] == list(batch.cases)


def test_no_file_is_left_out(every_case: Mapping[str, Case]) -> None:
    assert len(every_case) >= 600
    assert {case.name for case in every_case.values()} >= TAKE_LONG


def test_each_file_is_told_what_it_should_be(batch: Batch) -> None:
    wrong = []
    for item in batch.judged:
        case, codes = batch.cases[item.name], tuple(finding.code for finding in item.findings)
        if case.else_read:
            is_right = item.cells is not None or (len(codes) == 1 and codes[0] in case.codes)
        else:
            is_right = codes == case.codes and (item.cells is None) == any(map(_rejects, codes))
        if not is_right:
            wrong.append((item.name, case.why, "expected", case.codes, "found", item.findings))
    assert wrong == []


def _rejects(code: str) -> bool:
    return KINDS[code].severity is Severity.REJECT_RETURN


def test_what_is_read_is_what_stands_there(batch: Batch, good: Cells) -> None:
    wrong = []
    for item in batch.judged:
        case = batch.cases[item.name]
        if item.cells is None or case.else_read == "as it stands":
            continue
        kept = {place: cell for place, cell in good.items() if place not in case.changes}
        expected = kept | {place: cell for place, cell in case.changes.items() if cell is not None}
        if item.cells != expected:
            wrong.append((item.name, set(item.cells.items()) ^ set(expected.items())))
    assert wrong == []


def test_no_good_return_among_them_suffers(batch: Batch, good: Cells) -> None:
    between = [item for item in batch.judged if batch.cases[item.name].why == GOOD]
    assert len(between) > 20
    assert all(item.cells == good and item.findings == () for item in between)


def test_each_file_stays_within_time_and_memory(batch: Batch) -> None:
    limits = ReadingLimits()
    greedy = [
        (item.name, item.seconds, item.megabytes)
        for item in batch.judged
        # The process was not allowed more; that it went well says so too.
        if item.seconds > limits.seconds or item.megabytes > limits.memory_mb
    ]
    assert greedy == []


def test_what_is_said_fits_a_message_and_hides_nothing(batch: Batch) -> None:
    for item in batch.judged:
        for finding in item.findings:
            said = (finding.message, finding.found, finding.expected, finding.location.sheet, finding.location.cell)
            assert all(len(text) <= 2_500 for text in said), finding
            assert all(text.isprintable() for text in said), finding
            assert finding.message.endswith("."), finding
            assert finding.fix.endswith("."), finding


def test_the_script_makes_the_same_files_again(folder: Path, every_case: Mapping[str, Case]) -> None:
    again = {name: hashlib.sha256(case.make()).hexdigest() for name, case in every_case.items()}
    written = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.xlsx")}
    assert written == again


def test_the_script_says_what_to_expect(folder: Path, every_case: Mapping[str, Case]) -> None:
    with (folder / "expected.csv").open(newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert [row["file"] for row in rows] == list(every_case)
    assert all(row["why"] for row in rows)
