"""Reading a catalogue file: every fault in one go, each with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from xlperf.catalogue.checks import check_model
from xlperf.catalogue.field_path import FieldPath
from xlperf.catalogue.model import Catalogue
from xlperf.catalogue.question_checks import UNANSWERED
from xlperf.catalogue.shape import field_words, shape_words
from xlperf.errors import CatalogueError
from xlperf.findings import Finding, Location, Severity, finding

Lines = Mapping[FieldPath, int]
_MOST_VALUES = 500_000
"""Values that a catalogue may have, ten times those of a thousand KPIs: a few lines of aliases may mean billions."""


def load_catalogue(path: Path) -> Catalogue:
    """The catalogue in `path`.

    Raises:
        CatalogueError: the file is not there, cannot be read, or has faults; it carries all of them as findings.
    """
    catalogue, findings = check_catalogue(path)
    faults = [item for item in findings if item.severity is not Severity.WARNING]
    if catalogue is None or faults:
        first = faults[0] if faults else findings[0]
        more = f" (and {len(faults) - 1} more; 'xlperf check' lists them)" if len(faults) > 1 else ""
        raise CatalogueError(f"{first}{more}".removesuffix("."), findings)
    return catalogue


def check_catalogue(path: Path) -> tuple[Catalogue | None, list[Finding]]:
    """The catalogue, or None where its shape is wrong, with every fault found.

    Raises:
        CatalogueError: the file is not there or cannot be read at all.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CatalogueError(f"there is no {path.name} in {path.parent}; 'xlperf init' makes one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: cannot be read ({error}); save it as UTF-8 text") from error
    return check_text(text, path.name)


def check_text(text: str, file: str) -> tuple[Catalogue | None, list[Finding]]:
    """As `check_catalogue`, of text; `file` is the name that findings carry."""
    try:
        node = _compose(text)
        data, lines, findings = _read_node(node, file) if node else (None, {}, [])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or str(error)
        return None, [finding("C001", f"YAML cannot be read: {problem}.", Location(file=file, line=line))]
    except ValueError as error:
        # PyYAML makes dates and numbers by itself: 2026-06-31 fails there.
        fix = "Correct it, or put it in quotes if it is meant as text."
        return None, [finding("C001", f"a date or number in it cannot be ({error}).", Location(file=file), fix=fix)]
    except RecursionError:
        fix = "Look for brackets or indents that were repeated by mistake."
        return None, [finding("C001", "it is nested too deeply.", Location(file=file), fix=fix)]
    if not isinstance(data, dict):
        fix = "Restore a copy of it, or start with the catalogue that 'xlperf init' puts into a new folder."
        return None, [finding("C001", "the file holds no catalogue.", Location(file=file, line=1), fix=fix)]
    catalogue, shape_faults, kept = _validate(data)
    findings += [_shape_fault(fault, lines, data, file) for fault in shape_faults]
    if catalogue is None:
        return None, findings

    def locate(path: FieldPath) -> Location:
        if path[0] == "kpis" and len(path) > 1 and isinstance(path[1], int):
            path = ("kpis", kept[path[1]], *path[2:])
        return Location(file=file, line=_line(lines, path), kpi_id=_kpi_id(data, path))

    # Which question a misshapen KPI answers is not known, so none is said to be without an answer.
    findings += [item for item in check_model(catalogue, locate) if not (shape_faults and item.code == UNANSWERED)]
    return (None if shape_faults else catalogue), findings


def _compose(text: str) -> yaml.Node | None:
    """The YAML of a text as nodes: by libyaml, in a tenth of the time; what that refuses is explained by PyYAML."""
    if _QUICK is not None:
        try:
            return yaml.compose(text, Loader=_QUICK)
        except (yaml.YAMLError, ValueError):
            pass  # libyaml names neither the character nor always the line
    return yaml.compose(text, Loader=yaml.SafeLoader)


_QUICK = getattr(yaml, "CSafeLoader", None)
"""PyYAML's own wheels have it; where PyYAML was built without libyaml there is none."""


