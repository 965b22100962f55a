"""The names of what is no KPI, beside those of KPIs. Light: it loads no judgement."""

from __future__ import annotations

from xlperf.catalogue import Catalogue, Section
from xlperf.rules.keys import SeriesKey


def section_name(section: Section) -> str:
    """A section's name in a column of KPI names."""
    return f"Section: {section.name}"


def subject_name(catalogue: Catalogue, about: SeriesKey) -> str:
    """The name of the KPI or section that an action is about; "" for any other subject, which its Ref names."""
    kpi = catalogue.kpi_by_id.get(about[0])
    if kpi is not None:
        return kpi.name
    return next((section_name(each) for each in catalogue.sections if each.id == about[0]), "")
