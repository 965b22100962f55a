"""What holds of a ledger wherever it is kept: each test runs on a folder and on a real PostgreSQL server."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from tests.conftest import Q1, at
from tests.ledger.records import EVERYTHING, K, issued, received
from xlperf.errors import LedgerError
from xlperf.ledger import Decision, GivenUp, Ledger, Received, open_ledger
from xlperf.ledger.records import REJECTED
from xlperf.ledger.runfile import read_run, seal

# ---- recording and reading -----------------------------------------------------------------------------------------


def test_what_is_recorded_comes_back_word_for_word(ledger: Ledger) -> None:
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    (run,) = ledger.runs()
    assert [type(record) for record in run.records] == [type(record) for record in EVERYTHING]
    for said, meant in zip(run.records, EVERYTHING, strict=True):
        for name in meant.__dataclass_fields__:
            if name != "at":
                assert getattr(said, name) == getattr(meant, name)
    assert (run.kind, run.by, run.at) == ("collate", "me", "2026-07-10T09:00:00Z")


def test_a_line_separator_in_commentary_survives(ledger: Ledger) -> None:
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    assert ledger.state().figures[K].now.commentary == "one\u2028two\u2029three\x85four\nfive"


def test_runs_are_in_order_of_time_wherever_the_clock_stands(ledger: Ledger) -> None:
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
    assert ledger.state().decision_in_force[("V1", "T")].stage == "Targeted"


def test_a_run_comes_after_those_it_could_know_of_even_where_a_clock_was_fast(ledger: Ledger) -> None:
    ledger.append("collate", [Decision("V1", "T", "Enhanced")], at=at("2026-07-10 12:00"), by="fast clock")
    ledger.append("collate", [Decision("V1", "T", "Targeted")], at=at("2026-07-10 11:00"), by="right clock")
    assert ledger.state().decision_in_force[("V1", "T")].stage == "Targeted"
    assert [run.at for run in ledger.runs()] == ["2026-07-10T12:00:00Z", "2026-07-10T11:00:00Z"]


def test_a_new_ledger_is_empty(ledger: Ledger) -> None:
    assert ledger.state().runs == ()
    assert ledger.stored_runs() == ()
    assert ledger.originals() == ()


def test_what_one_instance_records_another_reads(ledger: Ledger, address: str) -> None:
    first = ledger.append("generate", [issued(1)], at=at("2026-07-01"), by="a")
    other = open_ledger(address)
    assert other.state().runs == (first,)
    second = other.append("collate", [received("a", 80.0)], at=at("2026-07-10"), by="b")
    assert ledger.state().runs == (first, second)
    assert ledger.state() == other.state() == open_ledger(address).state()


ODD = "NUL \x00, bell \x07, escape \x1b[31m, line \u2028, astral \U0001f600, right-to-left \u202e, surrogate \udc80"


def test_any_text_comes_back_as_it_was(ledger: Ledger, address: str) -> None:
    ledger.append("collate", [Decision("V1", "T", "Enhanced", rationale=ODD)], at=at("2026-07-10"), by=ODD)
    (run,) = open_ledger(address).runs()
    assert run.by == ODD
    assert open_ledger(address).state().decision_in_force[("V1", "T")].rationale == ODD


def test_the_bytes_of_a_run_are_what_is_read(ledger: Ledger) -> None:
    name = ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    (stored,) = ledger.stored_runs()
    assert stored == name
    run = read_run(ledger.run_bytes(stored))
    assert run == ledger.runs()[0]
    assert run.is_sealed
    assert run.sha256 == hashlib.sha256(ledger.run_bytes(stored)).hexdigest()


def test_a_run_names_those_before_it_that_none_has_named(ledger: Ledger, address: str) -> None:
    names = [ledger.append("x", [Decision("V1", "T", str(n))], at=at("2026-07-10"), by="a") for n in range(3)]
    assert [run.after for run in ledger.runs()] == [(), (names[0],), (names[1],)]


def test_two_processes_at_once_are_both_recorded(address: str) -> None:
    script = (
        "import sys, time; from datetime import datetime, UTC; from xlperf.ledger import Decision, open_ledger\n"
        "ledger = open_ledger(sys.argv[1]); print('ready', flush=True); sys.stdin.readline()\n"
        "for n in range(10): ledger.append('x', [Decision(sys.argv[2], str(n))], at=datetime.now(UTC), by='x')\n"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script, address, who], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for who in ("ann", "ben")
    ]
    for each in both:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in both:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    assert [(each.communicate(timeout=120), each.returncode)[1] for each in both] == [0, 0]
    state = open_ledger(address).state()
    assert len(set(state.runs)) == 20
    assert set(state.decision_in_force) == {(who, str(n)) for who in ("ann", "ben") for n in range(10)}


# ---- originals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"one", bytes(range(256)) * 3, b"\x00" * 10], ids=["none", "one", "all", "NUL"])
def test_an_original_comes_back_byte_for_byte(data: bytes, ledger: Ledger, address: str) -> None:
    digest = ledger.keep(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert open_ledger(address).original(digest) == data
    assert ledger.originals() == (f"{digest}.xlsx",)


def test_a_return_of_20_mb_comes_back(ledger: Ledger, address: str) -> None:
    data = hashlib.shake_256(b"seed").digest(20 * 1024 * 1024)
    assert open_ledger(address).original(ledger.keep(data)) == data


def test_an_original_is_kept_once_and_under_its_ending(ledger: Ledger) -> None:
    first, second = ledger.keep(b"one", ".csv"), ledger.keep(b"two", ".json")
    assert ledger.keep(b"one", ".csv") == first
    assert ledger.originals() == tuple(sorted((f"{first}.csv", f"{second}.json")))


def test_an_original_that_is_not_there_is_said(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="restore it from a backup"):
        ledger.original("0" * 64)
    ledger.keep(b"one")
    with pytest.raises(LedgerError, match="restore it from a backup"):
        ledger.original("0" * 64)


# ---- runs of another ledger ----------------------------------------------------------------------------------------


def test_a_run_of_another_ledger_is_put_in_as_it_is(ledger: Ledger, new_address: Callable[[str], str]) -> None:
    there = open_ledger(new_address("folder"))
    name = there.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    data = there.run_bytes(name)
    ledger.put_run(name, data)
    ledger.put_run(name, data)
    assert ledger.stored_runs() == (name,)
    assert ledger.run_bytes(name) == data
    assert ledger.state() == there.state()


def test_a_run_is_never_written_over(ledger: Ledger) -> None:
    name = ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="me")
    data = ledger.run_bytes(name)
    head = {"record": "run", "schema": 1, "run": name, "kind": "x", "at": "2026-07-10", "by": "y", "after": []}
    with pytest.raises(LedgerError, match="it was not overwritten"):
        ledger.put_run(name, seal([head]))
    assert ledger.run_bytes(name) == data


@pytest.mark.parametrize("name", ["../../evil", "20260710T090000.000000Z-00000000"])
def test_what_is_not_the_run_it_is_called_is_not_taken(name: str, ledger: Ledger) -> None:
    head = {"record": "run", "schema": 1, "run": "../../evil", "kind": "x", "at": "2026-07-10", "by": "y", "after": []}
    with pytest.raises(LedgerError):
        ledger.put_run(name, seal([head]))
    with pytest.raises(LedgerError):
        ledger.put_run(name, b"no run at all")
    assert ledger.stored_runs() == ()


# ---- what has gone -------------------------------------------------------------------------------------------------


def two_of_three(ledger: Ledger, new_address: Callable[[str], str]) -> str:
    """Put the first and last of three runs into a ledger; returns the name of the second."""
    there = open_ledger(new_address("folder"))
    first = there.append("generate", [issued(1)], at=at("2026-07-01"), by="a")
    second = there.append("collate", [received("a", 80.0)], at=at("2026-07-10"), by="a")
    third = there.append("collate", [Received("b", "b.xlsx", Q1, REJECTED)], at=at("2026-07-11"), by="a")
    for name in (first, third):
        ledger.put_run(name, there.run_bytes(name))
    return second


def test_a_run_that_has_gone_is_noticed_and_named(ledger: Ledger, new_address: Callable[[str], str]) -> None:
    gone = two_of_three(ledger, new_address)
    with pytest.raises(LedgerError, match=f"run {gone} is missing") as caught:
        ledger.state()
    assert "restore it from a backup" in str(caught.value)
    assert "wait until that is done" in str(caught.value)
    with pytest.raises(LedgerError, match=f"run {gone} is missing"):
        ledger.append("collate", [], at=at("2026-07-12"), by="a")


def test_a_run_given_up_is_done_without_and_one_put_back_counts(
    ledger: Ledger, address: str, new_address: Callable[[str], str]
) -> None:
    gone = two_of_three(ledger, new_address)
    ledger.append("give up", [GivenUp(gone, "the laptop was stolen")], at=at("2026-07-12"), by="a")
    assert len(open_ledger(address).state().runs) == 3
    assert K not in ledger.state().figures
