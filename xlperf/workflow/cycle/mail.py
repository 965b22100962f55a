"""E-mail drafts: text from a jinja2 template, the workbook attached, opened in a mail program for a person to send."""

from __future__ import annotations

import re
import secrets
import unicodedata
from binascii import b2a_base64
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

from xlperf import errors
from xlperf.findings import plain

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SUFFIX = ".xlsx"
_LONGEST_NAME = 64
"""Characters of an attachment's name: `filename="…"` then fits into one line of a header, which is of 78."""
_ABOUT_CONTENT = re.compile(rb"(?m)^Content-[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*")
_LINE = 76
"""Characters of a line of base64 (RFC 2045, 6.8)."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A workbook to be attached: the name of its file, and its bytes. In the mail it is called `name_in_mail`."""

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
        text = _compiled(template.read_text(encoding="utf-8")).render(words)
    except (TemplateError, OSError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        placeholders = ", ".join(sorted(words))
        raise errors.TemplateError(f"{template.name}: {error}; known placeholders are {placeholders}") from error
    subject, _, body = text.partition("\n")
    message = EmailMessage(policy=policy.SMTP)
    # A header that would be empty is left out: some mail programs take an empty Cc for a fault.
    if heading := _one_line(subject.removeprefix("Subject:")):
        message["Subject"] = heading
    for header, texts in (("To", [to]), ("Cc", cc)):
        if addresses := [address for each in texts for address in addresses_in(each)]:
            message[header] = addresses if _arrive(addresses) else [Address(addr_spec=a.addr_spec) for a in addresses]
    message["X-Unsent"] = "1"  # Outlook opens such a file as a draft
    message.set_content(body.strip() + "\n")
    written = message.as_bytes()
    return written if attach is None else _with_attached(written, attach)


def _with_attached(message: bytes, attach: Attachment) -> bytes:
    """A message with a workbook attached to it (RFC 2046, 5.1).

    Written here, because `email` takes twice as long to do it as for all else: it goes through each line of base64.
    """
    headers, _, body = message.partition(b"\r\n\r\n")
    of_text = b"".join(_ABOUT_CONTENT.findall(headers + b"\r\n"))
    of_message = _ABOUT_CONTENT.sub(b"", headers + b"\r\n")
    boundary = f"==============={secrets.token_hex(10)}=="
    name = name_in_mail(attach.name)
    # The same name twice, as Outlook itself writes it: some programs read the one place, some the other.
    of_workbook = (
        f'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n filename="{name}"\r\n'
        f'Content-Type: {_XLSX};\r\n name="{name}"\r\nMIME-Version: 1.0\r\n'
    )
    data = b2a_base64(attach.data, newline=False)
    lines = b"\r\n".join(data[at : at + _LINE] for at in range(0, len(data), _LINE))
    start = f"\r\n--{boundary}\r\n".encode()
    kind = f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n'.encode()
    parts = [of_text + b"\r\n" + body, of_workbook.encode() + b"\r\n" + lines + b"\r\n"]
    return of_message + kind + start + start.join(parts) + f"\r\n--{boundary}--\r\n".encode()


def asks_for(template: Path, name: str) -> bool:
    """Whether a template has anything about a placeholder; one that cannot be read is refused when it is used."""
    with suppress(TemplateError, OSError, ValueError):
        return name in meta.find_undeclared_variables(_environment().parse(template.read_text(encoding="utf-8")))
    return False


@lru_cache(maxsize=8)  # the drafts of a period are all made from the same text
def _compiled(text: str) -> Template:
    return _environment().from_string(text)


def _environment() -> SandboxedEnvironment:
    # Plain text: there is no HTML to escape, and a sandbox because people reword these files.
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)


# ---- the attachment's name -------------------------------------------------------------------------------------------

_OTHER_LETTERS = str.maketrans(
    {
        "ß": "ss", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Þ": "Th", "þ": "th", "Ø": "O", "ø": "o",
        "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "ı": "i", "‘": "'", "’": "'", "–": "-", "—": "-",
    }
)  # fmt: skip
"""Letters and signs that Unicode does not take apart into one of ASCII and a mark."""
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 .()&'_-]+")


