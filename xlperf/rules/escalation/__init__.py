"""Escalation: which stage the catalogue's ladder proposes for a KPI or a section, and why. A person decides.

case              what goes in and what comes out: figures, decisions, a proposal
answer            how a decision answers a proposal, and whether it is still to be decided
standing          the stage in force by decision: since when, when it is reviewed, who is told
steps             what each decision changed
entering          what takes a KPI into a stage
leaving           what takes a KPI out of a stage
kpi_proposal      one KPI of one org: `propose`
sections          one section of one org: `propose_section`
phrases           days, periods and lists in words
rated             the rated figures of a whole frame, series after series
series_proposals  all series of a frame at once: `escalations`
blocks            all sections of a frame at once: `section_escalations`
"""

from xlperf.rules.escalation.answer import Answer, DecisionInForce, answer
from xlperf.rules.escalation.blocks import section_escalations
from xlperf.rules.escalation.case import (
    NO_STAGE,
    RATED,
    Case,
    Decided,
    EscalationInputs,
    ExitCondition,
    Proposal,
    Rated,
    SectionCase,
    SectionState,
    Unseen,
)
from xlperf.rules.escalation.kpi_proposal import propose
from xlperf.rules.escalation.leaving import exit_words
from xlperf.rules.escalation.sections import propose_section
from xlperf.rules.escalation.series_proposals import escalations
from xlperf.rules.escalation.standing import Standing, next_review, standing, told_of
from xlperf.rules.escalation.steps import StageChange, StageStep, steps

__all__ = [
    "NO_STAGE",
    "RATED",
    "Answer",
    "Case",
    "Decided",
    "DecisionInForce",
    "EscalationInputs",
    "ExitCondition",
    "Proposal",
    "Rated",
    "SectionCase",
    "SectionState",
    "StageChange",
    "StageStep",
    "Standing",
    "Unseen",
    "answer",
    "escalations",
    "exit_words",
    "next_review",
    "propose",
    "propose_section",
    "section_escalations",
    "standing",
    "steps",
    "told_of",
]
