"""The port over a workbook that is open in Excel: the same workflow, on what the user has before them.

    attaching   finding the open workbook: by name, the active one, or the one whose button was clicked
    book        LiveWorkbook, the port itself
    places      where its tables are, named where its named cells and print areas are, below what is under a table
    reading     cells as Excel hands them out, as the cells that a file would give
    keeping     people's own cells, read as they stand for the rows they go to
    meanwhile   whether somebody typed into a table since it was read
    hanging     notes, threads and links on cells
    steps       which rows are put in, moved and taken out; knows no Excel
    moving      having Excel do so, and taking it back where Excel refuses
    pointing    formulas and names that point at rows by their address, looked at before and after
    rowlooks    what most rows look like, and the heights that people gave to some
    planning    what goes into every cell, and under which number format; knows no Excel
    writing     putting that into the sheet, in the order in which a failure does the least harm
    saving      the open workbook itself, under its own name
    settings    Excel kept quiet while we work, its status bar, the closing message
    faults      Excel's refusals as one plain sentence each; waiting while somebody types

xlwings is imported only when an open workbook is asked for; of it, only what is open source (BSD) is used.
"""

from xlperf.workbook.live.attaching import attach, from_caller
from xlperf.workbook.live.live_workbook import LiveWorkbook
from xlperf.workbook.live.quiet_excel import asked, message, quiet, status

__all__ = ["LiveWorkbook", "asked", "attach", "from_caller", "message", "quiet", "status"]
