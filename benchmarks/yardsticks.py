"""Other ways to read and make returns, to measure ours by, and our reader alone. Each is run in a process of its own.

python benchmarks/yardsticks.py openpyxl FOLDER     prints the milliseconds of the processor for one file
"""

from __future__ import annotations

import io
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

Way = Callable[[bytes], object]


def main() -> None:
    """Do one of them with each file of a folder, after one that is not counted; of openpyxl at most sixty."""
    way, most = WAYS[sys.argv[1]]
    files = [path.read_bytes() for path in sorted(Path(sys.argv[2]).glob("*.xlsx"))[:most]]
    way(files[0])
    start = process_time()
    for data in files:
        way(data)
    print(1000 * (process_time() - start) / len(files))


def by_our_reader(data: bytes) -> None:
    """The tables of a return with every check of the gate; without the process apart, and nothing is judged."""
    from xlperf.returns import layout
    from xlperf.workbook.reader import read_tables

    assert read_tables(data, layout.LOOKED_AT, file="a return")[0] is not None


def by_openpyxl(data: bytes) -> None:
    """Every cell of every sheet, in its mode for reading only."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for sheet in book.worksheets:
        for _ in sheet.iter_rows(values_only=True):
            pass
    book.close()


def by_pandas(data: bytes) -> None:
    """Every sheet as a data frame, read by openpyxl: what most people would write."""
    import pandas as pd

    pd.read_excel(io.BytesIO(data), sheet_name=None, engine="openpyxl")


def by_calamine(data: bytes) -> None:
    """Every cell of every sheet."""
    from python_calamine import CalamineWorkbook

    book: Any = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def by_inflating(data: bytes) -> None:
    """Every part is unpacked, and nothing is done with it: no reader can take less."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            archive.read(name)


def filling_by_openpyxl(data: bytes) -> None:
    """A return made as most people would: the workbook is loaded, its table filled, and saved."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = next(sheet for sheet in book.worksheets if "tbl_return" in sheet.tables)
    for cells in sheet[sheet.tables["tbl_return"].ref][1:]:
        for number, cell in enumerate(cells):
            cell.value = f"text {number}"
    book.save(io.BytesIO())


def packing(data: bytes) -> None:
    """The parts of a return packed, as they already stand: with that compression no writer can take less."""
    if data not in _unpacked:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _unpacked[data] = [archive.read(name) for name in archive.namelist()]
    for part in _unpacked[data]:
        zlib.compress(part, 6)


_unpacked: dict[bytes, list[bytes]] = {}

WAYS: dict[str, tuple[Way, int | None]] = {
    "reader": (by_our_reader, None),
    "openpyxl": (by_openpyxl, 60),
    "pandas": (by_pandas, 60),
    "calamine": (by_calamine, None),
    "inflate": (by_inflating, None),
    "fill": (filling_by_openpyxl, 60),
    "pack": (packing, 60),
}

if __name__ == "__main__":
    main()
