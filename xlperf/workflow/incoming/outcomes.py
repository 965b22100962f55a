"""From policy to outcome: the only module that says what a case leads to for a return, and what a release changes.

A policy of the catalogue gives a finding its severity. The gravest severity among the findings decides the outcome.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from xlperf.catalogue import Policy, ReturnPolicies
from xlperf.findings import Finding, Severity, most_severe
from xlperf.ledger.records import ACCEPTED, HELD, REJECTED, WITH_WARNINGS

_OUTCOMES = {
    Severity.REJECT_RETURN: REJECTED,
    Severity.HOLD: HELD,
    Severity.REJECT_ROW: WITH_WARNINGS,
    Severity.WARNING: WITH_WARNINGS,
}

_TO_RELEASE = "The team looks at it, then takes it with 'xlperf release', or rejects it with 'xlperf release --reject'."


def under(policies: ReturnPolicies, item: Finding) -> Finding:
    """A finding with the severity that its policy gives: a warning, held for the team, or the whole return rejected.

    A finding without a policy stays as it is.
    """
    if not item.kind.policy:
        return item
    match Policy(getattr(policies, item.kind.policy)):
        case Policy.REJECT:
            fix = item.fix if item.severity is Severity.REJECT_RETURN else item.kind.fix_rejected or item.fix
            return replace(item, severity=Severity.REJECT_RETURN, fix=fix)
        case Policy.HOLD:
            return replace(item, severity=Severity.HOLD, message=f"held for the team: {item.message}", fix=_TO_RELEASE)
        case Policy.ACCEPT:
            is_row = item.severity is Severity.REJECT_ROW  # the rest of the return is accepted
            return item if is_row else replace(item, severity=Severity.WARNING)


def outcome_of(findings: Iterable[Finding]) -> str:
    """The outcome of a return that has these findings."""
    grave = most_severe(findings)
    return _OUTCOMES.get(grave, ACCEPTED) if grave else ACCEPTED


def held_at_most(policies: ReturnPolicies) -> ReturnPolicies:
    """The policies for a file that a person has released: none of them rejects it again."""
    policy_by_case = policies.model_dump()
    return ReturnPolicies(
        **{case: Policy.HOLD if policy == Policy.REJECT else policy for case, policy in policy_by_case.items()}
    )
