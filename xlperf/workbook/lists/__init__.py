"""Plain lists in files of the team's own: CSV, or a sheet of a workbook."""

from xlperf.workbook.lists.list_reading import read_list
from xlperf.workbook.lists.listfile import ListFile, TornNumber

__all__ = ["ListFile", "TornNumber", "read_list"]
