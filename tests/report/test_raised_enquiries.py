"""Which questions are raised for what a meeting covers: wholes before parts, owners once, other subjects for all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.conftest import catalogue_data, make_kpi
from xlperf.assessment import Assessment
from xlperf.assessment.raised_enquiries import could_be_asked, enquiries
from xlperf.catalogue import Catalogue, EnquiryKind
from xlperf.ledger import Imported, Issued, LedgerRun, Received, Record, TypedAction, state_of
from xlperf.ledger.records import ACCEPTED
from xlperf.period import Period
from xlperf.report import enquiry_words
from xlperf.report.enquiry_lines import raised
from xlperf.returns.figure import Figure

Q1, Q2 = "2026-27-Q1", "2026-27-Q2"
SITES = ("NORTH", "SOUTH", "EAST", "WEST")
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def data(**changes: Any) -> dict[str, Any]:
    """Two KPIs, each of four sites and rolled up; both sites' owner is Alpha team."""
    made = catalogue_data()
    made["orgs"] = [{"code": "TRUST", "name": "Small Trust"}] + [
        {"code": code, "name": f"{code.title()} site", "parent": "TRUST", "responsible_owner": "alpha"}
        for code in SITES
    ]
    made["kpis"] = [
        make_kpi(id=kpi, name=name, orgs=[*SITES], roll_up={"orgs": "worst"}, section=section, responsible_owner=None)
        for kpi, name, section in (("A1", "Reviews", "quality"), ("A2", "Bills", "money"))
    ]
    return made | changes


def assessed(*records: Record, period: str = Q2, **changes: Any) -> Assessment:
    stamped = [replace(each, at=each.at or "2026-10-12T09:00:00Z") for each in records]
    runs = [LedgerRun(f"{place}", "collate", each.at, "t", (each,)) for place, each in enumerate(stamped)]
    return Assessment(Catalogue.model_validate(data(**changes)), state_of(runs), Period.parse(period), NOW)


def everything(assessment: Assessment) -> list[tuple[str, str]]:
    return [latest.series for latest in assessment.latest]


def history(value: float, *, worse: str = "", kpi: str = "A1") -> Imported:
    """Sixteen quarters at a steady value, far off target; at one site worse."""
    quarters = [Period.parse(Q2).previous(number) for number in range(16)]
    given = tuple(
        Figure(kpi, org, str(quarter), actual=value + number % 2 - (20 if org == worse else 0))
        for org in SITES
        for number, quarter in enumerate(quarters)
    )
    return Imported("0" * 64, "a.csv", given)


def of(
    assessment: Assessment, kind: EnquiryKind, covered: list[tuple[str, str]] | None = None
) -> list[tuple[str, str]]:
    raised_ = could_be_asked(assessment, covered if covered is not None else everything(assessment))
    return [each.about for each in raised_ if each.kind is kind]


def test_of_a_whole_and_its_parts_that_will_miss_the_whole_is_asked_about() -> None:
    assessment = assessed(history(50.0))
    assert of(assessment, EnquiryKind.PROCESS) == [("A1", "TRUST")]
    sites = [("A1", org) for org in SITES[:2]]
    assert of(assessment, EnquiryKind.PROCESS, sites) == sites, "a meeting that does not cover the whole"


def test_a_meeting_hears_only_of_what_it_covers() -> None:
    assessment = assessed(history(50.0), replace(history(50.0, kpi="A2"), sha256="1" * 64))
    covered = [("A2", org) for org in SITES]
    assert {each.about[0] for each in could_be_asked(assessment, covered)} == {"A2"}
    assert enquiries(assessment, ()) == ()
    lines = raised(assessment, "division-south", [("A1", "SOUTH")])
    assert {line.key[:2] for line in lines} == {("division-south", Q2)}


def returned(period: str, serial: int, figures: tuple[Figure, ...], *, comes: bool = True) -> list[Record]:
    keys = tuple(figure.key for figure in figures)
    name = f"{serial:016x}"
    issued = Issued(name, serial, "alpha", period, "1", "0" * 64, "1", f"{name}.xlsx", keys, at="2026-07-01T09:00:00Z")
    received = Received(
        f"{serial:064d}", f"{name}.xlsx", period, ACCEPTED, name, serial, "alpha", period, figures=figures
    )
    return [issued, received] if comes else [issued]


def figures(period: str, **values: Any) -> tuple[Figure, ...]:
    return tuple(Figure(kpi, org, period, actual=95.0, **values) for kpi in ("A1", "A2") for org in SITES)


