"""Later figures, later targets and a reworded catalogue change nothing that was shown of periods that had ended before.

The small workspaces are those of the property about orgs in time: one KPI, reported each month by a tree of orgs.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import make_kpi
from tests.properties.test_orgs_in_time_properties import MONTHS, QUARTERS, TARGETS, Workspace, few, workspaces
from xlperf.assessment.past import changed, shown_in
from xlperf.ledger import Imported
from xlperf.ledger.state import state_of
from xlperf.period import Frequency, Period

ends = st.sampled_from([month.last_day for month in MONTHS[2:-1]])
later_targets = st.tuples(st.integers(30, 90), st.integers(0, 10))


LOOKING_AHEAD = frozenset({"Glossary", "Recovery"})
"""The sheets that show the targets of periods to come."""


def known_by(of: Workspace, day: date) -> Workspace:
    """The workspace with the figures only of periods that had ended by a day."""
    runs = [replace(run, records=tuple(_until(record, day) for record in run.records)) for run in of.state.run_records]
    return Workspace(of.data, state_of(runs))


def _until(record: Any, day: date) -> Any:
    if not isinstance(record, Imported):
        return record
    kept = [each for each in record.figures if Period.parse(each.period, Frequency.MONTHLY).last_day <= day]
    return replace(record, figures=tuple(kept))


def same_to_that_day(before: Workspace, after: Workspace, day: date) -> None:
    """Every figure, colour, run, roll-up is as it was; and whoever asks what changes in the past is told: nothing."""
    assert after.judged(day) == before.judged(day)
    reporting = QUARTERS[-1]
    pairs = [shown_in(each.assessment(reporting).assessed) for each in (before, after)]
    past = {key: value for key, value in pairs[0].items() if Period.parse(key[2], Frequency.MONTHLY).last_day <= day}
    assert changed(past, pairs[1]) == ()


def same_sheets(before: Workspace, after: Workspace, day: date, but: frozenset[str] = frozenset()) -> None:
    """Every row of every sheet of the last quarter that had ended is as it was."""
    quarter = max(each for each in QUARTERS if each.last_day <= day)
    was, now = before.sheets(quarter), after.sheets(quarter)
    assert {name: rows for name, rows in now.items() if name not in but} == {
        name: rows for name, rows in was.items() if name not in but
    }


@few
@given(workspaces(), ends)
def test_figures_of_later_periods_change_nothing_that_ended_before(whole: Workspace, day: date) -> None:
    before = known_by(whole, day)
    same_to_that_day(before, whole, day)
    same_sheets(before, whole, day)


@few
@given(workspaces(), ends, later_targets)
def test_a_target_from_a_later_period_changes_nothing_that_ended_before(
    before: Workspace, day: date, target: tuple[int, int]
) -> None:
    after = Workspace(copy.deepcopy(before.data), before.state)
    kpi, first = after.data["kpis"][0], str(Period.containing(day, Frequency.MONTHLY).next())
    new = {"from": first, "target": target[0], "tolerance": {"absolute": target[1]}}
    kpi["targets"] = [*kpi["targets"], new]
    if kpi["roll_up"].get("targets"):
        kpi["roll_up"]["targets"] = [*kpi["roll_up"]["targets"], {"from": first, "target": target[0] * 3}]
    same_to_that_day(before, after, day)
    same_sheets(before, after, day, LOOKING_AHEAD)


@few
@given(workspaces(), ends, st.sets(st.sampled_from(["reword", "new KPI", "retire", "owner"]), min_size=1))
def test_a_new_version_of_the_catalogue_changes_nothing_that_ended_before(
    before: Workspace, day: date, what: set[str]
) -> None:
    data = copy.deepcopy(before.data) | {"version": "later"}
    kpi, month = data["kpis"][0], Period.containing(day, Frequency.MONTHLY)
    if "reword" in what:
        kpi |= {"name": "Said in other words", "definition": "What is counted, said in other words."}
    if "retire" in what:
        kpi["retired_after"] = str(month)
    if "owner" in what:
        kpi["responsible_owner"] = next(
            each["id"] for each in data["responsible_owners"] if each["id"] != kpi["responsible_owner"]
        )
    if "new KPI" in what:
        new = make_kpi(id="NEW", kind="number", frequency="monthly", targets=TARGETS, orgs=kpi["orgs"])
        data["kpis"].append(new | {"reported_from": str(month.next())})
    after = Workspace(data, before.state)
    same_to_that_day(before, after, day)
