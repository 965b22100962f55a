"""A workbook's page on paper: a copy that holds it and nothing else."""

from xlperf.workbook.printing.copy import print_copy
from xlperf.workbook.printing.page import Page, PrintCopy

__all__ = ["Page", "PrintCopy", "print_copy"]
