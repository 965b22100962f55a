"""`xlperf check`: every fault in one go, each with its line and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from xlperf.catalogue import check_catalogue, load_catalogue
from xlperf.catalogue.load import check_text
from xlperf.errors import CatalogueError
from xlperf.findings import Finding
from xlperf.workflow.workspace import FRAMEWORKS, catalogue_file

GOOD = """\
framework: test
title: Performance dashboard
organisation: An NHS body
version: "2026.1"
contact: {team: Performance, email: performance@example.org}
calendar:
  frequency: quarterly
  periods:
    - {period: 2026-27-Q1, return_deadline: 2026-07-16, hard_close: 2026-07-23, board_date: 2026-09-24}
    - {period: 2026-27-Q4, return_deadline: 2027-04-19, hard_close: 2027-04-26, board_date: 2027-05-27}
escalation:
  decided_by: Chief Executive
  stages:
    - {id: enhanced, name: Enhanced Support, enter: {consecutive_red: 2}, leave: {consecutive_not_red: 2}}
    - {id: targeted, name: Targeted Support, enter: {consecutive_red: 4}, leave: {consecutive_not_red: 2}}
sections:
  - {id: quality, name: Quality}
questions:
  - {id: safe, section: quality, text: "Is care safe?"}
orgs:
  - {code: TOP, name: The body}
executive_owners:
  - {id: md, title: Medical Director}
responsible_owners:
  - {id: team, name: The team, executive_owner: md}
kpis:
  - id: Q1
    name: Seen in time
    section: quality
    question: safe
    definition: Patients seen within four hours.
    source: Patient administration system
    kind: percentage
    direction: higher
    frequency: quarterly
    responsible_owner: team
    targets:
      - {from: 2026-27, target: 95, tolerance: {absolute: 5}}
