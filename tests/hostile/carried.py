"""What a workbook can carry that runs, fetches or is simply not for us."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.hostile.case import Case, read, refused
from tests.hostile.good import SHEET, TYPES, Return

_OFFICE = "http://schemas.microsoft.com/office/2006/relationships"
_TEN = "http://schemas.microsoft.com/office/2011/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_EXTERNAL = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</externalLink>'


def cases() -> Iterator[Case]:
    """All of them."""
    for name, make in _RUNS.items():
        yield refused("F006", f"runs-{name}", "it can run something", make)
    for name, (codes, make) in _CARRIED.items():
        yield read(f"carries-{name}", "told, and not followed", make, *codes)


def _plain() -> Return:
    return Return()


_RUNS: dict[str, Callable[[], bytes]] = {
    "macros": lambda: _plain().add("xl/vbaProject.bin", "x").link("vbaProject", "vbaProject.bin", base=_OFFICE).zip(),
    "macros-part-only": lambda: _plain().add("xl/vbaProject.bin", "x").zip(),
    "macros-elsewhere": lambda: _plain().add("customXml/VBAPROJECT.BIN", "x").zip(),
    "macros-link-only": lambda: _plain().link("vbaProject", "media/image1.png", base=_OFFICE).zip(),
    "macros-other-sheet": lambda: _plain().link("vbaProject", "x.bin", "xl/worksheets/sheet3.xml", base=_OFFICE).zip(),
    "macros-typed": lambda: _plain().change(TYPES, "spreadsheetml.sheet.main", "sheet.macroEnabled.main").zip(),
    "macros-typed-upper": lambda: _plain().change(TYPES, "spreadsheetml.sheet.main", "SHEET.MACROENABLED.MAIN").zip(),
    "add-in": lambda: _plain().change(TYPES, "spreadsheetml.sheet.main", "addin.macroEnabled.main").zip(),
    "macro-sheet": lambda: _plain().add("xl/macrosheets/sheet1.xml", "<x/>").zip(),
    "macro-sheet-link": lambda: _plain().link("xlMacrosheet", "worksheets/sheet3.xml", base=_OFFICE).zip(),
    "macro-sheet-international": lambda: _plain().link("xlIntlMacrosheet", "x.xml", base=_OFFICE).zip(),
    "macro-signature": lambda: _plain().link("vbaProjectSignature", "x.bin", base=_OFFICE).zip(),
    "activex": lambda: _plain().add("xl/activeX/activeX1.xml", "<x/>").zip(),
    "activex-bare": lambda: _plain().add("activeX/activeX1.bin", "x").zip(),
    "activex-link": lambda: _plain().link("control", "../x.xml", SHEET).zip(),
    "activex-binary": lambda: _plain().link("activeXControlBinary", "x.bin", "xl/x.xml", base=_OFFICE).zip(),
}
_CARRIED: dict[str, tuple[tuple[str, ...], Callable[[], bytes]]] = {
    "external-workbook": (("F012",), lambda: _external("<externalBook/>").zip()),
    "external-part-only": (("F012",), lambda: _plain().add("xl/externalLinks/externalLink1.xml", "<x/>").zip()),
    "dde": (("F012", "F012"), lambda: _external('<ddeLink ddeService="cmd" ddeTopic="/c calc"/>').zip()),
    "ole-link": (("F012",), lambda: _external('<oleLink progId="Word.Document"/>').zip()),
    "rtd": (("F012",), lambda: _plain().add("xl/volatileDependencies.xml", "<volTypes/>").zip()),
    "picture-on-web": (("F012",), lambda: _outside("image", "xl/drawings/drawing1.xml")),
    "template-on-web": (("F012",), lambda: _outside("attachedTemplate", "xl/workbook.xml")),
    "table-elsewhere": (("F012",), lambda: _outside("table", SHEET)),
    "connections": (("F013",), lambda: _plain().link("connections", "connections.xml").zip()),
    "connections-part-only": (("F013",), lambda: _plain().add("xl/connections.xml", "<x/>").zip()),
    "query-table": (("F013",), lambda: _plain().link("queryTable", "../queryTables/queryTable1.xml", SHEET).zip()),
    "data-model": (("F013",), lambda: _plain().add("xl/model/item.data", "x").zip()),
    "ole-object": (("F014",), lambda: _plain().link("oleObject", "../embeddings/oleObject1.bin", SHEET).zip()),
    "ole-part-only": (("F014",), lambda: _plain().add("xl/embeddings/oleObject1.bin", "MZ").zip()),
    "embedded-workbook": (("F014",), lambda: _plain().link("package", "../embeddings/x.xlsx", SHEET).zip()),
    "web-extension": (("F015",), lambda: _plain().link("webextension", "x.xml", "xl/y.xml", base=_TEN).zip()),
    "task-pane": (("F015",), lambda: _plain().link("webextensiontaskpanes", "x.xml", "", base=_TEN).zip()),
    "xml-maps": (("F015",), lambda: _plain().link("xmlMaps", "xmlMaps.xml").zip()),
    "ribbon": (("F015",), lambda: _plain().add("customUI/customUI14.xml", "<x/>").zip()),
    "signature": (("F015",), lambda: _plain().link("digital-signature/origin", "x.sigs", "", base=_PACKAGE).zip()),
    "dialog-sheet": (("F015",), lambda: _plain().add("xl/dialogsheets/sheet1.xml", "<x/>").zip()),
    "everything": (("F012", "F012", "F013", "F014", "F015"), lambda: _everything()),
    "endless-kind": ((), lambda: _plain().link("x" * 500_000, "x.xml").zip()),
    "hyperlinks": ((), lambda: _outside("hyperlink", SHEET)),
    "many-hyperlinks": ((), lambda: _hyperlinks(20_000)),
    "comments": ((), lambda: _plain().link("comments", "../comments1.xml", SHEET).zip()),
    "custom-xml": ((), lambda: _plain().link("customXml", "../customXml/item1.xml").zip()),
    "printer": ((), lambda: _plain().add("xl/printerSettings/printerSettings1.bin", "x").zip()),
    "form-control": ((), lambda: _plain().link("ctrlProp", "../ctrlProps/ctrlProp1.xml", SHEET).zip()),
    "links-damaged": ((), lambda: _plain().add("xl/drawings/_rels/drawing1.xml.rels", "not XML").zip()),
}  # fmt: skip


def _external(inside: str) -> Return:
    part = "xl/externalLinks/externalLink1.xml"
    made = Return().add(part, _EXTERNAL.format(inside)).link("externalLink", "externalLinks/externalLink1.xml")
    return made.link("externalLinkPath", "file:///server/x.xlsx", part, mode="External")


def _outside(kind: str, source: str) -> bytes:
    return Return().link(kind, "http://x.example/track.png", source, mode="External").zip()


def _everything() -> bytes:
    made = _external('<ddeLink ddeService="cmd"/>').link("connections", "connections.xml")
    return made.add("xl/embeddings/x.bin", "x").add("customUI/customUI.xml", "<x/>").zip()


def _hyperlinks(count: int) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    many = "".join(
        f'<Relationship Id="h{n}" Type="{kind}" Target="http://x.example/{n}" TargetMode="External"/>'
        for n in range(count)
    )
    return Return().change("xl/worksheets/_rels/sheet2.xml.rels", "</Relationships>", f"{many}</Relationships>").zip()
