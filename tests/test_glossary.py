"""The glossary and the code use the same words for the same things."""

from __future__ import annotations

import ast
import importlib
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in GLOSSARY.splitlines() if line.startswith("| ")
]
IN_CODE = [(term, name) for term, _, code in ROWS[1:] for name in re.findall(r"`([\w.]+)`", code)]
RETIRED = {"laws", "wholeness", "rederive", "madefrom", "occasion", "stranger", "giveup"}


def test_the_glossary_has_a_row_for_each_term_with_what_it_means() -> None:
    assert ROWS[0] == ["say", "means", "in code"]
    terms = [term for term, _, _ in ROWS[1:]]
    assert len(terms) == len(set(terms))
    assert [term for term, meaning, _ in ROWS[1:] if not meaning] == []
    assert len(IN_CODE) > 30


@pytest.mark.parametrize(("term", "name"), IN_CODE)
def test_the_module_or_class_that_a_term_names_is_there(term: str, name: str) -> None:
    try:
        importlib.import_module(f"xlperf.{name}")
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        assert hasattr(importlib.import_module(f"xlperf.{module}"), attribute), f"{term}: xlperf.{name}"


def test_no_module_or_class_has_a_name_that_only_we_would_understand() -> None:
    modules = [path for path in (ROOT / "xlperf").rglob("*.py") if path.name != "__init__.py"]
    names = {path.stem for path in modules} | {path.name for path in (ROOT / "xlperf").rglob("*") if path.is_dir()}
    for path in (ROOT / "xlperf").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    assert {name for name in names if name.lower().lstrip("_") in RETIRED} == set()


NATURAL_PAIRS = {"escalation.py", "fields.py", "layout.py"}
"""File names of which there are two, where the room tells them apart in the words of the field."""


def test_no_two_modules_have_the_same_file_name() -> None:
    names = Counter(path.name for path in (ROOT / "xlperf").rglob("*.py") if not path.name.startswith("__"))
    assert {name for name, count in names.items() if count > 1} == NATURAL_PAIRS


def test_the_list_of_modules_in_a_docstring_of_a_package_names_those_it_has() -> None:
    listed_in = 0
    for package in (ROOT / "xlperf").rglob("__init__.py"):
        text = ast.get_docstring(ast.parse(package.read_text(encoding="utf-8"))) or ""
        listed = re.findall(r"^ *([a-z_]+)  +\S", text, re.MULTILINE)
        modules = {path.stem for path in package.parent.iterdir()}
        assert set(listed) <= modules, package
        listed_in += bool(listed)
    assert listed_in > 5


def test_the_name_of_a_class_means_one_thing() -> None:
    classes: Counter[str] = Counter()
    for path in (ROOT / "xlperf").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes.update(node.name for node in tree.body if isinstance(node, ast.ClassDef))
    assert {name for name, count in classes.items() if count > 1 and not name.startswith("_")} == set()
