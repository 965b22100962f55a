"""E-mail drafts as mail programs read them: names of attachments, addresses, headers, line ends."""

from __future__ import annotations

import email
import re
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.conftest import Q1, Team, at
from xlperf.workflow.cycle.chase import chase
from xlperf.workflow.cycle.mail import Attachment, draft
from xlperf.workflow.workspace import shipped
from xlperf.workflow.workspace.run import Run

BY, LATE = "tester", at("2026-07-20")
DATA = b"PK\x03\x04 a workbook"
ACUTE = "Division of Medicine, Urgent and Emergency Care and Patient Flow"

NAMES = [
    "Alpha team",
    "x" * 200,
    "word " * 40,
    "Perfformiad Llŷn, Ŵyth a Thŷ Ddewi",
    "ŵŷ" * 100,
    "Straße Łódź Århus Þórr Ørsted œuvre",
    "Отдел качества и безопасности пациентов",
    "質量部門",
    "🙂🏴󠁧󠁢󠁷󠁬󠁳󠁿 team 👩‍⚕️",
    'say "quality"; name=evil.exe',
    "back\\slash\\",
    "one\r\nBcc: everybody@example.org",
    "\N{RIGHT-TO-LEFT OVERRIDE}xslx.exe",
    "100% of %41 %0d%0a",
    "=?utf-8?b?ZXZpbC5leGU=?=",
    "a*0*=utf-8''b",
    "../../etc/passwd",
    "",
    "...",
]


def made(name: str = "2026-27-Q1 Alpha team 0001.xlsx", to: str = "alpha@x.org", cc: tuple[str, ...] = ()) -> bytes:
    template = shipped("workbook_templates") / "covering_email.txt"
    words = dict.fromkeys(("title", "period", "deadline", "owner", "email", "team", "board"), "a\rb\nc\u2028d")
    words |= dict.fromkeys(("rows", "executive_owner", "board_date"), "Siân")
    return draft(template, words, to=to, cc=cc, attach=Attachment(name, DATA))


