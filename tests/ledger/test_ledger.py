"""The ledger: what is recorded stays, whatever the order, the machine or the crash."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from itertools import islice, permutations
from pathlib import Path

import pytest

from tests.conftest import Q1, Q2, at, tree
from xlperf.errors import LedgerError
from xlperf.findings import Location, finding
from xlperf.ledger import Decision, Edition, FolderLedger, Imported, Issued, Received, Record, Run, state_of
from xlperf.ledger.records import ACCEPTED, REJECTED
from xlperf.returns.figure import Figure, Key

K: Key = ("V1", "TRUST", Q1)


def issued(serial: int, owner: str = "alpha", period: str = Q1) -> Issued:
    return Issued(f"id{serial}", serial, owner, period, "1", "abc", "1", f"{serial}.xlsx", (K,))


def received(
    sha256: str, actual: float | None, serial: int = 1, saved: str = "2026-07-08T09:00:00", **more: object
) -> Received:
    figures = () if actual is None else (Figure(*K, actual=actual),)
    return Received(
        sha256, f"{sha256}.xlsx", Q1, ACCEPTED, f"id{serial}", serial, "alpha", Q1, saved, figures=figures, **more  # type: ignore[arg-type]
    )  # fmt: skip


def runs(*batches: Sequence[Record]) -> tuple[Run, ...]:
    return tuple(
        Run(f"20260710T0900{index:02d}.000000Z-{index:08x}", "collate", f"2026-07-{index + 1:02d}", "x", tuple(batch))
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
    assert expected.decisions[("V1", "TRUST")].stage == "Targeted"
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


def test_a_rejected_file_gives_no_figure_and_does_not_replace_the_accepted_one() -> None:
    bad = Received("z", "z.xlsx", Q1, REJECTED, "id1", 1, "alpha", Q1, "2026-07-20T09:00:00")
    state = state_of(runs([issued(1)], [received("a", 80.0)], [bad]))
    assert state.in_use[("alpha", Q1)].sha256 == "a"
    assert state.figures[K].now.actual == 80


def test_a_file_judged_again_counts_by_its_last_judgement_and_since_its_first() -> None:
    state = state_of(runs([issued(1)], [received("a", None, at="2026-07-02")], [received("a", 80.0, at="2026-08-20")]))
    (only,) = state.received
    assert only.figures[0].actual == 80
    assert only.at == "2026-07-02"


def test_the_next_serial_follows_the_highest() -> None:
    assert state_of(runs([issued(3), issued(7)])).next_serial == 8
    assert state_of(()).next_serial == 1


# ---- the folder ----------------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path: Path) -> FolderLedger:
    return FolderLedger(tmp_path / "ledger")


def run_files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "ledger" / "runs").iterdir())


EVERYTHING: tuple[Record, ...] = (
    issued(1),
    Received(
        "a",
        "naïve – file.xlsx",
        Q1,
        ACCEPTED,
        "id1",
        1,
        "alpha",
        Q1,
        "2026-07-08T09:00:00+00:00",
        "Ann",
        "Bob",
        "2026-07-08",
        (Figure(*K, 97.0, 97.0, 100.0, commentary="one\u2028two\u2029three\x85four\nfive", action_due="2026-09-30"),),
        (("P1", "TRUST", Q1),),
        (("C1", "TRUST", Q1),),
        (finding("R001", "no number", Location("f.xlsx", "Return", "L7", None, *K), found="x", expected="y"),),
    ),
    Imported("i", "h.csv", (Figure(*K, actual=1e-7, not_applicable=False),)),
    Decision("V1", "TRUST", "Enhanced", "Chief Executive", "2026-07-20", "Says: \"no\", \\ and Ŵ"),
    Decision("P1", "TRUST"),
    Edition(Q1, {"a.xlsx": "00ff"}),
)  # fmt: skip


def test_what_is_recorded_comes_back_word_for_word(ledger: FolderLedger) -> None:
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    (run,) = ledger.runs()
    assert [type(record) for record in run.records] == [type(record) for record in EVERYTHING]
    for said, meant in zip(run.records, EVERYTHING, strict=True):
        for name in meant.__dataclass_fields__:
            if name != "at":
                assert getattr(said, name) == getattr(meant, name)
    assert (run.kind, run.by, run.at) == ("collate", "me", "2026-07-10T09:00:00Z")


def test_a_line_separator_in_commentary_survives(ledger: FolderLedger) -> None:
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    assert ledger.state().figures[K].now.commentary == "one\u2028two\u2029three\x85four\nfive"


def test_a_new_ledger_is_empty_and_reading_makes_nothing(ledger: FolderLedger, tmp_path: Path) -> None:
    assert ledger.state().runs == ()
    assert list(tmp_path.iterdir()) == []


def test_runs_are_in_order_of_time_wherever_the_clock_stands(ledger: FolderLedger) -> None:
    summer, winter = timezone(timedelta(hours=1)), timezone(timedelta(0))
    # On the night the clocks go back, 01:30 winter time is after 01:45 summer time.
    first = ledger.append(
        "a", [Decision("V1", "T", "Enhanced")], at=datetime(2026, 10, 25, 1, 45, tzinfo=summer), by="x"
    )
    last = ledger.append(
        "b", [Decision("V1", "T", "Targeted")], at=datetime(2026, 10, 25, 1, 30, tzinfo=winter), by="y"
    )
    assert first.startswith("20261025T004500")
    assert [run.name for run in ledger.runs()] == [first, last]
    assert ledger.state().decisions[("V1", "T")].stage == "Targeted"


def test_a_run_comes_after_those_it_could_know_of_even_where_a_clock_was_fast(ledger: FolderLedger) -> None:
    ledger.append("collate", [Decision("V1", "T", "Enhanced")], at=at("2026-07-10 12:00"), by="fast clock")
    ledger.append("collate", [Decision("V1", "T", "Targeted")], at=at("2026-07-10 11:00"), by="right clock")
    assert ledger.state().decisions[("V1", "T")].stage == "Targeted"
    assert [run.at for run in ledger.runs()] == ["2026-07-10T12:00:00Z", "2026-07-10T11:00:00Z"]


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


def test_a_run_of_a_newer_xlperf_asks_for_an_update(ledger: FolderLedger, tmp_path: Path) -> None:
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    (path,) = run_files(tmp_path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    lines[0] |= {"schema": 99, "xlperf": "9.9"}
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with pytest.raises(LedgerError, match=r"9\.9; update this one"):
        ledger.state()


def test_an_unknown_record_asks_for_an_update(ledger: FolderLedger, tmp_path: Path) -> None:
    ledger.append("collate", [Decision("V1", "T")], at=at("2026-07-10"), by="me")
    (path,) = run_files(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('"decision"', '"forecast"'), encoding="utf-8")
    with pytest.raises(LedgerError, match="newer xlperf"):
        ledger.state()


def test_a_field_of_a_later_version_is_passed_over(ledger: FolderLedger, tmp_path: Path) -> None:
    ledger.append("collate", [Decision("V1", "T", "Enhanced")], at=at("2026-07-10"), by="me")
    (path,) = run_files(tmp_path)
    text = path.read_text(encoding="utf-8").replace('"org": "T"', '"org": "T", "mood": "calm"')
    path.write_text(text, encoding="utf-8")
    assert ledger.state().decisions[("V1", "T")].stage == "Enhanced"


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
    assert state.decisions[("V1", "TRUST")].stage == "Enhanced"


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
