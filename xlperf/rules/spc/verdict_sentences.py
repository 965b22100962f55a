"""The reason why there is no verdict, and the sentence for the board."""

from __future__ import annotations

from dataclasses import dataclass

from xlperf.rules.spc.causes import COMMON, DOWN, OUTSIDE, SHIFT, TREND, TWO_OF_THREE, TYPE_NAMES
from xlperf.rules.spc.rulesets import TRIAL_POINTS, Ruleset
from xlperf.rules.spc.verdicts import FEWEST_STEPS, Assurance, Point, Refusal

_ASSURED = {
    Assurance.NO_TARGET: "no target",
    Assurance.PASS: "expected to meet the target consistently",
    Assurance.FAIL: "expected to miss the target unless the process changes",
    Assurance.INCONSISTENT: "may or may not meet the target",
    Assurance.NO_BETTER_DIRECTION: "no better direction to judge the target by",
    Assurance.OF_ANOTHER_FIGURE: "the target is for the figure to date, so there is no assurance",
}
_BOTH_WAYS = {
    (Point.IMPROVEMENT, Assurance.FAIL): ", but if it stops improving it is expected to miss the target",
    (Point.CONCERN, Assurance.PASS): ", but by its limits still expected to meet the target",
}
"""Two verdicts that would read as a contradiction, one beside the other: the limits rest on the earlier figures too."""
_CONSTANT = {Assurance.PASS: "it meets the target", Assurance.FAIL: "it misses the target"}
_PLAIN = {
    OUTSIDE: ("above the upper limit", "below the lower limit"),
    TREND: ("{n} or more points rising", "{n} or more points falling"),
    TWO_OF_THREE: ("two of three points near the upper limit", "two of three points near the lower limit"),
    SHIFT: ("{n} or more points above the mean", "{n} or more points below the mean"),
}
SEASON = "seasonal patterns are not taken into account"
PERIODS_ALONE = "judged by what each period added, not by the figure to date: "


@dataclass(frozen=True, slots=True)
class VerdictFacts:
    """All that the words about a series depend on."""

    variation: Point
    code: int
    """The rule that names the last point; a code of `causes.TYPE_NAMES`."""
    overruled: int
    """The rule for concern that improvement won over; `causes.COMMON` for none."""
    assurance: Assurance
    refusal: Refusal
    figures: int
    """Figures in the last segment, where they are too few."""
    restarted: bool
    in_range: bool
    trial_rows: int
    """Rows of the last segment where its limits are trial limits, else 0."""
    seasonal: bool
    to_date: bool
    """Whether the figures are what each period added to one to date."""


def type_name(code: int, run_length: int) -> str:
    """What the reference calls a special cause."""
    return TYPE_NAMES[code].format(n=run_length)


def reason(facts: VerdictFacts, rules: Ruleset) -> str:
    """Why there is no verdict; "" where there is one."""
    since = " since the limits were restarted" if facts.restarted else ""
    return {
        Refusal.NONE: "",
        Refusal.NO_FIGURES: "no figures",
        Refusal.TOO_FEW_POINTS: f"{facts.figures} of {rules.min_points} points{since}",
        Refusal.TOO_FEW_STEPS: f"too many gaps: fewer than {FEWEST_STEPS} figures have one just before them{since}",
        Refusal.CONSTANT: f"no variation: every figure is the same{since}",
        Refusal.RARE_EVENTS: "rare events: most figures are 0, which these limits cannot judge",
        Refusal.ALMOST_CONSTANT: "almost no variation: most figures repeat the one before",
        Refusal.NO_LIMITS: f"not enough data for limits: no two neighbouring figures{since}",
        Refusal.LAST_MISSING: (
            "what the last period added is not known" if facts.to_date else "the last period has no figure"
        ),
        Refusal.HIDDEN_RUN: f"a gap in the last {rules.run_length} periods hides whether there is a run",
        Refusal.MOVED_TARGET: f"the target moved, and the ruleset {rules.name} knows one target a series",
    }[facts.refusal]


def sentence(facts: VerdictFacts, rules: Ruleset) -> str:
    """Both verdicts in one plain sentence, or why there is none."""
    both = _BOTH_WAYS.get((facts.variation, facts.assurance))
    parts = [_variation(facts, rules) + (both or "")] + ([] if both else [_assurance(facts, rules)])
    if facts.trial_rows and not _reason_replaces_variation(facts):
        parts.append(f"trial limits: {facts.trial_rows} of {TRIAL_POINTS} points")
    if facts.seasonal and not _reason_replaces_variation(facts):
        parts.append(SEASON)
    text = (PERIODS_ALONE if facts.to_date else "") + "; ".join(part for part in parts if part)
    return text[:1].upper() + text[1:] + "."


def _reason_replaces_variation(facts: VerdictFacts) -> bool:
    """Whether the reason replaces the variation: where nothing is judged, and for common cause without limits."""
    no_limits = facts.refusal is Refusal.NO_LIMITS and facts.variation is Point.COMMON
    return no_limits or facts.variation is Point.NOT_JUDGED


def _variation(facts: VerdictFacts, rules: Ruleset) -> str:
    values = "figures high" if facts.code <= DOWN else "figures low"
    if _reason_replaces_variation(facts):
        return reason(facts, rules)
    if facts.variation is Point.COMMON:
        return "no significant change (common cause)"
    if facts.variation is Point.CONCERN:
        return f"special cause: concerning, {values}"
    if facts.variation is Point.IMPROVEMENT:
        return f"special cause: improving, {values}{_overruled_words(facts, rules)}"
    return f"special cause: {values} ({'better is inside the range' if facts.in_range else 'no better direction'})"


def _overruled_words(facts: VerdictFacts, rules: Ruleset) -> str:
    if facts.overruled == COMMON:
        return ""
    return f" ({_plain(facts.code, rules)}), but also concerning ({_plain(facts.overruled, rules)})"


def _plain(code: int, rules: Ruleset) -> str:
    rule, down = (code - DOWN, 1) if code > DOWN else (code, 0)
    return _PLAIN[rule][down].format(n=rules.run_length)


def _assurance(facts: VerdictFacts, rules: Ruleset) -> str:
    if facts.refusal is Refusal.NO_FIGURES:
        return ""
    if facts.refusal is Refusal.CONSTANT and facts.assurance in _CONSTANT:
        return _CONSTANT[facts.assurance]
    if facts.assurance is Assurance.REFUSED:
        return "" if _reason_replaces_variation(facts) else reason(facts, rules)
    return _ASSURED[facts.assurance]
