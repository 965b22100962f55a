"""Makes workbook_templates/pack.docx: the styles and placeholders of a pack in Word.

Like the workbooks, it is made anew with `python tools/make_word_template.py` and never restyled by hand; an
organisation restyles the copy in its own workspace. A test keeps what is shipped the same as what this makes.
"""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from xlperf.documents import palette
from xlperf.documents.word_file import timeless
from xlperf.documents.word_styles import Style

FOLDER = Path(__file__).parent.parent / "workbook_templates"
FONT = "Calibri"
_SIDE, _TOP, _FOOT = Mm(11), Mm(9), Mm(12)
_WIDTH = Mm(297 - 22)


def main(folder: Path = FOLDER) -> None:
    """Write the template."""
    folder.mkdir(exist_ok=True)
    (folder / "pack.docx").write_bytes(_made())


def _made() -> bytes:
    document = Document()
    _page(document.sections[0])
    _paragraphs(document.styles)
    _lists(document)
    _table_style(document.styles)
    _placeholders(document)
    _settings(document)
    about = document.core_properties
    about.title, about.author, about.comments, about.revision = "Pack", "xlperf", "", 1
    about.created = about.modified = datetime(2026, 1, 1)
    about.last_modified_by = "xlperf"
    for relation, of in [*document.part.package.rels.items()]:
        if of.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del document.part.package.rels[relation]
    written = io.BytesIO()
    document.save(written)
    return timeless(written.getvalue())


def _page(section: Any) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin, section.right_margin, section.top_margin = _SIDE, _SIDE, _TOP
    section.bottom_margin, section.footer_distance, section.header_distance = _FOOT, Mm(6), Mm(5)


def _paragraphs(styles: Any) -> None:
    _style(styles, "Normal", size=9.2)
    for theme in styles.element.xpath(".//w:rPrDefault//w:rFonts"):
        for name in [*theme.attrib]:
            del theme.attrib[name]
        theme.set(qn("w:ascii"), FONT)
        theme.set(qn("w:hAnsi"), FONT)
    _style(styles, Style.BODY, size=9.2, after=3)
    _style(styles, Style.NOTE, size=8.2, colour=palette.SOFT, after=3)
    _style(styles, Style.GAP, size=3.0)
    _style(styles, Style.TABLE_TEXT, size=8.2)
    _style(styles, Style.TABLE_BAND, size=8.2)
    _style(styles, Style.TABLE_HEADING, size=8.2, is_bold=True, colour=palette.PAPER)
    _style(styles, "Subtitle", size=9.2, colour=palette.SOFT, after=2)
    _style(styles, Style.PART, size=16, is_bold=True, colour=palette.HEADING, after=2)
    _style(styles, Style.HEADING, size=12, is_bold=True, colour=palette.HEADING, before=7, after=2)
    _style(styles, Style.SUBHEADING, size=11, is_bold=True, colour=palette.INK, before=5, after=2)
    _style(styles, "Footer", size=8.2, colour=palette.SOFT)
    beside = styles.add_style(str(Style.BESIDE), WD_STYLE_TYPE.CHARACTER)
    beside.font.bold = True
    after = styles.add_style(str(Style.BESIDE_HEADING), WD_STYLE_TYPE.CHARACTER)
    after.font.size, after.font.bold, after.font.color.rgb = Pt(8.2), False, _rgb(palette.SOFT)
    soft = styles.add_style(str(Style.SOFT), WD_STYLE_TYPE.CHARACTER)
    soft.font.color.rgb, soft.font.bold = _rgb(palette.SOFT), False


def _style(
    styles: Any, name: str, *, size: float, is_bold: bool = False, colour: str = palette.INK, **space: float
) -> None:
    """A paragraph style; `space` is `before` and `after`, in points."""
    known = name in styles
    style = styles[name] if known else styles.add_style(str(name), WD_STYLE_TYPE.PARAGRAPH)
    if not known:
        style.base_style, style.quick_style = styles["Normal"], True
    properties = style.element.get_or_add_rPr()
    for old in [*properties]:
        properties.remove(old)
    for line in style.element.xpath("./w:pPr/w:pBdr | ./w:pPr/w:contextualSpacing"):
        line.getparent().remove(line)
    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), is_bold
    style.font.color.rgb = _rgb(colour)
    look = style.paragraph_format
    look.space_before, look.space_after = Pt(space.get("before", 0)), Pt(space.get("after", 0))
    look.line_spacing = 1.0


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#"))


def _lists(document: Any) -> None:
    for name in (Style.NUMBERED, Style.BULLET):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(9.2)
        style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(1), 1.0


def _table_style(styles: Any) -> None:
    rule, head = palette.RULE.removeprefix("#"), palette.HEADING.removeprefix("#")
    styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="PackTable">'
            f'<w:name w:val="{Style.TABLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>'
            f'<w:tblPr><w:tblBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="{rule}"/>'
            f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{rule}"/></w:tblBorders>'
            '<w:tblCellMar><w:top w:w="36" w:type="dxa"/><w:left w:w="64" w:type="dxa"/>'
            '<w:bottom w:w="36" w:type="dxa"/><w:right w:w="64" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            '<w:tblStylePr w:type="firstRow"><w:tblPr/><w:tcPr>'
            f'<w:shd w:val="clear" w:color="auto" w:fill="{head}"/></w:tcPr></w:tblStylePr></w:style>'
        )
    )


def _placeholders(document: Any) -> None:
    top = document.add_paragraph("{{ author }}\t{{ logo }}", style="Subtitle")
    top.paragraph_format.tab_stops.add_tab_stop(_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    document.add_paragraph("{{p body }}", style=str(Style.BODY))
    footer = document.sections[0].footer.paragraphs[0]
    footer.style = document.styles["Footer"]
    for stop in document.styles["Footer"].element.xpath("./w:pPr/w:tabs"):
        stop.getparent().remove(stop)
    footer.paragraph_format.tab_stops.add_tab_stop(_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    footer.alignment = WD_ALIGN_PARAGRAPH.LEFT
    footer.add_run("{{ footer }}\tPage ")
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )


def _settings(document: Any) -> None:
    """As the Word of today writes it, not in the mode that keeps to an earlier one."""
    compat = document.settings.element.find(qn("w:compat"))
    for setting in [*compat]:
        compat.remove(setting)
    compat.append(
        parse_xml(
            f'<w:compatSetting {nsdecls("w")} w:name="compatibilityMode" '
            'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        )
    )


if __name__ == "__main__":
    main()
