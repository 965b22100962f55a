"""The demos of the shipped frameworks, read from their workbooks: what holds of every master, and what they show."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.properties.test_invariants import Master, check, master_of
from xlperf.report import layout
from xlperf.workflow.cycle import demo as demo_module
from xlperf.workflow.cycle.collate import Options, collate
from xlperf.workflow.cycle.demo import demo
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.folder import FRAMEWORKS
from xlperf.workflow.workspace.run import Run

FINDINGS_OF_A_LATE_MILESTONE = "missed: due"


class Shown(NamedTuple):
    """What the demo of a framework ends with."""

    framework: str
    master: Master
    period: str


@pytest.fixture(
    scope="module",
    params=[each if each == "heiw" else pytest.param(each, marks=pytest.mark.long) for each in FRAMEWORKS],
)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The demo of a framework, collated once more when it has been played."""
    root = tmp_path_factory.mktemp(request.param) / "demo"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_module, "can_make_pdf", lambda: False)  # no pack, for speed
        period = str(demo(root, request.param).periods[-1])
    return Shown(request.param, collated_again(root, period), period)


def collated_again(root: Path, period: str) -> Master:
    """Everything the master and the messages say, the master read from its file."""
    workspace = Workspace(root)
    entry = {str(each): entry for each, entry in workspace.catalogue().entry_by_period.items()}[period]
    moment = datetime.combine(entry.hard_close + timedelta(days=2), time(9), UTC)
    done = collate(workspace, Run(moment, "demo"), Options(period))
    return master_of(workspace, done, moment)


def test_every_sheet_and_message_of_a_demo_says_the_same(shown: Shown) -> None:
    check(shown.master, shown.period)


def test_a_demo_shows_what_boards_see(shown: Shown) -> None:
    kpis, findings = shown.master[layout.KPIS], shown.master[layout.FINDINGS]
    assert any(row["RAG"] == "Red" and row["Escalation"] and not row["Escalation"].endswith("?") for row in kpis)
    assert any(row["Escalation"].endswith("?") for row in kpis)
    assert any("restated" in row["Figure is"] for row in kpis)
    assert "Late" in {row["Standing"] for row in shown.master[layout.RETURNS]}  # one has not come at all
    assert {"reject row", "warning"} <= {row["Severity"] for row in findings}
    late = any(FINDINGS_OF_A_LATE_MILESTONE in row["What"] for row in findings)
    assert late if shown.framework == "hee" else any(row["RAG"] == "Blue" for row in kpis)
    if shown.framework in ("trust", "ics"):
        assert {"improving, high", "concerning, low", "concerning, high"} & {row["Variation"] for row in kpis}
