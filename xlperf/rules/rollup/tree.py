"""Which reporting orgs an org of the tree is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlperf.catalogue import AcrossOrgs, Catalogue, Direction, Kind, Kpi, OverTime


def fits(kpi: Kpi, method: AcrossOrgs | OverTime) -> bool:
    """Whether a method can be used on a KPI at all; where it cannot (a mean of milestones), nothing is rolled up."""
    if method in ("worst", "last") and kpi.kind is Kind.MILESTONE:
        return True
    if kpi.kind is Kind.MILESTONE or method == "none":
        return False
    if method == "parts":
        return kpi.has_parts
    return not (method == "worst" and kpi.direction is Direction.NEUTRAL)


def members(catalogue: Catalogue, kpi: Kpi) -> Mapping[str, tuple[str, ...]]:
    """The reporting orgs that each rolled-up org of a KPI is made of.

    Rolled up are the orgs that do not report the KPI themselves but stand above some that do. An org that reports hides
    those below it: its own figure has theirs in it, and nothing is counted twice. Of orgs above one another that are
    made of the same, only the highest is rolled up: the others would be the same figure again, printed and escalated
    beside it, and the highest is the one that a board answers for.

    Returns:
        Codes of reporting orgs by code of the org they make up, both in catalogue order; {} where the KPI is not
        rolled up, or not in a way that its kind of figure allows.
    """
    if not fits(kpi, kpi.roll_up.orgs):
        return {}
    reporting = {org.code for org in catalogue.orgs_of(kpi)}
    made_of: dict[str, list[str]] = {}
    for org in catalogue.orgs:
        above = org.parent if org.code in reporting else None
        while above is not None and above not in reporting:
            made_of.setdefault(above, []).append(org.code)
            above = catalogue.org_by_code[above].parent
    once = made_of.keys() - same_as_above(catalogue, made_of).keys()
    return {org.code: tuple(made_of[org.code]) for org in catalogue.orgs if org.code in once}


def same_as_above(catalogue: Catalogue, made_of: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The orgs that are made of the same as one above them, each with the highest such org.

    Args:
        catalogue: has the tree.
        made_of: by org its members. What an org above has beside them makes it another figure.
    """
    same = {}
    for org, members_of_org in made_of.items():
        above = catalogue.org_by_code[org].parent
        while above is not None and above in made_of and len(made_of[above]) == len(members_of_org):
            same[org] = above
            above = catalogue.org_by_code[above].parent
    return same
