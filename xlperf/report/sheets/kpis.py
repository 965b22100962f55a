"""KPIs in the master: the latest figure of every KPI and org, with its judgements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from xlperf.assessment import Assessment, JudgedFigure, Latest, number_of
from xlperf.assessment.confidence import standing
from xlperf.assessment.forecasts import Forecast
from xlperf.assessment.recovery_standing import RecoveryNow
from xlperf.catalogue import Target
from xlperf.digits import fifteen
from xlperf.ledger import Current
from xlperf.report import layout
from xlperf.report.columns import Column, ColumnKind, MasterSheet, RowOrder
from xlperf.report.exception_reasons import redefined
from xlperf.report.forecast_error_words import forecast_error_words
from xlperf.report.forecast_words import forecast_words
from xlperf.report.narrative_words import words_in_cell
from xlperf.report.recovery_words import recovery_words
from xlperf.report.sheets.common import chart_columns, head_columns, in_period_columns, limit_columns, target_columns
from xlperf.report.verdict_words import NOT_JUDGED, assurance, change, variation, year_change
from xlperf.returns.kpi_words import BETTER_WORDS, measure_words, target_words, tolerance_words
from xlperf.rules.forecast_error import ForecastError
from xlperf.rules.process import Process


@dataclass(frozen=True)
class KpiLine:
    """How a KPI and org stands in the reporting period; cells about the figure are blank if there is none yet."""

    assessment: Assessment
    latest: Latest

    @cached_property
    def judged(self) -> JudgedFigure | None:
        """The last judged figure; None if there is none."""
        return self.latest.row if self.latest.period is not None else None

    def of_figure(self, name: str) -> Any:
        """A column of the last judged figure; None if there is none."""
        return self.judged[name] if self.judged else None

    def number(self, name: str) -> float | None:
        """A number of the last judged figure; None if there is none."""
        return number_of(self.judged[name]) if self.judged else None

    @cached_property
    def target(self) -> Target | None:
        """The target of the period of the last figure, or of that for which there is none."""
        return self.latest.target

    @property
    def current(self) -> Current | None:
        """The ledger's figure; None for a rolled-up one."""
        return self.latest.current

    @property
    def forecast(self) -> Forecast | None:
        """The owner's forecast for a year end that is still to come; None where there is none."""
        return self.latest.forecast if self.latest.forecast and not self.latest.forecast.is_over else None

    @property
    def recovery(self) -> RecoveryNow | None:
        """The recovery path that was promised; None where there is none."""
        return self.assessment.recovery.get(self.latest.series)

    @property
    def forecast_error(self) -> ForecastError | None:
        """How far earlier forecasts were off; None where that cannot be told."""
        return self.assessment.forecast_errors.get(self.latest.series)

    @property
    def process(self) -> Process | None:
        """Trend and SPC verdicts."""
        return self.latest.verdicts

    @cached_property
    def compared(self) -> JudgedFigure | None:
        """How the org compares with those that report the KPI for the same period."""
        if self.judged is None:
            return None
        return self.assessment.compared.get((*self.latest.series, self.judged["period"]))

    @property
    def last_year(self) -> str | None:
        """The movement on the same period of the year before."""
        return year_change(self.latest.kpi, self.judged) if self.judged else None

    @property
    def section(self) -> str:
        """The name of its section."""
        return self.assessment.section_of(self.latest.kpi).name

    @property
    def shown(self) -> str | None:
        """The figure as printed."""
        return None if self.judged is None else "n/a" if self.judged["not_applicable"] else self.judged["shown"]

    @property
    def period_ends(self) -> date | None:
        """The last day of the period of the last figure."""
        return self.latest.period.last_day if self.latest.period else None

    @property
    def first_reported(self) -> float | str | None:
        """The figure as it was returned the first time."""
        return None if self.current is None else self.current.first.milestone or self.current.first.actual

    @property
    def commentary(self) -> str:
        """Why there is no figure, or that the org has closed; else, or if it gave one all the same, the owner's."""
        why = f"({self.latest.why})" if self.latest.why else ""
        given = self.current.now.commentary if self.current and (not why or self.latest.is_current) else ""
        return " ".join(filter(None, (why, given)))

    @property
    def variation(self) -> str | None:
        """The verdict, or how many figures there are; *Process in words* says why there is none."""
        return variation(self.latest) if self.process else None

    @property
    def assurance(self) -> str | None:
        """The verdict; None where there is none."""
        judged = assurance(self.latest) if self.process else NOT_JUDGED
        return None if judged == NOT_JUDGED else judged

    def end(self, which: str) -> str | None:
        """The best or the worst figure of the period, with its org; `which` is `best` or `worst`."""
        org = self.compared[f"{which}_org"] if self.compared else None
        if not org or self.judged is None:
            return None
        period = self.judged["period"]
        figures = self.assessment.series[self.latest.kpi.id, org]
        return next(f"{figure['shown']} ({org})" for figure in figures if figure["period"] == period)


