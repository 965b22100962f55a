"""The port over a workbook that is open in Excel: the same workflow, on what the user sees.

    attaching         find the open workbook: by name, the active one, or the one whose button was clicked
    live_workbook     LiveWorkbook, the port itself
    open_book         its names, and saving it
    refusing          what is refused, as it is done to files only
    places            where its tables are
    named             where its named cells and print areas are
    below             what is under a table
    cells_from_excel  turns what Excel hands out into the cells that a file would give
    live_table        one table as it stands now
    keeping           reads people's own cells, for the rows that they go to
    open_contents     what stands on the sheets, by which a workbook is known again
    meanwhile         whether somebody has typed into a table since it was read
    notes_and_links   notes, threads and links on cells
    row_steps         works out which rows are put in, moved and taken out; knows no Excel
    moving            has Excel do so, and undoes it where Excel refuses
    pointing          checks, before and after, the formulas and names that point at rows by their address
    rowlooks          what most rows look like, and the heights that people gave to some
    planning          works out what goes into every cell, and in which number format; knows no Excel
    writing           puts that into the sheet, in the order in which a failure does the least harm
    page_breaks       where the pages of a table end
    saving            saves the open workbook itself, under its own name
    quiet_excel       keeps Excel quiet while we work; its status bar and the closing message
    faults            turns each refusal of Excel into one plain sentence; waits while somebody types

xlwings is imported only when an open workbook is asked for. Only its open-source (BSD) part is used.
"""

from xlperf.workbook.live.attaching import attach, from_caller
from xlperf.workbook.live.live_workbook import LiveWorkbook
from xlperf.workbook.live.quiet_excel import asked, message, quiet, status

__all__ = ["LiveWorkbook", "asked", "attach", "from_caller", "message", "quiet", "status"]
