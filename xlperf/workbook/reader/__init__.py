"""A sparse, one-pass reader of named Excel tables from an untrusted .xlsx.

Only the sheets that hold a wanted table are read, and of them only the cells in the tables' columns; the size that a
sheet claims costs nothing. Checking and reading are one pass over the standard library's expat. What is not as Excel
writes it is refused with a finding, never guessed: a wrong figure is worse than a second sending.
"""

from xlperf.workbook.reader.grid import MOST_STRAY
from xlperf.workbook.reader.reading_limits import OF_OUR_OWN, ReadingLimits
from xlperf.workbook.reader.wanted_tables import WorkbookTables, read_tables

__all__ = ["MOST_STRAY", "OF_OUR_OWN", "ReadingLimits", "WorkbookTables", "read_tables"]
