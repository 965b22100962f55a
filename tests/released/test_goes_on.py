"""A workspace of each released version goes on with this one, and nothing in it is lost or means something else."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter, range_boundaries

from tests.conftest import Q1, Q2, Team, at, fill, on_screen
from tests.workbook.open_xml_sdk import faults, faults_added, has_open_xml_sdk
from xlperf.errors import WorkbookError
from xlperf.report import layout
from xlperf.report.columns import ColumnKind
from xlperf.report.views import SHEETS
from xlperf.tables import NumberStyle
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.integrity.rebuild import rebuild
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

RELEASED = Path(__file__).parent
VERSIONS = sorted(path.name for path in RELEASED.iterdir() if path.is_dir() and (path / "kpi_catalogue.yaml").exists())
NOW = at("2026-10-26")


@pytest.fixture(params=VERSIONS)
def team(request: pytest.FixtureRequest, tmp_path: Path) -> Team:
    """The team of a copy of a released version's workspace."""
    shutil.copytree(RELEASED / request.param, tmp_path / "workspace")
    return Team(Workspace(tmp_path / "workspace"))


def recorded(root: Path) -> Iterator[dict[str, Any]]:
    """Every figure in the ledger's files, as it was written then."""
    for run in sorted((root / "ledger" / "runs").glob("*.jsonl")):
        for line in run.read_text(encoding="utf-8").splitlines():
            yield from json.loads(line).get("figures", [])


def rows(team: Team, table: str) -> list[dict[str, str]]:
    return team.sheet(table)


def faults_of(path: Path) -> set[str]:
    """What the Open XML audit has against a workbook, without its numbers."""
    found = pytest.importorskip("openxml_audit").OpenXmlValidator().validate(str(path)).errors
    return {re.sub(r"\d+", "n", error.description) for error in found}


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as book:
        return book.read(name)


def test_its_catalogue_is_still_the_one_that_its_returns_were_issued_from(team: Team) -> None:
    """By the hash that is in every return that is out; the ledger keeps the catalogue under it."""
    assert (team.root / "ledger" / "originals" / f"{team.workspace.catalogue().sha256}.json").is_file()


def test_its_ledger_is_whole_and_every_original_says_what_was_recorded(team: Team) -> None:
    verified = verify(team.workspace)
    assert verified.is_clean, [item.message for item in verified.findings]
    assert verified.figures > 50


def test_its_figures_are_the_same_to_fifteen_digits(team: Team) -> None:
    now = team.state.now
    for was in recorded(team.root):
        figure = now[was["kpi_id"], was["org"], was["period"]]
        for name in ("actual", "numerator", "denominator"):
            if name in was:
                assert getattr(figure, name) == on_screen(was[name])


def test_its_master_is_collated_and_what_people_put_into_it_is_still_there(team: Team) -> None:
    before = team.root / "before.xlsx"
    shutil.copy(team.workspace.master, before)
    done = team.collate(NOW)
    assert not done.written.pending
    assert not done.rejected
    assert {(each["Ref"], each["Our note"]) for each in rows(team, "tbl_kpis")} >= {
        ("V1", "Ask the director"),
        ("C1", "42"),
    }
    # V1 is no exception any more: the note about it is in no row, and is told.
    notes = [each["For the chair"] for each in rows(team, "tbl_exceptions")]
    told = [item.message for item in done.findings if item.code == "D003"]
    assert any("Tell before the board" in text for text in (*notes, *told))
    whole = ("xl/charts/chart1.xml", "xl/drawings/drawing1.xml", "xl/worksheets/sheet1.xml")
    for name in (*whole, *(n for n in zipfile.ZipFile(before).namelist() if "comments/" in n)):
        assert part(team.workspace.master, name) == part(before, name), name


def test_its_master_grows_the_columns_that_it_lacks_beside_what_people_added(team: Team) -> None:
    before = faults_of(team.workspace.master)
    present = [sheet for sheet in SHEETS if sheet.table in team.master.table_names()]  # not those that came later
    had = {sheet.table: team.table(sheet.table).columns for sheet in present}
    team.collate(NOW)
    for sheet in present:
        new = [header for header in sheet.headers if header not in had[sheet.table]]
        assert set(new) <= set(sheet.added)
        table = team.table(sheet.table)
        assert table.columns == (*had[sheet.table], *new)
        dates = [header for header in new if sheet.added[header].kind is ColumnKind.DATE]
        written = [row[header] for row in table.rows for header in dates if not row[header].is_blank]
        assert all(cell.style is NumberStyle.DATE for cell in written)
        assert written or sheet.table != "tbl_kpis"
    about = {row["Item"]: row["Value"] for row in team.sheet("tbl_about")}
    assert about["Columns added"].startswith(
        "Directorate, Period ends, Off target from, Reason for its place, Recovery path, What the executive says in "
        "tbl_exceptions; "
    )
    assert faults_of(team.workspace.master) <= before  # what a person's program put there is not ours to mend
    team.collate(NOW)
    assert "Columns added" not in {row["Item"] for row in team.sheet("tbl_about")}


