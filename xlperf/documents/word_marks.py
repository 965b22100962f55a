"""The marks of a Word document: elements, paragraphs, runs of text, and pictures in a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from lxml import etree

from xlperf.documents.document import Align
from xlperf.documents.written_text import written

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TWIPS, EMU = 20, 12700
"""Of a point."""
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_JUSTIFIED = {Align.LEFT: None, Align.RIGHT: "right", Align.CENTRE: "center"}
_PICTURE = """\
<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">\
<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>\
<wp:docPr id="{number}" name="Picture {number}" descr="{said}">{decorative}</wp:docPr>\
<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>\
<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>\
<pic:nvPicPr><pic:cNvPr id="0" name="Picture {number}"/><pic:cNvPicPr/></pic:nvPicPr>\
<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>\
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>\
</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"""
_DECORATIVE = """\
<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative \
xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>"""


def element(name: str, *content: Any, **attributes: object) -> Any:
    """An element of Word's own; what is None in it is left out."""
    made = etree.Element(f"{{{W}}}{name}", nsmap={"w": W})
    for key, value in attributes.items():
        made.set(f"{{{W}}}{key}", str(value))
    for each in content:
        if each is not None:
            made.append(each)
    return made


@dataclass(frozen=True, slots=True)
class Placing:
    """How a paragraph stands: the identifier of its style, and what differs from that.

    Attributes:
        number: of the numbered list that it is an item of; 0 for none.
        indent: in points.
        right_tab: where a text after a tab ends, in points; 0 for nowhere.
    """

    style: str
    align: Align = Align.LEFT
    keeps_with_next: bool = False
    starts_page: bool = False
    number: int = 0
    indent: float = 0
    right_tab: float = 0


def paragraph(placing: Placing, *runs: Any) -> Any:
    """A paragraph of these runs."""
    numbering = (
        element("numPr", element("ilvl", val=0), element("numId", val=placing.number)) if placing.number else None
    )
    justified = _JUSTIFIED[placing.align]
    properties = element(
        "pPr",
        element("pStyle", val=placing.style),
        element("keepNext") if placing.keeps_with_next else None,
        element("pageBreakBefore") if placing.starts_page else None,
        numbering,
        element("tabs", element("tab", val="right", pos=round(placing.right_tab * TWIPS)))
        if placing.right_tab
        else None,
        element("ind", left=round(placing.indent * TWIPS)) if placing.indent else None,
        element("jc", val=justified) if justified else None,
    )
    return element("p", properties, *runs)


def keep_with_next(content: Any) -> None:
    """Let every paragraph in it stand on the page of what comes next."""
    for each in content.iter(f"{{{W}}}p"):
        properties = each.find(f"{{{W}}}pPr")
        if properties.find(f"{{{W}}}keepNext") is None:
            properties.insert(1, element("keepNext"))  # after the style


def start_page(first: Any) -> None:
    """Let a paragraph begin a new page."""
    properties = first.find(f"{{{W}}}pPr")
    before = [f"{{{W}}}{name}" for name in ("pStyle", "keepNext")]
    properties.insert(sum(each.tag in before for each in properties), element("pageBreakBefore"))


def tab() -> Any:
    """A run that is a tab."""
    return element("r", element("tab"))


def run(text: str, *, style: str | None = None, is_strong: bool = False) -> Any:
    """A run of text; the end of a line is one in Word too."""
    properties = element("rPr", element("rStyle", val=style) if style else None, element("b") if is_strong else None)
    return element("r", properties if len(properties) else None, *_pieces(written(text)))


def _pieces(text: str) -> Iterator[Any]:
    for at, one_line in enumerate(text.split("\n")):
        if at:
            yield element("br")
        piece = element("t")
        piece.text = one_line.replace("\t", " ")
        piece.set(_SPACE, "preserve")
        yield piece


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the file: its relation, its number (each has its own), size in points, and what it shows.

    Attributes:
        said: what it shows; "" where it only decorates.
    """

    relation: str
    number: int
    width: float
    height: float
    said: str


def drawing(picture: Picture) -> str:
    """A picture that stands in a line, as XML."""
    return _PICTURE.format(
        width=round(picture.width * EMU),
        height=round(picture.height * EMU),
        number=picture.number,
        relation=picture.relation,
        said=escape(written(picture.said)).replace("\n", " "),
        decorative="" if picture.said else _DECORATIVE,
    )


def picture_run(picture: Picture, lowered: float = 0) -> Any:
    """A run that is a picture, so many points below the line of the text."""
    properties = element("rPr", element("position", val=round(-2 * lowered))) if lowered else None
    return element("r", properties, etree.fromstring(drawing(picture)))
