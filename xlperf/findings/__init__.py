"""Findings: one thing noticed each, as a value, with what a person needs to put it right.

kind       what a code means: severity, remedy, and what is done with it
kinds      `KINDS`, the table of all codes
location   where a finding is
plain      text from outside made fit to print
finding    one finding, and how it is made
"""

from xlperf.findings.finding import Finding, finding, from_record, most_severe
from xlperf.findings.kind import FindingKind, Severity
from xlperf.findings.kinds import KINDS
from xlperf.findings.location import Location
from xlperf.findings.plain import plain

__all__ = ["KINDS", "Finding", "FindingKind", "Location", "Severity", "finding", "from_record", "most_severe", "plain"]
