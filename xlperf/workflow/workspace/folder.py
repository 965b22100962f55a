"""The workspace: the folder a performance team works in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import xlperf
from xlperf.durable import replace_file
from xlperf.errors import UsageError, WorkspaceError
from xlperf.ledger import Ledger, open_ledger
from xlperf.ledger.kept_runs import KeptRuns
from xlperf.ledger.opening import is_url
from xlperf.workflow.workspace.program import program
from xlperf.workflow.workspace.settings import Settings, load_settings

if TYPE_CHECKING:  # whoever only asks where things are loads no catalogue
    from xlperf.catalogue import Catalogue
    from xlperf.period import Period

FRAMEWORKS = ("heiw", "trust", "hee", "ics")
CATALOGUE, MASTER, TEMPLATES, LEDGER = "kpi_catalogue.yaml", "master.xlsx", "workbook_templates", "ledger"
PACKS = "packs"
SCHEMA = "kpi_catalogue.schema.json"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace folder. Paths come from here alone, never from an open workbook: on SharePoint those are URLs.

    `ledger_at` is the ledger's address where one was given on the command line; never shown, as it may hold a password.
    """

    root: Path
    ledger_at: str = field(default="", repr=False)

    @property
    def master(self) -> Path:
        """The workbook the performance team works in."""
        return self.root / MASTER

    @property
    def backups(self) -> Path:
        """Dated copies of the master, made before each change of it."""
        return self.root / "backups"

    @property
    def lock(self) -> Path:
        """The folder that is there while something is being written; see `lock.locked`."""
        return self.root / "xlperf.lock"

    @property
    def notes(self) -> Path:
        """What xlperf has noted for itself to be quicker the next time; it may be deleted at any time."""
        return self.root / ".xlperf"

    @property
    def returns(self) -> Path:
        """Issued and received returns, by period."""
        return self.root / "returns"

    def issued(self, period: Period) -> Path:
        """What generate makes for a period, to be sent out."""
        return self.returns / str(period) / "issued"

    def received(self, period: Period) -> Path:
        """Where completed returns are dropped; nothing in it is ever moved, changed or deleted."""
        return self.returns / str(period) / "received"

    def editions(self, period: Period) -> Path:
        """Frozen editions of a period."""
        return self.root / "editions" / str(period)

    def packs(self, meeting: str, period: Period) -> Path:
        """The packs of a meeting, by its id, for a period."""
        return self.root / PACKS / meeting / str(period)

    def ledger(self, *, is_read_anew: bool = False) -> Ledger:
        """The workspace's ledger: as given on the command line, else as set, else its own folder.

        `is_read_anew`: whether every run is parsed, and nothing is used that was kept of an earlier reading.

        Raises WorkspaceError, and LedgerError where a database's address cannot be read.
        """
        kept = None if is_read_anew else KeptRuns(self.notes / "runs", program)
        return open_ledger(self.ledger_at or self.settings().ledger or LEDGER, self.root, kept)

    def settings(self) -> Settings:
        """What the team has set for it. Raises WorkspaceError."""
        return load_settings(self.root)

    def catalogue(self) -> Catalogue:
        """The workspace's catalogue. Raises CatalogueError."""
        from xlperf.workflow.workspace.kept_catalogue import catalogue_in

        return catalogue_in(self.root / CATALOGUE, self.notes)

    def template(self, name: str) -> Path:
        """A template: the workspace's own where it has been restyled, else the one that ships with xlperf."""
        return self.templates(name)[0]

    def templates(self, name: str) -> tuple[Path, ...]:
        """The workspace's own template, where it has one, and the one that ships with xlperf."""
        own, ours = self.root / TEMPLATES / name, shipped(TEMPLATES) / name
        return (own, ours) if own.exists() else (ours,)


def open_workspace(root: Path, ledger: str = "") -> Workspace:
    """The workspace in `root`, with its own ledger or the one at an address. Raises WorkspaceError if there is none."""
    if not (root / CATALOGUE).is_file():
        raise WorkspaceError(f"{root} is not a workspace: it has no {CATALOGUE}. 'xlperf init DIR' makes one")
    # A folder named on the command line is meant from where one stands; one in workspace.yaml, from the workspace.
    return Workspace(root, ledger if not ledger or is_url(ledger) else str(Path(ledger).absolute()))


def reporting_period(catalogue: Catalogue, text: str) -> Period:
    """A period of the calendar. Raises UsageError, naming the periods there are."""
    from xlperf.period import Period

    period = Period.parse(text, catalogue.calendar.frequency)
    if period not in catalogue.entry_by_period:
        periods = sorted(catalogue.entry_by_period)
        raise UsageError(f"{period} is not in the catalogue's calendar, which runs from {periods[0]} to {periods[-1]}")
    return period


def init(root: Path, framework: str = "heiw") -> Workspace:
    """Make a workspace: the framework's catalogue, and the folders.

    Raises:
        UsageError: the framework is unknown.
        WorkspaceError: there is a workspace already, or the folder cannot be made. Nothing is overwritten.
    """
    from xlperf.catalogue import json_schema

    if framework not in FRAMEWORKS:
        raise UsageError(f"unknown framework '{framework}'; there are {', '.join(FRAMEWORKS)}")
    if (root / CATALOGUE).exists():
        raise WorkspaceError(f"{root} already has a {CATALOGUE}; choose another folder")
    try:
        (root / "returns").mkdir(parents=True, exist_ok=True)
        text = catalogue_file(framework).read_text(encoding="utf-8")
        # The first line tells an editor where the schema is: in a workspace, beside the catalogue.
        text = re.sub(r"\$schema=\S+", f"$schema={SCHEMA}", text, count=1)
        replace_file(root / SCHEMA, (json.dumps(json_schema(), indent=2) + "\n").encode())
        replace_file(root / CATALOGUE, text.encode())
    except OSError as error:
        raise WorkspaceError(f"{root}: cannot be made ({error})") from error
    return Workspace(root)


def catalogue_file(framework: str) -> Path:
    """The catalogue that ships for a framework."""
    return shipped(CATALOGUE) if framework == "heiw" else shipped("catalogues") / f"{framework}.yaml"


def document(name: str) -> Path:
    """A page for people that ships with xlperf, as it-request.md: where it lies here. Raises WorkspaceError."""
    return shipped(f"docs/{name}")


def shipped(name: str) -> Path:
    """A file or folder that ships with xlperf: inside the installed package, or in the checkout it runs from."""
    package = Path(xlperf.__file__).parent
    for place in (package / "shipped" / name, package.parent / name):
        if place.exists():
            return place
    raise WorkspaceError(f"this installation of xlperf lacks {name}; install it again")
