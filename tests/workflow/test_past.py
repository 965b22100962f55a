"""The past does not change without a word: neither by the catalogue, nor by a later xlperf."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import BY, Q1, Q2, Team, at, copy_of, fill, kpi_in, new_team
from xlperf.errors import CatalogueError
from xlperf.ledger import AcceptedCatalogue
from xlperf.report import results
from xlperf.workflow.cycle.collate import Options, collate
from xlperf.workflow.cycle.import_history import import_history
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.integrity.rebuild import rebuild
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace.run import Run

MONDAY, TUESDAY = at("2026-07-20"), at("2026-07-21")
Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def _shown_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    team = new_team(tmp_path_factory.mktemp("shown") / "workspace")
    team.issue()
    fill(team.issued()["alpha"], {("P1", "TRUST", Q1): {"Numerator": 94, "Denominator": 100}})
    fill(team.issued()["beta"])
    team.collate(MONDAY)
    publish(team.workspace, Q1, Run(MONDAY, BY))  # a board has seen it
    return team.root


@pytest.fixture
def shown(tmp_path: Path, _shown_once: Path) -> Team:
    """A team whose board has seen Quarter 1, P1 with 94 against 95 Amber."""
    return copy_of(_shown_once, tmp_path / "workspace")


def target(value: float) -> Change:
    def change(data: dict[str, Any]) -> None:
        data["version"] = "later"
        kpi_in(data, "P1")["targets"] = [{"from": "2024-25", "target": value, "tolerance": {"absolute": 2}}]

    return change


def from_quarter_2(data: dict[str, Any]) -> None:
    data["version"] = "later"
    kpi_in(data, "P1")["targets"].append({"from": Q2, "target": 90, "tolerance": {"absolute": 2}})


def rag(team: Team, kpi_id: str = "P1") -> str:
    return next(row["RAG"] for row in team.sheet("tbl_data") if row["Ref"] == kpi_id)


def accepted(team: Team) -> list[AcceptedCatalogue]:
    return list(team.state.accepted_catalogues)


def test_a_past_target_edited_changes_nothing_until_somebody_accepts_it(shown: Team) -> None:
    before = shown.workspace.master.read_bytes()
    shown.change_catalogue(target(90))
    done = shown.collate(TUESDAY)
    assert not done.is_clean
    assert shown.workspace.master.read_bytes() == before
    said = "\n".join(results.collated(done))
    assert "1 past figure would be shown otherwise than before, so the master was left as it was:" in said
    assert "P1 Placements filled: 1 from Amber to Green; TRUST, 2026-27-Q1; because of a change in its targets." in said
    assert "Master:" not in said
    assert shown.collate(TUESDAY).past == done.past  # and is not forgotten

    done = shown.collate(TUESDAY, accepts=True)
    assert done.is_clean
    assert rag(shown) == "Green"
    about = {row["Item"]: row["Value"] for row in shown.sheet("tbl_about")}
    assert about["Past figures changed"].startswith(f"accepted on 2026-07-21 by {BY}: P1 Placements filled: 1 from")
    done = shown.collate(TUESDAY)
    assert (done.past.changes, done.new_records) == ((), 0)
    assert verify(shown.workspace).is_clean


def to_date(data: dict[str, Any]) -> None:
    data["version"] = "later"
    kpi_in(data, "P1").update(measure="cumulative", restarts_in="financial", roll_up={"time": "last"})


def test_a_measure_that_recolours_nothing_is_taken_without_a_word(shown: Team) -> None:
    shown.change_catalogue(to_date)
    done = shown.collate(TUESDAY)
    assert (done.is_clean, done.past.changes) == (True, ())
    assert rag(shown) == "Amber"


def test_a_measure_that_comes_with_another_target_is_named_among_the_reasons(shown: Team) -> None:
    def change(data: dict[str, Any]) -> None:
        target(90)(data)
        to_date(data)

    shown.change_catalogue(change)
    said = "\n".join(results.collated(shown.collate(TUESDAY)))
    assert "P1 Placements filled: 1 from Amber to Green" in said
    assert "measure and restarts in" in said


def test_a_figure_of_the_period_in_hand_that_no_board_has_seen_is_only_said(shown: Team) -> None:
    shown.issue(Q2, now=at("2026-10-01"))
    fill(
        shown.issued(Q2)["alpha"], {("P1", "TRUST", Q2): {"Numerator": 94, "Denominator": 100}}, saved=at("2026-10-05")
    )
    shown.collate(at("2026-10-06"))

    shown.change_catalogue(from_quarter_2)
    done = shown.collate(at("2026-10-07"))
    assert (done.past.changes, done.is_clean) == ((), True)
    said = "\n".join(results.collated(done))
    assert "1 figure of the period in hand shown otherwise than before:" in said
    assert "P1 Placements filled: 1 from Amber to Green; TRUST, 2026-27-Q2; because of a change in its targets." in said


def test_put_right_it_is_as_if_nothing_had_been(shown: Team) -> None:
    shown.change_catalogue(target(90))
    shown.collate(TUESDAY)
    shown.change_catalogue(target(95))
    done = shown.collate(TUESDAY)
    assert (done.past.changes, done.is_clean, rag(shown)) == ((), True, "Amber")


def test_what_comes_in_meanwhile_is_recorded(shown: Team) -> None:
    shown.change_catalogue(target(90))
    fill(shown.issued()["alpha"], {("V1", "TRUST", Q1): {"Actual": 61}}, saved=at("2026-07-21"))
    done = shown.collate(TUESDAY)
    assert done.new_records
    assert shown.state.now["V1", "TRUST", Q1].actual == 61
    assert rag(shown, "V1") != ""
    assert [change.key for change in done.past.changes] == [("P1", "TRUST", Q1)]


def test_a_return_that_changes_a_figure_needs_no_acceptance(shown: Team) -> None:
    fill(shown.issued()["alpha"], {("P1", "TRUST", Q1): {"Numerator": 99, "Denominator": 100}}, saved=at("2026-07-21"))
    assert shown.collate(TUESDAY).past.changes == ()
    assert rag(shown) == "Green"


def test_what_is_accepted_is_what_was_listed_and_nothing_else(shown: Team) -> None:
    shown.change_catalogue(target(90))
    token = shown.collate(TUESDAY).past.token
    shown.change_catalogue(target(98))
    done = collate(shown.workspace, Run(TUESDAY, BY), Options(accepts=lambda changes: changes.token == token))
    assert not done.written.is_written
    assert rag(shown) == "Amber"


def narrower(data: dict[str, Any]) -> None:
    kpi_in(data, "P1")["targets"][0]["tolerance"] = {"absolute": 0.5}


def turned(data: dict[str, Any]) -> None:
    kpi_in(data, "V1")["direction"] = "lower"


def gone(data: dict[str, Any]) -> None:
    data["kpis"].remove(kpi_in(data, "L1"))


def site_gone(data: dict[str, Any]) -> None:
    data["orgs"] = [org for org in data["orgs"] if org["code"] != "NORTH"]
    kpi_in(data, "S1")["orgs"] = ["SOUTH"]


@pytest.mark.parametrize(
    ("change", "kpi_id", "words"),
    [
        (narrower, "P1", "its targets"),
        (turned, "V1", "its direction"),
        (gone, "L1", "list of KPIs, which lacks it"),
        (site_gone, "S1", "its orgs"),
    ],
)
def test_whatever_of_a_definition_changes_it_is_named(change: Change, kpi_id: str, words: str, shown: Team) -> None:
    shown.change_catalogue(change)
    done = shown.collate(TUESDAY)
    assert {change.key[0] for change in done.past.changes} == {kpi_id}
    assert words in done.past.reasons[kpi_id]
    assert not done.written.is_written


def test_an_org_that_is_closed_and_not_taken_off_the_list_changes_nothing_of_the_past(shown: Team) -> None:
    def closed(data: dict[str, Any]) -> None:
        data["version"] = "later"
        data["orgs"][1] |= {"until": "2026-06-30", "succeeded_by": "EAST"}
        data["orgs"].append({"code": "EAST", "name": "East site", "parent": "TRUST", "from": "2026-07-01"})
        kpi_in(data, "S1")["orgs"].append("EAST")

    shown.change_catalogue(closed)
    done = shown.collate(TUESDAY)
    assert (done.is_clean, done.past.changes, done.past.not_past) == (True, (), ())
    assert {row["Org"] for row in shown.sheet("tbl_kpis") if row["Ref"] == "S1"} == {"NORTH", "SOUTH"}


def test_a_change_that_no_figure_hangs_on_is_taken_as_it_is(shown: Team) -> None:
    def reworded(data: dict[str, Any]) -> None:
        data["version"] = "later"
        kpi_in(data, "P1")["name"] = "Placements that were filled"
        kpi_in(data, "P1")["targets"].append({"from": "2027-28", "target": 97})

    shown.change_catalogue(reworded)
    done = shown.collate(TUESDAY)
    assert (done.is_clean, done.findings) == (True, ())
    assert [each.changes for each in accepted(shown)] == [(), ()]
    assert accepted(shown)[-1].catalogue == shown.workspace.catalogue().sha256


def test_a_changed_catalogue_of_the_same_version_is_a_finding(shown: Team) -> None:
    shown.change_catalogue(narrower)
    assert [item.code for item in shown.collate(TUESDAY).findings] == ["C015"]


def test_an_earlier_catalogue_put_back_is_a_finding(shown: Team) -> None:
    before = (shown.root / "kpi_catalogue.yaml").read_bytes()
    shown.change_catalogue(target(90))
    shown.collate(TUESDAY, accepts=True)
    (shown.root / "kpi_catalogue.yaml").write_bytes(before)
    done = shown.collate(TUESDAY)
    assert [item.code for item in done.findings] == ["C016"]
    assert not done.written.is_written


def test_neither_rebuild_nor_publish_gets_round_it(shown: Team) -> None:
    before = shown.workspace.master.read_bytes()
    shown.change_catalogue(target(90))
    with pytest.raises(CatalogueError, match="1 past figure would be shown otherwise"):
        rebuild(shown.workspace, Run(TUESDAY, BY))
    shown.workspace.master.unlink()
    with pytest.raises(CatalogueError, match="1 past figure would be shown otherwise"):
        rebuild(shown.workspace, Run(TUESDAY, BY))
    shown.workspace.master.write_bytes(before)
    with pytest.raises(CatalogueError, match="'xlperf collate' lists them"):
        publish(shown.workspace, Q1, Run(TUESDAY, BY))
    assert len(list((shown.root / "editions").rglob("*.xlsx"))) == 1
    assert shown.workspace.master.read_bytes() == before


def without_accepted(team: Team) -> None:
    """Make the ledger one of xlperf 0.1.0, which did not record a catalogue by itself."""
    from xlperf.ledger.runfile import seal

    for path in (team.root / "ledger" / "runs").glob("*.jsonl"):
        head, *records, _ = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        head["schema"] = 1
        path.write_bytes(seal([head, *(line for line in records if line["record"] != "catalogue")]))


def test_a_ledger_of_an_earlier_version_is_compared_with_what_its_newest_return_was_judged_by(shown: Team) -> None:
    without_accepted(shown)
    assert not accepted(shown)
    shown.change_catalogue(target(90))
    again = {("P1", "TRUST", Q1): {"Numerator": 94, "Denominator": 100}, ("V1", "TRUST", Q1): {"Actual": 61}}
    fill(shown.issued()["alpha"], again, saved=at("2026-07-21"))
    for _ in range(2):  # the return, judged by the new catalogue, does not make that the accepted one
        done = shown.collate(TUESDAY)
        assert [change.key for change in done.past.changes] == [("P1", "TRUST", Q1)]


def test_what_a_later_xlperf_judges_otherwise_is_held_back_too(shown: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Played: the master says Red where this version, with the same catalogue and the same return, says Amber."""
    shown.type_in_master("tbl_data", "P1", {"RAG": "Red"})
    assert shown.collate(TUESDAY).past.changes == ()  # a person's slip is set back, as ever
    shown.type_in_master("tbl_data", "P1", {"RAG": "Red"})
    monkeypatch.setattr("xlperf.workflow.master.past_guard.__version__", "9.9.9")
    done = shown.collate(TUESDAY)
    assert not done.written.is_written
    said = "\n".join(results.collated(done))
    assert "P1 Placements filled: 1 from Red to Amber; TRUST, 2026-27-Q1; this version of xlperf judges them" in said
    assert shown.collate(TUESDAY, accepts=True).is_clean
    assert rag(shown) == "Amber"