"""


def faults(text: str) -> list[Finding]:
    return check_text(text, "kpi_catalogue.yaml")[1]


def line_of(text: str, needle: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if needle in line)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_shipped_catalogue_is_in_order(framework: str) -> None:
    catalogue, findings = check_catalogue(catalogue_file(framework))
    assert findings == []
    assert catalogue is not None
    assert catalogue.framework == framework


def test_a_good_catalogue_has_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("    section: quality\n", "    section: nowhere\n", "C004", "unknown section 'nowhere'"),
        ("responsible_owner: team", "responsible_owner: nobody", "C004", "unknown responsible owner 'nobody'"),
        ("    question: safe\n", "    question: why\n", "C004", "unknown question 'why'"),
        ("executive_owner: md", "executive_owner: ceo", "C004", "unknown executive owner 'ceo'"),
        ("    frequency: quarterly\n", "    frequency: quarterly\n    orgs: [TOP, X9]\n", "C004", "unknown org 'X9'"),
        ("{absolute: 5}", "{absolute: -5}", "C005", "wrong side"),
        ("{absolute: 5}", "{relative: 5, absolute: 2}", "C002", "either 'absolute'"),
        ("target: 95,", "target: 105,", "C005", "outside the possible range"),
        ("target: 95,", "low: 90, high: 95,", "C005", "needs one target"),
        ("direction: higher", "direction: range", "C005", "needs low and high"),
        ("direction: higher", "direction: neutral", "C005", "cannot have a target"),
        ("direction: higher", "direction: upwards", "C002", "direction"),
        ("frequency: quarterly\n    resp", "frequency: academic-year\n    resp", "C006", "none of its periods ends"),
        ("from: 2026-27,", "from: 2026-27-Q9,", "C002", "from"),
        ("    definition: Patients seen within four hours.\n", "", "C007", "no definition"),
        ("    source: Patient administration system\n", "", "C007", "no source"),
        ("    question: safe\n", "", "C007", "no key business question"),
        ("    responsible_owner: team\n", "", "C007", "no responsible owner"),
        ("    kind: percentage\n", "    kind: percentage\n    numerator: Seen in time\n", "C007", "only one of"),
        ("name: Seen in time", f"name: {'x' * 100}", "C008", "100 characters"),
        ("name: Enhanced Support", "name: 'Enhanced, or so'", "C008", "comma"),
        ("hard_close: 2026-07-23", "hard_close: 2026-07-10", "C011", "hard close 2026-07-10"),
        ("enter: {consecutive_red: 4}", "enter: {consecutive_red: 2}", "C012", "no later than the milder"),
        ("period: 2026-27-Q4", "period: 2026-27", "C006", "not a quarterly period"),
        ("title: Performance dashboard", "titel: Performance dashboard", "C002", "'titel' is not a field"),
        ('version: "2026.1"', "version: 2026.1", "C002", "version"),
        ("organisation: An NHS body\n", "organisation: An NHS body\norganisation: Another\n", "C009", "twice"),
        ("{code: TOP, name: The body}", "{code: TOP, name: The body, parent: TOP}", "C004", "own ancestor"),
    ],
)
def test_a_fault_is_named_with_its_line_and_remedy(old: str, new: str, code: str, says: str) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    found = [item for item in faults(text) if item.code == code]
    assert any(says in item.message for item in found), [str(item) for item in faults(text)]
    assert all(item.fix and item.location.line for item in found)


@pytest.mark.parametrize(
    ("old", "new", "fix"),
    [
        ("    frequency: quarterly\n", "    frequency: quarterly\n    orgs: [TOP, TOP]\n", "Remove one of the two."),
        ("{code: TOP, name: The body}", "{code: TOP, name: The body, parent: TOP}", "Remove 'parent'"),
        ("{absolute: 5}", "{absolute: -5}", "a positive amount"),
        ("    direction: higher\n", "    direction: higher\n    usual: [95, 60]\n", "the lower number first"),
        (
            "    direction: higher\n",
            "    direction: higher\n    material: {absolute: -1}\n",
            "'material' as a positive",
        ),
        ("name: Enhanced Support", "name: 'Enhanced, or so'", "without a comma"),
        ("direction: higher", "direction: neutral", "which way is better"),
    ],
)
def test_the_remedy_is_that_of_the_fault_not_of_its_kind(old: str, new: str, fix: str) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    assert any(fix in item.fix for item in faults(text)), [str(item) for item in faults(text)]


def test_a_catalogue_nested_too_deeply_is_said_to_be_that() -> None:
    (fault,) = faults("a: " + "[" * 5000 + "]" * 5000)
    assert (fault.code, "nested too deeply" in fault.message) == ("C001", True)


def test_the_line_is_that_of_the_fault() -> None:
    text = GOOD.replace("responsible_owner: team", "responsible_owner: nobody")
    (fault,) = faults(text)
    assert fault.location.line == line_of(text, "responsible_owner: nobody")
    assert fault.location.kpi_id == "Q1"


def test_a_kpi_without_target_needs_the_reason() -> None:
    targetless = GOOD[: GOOD.index("    targets:")]
    assert [item.code for item in faults(targetless)] == ["C007"]
    assert faults(targetless + "    no_target_because: The baseline is being set.\n") == []


def test_ids_that_differ_only_in_capitals_are_the_same_id() -> None:
    copy = GOOD[GOOD.index("  - id: Q1") :].replace("id: Q1", "id: q1")
    assert [item.code for item in faults(GOOD + copy)] == ["C003"]


def test_a_misshapen_kpi_does_not_hide_the_other_faults() -> None:
    other = GOOD[GOOD.index("  - id: Q1") :].replace("id: Q1", "id: Q2").replace("question: safe", "question: why")
    text = GOOD.replace("kind: percentage", "kind: guess") + other
    assert sorted(item.code for item in faults(text)) == ["C002", "C004"]
    unknown = next(item for item in faults(text) if item.code == "C004")
    assert unknown.location.line == line_of(text, "question: why")
    assert unknown.location.kpi_id == "Q2"


def test_two_faults_are_told_in_one_go() -> None:
    text = GOOD.replace("section: quality\n    q", "section: nowhere\n    q").replace("{absolute: 5}", "{absolute: -5}")
    assert {item.code for item in faults(text)} == {"C004", "C005"}


@pytest.mark.parametrize("text", ["", "- a list", "just words", "a: [1, 2", "a: &x [*x]", "\t- tab: [", "kpis: 5"])
def test_what_is_no_catalogue_is_told_so(text: str) -> None:
    catalogue, findings = check_text(text, "kpi_catalogue.yaml")
    assert catalogue is None
    assert findings


def test_loading_a_faulty_catalogue_names_the_first_fault_and_counts_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "kpi_catalogue.yaml"
    path.write_text(GOOD.replace("section: quality\n    q", "section: nowhere\n    q").replace("95,", "105,"))
    with pytest.raises(CatalogueError, match=r"unknown section 'nowhere'.*and 1 more") as caught:
        load_catalogue(path)
    assert len(caught.value.findings) == 2


def missing(path: Path) -> None:
    """Leave nothing there."""


def a_folder(path: Path) -> None:
    path.mkdir()


def latin_1(path: Path) -> None:
    path.write_bytes("title: Caf\xe9".encode("latin-1"))


@pytest.mark.parametrize("make", [missing, a_folder, latin_1])
def test_a_file_that_cannot_be_read_is_one_plain_failure(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "kpi_catalogue.yaml"
    make(path)
    with pytest.raises(CatalogueError):
        load_catalogue(path)


def test_the_hash_changes_with_anything_and_only_then() -> None:
    one, _ = check_text(GOOD, "a")
    same, _ = check_text(GOOD + "# a comment\n", "b")
    other, _ = check_text(GOOD.replace("target: 95", "target: 96"), "c")
    assert one is not None
    assert same is not None
    assert other is not None
    assert one.hash == same.hash != other.hash


@pytest.mark.parametrize("date", ["2026-06-31", "2026-13-01"])
def test_a_date_that_cannot_be_is_a_fault_and_no_crash(date: str) -> None:
    catalogue, findings = check_text(
        GOOD.replace("board_date: 2026-09-24", f"board_date: {date}"), "kpi_catalogue.yaml"
    )
    assert catalogue is None
    assert {item.code for item in findings} <= {"C001", "C002"}
    assert findings


@pytest.mark.parametrize("frequency", ["monthly", "quarterly"])
def test_a_kpi_reported_from_a_year_is_due_in_all_of_it(frequency: str) -> None:
    text = GOOD.replace(
        "frequency: quarterly\n    resp", f"frequency: {frequency}\n    reported_from: 2026-27\n    resp"
    )
    catalogue, findings = check_text(text, "kpi_catalogue.yaml")
    assert findings == []
    assert catalogue is not None
    kpi = catalogue.kpis[0]
    for reporting in catalogue.entry_by_period:
        assert all(kpi.is_reported_in(period) for period in reporting.ending_within(kpi.frequency))
    assert not kpi.is_reported_in(min(catalogue.entry_by_period).ending_within(kpi.frequency)[0].previous())


def test_an_alias_within_what_it_repeats_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "kpi_catalogue.yaml"
    path.write_text("title: T\nsections: &all\n  - name: one\n    parts: *all\n", encoding="utf-8")
    catalogue, (finding,) = check_catalogue(path)
    assert catalogue is None
    assert (finding.code, finding.location.line) == ("C001", 2)
    assert "write the value out" in finding.message


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{absolute: 5}", "5", "'targets, number 1: tolerance' has fields of its own"),
        ("{absolute: 5}", "{absolute: five}", "tolerance.absolute' is a number, found 'five'"),
        ("code: TOP", "code: NO", "is text; put it in quotes, as YAML takes it for something else, found False"),
        ("from: 2026-27,", "from: 2026-27-Q9,", "is a period, such as 2026-27, 2026-27-Q1 or 2026-07, found"),
        ("id: Q1", "id: Q 1", "is of at most 24 letters, digits, dots, dashes and underscores, found 'Q 1'"),
        ("direction: higher", "direction: upwards", "'direction' must be 'higher', 'lower', 'range' or 'neutral'"),
    ],
)
def test_a_misshapen_field_is_said_in_words_for_its_editor(old: str, new: str, says: str) -> None:
    assert old in GOOD
    messages = [item.message for item in faults(GOOD.replace(old, new, 1))]
    assert any(says in message for message in messages), messages
    assert not any("instance of" in message or "valid" in message or "kpis." in message for message in messages)


def test_aliases_that_mean_billions_of_values_are_refused_soon(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    path = tmp_path / "kpi_catalogue.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    _, findings = check_catalogue(path)
    assert [item.code for item in findings] == ["C001"]
    assert "aliases (*name) repeat values more than 500,000 times" in findings[0].message


def test_an_owners_name_that_no_file_could_have_is_a_fault() -> None:
    assert "C008" in {item.code for item in faults(GOOD.replace("name: The team", f"name: {'A' * 200}", 1))}
