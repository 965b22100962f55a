"""The pack for the public: nothing that is for the meeting alone, and no small number of people, by any way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.conftest import BY, COLLATE_DAY, Q1, Team, fill, kpi_in, make_kpi
from xlperf.assessment import Assessment
from xlperf.assessment.public_assessment import PublicAssessment
from xlperf.catalogue import Catalogue
from xlperf.documents.html import write_html
from xlperf.report.pages.public_pack import public_pack
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle import demo as demo_module
from xlperf.workflow.cycle.demo import demo
from xlperf.workflow.cycle.edition_files import Output
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.master.last_shown import last_shown
from xlperf.workflow.workspace import Workspace, reporting_period
from xlperf.workflow.workspace.run import Run

LEFT_OUT = "What this edition leaves out"
NORTH, SOUTH = ("B1", "NORTH", Q1), ("B1", "SOUTH", Q1)


def people(data: dict[str, Any]) -> None:
    """A number of people that both sites report, with its sum; it is escalated when it is Red."""
    data["kpis"].append(
        make_kpi(
            id="B1", name="Falls with harm", kind="count", direction="lower", orgs=["NORTH", "SOUTH"],
            counts_people=True, targets=[{"from": "2024-25", "target": 10}],
            roll_up={"orgs": "sum", "targets": [{"from": "2024-25", "target": 20}]},
        )
    )  # fmt: skip


def parts_of(path: Path) -> dict[str, list[str]]:
    """The paragraphs, items and rows of each part of a pack that is a web page, by its heading."""
    root = html.document_fromstring(path.read_bytes().decode())
    return {
        " ".join(part.findtext(".//h2").split()): [
            " ".join(each.text_content().split()) for each in part.xpath(".//p | .//li | .//tr | .//h3 | .//svg")
        ]
        for part in root.xpath("//main/section")
    }


def published(team: Team) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The board's pack, and the public's."""
    outputs = (Output.PACK_HTML, Output.PUBLIC_HTML)
    files = publish(team.workspace, Q1, Run(COLLATE_DAY + timedelta(days=1), BY), outputs=outputs).files
    return parts_of(files[Output.PACK_HTML]), parts_of(files[Output.PUBLIC_HTML])


def returned(team: Team, north: int, south: int) -> None:
    team.change_catalogue(people)
    issued = team.issue()
    fill(issued["beta"])
    fill(issued["alpha"], {NORTH: {"Actual": north}, SOUTH: {"Actual": south}})
    team.collate()


def said_of(parts: dict[str, list[str]], *names: str) -> list[str]:
    """Whatever is said of these, outside the part that says what is left out."""
    shown = (text for title, texts in parts.items() if title != LEFT_OUT for text in texts)
    return [text for text in shown if all(name in text for name in names)]


def test_a_small_number_is_withheld_with_the_one_it_could_be_subtracted_with_and_the_total_is_shown(team: Team) -> None:
    returned(team, north=3, south=18)
    board, public = published(team)
    assert said_of(board, "B1", "North")
    for site in ("North", "South"):
        assert not said_of(public, "B1", site)
        assert not said_of(public, "Falls with harm", site)
    assert any("21" in text for text in said_of(public, "B1"))
    left_out = public[LEFT_OUT]
    assert [text for text in left_out if "North" in text and "fewer than 5 people in some period" in text]
    assert [text for text in left_out if "South" in text and "could be worked out from it" in text]


def test_where_no_number_is_small_nothing_is_withheld(team: Team) -> None:
    returned(team, north=6, south=18)
    _, public = published(team)
    assert said_of(public, "B1", "South")
    assert not any("people" in text for text in public[LEFT_OUT])


def test_no_number_is_small_where_the_catalogue_says_so(team: Team) -> None:
    team.change_catalogue(lambda data: data.update(public={"withhold_below": 0}))
    returned(team, north=3, south=18)
    assert said_of(published(team)[1], "B1", "North")


def test_a_small_number_that_was_corrected_before_is_withheld_too(team: Team) -> None:
    returned(team, north=3, south=18)
    issued = team.issued()["alpha"]
    fill(issued, {NORTH: {"Actual": 30}, SOUTH: {"Actual": 18}}, saved=COLLATE_DAY + timedelta(hours=2))
    team.collate(COLLATE_DAY + timedelta(hours=3))
    assert not said_of(published(team)[1], "B1", "North")


