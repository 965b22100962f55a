"""The board's pack of small workspaces with what no shipped framework has: huge figures, endless words, few parts."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

import pdfplumber
import pytest

from tests.conftest import Q2, catalogue_data, kpi_in, write_catalogue
from tests.properties.test_invariants import Team, key_of
from xlperf.assessment import Assessment
from xlperf.documents.document import Document, PageTable, plain
from xlperf.documents.pdf import write_pdf
from xlperf.documents.pdf_data import as_data
from xlperf.ledger.records import Decision, Imported
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.pages.board_pack import pack
from xlperf.returns.figure import Figure
from xlperf.workflow.cycle.edition_files import Output, make_files
from xlperf.workflow.master.last_shown import last_shown
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import say_nothing

PRODUCED = datetime(2026, 11, 12, 10, tzinfo=UTC)


def series(kpi: str, org: str, values: Iterable[float], **answers: Any) -> Iterator[Figure]:
    """Figures of the quarters up to Quarter 2; what is answered beside them is of the last."""
    listed = [*values]
    for at, value in enumerate(listed):
        period = str(Period.parse(Q2).previous(len(listed) - 1 - at))
        yield Figure(kpi, org, period, float(value), **(answers if at == len(listed) - 1 else {}))


def team_of(folder: Path, data: dict[str, Any], *figures: Figure) -> Team:
    """A team with that catalogue and these figures."""
    (folder / "returns").mkdir(parents=True)
    write_catalogue(folder, data)
    team = Team(Workspace(folder))
    team.happens(Imported("0" * 64, "history.csv", figures))
    return team


def assessed(team: Team) -> Assessment:
    """Quarter 2 as the ledger of the team has it."""
    catalogue, ledger = team.workspace.catalogue(), team.workspace.ledger()
    state, period = ledger.state(), Period.parse(Q2)
    return Assessment(catalogue, state, period, PRODUCED, frozenset(), last_shown(ledger, state, period))


def pages_of(document: Document, path: Path) -> list[Any]:
    """The pages of a document as they are printed."""
    write_pdf(document, path)
    with pdfplumber.open(path) as pdf:
        return [(page.chars, page.width, page.height, page.extract_text() or "") for page in pdf.pages]


def nothing_runs_out(pages: Iterable[Any]) -> None:
    """No character stands beyond the margins or upon another."""
    for chars, width, height, _ in pages:
        assert all(char["x0"] >= 28 and char["x1"] <= width - 28 and char["bottom"] <= height - 10 for char in chars)
        seen = sorted((round(char["bottom"], 1), char["x0"], char["x1"]) for char in chars if char["text"].strip())
        assert all(one[0] != other[0] or other[1] > one[2] - 1.2 for one, other in pairwise(seen))


@pytest.mark.parametrize("size", [12_345_678, -250_000_000, 1e12])
def test_large_figures_are_whole_and_stand_beside_each_other(size: float, tmp_path: Path) -> None:
    data = catalogue_data()
    kpi_in(data, "G1")["targets"] = [{"from": "2024-25", "low": -size, "high": 2e12, "tolerance": {"absolute": 50}}]
    team = team_of(tmp_path / "workspace", data, *series("G1", "TRUST", [size * (1 + at / 100) for at in range(24)]))
    pages = pages_of(pack(assessed(team), "an edition"), tmp_path / "pack.pdf")
    nothing_runs_out(pages)
    (line,) = [line for line in pages[1][3].splitlines() if line.startswith("G1 ")]
    for at in (23, 22, 19):
        assert f"{abs(size) * (1 + at / 100):,.0f}" in line


@pytest.mark.parametrize(
    "word",
    ["W" * 400, "supercalifragilistic" * 30, "https://intranet.example.org/" + "reports/2026?page=1&view=all" * 9,
     "no\u00a0break\u00a0" * 90],
    ids=["wide", "long", "address", "held together"],
)  # fmt: skip
def test_a_word_that_is_longer_than_a_line_goes_on_in_the_next(word: str, tmp_path: Path) -> None:
    data = catalogue_data()
    data["orgs"][0]["name"] = kpi_in(data, "V1")["name"] = word[:70]
    team = team_of(tmp_path / "workspace", data, *series("V1", "TRUST", [80] * 24, commentary=f"{word} the end"))
    pages = pages_of(pack(assessed(team), "an edition"), tmp_path / "pack.pdf")
    nothing_runs_out(pages)
    printed = "".join("".join(text.split()) for *_, text in pages)
    assert word[-40:].replace("\u00a0", "") in printed.replace("\u200b", "")


def test_a_commentary_of_many_short_lines_is_there_to_its_end(tmp_path: Path) -> None:
    said = "yes\n" * 300 + "the end of what was said"
    figures = series("V1", "TRUST", [80] * 24, commentary=said)
    team = team_of(tmp_path / "workspace", catalogue_data(), *figures)
    (row, *_) = team.collated(Q2)[layout.ESCALATION]
    team.happens(Decision(*key_of(row), row["Proposed stage"], "Chief Executive", "2026-11-01", said[800:]))
    pages = pages_of(pack(assessed(team), "an edition"), tmp_path / "pack.pdf")
    nothing_runs_out(pages)
    printed = " ".join(" ".join(text.split()) for *_, text in pages)
    # The owner's commentary; and the reason for the decision, in the register and on the page of the case.
    assert printed.count("the end of what was said") == 3


def test_the_register_of_one_section_counts_what_it_lists(tmp_path: Path) -> None:
    data = catalogue_data()
    data["escalation"]["decided_by"] = "Board"
    data["pack"] = {"sections": ["money"]}
    red = [*series("V1", "TRUST", [50] * 8), *series("C1", "TRUST", [90] * 8), *series("S1", "NORTH", [9] * 8)]
    team = team_of(tmp_path / "workspace", data, *red, *series("G1", "TRUST", [900] * 8))
    for row in team.collated(Q2)[layout.ESCALATION]:
        if row["Ref"] in ("V1", "G1"):
            team.happens(Decision(*key_of(row), row["Proposed stage"], "Board", "2026-11-01"))
    (register,) = [part for part in pack(assessed(team), "an edition").parts if part.title == "Escalation register"]
    assert register.beside == "1 in escalation and 1 proposal of escalation to decide"
    tables = [block for block in register.blocks if isinstance(block, PageTable)]
    assert [plain(row.cells[0].words) for table in tables for row in table.rows] == ["G1", "S1"]


def test_a_pack_whose_parts_have_nothing_to_say_says_so(tmp_path: Path) -> None:
    data = catalogue_data()
    data["pack"] = {"parts": ["escalation", "celebrate"]}
    (_, _, _, text), *others = pages_of(pack(assessed(team_of(tmp_path / "w", data)), "an edition"), tmp_path / "a.pdf")
    assert not others
    assert "Performance dashboard · Quarter 2 2026-27" in text
    assert "has anything to say of this period" in text


@pytest.mark.parametrize(
    ("name", "said"),
    [("../outside.png", "is not in the folder of the catalogue"), ("//elsewhere/logo.png", "is not in the folder"),
     ("\\\\elsewhere\\logo.png", "is not in the folder"), ("C:/logo.png", "is not in the folder"),
     ("a\0b.png", "is not in the folder"), ("nothing.png", "the file cannot be shown"), ("gone.png", "cannot be read")],
)  # fmt: skip
def test_whatever_the_logo_is_the_pack_is_made_without_it_and_that_is_said(
    name: str, said: str, tmp_path: Path
) -> None:
    data = catalogue_data()
    data["pack"] = {"parts": ["escalation"], "logo": name}
    team = team_of(tmp_path / "w", data)
    nothing = b"".join(struct.pack(">I", len(body) - 4) + body + struct.pack(">I", crc32(body))
                       for body in (b"IHDR" + bytes(8) + b"\x08\x02" + bytes(3), b"IEND"))  # fmt: skip
    for place in (tmp_path / "w" / "nothing.png", tmp_path / "outside.png"):
        place.write_bytes(b"\x89PNG\r\n\x1a\n" + nothing)
    outputs = (Output.PACK_PDF, Output.PACK_WORD)
    done = make_files(team.workspace, assessed(team), tmp_path / "edition.xlsx", outputs, say_nothing)
    assert set(done.made) == set(outputs)
    (lacking,) = done.lacking  # one fault, one note, however many packs are without the logo
    assert lacking.startswith("the pack has no logo: ")
    assert said in lacking


def test_a_logo_with_two_faults_has_one_note(tmp_path: Path) -> None:
    data = catalogue_data()
    data["pack"] = {"parts": ["escalation"], "logo": "logo.gif"}
    team = team_of(tmp_path / "w", data)
    (tmp_path / "w" / "logo.gif").write_bytes(b"GIF89a" * 500_000)
    done = make_files(team.workspace, assessed(team), tmp_path / "edition.xlsx", [Output.PACK_PDF], say_nothing)
    assert done.lacking == ("the pack has no logo: logo.gif is neither a PNG nor an SVG picture",)


@pytest.mark.parametrize("parts", [["summary", "celebrate"], ["summary"], ["summary", "exceptions"]])
def test_the_summary_names_no_part_that_the_pack_does_not_have(parts: list[str], tmp_path: Path) -> None:
    data = catalogue_data()
    data["pack"] = {"parts": parts}
    alike = [kpi_in(data, "V1") | {"id": f"V{number}", "name": f"Indicator {number}"} for number in range(10, 16)]
    data["kpis"] += alike
    figures = [each for kpi in alike for each in series(kpi["id"], "TRUST", [1e6] * 8)]
    made = pack(assessed(team_of(tmp_path / "w", data, *figures)), "an edition")
    summary = json.dumps(as_data(made)["parts"][0], ensure_ascii=False)
    titles = {part.title for part in made.parts}
    (more,) = re.findall(r"\d+ more ([^.]+)\.", summary)
    has_page = "To celebrate" in titles
    assert more == ("on the page To celebrate" if has_page else "on the sheet Exceptions of the edition")
