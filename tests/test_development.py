"""What a developer begins with: the pinned tools, the task runner, CONTRIBUTING."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    read: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return read


def pins() -> list[Requirement]:
    return [Requirement(line) for line in LOCK.splitlines() if not line.lstrip().startswith("#")]


# ---- the pinned tools ------------------------------------------------------------------------------------------------


def test_every_dependency_is_pinned_to_a_version_that_it_allows() -> None:
    told = project()["project"]
    wanted = [*told["dependencies"], *(each for extra in told["optional-dependencies"].values() for each in extra)]
    pinned = {canonicalize_name(pin.name): pin for pin in pins()}
    for line in wanted:
        needed = Requirement(line)
        pin = pinned.get(canonicalize_name(needed.name))
        assert pin, f"{needed.name} is not pinned: run tools/dev lock"
        (exact,) = pin.specifier
        assert needed.specifier.contains(exact.version), f"{line}, but {pin}: run tools/dev lock"


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_each_system_and_python_has_one_version_of_a_package(python: str, system: str) -> None:
    here = {key: str(value) for key, value in default_environment().items()}
    here |= {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system}
    names = [canonicalize_name(pin.name) for pin in pins() if pin.marker is None or pin.marker.evaluate(here)]
    assert len(names) == len(set(names))
    assert len(names) > len(project()["project"]["dependencies"])


def test_the_pins_are_exact_and_tell_nothing_of_the_machine_they_were_made_on() -> None:
    for pin in pins():
        (exact,) = pin.specifier
        assert exact.operator == "=="
        assert str(Version(exact.version)) == exact.version, pin
        assert pin.url is None
    assert re.findall(r"://|file:|(?m:^\s*-)|/(?:home|root|tmp|opt|work|Users)\b", LOCK) == []


def test_the_pins_are_what_is_installed_from() -> None:
    setup = (ROOT / "tools" / "setup.sh").read_text(encoding="utf-8")
    assert "-c requirements-dev.lock" in setup


# ---- the task runner -------------------------------------------------------------------------------------------------


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ROOT / "tools" / "dev"), *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_the_task_runner_names_its_tasks_and_every_one_is_there() -> None:
    said = dev()
    assert (said.returncode, said.stderr) == (0, "")
    named = set(re.findall(r"(?m)^tools/dev (\w+)", said.stdout))
    source = (ROOT / "tools" / "dev").read_text(encoding="utf-8")
    assert named == set(re.findall(r"(?m)^  (\w+)\)", source))
    assert set(re.findall(r"tools/dev (\w+)", CONTRIBUTING)) <= named


def test_a_task_that_there_is_not_is_wrong_usage() -> None:
    said = dev("tset")
    assert (said.returncode, said.stdout) == (2, "")
    assert "'tset'" in said.stderr
    assert "tools/dev test" in said.stderr


# ---- before a commit -------------------------------------------------------------------------------------------------


def test_what_pre_commit_runs_is_ours_and_fetches_nothing() -> None:
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert {each["repo"] for each in repos} == {"local"}
    hooks = [hook for each in repos for hook in each["hooks"]]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert {" ".join(hook["entry"].split()[:2]) for hook in hooks} == {".venv/bin/ruff check", ".venv/bin/ruff format"}
    assert all("--check" in hook["entry"] for hook in hooks if " format" in hook["entry"])


# ---- CONTRIBUTING ----------------------------------------------------------------------------------------------------


def test_every_path_that_contributing_names_is_there() -> None:
    code = [*re.findall(r"`([^`\n]+)`", CONTRIBUTING), *re.findall(r"(?m)^(?:\.venv|tools)/\S.*$", CONTRIBUTING)]
    words = {word for each in code for word in each.split("#")[0].split() if "/" in word}
    named = {word for word in words if not re.search(r"\bNAME\b", word) and not word.startswith(".venv/")}
    assert len(named) > 5
    for word in named:
        path, _, test = word.partition("::")
        assert (ROOT / path).exists(), path
        assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), word


def test_the_names_that_contributing_sends_a_developer_to_are_in_the_files_it_links() -> None:
    """A paragraph names constants, and links the files; each constant is in one of them."""
    for paragraph in CONTRIBUTING.split("\n\n"):
        linked = "".join(
            (ROOT / target).read_text(encoding="utf-8") for target in re.findall(r"\]\(([^)#:]+\.py)\)", paragraph)
        )
        for name in re.findall(r"`([A-Z][A-Z_]+|__version__|document)`", paragraph):
            assert name == "NAME" or re.search(rf"\b{name}\b", linked), name
