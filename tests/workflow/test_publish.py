"""Publishing: an edition is frozen, complete, and recorded with its hash, or it is not there."""

from __future__ import annotations

import hashlib
import shutil
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import BY, Q1, Q2, Q3, Team, at, copy_of, fill, tree
from xlperf.documents.libreoffice import libreoffice
from xlperf.errors import UsageError, WorkbookError
from xlperf.report import layout
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.edition_files import Output
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.workspace.run import Run

V1 = ("V1", "TRUST", Q1)


@pytest.fixture(scope="module")
def _collated_once(tmp_path_factory: pytest.TempPathFactory, _issued_once: Path) -> Path:
    team = copy_of(_issued_once, tmp_path_factory.mktemp("collated") / "workspace")
    for issued in team.issued().values():
        fill(issued)
    team.collate()
    return team.root


@pytest.fixture
def collated(tmp_path: Path, _collated_once: Path) -> Team:
    return copy_of(_collated_once, tmp_path / "issued workspace")


def test_an_edition_is_recorded_with_the_hash_of_its_file(collated: Team) -> None:
    done = publish(collated.workspace, Q1, Run(at("2026-07-24"), BY))
    (edition,) = collated.state.editions
    assert edition.period == Q1
    assert edition.files == {done.workbook.name: hashlib.sha256(done.workbook.read_bytes()).hexdigest()}
    assert done.files == {}
    rows = {row["Ref"].raw: row for row in FileWorkbook.open(done.workbook).read_table("tbl_dashboard").rows}
    assert rows["V1"]["Latest"].raw == "92.0"


def test_a_later_figure_leaves_the_edition_as_it_was_and_makes_another(collated: Team) -> None:
    first = publish(collated.workspace, Q1, Run(at("2026-07-24"), BY))
    frozen = first.workbook.read_bytes()
    fill(collated.issued()["alpha"], {V1: {"Actual": 95}}, name="again.xlsx", saved=at("2026-07-25"))
    collated.collate(at("2026-07-25"))
    second = publish(collated.workspace, Q1, Run(at("2026-07-26"), BY))
    assert first.workbook.read_bytes() == frozen
    assert second.workbook != first.workbook
    assert len(collated.state.editions) == 2


def test_two_editions_of_one_second_are_two_and_both_as_they_were_published(collated: Team) -> None:
    done = [publish(collated.workspace, Q1, Run(at("2026-07-24"), by)).workbook for by in ("Ann", "Ben", "Eve")]
    assert len(set(done)) == 3
    for path, edition in zip(done, collated.state.editions, strict=True):
        assert edition.files == {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}
    done[1].unlink()
    assert publish(collated.workspace, Q1, Run(at("2026-07-24"), BY)).workbook not in done


def test_what_readers_of_an_edition_should_know_is_said(collated: Team) -> None:
    assert publish(collated.workspace, Q1, Run(at("2026-07-24"), BY)).doubts == ()
    early = publish(collated.workspace, Q1, Run(at("2026-06-30"), BY))
    assert early.doubts == (
        "Quarter 1 2026-27 (April to June 2026) has not ended yet",
        "it takes the place of that of 24 July 2026, and does not say why (--correction)",
    )
    summary = str(FileWorkbook.open(early.workbook).read_name(layout.SUMMARY))
    assert "2 of 2 returns received · the period has not ended" in summary
    collated.issue(Q2, now=at("2026-10-01"))
    (doubt,) = publish(collated.workspace, Q2, Run(at("2026-10-24"), BY)).doubts
    assert doubt == "2 of 2 returns are missing: Alpha team, Beta team"
    (doubt,) = publish(collated.workspace, Q3, Run(at("2027-01-24"), BY)).doubts
    assert doubt.startswith("no returns have been issued for Quarter 3")


def test_publishing_changes_neither_master_nor_returns(collated: Team) -> None:
    before = tree(collated.root)
    publish(collated.workspace, Q1, Run(at("2026-07-24"), BY))
    after = tree(collated.root)
    assert {name: after[name] for name in before} == before


def test_decisions_that_no_collation_has_read_are_not_left_out_of_an_edition(collated: Team) -> None:
    book = collated.master
    typed: dict[str, CellValue] = {"Decided stage": "Enhanced", "Decided by": "CE", "Decided on": date(2026, 7, 20)}
    book.write_table("tbl_escalation", [{"Ref": "V1", "Org": "TRUST", **typed}])
    book.save(collated.workspace.master)
    before = tree(collated.root)
    with pytest.raises(WorkbookError, match="collate first"):
        publish(collated.workspace, Q1, Run(at("2026-07-24"), BY))
    assert tree(collated.root) == before


