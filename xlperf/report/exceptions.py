"""Exceptions: what to act on, and what to celebrate."""

from __future__ import annotations

from xlperf.report import layout
from xlperf.report.facts import Facts, Judged, Latest, Row, date_of, head
from xlperf.report.quality import confidence
from xlperf.report.verdicts import assurance, flag, variation
from xlperf.returns.words import target_words
from xlperf.rules.celebrate import celebrations
from xlperf.rules.escalation import RATED, Rated
from xlperf.rules.rag import Rag
from xlperf.rules.rollup import target_of

_OFF_TARGET = (Rag.RED, Rag.AMBER)


def exception_rows(facts: Facts) -> list[Row]:
    """First what is off target, or will be, worst first; then what went well."""

    def worst_first(latest: Latest) -> tuple[int, bool, int]:
        colour = _OFF_TARGET.index(latest.rag) if latest.rag in _OFF_TARGET else len(_OFF_TARGET)
        return (colour, not facts.stage_words(latest.series), -_off_target_since(facts, latest)[0])

    to_act_on = sorted((latest for latest in facts.latest if _needs_attention(facts, latest)), key=worst_first)
    rows = [_exception(facts, latest, layout.TO_ACT_ON, _why(facts, latest)) for latest in to_act_on]
    for latest in facts.latest:
        good = _good_news(facts, latest)
        if good:
            rows.append(_exception(facts, latest, layout.TO_CELEBRATE, "; ".join(good)))
    return rows


def _needs_attention(facts: Facts, latest: Latest) -> bool:
    if latest.row is None or not latest.is_current:
        return False
    return latest.rag in _OFF_TARGET or bool(flag(facts, latest))


def _why(facts: Facts, latest: Latest) -> str:
    running, since = _off_target_since(facts, latest)
    said = [f"{latest.rag}; off target for {running} periods, since {since}"] if running > 1 else []
    said = said or ([str(latest.rag)] if running else [])
    return "; ".join([*said, *filter(None, (flag(facts, latest), latest.reported))])


def _good_news(facts: Facts, latest: Latest) -> tuple[str, ...]:
    process = facts.processes.get(latest.series)
    if latest.rag not in RATED or latest.lacks_orgs:
        return ()  # not while those who have not reported could undo it
    history = [_rated(latest, row) for row in facts.series.get(latest.series, ()) if row["rag"] in RATED]
    return celebrations(history, process.trend if process else "", facts.catalogue.rules.sustained_green)


def _rated(latest: Latest, row: Judged) -> Rated:
    period = latest.kpi.period(row["period"])
    return Rated(period.short, row["rag"], row["shown"], period.last_day)


def _exception(facts: Facts, latest: Latest, listed: str, why: str) -> Row:
    row = latest.row or {}
    current = facts.current(row)
    period = latest.kpi.period(row["period"])
    running, since = _off_target_since(facts, latest)
    sections = {section.id: section.name for section in facts.catalogue.sections}
    told: Row = {
        "List": listed,
        **head(latest),
        "RAG": str(latest.rag),
        "Latest": row["shown"],
        "Target": target_words(latest.kpi, target_of(latest.kpi, bool(latest.members), period)),
        "As at": period.short,
        "Why it is listed": why,
        "Red or Amber since": since,
        "Periods": running or None,
        "Change": row["movement"],
        "Variation": variation(facts, latest),
        "Assurance": assurance(facts, latest),
        "Data quality": confidence(facts, latest).letters,
        "Escalation": facts.stage_words(latest.series),
        "Responsible owner": facts.responsible_owner(latest),
        "Executive owner": facts.executive_owner(latest),
        "Section": sections[latest.kpi.section],
    }
    if current is None:
        return told
    figure = current.now
    return told | {
        "Commentary": figure.commentary,
        "Cause": figure.cause,
        "Action": figure.action,
        "Action owner": figure.action_owner,
        "Action due": date_of(figure.action_due),
    }


def _off_target_since(facts: Facts, latest: Latest) -> tuple[int, str]:
    """For how many figures running it has been Red or Amber, and from which period on."""
    rows = facts.series[latest.series]
    count = 0
    while count < len(rows) and rows[-1 - count]["rag"] in _OFF_TARGET:
        count += 1
    return count, latest.kpi.period(rows[-count]["period"]).short if count else ""
