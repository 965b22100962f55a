"""Good returns, the same bytes every time: as issued by xlperf from the shipped template, and filled by an owner."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import Q1, catalogue_data, filled, write_catalogue
from tests.hostile.zips import packed
from xlperf.catalogue import Catalogue, load_catalogue
from xlperf.returns import layout
from xlperf.returns.identity import Identity
from xlperf.returns.issue import build_form
from xlperf.workbook.a1 import column_letters
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.cycle.return_files import fill, filling_of

TEMPLATE = Path("workbook_templates/return.xlsx")
WORKBOOK, SHEET, STRINGS = "xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"
"""The workbook; the sheet with the figures; the shared texts."""
STYLES, TYPES, TABLE = "xl/styles.xml", "[Content_Types].xml", "xl/tables/table2.xml"
FIGURE = "H7"
"""A cell of the first row: the numerator of P1."""
TEXT = "R7"
"""Another: its commentary, which is empty."""
LAST = column_letters(len(layout.COLUMNS))
"""The last column of the return's table."""
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def catalogue_of(data: Mapping[str, Any]) -> Catalogue:
    """The catalogue that plain data is."""
    with tempfile.TemporaryDirectory() as folder:
        return load_catalogue(write_catalogue(Path(folder), data))


def issued(catalogue: Catalogue, owner: str, period: str = Q1, serial: int = 1) -> bytes:
    """A return as it is sent out, with an id that is always the same."""
    identity = Identity(
        return_id=f"{serial:016x}",
        serial=serial,
        owner=owner,
        period=period,
        catalogue_version=catalogue.version,
        catalogue_hash=catalogue.hash,
        template_version=layout.TEMPLATE_VERSION,
    )
    template = Path(__file__).parents[2] / TEMPLATE
    book = FileWorkbook.open(template)
    fill(book, filling_of(build_form(catalogue, identity, {})), template)
    return book.to_bytes()


@cache
def good_return(owner: str = "alpha") -> bytes:
    """A filled and signed return of the small catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "return.xlsx"
        path.write_bytes(issued(catalogue_of(catalogue_data()), owner))
        return filled(path)


class Return:
    """A good return taken apart, to be changed and put together again."""

    def __init__(self, data: bytes | None = None) -> None:
        with zipfile.ZipFile(io.BytesIO(data or good_return())) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}

    def change(self, part: str, old: bytes | str, new: bytes | str, times: int = 1) -> Return:
        """Put `new` in the place of what stands in a part exactly so often."""
        old, new = _bytes(old), _bytes(new)
        if self.parts[part].count(old) != times:
            raise AssertionError(f"{part} has {old!r} {self.parts[part].count(old)} times")
        self.parts[part] = self.parts[part].replace(old, new)
        return self

    def cell(self, ref: str, xml: str) -> Return:
        """Put a cell in the place of the one that stands there."""
        pattern = rf'<c r="{ref}"[^>]*?(/>|>.*?</c>)'.encode()
        self.parts[SHEET], times = re.subn(pattern, lambda _: xml.encode(), self.parts[SHEET])
        if times != 1:
            raise AssertionError(f"{ref} is there {times} times")
        return self

    def number(self, text: str) -> Return:
        """Write a number as it is not typed."""
        return self.cell(FIGURE, f'<c r="{FIGURE}"><v>{text}</v></c>')

    def rows(self, xml: str, *, before: bool = False) -> Return:
        """Add rows in front of or behind the sheet's own."""
        return self.change(SHEET, "<sheetData>" if before else "</sheetData>", _around(xml, before=before))

    def add(self, part: str, content: bytes | str) -> Return:
        """Add a part, or put another in its place."""
        self.parts[part] = _bytes(content)
        return self

    def link(self, kind: str, target: str, source: str = WORKBOOK, *, mode: str = "", base: str = "") -> Return:
        """Make a part refer to something."""
        folder, _, name = source.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        base = base or "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        external = f' TargetMode="{mode}"' if mode else ""
        new = f'<Relationship Id="rId900{len(self.parts)}" Type="{base}/{kind}" Target="{target}"{external}/>'
        empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        self.parts.setdefault(rels, empty.encode())
        return self.change(rels, "</Relationships>", f"{new}</Relationships>")

    def each(self, change: Callable[[bytes], bytes]) -> Return:
        """Change every part."""
        self.parts = {name: change(content) for name, content in self.parts.items()}
        return self

    def zip(self, *, stored: bool = False) -> bytes:
        """Put it together."""
        return packed(self.parts, stored=stored)


def _around(xml: str, *, before: bool) -> str:
    return f"<sheetData>{xml}" if before else f"{xml}</sheetData>"


def _bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text
