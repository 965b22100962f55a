"""Whose return it is: every case on a real workbook, under every policy, and what a person then releases."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.conftest import (
    BY,
    COLLATE_DAY,
    Q1,
    Q2,
    Q4,
    Team,
    at,
    catalogue_data,
    copy_of,
    fill,
    filled,
    key_of,
    kpi_in,
    write_catalogue,
)
from xlperf.catalogue import Policy, ReturnPolicies, check_catalogue, json_schema
from xlperf.cli.app import app
from xlperf.errors import UsageError
from xlperf.findings import KINDS, Finding, Severity
from xlperf.ledger import Received, Released
from xlperf.ledger.records import ACCEPTED, HELD, REJECTED, WITH_WARNINGS
from xlperf.returns import layout
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.chase import chase, status
from xlperf.workflow.cycle.collate import Collated
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.cycle.release import Verdict, release
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

V1, G1 = ("V1", "TRUST", Q1), ("G1", "TRUST", Q1)
CLOSED = at("2026-07-24")
SENT = "sent.xlsx"
OUTCOMES = {Policy.ACCEPT: WITH_WARNINGS, Policy.HOLD: HELD, Policy.REJECT: REJECTED}


def set_policies(team: Team, **policies: object) -> None:
    said = {case: str(policy) for case, policy in policies.items()}
    team.change_catalogue(lambda data: data.update(returns={"policies": said}))


def codes(received: Received) -> list[str]:
    return sorted(item.code for item in received.findings)


def only(done: Collated, name: str = SENT) -> Received:
    return next(received for file, received in done.judged if file == name)


def release_it(team: Team, *, accept: bool = True, reason: str = "asked the owner", which: str = SENT) -> Received:
    return release(team.workspace, which, Run(at("2026-07-11"), BY), Verdict.TAKE if accept else Verdict.REJECT, reason)


# ---- how a file comes to be as it is ---------------------------------------------------------------------------------


def with_identity(book: FileWorkbook, **identity: str) -> FileWorkbook:
    """Somebody edits the hidden sheet."""
    rows = book.read_table(layout.IDENTITY_TABLE).rows
    changes: dict[int, Mapping[str, CellValue]] = {
        row.number: {"value": identity[row["item"].raw]} for row in rows if row["item"].raw in identity
    }
    book.write_cells(layout.IDENTITY_TABLE, changes)
    return book


def identity_of(book: Path) -> dict[str, str]:
    rows = FileWorkbook.open(book).read_table(layout.IDENTITY_TABLE).rows
    return {row["item"].raw: row["value"].raw for row in rows}


def send(team: Team, data: bytes, period: str = Q1, name: str = SENT) -> None:
    (team.received(period) / name).write_bytes(data)


def edited(**identity: str) -> Callable[[Team], None]:
    def arrive(team: Team) -> None:
        send(team, with_identity(FileWorkbook.open(filled(team.issued()["alpha"])), **identity).to_bytes())

    return arrive


def of_another_ledger(team: Team) -> None:
    root = team.root.parent / "another"
    (root / "returns").mkdir(parents=True)
    shutil.copy(team.root / "kpi_catalogue.yaml", root)
    send(team, filled(Team(Workspace(root)).issue()["alpha"]))


def book_of_another_owner(team: Team) -> None:
    """Beta's book, filled, into which Alpha's identity was pasted."""
    issued = team.issued()
    send(team, with_identity(FileWorkbook.open(filled(issued["beta"])), **identity_of(issued["alpha"])).to_bytes())


def book_of_another_period(team: Team) -> None:
    """Alpha's book of the next quarter under the identity of this one."""
    issued = team.issued()["alpha"]
    later = team.issue(Q2, now=at("2026-07-02"))["alpha"]
    send(team, with_identity(FileWorkbook.open(filled(later)), **identity_of(issued)).to_bytes())


def superseded(team: Team) -> None:
    data = filled(team.issued()["alpha"])
    team.issue(now=at("2026-07-03"))
    send(team, data)


def filed_elsewhere(team: Team) -> None:
    data = filled(team.issued()["alpha"])
    team.issue(Q2, now=at("2026-07-02"))
    send(team, data, Q2)


def older_catalogue(team: Team) -> None:
    send(team, filled(team.issued()["alpha"]))
    team.change_catalogue(lambda data: data.update(version="2"))


