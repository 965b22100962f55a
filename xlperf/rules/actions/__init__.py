"""Actions: what was promised about a KPI, section or other subject, by whom and by when, and what came of it."""

from xlperf.rules.actions.action import Action, ActionStatus, Disputed, Move, Progress
from xlperf.rules.actions.event import ActionEvent, EventSource
from xlperf.rules.actions.register import ActionRegister, register

__all__ = [
    "Action",
    "ActionEvent",
    "ActionRegister",
    "ActionStatus",
    "Disputed",
    "EventSource",
    "Move",
    "Progress",
    "register",
]
