"""A new workbook of plain sheets: a title, a sentence and one table on each, that a screen reader can follow."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

from xlperf.tables import PlainCell, PlainSheet
from xlperf.workbook.a1 import column_letters
from xlperf.workbook.xmltree import storable

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TITLE_ROW, _SAYS_ROW, HEADER_ROW = 1, 2, 3
_TITLE, _TEXT, _HEAD, _NUMBER, _DATE = 1, 2, 3, 4, 5
"""Cell styles, by their place in the styles part."""
_WIDEST, _NARROWEST = 60, 9
_FIRST_DAY = date(1899, 12, 30).toordinal()
_FONTS = (
    '<font><sz val="12"/><name val="Arial"/></font>',
    '<font><b/><sz val="16"/><name val="Arial"/></font>',
    '<font><b/><sz val="12"/><name val="Arial"/></font>',
)
_FACE = 'fillId="0" borderId="0"'
_TOP, _WRAPPED = '<alignment vertical="top"/>', '<alignment vertical="top" wrapText="1"/>'
_LOOKS = (
    f'<xf numFmtId="0" fontId="0" {_FACE} xfId="0"/>',
    f'<xf numFmtId="0" fontId="1" {_FACE} xfId="1" applyFont="1"/>',
    f'<xf numFmtId="49" fontId="0" {_FACE} xfId="0" applyNumberFormat="1" applyAlignment="1">{_WRAPPED}</xf>',
    f'<xf numFmtId="49" fontId="2" {_FACE} xfId="0" applyFont="1" applyAlignment="1">{_WRAPPED}</xf>',
    f'<xf numFmtId="0" fontId="0" {_FACE} xfId="0" applyAlignment="1">{_TOP}</xf>',
    f'<xf numFmtId="164" fontId="0" {_FACE} xfId="0" applyNumberFormat="1" applyAlignment="1">{_TOP}</xf>',
)
_STYLES = (
    f'{_DECLARATION}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\ mmm\\ yyyy"/></numFmts>'
    f'<fonts count="{len(_FONTS)}">{"".join(_FONTS)}</fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    f'<cellStyleXfs count="2"><xf numFmtId="0" fontId="0" {_FACE}/><xf numFmtId="0" fontId="1" {_FACE}/>'
    f'</cellStyleXfs><cellXfs count="{len(_LOOKS)}">{"".join(_LOOKS)}</cellXfs>'
    '<cellStyles count="2"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    '<cellStyle name="Heading 1" xfId="1" builtinId="16"/></cellStyles></styleSheet>'
)


def plain_workbook(sheets: Sequence[PlainSheet], title: str, made: datetime, language: str = "en-GB") -> bytes:
    """A workbook of these sheets as a file; the same sheets and moment give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _parts(sheets, title, made, language):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, text.encode())
    return out.getvalue()


def _parts(sheets: Sequence[PlainSheet], title: str, made: datetime, language: str) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(sheets) + 1)
    overrides = [("xl/workbook.xml", f"{_KIND}.sheet.main+xml"), ("xl/styles.xml", f"{_KIND}.styles+xml"),
                 ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")]  # fmt: skip
    overrides += [(f"xl/worksheets/sheet{n}.xml", f"{_KIND}.worksheet+xml") for n in numbers]
    overrides += [(f"xl/tables/table{n}.xml", f"{_KIND}.table+xml") for n in numbers]
    yield (
        "[Content_Types].xml",
        (
            f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            + "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides)
            + "</Types>"
        ),
    )
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    yield "_rels/.rels", _relations((f"{_OFFICE}/officeDocument", "xl/workbook.xml"), (core, "docProps/core.xml"))
    moment = f"{made:%Y-%m-%dT%H:%M:%SZ}"
    yield (
        "docProps/core.xml",
        (
            f'{_DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{_said(title)}</dc:title>'
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
            f"<dc:language>{language}</dc:language>"
            "</cp:coreProperties>"
        ),
    )
    tabs = "".join(f'<sheet name={_quoted(s.name)} sheetId="{n}" r:id="rId{n}"/>' for n, s in enumerate(sheets, 1))
    yield (
        "xl/workbook.xml",
        (f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{tabs}</sheets></workbook>'),
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        _relations(
            *((f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers),
            (f"{_OFFICE}/styles", "styles.xml"),
        ),
    )
    yield "xl/styles.xml", _STYLES
    for number, sheet in enumerate(sheets, 1):
        yield f"xl/worksheets/sheet{number}.xml", _sheet(sheet)
        yield (
            f"xl/worksheets/_rels/sheet{number}.xml.rels",
            _relations((f"{_OFFICE}/table", f"../tables/table{number}.xml")),
        )
        yield f"xl/tables/table{number}.xml", _table(sheet, number)


def _relations(*relations: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(relations, 1)
    )
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _sheet(sheet: PlainSheet) -> str:
    widths = [_width(sheet, column) for column in range(len(sheet.headers))]
    cols = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(widths, 1))
    rows = [_row(_TITLE_ROW, [(sheet.title, _TITLE)]), _row(_SAYS_ROW, [(f"{sheet.says} One table.", 0)])]
    rows.append(_row(HEADER_ROW, [(header, _HEAD) for header in sheet.headers]))
    rows += [
        _row(number, [(cell, _style(cell)) for cell in row]) for number, row in enumerate(sheet.rows, HEADER_ROW + 1)
    ]
    return (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheetViews><sheetView workbookViewId="0"/>'
        f"</sheetViews><cols>{cols}</cols><sheetData>{''.join(rows)}</sheetData>"
        '<pageSetup paperSize="9" orientation="landscape"/><tableParts count="1"><tablePart r:id="rId1"/></tableParts>'
        "</worksheet>"
    )


def _width(sheet: PlainSheet, column: int) -> int:
    longest = max((len(str(row[column])) for row in sheet.rows), default=0)
    return min(max(longest, len(sheet.headers[column]), _NARROWEST) + 3, _WIDEST)


def _style(cell: PlainCell) -> int:
    return _TEXT if isinstance(cell, str) else _DATE if isinstance(cell, date) else _NUMBER


def _row(number: int, cells: Sequence[tuple[PlainCell, int]]) -> str:
    written = "".join(_cell(f"{column_letters(n)}{number}", *cell) for n, cell in enumerate(cells, 1))
    return f'<row r="{number}">{written}</row>'


def _cell(place: str, value: PlainCell, style: int) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_said(value)}</t></is></c>'
    number = value.toordinal() - _FIRST_DAY if isinstance(value, date) else repr(value)
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


def _table(sheet: PlainSheet, number: int) -> str:
    last = HEADER_ROW + max(len(sheet.rows), 1)
    area = f"A{HEADER_ROW}:{column_letters(len(sheet.headers))}{last}"
    columns = "".join(f'<tableColumn id="{n}" name={_quoted(name)}/>' for n, name in enumerate(sheet.headers, 1))
    return (
        f'{_DECLARATION}<table xmlns="{_MAIN}" id="{number}" name="{sheet.table}" displayName="{sheet.table}" '
        f'ref="{area}" totalsRowShown="0"><tableColumns count="{len(sheet.headers)}">{columns}</tableColumns></table>'
    )


def _said(text: str) -> str:
    return escape(storable(text))


def _quoted(text: str) -> str:
    return quoteattr(storable(text))
