"""The commands of the cycle, in its order: parse, call one use case, print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlperf.cli.app import (
    HERE,
    JsonOption,
    LedgerOption,
    PeriodOption,
    WorkspaceOption,
    app,
    out,
    print_findings,
    print_json,
    print_lines,
    print_table,
    progress_bar,
    this_run,
)
from xlperf.cli.collating import collated, collated_live, opened_in_excel, print_collation, said_again
from xlperf.cli.json_output import status_record

if TYPE_CHECKING:
    from xlperf.workflow.cycle.chase import Status


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    framework: Annotated[str, typer.Option(help="heiw, trust, hee or ics.")] = "heiw",
) -> None:
    """Make a workspace."""
    from xlperf.workflow import workspace

    made = workspace.init(folder, framework)
    out.print(f"{made.root} is ready. Edit its kpi_catalogue.yaml, then: xlperf check --workspace {folder}")


@app.command()
def check(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Check the catalogue: SMART, figures that cannot be meant, owners, calendar, Excel's limits."""
    from xlperf.catalogue import check_catalogue
    from xlperf.workflow.workspace import CATALOGUE

    catalogue, findings = check_catalogue(workspace / CATALOGUE)
    if as_json:
        print_json({"kpis": len(catalogue.kpis) if catalogue else 0, "findings": [f.as_record() for f in findings]})
    elif findings:
        out.print(f"{len(findings)} fault{'s' if len(findings) > 1 else ''} in the catalogue:")
        print_findings(findings, most=500)
    elif catalogue is not None:
        periods = len(catalogue.calendar.periods)
        out.print(f"The catalogue is in order: {catalogue.version}, {len(catalogue.kpis)} KPIs, {periods} periods.")
    raise typer.Exit(1 if findings else 0)


