"""Every sentence that a user of the command line or the add-in can be told, gathered from the source.

Gathered, not run: a message that no test provokes is in the list as well. What is put in at run time stands as {...}.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FACES = ("cli", "addin.py")
SENTENCES = (("report", "results.py"), ("report", "meeting_results.py"))
"""All the texts of these are for people; elsewhere, those of errors and findings are."""
TELLS = frozenset(
    ["finding", "kind", "FindingKind", "echo", "print", "say", "Option", "Argument", "Typer", "problem", "progress"]
)
"""Calls whose text is shown to somebody, in any room."""
HELD_IN = frozenset(["message", "fix", "problem", "remedy"])
"""Variables that hold such a text before it is passed on."""


def messages() -> str:
    """The list: room by room, file by file, in the order of the source."""
    lines: list[str] = []
    for path in sorted((ROOT / "xlperf").rglob("*.py")):
        told = list(dict.fromkeys(_told(path)))
        if told:
            lines += ["", f"=== {path.relative_to(ROOT).as_posix()}", *told]
    for path in sorted((ROOT / "macros").glob("*.bas")):
        lines += ["", f"=== macros/{path.name}", *_of_basic(path.read_text(encoding="utf-8"))]
    ribbon = (ROOT / "macros" / "ribbon.xml").read_text(encoding="utf-8")
    lines += ["", "=== macros/ribbon.xml", *re.findall(r'(?:label|screentip|supertip)="([^"]*)"', ribbon)]
    return "\n".join(lines).strip() + "\n"


def _told(path: Path) -> Iterator[str]:
    place = path.relative_to(ROOT / "xlperf").parts
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.parent = node  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if _is_shown(node, place):
            yield from (text for text in _texts(node) if re.search(r"\w \w|\w\.$", text))  # one word alone is a name


def _is_shown(node: ast.AST, place: tuple[str, ...]) -> bool:
    if place[0] in FACES or place in SENTENCES:
        return isinstance(node, ast.JoinedStr | ast.Constant) and not _is_docstring_or_part(node)
    if isinstance(node, ast.Raise):
        return True
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id in HELD_IN for target in node.targets)
    called = getattr(node, "func", None)
    name = getattr(called, "id", getattr(called, "attr", ""))
    return isinstance(node, ast.Call) and (name in TELLS or name.endswith(("Error", "InUse")))


def _is_docstring_or_part(node: ast.AST) -> bool:
    parent = getattr(node, "parent", None)
    if isinstance(parent, ast.JoinedStr | ast.FormattedValue):
        return True
    return isinstance(parent, ast.Expr)


def _texts(node: ast.AST) -> Iterator[str]:
    """The outermost texts in a node, an f-string with {...} for what is put in."""
    if isinstance(node, ast.JoinedStr):
        yield _line("".join(str(part.value) if isinstance(part, ast.Constant) else "{...}" for part in node.values))
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield _line(node.value)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _texts(child)


def _line(text: str) -> str:
    return text.strip().replace("\n", "\\n")


def _of_basic(source: str) -> list[str]:
    code = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith("'"))
    return [text for text in re.findall(r'"((?:[^"]|"")*)"', code) if re.search(r"\w \w", text)]
