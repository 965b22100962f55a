"""E-mail drafts: text from a jinja2 template, the workbook attached, opened in a mail program for a person to send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from pathlib import Path

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from xlperf import errors

_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A workbook to be attached: the name it shall have there, and its bytes."""

    name: str
    data: bytes


def draft(
    template: Path,
    words: Mapping[str, object],
    *,
    to: str,
    cc: Sequence[str] = (),
    attach: Attachment | None = None,
) -> bytes:
    """An unsent message as .eml bytes; the template's first line is the subject.

    Raises:
        TemplateError: the template uses an unknown placeholder or cannot be read.
    """
    try:
        # Plain text: there is no HTML to escape, and a sandbox because people reword these files.
        environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)
        text = environment.from_string(template.read_text(encoding="utf-8")).render(words)
    except (TemplateError, OSError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        known = ", ".join(sorted(words))
        raise errors.TemplateError(f"{template.name}: {error}; known placeholders are {known}") from error
    subject, _, body = text.partition("\n")
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = _one_line(subject.removeprefix("Subject:"))
    _address(message, "To", [to])
    _address(message, "Cc", cc)
    message["X-Unsent"] = "1"  # Outlook opens such a file as a draft
    message.set_content(body.strip() + "\n")
    if attach is not None:
        message.add_attachment(attach.data, maintype=_XLSX[0], subtype=_XLSX[1], filename=attach.name)
    return message.as_bytes()


def _address(message: EmailMessage, header: str, addresses: Sequence[str]) -> None:
    """Address a message; what cannot be read as an address is left for the person who sends it."""
    try:
        message[header] = ", ".join(_one_line(address) for address in addresses if address)
    except (ValueError, LookupError, AttributeError):  # as `email` breaks on "<"
        del message[header]


def _one_line(text: str) -> str:
    """Header text without line breaks, which would begin another header."""
    return " ".join(text.split())
