"""The ledger: what is recorded stays, whatever the order, the machine or the crash."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice, permutations
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Q1, Q2, at, tree
from tests.ledger.records import EVERYTHING, K, issued, received
from xlperf.errors import LedgerError
from xlperf.ledger import Decision, Edition, FolderLedger, Imported, LedgerRun, Received, Record, Released, state_of
from xlperf.ledger.records import ACCEPTED, HELD, REJECTED, SCHEMA
from xlperf.ledger.runfile import read_run, seal
from xlperf.returns.figure import Figure


def runs(*batches: Sequence[Record]) -> tuple[LedgerRun, ...]:
    return tuple(
        LedgerRun(
            f"20260710T0900{index:02d}.000000Z-{index:08x}", "collate", f"2026-07-{index + 1:02d}", "x", tuple(batch)
        )
        for index, batch in enumerate(batches)
    )


def test_the_state_is_the_same_whatever_the_order_of_the_runs() -> None:
    everything = runs(
        [issued(1), issued(2, "beta")],
        [received("a", 80.0), Decision("V1", "TRUST", "Enhanced", "CE", "2026-07-01")],
        [received("b", 85.0, saved="2026-07-09T09:00:00")],
        [issued(3)],
        [received("c", 90.0, serial=3, saved="2026-07-01T09:00:00"), Decision("V1", "TRUST", "Targeted")],
        [Imported("i", "h.csv", (Figure("V1", "TRUST", "2025-26-Q4", actual=70.0),))],
        [Edition(Q1, {"e.xlsx": "1"})],
    )
    expected = state_of(everything)
    assert expected.figures[K].now.actual == 90
    assert expected.figures[K].first.actual == 80
    assert expected.decision_in_force[("V1", "TRUST")].stage == "Targeted"
    for shuffled in islice(permutations(everything), 0, None, 50):
        assert state_of(shuffled) == expected


def test_the_return_saved_last_counts_whenever_it_arrives() -> None:
    older, newer = received("a", 80.0), received("b", 85.0, saved="2026-07-09T09:00:00")
    for order in (([older], [newer]), ([newer], [older]), ([newer, older],)):
        state = state_of(runs([issued(1)], *order))
        assert state.figures[K].now.actual == 85
        assert state.in_use[("alpha", Q1)].sha256 == "b"


def test_a_newer_return_counts_over_an_older_one_saved_later() -> None:
    state = state_of(
        runs([issued(1), issued(2)], [received("b", 85.0, serial=2), received("a", 80.0, saved="2026-12-31T00:00:00")])
    )
    assert state.figures[K].now.actual == 85


def test_a_return_always_counts_over_imported_history() -> None:
    history = Imported("i", "h.csv", (Figure(*K, actual=70.0),))
    state = state_of(runs([issued(1)], [received("a", 80.0)], [history]))
    assert state.figures[K].now.actual == 80
    assert not state.figures[K].is_imported


def test_a_resubmission_without_the_figure_leaves_it() -> None:
    state = state_of(runs([issued(1)], [received("a", 80.0)], [received("b", None, saved="2026-07-09T09:00:00")]))
    assert state.figures[K].now.actual == 80
    assert state.in_use[("alpha", Q1)].sha256 == "b"


def test_a_restated_figure_keeps_the_first_and_the_commentary_of_then() -> None:
    first = Received("a", "a.xlsx", Q1, ACCEPTED, "id1", 1, "alpha", Q1, figures=(
        Figure(*K, actual=80.0, commentary="Strike", action="Recruit"),))  # fmt: skip
    later = Received("b", "b.xlsx", Q2, ACCEPTED, "id2", 2, "alpha", Q2, figures=(
        Figure(*K, actual=82.0, restated=True, reason_restated="Late records"),))  # fmt: skip
    current = state_of(runs([issued(1), issued(2, period=Q2)], [first], [later])).figures[K]
    assert current.is_restated
    assert (current.first.actual, current.now.actual) == (80, 82)
    assert (current.now.commentary, current.now.action) == ("Strike", "Recruit")
    assert current.now.reason_restated == "Late records"


def test_a_figure_confirmed_as_it_was_is_not_restated() -> None:
    state = state_of(runs([issued(1)], [received("a", 80.0)], [received("b", 80.0, saved="2026-07-09T09:00:00")]))
    assert not state.figures[K].is_restated


def test_a_figure_that_another_return_confirms_is_not_restated_whatever_it_says_about_it() -> None:
    confirmed = (Figure(*K, actual=80.0, restated=True, reason_restated="Checked, and it was right"),)
    again = replace(received("b", None, 2), period=Q2, figures=confirmed)
    state = state_of(runs([issued(1), issued(2, period=Q2)], [received("a", 80.0)], [again]))
    assert state.figures[K].return_id == "id2"
    assert not state.figures[K].is_restated


def restating(sha256: str, *figures: Figure, saved: str = "") -> Received:
    return Received(sha256, f"{sha256}.xlsx", Q2, ACCEPTED, "id2", 2, "alpha", Q2, saved, figures=figures)


def test_a_restatement_that_the_last_return_does_not_make_is_withdrawn() -> None:
    history = [issued(1), issued(2, period=Q2)], [received("a", 80.0)]
    restated = restating("b", Figure(*K, actual=95.0, restated=True, reason_restated="Late records"))
    own = Figure("V1", "TRUST", Q2, actual=70.0)
    without = restating("c", own, saved="2026-10-09T09:00:00")
    assert state_of(runs(*history, [restated])).figures[K].now.actual == 95
    state = state_of(runs(*history, [restated], [without]))
    assert (state.figures[K].now.actual, state.figures[K].is_restated) == (80, False)
    assert state.figures[own.key].now.actual == 70
    again = restating("d", Figure(*K, actual=90.0, restated=True), saved="2026-10-10T09:00:00")
    assert state_of(runs(*history, [restated], [without], [again])).figures[K].now.actual == 90


def test_a_row_that_the_last_return_leaves_blank_withdraws_no_restatement() -> None:
    restated = restating("b", Figure(*K, actual=95.0, restated=True, reason_restated="Late records"))
    blank = restating("c", saved="2026-10-09T09:00:00")
    state = state_of(runs([issued(1), issued(2, period=Q2)], [received("a", 80.0)], [restated], [blank]))
    assert state.in_use["alpha", Q2].sha256 == "c"
    assert (state.figures[K].now.actual, state.figures[K].is_restated) == (95, True)


def test_a_figure_that_an_edition_has_shown_is_restated_by_whatever_changes_it_then() -> None:
    shown: list[Record] = [Edition(Q1, {"e.xlsx": "0"})]
    again: list[Record] = [received("b", 85.0, saved="2026-07-09T09:00:00")]
    before, after = (
        state_of(runs([issued(1)], [received("a", 80.0)], *order)).figures[K]
        for order in ([again, shown], [shown, again])
    )
    assert (before.now.actual, before.is_restated) == (85, False)
    assert (after.now.actual, after.is_restated, after.published and after.published.actual) == (85, True, 80)
    back = [received("c", 80.0, saved="2026-07-10T09:00:00")]
    assert not state_of(runs([issued(1)], [received("a", 80.0)], shown, again, back)).figures[K].is_restated


def test_a_figure_that_a_second_edition_shows_as_restated_stays_restated() -> None:
    first, second = [Edition(Q1, {"e.xlsx": "1"})], [Edition(Q1, {"f.xlsx": "2"})]
    changed = [received("b", 85.0, saved="2026-07-20T09:00:00")]
    current = state_of(runs([issued(1)], [received("a", 80.0)], first, changed, second)).figures[K]
    assert (current.now.actual, current.published and current.published.actual, current.is_restated) == (85, 80, True)


def test_what_an_edition_showed_after_a_restatement_was_withdrawn_is_the_figure_of_before() -> None:
    restated = restating("b", Figure(*K, actual=95.0, restated=True))
    without = restating("c", Figure("V1", "TRUST", Q2, actual=70.0), saved="2026-10-09T09:00:00")
    history = [issued(1), issued(2, period=Q2)], [received("a", 80.0)], [restated], [without]
    current = state_of(runs(*history, [Edition(Q2, {"e.xlsx": "0"})])).figures[K]
    assert (current.now.actual, current.published and current.published.actual, current.is_restated) == (80, 80, False)


def test_a_rejected_file_gives_no_figure_and_does_not_replace_the_accepted_one() -> None:
    bad = Received("z", "z.xlsx", Q1, REJECTED, "id1", 1, "alpha", Q1, "2026-07-20T09:00:00")
    state = state_of(runs([issued(1)], [received("a", 80.0)], [bad]))
    assert state.in_use[("alpha", Q1)].sha256 == "a"
    assert state.figures[K].now.actual == 80


def test_a_held_return_waits_for_a_person_until_a_later_one_is_accepted() -> None:
    held = replace(received("b", 85.0, saved="2026-07-09T09:00:00"), outcome=HELD)
    history = [issued(1)], [received("a", 80.0)], [held]
    later = [received("c", 90.0, saved="2026-07-10T09:00:00")]
    assert [each.sha256 for each in state_of(runs(*history)).held.values()] == ["b"]
    assert state_of(runs(*history, later)).held == {}


def test_a_return_that_a_person_released_counts_whatever_it_is_judged_by_a_ledger_that_does_not_know_that() -> None:
    held = replace(received("a", 80.0), outcome=HELD)
    refused = replace(received("a", 80.0), outcome=REJECTED, figures=())
    history = [issued(1)], [held]
    assert K not in state_of(runs(*history)).figures
    released = state_of(runs(*history, [Released("a", True, "Asked the owner")], [refused]))
    assert released.figures[K].now.actual == 80
    assert [item.code for item in released.in_use["alpha", Q1].findings] == ["I015"]
    taken_back = state_of(runs(*history, [Released("a", True)], [Released("a", False, "Of last year")]))
    assert K not in taken_back.figures
    assert taken_back.received_by_sha256["a"].outcome == REJECTED


def test_a_file_judged_again_counts_by_its_last_judgement_and_since_its_first() -> None:
    state = state_of(runs([issued(1)], [received("a", None, at="2026-07-02")], [received("a", 80.0, at="2026-08-20")]))
    (only,) = state.received
    assert only.figures[0].actual == 80
    assert only.at == "2026-07-02"


def test_a_figure_that_twice_is_said_not_to_apply_is_still_known_as_it_was_last_given() -> None:
    """So that a Red does not leave the list because its owner says so twice."""
    silent = [
        replace(received(name, None, saved=f"2026-07-{day}T09:00:00"), figures=(Figure(*K, not_applicable=True),))
        for name, day in (("b", 20), ("c", 21))
    ]
    current = state_of(runs([issued(1)], [received("a", 80.0)], *([each] for each in silent))).figures[K]
    assert current.now.not_applicable
    assert current.given_before is not None
    assert current.given_before.actual == 80


def test_the_next_serial_follows_the_highest() -> None:
    assert state_of(runs([issued(3), issued(7)])).next_serial == 8
    assert state_of(()).next_serial == 1


# ---- the folder ----------------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path: Path) -> FolderLedger:
    return FolderLedger(tmp_path / "ledger")


def run_files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "ledger" / "runs").iterdir())


def test_a_new_ledger_is_empty_and_reading_makes_nothing(ledger: FolderLedger, tmp_path: Path) -> None:
    assert ledger.state().runs == ()
    assert list(tmp_path.iterdir()) == []


def cut_last_line(text: str) -> str:
    return text[: text.rstrip("\n").rindex("\n") + 1]


def cut_in_a_line(text: str) -> str:
    return text[: len(text) // 2]


def cut_after_head(text: str) -> str:
    return text[: text.index("\n") + 1]


def nothing(text: str) -> str:
    return ""


def zeros(text: str) -> str:
    return "\x00" * len(text)


def no_json(text: str) -> str:
    return text.replace("{", "[")


@pytest.mark.parametrize("damage", [cut_last_line, cut_in_a_line, cut_after_head, nothing, zeros, no_json])
def test_a_damaged_run_stops_xlperf_with_the_name_of_the_file(
    damage: Callable[[str], str], ledger: FolderLedger, tmp_path: Path
) -> None:
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    (path,) = run_files(tmp_path)
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    with pytest.raises(LedgerError) as caught:
        ledger.state()
    assert path.name in str(caught.value)
    assert "restore it" in str(caught.value)


def written_anew(path: Path, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> None:
    """Change a run's head and first record, as another version of xlperf would have written them."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    change(lines[0], lines[1])
    path.write_bytes(seal(lines[:-1]))


