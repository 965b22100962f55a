"""Builders for every test: a small catalogue, a workspace with it, and the people who play their part in a cycle.

    team.issue()                                          the performance team generates
    fill(issued, {("P1", "TRUST", Q1): {"Numerator": 1}}) an owner types and sends the return back
    team.collate()                                        the team collates
    team.sheet("tbl_kpis")                                what the master now says

There is no `__init__.py` in tests: pytest imports by file (`--import-mode=importlib`), so two files may have the same
name, and `from tests.conftest import ...` means this file to pytest and to mypy alike.

In CI (environment variable CI=true) a test marked `libreoffice`, `openxmlsdk` or `postgres` must run: its skip is
reported as a failure.
"""

from __future__ import annotations

import copy
import difflib
import os
import re
import shutil
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import isfinite
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import settings
from openpyxl.utils import get_column_letter, range_boundaries

from xlperf.catalogue import Catalogue, load_catalogue
from xlperf.ledger import Issued, State
from xlperf.report.columns import RowOrder
from xlperf.report.views import SHEET_OF
from xlperf.returns import fields, layout
from xlperf.returns.figure import FigureKey
from xlperf.tables import Table
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.isolated.kept import workers_kept
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.collate import Collated, Options, collate
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.workspace import CATALOGUE, Workspace
from xlperf.workflow.workspace.run import Run

Typed = Mapping[FigureKey, Mapping[str, CellValue]]
"""What an owner types: {(kpi_id, org, period): {column header: value}}; None clears a cell."""

Q4, Q1, Q2, Q3 = "2025-26-Q4", "2026-27-Q1", "2026-27-Q2", "2026-27-Q3"
BY = "analyst@test"
_MEMORY = Path("/dev/shm")  # noqa: S108
if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 4 * 2**30:
    # No test proves that a disk keeps what was flushed to it, and flushing takes a fifth of the time.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))

FAST = (
    "catalogue", "golden", "properties", "report", "rules", "returns", "test_digits.py", "test_period.py",
    "documents/test_chart.py", "documents/test_html.py", "documents/test_palette.py", "documents/test_word.py",
    "ledger/test_decisions.py", "ledger/test_ledger.py", "workbook/test_addresses.py", "workbook/test_file_lossless.py",
    "workbook/test_formulafill.py", "workbook/test_attached.py", "workbook/test_kept_cells.py",
    "workbook/test_live_plain.py", "workbook/test_live_steps.py",
    "workbook/test_looks.py", "workbook/test_numberstyle.py", "workbook/test_package.py",
    "workbook/test_pointers.py", "workbook/test_port_contract.py", "workbook/test_printing.py",
    "workbook/test_reader.py", "workbook/test_room.py",
    "workbook/test_tablewidth.py", "workbook/test_template.py", "workflow/test_desk_in_memory.py",
    "workflow/test_lists.py", "workflow/test_mail.py",
)  # fmt: skip
"""Folders and files of the fast tier: rules, returns, reading, what the sheets say; no other program, no process."""
PROGRAMS = {"libreoffice": "LibreOffice", "openxmlsdk": "the Open XML SDK", "postgres": "PostgreSQL"}
"""What a test's marker says that it needs."""


FEW_DRAWS, SOME_DRAWS = 12, 25
"""How many examples the fast tier draws of each property, and the usual run; the long tier draws what each asks for."""
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False  # the tests start hundreds of Pythons, and each would compile everything again


GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--golden`: write the golden texts anew instead of comparing with them; what changed is then in git's diff."""
    parser.addoption("--invariants", action="store_true", help="look each collated master through for contradictions")
    parser.addoption("--golden", action="store_true", help="write tests/golden/*.txt anew, to compare with git")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with the golden one of a name; where they differ, says how to look at it."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / f"{name}.txt"
        if request.config.getoption("--golden"):
            path.write_text(text, encoding="utf-8")
        was, now = (path.read_text(encoding="utf-8") if path.exists() else "").splitlines(), text.splitlines()
        changes = [line for line in difflib.unified_diff(was, now, "was", "is", n=0, lineterm="") if line[:2] != "@@"]
        assert not changes, (
            f"{len(changes) - 2} lines of tests/golden/{name}.txt differ; if that is meant: tools/dev golden, "
            f"then git diff --word-diff tests/golden\n" + "\n".join(line[:300] for line in changes[:20])
        )

    return compare


def pytest_configure(config: pytest.Config) -> None:
    """Draw fewer examples where the tier is not the long one; a run without `-m` leaves nothing out and draws all."""
    Team.checks_invariants = config.getoption("--invariants")
    most = {"fast": FEW_DRAWS, "not long": SOME_DRAWS}.get(config.option.markexpr)
    if most is not None:
        settings.register_profile("fewer", max_examples=most, deadline=None)
        settings.load_profile("fewer")


def draws(most: int) -> settings:
    """For a property whose examples take long: draw `most`, and no more than the tier does of any other."""
    is_fewer = settings.get_current_profile_name() == "fewer"
    return settings(max_examples=min(most, settings().max_examples) if is_fewer else most, deadline=None)


def in_any_order(tables: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows by table; where they keep the places they once got, which hangs on what came first, sorted."""
    return {
        name: list(rows) if name not in SHEET_OF or SHEET_OF[name].stay is RowOrder.SORTED else sorted(rows, key=repr)
        for name, rows in tables.items()
    }


def dumped(data: Mapping[str, Any], **how: Any) -> str:
    """Plain data as YAML."""
    return str(yaml.dump(dict(data), Dumper=yaml.CSafeDumper, allow_unicode=True, **how))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even read the files of which no test is fast, where only those are asked for: that takes seconds."""
    if config.option.markexpr != "fast" or collection_path.suffix != ".py":
        return None
    return not collection_path.relative_to(Path(__file__).parent).as_posix().startswith(FAST) or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the fast tier, which is told by where a test lies; what is long, or needs another program, is not in it.

    The properties belong to every tier: each draws its own number of them.
    """
    here = Path(__file__).parent
    for item in items:
        place = item.path.relative_to(here).as_posix()
        is_slow = any(item.get_closest_marker(marker) for marker in ("long", *PROGRAMS))
        if not is_slow and place.startswith(FAST):
            item.add_marker(pytest.mark.fast)
        is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_property and config.option.markexpr == "long":
            item.add_marker(pytest.mark.long)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI the tests that need another program must run: there a skip of one is a failure."""
    report = yield
    in_ci = os.environ.get("CI", "").casefold() == "true"
    needed = [program for marker, program in PROGRAMS.items() if item.get_closest_marker(marker)]
    if in_ci and report.skipped and not hasattr(report, "wasxfail") and needed:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but in CI (CI=true) {needed[0]} has to be there"
    return report


# ---- the clock -----------------------------------------------------------------------------------------------------


def at(text: str) -> datetime:
    """A moment, as `2026-07-10` (nine o'clock) or `2026-07-10 14:30`, in UTC."""
    return datetime.fromisoformat(text if " " in text else f"{text} 09:00").replace(tzinfo=UTC)


ISSUE_DAY, RETURN_DAY, COLLATE_DAY = at("2026-07-01"), at("2026-07-08"), at("2026-07-10")
"""In Quarter 1, whose returns are due on 16 July and which closes on 23 July 2026."""


def on_screen(number: float | Fraction) -> float:
    """The number that Excel shows of another: its 15 significant digits."""
    if isinstance(number, float) and not isfinite(number):
        return number
    exact = Fraction(number)
    fifteen_digits = Context(prec=15, rounding=ROUND_HALF_UP)
    return float(fifteen_digits.divide(Decimal(exact.numerator), Decimal(exact.denominator)))


# ---- the catalogue -------------------------------------------------------------------------------------------------


def make_kpi(**changes: Any) -> dict[str, Any]:
    """A KPI as it stands in a catalogue file: a percentage in one number, 90 or more wanted, quarterly."""
    return {
        "id": "V1",
        "name": "Reviews held on time",
        "section": "quality",
        "question": "q-quality",
        "definition": "Reviews held by their due date.",
        "source": "Register",
        "kind": "percentage",
        "direction": "higher",
        "frequency": "quarterly",
        "responsible_owner": "alpha",
        "targets": [{"from": "2024-25", "target": 90, "tolerance": {"absolute": 5}}],
    } | changes


_ENTRIES = (
    (Q4, "2026-04-20", "2026-04-27", "2026-05-28"),
    (Q1, "2026-07-16", "2026-07-23", "2026-09-24"),
    (Q2, "2026-10-16", "2026-10-23", "2026-11-26"),
    (Q3, "2027-01-19", "2027-01-26", "2027-03-25"),
)

_CATALOGUE: dict[str, Any] = {
    "framework": "small",
    "title": "Performance dashboard",
    "organisation": "Small Trust",
    "version": "1",
    "contact": {"team": "Performance team", "email": "performance@small.example.org"},
    "calendar": {
        "frequency": "quarterly",
        "periods": [
            dict(zip(("period", "return_deadline", "hard_close", "board_date"), entry, strict=True))
            for entry in _ENTRIES
        ],
    },
    "escalation": {
        "decided_by": "Chief Executive",
        "stages": [
            {"id": "s1", "name": "Enhanced", "enter": {"consecutive_red": 2}, "leave": {"consecutive_not_red": 2}},
            {"id": "s2", "name": "Targeted", "enter": {"consecutive_red": 4}, "leave": {"consecutive_not_red": 2}},
        ],
    },
    "sections": [{"id": "quality", "name": "Quality"}, {"id": "money", "name": "Money and people"}],
    "questions": [
        {"id": "q-quality", "section": "quality", "text": "Is it good?"},
        {"id": "q-money", "section": "money", "text": "Is it affordable?"},
    ],
    "orgs": [
        {"code": "TRUST", "name": "Small Trust"},
        {"code": "NORTH", "name": "North site", "parent": "TRUST"},
        {"code": "SOUTH", "name": "South site", "parent": "TRUST"},
    ],
    "executive_owners": [
        {"id": "x1", "title": "Director of Quality", "email": "quality.director@small.example.org"},
        {"id": "x2", "title": "Director of Finance", "email": "finance.director@small.example.org"},
    ],
    "responsible_owners": [
        {"id": "alpha", "name": "Alpha team", "email": "alpha@small.example.org", "executive_owner": "x1"},
        {"id": "beta", "name": "Beta team", "email": "beta@small.example.org", "executive_owner": "x2"},
    ],
    "kpis": [
        make_kpi(
            id="P1",
            name="Placements filled",
            numerator="Placements filled",
            denominator="Placements offered",
            targets=[{"from": "2024-25", "target": 95, "tolerance": {"absolute": 2}}],
        ),
        make_kpi(),
        make_kpi(
            id="L1",
            name="Vacancy rate",
            direction="lower",
            targets=[{"from": "2024-25", "target": 10, "tolerance": {"relative": 10}}],
            usual=[0, 30],
        ),
        make_kpi(
            id="C1",
            name="Complaints",
            kind="count",
            direction="lower",
            targets=[{"from": "2024-25", "target": 10, "tolerance": {"absolute": 2}}],
            usual=[0, 50],
        ),
        make_kpi(
            id="M1",
            name="New system live",
            kind="milestone",
            targets=[{"from": "2024-25", "due": "2026-09-30"}],
        ),
        make_kpi(
            id="G1",
            name="Variance from budget",
            section="money",
            question="q-money",
            kind="money",
            direction="range",
            responsible_owner="beta",
            targets=[{"from": "2024-25", "low": -100, "high": 100, "tolerance": {"absolute": 50}}],
        ),
        make_kpi(
            id="T1",
            name="Training done",
            section="money",
            question="q-money",
            frequency="monthly",
            responsible_owner="beta",
            numerator="Staff trained",
            denominator="Staff in post",
            targets=[{"from": "2024-25", "target": 80, "tolerance": {"absolute": 5}}],
        ),
        make_kpi(
            id="S1",
            name="Sickness absence",
            section="money",
            question="q-money",
            direction="lower",
            responsible_owner="beta",
            orgs=["NORTH", "SOUTH"],
            numerator="Days lost",
            denominator="Days available",
            targets=[{"from": "2024-25", "target": 4, "tolerance": {"absolute": 1}}],
        ),
    ],
}

GREEN: Mapping[str, Mapping[str, CellValue]] = {
    "P1": {"Numerator": 97, "Denominator": 100},
    "V1": {"Actual": 92},
    "L1": {"Actual": 8},
    "C1": {"Actual": 7},
    "M1": {"Milestone": "On track"},
    "G1": {"Actual": -20},
    "T1": {"Numerator": 170, "Denominator": 200},
    "S1": {"Numerator": 30, "Denominator": 1000},
}
"""A figure on target for every KPI of the small catalogue."""


def catalogue_data() -> dict[str, Any]:
    """The small catalogue as plain data, to be changed at will: two owners, two sections, every kind of KPI."""
    return copy.deepcopy(_CATALOGUE)


def write_catalogue(root: Path, data: Mapping[str, Any]) -> Path:
    """Write catalogue data into a workspace folder; returns the file."""
    path = root / CATALOGUE
    path.write_text(dumped(data, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture(scope="session", autouse=True)
def _workers_kept() -> Iterator[None]:
    """The processes that read returns are kept for the next collation; see tests/workbook/test_isolated_kept.py."""
    with workers_kept():
        yield


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The small catalogue."""
    return load_catalogue(write_catalogue(tmp_path_factory.mktemp("catalogue"), catalogue_data()))


# ---- an owner ------------------------------------------------------------------------------------------------------


def key_of(row: Any) -> FigureKey:
    """What a row of a return is about."""
    return (row[fields.REF.header].raw, row[fields.ORG.header].raw, row[fields.PERIOD.header].raw)


def filled(
    issued: Path, changes: Typed | None = None, *, only: bool = False, signed: bool = True, saved: datetime = RETURN_DAY
) -> bytes:
    """An issued return as its owner fills it, as the bytes of a file.

    Args:
        issued: the return as it was sent out.
        changes: what is typed otherwise than `GREEN` says; None clears a cell.
        only: type nothing but the changes.
        signed: whether it is signed off.
        saved: when the owner saved it, as the workbook itself says.
    """
    # A file's bytes say what it becomes, and most tests fill the same one in the same way: each way is filled once.
    way = (issued.read_bytes(), issued.name, repr(sorted((changes or {}).items())), only, signed, saved)
    if way not in _filled:
        _filled[way] = _fill_anew(issued, changes or {}, only=only, signed=signed, saved=saved)
    return _filled[way]


_filled: dict[tuple[object, ...], bytes] = {}


def _fill_anew(issued: Path, changes: Typed, *, only: bool, signed: bool, saved: datetime) -> bytes:
    book = FileWorkbook.open(issued)
    changes = dict(changes)
    typed: dict[int, dict[str, CellValue]] = {}
    for row in book.read_table(layout.TABLE).rows:
        key = key_of(row)
        green = {} if only else {**GREEN.get(key[0], {}), fields.VALIDATED.header: fields.YES}
        typed[row.number] = {**green, **changes.pop(key, {})}
    if changes:
        raise AssertionError(f"{issued.name} has no row {', '.join(map(str, changes))}")
    book.write_cells(layout.TABLE, typed)
    if signed:
        said = ("Team manager", "Executive owner", saved.date())
        answers: dict[str, CellValue] = dict(zip(layout.SIGN_OFF_ITEMS, said, strict=True))
        rows = book.read_table(layout.SIGN_OFF_TABLE).rows
        book.write_cells(
            layout.SIGN_OFF_TABLE, {row.number: {layout.ANSWER: answers[row[layout.ITEM].raw]} for row in rows}
        )
    book.set_saved(saved)
    return book.to_bytes()


def fill(
    issued: Path,
    changes: Typed | None = None,
    *,
    name: str = "",
    only: bool = False,
    signed: bool = True,
    saved: datetime = RETURN_DAY,
) -> Path:
    """Play an owner: fill an issued return (see `filled`) and drop it into the period's received folder."""
    received = issued.parent.parent / "received" / (name or issued.name)
    received.write_bytes(filled(issued, changes, only=only, signed=signed, saved=saved))
    return received


def add_below(path: Path, sheet: str, name: str, values: Mapping[str, object]) -> None:
    """Play a person who types a row right below a table, which Excel takes into it."""
    book = openpyxl.load_workbook(path)
    table = book[sheet].tables[name]
    first, last = table.ref.split(":")
    letters, bottom = last.rstrip("0123456789"), int(last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) + 1
    headers = [cell.value for cell in book[sheet][int(first.lstrip("A"))]]
    for header, value in values.items():
        book[sheet].cell(bottom, headers.index(header) + 1, value)
    table.ref = table.autoFilter.ref = f"{first}:{letters}{bottom}"
    book.save(path)


# ---- the performance team ------------------------------------------------------------------------------------------


class Team:
    """The performance team in its workspace, one line a step."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @property
    def root(self) -> Path:
        """The workspace folder."""
        return self.workspace.root

    @property
    def state(self) -> State:
        """What the ledger says now."""
        return self.workspace.ledger().state()

    @property
    def master(self) -> FileWorkbook:
        """The master as it lies in the workspace now."""
        return FileWorkbook.open(self.workspace.master)

    def received(self, period: str = Q1) -> Path:
        """Where the returns of a period are dropped."""
        return self.root / "returns" / period / "received"

    def issue(self, period: str = Q1, now: datetime = ISSUE_DAY, *, again: bool = False) -> dict[str, Path]:
        """Generate; the issued workbooks by owner."""
        done = generate(self.workspace, period, Run(now, BY), again=again)
        latest: Iterator[Issued] = iter(self.state.latest_issue.values())
        owner_of = {issued.file: issued.owner for issued in latest}
        return {owner_of[path.name]: path for path in done.files}

    def issued(self, period: str = Q1) -> dict[str, Path]:
        """The returns issued for a period and not superseded, by owner."""
        folder = self.root / "returns" / period / "issued"
        latest = self.state.latest_issue.items()
        return {owner: folder / issued.file for (owner, of), issued in latest if of == period}

    def collate(self, now: datetime = COLLATE_DAY, period: str | None = None, *, accepts: bool = False) -> Collated:
        """Collate, and see that the laws hold that hold of every collation.

        `accepts` says whether somebody accepts that the catalogue changes past figures.
        """
        done = collate(self.workspace, Run(now, BY), Options(period, accepts=lambda _: accepts))
        self.check_laws(done)
        if self.checks_invariants and done.counts is not None:
            self.check_invariants(done, now)
        return done

    checks_invariants = False
    """Whether every master is looked through for what holds of all of them: `--invariants`, which takes its time."""

    def check_invariants(self, done: Collated, now: datetime) -> None:
        """Whatever the sheets and messages say twice, they say alike (see `properties/test_invariants.py`)."""
        from tests.properties.test_invariants import check, master_of

        check(master_of(self.workspace, done, now), str(done.period))

    def check_laws(self, done: Collated) -> None:
        """Nothing fell out: neither a file, nor a return, nor a filled cell; and the About sheet says so."""
        folders = [path for path in (self.root / "returns").glob("*/received") if path.is_dir()]
        listed = [name for folder in folders for name in os.listdir(folder)]
        assert done.listed == len(listed) == len(done.judged) + len(done.ignored)
        for name, received in done.judged:
            cells = received.cells
            told = cells.accepted + cells.flagged + cells.refused
            assert cells.found == told, f"{name}: {cells.found} cells found, and the fate of {told} is known"
            assert not cells.accepted or received.is_accepted, f"{name} is {received.outcome}"
        if not done.written.is_written:
            return
        accepted = [received for _, received in done.judged if received.is_accepted]
        held = sum(received.is_held for _, received in done.judged)
        state, period = self.state, str(done.period)
        issued = {owner for owner, of in state.latest_issue if of == period}
        returned = {owner for owner, of in state.in_use if of == period} & issued
        table = FileWorkbook.open(done.written.path).read_table("tbl_about")
        about = {row["Item"].raw: row["Value"].raw for row in table.rows}
        not_taken = f"{len(done.judged) - len(accepted)} rejected" + (
            f" (of them {held} held for the team)" if held else ""
        )
        assert about["Files"] == (
            f"{len(listed)} listed = {len(accepted)} accepted + {not_taken} + {len(done.ignored)} ignored"
        )
        assert about["Returns"].startswith(
            f"{len(issued)} issued = {len(returned)} returned + {len(issued - returned)} missing"
        )
        found, accepted_cells, flagged, refused = map(int, re.findall(r"\d+", about["Cells"]))
        assert found == accepted_cells + flagged + refused

    def table(self, name: str) -> Table:
        """A table of the master."""
        return self.master.read_table(name)

    def sheet(self, name: str) -> list[dict[str, str]]:
        """The rows of a table of the master as text."""
        table = self.table(name)
        return [{header: row[header].raw for header in table.columns} for row in table.rows]

    def type_in_master(self, name: str, ref: str, values: Mapping[str, CellValue], org: str = "TRUST") -> None:
        """Play a person: type into the row of a KPI and org in a table of the master, and save."""
        book = self.master
        rows = [row for row in book.read_table(name).rows if (row["Ref"].raw, row["Org"].raw) == (ref, org)]
        book.write_cells(name, {rows[0].number: values})
        book.save(self.workspace.master)

    def add_row(self, name: str, values: Mapping[str, object], path: Path | None = None) -> None:
        """Play a person who types a row right below a table of the master, which Excel takes into it."""
        where = path or self.workspace.master
        book = openpyxl.load_workbook(where)
        sheet = next(each for each in book.worksheets if name in each.tables)
        table = sheet.tables[name]
        left, top, right, bottom = range_boundaries(table.ref)
        headers = [cell.value for cell in sheet[top]][left - 1 : right]
        for header, value in values.items():
            sheet.cell(bottom + 1, left + headers.index(header), value)
        table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom + 1}"
        table.autoFilter.ref = table.ref
        book.save(where)

    def change_catalogue(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Edit the workspace's catalogue."""
        path = self.root / CATALOGUE
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        change(data)
        write_catalogue(self.root, data)


def new_team(root: Path) -> Team:
    """The team of a new workspace with the small catalogue, in which nothing has happened yet."""
    (root / "returns").mkdir(parents=True)
    write_catalogue(root, catalogue_data())
    return Team(Workspace(root))


def copy_of(workspace: Path, root: Path) -> Team:
    """The team of a copy of a workspace: what many tests begin with is made once, and each has its own."""
    shutil.copytree(workspace, root)
    return Team(Workspace(root))


def kpi_in(data: dict[str, Any], kpi_id: str) -> dict[str, Any]:
    """The KPI of that id in catalogue data."""
    return next(kpi for kpi in data["kpis"] if kpi["id"] == kpi_id)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with the small catalogue, in which nothing has happened yet."""
    return new_team(tmp_path / "workspace").workspace


@pytest.fixture
def team(workspace: Workspace) -> Team:
    """The team of a fresh workspace."""
    return Team(workspace)


@pytest.fixture(scope="session")
def _issued_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    team = new_team(tmp_path_factory.mktemp("issued") / "workspace")
    team.issue()
    return team.root


@pytest.fixture
def issued_team(tmp_path: Path, _issued_once: Path) -> Team:
    """The team of a workspace in which the returns of Quarter 1 have been issued on 1 July 2026."""
    return copy_of(_issued_once, tmp_path / "issued workspace")


@pytest.fixture(scope="session")
def issued_alpha(_issued_once: Path) -> Path:
    """Alpha team's return of Quarter 1 as issued; not to be changed."""
    return Team(Workspace(_issued_once)).issued()["alpha"]


@pytest.fixture(scope="session")
def issued_beta(_issued_once: Path) -> Path:
    """Beta team's return of Quarter 1 as issued; not to be changed."""
    return Team(Workspace(_issued_once)).issued()["beta"]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, to see what a step has changed."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def day(text: str) -> date:
    """A date, as `2026-07-10`."""
    return date.fromisoformat(text)
