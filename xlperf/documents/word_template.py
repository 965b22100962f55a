"""The template of a Word document: what may be in one, and its placeholders filled by docxtpl in jinja2's sandbox.

A template is a file that people restyle in Word. What comes out of it goes to a board, so one that runs something, or
fetches something from elsewhere when it is opened, is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from typing import Any

from jinja2 import StrictUndefined, TemplateAssertionError, nodes
from jinja2.sandbox import SandboxedEnvironment

from xlperf.documents.word_marks import W
from xlperf.errors import DocumentError

PLACEHOLDERS = ("title", "author", "footer", "logo", "body")
BODY = "xlperf_body"
"""The name of the bookmark that stands for the body until that is put in its place."""
BODY_MARK = f'<w:p><w:bookmarkStart w:id="0" w:name="{BODY}"/></w:p>'
_MOST_PARTS, _MOST_BYTES, _MOST_XML = 1000, 40_000_000, 8_000_000
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SAVE_AS = "open it in Word and save it as a Word document (.docx)"
# Fields that fetch or run something; QUOTE can spell the name of one of them by the numbers of its letters.
_RUNS = re.compile(
    r"\s*(DDE|DDEAUTO|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE|MACROBUTTON|QUOTE|RD)\b", re.IGNORECASE
)
_OTHER_ENCODING = re.compile(rb"""\s*<\?xml[^>]*\sencoding=["'](?!utf-8["'])""", re.IGNORECASE)
_HARMLESS_ADDRESS = re.compile(r"(https?|mailto):", re.IGNORECASE)
_ONLY_NAMES = "it may hold only " + ", ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS if name != "body")
_FOREIGN = re.compile(r"/(oleObject|aFChunk|control|vbaProject|package|attachedTemplate|frame)$")


class TemplateFault(DocumentError):
    """A template cannot be used; the message says what of it, and what to do."""


class NamesOnly(SandboxedEnvironment):
    """A sandbox in which a template holds placeholders that are known, and nothing to be worked out."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.Node):
            if isinstance(node, nodes.Name):
                if node.name not in PLACEHOLDERS:
                    raise TemplateAssertionError(f"{{{{ {node.name} }}}} is not known", node.lineno)
            elif not isinstance(node, nodes.Output | nodes.TemplateData):
                raise TemplateAssertionError("something other than a placeholder stands in braces", node.lineno)
        return tree


def check_template(data: bytes) -> None:
    """Raise TemplateFault, saying what to do, if a file is no template that may be filled."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_size(package.infolist())
            _check_kind(package)
            for name in package.namelist():
                _check_part(name, package.read(name))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, KeyError) as error:
        raise TemplateFault(f"it is not a Word document, or a damaged one; {_SAVE_AS}, without a password") from error


def _check_size(parts: list[zipfile.ZipInfo]) -> None:
    is_xml_large = any(part.file_size > _MOST_XML for part in parts if not part.filename.startswith("word/media/"))
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES or is_xml_large:
        raise TemplateFault("it is too large for a template; take out its text and pictures, and keep its styles")


def _check_kind(package: zipfile.ZipFile) -> None:
    kinds = package.read("[Content_Types].xml")
    if b"macroEnabled" in kinds or b"vbaProject" in kinds:
        raise TemplateFault(f"it has macros; {_SAVE_AS}, which holds none")
    if _MAIN not in kinds:
        raise TemplateFault(f"it is not a Word document; {_SAVE_AS}")


def _check_part(name: str, data: bytes) -> None:
    data = data.removeprefix(b"\xef\xbb\xbf")
    is_utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not (is_utf_16 or data.lstrip().startswith(b"<") or name.endswith((".xml", ".rels"))):
        return  # a picture, or a font
    if is_utf_16 or b"\x00" in data or b"<!DOCTYPE" in data or _OTHER_ENCODING.match(data):
        raise TemplateFault(f"its part {name} is not as Word writes it; {_SAVE_AS}")
    text = data.decode("utf-8", errors="replace")
    if name.endswith(".rels"):
        _check_relations(text)
    elif any(_RUNS.match(unescape(instruction)) for instruction in _instructions(text)):
        raise TemplateFault("it has a field that fetches or runs something; take that field out (Alt+F9 shows them)")
    wrong = re.search(r"\{\{(?:p|r|tr|tc)\s+(?!body\b)(\w+)", re.sub(r"<[^>]+>", "", text))
    if wrong:
        raise TemplateFault(f"in it, write {{{{ {wrong[1]} }}}}; only {{{{p body }}}} is written with a p")


def _instructions(text: str) -> Iterator[str]:
    """What each field is told to do, which Word may have cut in pieces."""
    yield from re.findall(r"""\binstr=["']([^"']*)""", text)
    for one in re.split(r"""fldCharType=["']begin""", text):
        yield "".join(re.findall(r"<\w+:instrText[^>]*>([^<]*)", one))


def _check_relations(text: str) -> None:
    for relation in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", text):
        kind, target = (_attribute(relation, name) for name in ("Type", "Target"))
        if _FOREIGN.search(kind):
            what = "another template" if kind.endswith("attachedTemplate") else "an embedded object"
            raise TemplateFault(f"it has {what} attached ({target}); take that out and save it again")
        is_outside = _attribute(relation, "TargetMode").lower() == "external"
        if is_outside and not (kind.endswith("/hyperlink") and _HARMLESS_ADDRESS.match(target)):
            raise TemplateFault(f"it fetches something from elsewhere ({target}); put that into it and save it again")


def _attribute(relation: str, name: str) -> str:
    match = re.search(rf"""\b{name}\s*=\s*["']([^"']*)""", relation)
    return unescape(match[1]) if match else ""


def body_place(root: Any) -> Any:
    """The element in a filled template in whose place the body comes. Raises TemplateFault if there is not one."""
    marks = [each for each in root.iter(f"{{{W}}}bookmarkStart") if each.get(f"{{{W}}}name") == BODY]
    if len(marks) != 1:
        there = "no" if not marks else "more than one"
        raise TemplateFault(f"it has {there} {{{{p body }}}}; write it once, in a paragraph of its own")
    place = marks[0]
    while place.getparent().tag != f"{{{W}}}body":
        place = place.getparent()
        if place.getparent() is None or place.tag == f"{{{W}}}tbl":
            raise TemplateFault("its {{p body }} stands in a table or a box; write it in a paragraph of its own")
    return place


def only_names() -> str:
    """What a template may hold, in words."""
    return f"{_ONLY_NAMES}, and {{{{p body }}}} once, in a paragraph of its own"
