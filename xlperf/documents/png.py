"""Pictures as PNG, for what takes no SVG: typst draws them, in the font that comes with xlperf."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from xlperf.documents.extra import lacking
from xlperf.documents.fonts import FOLDER
from xlperf.errors import DocumentError

PRINTED_AT = 200.0
"""Dots per inch, of a picture in full size."""
# All in one run, a page each, since most of the time goes into beginning one.
_SOURCE = (
    b"#set page(width: auto, height: auto, margin: 0pt)\n"
    b'#for drawn in json(bytes(sys.inputs.pictures)) { page(image(bytes(drawn), format: "svg")) }'
)


def as_png(drawn: Sequence[str], dots: float = PRINTED_AT) -> list[bytes]:
    """Each SVG as PNG, in order. Raises DocumentError."""
    if not drawn:
        return []
    try:
        import typst
    except ImportError as error:
        raise lacking("pictures in Word") from error
    compiled: Any = typst.compile  # what it says that it returns leaves out a list, which it makes of several pages
    try:
        made = compiled(
            _SOURCE,
            format="png",
            ppi=dots,
            font_paths=[str(FOLDER)],
            ignore_system_fonts=True,
            sys_inputs={"pictures": json.dumps([*drawn])},
        )
    except typst.TypstError as error:
        raise DocumentError(f"a picture cannot be drawn: {error.message}") from error
    return [bytes(each) for each in made] if isinstance(made, list) else [bytes(made)]
