"""PDF of a document, by typst: tagged (PDF/UA-1), in the font that comes with xlperf, the same bytes at any time."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC
from pathlib import Path

from xlperf.documents.document import Document
from xlperf.documents.extra import lacking
from xlperf.documents.fonts import FOLDER
from xlperf.documents.pdf_data import as_data
from xlperf.errors import DocumentError

_TEMPLATE = Path(__file__).with_name("pack.typ")


def can_write_pdf() -> bool:
    """Whether typst is installed."""
    try:
        import typst  # noqa: F401
    except ImportError:
        return False
    return True


def write_pdf(document: Document, path: Path) -> None:
    """Write a document as PDF. Raises DocumentError, and then `path` is not made."""
    path.write_bytes(_compiled(document))


def _compiled(document: Document) -> bytes:
    try:
        import typst
    except ImportError as error:
        raise lacking("PDF packs") from error
    with tempfile.TemporaryDirectory() as folder:
        # The text of a document reaches typst as data in a file beside the template, never as typst's own language.
        (Path(folder) / "pack.typ").write_bytes(_TEMPLATE.read_bytes())
        (Path(folder) / "document.json").write_text(json.dumps(as_data(document)), encoding="utf-8")
        logo = _logo_name(document.logo)
        if document.logo is not None:
            (Path(folder) / logo).write_bytes(document.logo)
        try:
            made = typst.compile(
                str(Path(folder) / "pack.typ"),
                root=folder,
                font_paths=[str(FOLDER)],
                ignore_system_fonts=True,
                sys_inputs={"logo": logo if document.logo is not None else ""},
                pdf_standards="ua-1",
                timestamp=document.produced.astimezone(UTC).replace(microsecond=0),
            )
        except typst.TypstError as error:
            raise DocumentError(f"the PDF cannot be made: {error.message}") from error
    return bytes(made)


def _logo_name(logo: bytes | None) -> str:
    return "logo.png" if (logo or b"").startswith(b"\x89PNG") else "logo.svg"
