"""Cases: what was done about an issue in escalation, typed by the team between the returns."""

from xlperf.rules.cases.entry import CaseEntry, EntryKind
from xlperf.rules.cases.log import EntryEvent, case_log

__all__ = ["CaseEntry", "EntryEvent", "EntryKind", "case_log"]
