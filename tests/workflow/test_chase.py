"""Status and chase: who owes what, and a reminder that says only what is true."""

from __future__ import annotations

import email
import shutil
from datetime import date
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import BY, COLLATE_DAY, Q1, Q4, Team, at, fill, filled, kpi_in
from xlperf.errors import UsageError, WorkspaceError
from xlperf.period import Period
from xlperf.report import results
from xlperf.report.count_words import accounted_for, return_words
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.chase import OwnerStanding, Status, chase, status
from xlperf.workflow.cycle.publish import edition_doubts
from xlperf.workflow.workspace.run import Run

V1 = ("V1", "TRUST", Q1)
LATE = at("2026-07-20")


def standing(team: Team, owner: str) -> OwnerStanding:
    return next(s for s in found(team).owners if s.owner == owner)


def found(team: Team) -> Status:
    return status(team.workspace, Q1, now=LATE)


def read_mail(path: Path) -> tuple[EmailMessage, str]:
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body()
    assert body is not None
    return message, " ".join(str(body.get_content()).split())


def test_status_counts_issued_returned_and_missing(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"])
    issued_team.collate()
    assert (found(issued_team).returned, len(found(issued_team).owners)) == (1, 2)
    alpha, beta = standing(issued_team, "alpha"), standing(issued_team, "beta")
    assert (alpha.outcome, alpha.asked, alpha.accepted, alpha.owes) == ("Accepted", 5, 5, False)
    assert (beta.outcome, beta.days_late, beta.executive, beta.owes) == ("not returned", 4, "Director of Finance", True)


def test_status_before_anything_was_issued(team: Team) -> None:
    assert found(team).owners == ()


def test_a_file_that_is_nobodys_is_listed_while_it_lies_there(issued_team: Team) -> None:
    bad = issued_team.received() / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 and so on")
    issued_team.collate()
    assert [received.file for received in found(issued_team).unmatched] == ["bad.xlsx"]
    bad.write_bytes(filled(issued_team.issued()["alpha"]))
    issued_team.collate()
    assert found(issued_team).unmatched == ()


@pytest.mark.parametrize("name", ["RE {}.eml", "{}.msg", "{} signed.zip", "Copy of {}.pdf"])
def test_an_owner_whose_return_may_lie_there_unread_is_not_told_that_it_has_not_come(
    name: str, issued_team: Team
) -> None:
    beta = issued_team.issued()["beta"]
    (issued_team.received() / name.format(beta.stem)).write_bytes(b"PK\x03\x04 or anything")
    issued_team.collate()
    assert not standing(issued_team, "beta").owes
    assert standing(issued_team, "alpha").owes
    said = "\n".join(results.status(found(issued_team)))
    assert f"Perhaps returned, in a file that was not read: {name.format(beta.stem)} (Beta team)." in said
    assert "Nothing received from: Alpha team." in said
    fill(beta)
    issued_team.collate()
    assert standing(issued_team, "beta").is_used
    assert "Perhaps returned" not in "\n".join(results.status(found(issued_team)))


def test_who_has_not_returned_gets_a_reminder_with_the_executive_copied(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"])
    issued_team.collate()
    (draft,) = chase(issued_team.workspace, Q1, Run(LATE, BY))
    message, body = read_mail(draft)
    assert message["To"] == "beta@small.example.org"
    assert message["Cc"] == "finance.director@small.example.org"
    assert message["X-Unsent"] == "1"
    assert message["Subject"].endswith("not yet received")
    assert "was due by 16 July 2026 (4 days ago)" in body
    (attachment,) = message.iter_attachments()
    assert attachment.get_content() == issued_team.issued()["beta"].read_bytes()


def test_who_has_a_row_refused_is_told_where_and_what_to_do(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"], {V1: {"Actual": "about 90"}})
    fill(issued_team.issued()["beta"])
    issued_team.collate()
    (draft,) = chase(issued_team.workspace, Q1, Run(COLLATE_DAY, BY))
    message, body = read_mail(draft)
    assert message["Subject"].endswith("please correct")
    assert "'about 90'" in body
    assert f"V1 TRUST {Q1}, cell Return" in body
    assert "Retype the number on its own." in body
    assert "We have not had" not in body


def test_who_left_a_blank_is_asked_for_it(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"], {V1: {"Actual": None}})
    fill(issued_team.issued()["beta"])
    issued_team.collate()
    (draft,) = chase(issued_team.workspace, Q1, Run(LATE, BY))
    assert "no figure was given" in read_mail(draft)[1]


def test_who_has_given_every_figure_in_one_return_or_another_is_left_in_peace(issued_team: Team) -> None:
    issued = issued_team.issued()
    fill(issued["alpha"])
    fill(issued["beta"])
    issued_team.collate()
    fill(issued["alpha"], {V1: {"Actual": 95}}, only=True, name="correction.xlsx", saved=at("2026-07-09"))
    issued_team.collate()
    assert chase(issued_team.workspace, Q1, Run(LATE, BY)) == ()


def test_who_sent_a_correction_that_was_rejected_is_told_why(issued_team: Team) -> None:
    issued_team.change_catalogue(lambda data: data.update(returns={"policies": {"closed_period": "reject"}}))
    fill(issued_team.issued()["alpha"])
    fill(issued_team.issued()["beta"])
    issued_team.collate()
    closed = at("2026-07-25")
    fill(issued_team.issued()["alpha"], {V1: {"Actual": 50}}, name="correction.xlsx", saved=closed)
    issued_team.collate(closed)
    assert standing(issued_team, "alpha").outcome.startswith("Accepted")
    (draft,) = chase(issued_team.workspace, Q1, Run(closed, BY))
    message, body = read_mail(draft)
    assert message["To"] == "alpha@small.example.org"
    assert "ask the performance team whether the return can still be taken" in body


def test_an_owner_is_told_nothing_of_what_the_team_has_to_mend(issued_team: Team) -> None:
    issued_team.change_catalogue(lambda data: data.update(returns={"policies": {"other_folder": "reject"}}))
    alpha = issued_team.issued()["alpha"]
    fill(alpha, {V1: {"Actual": "about 90"}})
    fill(issued_team.issued()["beta"])
    issued_team.collate()
    issued_team.received(Q4).mkdir(parents=True)
    elsewhere = issued_team.received(Q4) / "correction.xlsx"
    elsewhere.write_bytes(filled(alpha, saved=at("2026-07-09")))
    issued_team.collate(period=Q1)
    assert chase(issued_team.workspace, Q1, Run(LATE, BY)) == ()
    elsewhere.write_bytes(filled(alpha, {V1: {"Actual": "about 91"}}, saved=at("2026-07-10")))
    issued_team.collate(period=Q1)
    (draft,) = chase(issued_team.workspace, Q1, Run(LATE, BY))
    body = read_mail(draft)[1]
    assert "'about 91'" in body
    assert "received folder" not in body


def test_nobody_is_reminded_before_the_deadline(issued_team: Team) -> None:
    assert chase(issued_team.workspace, Q1, Run(at("2026-07-16 17:00"), BY)) == ()
    assert len(chase(issued_team.workspace, Q1, Run(at("2026-07-17"), BY))) == 2


def test_two_owners_of_one_name_both_get_theirs(team: Team) -> None:
    def rename(data: dict[str, Any]) -> None:
        for owner in data["responsible_owners"]:
            owner["name"] = "Team A/B"

    team.change_catalogue(rename)
    team.issue()
    drafts = chase(team.workspace, Q1, Run(LATE, BY))
    assert {read_mail(draft)[0]["To"] for draft in drafts} == {"alpha@small.example.org", "beta@small.example.org"}


def test_the_drafts_of_an_earlier_chase_are_kept(issued_team: Team) -> None:
    first = chase(issued_team.workspace, Q1, Run(LATE, BY))
    second = chase(issued_team.workspace, Q1, Run(at("2026-07-21"), BY))
    assert all(path.exists() for path in (*first, *second))
    assert not set(first) & set(second)


def test_chasing_is_refused_where_the_share_has_gone(issued_team: Team) -> None:
    shutil.rmtree(issued_team.received())
    with pytest.raises(WorkspaceError, match="share connected"):
        chase(issued_team.workspace, Q1, Run(LATE, BY))


def test_a_period_outside_the_calendar_is_refused(issued_team: Team) -> None:
    with pytest.raises(UsageError, match="calendar"):
        status(issued_team.workspace, "2030-31-Q1", now=LATE)


def test_nobody_is_chased_for_an_org_that_was_closed_after_its_return_was_issued(issued_team: Team) -> None:
    def closed(data: dict[str, Any]) -> None:
        data["version"] = "later"
        for kpi in data["kpis"]:
            if kpi["responsible_owner"] == "alpha":
                kpi["orgs"] = [{"org": "TRUST", "until": "2026-03-31"}]
        kpi_in(data, "S1")["orgs"] = [{"org": "NORTH", "until": "2026-03-31"}, "SOUTH"]

    fill(issued_team.issued()["beta"], {("S1", "NORTH", Q1): {"Numerator": None, "Denominator": None}})
    issued_team.collate()
    assert (standing(issued_team, "beta").blank, standing(issued_team, "beta").owes) == (1, True)
    issued_team.change_catalogue(closed)
    assert [each.owner for each in found(issued_team).owners] == ["beta"]
    assert (standing(issued_team, "beta").blank, standing(issued_team, "beta").owes) == (0, False)
    assert chase(issued_team.workspace, Q1, Run(LATE, BY)) == ()
    team = issued_team.workspace
    assert edition_doubts(team.catalogue(), team.ledger().state(), Period.parse(Q1), Run(LATE, BY)) == ()
    # Every count of the returns leaves it out, or says that it does.
    returns = found(issued_team).returns
    assert (returns.issued, returns.expected, returns.returned, returns.missing, returns.no_longer_due) == (
        2,
        1,
        1,
        0,
        1,
    )
    assert return_words(returns) == "1 of 1 returns received"
    assert accounted_for(returns) == "2 issued = 1 returned + 0 missing + 1 no longer due"


def overdue(team: Team) -> Team:
    """Everybody has returned, and Alpha's owner has not done what was promised by 15 July."""
    said: dict[str, CellValue] = {
        "Commentary": "c",
        "Action": "Hire",
        "Action owner": "Matron",
        "Action due": date(2026, 7, 15),
    }
    fill(team.issued()["alpha"], {V1: {"Actual": 50, **said}})
    fill(team.issued()["beta"])
    team.collate()
    return team


def test_who_has_an_action_overdue_is_reminded_of_it_without_the_return_that_was_accepted(issued_team: Team) -> None:
    (path,) = chase(overdue(issued_team).workspace, Q1, Run(LATE, BY))
    message, body = read_mail(path)
    assert "actions overdue" in message["Subject"]
    assert "A-0001: Hire; Matron; due 15 July 2026; 5 days overdue." in body
    assert "We have not had" not in body
    assert list(message.iter_attachments()) == []


@pytest.mark.parametrize("words", ["Please think of your actions.", "\udcff"])
def test_a_reworded_reminder_that_knows_no_actions_says_nothing_untrue_of_the_return(
    issued_team: Team, words: str
) -> None:
    own = issued_team.root / "workbook_templates" / "reminder_email.txt"
    own.parent.mkdir(exist_ok=True)
    own.write_bytes(f"Subject: late\n\nYour return is missing. {words}\n".encode("utf-8", "surrogateescape"))
    assert chase(overdue(issued_team).workspace, Q1, Run(LATE, BY)) == ()
