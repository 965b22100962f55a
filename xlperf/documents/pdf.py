"""PDF of a document, by typst: tagged (PDF/UA-1), in the font that comes with xlperf, the same bytes at any time."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC
from enum import StrEnum
from pathlib import Path
from typing import Any

from xlperf.documents import palette
from xlperf.documents.chart_data import Chart
from xlperf.documents.document import Document, FullChart, Icon, TextRun, Together
from xlperf.documents.draw_chart import draw_chart
from xlperf.documents.draw_small_chart import draw_small_chart
from xlperf.documents.fonts import FOLDER, readable
from xlperf.documents.icons import draw_icon
from xlperf.errors import DocumentError

FITS = 1800
"""Characters that surely fit half a page; what has more may be torn apart by its end, as nothing is lost then."""
_TEMPLATE = Path(__file__).with_name("pack.typ")
_MISSING = "PDF packs need the extra 'pack': pip install 'xlperf[pack]'"


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
        raise DocumentError(_MISSING) from error
    with tempfile.TemporaryDirectory() as folder:
        # The text of a document reaches typst as data in a file beside the template, never as typst's own language.
        (Path(folder) / "pack.typ").write_bytes(_TEMPLATE.read_bytes())
        (Path(folder) / "document.json").write_text(json.dumps(_as_data(document)), encoding="utf-8")
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


def _as_data(document: Document) -> dict[str, Any]:
    data: dict[str, Any] = {
        field.name: _value(getattr(document, field.name)) for field in fields(document) if field.name != "logo"
    }
    return {**data, "palette": dict(_palette()), "icons": {str(icon): draw_icon(icon) for icon in Icon}}


def _palette() -> Iterator[tuple[str, Any]]:
    for name in ("INK", "SOFT", "HEADING", "BAND", "RULE", "PAPER"):
        yield name.lower(), getattr(palette, name)
    yield "grounds", {str(tone): colour for tone, colour in palette.GROUNDS.items()}


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: _value(getattr(value, field.name)) for field in fields(value)}


def _length(value: Any) -> int:
    """The characters of all spans within."""
    if isinstance(value, TextRun):
        return len(value.text)
    if isinstance(value, tuple):
        return sum(map(_length, value))
    return sum(_length(getattr(value, field.name)) for field in fields(value)) if is_dataclass(value) else 0


def _value(value: Any) -> Any:
    if isinstance(value, FullChart):
        return {"kind": value.kind, "svg": draw_chart(value.chart), "alt": readable(value.chart.alt)}
    if isinstance(value, Chart):
        return {"svg": draw_small_chart(value), "alt": readable(value.alt)}
    if isinstance(value, Together):
        return {**_fields(value), "fits": _length(value.blocks) <= FITS}
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, str):
        return readable(value)
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    if is_dataclass(value):
        return _fields(value)
    return value if isinstance(value, int | float | bool | None) else str(value)
