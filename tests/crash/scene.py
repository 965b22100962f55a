"""A small workspace in the middle of its cycle, the things done to it, and what they come to undisturbed.

Small, so that thousands of crashes can be tried: two owners, two KPIs, every kind of file that is written.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.conftest import BY, COLLATE_DAY, ISSUE_DAY, Q1, Team, at, catalogue_data, fill, write_catalogue
from xlperf.report import layout
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.collate import collate
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.cycle.notices import draft_notices
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


ENTRY: Mapping[str, CellValue] = {"Ref": "V1", "Org": "TRUST", "Kind": "Progress", "What": "One post is filled"}


def _collate(workspace: Workspace) -> None:
    collate(workspace, Run(LATER, BY))


def _generate(workspace: Workspace) -> None:
    generate(workspace, Q1, Run(LATER, BY), again=True)


def _publish(workspace: Workspace) -> None:
    publish(workspace, Q1, Run(LATER, BY))


def _publish_pdf(workspace: Workspace) -> None:
    publish(workspace, Q1, Run(LATER, BY), outputs=[Output.PACK_PDF])


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
        "notices": _scene(folder, "notices", _notices, collated),
        "publish-pdf": Scene("publish-pdf", _publish_pdf, collated, folder / "publish-pdf"),
    }


def _scene(folder: Path, name: str, run: Callable[[Workspace], None], before: Path) -> Scene:
    after = folder / name
    shutil.copytree(before, after)
    run(Workspace(after))
    return Scene(name, run, before, after)


def _returned(root: Path) -> Path:
    """One return was collated; since then a decision was typed, and another return, junk and a mail have come."""
    (root / "returns").mkdir(parents=True)
    data = catalogue_data()
    data["kpis"] = [kpi for kpi in data["kpis"] if kpi["id"] in ("V1", "G1")]
    write_catalogue(root, data)
    team = Team(Workspace(root))
    issued = team.issue(now=ISSUE_DAY)
    fill(issued["alpha"], {("V1", "TRUST", Q1): {"Actual": 60}})
    team.collate(COLLATE_DAY)
    book = team.master
    book.write_table("tbl_escalation", [{"Ref": "V1", "Org": "TRUST", **TYPED}])
    book.write_table(layout.CASES, [ENTRY])
    book.save(team.workspace.master)
    fill(issued["beta"])
    (team.received() / "junk.xlsx").write_bytes(b"no workbook")
    (team.received() / "covering mail.eml").write_bytes(b"From: beta")
    return root
