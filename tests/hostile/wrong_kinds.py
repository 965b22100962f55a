"""Files of another kind under the name of a return."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.hostile.case import Case, refused
from tests.hostile.good import TYPES, WORKBOOK, Return
from tests.hostile.zips import packed

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_XML_2003 = b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>"
_HTML = b"<html><head><title>Sign in to your account</title></head><body>Please sign in</body></html>"


def ole(*streams: str) -> bytes:
    """The beginning of an old Office file with these streams."""
    return OLE + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)


def cases() -> Iterator[Case]:
    """All of them."""
    for code, name, why, data in _FILES:
        yield refused(code, f"kind-{name}", why, partial(bytes, data))
    yield refused("F001", "kind-docx", "a Word document", lambda: _document("word", "w:document", "wordprocessingml"))
    yield refused("F001", "kind-pptx", "a presentation", lambda: _document("ppt", "p:presentation", "presentationml"))
    yield refused("F004", "kind-xlsb", "Excel's binary format", lambda: _typed("sheet.binary.macroEnabled.main"))
    yield refused("F004", "kind-strict", "Strict Open XML", lambda: strict().zip())
    yield refused(
        "F004",
        "kind-ods",
        "a LibreOffice spreadsheet",
        lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}),
    )
    yield refused("F004", "kind-numbers", "Apple Numbers", lambda: packed({"Index/Document.iwa": b"x"}))
    yield refused("F001", "kind-zip", "a zip of a return", lambda: packed({"return.xlsx": Return().zip()}))
    yield refused("F002", "kind-zip-empty", "a zip of nothing", lambda: b"PK\x03\x04" + bytes(26))
    yield refused("F001", "kind-jar", "a Java program", lambda: packed({"META-INF/MANIFEST.MF": b"Main-Class: x"}))


_FILES = (
    ("F001", "empty", "nothing at all", b""),
    ("F002", "zeros", "a file that was never filled", bytes(9_000)),
    ("F001", "one-byte", "one letter", b"P"),
    ("F001", "pk", "the first letters of a zip", b"PK"),
    ("F001", "zip-without-parts", "an empty zip archive", b"PK\x05\x06" + bytes(18)),
    ("F004", "xls", "an old Excel workbook", ole("Root Entry", "Workbook")),
    ("F004", "xls5", "an older one", ole("Root Entry", "Book")),
    ("F003", "encrypted", "a password", ole("Root Entry", "EncryptionInfo", "EncryptedPackage")),
    ("F003", "labelled", "a sensitivity label", ole("\x06DataSpaces", "DRMEncryptedTransform", "EncryptedPackage")),
    ("F001", "doc", "an old Word document", ole("Root Entry", "WordDocument")),
    ("F004", "xls-or-doc", "one embedded in the other", ole("Root Entry", "Workbook", "MBD0001", "WordDocument")),
    ("F001", "ppt", "an old presentation", ole("Root Entry", "PowerPoint Document")),
    ("F001", "msg", "an Outlook message", ole("Root Entry", "__substg1.0_0037001F")),
    ("F001", "pdf", "a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"),
    ("F001", "csv", "comma-separated text", b"Ref,Actual\r\nP1,97\r\n"),
    ("F001", "csv-utf16", "Excel's Unicode text", "Ref\tActual\r\nP1\t97".encode("utf-16")),
    ("F001", "html", "a page to sign in", _HTML),
    ("F001", "html-bom", "the same with a byte order mark", b"\xef\xbb\xbf\r\n<!DOCTYPE html>" + _HTML),
    ("F001", "html-table", "a table called .xls", b"<table><tr><td>97</td></tr></table>"),
    ("F001", "json", "an error page", b'{"error": {"code": "accessDenied"}}'),
    ("F001", "xml", "some XML", b"<?xml version='1.0'?><Error/>"),
    ("F001", "svg", "a drawing", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("F001", "rtf", "formatted text", rb"{\rtf1\ansi Return}"),
    ("F001", "png", "a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    ("F001", "jpeg", "a photograph of the screen", b"\xff\xd8\xff\xe0\0\x10JFIF"),
    ("F001", "gif", "a picture", b"GIF89a"),
    ("F001", "eml", "an e-mail", b"From: a@b.example\r\nSubject: Return\r\n\r\nAttached."),
    ("F001", "url", "a shortcut", b"[InternetShortcut]\r\nURL=https://example.org\r\n"),
    ("F001", "lnk", "a shortcut", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0"),
    ("F001", "exe", "a program", b"MZ\x90\0\x03"),
    ("F001", "gzip", "an archive", b"\x1f\x8b\x08\0\0\0\0\0"),
    ("F001", "7z", "an archive", b"7z\xbc\xaf\x27\x1c"),
    ("F001", "rar", "an archive", b"Rar!\x1a\x07\x01\0"),
    ("F001", "sqlite", "a database", b"SQLite format 3\0"),
    ("F001", "noise", "bytes without a meaning", bytes(range(1, 256))),
    ("F004", "xml2003", "Excel 2003 XML", _XML_2003),
)  # fmt: skip


def strict() -> Return:
    """A good return in the namespaces of Strict Open XML."""
    changes = (
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )

    def change(content: bytes) -> bytes:
        for old, new in changes:
            content = content.replace(old, new)
        return content

    return Return().each(change)


def _typed(kind: str) -> bytes:
    return Return().change(TYPES, "spreadsheetml.sheet.main", f"spreadsheetml.{kind}").zip()


def _document(folder: str, root: str, kind: str) -> bytes:
    part = f"{folder}/{folder}.xml"
    prefix = root.partition(":")[0]
    made = Return().change("_rels/.rels", WORKBOOK, part).change(TYPES, _MAIN, f"application/{kind}")
    return made.add(part, f'<{root} xmlns:{prefix}="http://schemas.openxmlformats.org/{kind}/2006/main"/>').zip()
