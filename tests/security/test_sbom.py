"""The SBOM and the table of dependencies say what is really needed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:\[([a-z]+)\])?[^;]*(?:;(.*))?")


def named(name: str) -> str:
    """A package's name as PyPI compares it."""
    return re.sub("[-_.]+", "-", name).lower()


def needed(package: str, extras: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What an installed package says it needs on this system, with the extras it asks for."""
    for line in metadata.requires(package) or ():
        match = REQUIREMENT.match(line)
        assert match, line
        name, extra, condition = match.groups()
        if condition is None or _holds(condition, extras):
            yield named(name), (extra,) if extra else ()


def _holds(condition: str, extras: tuple[str, ...]) -> bool:
    """Whether a condition holds on Linux with a supported Python; only what our dependencies use is understood."""
    wanted = re.search(r"extra == ['\"]([^'\"]+)", condition)
    if wanted and wanted[1] not in extras:
        return False
    return not re.search(r"platform_system|sys_platform|os_name|python_version|implementation_name", condition) or bool(
        re.search(r"implementation_name != ['\"]pypy", condition)
    )


def everything() -> set[str]:
    found: set[tuple[str, tuple[str, ...]]] = set()
    left: list[tuple[str, tuple[str, ...]]] = [("xlperf", ("postgres",))]
    while left:
        package, extras = left.pop()
        for each in needed(package, extras):
            if each not in found:
                found.add(each)
                left.append(each)
    return {name for name, _ in found}


@pytest.fixture(scope="module")
def sbom() -> Any:
    return json.loads((ROOT / "docs" / "sbom.cdx.json").read_text(encoding="utf-8"))


def test_every_package_that_xlperf_needs_is_in_it_with_version_and_licence(sbom: Any) -> None:
    components = {named(each["name"]): each for each in sbom["components"]}

    assert everything() - components.keys() == set()
    assert len(everything()) > 15
    for name, each in components.items():
        assert each["version"], name
        assert each["licenses"], name


def test_it_is_whole_and_says_nothing_of_where_it_was_made(sbom: Any) -> None:
    references = {each["bom-ref"] for each in (*sbom["components"], sbom["metadata"]["component"])}
    said = {ref for each in sbom["dependencies"] for ref in (each["ref"], *each.get("dependsOn", ()))}

    assert said <= references
    assert "file:" not in json.dumps(sbom)
    assert sbom["metadata"]["component"]["name"] == "xlperf"


def test_the_table_for_the_person_who_approves_it_names_every_direct_dependency() -> None:
    table = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("## What comes with it")[2]
    listed = {
        named(word) for row in re.findall(r"(?m)^\| (.+?) \|", table) for word in re.findall(r"[A-Za-z0-9]+", row)
    }

    direct = {named(name) for name, _ in needed("xlperf", ("postgres",))} | {"xlwings"}
    assert direct - listed == set()
