"""Workbooks in which people worked are as sound for Microsoft's Open XML SDK after xlperf wrote to them as before."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workbook import test_attached as attached
from tests.workbook import test_pointers as pointers
from tests.workbook.open_xml_sdk import faults, faults_added, has_open_xml_sdk
from tests.workflow.test_peoples_work import SERIES, TABLES, TEMPLATE, Master
from xlperf.workbook.file import FileWorkbook

pytestmark = [pytest.mark.long, pytest.mark.openxmlsdk, has_open_xml_sdk]

STEPS = 20
RETURN_TEMPLATE = TEMPLATE.with_name("return.xlsx")


def broken(workbook: Path, into: Path) -> Path:
    """A copy of a workbook with an element in its first table that no table has."""
    with zipfile.ZipFile(workbook) as old, zipfile.ZipFile(into, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/tables/table1.xml":
                text = text.replace(b"<tableColumns", b"<ours/><tableColumns")
            new.writestr(name, text)
    return into


def test_a_return_passes_and_one_that_was_broken_does_not(issued_alpha: Path, tmp_path: Path) -> None:
    harmed = broken(issued_alpha, tmp_path / "broken.xlsx")
    assert faults(issued_alpha) == [[]]
    (fault,) = faults_added(issued_alpha, issued_alpha, harmed)
    assert fault.startswith("/xl/tables/table1.xml: Sch_InvalidElementContent")
    assert faults_added(harmed, harmed) == []


def test_the_shipped_templates_pass() -> None:
    assert faults(TEMPLATE, RETURN_TEMPLATE) == [[], []]


def move(people: Master, draw: random.Random) -> None:
    """Something that people do, or that happens meanwhile."""
    table = draw.choice(TABLES)
    moves: tuple[Callable[[], object], ...] = (
        lambda: people.do_something_to_a_cell(table, *(draw.randrange(100) for _ in range(3))),
        lambda: people.add_a_column(table),
        lambda: people.rename_a_column(table),
        lambda: people.filter(table),
        lambda: people.sort(table),
        lambda: people.write_below(table),
        lambda: people.tick_the_totals_row(table),
        lambda: people.a_figure_arrives(draw.choice(SERIES), "2026-27-Q1", draw.randrange(100)),
        people.collate,
    )
    draw.choices(moves, weights=(6, 2, 1, 1, 1, 1, 1, 2, 2))[0]()


def worked_in(seed: int) -> Master:
    """People who have done so many things, drawn at random, in a master."""
    draw, people = random.Random(seed), Master()  # noqa: S311
    people.start()
    for _ in range(STEPS):
        move(people, draw)
    return people


@pytest.mark.parametrize("seed", range(2))
def test_a_master_in_which_people_worked_passes_as_it_did_before_the_collation(seed: int, tmp_path: Path) -> None:
    people = worked_in(seed)
    before, after = tmp_path / "before.xlsx", tmp_path / "after.xlsx"
    before.write_bytes(people.data)
    people.collate()
    after.write_bytes(people.data)
    assert faults_added(before, after) == []


def with_what_hangs_on_cells(refs: tuple[str, ...]) -> tuple[bytes, bytes]:
    """Notes, threads and links, before and after rows were put in, taken out and moved."""
    before = attached.threaded()
    return before, attached.rewritten(FileWorkbook.open(before), refs)


def with_what_points_at_cells(refs: tuple[str, ...]) -> tuple[bytes, bytes]:
    """Charts, names, sparklines, lists and colours, likewise."""
    return pointers.master(), pointers.rewritten(refs)[0]


@pytest.mark.parametrize("made", [with_what_hangs_on_cells, with_what_points_at_cells])
def test_what_is_attached_to_rows_passes_wherever_they_went(
    made: Callable[[tuple[str, ...]], tuple[bytes, bytes]], tmp_path: Path
) -> None:
    before, after = tmp_path / "before.xlsx", []
    for number, refs in enumerate(attached.ORDERS):
        was, now = made(refs)
        before.write_bytes(was)
        after.append(tmp_path / f"{number}.xlsx")
        after[-1].write_bytes(now)
    assert faults_added(before, *after) == []
