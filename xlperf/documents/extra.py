"""The extra `pack`, with what PDF and Word need; without it they are refused in the same words."""

from __future__ import annotations

from xlperf.errors import DocumentError


def lacking(what: str) -> DocumentError:
    """That what is to be made needs the extra."""
    return DocumentError(f"{what} need the extra 'pack': pip install 'xlperf[pack]'")
