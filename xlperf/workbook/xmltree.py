"""A part of a workbook as an lxml tree: read when it is first looked into, changed in place, written if it changed.

For workbooks of our own alone (templates, masters, editions); what owners send back is never read by lxml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias, cast

from lxml import etree

from xlperf.errors import WorkbookError

Node: TypeAlias = Any
"""An element of a tree, as lxml has it; lxml says nothing of its types."""

REPAIR = "open the workbook in Excel, accept the repair and save it"

_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml\s[^>]*\?>\s*)?")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")
_BEFORE_ROOT = re.compile(rb"(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class XmlDocument:
    """A part: its bytes, and its tree once somebody has asked for that. `where` is how a message names it."""

    def __init__(self, data: bytes, where: str, again: Callable[[], bytes] | None = None) -> None:
        """`again` gives the same bytes once more, so that they need not be held."""
        self._data: bytes | None = data
        self._where, self._again = where, again
        self._root: Node | None = None

    @property
    def data(self) -> bytes:
        """Its bytes."""
        if self._data is None and self._again is not None:
            self._data = self._again()
        return cast("bytes", self._data)

    def release(self, again: Callable[[], bytes] | None = None) -> None:
        """Let go of the bytes and of the tree, if there is, or if there is given, what gives the same bytes again."""
        self._again = again or self._again
        if self._again is not None:
            self._data = self._root = None

    @property
    def root(self) -> Node:
        """Its outermost element, for reading. Raises WorkbookError where it is no sound XML of a workbook."""
        if self._root is None:
            declaration(self.data, self._where)
            try:
                self._root = etree.fromstring(self.data, _parser())
            except etree.XMLSyntaxError as error:
                raise WorkbookError(f"{self._where}: is damaged ({error}); {REPAIR}") from error
        return self._root

    @contextmanager
    def changing(self) -> Iterator[Node]:
        """Its outermost element, to be changed; the bytes stay if nothing is, or if the change fails."""
        tree = self.root.getroottree()
        before = etree.tostring(tree)
        try:
            yield self.root
        except BaseException:
            self._root = None
            raise
        if etree.tostring(tree) != before:
            start = declaration(self.data, self._where)
            encoding = _ENCODING.search(start)  # what is not in it becomes a reference
            name = encoding[1].decode() if encoding else "UTF-8"
            self._data = start + etree.tostring(tree, encoding=name, xml_declaration=False)
            self._again = None


def declaration(data: bytes, where: str) -> bytes:
    """The XML declaration as it is written. Raises WorkbookError for a DTD, and for any encoding but UTF-8."""
    match = _DECLARATION.match(data)
    start = match[0] if match else b""
    encoding = _ENCODING.search(start)
    is_wide = data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]  # in which nobody looks for a DTD
    if is_wide or (encoding and encoding[1].upper() not in {b"UTF-8", b"US-ASCII"}):
        raise WorkbookError(
            f"{where}: is not in UTF-8, as Excel writes it; open the workbook in Excel and save it again"
        )
    before_root = _BEFORE_ROOT.match(data, len(start))
    if data.startswith(b"<!DOCTYPE", before_root.end() if before_root else 0):
        raise WorkbookError(f"{where}: contains a document type definition, which Excel never writes; do not use it")
    return start


def _parser() -> etree.XMLParser:
    """One that fetches nothing, resolves nothing and keeps what it does not know; bytes are UTF-8 whatever they say."""
    return etree.XMLParser(
        encoding="UTF-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, strip_cdata=False
    )


def local(node: Node) -> str:
    """The name of an element without its namespace."""
    name: str = etree.QName(node).localname
    return name


def children(node: Node, names: Collection[str] = ()) -> list[Node]:
    """The elements directly inside one, or those of some names; never comments."""
    return [child for child in node.iterchildren("{*}*") if not names or local(child) in names]


def add(parent: Node, name: str, attributes: dict[str, str] | None = None, *, before: Node | None = None) -> Node:
    """Put a new element, of the namespace of `parent`, at the end of it or before one that is there."""
    node = parent.makeelement(etree.QName(etree.QName(parent).namespace, name), attributes, parent.nsmap)
    if before is None:
        parent.append(node)
    else:
        before.addprevious(node)
    return node


def remove(nodes: Collection[Node]) -> None:
    """Take elements away."""
    for node in nodes:
        node.getparent().remove(node)


def is_set(node: Node, name: str) -> bool:
    """Whether an attribute says yes."""
    return node.get(name) in {"1", "true"}


def storable(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NO_XML.sub("", text)


def named_part(element: Node) -> str:
    """Which part an element of the content types speaks of; "" for a kind of file."""
    return str(element.get("PartName", "")).lstrip("/")