@pytest.mark.long
@pytest.mark.openxmlsdk
@has_open_xml_sdk
def test_its_grown_master_passes_the_open_xml_sdk_as_it_did_and_so_does_what_is_made_from_it(team: Team) -> None:
    before = team.root / "before.xlsx"
    shutil.copy(team.workspace.master, before)
    team.collate(NOW)
    edition = publish(team.workspace, Q1, Run(NOW, "analyst")).workbook
    assert faults_added(before, team.workspace.master, edition) == []
    issued = team.issue("2026-27-Q3", at("2027-01-04")).values()  # from its restyled template
    assert issued
    assert not any(faults(*issued))


def typed_into_kpis(team: Team, change: Callable[[Any, Any], None]) -> bytes:
    """The master once a person has changed the sheet with the KPIs, or its table."""
    book = openpyxl.load_workbook(team.workspace.master)
    change(*next((sheet, table) for sheet in book for table in sheet.tables.values() if table.name == "tbl_kpis"))
    book.save(team.workspace.master)
    return team.workspace.master.read_bytes()


def rename(header: str, to: str) -> Callable[[Any, Any], None]:
    def change(sheet: Any, table: Any) -> None:
        next(cell for cell in sheet[range_boundaries(table.ref)[1]] if cell.value == header).value = to
        next(column for column in table.tableColumns if column.name == header).name = to

    return change


def test_a_column_of_the_first_version_that_was_renamed_is_asked_for_and_nothing_changes(team: Team) -> None:
    before = typed_into_kpis(team, rename("RAG", "Colour"))
    with pytest.raises(WorkbookError, match=r"tbl_kpis has no column 'RAG'.*Give the column its name back"):
        team.collate(NOW)
    assert team.workspace.master.read_bytes() == before


@pytest.mark.parametrize("theirs", ["Directorate", "directorate", "DIRECTORATE"])
def test_a_column_of_ones_own_that_has_the_name_of_a_new_one_keeps_what_was_typed(team: Team, theirs: str) -> None:
    before = typed_into_kpis(team, rename("Our note", theirs))
    with pytest.raises(WorkbookError, match=f"of your own .*'{theirs}' in tbl_kpis.*Rename yours"):
        team.collate(NOW)
    assert team.workspace.master.read_bytes() == before
    typed_into_kpis(team, rename(theirs, "Our directorate"))
    team.collate(NOW)
    assert "Ask the director" in {each["Our directorate"] for each in rows(team, "tbl_kpis")}
    assert "Directorate" in team.table("tbl_kpis").columns


def test_an_earlier_version_that_somebody_still_uses_does_not_make_our_columns_theirs(team: Team) -> None:
    """It writes its own number into About, and knows nothing of the new columns, so it leaves them."""
    team.collate(NOW)
    columns = team.table("tbl_kpis").columns
    book = team.master
    produced = next(row for row in book.read_table("tbl_about").rows if row["Item"].raw == "Produced")
    earlier = re.sub(r"xlperf \S+$", "xlperf 0.1.0", produced["Value"].raw)
    book.write_cells("tbl_about", {produced.number: {"Value": earlier}})
    book.save(team.workspace.master)
    team.collate(NOW, accepts=True)
    assert team.table("tbl_kpis").columns == columns


def test_a_new_column_that_was_renamed_is_asked_for_like_any_other(team: Team) -> None:
    team.collate(NOW)

    before = typed_into_kpis(team, rename("Directorate", "Department"))
    with pytest.raises(WorkbookError, match=r"no column 'Directorate' .*Give the column its name back"):
        team.collate(NOW)
    assert team.workspace.master.read_bytes() == before


def test_colours_that_somebody_gave_to_blank_cells_beside_the_table_are_named_and_stay(team: Team) -> None:
    """One way of marking a row; a column, or a sheet, that is all white is no mark."""

    def paint(sheet: Any, table: Any) -> None:
        right = range_boundaries(table.ref)[2]
        for row in range(1, 40):
            for column in range(right + 1, right + 30):
                sheet.cell(row, column).fill = PatternFill("solid", fgColor="FFFFFFFF")
        sheet.cell(4, right + 2).fill = PatternFill("solid", fgColor="FFFF0000")

    before = typed_into_kpis(team, paint)
    with pytest.raises(WorkbookError, match=r"would take over the look of [A-Z]+4; move them away"):
        team.collate(NOW)
    assert team.workspace.master.read_bytes() == before
    typed_into_kpis(team, lambda sheet, table: paint_white(sheet.cell(4, range_boundaries(table.ref)[2] + 2)))
    team.collate(NOW)
    assert "Directorate" in team.table("tbl_kpis").columns


