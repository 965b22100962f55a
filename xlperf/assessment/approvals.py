"""Who has approved the draft of the board's pack, and what has changed since it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlperf.catalogue import Catalogue, ExecutiveOwner
from xlperf.ledger import Approved, Imported, MeetingPack, Received, State
from xlperf.period import Period
from xlperf.returns.figure import FigureKey


@dataclass(frozen=True, slots=True)
class DraftStanding:
    """How the last draft of the board's pack for a period stands.

    Attributes:
        draft: the draft.
        approvals: each executive who has approved it, with the last approval.
        awaited: the executives who answer for a figure that is due in the period, and have not approved it.
        changed: how many figures are another number now than in the draft, are new, or are no longer there.
    """

    draft: MeetingPack
    approvals: Sequence[tuple[ExecutiveOwner, Approved]]
    awaited: Sequence[ExecutiveOwner]
    changed: int


def draft_standing(catalogue: Catalogue, state: State, reporting: Period) -> DraftStanding | None:
    """How the last draft for a period stands; None where there is none."""
    board, period = catalogue.board_meeting.id, str(reporting)
    packs = [(run, pack) for run, pack in state.packs if (pack.meeting, pack.period) == (board, period)]
    drafts = [(run, pack) for run, pack in packs if pack.is_draft]
    if not drafts:
        return None
    run, draft = drafts[-1]
    given = {each.by: each for each in state.approvals if (each.period, each.draft) == (period, draft.name)}
    executives = catalogue.executive_by_id
    asked = dict.fromkeys(catalogue.executive_of(kpi, org).id for kpi, org, _ in catalogue.due_in(reporting))
    return DraftStanding(
        draft,
        [(executives[by], approval) for by, approval in given.items() if by in executives],
        [executives[each] for each in asked if each not in given],
        figures_changed_since(state, run),
    )


def figures_changed_since(state: State, run: str) -> int:
    """How many figures are not as they were before the run of that name."""
    later = [record for each in state.run_records if each.name > run for record in each.records]
    keys = {figure.key for record in later if isinstance(record, Received | Imported) for figure in record.figures}
    if not keys:
        return 0
    then, now = state.before(run).figures, state.figures

    def has_changed(key: FigureKey) -> bool:
        if key not in then or key not in now:
            return key in then or key in now
        return then[key].now.values != now[key].now.values

    return sum(map(has_changed, keys))
