"""The gate: an untrusted .xlsx as checked parts, each inflated and parsed in small pieces within limits.

`zipfile` only lists the parts. They are inflated here, because what counts is the bytes that come out, not
the sizes in the headers. Nothing is written to disk, and nothing outside of the given bytes is followed.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from xlperf.findings import Finding, Location, finding

_KB, _MB = 1024, 1024 * 1024
_CHUNK = 64 * _KB
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_STRICT = "http://purl.oclc.org/ooxml/"
_CONTENT_TYPES = "[Content_Types].xml"
# What expat decodes by itself; for any other name it would ask Python's codecs.
_ENCODINGS = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ISO-8859-1"}


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that xlperf will open. Real returns stay far below; see the reason beside each number."""

    file_bytes: int = 20 * _MB
    """The file itself: 3.6 MB is the 99.9th percentile of real workbooks."""
    parts: int = 1_000
    """Parts in the package: 196 is the 99.9th percentile."""
    part_bytes: int = 64 * _MB
    """One part, inflated: the largest honest form known has a sheet of 35 MB."""
    total_bytes: int = 128 * _MB
    """All that is inflated in one reading."""
    ratio: int = 100
    """Inflated to packed: spreadsheet XML packs 10 to 30 times, a bomb up to 1,000 times."""
    ratio_from: int = _MB
    """Inflated bytes below which the ratio is not looked at: small parts may pack well, and cannot harm."""
    elements: int = 3_000_000
    """XML elements in one reading: bounds time, and what is held in memory for the cells."""
    depth: int = 64
    """Nesting of XML elements: Excel stays below 20."""
    attributes: int = 256
    """Attributes of one element: Excel stays below 40."""
    token_bytes: int = _MB
    """One tag, comment or attribute: expat before 2.6 scans an unfinished one again with every piece."""
    sheets: int = 256
    """Sheets of the workbook: every one costs a look at its relationships."""
    tables: int = 500
    """Tables of the workbook: every one costs a part."""
    names: int = 20_000
    """Defined names: other programs take quadratic time over half a million."""
    merges: int = 50_000
    """Merged ranges of a sheet: other programs take quadratic time over 200,000."""
    rows: int = 1_100_000
    """Rows made of all tables together, empty ones between filled ones included: one full sheet, no more."""


DEFAULT_LIMITS = Limits()