def paint_white(cell: Any) -> None:
    cell.fill = PatternFill("solid", fgColor="FFFFFFFF")


def test_new_columns_are_seen_where_all_at_the_right_of_the_table_is_hidden(team: Team) -> None:
    def hide(sheet: Any, table: Any) -> None:
        right = range_boundaries(table.ref)[2]
        sheet.column_dimensions.group(get_column_letter(right + 1), "XFD", hidden=True)

    typed_into_kpis(team, hide)
    team.collate(NOW)
    sheet = openpyxl.load_workbook(team.workspace.master)["KPIs"]
    left, _, right, _ = range_boundaries(sheet.tables["tbl_kpis"].ref)
    settings = [(each.min, each.max, each.hidden) for each in sheet.column_dimensions.values()]
    hidden = [(first, last) for first, last, is_hidden in settings if is_hidden]
    assert not any(first <= column <= last for first, last in hidden for column in range(left, right + 1))
    assert right + 1 in {first for first, _ in hidden}


def test_what_stands_where_a_column_must_go_is_named_and_nothing_changes(team: Team) -> None:
    places: list[str] = []

    def put_beside(sheet: Any, table: Any) -> None:
        _, top, right, _ = range_boundaries(table.ref)
        places.append(sheet.cell(top + 1, right + 1, "mine").coordinate)

    before = typed_into_kpis(team, put_beside)
    with pytest.raises(WorkbookError, match=rf"'Directorate'.*would cover {places[0]}; move them away"):
        team.collate(NOW)
    assert team.workspace.master.read_bytes() == before


def test_a_decision_typed_before_the_update_is_read(team: Team) -> None:
    team.collate(NOW)
    assert team.state.decision_in_force["V1", "TRUST"].stage == "None"


def test_a_return_that_is_out_with_its_owner_is_taken(team: Team) -> None:
    issued = team.issued(Q2)["alpha"]
    fill(issued, {("V1", "TRUST", Q2): {"Actual": 70}}, name="again.xlsx", saved=at("2026-10-20"))
    team.collate(NOW)
    assert team.state.now["V1", "TRUST", Q2].actual == 70


def test_its_restyled_templates_are_used(team: Team) -> None:
    team.workspace.master.unlink()
    team.collate(NOW)
    assert b"FFB35900" in part(team.workspace.master, "xl/styles.xml")
    (path, *_) = team.issue("2026-27-Q3", at("2027-01-04")).values()
    assert b"FFB35900" in part(path, "xl/styles.xml")


def test_its_master_is_rebuilt_and_published(team: Team) -> None:
    team.collate(NOW)
    rags = {(each["Ref"], each["Org"], each["Period"]): each["RAG"] for each in rows(team, "tbl_data")}
    rebuild(team.workspace, Run(NOW, "analyst"))
    again = {(each["Ref"], each["Org"], each["Period"]): each["RAG"] for each in rows(team, "tbl_data")}
    assert again == rags
    assert publish(team.workspace, Q1, Run(NOW, "analyst")).workbook.exists()


def test_a_figure_on_its_limit_on_the_owners_screen_is_on_it_in_the_master(tmp_path: Path) -> None:
    """89.99999999999999 is 90 on the screen, and 10.000000000000002 is 10; 0.1.0 took both to be off target."""
    shutil.copytree(RELEASED / "0.1.0", tmp_path / "workspace")
    team = Team(Workspace(tmp_path / "workspace"))
    team.collate(NOW)
    rag = {each["Ref"]: each["RAG"] for each in rows(team, "tbl_data") if each["Period"] == Q2}
    assert (rag["V1"], rag["L1"]) == ("Green", "Green")


def test_its_master_gets_the_log_of_cases_in_which_what_is_typed_is_kept(team: Team) -> None:
    team.collate(NOW)
    assert team.state.case_entries == ()
    team.add_row(layout.CASES, {"Ref": "V1", "Org": "TRUST", "Kind": "Progress", "What": "Both posts are filled"})
    team.collate(at("2026-10-27"))
    assert [each["What"] for each in rows(team, layout.CASES) if each["Ref"] == "V1"] == ["Both posts are filled"]
    assert verify(team.workspace).is_clean
