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
from xlperf.rules.escalation import Decided, EscalationInputs, Proposal, escalations, section_escalations
from xlperf.rules.process import Process, processes
from xlperf.rules.rollup import roll_up_orgs, roll_up_time

Row = Mapping[str, Any]
Key = tuple[str, str, str]
"""What a line is about: KPI, org, and period or span."""

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.csv"))

OF_FIGURE = {name: name for name in ("rag", "movement", "change", "shown", "partial")}
OF_FIGURE |= {"figure": "actual", "last year": "last_year", "short trend": "trend"}
OF_FIGURE |= {"in the period": "in_period_actual"}
OF_SPAN = {"figure": "actual", "shown": "shown", "rag": "rag", "partial": "partial", "months": "span_label"}
OF_COMPARISON = {"rank": "rank_words", "best": "best_org", "worst": "worst_org", "gap": "gap"}
OF_POINT = {name: name for name in ("mean", "lpl", "upl")}
OF_POINT |= {"special cause": "special_cause_type", "point type": "point_type"}
OF_PROCESS = {name: name for name in ("variation", "assurance", "words", "trend", "flag")}
OF_PROCESS |= {"no verdict because": "reason", "points": "points_words"}
OF_PROPOSAL = {"proposed": "stage", "because": "reason", "in force": "in_force", "review overdue": "review_overdue"}
OF_PROPOSAL |= {"way out": "way_out", "periods at stage": "periods_at_stage", "next review": "next_review"}
OF_PROPOSAL |= {"since": "since", "tell": "tell", "support": "support", "decided by": "decided_by"}
REPORTED = "k of n"
EXPECTED = frozenset({*OF_FIGURE, *OF_SPAN, *OF_COMPARISON, *OF_POINT, *OF_PROCESS, *OF_PROPOSAL, REPORTED})
"""Columns that can be expected; each stands above with the name that the rules have for it."""


@dataclass(frozen=True)
class Judged:
    """Figures up to the end of some period, judged as they stood then."""

    catalogue: Catalogue
    figures: pd.DataFrame

    @cached_property
    def assessed(self) -> pd.DataFrame:
        return assess(self.catalogue, self.figures)

    @cached_property
    def rows(self) -> Mapping[Key, Row]:
        return by_key(self.assessed)

    @cached_property
    def compared(self) -> Mapping[Key, Row]:
        return by_key(compare(self.catalogue, self.assessed))

    @cached_property
    def processes(self) -> Mapping[tuple[str, str], Process]:
        return processes(self.catalogue, self.assessed).verdicts

    @cached_property
    def chart(self) -> Mapping[Key, Row]:
        """The point of its SPC chart that each row is, by column."""
        return dict(point for key in self.processes for point in self._points(*key))

    def _points(self, kpi_id: str, org: str) -> Iterator[tuple[Key, Row]]:
        """From the first to the last period in which the KPI applied; a period without a row is a gap."""
        kpi = self.catalogue.kpi_by_id[kpi_id]
        rows = [row for key, row in self.rows.items() if key[:2] == (kpi_id, org) and not row["not_applicable"]]
        actuals = {row["period_number"]: None if row["partial"] else row["actual"] for row in rows}
        periods = [Period(kpi.frequency, number) for number in range(min(actuals), max(actuals) + 1)]
        found = spc.assess(
            [period.first_day for period in periods],
            [actuals.get(period.number) for period in periods],
            direction=kpi.direction,
            ruleset=self.catalogue.rules.spc_ruleset,
            run_length=self.catalogue.rules.spc_run_length,
            rebase=[rebase.on for rebase in kpi.rebases],
        )
        for at, period in enumerate(periods):
            yield (kpi_id, org, str(period)), {column: getattr(found, name)[at] for column, name in OF_POINT.items()}


