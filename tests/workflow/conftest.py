"""The `calc` fixture for tests of the workbook open in Excel: LibreOffice Calc, which xlwings takes for Excel."""

from tests.calc_engine.fixture import calc

__all__ = ["calc"]