def test_what_is_proposed_and_not_decided_is_for_the_board(team: Team) -> None:
    def shown_to_the_board(data: dict[str, Any]) -> None:
        data["escalation"]["proposals_shown_to"] = ["Board"]
        data["escalation"]["stages"][0]["enter"] = {"consecutive_red": 1}
        kpi_in(data, "S1")["targets"] = [{"from": "2024-25", "target": 0.1, "tolerance": {"absolute": 0.1}}]

    team.change_catalogue(shown_to_the_board)
    issued = team.issue()
    fill(issued["alpha"])
    fill(issued["beta"])
    team.collate()
    board, public = published(team)
    assert "is asked to decide" in str(board)
    assert "is asked to decide" not in str(public)


def test_questions_for_the_meeting_and_cases_are_not_for_everybody(team: Team) -> None:
    def asks(data: dict[str, Any]) -> None:
        data["pack"] = {"parts": ["summary", "enquiries", "escalation"]}
        kpi_in(data, "S1")["targets"] = [{"from": "2024-25", "target": 0.1, "tolerance": {"absolute": 0.1}}]

    team.change_catalogue(asks)
    issued = team.issue()
    fill(issued["alpha"])
    promised: dict[str, CellValue] = {
        "Action": "Rotas made a month ahead",
        "Action owner": "Head of service",
        "Action due": date(2026, 7, 1),
    }
    fill(issued["beta"], {("S1", "NORTH", Q1): promised})
    team.collate()
    team.add_row("tbl_cases", {"Ref": "S1", "Org": "NORTH", "Kind": "Opened", "What": "A review of rotas"})
    team.add_row("tbl_cases", {"Ref": "RECORD", "Org": "TRUST", "Kind": "Opened", "What": "The new records system"})
    team.collate(COLLATE_DAY + timedelta(hours=1))
    board, public = published(team)
    assert {"Lines of enquiry", "Escalation cases"} <= board.keys()
    assert not {"Lines of enquiry", "Escalation cases"} & public.keys()
    assert "records system" in str(board)
    assert "records system" not in str(public)


@pytest.mark.long
@pytest.mark.parametrize("framework", ["heiw", "trust", "hee", "ics"])
def test_of_a_demo_nothing_withheld_is_named_beside_a_figure(framework: str, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_module, "can_make_pdf", lambda: False)
        period = str(demo(tmp_path / "demo", framework).periods[-1])
    whole = of_people(Workspace(tmp_path / "demo"), period)
    read = PublicAssessment.of(whole, whole.catalogue.board_meeting, whole.last_shown)
    assert read.kept_back
    write_html(public_pack(whole, "edition"), tmp_path / "public.html")
    parts = parts_of(tmp_path / "public.html")
    shown = {each.series for each in read.latest}
    for each in read.kept_back:
        others = [org for kpi, org in shown if kpi == each.kpi.id]
        names = [each.kpi.name, *([each.org.name] if others else [])]
        # Which part has no figure is no figure of that part.
        assert not [text for text in said_of(parts, *names) if "parts, without" not in text], names
        assert [text for text in parts[LEFT_OUT] if each.kpi.name in text and each.org.name in text]


def of_people(workspace: Workspace, period: str) -> Assessment:
    """What a demo ends with, as if each count and percentage were of people, and fewer than 12 were few."""
    catalogue, ledger = workspace.catalogue(), workspace.ledger()
    state, reporting = ledger.state(), reporting_period(catalogue, period)
    shown = last_shown(ledger, state, reporting)
    if shown is not None and shown.catalogue is not None:
        shown = replace(shown, catalogue=counting_people(shown.catalogue))
    return Assessment(counting_people(catalogue), state, reporting, datetime(2026, 11, 1, tzinfo=UTC), last_shown=shown)


def counting_people(catalogue: Catalogue) -> Catalogue:
    kpis = tuple(kpi.model_copy(update={"counts_people": True}) for kpi in catalogue.kpis)
    public = catalogue.public.model_copy(update={"withhold_below": 12})
    return catalogue.model_copy(update={"kpis": kpis, "public": public})
