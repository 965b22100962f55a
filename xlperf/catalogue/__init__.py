"""The catalogue: every KPI, organisation, owner, calendar and rule of one framework, in one reviewed YAML file."""

from xlperf.catalogue.load import check_catalogue, load_catalogue
from xlperf.catalogue.model import (
    CalendarEntry,
    Catalogue,
    Direction,
    Escalation,
    ExecutiveOwner,
    Kind,
    Kpi,
    Org,
    ResponsibleOwner,
    Section,
    Stage,
    Target,
    json_schema,
)

__all__ = [
    "CalendarEntry",
    "Catalogue",
    "Direction",
    "Escalation",
    "ExecutiveOwner",
    "Kind",
    "Kpi",
    "Org",
    "ResponsibleOwner",
    "Section",
    "Stage",
    "Target",
    "check_catalogue",
    "json_schema",
    "load_catalogue",
]
