"""Actions: what was promised about a KPI, section or other subject, by whom and by when, and what came of it."""

from xlperf.rules.actions.action import Action, ActionStatus, Move, Progress
from xlperf.rules.actions.event import ActionEvent, ActionKey, EventSource
from xlperf.rules.actions.register import register
from xlperf.rules.typed_over import Disputed

__all__ = [
    "Action",
    "ActionEvent",
    "ActionKey",
    "ActionStatus",
    "Disputed",
    "EventSource",
    "Move",
    "Progress",
    "register",
]
