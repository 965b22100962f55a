"""The ribbon's buttons on an open master: each does its work and closes with one plain message.

LibreOffice Calc is the program here, as in test_two_doors; the two are apart so that two processes can run them.
"""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from tests.addin.two_doors import click, said, saved, waiting, waiting_once
from tests.calc_engine.fixture import Calc
from tests.conftest import Q1, Team

__all__ = ["waiting", "waiting_once"]
pytestmark = pytest.mark.libreoffice


def test_a_persons_sheet_chart_and_note_are_untouched_also_where_the_team_wants_it_saved(
    calc: Calc, waiting: Team
) -> None:
    path = waiting.workspace.master
    theirs = openpyxl.load_workbook(path)
    own = theirs.create_sheet("My notes")
    own["A1"], own["B1"], own["A2"] = "Meeting", 3, "=B1*2"
    chart = BarChart()
    chart.add_data(Reference(own, min_col=2, min_row=1, max_row=1))
    own.add_chart(chart, "D2")
    theirs.save(path)
    (waiting.root / "workspace.yaml").write_text("save_after_collate: true\n", encoding="utf-8")
    book = calc.open(path)
    assert "has not been saved" not in said(click(calc, waiting, "collate"))
    notes = book.sheets["My notes"]
    assert [notes.range(at).formula for at in ("A1", "B1", "A2")] == ["Meeting", "3", "=B1*2"]
    for file in (path, saved(calc, waiting)):
        with zipfile.ZipFile(file) as package:
            charts = [package.read(name) for name in package.namelist() if name.startswith("xl/charts/chart")]
        assert sum(b"barChart>" in chart for chart in charts) == 1, "theirs, beside that of the sheet Chart"
    book.close()
    assert waiting.sheet("tbl_about")[0]["Value"].startswith("Quarter 1")


def test_what_is_held_for_the_team_is_told_by_the_buttons(calc: Calc, waiting: Team) -> None:
    waiting.change_catalogue(lambda data: data.update(returns={"policies": {"older_catalogue": "hold"}}))
    calc.open(waiting.workspace.master)
    collated = said(click(calc, waiting, "collate"))
    assert collated.startswith(
        "2026-27-Q1: 4 files = 2 accepted + 2 rejected (of them 2 held for the team) + 0 ignored; "
    )
    assert "held for the team: it was issued from catalogue" in collated
    told = said(click(calc, waiting, "status"))
    assert "0 returned + 2 missing (of them 2 held for the team).\nHeld for the team to look at: " in told
    assert "(Alpha team)" in told
    assert "Nothing received" not in told


def test_every_other_button_does_its_work_and_closes_with_one_message(calc: Calc, waiting: Team) -> None:
    calc.open(waiting.workspace.master)
    assert "0 returned + 2 missing.\nNothing received from: Alpha team, Beta team." in said(
        click(calc, waiting, "status")
    )
    said(click(calc, waiting, "collate"))
    assert "2 issued = 2 returned + 0 missing" in said(click(calc, waiting, "status"))
    assert "reminder draft" in said(click(calc, waiting, "chase"))
    assert "Collate: read what has come back" in said(click(calc, waiting, "help"))
    assert "2 returns for 2026-27-Q2" in said(click(calc, waiting, "generate"))
    # What has been sent out is never superseded by a second click.
    assert "nothing was done" in said(click(calc, waiting, "generate"))
    edition = said(click(calc, waiting, "publish"))
    assert "Edition of 2026-27-Q1" in edition
    assert list((waiting.root / "editions" / Q1).glob("*.pdf"))


def test_packs_makes_those_of_the_meetings_that_look_at_the_period_shown(calc: Calc, waiting: Team) -> None:
    meeting = {"id": "quality", "name": "Quality Committee", "kind": "committee", "covers": [{"sections": ["quality"]}]}
    waiting.change_catalogue(lambda data: data.update(meetings=[meeting]))
    calc.open(waiting.workspace.master)
    said(click(calc, waiting, "collate"))
    assert "Quality Committee, 2026-27-Q1: " in said(click(calc, waiting, "packs"))
    assert list((waiting.root / "packs" / "quality" / Q1).glob("*.pdf"))


@pytest.mark.parametrize("button", ["collate", "publish", "packs"])
def test_a_workbook_that_is_no_master_gets_one_plain_message(calc: Calc, waiting: Team, button: str) -> None:
    other = waiting.root / "other.xlsx"
    openpyxl.Workbook().save(other)
    calc.open(other)
    runs = waiting.state.runs
    message = said(click(calc, waiting, button, book="other.xlsx"))
    assert "is not an xlperf master" in message
    assert waiting.state.runs == runs


def test_an_addin_of_another_version_does_nothing_and_says_how_to_update(calc: Calc, waiting: Team) -> None:
    calc.open(waiting.workspace.master)
    runs = waiting.state.runs
    message = said(click(calc, waiting, "collate", version="0.0.1"))
    assert "xlperf addin install" in message
    assert waiting.state.runs == runs


def test_a_fault_in_the_catalogue_is_said_in_one_sentence_and_logged(calc: Calc, waiting: Team) -> None:
    calc.open(waiting.workspace.master)
    (waiting.root / "kpi_catalogue.yaml").write_text("framework: [", encoding="utf-8")
    message = said(click(calc, waiting, "collate"))
    assert "YAML cannot be read" in message
    assert "Traceback" not in message
    assert "YAML cannot be read" in (waiting.root / "xlperf.log").read_text(encoding="utf-8")


def test_a_protected_sheet_is_one_plain_message_and_nothing_is_lost(calc: Calc, waiting: Team) -> None:
    path = waiting.workspace.master
    theirs = openpyxl.load_workbook(path)
    theirs["Exceptions"].protection.sheet = True
    theirs.save(path)
    book = calc.open(path)
    message = said(click(calc, waiting, "collate"))
    assert "protected" in message
    assert book.app.screen_updating
    assert book.app.calculation == "automatic"
    assert ("V1", "TRUST", Q1) in waiting.state.figures


@pytest.mark.skipif(sys.platform != "linux", reason="the desktop's opener is put on the path here as Linux calls it")
def test_the_returns_folder_is_shown_by_the_desktops_own_opener(
    calc: Calc, waiting: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = tmp_path / "desktop" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/shown"\n', encoding="utf-8")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(opener.parent), prepend=os.pathsep)
    calc.open(waiting.workspace.master)
    ran = click(calc, waiting, "open-folder")
    assert (ran.code, ran.alerts) == (0, [])
    assert (tmp_path / "shown").read_text(encoding="utf-8").strip() == str(waiting.received(Q1))
    shutil.rmtree(waiting.received(Q1))
    assert "generate the returns first" in said(click(calc, waiting, "open-folder"))
