"""What is kept of a ledger's runs: the same state as from the runs, never instead of them, and never needed."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given

from tests.conftest import COLLATE_DAY, Q1, Team, draws
from tests.crash.harm import Fault, Harm, Kill
from tests.crash.trial import in_child
from tests.ledger.histories import histories
from tests.ledger.records import EVERYTHING
from xlperf.errors import LedgerError
from xlperf.ledger import FolderLedger, Imported, LedgerRun, State, state_of
from xlperf.ledger.kept_runs import KeptRuns, with_figures_in_columns
from xlperf.ledger.runfile import read_run
from xlperf.returns.figure import Figure
from xlperf.workflow.cycle.collate import collate
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace.program import program
from xlperf.workflow.workspace.run import Run

RELEASED = Path(__file__).parents[1] / "released" / "0.1.0"


def kept_in(folder: Path, program: str = "this") -> KeptRuns:
    return KeptRuns(folder / "runs.kept", lambda: program, worthwhile=0)


def told(state: State) -> str:
    """All that a state says, in its order, with the type of every value."""
    figures = [(key, repr(current)) for key, current in state.figures.items()]
    return repr(
        (figures, {name: value for name, value in vars(state).items() if name not in ("figures", "run_records")})
    )


def written(ledger: Path, count: int = 3) -> None:
    for number in range(count):
        at = datetime(2026, 7, 1, tzinfo=UTC) + timedelta(hours=number)
        figures = tuple(Figure("V1", f"ORG{row % 7}", Q1, actual=row / 7, numerator=float(row)) for row in range(600))
        batch = Imported(f"{number:064}", f"h{number}.csv", figures[: 600 - number])
        FolderLedger(ledger).append("import", [batch, *(EVERYTHING if number == 1 else ())], at=at, by="Ann")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """The folder of a ledger of three runs, of which nothing is kept yet."""
    written(tmp_path / "ledger")
    return tmp_path / "ledger"


def keep(ledger: Path, folder: Path) -> State:
    """As a collation does: read the ledger, then keep what was read."""
    opened = FolderLedger(ledger, kept_in(folder))
    state = opened.state()
    opened.keep_runs()
    return state


def by_kept(ledger: Path, folder: Path) -> State:
    return FolderLedger(ledger, kept_in(folder)).state()


def in_full(ledger: Path) -> State:
    return FolderLedger(ledger).state()


@draws(200)
@given(histories())
def test_the_state_is_that_of_the_runs_whatever_was_recorded(runs: Sequence[LedgerRun]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        kept_in(Path(folder)).keep(runs)
        kept = kept_in(Path(folder))
        again = [kept.run(run.sha256) for run in runs]
        assert [repr(run) for run in again] == [repr(run) for run in runs]
        assert told(state_of(filter(None, again))) == told(state_of(runs))
        for place in range(len(runs)):
            before = state_of(runs).before(runs[place].name)
            assert told(state_of(filter(None, again)).before(runs[place].name)) == told(before)


def test_a_ledger_of_the_released_version_is_the_same(tmp_path: Path) -> None:
    ledger = RELEASED / "ledger"
    if not ledger.is_dir():
        ledger = next(path for path in RELEASED.rglob("ledger") if path.is_dir())
    state = keep(ledger, tmp_path)
    assert state.figures
    assert told(by_kept(ledger, tmp_path)) == told(state) == told(in_full(ledger))


def test_what_is_kept_spares_reading_the_runs_and_later_ones_are_read_on_top(ledger: Path, tmp_path: Path) -> None:
    keep(ledger, tmp_path)
    written(ledger, 1)
    state = by_kept(ledger, tmp_path)
    assert len(state.runs) == 4
    assert told(state) == told(in_full(ledger))


def test_figures_in_columns_are_those_that_were_given(ledger: Path) -> None:
    for path in (ledger / "runs").iterdir():
        run = read_run(path.read_bytes())
        assert repr(with_figures_in_columns(run)) == repr(run)
        assert with_figures_in_columns(run) == run


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut off in its first line": lambda data: data[:40],
    "cut off": lambda data: data[:-9],
    "one bit of a figure": lambda data: data[:-900] + bytes([data[-900] ^ 1]) + data[-899:],
    "edited": lambda data: data.replace(b"V1", b"V2"),
    "something else": lambda data: b'{"xlperf": "this"}\n[]\n',
    "a list": lambda data: b"[1]\n[]\n",
    "no text": lambda data: os.urandom(500) + b"\n",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_what_is_damaged_is_noticed_and_the_ledger_is_read_and_it_is_kept_anew(
    damage: Callable[[bytes], bytes], ledger: Path, tmp_path: Path
) -> None:
    state = keep(ledger, tmp_path)
    file = tmp_path / "runs.kept"
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    opened = FolderLedger(ledger, kept_in(tmp_path))
    assert told(opened.state()) == told(state)
    assert opened.keep_runs(), "it says so"
    assert file.read_bytes() == whole
    again = FolderLedger(ledger, kept_in(tmp_path))
    again.state()
    assert not again.keep_runs(), "once"


def test_what_another_version_wrote_is_not_used(ledger: Path, tmp_path: Path) -> None:
    state = keep(ledger, tmp_path)
    (tmp_path / "runs.kept").write_bytes((tmp_path / "runs.kept").read_bytes().replace(b'"this"', b'"that"', 1))
    kept = kept_in(tmp_path)
    assert [kept.run(sha256) for sha256 in state.run_hashes.values()] == [None] * 3
    assert not kept.is_damaged


def test_a_ledger_that_was_restored_from_an_older_backup_is_as_the_backup_has_it(ledger: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    shutil.copytree(ledger, backup)
    written(ledger, 2)
    keep(ledger, tmp_path)
    assert len(by_kept(backup, tmp_path).runs) == 3
    assert told(by_kept(backup, tmp_path)) == told(in_full(backup))


def test_what_is_kept_of_another_ledger_says_nothing_about_this_one(ledger: Path, tmp_path: Path) -> None:
    keep(ledger, tmp_path)
    written(tmp_path / "other", 2)
    assert told(by_kept(tmp_path / "other", tmp_path)) == told(in_full(tmp_path / "other"))


def test_a_run_that_is_damaged_or_missing_is_an_error_whatever_is_kept(ledger: Path, tmp_path: Path) -> None:
    keep(ledger, tmp_path)
    first, second, _ = sorted((ledger / "runs").iterdir())
    data = first.read_bytes()
    first.write_bytes(data.replace(b"V1", b"V2", 1))
    with pytest.raises(LedgerError, match="its hash is wrong"):
        by_kept(ledger, tmp_path)
    first.write_bytes(data)
    second.unlink()
    with pytest.raises(LedgerError, match="is missing"):
        by_kept(ledger, tmp_path)


def test_where_nothing_can_be_kept_nothing_is_lost(ledger: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "a file where the folder should be"
    blocked.touch()
    assert told(keep(ledger, blocked)) == told(in_full(ledger))


def test_two_analysts_who_keep_at_once_leave_what_one_of_them_kept(ledger: Path, tmp_path: Path) -> None:
    one, other = (FolderLedger(ledger, kept_in(tmp_path)) for _ in range(2))
    one.state()
    written(ledger, 1)
    other.state()
    for opened in (other, one):
        opened.keep_runs()
        assert told(by_kept(ledger, tmp_path)) == told(in_full(ledger))


def _kept_under(harm: Harm, ledger: FolderLedger, count: Path) -> None:
    harm.arm()
    ledger.keep_runs()
    count.write_text(json.dumps(len(harm.done)))


@pytest.mark.parametrize("kind", [Kill, Fault])
def test_a_kill_or_fault_while_it_is_written_leaves_what_was_kept_before_or_all_of_it(
    kind: type[Harm], ledger: Path, tmp_path: Path
) -> None:
    folder = tmp_path / ".xlperf"
    folder.mkdir()
    keep(ledger, folder)
    before = (folder / "runs.kept").read_bytes()
    written(ledger, 1)
    state, number, is_harmed, count = in_full(ledger), 0, True, tmp_path / "count"
    while is_harmed:
        number += 1
        for how in ("before", "within", "after") if kind is Kill else (errno.EIO, errno.ENOSPC):
            (folder / "runs.kept").write_bytes(before)
            opened = FolderLedger(ledger, kept_in(folder))
            opened.state()
            count.unlink(missing_ok=True)
            harm = kind(folder, number, how)  # type: ignore[call-arg]
            status = in_child(lambda: _kept_under(harm, opened, count))  # noqa: B023  the child is gone by the next
            assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL
            kept = kept_in(folder)
            kept.run("")
            assert not kept.is_damaged
            assert told(by_kept(ledger, folder)) == told(state)
            is_harmed = not count.exists() or json.loads(count.read_text()) >= number
    assert number > 5


def test_a_collation_says_once_that_what_was_kept_is_damaged(issued_team: Team) -> None:
    issued_team.collate()
    notes = issued_team.workspace.notes
    notes.mkdir(exist_ok=True)
    (notes / "runs").write_bytes(b"not what was written")
    said: list[str] = []
    for _ in range(2):
        collate(issued_team.workspace, Run(COLLATE_DAY, "Ann", tell=said.append))
    about_it = [text for text in said if "what .xlperf keeps of the ledger was damaged" in text]
    assert len(about_it) == 1
    assert "nothing is lost" in about_it[0]


def test_to_verify_reads_every_run_and_nothing_that_was_kept(issued_team: Team) -> None:
    issued_team.collate()
    notes = issued_team.workspace.notes
    forged = KeptRuns(notes / "runs", program, worthwhile=0)
    runs = issued_team.workspace.ledger().runs()
    forged.keep([replace(run, records=()) for run in runs])
    assert not issued_team.workspace.ledger().state().issued, "the forged file is one that would be read"
    verified = verify(issued_team.workspace)
    assert (verified.is_clean, verified.runs) == (True, len(runs))
    assert issued_team.workspace.ledger(is_read_anew=True).state().issued
