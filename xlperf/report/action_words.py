"""What is said of actions, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xlperf.assessment import Assessment
from xlperf.assessment.action_standing import ActionStanding
from xlperf.catalogue import Section
from xlperf.report import layout
from xlperf.rules.actions import Disputed
from xlperf.rules.escalation.phrases import day, often, sentence


def of_sections(
    assessment: Assessment, actions: Iterable[ActionStanding], sections: Sequence[Section]
) -> list[ActionStanding]:
    """Those of some actions that are about these sections or their KPIs; with all sections, every action."""
    if len(sections) == len(assessment.catalogue.sections):
        return list(actions)
    ids, kpis = {section.id for section in sections}, assessment.catalogue.kpi_by_id

    def section_of(ref: str) -> str:
        return kpis[ref].section if ref in kpis else ref

    return [each for each in actions if section_of(each.action.about[0]) in ids]


def promise_words(standing: ActionStanding, *, names_owner: bool = True) -> str:
    """An open action in a sentence: its number, what, who, by when, and how it stands.

    Who does it is left out where nobody is to be named, as in a question that a meeting asks.
    """
    action = standing.action
    if action.first_due and action.due and action.first_due != action.due:
        when = f"first promised for {day(action.first_due)}, now due {day(action.due)}"
    else:
        when = f"due {day(action.due)}" if action.due else "no date"
    who = action.owner if names_owner else ""
    parts = (action.what.rstrip(". "), who, when, *standing.reasons())
    number = f"{action.id}: " if action.id else ""
    return sentence(number + "; ".join(filter(None, parts)))


def notes(standing: ActionStanding) -> Iterator[str]:
    """What a reader of the register should see of an action: how late it is, how it slipped, and what is in dispute."""
    yield from standing.reasons()
    if reopened := standing.action.reopened:
        yield f"opened again {often(reopened)}"
    for each in standing.action.disputed:
        yield dispute_words(layout.ACTION_CELLS[each.cell], each)


def dispute_words(header: str, disputed: Disputed) -> str:
    """That a cell was changed by somebody who had not seen what it was by then."""
    return (
        f"{header} '{disputed.typed}' was typed in {disputed.named} without having seen what had been recorded since; "
        "what stands here counts until you type over it"
    )
