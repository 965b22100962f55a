"""XML that reads itself, asks for other files, hides in an encoding, or is not XML."""

from __future__ import annotations

import codecs
import random
from collections.abc import Iterator
from functools import partial

from tests.hostile.case import Case, read, refused
from tests.hostile.good import MAIN, SHEET, STRINGS, STYLES, TABLE, TYPES, WORKBOOK, Return

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LAUGHS = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
_DOCTYPE = b'<!DOCTYPE x [<!ENTITY e0 "lol">' + _LAUGHS + b"]>"
_BLOWUP = b'<!DOCTYPE x [<!ENTITY a "' + b"x" * 50_000 + b'">]>'
_PARTS = {
    "sheet": SHEET,
    "workbook": WORKBOOK,
    "texts": STRINGS,
    "styles": STYLES,
    "table": TABLE,
    "types": TYPES,
    "links": "_rels/.rels",
    "core": "docProps/core.xml",
    "app": "docProps/app.xml",
    "theme": "xl/theme/theme1.xml",
    "other-sheet": "xl/worksheets/sheet3.xml",
}
# Of noise, as a comment that packs too well is refused for that.
_NOISE = random.Random(1).randbytes(1_000_000).hex().encode()  # noqa: S311
_COMMENTS = b"<!--" + _NOISE[:900_000] + b"-->"


def cases() -> Iterator[Case]:
    """All of them."""
    for name, part in _PARTS.items():
        yield refused("F006", f"dtd-{name}", f"entities in {part}", partial(_with_prolog, _DOCTYPE, part))
    for name, (why, prolog) in _PROLOGS.items():
        yield refused("F006", f"dtd-{name}", why, partial(_with_prolog, prolog))
    for encoding, mark in _ENCODED.items():
        why = f"entities in {encoding}"
        yield refused("F006", f"dtd-in-{encoding}", why, partial(_encoded, encoding, mark, _DOCTYPE))
        yield read(f"encoding-{encoding}", f"a sheet in {encoding}", partial(_encoded, encoding, mark))
    for declared in _UNUSUAL:
        why = f"said to be in {declared}"
        yield refused("F010", f"encoding-said-{declared}", why, partial(_declared, declared))
    yield refused("F010", "encoding-utf7-dtd", "entities in UTF-7", _utf7)
    yield refused("F010", "encoding-utf32", "a sheet in UTF-32", lambda: _encoded("utf-32", b""))
    yield refused("F010", "encoding-ebcdic", "a sheet in EBCDIC", lambda: _encoded("cp500", b""))
    yield refused("F010", "encoding-wrong", "said to be ASCII, and is not", lambda: _declared("US-ASCII", "é"))
    yield refused("F010", "encoding-not-utf8", "bytes that are not UTF-8", lambda: _typed(b"\xff\xfe\xfd"))
    yield refused("F010", "xml-entity-unknown", "an entity that nobody declared", lambda: _typed(b"&nbsp;"))
    yield refused("F010", "xml-control", "a control character", lambda: _typed(b"\x01"))
    yield refused("F010", "xml-control-escaped", "the same, as a reference", lambda: _typed(b"&#1;"))
    yield refused("F010", "xml-surrogate", "half a character", lambda: _typed(b"&#xD800;"))
    yield refused("F010", "xml-nul", "a NUL", lambda: _typed(b"\0"))
    yield refused("F010", "xml-cut", "a sheet that ends early", lambda: _cut(-200))
    yield refused("F010", "xml-empty", "a sheet of nothing", lambda: Return().add(SHEET, b"").zip())
    yield refused("F010", "xml-two-roots", "two sheets in one", lambda: _more(b"<worksheet/>"))
    yield refused("F010", "xml-behind", "text behind the end", lambda: _more(b"and more"))
    yield refused("F010", "xml-crossed", "elements that cross", lambda: _changed("</sheetData>", "</row></sheetData>"))
    yield refused(
        "F010", "xml-attribute-twice", "an attribute twice", lambda: _changed('<row r="7"', '<row r="8" r="7"')
    )
    yield refused(
        "F010", "xml-namespace-unbound", "a prefix of nothing", lambda: _changed("<sheetData>", "<z:sheetData>")
    )
    yield refused("F010", "xml-namespace-unknown", "another main namespace", lambda: _namespace(b"urn:something:else"))
    yield refused("F010", "xml-namespace-none", "no namespace", lambda: _namespace(b""))
    yield refused(
        "F010", "xml-namespace-space", "a namespace with a space in it", lambda: _namespace(MAIN + b" worksheet")
    )
    yield refused("F004", "xml-namespace-strict", "one sheet in the strict namespace", _strict_sheet)
    yield refused("F010", "xml-other-root", "a table for a sheet", lambda: Return().add(SHEET, _root("table")).zip())
    yield refused("F010", "xml-styles", "formats that are not XML", lambda: Return().add(STYLES, "<oops").zip())
    yield refused("F010", "xml-json", "JSON for a sheet", lambda: Return().add(SHEET, b'{"a": 1}').zip())
    yield read("xml-comments", "long comments before the sheet", lambda: _with_prolog(_COMMENTS))
    yield refused(
        "F005",
        "xml-comment-1mb",
        "a comment of 2 MB before the sheet",
        lambda: _with_prolog(b"<!--" + _NOISE + b"-->"),
    )
    yield read(
        "xml-instructions",
        "instructions to other programs",
        lambda: _with_prolog(b"<?xml-stylesheet href='http://x.example/x.xsl'?>"),
    )
    yield read("xml-cdata", "a figure in CDATA", lambda: Return().number("<![CDATA[97]]>").zip())
    yield read("xml-references", "a figure in references", lambda: Return().number("&#57;&#x37;").zip())
    yield read("xml-comment-in-number", "a comment inside a figure", lambda: Return().number("9<!-- 1 -->7").zip())
    yield read(
        "xml-xinclude", "an inclusion that nobody makes", lambda: _changed("</sheetData>", f"</sheetData>{_XINCLUDE}")
    )