def as_issued(team: Team) -> None:
    send(team, filled(team.issued()["alpha"]))


def locked_cell_changed(team: Team) -> None:
    send(team, with_cell(filled(team.issued()["alpha"]), V1, "Target", "50.0, tolerance 5 (absolute)"))


def with_cell(data: bytes, key: tuple[str, str, str], header: str, value: CellValue) -> bytes:
    book = FileWorkbook.open(data)
    (row,) = [row for row in book.read_table(layout.TABLE).rows if key_of(row) == key]
    book.write_cells(layout.TABLE, {row.number: {header: value}})
    return book.to_bytes()


Case = tuple[str, str, Callable[[Team], None]]
"""The policy's name, the finding's code, and how the file arrives."""

CASES: list[Case] = [
    ("unknown_id", "I002", of_another_ledger),
    ("edited_identity", "I003", edited(owner="beta")),
    ("edited_identity", "I003", edited(period=Q2)),
    ("edited_identity", "I003", edited(serial="77")),
    ("other_rows", "I009", book_of_another_owner),
    ("other_rows", "I009", book_of_another_period),
    ("partly_edited_identity", "I014", edited(catalogue_version="draft")),
    ("superseded", "I004", superseded),
    ("closed_period", "I008", as_issued),
    ("other_folder", "I007", filed_elsewhere),
    ("older_catalogue", "I005", older_catalogue),
    ("older_template", "I010", edited(template_version="1")),
    ("newer_template", "I011", edited(template_version="99")),
    ("changed_locked_cells", "I012", locked_cell_changed),
]
NEVER_TAKEN = ("unknown_id", "edited_identity", "other_rows")
HAS_NO_FIGURE = ("unknown_id", "other_rows")
ELSEWHERE = ("superseded", "closed_period", "other_folder", "older_catalogue")
"""Taken with a warning by default, and tested so in test_collate.py."""
ACCEPTABLE = [case for case in CASES if case[0] not in (*NEVER_TAKEN, *ELSEWHERE)]
ARGUMENTS = ("case", "code", "arrive")


def named(cases: list[Case]) -> list[Any]:
    return [pytest.param(*case, id=f"{case[0]}-{number}") for number, case in enumerate(cases)]


def day_of(case: str) -> datetime:
    return CLOSED if case == "closed_period" else COLLATE_DAY


def judged(team: Team, case: str, code: str, policy: Policy) -> tuple[Received, Finding]:
    """Collate under a policy; the file, and its finding of that code."""
    set_policies(team, **{case: policy})
    received = only(team.collate(day_of(case), Q1))
    (told,) = [item for item in received.findings if item.code == code]
    assert received.outcome == OUTCOMES[policy]
    assert told.message.startswith("held for the team") == (policy is Policy.HOLD)
    assert told.fix
    return received, told


def test_every_policy_has_its_case() -> None:
    assert {case[0] for case in CASES} == set(ReturnPolicies.model_fields)


def test_every_policy_settles_a_kind_of_finding_and_no_kind_has_one_that_is_not_there() -> None:
    assert {kind.policy for kind in KINDS.values()} - {""} == set(ReturnPolicies.model_fields)


@pytest.mark.parametrize(ARGUMENTS, named(CASES))
def test_a_return_is_rejected_or_held_as_the_catalogue_says_and_counts_once_released(
    case: str, code: str, arrive: Callable[[Team], None], issued_team: Team
) -> None:
    arrive(issued_team)
    judged(issued_team, case, code, Policy.REJECT)
    assert not issued_team.state.figures
    received, _ = judged(issued_team, case, code, Policy.HOLD)
    assert not issued_team.state.figures
    assert code in [row["Code"] for row in issued_team.sheet("tbl_findings")]
    assert any(row["Outcome"] == HELD and row["File"] == SENT for row in issued_team.sheet("tbl_returns"))
    if case == "unknown_id":
        with pytest.raises(UsageError, match="has not issued return"):
            release_it(issued_team)
        return
    assert release_it(issued_team).outcome == WITH_WARNINGS
    assert (V1 in issued_team.state.figures) == (case not in HAS_NO_FIGURE)
    assert issued_team.state.in_use[("alpha", Q1)].sha256 == received.sha256


