"""What has become of actions from one assessment to a later one."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment.action_standing import Actions, ActionStanding
from xlperf.assessment.change import Change, ChangeKind
from xlperf.rules.actions import ActionStatus
from xlperf.rules.escalation.phrases import day


def action_changes(then: Actions, now: Actions) -> Iterator[Change]:
    """Actions that have been closed, have become overdue, were opened again or put off since.

    Of one action the first of these that holds is told. One that was opened and done since is told as closed; one that
    was only replaced, as a slip in its words is, is not.
    """
    before = {each.action.opened_as: each for each in then.standing}
    for each in now.standing:
        was = before.get(each.action.opened_as)
        if not each.action.is_open:
            is_new = was is None and each.action.status is not ActionStatus.REPLACED
            if is_new or (was is not None and was.action.is_open):
                came = "; ".join(filter(None, (each.action.status_words, each.action.evidence or each.action.reason)))
                yield _change(ChangeKind.ACTION_CLOSED, each, came)
        elif each.is_overdue and not (was and was.is_overdue):
            yield _change(ChangeKind.ACTION_OVERDUE, each, f"was due {_due(each)}")
        elif was is not None and not was.action.is_open:
            why = each.action.reason if each.action.reason != was.action.reason else ""
            yield _change(ChangeKind.ACTION_REOPENED, each, f"due {_due(each)}", was.action.status_words, why)
        elif was is not None and each.action.times_moved > was.action.times_moved:
            why = each.action.reason if each.action.reason != was.action.reason else ""
            yield _change(ChangeKind.ACTION_MOVED, each, f"now due {_due(each)}", _due(was), why)


def _change(kind: ChangeKind, standing: ActionStanding, now: str, before: str = "", why: str = "") -> Change:
    action = standing.action
    named = ", ".join(filter(None, (action.id, action.what.rstrip(". "), action.owner)))
    return Change(kind, *action.about, "", before, f"{named}: {now}", why, action=action.id)


def _due(standing: ActionStanding) -> str:
    return day(standing.action.due) if standing.action.due else "no date"
