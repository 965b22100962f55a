"""The past does not change because of what today's list of orgs says of later days.

Small workspaces are drawn: a tree of orgs, a KPI that its leaves report each month, figures with gaps, a decision. Then
orgs are added from a day, closed until the day before, or moved to another parent, and all that was shown of periods
that had ended by then is compared: every row of every sheet, and every figure as it is judged now.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import BY, Q1, Q2, Q3, Q4, at, catalogue_data, draws, dumped, make_kpi
from xlperf.assessment import Assessment
from xlperf.catalogue import Catalogue
from xlperf.catalogue.load import check_text
from xlperf.ledger import Decision, Imported, State
from xlperf.ledger.records import LedgerRun
from xlperf.ledger.state import state_of
from xlperf.period import Frequency, Period
from xlperf.report.views import SHEETS
from xlperf.returns.figure import Figure

QUARTERS = [Period.parse(text, Frequency.QUARTERLY) for text in (Q4, Q1, Q2, Q3)]
MONTHS = [month for quarter in QUARTERS for month in quarter.ending_within(Frequency.MONTHLY)]
TARGETS = [{"from": "2024-25", "target": 60, "tolerance": {"absolute": 10}}]
JUDGED = ["kpi_id", "org", "period", "actual", "rag", "movement", "trend", "points", "rag_run", "shown"]
JUDGED += ["rolled_up", "reported", "expected", "partial"]

ends = [month.last_day for month in MONTHS[2:]]
closing_days = st.one_of(st.sampled_from(ends), st.sampled_from(ends), st.dates(ends[0], ends[-1]))
"""Most of them the last day of a month, on which it matters that it is included."""
_LOOK_AHEAD = ("About", "Recovery", "xlperf recovery")
few = draws(8)
"""Each draw makes every sheet twice."""


@dataclass
class Workspace:
    """A catalogue as plain data, and a ledger."""

    data: dict[str, Any]
    state: State

    @property
    def kpi(self) -> dict[str, Any]:
        return dict(self.data["kpis"][0])

    @property
    def codes(self) -> list[str]:
        return [org["code"] for org in self.data["orgs"]]

    def sheets(self, reporting: Period) -> dict[str, list[Any]]:
        """Every row of every sheet, without About and what looks ahead: an org that closes promises nothing more."""
        assessment = self.assessment(reporting)
        return {sheet.name: list(sheet.rows(assessment)) for sheet in SHEETS if sheet.name not in _LOOK_AHEAD}

    def assessment(self, reporting: Period) -> Assessment:
        return Assessment(Catalogue.model_validate(self.data), self.state, reporting, at("2027-02-01"))

    def judged(self, until: date) -> list[dict[str, Any]]:
        """The figures of periods that had ended by a day, as they are judged after the last quarter."""
        rows = self.assessment(QUARTERS[-1]).own[JUDGED].to_dict("records")
        return [
            {str(name): None if pd.isna(value) else value for name, value in row.items()}
            for row in rows
            if Period.parse(row["period"], Frequency.MONTHLY).last_day <= until
        ]


@st.composite
def workspaces(draw: st.DrawFn) -> Workspace:
    parents = {f"O{n}": f"O{draw(st.integers(0, n - 1))}" if n else None for n in range(draw(st.integers(2, 6)))}
    orgs = [
        {"code": code, "name": code, "parent": parent, "weight": draw(st.integers(1, 9))}
        for code, parent in parents.items()
    ]
    reporting = [code for code in parents if code not in parents.values() or draw(st.integers(0, 5)) == 0]
    method = draw(st.sampled_from(["sum", "parts", "weighted", "worst"]))
    parts = {"numerator": "Done", "denominator": "Due"} if method == "parts" else {}
    over_time = draw(st.sampled_from(["last", "worst", "parts" if method == "parts" else "sum"]))
    roll_up: dict[str, Any] = {"orgs": method, "time": over_time}
    if method == "sum":
        roll_up["targets"] = [{"from": "2024-25", "target": 150}]
    made = {"kind": "number", "frequency": "monthly", "targets": TARGETS, "roll_up": roll_up} | parts
    kpi = make_kpi(id="K", orgs=reporting, **made)
    figures = tuple(
        Figure("K", org, str(month), actual=float(value), numerator=float(value), denominator=1.0)
        if parts
        else Figure("K", org, str(month), actual=float(value))
        for org in reporting
        for month in MONTHS
        if (value := draw(st.one_of(st.integers(40, 80), st.none()))) is not None
    )
    decided = Decision("K", draw(st.sampled_from(list(parents))), "Enhanced", "Chief Executive", "2026-05-02")
    records: tuple[Imported | Decision, ...] = (Imported("f", "f.csv", figures),)
    records += (decided,) if draw(st.booleans()) else ()
    run = LedgerRun("20270101T000000Z-1", "import", "2027-01-01T00:00:00+00:00", BY, records)
    return Workspace(catalogue_data() | {"orgs": orgs, "kpis": [kpi]}, state_of([run]))


@st.composite
def changes(draw: st.DrawFn, of: Workspace, closes: date) -> Workspace:
    """The same workspace, where orgs have been added, closed and moved by the end of a day."""
    changed = Workspace(copy.deepcopy(of.data), of.state)
    opens, orgs, kpi = str(closes + timedelta(days=1)), changed.data["orgs"], changed.data["kpis"][0]
    for number in range(draw(st.integers(1, 3))):
        still_open = [org for org in orgs if "until" not in org]
        if not still_open:
            break
        what = draw(st.sampled_from(["add", "close", "move", "end for the KPI"]))
        parent = draw(st.sampled_from([org["code"] for org in still_open]))
        new = {"code": f"N{number}", "name": f"N{number}", "parent": parent, "weight": 1, "from": opens}
        leaves = [org for org in still_open if org["code"] not in {each["parent"] for each in still_open}]
        leaves = [org for org in leaves if org["code"] in kpi["orgs"] and "from" not in org]
        if what == "add" or not leaves:
            orgs.append(new)
            kpi["orgs"].append(new["code"])
            continue
        org = draw(st.sampled_from(leaves))
        if what == "end for the KPI":
            place = kpi["orgs"].index(org["code"])
            kpi["orgs"][place] = {"org": org["code"], "until": str(closes)}
            continue
        org["until"] = str(closes)
        if what == "move" and parent != org["code"]:
            org["succeeded_by"] = new["code"]
            org["series"] = "joined"
            orgs.append(new)
            kpi["orgs"].append(new["code"])
    return changed


@few
@given(st.data(), workspaces(), closing_days)
def test_what_the_list_of_orgs_says_of_later_days_changes_nothing_that_ended_before(
    data: st.DataObject, before: Workspace, closes: date
) -> None:
    after = data.draw(changes(before, closes))
    faults = [
        item for item in check_text(dumped(after.data), "c.yaml")[1] if item.code in ("C002", "C004", "C019", "C021")
    ]
    assert faults == []
    assert after.judged(closes) == before.judged(closes)
    quarter = data.draw(st.sampled_from([each for each in QUARTERS if each.last_day <= closes]))
    assert after.sheets(quarter) == before.sheets(quarter)


def test_an_org_that_opens_later_gives_the_org_above_another_no_past_of_its_own() -> None:
    """O2 reports below O1, which is below O0: one figure, shown once, until N0 opens below O0 too."""
    orgs = [{"code": f"O{n}", "name": f"O{n}", "parent": f"O{n - 1}" if n else None} for n in range(3)]
    kpi = make_kpi(id="K", kind="number", frequency="monthly", orgs=["O2"], targets=TARGETS, roll_up={"orgs": "worst"})
    records = (
        Imported("f", "f.csv", tuple(Figure("K", "O2", str(month), actual=40.0) for month in MONTHS)),
        Decision("K", "O1", "Enhanced", "Chief Executive", "2026-05-02"),
    )
    run = LedgerRun("20270101T000000Z-1", "import", "2027-01-01T00:00:00+00:00", BY, records)
    before = Workspace(catalogue_data() | {"orgs": orgs, "kpis": [kpi]}, state_of([run]))
    after = Workspace(copy.deepcopy(before.data), before.state)
    after.data["orgs"].append({"code": "N0", "name": "N0", "parent": "O0", "from": "2026-10-01"})
    after.data["kpis"][0]["orgs"].append("N0")
    closes = QUARTERS[2].last_day
    assert after.judged(closes) == before.judged(closes)
    assert after.sheets(QUARTERS[2]) == before.sheets(QUARTERS[2])
    later = [row["org"] for row in after.assessment(QUARTERS[3]).rows if row["period"] == str(MONTHS[-1])]
    assert later == ["O0", "O1", "O2"]


@st.composite
def successions(draw: st.DrawFn, of: Workspace, closes: date) -> Workspace:
    """The same workspace, where one or two orgs close on a day, and NEW goes on with what the first gave after it."""
    changed = Workspace(copy.deepcopy(of.data), of.state)
    orgs, kpi = changed.data["orgs"], changed.data["kpis"][0]
    leaves = [
        org for org in orgs if org["code"] in kpi["orgs"] and org["code"] not in {each["parent"] for each in orgs}
    ]
    ending = draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=2, unique_by=lambda org: org["code"]))
    for org in ending:
        org.update(until=str(closes), succeeded_by="NEW")
    codes = [org["code"] for org in ending]
    parent = ending[0]["parent"]
    orgs.append({"code": "NEW", "name": "NEW", "parent": parent, "weight": 1, "from": str(closes + timedelta(days=1))})
    kpi["orgs"].append("NEW")
    if draw(st.booleans()):
        kpi.update(measure="cumulative", restarts_in="financial")
        kpi["roll_up"]["time"] = "last"

    def given_by(figure: Figure) -> str:
        is_later = Period.parse(figure.period, Frequency.MONTHLY).last_day > closes
        return "NEW" if is_later and figure.org == codes[0] else figure.org

    run = LedgerRun(
        "20270101T000000Z-1", "import", "2027-01-01T00:00:00+00:00", BY,
        (Imported("f", "f.csv", tuple(replace(each.now, org=given_by(each.now)) for each in of.state.figures.values()
                                      if given_by(each.now) == "NEW" or each.now.org not in codes
                                      or Period.parse(each.now.period, Frequency.MONTHLY).last_day <= closes)),),
    )  # fmt: skip
    changed.state = state_of([run])
    return changed


def with_series(of: Workspace, series: str) -> Workspace:
    data = copy.deepcopy(of.data)
    for org in data["orgs"]:
        if "succeeded_by" in org:
            org["series"] = series
    return Workspace(data, of.state)


ONCE = ["kpi_id", "org", "period", "actual", "rag", "reported", "expected", "partial"]
IN_DATA = ("Org", "Period", "Actual", "RAG", "In the period")


@few
@given(st.data(), workspaces(), closing_days)
def test_joining_series_moves_no_figure_counts_none_twice_and_changes_no_colour(
    data: st.DataObject, before: Workspace, closes: date
) -> None:
    drawn = data.draw(successions(before, closes))
    joined, separate = with_series(drawn, "joined"), with_series(drawn, "separate")
    quarter = data.draw(st.sampled_from(QUARTERS))
    once, as_it_was = (each.assessment(quarter).own[ONCE] for each in (joined, separate))
    pd.testing.assert_frame_equal(once.reset_index(drop=True), as_it_was.reset_index(drop=True))
    sheets, other = joined.sheets(quarter), separate.sheets(quarter)
    assert (sheets["Roll-up"], sheets["Returns"]) == (other["Roll-up"], other["Returns"])
    for name, columns in (("Data", IN_DATA), ("KPIs", ("Ref", "Org", "RAG", "Rank"))):
        assert [[row[each] for each in columns] for row in sheets[name]] == [
            [row[each] for each in columns] for row in other[name]
        ]
    assert [row for row in sheets["KPIs"] if row["Org"] != "NEW"] == [
        row for row in other["KPIs"] if row["Org"] != "NEW"
    ]