def test_a_run_of_a_newer_xlperf_asks_for_an_update(ledger: FolderLedger, tmp_path: Path) -> None:
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    (path,) = run_files(tmp_path)
    written_anew(path, lambda head, first: head.update({"schema": SCHEMA + 1, "xlperf": "9.9"}))
    with pytest.raises(LedgerError, match=r"9\.9, which is newer; update this one"):
        ledger.state()


def test_an_unknown_record_asks_for_an_update(ledger: FolderLedger, tmp_path: Path) -> None:
    ledger.append("collate", [Decision("V1", "T")], at=at("2026-07-10"), by="me")
    (path,) = run_files(tmp_path)
    written_anew(path, lambda head, first: first.update({"record": "forecast"}))
    with pytest.raises(LedgerError, match="newer xlperf"):
        ledger.state()


def test_a_field_of_a_later_version_is_passed_over(ledger: FolderLedger, tmp_path: Path) -> None:
    ledger.append("collate", [Decision("V1", "T", "Enhanced")], at=at("2026-07-10"), by="me")
    (path,) = run_files(tmp_path)
    written_anew(path, lambda head, first: first.update({"mood": "calm"}))
    assert ledger.state().decision_in_force[("V1", "T")].stage == "Enhanced"


def test_what_a_crash_or_another_program_leaves_behind_is_no_run(ledger: FolderLedger, tmp_path: Path) -> None:
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    before = ledger.state()
    folder = tmp_path / "ledger" / "runs"
    (folder / ".20260711T090000.000000Z-ab.jsonl.1234.part").write_bytes(b'{"record": "ru')
    (folder / "._20260710T090000.jsonl").write_bytes(b"\x00\x05\x16\x07")
    (folder / "desktop.ini").write_bytes(b"[x]")
    assert ledger.state() == before


