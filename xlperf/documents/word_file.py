"""The file of a Word document: a template filled by docxtpl, the body put in its place, the same bytes at any time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from html import escape
from typing import Any

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.oxml.exceptions import InvalidXmlError
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml import etree
from markupsafe import Markup

from xlperf.documents.document import Document
from xlperf.documents.logo import NO_PICTURE, media_type
from xlperf.documents.word_body import body
from xlperf.documents.word_marks import EMU, Picture, drawing
from xlperf.documents.word_styles import Stationery, Style
from xlperf.documents.word_template import BODY_MARK, NamesOnly, TemplateFault, body_place, only_names
from xlperf.documents.written_text import written
from xlperf.errors import DocumentError

_LOGO_HEIGHT = 37.0
_LOGO_NUMBER = 4999
_LONGEST_PROPERTY = 255
_LISTED = "List Number"
_BROKEN_IMAGE = (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError)
# What python-docx and docxtpl raise where a file lacks what they expect in one, beside what they call an error.
_FAILURES = (InvalidXmlError, etree.LxmlError, ValueError, LookupError, AttributeError, TypeError, OSError)


def filled(template: bytes, document: Document, pictures: Mapping[str, bytes]) -> bytes:
    """The file. `pictures` are PNGs by the SVG that they are drawn from.

    Raises:
        TemplateFault: the template cannot be used.
        DocumentError: the logo is no picture.
    """
    try:
        opened = _rendered(template, document, pictures)
        place = body_place(opened.element)
        stationery, width = _stationery(opened, pictures), _width(opened)
        _say_what_it_is(opened, document)
    except TemplateError as error:
        raise TemplateFault(f"{error.message or error}; {only_names()}") from error
    except _FAILURES as error:
        raise TemplateFault(f"it is not as Word writes it ({error}); open it in Word and save it again") from error
    parent = place.getparent()
    at = parent.index(place)
    parent[at : at + 1] = [*body(document, width, stationery)]
    made = io.BytesIO()
    opened.save(made)
    return timeless(made.getvalue())


def _rendered(template: bytes, document: Document, pictures: Mapping[str, bytes]) -> Any:
    opened = DocxTemplate(io.BytesIO(template))
    _forget_properties(opened.get_docx())
    opened.render(_context(opened, document, pictures), NamesOnly(), autoescape=True)
    return opened.docx


def _forget_properties(opened: Any) -> None:
    """Take the placeholders out of the file's properties: they are set later, and hold no more than so much."""
    about = opened.core_properties
    for name in ("title", "author", "subject", "comments", "identifier", "language"):
        if "{" in getattr(about, name):
            setattr(about, name, "")


def _context(opened: Any, document: Document, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    logo: Any = ""
    if document.logo is not None:
        kind = media_type(document.logo)
        png = document.logo if kind == "image/png" else pictures[document.logo.decode(errors="replace")]
        logo = _Placed(lambda: _logo(opened.current_rendering_part, png, document.logo_alt))
    return {
        "title": _text(document.title),
        "author": _text(document.author),
        "footer": _text(document.footer),
        "logo": logo,
        "body": _Placed(lambda: BODY_MARK),
    }


def _text(text: str) -> Markup:
    # docxtpl makes `{{` of `{_{` in all that is in the file in the end.
    return Markup(escape(written(text)).replace("_", "&#95;"))  # noqa: S704


@dataclass(frozen=True, slots=True)
class _Placed:
    """What is put into a template as XML of our own making, when its placeholder is reached."""

    xml: Callable[[], str]

    def __html__(self) -> str:
        return self.xml()

    def __str__(self) -> str:
        return self.xml()


def _logo(part: Any, png: bytes, said: str) -> str:
    try:
        relation, image = part.get_or_add_image(io.BytesIO(png))
    except _BROKEN_IMAGE as error:
        raise DocumentError(NO_PICTURE) from error
    width, height = image.px_width, image.px_height
    if not width or not height:
        raise DocumentError(NO_PICTURE)
    picture = Picture(relation, _LOGO_NUMBER, _LOGO_HEIGHT * width / height, _LOGO_HEIGHT, said)
    return f'</w:t></w:r><w:r>{drawing(picture)}</w:r><w:r><w:t xml:space="preserve">'


def _stationery(opened: Any, pictures: Mapping[str, bytes]) -> Stationery:
    styles = {style.name: style.style_id for style in opened.styles}
    missing = [style for style in Style if style not in styles]
    if missing:
        names = ", ".join(f"'{style}'" for style in missing)
        raise TemplateFault(
            f"it lacks the styles {names}; restyle a copy of the one that comes with xlperf, which has them"
        )
    relations = _Relations(opened.part, pictures)
    return Stationery(styles, relations.of, _lists(opened))


@dataclass(frozen=True, slots=True)
class _Relations:
    """The relation of each picture in the file, which has it once however often it is shown."""

    part: Any
    pictures: Mapping[str, bytes]
    known: dict[str, str] = field(default_factory=dict)

    def of(self, drawn: str) -> str:
        """The relation of the picture that is drawn so."""
        if drawn not in self.known:
            self.known[drawn] = self.part.get_or_add_image(io.BytesIO(self.pictures[drawn]))[0]
        return self.known[drawn]


def _lists(opened: Any) -> Callable[[], int]:
    """What gives the number of a new list like those of the style, from 1 on; 0 where the style numbers nothing."""
    properties = opened.styles[_LISTED].element.pPr
    if properties is None or properties.numPr is None or properties.numPr.numId is None:
        return lambda: 0
    numbering = opened.part.numbering_part.element
    like = numbering.num_having_numId(properties.numPr.numId.val).abstractNumId.val

    def new_list() -> int:
        made = numbering.add_num(like)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(made.numId)

    return new_list


def _width(opened: Any) -> float:
    """Between the margins of the page, in points."""
    page = opened.sections[-1]
    return float((page.page_width - page.left_margin - page.right_margin) / EMU)


def _say_what_it_is(opened: Any, document: Document) -> None:
    about = opened.core_properties
    about.title = written(document.title)[:_LONGEST_PROPERTY]
    about.author = about.last_modified_by = written(document.author)[:_LONGEST_PROPERTY]
    about.language = document.language
    about.created = about.modified = document.produced.astimezone(UTC).replace(tzinfo=None)
    about.revision = 1
    for language in opened.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), document.language)


def timeless(data: bytes) -> bytes:
    """The same file without the time at which it was written."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as anew:
        for name in package.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            anew.writestr(entry, package.read(name))
    return made.getvalue()
