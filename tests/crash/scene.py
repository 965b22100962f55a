"""A small workspace in the middle of its cycle, the things done to it, and what they come to undisturbed.

Small, so that thousands of crashes can be tried: two owners, three KPIs, every kind of file that is written.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.conftest import (
    BY,
    COLLATE_DAY,
    ISSUE_DAY,
    Q1,
    Q2,
    Team,
    add_below,
    at,
    catalogue_data,
    fill,
    kpi_in,
    write_catalogue,
)
from xlperf.report import layout
from xlperf.returns import action_fields
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.collate import collate
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.cycle.notices import draft_notices
from xlperf.workflow.cycle.packs import make_packs
from xlperf.workflow.cycle.publish import Output, publish
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

LATER = at("2026-07-13")
TYPED: Mapping[str, CellValue] = {
    "Decided stage": "Enhanced",
    "Decided by": "Chief Executive",
    "Decided on": date(2026, 7, 12),
    "Rationale": "Red again",
}
PROMISED: Mapping[str, CellValue] = {
    "Action": "Hire two nurses", "Action owner": "Matron", "Action due": date(2026, 9, 30),
}  # fmt: skip
AGREED = {"Ref": "V1", "Org": "TRUST", "Action": "Report on agency costs", "Agreed at": "Board, 11 July 2026"}

SAID: Mapping[str, CellValue] = {
    "Words": "Both wards are open again.",
    "Approved by": "Director of Quality",
    "Approved on": date(2026, 7, 12),
}


ENTRY: Mapping[str, CellValue] = {"Ref": "V1", "Org": "TRUST", "Kind": "Progress", "What": "One post is filled"}


def _collate(workspace: Workspace) -> None:
    collate(workspace, Run(LATER, BY))


def _generate(workspace: Workspace) -> None:
    generate(workspace, Q1, Run(LATER, BY), again=True)


def _publish(workspace: Workspace) -> None:
    publish(workspace, Q1, Run(LATER, BY))


def _publish_pdf(workspace: Workspace) -> None:
    publish(workspace, Q1, Run(LATER, BY), outputs=[Output.PACK_PDF])


def _pack(workspace: Workspace) -> None:
    # A web page, as what makes the PDF has threads, which a child that is forked from here would lack.
    make_packs(workspace, Q1, (), Run(LATER, BY), outputs=[Output.PACK_HTML])


def _follow_up(back: Path) -> None:
    """The owner says on the sheet Actions how the action goes."""
    book = FileWorkbook.open(back)
    (row,) = book.read_table(action_fields.TABLE).rows
    book.write_cells(action_fields.TABLE, {row.number: {"Progress": "One is in post"}})
    book.save(back)


def _notices(workspace: Workspace) -> None:
    draft_notices(workspace, Q1, Run(LATER, BY))


@dataclass(frozen=True)
class Scene:
    """What is done, and the workspace before and after."""

    name: str
    run: Callable[[Workspace], None]
    before: Path
    after: Path

    def copy(self, to: Path) -> Workspace:
        """A workspace as it is before, in a folder that is made for it."""
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.before, to, symlinks=True)
        return Workspace(to)


def scenes(folder: Path) -> dict[str, Scene]:
    """Every scene by name, prepared in a folder."""
    returned = _returned(folder / "returned")
    collated = folder / "collated"
    shutil.copytree(returned, collated)
    _collate(Workspace(collated))
    return {
        "collate": Scene("collate", _collate, returned, collated),
        "generate": _scene(folder, "generate", _generate, collated),
        "publish": _scene(folder, "publish", _publish, collated),
        "pack": _scene(folder, "pack", _pack, collated),
        "notices": _scene(folder, "notices", _notices, collated),
        "publish-pdf": Scene("publish-pdf", _publish_pdf, collated, folder / "publish-pdf"),
    }


def _scene(folder: Path, name: str, run: Callable[[Workspace], None], before: Path) -> Scene:
    after = folder / name
    shutil.copytree(before, after)
    run(Workspace(after))
    return Scene(name, run, before, after)


def _returned(root: Path) -> Path:
    """One return was collated, with an action.

    Since then a decision and words were typed, an action changed, another added and a figure promised; and another
    return, one of the first owner who follows the action up, junk and a mail have come.
    """
    (root / "returns").mkdir(parents=True)
    data = catalogue_data()
    data["kpis"] = [kpi for kpi in data["kpis"] if kpi["id"] in ("V1", "G1", "S1")]
    kpi_in(data, "S1").update(responsible_owner="alpha", roll_up={"orgs": "parts"})
    data["meetings"] = [
        {"id": "money", "name": "Money committee", "kind": "committee", "covers": [{"sections": ["money"]}]}
    ]
    write_catalogue(root, data)
    team = Team(Workspace(root))
    issued = team.issue(now=ISSUE_DAY)
    red: Mapping[str, CellValue] = {"Numerator": 80, "Denominator": 1000}
    fill(issued["alpha"], {("V1", "TRUST", Q1): {"Actual": 60, **PROMISED}, ("S1", "NORTH", Q1): red})
    team.collate(COLLATE_DAY)
    issued = team.issue(now=COLLATE_DAY, again=True)
    book = team.master
    book.write_table("tbl_escalation", [{"Ref": "V1", "Org": "TRUST", **TYPED}])
    (row,) = book.read_table(layout.ACTIONS).rows
    book.write_cells(layout.ACTIONS, {row.number: {"Action owner": "Head of nursing"}})
    book.write_table(layout.RECOVERY, [{"Ref": "V1", "Org": "TRUST", "Period": Q2, "Promised": 75}])
    book.write_cells("tbl_narrative", {book.read_table("tbl_narrative").rows[0].number: SAID})
    book.write_table(layout.CASES, [ENTRY])
    book.save(team.workspace.master)
    add_below(team.workspace.master, "Actions", layout.ACTIONS, AGREED)
    _follow_up(fill(issued["alpha"], {("V1", "TRUST", Q1): {"Actual": 62}}, saved=COLLATE_DAY))
    fill(issued["beta"])
    (team.received() / "junk.xlsx").write_bytes(b"no workbook")
    (team.received() / "covering mail.eml").write_bytes(b"From: beta")
    return root