def test_the_copy_a_syncing_service_makes_of_a_run_counts_once(ledger: FolderLedger, tmp_path: Path) -> None:
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    before = ledger.state()
    (path,) = run_files(tmp_path)
    shutil.copy(path, path.with_name(path.stem + " (Ann's conflicted copy).jsonl"))
    assert ledger.state() == before


@pytest.mark.parametrize("name", ["{}-PC7.jsonl", "{} (Ann's conflicted copy).jsonl"])
def test_of_two_runs_of_one_name_that_differ_the_one_called_by_it_counts(
    name: str, ledger: FolderLedger, tmp_path: Path
) -> None:
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    (path,) = run_files(tmp_path)
    copy = path.with_name(name.format(path.stem))
    shutil.copy(path, copy)
    written_anew(copy, lambda head, first: head.update({"by": "another"}))
    assert [run.by for run in FolderLedger(tmp_path / "ledger").runs()] == ["me"]
    renamed = path.rename(path.with_name("another name.jsonl"))  # and now nobody can tell
    with pytest.raises(LedgerError) as caught:
        FolderLedger(tmp_path / "ledger").state()
    assert renamed.name in str(caught.value)
    assert copy.name in str(caught.value)


def test_a_run_from_before_runs_were_sealed_is_read(ledger: FolderLedger, tmp_path: Path) -> None:
    name = ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    meant = ledger.state()
    (path,) = run_files(tmp_path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    del lines[0]["after"], lines[-1]["sha256"]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    old = FolderLedger(tmp_path / "ledger")
    assert old.state() == meant
    assert not old.runs()[0].is_sealed
    old.append("collate", [], at=at("2026-07-11"), by="me")
    assert old.runs()[1].after == (name,)


def test_any_byte_flipped_in_a_run_is_noticed(ledger: FolderLedger, tmp_path: Path) -> None:
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    (path,) = run_files(tmp_path)
    data = path.read_bytes()
    for place in range(len(data)):
        for bit in (1, 4, 32):
            with pytest.raises(LedgerError):
                read_run(data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :])


