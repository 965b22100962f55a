"""Text from outside made fit to print."""

from __future__ import annotations


def plain(text: str) -> str:
    """Text from outside as one line fit for a terminal, a log or a message.

    Control characters could steer a terminal, and characters that change the writing direction could make one name
    look like another. White space becomes a space; anything else that cannot be printed becomes a question mark.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else "?" for c in text)
