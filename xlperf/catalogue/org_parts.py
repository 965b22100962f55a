"""Which reporting orgs each org of the tree is made of, whatever its figures are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import takewhile

from xlperf.catalogue.model import Catalogue


def is_tree(catalogue: Catalogue) -> bool:
    """Whether every org leads up to a top one; in a circle, or below an org that is not known, none does."""
    for org in catalogue.orgs:
        code, seen = org.parent, {org.code}
        while code is not None:
            if code in seen or code not in catalogue.org_by_code:
                return False
            seen.add(code)
            code = catalogue.org_by_code[code].parent
    return True


def orgs_above(catalogue: Catalogue, code: str) -> Iterator[str]:
    """The codes of the orgs above one, the nearest first."""
    parent = catalogue.org_by_code[code].parent
    while parent is not None:
        yield parent
        parent = catalogue.org_by_code[parent].parent


def parts_by_whole(catalogue: Catalogue, reporting: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """The members of each org that does not report and stands above some that do, both in catalogue order.

    An org that reports hides those below it: its own figure has theirs in it, and nothing is counted twice.
    """
    members: dict[str, list[str]] = {}
    for org in catalogue.orgs:
        if org.code in reporting:
            for code in takewhile(lambda code: code not in reporting, orgs_above(catalogue, org.code)):
                members.setdefault(code, []).append(org.code)
    return {org.code: tuple(members[org.code]) for org in catalogue.orgs if org.code in members}


def same_as_above(catalogue: Catalogue, made_of: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The orgs that are made of the same as one above them, each with the highest such org.

    Args:
        catalogue: has the tree.
        made_of: by org its members. What an org above has beside them makes it another figure.
    """
    same = {}
    for org, members_of_org in made_of.items():
        for higher in takewhile(made_of.__contains__, orgs_above(catalogue, org)):
            if len(made_of[higher]) != len(members_of_org):
                break
            same[org] = higher
    return same
