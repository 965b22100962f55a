"""Plain lists in files of the team's own: CSV, or a sheet of a workbook."""

from xlperf.workbook.lists.listfile import ListFile, TornNumber
from xlperf.workbook.lists.reading import read_list

__all__ = ["ListFile", "TornNumber", "read_list"]