@pytest.mark.parametrize(ARGUMENTS, named(ACCEPTABLE))
def test_a_return_is_taken_with_a_warning_where_the_catalogue_says_so(
    case: str, code: str, arrive: Callable[[Team], None], issued_team: Team
) -> None:
    arrive(issued_team)
    _, told = judged(issued_team, case, code, Policy.ACCEPT)
    assert told.severity is Severity.WARNING
    assert issued_team.state.figures[V1].now.actual == 92


def test_without_policies_a_catalogue_takes_and_rejects_what_it_always_did(tmp_path: Path) -> None:
    catalogue, findings = check_catalogue(write_catalogue(tmp_path, catalogue_without("returns")))
    assert catalogue is not None, findings
    policies = catalogue.returns.policies.model_dump()
    rejecting = {case for case, policy in policies.items() if policy != Policy.ACCEPT}
    assert rejecting == {"unknown_id", "edited_identity", "other_rows", "newer_template"}


def catalogue_without(part: str) -> dict[str, Any]:
    return {name: value for name, value in catalogue_data().items() if name != part}


@pytest.mark.parametrize(
    ("policies", "named"),
    [
        ({"unknown_id": "accept"}, "returns.policies.unknown_id"),
        ({"superseded": "ignore"}, "returns.policies.superseded"),
        ({"supersede": "hold"}, "returns.policies.supersede"),
    ],
)
def test_a_policy_that_cannot_be_is_named_with_what_may_stand_there(
    policies: dict[str, str], named: str, tmp_path: Path
) -> None:
    data = catalogue_without("returns") | {"returns": {"policies": policies}}
    catalogue, (fault,) = check_catalogue(write_catalogue(tmp_path, data))
    assert (catalogue, fault.code) == (None, "C002")
    assert named in fault.message
    assert fault.location.line


def test_the_method_names_every_policy_with_its_default() -> None:
    text = (Path(__file__).parents[2] / "docs" / "method.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", text, re.MULTILINE))
    defaults = {case: str(policy) for case, policy in ReturnPolicies().model_dump().items()}
    assert {case: table.get(case, "").partition(";")[0] for case in defaults} == defaults
    assert {case for case in defaults if "never accept" in table[case]} == set(NEVER_TAKEN)


def test_editors_are_told_what_each_policy_is_for() -> None:
    policies = json_schema()["$defs"]["ReturnPolicies"]["properties"]
    assert set(policies) == set(ReturnPolicies.model_fields)
    assert all(policy["description"] for policy in policies.values())


# ---- a return that is held -------------------------------------------------------------------------------------------


def held_team(team: Team) -> Team:
    """Alpha's return has come with a locked cell changed, and is held; Beta's has come in order."""
    set_policies(team, changed_locked_cells="hold")
    fill(team.issued()["beta"])
    locked_cell_changed(team)
    team.collate()
    return team


@pytest.fixture(scope="module")
def _held_once(tmp_path_factory: pytest.TempPathFactory, _issued_once: Path) -> Path:
    return held_team(copy_of(_issued_once, tmp_path_factory.mktemp("held") / "workspace")).root


@pytest.fixture
def waiting(tmp_path: Path, _held_once: Path) -> Team:
    """The team of a workspace of its own in which it is so; see `held_team`."""
    return copy_of(_held_once, tmp_path / "held workspace")


def test_a_released_return_is_in_use_in_the_master_and_collating_again_adds_nothing(waiting: Team) -> None:
    team = waiting
    assert team.collate().new_records == 0
    release_it(team)
    done = team.collate()
    assert (done.new_records, only(done).outcome) == (0, WITH_WARNINGS)
    (row,) = [row for row in team.sheet("tbl_returns") if row["File"] == SENT]
    assert (row["Outcome"], row["Standing"]) == (WITH_WARNINGS, "In use")
    (said,) = [row["What"] for row in team.sheet("tbl_findings") if row["Code"] == "I015"]
    assert said == f"released by {BY} on 2026-07-11: asked the owner."