def test_without_libreoffice_the_edition_is_made_and_its_sheet_is_said_to_be_lacking(
    collated: Team, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing here"))
    if libreoffice() is not None:
        pytest.skip("LibreOffice stands outside of the PATH on this machine")
    done = publish(collated.workspace, Q1, Run(at("2026-07-24"), BY), outputs=[Output.SHEET])
    assert done.files == {}
    (lacking,) = done.lacking
    assert lacking.startswith("dashboard.pdf was not made: no LibreOffice was found")
    (edition,) = collated.state.editions
    assert set(edition.files) == {done.workbook.name}


@pytest.mark.libreoffice
def test_the_pdf_of_the_sheet_is_the_dashboard(collated: Team) -> None:
    if libreoffice() is None:
        pytest.skip("no LibreOffice on this machine")
    done = publish(collated.workspace, Q1, Run(at("2026-07-24"), BY), outputs=[Output.SHEET])
    pdf = done.files[Output.SHEET]
    assert pdf.read_bytes().startswith(b"%PDF")
    (edition,) = collated.state.editions
    assert set(edition.files) == {done.workbook.name, pdf.name}
    assert openpyxl.load_workbook(done.workbook)["Data"].sheet_state == "visible"


def test_an_edition_has_the_pack_that_was_asked_for(collated: Team) -> None:
    done = publish(collated.workspace, Q1, Run(at("2026-07-24"), BY), outputs=[Output.PACK_PDF])
    pdf = done.files[Output.PACK_PDF]
    assert pdf.name == f"{done.workbook.stem} pack.pdf"
    (edition,) = collated.state.editions
    assert edition.files[pdf.name] == hashlib.sha256(pdf.read_bytes()).hexdigest()
    assert done.lacking == ()


@pytest.mark.libreoffice
def test_without_the_extra_the_sheet_stands_for_the_pack_and_that_is_said_once(
    collated: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    if libreoffice() is None:
        pytest.skip("no LibreOffice on this machine")
    monkeypatch.setitem(sys.modules, "typst", None)
    outputs = [Output.PACK_PDF, Output.SHEET]
    done = publish(collated.workspace, Q1, Run(at("2026-07-24"), BY), outputs=outputs)
    assert set(done.files) == {Output.SHEET}
    (lacking,) = done.lacking
    assert "needs the extra 'pack' (pip install 'xlperf[pack]')" in lacking
    assert "the Dashboard sheet was printed instead" in lacking


def test_without_the_extra_and_libreoffice_there_is_no_pdf_and_that_is_said_once(
    collated: Team, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing here"))
    if libreoffice() is not None:
        pytest.skip("LibreOffice stands outside of the PATH on this machine")
    monkeypatch.setitem(sys.modules, "typst", None)
    done = publish(collated.workspace, Q1, Run(at("2026-07-24"), BY), outputs=[Output.PACK_PDF])
    assert done.files == {}
    (lacking,) = done.lacking
    assert lacking.startswith("pack.pdf was not made: PDF packs need the extra 'pack'")


def test_an_edition_has_everything_that_was_asked_for_and_is_known_by_its_workbook(collated: Team) -> None:
    outputs = [output for output in Output if output is not Output.SHEET]
    done = publish(collated.workspace, Q1, Run(at("2026-07-24"), BY), outputs=outputs)
    (edition,) = collated.state.editions
    assert edition.workbook == done.workbook.name
    assert set(edition.files) == {done.workbook.name, *(f"{done.workbook.stem}{output}" for output in outputs)}
    sheets = openpyxl.load_workbook(done.files[Output.DATA]).sheetnames
    assert {"Cover", "Notes"} <= set(sheets)


@pytest.mark.parametrize(
    ("logo", "said"),
    [
        (None, "cannot be read"),
        (b"GIF89a", "is neither a PNG nor an SVG picture"),
        (b"\x89PNG no picture at all", "cannot be shown"),
        (b"\x89PNG" + b"0" * 3_000_000, "has more than 2 MB"),
    ],
)
def test_a_logo_that_is_no_picture_is_left_out_and_said(collated: Team, logo: bytes | None, said: str) -> None:
    catalogue = collated.root / "kpi_catalogue.yaml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + "\npack:\n  logo: logo.png\n", encoding="utf-8")
    if logo is not None:
        (collated.root / "logo.png").write_bytes(logo)
    done = publish(collated.workspace, Q1, Run(at("2026-07-24"), BY), outputs=[Output.PACK_PDF])
    (lacking,) = done.lacking
    assert said in lacking
    assert done.files[Output.PACK_PDF].read_bytes().startswith(b"%PDF")


def test_a_period_outside_the_calendar_publishes_nothing(collated: Team) -> None:
    before = tree(collated.root)
    with pytest.raises(UsageError, match="calendar"):
        publish(collated.workspace, "2030-31-Q1", Run(at("2026-07-24"), BY))
    assert tree(collated.root) == before


def test_a_master_that_is_gone_is_no_hindrance(collated: Team) -> None:
    collated.workspace.master.unlink()
    shutil.rmtree(collated.workspace.backups, ignore_errors=True)
    done = publish(collated.workspace, Q1, Run(at("2026-07-24"), BY))
    assert "tbl_dashboard" in FileWorkbook.open(done.workbook).table_names()


def test_an_edition_shows_the_files_that_could_not_be_matched(issued_team: Team) -> None:
    (issued_team.received() / "junk.xlsx").write_bytes(b"junk")
    issued_team.collate()
    done = publish(issued_team.workspace, Q1, Run(at("2026-07-24"), BY))
    rows = FileWorkbook.open(done.workbook).read_table("tbl_findings").rows
    assert "junk.xlsx" in [row["File"].raw for row in rows]
