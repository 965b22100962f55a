"""Numbers in words, and how a sentence begins; apart from the rules, so that whoever counts loads no arrays."""

from __future__ import annotations


def times(count: int, what: str) -> str:
    """`1 period`, `2 periods`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def often(count: int) -> str:
    """`once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def capital(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]
