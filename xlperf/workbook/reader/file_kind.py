"""What a file is, where it is something else than the plain .xlsx workbook that it should be."""

from __future__ import annotations

import re
from collections.abc import Collection

from xlperf.workbook.reader.refused import Refused

ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096  # bytes that are looked at to tell what a file is
_STRICT = "http://purl.oclc.org/ooxml/"

# The streams that an OLE file is known by; their names stand in it as UTF-16.
_OLE_KINDS = {
    "WordDocument": "a Word document (.doc)",
    "PowerPoint Document": "a PowerPoint presentation (.ppt)",
    "__substg1.0_": "an Outlook message (.msg)",
}
_BINARY_KINDS = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"BM": "a picture (BMP)",
    b"II*\0": "a picture (TIFF)",
    b"MM\0*": "a picture (TIFF)",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"L\0\0\0\x01\x14\x02\0": "a shortcut to a file",
    b"SQLite format 3": "a database",
}
_TEXT_KINDS = (
    (r"%pdf", "a PDF document"),
    (r"\{\\rtf", "a text document (RTF)"),
    (r"\[[a-z]+shortcut\]", "a shortcut to a web page"),
    (r"[{\[]", "a JSON text"),
    (r"(from|to|cc|subject|date|received|return-path|delivered-to|mime-version|message-id|x-[\w-]+): ", "an e-mail"),
)


def check_first_bytes(data: bytes) -> None:
    """Refuse what is no zip package, saying what it is."""
    if data.startswith(ZIP):
        return
    if not data:
        raise Refused("F001", "The file is empty.", found="0 bytes", expected="an .xlsx workbook")
    if data.startswith(_OLE):
        raise _ole(data)
    head = data[:_HEAD]
    if not head.strip(b"\0"):
        raise Refused("F002", "The file holds nothing but zeros: it was not completely saved or synchronised.")
    for magic, kind in _BINARY_KINDS.items():
        if head.startswith(magic):
            raise _not_workbook(kind)
    text = _as_text(head).lstrip("\ufeff \t\r\n").lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in text:
        raise _other_format("an XML spreadsheet of Excel 2003")
    raise _not_workbook(_kind_of_text(text))


def other_package(names: Collection[str]) -> Refused:
    """Make the refusal for a zip that is no Office package; `names` are those of its parts, casefolded."""
    if "mimetype" in names and "content.xml" in names:
        return _other_format("an OpenDocument file (.ods)")
    if any(name.endswith(".iwa") for name in names):
        return _other_format("an Apple Numbers document")
    return _not_workbook("a zip archive")


def check_contents(types: str, names: Collection[str]) -> None:
    """Refuse a package that is, by its content types or the names of its parts, no plain workbook."""
    types = types.lower()
    if "sheet.binary" in types:
        raise _other_format("an Excel binary workbook (.xlsb)")
    if re.search("macroenabled|vbaproject|macrosheet", types) or any(map(_is_macro, names)):
        raise with_macros()
    if "activex" in types or any("activex/" in name for name in names):
        raise with_controls()


def check_relationship(kind: str) -> None:
    """Refuse a workbook with a relationship, here by the last word of its type, to what can run."""
    kind = kind.lower()
    if "macrosheet" in kind or "vbaproject" in kind:
        raise with_macros()
    if kind in ("control", "activexcontrolbinary"):
        raise with_controls()


def check_namespace(root: str) -> None:
    """Refuse a part whose outermost element is of another kind of document."""
    if "/wordprocessingml/" in root or "/presentationml/" in root:
        raise _not_workbook("a Word or PowerPoint document")
    if root.startswith(_STRICT):
        raise Refused(
            "F004",
            "The workbook is saved as 'Strict Open XML'; save as ordinary .xlsx.",
            found="Strict Open XML Spreadsheet",
            expected="Excel Workbook (.xlsx)",
        )


def with_macros() -> Refused:
    """Make the refusal for a workbook that can run something."""
    return Refused("F006", "The workbook contains macros.", expected="an .xlsx workbook without macros")


def with_controls() -> Refused:
    """Make the refusal for a workbook with ActiveX controls."""
    return Refused("F006", "The workbook contains ActiveX controls.", expected="a workbook without controls")


def _is_macro(name: str) -> bool:
    return "vbaproject" in name or "macrosheets/" in name


def _ole(data: bytes) -> Refused:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Refused("F003", "The workbook is protected with a password or encrypted by a sensitivity label.")
    for stream, kind in _OLE_KINDS.items():
        if stream.encode("utf-16-le") in data:
            # What is embedded in an old file has streams of the same names; which embeds which is not looked into.
            is_either = stream == "WordDocument" and any(_entry(name) in data for name in ("Workbook", "Book"))
            return _other_format("an old Office file (.xls or .doc)") if is_either else _not_workbook(kind)
    return _other_format("an old Excel workbook (.xls)")


def _entry(stream: str) -> bytes:
    """How an OLE file's directory names a stream; text that mentions the name looks otherwise."""
    return stream.encode("utf-16-le").ljust(64, b"\0")


def _as_text(head: bytes) -> str:
    is_utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return head.decode("utf-16" if is_utf16 else "utf-8", "replace")


def _kind_of_text(text: str) -> str:
    if text.startswith("<"):
        return "a web page (HTML)" if re.search("<(!doctype )?(html|table|body)", text) else "an XML document"
    for pattern, kind in _TEXT_KINDS:
        if re.match(pattern, text):
            return kind
    if re.search(r"[\x00-\x08\x0e-\x1f]", text) or text.startswith("pk"):
        return "of a kind that xlperf does not know"
    return "a text or CSV file"


def _other_format(kind: str) -> Refused:
    message = f"The file is {kind}, not an ordinary .xlsx workbook."
    return Refused("F004", message, found=kind, expected="an .xlsx workbook")


def _not_workbook(kind: str) -> Refused:
    return Refused("F001", f"The file is {kind}, not an .xlsx workbook.", found=kind, expected="an .xlsx workbook")