def read(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def attached(data: bytes) -> str:
    """The name of the only attachment, the same wherever a mail program may look, and nowhere in RFC 2231's form."""
    (part,) = read(data).iter_attachments()
    assert part.get_content() == DATA
    head = (
        data.split(b"\r\nContent-Transfer-Encoding: base64\r\n")[0].rpartition(b"\r\n--")[2]
        + data.split(b"\r\nContent-Transfer-Encoding: base64\r\n")[1].split(b"\r\n\r\n")[0]
    )
    assert b"*" not in head
    (in_type,) = re.findall(rb'^ name="([^"\r\n]*)"', head, re.MULTILINE)
    (in_disposition,) = re.findall(rb' filename="([^"\r\n]*)"', head)
    assert in_type == in_disposition
    name = part.get_filename()
    assert name is not None
    assert name == in_type.decode("ascii")
    assert all(len(line) <= 78 for line in head.split(b"\r\n") if line.startswith(b" "))
    return name


def headers(data: bytes) -> dict[str, str]:
    unfolded = re.sub(rb"\r\n(?=[ \t])", b"", data.split(b"\r\n\r\n")[0])
    parted = (line.partition(":") for line in unfolded.decode("ascii").split("\r\n"))
    return {name: value.strip() for name, _, value in parted}


# ---- the attachment -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", NAMES)
def test_whatever_an_owner_is_called_every_program_can_name_the_attachment(owner: str) -> None:
    name = attached(made(f"2026-27-Q1 {owner} 0012.xlsx"))
    assert re.fullmatch(r"2026-27-Q1 [A-Za-z0-9 .()&'_-]*0012\.xlsx", name)
    assert len(name) <= 64


def test_a_name_that_every_program_reads_stays_as_it_is() -> None:
    for name in ("2026-27-Q1 Alpha team 0001.xlsx", "2026-27 A & E (North)_x - O'Neil's 12345.xlsx"):
        assert attached(made(name)) == name


def test_what_is_left_of_another_name_can_still_be_read() -> None:
    assert attached(made("2026-27-Q1 Tîm Llŷn – Ŵyth 0001.xlsx")) == "2026-27-Q1 Tim Llyn - Wyth 0001.xlsx"
    assert attached(made("2026-27-Q1 Straße Łódź Ørsted 0001.xlsx")) == "2026-27-Q1 Strasse Lodz Orsted 0001.xlsx"
    assert attached(made("2026-27-Q1 Отдел качества 0001.xlsx")) == "2026-27-Q1 _ 0001.xlsx"
    assert attached(made(f"2026-04 {ACUTE} 0012.xlsx")).startswith("2026-04 Division of Medicine_ Urgent and Emergency")


def test_a_name_of_one_long_word_or_of_nothing_is_still_a_name() -> None:
    assert re.fullmatch(r"x{50,}\.xlsx", attached(made("x" * 300 + ".xlsx")))
    assert attached(made(".xlsx")) == "attachment.xlsx"


def test_owners_who_differ_only_after_sixty_letters_get_attachments_of_different_names(team: Team) -> None:
    for index, end in enumerate(("North", "South")):
        team.change_catalogue(
            lambda data, index=index, end=end: data["responsible_owners"][index].update(name=f"{ACUTE} {end} Ŵ")  # type: ignore[misc]
        )
    issued = team.issue()
    first = {owner: filename(path.with_suffix(".eml")) for owner, path in issued.items()}
    assert len(set(first.values())) == 2
    again = [filename(path) for path in chase(team.workspace, Q1, Run(LATE, BY))]
    assert sorted(again) == sorted(first.values()), "a reminder brings the same attachment"
    assert all(len(path.name) > 70 for path in issued.values()), "the file itself keeps its name"


def filename(path: Path) -> str:
    (part,) = read(path.read_bytes()).iter_attachments()
    return str(part.get_filename())


# ---- headers --------------------------------------------------------------------------------------------------------

ODD = ["", " ", "<", "<>", "no address", "a@b@c", "@x.org", "ann@", ",;", "ŵ@x.org", "ann@x..org", "a..b@x.org", "\r\n"]


@pytest.mark.parametrize("odd", ODD)
def test_no_header_is_empty_whatever_the_addresses(odd: str) -> None:
    for data in (made(to=odd, cc=(odd,)), made(to=odd, cc=("", odd)), made(to=odd), made(cc=(odd, odd))):
        found = headers(data)
        assert all(found.values()), found
        assert found["X-Unsent"] == "1"
        assert "Cc" not in found
        assert found.get("To", "alpha@x.org") == "alpha@x.org"


def test_no_subject_is_no_empty_header(tmp_path: Path) -> None:
    for text in ("Subject:\nHello", "\n\nHello", "Subject: {{ nothing }}\n"):
        (tmp_path / "t.txt").write_text(text, encoding="utf-8")
        found = headers(draft(tmp_path / "t.txt", {"nothing": ""}, to=""))
        assert "Subject" not in found
        assert all(found.values())


@pytest.mark.parametrize(
    ("typed", "addresses"),
    [
        ("ann@x.org", [("", "ann@x.org")]),
        ("<ann@x.org>", [("", "ann@x.org")]),
        ("Ann Smith <ann@x.org>", [("Ann Smith", "ann@x.org")]),
        ("Smith, Ann <ann@x.org>", [("Smith, Ann", "ann@x.org")]),
        ("Smith, Siân (Dr) <ann@x.org>", [("Smith, Siân (Dr)", "ann@x.org")]),
        ('"Smith; Ann" <ann@x.org>', [("Smith; Ann", "ann@x.org")]),
        ("ann@x.org; bob@x.org", [("", "ann@x.org"), ("", "bob@x.org")]),
        ("ann@x.org, Jones, Bob <bob@x.org>;", [("", "ann@x.org"), ("Jones, Bob", "bob@x.org")]),
        ("ann@x.org (Ann)", [("Ann", "ann@x.org")]),
        ("o'neil+kpi@x.nhs.uk", [("", "o'neil+kpi@x.nhs.uk")]),
        ("ann@bücher.example", [("", "ann@xn--bcher-kva.example")]),
        # Half of what was typed is not sent to: a person writes it in.
        ("ann@x.org; Bob", []),
        ("ann@x.org bob@x.org", []),
    ],
)
def test_addresses_are_understood_as_people_type_them(typed: str, addresses: list[tuple[str, str]]) -> None:
    for data, header in ((made(to=typed), "To"), (made(cc=(typed,)), "Cc")):
        message = read(data)
        found = [(a.display_name, a.addr_spec) for a in message[header].addresses] if header in message else []
        assert found == addresses
        assert not message.defects


@pytest.mark.parametrize(
    "name",
    ["A" * 90 + ", b", "Отдел, качества и ещё длинное имя отдела, которое не кончается", "Ŵ " * 30 + ", x", "x, " * 60],
)
def test_a_long_name_never_becomes_an_address(name: str) -> None:
    message = read(made(to=f"{name} <ann@x.org>, bob@x.org", cc=(f"{name} <ann@x.org>", "bob@x.org")))
    for header in ("To", "Cc"):
        assert [address.addr_spec for address in message[header].addresses] == ["ann@x.org", "bob@x.org"]


@pytest.mark.parametrize("owner", NAMES)
def test_lines_end_as_mail_s_do(owner: str) -> None:
    data = made(f"{owner}.xlsx", to=f"{owner} <ann@x.org>", cc=(owner,))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    assert max(map(len, data.split(b"\r\n"))) <= 998


# ---- what people are told -------------------------------------------------------------------------------------------


def test_an_address_that_cannot_be_used_is_said(team: Team) -> None:
    def spoil(data: dict[str, list[dict[str, str]]]) -> None:
        data["responsible_owners"][0]["email"] = "alpha at example"
        data["executive_owners"][1]["email"] = "finance"

    told: list[str] = []
    team.change_catalogue(spoil)
    team.issue()
    drafts = chase(team.workspace, Q1, Run(LATE, BY, tell=told.append))
    assert len(drafts) == 2
    (said,) = told
    for word in ("alpha at example (Alpha team)", "finance (Director of Finance)", "into the drafts yourself"):
        assert word in said


@pytest.mark.parametrize(("address", "copied"), [("", False), ("finance", False), ("finance@x.org", True)])
def test_a_reminder_says_that_somebody_is_copied_only_if_so(team: Team, address: str, copied: bool) -> None:
    def change(data: dict[str, list[dict[str, str]]]) -> None:
        for executive in data["executive_owners"]:
            executive.update(email=address)

    team.change_catalogue(change)
    team.issue()
    for path in chase(team.workspace, Q1, Run(LATE, BY)):
        message = read(path.read_bytes())
        body = message.get_body()
        assert body is not None
        assert ("Cc" in message) is copied
        assert ("is copied" in body.get_content()) is copied
