"""A workspace with an issue in escalation, made once for the tests of cases and notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tests.conftest import Q1, Team, at, fill, new_team
from xlperf.report import layout
from xlperf.workbook.port import CellValue

ENHANCED: Mapping[str, CellValue] = {
    "Decided stage": "Enhanced", "Decided by": "Chief Executive", "Decided on": date(2026, 7, 20),
    "Rationale": "Two posts are empty",
}  # fmt: skip
SUPPORT = ["A director gives time", "A plan with dates"]


def an_issue_in_escalation(root: Path) -> Team:
    """The team of a workspace in which V1 was Red in Quarter 1, and was put into the first stage of its ladder."""
    team = new_team(root)
    team.change_catalogue(_one_red_leads)
    saved = at("2026-07-10")
    fill(team.issue(now=at("2026-07-01"))["alpha"], {("V1", "TRUST", Q1): {"Actual": 50}}, saved=saved)
    team.collate(saved)
    team.type_in_master(layout.ESCALATION, "V1", ENHANCED)
    team.collate(at("2026-07-20"))
    return team


def _one_red_leads(data: dict[str, Any]) -> None:
    data["escalation"] |= {"told": ["Chair", "Board at its next meeting"], "review_months": 3}
    data["escalation"]["stages"][0] |= {"enter": {"consecutive_red": 1}, "support": SUPPORT}
