"""Every rule on stories that a statistician can read: tests/rules/scenarios, input and expected side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.conftest import write_catalogue
from tests.rules.scenario_file import Line, Scenario, read
from xlperf.catalogue import Catalogue, load_catalogue
from xlperf.period import Period
from xlperf.rules import spc
from xlperf.rules.assess import assess
from xlperf.rules.compare import compare
from xlperf.rules.escalation import Decided, Proposal, escalations, section_escalations
from xlperf.rules.process import processes
from xlperf.rules.rollup import roll_up_orgs, roll_up_time

Row = Mapping[str, Any]
Key = tuple[str, str]

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.csv"))

OF_FIGURE = {name: name for name in ("rag", "movement", "change", "shown", "partial")}
OF_FIGURE |= {"figure": "actual", "last year": "last_year", "short trend": "trend", "rag run": "rag_run"}
OF_SPAN = {"figure": "actual", "shown": "shown", "rag": "rag", "partial": "partial", "months": "span_label"}
OF_COMPARISON = {"rank": "rank_words", "best": "best_org", "worst": "worst_org", "gap": "gap"}
OF_POINT = {name: name for name in ("mean", "lpl", "upl")}
OF_POINT |= {"special cause": "special_cause_type", "point type": "point_type"}
OF_PROCESS = {name: name for name in ("variation", "assurance", "words", "trend", "flag")}
OF_PROCESS |= {"no verdict because": "reason", "points": "points_words"}
OF_PROPOSAL = {"proposed": "stage", "because": "reason", "in force": "in_force", "review overdue": "review_overdue"}
OF_PROPOSAL |= {"way out": "way_out", "periods at stage": "periods_at_stage", "next review": "next_review"}
OF_PROPOSAL |= {name: name.replace(" ", "_") for name in ("since", "tell", "support", "decided by")}
OF_REPORTED = "k of n"
EXPECTED = frozenset(
    {*OF_FIGURE, *OF_SPAN, *OF_COMPARISON, *OF_POINT, *OF_PROCESS, *OF_PROPOSAL} | {OF_REPORTED}
)
"""Columns that can be expected, each with the name that the rules have for it."""


@dataclass(frozen=True)
class Judged:
    """The figures of a scenario up to the end of one period, through every rule."""

    scenario: Scenario
    catalogue: Catalogue
    period: Period

    @property
    def lines(self) -> Iterator[Line]:
        """The lines of this period and of those before."""
        for line in self.scenario.lines:
            if line["period"][0].isdigit() and self.catalogue.kpis[0].period(line["period"]) <= self.period:
                yield line

    @cached_property
    def figures(self) -> pd.DataFrame:
        """As reported, and rolled up along the tree."""
        until = {(line["kpi"], line["org"], line["period"]) for line in self.lines}
        rows = [row for row in self.scenario.figures() if (row["kpi"], row["org"], row["period"]) in until]
        reported = pd.DataFrame(rows)
        rolled_up = roll_up_orgs(self.catalogue, reported)
        reported = reported.assign(rolled_up=False, reported=1, expected=1, partial=False)
        return pd.concat([reported, rolled_up], ignore_index=True) if len(rolled_up) else reported

    @cached_property
    def assessed(self) -> pd.DataFrame:
        return assess(self.catalogue, self.figures)

    @cached_property
    def rows(self) -> Mapping[tuple[str, str, str], Row]:
        return {(row["kpi_id"], row["org"], row["period"]): row for row in self.assessed.to_dict("records")}

    @cached_property
    def compared(self) -> Mapping[tuple[str, str, str], Row]:
        rows = compare(self.catalogue, self.assessed).to_dict("records")
        return {(row["kpi_id"], row["org"], row["period"]): row for row in rows}

    @cached_property
    def processes(self) -> Mapping[Key, Any]:
        return processes(self.catalogue, self.assessed)

    @cached_property
    def spans(self) -> Mapping[tuple[str, str, str], Row]:
        """The quarter and the year to date, where a reporting period is set."""
        said = self.scenario.setting("reporting period")
        rows = roll_up_time(self.catalogue, self.figures, Period.parse(said)).to_dict("records") if said else []
        return {(row["kpi_id"], row["org"], row["span"]): row for row in rows}

    def points(self, line: Line) -> Row:
        """Its point of the SPC chart of its series; periods without a row are gaps."""
        kpi = self.catalogue.kpi_by_id[line["kpi"]]
        applies = {
            row["period_number"]: None if isnan(row["actual"]) or row["partial"] else row["actual"]
            for key, row in self.rows.items()
            if key[:2] == (kpi.id, line["org"]) and not row["not_applicable"]
        }
        periods = [Period(kpi.frequency, number) for number in range(min(applies), max(applies) + 1)]
        found = spc.assess(
            [period.first_day for period in periods],
            [applies.get(period.number) for period in periods],
            direction=kpi.direction,
            ruleset=self.catalogue.rules.spc_ruleset,
            run_length=self.catalogue.rules.spc_run_length,
            rebase=[rebase.on for rebase in kpi.rebases],
        )
        at = kpi.period(line["period"]).number - periods[0].number
        return {name: getattr(found, name)[at] for name in OF_POINT.values()} if 0 <= at < len(periods) else {}

    def proposal(self, line: Line) -> Proposal | None:
        """What the ladder proposes on the day the line is judged, knowing the decisions of the days before."""
        as_of, key = line.judged_on, (line["kpi"], line["org"])
        decisions: dict[Key, list[Decided]] = {}
        for earlier in self.lines:
            if earlier["decided"] and earlier.judged_on < as_of:
                made = Decided(earlier["decided"], "Chief Executive", earlier.judged_on)
                decisions.setdefault((earlier["kpi"], earlier["org"]), []).append(made)
        if line["kpi"] in self.catalogue.kpi_by_id:
            due = {key: date.fromisoformat(line["action due"])} if line["action due"] else {}
            found = escalations(self.catalogue, self.assessed, self.processes, decisions, due, as_of)
        else:
            reporting = sorted({self.catalogue.kpis[0].period(each["period"]) for each in self.lines})
            found = section_escalations(self.catalogue, self.assessed, decisions, reporting, as_of)
        return found.get(key)

    def facts(self, line: Line, columns: frozenset[str]) -> dict[str, Any]:
        """What the rules say of a line, by column; only of columns asked for."""
        key = (line["kpi"], line["org"], line["period"])
        found: dict[str, Any] = {}
        if key in self.spans:
            row = self.spans[key]
            found |= {column: row[name] for column, name in OF_SPAN.items()}
            found[OF_REPORTED] = f"{row['reported_periods']} of {row['expected_periods']}"
        if key in self.rows:
            row = self.rows[key]
            found |= {column: row[name] for column, name in OF_FIGURE.items()}
            found[OF_REPORTED] = f"{row['reported']} of {row['expected']}" if row["rolled_up"] else ""
            process = self.processes[key[:2]]
            found |= {column: getattr(process, name) for column, name in OF_PROCESS.items()}
        if key in self.compared:
            found |= {column: self.compared[key][name] for column, name in OF_COMPARISON.items()}
        if columns & OF_PROPOSAL.keys() and line["judged on"]:
            proposal = self.proposal(line)
            said = {column: getattr(proposal, name) for column, name in OF_PROPOSAL.items()} if proposal else {}
            found |= said or {"proposed": self.catalogue.escalation.no_stage}
        return found


@dataclass(frozen=True)
class Told:
    """A scenario with its catalogue, judged as of any of its periods."""

    scenario: Scenario
    catalogue: Catalogue

    @cached_property
    def each(self) -> Mapping[str, Judged]:
        periods = {line["period"] for line in self.scenario.lines if line["period"][0].isdigit()}
        parse = self.catalogue.kpis[0].period
        return {text: Judged(self.scenario, self.catalogue, parse(text)) for text in sorted(periods, key=parse)}

    @property
    def whole(self) -> Judged:
        return list(self.each.values())[-1]

    def facts(self, line: Line, columns: frozenset[str]) -> dict[str, Any]:
        """What the rules say of a line when its period was the latest; of the SPC chart, what it says at the end."""
        found = self.each.get(line["period"], self.whole).facts(line, columns)
        return found | (self.whole.points(line) if columns & OF_POINT.keys() else {})  # drawn once, for all its points

    def mismatches(self) -> Iterator[str]:
        """What is otherwise than expected: line, period, column, expected, found."""
        columns = frozenset(self.scenario.columns)
        told = [(line, self.facts(line, columns)) for line in self.scenario.lines]
        for line, found in told:
            for column in self.scenario.columns:
                if not agrees(line[column], found.get(column)):
                    where = " ".join(line[name] for name in ("kpi", "org", "period"))
                    yield differs(line.number, where, column, line[column], found.get(column))
        asked = frozenset(verdict.column for verdict in self.scenario.verdicts)
        for verdict in self.scenario.verdicts:
            last = [line for line in self.scenario.lines if verdict.org in ("", line["org"])][-1]
            found = self.facts(last, asked).get(verdict.column)
            if verdict.text not in words(found) if verdict.contains else not agrees(verdict.text, found):
                yield differs(verdict.number, f"{last['org']} at the end", verdict.column, verdict.text, found)
        listed = {(line["kpi"], line["org"], line["period"]) for line in self.scenario.lines}
        for key in (self.whole.rows.keys() | self.whole.spans.keys()) - listed:
            yield f"{' '.join(key)}: rolled up, but the file has no line for it"


def agrees(expected: str, found: Any) -> bool:
    """Whether a value is what the file says, to the decimals it is written with."""
    if not isinstance(found, float) or isnan(found) or not expected:
        return expected == words(found)
    decimals = len(expected.partition(".")[2])
    return abs(found - float(expected)) <= 0.5 * 10**-decimals * (1 + 1e-9)


def words(found: Any) -> str:
    """A value as a file writes it; empty for one that is not there."""
    if found is None or found is False or (isinstance(found, float) and isnan(found)):
        return ""
    if isinstance(found, tuple):
        return "; ".join(found)
    return "yes" if found is True else str(found)


def differs(number: int, where: str, column: str, expected: str, found: Any) -> str:
    return f"line {number}, {where}: {column}: expected '{expected}', found '{words(found)}'"


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, tmp_path: Path) -> None:
    scenario = read(path, EXPECTED)
    told = Told(scenario, load_catalogue(write_catalogue(tmp_path, scenario.catalogue_data())))
    wrong = list(told.mismatches())
    assert not wrong, "\n".join(["", *wrong])
