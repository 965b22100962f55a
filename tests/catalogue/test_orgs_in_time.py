"""When orgs are open: what `xlperf check` says of their days, and that catalogues without days stay as they were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.conftest import catalogue_data, dumped, kpi_in
from xlperf.catalogue import Catalogue, KpiOrg, json_schema
from xlperf.catalogue.load import check_text
from xlperf.findings import Finding
from xlperf.period import Frequency, Period

Change = Callable[[dict[str, Any]], None]
Q1 = Period.parse("2026-27-Q1", Frequency.QUARTERLY)


def org(data: dict[str, Any], code: str) -> dict[str, Any]:
    return next(each for each in data["orgs"] if each["code"] == code)


def findings(*changes: Change) -> list[Finding]:
    data = catalogue_data()
    data["orgs"].append({"code": "EAST", "name": "East site", "parent": "TRUST", "from": "2026-07-01"})
    for change in changes:
        change(data)
    return check_text(dumped(data), "kpi_catalogue.yaml")[1]


def of_org(code: str, **fields: Any) -> Change:
    return lambda data: org(data, code).update(fields)


def of_s1(*orgs: Any) -> Change:
    return lambda data: kpi_in(data, "S1").update(orgs=list(orgs))


@pytest.mark.parametrize(
    ("change", "code", "says", "remedy"),
    [
        (
            of_org("SOUTH", **{"from": "2026-07-01", "until": "2026-06-30"}), "C019",
            "org 'SOUTH' is open from 2026-07-01, but only until 2026-06-30", "both days are included",
        ),
        (
            of_s1("NORTH", {"org": "SOUTH", "from": "2026-07-01", "until": "2026-06-30"}), "C019",
            "KPI S1, org 'SOUTH' is open from 2026-07-01, but only until 2026-06-30", "both days are included",
        ),
        (of_org("SOUTH", until="2026-06-30", succeeded_by="WEST"), "C004", "unknown org 'WEST'", "Add the org"),
        (
            of_org("SOUTH", until="2026-06-30", succeeded_by="SOUTH"), "C019",
            "org 'SOUTH' is its own successor", "Name the org that takes over",
        ),
        (of_org("SOUTH", succeeded_by="EAST"), "C019", "has a successor but no 'until'", "Give its last day"),
        (
            of_org("SOUTH", until="2026-03-31", succeeded_by="EAST"), "C019",
            "org 'SOUTH' closes on 2026-03-31, and its successor 'EAST' opens only on 2026-07-01",
            "Write 'from: 2026-04-01' for 'EAST'",
        ),
        (
            of_org("SOUTH", until="2026-09-30", succeeded_by="EAST"), "C010",
            "its successor 'EAST' already opened on 2026-07-01", "write 'from: 2026-10-01' for 'EAST'",
        ),
        (
            of_org("TRUST", until="2027-03-31"), "C019",
            "org 'NORTH' is open after its parent 'TRUST', which closes on 2027-03-31", "'from: 2027-04-01'",
        ),
        (
            of_org("TRUST", **{"from": "2026-01-01"}), "C019",
            "org 'NORTH' is open before its parent 'TRUST', which opens on 2026-01-01", "Correct one of the two",
        ),
        (
            of_s1("NORTH", {"org": "EAST", "from": "2026-04-01"}), "C019",
            "KPI S1, org 'EAST': 'from' is 2026-04-01, when the org is not open (from 2026-07-01)", "leave it out",
        ),
        (
            of_s1("NORTH", {"org": "EAST", "until": "2026-04-01"}), "C019",
            "KPI S1, org 'EAST': 'until' is 2026-04-01, when the org is not open (from 2026-07-01)", "leave it out",
        ),
    ],
)  # fmt: skip
def test_days_that_contradict_each_other_are_named_with_their_line_and_a_remedy(
    change: Change, code: str, says: str, remedy: str
) -> None:
    matching = [item for item in findings(change) if item.code == code and says in item.message]
    assert matching, [str(item) for item in findings(change)]
    assert all(item.location.line for item in matching)
    assert remedy in matching[0].fix


@pytest.mark.parametrize(
    "change",
    [
        of_org("SOUTH", until="2026-06-30"),
        of_org("SOUTH", until="2026-06-30", succeeded_by="EAST"),
        of_org("SOUTH", until="2026-06-30", succeeded_by="NORTH"),  # which was there all along, and takes it in
        of_s1("NORTH", {"org": "SOUTH", "until": "2026-06-30"}, "EAST"),
        of_s1({"org": "NORTH", "until": "2026-06-30"}, {"org": "SOUTH", "until": "2026-06-30"}),
    ],
)
def test_days_that_can_be_have_no_finding(change: Change) -> None:
    assert findings(change) == []


def test_an_owner_all_of_whose_orgs_have_closed_has_no_finding() -> None:
    def change(data: dict[str, Any]) -> None:
        data["responsible_owners"].append({"id": "gamma", "name": "Gamma team", "executive_owner": "x1"})
        org(data, "SOUTH").update(until="2026-06-30", responsible_owner="gamma")

    assert findings(change) == []


def test_the_line_is_that_of_the_day() -> None:
    data = catalogue_data()
    org(data, "SOUTH").update({"from": "2026-07-01", "until": "2026-06-30"})
    text = dumped(data)
    (item,) = check_text(text, "c.yaml")[1]
    assert item.location.line is not None
    assert "until:" in text.splitlines()[item.location.line - 1]


@pytest.mark.parametrize(
    ("orgs", "says"),
    [
        ("[NORTH, 7]", "'orgs, number 2: org' is text; put it in quotes, as YAML takes it for something else, found 7"),
        ("[NORTH, {from: 2026-04-01}]", "'orgs, number 2: org' is missing"),
        ("[NORTH, {org: SOUTH, form: 2026-04-01}]", "'orgs, number 2: form' is not a field of the catalogue"),
        ("[NORTH, {org: SOUTH, from: soon}]", "'orgs, number 2: from' is a date, such as 2026-07-31, found 'soon'"),
        ("NORTH", "'orgs' is a list"),
    ],
)
def test_an_entry_that_cannot_be_read_is_explained(orgs: str, says: str) -> None:
    data = catalogue_data()
    kpi_in(data, "S1")["orgs"] = yaml.safe_load(orgs)
    (item,) = check_text(dumped(data), "c.yaml")[1]
    assert says in item.message


def test_plain_codes_stay_plain_in_the_canonical_form() -> None:
    data = catalogue_data()
    plain = Catalogue.model_validate(data)
    kpi_in(data, "S1")["orgs"] = [{"org": "NORTH"}, "SOUTH"]
    assert Catalogue.model_validate(data).canonical == plain.canonical
    assert b'"orgs":["NORTH","SOUTH"]' in plain.canonical
    assert b"open_" not in plain.canonical


def test_a_catalogue_with_days_is_read_back_from_its_canonical_form() -> None:
    data = catalogue_data()
    data["orgs"].append({"code": "EAST", "name": "East", "parent": "TRUST", "from": "2026-07-01"})
    org(data, "SOUTH").update(until="2026-06-30", succeeded_by="EAST")
    kpi_in(data, "S1")["orgs"] = ["NORTH", {"org": "SOUTH", "until": "2026-03-31"}, "EAST"]
    catalogue = Catalogue.model_validate(data)
    assert Catalogue.model_validate_json(catalogue.canonical) == catalogue
    assert b'{"org":"SOUTH","until":"2026-03-31"}' in catalogue.canonical


def test_editors_know_both_ways_of_writing_an_org() -> None:
    code, with_days = json_schema()["$defs"][KpiOrg.__name__]["anyOf"]
    assert code["type"] == "string"
    assert sorted(with_days["properties"]) == ["from", "org", "series", "succeeded_by", "until"]


def test_where_a_kpi_lists_no_orgs_the_top_org_reports_it_and_after_it_the_one_that_takes_over() -> None:
    data = catalogue_data()
    data["orgs"] = [
        {"code": "OLD", "name": "Old trust", "until": "2026-06-30", "succeeded_by": "NEW"},
        {"code": "NEW", "name": "New trust", "from": "2026-07-01"},
    ]
    data["kpis"], data["questions"] = [kpi_in(data, "V1")], data["questions"][:1]
    catalogue = Catalogue.model_validate(data)
    (kpi,) = catalogue.kpis
    assert [org.code for org in catalogue.orgs_of(kpi)] == ["OLD", "NEW"]
    assert [org.code for org in catalogue.orgs_of(kpi, Q1)] == ["OLD"]
    assert [org.code for org in catalogue.orgs_of(kpi, Q1.next())] == ["NEW"]
    assert [org.code for _, org, _ in catalogue.due_in(Q1.next())] == ["NEW"]
    assert check_text(dumped(data), "c.yaml")[1] == []


JOINED = {"until": "2026-06-30", "succeeded_by": "EAST", "series": "joined"}


@pytest.mark.parametrize(
    ("changes", "code", "says", "remedy"),
    [
        (
            [of_org("SOUTH", series="joined")], "C021",
            "org 'SOUTH' is joined, but has no 'succeeded_by'", "Name the org",
        ),
        (
            [of_org("SOUTH", series="joined", succeeded_by="EAST")], "C021",
            "org 'SOUTH' is joined, but has no 'until'", "Name the org that takes over",
        ),
        (
            [of_org("SOUTH", **JOINED), of_org("EAST", **{"from": "2026-06-01"}), of_s1("NORTH", "SOUTH", "EAST")],
            "C021", "'SOUTH' is joined to 'EAST' and reports until 2026-06-30, but 'EAST' reports from 2026-06-01",
            "Write the day after 2026-06-30 as 'from' of 'EAST'",
        ),
        (
            [of_org("SOUTH", **JOINED | {"succeeded_by": "NORTH"}), of_s1("NORTH", "SOUTH")], "C021",
            "but 'NORTH' reports without a first day", "'series: separate' for 'SOUTH'",
        ),
        (
            [of_org("SOUTH", **JOINED), of_org("NORTH", **JOINED), of_s1("NORTH", "SOUTH", "EAST"),
             lambda data: kpi_in(data, "S1").update(roll_up={"orgs": "worst"})], "C021",
            "the series of NORTH and SOUTH are joined to that of 'EAST', but the KPI is rolled up over orgs by 'worst'",
            "{org: SOUTH, series: separate}",
        ),
        (
            [of_s1("NORTH", {"org": "SOUTH", "succeeded_by": "EAST", "series": "joined"}, "EAST")], "C021",
            "KPI S1, org 'SOUTH' is joined, but has no 'until'", "Name the org",
        ),
        (
            [of_s1("NORTH", {"org": "SOUTH", "until": "2026-06-30", "succeeded_by": "WEST"})], "C004",
            "KPI S1, org 'SOUTH': unknown org 'WEST'", "",
        ),
        (
            [of_org("SOUTH", **JOINED), of_s1("NORTH", "SOUTH")], "C010",
            "org 'SOUTH' is joined to 'EAST', but no KPI lists both", "Add 'EAST'",
        ),
    ],
)  # fmt: skip
def test_a_series_that_cannot_go_on_in_another_is_named(
    changes: list[Change], code: str, says: str, remedy: str
) -> None:
    (found,) = [each for each in findings(*changes) if each.code == code and says in each.message]
    assert remedy in found.fix


def test_orgs_that_merge_may_be_joined_where_figures_are_added() -> None:
    both = [of_org("SOUTH", **JOINED), of_org("NORTH", **JOINED), of_s1("NORTH", "SOUTH", "EAST")]
    said = findings(*both, lambda data: kpi_in(data, "S1").update(roll_up={"orgs": "parts"}))
    assert not [each for each in said if each.code == "C021"]


def test_a_cumulative_series_that_is_joined_within_a_year_is_named() -> None:
    cumulative = {"measure": "cumulative", "restarts_in": "financial"}
    changes = [of_org("SOUTH", **JOINED), of_s1("NORTH", "SOUTH", "EAST")]
    said = findings(*changes, lambda data: kpi_in(data, "S1").update(cumulative))
    assert any("so what 2026-27-Q2 added is not known" in each.message for each in said)


def test_what_says_nothing_of_a_series_stays_out_of_the_catalogue_s_hash() -> None:
    listed = Catalogue.model_validate(catalogue_data()).canonical
    data = catalogue_data()
    org(data, "SOUTH")["series"] = "separate"
    assert Catalogue.model_validate(data).canonical == listed
    kpi_in(data, "S1")["orgs"] = ["NORTH", {"org": "SOUTH", "until": "2026-06-30", "series": "joined"}]
    again = Catalogue.model_validate_json(Catalogue.model_validate(data).canonical)
    assert again.kpi_by_id["S1"].orgs[1].series == "joined"
