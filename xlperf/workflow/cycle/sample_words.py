"""What the demo's owners say of a figure that is off target: made up, and fit for what the KPI is about."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from xlperf.catalogue import Kind, Kpi, Org
from xlperf.period import Period


@dataclass(frozen=True, slots=True)
class Said:
    """What is said together: the cause in short, the commentary, and the action that is promised."""

    cause: str
    commentary: str
    action: str


class _Area(Enum):
    """What a KPI is about, with the words by which its name is known; the first that fits counts."""

    SICKNESS = r"sickness"
    STAFF_TIME = r"apprais|statutory|annual review|trainers|visit|Welsh|staff (?!who)"
    RECRUITMENT = r"vacancy|posts held|fill|commission|trainee.* enrolled"
    SAFETY = r"complaint|concern|NICE|falls|never event|infection|intervention|posts in"
    EXPERIENCE = r"survey|satisfaction|recommend|rated positive"
    PROJECTS = r"project|annual plan|programme benefits|workforce plan|online|audit action"
    PLACES = r"placement"
    STAYING = r"attrition|leaving"
    MONEY = r"budget|spend|saving|invoice|agency|fund|surplus|outturn"
    PREVENTION = r"blood pressure|MMR|health check|deprivation"
    ACCESS = r"within|waits|waiting|appointment|response|length of stay|diagnosed"


_SAID = {
    _Area.SAFETY: (
        Said(
            "Checks left out at busy times",
            "Audits show that the checks that were agreed are left out when the service is busiest.",
            "Weekly audit of the checks, with the results shown to each team",
        ),
        Said(
            "New guidance is not in use everywhere",
            "Some teams still work to the earlier guidance.",
            "Short teaching sessions, and a named lead in each team",
        ),
        Said(
            "What reviews find reaches teams late",
            "The same points came up in several reviews before they had reached every team.",
            "Findings of each review discussed with the teams within two weeks",
        ),
    ),
    _Area.EXPERIENCE: (
        Said(
            "Long waits for an answer",
            "Most of the low marks name the wait for an answer.",
            "Answers within two working days, counted each week",
        ),
        Said(
            "Help that few people know of",
            "Many who gave low marks did not know where to turn for help.",
            "A page and a card with whom to ask, for everybody who is new",
        ),
    ),
    _Area.PROJECTS: (
        Said(
            "A decision came later than planned",
            "A decision that the work depends on came later than planned; the steps after it have moved.",
            "Plan with new dates, agreed with the partners",
        ),
        Said(
            "Work on too many things at once",
            "The same few people work on several of them at a time.",
            "An order of the work agreed, the most important first",
        ),
    ),
    _Area.RECRUITMENT: (
        Said(
            "Fewer applicants than planned",
            "Fewer people applied than in the years before, most of all outside the cities.",
            "Second recruitment round, together with the partners",
        ),
        Said(
            "Late withdrawals",
            "More people than usual withdrew after they had accepted, most of them for a place nearer home.",
            "Offers made earlier, and a call to everybody who has accepted",
        ),
    ),
    _Area.PLACES: (
        Said(
            "Too few sites and supervisors",
            "Some sites could not take as many people as they had planned to.",
            "Places agreed with two more sites",
        ),
        Said(
            "Late changes of plan",
            "Plans were changed after the lists had been made, and had to be agreed once more.",
            "Lists closed a month before the start",
        ),
    ),
    _Area.STAYING: (
        Said(
            "Distance to where people learn",
            "Most who left named the travel to distant sites as the reason.",
            "Sites nearer to where people live are offered first",
        ),
        Said(
            "Help came late",
            "Most who left had asked for help late, or not at all.",
            "A named tutor meets everybody in the first weeks",
        ),
    ),
    _Area.MONEY: (
        Said(
            "Savings began late",
            "Two schemes began a quarter later than planned.",
            "Recovery plan for the late schemes, reviewed each month",
        ),
        Said(
            "Prices above the plan",
            "Prices rose by more than the plan assumed.",
            "The largest contracts reviewed with procurement",
        ),
        Said(
            "Temporary staff",
            "More temporary staff were paid than the budget has room for.",
            "Temporary staff approved by a director before they are booked",
        ),
    ),
    _Area.SICKNESS: (
        Said(
            "Long absences in two teams",
            "Two teams have more long absences than in the spring.",
            "Occupational health reviews the long absences with both teams",
        ),
        Said(
            "More short absences",
            "Short absences rose in all teams, and most of all where rotas are short.",
            "Rotas with a reserve, agreed with the managers",
        ),
    ),
    _Area.STAFF_TIME: (
        Said(
            "Time was not protected",
            "Time set aside for it was given up when rotas were short.",
            "Rotas with protected time, agreed with the managers",
        ),
        Said(
            "Posts vacant for long",
            "Posts stayed vacant after the first round of recruitment, and others covered for them.",
            "Second recruitment round, with fewer steps",
        ),
    ),
    _Area.PREVENTION: (
        Said(
            "Invitations do not reach everybody",
            "Fewer people came from the areas that are served least well.",
            "Clinics in community halls, and calls in several languages",
        ),
        Said(
            "Too few sessions outside working hours",
            "Sessions in the evening were full, while those in the daytime were not.",
            "Two more evening sessions a week",
        ),
    ),
    _Area.ACCESS: (
        Said(
            "More people than planned for",
            "More people were referred than the plan had allowed for.",
            "Extra sessions until the backlog is cleared",
        ),
        Said(
            "One step takes too long",
            "Most of the delay is between the first appointment and the result of the test.",
            "Each step timed, and the longest made shorter first",
        ),
        Said(
            "Too little room at the busiest times",
            "Demand is highest on Mondays, and appointments are spread evenly over the week.",
            "Appointments moved to the busiest times",
        ),
    ),
}


def said_of(kpi: Kpi, org: Org, period: Period) -> Said:
    """What the owner of a KPI and org says of a period: the same each time it is asked."""
    dice = random.Random(f"said {kpi.id} {org.code} {period}")
    return dice.choice(_SAID[_area(kpi)])


def _area(kpi: Kpi) -> _Area:
    if kpi.kind is Kind.MILESTONE:
        return _Area.PROJECTS
    by_name = (area for area in _Area if re.search(area.value, kpi.name, re.IGNORECASE))
    return next(by_name, _Area.MONEY if kpi.kind is Kind.MONEY else _Area.SAFETY)


def said_of_the_whole(causes: Mapping[str, str]) -> str:
    """What an executive says of a rolled-up figure off target; `causes` are those of its parts off target, by name."""
    given = list(dict.fromkeys(cause.casefold() for cause in causes.values()))
    if not given:
        return (
            "Each part that is off target has been asked what stands in its way. I bring the answers, with dates, to "
            "the next meeting."
        )
    if len(causes) == 1:
        return (
            f"The cause is known in {next(iter(causes))}: {given[0]}. I go through it with the team each month until "
            "the figure is back on target, and the other parts lend help where they can."
        )
    if len(given) == 1:
        return (
            f"The parts off target name one and the same cause: {given[0]}. It is one problem, so I have asked for one "
            "plan, with dates, by the next meeting."
        )
    return (
        f"There is more than one cause: {'; '.join(given)}. No one remedy will do, so I go through progress with the "
        "team of each part every month."
    )
