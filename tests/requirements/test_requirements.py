"""Looks, in the demo of each framework, at every place where docs/requirements.md says that a requirement is seen."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from email import message_from_bytes, policy
from functools import cached_property
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.requirements.evidence import FRAMEWORK, NOT_OURS, NOT_YET, PARTLY, WORKS, Place, Requirement, requirements
from xlperf.workflow.cycle.demo import demo

PDFTOTEXT = shutil.which("pdftotext") or ""
ASKED = {"H": 47, "T": 37, "E": 20, "I": 18}
_TESTS = Path(__file__).parents[2]
_NEEDS_PERIOD = ("status", "chase", "pack", "publish", "notices", "meetings")

pytestmark = pytest.mark.skipif(not PDFTOTEXT, reason="pdftotext (poppler-utils) is not installed: no pack can be read")


class Demo:
    """The demo of a framework, as a person finds it."""

    def __init__(self, root: Path, framework: str) -> None:
        self.root = root
        self.period = str(demo(root, framework).periods[-1])
        self._made: dict[str, str] = {}

    @cached_property
    def master(self) -> dict[str, list[list[str]]]:
        """The texts of each sheet of the master that people see."""
        return sheets_of(self.root / "master.xlsx")

    @cached_property
    def returns(self) -> list[dict[str, list[list[str]]]]:
        """The texts of each return that was issued last."""
        return [sheets_of(path) for path in sorted((self.root / "returns" / self.period / "issued").glob("*.xlsx"))]

    @cached_property
    def pack(self) -> str:
        """The text of the Board's pack of the last edition."""
        (path,) = (self.root / "editions" / self.period).glob("*pack.pdf")
        return said([PDFTOTEXT, str(path), "-"])

    def made(self, command: str, folder: str, pattern: str) -> str:
        """The text of the one PDF that a command makes, which is run once."""
        if command not in self._made:
            self.printed(command)
            (path,) = (self.root / folder).glob(pattern)
            self._made[command] = said([PDFTOTEXT, str(path), "-"])
        return self._made[command]

    def text(self, of: str) -> str:
        """What a pack, the drafts of e-mails or the catalogue say."""
        if of == "pack":
            return self.pack
        if of == "draft pack":
            return self.made(
                "pack --draft --meeting board --not-before 2099-01-01", f"packs/board/{self.period}", "*.pdf"
            )
        if of == "public pack":
            return self.made("publish --public", f"editions/{self.period}", "*for the public.pdf")
        if of == "notice":
            self.printed("notices --letters")
        if of == "catalogue":
            return (self.root / "kpi_catalogue.yaml").read_text(encoding="utf-8")
        drafts = {"covering e-mail": "issued", "reminder": "chase", "notice": "notices"}
        folder = self.root / "returns" / self.period / drafts[of]
        messages = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.rglob("*.eml")]
        bodies = (message.get_body(("plain",)) for message in messages)
        subjects = [str(message["Subject"]) for message in messages]
        return "\n".join([*subjects, *(body.get_content() for body in bodies if body is not None)])

    def printed(self, command: str) -> str:
        """What a command prints."""
        words = shlex.split(command)
        period = ["--period", self.period] if words[0] in _NEEDS_PERIOD else []
        return said([sys.executable, "-m", "xlperf", *words, *period, "--workspace", str(self.root)])


def sheets_of(path: Path) -> dict[str, list[list[str]]]:
    """The texts of the cells of each visible sheet."""
    book = load_workbook(path, data_only=True)
    shown = (sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
    return {
        sheet.title: [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in shown
    }


def said(command: list[str]) -> str:
    """What a command prints, in one line, whether it ends with findings or without."""
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode in (0, 1), done.stderr
    return plain(done.stdout + done.stderr)


def plain(text: str) -> str:
    """A text without its line breaks, and with one space between words."""
    return re.sub(r"\s+", " ", text)


def is_seen(place: Place, shown: Demo) -> bool:
    """Whether a place of a demo says what it should."""
    parts = place.parts
    if place.form == "test":
        source = (_TESTS / parts["path"]).read_text(encoding="utf-8")
        return f"def {parts['test']}(" in source
    if place.form == "command":
        return parts["text"] in shown.printed(parts["command"])
    if place.form == "meeting":
        meeting = parts["meeting"]
        return parts["text"] in shown.made(f"pack --meeting {meeting}", f"packs/{meeting}/{shown.period}", "*.pdf")
    if place.form == "text":
        return parts["text"] in plain(shown.text(parts["of"]))
    if "of" in parts:
        texts = [parts.get("column", ""), parts.get("text", "")]  # the cells of a column are for the owner to fill in
        return any(all(on_sheet(book.get(parts["sheet"], []), None, each) for each in texts) for book in shown.returns)
    return on_sheet(shown.master.get(parts["sheet"], []), parts.get("column"), parts.get("text"))


def on_sheet(rows: list[list[str]], column: str | None, text: str | None) -> bool:
    """Whether a sheet has a column with something in it, or a text, or that column with that text."""
    if column is None:
        return any((text or "") in cell for row in rows for cell in row if cell)
    for number, row in enumerate(rows):
        if column in row:
            at = row.index(column)
            return any(below[at] and (text or "") in below[at] for below in rows[number + 1 :])
    return False


@pytest.fixture(scope="module", params=sorted(FRAMEWORK.values()))
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Demo]:
    """A framework, and its demo."""
    return request.param, Demo(tmp_path_factory.mktemp(request.param) / "demo", request.param)


@pytest.mark.long
def test_every_place_says_what_the_document_says_of_it(shown: tuple[str, Demo]) -> None:
    framework, made = shown
    asked = [each for each in requirements() if each.framework == framework]
    unseen = [f"{each.number}: {place.said}" for each in asked for place in each.places() if not is_seen(place, made)]
    assert unseen == []


def test_every_row_has_a_state_and_says_where_it_is_seen_or_what_is_missing() -> None:
    rows = requirements()
    assert Counter(each.number[0] for each in rows) == ASKED
    for each in rows:
        assert each.state in (WORKS, PARTLY, NOT_YET, NOT_OURS), each.number
        assert bool(each.places()) == (each.state in (WORKS, PARTLY)), each.number
        assert each.state == WORKS or says_why(each), each.number


def says_why(requirement: Requirement) -> bool:
    """Whether a row ends with a sentence."""
    return requirement.said.endswith(".")