def name_in_mail(file: str) -> str:
    """What a workbook's file is called as an attachment: in ASCII, and short enough for one line of a header.

    Only such a name is read alike by every mail program. There are two ways to send any other, and neither is: some
    Outlooks know nothing of RFC 2231 and show "Untitled attachment", and encoded words (RFC 2047) are not allowed in
    this place, so that some programs show the code. What is lost is an accent, or the end of an owner's name. The last
    word, which in the name of a return is its serial number, is kept, so that no two returns are called the same.
    """
    letters = unicodedata.normalize("NFKD", file.removesuffix(_SUFFIX).translate(_OTHER_LETTERS))
    # Marks (as of an accent) and characters that cannot be seen go without a trace, all else leaves one sign.
    seen = "".join(c for c in letters if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    words = _NOT_PLAIN.sub("_", " ".join(seen.split()))
    stem = re.sub(r"_[ _]*_", "_", words).strip(" .-") or "attachment"
    room = _LONGEST_NAME - len(_SUFFIX)
    if len(stem) > room:
        begin, _, last = stem.rpartition(" ")
        if len(last) > room // 2:  # no serial number
            begin, last = stem, ""
        stem = f"{begin[: room - len(last) - 1].rstrip(' .(&_-')} {last}"
    return stem.strip() + _SUFFIX


# ---- addresses -------------------------------------------------------------------------------------------------------

_ADDRESS = re.compile(
    r"""
    (?: (?P<name> "[^"]*" | [^<>;"@]*? ) \s* < \s* (?P<angled> [^\s<>]+ ) \s* >  # Smith, Ann <ann@example.org>
      | (?P<bare> [^\s<>,;()"]+ ) (?: \s* \( (?P<comment> [^()]* ) \) )?         # ann@example.org (Ann Smith)
    )
    \s* (?: [,;] [\s,;]* | $ )
    """,
    re.VERBOSE,
)
_LOCAL_PART = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+", re.ASCII)
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*", re.ASCII | re.IGNORECASE)


def addresses_in(text: str) -> tuple[Address, ...]:
    """The addresses that a person typed, parted by commas or semicolons; none where any part of it is not understood.

    A draft with half of its addresses would look complete, so it gets all or none. None, too, where an address needs
    letters that mail programs do not all carry (before the @; after it, they have another spelling).
    """
    rest = _one_line(text).lstrip(",; ")
    addresses = []
    while rest:
        match = _ADDRESS.match(rest)
        address = _address(match) if match else None
        if match is None or address is None:
            return ()
        addresses.append(address)
        rest = rest[match.end() :]
    return tuple(addresses)


def unreadable(people: Iterable[tuple[str, str]]) -> str:
    """What to say of the addresses that stand in no draft, from (whose, address); "" where all are understood."""
    odd = [
        f"{plain(text)} ({plain(whose)})" for whose, text in dict.fromkeys(people) if text and not addresses_in(text)
    ]
    if not odd:
        return ""
    return f"e-mail addresses that cannot be read were left out: {', '.join(odd)}; put them into the drafts yourself"


def _address(match: re.Match[str]) -> Address | None:
    local, at, domain = (match["angled"] or match["bare"]).rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if not at or len(local) > 64 or not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return None
    name = match["name"] or match["comment"] or ""
    try:
        return Address(name.strip('" '), addr_spec=f"{local}@{domain}")
    except (ValueError, LookupError, AttributeError):  # as `email` breaks on two dots
        return None


def _arrive(addresses: Sequence[Address]) -> bool:
    """Whether these addresses are the same when the header is read back, names and all; without names they are.

    Where a long name has to be folded, Python can lose its quotation marks, and a comma in it begins another address.
    """
    if not any(each.display_name for each in addresses):
        return True
    folded = policy.SMTP.fold("To", policy.SMTP.header_factory("To", addresses))
    header = policy.default.header_factory("To", folded.partition(":")[2].replace("\r\n", ""))
    return isinstance(header, AddressHeader) and list(header.addresses) == list(addresses)


def _one_line(text: str) -> str:
    """Header text without line breaks, which would begin another header, and without what cannot be seen."""
    return plain(" ".join(text.split()))
