"""The command line's app: options shared by its commands, and how results, progress and failures are printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlperf import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from xlperf.findings import Finding
    from xlperf.workflow.workspace.run import Run

app = typer.Typer(
    help="Runs a public body's performance cycle in Excel: catalogue, returns, master, dashboard.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(asked: bool) -> None:
    if asked:
        print(f"xlperf {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version of xlperf and do no more.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Options of the program itself; what it is for stands in the app's own help."""


class _Terminal:
    """A terminal on which text from outside (file names, cells, messages about them) can steer nothing."""

    def __init__(self, *, is_for_errors: bool = False) -> None:
        self._is_for_errors = is_for_errors

    @cached_property
    def console(self) -> Console:
        """What prints; loaded when something is printed, as rich takes longer to load than what `--help` needs."""
        from rich.console import Console

        return Console(stderr=self._is_for_errors, width=None if self._is_for_errors else _WIDTH, **_PLAIN)

    def print(self, *objects: Any) -> None:
        """See `Console.print`; text keeps its line breaks, and nothing else that cannot be seen."""
        self.console.print(*(_lines(each) if isinstance(each, str) else each for each in objects))


def _lines(text: str) -> str:
    from xlperf.findings import plain

    return "\n".join(map(plain, text.split("\n")))


# Nothing in what is printed is rich's own markup or the name of an emoji, whatever a file is called.
_PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False, "soft_wrap": True}
_WIDTH = None if sys.stdout and sys.stdout.isatty() else 160  # stdout is None where it was closed
out, err = _Terminal(), _Terminal(is_for_errors=True)

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", help="The workspace folder; this folder where not given.")
]
PeriodOption = Annotated[str, typer.Option("--period", help="A reporting period of the calendar, as 2026-27-Q1.")]
LedgerOption = Annotated[
    str,
    typer.Option("--ledger", help="The ledger: a folder or a postgresql:// address; else as set in workspace.yaml."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
HERE = Path()


@contextmanager
def progress_bar(what: str, *, is_shown: bool = True) -> Iterator[Callable[[int, int, str], None]]:
    """A bar on a terminal; nothing where output goes to a file or another program, or `is_shown` says so."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    is_bar = is_shown and err.console.is_terminal
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=err.console, transient=True, disable=not is_bar) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, name: bar.update(task, completed=done, total=total, description=_lines(name[:50]))


def say(note: str) -> None:
    """Print a note beside the result, as that somebody else is at work and is waited for."""
    err.print(f"xlperf: {note}")


def print_lines(lines: Iterable[str]) -> None:
    """Print a result, a line at a time."""
    for line in lines:
        out.print(line)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of as many cells each in columns, the headings first; folded by rich where they are too wide.

    Where they are not, we lay them out ourselves, as rich needs a second for two thousand rows.
    """
    from rich.cells import cell_len
    from rich.table import Table

    cells = [[_lines(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    if sum(widths) + 2 * len(widths) > out.console.width or any("\n" in cell for row in cells for cell in row):
        table = Table(*cells[0], box=None)
        for row in cells[1:]:
            table.add_row(*row)
        out.print(table)
        return
    padded = ("".join(f" {c}{' ' * (w - cell_len(c))} " for c, w in zip(row, widths, strict=True)) for row in cells)
    out.print("\n".join(line.rstrip() for line in padded))


def print_json(result: Any) -> None:
    """Print a machine-readable result, in ASCII: what cannot be seen is escaped."""
    out.console.print_json(json.dumps(result, default=str), indent=2, ensure_ascii=True)


def print_findings(findings: tuple[Finding, ...] | list[Finding], most: int = 20) -> None:
    """Print findings, the first so many of them."""
    for item in findings[:most]:
        out.print(f"  {item.severity}: {item}")
    if len(findings) > most:
        out.print(f"  … and {len(findings) - most} more")


def this_run(progress: Callable[[int, int, str], None] | None = None) -> Run:
    """A run of this moment, by whoever is logged on; what it has to note is printed beside the result."""
    from xlperf.workflow.workspace.run import Run, now, who

    return Run(now(), who(), say, progress) if progress else Run(now(), who(), say)
