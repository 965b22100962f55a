"""Placeholders: `{{ name }}` in a workbook, filled by jinja2 in its sandbox; expressions, no statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import jinja2
from jinja2 import meta
from jinja2.sandbox import SandboxedEnvironment

from xlperf.errors import TemplateError

_SIZE_BEFORE_VALUE = re.compile(r"(&[0-9]+)(?=\{\{)")
# What an expression can raise while it is worked out; jinja2's own errors cover the rest.
_FAILURES = (jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def has_placeholder(text: str) -> bool:
    """Return True where `render` has something to do, or to object to."""
    return "{{" in text or "{%" in text


def render(
    text: str,
    context: Mapping[str, object],
    where: str,
    escape: Callable[[str], str] = str,
) -> str:
    """Return the text with its placeholders filled; each value goes through `escape`; None fills in nothing.

    Raises TemplateError naming `where` for an unknown placeholder, a statement, a faulty expression.
    """
    for mark in ("{%", "{#"):
        if mark in text:
            raise TemplateError(f"{where}: '{mark}' is not allowed, only {{{{ placeholders }}}}; take it out")
    try:
        names, template = _compiled(text, escape)
        unknown = sorted(names - context.keys())
        if unknown:
            placeholders = ", ".join(sorted(context)) or "none"
            raise TemplateError(f"{where}: unknown placeholder '{unknown[0]}'; known are {placeholders}")
        return template.render(context)
    except _FAILURES as error:
        raise TemplateError(f"{where}: the placeholder cannot be filled: {error}") from error


def render_header(text: str, context: Mapping[str, object], where: str) -> str:
    """Render a page header or footer, in which `&` begins a code and so is doubled in what is filled in."""
    # &12{{ year }} would become &122026, a font size; Excel itself parts the two by a space
    parted = _SIZE_BEFORE_VALUE.sub(r"\1 ", text)
    return render(parted, context, where, _doubled)


def _doubled(value: str) -> str:
    return value.replace("&", "&&")


@lru_cache(maxsize=256)  # the returns of a period all fill the same few texts
def _compiled(text: str, escape: Callable[[str], str]) -> tuple[frozenset[str], jinja2.Template]:
    """Return the names a text asks for, and the text ready to be rendered."""
    environment = _environment(escape)
    names = meta.find_undeclared_variables(environment.parse(text))
    return frozenset(names), environment.from_string(text)


def _environment(escape: Callable[[str], str]) -> SandboxedEnvironment:
    def finalize(value: object) -> object:
        if value is None:
            return ""
        return value if isinstance(value, jinja2.Undefined) else escape(str(value))

    environment = SandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        finalize=finalize,
    )
    environment.globals.clear()
    return environment