class Refused(Exception):
    """The workbook is not taken; carries what the finding will say. Never leaves the reader."""

    def __init__(
        self, code: str, message: str, *, sheet: str = "", cell: str = "", found: str = "", expected: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self._message, self._sheet, self._cell = message, sheet, cell
        self._found, self._expected = found, expected

    def finding(self, file: str) -> Finding:
        """Make the finding, located in `file`."""
        place = Location(file=file, sheet=shown(self._sheet), cell=shown(self._cell))
        return finding(self.code, self._message, place, found=shown(self._found), expected=self._expected)


def shown(text: str, most: int = 80) -> str:
    """`text` short enough for a message: what is found in a hostile file may be megabytes."""
    return text if len(text) <= most else text[: most - 1] + "…"


class Reader:
    """What a part is parsed with; the outermost element has depth 1."""

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        """Take the opening of an element; `tag` is "namespace name"."""

    def end(self, tag: str, depth: int) -> None:
        """Take the closing of an element."""

    def text(self, text: str) -> None:
        """Take some text; more may follow."""


class Package:
    """The parts of a workbook, by name in any case. Raises Refused for whatever is wrong with them."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        _check_magic(data)
        if len(data) > limits.file_bytes:
            raise too_large("bytes in the file", limits.file_bytes, len(data))
        self.limits = limits
        self._data = memoryview(data)
        self._parts = _parts(data, limits)
        self._inflated = 0
        self._elements_left = limits.elements
        self._check_kind()

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._parts

    def parse(self, name: str, reader: Reader) -> None:
        """Stream the part through `reader`."""
        part = self._parts.get(name.casefold())
        if part is None:
            raise Refused("F010", "A part that the workbook refers to is not in the file.", found=name)
        parser = self._parser(reader)
        chunks = self._inflate(part)
        try:
            fed = 0
            for chunk in chunks:
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > self.limits.token_bytes:
                    raise too_large("bytes in one XML tag", self.limits.token_bytes)
            parser.Parse(b"", True)
        except Refused as refused:
            if refused.code == "F010":
                _drain(chunks)
            raise
        except (expat.ExpatError, ValueError, RecursionError) as error:
            _drain(chunks)
            raise Refused(
                "F010", "A part of the workbook is not well-formed XML.", found=f"{part.name}: {error}"
            ) from error

    def _inflate(self, part: _Part) -> Iterator[bytes]:
        """Inflate the part in pieces of at most 64 KB, counted as they come; the checksum is checked last."""
        packed = self._data[part.start : part.start + part.packed_size]
        most = min(self.limits.part_bytes, max(self.limits.ratio_from, self.limits.ratio * part.packed_size))
        size = checksum = 0
        try:
            for chunk in _deflated(packed) if part.is_deflated else _stored(packed):
                size += len(chunk)
                self._inflated += len(chunk)
                if size > most:
                    raise too_large("bytes in one part of the workbook", most)
                if self._inflated > self.limits.total_bytes:
                    raise too_large("bytes in the unpacked workbook", self.limits.total_bytes)
                checksum = zlib.crc32(chunk, checksum)
                yield chunk
        except zlib.error as error:
            raise _damaged(part.name) from error
        if size != part.size or checksum != part.checksum:
            raise _damaged(part.name)

    def _parser(self, reader: Reader) -> expat.XMLParserType:
        # The separator is a space: a namespace cannot be mistaken for another, since no local name has one.
        parser = expat.ParserCreate(namespace_separator=" ")
        # Called for every element: local names, and one test for all limits, save a tenth of the time.
        most_depth, most_attributes = self.limits.depth, self.limits.attributes
        take_start, take_end = reader.start, reader.end
        depth, left = 0, self._elements_left

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth, left
            depth += 1
            left -= 1
            if depth > most_depth or left < 0 or len(attributes) > most_attributes:
                raise self._too_much_xml(depth, left)
            if depth == 1:
                _check_root(tag)
            take_start(tag, attributes, depth)

        def end(tag: str) -> None:
            nonlocal depth
            take_end(tag, depth)
            depth -= 1
            if not depth:
                self._elements_left = left

        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = reader.text
        parser.XmlDeclHandler = _check_encoding
        parser.StartDoctypeDeclHandler = _refuse_dtd
        parser.EntityDeclHandler = _refuse_dtd
        return parser

    def _too_much_xml(self, depth: int, left: int) -> Refused:
        if depth > self.limits.depth:
            return too_large("levels of XML", self.limits.depth)
        if left < 0:
            return too_large("XML elements", self.limits.elements)
        return too_large("attributes of one XML element", self.limits.attributes)

    def _check_kind(self) -> None:
        """Refuse a package that is something else than a plain workbook."""
        if _CONTENT_TYPES not in self:
            raise _other_package(self._parts)
        types = _ContentTypes()
        self.parse(_CONTENT_TYPES, types)
        if "sheet.binary" in types.all:
            raise _old_format("an Excel binary workbook (.xlsb)")
        if re.search("macroenabled|vbaproject|macrosheet", types.all) or any(map(_is_macro, self._parts)):
            raise Refused("F006", "The workbook contains macros.", expected="an .xlsx workbook without macros")
        if "activex" in types.all or any("/activex/" in name for name in self._parts):
            raise Refused("F006", "The workbook contains ActiveX controls.", expected="a workbook without controls")


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    start: int
    packed_size: int
    size: int
    checksum: int
    is_deflated: bool


class _ContentTypes(Reader):
    """All content types of the package in one lower-case text; only what occurs in it is asked."""

    def __init__(self) -> None:
        self._types: list[str] = []

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        self._types.append(attributes.get("ContentType", ""))

    @property
    def all(self) -> str:
        return " ".join(self._types).lower()


def too_large(what: str, limit: int, found: int | None = None) -> Refused:
    """Make the refusal for a limit that is passed."""
    return Refused(
        "F005",
        f"The workbook is larger than xlperf will open: too many {what}.",
        found="" if found is None else f"{found:,}",
        expected=f"at most {limit:,}",
    )


def _damaged(name: str = "") -> Refused:
    return Refused("F002", "The file is damaged, or only half of it was saved or copied.", found=name)


def _old_format(kind: str) -> Refused:
    return Refused(
        "F004",
        f"The file is {kind}, not an ordinary .xlsx workbook.",
        found=kind,
        expected="an .xlsx workbook",
    )


def _not_workbook(kind: str) -> Refused:
    return Refused("F001", f"The file is {kind}, not an Excel workbook.", found=kind, expected="an .xlsx workbook")


def _check_magic(data: bytes) -> None:
    """Refuse what is no zip package, saying what it is."""
    if data.startswith(_ZIP):
        return
    if not data:
        raise Refused("F001", "The file is empty.", found="0 bytes", expected="an .xlsx workbook")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused("F003", "The workbook is protected with a password or encrypted by a sensitivity label.")
        raise _old_format("an old Excel workbook (.xls)")
    head = data[: 4 * _KB]
    if not head.strip(b"\0"):
        raise Refused("F002", "The file holds nothing but zeros: it was not completely saved or synchronised.")
    text = _as_text(head).lstrip("\ufeff \t\r\n").lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in text:
        raise _old_format("an XML spreadsheet of Excel 2003")
    raise _not_workbook(_kind_of_text(text))


def _as_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return head.decode("utf-8", "replace")


def _kind_of_text(text: str) -> str:
    if text.startswith("%pdf"):
        return "a PDF document"
    if text.startswith("<"):
        return "a web page (HTML)" if re.search("<(!doctype )?(html|table|body)", text) else "an XML document"
    if text.startswith(("{", "[")):
        return "a JSON text"
    if re.search(r"[\x00-\x08\x0e-\x1f]", text) or text.startswith("pk"):
        return "of a kind that xlperf does not know"
    return "a text or CSV file"


def _other_package(names: Collection[str]) -> Refused:
    """Make the refusal for a zip that is no Office package."""
    if "mimetype" in names and "content.xml" in names:
        return _old_format("an OpenDocument file (.ods)")
    if any(name.endswith(".iwa") for name in names):
        return _old_format("an Apple Numbers document")
    return _not_workbook("a zip archive")


def _parts(data: bytes, limits: Limits) -> dict[str, _Part]:
    entries, end = _directory(data, limits)
    if len(entries) > limits.parts:
        raise too_large("parts in the package", limits.parts, len(entries))
    parts: dict[str, _Part] = {}
    previous_end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        part = _part(data, entry)
        # The first part stands at the very beginning: otherwise this is one zip behind another, and programs
        # differ in which of the two they read.
        if entry.header_offset < previous_end or (not parts and entry.header_offset):
            raise Refused("F006", "Parts of the workbook lie over one another.", found=part.name)
        previous_end = part.start + part.packed_size
        if previous_end > end:
            raise _damaged(part.name)
        if part.name.casefold() in parts:
            raise Refused(
                "F006",
                "The workbook holds the same part twice; programs differ in which one they read.",
                found=part.name,
            )
        parts[part.name.casefold()] = part
    return parts


def _directory(data: bytes, limits: Limits) -> tuple[list[zipfile.ZipInfo], int]:
    """List the entries of the package, and say where its parts end."""
    # zipfile makes an object of every entry before anything can be asked, so look first how many there are.
    # Ten times the limit, because a workbook may hold another package whose entries are counted here too.
    if data.count(_ENTRY) > 10 * limits.parts:
        raise too_large("parts in the package", limits.parts)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries, start = archive.infolist(), archive.start_dir
    except (
        zipfile.BadZipFile,
        struct.error,
        ValueError,
        OverflowError,
        NotImplementedError,
        EOFError,
        OSError,
    ) as error:
        raise _damaged() from error
    # One wrong length in an entry makes it swallow the next ones, and tables would be missing without a word.
    if data.count(_ENTRY, start) != len(entries):
        raise _damaged()
    return entries, start


def _part(data: bytes, entry: zipfile.ZipInfo) -> _Part:
    """Locate the part, after its two headers were compared."""
    # `filename` is cut at NUL and differs between systems; `orig_filename` is what stands in the file.
    name = entry.orig_filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or "\0" in name or ".." in name.split("/"):
        raise Refused("F006", "The name of a part of the workbook is not a safe one.", found=name)
    if entry.flag_bits & 0x41:
        raise Refused("F006", "A part of the workbook is encrypted.", found=name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("F002", "A part of the workbook is packed in a way that Excel does not use.", found=name)
    try:
        header = _LOCAL_HEADER.unpack_from(data, entry.header_offset)
    except (struct.error, OverflowError) as error:
        raise _damaged(name) from error
    name_at = entry.header_offset + _LOCAL_HEADER.size
    start = name_at + header[-2] + header[-1]
    listed = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
    if entry.header_offset < 0 or header[0] != _ZIP or data[name_at : name_at + header[-2]] != listed:
        raise _damaged(name)
    is_deflated = entry.compress_type == zipfile.ZIP_DEFLATED
    return _Part(name, start, entry.compress_size, entry.file_size, entry.CRC, is_deflated)


def _is_macro(name: str) -> bool:
    return name.endswith("vbaproject.bin") or "/macrosheets/" in name


def _stored(packed: memoryview) -> Iterator[bytes]:
    for at in range(0, len(packed), _CHUNK):
        yield bytes(packed[at : at + _CHUNK])


def _deflated(packed: memoryview) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    at = 0
    while not stream.eof:
        block: bytes | memoryview = stream.unconsumed_tail
        if not block:
            block = packed[at : at + _CHUNK]
            at += len(block)
        chunk = stream.decompress(block, _CHUNK)
        if not chunk and not block:
            raise zlib.error("the stream ends too early")
        yield chunk
    if at < len(packed) or stream.unused_data:
        raise zlib.error("something stands behind the stream")


def _drain(chunks: Iterator[bytes]) -> None:
    """Read on to the checksum: when it is wrong, the file is damaged, and that is the better thing to say."""
    deque(chunks, maxlen=0)


def _check_root(tag: str) -> None:
    if "/wordprocessingml/" in tag or "/presentationml/" in tag:
        raise _not_workbook("a Word or PowerPoint document")
    if tag.startswith(_STRICT):
        raise Refused(
            "F004",
            "The workbook is saved as 'Strict Open XML'; save as ordinary .xlsx.",
            found="Strict Open XML Spreadsheet",
            expected="Excel Workbook (.xlsx)",
        )


def _check_encoding(version: str, encoding: str | None, standalone: int) -> None:
    if encoding and encoding.upper() not in _ENCODINGS:
        raise Refused("F010", "A part of the workbook is in an encoding that Excel does not use.", found=encoding)


def _refuse_dtd(*declaration: object) -> None:
    raise Refused("F006", "The workbook contains an XML document type, which Excel never writes.", found="DOCTYPE")
