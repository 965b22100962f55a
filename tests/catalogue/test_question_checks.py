"""What `xlperf check` says of questions that nothing answers, and of wordings that cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import catalogue_data, dumped, kpi_in
from xlperf.catalogue import EnquiryKind
from xlperf.catalogue.enquiry_settings import wording_faults
from xlperf.catalogue.load import check_text
from xlperf.findings import Finding

Change = Callable[[dict[str, Any]], object]


def found(change: Change) -> list[Finding]:
    data = catalogue_data()
    change(data)
    return check_text(dumped(data, sort_keys=False), "kpi_catalogue.yaml")[1]


def question(data: dict[str, Any]) -> None:
    data["questions"].append({"id": "q-new", "section": "money", "text": "Does it last?"})


def test_a_question_that_no_kpi_answers_is_named_on_its_line() -> None:
    (item,) = found(question)
    assert (item.code, item.found) == ("C031", "q-new")
    assert "no KPI answers the question 'q-new': Does it last?" in item.message
    assert item.location.line is not None


def test_a_kpi_that_has_retired_before_the_calendar_ends_answers_nothing() -> None:
    def change(data: dict[str, Any]) -> None:
        question(data)
        kpi_in(data, "V1").update(question="q-new", retired_after="2025-26-Q4")

    assert [item.code for item in found(change)] == ["C031"]


def test_a_period_that_cannot_be_read_is_what_is_said() -> None:
    def change(data: dict[str, Any]) -> None:
        question(data)
        kpi_in(data, "V1")["retired_after"] = "2025-99"

    assert [item.code for item in found(change)] == ["C006"]


def test_which_question_a_misshapen_kpi_answers_nobody_knows() -> None:
    def change(data: dict[str, Any]) -> None:
        for kpi in data["kpis"]:
            if kpi["question"] == "q-money":
                kpi["kind"] = "no such kind"

    assert {item.code for item in found(change)} == {"C002"}


def wording(**words: str) -> Change:
    return lambda data: data.update(enquiries={"wording": words})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"cause": "What is behind {cause} of {kpi}, given {times} times?"}, ""),
        ({"last": "What would help {org} in {period}?"}, ""),
        ({"process": "What about {cause}?"}, "'{cause}' is no name that it may have; it may have about, ref, kpi, org"),
        ({"process": "What about {about.__class__}?"}, "'{about.__class__}' is no name"),
        ({"process": "What about {about!r}?"}, "is no name that it may have"),
        ({"process": "What about {about:>99999}?"}, "is no name that it may have"),
        ({"process": "What about {}?"}, "'{}' is no name"),
        ({"process": "What about {about?"}, "its braces do not fit together"),
        ({"process": "They must do better."}, "does not end with a question mark"),
    ],
)
def test_a_wording_is_read_before_it_is_used(words: dict[str, str], says: str) -> None:
    items = found(wording(**words))
    if not says:
        assert items == []
        return
    assert {item.code for item in items} == {"C032"}
    assert says in items[0].message
    assert items[0].location.line is not None


def test_a_kind_that_there_is_not_and_limits_that_contradict_each_other_are_refused() -> None:
    assert [item.code for item in found(wording(blame="What has gone wrong?"))] == ["C002"]
    (item,) = found(lambda data: data.update(enquiries={"fewest": 5, "most": 4}))
    assert "'fewest' (5) is more than 'most' (4)" in item.message


@pytest.mark.parametrize("kind", list(EnquiryKind))
def test_what_is_shipped_is_an_open_question_with_names_that_it_may_have(kind: EnquiryKind) -> None:
    assert [*wording_faults(kind, kind.words)] == []
    assert kind.words.startswith("What ")
    assert not {"why", "who", "fail", "failed", "fault", "blame"} & set(kind.words.lower().replace("?", "").split())
