"""Checks of when orgs are open: their days, their parents', those of a KPI, and who takes over from whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from xlperf.catalogue.field_path import FieldPath, LocationOf
from xlperf.catalogue.model import Catalogue
from xlperf.catalogue.organisation import OpenDays, Org
from xlperf.findings import Finding, Location, finding

_HANDOVER = timedelta(days=365)
"""A successor that opened longer ago than this was there anyway, and takes the other org in."""
_DAYS_INCLUDED = "Correct 'from' or 'until'; both days are included."


def _reversed(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    dated: list[tuple[str, OpenDays, FieldPath]] = [
        (f"org '{org.code}'", org.open_days, ("orgs", i, "until")) for i, org in enumerate(catalogue.orgs)
    ]
    for i, kpi in enumerate(catalogue.kpis):
        dated += [
            (f"KPI {kpi.id}, org '{each.org}'", each.open_days, ("kpis", i, "orgs", j, "until"))
            for j, each in enumerate(kpi.orgs)
        ]
    for name, days, path in dated:
        if _is_reversed(days):
            message = f"{name} is open from {days.first}, but only until {days.last}."
            yield finding("C019", message, locate(path), found=str(days.last), fix=_DAYS_INCLUDED)


def _successors(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    for i, org in enumerate(catalogue.orgs):
        if org.succeeded_by is None:
            continue
        where = locate(("orgs", i, "succeeded_by"))
        successor = catalogue.org_by_code.get(org.succeeded_by)
        if successor is None:
            fix = "Add the org to 'orgs', or correct the code."
            yield finding("C004", f"unknown org '{org.succeeded_by}'.", where, found=org.succeeded_by, fix=fix)
        elif successor.code == org.code:
            fix = "Name the org that takes over, or remove 'succeeded_by'."
            yield finding("C019", f"org '{org.code}' is its own successor.", where, found=org.code, fix=fix)
        elif org.open_until is None:
            fix = "Give its last day as 'until', or remove 'succeeded_by'."
            yield finding("C019", f"org '{org.code}' has a successor but no 'until'.", where, fix=fix)
        else:
            yield from _handover(org, org.open_until, successor, where)


def _handover(org: Org, closes: date, successor: Org, where: Location) -> Iterator[Finding]:
    """Whether the successor is open from the day after the org has closed, and opened not much before."""
    opens, ends, after = successor.open_from, successor.open_until, closes + timedelta(days=1)
    names = f"org '{org.code}' closes on {closes}, and its successor '{successor.code}'"
    if opens is not None and opens > after:
        fix = f"Write 'from: {after}' for '{successor.code}', or the day before {opens} as 'until' of '{org.code}'."
        yield finding("C019", f"{names} opens only on {opens}, so nobody reports in between.", where, fix=fix)
    elif ends is not None and ends < after:
        fix = f"Name an org that is open on {after}."
        yield finding("C019", f"{names} closed on {ends}, before it could take over.", where, fix=fix)
    elif opens is not None and closes - _HANDOVER < opens <= closes:
        message = f"{names} already opened on {opens}; until {closes} both are due, and a sum counts both."
        yield finding("C010", message, where, fix=f"If it takes over, write 'from: {after}' for '{successor.code}'.")


def _parents(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    """An org below one that is closed would be in no sum."""
    for i, org in enumerate(catalogue.orgs):
        parent = catalogue.org_by_code.get(org.parent or "")
        if parent is None or _is_reversed(org.open_days) or _is_reversed(parent.open_days):
            continue
        where = locate(("orgs", i, "parent"))
        if not _is_late_enough(org.open_days, parent.open_days):
            message = f"org '{org.code}' is open before its parent '{parent.code}', which opens on {parent.open_from}."
            fix = f"Correct one of the two; or give '{org.code}' 'from', and what was there before, a code of its own."
            yield finding("C019", message, where, fix=fix)
        if not _is_early_enough(org.open_days, parent.open_days):
            message = f"org '{org.code}' is open after its parent '{parent.code}', which closes on {parent.open_until}."
            fix = (
                f"Close it too; if it goes on under another parent, add an org with that parent and "
                f"'from: {parent.open_days.day_after}', and name it as 'succeeded_by' of '{org.code}'."
            )
            yield finding("C019", message, where, fix=fix)


def _of_kpis(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    """The days of a KPI's org must be days on which the org is open."""
    for i, kpi in enumerate(catalogue.kpis):
        for j, each in enumerate(kpi.orgs):
            org = catalogue.org_by_code.get(each.org)
            if org is None or _is_reversed(each.open_days) or _is_reversed(org.open_days):
                continue
            name, path = f"KPI {kpi.id}, org '{org.code}'", ("kpis", i, "orgs", j)
            if each.open_from and not org.open_days.holds(each.open_from):
                message = f"{name}: 'from' is {each.open_from}, when the org is not open ({_days(org)})."
                fix = "Correct it, or leave it out; the org's own days hold anyway."
                yield finding("C019", message, locate((*path, "from")), found=str(each.open_from), fix=fix)
            if each.open_until and not org.open_days.holds(each.open_until):
                message = f"{name}: 'until' is {each.open_until}, when the org is not open ({_days(org)})."
                fix = "Correct it, or leave it out; the org's own days hold anyway."
                yield finding("C019", message, locate((*path, "until")), found=str(each.open_until), fix=fix)


def _is_reversed(days: OpenDays) -> bool:
    return days.first is not None and days.last is not None and days.last < days.first


def _is_late_enough(child: OpenDays, parent: OpenDays) -> bool:
    return parent.first is None or (child.first is not None and child.first >= parent.first)


def _is_early_enough(child: OpenDays, parent: OpenDays) -> bool:
    return parent.last is None or (child.last is not None and child.last <= parent.last)


def _days(org: Org) -> str:
    """`from 2025-04-01`, `until 2026-03-31`, or both."""
    ends = (("from", org.open_from), ("until", org.open_until))
    return " ".join(f"{word} {day}" for word, day in ends if day)


ORG_CHECKS = (_reversed, _successors, _parents, _of_kpis)
