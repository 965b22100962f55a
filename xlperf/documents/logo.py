"""The logo of a document: a PNG or an SVG, told by what is in it and not by a name."""

from __future__ import annotations

from lxml import etree

from xlperf.errors import DocumentError

NO_PICTURE = "the logo is neither a PNG nor an SVG picture; give another file, or none"


def media_type(logo: bytes) -> str:
    """Its kind, as `image/png`. Raises DocumentError where it is no picture."""
    if logo.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(logo, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(NO_PICTURE) from error
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        raise DocumentError(NO_PICTURE)
    return "image/svg+xml"
