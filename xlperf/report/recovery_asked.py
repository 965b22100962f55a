"""The rows of a return's sheet Recovery: of whom a recovery path is asked, and what they are shown of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.recovery_standing import asked_for
from xlperf.period import Period
from xlperf.report.recovery_words import figure_words, recovery_words
from xlperf.returns import fields
from xlperf.returns import promise_fields as columns
from xlperf.returns.filled_in import FilledValue
from xlperf.returns.kpi_words import target_words
from xlperf.rules.recovery_path import NO_PATH

AskedRow = Mapping[str, FilledValue]


def recovery_asked(assessment: Assessment) -> Mapping[str, Sequence[AskedRow]]:
    """The rows by the id of who returns the KPI; nobody returns a figure that is rolled up, so nobody is asked."""
    rows: dict[str, list[AskedRow]] = {}
    for latest, periods in asked_for(assessment):
        if not latest.members:
            owner = assessment.catalogue.owner_of(latest.kpi, latest.org).id
            rows.setdefault(owner, []).extend(_rows(assessment, latest, periods))
    return rows


def _rows(assessment: Assessment, latest: Latest, periods: Sequence[Period]) -> Iterator[AskedRow]:
    kpi, path, now = (
        latest.kpi,
        assessment.state.recovery_paths.get(latest.series, NO_PATH),
        assessment.recovery.get(latest.series),
    )
    run = latest.off_target.last if latest.off_target else latest.row
    last = f"{run['shown']} in {kpi.period(run['period']).short}" if run else ""
    for number, period in enumerate(periods):
        promised, first = path.promised.get(period), path.first_promised.get(period)
        yield {
            fields.REF.header: kpi.id,
            columns.KPI.header: kpi.name,
            fields.ORG.header: latest.org.code,
            fields.PERIOD.header: str(period),
            columns.PERIOD_WORDS.header: period.short,
            columns.TARGET.header: target_words(kpi, kpi.target_for(period)) or "",
            columns.LAST.header: last if not number else "",
            columns.FIRST.header: "" if first is None else figure_words(kpi, first),
            columns.NOW.header: "" if promised is None else figure_words(kpi, promised),
            columns.STANDS.header: recovery_words(kpi, now) if now and not number else "",
        }
