"""The commands that look after the ledger: copy it, verify it, make the master anew from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlperf.cli.app import (
    HERE,
    JsonOption,
    LedgerOption,
    WorkspaceOption,
    app,
    out,
    print_findings,
    print_json,
    progress_bar,
    this_run,
)

if TYPE_CHECKING:
    from xlperf.ledger import Ledger

ledger = typer.Typer(
    help="Look after the ledger: copy, verify, rebuild the master from it.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(ledger, name="ledger")


@ledger.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="A folder, a workspace, or a postgresql:// address.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The same; it is only ever added to.")],
    as_json: JsonOption = False,
) -> None:
    """Copy a ledger to another place, and compare both. Nothing is deleted; try again if it was stopped."""
    from xlperf.errors import UsageError
    from xlperf.ledger.copying import copy_ledger

    begin, end = _at(source), _at(target)
    if begin.place == end.place:
        raise UsageError(f"{begin.place}: FROM and TO are the same ledger")
    with progress_bar("Copied") as progress:
        done = copy_ledger(begin, end, progress)
    if as_json:
        parts = {name: getattr(done, name) for name in done.__dataclass_fields__}
        print_json({"from": begin.place, "to": end.place, **parts})
        return
    out.print(f"Copied {done.new_runs} runs and {done.new_originals} originals from {begin.place} to {end.place}.")
    out.print(f"Both have {done.runs} runs and {done.originals} originals, read again on both sides: each is the same.")
    if done.other_runs or done.other_originals:
        out.print(f"TO also has {done.other_runs} runs and {done.other_originals} originals that FROM has not.")


def _at(address: str) -> Ledger:
    """The ledger at an address; that of a workspace, where a workspace is meant."""
    from xlperf.ledger import open_ledger
    from xlperf.ledger.opening import is_url
    from xlperf.workflow.workspace import CATALOGUE, open_workspace

    if not is_url(address) and (Path(address) / CATALOGUE).is_file():
        return open_workspace(Path(address)).ledger()
    return open_ledger(address)


@ledger.command()
def verify(
    workspace: WorkspaceOption = HERE,
    at: LedgerOption = "",
    other: Annotated[str, typer.Option("--other", help="Another ledger in which to look for good copies.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Check every run and original, read every return in it again, and compare every figure."""
    from xlperf.workflow.integrity import verify
    from xlperf.workflow.workspace import open_workspace

    where = open_workspace(workspace, at)
    with progress_bar("Verified") as progress:
        verified = verify.verify(where, other=_at(other) if other else None, progress=progress)
    if as_json:
        counts = {
            name: getattr(verified, name) for name in ("place", "runs", "originals", "returns", "imports", "figures")
        }
        print_json({**counts, "clean": verified.is_clean, "findings": [item.as_record() for item in verified.findings]})
    else:
        out.print(
            f"{verified.place}: {verified.runs} runs and {verified.originals} originals are whole; "
            f"{verified.returns} returns and {verified.imports} imports were read again, "
            f"{verified.figures} figures compared."
        )
        print_findings(verified.findings, most=100)
        out.print("Nothing is wrong." if verified.is_clean else "Something is wrong: see above.")
    raise typer.Exit(0 if verified.is_clean else 1)


@ledger.command()
def rebuild(
    workspace: WorkspaceOption = HERE,
    at: LedgerOption = "",
    period: Annotated[
        str | None, typer.Option("--period", help="What the master reports on; the latest issued.")
    ] = None,
) -> None:
    """Make the master anew from the ledger; the present one is kept among the backups."""
    from xlperf.workflow.integrity import rebuild
    from xlperf.workflow.workspace import open_workspace

    done = rebuild.rebuild(open_workspace(workspace, at), this_run(), period=period)
    if done.before is not None:
        out.print(f"The master there was is kept, with all sheets and notes of people's own: {done.before}")
    if done.unreadable:
        out.print(f"Decisions typed in it since the last collation could not be read: {done.unreadable}")
    elif done.decisions:
        out.print(f"{done.decisions} decisions typed in it are in the ledger now.")
    print_findings(done.findings)
    if done.uncollated:
        out.print(f"{done.uncollated} files in the received folders have not been collated yet: xlperf collate")
    out.print(f"Master: {done.written.path}, for {done.period}")
    if done.written.pending:
        out.print(f"Note: {done.written.pending}")
    raise typer.Exit(1 if done.unreadable else 0)


@ledger.command(name="give-up")
def give_up(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The run that has gone, as the message names it.")],
    why: Annotated[str, typer.Option("--because", help="What happened, for the record.")],
    workspace: WorkspaceOption = HERE,
    at: LedgerOption = "",
) -> None:
    """Go on without a run that is lost and in no backup. Collate then reads its returns again, where they still lie."""
    from xlperf.workflow.integrity import give_up
    from xlperf.workflow.workspace import open_workspace

    give_up.give_up(open_workspace(workspace, at), run, why, this_run())
    out.print(f"Run {run} is given up. Collate now: returns that lie in the received folders are judged again.")
