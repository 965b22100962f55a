"""Checks of the catalogue's settings for the rules: ladder, roll-ups, rebases, material change, milestones, SPC."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from xlperf.catalogue.field_path import LocationOf
from xlperf.catalogue.kpi import AcrossOrgs, Direction, Kind, Kpi, OverTime
from xlperf.catalogue.model import Catalogue
from xlperf.errors import UsageError
from xlperf.findings import Finding, finding

_MOST_NAMED = 5
"""Orgs named in a message; any others are counted."""


def _ladder(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    ladder = catalogue.escalation
    for field, stages in (("stages", ladder.stages), ("section_stages", ladder.section_stages)):
        where = locate(("escalation", field))
        for name, values in (("id", [s.id for s in stages]), ("name", [s.name.casefold() for s in stages])):
            for value, times in Counter(values).items():
                if times > 1:
                    yield finding("C012", f"two stages have the {name} '{value}'.", where)
        if ladder.no_stage.casefold() in (stage.name.casefold() for stage in stages):
            message = f"'{ladder.no_stage}' is the name of a stage and also of being in no stage ('no_stage')."
            yield finding("C012", message, where)
    for i, (milder, graver) in enumerate(pairwise(ladder.stages), start=1):
        first, second = milder.enter.consecutive_red, graver.enter.consecutive_red
        if first is not None and second is not None and second <= first:
            message = f"'{graver.name}' is entered no later than the milder '{milder.name}'."
            yield finding("C012", message, locate(("escalation", "stages", i)))
    if ladder.stages[0].enter.deteriorating_for is not None:
        message = (
            f"'{ladder.stages[0].name}' is the mildest stage, so it cannot have 'deteriorating_for', which needs a "
            "milder stage before it."
        )
        yield finding("C012", message, locate(("escalation", "stages", 0, "enter")))
    stage_ids = {stage.id for stage in ladder.stages}
    for i, stage in enumerate(ladder.section_stages):
        wanted = stage.enter.at_stage
        if wanted is not None and wanted not in stage_ids:
            message = f"unknown stage '{wanted}'."
            yield finding("C004", message, locate(("escalation", "section_stages", i)), found=wanted)
    if ladder.section_stages:
        # A decision is about a Ref and an Org; a section's Ref must not be a KPI's.
        kpis = {kpi.id.casefold() for kpi in catalogue.kpis}
        for i, section in enumerate(catalogue.sections):
            if section.id.casefold() in kpis:
                message = f"'{section.id}' is a section and a KPI; with stages for sections they cannot be told apart."
                yield finding("C003", message, locate(("sections", i)), found=section.id)


def _roll_ups(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    for i, kpi in enumerate(catalogue.kpis):
        for problem in _roll_up_problems(catalogue, kpi):
            yield finding("C013", f"KPI {kpi.id}: {problem}.", locate(("kpis", i, "roll_up")))


def _reporting_orgs(catalogue: Catalogue, kpi: Kpi) -> tuple[str, ...]:
    """The orgs that report a KPI, by code; unlike `Catalogue.orgs_of` it also gives those that are not in the tree."""
    return kpi.org_codes or tuple(org.code for org in catalogue.top_orgs)


def _roll_up_problems(catalogue: Catalogue, kpi: Kpi) -> Iterator[str]:
    across, over = kpi.roll_up.orgs, kpi.roll_up.time
    if "parts" in (across, over) and not kpi.has_parts:
        yield "it has no numerator and denominator to add; roll it up another way"
    if over is OverTime.PARTS and across not in (AcrossOrgs.PARTS, AcrossOrgs.NONE):
        yield f"over orgs it is '{across}', which leaves no parts to add over time; roll its parts up over orgs too"
    if "sum" in (across, over) and kpi.kind is Kind.PERCENTAGE:
        yield "percentages are never added; roll up its parts"
    if "weighted" in (across, over) and kpi.has_parts:
        yield "it has parts; averaging percentages would lose how large each is, so roll up its parts"
    if "worst" in (across, over) and kpi.direction is Direction.NEUTRAL:
        yield "neither way is better, so there is no worst"
    if kpi.kind is Kind.MILESTONE and (
        across not in (AcrossOrgs.WORST, AcrossOrgs.NONE) or over not in (OverTime.WORST, OverTime.LAST, OverTime.NONE)
    ):
        yield "a milestone rolls up only as the worst, or over time as the last"
    if across is AcrossOrgs.WEIGHTED:
        orgs = catalogue.org_by_code
        without = [code for code in _reporting_orgs(catalogue, kpi) if code in orgs and orgs[code].weight is None]
        if without:
            more = f" and {len(without) - _MOST_NAMED} more" if len(without) > _MOST_NAMED else ""
            yield f"no 'weight' for: {', '.join(without[:_MOST_NAMED])}{more}"
    if kpi.roll_up.targets and across is not AcrossOrgs.SUM:
        yield "only a sum has targets of its own; the others are judged by the KPI's"


def _rebases(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    for i, kpi in enumerate(catalogue.kpis):
        reporting_orgs = _reporting_orgs(catalogue, kpi)
        for j, rebase in enumerate(kpi.rebases):
            for code in rebase.orgs:
                if code not in catalogue.org_by_code:
                    message = f"unknown org '{code}'."
                    yield finding("C004", message, locate(("kpis", i, "rebases", j)), found=code)
                elif code not in reporting_orgs and kpi.roll_up.orgs is AcrossOrgs.NONE:
                    message = f"KPI {kpi.id} is not reported by '{code}', so nothing is rebased."
                    yield finding("C010", message, locate(("kpis", i, "rebases", j)), found=code)
        dates = [rebase.on for rebase in kpi.rebases]
        if dates != sorted(dates):
            yield finding("C010", f"KPI {kpi.id}: rebases are not in order of time.", locate(("kpis", i, "rebases")))


def _comparable(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    for i, kpi in enumerate(catalogue.kpis):
        for j, declared in enumerate(kpi.comparable):
            where = locate(("kpis", i, "comparable", j))
            for code in declared.orgs:
                if code not in catalogue.org_by_code:
                    yield finding("C004", f"unknown org '{code}'.", where, found=code)
            try:
                kpi.period(declared.from_)
            except UsageError as error:
                yield finding("C006", f"KPI {kpi.id}: {error}.", where, found=declared.from_, fix="Correct the period.")


def _material_changes(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    for i, kpi in enumerate(catalogue.kpis):
        if kpi.material and (kpi.material.absolute or kpi.material.relative or Decimal(0)) < 0:
            message, where = f"KPI {kpi.id}: a material change cannot be negative.", locate(("kpis", i, "material"))
            yield finding("C005", message, where, fix="Give 'material' as a positive amount.")


def _spc_rules(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    if catalogue.rules.spc_run_length != 7 and catalogue.rules.spc_ruleset == "nhsr":
        message = "ruleset nhsr has runs of 7 only; leave 'spc_run_length' out or use ruleset mdc."
        yield finding("C012", message, locate(("rules", "spc_run_length")))


def _early_warnings(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    if catalogue.rules.early_warning.fall_after is not None:
        return
    for i, stage in enumerate(catalogue.escalation.stages):
        if stage.enter.early_warning:
            message = f"'{stage.name}' has 'early_warning', and 'rules: early_warning: fall_after' is not given."
            yield finding("C012", message, locate(("escalation", "stages", i, "enter")))


def _milestones(catalogue: Catalogue, locate: LocationOf) -> Iterator[Finding]:
    """A milestone without a date is never late, whatever is said of it."""
    for i, kpi in enumerate(catalogue.kpis):
        if kpi.kind is not Kind.MILESTONE:
            continue
        for j, target in enumerate(kpi.targets):
            if target.due is None:
                message = f"milestone {kpi.id} has no date from {target.from_} on, so it can never be missed by one."
                yield finding("C022", message, locate(("kpis", i, "targets", j)))
        if not kpi.targets and not kpi.no_target_because:
            message = f"milestone {kpi.id} has no date, so it can never be missed by one."
            yield finding("C022", message, locate(("kpis", i)))


RULE_CHECKS = (
    _ladder, _roll_ups, _rebases, _comparable, _material_changes, _milestones, _spc_rules, _early_warnings,
)  # fmt: skip
