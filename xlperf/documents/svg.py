"""Elements of SVG as text."""

from __future__ import annotations

from html import escape

from xlperf.documents.written_text import written

FONT = "'Source Sans 3'"
"""In quotation marks: without them no part of a font's name may begin with a digit, and another font is taken."""


def element(tag: str, *content: str, **attributes: object) -> str:
    """An element; `stroke_width=1` is written as `stroke-width="1"`, numbers with at most two decimals."""
    written = "".join(f' {key.replace("_", "-")}="{_value(value)}"' for key, value in attributes.items())
    inside = "".join(content)
    return f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>"


def text(words: str, x: float, y: float, **attributes: object) -> str:
    """A line of text; `y` is its baseline."""
    return element("text", escape(written(words), quote=False), x=x, y=y, font_family=FONT, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def picture(width: float, height: float, *content: str) -> str:
    """A whole picture, of a size in points."""
    return element(
        "svg",
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_value(width)} {_value(height)}",
        width=f"{_value(width)}pt",
        height=f"{_value(height)}pt",
    )


def _value(value: object) -> str:
    if isinstance(value, float | int):
        return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
    return escape(str(value))
