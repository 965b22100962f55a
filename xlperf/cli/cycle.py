"""The commands of the cycle, in its order: parse, call one use case, print."""

from __future__ import annotations

from datetime import datetime
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
def notices(
    period: PeriodOption,
    workspace: WorkspaceOption = HERE,
    ledger: LedgerOption = "",
    with_letters: Annotated[
        bool, typer.Option("--letters", help="Also a letter for each executive, as after a review.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Also what was drafted before.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Draft the notices about what was decided on escalation."""
    from xlperf.report import results
    from xlperf.workflow.cycle.notices import draft_notices
    from xlperf.workflow.workspace import open_workspace

    where = open_workspace(workspace, ledger)
    done = draft_notices(where, period, this_run(), with_letters=with_letters, again=again)
    if as_json:
        print_json(done.as_record())
    else:
        drafts = [path for path, _ in done.files]
        print_lines(results.noticed(done.period, drafts, done.before, done.disputed))
    raise typer.Exit(1 if done.disputed else 0)


@app.command()
def publish(
    period: PeriodOption,
    workspace: WorkspaceOption = HERE,
    ledger: LedgerOption = "",
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also make the board's pack as a PDF; without the extra 'pack', as --sheet.")
    ] = False,
    word: Annotated[bool, typer.Option("--word", help="Also make the board's pack in Word, to be edited.")] = False,
    html: Annotated[bool, typer.Option("--html", help="Also make the board's pack as one web page.")] = False,
    data: Annotated[
        bool,
        typer.Option("--data", help="Also make a workbook of plain tables, for screen readers and programs."),
    ] = False,
    sheet: Annotated[
        bool, typer.Option("--sheet", help="Also make a PDF of the dashboard sheet alone, with LibreOffice.")
    ] = False,
    correction: Annotated[
        str, typer.Option("--correction", help="Why it takes the place of the edition that the period has already.")
    ] = "",
    public: Annotated[
        bool,
        typer.Option("--public", help="Also make the pack for the public, as a PDF and as a web page."),
    ] = False,
) -> None:
    """Freeze an edition."""
    from xlperf.report import results
    from xlperf.workflow.cycle import edition_files, publish
    from xlperf.workflow.workspace import open_workspace

    output = edition_files.Output
    asked = (
        (pdf, output.PACK_PDF),
        (word, output.PACK_WORD),
        (html, output.PACK_HTML),
        (data, output.DATA),
        (sheet, output.SHEET),
        (public, output.PUBLIC_PDF),
        (public, output.PUBLIC_HTML),
    )
    outputs = dict.fromkeys(each for is_asked, each in asked if is_asked)
    where = open_workspace(workspace, ledger)
    done = publish.publish(where, period, this_run(), outputs=outputs, correction=correction)
    files = [(output.called, path) for output, path in done.files.items()]
    print_lines(results.published(period, done.workbook, files, done.doubts, done.lacking))
    raise typer.Exit(1 if done.doubts or done.lacking else 0)


@app.command()
def pack(
    period: PeriodOption,
    meeting: Annotated[
        list[str] | None,
        typer.Option("--meeting", help="A meeting of the catalogue, by its id; all that look at the period."),
    ] = None,
    workspace: WorkspaceOption = HERE,
    ledger: LedgerOption = "",
    word: Annotated[bool, typer.Option("--word", help="Also make it in Word, to be edited.")] = False,
    html: Annotated[bool, typer.Option("--html", help="Also make it as one web page.")] = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="A draft, which says so on every page; also of the board's pack.")
    ] = False,
    not_before: Annotated[
        datetime | None,
        typer.Option("--not-before", formats=["%Y-%m-%d"], help="A draft that is not to be shared before that day."),
    ] = None,
) -> None:
    """Make the pack of a meeting as a PDF: what it covers, with what it decides, agreed and was shown last."""
    from xlperf.report import meeting_results
    from xlperf.workflow.cycle import packs
    from xlperf.workflow.workspace import open_workspace

    pdf, in_word, page = packs.OUTPUTS
    outputs = [pdf, *([in_word] if word else []), *([page] if html else [])]
    with progress_bar("Packs") as progress:
        done = packs.make_packs(
            open_workspace(workspace, ledger), period, meeting or (), this_run(progress), outputs=outputs,
            draft=packs.Draft(not_before.date() if not_before else None) if draft or not_before else None,
        )  # fmt: skip
    print_lines(meeting_results.packed(period, [(each, [*each.files.values()]) for each in done]))
    raise typer.Exit(1 if any(each.doubts or each.lacking for each in done) else 0)


@app.command()
def approve(
    period: PeriodOption,
    by: Annotated[str, typer.Option("--by", help="The executive owner who has approved it: the id or the title.")],
    workspace: WorkspaceOption = HERE,
    ledger: LedgerOption = "",
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day of the approval; today.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="What was said with it.")] = "",
) -> None:
    """Record that an executive has approved the draft of the board's pack."""
    from xlperf.report.edition_words import draft_words
    from xlperf.workflow.cycle.approve import approve
    from xlperf.workflow.workspace import open_workspace

    where, day = open_workspace(workspace, ledger), on.date() if on else None
    print_lines([*draft_words(approve(where, period, by, this_run(), on=day, note=note))])


@app.command()
def meetings(
    period: Annotated[
        str, typer.Option("--period", help="Those about this period; else the last one issued, and two more.")
    ] = "",
    workspace: WorkspaceOption = HERE,
    ledger: LedgerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say which meeting looks at what and when, which returns it waits for, and whether its pack was made."""
    from xlperf.report import meeting_results
    from xlperf.workflow.cycle.meeting_calendar import calendar
    from xlperf.workflow.workspace import open_workspace
    from xlperf.workflow.workspace.run import now

    listed = calendar(open_workspace(workspace, ledger), period, now=now())
    if as_json:
        print_json({"meetings": [meeting_results.calendar_record(each) for each in listed]})
        return
    from rich.table import Table

    table = Table(*meeting_results.CALENDAR, box=None)
    for each in listed:
        table.add_row(*meeting_results.calendar_row(each, now().date()))
    out.print(table)


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
