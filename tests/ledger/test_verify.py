"""Verify: whatever has been changed, lost or damaged in a ledger is named, with what to do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from tests.conftest import BY, Q1, Team, at, catalogue_data, fill, kpi_in, make_kpi, tree, write_catalogue
from tests.ledger.conftest import KINDS
from xlperf.catalogue import Catalogue, load_catalogue
from xlperf.errors import LedgerError
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.ledger import Imported, open_ledger
from xlperf.ledger.runfile import seal
from xlperf.returns.figure import Figure
from xlperf.workflow.cycle.import_history import import_history
from xlperf.workflow.integrity.give_up import give_up
from xlperf.workflow.integrity.replay import import_differs
from xlperf.workflow.integrity.verify import Verified, verify
from xlperf.workflow.workspace import FRAMEWORKS, Workspace, catalogue_file
from xlperf.workflow.workspace.run import Run

HISTORY = "kpi,org,period,actual\nV1,TRUST,2025-26-Q4,88\nC1,TRUST,2025-26-Q4,9\n"


def cycle(team: Team, address: str = "") -> Team:
    """A cycle with something of everything: history, a row refused and one blank, a decision, a resubmission."""
    if address:
        (team.root / "workspace.yaml").write_text(yaml.safe_dump({"ledger": address}), encoding="utf-8")
    history = team.root / "history.csv"
    history.write_text(HISTORY, encoding="utf-8")
    import_history(team.workspace, history, Run(at("2026-06-30"), BY))
    issued = team.issue()
    fill(issued["alpha"], {("C1", "TRUST", Q1): {"Actual": "about ten"}, ("L1", "TRUST", Q1): {"Actual": None}})
    fill(issued["beta"])
    team.collate()
    fill(issued["beta"], {("G1", "TRUST", Q1): {"Actual": 55}}, name="again.xlsx", saved=at("2026-07-12"))
    team.collate(at("2026-07-13"))
    return team


@pytest.fixture(scope="module")
def _once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cycle") / "workspace"
    (root / "returns").mkdir(parents=True)
    write_catalogue(root, catalogue_data())
    cycle(Team(Workspace(root)))
    return root


@pytest.fixture
def team(_once: Path, tmp_path: Path) -> Team:
    """A team after a cycle, with its ledger in a folder."""
    shutil.copytree(_once, tmp_path / "workspace")
    return Team(Workspace(tmp_path / "workspace"))


def grave(found: Verified) -> list[Finding]:
    return [item for item in found.findings if item.severity is not Severity.NOTE]


def codes(found: Verified) -> list[str]:
    return [item.code for item in found.findings]


def files(team: Team, kind: str, ending: str = "") -> list[Path]:
    return sorted(path for path in (team.root / "ledger" / kind).iterdir() if path.suffix.endswith(ending))


def flip(path: Path, place: int) -> bytes:
    """Flip a bit of a byte of a file; returns what the file was."""
    data = path.read_bytes()
    path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
    return data


# ---- a ledger in order ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_ledger_in_order_is_said_to_be_with_what_was_compared(
    kind: str, new_address: Callable[[str], str], workspace: Workspace
) -> None:
    team = cycle(Team(workspace), new_address(kind))
    found = verify(team.workspace)
    assert found.findings == ()
    assert found.is_clean
    assert (found.runs, found.returns, found.imports) == (4, 3, 1)
    assert found.originals == 3 + 1 + 1  # returns, the imported file, the catalogue
    recorded = [record for run in team.workspace.ledger().runs() for record in run.records]
    assert found.figures == sum(len(getattr(record, "figures", ())) for record in recorded) > 10


def test_a_ledger_that_lacks_what_the_master_was_made_from_is_not_in_order(team: Team) -> None:
    last = files(team, "runs")[-1]
    last.unlink()
    found = verify(team.workspace)
    assert codes(found) == ["V002"]
    assert last.stem in str(found.findings[0])
    # Of an older ledger out of a backup the master of today says nothing.
    assert verify(Workspace(team.root, ledger_at=str(team.root / "ledger"))).is_clean
    shutil.rmtree(team.root / "ledger")
    found = verify(team.workspace)
    assert (found.runs, codes(found)) == (0, ["V002"])


def test_where_there_is_no_ledger_nothing_is_said_to_be_in_order(team: Team) -> None:
    with pytest.raises(LedgerError, match="there is no ledger here"):
        verify(Workspace(team.root, ledger_at=str(team.root / "legder")))


def test_the_same_bytes_under_two_endings_are_each_looked_at_and_one_whole_is_enough(team: Team) -> None:
    (original,) = files(team, "originals", ".csv")
    for ending in (".aaa", ".txt"):
        twin = original.with_suffix(ending)
        twin.write_bytes(b"damaged")
        found = verify(team.workspace)
        assert [item.location.file for item in grave(found)] == [f"originals/{twin.name}"]
        assert team.workspace.ledger().original(original.stem) == original.read_bytes()
        twin.unlink()


def test_verifying_changes_nothing(team: Team) -> None:
    before = tree(team.root)
    verify(team.workspace)
    assert tree(team.root) == before


def test_a_return_judged_again_by_a_mended_catalogue_is_compared_with_each_by_its_own(team: Team) -> None:
    team.change_catalogue(lambda data: kpi_in(data, "V1")["targets"][0].update(target=85))
    team.collate(at("2026-07-14"))
    team.change_catalogue(lambda data: data["kpis"].append(make_kpi(id="N1", name="New one")))
    fill(team.issued()["alpha"], name="alpha again.xlsx", saved=at("2026-07-14"))
    team.collate(at("2026-07-15"))
    found = verify(team.workspace)
    assert found.findings == ()
    assert len({r.catalogue for r in team.state.received}) > 1


def test_a_return_superseded_since_it_was_taken_still_counts_as_it_was_taken(team: Team) -> None:
    team.change_catalogue(lambda data: data.setdefault("returns", {}).update(policies={"superseded": "reject"}))
    fill(team.issued()["beta"], {("G1", "TRUST", Q1): {"Actual": 56}}, name="b.xlsx", saved=at("2026-07-14"))
    team.collate(at("2026-07-14"))
    team.issue(now=at("2026-07-15"), again=True)
    assert verify(team.workspace).findings == ()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_shipped_catalogue_comes_back_from_the_ledger_as_it_was(framework: str) -> None:
    catalogue = load_catalogue(catalogue_file(framework))
    again = Catalogue.model_validate_json(catalogue.canonical)
    assert again.canonical == catalogue.canonical
    assert again.sha256 == catalogue.sha256
    assert again == catalogue


def test_records_from_before_catalogues_were_kept_are_said_not_to_be_checkable(team: Team) -> None:
    for path in files(team, "runs"):
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        lines = [line for line in lines if line["record"] != "catalogue"]
        lines[-1]["records"] = len(lines) - 2
        for line in lines:
            for new in ("catalogue", "after", "sha256" if line["record"] == "end" else ""):
                line.pop(new, None)
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    for path in files(team, "originals", "json") + files(team, "originals", "csv"):
        path.unlink()
    found = verify(team.workspace)
    assert found.is_clean
    assert sorted(set(codes(found))) == ["V007", "V008"]
    assert found.figures == 0


# ---- flipped bytes -------------------------------------------------------------------------------------------------


def test_a_byte_flipped_in_any_file_of_the_ledger_is_named(team: Team) -> None:
    ledger = team.root / "ledger"
    whole = team.state
    for path in sorted(ledger.rglob("*.*")):
        size = path.stat().st_size
        for place in sorted({0, size // 3, size - 1}):
            data = flip(path, place)
            found = verify(team.workspace)
            named = [item.location.file for item in grave(found)]
            assert named == [f"{path.parent.name}/{path.name}"], (path.name, place)
            assert "backup" in str(grave(found)[0]) or "copy" in str(grave(found)[0])
            path.write_bytes(data)
    assert verify(team.workspace).findings == ()
    assert team.state == whole


def test_a_damaged_run_stops_every_command_until_it_is_back(team: Team) -> None:
    data = flip(files(team, "runs")[1], 300)
    with pytest.raises(LedgerError, match=files(team, "runs")[1].name):
        team.collate()
    files(team, "runs")[1].write_bytes(data)
    team.collate()


def change_recorded(team: Team, change: Callable[[dict[str, Any]], None]) -> str:
    """Change the record of the first return received, and make its run's hash right again; its file's name."""
    for path in files(team, "runs"):
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        returns = [line for line in lines if line["record"] == "return"]
        if returns:
            change(returns[0])
            path.write_bytes(seal(lines[:-1]))
            return str(returns[0]["file"])
    raise AssertionError("no return was recorded")


def _another_figure(record: dict[str, Any]) -> None:
    record["figures"][0]["actual"] += 1


def _no_figure(record: dict[str, Any]) -> None:
    del record["figures"][0]


def _not_refused(record: dict[str, Any]) -> None:
    del record["refused"]


def _not_blank(record: dict[str, Any]) -> None:
    del record["blank"]


def _another_comment(record: dict[str, Any]) -> None:
    record["figures"][0]["commentary"] = "All is well."


def _another_return(record: dict[str, Any]) -> None:
    record["return_id"] = "0123456789abcdef"


def _another_owner(record: dict[str, Any]) -> None:
    record["owner"] = "beta"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_another_figure, "P1 TRUST 2026-27-Q1: actual '98.0' was recorded, and the original says '97.0'"),
        (_no_figure, "P1 TRUST 2026-27-Q1: the original says 97, and nothing was recorded"),
        (_not_refused, "C1 TRUST 2026-27-Q1 was not recorded as refused"),
        (_not_blank, "L1 TRUST 2026-27-Q1 was not recorded as blank"),
        (_another_comment, "commentary 'All is well.' was recorded"),
        (_another_return, "return_id 0123456789abcdef was recorded, and the return says"),
        (_another_owner, "owner beta was recorded, and the return says alpha"),
    ],
)
def test_a_record_that_says_what_its_original_does_not_is_named(
    change: Callable[[dict[str, Any]], None], words: str, team: Team
) -> None:
    file = change_recorded(team, change)
    found = verify(team.workspace)
    (wrong,) = grave(found)
    assert wrong.code == "V006"
    assert wrong.location.file == file
    assert words in wrong.message


def test_an_imported_figure_that_the_file_does_not_say_is_named(team: Team) -> None:
    path = files(team, "runs")[0]
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    lines[1]["figures"][0]["actual"] = 99.0
    path.write_bytes(seal(lines[:-1]))
    (wrong,) = grave(verify(team.workspace))
    assert (wrong.code, wrong.location.file) == ("V006", "history.csv")
    assert "V1 TRUST 2025-26-Q4: actual '99.0' was recorded, and the original says '88.0'" in wrong.message


# ---- what has gone, and where a copy is ----------------------------------------------------------------------------


def test_a_run_that_has_gone_is_named_and_given_up_only_on_purpose(team: Team) -> None:
    run = files(team, "runs")[2]
    away = team.root / "lost.jsonl"
    run.rename(away)
    found = verify(team.workspace)
    assert [(item.code, item.location.file) for item in grave(found)] == [("V002", f"runs/{run.name}")]
    with pytest.raises(LedgerError, match="give-up"):
        team.collate()
    give_up(team.workspace, run.stem, "the laptop was stolen", Run(at("2026-07-20"), BY))
    team.collate(at("2026-07-20"))  # judges again what still lies in the folder
    found = verify(team.workspace)
    assert found.is_clean
    assert codes(found) == ["V009"]
    assert "the laptop was stolen" in found.findings[0].message
    away.rename(run)  # found after all
    assert verify(team.workspace).is_clean


def test_giving_up_the_run_that_the_master_was_made_from_lets_the_cycle_go_on(team: Team) -> None:
    made_from = files(team, "runs")[-1]
    team.workspace.ledger().append("generate", [], at=at("2026-07-19"), by=BY)  # which names the one before it
    made_from.unlink()
    with pytest.raises(LedgerError, match=made_from.stem):
        team.collate(at("2026-07-20"))
    give_up(team.workspace, made_from.stem, "in no backup", Run(at("2026-07-20"), BY))
    team.collate(at("2026-07-20"))
    assert verify(team.workspace).is_clean


def test_two_runs_that_are_lost_can_both_be_given_up(team: Team) -> None:
    first, _, third, _ = files(team, "runs")
    first.unlink()
    third.unlink()
    for path in (first, third):
        give_up(team.workspace, path.stem, "gone", Run(at("2026-07-20"), BY))
    assert team.state.runs


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_an_original_that_has_gone_is_named(ending: str, team: Team) -> None:
    path = files(team, "originals", ending)[0]
    path.unlink()
    named = [(item.code, item.location.file) for item in grave(verify(team.workspace))]
    assert named == [("V004", f"originals/{path.stem}")]


def test_a_good_copy_in_the_received_folder_is_named_and_heals(team: Team) -> None:
    path = files(team, "originals", "xlsx")[0]
    data = flip(path, 100)
    (wrong,) = grave(verify(team.workspace))
    copy = next(file for file in team.received().iterdir() if file.read_bytes() == data)
    assert str(copy) in wrong.fix
    shutil.copy(copy, path)
    assert verify(team.workspace).findings == ()


def test_a_good_copy_in_another_ledger_is_named(team: Team, tmp_path: Path) -> None:
    shutil.copytree(team.root / "ledger", tmp_path / "backup")
    shutil.rmtree(team.root / "returns")
    run, original = files(team, "runs")[1], files(team, "originals", "xlsx")[0]
    flip(run, 50)
    flip(original, 50)
    found = verify(team.workspace, other=open_ledger(str(tmp_path / "backup")))
    assert len(grave(found)) == 2
    assert all(str(tmp_path / "backup") in item.fix for item in grave(found))
    without = verify(team.workspace)
    assert all("backup of the ledger" in item.fix for item in grave(without))


def test_what_depends_on_a_damaged_run_is_said_not_to_be_checkable_and_the_rest_is_checked(team: Team) -> None:
    issue = next(path for path in files(team, "runs") if '"issued"' in path.read_text(encoding="utf-8"))
    flip(issue, 100)
    found = verify(team.workspace)
    assert codes(found) == ["V001", "V007"]
    assert found.imports == 1
    assert found.returns == 0


def test_two_runs_of_one_name_that_differ_are_both_named(team: Team) -> None:
    run = files(team, "runs")[1]
    lines = [json.loads(line) for line in run.read_text(encoding="utf-8").split("\n") if line]
    lines[0]["by"] = "somebody else"
    run.with_name(f"{run.stem}-PC7.jsonl").write_bytes(seal(lines[:-1]))
    (wrong,) = grave(verify(team.workspace))
    assert wrong.code == "V003"
    assert run.name in str(wrong)
    assert f"{run.stem}-PC7.jsonl" in str(wrong)


def test_a_backup_put_back_after_damage_is_the_same_state_and_verifies(team: Team, tmp_path: Path) -> None:
    before, sheet = team.state, team.sheet("tbl_kpis")
    shutil.copytree(team.root / "ledger", tmp_path / "backup")
    for path in files(team, "runs") + files(team, "originals"):
        flip(path, path.stat().st_size // 2)
    files(team, "runs")[0].unlink()
    assert not verify(team.workspace).is_clean
    shutil.copytree(tmp_path / "backup", team.root / "ledger", dirs_exist_ok=True)
    assert team.state == before
    assert verify(team.workspace).findings == ()
    team.collate(at("2026-07-13"))
    assert team.sheet("tbl_kpis") == sheet


# ---- what another version read otherwise ---------------------------------------------------------------------------


def test_an_import_that_an_earlier_version_read_by_other_rules_is_no_damage(team: Team, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["kpi", "org", "period", "actual"])
    sheet.append(["V1", "TRUST", "2025-26-Q3", 0.9])
    sheet.append(["C1", "TRUST", "2025-26-Q3", 8])
    sheet["D2"].number_format = '0.0"%"'
    sheet["D3"].number_format = ";;;"
    sheet.append(["G1", "TRUST", "2025-26-Q3", 50])
    sheet.append(["G1", "TRUST", "2025-26-Q3", 51])
    book.save(tmp_path / "old.xlsx")
    data = (tmp_path / "old.xlsx").read_bytes()
    catalogue = team.workspace.catalogue()
    # As 0.1.0 recorded it: the sign in quotes taken for a percentage, the hidden number, the first of the two.
    figures = (
        Figure("V1", "TRUST", "2025-26-Q3", 90.0, file="old.xlsx", sheet="Sheet", cell="D2"),
        Figure("C1", "TRUST", "2025-26-Q3", 8.0, file="old.xlsx", sheet="Sheet", cell="D3"),
        Figure("G1", "TRUST", "2025-26-Q3", 50.0, file="old.xlsx", sheet="Sheet", cell="D4"),
    )
    recorded = Imported("", "old.xlsx", figures)
    by_this = team.workspace.ledger().runs()[0]
    earlier = replace(by_this, xlperf="0.0.9")

    said = import_differs(earlier, recorded, data, catalogue)
    assert said is not None
    assert (said.code, said.severity) == ("V010", Severity.NOTE)
    assert "0.0.9" in said.message
    assert "90" in said.message

    # A figure that no rule explains is damage, whatever version recorded it; and what this one recorded it reads alike.
    other = replace(recorded, figures=(replace(figures[0], actual=91.0), *figures[1:]))
    for run, record in ((earlier, other), (by_this, recorded)):
        found = import_differs(run, record, data, catalogue)
        assert found is not None
        assert found.code == "V006"


def test_an_imported_percentage_that_an_earlier_version_refused_as_doubtful_is_no_damage(team: Team) -> None:
    data = catalogue_data()
    kpi_in(data, "L1").update(usual=[0.5, 4], targets=[])
    catalogue = Catalogue.model_validate(data)
    run = replace(team.workspace.ledger().runs()[0], xlperf="0.0.9")
    text = b"kpi,org,period,actual\nL1,TRUST,2025-26-Q3,0.8\n"
    about = Location("old.csv", kpi_id="L1", org="TRUST", period="2025-26-Q3")
    refused = Imported("", "old.csv", findings=(finding("R004", "0.8 could mean 0.8 % or 80 %.", about),))
    said = import_differs(run, refused, text, catalogue)
    assert said is not None
    assert said.code == "V010"
    silent = import_differs(run, Imported("", "old.csv"), text, catalogue)
    assert silent is not None
    assert silent.code == "V006"


def test_an_import_of_a_sheet_that_is_no_longer_chosen_is_compared_with_that_sheet(team: Team, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("old", 0).sheet_state = "hidden"
    for sheet, actual in zip(book.worksheets, (11, 88), strict=True):
        sheet.append(["kpi", "org", "period", "actual"])
        sheet.append(["V1", "TRUST", "2025-26-Q3", actual])
    book.save(tmp_path / "old.xlsx")
    figure = Figure("V1", "TRUST", "2025-26-Q3", 11.0, file="old.xlsx", sheet="old", cell="D2")
    recorded = Imported("", "old.xlsx", (figure,))
    run = replace(team.workspace.ledger().runs()[0], xlperf="0.0.9")
    data = (tmp_path / "old.xlsx").read_bytes()
    assert import_differs(run, recorded, data, team.workspace.catalogue()) is None