@dataclass(frozen=True)
class Story:
    """A scenario with its catalogue, which can be judged as of any of its periods."""

    scenario: Scenario
    catalogue: Catalogue

    def period(self, line: Line) -> Period:
        return self.catalogue.kpis[0].period(line["period"])

    @cached_property
    def figures(self) -> pd.DataFrame:
        """As reported, and rolled up along the tree."""
        reported = pd.DataFrame(list(self.scenario.figures()))
        rolled_up = roll_up_orgs(self.catalogue, reported)
        reported = reported.assign(rolled_up=False, reported=1, expected=1, partial=False)
        return pd.concat([reported, rolled_up], ignore_index=True) if len(rolled_up) else reported

    @cached_property
    def whole(self) -> Judged:
        return Judged(self.catalogue, self.figures)

    @cached_property
    def until(self) -> Mapping[str, Judged]:
        """As of each period."""
        periods = {line["period"]: self.period(line) for line in self.scenario.lines if line.has_period}
        number = self.figures["period"].map({text: period.number for text, period in periods.items()})
        return {
            text: Judged(self.catalogue, self.figures[number <= period.number].reset_index(drop=True))
            for text, period in periods.items()
        }

    @cached_property
    def spans(self) -> Mapping[Key, Row]:
        """The quarter and the year to date, where a reporting period is set."""
        said = self.scenario.setting("reporting period")
        if not said:
            return {}
        return by_key(roll_up_time(self.catalogue, self.figures, Period.parse(said)), "span")

    def proposal(self, line: Line) -> Proposal | None:
        """What the ladder proposes on the day the line is judged, knowing the decisions of the days before."""
        as_of, key, then = line.judged_on, line.key[:2], self.until[line["period"]]
        decisions: dict[tuple[str, str], list[Decided]] = {}
        for earlier in self.scenario.lines:
            if earlier["decided"] and earlier.judged_on < as_of:
                made = Decided(earlier["decided"], "Chief Executive", earlier.judged_on)
                decisions.setdefault(earlier.key[:2], []).append(made)
        if line["kpi"] in self.catalogue.kpi_by_id:
            due = {key: date.fromisoformat(line["action due"])} if line["action due"] else {}
            return escalations(
                self.catalogue, then.assessed, then.processes, EscalationInputs(as_of, decisions, due)
            ).get(key)
        reporting = sorted({self.period(other) for other in self.scenario.lines})
        past = [period for period in reporting if period <= self.period(line)]
        return section_escalations(self.catalogue, then.assessed, past, EscalationInputs(as_of, decisions)).get(key)

    def facts(self, line: Line, columns: frozenset[str]) -> dict[str, Any]:
        """What the rules say of a line, by column; of a process and a stage, what they said when its period was new."""
        key, found = line.key, dict[str, Any]()
        if key in self.spans:
            row = self.spans[key]
            found |= {column: row[name] for column, name in OF_SPAN.items()}
            found[REPORTED] = f"{row['reported_periods']} of {row['expected_periods']}"
        if key in self.whole.rows:
            row = self.whole.rows[key]
            found |= {column: row[name] for column, name in OF_FIGURE.items()}
            found[REPORTED] = f"{row['reported']} of {row['expected']}" if row["rolled_up"] else ""
        if columns & OF_COMPARISON.keys() and key in self.whole.compared:
            found |= {column: self.whole.compared[key][name] for column, name in OF_COMPARISON.items()}
        if columns & OF_POINT.keys():
            found |= self.whole.chart.get(key, {})
        if columns & OF_PROCESS.keys() and key in self.whole.rows:
            process = self.until[line["period"]].processes[key[:2]]
            found |= {column: getattr(process, name) for column, name in OF_PROCESS.items()}
        if columns & OF_PROPOSAL.keys() and line["judged on"]:
            proposal = self.proposal(line)
            said = {column: getattr(proposal, name) for column, name in OF_PROPOSAL.items()} if proposal else {}
            found |= said or {"proposed": self.catalogue.escalation.no_stage}
        return found

    def mismatches(self) -> Iterator[str]:
        """What is otherwise than expected: line, period, column, expected, found."""
        for line in self.scenario.lines:
            found = self.facts(line, frozenset(self.scenario.columns))
            for column in self.scenario.columns:
                if not agrees(line[column], found.get(column)):
                    yield differs(line.number, " ".join(line.key), column, line[column], found.get(column))
        for verdict in self.scenario.verdicts:
            last = [line for line in self.scenario.lines if verdict.org in ("", line["org"])][-1]
            at_end = self.facts(last, frozenset({verdict.column})).get(verdict.column)
            if not (verdict.text in text_of(at_end) if verdict.contains else agrees(verdict.text, at_end)):
                yield differs(verdict.number, " ".join(last.key), verdict.column, verdict.text, at_end)
        for key in (self.whole.rows.keys() | self.spans.keys()) - {line.key for line in self.scenario.lines}:
            yield f"{' '.join(key)}: rolled up, but the file has no line for it"


