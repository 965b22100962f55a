"""Issuing returns: one for each owner, holding only what that owner must give, and known to the ledger."""

from __future__ import annotations

import email
import shutil
from email import policy
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from tests.conftest import ISSUE_DAY, Q1, Q2, RETURN_DAY, Team, at, fill, filled, key_of, tree
from xlperf.errors import LedgerError, TemplateError, UsageError
from xlperf.returns import fields, layout
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.cycle.file_names import file_safe
from xlperf.workflow.workspace import shipped


def draft_of(workbook: Path) -> EmailMessage:
    message = email.message_from_bytes(workbook.with_suffix(".eml").read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def asked(workbook: Path) -> list[tuple[str, str, str]]:
    return [key_of(row) for row in FileWorkbook.open(workbook).read_table(layout.TABLE).rows]


def test_each_owner_is_asked_for_what_is_theirs_and_nothing_else(issued_team: Team) -> None:
    issued = issued_team.issued()
    assert asked(issued["alpha"]) == [(ref, "TRUST", Q1) for ref in ("P1", "V1", "L1", "C1", "M1")]
    assert asked(issued["beta"]) == [
        ("G1", "TRUST", Q1),
        ("T1", "TRUST", "2026-04"),
        ("T1", "TRUST", "2026-05"),
        ("T1", "TRUST", "2026-06"),
        ("S1", "NORTH", Q1),
        ("S1", "SOUTH", Q1),
    ]


def test_the_return_says_for_whom_until_when_and_how_many(issued_alpha: Path) -> None:
    book = openpyxl.load_workbook(issued_alpha)
    text = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    for said in ("Alpha team", "Quarter 1 2026-27", "Thursday 16 July 2026", "Director of Quality", "Small Trust"):
        assert said in text
    assert "{{" not in text


def test_only_the_cells_an_owner_fills_can_be_typed_into(issued_alpha: Path) -> None:
    book = openpyxl.load_workbook(issued_alpha)
    sheet = book["Return"]
    left, top, right, bottom = (end or 0 for end in range_boundaries(sheet.tables[layout.TABLE].ref))
    role = {column.header: column.role for column in layout.COLUMNS}
    for column in range(left, right + 1):
        header = str(sheet.cell(top, column).value)
        for row in range(top + 1, bottom + 1):
            locked = sheet.cell(row, column).protection.locked
            assert locked is (role[header] is not fields.Role.INPUT), (header, row)
    unlocked = [c for row in sheet.iter_rows(min_row=bottom + 1) for c in row if not c.protection.locked]
    assert unlocked == []
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    for other in book.worksheets:
        assert other.protection.sheet, other.title
        assert other.protection.password is None


def test_the_identity_is_hidden_and_the_ledger_knows_it(issued_team: Team) -> None:
    issued = issued_team.issued()["alpha"]
    table = FileWorkbook.open(issued).read_table(layout.IDENTITY_TABLE)
    said = {row["item"].raw: row["value"].raw for row in table.rows}
    known = issued_team.state.issued[said["return_id"]]
    assert (known.owner, known.period, str(known.serial)) == ("alpha", Q1, said["serial"])
    assert known.file == issued.name
    assert list(known.asked) == asked(issued)
    assert openpyxl.load_workbook(issued)[table.sheet].sheet_state in ("hidden", "veryHidden")


def test_the_covering_mail_is_a_draft_with_the_return_attached(issued_team: Team) -> None:
    issued = issued_team.issued()["alpha"]
    draft = draft_of(issued)
    assert draft["To"] == "alpha@small.example.org"
    assert draft["Subject"] == (
        "Performance dashboard: your return for Quarter 1 2026-27 (April to June 2026), by Thursday 16 July 2026"
    )
    assert draft["X-Unsent"] == "1"
    (attachment,) = draft.iter_attachments()
    assert attachment.get_filename() == issued.name
    assert attachment.get_content() == issued.read_bytes()
    body = draft.get_body()
    assert body is not None
    assert "It asks for 5 figures" in body.get_content()


def test_the_last_figures_stand_beside_the_cells_to_be_filled(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"])
    issued_team.collate()
    issued_team.issue(Q2, now=at("2026-10-01"))
    rows = {key_of(r): r for r in FileWorkbook.open(issued_team.issued(Q2)["alpha"]).read_table(layout.TABLE).rows}
    v1 = rows[("V1", "TRUST", Q2)]
    assert (v1["Third last"].raw, v1["Second last"].raw, v1["Last"].raw) == ("–", "–", "92.0")
    assert v1["Actual"].is_blank
    assert v1["Target"].raw == "90.0, tolerance 5 (absolute)"


# ---- again ---------------------------------------------------------------------------------------------------------


def test_a_second_issue_supersedes_and_keeps_the_first_aside(issued_team: Team) -> None:
    first = {owner: (path, path.read_bytes()) for owner, path in issued_team.issued().items()}
    second = issued_team.issue(now=at("2026-07-02"))
    assert set(second) == {"alpha", "beta"}
    for owner, (path, data) in first.items():
        assert second[owner] != path
        assert (path.parent / "superseded" / path.name).read_bytes() == data
        assert not path.exists()
    assert sorted(issued.serial for issued in issued_team.state.issued.values()) == [1, 2, 3, 4]


def test_an_owner_whose_return_was_accepted_is_left_out_unless_asked_again(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"])
    issued_team.collate()
    kept = issued_team.issued()["alpha"]
    assert set(issued_team.issue(now=at("2026-07-11"))) == {"beta"}
    assert kept.exists()
    assert set(issued_team.issue(now=at("2026-07-12"), again=True)) == {"alpha", "beta"}


def test_an_owner_whose_return_was_rejected_gets_another(issued_team: Team) -> None:
    data = filled(issued_team.issued()["alpha"])
    (issued_team.received() / "alpha.xlsx").write_bytes(data[:3000])
    issued_team.collate()
    assert "alpha" in issued_team.issue(now=at("2026-07-11"))


def test_nothing_is_issued_while_the_ledger_lacks_what_the_master_shows(issued_team: Team) -> None:
    issued_team.collate()
    fill(issued_team.issued()["beta"])
    issued_team.collate()
    ledger = issued_team.root / "ledger"
    ledger.rename(issued_team.root / "elsewhere")  # as a share that is not connected
    before = tree(issued_team.root)
    with pytest.raises(LedgerError, match="is the share connected"):
        issued_team.issue()
    assert tree(issued_team.root) == before
    (issued_team.root / "elsewhere").rename(ledger)
    issued_team.workspace.master.write_bytes(b"")  # says nothing
    assert sorted(issued_team.issue()) == ["alpha"]


def test_a_filled_return_lying_in_issued_is_never_overwritten(issued_team: Team) -> None:
    issued = issued_team.issued()["alpha"]
    mine = filled(issued)
    issued.write_bytes(mine)
    issued_team.issue(now=at("2026-07-02"))
    assert (issued.parent / "superseded" / issued.name).read_bytes() == mine


def test_a_period_outside_the_calendar_issues_nothing(team: Team) -> None:
    before = tree(team.root)
    with pytest.raises(UsageError, match="calendar"):
        team.issue("2030-31-Q1")
    assert tree(team.root) == before


# ---- templates of the workspace ------------------------------------------------------------------------------------


def own_template(team: Team, name: str) -> Path:
    folder = team.root / "workbook_templates"
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(shipped("workbook_templates") / name, folder / name))


def test_an_unknown_placeholder_names_template_sheet_and_cell_and_issues_nothing(team: Team) -> None:
    template = own_template(team, "return.xlsx")
    book = openpyxl.load_workbook(template)
    book["Read me"]["B40"] = "Dear {{ ownr }}"
    book.save(template)
    before = tree(team.root)
    with pytest.raises(TemplateError) as caught:
        team.issue()
    for said in ("return.xlsx", "Read me", "B40", "ownr", "owner"):
        assert said in str(caught.value)
    assert tree(team.root) == before
    assert team.state.issued == {}


def test_a_restyled_template_is_used(team: Team) -> None:
    template = own_template(team, "return.xlsx")
    book = openpyxl.load_workbook(template)
    book["Read me"]["B40"] = "Ring {{ team }}"
    book.save(template)
    issued = team.issue()["alpha"]
    assert openpyxl.load_workbook(issued)["Read me"]["B40"].value == "Ring Performance team"


def test_an_unknown_placeholder_in_the_mail_issues_nothing(team: Team) -> None:
    own_template(team, "covering_email.txt").write_text("Subject: {{ titel }}\nx", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"covering_email\.txt.*titel"):
        team.issue()
    assert team.state.issued == {}
    assert not list((team.root / "returns").rglob("*.xlsx"))


# ---- hostile words -------------------------------------------------------------------------------------------------

HOSTILE = [
    "../../etc/passwd",
    "CON",
    "a/b\\c:d*e?f\"g<h>i|j",
    "=cmd|' /C calc'!A0",
    "  . .  ",
    "Ŵeather & Tywydd",
    "A" * 90,
    "one\ntwo",
    "\N{RIGHT-TO-LEFT OVERRIDE}xslx",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_owner_name_makes_a_harmless_file_name(name: str, team: Team) -> None:
    team.change_catalogue(lambda data: data["responsible_owners"][0].update(name=name))
    issued = team.issue()
    assert issued["alpha"].parent == team.root / "returns" / Q1 / "issued"
    assert issued["alpha"].name.isprintable()
    assert len(issued["alpha"].name) < 120
    assert not set('/\\:*?"<>|') & set(issued["alpha"].name)
    assert draft_of(issued["alpha"])["To"] == "alpha@small.example.org"
    fill(issued["alpha"])
    assert team.collate().judged[0][1].owner == "alpha"


@pytest.mark.parametrize("name", ["con", "NUL.txt", "Com1", "lpt9.x", "", "...", "/"])
def test_a_name_windows_reserves_is_marked(name: str) -> None:
    assert file_safe(name).startswith("_")


@pytest.mark.parametrize("field", ["title", "organisation", "board"])
def test_a_newline_in_the_catalogue_cannot_write_a_mail_header(field: str, team: Team) -> None:
    team.change_catalogue(lambda data: data.update({field: "Board\r\nBcc: everybody@example.org\nX-Evil: 1"}))
    draft = draft_of(team.issue()["alpha"])
    assert draft["Bcc"] is None
    assert draft["X-Evil"] is None
    assert draft["X-Unsent"] == "1"


def test_a_newline_in_an_address_cannot_write_a_mail_header(team: Team) -> None:
    evil = "alpha@small.example.org\r\nBcc: everybody@example.org"
    team.change_catalogue(lambda data: data["responsible_owners"][0].update(email=evil))
    assert draft_of(team.issue()["alpha"])["Bcc"] is None


@pytest.mark.parametrize(
    "address", ["", "no address", "a@b@c", "<", "(", "Ann <ann@x.org>; Bob <bob@x.org>", "ŵ@x.org"]
)
def test_an_odd_address_does_not_stop_the_issue(address: str, team: Team) -> None:
    team.change_catalogue(lambda data: data["responsible_owners"][0].update(email=address))
    assert draft_of(team.issue()["alpha"])["X-Unsent"] == "1"


def test_a_placeholder_in_a_kpi_name_is_data_and_is_not_filled(team: Team) -> None:
    said = "{{ owner }} =1+1 {% x %}"
    team.change_catalogue(lambda data: data["kpis"][0].update(name=said))
    (row, *_) = FileWorkbook.open(team.issue()["alpha"]).read_table(layout.TABLE).rows
    assert row["KPI"].raw == said


def test_the_clock_is_the_callers(team: Team) -> None:
    team.issue(now=ISSUE_DAY)
    assert {issued.at for issued in team.state.issued.values()} == {"2026-07-01T09:00:00Z"}
    assert RETURN_DAY > ISSUE_DAY
