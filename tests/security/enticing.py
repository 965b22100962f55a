"""A good return made enticing: whatever a spreadsheet program could be made to fetch or to run, in one file."""

from __future__ import annotations

import io
import zipfile

_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ADDRESS = "http://127.0.0.1:9/fetched"

PARTS = {
    "xl/externalLinks/externalLink1.xml": (
        '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<externalBook xmlns:r="{_RELATIONSHIPS}" r:id="rId1"/></externalLink>'
    ),
    "xl/externalLinks/externalLink2.xml": (
        '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<ddeLink ddeService="cmd" ddeTopic="/c calc"><ddeItems><ddeItem name="A0"/></ddeItems></ddeLink>'
        "</externalLink>"
    ),
    "xl/externalLinks/_rels/externalLink1.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONSHIPS}/externalLinkPath" Target="{_ADDRESS}.xlsx" TargetMode="External"/></Relationships>'
    ),
    "xl/connections.xml": (
        '<connections xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><connection id="1" name="c" '
        f'type="4" refreshedVersion="8" refreshOnLoad="1"><webPr url="{_ADDRESS}"/></connection></connections>'
    ),
}
_KINDS = {
    "xl/externalLinks/externalLink1.xml": "externalLink",
    "xl/externalLinks/externalLink2.xml": "externalLink",
    "xl/connections.xml": "connections",
}


def enticing(good: bytes) -> bytes:
    """The bytes of a good return with links outside, a DDE command and a connection refreshed on opening."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name).decode() if name.endswith((".xml", ".rels")) else None
            if name == "xl/_rels/workbook.xml.rels" and data is not None:
                data = data.replace("</Relationships>", _relationships() + "</Relationships>")
            elif name == "[Content_Types].xml" and data is not None:
                data = data.replace("</Types>", _types() + "</Types>")
            new.writestr(name, old.read(name) if data is None else data)
        for name, text in PARTS.items():
            new.writestr(name, text)
    return made.getvalue()


def _relationships() -> str:
    return "".join(
        f'<Relationship Id="rIdE{index}" Type="{_RELATIONSHIPS}/{kind}" Target="{name.removeprefix("xl/")}"/>'
        for index, (name, kind) in enumerate(_KINDS.items())
    )


def _types() -> str:
    return "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}'
        '+xml"/>'
        for name, kind in _KINDS.items()
    )