def _lines(assessment: Assessment) -> Iterator[KpiLine]:
    return (KpiLine(assessment, latest) for latest in assessment.latest)


def _redefined(line: KpiLine) -> str:
    change = line.assessment.redefinitions.get(line.latest.series)
    return redefined(*change) if change else ""


def _forecast_rag(line: KpiLine) -> str:
    """Blank where a forecast cannot be compared with a target; *Forecast in words* says so."""
    rag = line.forecast.judged.rag if line.forecast else None
    return "" if rag is None else str(rag)


def _forecast(line: KpiLine) -> str:
    return forecast_words(line.latest.forecast, is_dated=True) if line.latest.forecast else ""


def _forecast_error(line: KpiLine) -> str:
    return forecast_error_words(line.latest.kpi, line.forecast_error) if line.forecast_error else ""


def _recovery(line: KpiLine) -> str:
    return recovery_words(line.latest.kpi, line.recovery) if line.recovery else ""


def _joined(line: KpiLine) -> str:
    join = line.assessment.joins.get(line.latest.series)
    return join.words if join else ""


_TEXT_AT_0_2: dict[str, Any] = {"since": "0.2.0", "like": "Executive owner"}

COLUMNS: tuple[Column[KpiLine], ...] = (
    *head_columns(lambda line: line.latest, kpi_width=36, between=(
        Column("section", "Section", lambda line: line.section, 26, "the section of the catalogue"),
    )),
    Column("organisation", "Organisation", lambda line: line.latest.org.name, 24, "the org's name"),
    Column("reported_by", "Reported by", lambda line: line.latest.reported, 13,
           "of a rolled-up figure, how many of its orgs have reported"),
    Column("frequency", "Frequency", lambda line: str(line.latest.kpi.frequency), 13, "how often it is reported"),
    Column("unit", "Unit", lambda line: line.latest.kpi.shown_unit, 8, "the unit of the figure"),
    Column("better", "Better", lambda line: BETTER_WORDS[line.latest.kpi.direction], 10,
           "which direction is better: higher, lower, in range, neither"),
    Column("as_at", "As at", lambda line: line.latest.period.short if line.latest.period else None, 10,
           "the period of the figure, in words"),
    Column("actual", "Actual", lambda line: line.number("actual"), 12, "the figure, unrounded", ColumnKind.NUMBER),
    Column("shown", "Shown", lambda line: line.shown, 12, "the figure as printed"),
    Column("numerator", "Numerator", lambda line: line.number("numerator"), 12, "its numerator", ColumnKind.NUMBER),
    Column("denominator", "Denominator", lambda line: line.number("denominator"), 12, "its denominator",
           ColumnKind.NUMBER),
    Column("figure_is", "Figure is", lambda line: standing(line.current), 14, "provisional, restated, or both"),
    Column("first_reported", "First reported", lambda line: line.first_reported, 12,
           "the figure as it was returned first", ColumnKind.NUMBER),
    Column("target", "Target", lambda line: target_words(line.latest.kpi, line.target), 14, "the target, in words"),
    Column("tolerance", "Tolerance", lambda line: tolerance_words(line.target), 18, "the tolerance, in words"),
    Column("target_since", "Target since", lambda line: line.target.from_ if line.target else None, 12,
           "the period from which the target holds", ColumnKind.PERIOD),
    Column("rag", "RAG", lambda line: str(line.latest.rag), 13, "Blue, Green, Amber, Red, or why there is no colour"),
    Column("data_quality", "Data quality", lambda line: line.assessment.confidence[line.latest.series].words, 40,
           "sign-off, timeliness, audit and systems, each Green, Amber, Red or not stated"),
    Column("change", "Change", lambda line: change(line.latest.kpi, line.judged) if line.judged else None, 9,
           "better or worse than the period before; of cumulative KPIs what the periods added, as month better"),
    Column("changed_by", "Changed by", lambda line: line.number("change"), 10,
           "the figure less that of the period before; of cumulative KPIs, of what they added", ColumnKind.NUMBER),
    Column("last_year", "Same period last year", lambda line: line.last_year, 10,
           "better or worse than a year before, of KPIs with a season"),
    Column("trend", "Trend", lambda line: line.process and line.process.trend, 14,
           "improving, deteriorating, steady, not enough figures, or not judged as figures overlap"),
    Column("points", "Points", lambda line: line.process and line.process.points_words, 15,
           "how many figures SPC stands on"),
    Column("variation", "Variation", lambda line: line.variation, 24,
           "the SPC verdict on variation, or how many figures there are"),
    Column("assurance", "Assurance", lambda line: line.assurance, 18, "the SPC verdict on the target"),
    Column("process_words", "Process in words", lambda line: line.process and line.process.words, 50,
           "both verdicts in a sentence"),
    Column("flag", "Flag", lambda line: line.latest.flag_on_screen if line.process else None, 30,
           "where RAG and the verdicts disagree"),
    Column("rank", "Rank", lambda line: line.compared and line.compared["rank_words"], 20, "its place among the orgs"),
    Column("best", "Best", lambda line: line.end("best"), 24, "the best figure of the period, and whose"),
    Column("worst", "Worst", lambda line: line.end("worst"), 24, "the worst figure of the period, and whose"),
    Column("gap", "Gap", lambda line: line.compared and float(line.compared["gap"]), 12,
           "how much worse the worst org is than the best; lowest to highest where neither way is better",
           ColumnKind.NUMBER),
    Column("benchmark", "Benchmark", lambda line: fifteen(line.latest.kpi.benchmark.value)
           if line.latest.kpi.benchmark else None, 11, "the figure to compare with", ColumnKind.NUMBER),
    Column("benchmark_source", "Benchmark source", lambda line: line.latest.kpi.benchmark.source
           if line.latest.kpi.benchmark else "", 30, "where the benchmark is from"),
    Column("escalation", "Escalation", lambda line: line.assessment.ladder.words(line.latest.series), 24,
           "the stage in force; one with ? is for decision"),
    Column("forecast", "Forecast for year end", lambda line: line.forecast and line.forecast.value, 12,
           "the owner's last forecast for a year end that is still to come", ColumnKind.NUMBER),
    Column("commentary", "Commentary", lambda line: line.commentary, 40, "the owner's commentary, or why no figure"),
    Column("responsible_owner", "Responsible owner", lambda line: line.latest.responsible_owner, 24,
           "who returns it"),
    Column("executive_owner", "Executive owner", lambda line: line.latest.executive_owner, 24,
           "who answers for it"),
    Column("directorate", "Directorate", lambda line: line.latest.directorate, 24,
           "the directorate of who returns it", **_TEXT_AT_0_2),
    Column("period_ends", "Period ends", lambda line: line.period_ends, 12,
           "the last day of the period of the figure", ColumnKind.DATE, since="0.2.0", like="As at"),
    *limit_columns(lambda line: line.judged, since="0.2.0"),
    *chart_columns(lambda line: line.judged if line.process else None, since="0.2.0"),
    Column("measures", "Measures", lambda line: measure_words(line.latest.kpi), 20,
           "what the figure covers, where it is not its period alone: to date, or over so many months",
           **_TEXT_AT_0_2),
    *in_period_columns(lambda line: line.judged, since="0.2.0"),
    Column("definition_changed", "Definition changed", _redefined, 40,
           "since when it is counted otherwise, and how, as its owner declared", **_TEXT_AT_0_2),
    Column("series_joined", "Series joined", _joined, 40,
           "of an org that has taken over: whose the figures before are, and whether trend and SPC go on",
           **_TEXT_AT_0_2),
    *target_columns(lambda line: line.target, since="0.2.0"),
    Column("forecast_rag", layout.FORECAST_RAG, _forecast_rag, 13,
           "the colour of that forecast, by the target of the year end", since="0.2.0", like="RAG", rules_of="RAG"),
    Column("forecast_words", "Forecast in words", _forecast, 40,
           "the last forecast, how far off target it is, when it was given, and whether its year is over",
           **_TEXT_AT_0_2),
    Column("forecast_error", "Forecast error", lambda line: line.forecast_error and line.forecast_error.off, 11,
           "by how much earlier forecasts for a year end were off, on average, against the figure that came",
           ColumnKind.NUMBER, since="0.2.0", like="Actual"),
    Column("forecast_error_words", "Forecast error in words", _forecast_error, 40,
           "of how many forecasts, whether too hopeful or too cautious, and by how many periods there were to go",
           **_TEXT_AT_0_2),
    Column("recovery_path", "Recovery path", _recovery, 44,
           "of the way back to target that was promised: ahead of it or behind, back on target when, how often changed",
           since="0.2.0", like="Commentary"),
    Column("executive_words", "What the executive says", lambda line: words_in_cell(line.assessment, line.latest), 40,
           "of a rolled-up figure, what its executive says of it, and who approved that; see Narrative",
           **_TEXT_AT_0_2),
)  # fmt: skip

SHEET = MasterSheet(
    layout.KPIS,
    "KPIs",
    "the latest figure of a KPI and org",
    COLUMNS,
    _lines,
    stay=RowOrder.IN_PLACE,
    wraps=False,
    printed_to="Assurance",
    shows="The latest figure of every KPI and organisation, with all that is known of it.",
)
