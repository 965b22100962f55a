"""What lies in a received folder: what is not opened, what is not judged, what is passed over, and what is missing."""

from __future__ import annotations

import io
import os
import shutil
import socket
import stat
import sys
import tracemalloc
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import yaml

from tests.conftest import Q1, Q2, Team, at, fill, filled, tree
from xlperf.errors import WorkspaceError
from xlperf.ledger.records import ACCEPTED, REJECTED
from xlperf.workflow.cycle import collate as collating
from xlperf.workflow.cycle.chase import status
from xlperf.workflow.cycle.collate import Collated
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.incoming import received as arriving
from xlperf.workflow.incoming.received import Arrived, is_in_cloud, listing, must_be_there, shown_name
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

V1 = ("V1", "TRUST", Q1)


def outcomes(done: Collated) -> dict[str, str]:
    return {name: received.outcome for name, received in done.judged}


def codes(done: Collated) -> dict[str, list[str]]:
    return {name: [item.code for item in received.findings] for name, received in done.judged}


def ignored(done: Collated) -> dict[str, str]:
    return {entry.name: entry.why for entry in done.ignored}


def limit(team: Team, **limits: int) -> None:
    (team.root / "workspace.yaml").write_text(yaml.safe_dump({"limits": limits}))


# ---- what is not opened --------------------------------------------------------------------------------------------


