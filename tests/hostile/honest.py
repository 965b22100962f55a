"""Odd files of honest people and other programs, which must be read as well as any."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.hostile.case import Case, read
from tests.hostile.good import LAST, MAIN, SHEET, STRINGS, STYLES, TABLE, WORKBOOK, Return
from tests.hostile.zips import entries_of, packed, zipped
from xlperf.workbook.a1 import column_letters

_EXTENSIONS = '<extLst><ext uri="{x}"><x14:y xmlns:x14="urn:x14" z="1"><x14:z/></x14:y></ext></extLst>'
_COMPATIBILITY = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="x15"><x15ac:absPath xmlns:x15ac="urn:x15ac" url="C:/Returns/"/></mc:Choice>'
    "</mc:AlternateContent>"
)


def cases() -> Iterator[Case]:
    """All of them."""
    for name, (why, make) in _FILES.items():
        yield read(f"honest-{name}", why, make)
    yield read(
        "honest-formats",
        "5,000 cell formats",
        lambda: Return().change(STYLES, "</cellXfs>", f"{_formats(5_000)}</cellXfs>").zip(),
    )
    yield read(
        "honest-phonetics",
        "a text with a guide to its pronunciation",
        lambda: Return().cell("R7", _inline("<r><t>a</t></r><rPh sb='0' eb='1'><t>x</t></rPh><phoneticPr/>")).zip(),
        R7=("text", "a"),
    )


def _large_form() -> bytes:
    """As a real NHS return: 35 MB of formatted blanks, and a table to the last row of the sheet."""
    cells = [f'<c r="{column_letters(column)}%d" s="3"/>' for column in range(1, 401)]
    template = '<row r="%d" s="3" customFormat="1">' + "".join(cells) + "</row>"
    rows = "".join(template % ((row,) * 401) for row in range(12, 4_002))
    made = Return().rows(rows).change(TABLE, f'ref="A6:{LAST}11" totals', f'ref="A6:{LAST}1048576" totals')
    return made.change(SHEET, f'<dimension ref="A1:{LAST}11"/>', f'<dimension ref="A1:{LAST}1048576"/>').zip()


def _inline_only() -> bytes:
    """As from programs that keep no list of texts."""
    made = Return()
    texts = re.findall(rb"<si><t[^>]*>(.*?)</t></si>", made.parts.pop(STRINGS))

    def inline(match: re.Match[bytes]) -> bytes:
        text: bytes = texts[int(match[2])]
        return match[1] + b'inlineStr"><is><t xml:space="preserve">' + text + b"</t></is></c>"

    return made.each(lambda xml: re.sub(rb'(<c [^>]*t=")s"><v>([0-9]+)</v></c>', inline, xml)).zip()


def _prefixed() -> bytes:
    """As from programs that give the main namespace a prefix."""

    def prefix(xml: bytes) -> bytes:
        if MAIN not in xml:
            return xml
        xml = re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", xml)
        return xml.replace(b'xmlns="' + MAIN, b'xmlns:x="' + MAIN)

    return Return().each(prefix).zip()


def _spread_out() -> bytes:
    """With every element on its own line, but for texts."""
    return (
        Return()
        .each(lambda xml: re.sub(rb"><(?!/(t|v|is|r)>)(?=/?(row|c|sheet|tableColumn)[ >/])", b">\r\n  <", xml))
        .zip()
    )


def _renamed_parts() -> bytes:
    """With parts called otherwise, and found only by who refers to them."""
    names = {SHEET: "xl/sheets/my figures.xml", TABLE: "xl/t.xml", STRINGS: "texts.xml"}
    made = Return()
    links = "xl/worksheets/_rels/sheet2.xml.rels"
    made.change(links, "../tables/table2.xml", "/xl/t.xml")
    made.change("xl/_rels/workbook.xml.rels", "worksheets/sheet2.xml", "sheets/my%20figures.xml")
    made.change("xl/_rels/workbook.xml.rels", "sharedStrings.xml", "../texts.xml")
    names[links] = "xl/sheets/_rels/my figures.xml.rels"
    return packed({names.get(name, name): content for name, content in made.parts.items()})


def _chart_sheet() -> bytes:
    made = Return().link("chartsheet", "chartsheets/sheet1.xml").add("xl/chartsheets/sheet1.xml", "<x/>")
    link_id = re.findall(rb'Id="(rId900[0-9]+)"', made.parts["xl/_rels/workbook.xml.rels"])[0].decode()
    return made.change(WORKBOOK, "</sheets>", f'<sheet name="Chart" sheetId="9" r:id="{link_id}"/></sheets>').zip()


def _many_sheets(count: int) -> bytes:
    made = Return()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    links, listed = "", ""
    for n in range(100, 100 + count):
        made.add(f"xl/worksheets/sheet{n}.xml", f'<worksheet xmlns="{MAIN.decode()}"><sheetData/></worksheet>')
        links += f'<Relationship Id="s{n}" Type="{kind}" Target="worksheets/sheet{n}.xml"/>'
        listed += f'<sheet name="Mine {n}" sheetId="{n}" r:id="s{n}"/>'
    made.change("xl/_rels/workbook.xml.rels", "</Relationships>", f"{links}</Relationships>")
    return made.change(WORKBOOK, "</sheets>", f"{listed}</sheets>").zip()


def _formats(count: int) -> str:
    return "".join(f'<xf numFmtId="{n}" fontId="0" fillId="0" borderId="0" xfId="0"/>' for n in range(count))


def _inline(xml: str) -> str:
    return f'<c r="R7" t="inlineStr"><is>{xml}</is></c>'


def _changed(part: str, old: str, new: str) -> bytes:
    return Return().change(part, old, new).zip()


def _marked(xml: bytes) -> bytes:
    return b"\xef\xbb\xbf" + xml


def _row_extensions() -> bytes:
    return Return().rows(f'<row r="12">{_EXTENSIONS}</row>').zip()


def _cell_extensions() -> bytes:
    return Return().cell("H7", f'<c r="H7" s="11" cm="1" vm="2"><v>97</v>{_EXTENSIONS}</c>').zip()


def _without_properties() -> bytes:
    made = Return()
    for name in ("docProps/core.xml", "docProps/app.xml", "xl/theme/theme1.xml"):
        del made.parts[name]
    return made.zip()


def _table_of_one_cell() -> bytes:
    table = (
        f'<table xmlns="{MAIN.decode()}" id="99" name="Mine" displayName="Mine" ref="CZ2" headerRowCount="0">'
        '<tableColumns count="1"><tableColumn id="1" name="Column1"/></tableColumns></table>'
    )
    return Return().add("xl/tables/table99.xml", table).link("table", "../tables/table99.xml", SHEET).zip()


_FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "large-form": ("35 MB of formatted blanks, a table of 1,048,576 rows", _large_form),
    "inline-texts": ("no list of texts", _inline_only),
    "prefixed": ("the main namespace has a prefix", _prefixed),
    "spread-out": ("every element on a line of its own", _spread_out),
    "renamed-parts": ("parts with other names, and spaces in them", _renamed_parts),
    "chart-sheet": ("a sheet that is a chart", _chart_sheet),
    "many-sheets": ("150 sheets of the owner's own", lambda: _many_sheets(150)),
    "no-properties": ("neither properties nor a theme", _without_properties),
    "byte-order-marks": ("a byte order mark in every part", lambda: Return().each(_marked).zip()),
    "types-last": ("the content types at the end", lambda: zipped(reversed(entries_of(Return().parts)))),
    "upper-case": ("names in capitals", lambda: packed({n.upper(): c for n, c in Return().parts.items()})),
    "row-extensions": ("what later versions add to rows", _row_extensions),
    "cell-extensions": ("what later versions add to cells", _cell_extensions),
    "compatibility": ("where the file was", lambda: _changed(WORKBOOK, "<bookViews>", f"{_COMPATIBILITY}<bookViews>")),
    "sheet-renamed": ("the sheet has another name", lambda: _changed(WORKBOOK, 'name="Return"', 'name="Figures"')),
    "table-in-capitals": ("the table's name", lambda: _changed(TABLE, "displayName=\"tbl_", "displayName=\"TBL_")),
    "table-of-one-cell": ("a table of the owner's own, of one cell", _table_of_one_cell),
    "thumbnail": ("a small picture of itself", lambda: Return().link("metadata/thumbnail", "t.jpeg", "").zip()),
    "properties-damaged": ("properties that are not XML", lambda: Return().add("docProps/core.xml", "<oops").zip()),
}  # fmt: skip
