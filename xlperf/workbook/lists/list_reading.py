"""Reading a list, as history is kept: a CSV, or one sheet of a workbook. For analysts' own files, not returns.

Cells come out as the reader of returns would give them. What of the file is hidden or left unread is said, not decided.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path

from openpyxl.utils.exceptions import InvalidFileException

from xlperf.errors import UsageError, WorkbookError
from xlperf.workbook.lists.csvfile import read_csv
from xlperf.workbook.lists.listfile import ListFile
from xlperf.workbook.lists.sheetfile import read_sheet

# What openpyxl is known to raise on damaged files: bad XML is a SyntaxError, from either of its parsers.
_UNREADABLE = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, IndexError, EOFError,
    AttributeError, TypeError,
)  # fmt: skip


def read_list(data: bytes, path: Path, *, needed: Collection[str], sheet: str = "") -> ListFile:
    """The list in the bytes of a .csv or .xlsx file called `path`, headed by its first row.

    Args:
        data: the file.
        path: what it is called.
        needed: headings that the list must have, in lower case: by them the sheet is known, where there are several.
        sheet: the one to read; else the first that can be seen and has those headings.

    Raises:
        UsageError: there is no such sheet.
        WorkbookError: the file is neither, cannot be read, or could be read in two ways.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".csv":
            if sheet:
                raise UsageError(f"{path}: a CSV has no sheets; leave --sheet out")
            return read_csv(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig").read(), path)
        if suffix in (".xlsx", ".xlsm"):
            return read_sheet(data, path, needed, sheet)
    except UsageError:  # a ValueError, too
        raise
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise WorkbookError(f"{path}: cannot be read ({error}); save a CSV as 'CSV UTF-8'") from error
    except _UNREADABLE as error:
        raise WorkbookError(f"{path}: is not a workbook that can be read ({error}); save it again in Excel") from error
    raise WorkbookError(f"{path}: is neither .csv nor .xlsx")
