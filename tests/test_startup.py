"""What a command loads before it does its work: no more than it needs, as pandas alone takes a second."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import Q1, Team, fill

HEAVY = {"pandas", "numpy", "jinja2", "lxml", "openpyxl"}
_RUN = """
import sys
from xlperf.cli import main
try:
    main()
except SystemExit:
    pass
print(*sys.modules, sep="\\n", file=sys.stderr)
"""


def loaded(*arguments: object) -> set[str]:
    """The modules that are loaded once a command has run in a process of its own."""
    command = [sys.executable, "-c", _RUN, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.fixture
def collated(issued_team: Team) -> Team:
    fill(issued_team.issued()["alpha"])
    loaded("collate", "--workspace", issued_team.root)
    return issued_team


def test_the_help_loads_no_use_case() -> None:
    assert not (HEAVY | {"pydantic", "rich", "xlperf.catalogue", "xlperf.workflow"}) & loaded("--help")


def test_who_has_returned_is_told_without_judging_figures(collated: Team) -> None:
    assert not HEAVY & loaded("status", "--period", Q1, "--workspace", collated.root)


def test_a_collation_with_nothing_new_loads_neither_catalogue_nor_rules(collated: Team) -> None:
    assert not (HEAVY | {"xlperf.catalogue"}) & loaded("collate", "--workspace", collated.root)


def test_a_click_loads_no_arrays_until_something_is_new(collated: Team) -> None:
    """xlwings would load pandas by itself. There is no Excel here, so the click ends where it has looked for one."""
    click = _RUN.replace("from xlperf.cli import main", "from xlperf.addin import main").replace(
        "main()", "main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", click, "collate", f"--workspace={collated.root}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    modules = set(done.stderr.split())
    assert "xlwings" in modules
    assert not {"pandas", "numpy", "jinja2", "openpyxl", "xlperf.catalogue"} & modules


def test_returns_are_issued_without_judging_figures(team: Team) -> None:
    assert not {"xlperf.assessment.assessment", "openpyxl", "pandas"} & loaded(
        "generate", "--period", Q1, "--workspace", team.root
    )