@app.command()
def generate(
    period: PeriodOption,
    workspace: WorkspaceOption = HERE,
    ledger: LedgerOption = "",
    again: Annotated[bool, typer.Option("--again", help="Also for owners whose return has been accepted.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write a return for each owner, with a covering e-mail draft."""
    from xlperf.report import results
    from xlperf.workflow.cycle import generate
    from xlperf.workflow.workspace import open_workspace

    with progress_bar("Returns", is_shown=not as_json) as progress:
        done = generate.generate(open_workspace(workspace, ledger), period, this_run(progress), again=again)
    if as_json:
        print_json(
            {
                "period": done.period,
                "files": [str(path) for path in done.files],
                "superseded": [item.file for item in done.superseded],
                "left_out": dict(done.left_out),
            }
        )
        return
    print_lines(results.generated(done.period, done.files, len(done.superseded), done.left_out))


@app.command(name="import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV or xlsx: kpi, org, period, and actual, numerator and denominator, or milestone.")
    ],
    sheet: Annotated[
        str, typer.Option("--sheet", help="The sheet to read; the first one seen that has the columns.")
    ] = "",
    workspace: WorkspaceOption = HERE,
    ledger: LedgerOption = "",
) -> None:
    """Take in figures kept before xlperf."""
    from xlperf.workflow.cycle.import_history import import_history
    from xlperf.workflow.workspace import open_workspace

    done = import_history(open_workspace(workspace, ledger), file, this_run(), sheet=sheet)
    if done.already:
        out.print(f"{file.name} was imported before; nothing has changed; {done.refused} rows refused.")
    else:
        out.print(f"{done.taken} figures imported, {done.refused} rows refused.")
    print_findings(done.findings)
    raise typer.Exit(1 if done.refused or done.findings else 0)


@app.command()
def collate(
    period: Annotated[
        str | None, typer.Option("--period", help="What the master reports on; the latest issued.")
    ] = None,
    workspace: WorkspaceOption = HERE,
    ledger: LedgerOption = "",
    live: Annotated[bool, typer.Option("--live", help="Into the master that is open in Excel.")] = False,
    book: Annotated[str | None, typer.Option("--book", help="With --live: its name; the active one.")] = None,
    accept_catalogue: Annotated[
        bool, typer.Option("--accept-catalogue", help="Show past figures otherwise, if the catalogue says so.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Even if nothing has changed since the last time.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read the received returns into the ledger and refresh the master."""
    from xlperf.errors import UsageError
    from xlperf.workflow.workspace import open_workspace

    where = open_workspace(workspace, ledger)
    if book is not None and not live:
        raise UsageError("--book goes with --live")
    opened = opened_in_excel(book) if live else None
    if not again:
        was_clean = said_again(where, period, opened, as_json=as_json)
        if was_clean is not None:
            raise typer.Exit(0 if was_clean else 1)
    from xlperf.workflow.cycle.collate import Options

    options = Options(period, accepts=lambda _: accept_catalogue)
    done = collated(where, options) if opened is None else collated_live(where, opened, options)
    print_collation(done, as_json=as_json)
    raise typer.Exit(0 if done.is_clean else 1)


@app.command()
def status(
    period: PeriodOption,
    workspace: WorkspaceOption = HERE,
    ledger: LedgerOption = "",
    since: Annotated[
        str, typer.Option("--since", help="What has changed since an edition: its name, its period, or last.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Say who has returned, what is missing, and what was rejected; and what has changed since an edition."""
    from xlperf.report import results
    from xlperf.workflow.cycle import chase
    from xlperf.workflow.workspace import open_workspace
    from xlperf.workflow.workspace.run import now

    where, moment = open_workspace(workspace, ledger), now()
    period_status = chase.status(where, period, now=moment)
    figures = None
    if as_json or since:
        from xlperf.workflow.cycle.period_standing import standing

        figures = standing(where, period, now=moment, since=since)
    if as_json:
        print_json(status_record(period_status) | (figures.as_record() if figures else {}))
        return
    print_lines(results.status(period_status))
    if period_status.owners:
        _print_owners(period_status)
    for received in period_status.unmatched:
        out.print(f"  {received.file}: {received.outcome}")
        print_findings(received.findings)
    print_lines(figures.change_lines if figures else [])


def _print_owners(period_status: Status) -> None:
    """Print a table with a row for each owner, then what is wrong with their last files."""
    rows = [("Owner", "Executive owner", "Outcome", "Rows", "Days late")]
    for owner in period_status.owners:
        taken = f"{owner.accepted} of {owner.asked}" + (f", {owner.refused} refused" if owner.refused else "")
        rows.append((owner.name, owner.executive, owner.outcome, taken, str(owner.days_late or "")))
    print_table(rows)
    for owner in period_status.owners:
        print_findings(owner.problems)


@app.command()
def release(
    file: Annotated[str, typer.Argument(metavar="FILE_OR_SHA256", help="The name of a held file, or its hash.")],
    workspace: WorkspaceOption = HERE,
    ledger: LedgerOption = "",
    reject: Annotated[bool, typer.Option("--reject", help="Reject it instead of taking it.")] = False,
    take_back: Annotated[bool, typer.Option("--take-back", help="Take back one that was accepted.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the ledger and shown in the master.")] = "",
) -> None:
    """Take a return that is held for the team, or reject it; or take an accepted one back."""
    from xlperf.errors import UsageError
    from xlperf.workflow.cycle import release
    from xlperf.workflow.workspace import open_workspace

    if reject and take_back:
        raise UsageError("--reject is for a return that is held, --take-back for one that was accepted; give one")
    verdict = release.Verdict.REJECT if reject else release.Verdict.TAKE_BACK if take_back else release.Verdict.TAKE
    done = release.release(open_workspace(workspace, ledger), file, this_run(), verdict, reason)
    out.print(f"{done.file} of {done.owner or 'an unknown owner'}, {done.period or 'unknown period'}: {done.outcome}")
    out.print("Collate to bring it into the master.")


@app.command()
def chase(period: PeriodOption, workspace: WorkspaceOption = HERE, ledger: LedgerOption = "") -> None:
    """Write reminder drafts for what is late or refused, executives copied."""
    from xlperf.report import results
    from xlperf.workflow.cycle import chase
    from xlperf.workflow.workspace import open_workspace

    drafts = chase.chase(open_workspace(workspace, ledger), period, this_run())
    print_lines(results.chased(period, drafts))


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the sample workspace.")],
    framework: Annotated[str, typer.Option(help="heiw, trust, hee or ics.")] = "heiw",
) -> None:
    """Run a whole cycle on sample data."""
    from xlperf.workflow.cycle import demo

    with progress_bar("Demo") as progress:
        done = demo.demo(folder, framework, progress=progress)
    for line in done.story:
        out.print(line)
    out.print("")
    out.print(f"Open the master:     {done.master}")
    out.print(f"Open the board pack: {done.pdf or 'none was made: it needs the extra pack; print the Dashboard sheet'}")
