"""The `calc` fixture for tests of the master that is open: LibreOffice Calc, which xlwings takes for Excel."""

from tests.calc_engine.fixture import calc

__all__ = ["calc"]
