"""Checks of joined series: one org must go on where another ends, and several must add up to one."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.catalogue.field_path import FieldPath, LocationOf
from xlperf.catalogue.kpi import AcrossOrgs, Kind, Kpi
from xlperf.catalogue.model import Catalogue
from xlperf.catalogue.organisation import OpenDays, Series
from xlperf.catalogue.succession import Succession, successions
from xlperf.findings import Finding, finding

_NAME_IT = "Name the org that takes over as 'succeeded_by', and give the last day as 'until'; or remove 'series'."


def _nobody_to_join(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    """A series that is joined to none: nobody takes over, or the org does not end."""
    for i, org in enumerate(catalogue.orgs):
        if org.series is Series.JOINED and (org.succeeded_by is None or org.open_until is None):
            lacks = "'succeeded_by'" if org.succeeded_by is None else "'until'"
            message = f"org '{org.code}' is joined, but has no {lacks}."
            yield finding("C021", message, locate(("orgs", i, "series")), fix=_NAME_IT)
    for i, kpi in enumerate(catalogue.kpis):
        for j, each in enumerate(kpi.orgs):
            org_there = catalogue.org_by_code.get(each.org)
            if org_there is None:
                continue
            where, after = ("kpis", i, "orgs", j), each.succeeded_by or org_there.succeeded_by
            name = f"KPI {kpi.id}, org '{each.org}'"
            if each.succeeded_by is not None and each.succeeded_by not in catalogue.org_by_code:
                message = f"{name}: unknown org '{each.succeeded_by}'."
                yield finding("C004", message, locate((*where, "succeeded_by")), found=each.succeeded_by)
            elif each.succeeded_by == each.org:
                message = f"{name} is its own successor."
                yield finding("C021", message, locate((*where, "succeeded_by")), found=each.org, fix=_NAME_IT)
            elif each.series is Series.JOINED or each.succeeded_by is not None:
                lacks = "'succeeded_by'" if after is None else "'until'"
                if after is None or catalogue.open_days[kpi.id][each.org].last is None:
                    what = "is joined" if each.series is Series.JOINED else "has a successor"
                    message = f"{name} {what}, but has no {lacks}."
                    yield finding("C021", message, locate((*where, "series")), fix=_NAME_IT)


def _joined(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    for i, kpi in enumerate(catalogue.kpis):
        joined = [each for each in successions(catalogue, kpi) if each.is_joined and _has_both(catalogue, kpi, each)]
        for each in joined:
            yield from _overlap(catalogue, kpi, each, locate)
        by_successor: dict[str, list[str]] = {}
        for each in joined:
            by_successor.setdefault(each.after, []).append(each.before)
        cannot_add = kpi.roll_up.orgs not in (AcrossOrgs.SUM, AcrossOrgs.PARTS) or kpi.kind is Kind.MILESTONE
        for after, before in by_successor.items():
            if len(before) > 1 and cannot_add:
                message = (
                    f"KPI {kpi.id}: the series of {' and '.join(before)} are joined to that of '{after}', but the KPI "
                    f"is rolled up over orgs by '{kpi.roll_up.orgs}', which makes no one series of several."
                )
                fix = (
                    "Give 'roll_up: {orgs: sum}' or 'parts', or for all of these orgs but one "
                    f"'{{org: {before[-1]}, series: separate}}' among the KPI's orgs."
                )
                yield finding("C021", message, locate(("kpis", i, "orgs")), fix=fix)


def _overlap(catalogue: Catalogue, kpi: Kpi, each: Succession, locate: LocationOf) -> Iterator[Finding]:
    """Both would report the KPI on the same days, so that nobody knows whose figure the series has."""
    first = _days(catalogue, kpi, each.after).first
    if first is not None and first > each.last:
        return
    since = f"from {first}" if first else "without a first day"
    message = (
        f"KPI {kpi.id}: '{each.before}' is joined to '{each.after}' and reports until {each.last}, but "
        f"'{each.after}' reports {since}, so that both do."
    )
    fix = f"Write the day after {each.last} as 'from' of '{each.after}', or 'series: separate' for '{each.before}'."
    yield finding("C021", message, locate(_place(catalogue, kpi, each.before)), fix=fix)


def _without_effect(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    """An org is joined, and no KPI has both it and its successor."""
    for i, org in enumerate(catalogue.orgs):
        if org.series is not Series.JOINED or org.succeeded_by not in catalogue.org_by_code or org.open_until is None:
            continue
        both = (
            each
            for kpi in catalogue.kpis
            for each in successions(catalogue, kpi)
            if each.before == org.code and _has_both(catalogue, kpi, each)
        )
        if next(both, None) is None:
            message = (
                f"org '{org.code}' is joined to '{org.succeeded_by}', but no KPI lists both, so nothing is joined."
            )
            fix = f"Add '{org.succeeded_by}' to the 'orgs' of the KPIs that '{org.code}' reported."
            yield finding("C010", message, locate(("orgs", i, "series")), fix=fix)


def _within_a_year(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    """A figure to date of an org that takes over within a year may or may not have its predecessor's in it."""
    for kpi in catalogue.kpis:
        if not kpi.has_own_parts or kpi.restarts_in is None:
            continue
        for each in successions(catalogue, kpi):
            first = each.first_period(kpi)
            if each.is_joined and _has_both(catalogue, kpi, each) and not kpi.restarts_in.begins_with(first):
                message = (
                    f"KPI {kpi.id} is cumulative, and '{each.after}' takes over from '{each.before}' within a year, so "
                    f"what {first} added is not known."
                )
                fix = "Say in the definition whether the year to date has the earlier org's part of the year in it."
                yield finding("C010", message, locate(_place(catalogue, kpi, each.before)), fix=fix)


def _has_both(catalogue: Catalogue, kpi: Kpi, each: Succession) -> bool:
    """Whether both orgs have a series of the KPI, reported or rolled up."""
    reporting = catalogue.open_days[kpi.id]
    return all(code in reporting or _is_above(catalogue, code, set(reporting)) for code in (each.before, each.after))


def _is_above(catalogue: Catalogue, code: str, reporting: set[str]) -> bool:
    for org in reporting:
        seen, above = {org}, catalogue.org_by_code[org].parent
        while above in catalogue.org_by_code and above not in seen:
            if above == code:
                return True
            seen.add(str(above))
            above = catalogue.org_by_code[str(above)].parent
    return False


def _days(catalogue: Catalogue, kpi: Kpi, code: str) -> OpenDays:
    return catalogue.open_days[kpi.id].get(code) or catalogue.org_by_code[code].open_days


def _place(catalogue: Catalogue, kpi: Kpi, org: str) -> FieldPath:
    """Where it stands that an org is joined: among the KPI's orgs if it says so there."""
    for j, each in enumerate(kpi.orgs):
        if each.org == org and (each.series or each.succeeded_by):
            return ("kpis", catalogue.kpis.index(kpi), "orgs", j)
    return ("orgs", next(i for i, each in enumerate(catalogue.orgs) if each.code == org), "series")


SUCCESSION_CHECKS = (_nobody_to_join, _joined, _without_effect, _within_a_year)
