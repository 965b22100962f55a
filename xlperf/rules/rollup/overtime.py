"""Roll-up over time: months become the quarter, and the periods so far become the year to date."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd

from xlperf.catalogue import AcrossOrgs, Catalogue, Direction, Kind, Kpi, OverTime
from xlperf.period import Period
from xlperf.rules.milestones import COMPLETE, MISSED, is_past_due
from xlperf.rules.rag import MILESTONES, Rag, RagLimits, limits, rate
from xlperf.rules.rollup.batches import in_batches
from xlperf.rules.rollup.combine import FIGURE, combine, has_figure
from xlperf.rules.rollup.exact import sums
from xlperf.rules.rollup.expected import in_open_periods
from xlperf.rules.rollup.spans import SPANS, Span, spans
from xlperf.rules.rollup.tree import fits
from xlperf.rules.shown import shown_all
from xlperf.rules.target_in_force import target_of

LIMITS = list(RagLimits.__slots__)
COLUMNS = ["kpi_id", "org", "span", "span_label", "first_period", "last_period", *FIGURE]
COLUMNS += ["reported_periods", "expected_periods", "partial", *LIMITS, "rag", "shown"]
_OF_SPAN = ["kpi_id", "rolled_up", "kpi_order", "span_order", "span", "span_label", "first_period", "last_period"]
_OF_SPAN += ["periods", "method", "factor", "decimals", "direction", "is_milestone"]
_OF_PERIOD = ["period", "number", "is_last", "is_past_due", "weight"]


def roll_up_time(catalogue: Catalogue, figures: pd.DataFrame, as_at: Period) -> pd.DataFrame:
    """The quarter and the year to date of each series, as at the end of a reporting period.

    Args:
        catalogue: whose methods and targets apply.
        figures: as for `roll_up_orgs`; rows that it made may be among them, with `rolled_up` and `partial`.
        as_at: the reporting period. Figures of later periods are left out.

    Returns:
        A row a (kpi_id, org, span) that has a row of figures, in catalogue order, then org, then span, with the columns
        of `COLUMNS`. `expected_periods` are those of the span in which the org is open and that the KPI applies to, and
        those for which it gave a figure when closed; `reported_periods` are those of them with a complete figure.
        `partial` is a sum that lacks a period, or anything made of a sum that lacks an org: it is never rated. The
        limits are those that it is judged by: of the last period's target, or for a sum those of its periods added up,
        NaN where one is missing or has none. `milestone` is the status of a milestone, else "".
    """
    about = pd.DataFrame(list(_periods(catalogue, as_at)), columns=[*_OF_SPAN, *_OF_PERIOD, *LIMITS])
    about = about.astype(dict.fromkeys(("rolled_up", "is_last", "is_past_due", "is_milestone"), bool))
    figures = figures[
        figures["kpi_id"].isin(about["kpi_id"].unique()) & figures["period"].isin(about["period"].unique())
    ]
    spans_of = [_rows(_terms(catalogue, about, batch)) for batch in in_batches(catalogue, figures)]
    return pd.concat(spans_of, ignore_index=True) if len(spans_of) > 1 else spans_of[0]


def _rows(terms: pd.DataFrame) -> pd.DataFrame:
    rows = terms.drop_duplicates("group", keep="last", ignore_index=True).copy()
    is_given = has_figure(terms)

    def count(which: pd.Series) -> np.ndarray:
        return np.bincount(terms.loc[which, "group"], minlength=len(rows))

    rows["expected_periods"] = rows["periods"].astype(np.int64) - count(terms["not_applicable"])
    rows["reported_periods"] = count(is_given & ~terms["partial"])
    lacks = rows["reported_periods"] < rows["expected_periods"]
    counts = is_given & (terms["is_last"] | (terms["method"] != OverTime.LAST))
    rows["partial"] = (count(counts & terms["partial"]) > 0) | (lacks & (rows["method"] == OverTime.SUM))
    rows[list(FIGURE)] = combine(terms[counts], len(rows))
    _add_up_limits(rows, terms[counts], lacks)
    rows["rag"] = _rag(rows)
    printed = shown_all(rows["actual"].to_numpy(np.float64), rows["decimals"].to_numpy(np.int64), _ends(rows))
    rows["shown"] = np.where(rows["is_milestone"], rows["milestone"], printed)
    return rows[COLUMNS]


def _terms(catalogue: Catalogue, about: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Each figure of each span with what is to be known of the two, by `group` (KPI, org and span), then by time."""
    flags = ("not_applicable", "rolled_up", "partial")
    figures = figures.assign(**{name: False for name in flags if name not in figures})
    figures = figures[["kpi_id", "org", "period", *FIGURE, *flags]].astype(dict.fromkeys(flags, bool))
    terms = in_open_periods(catalogue, figures.merge(about, on=["kpi_id", "period", "rolled_up"]))
    is_missed = terms["is_past_due"] & ~terms["milestone"].isin(("", COMPLETE))
    terms["milestone"] = terms["milestone"].where(~is_missed, MISSED)
    orgs = {org.code: index for index, org in enumerate(catalogue.orgs)}
    terms["org_order"] = terms["org"].map(orgs).fillna(len(orgs))
    terms["group"] = terms.groupby(["kpi_order", "org_order", "org", "span_order"]).ngroup()
    return terms.sort_values(["group", "number"], ignore_index=True)


