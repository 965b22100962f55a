"""Findings: one fault each, as a value, with what a person needs to put it right.

kind       what a code means: severity, remedy, and what is done with it
kinds      `KINDS`, the table of all codes
location   where a finding is
finding    one finding, and how it is made
"""

from xlperf.findings.finding import Finding, finding, from_record, gravest
from xlperf.findings.kind import FindingKind, Severity
from xlperf.findings.kinds import KINDS
from xlperf.findings.location import Location, plain

__all__ = ["KINDS", "Finding", "FindingKind", "Location", "Severity", "finding", "from_record", "gravest", "plain"]
