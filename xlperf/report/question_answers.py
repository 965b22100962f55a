"""The key business questions, each answered in a sentence: the one that summary and a section's page share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.counts import colours
from xlperf.catalogue import Question
from xlperf.report.count_words import colour_words, on_target_words
from xlperf.report.exception_reasons import COLOURS
from xlperf.report.pages import figure_words as figures
from xlperf.report.verdict_words import VARIATION
from xlperf.rules.escalation.case import CONCERN, ON_TARGET
from xlperf.rules.shortfall import shortfall

ON = " on target"
_SPECIAL = (CONCERN, "special_cause_improvement")


@dataclass(frozen=True)
class QuestionAnswered:
    """A question, the figures that are to answer it, and what they say.

    Attributes:
        question: the question.
        figures: a rolled-up figure counts once, its parts are not among them (see decision 90).
        lead: `2 of 3 on target`.
        more: the colours, and which figure is furthest off its target: what follows the lead, as a sentence does.
    """

    question: Question
    figures: tuple[Latest, ...]
    lead: str
    more: str

    @property
    def sentence(self) -> str:
        """The whole answer."""
        return f"{self.lead}{self.more}."


def answers(assessment: Assessment, members: Sequence[Latest]) -> Iterator[QuestionAnswered]:
    """The questions that some of these figures answer, in the order of the catalogue."""
    whole = figures.of_the_whole(assessment, members)
    for question in assessment.catalogue.questions:
        of = tuple(each for each in whole if each.kpi.question == question.id)
        if of and not any(assessment.is_selected(each.series) for each in of):
            yield QuestionAnswered(question, of, *_answer(assessment, of))


def _answer(assessment: Assessment, of: Sequence[Latest]) -> tuple[str, str]:
    counted = colours(of)
    lacking = sum(each.rag in ON_TARGET and each.lacks_orgs for each in of)
    beside = f" ({lacking} without every part)" if lacking else ""
    furthest = furthest_words(of, lambda each: f"{each.kpi.id} {figures.name(assessment, each)}")
    parts = parts_words(assessment, of[0]) if len(of) == 1 else ""
    return on_target_words(counted), "; ".join(filter(None, (f"{beside}: {colour_words(counted)}", furthest, parts)))


def furthest_words(of: Sequence[Latest], named: Callable[[Latest], str]) -> str:
    """`furthest off target is ET3 Core psychiatry fill rate, 72.2 %`; of one alone `off target is`; "" for none."""
    off = [each for each in of if each.rag in COLOURS and each.row is not None]
    if not off:
        return ""
    # In tolerances, as the exceptions are ordered; the first of several.
    furthest = max(off, key=lambda each: shortfall(each.kpi, each.row or {}).tolerances)
    return f"{'furthest off' if len(off) > 1 else 'off'} target is {named(furthest)}, {_said(furthest)}"


def parts_words(assessment: Assessment, latest: Latest) -> str:
    """`2 of 7 parts on target, off target is North West, 87.2 %`, of a rolled-up figure; "" for any other.

    Also "" where none of its parts has a colour.
    """
    listed = (assessment.latest_by_series.get((latest.kpi.id, org)) for org in latest.members)
    parts = [each for each in listed if each is not None]
    counted = on_target_words(colours(parts))
    if not counted.endswith(ON):
        return ""
    counted = f"{counted.removesuffix(ON)} part{'' if len(parts) == 1 else 's'}{ON}"
    return ", ".join(filter(None, (counted, furthest_words(parts, lambda each: each.org.name))))


def _said(latest: Latest) -> str:
    """A figure with its unit; with its variation, where SPC says that it is really changing."""
    verdicts = latest.verdicts
    really = VARIATION[verdicts.variation] if verdicts and verdicts.variation in _SPECIAL else ""
    return ", ".join(filter(None, (figures.shown(latest.kpi, latest.row), really)))