def _periods(catalogue: Catalogue, as_at: Period) -> Iterator[dict[str, object]]:
    """Each period of each span of each KPI, once for reported figures and once for rolled-up ones (`_OF_SPAN`)."""
    for order, kpi in enumerate(catalogue.kpis):
        if not fits(kpi, kpi.roll_up.time):
            continue
        for rolled_up, span in product((False, True), spans(catalogue, kpi, as_at)):
            for period, within in _judged_by(kpi, rolled_up, span):
                yield {
                    "kpi_id": kpi.id,
                    "rolled_up": rolled_up,
                    "kpi_order": order,
                    "span_order": SPANS.index(span.name),
                    "span": span.name,
                    "span_label": span.label,
                    "first_period": str(span.periods[0]),
                    "last_period": str(span.periods[-1]),
                    "periods": len(span.periods),
                    "method": str(kpi.roll_up.time),
                    "factor": kpi.factor,
                    "decimals": kpi.shown_decimals,
                    "direction": str(kpi.direction),
                    "is_milestone": kpi.kind is Kind.MILESTONE,
                    "period": str(period),
                    "number": period.number,
                    "is_last": period == span.periods[-1],
                    "is_past_due": is_past_due(target_of(kpi, rolled_up, period), period.last_day),
                    "weight": float((period.last_day - period.first_day).days + 1),
                    **{name: getattr(within, name) for name in LIMITS},
                }


def _judged_by(kpi: Kpi, rolled_up: bool, span: Span) -> Iterator[tuple[Period, RagLimits]]:
    """The periods of a span with the limits each brings to it; none where no figure can be made of them.

    Parts need parts, which a figure of several orgs has only where it was rolled up by them; the worst outside a range
    needs the range.
    """
    method = kpi.roll_up.time
    if method is OverTime.PARTS and rolled_up and kpi.roll_up.orgs is not AcrossOrgs.PARTS:
        return
    last = limits(target_of(kpi, rolled_up, span.periods[-1]), kpi.direction)
    in_range = kpi.direction is Direction.RANGE and kpi.kind is not Kind.MILESTONE
    if method is OverTime.WORST and in_range and not last.has_target:
        return
    for period in span.periods:
        own = limits(target_of(kpi, rolled_up, period), kpi.direction)
        yield period, own if method is OverTime.SUM else last


def _ends(rows: pd.DataFrame) -> tuple[np.ndarray, ...]:
    return tuple(rows[name].to_numpy(np.float64) for name in LIMITS)


def _add_up_limits(rows: pd.DataFrame, counted: pd.DataFrame, lacks: pd.Series) -> None:
    """The limits of a sum: those of its periods added up; none where one is missing or has none."""
    is_sum = rows["method"] == OverTime.SUM
    summed = counted[counted["method"] == OverTime.SUM]
    for name in LIMITS:
        total = sums(summed[name].to_numpy(np.float64), summed["group"].to_numpy(), len(rows))
        rows[name] = np.where(is_sum, np.where(lacks, np.nan, total), rows[name])


def _rag(rows: pd.DataFrame) -> np.ndarray:
    """The RAG of each row; its own `not_applicable` is that of its last period with a row."""
    rag = rate(rows["actual"].to_numpy(np.float64), *_ends(rows))
    status = (
        rows["milestone"]
        .map(lambda status_word: str(MILESTONES.get(status_word, Rag.NOT_RETURNED)))
        .to_numpy(dtype=object)
    )
    rag = np.where(rows["is_milestone"], status, rag)
    rag[rows["partial"].to_numpy(dtype=bool)] = str(Rag.NOT_RETURNED)
    last = (rows["method"] == OverTime.LAST) & rows["is_last"] & rows["not_applicable"]
    rag[(last | (rows["expected_periods"] == 0)).to_numpy(dtype=bool)] = str(Rag.NOT_APPLICABLE)
    return rag