def _validate(data: dict[str, Any]) -> tuple[Catalogue | None, list[Any], list[int]]:
    """The catalogue, the faults of its shape, and the index in the file of each of its KPIs.

    Where only KPIs are misshapen, the catalogue without them is given, so that the rest can be checked in the same go.
    """
    everything = list(range(len(data["kpis"]))) if isinstance(data.get("kpis"), list) else []
    try:
        return Catalogue.model_validate(data), [], everything
    except ValidationError as error:
        faults: list[Any] = list(error.errors())
    misshapen = {fault["loc"][1] for fault in faults if fault["loc"][0] == "kpis" and len(fault["loc"]) > 1}
    kept = [index for index in everything if index not in misshapen]
    try:
        return Catalogue.model_validate(data | {"kpis": [data["kpis"][index] for index in kept]}), faults, kept
    except (ValidationError, KeyError):
        return None, faults, kept


def _read_node(node: yaml.Node, file: str) -> tuple[Any, dict[FieldPath, int], list[Finding]]:
    """The plain value of a YAML node, the line of every path in it, and a finding for every key given twice."""
    constructor = yaml.SafeLoader("")
    lines: dict[FieldPath, int] = {}
    findings: list[Finding] = []

    def read(node: yaml.Node, path: FieldPath, open_nodes: frozenset[int]) -> Any:
        lines[path] = node.start_mark.line + 1
        if len(lines) > _MOST_VALUES:
            raise yaml.MarkedYAMLError(
                problem=f"aliases (*name) repeat values more than {_MOST_VALUES:,} times; write them out",
                problem_mark=node.start_mark,
            )
        if id(node) in open_nodes:
            raise yaml.MarkedYAMLError(
                problem="an alias (*name) stands within what it repeats; write the value out",
                problem_mark=node.start_mark,
            )
        inside = open_nodes | {id(node)}
        if isinstance(node, yaml.SequenceNode):
            return [read(child, (*path, index), inside) for index, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            mapping: dict[Any, Any] = {}
            for key_node, child in node.value:
                key = str(key_node.value)
                if key in mapping:
                    where = Location(file=file, line=key_node.start_mark.line + 1)
                    findings.append(finding("C009", f"'{key}' is given twice.", where))
                mapping[key] = read(child, (*path, key), inside)
                lines[(*path, key)] = key_node.start_mark.line + 1
            return mapping
        value = constructor.construct_object(node, deep=True)
        if _is_read_otherwise(node):
            written, where = str(node.value), Location(file=file, line=node.start_mark.line + 1)
            message = f"'{written}' is read by YAML as {value}."
            fix = "Write a number without zeros before it and without a colon; put in quotes what is no number."
            findings.append(finding("C014", message, where, found=written, fix=fix))
        return value

    return read(node, (), frozenset()), lines, findings


def _is_read_otherwise(node: yaml.Node) -> bool:
    """Whether YAML makes another number of a scalar than a person reads: 070 is 56 to it, and 1:30 is 90."""
    is_number = node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
    return is_number and _OTHERWISE.fullmatch(str(node.value)) is not None


_OTHERWISE = re.compile(r"[-+]?(0[0-7_]*[1-7][0-7_]*|[0-9_]+(:[0-9_.]+)+)")


def _shape_fault(fault: Any, lines: Lines, data: Any, file: str) -> Finding:
    """A pydantic error as a finding: which field, on which line, what is wrong with it."""
    path = tuple(fault["loc"])
    where = Location(file=file, line=_line(lines, path), kpi_id=_kpi_id(data, path))
    value_found = "" if fault["type"] in ("missing", "extra_forbidden") else _shown(fault.get("input"))
    name, words = field_words(path), shape_words(fault)
    colon = ":" if fault["type"] == "value_error" else ""
    message = f"'{name}'{colon} {words}{f', found {value_found}' if value_found else ''}."
    return finding("C002", message, where, found=value_found)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _line(lines: Lines, path: FieldPath) -> int | None:
    """The line of the deepest part of `path` that stands in the file."""
    for length in range(len(path), -1, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _kpi_id(data: Any, path: FieldPath) -> str:
    if len(path) >= 2 and path[0] == "kpis" and isinstance(path[1], int):
        kpi = data["kpis"][path[1]]
        return str(kpi.get("id", "")) if isinstance(kpi, dict) else ""
    return ""
