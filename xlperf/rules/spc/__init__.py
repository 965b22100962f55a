"""SPC: XmR charts and the two verdicts of NHS Making Data Count, variation and assurance.

rulesets           the two named rulesets, and the constants
exact_means        means to the last bit
limits             segments, moving ranges, limits
causes             the four rules for special causes
verdicts           refusals, variation, assurance
verdict_sentences  the sentence for the board
judge              all of these on a block of series
many               many series: `assess_many`
segments           rebases, and what the dates alone show
series             one series with its dates: `assess`
"""

from xlperf.rules.spc.judge import NOT_KNOWN, SpcResults
from xlperf.rules.spc.many import assess_many
from xlperf.rules.spc.rulesets import MDC, NHSR, RULESETS, Ruleset
from xlperf.rules.spc.series import Spc, SpcTarget, assess

__all__ = ["MDC", "NHSR", "NOT_KNOWN", "RULESETS", "Ruleset", "Spc", "SpcResults", "SpcTarget", "assess", "assess_many"]
