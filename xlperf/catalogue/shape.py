"""What is wrong with the shape of a catalogue, in words for the person who edits it: never pydantic's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlperf.catalogue.field_path import FieldPath

_MESSAGES: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of the catalogue",
    "model_type": "has fields of its own; write them below it, or as {absolute: 5}",
    "model_attributes_type": "has fields of its own; write them below it, or as {absolute: 5}",
    "dict_type": "has fields of its own; write them below it, or as {absolute: 5}",
    "tuple_type": "is a list; write one item to a line, each after a dash, or as [a, b]",
    "list_type": "is a list; write one item to a line, each after a dash, or as [a, b]",
    "string_type": "is text; put it in quotes, as YAML takes it for something else",
    "string_too_short": "must not be empty",
    "bool_type": "is either true or false",
    "bool_parsing": "is either true or false",
    "int_type": "is a whole number",
    "int_parsing": "is a whole number",
    "int_from_float": "is a whole number",
    "float_type": "is a number",
    "float_parsing": "is a number",
    "decimal_type": "is a number",
    "decimal_parsing": "is a number",
    "finite_number": "is a number",
    "date_type": "is a date, such as 2026-07-31",
    "date_parsing": "is a date, such as 2026-07-31",
    "date_from_datetime_parsing": "is a date, such as 2026-07-31",
    "date_from_datetime_inexact": "is a date without a time, such as 2026-07-31",
}
_PATTERNS: Mapping[str, str] = {
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,23}$": "is of at most 24 letters, digits, dots, dashes and underscores",
    r"^\d{4}[-/]\d{2}(-[QH][1-4])?$": "is a period, such as 2026-27, 2026-27-Q1 or 2026-07",
}
_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("gt", "must be more than {}"),
    "greater_than_equal": ("ge", "must be at least {}"),
    "less_than": ("lt", "must be less than {}"),
    "less_than_equal": ("le", "must be at most {}"),
    "string_too_long": ("max_length", "must have at most {} characters"),
    "too_short": ("min_length", "must have at least {} items"),
    "too_long": ("max_length", "must have at most {} items"),
    "enum": ("expected", "must be {}"),
    "literal_error": ("expected", "must be {}"),
}


def field_words(path: FieldPath) -> str:
    """The name of a field: `tolerance` in the second of the `targets` of a KPI is `targets, number 2: tolerance`."""
    own = path[2:] if len(path) > 2 and path[0] == "kpis" else path
    words, is_after_number = "", False
    for step in own:
        if isinstance(step, int):
            words += f", number {step + 1}"
        else:
            words += "" if not words else ": " if is_after_number else "."
            words += str(step)
        is_after_number = isinstance(step, int)
    return words.removeprefix(", ")


def shape_words(fault: Mapping[str, Any]) -> str:
    """What is wrong with a field, as the rest of a sentence that begins with its name; `fault` is one of pydantic's."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind in _MESSAGES:
        return _MESSAGES[kind]
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context.get("pattern", ""), "is not written as it has to be")
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        return words.format(context.get(name))
    return str(fault["msg"]).removeprefix("Value error, ")
