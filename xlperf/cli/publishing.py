"""The commands about what boards and other meetings are shown: parse, call one use case, print."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from xlperf.cli.app import (
    HERE,
    JsonOption,
    LedgerOption,
    PeriodOption,
    WorkspaceOption,
    app,
    out,
    print_json,
    print_lines,
    progress_bar,
    this_run,
)


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
