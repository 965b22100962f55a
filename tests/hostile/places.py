"""Rows, cells, tables and sheets that are where they cannot be, or are there twice."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.hostile.case import Case, read, refused
from tests.hostile.good import LAST, SHEET, STRINGS, TABLE, WORKBOOK, Return

_RELS = "xl/_rels/workbook.xml.rels"
_NAMED = 'displayName="tbl_return" '
_REF = f'{_NAMED}ref="A6:{LAST}11"'
"""Of the table; its filter has the same."""
_ANOTHER = '<Relationship Id="rId2" Type="http://x.example/worksheet" Target="theme/theme1.xml"/>'


def cases() -> Iterator[Case]:
    """All of them."""
    for name, xml in _ROWS.items():
        yield refused("F010", f"rows-{name}", f"behind the rows: {xml[:40]}", partial(_with_rows, xml))
    for name, (old, new) in _SHEET.items():
        why = f"{old} has become {new[:40]}"
        yield refused("F010", f"sheet-{name}", why, partial(_changed, SHEET, old, new))
    for ref in _RANGES:
        yield refused(
            "F010", f"table-{ref}", f"a table of {ref}", partial(_changed, TABLE, _REF, f'{_NAMED}ref="{ref}"')
        )
    for name, (part, old, new, code) in _PARTS.items():
        why = f"{old} has become {new[:40]}"
        yield refused(code, name, why, partial(_changed, part, old, new))
    for index in ("-1", "x", "99999", "4294967295", "1.0", " 1", "", "1e1", "٣"):
        cell = f'<c r="R7" t="s"><v>{index}</v></c>'
        yield refused(
            "F010",
            f"shared-{index}",
            "a text that is not in the list",
            partial(_with_cell, cell),
        )
    for name, (old, new) in _READ.items():
        yield read(f"place-{name}", f"{old} has become {new[:40]}", partial(_changed, SHEET, old, new))
    yield read(
        "place-last-row", "a figure in the last row of the sheet, in the table", _last_row, A1048576=("number", "1")
    )
    yield read("place-far", "a cell in the last corner", partial(_with_rows, _FAR))
    yield read("place-stray", "notes below and beside the table", _stray)
    yield read(
        "place-unique-count",
        "4,294,967,295 texts, it says",
        lambda: _changed(STRINGS, 'uniqueCount="', 'uniqueCount="42949672'),
    )
    yield read(
        "place-1904",
        "days are counted from 1904",
        lambda: _changed(WORKBOOK, "<workbookPr ", '<workbookPr date1904="1" '),
    )
    yield read("place-no-refs", "rows and cells without addresses, but for the first", _without_refs)
    yield read("place-more-sheets", "a sheet of the owner's own", _own_sheet)
    yield read(
        "table-million", "a table to the last row", lambda: _changed(TABLE, _REF, f'{_NAMED}ref="A6:{LAST}1048576"')
    )
    yield refused("F007", "table-gone", "the table was made a range", _without_table)
    yield refused("F010", "table-twice", "the sheet with the table was copied under the same name", _table_twice)
    yield refused("F010", "sheet-link-accents", "a reference of 300,000 accents out of order", _link_of_accents)
    for name, listed in _LISTS.items():
        yield refused("F010", f"sheet-list-{name}", "a sheet that only some programs see", partial(_own_sheet, listed))
    yield refused("F007", "sheet-gone", "the sheet was deleted", _without_sheet)


_ROWS = {
    "twice": '<row r="11"/>',
    "before": '<row r="5"/>',
    "zero": '<row r="0"/>',
    "negative": '<row r="-12"/>',
    "beyond": '<row r="1048577"/>',
    "wrapped": '<row r="4294967297"/>',
    "huge": f'<row r="{"9" * 400}"/>',
    "words": '<row r="twelve"/>',
    "plus": '<row r="+12"/>',
    "space": '<row r=" 12"/>',
    "leading-zero": '<row r="012"/>',
    "arabic": '<row r="١٢"/>',
    "after-last": '<row r="1048576"/><row/>',
    "cell-twice": '<row r="12"><c r="A12"/><c r="A12"/></row>',
    "cell-before": '<row r="12"><c r="B12"/><c r="A12"/></row>',
    "cell-other-row": '<row r="12"><c r="A13"/></row>',
    "cell-wrapped": '<row r="12"><c r="A4294967308"/></row>',
    "column-beyond": '<row r="12"><c r="XFE12"/></row>',
    "column-huge": '<row r="12"><c r="ZZZZZZ12"/></row>',
    "column-none": '<row r="12"><c r="12"/></row>',
    "column-lower": '<row r="12"><c r="a12"/></row>',
    "column-dollar": '<row r="12"><c r="$A$12"/></row>',
    "column-after-last": '<row r="12"><c r="XFD12"/><c/></row>',
    "column-endless": f'<row r="12"><c r="{"A" * 100_000}12"/></row>',
    "range": '<row r="12"><c r="A12:B12"/></row>',
    "foreign": '<x:row xmlns:x="urn:x" r="12"/>',
    "foreign-cell": '<row r="12"><x:c xmlns:x="urn:x" r="A12"/></row>',
    "row-in-row": '<row r="12"><row r="13"/></row>',
    "alternative": '<m:AlternateContent xmlns:m="urn:m"><row r="12"/></m:AlternateContent>',
    "second-data": '</sheetData><sheetData><row r="7"/>',
}
_SHEET = {
    "no-data": ("sheetData>", "sheetdata>"),
    "ref-shifted": ('<c r="H7"', '<c r="H8"'),
    "row-shifted": ('<row r="7"', '<row r="8"'),
    "inside": ("<sheetData>", "<x><sheetData/></x><sheetData>"),
}
_RANGES = (
    f"A6:{LAST}1048577", "A6:XFE11", f"{LAST}6:A11", f"A11:{LAST}6", "A6", "", "A6:AV11", f"$A$6:${LAST}$11",
    f"a6:{LAST.lower()}11", f"A0:{LAST}11", f"A6:{LAST}99999999999", f"Return!A6:{LAST}11", "A6:ZZZZZZ11",
    f"A6:{LAST}11 A20:{LAST}30",
)  # fmt: skip
_PARTS = {
    "table-name": (TABLE, 'displayName="tbl_return"', 'displayName="Table1"', "F007"),
    "table-name-none": (TABLE, 'name="tbl_return" displayName="tbl_return"', "", "F007"),
    "table-name-of-other": (TABLE, 'displayName="tbl_return"', 'displayName="tbl_signoff"', "F010"),
    "table-headers": (TABLE, _REF, f'{_REF} headerRowCount="2"', "F010"),
    "table-totals": (TABLE, _REF, f'{_REF} totalsRowCount="-1"', "F010"),
    "sheet-name-twice": (WORKBOOK, 'name="Glossary"', 'name="RETURN"', "F010"),
    "sheet-link-none": (WORKBOOK, 'r:id="rId2"', 'r:id="rId77"', "F010"),
    "sheet-link-outside": (_RELS, 'sheet2.xml"', 'sheet2.xml" TargetMode="External"', "F010"),
    "sheet-link-up": (_RELS, "worksheets/sheet2.xml", "../../../etc/passwd", "F010"),
    "sheet-link-web": (_RELS, "worksheets/sheet2.xml", "http://x.example/sheet2.xml", "F010"),
    "sheet-link-self": (_RELS, "worksheets/sheet2.xml", "workbook.xml", "F007"),
    "sheet-link-twice": (_RELS, "</Relationships>", f"{_ANOTHER}</Relationships>", "F010"),
    "sheet-shared": (_RELS, "worksheets/sheet3.xml", "worksheets/sheet2.xml", "F010"),
    "workbook-link-none": ("_rels/.rels", "/officeDocument\"", "/something\"", "F010"),
}  # fmt: skip
_LISTS = {
    "twice": "</sheets><sheets>{}</sheets>",
    "hidden": "</sheets><x>{}</x>",
    "alternative": "<x>{}</x></sheets>",
}
_READ = {
    "dimension-small": (f'ref="A1:{LAST}11"', 'ref="A1"'),
    "dimension-large": (f'ref="A1:{LAST}11"', 'ref="A1:XFD1048576"'),
    "dimension-wild": (f'ref="A1:{LAST}11"', 'ref="A1:ZZZZZZ4294967297"'),
    "spans": ('<row r="7"', '<row spans="1:99999999" r="7"'),
    "merge-wild": ("</sheetData>", '</sheetData><mergeCells count="9"><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    "columns-wild": ("<cols>", '<cols><col min="1" max="4294967295" hidden="1"/>'),
    "hidden": ('<row r="7"', '<row hidden="1" r="7"'),
}
_FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def _changed(part: str, old: str, new: str) -> bytes:
    times = 2 if old == "sheetData>" else 1
    return Return().change(part, old, new, times).zip()


def _last_row() -> bytes:
    made = Return().change(TABLE, _REF, f'{_NAMED}ref="A6:{LAST}1048576"')
    return made.rows('<row r="1048576"><c r="A1048576"><v>1</v></c></row>').zip()


def _with_rows(xml: str) -> bytes:
    return Return().rows(xml).zip()


def _with_cell(xml: str) -> bytes:
    return Return().cell("R7", xml).zip()


def _stray() -> bytes:
    made = Return().rows('<row r="14"><c r="A14" t="str"><v>A note below</v></c></row>')
    return made.change(SHEET, '</row><row r="8"', '<c r="CZ7"><v>5</v></c></row><row r="8"').zip()


def _without_refs() -> bytes:
    made = Return()
    for row in range(8, 12):
        made.change(SHEET, f'<row r="{row}"', "<row")
    return made.zip()


def _own_sheet(listed: str = "{}</sheets>") -> bytes:
    """With one more sheet, listed where `listed` says, in the place of the end of the list."""
    made = Return().link("worksheet", "worksheets/sheet9.xml")
    sheet = f'<sheet name="Mine" sheetId="9" r:id="rId900{len(made.parts)}"/>'
    made.change(WORKBOOK, "</sheets>", listed.format(sheet))
    return made.add("xl/worksheets/sheet9.xml", "not looked at").zip()


def _without_table() -> bytes:
    made = Return()
    del made.parts["xl/worksheets/_rels/sheet2.xml.rels"]
    return made.zip()


def _table_twice() -> bytes:
    source = "xl/worksheets/sheet3.xml"
    return Return().link("table", "../tables/table2.xml", source).zip()


def _link_of_accents() -> bytes:
    # To put them in order takes most libraries the square of their number.
    return _changed(_RELS, "worksheets/sheet2.xml", "a" + "\u0315\u0300" * 150_000)


def _without_sheet() -> bytes:
    return Return().change(WORKBOOK, '<sheet name="Return" sheetId="2" r:id="rId2"/>', "").zip()
