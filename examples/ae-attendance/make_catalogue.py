"""Write kpi_catalogue.yaml: three KPIs for every organisation of the CSV that has a type-1 department.

python make_catalogue.py [FILE]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from attendances import CSV, HERE, TypeOne, months_of, type_1

CATALOGUE = HERE / "kpi_catalogue.yaml"
THURSDAY = 3
GONE_FOR = 3
"""Months without a row at the beginning or the end of the data that mean not yet open, or closed; fewer are a gap."""
SUCCESSORS = {"RM2": "R0A", "RW3": "R0A", "RQQ": "RGN"}
"""Who took over from whom, as the ODS has it; the data does not say."""


def catalogue_text(csv: Path = CSV) -> str:
    """The catalogue as YAML."""
    figures = type_1(csv)
    codes = sorted({code for code, _ in figures})
    days = {code: _days(code, figures) for code in codes}
    return TEMPLATE.format(
        calendar="\n".join(_calendar(months_of(figures))),
        orgs="\n".join(
            f'  - {{code: {code}, name: "ODS {code}", parent: ENGLAND, responsible_owner: {code}{days[code]}}}'
            for code in codes
        ),
        owners="\n".join(
            f'  - {{id: {code}, name: "ODS {code}", email: {code.lower()}@example.org, executive_owner: x-coo}}'
            for code in codes
        ),
        # Wrapped, so that a code that comes or goes is one line of a diff and not one of 700 characters.
        codes="\n".join(f"      {', '.join(codes[start : start + 16])}," for start in range(0, len(codes), 16)),
    )


def _days(code: str, figures: TypeOne) -> str:
    """From and until when an organisation was open, as far as its rows show it, and who succeeded it."""
    months = months_of(figures)
    with_row = [place for place, month in enumerate(months) if (code, month) in figures]
    words = ""
    if with_row[0] >= GONE_FOR:
        words += f", from: {months[with_row[0]]}-01"
    if len(months) - 1 - with_row[-1] >= GONE_FOR:
        words += f", until: {date.fromisoformat(f'{months[with_row[-1] + 1]}-01') - timedelta(days=1)}"
        words += f", succeeded_by: {SUCCESSORS[code]}" if code in SUCCESSORS else ""
    return words


def _calendar(months: list[str]) -> Iterator[str]:
    for month in months:
        due, close, board = (_thursday_after(month, nth) for nth in (2, 3, 4))
        yield f"    - {{period: {month}, return_deadline: {due}, hard_close: {close}, board_date: {board}}}"


def _thursday_after(month: str, nth: int) -> date:
    """The nth Thursday of the month after `month`."""
    first = (date.fromisoformat(f"{month}-01") + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=(THURSDAY - first.weekday()) % 7 + 7 * (nth - 1))


TEMPLATE = """\
# yaml-language-server: $schema=../../docs/kpi_catalogue.schema.json
#
# Written by make_catalogue.py from ae_attendances_2016-18.csv; change the script, not this file.
#
# The organisations are those of the CSV with a type-1 department, by their ODS code: the data has no names. Those
# without a row in its first or last three months or more are open from, or until, then; who took over is in the ODS.
# Real: what the three KPIs count, and the 95 % standard. INVENTED: every date of the calendar, the tolerance, the
# escalation ladder, the owners and their addresses.

framework: ae
title: A&E performance dashboard
organisation: Type-1 A&E departments in England (example)
board: National oversight meeting
version: "2016.1"
classification: Example
contact:
  team: A&E performance team (example)
  email: ae-performance@example.org

# Invented: returns on the second Thursday of the month after, hard close on the third, the meeting on the fourth.
calendar:
  frequency: monthly
  periods:
{calendar}

rules:
  short_trend_moves: 3
  commentary_needed: [Amber, Red]
  action_needed: [Red]
  spc_ruleset: mdc
  spc_run_length: 7
  sustained_green: 4
  dashboard_orgs: 12

escalation:
  note: >-
    This ladder is invented for the example. No organisation was ever placed on it, and it counts consecutive Reds
    without regard to the season.
  decided_by: National oversight meeting (example)
  stages:
    - id: joint
      name: Joint review
      rationale: The standard has been missed by more than the tolerance for a quarter of a year.
      enter: {{consecutive_red: 3}}
      leave: {{consecutive_not_red: 3}}
      support:
        - The organisation and the oversight team go through the flow of patients together
    - id: recovery
      name: Recovery support
      rationale: The same for half a year.
      enter: {{consecutive_red: 6}}
      leave: {{consecutive_not_red: 3}}
      support:
        - Everything under Joint review goes on
        - An improvement team works alongside the department

sections:
  - {{id: access, name: Access}}
  - {{id: demand, name: Demand}}

questions:
  - {{id: waiting, section: access, text: "Are patients seen within four hours?"}}
  - {{id: coming, section: demand, text: "How many patients come, and how many stay?"}}

orgs:
  - {{code: ENGLAND, name: England}}
{orgs}

executive_owners:
  - {{id: x-coo, title: Chief Operating Officer, email: coo@example.org}}

responsible_owners:
{owners}

# No KPI has a responsible_owner: each organisation returns its own figures.
kpis:
  - id: AE1
    name: Four-hour performance
    section: access
    question: waiting
    definition: >-
      Share of attendances at type-1 departments in the month at which the patient was admitted, transferred or
      discharged within four hours of arrival.
    rationale: Long waits in A&E harm patients, and show that beds further on are not being freed.
    source: A&E attendances and emergency admissions, NHS England
    kind: percentage
    numerator: Attendances within four hours (attendances less breaches)
    denominator: Attendances
    direction: higher
    frequency: monthly
    seasonal: true
    roll_up: {{orgs: parts, time: parts}}
    targets:
      - {{from: 2016-17, target: 95, tolerance: {{absolute: 5}}}}
    orgs: &type_1 [
{codes}
    ]

  - id: AE2
    name: Attendances
    section: demand
    question: coming
    definition: Attendances at type-1 departments in the month.
    rationale: Says how many patients stand behind the percentage.
    source: A&E attendances and emergency admissions, NHS England
    kind: count
    direction: neutral
    frequency: monthly
    seasonal: true
    roll_up: {{orgs: sum, time: sum}}
    no_target_because: Information only; more or fewer is neither good nor bad.
    orgs: *type_1

  - id: AE3
    name: Emergency admissions
    section: demand
    question: coming
    definition: Emergency admissions by way of type-1 departments in the month.
    rationale: Says how many beds A&E calls for.
    source: A&E attendances and emergency admissions, NHS England
    kind: count
    direction: neutral
    frequency: monthly
    seasonal: true
    roll_up: {{orgs: sum, time: sum}}
    no_target_because: Information only; more or fewer is neither good nor bad.
    orgs: *type_1
"""


def main() -> None:
    """Write the catalogue, beside this script or where the command line says."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CATALOGUE
    path.write_text(catalogue_text(), encoding="utf-8", newline="\n")
    print(path)


if __name__ == "__main__":
    main()
