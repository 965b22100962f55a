"""Checks between the parts of a catalogue, which a schema cannot make. Each is one small function yielding findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from xlperf.catalogue.field_path import FieldPath, LocationOf
from xlperf.catalogue.figures import FIGURE_CHECKS
from xlperf.catalogue.kpi import Direction, Kind, Kpi
from xlperf.catalogue.measure_checks import MEASURE_CHECKS
from xlperf.catalogue.meeting_checks import MEETING_CHECKS
from xlperf.catalogue.model import Catalogue
from xlperf.catalogue.org_checks import ORG_CHECKS
from xlperf.catalogue.question_checks import QUESTION_CHECKS
from xlperf.catalogue.roll_up_checks import ROLL_UP_CHECKS
from xlperf.catalogue.rule_checks import RULE_CHECKS
from xlperf.catalogue.succession_checks import SUCCESSION_CHECKS
from xlperf.catalogue.targets import Target, start_of
from xlperf.errors import UsageError
from xlperf.findings import Finding, finding
from xlperf.period import Frequency, Period

# What Excel, and a page of A4, can hold.
NAME_CHARACTERS = 70
"""A KPI's name stands in one line of the dashboard."""
OWNER_CHARACTERS = 150
"""An owner's name is part of the names of files."""
CELL_CHARACTERS = 32_767
LIST_CHARACTERS = 255
"""The choices of a drop-down list, with their commas."""


_REMOVE_ONE = "Remove one of the two."
_CORRECT_PERIOD = "Correct the period, or the KPI's frequency."


def check_model(catalogue: Catalogue, locate: LocationOf) -> list[Finding]:
    """Every fault between the parts of a catalogue; `locate` turns the steps to it into a location."""
    checks = (
        _ids,
        _references,
        _org_tree,
        *ORG_CHECKS,
        *SUCCESSION_CHECKS,
        *ROLL_UP_CHECKS,
        _calendar,
        _smart,
        _targets,
        _frequencies,
        *RULE_CHECKS,
        *MEASURE_CHECKS,
        *FIGURE_CHECKS,
        *QUESTION_CHECKS,
        *MEETING_CHECKS,
        _excel_limits,
    )
    return [item for check in checks for item in check(catalogue, locate)]