def by_key(frame: pd.DataFrame, when: str = "period") -> dict[Key, Row]:
    rows: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    return {(row["kpi_id"], row["org"], row[when]): row for row in rows}


def agrees(expected: str, found: Any) -> bool:
    """Whether a value is what the file says, to the decimals it is written with."""
    if not expected or not isinstance(found, float) or isnan(found):
        return expected == text_of(found)
    decimals = len(expected.partition(".")[2])
    return bool(abs(found - float(expected)) <= 0.5 / 10**decimals * (1 + 1e-9))


def text_of(found: Any) -> str:
    """A value as a file writes it; empty for one that is not there."""
    if found is None or found is False or (isinstance(found, float) and isnan(found)):
        return ""
    if isinstance(found, tuple):
        return "; ".join(found)
    return "yes" if found is True else str(found)


def differs(number: int, where: str, column: str, expected: str, found: Any) -> str:
    return f"line {number}, {where}: {column}: expected '{expected}', found '{text_of(found)}'"


def judged(path: Path, workspace: Path) -> list[str]:
    scenario = read(path, EXPECTED)
    return list(Story(scenario, load_catalogue(write_catalogue(workspace, scenario.catalogue_data()))).mismatches())


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, tmp_path: Path) -> None:
    if wrong := judged(path, tmp_path):
        pytest.fail("\n".join([path.name, *wrong]), pytrace=False)


# ---- the files are read strictly -----------------------------------------------------------------------------------

SMALL = """\
# One quarter on target.
#
# expected from: by hand
# direction: higher
# frequency: quarterly
# target: 90
period,actual,rag,change
2026-27-Q1,91.26,Green,
# expect points: 1 of 13 points
"""


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("Green,", "Amber,", ["line 8, K TRUST 2026-27-Q1: rag: expected 'Amber', found 'Green'"]),
        ("Green,", ",", ["line 8, K TRUST 2026-27-Q1: rag: expected '', found 'Green'"]),
        ("Green,", "Green,0", ["line 8, K TRUST 2026-27-Q1: change: expected '0', found ''"]),
        ("1 of", "2 of", ["line 9, K TRUST 2026-27-Q1: points: expected '2 of 13 points', found '1 of 13 points'"]),
        ("rag,change", "rag,figure", ["line 8, K TRUST 2026-27-Q1: figure: expected '', found '91.26'"]),
        ("rag,change\n2026-27-Q1,91.26,Green,", "rag,figure\n2026-27-Q1,91.26,Green,91.3", []),
    ],
)
def test_a_mismatch_says_where_and_what(right: str, wrong: str, said: list[str], tmp_path: Path) -> None:
    path = tmp_path / "small.csv"
    path.write_text(SMALL.replace(right, wrong), encoding="utf-8")
    assert judged(path, tmp_path) == said


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("# target: 90", "# goal: 90", "no setting"),
        ("# target: 90", "# target: ninety", "cannot be understood"),
        ("# target: 90", "# target: 90\n# target: 91", "given twice"),
        ("# direction: higher\n", "", "no direction"),
        ("# expected from: by hand\n", "", "no expected from"),
        ("#\n", "", "an empty comment line"),
        ("rag,change", "rag,colour", "no column, or given twice: colour"),
        ("rag,change", "rag,rag", "no column, or given twice"),
        ("Green,", "Green", "line 8: 3 cells under 4 columns"),
        ("expect points", "expect dots", "line 9: nothing that can be expected"),
        ("2026-27-Q1,", "Year to date,", "line 8: TRUST reports nothing"),
    ],
)
def test_what_is_not_described_is_an_error(right: str, wrong: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "small.csv"
    path.write_text(SMALL.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        judged(path, tmp_path)