def test_a_run_that_says_so_is_refused_by_earlier_versions_by_name(shown: Team) -> None:
    schemas = {
        json.loads(line)["schema"]
        for path in (shown.root / "ledger" / "runs").glob("*.jsonl")
        if '"record": "catalogue"' in (text := path.read_text(encoding="utf-8"))
        for line in text.splitlines()[:1]
    }
    assert schemas == {2}


def test_what_is_read_anew_by_another_catalogue_does_not_change_what_was_accepted(tmp_path: Path) -> None:
    """A return with a refused row is read again at each collation, by the catalogue of the day."""
    team = new_team(tmp_path / "workspace")
    team.issue()
    typed: dict[Any, Any] = {("V1", "TRUST", Q1): {"Actual": 94}, ("C1", "TRUST", Q1): {"Actual": "rubbish"}}
    fill(team.issued()["alpha"], typed)
    team.collate(MONDAY)
    publish(team.workspace, Q1, Run(MONDAY, BY))

    def narrow(data: dict[str, Any]) -> None:
        data["version"] = "later"
        kpi_in(data, "V1")["possible"] = [0, 93.5]

    team.change_catalogue(narrow)
    team.collate(TUESDAY)
    assert team.state.now["V1", "TRUST", Q1].actual == 94


def test_an_import_that_nobody_has_seen_is_not_past(shown: Team) -> None:
    shown.change_catalogue(target(95))
    path = shown.root / "history.csv"
    path.write_text("kpi,org,period,numerator,denominator\nP1,TRUST,2025-26-Q3,94,100\n", encoding="utf-8")
    import_history(shown.workspace, path, Run(MONDAY, BY))
    shown.change_catalogue(lambda data: kpi_in(data, "P1")["targets"].insert(
        0, {"from": "2023-24", "target": 90, "tolerance": {"absolute": 2}}
    ))  # fmt: skip
    done = shown.collate(TUESDAY)
    assert (done.past.changes, done.written.is_written) == ((), True)


