"""Backups of the master: made before each change, never one over another, thinned out, and only our own."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Team, at
from xlperf.errors import WorkbookError
from xlperf.workflow.workspace.backups import back_up, to_delete
from xlperf.workflow.workspace.settings import KeptBackups


def backups(team: Team) -> list[str]:
    return sorted(path.name for path in team.workspace.backups.iterdir())


def named(*moments: datetime) -> list[str]:
    return [f"master {moment:%Y-%m-%d %H%M%S}.xlsx" for moment in moments]


def test_the_master_as_it_was_is_kept_before_it_is_changed(issued_team: Team) -> None:
    issued_team.collate(at("2026-07-10 10:00"))
    first = issued_team.workspace.master.read_bytes()
    issued_team.collate(at("2026-07-10 11:00"))
    (backup,) = issued_team.workspace.backups.iterdir()
    assert backup.name == "master 2026-07-10 110000.xlsx"
    assert backup.read_bytes() == first


def test_two_collations_in_one_second_keep_both_masters(issued_team: Team) -> None:
    kept: set[bytes] = set()
    for _ in range(3):
        issued_team.collate(at("2026-07-10 11:00"))
        book = issued_team.master
        book.set_saved(at("2026-07-10 11:00") + timedelta(days=len(kept)))  # a person saves it
        book.save(issued_team.workspace.master)
        kept.add(issued_team.workspace.master.read_bytes())
    issued_team.collate(at("2026-07-10 11:00"))
    assert {path.read_bytes() for path in issued_team.workspace.backups.iterdir()} == kept
    assert backups(issued_team) == [f"master 2026-07-10 110000{number}.xlsx" for number in (" 2", " 3", "")]


def test_a_team_may_keep_fewer_and_nothing_of_theirs_is_deleted(issued_team: Team) -> None:
    (issued_team.root / "workspace.yaml").write_text("backups: {newest: 2, days: 1, months: 1}\n", encoding="utf-8")
    issued_team.workspace.backups.mkdir()
    theirs = ["master for Ann.xlsx", "master 2020-01-01.xlsx", "master 2020-13-01 000000.xlsx", "old master.xlsx"]
    for name in theirs:
        (issued_team.workspace.backups / name).write_bytes(b"theirs")
    for hour in range(10, 15):
        issued_team.collate(at(f"2026-07-10 {hour}:00"))
    assert backups(issued_team) == sorted([*named(at("2026-07-10 13:00"), at("2026-07-10 14:00")), *theirs])


def test_the_backup_just_made_stays_where_the_clock_was_put_back(tmp_path: Path) -> None:
    kept = KeptBackups(newest=1, days=0, months=0)
    back_up(b"before", "master", tmp_path, at("2026-07-10 11:00"), kept)
    back_up(b"now", "master", tmp_path, at("2020-01-01 11:00"), kept)
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == [b"before", b"now"]


def test_without_a_backup_the_master_is_left_as_it_is(issued_team: Team) -> None:
    issued_team.collate()
    before = issued_team.workspace.master.read_bytes()
    issued_team.workspace.backups.write_bytes(b"a file where the folder should be")
    with pytest.raises(WorkbookError, match="no backup could be made"):
        issued_team.collate()
    assert issued_team.workspace.master.read_bytes() == before


def test_a_year_of_collations_three_times_a_day_keeps_the_newest_then_days_then_months() -> None:
    begin = datetime(2025, 8, 1, 9)
    made = [begin + timedelta(days=day, hours=3 * number) for day in range(365) for number in range(3)]
    kept = sorted(set(named(*made)) - set(to_delete(named(*made), "master", KeptBackups())))
    newest = made[-30:]  # of the last 10 days
    days = [begin + timedelta(days=day, hours=6) for day in range(365 - 31, 355)]
    months = [datetime(2025, month, day, 15) for month, day in ((8, 31), (9, 30), (10, 31), (11, 30), (12, 31))]
    months += [datetime(2026, month, day, 15) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31))]
    expected = sorted({*named(*newest), *named(*days), *named(*months), *named(datetime(2026, 6, 30, 15))})
    assert kept == expected


@given(
    seconds=st.sets(st.integers(0, 3 * 365 * 86_400), min_size=1, max_size=60),
    newest=st.integers(1, 10),
    days=st.integers(0, 10),
    months=st.integers(0, 10),
)
def test_however_backups_came_about_the_newest_stay_and_thinning_twice_is_thinning_once(
    seconds: set[int], newest: int, days: int, months: int
) -> None:
    kept = KeptBackups(newest=newest, days=days, months=months)
    names = named(*(datetime(2024, 1, 1) + timedelta(seconds=second) for second in sorted(seconds)))
    gone = to_delete(names, "master", kept)
    left = [name for name in names if name not in gone]
    assert left[-newest:] == names[-newest:]
    assert len(left) <= newest + days + months
    assert to_delete(left, "master", kept) == []


@pytest.mark.parametrize("name", ["master.xlsx", "Master 2026-07-10 110000.xlsx", "master 2026-07-10 110000.xlsx.bak"])
def test_only_what_has_the_name_of_a_backup_is_ever_deleted(name: str, tmp_path: Path) -> None:
    kept = KeptBackups(newest=1, days=0, months=0)
    assert to_delete([name, *named(datetime(2027, 1, 1), datetime(2027, 1, 2))], "master", kept) == named(
        datetime(2027, 1, 1)
    )