def test_an_original_that_was_damaged_is_put_right_when_it_is_kept_again(ledger: FolderLedger, tmp_path: Path) -> None:
    digest = ledger.keep(b"one")
    (tmp_path / "ledger" / "originals" / f"{digest}.xlsx").write_bytes(b"onf")
    with pytest.raises(LedgerError, match="its hash is wrong"):
        ledger.original(digest)
    ledger.keep(b"one")
    assert ledger.original(digest) == b"one"


def test_two_ledgers_are_merged_by_copying_files(tmp_path: Path) -> None:
    here, there = FolderLedger(tmp_path / "here"), FolderLedger(tmp_path / "there")
    here.append("generate", [issued(1), issued(2, "beta")], at=at("2026-07-01"), by="a")
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    here.append("collate", [received("a", 80.0)], at=at("2026-07-10"), by="a")
    there.append("collate", [Decision("V1", "TRUST", "Enhanced")], at=at("2026-07-11"), by="b")
    for path in (tmp_path / "there" / "runs").iterdir():
        shutil.copy(path, tmp_path / "here" / "runs" / path.name)
    state = here.state()
    assert len(state.runs) == 3
    assert state.figures[K].now.actual == 80
    assert state.decision_in_force[("V1", "TRUST")].stage == "Enhanced"