def test_a_held_return_is_never_missing_without_a_word_and_its_owner_is_not_chased(waiting: Team) -> None:
    team = waiting
    late = at("2026-07-20")
    found = status(team.workspace, Q1, now=late)
    (alpha,) = [standing for standing in found.owners if standing.owner == "alpha"]
    assert (alpha.outcome, alpha.held, found.returned, found.held) == (HELD, (SENT,), 1, 1)
    assert [item.code for item in alpha.problems] == ["I012"]
    assert chase(team.workspace, Q1, Run(late, BY)) == ()
    about = {row["Item"]: row["Value"] for row in team.sheet("tbl_about")}
    assert about["Returns"] == "2 issued = 1 returned + 1 missing (of them 1 held for the team)"
    assert about["Files"] == "2 listed = 1 accepted + 1 rejected (of them 1 held for the team) + 0 ignored"
    (missing,) = [row for row in team.sheet("tbl_returns") if row["Outcome"] == "Not returned"]
    assert missing["Standing"] == f"{SENT} is held for the team"
    said = {row["Ref"]: row["Commentary"] for row in team.sheet("tbl_kpis")}
    assert said["V1"] == "(return held for the team)"


def test_an_owner_whose_return_is_held_is_not_issued_another_unless_somebody_says_so(waiting: Team) -> None:
    team = waiting
    done = generate(team.workspace, Q1, Run(at("2026-07-12"), BY))
    assert done.files == ()
    assert dict(done.left_out)["Alpha team"] == f"{SENT} is held for the team"
    assert len(generate(team.workspace, Q1, Run(at("2026-07-12"), BY), again=True).files) == 2


def test_a_held_return_no_longer_waits_once_a_later_one_was_accepted(waiting: Team) -> None:
    team = waiting
    fill(team.issued()["alpha"], name="put right.xlsx", saved=at("2026-07-12"))
    team.collate()
    assert team.state.held == {}
    assert status(team.workspace, Q1, now=at("2026-07-12")).held == 0


