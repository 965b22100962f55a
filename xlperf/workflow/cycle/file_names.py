"""Names of files that are made of what people are called."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[^\w .()&'-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def file_safe(text: str) -> str:
    """Text as part of a file name that every system takes: no separators, no reserved names, at most 60 characters."""
    name = _UNSAFE.sub("-", text).strip(" .-")[:60].rstrip(" .")
    return f"_{name}" if not name or _RESERVED.fullmatch(name) else name
