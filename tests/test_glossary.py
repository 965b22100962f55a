"""The glossary and the code use the same words for the same things."""

from __future__ import annotations

import ast
import importlib
import re
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
