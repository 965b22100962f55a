"""Lines of enquiry over whatever returns may say: each is true, none is about a person, so many, in one order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Q1, Q2, Q4, catalogue_data, draws, kpi_in, write_catalogue
from tests.properties.enquiries_true import every_enquiry_is_true
from tests.properties.test_invariants import Team
from xlperf.assessment import Assessment
from xlperf.assessment.raised_enquiries import could_be_asked, enquiries
from xlperf.catalogue import Enquiries, EnquiryKind
from xlperf.ledger import Imported, Issued, Received
from xlperf.ledger.records import ACCEPTED
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.enquiry_lines import raised
from xlperf.returns.figure import Figure
from xlperf.rules.enquiries.choice import chosen
from xlperf.rules.enquiries.enquiry import Enquiry
from xlperf.workflow.workspace import Workspace

SERIES = {
    "alpha": [("V1", "TRUST"), ("L1", "TRUST"), ("C1", "NORTH"), ("C1", "SOUTH"), ("C1", "EAST")],
    "beta": [("S1", "NORTH"), ("S1", "SOUTH"), ("T1", "TRUST")],
}
NAMES = ("Zoe Person", "Matron Smith")
CAUSES = ("", "Two posts are empty", "two  posts are EMPTY.", "Supply of agency staff")

said = st.fixed_dictionaries({
    "actual": st.sampled_from([0.0, 3.0, 9.0, 13.0, 50.0, 87.0, 95.0]),
    "cause": st.sampled_from(CAUSES),
    "commentary": st.sampled_from(["", "As before"]),
    "provisional": st.booleans(),
    "validated": st.booleans(),
    "forecast": st.sampled_from([None, None, 5.0, 60.0, 96.0]),
    "action": st.sampled_from(["", "", "Hire two nurses", "Write a rota"]),
    "action_owner": st.sampled_from(NAMES),
    "action_due": st.sampled_from(["2026-07-01", "2026-08-01", "2026-10-20", "2027-02-01"]),
    "what_changed": st.sampled_from(["", "", "", "Agency staff are counted"]),
})  # fmt: skip
returns = st.dictionaries(st.sampled_from(sorted(key for keys in SERIES.values() for key in keys)), said)
histories = st.lists(
    st.tuples(st.sampled_from(["alpha", "beta"]), st.one_of(st.none(), returns)), min_size=6, max_size=6
)


def small() -> dict[str, Any]:
    data = catalogue_data()
    data["orgs"].append({"code": "EAST", "name": "East site", "parent": "TRUST"})
    kpi_in(data, "C1").update(orgs=["NORTH", "SOUTH", "EAST"])
    data["rules"] = {"early_warning": {"fall_after": 4, "last_on": 2}}
    data["enquiries"] = {"same_cause": 2}
    return data


@pytest.fixture
def new_team(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Team]:
    """Makes the team of a workspace in which nothing has happened yet."""

    def make() -> Team:
        root: Path = tmp_path_factory.mktemp("small")
        write_catalogue(root, small())
        return Team(Workspace(root))

    return make


def come_to_pass(team: Team, told: list[tuple[str, dict[Any, dict[str, Any]] | None]]) -> None:
    """In each period two returns are issued, and come back or do not; before that there are figures on target."""
    before = [Figure(*key, period, actual=95.0 if key[0] in ("V1", "T1") else 3.0) for keys in SERIES.values()
              for key in keys for period in ("2024-25-Q4", "2025-26-Q1", "2025-26-Q2", "2025-26-Q3")
              if key[0] != "T1"]  # fmt: skip
    team.happens(Imported("f" * 64, "history.csv", tuple(before)))
    for serial, (owner, figures) in enumerate(told, start=1):
        period = (Q4, Q1, Q2)[(serial - 1) // 2]
        (team.workspace.returns / period / "received").mkdir(parents=True, exist_ok=True)
        (team.workspace.returns / period / "received" / "moved.txt").write_text("They lie elsewhere.")
        last = {"T1": {Q4: "2026-03", Q1: "2026-06", Q2: "2026-09"}[period]}
        asked = tuple((*key, last.get(key[0], period)) for key in SERIES[owner])
        name = f"{serial:016x}"
        team.happens(Issued(name, serial, owner, period, "1", "0" * 64, "1", f"{name}.xlsx", asked))
        if figures is None:
            continue
        given = tuple(_figure(key, figures[key[:2]]) for key in asked if key[:2] in figures)
        received = Received(f"{serial:064d}", f"{name}.xlsx", period, ACCEPTED, name, serial, owner, period)
        team.happens(replace(received, figures=given, completed_by=NAMES[0], signed_off_by=NAMES[1]))


def _figure(key: tuple[str, str, str], given: dict[str, Any]) -> Figure:
    values = {**given, "changed": bool(given["what_changed"])}
    if not values["action"]:
        values |= {"action_owner": "", "action_due": ""}
    return Figure(*key, **values)


@settings(
    draws(60),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories, st.sampled_from([Q1, Q2]))
def test_every_line_is_true_whatever_was_returned(new_team: Callable[[], Team], told: list[Any], period: str) -> None:
    team = new_team()
    come_to_pass(team, told)
    master = team.collated(period)
    every_enquiry_is_true(master.sheets, period, same_cause=2)
    for row in master[layout.ENQUIRIES]:
        assert not any(name in f"{row['Question']} {row['Evidence']} {row['To be answered by']}" for name in NAMES)

    assessment = Assessment(team.workspace.catalogue(), team.ledger.state(), Period.parse(period), team.now)
    everything = [latest.series for latest in assessment.latest]
    again = [line.key for line in raised(assessment, "board", everything[::-1])]
    assert again == [
        (row["Meeting"], row["Period"], row["Kind"], row["Ref"], row["Org"]) for row in master[layout.ENQUIRIES]
    ]
    # A meeting that looks at one figure hears of nothing else.
    for series in everything:
        for each in enquiries(assessment, {series}):
            assert each.about == series
    shuffled = [*could_be_asked(assessment, everything)]
    random.Random(1).shuffle(shuffled)  # noqa: S311
    assert chosen(shuffled, assessment.catalogue.enquiries) == enquiries(assessment, everything)


orders = st.tuples(*[st.integers(-3, 0)] * 2)
could_be = st.lists(
    st.builds(
        Enquiry,
        st.sampled_from(EnquiryKind),
        st.tuples(st.sampled_from(["A1", "A2", "A3", "A4", "A5"]), st.sampled_from(["X", "Y"])),
        st.just({}),
        orders,
        st.integers(0, 3),
    ),
    unique_by=lambda each: (each.kind, each.about),
    max_size=30,
)
limits = st.tuples(st.integers(0, 5), st.integers(5, 9), st.integers(1, 3)).map(
    lambda drawn: Enquiries(fewest=drawn[0], most=drawn[1], of_a_kind=drawn[2])
)


@given(could_be, limits, st.randoms())
def test_so_many_are_asked_the_gravest_first_whatever_there_is(
    listed: list[Enquiry], settings: Enquiries, order: random.Random
) -> None:
    asked = chosen(listed, settings)
    assert min(settings.fewest, len(listed)) <= len(asked) <= settings.most
    assert [each.order for each in asked] == sorted(each.order for each in asked)
    assert len({(each.kind, each.about) for each in asked}) == len(asked)
    if len(asked) > settings.fewest:
        assert max(Counter(each.kind for each in asked).values()) <= settings.of_a_kind
        assert max(Counter(each.about[0] for each in asked).values()) == 1
    if listed:
        assert min(each.order for each in listed) == asked[0].order if asked else settings.fewest == 0
    mixed = listed.copy()
    order.shuffle(mixed)
    assert chosen(mixed, settings) == asked


@given(could_be, st.sets(st.sampled_from(EnquiryKind)))
def test_only_kinds_of_the_catalogue_are_asked(listed: list[Enquiry], kinds: set[EnquiryKind]) -> None:
    asked = chosen(listed, Enquiries(kinds=tuple(kinds)))
    assert {each.kind for each in asked} <= kinds