def test_only_regular_files_are_opened(issued_team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    received, issued = issued_team.received(), issued_team.issued()["alpha"]
    good = fill(issued, name="good.xlsx")
    outside = tmp_path / "outside.xlsx"
    outside.write_bytes(filled(issued, {V1: {"Actual": 50}}))
    (received / "link to outside.xlsx").symlink_to(outside)
    (received / "link to good.xlsx").symlink_to(good)
    (received / "link to nothing.xlsx").symlink_to(tmp_path / "nothing")
    (received / "link to itself.xlsx").symlink_to(received / "link to itself.xlsx")
    (received / "link to a device.xlsx").symlink_to("/dev/zero")
    (received / "link to a folder.xlsx").symlink_to(tmp_path)
    os.mkfifo(received / "pipe.xlsx")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(received)  # a socket's address may be no longer than about 100 characters
        listening.bind("socket.xlsx")
        (received / "folder.xlsx").mkdir()
        (received / "folder.xlsx" / "inside.xlsx").write_bytes(outside.read_bytes())
        with opened_files() as opened:
            done = issued_team.collate()
    assert outcomes(done).pop("good.xlsx") == ACCEPTED
    named = ["to a device", "to a folder", "to good", "to itself", "to nothing", "to outside"]
    expected = {f"link {each}.xlsx": ["F026"] for each in named} | {"pipe.xlsx": ["F026"], "socket.xlsx": ["F026"]}
    assert codes(done) == expected | {"good.xlsx": []}
    assert ignored(done) == {"folder.xlsx": "a folder"}
    assert {Path(name).name for name in opened if str(received) in name} == {"good.xlsx"}
    assert issued_team.state.figures[V1].now.actual == 92


@contextmanager
def opened_files() -> Iterator[list[str]]:
    """The names of the files that this process opens meanwhile."""
    opened: list[str] = []
    is_on = True

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if is_on and event == "open":
            opened.append(os.fsdecode(arguments[0]) if not isinstance(arguments[0], int) else "")

    sys.addaudithook(watch)
    yield opened
    is_on = False


def test_a_device_is_not_opened(issued_team: Team) -> None:
    """Making a device takes rights that few have; the ones of the system will do."""
    for path in (Path("/dev/zero"), Path("/dev/null")):
        assert not stat.S_ISREG(path.lstat().st_mode)
        entry = arriving._entry(path, Q1, issued_team.workspace.settings().limits)
        assert isinstance(entry, Arrived)
        assert entry.problem is not None
        assert entry.problem.code == "F026"


@pytest.mark.parametrize("put", ["link", "pipe", "folder", "nothing"])
def test_what_takes_the_place_of_a_file_after_it_was_listed_is_not_opened(
    put: str, issued_team: Team, tmp_path: Path
) -> None:
    sent = fill(issued_team.issued()["alpha"])
    outside = tmp_path / "outside.xlsx"
    sent.rename(outside)
    sent.write_bytes(outside.read_bytes())
    (arrived,) = listing(issued_team.workspace)
    sent.unlink()
    if put == "link":
        sent.symlink_to(outside)
    elif put == "pipe":
        os.mkfifo(sent)
    elif put == "folder":
        sent.mkdir()
    assert isinstance(arrived, Arrived)
    again = arriving.read_again(arrived, issued_team.workspace.settings().limits)
    assert isinstance(again, Arrived)
    assert again.problem is not None
    assert again.problem.code == ("F009" if put == "nothing" else "F026")
    assert again.sha256 != arrived.sha256


@pytest.mark.parametrize(
    ("attributes", "flags", "expected"),
    [
        (0x20, 0, False),  # an ordinary file: ARCHIVE
        (0x20 | 0x80000, 0, False),  # PINNED: always on this device
        (0x20 | 0x400000, 0, True),  # RECALL_ON_DATA_ACCESS: OneDrive, not downloaded
        (0x20 | 0x40000, 0, True),  # RECALL_ON_OPEN
        (0x20 | 0x1000, 0, True),  # OFFLINE: archived storage
        (0, 0x40000000, True),  # SF_DATALESS: iCloud, not downloaded
        (0, 0x20, False),
    ],
)
def test_a_placeholder_of_a_cloud_is_known_by_its_attributes(attributes: int, flags: int, expected: bool) -> None:
    status = SimpleNamespace(st_file_attributes=attributes, st_flags=flags)
    assert is_in_cloud(cast("os.stat_result", status)) is expected


# ---- what is too large, empty or unreadable ------------------------------------------------------------------------


def test_a_file_is_not_read_beyond_the_limit_of_the_workspace(issued_team: Team) -> None:
    limit(issued_team, file_bytes=2 * 1024 * 1024)
    received = issued_team.received()
    good = fill(issued_team.issued()["alpha"])
    with (received / "sparse.xlsx").open("wb") as file:
        file.truncate(10**12)
    (received / "large.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 2 * 1024 * 1024)
    done = issued_team.collate()
    assert codes(done) == {good.name: [], "large.xlsx": ["F005"], "sparse.xlsx": ["F005"]}
    (large,) = [each for name, each in done.judged if name == "large.xlsx"]
    assert (large.findings[0].found, large.findings[0].expected) == ("2 MB", "at most 2 MB")


def test_an_unreadable_file_is_one_file(issued_team: Team) -> None:
    with TemporaryDirectory() as folder:  # not below pytest's, which is closed to others
        root = Path(folder) / "workspace"
        shutil.copytree(issued_team.root, root)
        team = Team(Workspace(root))
        good, closed = (fill(path) for path in team.issued().values())
        closed.chmod(0)
        with as_anybody(Path(folder)):
            entries = [entry for entry in listing(team.workspace) if isinstance(entry, Arrived)]
    found = {entry.name: entry.problem.code if entry.problem else "" for entry in entries}
    assert found == {good.name: "", closed.name: "F009"}


@pytest.mark.parametrize("closed", [f"returns/{Q1}", "returns/another"])
def test_a_folder_that_may_not_be_looked_into_is_an_error_and_never_no_returns(issued_team: Team, closed: str) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        shutil.copytree(issued_team.root, root)
        (root / closed).mkdir(exist_ok=True)
        (root / closed).chmod(0)
        workspace, state = Workspace(root), issued_team.state
        with as_anybody(Path(folder)):
            with pytest.raises(WorkspaceError, match="is the share connected"):
                list(listing(workspace))
            if Q1 in closed:
                with pytest.raises(WorkspaceError, match="is the share connected"):
                    must_be_there(workspace, state)
        (root / closed).chmod(0o700)


@contextmanager
def as_anybody(folder: Path) -> Iterator[None]:
    """Not as root, who may read everything; `folder` belongs to whom we are then."""
    if os.geteuid():
        yield
        return
    nobody = 65534
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody, nobody, follow_symlinks=False)
    os.seteuid(nobody)
    try:
        yield
    finally:
        os.seteuid(0)


# ---- what changes while it is read ---------------------------------------------------------------------------------


def when_read(monkeypatch: pytest.MonkeyPatch, path: Path, change: Callable[[], object], *, reading: int = 1) -> None:
    """Have something done to a file in the middle of its being read, the first time or a later one."""
    fstat, calls = os.fstat, 0

    def fstat_then(descriptor: int) -> os.stat_result:
        nonlocal calls
        status = fstat(descriptor)
        if path.exists() and os.path.samestat(status, path.stat()):
            calls += 1
            if calls == 2 * reading - 1:  # before the first byte is read; a second look follows the last
                change()
        return status

    monkeypatch.setattr(os, "fstat", fstat_then)


@pytest.mark.parametrize(
    ("how", "reading"), [("grows", 1), ("shrinks", 2), ("is rewritten", 1), ("is rewritten", 2), ("is emptied", 1)]
)
def test_a_file_that_changes_while_it_is_read_is_not_judged_and_the_next_time_it_is(
    how: str, reading: int, issued_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = fill(issued_team.issued()["beta"])
    sent = fill(issued_team.issued()["alpha"])
    whole = sent.read_bytes()

    def change() -> None:
        if how == "grows":
            with sent.open("ab") as file:
                file.write(b"x")
        elif how == "is rewritten":
            sent.write_bytes(whole)
            os.utime(sent, (2_000_000_000, 2_000_000_000))
        else:
            os.truncate(sent, len(whole) // 2 if how == "shrinks" else 0)

    with monkeypatch.context() as patched:
        when_read(patched, sent, change, reading=reading)
        done = issued_team.collate()
    assert codes(done) == {good.name: [], sent.name: ["F025"]}
    assert "collate again" in done.rejected[0].findings[0].fix
    assert V1 not in issued_team.state.figures
    sent.write_bytes(whole)
    done = issued_team.collate()
    assert outcomes(done) == {good.name: ACCEPTED, sent.name: ACCEPTED}
    assert issued_team.state.figures[V1].now.actual == 92
    assert issued_team.sheet("tbl_findings") == []


def test_a_file_replaced_between_its_hash_and_its_reading_is_not_judged(
    issued_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = fill(issued_team.issued()["alpha"])
    other = filled(issued_team.issued()["alpha"], {V1: {"Actual": 50}})

    def then_replaced(*arguments: Any) -> Iterator[Any]:
        yield from listing(*arguments)
        sent.write_bytes(other)

    with monkeypatch.context() as patched:
        patched.setattr("xlperf.workflow.cycle.collate.listing", then_replaced)
        assert codes(issued_team.collate()) == {sent.name: ["F025"]}
    assert issued_team.state.figures == {}
    assert codes(issued_team.collate())[sent.name] != ["F025"]
    assert issued_team.state.figures[V1].now.actual == 50


def test_a_copy_of_the_same_content_is_judged_where_one_of_them_cannot_be_read(
    issued_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fill(issued_team.issued()["alpha"], name="a.xlsx")
    second = fill(issued_team.issued()["alpha"], name="b.xlsx")

    def then_gone(*arguments: Any) -> Iterator[Any]:
        yield from listing(*arguments)
        first.unlink()

    with monkeypatch.context() as patched:
        patched.setattr("xlperf.workflow.cycle.collate.listing", then_gone)
        done = collating.collate(issued_team.workspace, Run(at("2026-07-10"), "x"))
    assert codes(done) == {"a.xlsx": ["F009"], "b.xlsx": []}
    assert issued_team.state.in_use[("alpha", Q1)].file == second.name


@pytest.mark.parametrize("reading", [1, 2])
def test_an_accepted_file_that_cannot_be_read_again_is_not_said_to_be_gone_and_keeps_its_figures(
    reading: int, issued_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = fill(issued_team.issued()["alpha"], {V1: {"Actual": "ninety"}})
    issued_team.collate()
    before = issued_team.state
    with monkeypatch.context() as patched:
        when_read(patched, sent, lambda: os.utime(sent, (1, 1)), reading=reading)
        done = issued_team.collate()
    assert codes(done) == {sent.name: ["F025"]}
    assert "F011" not in [item.code for item in done.findings]
    assert issued_team.state.figures == before.figures


def test_what_was_accepted_stays_where_the_same_file_can_no_longer_be_read(issued_team: Team) -> None:
    sent = fill(issued_team.issued()["alpha"], {V1: {"Actual": "ninety"}})  # refused, so it is looked at every time
    issued_team.collate()
    before = issued_team.state
    limit(issued_team, elements=10)
    done = issued_team.collate()
    assert done.new_records == 0
    assert issued_team.state == before
    (told,) = [item for item in done.findings if item.location.file == sent.name]
    assert (told.code, told.severity) == ("F005", "warning")
    assert "stays" in told.message


def test_a_file_that_takes_too_long_is_one_file(issued_team: Team) -> None:
    good = fill(issued_team.issued()["alpha"], name="good.xlsx")
    slow = fill(issued_team.issued()["beta"], name="a slow one.xlsx")
    slow.write_bytes(with_many_rows(slow.read_bytes()))
    limit(issued_team, seconds=2)
    done = issued_team.collate()
    assert codes(done) == {slow.name: ["F020"], good.name: []}
    assert issued_team.state.figures[V1].now.actual == 92


def with_many_rows(workbook: bytes) -> bytes:
    """A workbook with 700,000 more rows below its table: within every limit, and not read in two seconds."""
    rows = "".join(f'<row r="{at}"><c r="A{at}"/><c r="B{at}"/><c r="C{at}"/></row>' for at in range(1_000, 701_000))
    target = io.BytesIO()
    with ZipFile(io.BytesIO(workbook)) as old, ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1) as new:
        for info in old.infolist():
            data = old.read(info)
            if b"<tableParts" in data:
                data = data.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
                rows = ""
            new.writestr(info.filename, data)
    return target.getvalue()


# ---- what is passed over, and names --------------------------------------------------------------------------------


def test_what_is_no_return_is_passed_over_by_name_and_said(issued_team: Team) -> None:
    received = issued_team.received()
    sent = fill(issued_team.issued()["alpha"])
    locks = [f"~${sent.name}", ".~lock.return.xlsx#", "._return.xlsx"]
    no_workbooks = [".DS_Store", "desktop.ini", "Thumbs.db", "mail.MSG", "signature.png", "half.xlsx.part", "x.lnk"]
    for name in (*locks, *no_workbooks):
        (received / name).write_bytes(sent.read_bytes())
    done = issued_team.collate()
    assert outcomes(done) == {sent.name: ACCEPTED}
    assert ignored(done) == dict.fromkeys(locks, "lock or system file of an open workbook") | dict.fromkeys(
        no_workbooks, "not a workbook"
    ) | {"mail.MSG": "an e-mail; if a return is attached to it, save that here"}


def test_what_may_have_been_meant_for_a_return_is_judged_and_told_of(issued_team: Team) -> None:
    received = issued_team.received()
    (received / "return.pdf").write_bytes(b"%PDF-1.7")
    (received / "return").write_bytes(filled(issued_team.issued()["alpha"]))
    (received / "return.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2_000)
    done = issued_team.collate()
    assert outcomes(done) == {"return": ACCEPTED, "return.pdf": REJECTED, "return.xls": REJECTED}


NAMES = [
    b"line\nbreak.xlsx",
    b"=cmd|' C calc'!A0.xlsx",
    b"+1.xlsx",
    b"@SUM(A1).xlsx",
    b"\x1b[31mred\x07.xlsx",
    "right\N{RIGHT-TO-LEFT OVERRIDE}to left.xlsx".encode(),
    b"undecodable \xff\xfe.xlsx",
    ("x" * 250 + ".xlsx").encode(),
    b"<b>&amp;.xlsx",
    b"{{ 7 * 7 }}.xlsx",
    b" .xlsx",
    unicodedata.normalize("NFC", "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}.xlsx").encode(),
    unicodedata.normalize("NFD", "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}.xlsx").encode(),
]


def test_whatever_a_file_is_called_it_is_judged_named_and_recorded(issued_team: Team) -> None:
    issued = issued_team.issued()["alpha"]
    folder = os.fsencode(issued_team.received())
    for number, name in enumerate(NAMES):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(filled(issued, {V1: {"Actual": 50 + number}}))
    told: list[str] = []
    done = collating.collate(
        issued_team.workspace, Run(at("2026-07-10"), "x", progress=lambda *said: told.append(said[2]))
    )
    issued_team.check_laws(done)
    names = [name for name, _ in done.judged]
    assert len(names) == len(NAMES)
    assert sorted(names) == sorted(shown_name(os.fsdecode(name)) for name in NAMES)
    assert {received.is_accepted for _, received in done.judged} == {True}
    assert all(name.isprintable() for name in (*names, *told))
    assert {row["File"] for row in issued_team.sheet("tbl_returns") if row["File"]} == set(names)
    files = [row["File"] for row in issued_team.table("tbl_returns").rows]
    assert not any(cell.is_formula for cell in files)
    assert issued_team.collate().new_records == 0


def test_two_names_that_look_the_same_are_two_files(issued_team: Team) -> None:
    composed, decomposed = (os.fsdecode(name) for name in NAMES[-2:])
    fill(issued_team.issued()["alpha"], name=composed)
    fill(issued_team.issued()["beta"], name=decomposed)
    done = issued_team.collate()
    assert {received.owner for _, received in done.judged} == {"alpha", "beta"}


# ---- what is missing -----------------------------------------------------------------------------------------------


def all_sent(team: Team) -> tuple[Path, ...]:
    return tuple(fill(path) for path in team.issued().values())


def test_a_folder_that_is_suddenly_empty_is_an_error_and_never_no_returns(issued_team: Team) -> None:
    sent = all_sent(issued_team)
    issued_team.collate()
    for path in sent:
        path.unlink()
    before = tree(issued_team.root)
    workspace, now = issued_team.workspace, at("2026-07-11")
    asks: list[Callable[[], object]] = [
        issued_team.collate,
        lambda: status(workspace, Q1, now=now),
        lambda: publish(workspace, Q1, Run(now, "x")),
    ]
    for ask in asks:
        with pytest.raises(WorkspaceError, match=r"received.*is empty.*2 accepted returns.*share connected.*text file"):
            ask()
    assert tree(issued_team.root) == before


def test_a_folder_emptied_on_purpose_says_so_with_a_text_file(issued_team: Team) -> None:
    sent = all_sent(issued_team)
    issued_team.collate()
    for path in sent:
        path.unlink()
    (issued_team.received() / "moved to the archive.txt").write_text("on 11 July")
    done = issued_team.collate()
    assert [item.code for item in done.findings] == ["F011", "F011"]
    assert issued_team.state.figures[V1].now.actual == 92


def test_one_of_two_returns_deleted_is_a_warning(issued_team: Team) -> None:
    sent = all_sent(issued_team)
    issued_team.collate()
    sent[0].unlink()
    assert [item.code for item in issued_team.collate().findings] == ["F011"]


def test_one_file_sent_twice_under_its_name_and_then_deleted_is_a_warning(issued_team: Team) -> None:
    issued = issued_team.issued()["alpha"]
    fill(issued)
    issued_team.collate()
    sent = fill(issued, {V1: {"Actual": 95}}, saved=at("2026-07-09"))
    issued_team.collate()
    sent.unlink()
    assert "F011" in [item.code for item in issued_team.collate().findings]


def test_the_empty_folder_of_a_period_just_issued_is_no_error(issued_team: Team) -> None:
    all_sent(issued_team)
    issued_team.collate()
    issued_team.issue(Q2, now=at("2026-10-01"))
    assert issued_team.collate(at("2026-10-02")).listed == 2


# ---- a thousand files ----------------------------------------------------------------------------------------------


def test_many_large_files_are_never_in_memory_together(issued_team: Team) -> None:
    """Twenty files of 8 MB, each with its own content, are read within the memory of a few."""
    data, size = filled(issued_team.issued()["alpha"]), 8 * 1024 * 1024
    for number in range(20):
        with (issued_team.received() / f"{number}.xlsx").open("wb") as file:
            file.write(data + number.to_bytes(4, "big"))
            file.truncate(size)
    tracemalloc.start()
    try:
        done = issued_team.collate()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(done.judged) == 20
    assert most < 12 * size
