"""What the editor does not know stays, in the parts that it changes too; what it must not open it refuses."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import pytest
import xlsxwriter
from lxml import etree

from xlperf.errors import WorkbookError
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.package import Package
from xlperf.workbook.port import Look
from xlperf.workbook.printing import Page, print_copy

BOOK, SHEET, TABLE = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/tables/table1.xml"
STYLES, STRINGS, CORE = "xl/styles.xml", "xl/sharedStrings.xml", "docProps/core.xml"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
NEWER, OWN = "http://example.org/newer", "http://example.org/own"
ROOTS = {BOOK: "workbook", SHEET: "worksheet", TABLE: "table", STYLES: "styleSheet"}
CHANGED = ("}oddHeader", "}definedName", "}dimension")
EXTENSION = (
    '<extLst><ext uri="{11111111-2222-3333-4444-555555555555}" xmlns:own="http://example.org/own">'
    '<own:thing own:kind="a &amp; b"> kept &#13;<own:part/>é<!-- kept --></own:thing></ext></extLst>'
)


def plain() -> dict[str, bytes]:
    """The parts of a workbook with a table in A2:B3, a name for a cell, a print area and a heading to be filled."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Data")
        sheet.write("A1", "{{ title }}")
        sheet.add_table("A2:B3", {"name": "tbl", "columns": [{"header": "Ref"}, {"header": "Actual"}]})
        sheet.write_row("A3", ["K1", 1], book.add_format({"align": "right"}))
        sheet.set_column("A:B", 9)
        sheet.set_header("&C{{ title }}")
        sheet.print_area("A1:B3")
        book.add_worksheet("Other").write("A1", "other")
        book.define_name("named", "=Data!$A$1")
    with zipfile.ZipFile(io.BytesIO(buffer.getvalue())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def of_a_newer_excel() -> dict[str, bytes]:
    """The same, as a program writes it that knows more: prefixes to be ignored, attributes and extensions."""
    parts = plain()
    for part, root in ROOTS.items():
        declared = (
            f' xmlns:mc="{COMPATIBILITY}" mc:Ignorable="new unused" xmlns:new="{NEWER}" xmlns:unused="{OWN}/unused"'
            ' new:uid="{5}"'
        )
        text = re.sub(rf"<{root}(?=[ >])", f"<{root}{declared}", parts[part].decode(), count=1)
        parts[part] = text.replace(f"</{root}>", f"{EXTENSION}</{root}>").encode()
    alternative = (
        '<mc:AlternateContent><mc:Choice Requires="new"><new:view/></mc:Choice><mc:Fallback/></mc:AlternateContent>'
    )
    parts[SHEET] = parts[SHEET].replace(b"<sheetData>", alternative.encode() + b"<sheetData>")
    parts[BOOK] = parts[BOOK].replace(b"<sheets>", alternative.encode() + b"<sheets>")
    parts[TABLE] = parts[TABLE].replace(b'<tableColumn id="1"', b'<tableColumn new:uid="{6}" id="1"')
    return parts


def edited(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts after all that is done to a template and to a master."""
    book = FileWorkbook.open(zipped(parts))
    book.fill({"title": "Filled & done"})
    book.write_table("tbl", [{"Ref": f"K{number}", "Actual": number} for number in range(5)])
    book.add_columns("tbl", {"Target": Look("Actual")})
    book.set_saved(datetime(2026, 7, 31), "Ann")
    with zipfile.ZipFile(io.BytesIO(book.to_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class Held(NamedTuple):
    """One element or comment of a part."""

    tag: str
    text: str | None
    attributes: tuple[tuple[str, str], ...]
    prefixes: str


def held(part: bytes) -> list[Held]:
    """Everything in a part, in order, but for the rows, and for what is meant to be changed."""
    root = etree.fromstring(re.sub(rb"<sheetData>.*</sheetData>", b"", part, flags=re.DOTALL))
    return [
        Held(str(node.tag), node.text, attributes, str(sorted((node.nsmap or {}).items(), key=str)))
        for node in root.iter()
        if not str(node.tag).endswith(CHANGED)
        for attributes in [tuple(sorted((k, v) for k, v in node.attrib.items() if k not in ("ref", "count")))]
    ]


@pytest.mark.parametrize(
    ("part", "new"),
    [(BOOK, []), (SHEET, [{"min": "3"}]), (TABLE, [{"name": "Target"}])],
    ids=["book", "sheet", "table"],
)
def test_a_changed_part_keeps_everything_that_it_held(part: str, new: list[dict[str, str]]) -> None:
    before = of_a_newer_excel()
    after = edited(before)
    old, now = held(before[part]), held(after[part])
    assert before[part] != after[part]
    assert [node for node in old if node not in now] == []
    assert [node for node in now if node in old] == old  # in the same order
    added = [dict(node.attributes) for node in now if node not in old]
    assert [[each.items() <= node.items() for node in added] for each in new] == [[True]] * len(added)


def test_changed_styles_keep_what_they_held() -> None:
    before = of_a_newer_excel()
    copy = print_copy(Package.open(zipped(before)), Page("tbl", columns=("Ref",), fitted={"Ref": 3.0})).package
    old, new = held(before[STYLES]), held(copy.part(STYLES))
    assert before[STYLES] != copy.part(STYLES)
    rest = iter(new)
    assert [node for node in old if node not in rest] == []  # all of them, in the same order
    assert [node.tag for node in old if OWN in node.tag] == [f"{{{OWN}}}thing", f"{{{OWN}}}part"]


def test_parts_that_nothing_was_written_to_are_byte_identical() -> None:
    before = of_a_newer_excel()
    after = edited(before)
    assert {name for name in before if before[name] != after[name]} == {BOOK, SHEET, TABLE, CORE}


def test_a_change_that_changes_nothing_leaves_the_bytes_alone() -> None:
    odd = plain()
    odd[BOOK] = odd[BOOK].replace(b"<sheets>", b"<sheets  >").replace(b"/><sheet ", b" ></sheet><sheet ")
    book = FileWorkbook.open(zipped(odd))
    with book.package.changing(BOOK) as root:
        root.find("{*}calcPr").set("fullCalcOnLoad", "1")  # as it is
    assert book.package.part(BOOK) == odd[BOOK]


def half_done(package: Package) -> None:
    with package.changing(TABLE) as root:
        root.set("ref", "A1:Z9")
        root.set("name", str(1 / 0))


def test_a_change_that_fails_changes_nothing() -> None:
    package = Package.open(zipped(plain()))
    before = package.part(TABLE)
    with pytest.raises(ZeroDivisionError):
        half_done(package)
    assert package.part(TABLE) == before
    assert package.root(TABLE).get("ref") == "A2:B3"


@pytest.mark.parametrize(
    ("start", "kept"),
    [
        ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n', "é"),
        ("<?xml version='1.0' encoding='utf-8'?>", "é"),
        ('\ufeff<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n', "é"),
        ('<?xml version="1.0" encoding="US-ASCII"?>\n', "&#233;"),
        ("", "é"),
    ],
)
def test_a_changed_part_is_declared_as_it_was(start: str, kept: str) -> None:
    parts = plain()
    parts[BOOK] = re.sub(r"^<\?xml.*?\?>\s*", lambda _: start, parts[BOOK].decode()).encode()
    parts[BOOK] = parts[BOOK].replace(b'name="Other"', f'name="{kept}"'.encode())
    after = edited(parts)[BOOK]
    assert after != parts[BOOK]
    assert after.startswith(f"{start}<workbook".encode())
    assert f'name="{kept}"'.encode() in after


def test_text_that_no_xml_can_hold_does_not_spoil_a_heading() -> None:
    book = FileWorkbook.open(zipped(plain()))
    book.fill({"title": "Mersey\x0b & \x00Care\ufffe"})
    assert b"<oddHeader>&amp;CMersey &amp;&amp; Care</oddHeader>" in Package(book.to_bytes()).part(SHEET)


BOMB = '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!-- > --><!DOCTYPE b [<!ENTITY c SYSTEM "file:///etc/passwd">]>'
NAMED = '<?other?>\n<!DOCTYPE b SYSTEM "http://example.org/b.dtd">'


@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE, NAMED], ids=["bomb", "file", "address"])
@pytest.mark.parametrize("part", [BOOK, SHEET, TABLE, STRINGS, STYLES, "[Content_Types].xml", "_rels/.rels", CORE])
def test_a_workbook_with_a_dtd_is_refused_and_nothing_is_resolved(part: str, doctype: str) -> None:
    parts = plain()
    parts[part] = re.sub(rb"<(?=[A-Za-z])", doctype.encode() + b"<", parts[part], count=1)
    expected = re.escape(part) + ": contains a document type definition, which Excel never writes; do not use it"
    with pytest.raises(WorkbookError, match=expected):
        everything(parts)


@pytest.mark.parametrize("part", [BOOK, SHEET, TABLE])
def test_an_encoding_that_could_hide_a_dtd_is_refused(part: str) -> None:
    parts = plain()
    parts[part] = parts[part].decode().replace("UTF-8", "UTF-16").encode("utf-16-le")  # without a byte order mark
    with pytest.raises(WorkbookError, match=re.escape(part)):
        everything(parts)


def everything(parts: Mapping[str, bytes]) -> None:
    """All that is done to a template, a master and an edition, and a formula that goes."""
    content = {**parts, "xl/calcChain.xml": b"<calcChain/>"}
    link = b'<Relationship Id="rId99" Type="http://x/calcChain" Target="calcChain.xml"/></Relationships>'
    rels = "xl/_rels/workbook.xml.rels"
    content[rels] = content[rels].replace(b"</Relationships>", link)
    book = FileWorkbook.open(zipped(content))
    book.fill({"title": "x"})
    book.read_name("named")
    book.write_table("tbl", [{"Ref": "x"}])
    book.package.drop_calculation_chain()
    book.set_saved(datetime(2026, 7, 31), "Ann")
    print_copy(Package(book.to_bytes()), Page("tbl", columns=("Ref",), fitted={"Ref": 3.0}))