def _ids(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    lists: dict[str, list[str]] = {
        "kpis": [kpi.id for kpi in catalogue.kpis],
        "sections": [section.id for section in catalogue.sections],
        "questions": [question.id for question in catalogue.questions],
        "aims": [aim.id for aim in catalogue.aims],
        "plan_objectives": [objective.id for objective in catalogue.plan_objectives],
        "orgs": [org.code for org in catalogue.orgs],
        "executive_owners": [owner.id for owner in catalogue.executive_owners],
        "responsible_owners": [owner.id for owner in catalogue.responsible_owners],
        "meetings": [meeting.id for meeting in catalogue.meetings],
    }
    for name, ids in lists.items():
        # Windows file names and Excel's look-ups take no notice of case, so neither may ids.
        seen: dict[str, str] = {}
        for index, id_ in enumerate(ids):
            if id_.casefold() in seen:
                yield finding("C003", f"{name} has '{id_}' twice.", locate((name, index)), found=id_)
            seen[id_.casefold()] = id_


def _references(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    sections = {section.id for section in catalogue.sections}
    questions = {question.id for question in catalogue.questions}
    aims = {aim.id for aim in catalogue.aims}
    objectives = {objective.id for objective in catalogue.plan_objectives}
    owners, executives = set(catalogue.owner_by_id), set(catalogue.executive_by_id)
    orgs = set(catalogue.org_by_code)

    def unknown(path: FieldPath, what: str, id_: str | None, known_ids: set[str]) -> Iterator[Finding]:
        if id_ is not None and id_ not in known_ids:
            examples = ", ".join(sorted(known_ids)[:12])
            expected = f"one of {examples}" if len(known_ids) > 1 else examples
            yield finding("C004", f"unknown {what} '{id_}'.", locate(path), found=id_, expected=expected)

    for i, question in enumerate(catalogue.questions):
        yield from unknown(("questions", i, "section"), "section", question.section, sections)
    for i, section in enumerate(catalogue.pack.sections):
        yield from unknown(("pack", "sections", i), "section", section, sections)
    for i, objective in enumerate(catalogue.plan_objectives):
        yield from unknown(("plan_objectives", i, "aim"), "aim", objective.aim, aims)
    for i, org in enumerate(catalogue.orgs):
        yield from unknown(("orgs", i, "parent"), "org", org.parent, orgs)
        yield from unknown(("orgs", i, "responsible_owner"), "responsible owner", org.responsible_owner, owners)
        yield from unknown(("orgs", i, "executive_owner"), "executive owner", org.executive_owner, executives)
    for i, owner in enumerate(catalogue.responsible_owners):
        path = ("responsible_owners", i, "executive_owner")
        yield from unknown(path, "executive owner", owner.executive_owner, executives)
    for i, kpi in enumerate(catalogue.kpis):
        at = ("kpis", i)
        yield from unknown((*at, "section"), "section", kpi.section, sections)
        yield from unknown((*at, "question"), "question", kpi.question, questions)
        yield from unknown((*at, "aim"), "aim", kpi.aim, aims)
        yield from unknown((*at, "plan_objective"), "plan objective", kpi.plan_objective, objectives)
        yield from unknown((*at, "responsible_owner"), "responsible owner", kpi.responsible_owner, owners)
        yield from unknown((*at, "executive_owner"), "executive owner", kpi.executive_owner, executives)
        of_whole = kpi.roll_up.executive_owner
        yield from unknown((*at, "roll_up", "executive_owner"), "executive owner", of_whole, executives)
        for j, code in enumerate(kpi.org_codes):
            yield from unknown((*at, "orgs", j), "org", code, orgs)
        for code, times in Counter(kpi.org_codes).items():
            if times > 1:
                message, where = f"org '{code}' is listed twice.", locate((*at, "orgs"))
                yield finding("C003", message, where, found=code, fix=_REMOVE_ONE)


def _org_tree(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    parents = {org.code: org.parent for org in catalogue.orgs}
    for i, org in enumerate(catalogue.orgs):
        above: set[str] = set()
        code: str | None = org.code
        while code is not None and code not in above:
            above.add(code)
            code = parents.get(code)
        if code is not None:
            message, where = f"org '{org.code}' is its own ancestor.", locate(("orgs", i, "parent"))
            yield finding("C004", message, where, fix="Correct 'parent' of one of the orgs in the circle.")
    if all(org.parent for org in catalogue.orgs):
        message = "every org has a parent, so none is at the top."
        yield finding("C004", message, locate(("orgs",)), fix="Remove 'parent' from the topmost org.")


def _calendar(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    frequency = catalogue.calendar.frequency
    seen: set[Period] = set()
    for i, entry in enumerate(catalogue.calendar.periods):
        where = locate(("calendar", "periods", i))
        try:
            period = Period.parse(entry.period, frequency)
        except UsageError as error:
            fix, expected = "Correct the period, or the calendar's frequency.", f"a {frequency} period"
            yield finding("C006", f"{error}.", where, found=entry.period, expected=expected, fix=fix)
            continue
        if period in seen:
            message = f"the calendar has {period} twice."
            yield finding("C003", message, where, found=str(period), fix=_REMOVE_ONE)
        seen.add(period)
        dates = (period.last_day, entry.return_deadline, entry.hard_close, entry.board_date)
        if list(dates) != sorted(dates):
            yield finding(
                "C011",
                f"{period} ends {dates[0]}, returns are due {dates[1]}, hard close {dates[2]}, board {dates[3]}.",
                where,
            )


def _smart(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    for i, kpi in enumerate(catalogue.kpis):
        owners_known = kpi.responsible_owner or all(
            catalogue.org_by_code[code].responsible_owner
            for code in kpi.org_codes or (catalogue.top_org.code,)
            if code in catalogue.org_by_code
        )
        has_goal = kpi.targets or kpi.no_target_because or kpi.direction is Direction.NEUTRAL
        wanted = {
            "definition (Specific)": kpi.definition,
            "source (Measurable)": kpi.source,
            "target, or the reason why there is none (Achievable)": has_goal,
            "key business question (Relevant)": kpi.question,
            "responsible owner (somebody must return it)": owners_known,
        }
        for what, given in wanted.items():
            if not given:
                yield finding("C007", f"KPI {kpi.id} has no {what}.", locate(("kpis", i)))
        if bool(kpi.numerator) != bool(kpi.denominator):
            yield finding("C007", f"KPI {kpi.id} has only one of numerator and denominator.", locate(("kpis", i)))
        if kpi.kind is Kind.MILESTONE and kpi.has_parts:
            message = f"milestone {kpi.id} cannot have numerator and denominator."
            yield finding("C005", message, locate(("kpis", i)), fix="Remove both.")


def _targets(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    for i, kpi in enumerate(catalogue.kpis):
        yield from _run_of_targets(kpi, kpi.targets, ("kpis", i, "targets"), locate)
        yield from _run_of_targets(kpi, kpi.roll_up.targets, ("kpis", i, "roll_up", "targets"), locate)
        for name, range_ in (("possible", kpi.possible), ("usual", kpi.usual)):
            if range_ and None not in range_ and range_[0] > range_[1]:  # type: ignore[operator]
                message, where = f"KPI {kpi.id}: '{name}' has its larger number first.", locate(("kpis", i, name))
                yield finding("C005", message, where, fix="Write the lower number first, as [60, 95].")


def _run_of_targets(kpi: Kpi, targets: Sequence[Target], path: FieldPath, locate: LocationOf) -> Iterator[Finding]:
    previous: Period | None = None
    for j, target in enumerate(targets):
        where = locate((*path, j))
        for problem, fix in _target_problems(kpi, target):
            yield finding("C005", f"KPI {kpi.id}, target from {target.from_}: {problem}.", where, fix=fix)
        try:
            start = start_of(target.from_, kpi.frequency)
        except UsageError as error:
            yield finding("C006", f"KPI {kpi.id}: {error}.", where, found=target.from_, fix=_CORRECT_PERIOD)
            continue
        if previous and start.first_day <= previous.first_day:
            message = f"KPI {kpi.id}: targets are not in order of time, each once."
            yield finding("C005", message, where, fix="Put them in order of 'from', and keep one of each period.")
        previous = start


def _target_problems(kpi: Kpi, target: Target) -> Iterator[tuple[str, str]]:
    """What is wrong with one target, in words, and the remedy; "" where the remedy is that of every such finding."""
    if kpi.kind is Kind.MILESTONE:
        if (target.target, target.low, target.high, target.tolerance) != (None, None, None, None):
            yield "a milestone has only a due date", "Leave 'target', 'low', 'high' and 'tolerance' out."
        return
    needs_range = kpi.direction is Direction.RANGE
    given_single, given_range = target.target is not None, target.low is not None or target.high is not None
    if kpi.direction is Direction.NEUTRAL:
        fix = "Remove the target, or say in 'direction' which way is better."
        yield "a KPI with no better direction (neutral) cannot have a target", fix
        return
    if needs_range and (target.low is None or target.high is None or given_single):
        yield "direction 'range' needs low and high, and no single target", "Correct the target or the direction."
        return
    if not needs_range and (given_range or not given_single):
        problem = f"direction '{kpi.direction}' needs one target, and neither low nor high"
        yield problem, "Correct the target or the direction."
        return
    if needs_range and target.low is not None and target.high is not None and target.low > target.high:
        yield f"low ({target.low}) is above high ({target.high})", ""
    yield from _tolerance_problems(kpi, target)


def _tolerance_problems(kpi: Kpi, target: Target) -> Iterator[tuple[str, str]]:
    tolerance = target.tolerance
    size = (tolerance.absolute or tolerance.relative or Decimal(0)) if tolerance else Decimal(0)
    if size < 0:
        side = {Direction.HIGHER: "above", Direction.LOWER: "below"}.get(kpi.direction, "inside")
        better = "the range" if kpi.direction is Direction.RANGE else kpi.direction
        problem = (
            f"tolerance {size} puts the Amber limit on the wrong side, {side} the target, though {better} is better"
        )
        yield f"{problem}; it cannot be negative", "Give the tolerance as a positive amount."


def _frequencies(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    try:
        calendar = sorted(catalogue.entry_by_period)
    except UsageError:
        return  # already said by _calendar
    for i, kpi in enumerate(catalogue.kpis):
        where = locate(("kpis", i, "frequency"))
        for name in ("reported_from", "retired_after"):
            text = getattr(kpi, name)
            if text and not _is_period(text, kpi.frequency):
                message = f"KPI {kpi.id}: '{text}' is not a {kpi.frequency} period."
                yield finding("C006", message, where, found=text, fix=_CORRECT_PERIOD)
        retired = any(not _is_period(text, kpi.frequency) for text in (kpi.reported_from, kpi.retired_after) if text)
        if not retired and not any(
            kpi.is_reported_in(period) for reporting in calendar for period in reporting.ending_within(kpi.frequency)
        ):
            message = f"KPI {kpi.id} is {kpi.frequency}, but none of its periods ends in a period of the calendar."
            yield finding("C006", message, where)


def _is_period(text: str, frequency: Frequency) -> bool:
    try:
        start_of(text, frequency)
    except UsageError:
        return False
    return True


def _excel_limits(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    def too_long(path: FieldPath, what: str, text: str, limit: int) -> Iterable[Finding]:
        if len(text) > limit:
            yield finding("C008", f"{what} is {len(text)} characters long.", locate(path), expected=f"at most {limit}")

    for i, kpi in enumerate(catalogue.kpis):
        yield from too_long(("kpis", i, "name"), f"the name of KPI {kpi.id}", kpi.name, NAME_CHARACTERS)
        for field in ("definition", "rationale", "source", "numerator", "denominator"):
            yield from too_long(
                ("kpis", i, field), f"the {field} of KPI {kpi.id}", getattr(kpi, field), CELL_CHARACTERS
            )
    for i, owner in enumerate(catalogue.responsible_owners):
        path: FieldPath = ("responsible_owners", i, "name")
        yield from too_long(path, f"the name of owner {owner.id}", owner.name, OWNER_CHARACTERS)
    for i, section in enumerate(catalogue.sections):
        yield from too_long(("sections", i, "name"), f"the name of section {section.id}", section.name, NAME_CHARACTERS)
    names = catalogue.escalation.stage_names
    yield from too_long(("escalation", "stages"), "the list of stage names", ",".join(names), LIST_CHARACTERS)
    for name in names:
        if "," in name:
            message = f"stage '{name}' has a comma, which ends a choice in Excel's lists."
            yield finding("C008", message, locate(("escalation", "stages")), fix="Name it without a comma.")