def test_recording_changes_no_file_that_was_there(ledger: FolderLedger, tmp_path: Path) -> None:
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    ledger.keep(b"one")
    before = tree(tmp_path)
    ledger.append("collate", EVERYTHING, at=at("2026-07-11"), by="me")
    ledger.keep(b"one")
    ledger.keep(b"two")
    after = tree(tmp_path)
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 2
    assert not [name for name in after if ".part" in name]


def test_the_original_bytes_are_kept_under_their_hash(ledger: FolderLedger, tmp_path: Path) -> None:
    digest = ledger.keep(b"one")
    assert (tmp_path / "ledger" / "originals" / f"{digest}.xlsx").read_bytes() == b"one"


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("a file where the ledger should be")
    ledger = FolderLedger(tmp_path / "ledger")
    with pytest.raises(LedgerError, match="nothing was recorded"):
        ledger.keep(b"one")
    with pytest.raises(LedgerError, match="share connected"):
        ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    with pytest.raises(LedgerError, match="share connected"):
        ledger.state()


@pytest.mark.parametrize(
    ("saved", "sent"),
    [
        ("2026-07-08T09:00:00", "2026-07-08"),
        ("2026-07-10T09:00:00", "2026-07-10"),
        ("2026-07-11T09:00:00", "2026-07-10"),  # its clock is fast: it was there already
        ("2026-06-30T09:00:00", "2026-07-10"),  # its clock is slow: it had not been issued
        ("2026-07-01T09:00:00", "2026-07-01"),
        ("", "2026-07-10"),
    ],
)
def test_a_return_was_sent_when_it_was_saved_between_its_issue_and_its_first_collation(
    tmp_path: Path, saved: str, sent: str
) -> None:
    ledger = FolderLedger(tmp_path)
    ledger.append("generate", [issued(1)], at=at("2026-07-01"), by="a")
    ledger.append("collate", [received("a", 1.0, saved=saved)], at=at("2026-07-10"), by="a")
    state = ledger.state()
    assert str(state.returned_on(state.received_by_sha256["a"])) == sent
