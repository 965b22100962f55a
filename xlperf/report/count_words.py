"""The counts of `assessment.counts` in words: the same for the heading, About and the closing messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from xlperf.assessment.action_standing import ActionCounts
from xlperf.assessment.counts import Colours, Counts, OnLadder
from xlperf.assessment.return_counts import ReturnCounts
from xlperf.rules.ratings import Rag

if TYPE_CHECKING:  # whoever counts returns needs no arrays
    from xlperf.assessment.roll_up_words import WordsCounts

_ON_TARGET = (Rag.GREEN, Rag.BLUE)
_JUDGED = (Rag.RED, Rag.AMBER, *_ON_TARGET)
_COUNTED = (*_JUDGED, Rag.NO_TARGET, Rag.NOT_APPLICABLE, Rag.NOT_RETURNED, Rag.NOT_DUE, Rag.CLOSED)


def colour_words(colours: Colours) -> str:
    """How many of each: `1 Red, 6 Green, 3 Not returned (2 were Red), 1 Not due`.

    For those without a colour it adds how many were Red when last rated, so that no Red disappears because a figure is
    missing; each count beside those that it is of.
    """
    number, were_red = colours.by_rag, colours.were_red
    return ", ".join(
        f"{number[rag]} {rag}{_were_red(were_red.get(rag, 0), number[rag])}" for rag in _COUNTED if number.get(rag)
    )


def on_target_words(colours: Colours) -> str:
    """`2 of 3 on target`, of the figures that there are to be; `no figure to judge` where none has a colour.

    What is not returned, not due or without a target is among the three, so that no answer looks complete without it.
    What has closed or does not apply is not.
    """
    number = colours.by_rag
    if not any(number.get(rag) for rag in _JUDGED):
        return "no figure to judge"
    applies = sum(number.get(rag, 0) for rag in _COUNTED if rag not in (Rag.NOT_APPLICABLE, Rag.CLOSED))
    return f"{sum(number.get(rag, 0) for rag in _ON_TARGET)} of {applies} on target"


def _were_red(number: int, of_number: int) -> str:
    if not number:
        return ""
    return " (was Red)" if of_number == 1 else f" ({number} {'was' if number == 1 else 'were'} Red)"


def figure_words(counts: Counts) -> str:
    """`28 indicators, 31 figures`; the figures are left out where there is one for each."""
    figures = f", {of(counts.figures, 'figure')}" if counts.figures > counts.kpis else ""
    return f"{of(counts.kpis, 'indicator')}{figures}"


def return_words(returns: ReturnCounts) -> str:
    """`8 of 9 returns received`; "" where none are expected."""
    return f"{returns.returned} of {returns.expected} returns received" if returns.expected else ""


def accounted_for(returns: ReturnCounts) -> str:
    """`9 issued = 7 returned + 2 missing (of them 1 held for the team)`."""
    held = f" (of them {returns.held} held for the team)" if returns.held else ""
    no_longer_due = f" + {returns.no_longer_due} no longer due" if returns.no_longer_due else ""
    return f"{returns.issued} issued = {returns.returned} returned + {returns.missing} missing{held}{no_longer_due}"


def escalation_words(
    decided: OnLadder, proposed: OnLadder, beside: OnLadder | None = None, undecided: OnLadder | None = None
) -> str:
    """`1 in escalation and 7 proposals of escalation to decide`, with how many of each are sections.

    Args:
        decided: what is in escalation.
        proposed: what is for decision, by whoever reads it.
        beside: how many of those in escalation the page does not show.
        undecided: how many of the proposals it does not show.
    """
    words = []
    if decided.total:
        words.append(f"{decided.total} in escalation{_of_them(decided, beside)}")
    if proposed.total:
        words.append(f"{of(proposed.total, 'proposal')} of escalation to decide{_of_them(proposed, undecided)}")
    return " and ".join(words) or "none in escalation"


def _of_them(number: OnLadder, not_shown: OnLadder | None = None) -> str:
    others = ((number.sections, "section"), (number.orgs, "organisation"))
    parts = [of(count, noun) for count, noun in others if count]
    if not_shown and not_shown.total:
        parts.append(f"{not_shown.total} on KPIs only")
    return f" (of them {', '.join(parts)})" if parts else ""


def list_words(counts: Counts) -> str:
    """`17 to act on, 4 to celebrate`."""
    return f"{counts.to_act_on.total} to act on{_of_them(counts.to_act_on)}, {counts.to_celebrate} to celebrate"


def action_words(counts: ActionCounts) -> str:
    """`12 actions to be done, 3 of them overdue, 2 put off twice or more`; "" where nothing is to be done."""
    return f"{of(counts.open, 'action')} to be done, {late_words(counts)}" if counts.open else ""


def late_words(counts: ActionCounts) -> str:
    """Of the actions to be done: `3 of them overdue, 2 put off twice or more`; `none overdue`."""
    overdue = f"{counts.overdue} of them overdue" if counts.overdue else "none overdue"
    return f"{overdue}, {counts.slipping} put off twice or more" if counts.slipping else overdue


def action_sum(counts: ActionCounts) -> str:
    """`17 opened = 12 to be done + 3 done + 1 dropped + 1 replaced`."""
    return (
        f"{counts.opened} opened = {counts.open} to be done + {counts.done} done + {counts.dropped} dropped + "
        f"{counts.replaced} replaced"
    )


def in_one_line(counts: Counts) -> str:
    """Everything that is counted of a period, as the last line of a message."""
    return " · ".join(
        filter(
            None,
            (
                f"{figure_words(counts)}: {colour_words(counts.colours)}",
                return_words(counts.returns),
                escalation_words(counts.in_escalation, counts.to_decide),
                list_words(counts),
                action_words(counts.actions),
                f"{counts.restated} restated" if counts.restated else "",
            ),
        )
    )


def words_sum(counts: WordsCounts) -> str:
    """`4 rolled-up figures to speak of = 2 with approved words + 1 with a draft + 1 without words; 1 said of …`."""
    parts = f"{counts.approved} with approved words + {counts.drafts} with a draft + {counts.without} without words"
    moved = f"; {counts.moved} said of a figure that has changed since" if counts.moved else ""
    return f"{of(counts.asked, 'rolled-up figure')} to speak of = {parts}{moved}"


def about_rows(counts: Counts) -> Iterator[tuple[str, str]]:
    """The counts as (item, value) rows of About, each with what it is out of."""
    figures = of(counts.figures, "figure")
    yield (
        "Counted",
        (
            f"{figures} of {of(counts.kpis, 'indicator')}: one for each KPI and org that is still reported or has "
            "closed, those that are rolled up among them"
        ),
    )
    yield "By colour", f"{figures}: {colour_words(counts.colours) or 'none'}"
    yield "Off target", (f"{counts.off_target} of {figures}: Red or Amber, or last rated so and without a colour since")
    yield (
        "Forecast to miss",
        f"{counts.forecast_to_miss} of {figures}: by their owners, the target of a year end that is still to come",
    )
    yield (
        "Escalation",
        f"{escalation_words(counts.in_escalation, counts.to_decide)}, out of {figures} and the sections of each org",
    )
    others = "sections in a stage or proposed for one, and organisations that are warned of, are to act on too"
    yield "Listed in Exceptions", f"{list_words(counts)}, out of {figures}; {others}"
    yield "May still change", f"{counts.provisional} of {figures} provisional, {counts.restated} of {figures} restated"
    if counts.actions.opened:
        silent = counts.actions.silent
        silent_words = f"; of {silent} no progress was reported for two periods or more" if silent else ""
        yield (
            "Actions",
            f"{action_sum(counts.actions)}; {action_words(counts.actions) or 'none to be done'}{silent_words}",
        )
    if counts.words.asked:
        yield "Executives' words", f"{words_sum(counts.words)}; see Narrative"
    if words := return_words(counts.returns):
        yield "Returned", words


def as_record(counts: Counts) -> dict[str, Any]:
    """The counts for `--json`."""
    return {
        "kpis": counts.kpis,
        "figures": counts.figures,
        "rag": {str(rag): counts.colours.by_rag.get(rag, 0) for rag in _COUNTED},
        "were_red": sum(counts.colours.were_red.values()),
        "off_target": counts.off_target,
        "forecast_to_miss": counts.forecast_to_miss,
        "provisional": counts.provisional,
        "restated": counts.restated,
        "in_escalation": _ladder_record(counts.in_escalation),
        "to_decide": _ladder_record(counts.to_decide),
        "to_act_on": {**_ladder_record(counts.to_act_on), "orgs": counts.to_act_on.orgs},
        "to_celebrate": counts.to_celebrate,
        "actions": asdict(counts.actions),
        "returns": {"issued": counts.returns.issued, "returned": counts.returns.returned, "held": counts.returns.held},
    }


def _ladder_record(number: OnLadder) -> dict[str, int]:
    return {"figures": number.figures, "sections": number.sections}


def of(count: int, noun: str) -> str:
    """`1 figure`, `2 figures`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
