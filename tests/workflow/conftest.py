"""Fixtures: `calc`, LibreOffice Calc, which xlwings takes for Excel; `escalated`, with an issue in escalation."""

from pathlib import Path

import pytest

from tests.calc_engine.fixture import calc
from tests.conftest import Team, copy_of
from tests.workflow.escalated import an_issue_in_escalation

__all__ = ["calc"]


@pytest.fixture(scope="session")
def _escalated_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return an_issue_in_escalation(tmp_path_factory.mktemp("escalated") / "workspace").root


@pytest.fixture
def escalated(_escalated_once: Path, tmp_path: Path) -> Team:
    """The team of a copy of a workspace in which V1 is in escalation; see `tests.workflow.escalated`."""
    return copy_of(_escalated_once, tmp_path / "workspace")
