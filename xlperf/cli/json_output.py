"""What `--json` prints of the results of the cycle."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlperf.workflow.cycle.chase import Status
    from xlperf.workflow.cycle.collate import Collated


def collation_record(done: Collated) -> dict[str, Any]:
    """What a collation did."""
    from xlperf.report import count_words

    return {
        "period": str(done.period),
        "listed": done.listed,
        "judged": [{"file": name, "outcome": r.outcome, "refused_rows": len(r.refused)} for name, r in done.judged],
        "ignored": {entry.name: entry.why for entry in done.ignored},
        "new_records": done.new_records,
        "master": str(done.written.path),
        "written": done.written.is_written,
        "pending": done.written.pending,
        "past": [
            {
                "kpi": change.key[0],
                "org": change.key[1],
                "period": change.key[2],
                "before": {"rag": change.before.rag, "actual": change.before.actual},
                "now": {"rag": change.now.rag, "actual": change.now.actual},
                "is_past": change in done.past.changes,
            }
            for change in (*done.past.changes, *done.past.not_past)
        ],
        "findings": [f.as_record() for f in done.findings],
        "counts": count_words.as_record(done.counts) if done.counts else None,
    }


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
        "unmatched": [received.file for received in period_status.unmatched],
    }
