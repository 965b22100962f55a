"""Small files that would be large: what they unpack to, what they count up to, how deep they go."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.hostile.case import Case, read, refused
from tests.hostile.good import SHEET, STRINGS, STYLES, TABLE, TYPES, WORKBOOK, Return
from tests.hostile.zips import bomb, entries_of, entry, zipped
from xlperf.returns.layout import COLUMNS

_M = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_CORE, _RELS = "docProps/core.xml", "xl/_rels/workbook.xml.rels"

# Name, part, what stands before, what is repeated, megabytes of it.
_UNPACKING = (
    ("rows", SHEET, f"<worksheet {_M}><sheetData>", "<row/>", 100),
    ("rows-gigabyte", SHEET, f"<worksheet {_M}><sheetData>", "<row/>", 1_000),
    ("cells", SHEET, f'<worksheet {_M}><sheetData><row r="1">', "<c/>", 100),
    ("blanks", SHEET, f"<worksheet {_M}><sheetData>", " ", 100),
    ("one-text", SHEET, f'<worksheet {_M}><sheetData><row r="7"><c r="H7" t="str"><v>', "x", 100),
    ("formula", SHEET, f'<worksheet {_M}><sheetData><row r="7"><c r="H7"><f>', "x", 100),
    ("shared-texts", STRINGS, f"<sst {_M}>", "<si><t/></si>", 100),
    ("shared-text", STRINGS, f"<sst {_M}><si><t>", "x", 100),
    ("shared-text-gigabyte", STRINGS, f"<sst {_M}><si><t>", "x", 1_000),
    ("styles", STYLES, f"<styleSheet {_M}><cellXfs>", "<xf/>", 100),
    ("number-formats", STYLES, f"<styleSheet {_M}><numFmts>", '<numFmt numFmtId="1" formatCode="0"/>', 100),
    ("workbook", WORKBOOK, f"<workbook {_M}>", "<!-- -->", 100),
    ("workbook-gigabyte", WORKBOOK, f"<workbook {_M}>", " ", 1_000),
    ("content-types", TYPES, "<Types>", "<Default/>", 100),
    ("relationships", _RELS, "<Relationships>", "<Relationship/>", 100),
    ("top-relationships", "_rels/.rels", "<Relationships>", "<Relationship/>", 100),
    ("sheet-relationships", "xl/worksheets/_rels/sheet2.xml.rels", "<Relationships>", "<Relationship/>", 100),
    ("core-properties", _CORE, "<coreProperties>", "x", 100),
    ("core-properties-elements", _CORE, "<coreProperties>", "<a/>", 100),
    ("table", TABLE, f"<table {_M}><tableColumns>", "<tableColumn/>", 100),
    ("comment", SHEET, "<!--", "x", 100),
    ("instruction", SHEET, "<?x ", "x", 100),
    ("attribute", SHEET, "<worksheet a='", "x", 50),
    ("attribute-workbook", WORKBOOK, "<workbook a='", "x", 50),
    ("nothing", SHEET, "", "\0", 100),
    ("cdata", SHEET, f"<worksheet {_M}><sheetData><![CDATA[", "x", 100),
    ("comment-elsewhere", "docProps/app.xml", "<!--", "x", 100),
)

# Name, part, what stands there, by what it is followed.
_COUNTING: tuple[tuple[str, str, str, Callable[[], str]], ...] = (
    ("merges", SHEET, "</sheetData>", lambda: _merges(200_000)),
    ("names", WORKBOOK, "<definedNames>", lambda: '<definedName name="x">A1</definedName>' * 500_000),
    ("sheets", WORKBOOK, "<sheets>", lambda: "".join(f'<sheet name="{n}" r:id="rId1"/>' for n in range(100_000))),
    ("formats", STYLES, '<cellXfs count="', lambda: ""),
    ("columns", TABLE, f'<tableColumns count="{len(COLUMNS)}">', lambda: '<tableColumn name="x"/>' * 20_000),
    ("depth", WORKBOOK, "<definedNames>", lambda: "<x>" * 100),
    ("depth-extension", SHEET, "</sheetData>", lambda: "<a>" * 100_000),
    ("attributes", SHEET, "</sheetData>", lambda: _with_attributes(300)),
    ("attributes-many", SHEET, "</sheetData>", lambda: _with_attributes(90_000)),
)


def cases() -> Iterator[Case]:
    """All of them."""
    for name, part, before, block, megabytes in _UNPACKING:
        why = f"{megabytes} MB of {block[:12]!r} in {part}"
        yield refused("F005", f"bomb-{name}", why, _unpacking(part, before, block, megabytes))
    for name, part, place, what in _COUNTING:
        if name != "formats":
            yield refused("F005", f"count-{name}", f"too many {name} in {part}", _counting(part, place, what))
    yield refused("F005", "count-formats", "a million cell formats", _formats)
    yield refused("F005", "count-relationships", "a reference for every grain of sand", _relationships)
    yield refused("F005", "count-elements", "more elements than there may be, in no table", _elements)
    yield refused("F005", "count-texts", "a list of over a million texts", _texts)
    yield refused(
        "F005", "count-text", "half a million characters in one cell", lambda: Return().cell("R7", _text(500_000)).zip()
    )
    yield refused("F005", "count-sheet-name", "a name of 5,000 characters", lambda: _named("Return", "R" * 5_000))
    yield refused("F005", "count-header", "a header of 5,000 characters", lambda: _header("H" * 5_000))
    yield refused("F005", "file-too-large", "25 MB of pictures", lambda: _padded(25 * 2**20))
    yield read("file-large", "23 MB of pictures", lambda: _padded(23 * 2**20))
    yield read("unread-bomb", "a picture that nobody unpacks", _unread)
    yield read("unread-sheet", "a bomb in a sheet without a table", _unread_sheet)
    yield read("long-print-titles", "a name of 100,000 characters", lambda: _named("Return!$A:$D", "R" * 100_000))
    yield read(
        "text-40000",
        "40,000 characters in one cell",
        lambda: Return().cell("R7", _text(40_000)).zip(),
        R7=("text", "x" * 40_000),
    )
    yield read("namespaces", "4,000 namespaces that nobody uses", _namespaces)


def _unpacking(part: str, before: str, block: str, megabytes: int) -> Callable[[], bytes]:
    def make() -> bytes:
        rest = {name: content for name, content in Return().parts.items() if name != part}
        return zipped([*entries_of(rest), bomb(part, before.encode(), block.encode(), megabytes=megabytes)])

    return make


def _counting(part: str, place: str, what: Callable[[], str]) -> Callable[[], bytes]:
    return lambda: Return().change(part, place, place + what()).zip()


def _merges(count: int) -> str:
    many = '<mergeCell ref="A1:B1"/>' * count
    return f"<mergeCells>{many}</mergeCells>"


def _with_attributes(count: int) -> str:
    return f"<x {' '.join(f'a{n}=' + repr('') for n in range(count))}/>"


def _formats() -> bytes:
    return Return().add(STYLES, f"<styleSheet {_M}><cellXfs>{'<xf/>' * 200_000}</cellXfs></styleSheet>").zip()


def _relationships() -> bytes:
    many = "".join(f'<Relationship Id="x{n}"/>' for n in range(150_000))
    return Return().change(_RELS, "</Relationships>", f"{many}</Relationships>").zip()


def _elements() -> bytes:
    # Not packed, so that it is the elements that are too many.
    return Return().change(SHEET, "</sheetData>", "</sheetData>" + "<a/>" * 3_100_000).zip(stored=True)


def _texts() -> bytes:
    return Return().add(STRINGS, f"<sst {_M}>{'<si/>' * 1_100_000}</sst>").zip(stored=True)


def _text(length: int) -> str:
    return f'<c r="R7" t="str"><v>{"x" * length}</v></c>'


def _named(old: str, new: str) -> bytes:
    quoted = f'"{old}"' if old.isalpha() else old
    return Return().change(WORKBOOK, quoted, quoted.replace(old, new)).zip()


def _header(text: str) -> bytes:
    return Return().cell("P6", f'<c r="P6" t="inlineStr"><is><t>{text}</t></is></c>').zip()


def _padded(size: int) -> bytes:
    parts = Return().parts
    return zipped([*entries_of(parts), entry("xl/media/image1.png", bytes(size), stored=True)])


def _unread() -> bytes:
    return zipped([*entries_of(Return().parts), bomb("xl/media/image1.emf", b"", bytes(1_000), megabytes=500)])


def _unread_sheet() -> bytes:
    made = Return().link("worksheet", "worksheets/sheet9.xml")
    link_id = f"rId900{len(made.parts)}"
    made.change(WORKBOOK, "</sheets>", f'<sheet name="Mine" sheetId="9" r:id="{link_id}"/></sheets>')
    return zipped([*entries_of(made.parts), bomb("xl/worksheets/sheet9.xml", b"<worksheet><sheetData>", b"<row/>")])


def _namespaces() -> bytes:
    many = " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(4_000))
    return Return().change(SHEET, "</sheetData>", f"</sheetData><x {many}/>").zip()
