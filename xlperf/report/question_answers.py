"""The key business questions, each answered in a sentence: the one that summary and a section's page share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
        if of := tuple(each for each in whole if each.kpi.question == question.id):
            yield QuestionAnswered(question, of, *_answer(assessment, of))


def _answer(assessment: Assessment, of: Sequence[Latest]) -> tuple[str, str]:
    counted = colours(of)
    lacking = sum(each.rag in ON_TARGET and each.lacks_orgs for each in of)
    beside = f" ({lacking} without every part)" if lacking else ""
    more = [f"{beside}: {colour_words(counted)}"]
    furthest = furthest_off_target(of)
    if furthest is not None:
        named = f"{furthest.kpi.id} {figures.name(assessment, furthest)}"
        is_alone = sum(each.rag in COLOURS for each in of) == 1
        more.append(f"{'off target is' if is_alone else 'furthest off target is'} {named}, {_said(furthest)}")
    if len(of) == 1 and (parts := parts_words(assessment, of[0])):
        more.append(parts)
    return on_target_words(counted), "; ".join(more)


def furthest_off_target(of: Sequence[Latest]) -> Latest | None:
    """The figure that is furthest off its target now, in tolerances; the first of several; None where none is off."""
    off = [each for each in of if each.rag in COLOURS and each.row is not None]
    return max(off, key=lambda each: shortfall(each.kpi, each.row or {}).tolerances, default=None)


def parts_words(assessment: Assessment, latest: Latest) -> str:
    """`2 of 7 parts on target, furthest off is North West, 87.2 %`, of a rolled-up figure; else ""."""
    listed = (assessment.latest_by_series.get((latest.kpi.id, org)) for org in latest.members)
    parts = [each for each in listed if each is not None]
    if not parts:
        return ""
    counted = on_target_words(colours(parts)).replace(" on target", f" part{'' if len(parts) == 1 else 's'} on target")
    furthest = furthest_off_target(parts)
    return counted if furthest is None else f"{counted}, furthest off is {furthest.org.name}, {_said(furthest)}"


def _said(latest: Latest) -> str:
    """A figure with its unit; with its variation, where SPC says that it is really changing."""
    verdicts = latest.verdicts
    really = VARIATION[verdicts.variation] if verdicts and verdicts.variation in _SPECIAL else ""
    return ", ".join(filter(None, (figures.shown(latest.kpi, latest.row), really)))