def test_an_owner_is_asked_once_for_all_figures_that_did_not_come() -> None:
    records = [
        *returned(Q1, 1, figures(Q1, validated=True), comes=False),
        *returned(Q2, 2, figures(Q2, validated=True), comes=False),
    ]
    (asked,) = [each for each in could_be_asked(assessed(*records), _all()) if each.kind is EnquiryKind.SILENCE]
    assert asked.evidence["periods"] == (Q1, Q2)
    assert len(tuple(asked.evidence["figures"])) == 8  # type: ignore[arg-type]
    assessment = assessed(*records)
    assert "the 8 figures from Alpha team" in enquiry_words.question(assessment, asked)
    assert enquiry_words.answered_by(assessment, asked) == "Director of Quality"


def test_one_return_that_did_not_come_is_no_silence_and_before_the_deadline_none_is() -> None:
    came = [*returned(Q1, 1, figures(Q1, validated=True)), *returned(Q2, 2, figures(Q2), comes=False)]
    assert of(assessed(*came), EnquiryKind.SILENCE) == []
    neither = [*returned(Q1, 1, figures(Q1), comes=False), *returned(Q2, 2, figures(Q2), comes=False)]
    early = replace(assessed(*neither), produced=datetime(2026, 10, 10, tzinfo=UTC))
    assert of(early, EnquiryKind.SILENCE) == []


def test_an_owner_is_asked_once_about_what_was_not_validated_and_each_figure_that_is_provisional() -> None:
    given = [*returned(Q1, 1, figures(Q1, provisional=True)), *returned(Q2, 2, figures(Q2, provisional=True))]
    assessment = assessed(*given)
    assert len(of(assessment, EnquiryKind.VALIDATION)) == 1
    assert len(of(assessment, EnquiryKind.PROVISIONAL)) == 8
    asked = enquiries(assessment, everything(assessment))
    assert len(asked) == 3
    assert {each.kind for each in asked} == {EnquiryKind.VALIDATION, EnquiryKind.PROVISIONAL}


def test_a_definition_changed_for_an_earlier_period_is_no_news() -> None:
    changed = figures(Q1, changed=True, what_changed="Agency staff are counted", validated=True)
    then = [*returned(Q1, 1, changed)]
    assert of(assessed(*then, period=Q1), EnquiryKind.DEFINITION) == [("A1", "TRUST"), ("A2", "TRUST")]
    later = [*then, *returned(Q2, 2, figures(Q2, validated=True))]
    assert of(assessed(*later), EnquiryKind.DEFINITION) == []


def test_an_action_about_no_kpi_is_for_whoever_covers_everything_and_is_known_by_its_number() -> None:
    own = TypedAction("", {"ref": "The estates plan", "org": "TRUST", "what": "Sell the house", "owner": "Kim Smith",
                           "due": "2026-09-01"}, at="2026-07-01T09:00:00Z")  # fmt: skip
    section = TypedAction("", {"ref": "money", "org": "TRUST", "what": "Ask for a loan", "owner": "Kim Smith",
                               "due": "2026-09-01"}, at="2026-07-01T09:00:00Z")  # fmt: skip
    assessment = assessed(own, section)
    assert len(of(assessment, EnquiryKind.ACTION)) == 2
    money = [each for each in everything(assessment) if each[0] == "A2"]
    assert of(assessment, EnquiryKind.ACTION, money) == [("money", "TRUST")]
    assert of(assessment, EnquiryKind.ACTION, money[:1]) == []
    by_about = {each.about: each for each in could_be_asked(assessment, everything(assessment))}
    assert set(by_about) == {("money", "TRUST"), ("new", "TRUST")}
    for each in by_about.values():
        said = f"{enquiry_words.question(assessment, each)} {enquiry_words.evidence(assessment, each)}"
        assert "Kim Smith" not in said
        assert "61 days overdue" in said
    assert "The estates plan" in enquiry_words.question(assessment, by_about["new", "TRUST"])
    assert "Money and people (Small Trust)" in enquiry_words.question(assessment, by_about["money", "TRUST"])
    assert enquiry_words.answered_by(assessment, by_about["new", "TRUST"]) == enquiry_words.BY_MEETING
    assert enquiry_words.answered_by(assessment, by_about["money", "TRUST"]) == "Director of Quality"


def test_a_wording_of_the_catalogue_is_asked_in_its_words() -> None:
    words = {"provisional": "What would make {kpi} in {org} final, after {times} returns, in {period}?"}
    given = [*returned(Q1, 1, figures(Q1, provisional=True)), *returned(Q2, 2, figures(Q2, provisional=True))]
    assessment = assessed(*given, enquiries={"wording": words, "kinds": ["provisional"]})
    asked = enquiries(assessment, [("A1", "NORTH")])
    assert [enquiry_words.question(assessment, each) for each in asked] == [
        "What would make A1 Reviews in North site final, after 2 returns, in Q2 26-27?"
    ]


def _all() -> list[tuple[str, str]]:
    return [(kpi, org) for kpi in ("A1", "A2") for org in (*SITES, "TRUST")]
