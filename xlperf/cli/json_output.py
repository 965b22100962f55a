"""What `--json` prints of the results of the cycle."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlperf.assessment.approvals import DraftStanding
    from xlperf.workflow.cycle.chase import Status


def status_record(period_status: Status) -> dict[str, Any]:
    """How a period stands."""
    return {
        "period": period_status.period,
        "deadline": period_status.deadline,
        "issued": len(period_status.owners),
        "returned": period_status.returns.returned,
        "missing": period_status.returns.missing,
        "held": period_status.returns.held,
        "owners": [
            {
                "owner": owner.owner,
                "name": owner.name,
                "executive_owner": owner.executive,
                "outcome": owner.outcome,
                "file": owner.file,
                "asked": owner.asked,
                "accepted": owner.accepted,
                "refused": owner.refused,
                "blank": owner.blank,
                "days_late": owner.days_late,
                "held": list(owner.held),
                "perhaps": list(owner.perhaps),
                "problems": [f.as_record() for f in owner.problems],
            }
            for owner in period_status.owners
        ],
        "actions": {
            **asdict(period_status.actions.counts),
            "overdue_ids": [each.action.id for each in period_status.actions.overdue],
        },
        "draft": _draft_record(period_status.draft),
        "unmatched": [received.file for received in period_status.unmatched],
    }


def _draft_record(draft: DraftStanding | None) -> dict[str, Any] | None:
    """The draft of the board's pack; None where there is none."""
    if draft is None:
        return None
    return {
        "name": draft.draft.name,
        "not_before": draft.draft.not_before or None,
        "approved": {executive.id: approval.on for executive, approval in draft.approvals},
        "awaited": [executive.id for executive in draft.awaited],
        "changed": draft.changed,
    }