def test_who_has_a_row_refused_is_not_chased_while_a_later_return_is_held(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"], {V1: {"Actual": "about 90"}}, name="first.xlsx", saved=at("2026-07-07"))
    team = held_team(issued_team)
    assert team.state.in_use[("alpha", Q1)].file == "first.xlsx"
    assert chase(team.workspace, Q1, Run(COLLATE_DAY, BY)) == ()
    release_it(team, accept=False)
    assert len(chase(team.workspace, Q1, Run(COLLATE_DAY, BY))) == 1


def test_who_was_rejected_by_the_team_is_chased_and_told_why(waiting: Team) -> None:
    team = waiting
    release_it(team, accept=False, reason="the target is not theirs to change")
    assert only(team.collate()).outcome == REJECTED
    assert V1 not in team.state.figures
    (draft,) = chase(team.workspace, Q1, Run(at("2026-07-20"), BY))
    assert "the target is not theirs to change" in draft.read_text(encoding="utf-8").replace("=\n", "")


def test_an_owner_is_not_chased_for_what_only_the_team_can_mend(issued_team: Team) -> None:
    fill(issued_team.issued()["beta"])
    edited(template_version="99")(issued_team)
    assert only(issued_team.collate()).outcome == REJECTED
    assert chase(issued_team.workspace, Q1, Run(at("2026-07-20"), BY)) == ()


def test_a_person_may_change_their_mind_and_the_last_word_counts(waiting: Team) -> None:
    team = waiting
    for accept in (True, False, True, False, True):
        release_it(team, accept=accept)
        assert (V1 in team.state.figures) == accept
    assert only(team.collate()).outcome == WITH_WARNINGS
    assert [item.code for item in team.state.in_use[("alpha", Q1)].findings].count("I015") == 1


def test_a_stricter_policy_or_another_judgement_does_not_undo_a_release(waiting: Team) -> None:
    team = waiting
    release_it(team)
    set_policies(team, changed_locked_cells="reject", older_catalogue="reject")
    received = only(team.collate(at("2026-07-12")))
    assert received.outcome == WITH_WARNINGS
    assert team.state.figures[V1].now.actual == 92
    assert team.collate(at("2026-07-12")).new_records == 0


def test_a_released_return_still_gains_from_a_catalogue_put_right(issued_team: Team) -> None:
    issued_team.change_catalogue(lambda data: kpi_in(data, "V1").update(possible=[0, 90]))  # 92 is refused by it
    team = held_team(issued_team)
    release_it(team)
    assert (V1 in team.state.figures, len(team.state.figures)) == (False, 10)
    team.change_catalogue(lambda data: kpi_in(data, "V1").pop("possible"))
    set_policies(team, changed_locked_cells="reject")
    assert only(team.collate()).outcome == WITH_WARNINGS
    assert team.state.figures[V1].now.actual == 92


def test_a_judgement_by_somebody_who_had_not_heard_of_the_release_does_not_undo_it(waiting: Team) -> None:
    team = waiting
    release_it(team)
    (held,) = [one for one in team.state.judged_before_release.values() if one.is_held]
    rejected = Received(held.sha256, held.file, held.folder, REJECTED, held.return_id, 1, "alpha", Q1)
    team.workspace.ledger().append("collate", [rejected], at=at("2026-07-12"), by="another@test")
    assert team.state.figures[V1].now.actual == 92


def test_a_rejection_by_a_person_stands_though_the_policy_would_take_it_now(waiting: Team) -> None:
    team = waiting
    release_it(team, accept=False)
    set_policies(team, changed_locked_cells="accept")
    assert only(team.collate()).outcome == REJECTED
    assert V1 not in team.state.figures


def test_a_newer_return_of_the_owner_counts_over_a_released_one(waiting: Team) -> None:
    team = waiting
    release_it(team)
    fill(team.issued()["alpha"], {V1: {"Actual": 95}}, name="second.xlsx", saved=at("2026-07-09"))
    team.collate()
    assert team.state.figures[V1].now.actual == 95


def test_a_held_return_is_kept_whole_so_that_it_can_be_verified_later(waiting: Team) -> None:
    team = waiting
    data = (team.received() / SENT).read_bytes()
    (held,) = [one for one in team.state.received if one.is_held]
    assert (team.root / "ledger" / "originals" / f"{held.sha256}.xlsx").read_bytes() == data
    (team.received() / SENT).unlink()
    release_it(team, which=held.sha256[:12])
    assert team.state.figures[V1].now.actual == 92


@pytest.mark.parametrize(
    ("which", "said"),
    [("nothing.xlsx", "held for the team"), ("00000000", "no such file"), ("beta", "no such file")],
)
def test_a_file_that_is_not_there_is_said_with_those_that_are_held(which: str, said: str, waiting: Team) -> None:
    team = waiting
    with pytest.raises(UsageError, match=said) as raised:
        release_it(team, which=which)
    assert SENT in str(raised.value)


def test_only_what_is_held_can_be_released(waiting: Team) -> None:
    team = waiting
    with pytest.raises(UsageError, match="nothing to release or reject"):
        release_it(team, which=team.issued()["beta"].name)


def test_two_held_files_of_one_name_are_told_apart_by_their_hash(waiting: Team) -> None:
    team = waiting
    team.issue(Q2, now=at("2026-07-02"))
    fill(team.issued()["alpha"], {V1: {"Actual": 91}}, name="other.xlsx", saved=at("2026-07-09"))
    changed = with_cell((team.received() / "other.xlsx").read_bytes(), V1, "Unit", "days")
    send(team, changed, Q2)
    team.collate()  # reports on the later quarter; the held ones of the earlier are told all the same
    assert [row["File"] for row in team.sheet("tbl_findings") if row["Code"] == "I012"] == [SENT, SENT]
    with pytest.raises(UsageError, match="more than one"):
        release_it(team)
    (later,) = [one for one in team.state.received if one.is_held and one.folder == Q2]
    release_it(team, which=later.sha256)
    assert team.state.figures[V1].now.actual == 91


def test_a_held_file_is_found_by_its_own_name_though_that_is_shown_otherwise(issued_team: Team) -> None:
    set_policies(issued_team, closed_period="hold")
    send(issued_team, filled(issued_team.issued()["alpha"]), name="odd\u202ename.xlsx")
    issued_team.collate(CLOSED)
    assert release_it(issued_team, which="odd\u202ename.xlsx").file == "odd?name.xlsx"


def test_release_from_the_command_line(waiting: Team) -> None:
    team = waiting
    place = ["--workspace", str(team.root)]
    found = CliRunner().invoke(app, ["status", "--period", Q1, *place])
    assert "1 missing (of them 1 held for the team)" in found.output
    done = CliRunner().invoke(app, ["release", str(team.received() / SENT), "--reason", "seen", *place])
    assert done.exit_code == 0, done.output
    assert WITH_WARNINGS in done.output
    assert team.state.figures[V1].now.actual == 92
    (said,) = team.state.releases.values()
    assert (said.reason, said.is_accepted) == ("seen", True)


def test_a_release_comes_back_from_the_ledger_word_for_word(team: Team) -> None:
    records = [Released("a" * 64, False, "naïve – reason", BY), Released("b" * 64, True)]
    team.workspace.ledger().append("release", records, at=at("2026-07-11"), by=BY)
    said = team.state.releases
    assert [(r.sha256, r.is_accepted, r.reason, r.by) for r in said.values()] == [
        ("a" * 64, False, "naïve – reason", BY),
        ("b" * 64, True, "", ""),
    ]


# ---- the hidden identity in pieces -----------------------------------------------------------------------------------


def with_identity_rows(data: bytes, more: list[tuple[str, str]]) -> bytes:
    """Somebody adds lines to the hidden table."""
    book = FileWorkbook.open(data)
    rows = [{"item": row["item"].raw, "value": row["value"].raw} for row in book.read_table("tbl_identity").rows]
    book.write_table(layout.IDENTITY_TABLE, [*rows, *({"item": item, "value": value} for item, value in more)])
    return book.to_bytes()


@pytest.mark.parametrize(
    ("more", "outcome", "code"),
    [
        ([("owner", "beta")], REJECTED, "I001"),
        ([("return_id", "0123456789abcdef")], REJECTED, "I001"),
        ([("owner", "alpha")], WITH_WARNINGS, "I014"),
        ([("note", "copied from the shared drive")], WITH_WARNINGS, "I014"),
    ],
)
def test_an_identity_that_says_two_things_is_nobodys(
    more: list[tuple[str, str]], outcome: str, code: str, issued_team: Team
) -> None:
    send(issued_team, with_identity_rows(filled(issued_team.issued()["alpha"]), more))
    received = only(issued_team.collate())
    assert (received.outcome, codes(received)) == (outcome, [code])


def test_the_rows_of_another_return_are_told_in_one_sentence_that_names_it(issued_team: Team) -> None:
    book_of_another_owner(issued_team)
    received = only(issued_team.collate())
    assert codes(received) == ["I009"]
    assert "Beta team" in received.findings[0].message
    assert Q1 in received.findings[0].message
    (alpha,) = [s for s in status(issued_team.workspace, Q1, now=COLLATE_DAY).owners if s.owner == "alpha"]
    assert alpha.outcome == REJECTED
    assert G1 not in issued_team.state.figures


# ---- the same result, however it is reached --------------------------------------------------------------------------


def crowd(team: Team) -> dict[str, bytes]:
    """Two returns of one owner, the older one saved later; one changed, one forged, and a copy of another owner's."""
    old = filled(team.issued()["alpha"], {V1: {"Actual": 91}}, saved=at("2026-07-09"))
    new = filled(team.issue(now=at("2026-07-03"))["alpha"], {V1: {"Actual": 95}}, saved=at("2026-07-05"))
    issued = team.issued()
    copied = with_identity(FileWorkbook.open(filled(issued["beta"])), **identity_of(issued["alpha"])).to_bytes()
    return {
        "old.xlsx": old,
        "new.xlsx": new,
        "beta.xlsx": with_cell(filled(issued["beta"]), G1, "Better", "higher"),
        "forged.xlsx": with_identity(FileWorkbook.open(filled(issued["alpha"])), owner="beta").to_bytes(),
        "copied.xlsx": copied,
    }


@pytest.mark.parametrize("one_by_one", [False, True], ids=["at once", "one by one"])
def test_in_any_order_and_however_often_the_same_figures_stand(one_by_one: bool, issued_team: Team) -> None:
    team = issued_team
    set_policies(team, superseded="hold", edited_identity="hold", other_rows="hold", changed_locked_cells="hold")
    files = crowd(team)
    for name in reversed(files) if one_by_one else files:
        send(team, files[name], name=name)
        if one_by_one:
            team.collate()
    team.collate()
    held = sorted(one.file for one in team.state.received if one.is_held)
    assert held == ["beta.xlsx", "copied.xlsx", "forged.xlsx", "old.xlsx"]
    for name in reversed(held) if one_by_one else held:
        release_it(team, which=name, accept=name != "forged.xlsx")
    assert team.collate().new_records == 0
    state = team.state
    assert {one.file: one.outcome for one in state.received} == {
        **dict.fromkeys(["beta.xlsx", "copied.xlsx", "old.xlsx"], WITH_WARNINGS),
        "forged.xlsx": REJECTED,
        "new.xlsx": ACCEPTED,
    }
    # The newer serial counts, though the older return was saved and released later.
    assert state.figures[V1].now.actual == 95
    assert state.figures[G1].now.actual == -20
    assert (state.in_use[("beta", Q1)].file, state.figures[G1].now.file) == ("beta.xlsx", "beta.xlsx")


@pytest.mark.parametrize("first", ["both", "home", "elsewhere"])
@pytest.mark.parametrize("policy", ["accept", "hold", "reject"])
def test_a_copy_in_another_folder_takes_nothing_from_the_return_in_its_own(
    policy: str, first: str, issued_team: Team
) -> None:
    set_policies(issued_team, other_folder=policy)
    issued_team.received(Q4).mkdir(parents=True)
    data = filled(issued_team.issued()["alpha"])
    for folder in {"both": (), "home": (Q1,), "elsewhere": (Q4,)}[first]:
        send(issued_team, data, folder)
        issued_team.collate(period=Q1)
    for folder in (Q4, Q1):
        send(issued_team, data, folder)
    issued_team.collate(period=Q1)
    (received,) = issued_team.state.received
    assert (received.is_accepted, received.folder) == (True, Q1)
    assert "I007" not in codes(received)


@pytest.mark.parametrize("case", ["superseded", "older_catalogue"])
@pytest.mark.parametrize("typed", ["about 90", 91], ids=["a row refused", "renamed"])
def test_what_was_accepted_is_not_rejected_later_for_what_came_after_it(
    typed: CellValue, case: str, issued_team: Team
) -> None:
    set_policies(issued_team, **{case: "reject"})
    issued = issued_team.issue(now=at("2026-07-02"))  # from the catalogue as it is now
    sent = fill(issued["alpha"], {V1: {"Actual": typed}})
    issued_team.collate()
    before = issued_team.state.figures
    if case == "superseded":
        issued_team.issue(now=at("2026-07-11"), again=True)
    else:
        issued_team.change_catalogue(lambda data: data.update(version="2"))
    if typed == 91:
        sent.rename(sent.with_name("renamed.xlsx"))
    issued_team.collate(at("2026-07-12"))
    assert issued_team.state.figures.keys() == before.keys()
    assert ("alpha", Q1) in issued_team.state.in_use


def test_a_return_that_nobody_touched_is_accepted_without_a_word_under_the_strictest_policies(team: Team) -> None:
    set_policies(team, **dict.fromkeys(ReturnPolicies.model_fields, "reject"))
    team.issue()
    as_issued(team)
    received = only(team.collate())
    assert (received.outcome, received.findings) == (ACCEPTED, ())


# ---- taken back --------------------------------------------------------------------------------------------------


def test_an_accepted_return_is_taken_back_with_a_reason_and_can_be_taken_again(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"])
    issued_team.collate()
    assert issued_team.state.figures
    name, run = issued_team.issued()["alpha"].name, Run(at("2026-07-11"), BY)
    with pytest.raises(UsageError, match="say why it is taken back"):
        release(issued_team.workspace, name, run, Verdict.TAKE_BACK)
    with pytest.raises(UsageError, match="To take back one that was accepted: --take-back"):
        release(issued_team.workspace, name, run, Verdict.REJECT)
    taken_back = release(issued_team.workspace, name, run, Verdict.TAKE_BACK, "figures of another team")
    assert taken_back.outcome == REJECTED
    done = issued_team.collate(at("2026-07-12"))
    assert not done.is_clean
    assert not issued_team.state.figures
    (line,) = [row for row in issued_team.sheet("tbl_findings") if row["Code"] == "I016"]
    assert f"rejected by {BY} on 2026-07-11: figures of another team." in line["What"]
    assert status(issued_team.workspace, Q1, now=at("2026-07-12")).returned == 0
    with pytest.raises(UsageError, match="there is nothing to take back"):
        release(issued_team.workspace, name, run, Verdict.TAKE_BACK, "again")
    assert release(issued_team.workspace, name, run, Verdict.TAKE).is_accepted
    assert issued_team.state.figures
