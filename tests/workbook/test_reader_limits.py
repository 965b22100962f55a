"""The limits stand far above every return: the largest of the shipped catalogues, and one of 1,000 rows."""

from __future__ import annotations

import io
import itertools
import pickle
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from xml.parsers import expat

import pytest

from tests.conftest import catalogue_data, make_kpi
from tests.hostile.good import catalogue_of, issued
from tests.hostile.zips import packed
from xlperf.catalogue import Catalogue, ResponsibleOwner, load_catalogue
from xlperf.period import Period
from xlperf.returns import layout
from xlperf.tables import Table
from xlperf.workbook.reader import ReadingLimits, read_tables
from xlperf.workflow.workspace.settings import SETTINGS, load_settings

ROOT = Path(__file__).parents[2]
SHIPPED = ("kpi_catalogue.yaml", *sorted(f"catalogues/{path.name}" for path in (ROOT / "catalogues").glob("*.yaml")))
LIMITS = {name: value for name, value, _ in ReadingLimits().documented()}

# A figure of the design that is less than ten times what every return has: Excel itself nests as deep with two rows as
# with a thousand.
LOWER = {"depth": 7}
# What says nothing about a workbook, or is no count.
NO_COUNT = {"ratio", "ratio_from", "seconds", "memory_mb", "result_bytes"}


def largest_of_catalogue(catalogue: Catalogue) -> bytes:
    """The longest return of a catalogue, in any of its periods."""

    def rows(case: tuple[ResponsibleOwner, Period]) -> int:
        return len(catalogue.due_from(*case))

    periods = [entry.period for entry in catalogue.calendar.periods]
    known = [period for period in catalogue.entry_by_period if str(period) in map(str, periods)]
    owner, period = max(itertools.product(catalogue.responsible_owners, known), key=rows)
    return issued(catalogue, owner.id, str(period))


def of_a_thousand_rows() -> bytes:
    data = catalogue_data()
    data["kpis"] = [make_kpi(id=f"K{n}", name=f"Measure {n}", responsible_owner="beta") for n in range(1_000)]
    return issued(catalogue_of(data), "beta")


@cache
def returns() -> Mapping[str, bytes]:
    shipped = {name: largest_of_catalogue(load_catalogue(ROOT / name)) for name in SHIPPED}
    return shipped | {"1,000 rows": of_a_thousand_rows()}


def saved(data: bytes) -> bytes:
    """The return as a program saves it: xlperf itself does not pack the parts that it writes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()})


def elements_of(part: bytes) -> tuple[Counter[str], Counter[str]]:
    """The elements of a part by name, and the most of what single ones have."""
    tags, most = Counter[str](), Counter[str]()
    depth, pieces = 0, list[str]()

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        tags[tag] += 1
        most["depth"] = max(most["depth"], depth)
        most["attributes"] = max(most["attributes"], len(attributes))
        if tag in ("sheet", "table", "tableColumn"):
            most["name_chars"] = max(most["name_chars"], len(attributes["name"]))
        pieces.clear()

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if tag in ("t", "v"):
            most["text_chars"] = max(most["text_chars"], len("".join(pieces)))

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, pieces.append
    parser.Parse(part, True)
    return tags, most


def measured(data: bytes) -> Mapping[str, int]:
    """How much of everything that is limited a workbook has, counted without the reader."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    tags: Counter[str] = Counter()
    found = Counter(
        file_bytes=len(saved(data)),
        parts=len(parts),
        part_bytes=max(map(len, parts.values())),
        total_bytes=sum(map(len, parts.values())),
        token_bytes=max(len(tag) for part in parts.values() for tag in re.findall(rb"<[^>]*>", part)),
    )
    for name, part in parts.items():
        here, most_here = elements_of(part)
        tags += here
        found |= most_here
        found |= Counter(merges=here["mergeCell"], relationships=here["Relationship"])
        if name.startswith("xl/tables/"):
            found["tables"] += 1
            found |= Counter(columns=here["tableColumn"])
    found.update(
        elements=tags.total(),
        sheets=tags["sheet"],
        names=tags["definedName"],
        formats=tags["xf"],
        strings=tags["si"],
        rows=tags["row"],
    )
    return found


