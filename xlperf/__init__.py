"""xlperf runs a public body's performance cycle on Excel workbooks.

The rooms, from the bottom up, are drawn in README.md; importing this package loads neither pandas nor xlwings.
"""

__version__ = "0.2.0"
