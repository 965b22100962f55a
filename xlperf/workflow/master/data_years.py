"""How many years the sheet Data shows, as the team has set by `data_years`, and whether they fit on a sheet."""

from __future__ import annotations

from datetime import date, timedelta

from xlperf.assessment import Assessment
from xlperf.errors import WorkbookError
from xlperf.period import Period
from xlperf.workbook.a1 import LAST_ROW
from xlperf.workflow.workspace.settings import SETTINGS, Settings


def data_since(settings: Settings, reporting: Period) -> date | None:
    """The first day of the years that Data shows, which end with the reporting period; None where it shows all."""
    if not settings.data_years:
        return None
    after = reporting.last_day + timedelta(days=1)  # the first of a month, so every year has it
    return after.replace(year=max(after.year - settings.data_years, date.min.year))


def must_fit(figures: int, first_row: int) -> None:
    """Raise WorkbookError where so many figures, from that row of the sheet on, are more than a sheet has rows."""
    room = LAST_ROW - first_row + 1
    if figures > room:
        raise WorkbookError(
            f"the sheet Data would need {figures:,} rows, and a sheet of Excel has room for {room:,}, so the master "
            f"was left as it was. Write how many years Data is to show into {SETTINGS}, such as 'data_years: 5'; the "
            "ledger and every judgement still use all figures"
        )


def data_words(assessment: Assessment) -> str:
    """What Data shows, for About; "" where it shows every figure."""
    since = assessment.data_since
    if since is None:
        return ""
    shown, returned = assessment.figures_in_data, int((~assessment.figures["rolled_up"]).sum())
    return (
        f"{shown:,} of {returned:,} figures, those of periods that end on or after {since.day} {since:%B %Y} "
        f"(data_years in {SETTINGS}); every figure is in the ledger, and in every judgement"
    )
