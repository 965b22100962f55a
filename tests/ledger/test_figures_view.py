"""The figures of a ledger in PostgreSQL as other programs read them: what the master shows, and since when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.conftest import BY, COLLATE_DAY, Q1, Team, at, fill
from tests.ledger.server import PASSWORD, Server
from xlperf.ledger import Decision, open_ledger
from xlperf.ledger.copying import copy_ledger
from xlperf.ledger.figure_table import FigureColumn, ShownFigures
from xlperf.report.sheets import data
from xlperf.workflow.cycle.collate import collate
from xlperf.workflow.cycle.unchanged import answer_again, remember
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

pytestmark = pytest.mark.postgres
RED, GREEN = {"Numerator": 50, "Denominator": 100}, {"Numerator": 97, "Denominator": 100}


@pytest.fixture
def url(server: Server) -> str:
    return server.url()


@pytest.fixture
def team(issued_team: Team, url: str) -> Team:
    """A team whose ledger is in a database, with one return collated in which a figure is Red."""
    copy_ledger(issued_team.workspace.ledger(), open_ledger(url))
    team = Team(Workspace(issued_team.root, url))
    fill(team.issued()["alpha"], {("P1", "TRUST", Q1): RED})
    team.collate()
    return team


def figures(address: str) -> list[dict[str, Any]]:
    """The rows of the view."""
    with psycopg.connect(address, row_factory=dict_row) as connection:
        return connection.execute("SELECT * FROM xlperf_figures ORDER BY ref, org, period").fetchall()


def rows_added(address: str) -> int:
    """How many rows were ever added to what the view is made of."""
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT count(*) FROM xlperf_shown_figures").fetchone()
    assert row is not None
    return int(row[0])


def of(ref: str, address: str) -> dict[str, Any]:
    (found,) = (row for row in figures(address) if row["ref"] == ref)
    return found


def test_the_view_has_what_the_ledger_and_the_master_have(team: Team, url: str) -> None:
    shown, state, master = figures(url), team.state, team.sheet("tbl_data")
    assert {(row["ref"], row["org"], row["period"]) for row in shown} == set(state.figures)
    for row in shown:
        figure = state.figures[row["ref"], row["org"], row["period"]].now
        assert (row["actual"], row["numerator"], row["denominator"]) == (
            figure.actual, figure.numerator, figure.denominator
        )  # fmt: skip
        (beside,) = (each for each in master if (each["Ref"], each["Period"]) == (row["ref"], row["period"]))
        words = [column for column in data.COLUMNS if column.kind == "text"]
        assert {c.id: row[c.id] or "" for c in words} == {c.id: beside[c.header] for c in words}
    red = of("P1", url)
    assert (red["rag"], red["actual"], red["target_value"], red["period_ends"]) == (
        "Red",
        50.0,
        95.0,
        date(2026, 6, 30),
    )
    assert (red["reporting_period"], red["is_up_to_date"]) == (Q1, True)


def test_a_figure_sent_again_replaces_its_row_and_no_other_is_written(team: Team, url: str) -> None:
    fill(team.issued()["beta"])
    team.collate()
    before, added = {row["ref"]: row for row in figures(url)}, rows_added(url)
    fill(team.issued()["alpha"], {("P1", "TRUST", Q1): GREEN}, name="again.xlsx", saved=at("2026-07-11"))
    team.collate(at("2026-07-12"))
    assert of("P1", url)["rag"] == "Green"
    again = {row["ref"]: row for row in figures(url)}
    differ = {ref for ref, row in again.items() if row["file"] != before[ref]["file"]}
    assert "G1" in again.keys() - differ, "that of the other owner"
    assert rows_added(url) - added == len(differ)


def test_what_is_recorded_since_is_seen_until_the_next_collation(team: Team, url: str) -> None:
    open_ledger(url).append("collate", [Decision("V1", "TRUST", "Enhanced")], at=at("2026-07-11"), by="another")
    assert {row["is_up_to_date"] for row in figures(url)} == {False}
    team.collate(at("2026-07-12"))
    assert {row["is_up_to_date"] for row in figures(url)} == {True}


def test_where_nothing_has_changed_nothing_is_added(team: Team, url: str) -> None:
    added = rows_added(url)
    team.collate()
    assert rows_added(url) == added


def test_a_figure_that_no_longer_counts_is_gone_and_its_past_is_kept(team: Team, url: str) -> None:
    team.change_catalogue(
        lambda catalogue: catalogue["kpis"].remove(next(k for k in catalogue["kpis"] if k["id"] == "P1"))
    )
    added = rows_added(url)
    team.collate(accepts=True)
    assert "P1" not in {row["ref"] for row in figures(url)}
    assert rows_added(url) > added


def test_a_run_that_another_has_recorded_meanwhile_is_not_passed_over(team: Team, url: str) -> None:
    state, ledger = team.state, open_ledger(url)
    ledger.append("collate", [Decision("V1", "TRUST", "Enhanced")], at=at("2026-07-11"), by="another")
    before = figures(url)
    why = ledger.show_figures(ShownFigures([FigureColumn("ref", "text", is_key=True)], [("X",)], Q1, state.runs))
    assert "meanwhile" in why
    assert figures(url) == before


@pytest.mark.parametrize("table", ["xlperf_shown", "xlperf_shown_figures"])
@pytest.mark.parametrize("change", ["UPDATE {} SET number = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_rows_are_only_added_to(table: str, change: str, team: Team, url: str) -> None:
    assert team.state.figures
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.RaiseException, match="only ever added to"):
        connection.execute(change.format(table))


def test_a_column_that_a_later_version_adds_stands_at_the_end(team: Team, url: str) -> None:
    with psycopg.connect(url) as connection:  # as a table that an earlier version made
        connection.execute("DROP VIEW xlperf_figures; ALTER TABLE xlperf_shown_figures DROP COLUMN commentary")
    fill(team.issued()["alpha"], {("P1", "TRUST", Q1): GREEN}, name="again.xlsx", saved=at("2026-07-11"))
    team.collate(at("2026-07-12"))
    assert list(figures(url)[0])[-1] == "commentary"
    assert of("P1", url)["is_up_to_date"]


# ---- who may what --------------------------------------------------------------------------------------------------


@pytest.fixture
def person(server: Server, url: str) -> Any:
    """Makes a role with some rights to tables of the schema; its address."""
    schema, made = url.rpartition("%3D")[2], list[str]()

    def make(role: str, *rights: str) -> str:
        server.run(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
        made.append(role)
        server.run(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        for right in rights:
            server.run(f"GRANT {right.format(schema)} TO {role}")
        return server.address(schema, user=role)

    yield make
    for role in made:
        server.run(f"DROP OWNED BY {role}; DROP ROLE {role}")


Person = Callable[..., str]


def test_a_program_that_may_read_the_view_alone_reads_it(team: Team, url: str, person: Person) -> None:
    reader = person("power_bi", "SELECT ON {}.xlperf_figures")
    assert len(figures(reader)) == len(team.state.figures)
    with psycopg.connect(reader) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM xlperf_runs")


def test_an_analyst_who_may_only_read_and_add_keeps_it_up_to_date(
    issued_team: Team, url: str, person: Person, server: Server
) -> None:
    copy_ledger(issued_team.workspace.ledger(), open_ledger(url))
    analyst = person("analyst_2", "SELECT, INSERT ON ALL TABLES IN SCHEMA {}")
    fill(issued_team.issued()["alpha"], {("P1", "TRUST", Q1): RED})
    said: list[str] = []
    theirs = Workspace(issued_team.root, analyst)
    done = collate(theirs, Run(COLLATE_DAY, BY, said.append))
    assert done.written.is_written
    assert any("may not make their tables" in note for note in said)
    assert done.made_from is None, "the next collation tries again"
    Team(Workspace(issued_team.root, url)).collate()  # whoever owns the tables
    fill(issued_team.issued()["alpha"], {("P1", "TRUST", Q1): GREEN}, name="again.xlsx", saved=at("2026-07-11"))
    Team(theirs).collate(at("2026-07-12"))
    assert (of("P1", analyst)["rag"], of("P1", analyst)["is_up_to_date"]) == ("Green", True)


def test_a_ledger_in_a_folder_has_no_view_and_a_database_gets_it_at_once(issued_team: Team, url: str) -> None:
    fill(issued_team.issued()["alpha"], {("P1", "TRUST", Q1): RED})
    done = issued_team.collate()
    assert done.made_from is not None
    remember(issued_team.workspace, [])
    copy_ledger(issued_team.workspace.ledger(), open_ledger(url))
    moved = Workspace(issued_team.root, url)
    assert answer_again(moved, None, COLLATE_DAY.date()) is None, "it is another ledger, and shows no figures yet"
    Team(moved).collate()
    assert len(figures(url)) == len(issued_team.state.figures)