@pytest.fixture(scope="module")
def most() -> Mapping[str, int]:
    """The most of everything that any of the returns has."""
    found = [measured(data) for data in returns().values()]
    return {name: max(each[name] for each in found) for name in found[0].keys() | found[-1].keys()}


@pytest.mark.parametrize("name", sorted(LIMITS.keys() - NO_COUNT))
def test_a_limit_is_ten_times_what_the_largest_return_has(most: Mapping[str, int], name: str) -> None:
    assert LIMITS[name] >= LOWER.get(name, 10) * most.get(name, 0)


def test_a_return_may_come_back_as_unpacked_as_it_was_issued() -> None:
    assert max(len(data) for name, data in returns().items() if name in SHIPPED) * 10 < ReadingLimits().file_bytes
    assert len(returns()["1,000 rows"]) * 2 < ReadingLimits().file_bytes


@pytest.mark.parametrize("name", [*SHIPPED, "1,000 rows"])
def test_the_largest_returns_are_read(name: str) -> None:
    book, findings = read_tables(returns()[name], layout.TABLES)
    assert findings == []
    assert book is not None
    assert len(pickle.dumps(book)) * 10 <= ReadingLimits().result_bytes
    assert len(book.tables[layout.TABLE].rows) > 3


def test_no_part_of_a_return_packs_as_well_as_a_bomb() -> None:
    with zipfile.ZipFile(io.BytesIO(saved(returns()["1,000 rows"]))) as archive:
        ratios = [info.file_size / info.compress_size for info in archive.infolist()]
    # Ten times is not to be had: 1,000 rows alike pack 18 times, and a bomb 1,000 times.
    assert max(ratios) * 5 < ReadingLimits().ratio


# ---- the table of limits -------------------------------------------------------------------------------------------


def test_every_limit_has_a_reason_and_a_default() -> None:
    for name, value, reason in ReadingLimits().documented():
        assert value > 0, name
        assert len(reason) > 30, name
        assert reason.endswith("."), name


def test_limits_are_taken_from_the_workspace_file(tmp_path: Path) -> None:
    (tmp_path / SETTINGS).write_text("limits:\n  seconds: 5\n  rows: 2000\n", encoding="utf-8")
    limits = load_settings(tmp_path).limits
    assert (limits.seconds, limits.rows, limits.parts) == (5, 2_000, ReadingLimits().parts)


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many", "[1]", "null", "true", "yes", "10000000000"])
def test_a_limit_that_makes_no_sense_is_named(tmp_path: Path, value: str) -> None:
    (tmp_path / SETTINGS).write_text(f"limits:\n  seconds: {value}\n", encoding="utf-8")
    with pytest.raises(Exception, match="seconds"):
        load_settings(tmp_path)


def test_a_limit_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / SETTINGS).write_text("limits:\n  secnods: 5\n", encoding="utf-8")
    with pytest.raises(Exception, match="secnods"):
        load_settings(tmp_path)


@pytest.mark.parametrize("value", [0, -1, True, 1.5, "60"])
def test_a_limit_in_code_is_a_whole_number_above_zero(value: object) -> None:
    with pytest.raises(ValueError, match=r"seconds is .* must be a whole number above 0"):
        ReadingLimits(seconds=value)  # type: ignore[arg-type]


def test_a_limit_that_no_timer_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="seconds is 10000000000, but must be at most 1,000,000,000"):
        ReadingLimits(seconds=10_000_000_000)


# ---- the shipped template ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*SHIPPED, "1,000 rows"])
def test_an_issued_return_has_nothing_around_its_table(name: str) -> None:
    book, _ = read_tables(returns()[name], layout.TABLES)
    assert book is not None
    table: Table = book.tables[layout.TABLE]
    assert (table.stray, table.stray_count) == ((), 0)
    # The sheet for a way back to target is in the returns of those alone who are asked for one.
    assert book.sheets == tuple(name for name in layout.SHEETS if name != "Recovery")