_PROLOGS = {
    "external": ("a DTD elsewhere", b'<!DOCTYPE x SYSTEM "http://x.example/x.dtd">'),
    "file": ("a file of this computer", b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
    "parameter": ("a parameter entity", b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://x.example/p"> %p;]>'),
    "quadratic": ("one long entity", _BLOWUP),
    "empty": ("a document type of nothing", b"<!DOCTYPE x>"),
    "after-comment": ("entities after almost a megabyte of comment", _COMMENTS + _DOCTYPE),
    "after-comments": ("entities after 4 MB of comments", _COMMENTS * 4 + _DOCTYPE),
    "after-instruction": ("entities after an instruction", b"<?x y?>" + _DOCTYPE),
    "attributes": ("a default for an attribute", b"<!DOCTYPE x [<!ATTLIST c t CDATA 'str'>]>"),
}
_ENCODED = {"utf-16": b"", "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-8-sig": b""}
_UNUSUAL = ("UTF-7", "UTF-32", "unicode_escape", "IBM037", "Shift_JIS", "rot13", "zlib", "x" * 5_000)
_XINCLUDE = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'


def _with_prolog(prolog: bytes, part: str = SHEET) -> bytes:
    return Return().change(part, _DECLARATION, _DECLARATION + prolog).zip()


def _encoded(encoding: str, mark: bytes, prolog: bytes = b"") -> bytes:
    made = Return().change(SHEET, _DECLARATION, prolog)
    return made.add(SHEET, mark + made.parts[SHEET].decode().encode(encoding, "xmlcharrefreplace")).zip()


def _declared(encoding: str, text: str = "") -> bytes:
    made = Return().change(SHEET, 'encoding="UTF-8"', f'encoding="{encoding}"')
    return (made.cell("R7", f'<c r="R7" t="str"><v>{text}</v></c>') if text else made).zip()


def _utf7() -> bytes:
    made = Return().change(SHEET, _DECLARATION, _DOCTYPE)
    declaration = b'<?xml version="1.0" encoding="UTF-7"?>'
    return made.add(SHEET, declaration + made.parts[SHEET].decode().encode("utf-7")).zip()


def _typed(text: bytes) -> bytes:
    made = Return().cell("R7", '<c r="R7" t="str"><v>Qqq</v></c>')
    return made.change(SHEET, b"Qqq", text).zip()


def _cut(at: int) -> bytes:
    made = Return()
    return made.add(SHEET, made.parts[SHEET][:at]).zip()


def _more(text: bytes) -> bytes:
    made = Return()
    return made.add(SHEET, made.parts[SHEET] + text).zip()


def _changed(old: str, new: str) -> bytes:
    return Return().change(SHEET, old, new).zip()


def _namespace(name: bytes) -> bytes:
    return Return().change(SHEET, MAIN, name).zip()


def _strict_sheet() -> bytes:
    return _namespace(b"http://purl.oclc.org/ooxml/spreadsheetml/main")


def _root(name: str) -> str:
    return f'<{name} xmlns="{MAIN.decode()}"/>'
