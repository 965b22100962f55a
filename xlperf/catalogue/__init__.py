"""The catalogue: every KPI, organisation, owner, calendar and rule of one framework, in one reviewed YAML file."""

from xlperf.catalogue.fields import Amount
from xlperf.catalogue.ladder import AnyStage, Escalation, SectionStage, Stage
from xlperf.catalogue.load import check_catalogue, load_catalogue
from xlperf.catalogue.model import (
    AcrossOrgs,
    CalendarEntry,
    Catalogue,
    Direction,
    ExecutiveOwner,
    Kind,
    Kpi,
    Org,
    OverTime,
    ResponsibleOwner,
    RollUp,
    Section,
    Target,
    json_schema,
)
from xlperf.catalogue.policies import Policy, ReturnPolicies

__all__ = [
    "AcrossOrgs",
    "Amount",
    "AnyStage",
    "CalendarEntry",
    "Catalogue",
    "Direction",
    "Escalation",
    "ExecutiveOwner",
    "Kind",
    "Kpi",
    "Org",
    "OverTime",
    "Policy",
    "ResponsibleOwner",
    "ReturnPolicies",
    "RollUp",
    "Section",
    "SectionStage",
    "Stage",
    "Target",
    "check_catalogue",
    "json_schema",
    "load_catalogue",
]
