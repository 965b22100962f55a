"""Checks of roll-ups: whether one executive answers for the whole where several answer for its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xlperf.catalogue.field_path import LocationOf
from xlperf.catalogue.kpi import AcrossOrgs, Kpi
from xlperf.catalogue.model import Catalogue
from xlperf.catalogue.org_parts import is_tree, parts_by_whole, same_as_above
from xlperf.findings import Finding, finding

_NAMED = 6
"""KPIs named one by one."""


def _one_for_the_whole(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    """A finding for each org to which KPIs roll up for whose whole nobody answers: nobody could speak for it."""
    nobody: dict[str, list[str]] = {}
    for kpi in catalogue.kpis if is_tree(catalogue) else ():
        for code in _without_executive(catalogue, kpi):
            nobody.setdefault(code, []).append(kpi.id)
    for i, org in enumerate(catalogue.orgs):
        if kpis := nobody.get(org.code):
            more = f" and {len(kpis) - _NAMED} more" if kpis[_NAMED:] else ""
            which = f"KPI{'s' if kpis[1:] else ''} {', '.join(kpis[:_NAMED])}{more}"
            message = f"{which} roll{'' if kpis[1:] else 's'} up to '{org.code}' from parts of several executives."
            yield finding("C023", message, locate(("orgs", i)))


def _without_executive(catalogue: Catalogue, kpi: Kpi) -> Iterator[str]:
    """The orgs to which a KPI rolls up and for whose figure no one executive answers."""
    reporting = catalogue.open_days[kpi.id].keys()
    if kpi.roll_up.orgs is AcrossOrgs.NONE or not _is_known(catalogue, kpi, reporting):
        return
    members = parts_by_whole(catalogue, reporting)
    for code in members.keys() - same_as_above(catalogue, members).keys():
        org = catalogue.org_by_code[code]
        if kpi.roll_up.executive_owner or org.executive_owner:
            continue
        if catalogue.executive_of_whole(kpi, org, [catalogue.org_by_code[each] for each in members[code]]) is None:
            yield code


def _is_known(catalogue: Catalogue, kpi: Kpi, orgs: Iterable[str]) -> bool:
    """Whether the owners and executives that it names are in the catalogue; if not, that is a finding of its own."""
    ids = {kpi.responsible_owner or catalogue.org_by_code[code].responsible_owner or "" for code in orgs}
    owners = [catalogue.owner_by_id.get(id_) for id_ in ids]
    named = {kpi.executive_owner or owner.executive_owner for owner in owners if owner is not None}
    return None not in owners and named <= catalogue.executive_by_id.keys()


ROLL_UP_CHECKS = (_one_for_the_whole,)