def test_before_anything_was_shown_nothing_is_past(tmp_path: Path) -> None:
    team = new_team(tmp_path / "workspace")
    path = team.root / "history.csv"
    path.write_text("kpi,org,period,numerator,denominator\nP1,TRUST,2025-26-Q3,94,100\n", encoding="utf-8")
    import_history(team.workspace, path, Run(MONDAY, BY))
    team.change_catalogue(target(90))
    assert team.collate(MONDAY).past.changes == ()


def test_what_an_edition_shows_by_a_changed_catalogue_is_what_was_shown(shown: Team) -> None:
    shown.issue(Q2, now=at("2026-10-01"))
    fill(
        shown.issued(Q2)["alpha"], {("P1", "TRUST", Q2): {"Numerator": 94, "Denominator": 100}}, saved=at("2026-10-05")
    )
    shown.collate(at("2026-10-06"))

    before = (shown.root / "kpi_catalogue.yaml").read_bytes()
    shown.change_catalogue(from_quarter_2)
    publish(shown.workspace, Q2, Run(at("2026-10-07"), BY))  # which shows it Green
    assert shown.collate(at("2026-10-08")).past.changes == ()
    (shown.root / "kpi_catalogue.yaml").write_bytes(before)
    done = shown.collate(at("2026-10-09"))
    assert [(change.before.rag, change.now.rag) for change in done.past.changes] == [("Green", "Amber")]
    assert not done.written.is_written


def test_a_published_figure_is_past_for_a_later_xlperf_though_nothing_was_collated_since(
    shown: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown.issue(Q2, now=at("2026-10-01"))
    shown.type_in_master("tbl_data", "P1", {"RAG": "Red"})
    monkeypatch.setattr("xlperf.workflow.master.past_guard.__version__", "9.9.9")
    assert not shown.collate(at("2026-10-02")).written.is_written


def test_where_the_catalogue_of_then_and_the_master_are_lost_somebody_has_to_accept_that(shown: Team) -> None:
    for path in (shown.root / "ledger" / "originals").glob("*.json"):
        path.unlink()
    shown.workspace.master.unlink()
    shown.change_catalogue(target(90))
    done = shown.collate(TUESDAY)
    assert not done.written.is_written
    assert "nobody can tell which past figures" in "\n".join(results.collated(done))
    assert shown.collate(TUESDAY, accepts=True).written.is_written


def test_whoever_accepts_changes_accepts_no_others(shown: Team) -> None:
    shown.change_catalogue(target(90))
    seen = shown.collate(TUESDAY).past
    assert seen.is_within(seen)
    shown.change_catalogue(turned)
    assert not shown.collate(TUESDAY).past.is_within(seen)
