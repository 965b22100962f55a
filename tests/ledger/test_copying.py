"""Copying a ledger: to either kind, byte for byte, and finished by doing it again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import at, tree
from tests.ledger.conftest import KINDS
from tests.ledger.records import EVERYTHING, issued
from xlperf import durable
from xlperf.errors import LedgerError
from xlperf.ledger import Decision, Ledger, open_ledger
from xlperf.ledger.copying import Copied, copy_ledger
from xlperf.ledger.postgres import PostgresLedger

New = Callable[[str], str]


def recorded(address: str) -> Ledger:
    """A ledger with three runs and four originals of all endings."""
    ledger = open_ledger(address)
    ledger.append("generate", [issued(1), issued(2, "beta")], at=at("2026-07-01"), by="a")
    ledger.append("collate", EVERYTHING, at=at("2026-07-10"), by="b")
    ledger.append("collate", [Decision("V1", "TRUST", "Targeted", rationale="\x00\udc80")], at=at("2026-07-11"), by="c")
    for data, suffix in ((b"one", ".xlsx"), (b"two" * 200_000, ".xlsx"), (b"a,b\n", ".csv"), (b"{}", ".json")):
        ledger.keep(data, suffix)
    return ledger


def contents(ledger: Ledger) -> dict[str, bytes]:
    """Every byte that a ledger holds."""
    runs = {name: ledger.run_bytes(name) for name in ledger.stored_runs()}
    return runs | {name: ledger.original(name.partition(".")[0]) for name in ledger.originals()}


@pytest.mark.parametrize("begin", KINDS)
@pytest.mark.parametrize("end", KINDS)
def test_a_copy_is_the_same_byte_for_byte(begin: str, end: str, new_address: New) -> None:
    source, target = recorded(new_address(begin)), open_ledger(new_address(end))
    assert copy_ledger(source, target) == Copied(3, 3, 0, 4, 4, 0)
    assert contents(target) == contents(source)
    assert target.state() == source.state()
    assert copy_ledger(source, target) == Copied(3, 0, 0, 4, 0, 0)


@pytest.mark.postgres
def test_from_a_folder_to_a_database_and_back_every_file_is_the_same(new_address: New) -> None:
    begin, end = new_address("folder"), new_address("folder")
    database = open_ledger(new_address("postgres"))
    copy_ledger(recorded(begin), database)
    copy_ledger(database, open_ledger(end))
    assert tree(Path(begin)) == tree(Path(end))


@pytest.mark.postgres
def test_of_what_a_database_has_nothing_is_sent_again_nor_read_back(
    new_address: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = recorded(new_address("folder")), PostgresLedger(new_address("postgres"))
    copy_ledger(source, target)
    source.append("collate", [Decision("L1", "TRUST", "Enhanced")], at=at("2026-07-12"), by="d")
    sent: list[str] = []
    put = PostgresLedger.put_run

    def put_run(self: PostgresLedger, name: str, data: bytes) -> None:
        sent.append(name)
        put(self, name, data)

    def never(self: PostgresLedger, *_: object) -> bytes:
        raise AssertionError("read back")

    monkeypatch.setattr(PostgresLedger, "put_run", put_run)
    for method in ("run_bytes", "original", "keep", "runs"):
        monkeypatch.setattr(PostgresLedger, method, never)
    assert copy_ledger(source, target) == Copied(4, 1, 0, 4, 0, 0)
    assert sent == [source.stored_runs()[-1]]


def test_what_the_target_has_besides_stays(ledger: Ledger, new_address: New) -> None:
    other = ledger.append("collate", [Decision("P1", "TRUST", "Enhanced")], at=at("2026-07-05"), by="d")
    kept = ledger.keep(b"another")
    before = contents(ledger)
    done = copy_ledger(recorded(new_address("folder")), ledger)
    assert (done.other_runs, done.other_originals) == (1, 1)
    after = contents(ledger)
    assert {name: after[name] for name in before} == before
    assert other in ledger.state().runs
    assert ledger.original(kept) == b"another"


def test_a_run_that_differs_stops_the_copy_before_it_begins(ledger: Ledger, new_address: New) -> None:
    begin = new_address("folder")
    source = recorded(begin)
    first = source.stored_runs()[0]
    path = Path(begin) / "runs" / f"{first}.jsonl"
    other = new_address("folder")
    shutil.copytree(begin, other)
    text = path.read_text(encoding="utf-8").split("\n")
    (Path(other) / "runs" / path.name).write_bytes(_as_written_before_seals("\n".join(text)).encode())
    ledger.put_run(first, source.run_bytes(first))
    with pytest.raises(LedgerError, match=first) as caught:
        copy_ledger(open_ledger(other), ledger)
    assert "nothing was copied" in str(caught.value)
    assert ledger.stored_runs() == (first,)
    assert ledger.originals() == ()


def _as_written_before_seals(text: str) -> str:
    head, rest = text.split("\n", 1)
    body, _, _ = rest.rstrip("\n").rpartition("\n")
    head = head.replace(', "after": []', "")
    return f'{head}\n{body}\n{{"record": "end", "records": {len(body.splitlines())}}}\n'


def test_a_damaged_run_is_never_copied(ledger: Ledger, new_address: New) -> None:
    begin = new_address("folder")
    recorded(begin)
    path = sorted((Path(begin) / "runs").iterdir())[1]
    path.write_bytes(path.read_bytes().replace(b"97.0", b"79.0"))
    with pytest.raises(LedgerError, match=path.stem):
        copy_ledger(open_ledger(begin), ledger)
    assert ledger.stored_runs() == ()


def test_a_damaged_original_is_never_copied_nor_passed_over_in_the_target(new_address: New) -> None:
    begin, end = new_address("folder"), new_address("folder")
    source, target = recorded(begin), open_ledger(end)
    copy_ledger(source, target)
    name = source.originals()[0]
    (Path(end) / "originals" / name).write_bytes(b"x")
    with pytest.raises(LedgerError, match=name):
        copy_ledger(source, target)
    (Path(begin) / "originals" / name).write_bytes(b"x")
    with pytest.raises(LedgerError, match=name):
        copy_ledger(source, open_ledger(new_address("folder")))


def test_an_empty_folder_is_not_taken_for_a_ledger(ledger: Ledger, new_address: New) -> None:
    with pytest.raises(LedgerError, match="there is no ledger here"):
        copy_ledger(open_ledger(new_address("folder")), ledger)


def test_the_copy_that_a_syncing_service_made_of_a_run_is_copied_once(ledger: Ledger, new_address: New) -> None:
    begin = new_address("folder")
    source = recorded(begin)
    last = sorted((Path(begin) / "runs").iterdir())[-1]
    last.rename(last.with_name(f"{last.stem}-PC7.jsonl"))
    first = sorted((Path(begin) / "runs").iterdir())[0]
    shutil.copy(first, first.with_name(f"{first.stem} (conflicted copy).jsonl"))
    copy_ledger(source, ledger)
    assert ledger.stored_runs() == source.state().runs
    assert ledger.state() == source.state()


def test_two_who_copy_at_once_both_end_well(new_address: New, monkeypatch: pytest.MonkeyPatch) -> None:
    begin, end = new_address("folder"), new_address("folder")
    source, move = recorded(begin), durable.move_new

    def move_after_the_other(made: Path, target: Path) -> None:
        target.write_bytes(made.read_bytes())
        move(made, target)

    monkeypatch.setattr(durable, "move_new", move_after_the_other)
    copy_ledger(source, open_ledger(end))
    assert tree(Path(end)) == tree(Path(begin))


_STOPPED = """
import os, signal, sys
from xlperf.ledger import open_ledger
from xlperf.ledger.copying import copy_ledger

def progress(done, total, what):
    if done == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

copy_ledger(open_ledger(sys.argv[1]), open_ledger(sys.argv[2]), progress)
"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_that_is_killed_is_finished_by_doing_it_again(kind: str, new_address: New) -> None:
    begin = new_address("folder")
    source = recorded(begin)
    for moment in (1, 4, 6):
        end = new_address(kind)
        killed = subprocess.run([sys.executable, "-c", _STOPPED, begin, end, str(moment)], check=False)
        assert killed.returncode == -9
        target = open_ledger(end)
        assert len(target.stored_runs()) == max(0, moment - 4)
        done = copy_ledger(source, target)
        assert done.new_runs + done.new_originals == 7 - moment
        assert contents(target) == contents(source)
