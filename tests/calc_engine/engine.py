"""An xlwings engine for LibreOffice Calc: the add-in's own code drives a live spreadsheet program, without Excel.

    use_engine()  # of `fixture`; from here on `xw.apps`, `xw.books`, `xw.Book.caller()` mean Calc

It answers xlwings as xlwings' own engine for Windows does, for that part of the API that xlperf uses; anything else
raises NotImplementedError. In tests, take the `calc` fixture (see `fixture`).

What it does as Excel (or xlwings on Windows) is documented to do:
- Values come as over COM: every number a float, a date where the format shows one, a Decimal where it shows money, an
  int for an error, one cell bare and more as a tuple of rows. An empty text is an empty cell.
- A text is taken as if typed: `001` is 1, `1/2` a date, `=A1` a formula, `#N/A` an error, unless an apostrophe stands
  before it or the cell is formatted as text, where all stays text and a number becomes one (`typed`, `writing`).
- Formulas in Excel's spelling both ways, tables' columns among them; one formula for a range follows its cells.
- A protected sheet refuses every change but to the contents of unlocked cells. A table's header stays in its row, and
  tables do not overlap. Refusals have the shape of `pywintypes.com_error` (`comerror`), those of an Excel that is busy
  (`Calc.reject`), was closed or has ended, too.
- Cells put in, taken out and moved take with them what hangs on them, and what points at them follows. What would tear
  a table, or cells merged across the edge, is refused; while something is marked for copying nothing is put in (Excel
  would put in that). Notes and links stay on a cell into which something else is put.
- A program without a workbook is not in `xw.apps`. A workbook opened has a lock file beside it, LibreOffice's here.
- All formulas are calculated when a workbook is opened. Message boxes and the status bar are kept, not shown.

What is otherwise than in Excel:
- Tables are listed from the top down, not by age; they do not grow by themselves when something is written below, nor
  fill a column with its formula. A table without a header row cannot be made. `[@Actual]` reads back in its long form.
- Pasting formats brings data validation along, which Excel's does not. Looks are few: fill, number format, sizes, the
  font's weight, slant and colour, whether there is a line. Conditional formats and charts have no API here, but Calc
  opens and saves them; it knows no threads of comments, and no link on an empty cell.
- What becomes of a range by Excel's rules when its first or last row is moved is not known here; Calc has its own.
- Dates in texts are read as in the UK; in Excel it depends on the machine, and over COM on more than that.
- Saving goes through Calc's own export: a very hidden sheet comes back as hidden, table styles are lost.
- A formula with a bracket too few is mended, and one refused leaves its cell empty; SQRT(-1) is #VALUE!.
- `screen_updating`, `enable_events` and `visible` are remembered and do nothing.

Why it proves nothing about Excel: what Excel does was taken from documentation and from xlwings' source, not from an
Excel. It shows that the add-in's code runs from end to end on a program that is live, has formulas, filters, tables and
protection of its own, and fights back where Excel is known to. Whether Excel agrees a person has to see.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from xlwings import base_classes

from tests.calc_engine.app import App
from tests.calc_engine.office import Office
from tests.calc_engine.reading import ERROR_CODES

_ERROR_TEXTS = {code: text for text, code in ERROR_CODES.items()}


class Engine:
    """The engine as xlwings wants it."""

    name = "calc"
    type = "desktop"

    def __init__(self) -> None:
        self._apps = Apps(self)

    @property
    def apps(self) -> Apps:
        return self._apps

    @staticmethod
    def prepare_xl_data_element(x: Any, options: Any) -> Any:
        """Make a value fit to be written, as the Windows engine does: an empty cell is ""."""
        return "" if x is None or (isinstance(x, float) and math.isnan(x)) else x

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[Any]], datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool
    ) -> list[list[Any]]:
        """Turn what COM handed out into what xlwings hands out."""

        def clean(value: Any) -> Any:
            if value is None or value == "":
                return empty_as
            if isinstance(value, datetime):
                parts = value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond
                names = ("year", "month", "day", "hour", "minute", "second", "microsecond")
                return datetime_builder(**dict(zip(names, parts, strict=True)), tzinfo=None)
            if isinstance(value, float) and number_builder is not None:
                return number_builder(value)
            if isinstance(value, int) and not isinstance(value, bool):
                return _ERROR_TEXTS[value] if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]


class Apps(base_classes.Apps):
    """The running programs. As with Excel, one without an open workbook is not among them: it cannot be found."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.started: list[App] = []

    def _findable(self) -> list[App]:
        return [app for app in self.started if app.office.is_alive and len(app.books)]

    def keys(self) -> list[int]:
        return [app.pid for app in self._findable()]

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: Any = None) -> App:
        app = self.adopt(Office.start())
        if add_book:
            app.books.add()
        return app

    def adopt(self, office: Office) -> App:
        """Make a program that is running one of ours; it becomes the active one."""
        app = App(self, office)
        self.started.insert(0, app)
        return app

    @staticmethod
    def cleanup() -> None:
        """Nothing: each program is ended by whoever started it."""

    def __iter__(self) -> Iterator[App]:
        return iter(self._findable())

    def __len__(self) -> int:
        return len(self._findable())

    def __getitem__(self, pid: int) -> App:
        for app in self._findable():
            if app.pid == pid:
                return app
        raise KeyError("Could not find an Excel instance with this PID.")


engine = Engine()
