"""The commands of the Excel side: the add-in, and what works on this desktop."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xlperf.cli.app import HERE, WorkspaceOption, app, out

addin = typer.Typer(help="The ribbon add-in: build, install, uninstall.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(addin, name="addin")

StartOption = Annotated[
    Path | None, typer.Option("--xlstart", help="Excel's startup folder, where it is not found by itself.")
]


@addin.command()
def build(
    file: Annotated[Path, typer.Option("--out", help="Where to write it.")] = Path("macros/xlperf.xlam"),
) -> None:
    """Assemble xlperf.xlam from the macros; for developers, the built file ships with xlperf."""
    from xlperf.desktop.checkout import build_addin

    out.print(f"Built {build_addin(file)}")


@addin.command()
def install(workspace: WorkspaceOption = HERE, xlstart: StartOption = None) -> None:
    """Put the add-in where Excel starts it, set to this workspace."""
    from xlperf.desktop import install
    from xlperf.workflow.workspace import open_workspace

    out.print(str(install.install(open_workspace(workspace), xlstart=xlstart)))


@addin.command()
def uninstall(xlstart: StartOption = None) -> None:
    """Take away what install put there."""
    from xlperf.desktop import install

    out.print(str(install.uninstall(xlstart=xlstart)))


@app.command()
def doctor(workspace: WorkspaceOption = HERE) -> None:
    """Say what works on this desktop, what its policies block, and the remedy."""
    from xlperf.desktop import doctor

    checks = doctor.doctor(workspace)
    for check in checks:
        out.print(str(check))
    raise typer.Exit(1 if any(check.ok is False for check in checks) else 0)
