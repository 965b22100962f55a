"""The parts of `xlperf.xlam` besides macros, ribbon and theme: a workbook of one sheet that holds the settings.

An add-in's sheets are never shown, so the sheet itself need not be hidden (a workbook must have one that is not).
"""

from __future__ import annotations

from xlperf.desktop.addin_file import ITEMS, RIBBON_PART, SHEET_PART

SHEET, THEME_PART = "settings", "xl/theme/theme1.xml"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DAY = "2026-01-01T00:00:00Z"  # fixed, so that the same macros make the same file


def parts(version: str) -> dict[str, str]:
    """The XML parts by name, in file order, for a version of the add-in."""
    made = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT_RELATIONSHIPS,
        "xl/workbook.xml": _workbook(),
        "xl/_rels/workbook.xml.rels": _WORKBOOK_RELATIONSHIPS,
        SHEET_PART: _sheet(),
        "xl/styles.xml": _STYLES,
        "xl/sharedStrings.xml": _strings(version),
        "docProps/core.xml": _CORE,
        "docProps/app.xml": _APP,
    }
    return {name: _HEAD + text for name, text in made.items()}


def _workbook() -> str:
    rows = {item: row for row, item in enumerate(ITEMS, 1)}
    names = "".join(f'<definedName name="{item}">{SHEET}!$B${rows[item]}</definedName>' for item in sorted(rows))
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships">'
        '<fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="30228"/>'
        '<workbookPr codeName="ThisWorkbook"/>'
        '<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="16000" windowHeight="9000"/></bookViews>'
        f'<sheets><sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets>'
        f'<definedNames>{names}</definedNames><calcPr calcId="191029"/></workbook>'
    )


def _sheet() -> str:
    """The sheet: in column A what a setting is called, in B its value."""
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" s="1" t="s"><v>{row - 1}</v></c>{_value(row, item)}</row>'
        for row, item in enumerate(ITEMS, 1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="Sheet1"/><dimension ref="A1:B{len(ITEMS)}"/>'
        '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
        '<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="18" customWidth="1"/>'
        f'<col min="2" max="2" width="100" customWidth="1"/></cols><sheetData>{rows}</sheetData></worksheet>'
    )


def _value(row: int, item: str) -> str:
    if item == "version":
        return f'<c r="B{row}" s="1" t="s"><v>{len(ITEMS)}</v></c>'
    return f'<c r="B{row}" s="1"/>'


def _strings(version: str) -> str:
    texts = [*(item.replace("_", " ") for item in ITEMS), version]
    inner = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f'<sst xmlns="{_MAIN}" count="{len(texts)}" uniqueCount="{len(texts)}">{inner}</sst>'


def _types(*overrides: tuple[str, str]) -> str:
    return "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides)


def _relationships(*targets: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


_CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + _types(
        ("xl/workbook.xml", "application/vnd.ms-excel.addin.macroEnabled.main+xml"),
        (SHEET_PART, f"{_SPREADSHEET}.worksheet+xml"),
        ("xl/styles.xml", f"{_SPREADSHEET}.styles+xml"),
        ("xl/sharedStrings.xml", f"{_SPREADSHEET}.sharedStrings+xml"),
        (THEME_PART, "application/vnd.openxmlformats-officedocument.theme+xml"),
        ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        ("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"),
    )
    + "</Types>"
)
_ROOT_RELATIONSHIPS = _relationships(
    (f"{_OFFICE}/relationships/officeDocument", "xl/workbook.xml"),
    (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    (f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
    ("http://schemas.microsoft.com/office/2006/relationships/ui/extensibility", RIBBON_PART),
)
_WORKBOOK_RELATIONSHIPS = _relationships(
    (f"{_OFFICE}/relationships/worksheet", "worksheets/sheet1.xml"),
    (f"{_OFFICE}/relationships/styles", "styles.xml"),
    (f"{_OFFICE}/relationships/sharedStrings", "sharedStrings.xml"),
    (f"{_OFFICE}/relationships/theme", "theme/theme1.xml"),
    ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
)
_STYLES = (  # style 1 is text, so that nothing written to a setting is taken for a number or a formula
    f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="Arial"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>xlperf</dc:title><dc:creator>xlperf</dc:creator><dc:description>The Performance tab.</dc:description>"
    f'<dcterms:created xsi:type="dcterms:W3CDTF">{_DAY}</dcterms:created>'
    f'<dcterms:modified xsi:type="dcterms:W3CDTF">{_DAY}</dcterms:modified></cp:coreProperties>'
)
_APP = f'<Properties xmlns="{_OFFICE}/extended-properties"><Application>Microsoft Excel</Application></Properties>'
