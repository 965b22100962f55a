"""Workbooks as other programs and other hands write them: the same one for the same number.

Three hands: XML written out here, in every notation that a workbook may have; XlsxWriter; and openpyxl.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from xml.sax.saxutils import escape

import openpyxl
import xlsxwriter
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table as ExcelTable

from tests.hostile.zips import packed
from xlperf.workbook.a1 import column_letters

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_X14AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"

TEXTS = (
    "n/a", "", " ", "a & b < c > d", "two\nlines", " led", "é – ŵ", "_x0041_", "_x000D_", "😀", '"quoted"', "'", "]] >",
    "1,234", "95%", "=1+1", "x" * 600, "tab\there", "\u00a0", "31/03/2027", "Yes", "not applicable",
)  # fmt: skip
ODD_TEXTS = ("line\r\nend", "\r", "]]&gt;", "\u2028", "_xD83D_")
NUMBERS = (
    "0", "1", "-1", "0.95", "1E-7", "1.5e+10", "95.70000000000000", "0.95714285714285718", "123456789012345678",
    "46000", "007", "+5", ".5", "1e999", "12.", "",
)  # fmt: skip
FORMATS = (0, 1, 2, 9, 10, 14, 22, 49, 164, 165, 166)
_CODES = ((164, '0.0"%"'), (165, "0,"), (166, ";;;"))
HEADERS = ("Ref", "Org", "Period", "Numerator", "Denominator", "Actual", "Comment", "Extra & more", "Übersicht")
SEEDS_APART = 3
"""Seeds of one hand are so far apart."""


def _dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - nobody is to be kept from guessing it


@dataclass
class _Notation:
    """How one file is written."""

    dice: Random
    prefix: str
    namespace: str
    encoding: str
    has_spans: bool
    has_lines: bool
    is_odd: bool
    """Whether some cells are written as no program writes them."""

    def rarely(self) -> bool:
        return self.is_odd and self.dice.random() < 0.03

    def tag(self, name: str, attributes: str = "", content: str | None = "") -> str:
        name = self.prefix + name
        return f"<{name}{attributes}/>" if content is None else f"<{name}{attributes}>{content}</{name}>"

    def written(self, text: str) -> str:
        """A text as XML, in one of the ways."""
        if self.rarely():
            return f"<![CDATA[{text.replace(']]>', '')}]]>"
        plain = escape(text)
        return plain.replace("\r", "&#13;").replace("é", "&#233;") if self.rarely() else plain

    def part(self, root: str, content: str, more: str = "") -> bytes:
        """A part of the workbook with this outermost element."""
        bound = f' xmlns{":" if self.prefix else ""}{self.prefix.rstrip(":")}="{self.namespace}" xmlns:r="{_OFFICE}"'
        declaration = f'<?xml version="1.0" encoding="{self.encoding}" standalone="yes"?>\n'
        text = declaration + self.tag(root, bound + more, content)
        return text.encode("utf-16" if self.encoding == "UTF-16" else "utf-8")


def _notation(dice: Random) -> _Notation:
    return _Notation(
        dice,
        prefix=dice.choice(("", "", "", "", "x:")),
        namespace=dice.choice((_MAIN,) * 30 + (_STRICT,)),
        encoding=dice.choice(("UTF-8",) * 12 + ("UTF-16",)),
        has_spans=dice.random() < 0.5,
        has_lines=dice.random() < 0.1,
        is_odd=dice.random() < 0.4,
    )


class _ByHand:
    """A workbook written out here."""

    def __init__(self, seed: int) -> None:
        self.dice = _dice(seed)
        self.how = _notation(self.dice)
        self.shared: list[str] = []

    def workbook(self) -> bytes:
        dice, how = self.dice, self.how
        count = dice.randint(1, 3)
        sheets = [self._sheet(number) for number in range(1, count + 1)]
        properties = dice.choice(("", how.tag("workbookPr", f' date1904="{dice.choice("01")}"', None)))
        listed = "".join(
            how.tag("sheet", f' name="Sheet {number}" sheetId="{number}" r:id="r{number}"', None)
            for number in range(1, count + 1)
        )
        links = [(f"r{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in range(1, count + 1)]
        links += [("s", "styles", "styles.xml")] if dice.random() < 0.9 else []
        links += [("t", "sharedStrings", "sharedStrings.xml")] if self.shared else []
        formats = "".join(how.tag("xf", f' numFmtId="{number}"', None) for number in FORMATS)
        codes = "".join(
            how.tag("numFmt", f' numFmtId="{number}" formatCode="{escape(code, {chr(34): "&quot;"})}"', None)
            for number, code in _CODES
        )
        parts = {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'.encode(),
            "_rels/.rels": _links([("r1", "officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": how.part("workbook", properties + how.tag("sheets", "", listed)),
            "xl/_rels/workbook.xml.rels": _links(links),
            "xl/styles.xml": how.part("styleSheet", how.tag("numFmts", "", codes) + how.tag("cellXfs", "", formats)),
            "xl/sharedStrings.xml": how.part("sst", "".join(self.shared)),
        }
        for each in sheets:
            parts |= each
        return packed(parts, stored=dice.random() < 0.1)

    def _table(self, number: int, ref: str, headers: Sequence[str]) -> bytes:
        how = self.how
        names = "".join(
            how.tag("tableColumn", f' id="{index}" name="{escape(header)}"', None)
            for index, header in enumerate(headers, 1)
        )
        totals = ' totalsRowCount="1"' if self.dice.random() < 0.2 else ""
        about = f' id="{number}" displayName="Table{number}" ref="{ref}"{totals}'
        return how.part("table", how.tag("tableColumns", "", names), about)

    def _sheet(self, number: int) -> dict[str, bytes]:
        dice, how = self.dice, self.how
        left, top = dice.randint(1, 4), dice.randint(1, 6)
        headers = dice.sample(HEADERS, dice.randint(1, len(HEADERS)))
        if how.rarely():
            headers[-1] = headers[0]
        right, bottom = left + len(headers) - 1, top + dice.randint(1, 8)
        ref = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
        rows = "".join(self._row(row, left, top, headers) for row in range(1, bottom + dice.randint(1, 4)))
        around = how.tag("mergeCells", "", how.tag("mergeCell", ' ref="A1:B1"', None)) if dice.random() < 0.3 else ""
        footer = escape(dice.choice(TEXTS))
        around += how.tag("headerFooter", "", how.tag("oddFooter", "", footer)) if dice.random() < 0.4 else ""
        around += "<!-- seen -->" if how.rarely() else ""
        more = f' xmlns:x14ac="{_X14AC}"' if how.has_spans else ""
        before = how.tag("cols", "", how.tag("col", ' min="1" max="3" hidden="1"', None))
        return {
            f"xl/worksheets/sheet{number}.xml": how.part(
                "worksheet", before + how.tag("sheetData", "", rows) + around, more
            ),
            f"xl/worksheets/_rels/sheet{number}.xml.rels": _links([("t", "table", f"../tables/table{number}.xml")]),
            f"xl/tables/table{number}.xml": self._table(number, ref, headers),
        }

    def _row(self, row: int, left: int, top: int, headers: Sequence[str]) -> str:
        dice, how = self.dice, self.how
        if dice.random() < 0.12 and row != top:
            return "" if dice.random() < 0.5 else how.tag("row", f' r="{row}"', None)
        cells = []
        for column in range(1, left + len(headers) + 2):
            inside = left <= column < left + len(headers)
            if row == top and inside:
                cells.append(self._cell(column, row, headers[column - left]))
            elif dice.random() < (0.8 if inside and row > top else 0.05):
                cells.append(self._cell(column, row))
        attributes = "" if how.rarely() else f' r="{row}"'
        if how.has_spans:
            attributes += f' spans="1:{left + len(headers)}" x14ac:dyDescent="0.25"'
        attributes += ' hidden="1"' if dice.random() < 0.1 else ""
        return how.tag("row", attributes, ("\n" if how.has_lines else "").join(cells))

    def _cell(self, column: int, row: int, text: str | None = None) -> str:
        dice, how = self.dice, self.how
        place = f' r="{column_letters(column)}{row}"'
        style = f' s="{dice.randint(0, len(FORMATS) - 1)}"' if dice.random() < 0.6 else ""
        if how.rarely():
            place, style = style, place  # in the other order
        formula = how.tag("f", "", escape("A1&B1")) if dice.random() < 0.15 and text is None else ""
        kind = dice.choice(("s", "inlineStr", "str", "n", "n", "n", "b", "e", "empty", "d"))
        kind = dice.choice(("s", "inlineStr")) if text is not None else kind
        if text is None:
            text = dice.choice(ODD_TEXTS if how.rarely() else TEXTS)
        return how.tag("c", place + style + self._type(kind), formula + self._value(kind, text))

    @staticmethod
    def _type(kind: str) -> str:
        return "" if kind in ("n", "empty") else f' t="{kind}"'

    def _value(self, kind: str, text: str) -> str:
        dice, how = self.dice, self.how
        match kind:
            case "s":
                self.shared.append(how.tag("si", "", self._text(text)))
                index = len(self.shared) - 1 if not how.rarely() else 99_999
                return how.tag("v", "", str(index))
            case "inlineStr":
                return how.tag("is", "", self._text(text))
            case "str":
                return how.tag("v", "", how.written(text))
            case "n":
                ordinary = NUMBERS[:8] if not how.rarely() else NUMBERS
                return how.tag("v", "", dice.choice(ordinary))
            case "b":
                return how.tag("v", "", dice.choice(("0", "1", "true", "2") if how.rarely() else ("0", "1")))
            case "e":
                return how.tag("v", "", dice.choice(("#N/A", "#DIV/0!", "#REF!")))
            case "d":
                return how.tag("v", "", "2027-03-31")
            case _:
                return how.tag("v", "", None) if how.rarely() else ""

    def _text(self, text: str) -> str:
        dice, how = self.dice, self.how
        space = ' xml:space="preserve"' if dice.random() < 0.5 else ""
        if dice.random() < 0.05 and len(text) > 2:  # rich text, with how it is read aloud
            runs = [
                how.tag("r", "", how.tag("rPr", "", how.tag("b", "", None)) + how.tag("t", space, escape(text[:2])))
            ]
            runs.append(how.tag("r", "", how.tag("t", space, escape(text[2:]))))
            return "".join(runs) + how.tag("rPh", ' sb="0" eb="1"', how.tag("t", "", "read"))
        return how.tag("t", space, how.written(text))


def _links(links: Sequence[tuple[str, str, str]]) -> bytes:
    listed = "".join(f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for name, kind, to in links)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'.encode()


def _value(dice: Random) -> str | float | bool | date | None:
    return dice.choice((*TEXTS[:10], 1, 0.95, -3.5, 1e12, True, False, None, "=1+1", date(2027, 3, 31)))


def by_xlsxwriter(seed: int) -> bytes:
    """A workbook of XlsxWriter, with tables, formulas with results, rich texts, hidden rows and notes beside."""
    dice, out = _dice(seed), io.BytesIO()
    options = {"in_memory": True, "date_1904": dice.random() < 0.3, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(out, options) as book:
        formats = [book.add_format({"num_format": code}) for code in ("General", "0.0%", "0,", "@", '0.0"%"')]
        for number in range(dice.randint(1, 3)):
            page = book.add_worksheet()
            headers = dice.sample(HEADERS, dice.randint(1, len(HEADERS)))
            top, left, rows = dice.randint(0, 5), dice.randint(0, 3), dice.randint(1, 12)
            columns = [{"header": header} for header in headers]
            page.add_table(
                top, left, top + rows, left + len(headers) - 1, {"name": f"Table{number}", "columns": columns}
            )
            for row in range(top + 1, top + rows + dice.randint(1, 3)):
                for column in range(left, left + len(headers) + dice.randint(0, 1)):
                    value = _value(dice)
                    if isinstance(value, str) and value.startswith("="):
                        page.write_formula(row, column, value, None, dice.choice((2, "", "text", "#N/A", True)))
                    elif value is not None:
                        page.write(row, column, value, None if isinstance(value, date) else dice.choice(formats))
                if dice.random() < 0.2:
                    page.set_row(row, None, None, {"hidden": True})
    return out.getvalue()


def by_openpyxl(seed: int) -> bytes:
    """A workbook of openpyxl, with tables, formulas without results, and merged cells."""
    dice, out, book = _dice(seed), io.BytesIO(), openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number in range(dice.randint(1, 3)):
        page = book.create_sheet(f"Page {number}")
        headers = dice.sample(HEADERS, dice.randint(1, len(HEADERS)))
        top, left, rows = dice.randint(1, 6), dice.randint(1, 4), dice.randint(1, 12)
        for column, header in enumerate(headers, left):
            page.cell(top, column, header)
            for row in range(top + 1, top + rows + dice.randint(1, 3)):
                cell = page.cell(row, column, _value(dice))
                cell.number_format = dice.choice(("General", "0.0%", "0,", "@", "dd/mm/yyyy"))
                cell.font = Font(bold=dice.random() < 0.2)
        last = f"{column_letters(left + len(headers) - 1)}{top + rows}"
        page.add_table(ExcelTable(displayName=f"Table{number}", ref=f"{column_letters(left)}{top}:{last}"))
        if dice.random() < 0.3:
            page.merge_cells(start_row=top + rows + 5, end_row=top + rows + 6, start_column=1, end_column=2)
    book.save(out)
    return out.getvalue()


def foreign(seed: int) -> bytes:
    """The workbook of this number."""
    hands: Sequence[Callable[[int], bytes]] = (lambda at: _ByHand(at).workbook(), by_xlsxwriter, by_openpyxl)
    return hands[seed % SEEDS_APART](seed)
