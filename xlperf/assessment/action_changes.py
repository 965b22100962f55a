"""What has become of actions from one assessment to a later one."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment.action_standing import Actions, ActionStanding
from xlperf.assessment.change import Change, ChangeKind
from xlperf.rules.escalation.phrases import day


def action_changes(then: Actions, now: Actions) -> Iterator[Change]:
    """Actions that have been closed, have become overdue, or were put off since; of one the first that holds."""
    before = {each.action.opened_as: each for each in then.standing}
    for each in now.standing:
        was = before.get(each.action.opened_as)
        if not each.action.is_open:
            if was is not None and was.action.is_open:
                came = "; ".join(filter(None, (each.action.status_words, each.action.evidence or each.action.reason)))
                yield _change(ChangeKind.ACTION_CLOSED, each, came)
        elif each.is_overdue and not (was and was.is_overdue):
            yield _change(ChangeKind.ACTION_OVERDUE, each, f"was due {_due(each)}")
        elif was is not None and each.action.times_moved > was.action.times_moved:
            why = each.action.reason if each.action.reason != was.action.reason else ""
            yield _change(ChangeKind.ACTION_MOVED, each, f"now due {_due(each)}", _due(was), why)


def _change(kind: ChangeKind, standing: ActionStanding, now: str, before: str = "", why: str = "") -> Change:
    action = standing.action
    named = ", ".join(filter(None, (action.id, action.what.rstrip(". "), action.owner)))
    return Change(kind, *action.about, "", before, f"{named}: {now}", why, action=action.id)


def _due(standing: ActionStanding) -> str:
    return day(standing.action.due) if standing.action.due else "no date"
