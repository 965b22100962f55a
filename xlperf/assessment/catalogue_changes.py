"""What two catalogues say differently of the same KPI: its definition, and the target in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlperf.catalogue import AcrossOrgs, Catalogue, Kpi, Target
from xlperf.period import Period
from xlperf.returns.kpi_words import target_words
from xlperf.rules.rollup import is_phased, members, target_of

_DEFINED_BY = (
    "name", "definition", "source", "kind", "unit", "direction", "frequency", "numerator", "denominator", "measure",
    "restarts_in", "over_months", "seasonal", "material", "rebases",
)  # fmt: skip
"""What of a KPI says what its figures mean. Targets, and how it rolls up, are compared apart."""
_NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Redefined:
    """What was said of a KPI, and what is said now; `org` is the top one of a sum, `period` "" where of all time."""

    kpi_id: str
    before: str
    now: str
    org: str = ""
    period: str = ""


def redefined(then: Catalogue, now: Catalogue) -> Iterator[Redefined]:
    """The KPIs that both have and that mean something else now."""
    for kpi in now.kpis:
        before = then.kpi_by_id.get(kpi.id)
        if before is None:
            continue
        names = [name for name in _DEFINED_BY if getattr(before, name) != getattr(kpi, name)]
        ways = [name for name in ("orgs", "time") if getattr(before.roll_up, name) != getattr(kpi.roll_up, name)]
        if names or ways:
            yield Redefined(kpi.id, _said(before, names, ways), _said(kpi, names, ways))


def _said(kpi: Kpi, names: list[str], ways: list[str]) -> str:
    if names == ["definition"] and not ways:
        return _value(kpi.definition)  # its kind of change says already what it is
    words = [f"{name.replace('_', ' ')}: {_value(getattr(kpi, name))}" for name in names]
    return "; ".join([*words, *(f"roll-up over {way}: {getattr(kpi.roll_up, way)}" for way in ways)])


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"{each.on} ({each.reason})" for each in value) or _NOTHING
    return str(value) if value not in (None, "") else _NOTHING


def retargeted(then: Catalogue, now: Catalogue, before: Period, reporting: Period) -> Iterator[Redefined]:
    """The targets that differ: of the period shown before, as a catalogue has changed it; else of the one shown now.

    Where each phase of a year has a target of its own (see `rules.target_in_force.is_phased`), that of now is new only
    if it is another than that of the same phase a year before.

    Args:
        then: the catalogue of then.
        now: the present one.
        before: the reporting period of then.
        reporting: the present one.
    """
    for kpi in now.kpis:
        old = then.kpi_by_id.get(kpi.id)
        if old is None or old.frequency != kpi.frequency:
            continue
        sums = list(members(now, kpi))[:1] if kpi.roll_up.orgs is AcrossOrgs.SUM else []
        for org in ("", *sums):
            changed = _retargeted((old, kpi), org, _last(kpi, before), _last(kpi, reporting))
            if changed is not None:
                yield changed


def _retargeted(old_and_now: tuple[Kpi, Kpi], org: str, shown_of: Period, present: Period) -> Redefined | None:
    """How the target of a KPI differs; None where it does not. `org` is the top one of a sum."""
    old, kpi = old_and_now

    def of(which: Kpi, period: Period) -> tuple[str, str]:
        return _of_target(which, target_of(which, bool(org), period))

    was, rewritten, target = of(old, shown_of), of(kpi, shown_of), of(kpi, present)
    if rewritten != was:
        return Redefined(kpi.id, _words(was, rewritten), _words(rewritten, was), org, str(shown_of))
    compared = shown_of
    if target != was and is_phased(kpi, bool(org)):
        compared = present.same_last_year()
        was = of(old, compared)
    if target == was:
        return None
    # A step of the targets from one period to the next must not look like a target that was rewritten.
    before = f"{_words(was, target)} for {compared.short}"
    return Redefined(kpi.id, before, _words(target, was), org, str(present))


def _last(kpi: Kpi, reporting: Period) -> Period:
    """The last period of the KPI that has ended by the end of a reporting period."""
    current = Period.containing(reporting.last_day, kpi.frequency)
    return current if current.last_day <= reporting.last_day else current.next(-1)


def _of_target(kpi: Kpi, target: Target | None) -> tuple[str, str]:
    """The target and its tolerance, each in words; "" for none."""
    return target_words(kpi, target), target.tolerance.amount if target and target.tolerance else ""


def _words(target: tuple[str, str], beside: tuple[str, str]) -> str:
    """One of two targets, with its tolerance only where that is another than the other's."""
    words, tolerance = target
    if not words:
        return "no target"
    is_same = tolerance == beside[1]
    return words if is_same else f"{words}, {f'tolerance {tolerance}' if tolerance else 'no tolerance'}"
