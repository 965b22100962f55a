"""The command line's app: options shared by its commands, and how results, progress and failures are printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

if TYPE_CHECKING:
    from xlperf.findings import Finding

app = typer.Typer(
    help="Runs a public body's performance cycle in Excel: catalogue, returns, master, dashboard.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False, markup=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)
err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", help="The workspace folder; this folder where not given.")
]
PeriodOption = Annotated[str, typer.Option("--period", help="A reporting period of the calendar, as 2026-27-Q1.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
HERE = Path()


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int, str], None]]:
    """A bar on a terminal; nothing where output goes to a file or another program."""
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, name: bar.update(task, completed=done, total=total, description=name[:50])


def print_json(result: Any) -> None:
    """Print a machine-readable result."""
    out.print_json(json.dumps(result, default=str), indent=2)


def print_findings(findings: tuple[Finding, ...] | list[Finding], most: int = 20) -> None:
    """Print findings, the first so many of them."""
    for item in findings[:most]:
        out.print(f"  {item.severity}: {item}")
    if len(findings) > most:
        out.print(f"  … and {len(findings) - most} more")
